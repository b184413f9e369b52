/* Features of every candidate bead of a pair of documents, from the words of both sides and the links between them.
 *
 * features.py holds the same in NumPy and says what each feature measures; the tests hold both against plain loops.
 * Words are linked sparsely: of the log likelihood of a segment's words only those are computed that have a link into
 * the run of segments on the other side, all others add the same constant.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST 4      /* segments of a side in a bead */
#define SMOOTHING 0.5  /* of the mixture with the document's own word distribution */
#define USUAL_COVER 0.4f
#define VARIANCE 9.0f

/* Features that are filled here, in the order of features.FEATURES. */
enum { SPREAD, RATIO, TOTAL, MEAN, COVERAGE, MATCHED, MISSED, MARGIN, WEAKEST, GAIN, KINDS, MARKERS, STARTS, CROSSING,
       ENCODER, BALANCE, POOR, NAMES, FEATURES };

/* One language's side. Occurrences of segment s are unit[start[s]..start[s + 1]), its words before its compounds. */
typedef struct {
    Py_ssize_t segments, units;
    const int64_t *start, *words, *unit;  /* words[s]: how many of the occurrences are words */
    const int64_t *link, *to;             /* links of unit u: to[link[u]..link[u + 1]), units of the other side */
    const float *given, *cover, *weight;  /* of each link */
    const float *share, *name, *length;
    const uint8_t *figure;
} Side;

/* What runs of one side say of the segments of the other: tables [length - 1][run][segment]. */
typedef struct {
    float *likelihood, *covered, *named;
    float *matched;                 /* [length - 1][target length - 1][run][run]: figures that agree, each once; or none */
    float *worth, *names, *count;   /* of each target segment: information, names, words and one */
    float *once;                    /* [length - 1][run]: figures of a run of source segments, each once */
    float *information;             /* of each target unit */
} Told;

static void *room(Py_ssize_t count, size_t size) { return calloc(count > 0 ? (size_t)count : 1, size); }

/* The natural logarithm of a positive normal number, to a few units in the last place, in a form that compilers turn
 * into vector code; the polynomial is the one of Cephes' logf (Moshier, 1992). */
static inline float quick_log(float x)
{
    int32_t bits, half;
    float m;
    memcpy(&bits, &x, 4);
    float e = (float)((bits >> 23) - 126);
    half = (bits & 0x007fffff) | 0x3f000000;
    memcpy(&m, &half, 4);  /* x = m * 2^e, m in [1/2, 1) */
    float low = m < 0.707106781f ? 1.0f : 0.0f;
    e -= low;
    m += low * m - 1.0f;
    float z = m * m;
    float y = 7.0376836292e-2f;
    y = y * m - 1.1514610310e-1f;
    y = y * m + 1.1676998740e-1f;
    y = y * m - 1.2420140846e-1f;
    y = y * m + 1.4249322787e-1f;
    y = y * m - 1.6668057665e-1f;
    y = y * m + 2.0000714765e-1f;
    y = y * m - 2.4999993993e-1f;
    y = y * m + 3.3333331174e-1f;
    y = y * m * z - 2.12194440e-4f * e - 0.5f * z;
    return m + y + 0.693359375f * e;
}

static float information(float share)
{
    float value = -logf(share) - 2.0f;
    return value > 0.2f ? value : 0.2f;
}

/* Where each word of a side stands: postings[begin[u]..begin[u + 1]) are the segments of unit u, once an occurrence. */
static int post(const Side *side, int64_t **begin, int32_t **postings)
{
    int64_t total = 0;
    *begin = room(side->units + 2, sizeof(int64_t));
    for (Py_ssize_t s = 0; s < side->segments; s++) total += side->words[s];
    *postings = room((Py_ssize_t)total, sizeof(int32_t));
    if (!*begin || !*postings) return 0;
    for (Py_ssize_t s = 0; s < side->segments; s++)
        for (int64_t k = side->start[s]; k < side->start[s] + side->words[s]; k++) (*begin)[side->unit[k] + 2]++;
    for (Py_ssize_t u = 0; u < side->units; u++) (*begin)[u + 2] += (*begin)[u + 1];
    for (Py_ssize_t s = 0; s < side->segments; s++)
        for (int64_t k = side->start[s]; k < side->start[s] + side->words[s]; k++)
            (*postings)[(*begin)[side->unit[k] + 1]++] = (int32_t)s;
    return 1;
}

