/* Learning from aligned texts by IBM model 1: types numbered, their meetings laid out, tokens shared among cells.
 *
 * A meeting is a token of the Japanese side of a pair with one of its English side; a cell is a pair of types. Tokens
 * of each side are numbered through all pairs. bitext.py holds the same in Python; the tests hold both equal.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>

#define LEAST 1e-12  /* nothing is divided by less */

/* Without branches, so that compilers make vector code of it: a number that is none of 0..end - 1 has a sign bit, or
 * its distance to the end has one. */
static int below(const int32_t *numbers, Py_ssize_t count, Py_ssize_t end)
{
    uint32_t signs = 0;
    for (Py_ssize_t k = 0; k < count; k++) signs |= (uint32_t)numbers[k] | ((uint32_t)(end - 1) - (uint32_t)numbers[k]);
    return !count || (end > 0 && !(signs >> 31));
}

static int ascending(const int32_t *numbers, Py_ssize_t count)
{
    int ok = 1;
    for (Py_ssize_t k = 1; k < count; k++) ok &= numbers[k - 1] <= numbers[k];
    return ok;
}

/* Strings, each once, in order: `slots` is a hash table of them with room to spare. */
typedef struct {
    PyObject **slots, **found;
    size_t mask;
    Py_ssize_t count;
} Distinct;

static int take(Distinct *distinct, PyObject *word)
{
    if (!PyUnicode_CheckExact(word)) { PyErr_SetString(PyExc_TypeError, "a word is not a string"); return 0; }
    if (PyUnicode_GET_LENGTH(word) > 1 && PyUnicode_READ_CHAR(word, 1) == ':') return 1;
    Py_hash_t hash = PyObject_Hash(word);
    if (hash == -1) return 0;
    size_t at = (size_t)hash & distinct->mask;
    for (; distinct->slots[at]; at = (at + 1) & distinct->mask)
        if (distinct->slots[at] == word || !PyUnicode_Compare(distinct->slots[at], word)) return 1;
    distinct->slots[at] = distinct->found[distinct->count++] = word;
    return 1;
}

/* The words of some segments that can be learned: figures and signs have a colon in the second place. */
static PyObject *py_learnable(PyObject *self, PyObject *args)
{
    PyObject *segments, *result = NULL;
    Py_ssize_t first, end, most = 0;
    Distinct distinct = { 0 };
    if (!PyArg_ParseTuple(args, "O!nn", &PyTuple_Type, &segments, &first, &end)) return NULL;
    int ok = first >= 0 && first <= end && end <= PyTuple_GET_SIZE(segments);
    for (Py_ssize_t s = first; ok && s < end; s++) {
        ok = PyTuple_Check(PyTuple_GET_ITEM(segments, s));
        most += ok ? PyTuple_GET_SIZE(PyTuple_GET_ITEM(segments, s)) : 0;
    }
    if (!ok) { PyErr_SetString(PyExc_ValueError, "there are no such segments, or they are no tuples"); return NULL; }
    for (distinct.mask = 8; distinct.mask < 2 * (size_t)most; distinct.mask *= 2) {}
    distinct.slots = PyMem_Calloc(distinct.mask-- + (size_t)most, sizeof(PyObject *));
    if (!distinct.slots) return PyErr_NoMemory();
    distinct.found = distinct.slots + distinct.mask + 1;
    for (Py_ssize_t s = first; ok && s < end; s++) {
        PyObject *words = PyTuple_GET_ITEM(segments, s);
        for (Py_ssize_t k = 0; ok && k < PyTuple_GET_SIZE(words); k++) ok = take(&distinct, PyTuple_GET_ITEM(words, k));
    }
    if (ok && (result = PyTuple_New(distinct.count)))
        for (Py_ssize_t k = 0; k < distinct.count; k++) PyTuple_SET_ITEM(result, k, Py_NewRef(distinct.found[k]));
    PyMem_Free(distinct.slots);
    return result;
}

