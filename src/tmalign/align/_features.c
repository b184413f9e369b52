/* Features of every candidate bead of a pair of documents, from the words of both sides and the links between them.
 *
 * features.py says what each feature measures, feature_arrays.py holds the same in NumPy; the tests hold both against
 * plain loops. Rows of beads are either laid down as tables, or weighed at once and forgotten.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "_features_rows.h"

#define JA_TYPICAL 40.0f  /* characters of a segment */
#define EN_TYPICAL 100.0f
#define NEVER (-1e30)     /* lattice.NEVER */

/* Features of one-sided beads, in the order of features.SKIP_FEATURES; the rate is known to the model only. */
enum { LENGTH_LOG, BEST_MATCH, SKIP_RATE, BEST_COVER, SKIP_NAMES, SKIPS };

/* Fill the features of the segments of both sides as beads by themselves. */
static void fill_skips(const Beads *all, float *ja, float *en)
{
    Py_ssize_t n = all->ja_side->segments, m = all->en_side->segments;
    const float *en_cover = all->covers.en[0][0], *ja_cover = all->covers.ja[0][0];
    for (Py_ssize_t i = 0; i < n; i++) {
        float row[SKIPS] = { logf(all->ja_side->length[i] / JA_TYPICAL), -INFINITY, 0.0f, -INFINITY, least(all->ja.names[i], 4.0f) };
        memcpy(ja + i * SKIPS, row, sizeof(row));
    }
    for (Py_ssize_t j = 0; j < m; j++) {
        float row[SKIPS] = { logf(all->en_side->length[j] / EN_TYPICAL), -INFINITY, 0.0f, -INFINITY, least(all->en.names[j], 4.0f) };
        memcpy(en + j * SKIPS, row, sizeof(row));
    }
    for (Py_ssize_t i = 0; i < n; i++)
        for (Py_ssize_t j = 0; j < m; j++) {
            float fit = all->fit[i * m + j], cover = en_cover[i * m + j] + ja_cover[i * m + j];
            float *ja_row = ja + i * SKIPS, *en_row = en + j * SKIPS;
            ja_row[BEST_MATCH] = most(ja_row[BEST_MATCH], fit);
            en_row[BEST_MATCH] = most(en_row[BEST_MATCH], fit);
            ja_row[BEST_COVER] = most(ja_row[BEST_COVER], cover);
            en_row[BEST_COVER] = most(en_row[BEST_COVER], cover);
        }
}

/* Lay down the tables [feature][i][j] of all shapes, one after the other. */
WIDE static void fill_tables(const Beads *all, const int64_t *shapes, Py_ssize_t count, float *tables)
{
    Py_ssize_t n = all->ja_side->segments, m = all->en_side->segments;
    for (Py_ssize_t k = 0; k < count; k++) {
        Py_ssize_t a = shapes[2 * k], b = shapes[2 * k + 1], width = m - b + 1, stride = (n - a + 1) * width;
        begin_shape(all, b);
        for (Py_ssize_t i = 0; i + a <= n; i++) fill_row(all, tables + i * width, stride, a, b, i);
        tables += FEATURES * stride;
    }
}

/* Sets of weights, as model.Weights.vector() has them, and what comes of them. */
typedef struct {
    Py_ssize_t sets, count;  /* of shapes */
    const int64_t *shapes;
    const double *weights;   /* [set][weight] */
    double *scores;          /* [set][shape][i][j] by where a bead ends */
    float *kept;             /* [shape][coverage, mean][i][j], likewise */
} Scale;

static Py_ssize_t weights_of_set(const Scale *scale) { return 2 * FEATURES + scale->count + 2 * SKIPS; }

/* Add five features of a row. */
ROW void add_weighted(float *restrict sum, const float *restrict table, Py_ssize_t stride, const float *w, Py_ssize_t count)
{
    const float *t0 = table, *t1 = t0 + stride, *t2 = t1 + stride, *t3 = t2 + stride, *t4 = t3 + stride;
    for (Py_ssize_t j = 0; j < count; j++)
        sum[j] += w[0] * t0[j] + w[1] * t1[j] + (w[2] * t2[j] + w[3] * t3[j]) + w[4] * t4[j];
}