/* Add a figure that agrees to every run of target segments that holds it, once a run. `matched` is [length - 1] tables
 * of `cells`, here at the row of the source run. */
static void match(const int32_t *postings, int64_t from, int64_t to, float agree, float *matched, Py_ssize_t cells,
                  Py_ssize_t m)
{
    int32_t last = -1;
    for (int64_t p = from; p < to; p++) {
        int32_t j = postings[p];
        if (j == last) continue;
        for (Py_ssize_t b = 0; b < LONGEST; b++) {
            Py_ssize_t first = j - b > last + 1 ? j - b : last + 1;  /* runs from further back hold the last one, too */
            for (Py_ssize_t r = first; r <= j && r + b < m; r++) matched[b * cells + r] += agree;
        }
        last = j;
    }
}

/* Fill the tables of what runs of `source` say of segments of `target`. */
static int tell(const Side *source, const Side *target, Told *told)
{
    Py_ssize_t n = source->segments, m = target->segments, cells = n * m;
    int64_t *begin = NULL;
    int32_t *postings = NULL;
    double *given = room(target->units, sizeof(double)), *cover = room(target->units, sizeof(double));
    double *figures = room(target->units, sizeof(double));
    int64_t *touched = room(target->units, sizeof(int64_t));
    int32_t *stamp = room(source->units, sizeof(int32_t)), *mark = room(target->units, sizeof(int32_t));
    int32_t *figured = room(source->units, sizeof(int32_t));
    float *more = room(target->units, sizeof(float));
    int ok = post(target, &begin, &postings) && given && cover && figures && touched && stamp && mark && figured && more;
    int32_t run = 0;

    for (Py_ssize_t v = 0; ok && v < target->units; v++) told->information[v] = information(target->share[v]);
    for (Py_ssize_t s = 0; ok && s < m; s++) {
        double worth = 1.0, names = 0.0;
        for (int64_t k = target->start[s]; k < target->start[s] + target->words[s]; k++) {
            worth += told->information[target->unit[k]];
            names += target->name[target->unit[k]];
        }
        told->worth[s] = (float)worth;
        told->names[s] = (float)names;
        told->count[s] = (float)target->words[s] + 1.0f;
    }
    for (Py_ssize_t i = 0; ok && i < n; i++) {
        double words = 0.0, once = 0.0;
        int64_t known = 0;
        run++;
        for (Py_ssize_t a = 0; a < LONGEST && i + a < n; a++) {
            Py_ssize_t s = i + a;
            float *likelihood = told->likelihood + a * cells + i * m, *covered = told->covered + a * cells + i * m;
            float *named = told->named + a * cells + i * m;
            words += (double)source->words[s] + 1.0;
            for (int64_t k = source->start[s]; k < source->start[s + 1]; k++) {
                int64_t u = source->unit[k];
                int again = stamp[u] == run;  /* a unit covers once in a run, however often it stands there */
                /* other readings of a figure stand beside it as compounds do: they are no figures of their own */
                int figure = source->figure[u] && figured[u] != run && k < source->start[s] + source->words[s];
                stamp[u] = run;
                if (figure) { figured[u] = run; once += 1.0; }
                for (int64_t l = source->link[u]; l < source->link[u + 1]; l++) {
                    int64_t v = source->to[l];
                    if (mark[v] != run) {
                        mark[v] = run;
                        given[v] = cover[v] = figures[v] = 0.0;
                        touched[known++] = v;
                    }
                    given[v] += source->given[l];
                    if (!again) cover[v] += source->cover[l];
                    if (figure && target->figure[v]) figures[v] += source->weight[l];
                }
            }
            told->once[a * n + i] = (float)once;
            for (Py_ssize_t j = 0; j < m; j++)
                likelihood[j] = (float)(log(1.0 - SMOOTHING) * (double)target->words[j]);
            float scale = (float)(SMOOTHING / (1.0 - SMOOTHING) / words);
            for (int64_t t = 0; t < known; t++) more[t] = 1.0f + scale * (float)given[touched[t]] / target->share[touched[t]];
            for (int64_t t = 0; t < known; t++) more[t] = quick_log(more[t]);
            for (int64_t t = 0; t < known; t++) {
                int64_t v = touched[t];
                double found = cover[v] < 1.0 ? cover[v] : 1.0, agree = figures[v] < 1.0 ? figures[v] : 1.0;
                float informed = (float)found * told->information[v], names = (float)found * target->name[v];
                for (int64_t p = begin[v]; p < begin[v + 1]; p++) {
                    int32_t j = postings[p];
                    likelihood[j] += more[t];
                    covered[j] += informed;
                    named[j] += names;
                }
                if (agree > 0.0 && told->matched)
                    match(postings, begin[v], begin[v + 1], (float)agree, told->matched + (a * LONGEST * n + i) * m, cells, m);
            }
        }
    }
    free(begin); free(postings); free(given); free(cover); free(figures); free(touched); free(stamp); free(mark);
    free(figured); free(more);
    return ok;
}