/* The types of one side on their way: `types` of each token, `last` of each type the pair that had it last. */
typedef struct {
    PyObject *index, *distinct;
    int32_t *types, *last;
    Py_ssize_t tokens, room, known, seen_room;
} Numbering;

static int roomy(int32_t **numbers, Py_ssize_t *room, Py_ssize_t count)
{
    if (count < *room) return 1;
    Py_ssize_t more = *room ? 2 * *room : 1024;
    int32_t *grown = more <= INT32_MAX ? realloc(*numbers, (size_t)more * sizeof(int32_t)) : NULL;
    if (!grown) { PyErr_NoMemory(); return 0; }
    *numbers = grown;
    *room = more;
    return 1;
}

/* The number of a word, a new one if need be; -1 on failure. */
static Py_ssize_t number_of(Numbering *side, PyObject *word)
{
    if (!PyUnicode_Check(word)) { PyErr_SetString(PyExc_TypeError, "a word is not a string"); return -1; }
    PyObject *number = PyDict_GetItemWithError(side->index, word);
    if (number) return PyLong_AsSsize_t(number);
    if (PyErr_Occurred() || !roomy(&side->last, &side->seen_room, side->known)) return -1;
    number = PyLong_FromSsize_t(side->known);
    int failed = !number || PyDict_SetItem(side->index, word, number) < 0 || PyList_Append(side->distinct, word) < 0;
    Py_XDECREF(number);
    if (failed) return -1;
    side->last[side->known] = -1;
    return side->known++;
}

/* Add the token of a word to those of a pair that has not had it yet. */
static int add_token(Numbering *side, PyObject *word, int32_t pair)
{
    Py_ssize_t number = number_of(side, word);
    if (number < 0) return 0;
    if (side->last[number] == pair) return 1;
    if (!roomy(&side->types, &side->room, side->tokens)) return 0;
    side->last[number] = pair;
    side->types[side->tokens++] = (int32_t)number;
    return 1;
}

static int add_bag(Numbering *side, PyObject *null, PyObject *bag, int32_t pair)
{
    PyObject *words = PySequence_Tuple(bag);
    int ok = words && add_token(side, null, pair);
    for (Py_ssize_t k = 0; ok && k < PyTuple_GET_SIZE(words); k++) ok = add_token(side, PyTuple_GET_ITEM(words, k), pair);
    Py_XDECREF(words);
    return ok;
}

static PyObject *py_number(PyObject *self, PyObject *args)
{
    PyObject *null, *given, *bags, *result = NULL;
    if (!PyArg_ParseTuple(args, "UO", &null, &given) || !(bags = PySequence_Tuple(given))) return NULL;
    Numbering side = { PyDict_New(), PyList_New(0), NULL, NULL, 0, 0, 0, 0 };
    Py_ssize_t count = PyTuple_GET_SIZE(bags);
    PyObject *sizes = PyBytes_FromStringAndSize(NULL, 8 * count);
    int ok = side.index && side.distinct && sizes && number_of(&side, null) == 0;
    if (ok && count > INT32_MAX) { PyErr_SetString(PyExc_ValueError, "there are too many pairs"); ok = 0; }
    for (Py_ssize_t k = 0; ok && k < count; k++) {
        Py_ssize_t before = side.tokens;
        ok = add_bag(&side, null, PyTuple_GET_ITEM(bags, k), (int32_t)k);
        ((int64_t *)PyBytes_AS_STRING(sizes))[k] = side.tokens - before;
    }
    if (ok) result = Py_BuildValue("Oy#O", side.distinct, side.types ? (char *)side.types : "", 4 * side.tokens, sizes);
    Py_XDECREF(side.index); Py_XDECREF(side.distinct); Py_XDECREF(sizes); Py_DECREF(bags);
    free(side.types); free(side.last);
    return result;
}

typedef struct {
    const int32_t *types;   /* of each token */
    const int64_t *sizes;   /* tokens of each pair */
    Py_ssize_t tokens, pairs, distinct;
} Side;

/* Meetings sorted by Japanese type, then English type, then pair: of each its tokens; of each cell where its meetings
 * begin, and its types. */
