/* Pairs of units from several sources joined into one sparse matrix, and that matrix as the features' kernel reads it.
 *
 * association.py holds the joining in NumPy; the tests hold both equal.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A pair of units and what is known of it; `told` says whether the probabilities are. */
typedef struct {
    int64_t row, column;
    float weight, to_en, to_ja;
    int told;
} Link;

typedef struct {
    Link *at;
    Py_ssize_t count;
} Links;

enum { ROW, COLUMN, WEIGHT, TO_EN, TO_JA, FIELDS };

/* The arrays of a source, or of the joined matrix; those that it lacks are NULL. */
typedef struct {
    Py_buffer view[FIELDS];
    Py_ssize_t count;
} Arrays;

static int sizes_hold(Py_ssize_t height, Py_ssize_t width)
{
    if (height >= 0 && width >= 0 && height < INT32_MAX && width < INT32_MAX) return 1;
    PyErr_SetString(PyExc_ValueError, "vocabularies cannot have that many units");
    return 0;
}

static void close_arrays(Arrays *arrays)
{
    for (int k = 0; k < FIELDS; k++) if (arrays->view[k].obj) PyBuffer_Release(&arrays->view[k]);
}

static int open_arrays(Arrays *arrays, PyObject *given, Py_ssize_t height, Py_ssize_t width)
{
    memset(arrays, 0, sizeof(Arrays));
    if (!PyTuple_Check(given) || PyTuple_GET_SIZE(given) != FIELDS) {
        PyErr_SetString(PyExc_TypeError, "links are not a tuple of five arrays");
        return 0;
    }
    for (int k = 0; k < FIELDS; k++) {
        PyObject *array = PyTuple_GET_ITEM(given, k);
        if (array == Py_None && k >= WEIGHT) continue;
        if (PyObject_GetBuffer(array, &arrays->view[k], PyBUF_SIMPLE) < 0) return 0;
    }
    arrays->count = arrays->view[ROW].len / 8;
    int fit = arrays->view[ROW].len % 8 == 0 && arrays->view[COLUMN].len == arrays->view[ROW].len
        && !arrays->view[TO_EN].obj == !arrays->view[TO_JA].obj;
    for (int k = WEIGHT; k < FIELDS; k++) fit = fit && (!arrays->view[k].obj || arrays->view[k].len == 4 * arrays->count);
    const int64_t *row = arrays->view[ROW].buf, *column = arrays->view[COLUMN].buf;
    for (Py_ssize_t k = 0; fit && k < arrays->count; k++)
        fit = row[k] >= 0 && row[k] < height && column[k] >= 0 && column[k] < width;
    if (!fit) PyErr_SetString(PyExc_ValueError, "the links of a source do not fit each other or the vocabularies");
    return fit;
}

static int take(Links *links, const Arrays *arrays)
{
    Link *at = realloc(links->at, (size_t)(links->count + arrays->count + 1) * sizeof(Link));
    if (!at) return 0;
    links->at = at;
    const float *weight = arrays->view[WEIGHT].buf, *to_en = arrays->view[TO_EN].buf, *to_ja = arrays->view[TO_JA].buf;
    for (Py_ssize_t k = 0; k < arrays->count; k++) {
        Link link = { ((const int64_t *)arrays->view[ROW].buf)[k], ((const int64_t *)arrays->view[COLUMN].buf)[k],
                      weight ? weight[k] : 0.0f, to_en ? to_en[k] : 0.0f, to_en ? to_ja[k] : 0.0f, to_en != NULL };
        at[links->count++] = link;
    }
    return 1;
}

/* Copy links sorted by row, or by column; equals stay in order. `begin` gets where each of `size` begins, and the end. */
static void sort_links(const Links *from, Link *to, int by_column, Py_ssize_t size, int64_t *begin)
{
    memset(begin, 0, (size_t)(size + 1) * sizeof(int64_t));
    for (Py_ssize_t k = 0; k < from->count; k++) begin[(by_column ? from->at[k].column : from->at[k].row) + 1]++;
    for (Py_ssize_t k = 0; k < size; k++) begin[k + 1] += begin[k];
    for (Py_ssize_t k = 0; k < from->count; k++) to[begin[by_column ? from->at[k].column : from->at[k].row]++] = from->at[k];
    memmove(begin + 1, begin, (size_t)size * sizeof(int64_t));
    begin[0] = 0;
}

/* Make one of each pair of sorted links: the best weight, and the probabilities that were told last. */
static void merge(Links *links)
{
    Py_ssize_t kept = 0;
    for (Py_ssize_t k = 0; k < links->count; k++) {
        Link *last = links->at + kept - 1;
        const Link *link = links->at + k;
        if (!kept || last->row != link->row || last->column != link->column) {
            links->at[kept++] = *link;
            continue;
        }
        if (link->weight > last->weight) last->weight = link->weight;
        if (link->told) { last->to_en = link->to_en; last->to_ja = link->to_ja; }
    }
    links->count = kept;
}