/* The best of the others in a line, `reach` places away or nearer; 0 where there are none. */
static void rivals(const float *line, Py_ssize_t size, Py_ssize_t reach, float *out)
{
    if (size < 2) { if (size) out[0] = 0.0f; return; }
    if (size <= reach + 1) {
        Py_ssize_t at = 0;
        float second = -INFINITY;
        for (Py_ssize_t k = 1; k < size; k++) if (line[k] > line[at]) at = k;
        for (Py_ssize_t k = 0; k < size; k++) if (k != at && line[k] > second) second = line[k];
        for (Py_ssize_t k = 0; k < size; k++) out[k] = k == at ? second : line[at];
        return;
    }
    for (Py_ssize_t k = 0; k < size; k++) {
        Py_ssize_t from = k > reach ? k - reach : 0, to = k + reach < size - 1 ? k + reach : size - 1;
        float best = -INFINITY;
        for (Py_ssize_t q = from; q < k; q++) best = line[q] > best ? line[q] : best;
        for (Py_ssize_t q = k + 1; q <= to; q++) best = line[q] > best ? line[q] : best;
        out[k] = best;
    }
}

/* Lay tables [length - 1][row][column] out as [length - 1][column][row]. */
static int turn(float *tables, Py_ssize_t rows, Py_ssize_t columns)
{
    Py_ssize_t cells = rows * columns;
    float *copy = room(cells, sizeof(float));
    if (!copy) return 0;
    for (Py_ssize_t length = 0; length < LONGEST; length++, tables += cells) {
        memcpy(copy, tables, (size_t)cells * sizeof(float));
        for (Py_ssize_t r = 0; r < rows; r++) for (Py_ssize_t c = 0; c < columns; c++) tables[c * rows + r] = copy[r * columns + c];
    }
    free(copy);
    return 1;
}

/* How well single segments fit, and how much better than the best others near them in row and column. */
static int fit_and_margin(const Told *en, const Told *ja, Py_ssize_t n, Py_ssize_t m, Py_ssize_t reach, float *fit,
                          float *margin)
{
    Py_ssize_t longer = n > m ? n : m;
    float *line = room(longer, sizeof(float)), *out = room(longer, sizeof(float));
    if (!line || !out) { free(line); free(out); return 0; }
    for (Py_ssize_t i = 0; i < n; i++) {
        for (Py_ssize_t j = 0; j < m; j++)
            fit[i * m + j] = (en->likelihood[i * m + j] + ja->likelihood[i * m + j]) / sqrtf(en->count[j] * ja->count[i]);
        rivals(fit + i * m, m, reach, out);
        for (Py_ssize_t j = 0; j < m; j++) margin[i * m + j] = fit[i * m + j] - 0.5f * out[j];
    }
    for (Py_ssize_t j = 0; j < m; j++) {
        for (Py_ssize_t i = 0; i < n; i++) line[i] = fit[i * m + j];
        rivals(line, n, reach, out);
        for (Py_ssize_t i = 0; i < n; i++) margin[i * m + j] -= 0.5f * out[i];
    }
    free(line); free(out);
    return 1;
}