typedef struct {
    int32_t *ja_token, *en_token, *begin, *row, *column;
    Py_ssize_t cells;
} Meetings;

/* The tokens of a side in order of their types, and the pair of each. */
static void by_type(const Side *side, int32_t *order, int32_t *pair_of, int64_t *head)
{
    for (Py_ssize_t type = 0; type <= side->distinct; type++) head[type] = 0;
    for (Py_ssize_t t = 0; t < side->tokens; t++) head[side->types[t] + 1]++;
    for (Py_ssize_t type = 0; type < side->distinct; type++) head[type + 1] += head[type];
    for (Py_ssize_t pair = 0, t = 0; pair < side->pairs; pair++)
        for (int64_t k = 0; k < side->sizes[pair]; k++, t++) {
            pair_of[t] = (int32_t)pair;
            order[head[side->types[t]]++] = (int32_t)t;
        }
}

/* Deal the meetings out to their rows, English types in order: so those of each row come to stand in that order. */
static void deal(const Side *ja, const Side *en, const int32_t *order, const int32_t *pair_of, const int64_t *from,
                 int64_t *head, Meetings *met)
{
    for (Py_ssize_t k = 0; k < en->tokens; k++) {
        int32_t token = order[k], pair = pair_of[token];
        for (int64_t i = from[pair]; i < from[pair] + ja->sizes[pair]; i++) {
            int64_t at = head[ja->types[i]]++;
            met->ja_token[at] = (int32_t)i;
            met->en_token[at] = token;
        }
    }
}

static int meet(const Side *ja, const Side *en, Py_ssize_t count, Meetings *met)
{
    int32_t *order = malloc((size_t)(en->tokens + 1) * 4), *pair_of = malloc((size_t)(en->tokens + 1) * 4);
    int64_t *head = malloc((size_t)((ja->distinct > en->distinct ? ja->distinct : en->distinct) + 1) * 8);
    int64_t *from = malloc((size_t)(ja->pairs + 1) * 8);
    int ok = order && pair_of && head && from;
    if (ok) {
        by_type(en, order, pair_of, head);
        for (Py_ssize_t type = 0; type <= ja->distinct; type++) head[type] = 0;
        for (Py_ssize_t pair = 0, i = 0; pair < ja->pairs; pair++) {
            from[pair] = i;
            for (int64_t k = 0; k < ja->sizes[pair]; k++, i++) head[ja->types[i] + 1] += en->sizes[pair];
        }
        for (Py_ssize_t type = 0; type < ja->distinct; type++) head[type + 1] += head[type];
        deal(ja, en, order, pair_of, from, head, met);
        int32_t row = -1, column = -1;
        for (Py_ssize_t k = 0; k < count; k++) {
            int32_t r = ja->types[met->ja_token[k]], c = en->types[met->en_token[k]];
            if (r == row && c == column) continue;
            met->begin[met->cells] = (int32_t)k;
            met->row[met->cells] = row = r;
            met->column[met->cells++] = column = c;
        }
        met->begin[met->cells] = (int32_t)count;
    }
    free(order); free(pair_of); free(head); free(from);
    return ok;
}

/* Read a side from its types and its sizes; `distinct` is set. */
static int read_side(Side *side, const Py_buffer *view)
{
    int64_t sum = 0;
    side->types = view[0].buf; side->tokens = view[0].len / 4;
    side->sizes = view[1].buf; side->pairs = view[1].len / 8;
    if (side->distinct < 1 || side->distinct > INT32_MAX || side->pairs > INT32_MAX || side->tokens > INT32_MAX
        || view[0].len != side->tokens * 4 || view[1].len != side->pairs * 8) return 0;
    for (Py_ssize_t k = 0; k < side->pairs; k++) {
        if (side->sizes[k] < 0 || side->sizes[k] > side->tokens) return 0;
        sum += side->sizes[k];
    }
    return sum == side->tokens && below(side->types, side->tokens, side->distinct);
}

