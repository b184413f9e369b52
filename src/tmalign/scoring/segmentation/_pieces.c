/* Scores of candidate pieces: how well a stretch of the hypothesis fits a reference segment, by trained weights.
 *
 * evidence.py holds the same features in NumPy and says what each of them means; the tests hold both equal. Here the
 * pieces that begin at one place are swept once, token by token, so that each of them costs a few operations.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ORDERS 3    /* words, pairs, triples */
#define NEVER (-1e9)  /* chain.NEVER: no piece at all */

/* In the order of evidence.PIECE_FEATURES. */
enum { SHARED, RARE, PAIRS, TRIPLES, OVERLAP, PAIR_OVERLAP, EXTRA, MISSING, RATIO_SQUARED, RATIO, TOO_LONG, FIRST,
       FIRST_TWO, LAST, LAST_TWO, SAME_STOP, NO_STOP, LEFT_OPEN, INSIDE, INSIDE_UNLIKE, EMPTY, EMPTY_LENGTH, COARSE,
       FEATURES };

/* Both sides. Token t of the hypothesis stands at grams[order][references + t]; a gram begins at its token. */
typedef struct {
    Py_ssize_t tokens, segments, references, numbers;  /* numbers: distinct words */
    const int64_t *grams[ORDERS], *first;              /* tokens of segment s: first[s]..first[s + 1) */
    const int64_t *depth, *quotes, *stop;              /* at each of the tokens + 1 positions */
    const int64_t *wanted_depth, *wanted_quotes, *wanted_stop;  /* of each segment */
    const double *rarity, *inside, *end, *wanted_inside;  /* end: what ending at a position is worth */
    double ratio;
} Text;

/* Pieces of segment[j] from any of begins[begin_at[j]..begin_at[j + 1]) to any of ends[end_at[j]..end_at[j + 1]). */
typedef struct {
    Py_ssize_t count;
    const int64_t *segment, *begin_at, *begins, *end_at, *ends;
    const double *coarse;  /* of each end */
} Jobs;

/* What a piece has in common with the segment, clipped: left[order][number] may still be matched. */
typedef struct {
    int32_t *left[ORDERS];
    int64_t shared[ORDERS];
    double rare;
} Count;

static Py_ssize_t grams_of(const Text *text, int64_t segment, int order)
{
    Py_ssize_t found = (Py_ssize_t)(text->first[segment + 1] - text->first[segment]) - order;
    return found > 0 ? found : 0;
}

static void clear(const Text *text, int64_t segment, Count *count)
{
    for (int order = 0; order < ORDERS; order++) {
        const int64_t *gram = text->grams[order] + text->first[segment];
        for (Py_ssize_t k = grams_of(text, segment, order); k-- > 0;) count->left[order][gram[k]] = 0;
        count->shared[order] = 0;
    }
    count->rare = 0.0;
}

static void restart(const Text *text, int64_t segment, Count *count)
{
    clear(text, segment, count);
    for (int order = 0; order < ORDERS; order++) {
        const int64_t *gram = text->grams[order] + text->first[segment];
        for (Py_ssize_t k = grams_of(text, segment, order); k-- > 0;) count->left[order][gram[k]]++;
    }
}

/* Let a piece that began at `begin` take in token `at`. */
static void take(const Text *text, int64_t begin, int64_t at, Count *count)
{
    for (int order = 0; order < ORDERS && at - order >= begin; order++) {
        int64_t gram = text->grams[order][text->references + at - order];
        if (count->left[order][gram] <= 0) continue;
        count->left[order][gram]--;
        count->shared[order]++;
        if (!order) count->rare += text->rarity[gram];
    }
}

static void add_shared(const Count *count, double length, double reference, double *features)
{
    double both = length + reference, shared = (double)count->shared[0];
    features[SHARED] = shared;
    features[RARE] = count->rare;
    features[PAIRS] = (double)count->shared[1];
    features[TRIPLES] = (double)count->shared[2];
    features[OVERLAP] = 2.0 * shared / (both > 1.0 ? both : 1.0);
    features[PAIR_OVERLAP] = 2.0 * features[PAIRS] / (both > 3.0 ? both - 2.0 : 1.0);
    features[EXTRA] = length - shared;
    features[MISSING] = reference - shared;
}