static float run_of(const float *line, Py_ssize_t size)
{
    float sum = 0.0f;
    for (Py_ssize_t k = 0; k < size; k++) sum += line[k];
    return sum;
}

static inline float least(float x, float y) { return x < y ? x : y; }
static inline float most(float x, float y) { return x > y ? x : y; }

/* Sums of `size` neighbours in a line: out[j] = line[j] + ... */
static void sum_along(float *restrict out, const float *restrict line, Py_ssize_t size, Py_ssize_t count)
{
    for (Py_ssize_t j = 0; j < count; j++) out[j] = line[j];
    for (Py_ssize_t k = 1; k < size; k++) for (Py_ssize_t j = 0; j < count; j++) out[j] += line[j + k];
}

/* Sums of `size` rows of a table that is `width` wide. */
static void sum_down(float *restrict out, const float *restrict rows, Py_ssize_t size, Py_ssize_t width, Py_ssize_t count)
{
    for (Py_ssize_t j = 0; j < count; j++) out[j] = rows[j];
    for (Py_ssize_t k = 1; k < size; k++) for (Py_ssize_t j = 0; j < count; j++) out[j] += rows[k * width + j];
}

/* Shares of information covered, [Japanese length - 1][English length - 1] tables [i][j]: of English segments j.. by
 * Japanese ones i.., and the other way round. Only the shapes of beads and those with one segment less are filled. */
typedef struct {
    float *en[LONGEST][LONGEST], *ja[LONGEST][LONGEST];
} Covers;

static void close_covers(Covers *covers)
{
    for (int a = 0; a < LONGEST; a++)
        for (int b = 0; b < LONGEST; b++) { free(covers->en[a][b]); free(covers->ja[a][b]); }
}

static int open_covers(Covers *covers, const Told *en, const Told *ja, Py_ssize_t n, Py_ssize_t m)
{
    float *worth = room(m, sizeof(float));
    int ok = worth != NULL;
    for (Py_ssize_t b = 1; ok && b <= LONGEST && b <= m; b++) {
        Py_ssize_t count = m - b + 1;
        sum_along(worth, en->worth, b, count);
        for (Py_ssize_t a = 1; ok && a <= LONGEST && a <= n; a++) {
            if (a > 1 && b > 1 && a + b > 4) continue;
            float *of_en = covers->en[a - 1][b - 1] = room(n * m, sizeof(float));
            float *of_ja = covers->ja[a - 1][b - 1] = room(n * m, sizeof(float));
            ok = of_en && of_ja;
            for (Py_ssize_t i = 0; ok && i + a <= n; i++) {
                float ja_worth = 1.0f / run_of(ja->worth + i, a), *restrict en_row = of_en + i * m, *restrict ja_row = of_ja + i * m;
                sum_along(en_row, en->covered + ((a - 1) * n + i) * m, b, count);
                sum_down(ja_row, ja->covered + ((b - 1) * n + i) * m, a, m, count);
                for (Py_ssize_t j = 0; j < count; j++) { en_row[j] /= worth[j]; ja_row[j] *= ja_worth; }
            }
        }
    }
    free(worth);
    return ok;
}

/* What the shapes share, and room for what is summed over a row of beads. */
enum { EN_LIKE, JA_LIKE, EN_NAMED, JA_NAMED, EN_WORDS, EN_NAMES, EN_LENGTH, EN_LOG, EN_ONCE, LINES };

typedef struct {
    const Side *ja_side, *en_side;
    const Told *en, *ja;  /* tables of both are [length - 1][i][j] */
    const float *fit, *margin;
    const Covers *covers;
    float ratio;
    float *line[LINES];  /* m entries each */
} Beads;