/* Five arrays of the meetings as bytes: begin (with an entry more: their number), row, column, ja_token, en_token. */
static PyObject *meetings(const Side *ja, const Side *en, Py_ssize_t count)
{
    PyObject *bytes[5] = { NULL }, *result = NULL;
    int32_t *at[5];
    int ok = 1;
    for (int k = 0; ok && k < 5; k++) {
        bytes[k] = PyBytes_FromStringAndSize(NULL, 4 * (count + !k));
        if ((ok = bytes[k] != NULL)) at[k] = (int32_t *)PyBytes_AS_STRING(bytes[k]);
    }
    if (ok) {
        Meetings met = { at[3], at[4], at[0], at[1], at[2], 0 };
        Py_BEGIN_ALLOW_THREADS
        ok = meet(ja, en, count, &met);
        Py_END_ALLOW_THREADS
        if (!ok) PyErr_NoMemory();
        for (int k = 0; ok && k < 3; k++) ok = !_PyBytes_Resize(&bytes[k], 4 * (met.cells + !k));
    }
    if (ok) result = PyTuple_Pack(5, bytes[0], bytes[1], bytes[2], bytes[3], bytes[4]);
    for (int k = 0; k < 5; k++) Py_XDECREF(bytes[k]);
    return result;
}

static PyObject *py_meet(PyObject *self, PyObject *args)
{
    Py_buffer view[4];
    Side ja, en;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*y*ny*y*n", view, view + 1, &ja.distinct, view + 2, view + 3, &en.distinct)) return NULL;
    int64_t count = 0;
    int ok = read_side(&ja, view) && read_side(&en, view + 2) && ja.pairs == en.pairs;
    for (Py_ssize_t k = 0; ok && k < ja.pairs; k++) {
        count += ja.sizes[k] * en.sizes[k];  /* each side is below 2^31: no sum of products of tokens overflows here */
        ok = count <= INT32_MAX;
    }
    if (ok) result = meetings(&ja, &en, (Py_ssize_t)count);
    else PyErr_SetString(PyExc_ValueError, "tokens and pairs do not fit each other");
    for (int k = 0; k < 4; k++) PyBuffer_Release(&view[k]);
    return result;
}

/* The cell of each of `count` pairs of types, -1 where they never met; quick where the pairs are sorted by row. */
static int place(const int32_t *row, const int32_t *column, Py_ssize_t cells, Py_ssize_t rows, Py_ssize_t columns,
                 const int64_t *of_row, const int64_t *of_column, Py_ssize_t count, int64_t *places)
{
    int64_t *begin = calloc((size_t)rows + 1, sizeof(int64_t)), *cell_at = calloc((size_t)columns + 1, sizeof(int64_t));
    int ok = begin && cell_at;
    if (ok) {
        for (Py_ssize_t c = 0; c < cells; c++) begin[row[c] + 1]++;
        for (Py_ssize_t r = 0; r < rows; r++) begin[r + 1] += begin[r];
        int64_t at = -1;
        for (Py_ssize_t k = 0; k < count; k++) {
            if (of_row[k] != at) {
                at = of_row[k];
                for (int64_t c = begin[at]; c < begin[at + 1]; c++) cell_at[column[c]] = c;
            }
            int64_t cell = cell_at[of_column[k]];  /* of this row, or left by another one */
            places[k] = cell >= begin[at] && cell < begin[at + 1] ? cell : -1;
        }
    }
    free(begin); free(cell_at);
    return ok;
}

