/* What runs of segments of one side say of the words of the other, by the links between words.
 *
 * Words are linked sparsely: of the log likelihood of a segment's words only those are computed that have a link into
 * the run of segments on the other side, all others add the same constant. The runs of one to LONGEST segments that
 * begin with a segment are reckoned together, a lane each.
 */
#ifndef TMALIGN_FEATURES_TOLD_H
#define TMALIGN_FEATURES_TOLD_H
#include <math.h>
#include <stdint.h>
#include "_room.h"

#define LONGEST 4      /* segments of a side in a bead */
#define SMOOTHING 0.5  /* of the mixture with the document's own word distribution */

/* One language's side. Occurrences of segment s are unit[start[s]..start[s + 1]), its words before its compounds. */
typedef struct {
    Py_ssize_t segments, units;
    const int64_t *start, *words, *unit;  /* words[s]: how many of the occurrences are words */
    const int64_t *link, *to;             /* links of unit u: to[link[u]..link[u + 1]), units of the other side */
    const float *given, *cover, *weight;  /* of each link */
    const float *share, *name, *length;
    const uint8_t *figure;
} Side;

/* Tables [length - 1][i][j] of what runs of one side say of the segments of the other, by the Japanese and the English
 * segment where the run begins and that it is said of. */
typedef struct {
    float *likelihood, *covered, *named;
    float *matched;                 /* [shape][i][j], see `slot`: figures that agree, each once; or none */
    float *worth, *names, *count;   /* of each target segment: information, names, words and one */
    float *once;                    /* [length - 1][run]: figures of a run of source segments, each once */
} Told;

/* The most target segments in a bead with `a` source segments, and where its table of matched figures stands. */
static inline Py_ssize_t widest(Py_ssize_t a) { return a == 1 ? LONGEST : a == 2 ? 2 : 1; }
static inline Py_ssize_t slot(Py_ssize_t a, Py_ssize_t b) { return a == 1 ? b - 1 : a == 2 ? LONGEST + b - 1 : LONGEST + a - 1; }
#define SLOTS (2 * LONGEST)

typedef struct { float at[LONGEST]; } Lanes;
typedef struct { int32_t to; float given, cover, weight; } Link;
typedef struct { Lanes given, cover; } Tally;  /* of a target unit, by the segments of the run */
typedef struct { Lanes likelihood, covered, named; } Line;  /* of a target segment */

/* What it takes to tell. Of source occurrences: how far back (LONGEST at most) the unit, or the figure, stood last. */
typedef struct {
    const Side *source, *target;
    Link *links;
    uint8_t *gap, *figure_gap;
    int32_t *again, *again_begin;      /* those whose unit stands near before them, by segment; likewise figures */
    int32_t *figures, *figures_begin;
    int32_t *begin, *postings;         /* the segments of target unit v: postings[begin[v]..begin[v + 1]) */
    float *information, *inverse;      /* of target units; the inverse is that of their share */
    int32_t *known, *next, *agreeing;  /* units linked to this run; those of them linked to the next; and figures */
    int32_t *agree_mark;               /* the last run that a figure was linked to */
    uint8_t *listed;                   /* whether a target unit is among the known */
    Tally *tallies;
    Lanes *agree, *term, *found;
    Line *lines;
    Py_ssize_t count, agreed;
    double words[LONGEST];
    float once[LONGEST];
} Telling;

/* The natural logarithm of a positive normal number, to a few units in the last place, in a form that compilers turn
 * into vector code; the polynomial is the one of Cephes' logf (Moshier, 1992). */
ROW float quick_log(float x)
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

/* x + y * factor; all is read before anything is written, or compilers would take the lanes one by one. */
ROW void add_lanes(Lanes *x, const Lanes *y, float factor)
{
    Lanes sum;
    for (int a = 0; a < LONGEST; a++) sum.at[a] = x->at[a] + y->at[a] * factor;
    *x = sum;
}

ROW float least(float x, float y) { return x < y ? x : y; }
ROW float most(float x, float y) { return x > y ? x : y; }

/* Find where each word of the target stands, once an occurrence. */
static void post(Telling *t)
{
    const Side *side = t->target;
    int32_t *next = t->begin + 1;  /* of each unit, until all its places are in */
    for (Py_ssize_t s = 0; s < side->segments; s++)
        for (int64_t k = side->start[s]; k < side->start[s] + side->words[s]; k++) t->begin[side->unit[k] + 2]++;
    for (Py_ssize_t u = 0; u < side->units; u++) t->begin[u + 2] += t->begin[u + 1];
    for (Py_ssize_t s = 0; s < side->segments; s++)
        for (int64_t k = side->start[s]; k < side->start[s] + side->words[s]; k++)
            t->postings[next[side->unit[k]]++] = (int32_t)s;
}