/* Judge a row of merged beads by their parts: none may be a stranger, each must add something. */
static void judge_parts(const Beads *all, float *table, Py_ssize_t stride, Py_ssize_t a, Py_ssize_t b, Py_ssize_t i, Py_ssize_t count)
{
    Py_ssize_t m = all->en_side->segments;
    float *restrict apart = table + MARGIN * stride, *restrict weakest = table + WEAKEST * stride, *restrict gain = table + GAIN * stride;
    float share = 1.0f / (float)(a * b);
    for (Py_ssize_t p = 0; p < a; p++)
        for (Py_ssize_t q = 0; q < b; q++) {
            const float *margin = all->margin + (i + p) * m + q, *fit = all->fit + (i + p) * m + q;
            int first = !p && !q;
            for (Py_ssize_t j = 0; j < count; j++) {
                apart[j] = first ? margin[j] : apart[j] + margin[j];
                weakest[j] = first ? fit[j] : least(weakest[j], fit[j]);
            }
        }
    const float *fit = all->fit + i * m, *below = fit + m;
    if (a > 1 && b > 1)  /* two pairs either way round */
        for (Py_ssize_t j = 0; j < count; j++) weakest[j] = most(least(fit[j], below[j + 1]), least(fit[j + 1], below[j]));
    for (Py_ssize_t j = 0; j < count; j++) { apart[j] *= share; gain[j] = INFINITY; }
    if (a > 1) {
        const float *less = all->covers->en[a - 2][b - 1] + i * m, *whole = all->covers->en[a - 1][b - 1] + i * m;
        for (Py_ssize_t j = 0; j < count; j++) gain[j] = whole[j] - most(less[j], less[m + j]);
    }
    if (b > 1) {
        const float *less = all->covers->ja[a - 1][b - 2] + i * m, *whole = all->covers->ja[a - 1][b - 1] + i * m;
        for (Py_ssize_t j = 0; j < count; j++) gain[j] = least(gain[j], whole[j] - most(less[j], less[j + 1]));
    }
    for (Py_ssize_t j = 0; j < count; j++) gain[j] *= 5.0f;
}

static void add_lengths(const Beads *all, float *table, Py_ssize_t stride, float ja, Py_ssize_t count)
{
    float *restrict spread = table + SPREAD * stride, *restrict ratio = table + RATIO * stride, ja_log = quick_log(ja + 8.0f);
    const float *en = all->line[EN_LENGTH], *en_log = all->line[EN_LOG];
    for (Py_ssize_t j = 0; j < count; j++) {
        float apart = en[j] - ja;
        spread[j] = -least(apart * apart / ((en[j] + ja) * VARIANCE), 12.0f) / 4.0f;
        ratio[j] = -least(fabsf(en_log[j] - ja_log), 2.5f);
    }
}

static void add_words(const Beads *all, float *table, Py_ssize_t stride, Py_ssize_t a, Py_ssize_t b, Py_ssize_t i, Py_ssize_t count)
{
    Py_ssize_t n = all->ja_side->segments, m = all->en_side->segments;
    float *restrict total = table + TOTAL * stride, *restrict mean = table + MEAN * stride, *restrict names = table + NAMES * stride;
    const float *en_like = all->line[EN_LIKE], *ja_like = all->line[JA_LIKE], *en_words = all->line[EN_WORDS];
    const float *en_named = all->line[EN_NAMED], *ja_named = all->line[JA_NAMED], *en_names = all->line[EN_NAMES];
    float ja_words = 1.0f / run_of(all->ja->count + i, a), ja_names = run_of(all->ja->names + i, a);
    sum_along(all->line[EN_LIKE], all->en->likelihood + ((a - 1) * n + i) * m, b, count);
    sum_down(all->line[JA_LIKE], all->ja->likelihood + ((b - 1) * n + i) * m, a, m, count);
    sum_along(all->line[EN_NAMED], all->en->named + ((a - 1) * n + i) * m, b, count);
    sum_down(all->line[JA_NAMED], all->ja->named + ((b - 1) * n + i) * m, a, m, count);
    for (Py_ssize_t j = 0; j < count; j++) {
        total[j] = (en_like[j] + ja_like[j]) / 20.0f;
        mean[j] = en_like[j] / en_words[j] + ja_like[j] * ja_words;
        names[j] = -least(en_names[j] - en_named[j] + ja_names - ja_named[j], 6.0f) / 3.0f;
    }
}