static PyObject *py_place(PyObject *self, PyObject *args)
{
    Py_buffer view[5];
    Py_ssize_t rows, columns;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "y*y*nny*y*w*", view, view + 1, &rows, &columns, view + 2, view + 3, view + 4)) return NULL;
    Py_ssize_t cells = view[0].len / 4, count = view[2].len / 8;
    const int64_t *of_row = view[2].buf, *of_column = view[3].buf;
    int ok = rows >= 0 && rows <= INT32_MAX && columns >= 0 && columns <= INT32_MAX && view[0].len == cells * 4
          && view[1].len == cells * 4 && view[2].len == count * 8 && view[3].len == count * 8 && view[4].len == count * 8
          && below(view[0].buf, cells, rows) && below(view[1].buf, cells, columns) && ascending(view[0].buf, cells);
    for (Py_ssize_t k = 0; ok && k < count; k++)
        ok = of_row[k] >= 0 && of_row[k] < rows && of_column[k] >= 0 && of_column[k] < columns;
    if (!ok) {
        PyErr_SetString(PyExc_ValueError, "cells and types do not fit each other");
    } else {
        ok = place(view[0].buf, view[1].buf, cells, rows, columns, of_row, of_column, count, view[4].buf);
        result = ok ? Py_NewRef(Py_None) : PyErr_NoMemory();
    }
    for (int k = 0; k < 5; k++) PyBuffer_Release(&view[k]);
    return result;
}

/* Learning in one direction. Of each pair there is a block of meetings: a row a given token, a column an explained one
 * but the null word, which need not be explained, padded to whole fours. Blocks hold by turns how likely each meeting is
 * and how often it was counted. Most cells have a single meeting that nothing is known of, and need no more; the others
 * are the `chosen` ones, whose meetings count together. */
typedef struct {
    Side given;
    const int64_t *sizes;             /* explained tokens of each pair */
    const double *weight;             /* of each pair */
    const int32_t *begin, *given_type, *explained_type;  /* of each cell */
    const int32_t *given_token, *explained_token;        /* of each meeting */
    const int64_t *chosen;            /* cells */
    const double *before;             /* of each chosen cell what is known, as if it had been counted */
    double *value;                    /* of each chosen cell how likely it is at first, and in the end */
    double prior;
    Py_ssize_t cells, meetings, choices;
    double *block;                    /* of all meetings */
    double *total, *scale;            /* of each given type: what was counted, and what makes that a probability */
    double *whole;                    /* of the explained tokens of one pair */
    int64_t *base;                    /* of each given token: where the explained token 0 would stand in its row */
    int32_t *places, *times;          /* of all meetings of chosen cells; how many there are of each */
    int64_t size, widest, shared;     /* of the blocks, of the widest row, of the places */
} Learner;

static inline double at_least(double number, double least) { return number > least ? number : least; }
static inline int64_t width(const Learner *l, Py_ssize_t pair) { return (l->sizes[pair] + 2) / 4 * 4; }

/* Tell whether what came from outside fits together, and measure it. */
static int measure(Learner *l)
{
    int ok = l->prior > 0.0 && below(l->given_type, l->cells, l->given.distinct)
          && below(l->given_token, l->meetings, l->given.tokens);
    for (Py_ssize_t pair = 0; ok && pair < l->given.pairs; pair++) {
        ok = l->sizes[pair] > 0 && l->sizes[pair] <= INT32_MAX;
        l->size += ok ? l->given.sizes[pair] * width(l, pair) : 0;
        if (ok && width(l, pair) > l->widest) l->widest = width(l, pair);
        ok = ok && l->size <= INT32_MAX;
    }
    for (Py_ssize_t s = 0; ok && s < l->choices; s++) {
        int64_t c = l->chosen[s];
        ok = c >= 0 && c < l->cells && l->begin[c] >= 0 && l->begin[c] <= l->begin[c + 1] && l->begin[c + 1] <= l->meetings;
        l->shared += ok ? l->begin[c + 1] - l->begin[c] : 0;
        ok = ok && l->shared <= INT32_MAX;
    }
    return ok;
}

static int open_learner(Learner *l)
{
    l->base = malloc((size_t)(l->given.tokens + 1) * sizeof(int64_t));
    l->total = calloc((size_t)l->given.distinct + 1, sizeof(double));
    l->scale = malloc(((size_t)l->given.distinct + 1) * sizeof(double));
    l->block = malloc((size_t)(l->size + 1) * sizeof(double));
    l->whole = malloc((size_t)(l->widest + 1) * sizeof(double));
    l->places = malloc((size_t)(l->shared + 1) * sizeof(int32_t));
    l->times = calloc((size_t)l->choices + 1, sizeof(int32_t));
    return l->base && l->total && l->scale && l->block && l->whole && l->places && l->times;
}

