/* Look-ups in word tables: rows of keys, cells where rows and columns cross, links by way of kin.
 *
 * tables.py and kinship.py hold the same in NumPy; the tests hold both equal. Tables come from files: every number
 * that is read from one is checked before it is used as a place.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "_search.h"

static PyObject *py_find(PyObject *self, PyObject *args)
{
    Py_buffer keys, wanted, places;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*y*w*", &keys, &wanted, &places)) return NULL;
    if (keys.len % 8 || wanted.len % 8 || places.len != wanted.len) {
        PyErr_SetString(PyExc_ValueError, "keys and places do not fit each other");
    } else {
        for (Py_ssize_t k = 0; k < wanted.len / 8; k++)
            ((int64_t *)places.buf)[k] = place_of(keys.buf, keys.len / 8, ((const uint64_t *)wanted.buf)[k]);
        result = Py_NewRef(Py_None);
    }
    PyBuffer_Release(&keys); PyBuffer_Release(&wanted); PyBuffer_Release(&places);
    return result;
}

/* A table as its arrays: the cells of row r are start[r]..start[r + 1). */
typedef struct {
    const uint32_t *start;
    const void *column;
    Py_ssize_t rows, cells, columns;
    int wide;  /* columns are 32 bits, not 16 */
} Table;

static inline Py_ssize_t column_of(const Table *table, Py_ssize_t cell)
{
    return table->wide ? (Py_ssize_t)((const uint32_t *)table->column)[cell] : ((const uint16_t *)table->column)[cell];
}

static int open_table(Table *table, const Py_buffer *start, const Py_buffer *column, Py_ssize_t width, Py_ssize_t columns)
{
    if (start->len < 4 || start->len % 4 || (width != 2 && width != 4) || column->len % width || columns < 0) return 0;
    table->start = start->buf;
    table->column = column->buf;
    table->wide = width == 4;
    table->rows = start->len / 4 - 1;
    table->cells = column->len / width;
    table->columns = columns;
    return 1;
}

/* The cells of a row, each in a column the table has; 0 where the file is damaged. A row of -1 has none. */
static int row_of(const Table *table, int64_t row, Py_ssize_t *from, Py_ssize_t *to)
{
    *from = *to = 0;
    if (row < 0) return 1;
    if (row >= table->rows || table->start[row] > table->start[row + 1] || table->start[row + 1] > (size_t)table->cells) return 0;
    *from = table->start[row];
    *to = table->start[row + 1];
    for (Py_ssize_t cell = *from; cell < *to; cell++) if (column_of(table, cell) >= table->columns) return 0;
    return 1;
}

/* Triples that grow as they are found. */
typedef struct {
    int64_t *row, *column, *place;
    float *weight;
    Py_ssize_t count, room;
} Found;

static int add(Found *found, int64_t row, int64_t column, int64_t place, float weight)
{
    if (found->count == found->room) {
        Py_ssize_t room = found->room ? 2 * found->room : 1024;
        int64_t *rows = realloc(found->row, (size_t)room * 8);
        if (rows) found->row = rows;
        int64_t *columns = realloc(found->column, (size_t)room * 8);
        if (columns) found->column = columns;
        int64_t *places = realloc(found->place, (size_t)room * 8);
        if (places) found->place = places;
        float *weights = realloc(found->weight, (size_t)room * 4);
        if (weights) found->weight = weights;
        if (!rows || !columns || !places || !weights) return 0;
        found->room = room;
    }
    found->row[found->count] = row;
    found->column[found->count] = column;
    found->place[found->count] = place;
    found->weight[found->count++] = weight;
    return 1;
}

static void close_found(Found *found)
{
    free(found->row); free(found->column); free(found->place); free(found->weight);
}

enum { FINE, DAMAGED, NO_MEMORY };