static void add_covers(const Beads *all, float *table, Py_ssize_t stride, Py_ssize_t a, Py_ssize_t b, Py_ssize_t i, Py_ssize_t count)
{
    Py_ssize_t m = all->en_side->segments;
    float *restrict coverage = table + COVERAGE * stride, *restrict balance = table + BALANCE * stride, *restrict poor = table + POOR * stride;
    const float *en = all->covers->en[a - 1][b - 1] + i * m, *ja = all->covers->ja[a - 1][b - 1] + i * m;
    for (Py_ssize_t j = 0; j < count; j++) {
        coverage[j] = 2.0f * (en[j] + ja[j]);
        balance[j] = 2.0f * least(en[j], ja[j]);
        poor[j] = 4.0f * least(0.0f, (en[j] + ja[j]) / 2.0f - USUAL_COVER);
    }
}

static void add_figures(const Beads *all, float *table, Py_ssize_t stride, Py_ssize_t a, Py_ssize_t b, Py_ssize_t i, Py_ssize_t count)
{
    Py_ssize_t n = all->ja_side->segments, m = all->en_side->segments;
    float *restrict matched = table + MATCHED * stride, *restrict missed = table + MISSED * stride, once = all->en->once[(a - 1) * n + i];
    const float *agree = all->en->matched + (((a - 1) * LONGEST + b - 1) * n + i) * m, *en_once = all->line[EN_ONCE];
    for (Py_ssize_t j = 0; j < count; j++) {
        matched[j] = least(agree[j], 3.0f);
        missed[j] = -least(once + en_once[j] - 2.0f * agree[j], 4.0f) / 2.0f;
    }
}

/* Fill the features [feature][i][j] of the beads of `a` Japanese and `b` English segments. */
static void fill_shape(const Beads *all, float *table, Py_ssize_t a, Py_ssize_t b)
{
    Py_ssize_t n = all->ja_side->segments, m = all->en_side->segments, count = m - b + 1, stride = (n - a + 1) * count;
    float *logs = all->line[EN_LOG], *once = all->line[EN_ONCE];
    sum_along(all->line[EN_WORDS], all->en->count, b, count);
    sum_along(all->line[EN_NAMES], all->en->names, b, count);
    sum_along(all->line[EN_LENGTH], all->en_side->length, b, count);
    for (Py_ssize_t j = 0; j < count; j++) logs[j] = quick_log(all->line[EN_LENGTH][j] + 8.0f);
    for (Py_ssize_t j = 0; j < count; j++) once[j] = all->ja->once[(b - 1) * m + j];
    for (Py_ssize_t i = 0; i + a <= n; i++, table += count) {
        add_lengths(all, table, stride, run_of(all->ja_side->length + i, a) * all->ratio, count);
        add_words(all, table, stride, a, b, i, count);
        add_covers(all, table, stride, a, b, i, count);
        add_figures(all, table, stride, a, b, i, count);
        if (a == 1 && b == 1) memcpy(table + MARGIN * stride, all->margin + i * m, (size_t)count * sizeof(float));
        else judge_parts(all, table, stride, a, b, i, count);
    }
}

static int open_told(Told *told, Py_ssize_t n, Py_ssize_t m, Py_ssize_t units, int matched)
{
    told->likelihood = room(LONGEST * n * m, sizeof(float));
    told->covered = room(LONGEST * n * m, sizeof(float));
    told->named = room(LONGEST * n * m, sizeof(float));
    if (matched) told->matched = room(LONGEST * LONGEST * n * m, sizeof(float));
    told->worth = room(m, sizeof(float));
    told->names = room(m, sizeof(float));
    told->count = room(m, sizeof(float));
    told->once = room(LONGEST * n, sizeof(float));
    told->information = room(units, sizeof(float));
    return told->likelihood && told->covered && told->named && (told->matched || !matched) && told->worth && told->names && told->count
        && told->once && told->information;
}