static void close_learner(Learner *l)
{
    free(l->base); free(l->total); free(l->scale); free(l->block); free(l->whole); free(l->places); free(l->times);
}

/* Lay the blocks out, every meeting as likely as any other. */
static void lay_out(Learner *l)
{
    double *row = l->block;
    int64_t *base = l->base;
    for (Py_ssize_t pair = 0, from = 1; pair < l->given.pairs; from += l->sizes[pair++]) {
        int64_t columns = width(l, pair), most = l->sizes[pair] - 1;
        for (int64_t i = 0; i < l->given.sizes[pair]; i++, row += columns) {
            *base++ = row - l->block - from;
            for (int64_t j = 0; j < columns; j++) row[j] = j < most ? 1.0 : 0.0;
        }
    }
    for (Py_ssize_t c = 0; c < l->cells; c++) l->total[l->given_type[c]] += 1.0;
}

/* Find the places of the chosen cells' meetings, and put how likely these are there; 0 where there is no such place. */
static int choose(Learner *l)
{
    int32_t *place = l->places;
    for (Py_ssize_t s = 0; s < l->choices; s++) {
        int64_t c = l->chosen[s];
        l->total[l->given_type[c]] += l->value[s] - 1.0;
        if (!l->explained_type[c]) continue;
        l->times[s] = l->begin[c + 1] - l->begin[c];
        for (int32_t k = l->begin[c]; k < l->begin[c + 1]; k++) {
            int64_t at = l->base[l->given_token[k]] + l->explained_token[k];
            if (at < 0 || at >= l->size) return 0;
            l->block[at] = l->value[s];
            *place++ = (int32_t)at;
        }
    }
    return 1;
}

/* Share the explained tokens of one pair among the given ones, and add what that counts to the types of these; returns
 * where the next block begins. */
static double *share_out(Learner *l, Py_ssize_t pair, const int32_t *types, double *block)
{
    int64_t rows = l->given.sizes[pair], columns = width(l, pair);
    double *restrict whole = l->whole;
    for (int64_t j = 0; j < columns; j++) whole[j] = 0.0;
    for (int64_t i = 0; i < rows; i++) {
        double *restrict row = block + i * columns, scale = l->scale[types[i]];
        for (int64_t j = 0; j < columns; j += 4) for (int k = 0; k < 4; k++) whole[j + k] += row[j + k] *= scale;
    }
    for (int64_t j = 0; j < columns; j++) whole[j] = l->weight[pair] / at_least(whole[j], LEAST);
    for (int64_t i = 0; i < rows; i++) {
        double *restrict row = block + i * columns, sum[4] = { 0.0, 0.0, 0.0, 0.0 };
        for (int64_t j = 0; j < columns; j += 4) for (int k = 0; k < 4; k++) sum[k] += row[j + k] *= whole[j + k];
        l->total[types[i]] += (sum[0] + sum[1]) + (sum[2] + sum[3]);
    }
    return block + rows * columns;
}

/* Give every meeting of a chosen cell the count of the whole cell, and of what is known of it. In the end a cell counts
 * only besides where it was met best, and `value` becomes p(explained | given). */
static void join(Learner *l, int last)
{
    const int32_t *place = l->places;
    for (Py_ssize_t s = 0; s < l->choices; s++) {
        int32_t times = l->times[s];
        double sum = 0.0, best = 0.0;
        for (int32_t k = 0; k < times; k++) {
            sum += l->block[place[k]];
            best = at_least(l->block[place[k]], best);
        }
        if (last) sum -= best;
        sum += l->before[s];
        if (last) l->value[s] = times ? sum / (l->total[l->given_type[l->chosen[s]]] + l->prior) : 0.0;
        else for (int32_t k = 0; k < times; k++) l->block[place[k]] = sum;
        place += times;
    }
}