static int sort_and_merge(Links *links, Py_ssize_t height, Py_ssize_t width)
{
    Py_ssize_t longest = height > width ? height : width;
    int64_t *begin = malloc((size_t)(longest + 1) * sizeof(int64_t));
    Link *other = malloc((size_t)(links->count + 1) * sizeof(Link));
    int ok = begin && other;
    if (ok) {
        Links sorted = { other, links->count };
        sort_links(links, other, 1, width, begin);
        sort_links(&sorted, links->at, 0, height, begin);
        merge(links);
    }
    free(begin);
    free(other);
    return ok;
}

static PyObject *as_bytes(const Links *links)
{
    PyObject *result = PyTuple_New(FIELDS);
    for (int field = 0; result && field < FIELDS; field++) {
        PyObject *bytes = PyBytes_FromStringAndSize(NULL, links->count * (field < WEIGHT ? 8 : 4));
        if (!bytes) { Py_CLEAR(result); break; }
        PyTuple_SET_ITEM(result, field, bytes);
        char *to = PyBytes_AS_STRING(bytes);
        for (Py_ssize_t k = 0; k < links->count; k++) {
            const Link *link = links->at + k;
            if (field < WEIGHT) ((int64_t *)to)[k] = field == ROW ? link->row : link->column;
            else ((float *)to)[k] = field == WEIGHT ? link->weight : field == TO_EN ? link->to_en : link->to_ja;
        }
    }
    return result;
}

/* The place of a string in an index, -1 where it is not there, -2 on failure. */
static Py_ssize_t place_of(PyObject *index, PyObject *string)
{
    PyObject *place = PyDict_GetItemWithError(index, string);
    if (!place) return PyErr_Occurred() ? -2 : -1;
    Py_ssize_t number = PyLong_AsSsize_t(place);
    return number < 0 ? -2 : number;
}

/* Link a unit with those of its forms that the other side has; 0 on failure. */
static int meet(Links *links, PyObject *unit, PyObject *forms, PyObject *ja, PyObject *en)
{
    if (!PyTuple_Check(forms)) { PyErr_SetString(PyExc_TypeError, "forms are not a tuple"); return 0; }
    for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(forms); k++) {
        PyObject *form = PyTuple_GET_ITEM(forms, k);
        if (!PyTuple_Check(form) || PyTuple_GET_SIZE(form) != 2) {
            PyErr_SetString(PyExc_TypeError, "a form is not a string and a weight");
            return 0;
        }
        Py_ssize_t column = place_of(en, PyTuple_GET_ITEM(form, 0));
        if (column == -1) continue;
        Py_ssize_t row = column < 0 ? -2 : place_of(ja, unit);
        double weight = row < 0 ? 0.0 : PyFloat_AsDouble(PyTuple_GET_ITEM(form, 1));
        if (row < 0 || PyErr_Occurred()) {
            if (!PyErr_Occurred()) PyErr_SetString(PyExc_ValueError, "a unit has no place");
            return 0;
        }
        Link *at = realloc(links->at, (size_t)(links->count + 1) * sizeof(Link));
        if (!at) { PyErr_NoMemory(); return 0; }
        links->at = at;
        Link link = { row, column, (float)weight, 0.0f, 0.0f, 0 };
        at[links->count++] = link;
    }
    return 1;
}

static PyObject *py_meet(PyObject *self, PyObject *args)
{
    PyObject *units, *forms, *ja, *en, *result = NULL;
    Links links = { 0 };
    if (!PyArg_ParseTuple(args, "O!O!O!O!", &PyTuple_Type, &units, &PyTuple_Type, &forms, &PyDict_Type, &ja, &PyDict_Type, &en))
        return NULL;
    int ok = PyTuple_GET_SIZE(units) == PyTuple_GET_SIZE(forms);
    if (!ok) PyErr_SetString(PyExc_ValueError, "units and forms do not fit each other");
    for (Py_ssize_t k = 0; ok && k < PyTuple_GET_SIZE(units); k++)
        ok = meet(&links, PyTuple_GET_ITEM(units, k), PyTuple_GET_ITEM(forms, k), ja, en);
    PyObject *all = ok ? as_bytes(&links) : NULL;
    if (all) result = PyTuple_GetSlice(all, ROW, TO_EN);
    Py_XDECREF(all);
    free(links.at);
    return result;
}