/* Weigh the beads of shape k. `table` is room for the features of a row, zeros at first, `sum` for their sum. */
WIDE static void weigh_shape(const Beads *all, const Scale *scale, Py_ssize_t k, float *table, float *sum)
{
    Py_ssize_t n = all->ja_side->segments, m = all->en_side->segments, cells = (n + 1) * (m + 1);
    Py_ssize_t a = scale->shapes[2 * k], b = scale->shapes[2 * k + 1], count = m - b + 1;
    begin_shape(all, b);
    for (Py_ssize_t i = 0; i + a <= n; i++) {
        Py_ssize_t at = (i + a) * (m + 1) + b;
        fill_row(all, table, m, a, b, i);
        memcpy(scale->kept + 2 * k * cells + at, table + COVERAGE * m, (size_t)count * sizeof(float));
        memcpy(scale->kept + (2 * k + 1) * cells + at, table + MEAN * m, (size_t)count * sizeof(float));
        for (Py_ssize_t s = 0; s < scale->sets; s++) {
            const double *weights = scale->weights + s * weights_of_set(scale);
            double *restrict score = scale->scores + (s * scale->count + k) * cells + at, bias = weights[2 * FEATURES + k];
            float w[FEATURES];
            for (int f = 0; f < FEATURES; f++) w[f] = (float)(a + b > 2 ? weights[f] + weights[FEATURES + f] : weights[f]);
            memset(sum, 0, (size_t)count * sizeof(float));
            add_weighted(sum, table, m, w, count);
            add_weighted(sum, table + 5 * m, m, w + 5, count);
            add_weighted(sum, table + CROSSING * m, m, w + CROSSING, count);
            if (all->structure) for (int f = KINDS; f < CROSSING; f++)
                for (Py_ssize_t j = 0; j < count; j++) sum[j] += w[f] * table[f * m + j];
            for (Py_ssize_t j = 0; j < count; j++) score[j] = (double)sum[j] + bias;
        }
    }
}

/* Weigh the segments of one side as beads by themselves; the skip rate is for the model to add. */
static void weigh_skips(const Beads *all, const Scale *scale, Py_ssize_t k, const float *skips)
{
    Py_ssize_t n = all->ja_side->segments, m = all->en_side->segments, a = scale->shapes[2 * k];
    for (Py_ssize_t s = 0; s < scale->sets; s++) {
        const double *weights = scale->weights + s * weights_of_set(scale), *w = weights + 2 * FEATURES + scale->count + (a ? 0 : SKIPS);
        double *scores = scale->scores + (s * scale->count + k) * (n + 1) * (m + 1), bias = weights[2 * FEATURES + k];
        for (Py_ssize_t at = 0; at < (a ? n : m); at++) {
            double score = 0.0;
            for (int f = 0; f < SKIPS; f++) score += (double)skips[at * SKIPS + f] * w[f];
            if (a) for (Py_ssize_t j = 0; j <= m; j++) scores[(at + 1) * (m + 1) + j] = score + bias;
            else for (Py_ssize_t i = 0; i <= n; i++) scores[i * (m + 1) + at + 1] = score + bias;
        }
    }
}

/* Say where no bead can end: what it takes is not there. */
static void bar(const Scale *scale, Py_ssize_t n, Py_ssize_t m)
{
    double *row = scale->scores;
    for (Py_ssize_t s = 0; s < scale->sets; s++)
        for (Py_ssize_t k = 0; k < scale->count; k++)
            for (Py_ssize_t i = 0; i <= n; i++, row += m + 1) {
                Py_ssize_t most_barred = i < scale->shapes[2 * k] ? m + 1 : scale->shapes[2 * k + 1];
                for (Py_ssize_t j = 0; j < most_barred && j <= m; j++) row[j] = NEVER;
            }
}