static void close_told(Told *told)
{
    free(told->likelihood); free(told->covered); free(told->named); free(told->matched);
    free(told->worth); free(told->names); free(told->count); free(told->once);
    free(told->information);
}

/* The arrays of a side as Python hands them over, held until all is filled. */
enum { START, WORDS, UNIT, LINK, TO, GIVEN, COVER, WEIGHT, SHARE, NAME, FIGURE, LENGTH, ARRAYS };

typedef struct {
    Py_buffer view[ARRAYS];
    int held;
} Views;

static void release(Views *views)
{
    for (int k = 0; k < views->held; k++) PyBuffer_Release(&views->view[k]);
    views->held = 0;
}

static int whole(const int64_t *starts, Py_ssize_t count, Py_ssize_t end)
{
    if (starts[0] != 0 || starts[count] != end) return 0;
    for (Py_ssize_t k = 0; k < count; k++) if (starts[k] > starts[k + 1]) return 0;
    return 1;
}

static int below(const int64_t *values, Py_ssize_t count, Py_ssize_t limit)
{
    for (Py_ssize_t k = 0; k < count; k++) if (values[k] < 0 || values[k] >= limit) return 0;
    return 1;
}

/* Hold a side's arrays; every size and index is checked, since they come from outside. */
static int open_side(PyObject *arrays, Views *views, Side *side)
{
    static const Py_ssize_t item[ARRAYS] = { 8, 8, 8, 8, 8, 4, 4, 4, 4, 4, 1, 4 };
    if (!PyTuple_Check(arrays) || PyTuple_GET_SIZE(arrays) != ARRAYS) goto misfit;
    for (int k = 0; k < ARRAYS; k++) {
        if (PyObject_GetBuffer(PyTuple_GET_ITEM(arrays, k), &views->view[k], PyBUF_C_CONTIGUOUS) < 0) return 0;
        views->held = k + 1;
        if (views->view[k].itemsize != item[k]) goto misfit;
    }
#define COUNT(k) (views->view[k].len / item[k])
    side->segments = COUNT(LENGTH);
    side->units = COUNT(SHARE);
    side->start = views->view[START].buf; side->words = views->view[WORDS].buf; side->unit = views->view[UNIT].buf;
    side->link = views->view[LINK].buf; side->to = views->view[TO].buf;
    side->given = views->view[GIVEN].buf; side->cover = views->view[COVER].buf; side->weight = views->view[WEIGHT].buf;
    side->share = views->view[SHARE].buf; side->name = views->view[NAME].buf; side->length = views->view[LENGTH].buf;
    side->figure = views->view[FIGURE].buf;
    if (COUNT(START) != side->segments + 1 || COUNT(WORDS) != side->segments || COUNT(LINK) != side->units + 1
        || COUNT(GIVEN) != COUNT(TO) || COUNT(COVER) != COUNT(TO) || COUNT(WEIGHT) != COUNT(TO)
        || COUNT(NAME) != side->units || COUNT(FIGURE) != side->units
        || !whole(side->start, side->segments, COUNT(UNIT)) || !whole(side->link, side->units, COUNT(TO))
        || !below(side->unit, COUNT(UNIT), side->units)) goto misfit;
    for (Py_ssize_t s = 0; s < side->segments; s++)
        if (side->words[s] < 0 || side->words[s] > side->start[s + 1] - side->start[s]) goto misfit;
#undef COUNT
    return 1;
misfit:
    PyErr_SetString(PyExc_ValueError, "the arrays of a side do not fit each other");
    return 0;
}