/* Find how far back each unit of the source stood last. Other readings of a figure stand beside it as compounds do: they
 * are no figures of their own. `last` is of a source unit: the segment, as a word and in any way. */
static void look_back(Telling *t, int32_t (*last)[2])
{
    const Side *side = t->source;
    int32_t again = 0, figures = 0;
    t->again_begin[0] = t->figures_begin[0] = 0;
    for (Py_ssize_t u = 0; u < side->units; u++) last[u][0] = last[u][1] = -LONGEST;
    for (Py_ssize_t s = 0; s < side->segments; s++) {
        for (int64_t k = side->start[s]; k < side->start[s + 1]; k++) {
            int64_t u = side->unit[k];
            int32_t back = (int32_t)s - last[u][0], figure_back = (int32_t)s - last[u][1];
            int figure = side->figure[u] && k < side->start[s] + side->words[s];
            t->gap[k] = (uint8_t)(back < LONGEST ? back : LONGEST);
            t->figure_gap[k] = (uint8_t)(!figure ? 0 : figure_back < LONGEST ? figure_back : LONGEST);
            if (back > 0 && back < LONGEST) t->again[again++] = (int32_t)k;
            if (t->figure_gap[k]) t->figures[figures++] = (int32_t)k;
            last[u][0] = (int32_t)s;
            if (figure) last[u][1] = (int32_t)s;
        }
        t->again_begin[s + 1] = again;
        t->figures_begin[s + 1] = figures;
    }
}

static int open_telling(Telling *t, const Side *source, const Side *target, Room *room)
{
    Py_ssize_t words = 0, occurrences = source->start[source->segments], links = source->link[source->units];
    int32_t (*last)[2] = take(room, source->units, sizeof(*last));
    for (Py_ssize_t s = 0; s < target->segments; s++) words += target->words[s];
    t->count = 0;
    t->source = source;
    t->target = target;
    t->links = take(room, links, sizeof(Link));
    t->gap = take(room, occurrences, 1);
    t->figure_gap = take(room, occurrences, 1);
    t->begin = take_blank(room, target->units + 2, sizeof(int32_t));
    t->postings = take(room, words, sizeof(int32_t));
    t->information = take(room, target->units, sizeof(float));
    t->inverse = take(room, target->units, sizeof(float));
    t->again = take(room, occurrences, sizeof(int32_t));
    t->again_begin = take(room, source->segments + 1, sizeof(int32_t));
    t->figures = take(room, occurrences, sizeof(int32_t));
    t->figures_begin = take(room, source->segments + 1, sizeof(int32_t));
    t->listed = take_blank(room, target->units, 1);
    t->agree_mark = take_blank(room, target->units, sizeof(int32_t));
    t->known = take(room, target->units + 1, sizeof(int32_t));
    t->next = take(room, target->units + 1, sizeof(int32_t));
    t->agreeing = take(room, target->units, sizeof(int32_t));
    t->tallies = take_blank(room, target->units, sizeof(Tally));
    t->agree = take(room, target->units, sizeof(Lanes));
    t->term = take(room, target->units, sizeof(Lanes));
    t->found = take(room, target->units, sizeof(Lanes));
    t->lines = take(room, target->segments, sizeof(Line));
    if (room->failed) return 0;
    for (Py_ssize_t l = 0; l < links; l++)
        t->links[l] = (Link){ (int32_t)source->to[l], source->given[l], source->cover[l], source->weight[l] };
    for (Py_ssize_t v = 0; v < target->units; v++) {
        t->information[v] = most(-logf(target->share[v]) - 2.0f, 0.2f);
        t->inverse[v] = 1.0f / target->share[v];
    }
    post(t);
    look_back(t, last);
    return 1;
}

static int open_told(Told *told, const Side *source, const Side *target, Room *room, int matched)
{
    Py_ssize_t n = source->segments, m = target->segments;
    if (n > PY_SSIZE_T_MAX / (SLOTS * 8) / (m + 1)) return 0;
    told->likelihood = take(room, LONGEST * n * m, sizeof(float));
    told->covered = take(room, LONGEST * n * m, sizeof(float));
    told->named = take(room, LONGEST * n * m, sizeof(float));
    told->matched = matched ? take_blank(room, SLOTS * n * m, sizeof(float)) : NULL;
    told->worth = take(room, m, sizeof(float));
    told->names = take(room, m, sizeof(float));
    told->count = take(room, m, sizeof(float));
    told->once = take(room, LONGEST * n, sizeof(float));
    return !room->failed;
}

