/* Counting for IBM model 1: which tokens of aligned texts meet, and how each is shared among those that explain it.
 *
 * A meeting is a token of the Japanese side of a pair with one of its English side; a cell is a pair of types. Tokens
 * of each side are numbered through all pairs. bitext.py holds the same in NumPy; the tests hold both equal.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>

typedef struct {
    const int32_t *types;   /* of each token */
    const int64_t *sizes;   /* tokens of each pair */
    Py_ssize_t tokens, pairs, distinct;
} Side;

/* Sort `count` places stably by a number of each: places[k] -> sorted, by number[token[places[k]]]. */
static void by_number(const int32_t *number, const int32_t *token, const int32_t *places, int32_t *sorted,
                      Py_ssize_t count, int64_t *room, Py_ssize_t numbers)
{
    for (Py_ssize_t k = 0; k <= numbers; k++) room[k] = 0;
    for (Py_ssize_t k = 0; k < count; k++) room[number[token[k]] + 1]++;
    for (Py_ssize_t k = 0; k < numbers; k++) room[k + 1] += room[k];
    for (Py_ssize_t k = 0; k < count; k++) {
        int32_t place = places ? places[k] : (int32_t)k;
        sorted[room[number[token[place]]]++] = place;
    }
}

/* Fill `ja_token` and `en_token` with the two tokens of every meeting, sorted by Japanese type, then English type. */
static int meet(const Side *ja, const Side *en, int32_t *ja_token, int32_t *en_token, Py_ssize_t count)
{
    Py_ssize_t most = ja->distinct > en->distinct ? ja->distinct : en->distinct;
    size_t bytes = (size_t)(count ? count : 1) * sizeof(int32_t);
    int32_t *first = malloc(bytes), *second = malloc(bytes), *by_column = malloc(bytes), *order = malloc(bytes);
    int64_t *room = malloc((size_t)(most + 2) * sizeof(int64_t));
    int ok = first && second && by_column && order && room;
    if (ok) {
        Py_ssize_t k = 0, ja_from = 0, en_from = 0;
        for (Py_ssize_t pair = 0; pair < ja->pairs; pair++) {
            for (int64_t i = 0; i < ja->sizes[pair]; i++)
                for (int64_t j = 0; j < en->sizes[pair]; j++, k++) {
                    first[k] = (int32_t)(ja_from + i);
                    second[k] = (int32_t)(en_from + j);
                }
            ja_from += ja->sizes[pair];
            en_from += en->sizes[pair];
        }
        by_number(en->types, second, NULL, by_column, count, room, en->distinct);
        by_number(ja->types, first, by_column, order, count, room, ja->distinct);
        for (k = 0; k < count; k++) { ja_token[k] = first[order[k]]; en_token[k] = second[order[k]]; }
    }
    free(first); free(second); free(by_column); free(order); free(room);
    return ok;
}

static int fits(const Side *side, Py_ssize_t bytes)
{
    int64_t sum = 0;
    if (side->distinct < 1 || side->distinct > INT32_MAX || bytes != side->tokens * 4) return 0;
    for (Py_ssize_t k = 0; k < side->pairs; k++) {
        if (side->sizes[k] < 0 || side->sizes[k] > side->tokens) return 0;
        sum += side->sizes[k];
    }
    for (Py_ssize_t k = 0; k < side->tokens; k++) if (side->types[k] < 0 || side->types[k] >= side->distinct) return 0;
    return sum == side->tokens;
}