/* The cells where given rows and columns cross; a column of -1 is none, and of equal ones the last one counts. */
static int cross(const Table *table, const int64_t *rows, Py_ssize_t count, const int64_t *columns, Py_ssize_t width, Found *found)
{
    int32_t *local = malloc((size_t)(table->columns + 1) * sizeof(int32_t));
    int state = local ? FINE : NO_MEMORY;
    if (local) memset(local, 0xff, (size_t)(table->columns + 1) * sizeof(int32_t));
    for (Py_ssize_t k = 0; state == FINE && k < width; k++) {
        if (columns[k] >= table->columns) state = DAMAGED;
        else if (columns[k] >= 0) local[columns[k]] = (int32_t)k;
    }
    for (Py_ssize_t k = 0; state == FINE && k < count; k++) {
        Py_ssize_t from, to;
        if (!row_of(table, rows[k], &from, &to)) state = DAMAGED;
        for (Py_ssize_t cell = from; state == FINE && cell < to; cell++) {
            int32_t column = local[column_of(table, cell)];
            if (column >= 0 && !add(found, k, column, cell, 0.0f)) state = NO_MEMORY;
        }
    }
    free(local);
    return state;
}

/* What was found as bytes; `last` is an array of items of `size` bytes. */
static PyObject *as_bytes(const Found *found, const void *last, Py_ssize_t size)
{
    const void *arrays[3] = { found->row, found->column, last };
    PyObject *result = PyTuple_New(3);
    for (int k = 0; result && k < 3; k++) {
        PyObject *bytes = PyBytes_FromStringAndSize(arrays[k] ? arrays[k] : "", found->count * (k < 2 ? 8 : size));
        if (!bytes) Py_CLEAR(result);
        else PyTuple_SET_ITEM(result, k, bytes);
    }
    return result;
}

static PyObject *failed(int state)
{
    if (state == NO_MEMORY) return PyErr_NoMemory();
    PyErr_SetString(PyExc_ValueError, "a word table is damaged, or is asked for rows or columns that it does not have");
    return NULL;
}

static PyObject *py_cross(PyObject *self, PyObject *args)
{
    Py_buffer start, column, rows, columns;
    Py_ssize_t item, stems;
    Table table;
    Found found = { 0 };
    PyObject *result = NULL;
    int state = DAMAGED;
    if (!PyArg_ParseTuple(args, "y*y*nny*y*", &start, &column, &item, &stems, &rows, &columns)) return NULL;
    if (open_table(&table, &start, &column, item, stems) && !(rows.len % 8) && !(columns.len % 8) && columns.len / 8 <= INT32_MAX)
        state = cross(&table, rows.buf, rows.len / 8, columns.buf, columns.len / 8, &found);
    result = state == FINE ? as_bytes(&found, found.place, 8) : failed(state);
    close_found(&found);
    PyBuffer_Release(&start); PyBuffer_Release(&column); PyBuffer_Release(&rows); PyBuffer_Release(&columns);
    return result;
}

/* Who stands near a column: entries near[begin[c]..begin[c + 1]) of English word and cosine. */
typedef struct {
    int64_t *begin;
    int32_t *word;
    float *cosine;
} Near;

static int open_near(const Table *kin, const uint8_t *cosine, const int64_t *rows, Py_ssize_t count, Near *near)
{
    int64_t total = 0;
    Py_ssize_t from, to;
    near->begin = calloc((size_t)kin->columns + 2, sizeof(int64_t));
    if (!near->begin) return NO_MEMORY;
    for (Py_ssize_t k = 0; k < count; k++) {
        if (!row_of(kin, rows[k], &from, &to)) return DAMAGED;
        for (Py_ssize_t cell = from; cell < to; cell++) near->begin[column_of(kin, cell) + 2]++;
        total += to - from;
    }
    near->word = malloc((size_t)(total + 1) * sizeof(int32_t));
    near->cosine = malloc((size_t)(total + 1) * sizeof(float));
    if (!near->word || !near->cosine) return NO_MEMORY;
    for (Py_ssize_t c = 0; c < kin->columns; c++) near->begin[c + 2] += near->begin[c + 1];
    for (Py_ssize_t k = 0; k < count; k++) {
        row_of(kin, rows[k], &from, &to);
        for (Py_ssize_t cell = from; cell < to; cell++) {
            int64_t at = near->begin[column_of(kin, cell) + 1]++;
            near->word[at] = (int32_t)k;
            near->cosine[at] = (float)cosine[cell] / 255.0f;
        }
    }
    return FINE;
}

