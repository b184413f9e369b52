/* Features of a row of beads: those of one shape that begin with the same Japanese segment. */
#ifndef TMALIGN_FEATURES_ROWS_H
#define TMALIGN_FEATURES_ROWS_H
#include "_features_told.h"

#define USUAL_COVER 0.4f
#define VARIANCE 9.0f

/* Features in the order of features.FEATURES. `ENCODER` is not filled here. */
enum { SPREAD, RATIO, TOTAL, MEAN, COVERAGE, MATCHED, MISSED, MARGIN, WEAKEST, GAIN, KINDS, MARKERS, STARTS, CROSSING,
       ENCODER, BALANCE, POOR, NAMES, FEATURES };

/* How the blocks of both sides compare, [i][j] by the first segments of a bead; none where they have no structure.
 * `ja_begins` and `en_begins` tell (1 or 0) of each segment, and the end, whether a block begins there. */
typedef struct { const float *kinds, *markers, *starts, *ja_begins, *en_begins; } Structure;

/* Shares of information covered, [Japanese length - 1][English length - 1] tables [i][j]: of English segments j.. by
 * Japanese ones i.., and the other way round. Only the shapes of beads are filled. */
typedef struct { float *en[LONGEST][LONGEST], *ja[LONGEST][LONGEST]; } Covers;

/* Room for what is summed over a row of beads. */
enum { EN_SUM, JA_SUM, EN_SHARE, EN_NAMES, EN_LENGTH, EN_LOG, EN_ONCE, LINES };

/* What the shapes share. */
typedef struct {
    const Side *ja_side, *en_side;
    const Structure *structure;
    Told en, ja;
    float *fit, *margin;  /* [i][j] of single segments: how well they fit, and how much better than their rivals */
    Covers covers;
    float ratio;
    float *line[LINES];  /* an entry a segment of the English side */
} Beads;

/* The highest of each entry of a line and of those up to `reach` - 1 before it; `spare` is room for another line. */
ROW void highest(float *best, float *spare, Py_ssize_t size, Py_ssize_t reach)
{
    for (Py_ssize_t done = 1, step; done < reach && done < size; done += step) {
        float *restrict to = spare;
        const float *restrict from = best;
        step = done < reach - done ? done : reach - done;
        for (Py_ssize_t k = 0; k < step && k < size; k++) to[k] = from[k];
        for (Py_ssize_t k = step; k < size; k++) to[k] = most(from[k], from[k - step]);
        memcpy(best, spare, (size_t)size * sizeof(float));
    }
}

/* The best of the others in a line, `reach` places away or nearer; 0 where there are none. `room` is three lines. */
ROW void rivals(const float *line, Py_ssize_t size, Py_ssize_t reach, float *room, float *out)
{
    float *behind = room, *ahead = room + size, *spare = room + 2 * size;
    if (size < 2) { if (size) out[0] = 0.0f; return; }
    memcpy(behind, line, (size_t)size * sizeof(float));
    for (Py_ssize_t k = 0; k < size; k++) ahead[k] = line[size - 1 - k];
    highest(behind, spare, size, reach);
    highest(ahead, spare, size, reach);
    out[0] = ahead[size - 2];
    out[size - 1] = behind[size - 2];
    for (Py_ssize_t k = 1; k < size - 1; k++) out[k] = most(behind[k - 1], ahead[size - 2 - k]);
}

/* How well single segments fit, and how much better than the best others near them in row and column. */
WIDE static int fit_and_margin(Beads *all, Py_ssize_t reach, Room *room)
{
    Py_ssize_t n = all->ja_side->segments, m = all->en_side->segments, longer = n > m ? n : m;
    float *line = take(room, longer, sizeof(float)), *out = take(room, longer, sizeof(float)), *spare = take(room, 3 * longer, sizeof(float));
    float *restrict fit = all->fit, *restrict margin = all->margin;
    if (room->failed) return 0;
    for (Py_ssize_t i = 0; i < n; i++) {
        const float *en = all->en.likelihood + i * m, *ja = all->ja.likelihood + i * m, *count = all->en.count;
        for (Py_ssize_t j = 0; j < m; j++) fit[i * m + j] = (en[j] + ja[j]) / sqrtf(count[j] * all->ja.count[i]);
        rivals(fit + i * m, m, reach, spare, out);
        for (Py_ssize_t j = 0; j < m; j++) margin[i * m + j] = fit[i * m + j] - 0.5f * out[j];
    }
    for (Py_ssize_t j = 0; j < m; j++) {
        for (Py_ssize_t i = 0; i < n; i++) line[i] = fit[i * m + j];
        rivals(line, n, reach, spare, out);
        for (Py_ssize_t i = 0; i < n; i++) margin[i * m + j] -= 0.5f * out[i];
    }
    return 1;
}