/* Compute everything; `tables` holds the tables of all shapes one after the other. */
static int fill(const Side *ja_side, const Side *en_side, const int64_t *shapes, Py_ssize_t count, float ratio,
                Py_ssize_t reach, float *tables, float *fit)
{
    Py_ssize_t n = ja_side->segments, m = en_side->segments;
    Told en = { 0 }, ja = { 0 };
    Covers covers = { 0 };
    float *margin = room(n * m, sizeof(float)), *lines = room(LINES * m, sizeof(float));
    Beads all = { ja_side, en_side, &en, &ja, fit, margin, &covers, ratio, { 0 } };
    int ok = open_told(&en, n, m, en_side->units, 1) && open_told(&ja, m, n, ja_side->units, 0) && margin && lines
          && tell(ja_side, en_side, &en) && tell(en_side, ja_side, &ja)
          && turn(ja.likelihood, m, n) && turn(ja.covered, m, n) && turn(ja.named, m, n)
          && fit_and_margin(&en, &ja, n, m, reach, fit, margin) && open_covers(&covers, &en, &ja, n, m);
    for (int k = 0; ok && k < LINES; k++) all.line[k] = lines + k * m;
    for (Py_ssize_t k = 0; ok && k < count; k++) {
        Py_ssize_t a = shapes[2 * k], b = shapes[2 * k + 1];
        fill_shape(&all, tables, a, b);
        tables += FEATURES * (n - a + 1) * (m - b + 1);
    }
    close_told(&en); close_told(&ja); close_covers(&covers); free(margin); free(lines);
    return ok;
}

static int fits(const Side *ja, const Side *en, Py_buffer *shapes, Py_buffer *tables, Py_buffer *fit)
{
    const int64_t *shape = shapes->buf;
    Py_ssize_t n = ja->segments, m = en->segments, size = 0;
    for (Py_ssize_t k = 0; k < shapes->len / 16; k++) {
        int64_t a = shape[2 * k], b = shape[2 * k + 1];
        if (a < 1 || b < 1 || a > LONGEST || b > LONGEST || a > n || b > m) return 0;
        if (a > 1 && b > 1 && a + b > 4) return 0;
        size += FEATURES * (n - (Py_ssize_t)a + 1) * (m - (Py_ssize_t)b + 1);
    }
    return tables->len == size * (Py_ssize_t)sizeof(float) && fit->len == n * m * (Py_ssize_t)sizeof(float);
}

static PyObject *py_fill(PyObject *self, PyObject *args)
{
    PyObject *ja_arrays, *en_arrays, *result = NULL;
    Views ja_views = { .held = 0 }, en_views = { .held = 0 };
    Py_buffer shapes, tables, fit;
    Side ja, en;
    float ratio;
    Py_ssize_t reach;
    if (!PyArg_ParseTuple(args, "OOy*fnw*w*", &ja_arrays, &en_arrays, &shapes, &ratio, &reach, &tables, &fit)) return NULL;
    if (open_side(ja_arrays, &ja_views, &ja) && open_side(en_arrays, &en_views, &en)) {
        if (!fits(&ja, &en, &shapes, &tables, &fit) || reach < 1
            || !below(ja.to, ja.link[ja.units], en.units) || !below(en.to, en.link[en.units], ja.units)) {
            PyErr_SetString(PyExc_ValueError, "the tables do not fit the sides");
        } else {
            int ok;
            Py_BEGIN_ALLOW_THREADS
            ok = fill(&ja, &en, shapes.buf, shapes.len / 16, ratio, reach, tables.buf, fit.buf);
            Py_END_ALLOW_THREADS
            result = ok ? Py_NewRef(Py_None) : PyErr_NoMemory();
        }
    }
    release(&ja_views); release(&en_views);
    PyBuffer_Release(&shapes); PyBuffer_Release(&tables); PyBuffer_Release(&fit);
    return result;
}

static PyMethodDef methods[] = {
    {"fill", py_fill, METH_VARARGS, "fill(ja, en, shapes, ratio, reach, tables, fit): features of all candidate beads"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_features", "Features of candidate beads, compiled.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__features(void) { return PyModule_Create(&module); }