/* Add up what the target's segments hold by themselves. */
static void weigh_segments(const Telling *t, Told *told)
{
    const Side *target = t->target;
    for (Py_ssize_t s = 0; s < target->segments; s++) {
        double worth = 1.0, names = 0.0;
        for (int64_t k = target->start[s]; k < target->start[s] + target->words[s]; k++) {
            worth += (double)t->information[target->unit[k]];
            names += (double)target->name[target->unit[k]];
        }
        told->worth[s] = (float)worth;
        told->names[s] = (float)names;
        told->count[s] = (float)target->words[s] + 1.0f;
    }
}

/* Take in a figure that has not stood in the run yet. */
static void take_figure(Telling *t, int64_t unit, Py_ssize_t a, int32_t run)
{
    t->once[a] += 1.0f;
    for (int64_t l = t->source->link[unit]; l < t->source->link[unit + 1]; l++) {
        int32_t v = t->links[l].to;
        if (!t->target->figure[v]) continue;
        if (t->agree_mark[v] != run) {
            t->agree_mark[v] = run;
            memset(t->agree + v, 0, sizeof(Lanes));
            t->agreeing[t->agreed++] = v;
        }
        t->agree[v].at[a] += t->links[l].weight;
    }
}

/* Add the links of a unit to the tallies of segment `a` of the run; it covers only where it has not stood before. */
ROW void tally(Telling *t, int64_t unit, Py_ssize_t a, float given, float cover)
{
    for (const Link *link = t->links + t->source->link[unit], *end = t->links + t->source->link[unit + 1]; link < end; link++) {
        t->known[t->count] = link->to;  /* stays where it is new; a branch would be foretold badly */
        t->count += !t->listed[link->to];
        t->listed[link->to] = 1;
        t->tallies[link->to].given.at[a] += given * link->given;
        t->tallies[link->to].cover.at[a] += cover * link->cover;
    }
}

ROW void tally_segment(Telling *t, Py_ssize_t s, Py_ssize_t a)
{
    if (s >= t->source->segments) return;
    for (int64_t k = t->source->start[s]; k < t->source->start[s + 1]; k++)
        tally(t, t->source->unit[k], a, 1.0f, t->gap[k] > a ? 1.0f : 0.0f);
}

/* Move on to the run that begins with segment i: one segment is new, and in the others a unit that stood in the segment
 * left behind now stands for the first time. Of each run a unit covers once, however often it stands there. */
ROW void move_on(Telling *t, Py_ssize_t i)
{
    const Side *source = t->source;
    for (Py_ssize_t a = 0; i > 0 && a < LONGEST - 1 && i + a < source->segments; a++)
        for (int32_t q = t->again_begin[i + a]; q < t->again_begin[i + a + 1]; q++)
            if (t->gap[t->again[q]] == a + 1) tally(t, source->unit[t->again[q]], a, 0.0f, 1.0f);
    for (Py_ssize_t a = i > 0 ? LONGEST - 1 : 0; a < LONGEST; a++) tally_segment(t, i + a, a);
    t->agreed = 0;
    for (Py_ssize_t a = 0; a < LONGEST; a++) {
        Py_ssize_t s = i + a;
        t->once[a] = a ? t->once[a - 1] : 0.0f;
        t->words[a] = a ? t->words[a - 1] : 0.0;
        if (s >= source->segments) continue;
        t->words[a] += (double)source->words[s] + 1.0;
        for (int32_t q = t->figures_begin[s]; q < t->figures_begin[s + 1]; q++)
            if (t->figure_gap[t->figures[q]] > a) take_figure(t, source->unit[t->figures[q]], a, (int32_t)i + 1);
    }
}

/* The tally of a unit in the next run; returns whether there is any. */
ROW int shift(Tally *tally)
{
    uint32_t bits[2 * LONGEST], any = 0;
    for (int a = 1; a < LONGEST; a++) tally->given.at[a - 1] = tally->given.at[a];
    for (int a = 1; a < LONGEST; a++) tally->cover.at[a - 1] = tally->cover.at[a];
    tally->given.at[LONGEST - 1] = tally->cover.at[LONGEST - 1] = 0.0f;
    memcpy(bits, tally, sizeof(bits));
    for (int k = 0; k < 2 * LONGEST; k++) any |= bits[k];
    return any != 0;
}