static int ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* Links of Japanese words to English ones by way of a third: weight times cosine, summed over all ways. */
static int akin(const Table *words, const uint8_t *weight, const int64_t *ja, Py_ssize_t ja_count, const Near *near,
                Py_ssize_t en_count, double scale, double most, double least, Found *found)
{
    double *strength = calloc((size_t)en_count + 1, sizeof(double));
    int32_t *touched = malloc((size_t)(en_count + 1) * sizeof(int32_t));
    int state = strength && touched ? FINE : NO_MEMORY;
    for (Py_ssize_t k = 0; state == FINE && k < ja_count; k++) {
        Py_ssize_t from, to, known = 0;
        if (!row_of(words, ja[k], &from, &to)) { state = DAMAGED; break; }
        for (Py_ssize_t cell = from; cell < to; cell++) {
            Py_ssize_t stem = column_of(words, cell);
            float worth = (float)weight[cell] / 255.0f;
            for (int64_t at = near->begin[stem]; at < near->begin[stem + 1]; at++) {
                int32_t word = near->word[at];
                if (strength[word] == 0.0) touched[known++] = word;
                strength[word] += worth * near->cosine[at];
                if (strength[word] == 0.0) known--;  /* a cosine of nothing leaves no mark */
            }
        }
        qsort(touched, (size_t)known, sizeof(int32_t), ascending);
        for (Py_ssize_t t = 0; t < known; t++) {
            double sum = strength[touched[t]] * scale;
            float value = (float)(sum < most ? sum : most);
            strength[touched[t]] = 0.0;
            if (value >= (float)least && !add(found, k, touched[t], 0, value)) { state = NO_MEMORY; break; }
        }
    }
    free(strength); free(touched);
    return state;
}

static PyObject *py_akin(PyObject *self, PyObject *args)
{
    Py_buffer view[8];
    Py_ssize_t item, kin_item, stems;
    double scale, most, least;
    Table words, kin;
    Near near = { 0 };
    Found found = { 0 };
    PyObject *result = NULL;
    int state = DAMAGED;
    if (!PyArg_ParseTuple(args, "y*y*ny*y*y*ny*y*y*nddd", view, view + 1, &item, view + 2, view + 3, view + 4, &kin_item,
                          view + 5, view + 6, view + 7, &stems, &scale, &most, &least)) return NULL;
    if (open_table(&words, view, view + 1, item, stems) && open_table(&kin, view + 3, view + 4, kin_item, stems)
        && view[2].len == words.cells && view[5].len == kin.cells && !(view[6].len % 8) && !(view[7].len % 8)
        && view[7].len / 8 <= INT32_MAX)
        state = open_near(&kin, view[5].buf, view[7].buf, view[7].len / 8, &near);
    if (state == FINE)
        state = akin(&words, view[2].buf, view[6].buf, view[6].len / 8, &near, view[7].len / 8, scale, most, least, &found);
    result = state == FINE ? as_bytes(&found, found.weight, 4) : failed(state);
    close_found(&found);
    free(near.begin); free(near.word); free(near.cosine);
    for (int k = 0; k < 8; k++) PyBuffer_Release(&view[k]);
    return result;
}

static PyMethodDef methods[] = {
    {"find", py_find, METH_VARARGS, "find(keys, wanted, places): where each wanted key stands among sorted ones, or -1"},
    {"cross", py_cross, METH_VARARGS,
     "cross(start, column, item, stems, rows, columns) -> (row, column, place) of the cells where they cross, as bytes"},
    {"akin", py_akin, METH_VARARGS,
     "akin(start, column, item, weight, kin_start, kin_column, kin_item, kin_weight, ja_rows, en_rows, stems, scale, most, "
     "least) -> "
     "(row, column, weight) of the links by way of kin, as bytes"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_tables", "Look-ups in word tables, compiled.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__tables(void) { return PyModule_Create(&module); }