static inline float run_of(const float *line, Py_ssize_t size)
{
    float sum = 0.0f;
    for (Py_ssize_t k = 0; k < size; k++) sum += line[k];
    return sum;
}

/* Sums of `size` neighbours in a line: out[j] = line[j] + ... */
ROW void sum_along(float *restrict out, const float *restrict line, Py_ssize_t size, Py_ssize_t count)
{
    for (Py_ssize_t j = 0; j < count; j++) out[j] = line[j];
    for (Py_ssize_t k = 1; k < size; k++) for (Py_ssize_t j = 0; j < count; j++) out[j] += line[j + k];
}

/* Sums of `size` rows of a table that is `width` wide. */
ROW void sum_down(float *restrict out, const float *restrict rows, Py_ssize_t size, Py_ssize_t width, Py_ssize_t count)
{
    for (Py_ssize_t j = 0; j < count; j++) out[j] = rows[j];
    for (Py_ssize_t k = 1; k < size; k++) for (Py_ssize_t j = 0; j < count; j++) out[j] += rows[k * width + j];
}

WIDE static int fill_covers(Beads *all, Room *room)
{
    Py_ssize_t n = all->ja_side->segments, m = all->en_side->segments;
    float *worth = take(room, m, sizeof(float));
    for (Py_ssize_t b = 1; b <= LONGEST && b <= m; b++) {
        Py_ssize_t count = m - b + 1;
        if (room->failed) return 0;
        sum_along(worth, all->en.worth, b, count);
        for (Py_ssize_t a = 1; a <= LONGEST && a <= n; a++) {
            if (b > widest(a)) continue;
            float *of_en = all->covers.en[a - 1][b - 1] = take(room, n * m, sizeof(float));
            float *of_ja = all->covers.ja[a - 1][b - 1] = take(room, n * m, sizeof(float));
            if (room->failed) return 0;
            for (Py_ssize_t i = 0; i + a <= n; i++) {
                float ja_worth = 1.0f / run_of(all->ja.worth + i, a), *restrict en_row = of_en + i * m, *restrict ja_row = of_ja + i * m;
                sum_along(en_row, all->en.covered + ((a - 1) * n + i) * m, b, count);
                sum_down(ja_row, all->ja.covered + ((b - 1) * n + i) * m, a, m, count);
                for (Py_ssize_t j = 0; j < count; j++) { en_row[j] /= worth[j]; ja_row[j] *= ja_worth; }
            }
        }
    }
    return 1;
}

/* Judge a row of merged beads by their parts: none may be a stranger, each must add something. */
ROW void judge_parts(const Beads *all, float *table, Py_ssize_t stride, Py_ssize_t a, Py_ssize_t b, Py_ssize_t i, Py_ssize_t count)
{
    Py_ssize_t m = all->en_side->segments;
    float *restrict apart = table + MARGIN * stride, *restrict weakest = table + WEAKEST * stride, *restrict gain = table + GAIN * stride;
    float share = 1.0f / (float)(a * b);
    for (Py_ssize_t p = 0; p < a; p++)
        for (Py_ssize_t q = 0; q < b; q++) {
            const float *margin = all->margin + (i + p) * m + q, *fit = all->fit + (i + p) * m + q;
            if (!p && !q)
                for (Py_ssize_t j = 0; j < count; j++) { apart[j] = margin[j]; weakest[j] = fit[j]; }
            else
                for (Py_ssize_t j = 0; j < count; j++) { apart[j] += margin[j]; weakest[j] = least(weakest[j], fit[j]); }
        }
    const float *fit = all->fit + i * m, *below = fit + m;
    if (a > 1 && b > 1)  /* two pairs either way round */
        for (Py_ssize_t j = 0; j < count; j++) weakest[j] = most(least(fit[j], below[j + 1]), least(fit[j + 1], below[j]));
    for (Py_ssize_t j = 0; j < count; j++) { apart[j] *= share; gain[j] = INFINITY; }
    if (a > 1) {
        const float *less = all->covers.en[a - 2][b - 1] + i * m, *whole = all->covers.en[a - 1][b - 1] + i * m;
        for (Py_ssize_t j = 0; j < count; j++) gain[j] = whole[j] - most(less[j], less[m + j]);
    }
    if (b > 1) {
        const float *less = all->covers.ja[a - 1][b - 2] + i * m, *whole = all->covers.ja[a - 1][b - 1] + i * m;
        for (Py_ssize_t j = 0; j < count; j++) gain[j] = least(gain[j], whole[j] - most(less[j], less[j + 1]));
    }
    for (Py_ssize_t j = 0; j < count; j++) gain[j] *= 5.0f;
}