static int weigh(const Beads *all, const Scale *scale, Room *room)
{
    Py_ssize_t n = all->ja_side->segments, m = all->en_side->segments;
    float *ja_skips = take(room, n * SKIPS, sizeof(float)), *en_skips = take(room, m * SKIPS, sizeof(float));
    float *table = take_blank(room, FEATURES * m, sizeof(float)), *sum = take(room, m, sizeof(float));
    if (room->failed) return 0;
    fill_skips(all, ja_skips, en_skips);
    bar(scale, n, m);
    for (Py_ssize_t k = 0; k < scale->count; k++) {
        Py_ssize_t a = scale->shapes[2 * k], b = scale->shapes[2 * k + 1];
        if (!a || !b) weigh_skips(all, scale, k, a ? ja_skips : en_skips);
        else if (a <= n && b <= m) weigh_shape(all, scale, k, table, sum);
    }
    return 1;
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
    if (side->segments >= INT32_MAX - LONGEST || side->units >= INT32_MAX - 2 || COUNT(UNIT) >= INT32_MAX) goto misfit;
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

/* Hold the arrays of the structure of both sides, or none; likewise checked. */
static int open_structure(PyObject *arrays, Views *views, Structure *structure, Py_ssize_t n, Py_ssize_t m)
{
    const float **fields[] = { &structure->kinds, &structure->markers, &structure->starts, &structure->ja_begins, &structure->en_begins };
    const Py_ssize_t sizes[] = { n * m, n * m, n * m, n + 1, m + 1 };
    if (arrays == Py_None) return 1;
    if (!PyTuple_Check(arrays) || PyTuple_GET_SIZE(arrays) != 5) goto misfit;
    for (int k = 0; k < 5; k++) {
        if (PyObject_GetBuffer(PyTuple_GET_ITEM(arrays, k), &views->view[k], PyBUF_C_CONTIGUOUS) < 0) return 0;
        views->held = k + 1;
        if (views->view[k].itemsize != 4 || views->view[k].len != 4 * sizes[k]) goto misfit;
        *fields[k] = views->view[k].buf;
    }
    return 1;
misfit:
    PyErr_SetString(PyExc_ValueError, "the arrays of the structure do not fit the sides");
    return 0;
}

/* A pair of documents, held until all is done with it. */
typedef struct {
    PyObject *ja_arrays, *en_arrays, *structure_arrays;
    Views ja_views, en_views, structure_views;
    Side ja, en;
    Structure structure;
    Beads all;
    Py_ssize_t reach;
    Room room;
} Pair;

static int open_pair(Pair *pair)
{
    if (!open_side(pair->ja_arrays, &pair->ja_views, &pair->ja) || !open_side(pair->en_arrays, &pair->en_views, &pair->en)) return 0;
    Py_ssize_t n = pair->ja.segments, m = pair->en.segments;
    if (n < 1 || m < 1 || n > PY_SSIZE_T_MAX / 16384 / (m + 1) || pair->reach < 1
        || !below(pair->ja.to, pair->ja.link[pair->ja.units], pair->en.units)
        || !below(pair->en.to, pair->en.link[pair->en.units], pair->ja.units)) {
        PyErr_SetString(PyExc_ValueError, "the sides do not fit each other");
        return 0;
    }
    if (!open_structure(pair->structure_arrays, &pair->structure_views, &pair->structure, n, m)) return 0;
    enter(&pair->room);
    pair->all.ja_side = &pair->ja;
    pair->all.en_side = &pair->en;
    pair->all.structure = pair->structure_arrays == Py_None ? NULL : &pair->structure;
    return 1;
}

static void close_pair(Pair *pair)
{
    release(&pair->ja_views); release(&pair->en_views); release(&pair->structure_views);
    leave(&pair->room);
}

/* Tell whether there are features of every shape; `one_sided` ones have some, too. */
static int known_shapes(const Py_buffer *shapes, int one_sided, Py_ssize_t n, Py_ssize_t m)
{
    const int64_t *shape = shapes->buf;
    if (shapes->len % 16 || shapes->len / 16 > 64) return 0;
    for (Py_ssize_t k = 0; k < shapes->len / 16; k++) {
        int64_t a = shape[2 * k], b = shape[2 * k + 1];
        if (one_sided && a + b == 1 && (a == 0 || b == 0)) continue;
        if (a < 1 || b < 1 || a > LONGEST || b > widest((Py_ssize_t)a)) return 0;
        if (!one_sided && (a > n || b > m)) return 0;
    }
    return 1;
}

static int fits_tables(const Pair *pair, const Py_buffer *shapes, const Py_buffer *tables, const Py_buffer *ja, const Py_buffer *en)
{
    const int64_t *shape = shapes->buf;
    Py_ssize_t n = pair->ja.segments, m = pair->en.segments, size = 0;
    if (!known_shapes(shapes, 0, n, m)) return 0;
    for (Py_ssize_t k = 0; k < shapes->len / 16; k++) size += FEATURES * (n - shape[2 * k] + 1) * (m - shape[2 * k + 1] + 1);
    return tables->len == 4 * size && ja->len == 4 * n * SKIPS && en->len == 4 * m * SKIPS;
}

static PyObject *py_fill(PyObject *self, PyObject *args)
{
    Pair pair = { .reach = 0 };
    Py_buffer shapes, tables, ja, en;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "OOOfny*w*w*w*", &pair.ja_arrays, &pair.en_arrays, &pair.structure_arrays, &pair.all.ratio,
                          &pair.reach, &shapes, &tables, &ja, &en)) return NULL;
    if (open_pair(&pair)) {
        if (!fits_tables(&pair, &shapes, &tables, &ja, &en)) {
            PyErr_SetString(PyExc_ValueError, "the tables do not fit the sides");
        } else {
            int ok;
            Py_BEGIN_ALLOW_THREADS
            ok = open_beads(&pair.all, pair.reach, &pair.room);
            if (ok) {
                fill_tables(&pair.all, shapes.buf, shapes.len / 16, tables.buf);
                fill_skips(&pair.all, ja.buf, en.buf);
            }
            Py_END_ALLOW_THREADS
            result = ok ? Py_NewRef(Py_None) : PyErr_NoMemory();
        }
    }
    close_pair(&pair);
    PyBuffer_Release(&shapes); PyBuffer_Release(&tables); PyBuffer_Release(&ja); PyBuffer_Release(&en);
    return result;
}