static PyObject *py_meet(PyObject *self, PyObject *args)
{
    Py_buffer view[6];
    Side ja, en;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*y*ny*y*nw*w*", view, view + 1, &ja.distinct, view + 2, view + 3, &en.distinct,
                          view + 4, view + 5)) return NULL;
    ja.types = view[0].buf; ja.tokens = view[0].len / 4; ja.sizes = view[1].buf; ja.pairs = view[1].len / 8;
    en.types = view[2].buf; en.tokens = view[2].len / 4; en.sizes = view[3].buf; en.pairs = view[3].len / 8;
    int64_t count = 0;
    int ok = ja.pairs == en.pairs && view[1].len == ja.pairs * 8 && view[3].len == en.pairs * 8
          && fits(&ja, view[0].len) && fits(&en, view[2].len);
    for (Py_ssize_t k = 0; ok && k < ja.pairs; k++) {
        count += ja.sizes[k] * en.sizes[k];  /* each side is below 2^31: no sum of products of tokens overflows here */
        ok = count <= INT32_MAX;
    }
    if (!ok || view[4].len != count * 4 || view[5].len != count * 4) {
        PyErr_SetString(PyExc_ValueError, "tokens and pairs do not fit each other");
    } else {
        Py_BEGIN_ALLOW_THREADS
        ok = meet(&ja, &en, view[4].buf, view[5].buf, (Py_ssize_t)count);
        Py_END_ALLOW_THREADS
        result = ok ? Py_NewRef(Py_None) : PyErr_NoMemory();
    }
    for (int k = 0; k < 6; k++) PyBuffer_Release(&view[k]);
    return result;
}

/* Share every token among the cells that may explain it by their probability: the sum and the best share of each. */
static int expect(const int64_t *begin, const int32_t *token, const double *weight, const double *table,
                  Py_ssize_t cells, Py_ssize_t tokens, double *counted, double *best)
{
    double *whole = calloc((size_t)(tokens ? tokens : 1), sizeof(double));
    if (!whole) return 0;
    for (Py_ssize_t c = 0; c < cells; c++) {
        if (table[c] == 0.0) continue;
        for (int64_t k = begin[c]; k < begin[c + 1]; k++) whole[token[k]] += table[c];
    }
    for (Py_ssize_t t = 0; t < tokens; t++) whole[t] = weight[t] / (whole[t] > 1e-12 ? whole[t] : 1e-12);
    for (Py_ssize_t c = 0; c < cells; c++) {
        double sum = 0.0, top = 0.0;
        if (table[c] != 0.0)
            for (int64_t k = begin[c]; k < begin[c + 1]; k++) {
                double share = table[c] * whole[token[k]];
                sum += share;
                if (share > top) top = share;
            }
        counted[c] = sum;
        best[c] = top;
    }
    free(whole);
    return 1;
}

static PyObject *py_expect(PyObject *self, PyObject *args)
{
    Py_buffer view[6];
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*y*y*y*w*w*", view, view + 1, view + 2, view + 3, view + 4, view + 5)) return NULL;
    const int64_t *begin = view[0].buf;
    const int32_t *token = view[1].buf;
    Py_ssize_t cells = view[3].len / 8, meetings = view[1].len / 4, tokens = view[2].len / 8;
    int ok = view[0].len == (cells + 1) * 8 && view[3].len == cells * 8 && view[2].len == tokens * 8
          && view[1].len == meetings * 4 && view[4].len == cells * 8 && view[5].len == cells * 8
          && begin[0] == 0 && begin[cells] == meetings;
    for (Py_ssize_t c = 0; ok && c < cells; c++) ok = begin[c] <= begin[c + 1];
    for (Py_ssize_t k = 0; ok && k < meetings; k++) ok = token[k] >= 0 && token[k] < tokens;
    if (!ok) {
        PyErr_SetString(PyExc_ValueError, "meetings, tokens and cells do not fit each other");
    } else {
        Py_BEGIN_ALLOW_THREADS
        ok = expect(begin, token, view[2].buf, view[3].buf, cells, tokens, view[4].buf, view[5].buf);
        Py_END_ALLOW_THREADS
        result = ok ? Py_NewRef(Py_None) : PyErr_NoMemory();
    }
    for (int k = 0; k < 6; k++) PyBuffer_Release(&view[k]);
    return result;
}

static PyMethodDef methods[] = {
    {"meet", py_meet, METH_VARARGS,
     "meet(ja_types, ja_sizes, ja_distinct, en_types, en_sizes, en_distinct, ja_token, en_token): all meetings, sorted"},
    {"expect", py_expect, METH_VARARGS,
     "expect(begin, token, weight, table, counted, best): tokens shared among the cells that may explain them"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_bitext", "Counting for IBM model 1, compiled.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__bitext(void) { return PyModule_Create(&module); }