ROW void add_lengths(const Beads *all, float *table, Py_ssize_t stride, float ja, Py_ssize_t count)
{
    float *restrict spread = table + SPREAD * stride, *restrict ratio = table + RATIO * stride, ja_log = quick_log(ja + 8.0f);
    const float *en = all->line[EN_LENGTH], *en_log = all->line[EN_LOG];
    for (Py_ssize_t j = 0; j < count; j++) {
        float apart = en[j] - ja;
        spread[j] = -least(apart * apart / ((en[j] + ja) * (4.0f * VARIANCE)), 3.0f);
        ratio[j] = -least(fabsf(en_log[j] - ja_log), 2.5f);
    }
}

ROW void weigh_words(float *restrict total, float *restrict mean, const float *restrict en, const float *restrict ja,
                     const float *restrict en_share, float ja_share, Py_ssize_t count)
{
    for (Py_ssize_t j = 0; j < count; j++) total[j] = (en[j] + ja[j]) * 0.05f;
    for (Py_ssize_t j = 0; j < count; j++) mean[j] = en[j] * en_share[j] + ja[j] * ja_share;
}

ROW void miss_names(float *restrict missed, const float *restrict en, const float *restrict ja, const float *restrict en_names,
                    float ja_names, Py_ssize_t count)
{
    for (Py_ssize_t j = 0; j < count; j++) missed[j] = least(en_names[j] - en[j] + ja_names - ja[j], 6.0f) * (-1.0f / 3.0f);
}

ROW void add_words(const Beads *all, float *table, Py_ssize_t stride, Py_ssize_t a, Py_ssize_t b, Py_ssize_t i, Py_ssize_t count)
{
    Py_ssize_t n = all->ja_side->segments, m = all->en_side->segments, en_at = ((a - 1) * n + i) * m, ja_at = ((b - 1) * n + i) * m;
    float *en = all->line[EN_SUM], *ja = all->line[JA_SUM];
    sum_along(en, all->en.likelihood + en_at, b, count);
    sum_down(ja, all->ja.likelihood + ja_at, a, m, count);
    weigh_words(table + TOTAL * stride, table + MEAN * stride, en, ja, all->line[EN_SHARE], 1.0f / run_of(all->ja.count + i, a), count);
    sum_along(en, all->en.named + en_at, b, count);
    sum_down(ja, all->ja.named + ja_at, a, m, count);
    miss_names(table + NAMES * stride, en, ja, all->line[EN_NAMES], run_of(all->ja.names + i, a), count);
}

ROW void add_covers(const Beads *all, float *table, Py_ssize_t stride, Py_ssize_t a, Py_ssize_t b, Py_ssize_t i, Py_ssize_t count)
{
    Py_ssize_t m = all->en_side->segments;
    float *restrict coverage = table + COVERAGE * stride, *restrict balance = table + BALANCE * stride, *restrict poor = table + POOR * stride;
    const float *en = all->covers.en[a - 1][b - 1] + i * m, *ja = all->covers.ja[a - 1][b - 1] + i * m;
    for (Py_ssize_t j = 0; j < count; j++) {
        coverage[j] = 2.0f * (en[j] + ja[j]);
        balance[j] = 2.0f * least(en[j], ja[j]);
        poor[j] = 4.0f * least(0.0f, (en[j] + ja[j]) / 2.0f - USUAL_COVER);
    }
}