/* Say of each target segment what the run says of its words. */
ROW void explain(Telling *t)
{
    Py_ssize_t known = t->count, left = 0;
    int32_t *swap = t->known;
    float scale[LONGEST], *restrict terms = t->term->at;
    for (int a = 0; a < LONGEST; a++) scale[a] = (float)(SMOOTHING / (1.0 - SMOOTHING) / t->words[a]);
    for (Py_ssize_t s = 0; s < t->target->segments; s++) {
        float alone = (float)(log(1.0 - SMOOTHING) * (double)t->target->words[s]);
        t->lines[s] = (Line){ .likelihood = {{ alone, alone, alone, alone }} };
    }
    for (Py_ssize_t q = 0; q < known; q++) {
        int32_t v = t->known[q];
        Tally sum = t->tallies[v];
        Lanes term, found;
        float inverse = t->inverse[v];
        t->listed[v] = (uint8_t)shift(t->tallies + v);
        t->next[left] = v;
        left += t->listed[v];
        for (int a = 1; a < LONGEST; a++) sum.given.at[a] += sum.given.at[a - 1];
        for (int a = 1; a < LONGEST; a++) sum.cover.at[a] += sum.cover.at[a - 1];
        for (int a = 0; a < LONGEST; a++) term.at[a] = 1.0f + scale[a] * sum.given.at[a] * inverse;
        for (int a = 0; a < LONGEST; a++) found.at[a] = least(sum.cover.at[a], 1.0f);
        t->term[q] = term;
        t->found[q] = found;
    }
    for (Py_ssize_t q = 0; q < LONGEST * known; q++) terms[q] = quick_log(terms[q]);
    for (Py_ssize_t q = 0; q < known; q++) {
        int32_t v = t->known[q];
        Lanes term = t->term[q], found = t->found[q];
        float worth = t->information[v], name = t->target->name[v];
        for (int32_t p = t->begin[v]; p < t->begin[v + 1]; p++) {
            Line *line = t->lines + t->postings[p];
            add_lanes(&line->likelihood, &term, 1.0f);
            add_lanes(&line->covered, &found, worth);
            if (name != 0.0f) add_lanes(&line->named, &found, name);
        }
    }
    t->known = t->next;
    t->next = swap;
    t->count = left;
}

/* Add a figure that agrees to every run of target segments that holds it, once a run. */
static void match(const Telling *t, int32_t v, float agree, float *matched, Py_ssize_t a, Py_ssize_t i)
{
    Py_ssize_t n = t->source->segments, m = t->target->segments;
    int32_t last = -1;
    for (int32_t p = t->begin[v]; p < t->begin[v + 1]; p++) {
        int32_t j = t->postings[p];
        if (j == last) continue;
        for (Py_ssize_t b = 1; b <= widest(a); b++) {
            Py_ssize_t first = j - b + 1 > last + 1 ? j - b + 1 : last + 1;  /* runs from further back hold the last one, too */
            float *row = matched + (slot(a, b) * n + i) * m;
            for (Py_ssize_t r = first; r <= j && r + b <= m; r++) row[r] += agree;
        }
        last = j;
    }
}

static void match_run(Telling *t, float *matched, Py_ssize_t i)
{
    for (Py_ssize_t q = 0; q < t->agreed; q++) {
        float sum = 0.0f;
        for (Py_ssize_t a = 0; a < LONGEST && i + a < t->source->segments; a++) {
            sum += t->agree[t->agreeing[q]].at[a];
            if (sum > 0.0f) match(t, t->agreeing[q], least(sum, 1.0f), matched, a + 1, i);
        }
    }
}

/* Fill the tables of what runs of `source` say of segments of `target`. Those of a run that begins with one segment lie
 * `step` after those of the segment before it, those of one target segment `target_step` after the one before. */
WIDE static int tell(const Side *source, const Side *target, Told *told, Py_ssize_t step, Py_ssize_t target_step, Room *room)
{
    Py_ssize_t n = source->segments, m = target->segments;
    Telling t;
    if (!open_telling(&t, source, target, room)) return 0;
    weigh_segments(&t, told);
    for (Py_ssize_t i = 0; i < n; i++) {
        move_on(&t, i);
        explain(&t);
        if (told->matched) match_run(&t, told->matched, i);
        for (Py_ssize_t a = 0; a < LONGEST && i + a < n; a++) {
            Py_ssize_t at = a * n * m + i * step;
            told->once[a * n + i] = t.once[a];
            for (Py_ssize_t s = 0; s < m; s++, at += target_step) {
                told->likelihood[at] = t.lines[s].likelihood.at[a];
                told->covered[at] = t.lines[s].covered.at[a];
                told->named[at] = t.lines[s].named.at[a];
            }
        }
    }
    return 1;
}

#endif