static void add_length(const Text *text, double length, double reference, double *features)
{
    double ratio = log((length + 1.0) / (reference * text->ratio + 1.0));
    features[RATIO_SQUARED] = ratio * ratio;
    features[RATIO] = fabs(ratio);
    features[TOO_LONG] = ratio > 0.0 ? ratio : 0.0;
}

static void add_edges(const Text *text, int64_t segment, int64_t begin, int64_t end, double *features)
{
    const int64_t *words = text->grams[0] + text->references, *reference = text->grams[0] + text->first[segment];
    int64_t length = text->first[segment + 1] - text->first[segment], stop = text->wanted_stop[segment];
    if (!length) return;
    if (words[begin] == reference[0]) {
        features[FIRST] = 1.0;
        features[FIRST_TWO] = length > 1 && begin + 1 < text->tokens && words[begin + 1] == reference[1];
    }
    if (words[end - 1] == reference[length - 1]) {
        features[LAST] = 1.0;
        features[LAST_TWO] = length > 1 && end > 1 && words[end - 2] == reference[length - 2];
    }
    features[stop ? SAME_STOP : NO_STOP] = text->stop[end] == stop;
}

static void add_inner(const Text *text, int64_t segment, int64_t begin, int64_t end, double *features)
{
    int64_t open = text->depth[end] - text->depth[begin] - text->wanted_depth[segment];
    int64_t quotes = text->quotes[end] - text->quotes[begin] - text->wanted_quotes[segment];
    features[LEFT_OPEN] = (double)((open < 0 ? -open : open) + (quotes & 1));
    if (end > begin) {
        features[INSIDE] = text->inside[end - 1] - text->inside[begin];
        features[INSIDE_UNLIKE] = fabs(features[INSIDE] - text->wanted_inside[segment]);
    }
}

static double piece(const Text *text, const double *weights, int64_t segment, int64_t begin, int64_t end,
                    const Count *count, double coarse)
{
    double features[FEATURES] = { 0.0 }, length = (double)(end - begin), score = 0.0;
    double reference = (double)(text->first[segment + 1] - text->first[segment]);
    add_shared(count, length, reference, features);
    add_inner(text, segment, begin, end, features);
    features[COARSE] = coarse;
    if (end > begin) {
        add_length(text, length, reference, features);
        add_edges(text, segment, begin, end, features);
        score = text->end[end];
    } else {
        features[EMPTY] = 1.0;
        features[EMPTY_LENGTH] = log1p(reference);
    }
    for (int k = 0; k < FEATURES; k++) score += features[k] * weights[k];
    return score;
}

static void score(const Text *text, const Jobs *jobs, const double *weights, Count *count, double *out)
{
    for (Py_ssize_t j = 0; j < jobs->count; j++) {
        int64_t segment = jobs->segment[j];
        for (int64_t b = jobs->begin_at[j]; b < jobs->begin_at[j + 1]; b++) {
            int64_t begin = jobs->begins[b], at = begin;
            restart(text, segment, count);
            for (int64_t e = jobs->end_at[j]; e < jobs->end_at[j + 1]; e++) {
                int64_t end = jobs->ends[e];
                for (; at < end; at++) take(text, begin, at, count);
                *out++ = end < begin ? NEVER : piece(text, weights, segment, begin, end, count, jobs->coarse[e]);
            }
        }
        clear(text, segment, count);
    }
}

/* The arrays as Python hands them over, held until all is scored. */
enum { WORD, PAIR, TRIPLE, OF_SEGMENTS, DEPTH, QUOTES, STOP, WANTED_DEPTH, WANTED_QUOTES, WANTED_STOP, RARITY, WITHIN,
       END, WANTED_INSIDE, TEXT_ARRAYS };
enum { SEGMENT, BEGIN_AT, BEGINS, END_AT, ENDS, COARSE_OF, JOB_ARRAYS };