ROW void add_figures(const Beads *all, float *table, Py_ssize_t stride, Py_ssize_t a, Py_ssize_t b, Py_ssize_t i, Py_ssize_t count)
{
    Py_ssize_t n = all->ja_side->segments, m = all->en_side->segments;
    float *restrict matched = table + MATCHED * stride, *restrict missed = table + MISSED * stride, once = all->en.once[(a - 1) * n + i];
    const float *agree = all->en.matched + (slot(a, b) * n + i) * m, *en_once = all->line[EN_ONCE];
    for (Py_ssize_t j = 0; j < count; j++) {
        matched[j] = least(agree[j], 3.0f);
        missed[j] = -least(once + en_once[j] - 2.0f * agree[j], 4.0f) / 2.0f;
    }
}

ROW void add_structure(const Beads *all, float *table, Py_ssize_t stride, Py_ssize_t a, Py_ssize_t b, Py_ssize_t i, Py_ssize_t count)
{
    const Structure *by = all->structure;
    Py_ssize_t m = all->en_side->segments;
    size_t size = (size_t)count * sizeof(float);
    float *restrict crossing = table + CROSSING * stride, ja = run_of(by->ja_begins + i + 1, a - 1);
    memcpy(table + KINDS * stride, by->kinds + i * m, size);
    memcpy(table + MARKERS * stride, by->markers + i * m, size);
    memcpy(table + STARTS * stride, by->starts + i * m, size);
    for (Py_ssize_t j = 0; j < count; j++) crossing[j] = -ja;
    for (Py_ssize_t k = 1; k < b; k++) for (Py_ssize_t j = 0; j < count; j++) crossing[j] -= by->en_begins[j + k];
}

/* Make ready for the rows of a shape. */
ROW void begin_shape(const Beads *all, Py_ssize_t b)
{
    Py_ssize_t m = all->en_side->segments, count = m - b + 1;
    float *restrict logs = all->line[EN_LOG], *restrict share = all->line[EN_SHARE];
    sum_along(share, all->en.count, b, count);
    sum_along(all->line[EN_NAMES], all->en.names, b, count);
    sum_along(all->line[EN_LENGTH], all->en_side->length, b, count);
    for (Py_ssize_t j = 0; j < count; j++) share[j] = 1.0f / share[j];
    for (Py_ssize_t j = 0; j < count; j++) logs[j] = quick_log(all->line[EN_LENGTH][j] + 8.0f);
    memcpy(all->line[EN_ONCE], all->ja.once + (b - 1) * m, (size_t)count * sizeof(float));
}

/* Fill the features of the beads of `a` and `b` segments that begin with segment i: table[feature * stride + j]. */
ROW void fill_row(const Beads *all, float *table, Py_ssize_t stride, Py_ssize_t a, Py_ssize_t b, Py_ssize_t i)
{
    Py_ssize_t m = all->en_side->segments, count = m - b + 1;
    add_lengths(all, table, stride, run_of(all->ja_side->length + i, a) * all->ratio, count);
    add_words(all, table, stride, a, b, i, count);
    add_covers(all, table, stride, a, b, i, count);
    add_figures(all, table, stride, a, b, i, count);
    if (a == 1 && b == 1) {
        memcpy(table + MARGIN * stride, all->margin + i * m, (size_t)count * sizeof(float));
        memset(table + WEAKEST * stride, 0, (size_t)count * sizeof(float));
        memset(table + GAIN * stride, 0, (size_t)count * sizeof(float));
    } else {
        judge_parts(all, table, stride, a, b, i, count);
    }
    if (all->structure) add_structure(all, table, stride, a, b, i, count);
}

/* Tell all that the shapes share. */
static int open_beads(Beads *all, Py_ssize_t reach, Room *room)
{
    const Side *ja = all->ja_side, *en = all->en_side;
    Py_ssize_t n = ja->segments, m = en->segments;
    if (!open_told(&all->en, ja, en, room, 1) || !open_told(&all->ja, en, ja, room, 0)) return 0;
    all->fit = take(room, n * m, sizeof(float));
    all->margin = take(room, n * m, sizeof(float));
    for (int k = 0; k < LINES; k++) all->line[k] = take(room, m, sizeof(float));
    return !room->failed && tell(ja, en, &all->en, m, 1, room) && tell(en, ja, &all->ja, 1, m, room)
        && fit_and_margin(all, reach, room) && fill_covers(all, room);
}

#endif