static void estimate(Learner *l, Py_ssize_t rounds)
{
    for (Py_ssize_t round = 0; round < rounds; round++) {
        double *block = l->block, prior = round ? l->prior : 0.0;
        const int32_t *types = l->given.types;
        for (Py_ssize_t g = 0; g < l->given.distinct; g++) {
            l->scale[g] = 1.0 / at_least(l->total[g] + prior, LEAST);
            l->total[g] = 0.0;
        }
        for (Py_ssize_t pair = 0; pair < l->given.pairs; types += l->given.sizes[pair++])
            block = share_out(l, pair, types, block);
        join(l, round == rounds - 1);
    }
}

static PyObject *py_estimate(PyObject *self, PyObject *args)
{
    Py_buffer view[12];
    Learner l = { 0 };
    Py_ssize_t rounds;
    PyObject *result = NULL;
    enum { FINE, NO_FIT, NO_MEMORY } state = NO_FIT;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*y*ny*y*y*y*y*dnw*", view, view + 1, view + 2, view + 3, view + 4, view + 5,
                          &l.given.distinct, view + 6, view + 7, view + 8, view + 9, view + 10, &l.prior, &rounds, view + 11))
        return NULL;
    l.begin = view[0].buf; l.given_type = view[1].buf; l.explained_type = view[2].buf;
    l.given_token = view[3].buf; l.explained_token = view[6].buf;
    l.sizes = view[7].buf; l.weight = view[8].buf; l.chosen = view[9].buf; l.before = view[10].buf; l.value = view[11].buf;
    l.cells = view[1].len / 4; l.meetings = view[3].len / 4; l.choices = view[9].len / 8;
    if (rounds > 0 && read_side(&l.given, view + 4) && view[0].len == (l.cells + 1) * 4 && view[1].len == l.cells * 4
        && view[2].len == l.cells * 4 && view[3].len == l.meetings * 4 && view[6].len == l.meetings * 4
        && view[7].len == l.given.pairs * 8 && view[8].len == l.given.pairs * 8 && view[9].len == l.choices * 8
        && view[10].len == l.choices * 8 && view[11].len == l.choices * 8) {
        Py_BEGIN_ALLOW_THREADS
        if (measure(&l)) {
            state = NO_MEMORY;
            if (open_learner(&l)) {
                lay_out(&l);
                state = choose(&l) ? FINE : NO_FIT;
                if (state == FINE) estimate(&l, rounds);
            }
        }
        close_learner(&l);
        Py_END_ALLOW_THREADS
    }
    if (state == FINE) result = Py_NewRef(Py_None);
    else if (state == NO_MEMORY) PyErr_NoMemory();
    else PyErr_SetString(PyExc_ValueError, "meetings, tokens and cells do not fit each other");
    for (int k = 0; k < 12; k++) PyBuffer_Release(&view[k]);
    return result;
}

static PyMethodDef methods[] = {
    {"learnable", py_learnable, METH_VARARGS,
     "learnable(segments, first, end): the words of these segments but figures and signs, each once"},
    {"number", py_number, METH_VARARGS,
     "number(null, bags) -> the words of all bags, then as bytes the types of every bag, `null` first, and how many"},
    {"meet", py_meet, METH_VARARGS,
     "meet(ja_types, ja_sizes, ja_distinct, en_types, en_sizes, en_distinct) -> all meetings, sorted: as bytes begin, row and "
     "column of each cell, the two tokens of each meeting"},
    {"place", py_place, METH_VARARGS,
     "place(row, column, rows, columns, of_row, of_column, places): the cell of each pair of types, or -1"},
    {"estimate", py_estimate, METH_VARARGS,
     "estimate(begin, given, explained, given_token, types, sizes, distinct, explained_token, explained_sizes, weight, chosen, "
     "before, prior, rounds, value): probabilities of the chosen cells in place of their starts"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_bitext", "Learning from aligned texts, compiled.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__bitext(void) { return PyModule_Create(&module); }