typedef struct {
    Py_buffer view[TEXT_ARRAYS];
    int held;
} Views;

static void release(Views *views)
{
    for (int k = 0; k < views->held; k++) PyBuffer_Release(&views->view[k]);
    views->held = 0;
}

static int misfit(const char *what)
{
    PyErr_Format(PyExc_ValueError, "the arrays of the %s do not fit each other", what);
    return 0;
}

/* Every array holds numbers of eight bytes. */
static int hold(PyObject *arrays, int count, Views *views, const char *what)
{
    if (!PyTuple_Check(arrays) || PyTuple_GET_SIZE(arrays) != count) return misfit(what);
    for (int k = 0; k < count; k++) {
        if (PyObject_GetBuffer(PyTuple_GET_ITEM(arrays, k), &views->view[k], PyBUF_C_CONTIGUOUS) < 0) return 0;
        views->held = k + 1;
        if (views->view[k].itemsize != 8) return misfit(what);
    }
    return 1;
}

static Py_ssize_t size(const Views *views, int k) { return views->view[k].len / 8; }

/* Tell whether `starts` cuts `end` entries into `count` runs. */
static int whole(const int64_t *starts, Py_ssize_t count, Py_ssize_t end)
{
    if (starts[0] != 0 || starts[count] != end) return 0;
    for (Py_ssize_t k = 0; k < count; k++) if (starts[k] > starts[k + 1]) return 0;
    return 1;
}

static int open_text(const Views *views, Text *text)
{
    const Py_buffer *view = views->view;
    text->segments = size(views, OF_SEGMENTS) - 1;
    text->tokens = size(views, DEPTH) - 1;
    text->numbers = size(views, RARITY);
    for (int order = 0; order < ORDERS; order++) text->grams[order] = view[WORD + order].buf;
    text->first = view[OF_SEGMENTS].buf;
    text->depth = view[DEPTH].buf; text->quotes = view[QUOTES].buf; text->stop = view[STOP].buf;
    text->wanted_depth = view[WANTED_DEPTH].buf; text->wanted_quotes = view[WANTED_QUOTES].buf;
    text->wanted_stop = view[WANTED_STOP].buf; text->wanted_inside = view[WANTED_INSIDE].buf;
    text->rarity = view[RARITY].buf; text->inside = view[WITHIN].buf; text->end = view[END].buf;
    if (text->segments < 0 || text->tokens < 0) return misfit("text");
    for (int k = DEPTH; k <= STOP; k++) if (size(views, k) != text->tokens + 1) return misfit("text");
    for (int k = WANTED_DEPTH; k <= WANTED_STOP; k++) if (size(views, k) != text->segments) return misfit("text");
    if (size(views, WITHIN) != text->tokens + 1 || size(views, END) != text->tokens + 1
        || size(views, WANTED_INSIDE) != text->segments) return misfit("text");
    text->references = size(views, WORD) - text->tokens;
    if (text->references < 0 || size(views, PAIR) != size(views, WORD) || size(views, TRIPLE) != size(views, WORD)
        || !whole(text->first, text->segments, text->references)) return misfit("text");
    return 1;
}

static int below(const int64_t *values, int64_t count, int64_t limit)
{
    for (int64_t k = 0; k < count; k++) if (values[k] < 0 || values[k] >= limit) return 0;
    return 1;
}

/* Of the grams those are checked that the jobs touch: a call for a few segments need not read the whole text. */
static int known(const Text *text, int64_t from, int64_t count)
{
    int64_t limit = text->references + text->tokens;  /* no more pairs or triples than tokens */
    return below(text->grams[0] + from, count, text->numbers) && below(text->grams[1] + from, count, limit)
        && below(text->grams[2] + from, count, limit);
}