static PyObject *py_join(PyObject *self, PyObject *args)
{
    PyObject *sources;
    Py_ssize_t height, width;
    Links links = { 0 };
    if (!PyArg_ParseTuple(args, "O!nn", &PyTuple_Type, &sources, &height, &width) || !sizes_hold(height, width)) return NULL;
    int ok = 1;
    for (Py_ssize_t k = 0; ok && k < PyTuple_GET_SIZE(sources); k++) {
        Arrays arrays;
        ok = open_arrays(&arrays, PyTuple_GET_ITEM(sources, k), height, width);
        if (ok && !take(&links, &arrays)) { PyErr_NoMemory(); ok = 0; }
        close_arrays(&arrays);
    }
    if (ok && !sort_and_merge(&links, height, width)) { PyErr_NoMemory(); ok = 0; }
    PyObject *result = ok ? as_bytes(&links) : NULL;
    free(links.at);
    return result;
}

/* What the kernel takes a link to be worth: see feature_arrays.link_values. */
typedef struct {
    float dictionary_share, learned_from;
} Worth;

static float cover(const Worth *worth, const Link *link)
{
    float learned = link->to_en < link->to_ja ? link->to_en : link->to_ja, most = link->weight;
    if (learned > worth->learned_from && 2.0f * sqrtf(learned) > most) most = 2.0f * sqrtf(learned);
    return most < 1.0f ? most : 1.0f;
}

/* A side's links as bytes: where those of each unit begin; and of each link the other unit, the probability given this
 * side, the cover and the weight. */
static PyObject *side_of(const Links *links, int english, Py_ssize_t size, const Worth *worth)
{
    Link *sorted = malloc((size_t)(links->count + 1) * sizeof(Link));
    PyObject *begin = PyBytes_FromStringAndSize(NULL, (size + 1) * 8);
    PyObject *other = PyBytes_FromStringAndSize(NULL, links->count * 8);
    PyObject *values[3] = { NULL };
    int ok = begin && other && (sorted || PyErr_NoMemory());
    for (int k = 0; k < 3; k++) ok = (values[k] = PyBytes_FromStringAndSize(NULL, links->count * 4)) && ok;
    if (ok) {
        sort_links(links, sorted, english, size, (int64_t *)PyBytes_AS_STRING(begin));
        for (Py_ssize_t k = 0; k < links->count; k++) {
            const Link *link = sorted + k;
            float given = link->weight * worth->dictionary_share + (english ? link->to_ja : link->to_en);
            ((int64_t *)PyBytes_AS_STRING(other))[k] = english ? link->row : link->column;
            ((float *)PyBytes_AS_STRING(values[0]))[k] = given;
            ((float *)PyBytes_AS_STRING(values[1]))[k] = cover(worth, link);
            ((float *)PyBytes_AS_STRING(values[2]))[k] = link->weight;
        }
    }
    PyObject *result = ok ? PyTuple_Pack(5, begin, other, values[0], values[1], values[2]) : NULL;
    Py_XDECREF(begin); Py_XDECREF(other);
    for (int k = 0; k < 3; k++) Py_XDECREF(values[k]);
    free(sorted);
    return result;
}

static PyObject *py_sides(PyObject *self, PyObject *args)
{
    PyObject *given, *result = NULL;
    Py_ssize_t height, width;
    Worth worth;
    Arrays arrays;
    Links links = { 0 };
    if (!PyArg_ParseTuple(args, "Onnff", &given, &height, &width, &worth.dictionary_share, &worth.learned_from)
        || !sizes_hold(height, width)) return NULL;
    if (open_arrays(&arrays, given, height, width)) {
        if (!take(&links, &arrays)) {
            PyErr_NoMemory();
        } else {
            PyObject *ja = side_of(&links, 0, height, &worth), *en = ja ? side_of(&links, 1, width, &worth) : NULL;
            if (en) result = PyTuple_Pack(2, ja, en);
            Py_XDECREF(ja); Py_XDECREF(en);
        }
    }
    close_arrays(&arrays);
    free(links.at);
    return result;
}

static PyMethodDef methods[] = {
    {"join", py_join, METH_VARARGS,
     "join(sources, height, width) -> (row, column, weight, to_en, to_ja) of each linked pair of units, as bytes; a source "
     "is a tuple of such arrays, without the weights or the probabilities if they are None"},
    {"meet", py_meet, METH_VARARGS,
     "meet(units, forms, ja, en) -> (row, column, weight) of the forms that the English index has, as bytes; forms are, of each "
     "unit, a tuple of strings with their weights"},
    {"sides", py_sides, METH_VARARGS,
     "sides(links, height, width, dictionary_share, learned_from) -> of both sides (begin, other, given, cover, weight) of "
     "joined links, as bytes"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_association", "Links between the units of two sides, compiled.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__association(void) { return PyModule_Create(&module); }