static int fits_scale(const Pair *pair, const Scale *scale, const Py_buffer *weights, const Py_buffer *scores, const Py_buffer *kept)
{
    Py_ssize_t cells = (pair->ja.segments + 1) * (pair->en.segments + 1), one = 8 * weights_of_set(scale);
    return scale->sets <= 64 && weights->len == scale->sets * one && scores->len == 8 * scale->sets * scale->count * cells
        && kept->len == 4 * 2 * scale->count * cells;
}

static PyObject *py_weigh(PyObject *self, PyObject *args)
{
    Pair pair = { .reach = 0 };
    Py_buffer shapes, weights, scores, kept;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "OOOfny*y*w*w*", &pair.ja_arrays, &pair.en_arrays, &pair.structure_arrays, &pair.all.ratio,
                          &pair.reach, &shapes, &weights, &scores, &kept)) return NULL;
    if (open_pair(&pair)) {
        Scale scale = { 0, shapes.len / 16, shapes.buf, weights.buf, scores.buf, kept.buf };
        scale.sets = weights.len / 8 / weights_of_set(&scale);
        if (!known_shapes(&shapes, 1, pair.ja.segments, pair.en.segments) || !fits_scale(&pair, &scale, &weights, &scores, &kept)) {
            PyErr_SetString(PyExc_ValueError, "the tables do not fit the sides");
        } else {
            int ok;
            Py_BEGIN_ALLOW_THREADS
            ok = open_beads(&pair.all, pair.reach, &pair.room) && weigh(&pair.all, &scale, &pair.room);
            Py_END_ALLOW_THREADS
            result = ok ? Py_NewRef(Py_None) : PyErr_NoMemory();
        }
    }
    close_pair(&pair);
    PyBuffer_Release(&shapes); PyBuffer_Release(&weights); PyBuffer_Release(&scores); PyBuffer_Release(&kept);
    return result;
}

static PyMethodDef methods[] = {
    {"fill", py_fill, METH_VARARGS,
     "fill(ja, en, structure, ratio, reach, shapes, tables, ja_skips, en_skips): features of all candidate beads"},
    {"weigh", py_weigh, METH_VARARGS,
     "weigh(ja, en, structure, ratio, reach, shapes, weights, scores, kept): scores of all candidate beads"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_features", "Features of candidate beads, compiled.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__features(void) { return PyModule_Create(&module); }
