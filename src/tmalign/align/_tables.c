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

/* Where keys were found of late: pairs of a key and its place + 2, each where its last bits say. */
typedef struct {
    uint64_t *at;
    uint64_t size;  /* a power of two, or nothing */
} Recent;

static int64_t recalled(const Recent *recent, const uint64_t *keys, Py_ssize_t count, uint64_t key)
{
    if (!recent->size) return place_of(keys, count, key);
    uint64_t *entry = recent->at + 2 * (key & (recent->size - 1));
    if (!entry[1] || entry[0] != key) {
        entry[0] = key;
        entry[1] = (uint64_t)(place_of(keys, count, key) + 2);
    }
    return (int64_t)entry[1] - 2;
}

static PyObject *py_find(PyObject *self, PyObject *args)
{
    Py_buffer keys, wanted, places, memory;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*y*w*w*", &keys, &wanted, &places, &memory)) return NULL;
    Recent recent = { memory.buf, (uint64_t)memory.len / 16 };
    if (keys.len % 8 || wanted.len % 8 || places.len != wanted.len || memory.len % 16 || (recent.size & (recent.size - 1))) {
        PyErr_SetString(PyExc_ValueError, "keys and places do not fit each other");
    } else {
        for (Py_ssize_t k = 0; k < wanted.len / 8; k++)
            ((int64_t *)places.buf)[k] = recalled(&recent, keys.buf, keys.len / 8, ((const uint64_t *)wanted.buf)[k]);
        result = Py_NewRef(Py_None);
    }
    PyBuffer_Release(&keys); PyBuffer_Release(&wanted); PyBuffer_Release(&places); PyBuffer_Release(&memory);
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

/* The cells of a row; 0 where the file is damaged. A row of -1 has none. */
static int row_of(const Table *table, int64_t row, Py_ssize_t *from, Py_ssize_t *to)
{
    *from = *to = 0;
    if (row < 0) return 1;
    if (row >= table->rows || table->start[row] > table->start[row + 1] || table->start[row + 1] > (size_t)table->cells) return 0;
    *from = table->start[row];
    *to = table->start[row + 1];
    return 1;
}

/* A number for some of a table's columns; only where the bit of a column is set has it one. */
typedef struct {
    uint64_t *bits;
    int32_t *number;
} Chosen;

static int open_chosen(Chosen *chosen, Py_ssize_t columns)
{
    chosen->bits = calloc((size_t)columns / 64 + 1, sizeof(uint64_t));
    chosen->number = malloc((size_t)(columns + 1) * sizeof(int32_t));
    return chosen->bits && chosen->number;
}

static void close_chosen(Chosen *chosen)
{
    free(chosen->bits); free(chosen->number);
}

static inline int is_chosen(const Chosen *chosen, Py_ssize_t column) { return chosen->bits[column / 64] >> column % 64 & 1; }

static inline void choose(Chosen *chosen, Py_ssize_t column, int32_t number)
{
    chosen->bits[column / 64] |= (uint64_t)1 << column % 64;
    chosen->number[column] = number;
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
    Chosen chosen;
    int state = open_chosen(&chosen, table->columns) ? FINE : NO_MEMORY;
    for (Py_ssize_t k = 0; state == FINE && k < width; k++) {
        if (columns[k] >= table->columns) state = DAMAGED;
        else if (columns[k] >= 0) choose(&chosen, columns[k], (int32_t)k);
    }
    for (Py_ssize_t k = 0; state == FINE && k < count; k++) {
        Py_ssize_t from, to;
        if (!row_of(table, rows[k], &from, &to)) state = DAMAGED;
        for (Py_ssize_t cell = from; state == FINE && cell < to; cell++) {
            Py_ssize_t column = column_of(table, cell);
            if (column >= table->columns) state = DAMAGED;
            else if (is_chosen(&chosen, column) && !add(found, k, chosen.number[column], cell, 0.0f)) state = NO_MEMORY;
        }
    }
    close_chosen(&chosen);
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

/* An English word that stands near a column, how near, and the number of the next one there, or -1. */
typedef struct {
    int32_t word, next;
    float cosine;
} Neighbour;

typedef struct {
    Chosen first;  /* of each column's neighbours */
    Neighbour *at;
} Near;

static int open_near(const Table *kin, const uint8_t *cosine, const int64_t *rows, Py_ssize_t count, Near *near)
{
    Py_ssize_t from, to, total = 0;
    for (Py_ssize_t k = 0; k < count; k++) {
        if (!row_of(kin, rows[k], &from, &to)) return DAMAGED;
        total += to - from;
    }
    near->at = malloc((size_t)(total + 1) * sizeof(Neighbour));
    if (total > INT32_MAX || !near->at || !open_chosen(&near->first, kin->columns)) return NO_MEMORY;
    int32_t number = 0;
    for (Py_ssize_t k = 0; k < count; k++) {
        row_of(kin, rows[k], &from, &to);
        for (Py_ssize_t cell = from; cell < to; cell++) {
            Py_ssize_t column = column_of(kin, cell);
            if (column >= kin->columns) return DAMAGED;
            Neighbour found = { (int32_t)k, is_chosen(&near->first, column) ? near->first.number[column] : -1,
                                (float)cosine[cell] / 255.0f };
            near->at[number] = found;
            choose(&near->first, column, number++);
        }
    }
    return FINE;
}

/* What a Japanese word is linked to so far. */
typedef struct {
    double *strength;  /* of each English word */
    int32_t *touched;
    Py_ssize_t count;
} Ways;

static void add_ways(Ways *ways, const Near *near, Py_ssize_t stem, float worth)
{
    for (int32_t at = near->first.number[stem]; at >= 0; at = near->at[at].next) {
        int32_t word = near->at[at].word;
        if (ways->strength[word] == 0.0) ways->touched[ways->count++] = word;
        ways->strength[word] += worth * near->at[at].cosine;
        if (ways->strength[word] == 0.0) ways->count--;  /* a cosine of nothing leaves no mark */
    }
}

static int ascending(const void *a, const void *b)
{
    int32_t x = *(const int32_t *)a, y = *(const int32_t *)b;
    return (x > y) - (x < y);
}

/* How strong links are made of the sums of their ways. */
typedef struct {
    double scale, most, least;
} Measure;

static float measured(const Measure *measure, double sum)
{
    return (float)(sum * measure->scale < measure->most ? sum * measure->scale : measure->most);
}

/* Add the links of a Japanese word that are strong enough, in the order of the English words, and forget all. */
static int take_ways(Ways *ways, const Measure *measure, Py_ssize_t ja, Found *found)
{
    Py_ssize_t kept = 0;
    int ok = 1;
    for (Py_ssize_t t = 0; t < ways->count; t++) {
        int32_t word = ways->touched[t];
        if (measured(measure, ways->strength[word]) >= (float)measure->least) ways->touched[kept++] = word;
        else ways->strength[word] = 0.0;
    }
    if (kept > 1) qsort(ways->touched, (size_t)kept, sizeof(int32_t), ascending);
    for (Py_ssize_t t = 0; ok && t < kept; t++) {
        int32_t word = ways->touched[t];
        ok = add(found, ja, word, 0, measured(measure, ways->strength[word]));
        ways->strength[word] = 0.0;
    }
    ways->count = 0;
    return ok;
}

/* Links of Japanese words to English ones by way of a third: weight times cosine, summed over all ways. */
static int akin(const Table *words, const uint8_t *weight, const int64_t *ja, Py_ssize_t ja_count, const Near *near,
                Py_ssize_t en_count, const Measure *measure, Found *found)
{
    Ways ways = { calloc((size_t)en_count + 1, sizeof(double)), malloc((size_t)(en_count + 1) * sizeof(int32_t)), 0 };
    int state = ways.strength && ways.touched ? FINE : NO_MEMORY;
    for (Py_ssize_t k = 0; state == FINE && k < ja_count; k++) {
        Py_ssize_t from, to;
        if (!row_of(words, ja[k], &from, &to)) { state = DAMAGED; break; }
        for (Py_ssize_t cell = from; cell < to; cell++) {
            Py_ssize_t stem = column_of(words, cell);
            if (stem >= words->columns) { state = DAMAGED; break; }
            if (is_chosen(&near->first, stem)) add_ways(&ways, near, stem, (float)weight[cell] / 255.0f);
        }
        if (state == FINE && !take_ways(&ways, measure, k, found)) state = NO_MEMORY;
    }
    free(ways.strength); free(ways.touched);
    return state;
}

static PyObject *py_akin(PyObject *self, PyObject *args)
{
    Py_buffer view[8];
    Py_ssize_t item, kin_item, stems;
    Measure measure;
    Table words, kin;
    Near near = { 0 };
    Found found = { 0 };
    PyObject *result = NULL;
    int state = DAMAGED;
    if (!PyArg_ParseTuple(args, "y*y*ny*y*y*ny*y*y*nddd", view, view + 1, &item, view + 2, view + 3, view + 4, &kin_item,
                          view + 5, view + 6, view + 7, &stems, &measure.scale, &measure.most, &measure.least)) return NULL;
    if (open_table(&words, view, view + 1, item, stems) && open_table(&kin, view + 3, view + 4, kin_item, stems)
        && view[2].len == words.cells && view[5].len == kin.cells && !(view[6].len % 8) && !(view[7].len % 8)
        && view[7].len / 8 <= INT32_MAX)
        state = open_near(&kin, view[5].buf, view[7].buf, view[7].len / 8, &near);
    if (state == FINE)
        state = akin(&words, view[2].buf, view[6].buf, view[6].len / 8, &near, view[7].len / 8, &measure, &found);
    result = state == FINE ? as_bytes(&found, found.weight, 4) : failed(state);
    close_found(&found);
    close_chosen(&near.first);
    free(near.at);
    for (int k = 0; k < 8; k++) PyBuffer_Release(&view[k]);
    return result;
}

static PyMethodDef methods[] = {
    {"find", py_find, METH_VARARGS, "find(keys, wanted, places, recent): where each wanted key stands among sorted ones, or -1; remembers what was found"},
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