static int open_jobs(const Views *views, const Text *text, Py_ssize_t room, Jobs *jobs)
{
    const Py_buffer *view = views->view;
    Py_ssize_t cells = 0;
    jobs->count = size(views, SEGMENT);
    jobs->segment = view[SEGMENT].buf; jobs->begin_at = view[BEGIN_AT].buf; jobs->begins = view[BEGINS].buf;
    jobs->end_at = view[END_AT].buf; jobs->ends = view[ENDS].buf; jobs->coarse = view[COARSE_OF].buf;
    if (size(views, BEGIN_AT) != jobs->count + 1 || size(views, END_AT) != jobs->count + 1
        || size(views, COARSE_OF) != size(views, ENDS)
        || !whole(jobs->begin_at, jobs->count, size(views, BEGINS)) || !whole(jobs->end_at, jobs->count, size(views, ENDS))
        || !below(jobs->segment, jobs->count, text->segments)
        || !below(jobs->begins, size(views, BEGINS), text->tokens + 1)
        || !below(jobs->ends, size(views, ENDS), text->tokens + 1)) return misfit("pieces");
    for (Py_ssize_t j = 0; j < jobs->count; j++) {
        int64_t from = jobs->begin_at[j], begins = jobs->begin_at[j + 1] - from;
        int64_t to = jobs->end_at[j], ends = jobs->end_at[j + 1] - to, lowest = text->tokens;
        for (int64_t b = 0; b < begins; b++) if (jobs->begins[from + b] < lowest) lowest = jobs->begins[from + b];
        for (int64_t e = 1; e < ends; e++) if (jobs->ends[to + e - 1] > jobs->ends[to + e]) return misfit("pieces");
        if (ends && begins > (room - cells) / ends) return misfit("pieces");
        cells += (Py_ssize_t)(begins * ends);
        int64_t first = text->first[jobs->segment[j]], highest = ends ? jobs->ends[to + ends - 1] : 0;
        if (!known(text, first, text->first[jobs->segment[j] + 1] - first)
            || (highest > lowest && !known(text, text->references + lowest, highest - lowest))) return misfit("text");
    }
    return cells == room ? 1 : misfit("pieces");
}

static int run(const Text *text, const Jobs *jobs, const double *weights, double *out)
{
    Py_ssize_t limit = text->references + text->tokens;
    Count count = { .left = { NULL } };
    int ok = 1;
    for (int order = 0; order < ORDERS; order++) {
        Py_ssize_t numbers = order ? limit : text->numbers;
        count.left[order] = calloc(numbers > 0 ? (size_t)numbers : 1, sizeof(int32_t));
        ok = ok && count.left[order];
    }
    if (ok) score(text, jobs, weights, &count, out);
    for (int order = 0; order < ORDERS; order++) free(count.left[order]);
    return ok;
}

static PyObject *py_score(PyObject *self, PyObject *args)
{
    PyObject *text_arrays, *job_arrays, *result = NULL;
    Views text_views = { .held = 0 }, job_views = { .held = 0 };
    Py_buffer weights, out;
    Text text;
    Jobs jobs;
    if (!PyArg_ParseTuple(args, "OdOy*w*:score", &text_arrays, &text.ratio, &job_arrays, &weights, &out)) return NULL;
    if (weights.len != FEATURES * 8 || out.len % 8) {
        misfit("weights");
    } else if (hold(text_arrays, TEXT_ARRAYS, &text_views, "text") && hold(job_arrays, JOB_ARRAYS, &job_views, "pieces")
               && open_text(&text_views, &text) && open_jobs(&job_views, &text, out.len / 8, &jobs)) {
        int ok;
        Py_BEGIN_ALLOW_THREADS
        ok = run(&text, &jobs, weights.buf, out.buf);
        Py_END_ALLOW_THREADS
        result = ok ? Py_NewRef(Py_None) : PyErr_NoMemory();
    }
    release(&text_views); release(&job_views);
    PyBuffer_Release(&weights); PyBuffer_Release(&out);
    return result;
}

static PyMethodDef methods[] = {
    {"score", py_score, METH_VARARGS, "score(text, ratio, pieces, weights, out): the scores of candidate pieces"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_pieces", "Scores of candidate pieces, compiled.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__pieces(void) { return PyModule_Create(&module); }
