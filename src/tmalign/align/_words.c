/* Words as keys of tables: their hashes, and what of a segment's morphemes the aligner takes, listed compounds with it.
 *
 * A key is the BLAKE2b digest (RFC 7693) of eight bytes of a word in UTF-8, read in little endian. tables.py and
 * units.py hold the same in Python; the tests hold both equal.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>
#include "_search.h"

#define BLOCK 128
#define DIGEST 8

static const uint64_t START[8] = {
    0x6a09e667f3bcc908, 0xbb67ae8584caa73b, 0x3c6ef372fe94f82b, 0xa54ff53a5f1d36f1,
    0x510e527fade682d1, 0x9b05688c2b3e6c1f, 0x1f83d9abfb41bd6b, 0x5be0cd19137e2179,
};
static const uint8_t ORDER[12][16] = {
    { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 }, { 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
    { 11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4 }, { 7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8 },
    { 9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13 }, { 2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9 },
    { 12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11 }, { 13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10 },
    { 6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5 }, { 10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0 },
    { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15 }, { 14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3 },
};

static inline uint64_t turned(uint64_t x, int bits) { return (x >> bits) | (x << (64 - bits)); }

static inline uint64_t little_endian(const uint8_t *b)
{
    return (uint64_t)b[0] | (uint64_t)b[1] << 8 | (uint64_t)b[2] << 16 | (uint64_t)b[3] << 24 | (uint64_t)b[4] << 32
         | (uint64_t)b[5] << 40 | (uint64_t)b[6] << 48 | (uint64_t)b[7] << 56;  /* compilers make one load of it */
}

/* Written out, so that the compiler knows every index. */
#define MIX(a, b, c, d, x, y) \
    a += b + x; d = turned(d ^ a, 32); c += d; b = turned(b ^ c, 24); \
    a += b + y; d = turned(d ^ a, 16); c += d; b = turned(b ^ c, 63);
#define AT(r, k) m[ORDER[r][k]]
#define ROUND(r) \
    MIX(v0, v4, v8, v12, AT(r, 0), AT(r, 1)) MIX(v1, v5, v9, v13, AT(r, 2), AT(r, 3)) \
    MIX(v2, v6, v10, v14, AT(r, 4), AT(r, 5)) MIX(v3, v7, v11, v15, AT(r, 6), AT(r, 7)) \
    MIX(v0, v5, v10, v15, AT(r, 8), AT(r, 9)) MIX(v1, v6, v11, v12, AT(r, 10), AT(r, 11)) \
    MIX(v2, v7, v8, v13, AT(r, 12), AT(r, 13)) MIX(v3, v4, v9, v14, AT(r, 14), AT(r, 15))

static void compress(uint64_t state[8], const uint8_t *block, uint64_t taken, int last)
{
    uint64_t m[16];
    uint64_t v0 = state[0], v1 = state[1], v2 = state[2], v3 = state[3], v4 = state[4], v5 = state[5], v6 = state[6],
             v7 = state[7], v8 = START[0], v9 = START[1], v10 = START[2], v11 = START[3], v12 = START[4] ^ taken,
             v13 = START[5], v14 = last ? ~START[6] : START[6], v15 = START[7];
    for (int k = 0; k < 16; k++) m[k] = little_endian(block + 8 * k);
    ROUND(0) ROUND(1) ROUND(2) ROUND(3) ROUND(4) ROUND(5) ROUND(6) ROUND(7) ROUND(8) ROUND(9) ROUND(10) ROUND(11)
    state[0] ^= v0 ^ v8; state[1] ^= v1 ^ v9; state[2] ^= v2 ^ v10; state[3] ^= v3 ^ v11;
    state[4] ^= v4 ^ v12; state[5] ^= v5 ^ v13; state[6] ^= v6 ^ v14; state[7] ^= v7 ^ v15;
}

static uint64_t hash(const char *text, Py_ssize_t size)
{
    const uint8_t *bytes = (const uint8_t *)text;
    uint8_t block[BLOCK];
    uint64_t state[8], taken = 0;
    memcpy(state, START, 64);
    state[0] ^= 0x01010000 ^ DIGEST;
    for (; size > BLOCK; size -= BLOCK, bytes += BLOCK) compress(state, bytes, taken += BLOCK, 0);
    memset(block, 0, BLOCK);
    memcpy(block, bytes, (size_t)size);
    compress(state, block, taken + (uint64_t)size, 1);
    return state[0];
}

/* A string's UTF-8, lone surrogates included; `held` keeps bytes that are not the string's own, or is NULL. */
static const char *utf8(PyObject *text, Py_ssize_t *size, PyObject **held)
{
    *held = NULL;
    if (!PyUnicode_Check(text)) { PyErr_SetString(PyExc_TypeError, "a word is not a string"); return NULL; }
    const char *bytes = PyUnicode_AsUTF8AndSize(text, size);
    if (bytes || !PyErr_ExceptionMatches(PyExc_UnicodeEncodeError)) return bytes;
    PyErr_Clear();
    *held = PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass");
    if (!*held) return NULL;
    *size = PyBytes_GET_SIZE(*held);
    return PyBytes_AS_STRING(*held);
}

/* The key of a word; `kept` has those worked out before, as many as `most`. */
static int key_of(PyObject *word, PyObject *kept, Py_ssize_t most, uint64_t *key)
{
    PyObject *held, *known = PyUnicode_CheckExact(word) ? PyDict_GetItemWithError(kept, word) : NULL;
    Py_ssize_t size;
    if (known) {
        *key = PyLong_AsUnsignedLongLong(known);
        return *key != (uint64_t)-1 || !PyErr_Occurred();
    }
    const char *bytes = PyErr_Occurred() ? NULL : utf8(word, &size, &held);
    if (!bytes) return 0;
    *key = hash(bytes, size);
    Py_XDECREF(held);
    if (PyDict_GET_SIZE(kept) >= most || !PyUnicode_CheckExact(word)) return 1;
    PyObject *number = PyLong_FromUnsignedLongLong(*key);
    int ok = number && PyDict_SetItem(kept, word, number) == 0;
    Py_XDECREF(number);
    return ok;
}

static PyObject *py_hashes(PyObject *self, PyObject *args)
{
    PyObject *words, *kept;
    Py_ssize_t most;
    if (!PyArg_ParseTuple(args, "OO!n", &words, &PyDict_Type, &kept, &most)) return NULL;
    PyObject *list = PySequence_Fast(words, "words are not a sequence"), *result = NULL;
    if (!list) return NULL;
    Py_ssize_t count = PySequence_Fast_GET_SIZE(list);
    result = PyBytes_FromStringAndSize(NULL, 8 * count);
    for (Py_ssize_t k = 0; result && k < count; k++) {
        uint64_t key;
        if (!key_of(PySequence_Fast_GET_ITEM(list, k), kept, most, &key)) { Py_CLEAR(result); break; }
        memcpy(PyBytes_AS_STRING(result) + 8 * k, &key, 8);
    }
    Py_DECREF(list);
    return result;
}

/* What is asked of a morpheme: the fields of units.Facts. */
enum { SURFACE, BASE, UNIT, STARTS, BREAKS, PARTICLE, GRAMMAR, LOAN, LEMMA, NAME, KATAKANA, READING, FIELDS };

typedef struct {
    const char *surface, *base;
    Py_ssize_t surface_size, base_size;
    int starts, breaks, particle, grammar, same;
} Morpheme;

static int read_morpheme(PyObject *facts, Morpheme *m)
{
    if (!PyTuple_Check(facts) || PyTuple_GET_SIZE(facts) < FIELDS) {
        PyErr_SetString(PyExc_TypeError, "a morpheme is not a tuple of its facts");
        return 0;
    }
    PyObject *surface = PyTuple_GET_ITEM(facts, SURFACE), *base = PyTuple_GET_ITEM(facts, BASE);
    if (!PyUnicode_Check(surface) || !PyUnicode_Check(base)) {
        PyErr_SetString(PyExc_TypeError, "a form of a morpheme is not a string");
        return 0;
    }
    /* The tagger gives no lone surrogates: what has none is held by the string itself. */
    m->surface = PyUnicode_AsUTF8AndSize(surface, &m->surface_size);
    m->base = m->surface ? PyUnicode_AsUTF8AndSize(base, &m->base_size) : NULL;
    if (!m->base) return 0;
    m->same = m->surface_size == m->base_size && !memcmp(m->surface, m->base, (size_t)m->base_size);
    m->starts = PyTuple_GET_ITEM(facts, STARTS) == Py_True;
    m->breaks = PyTuple_GET_ITEM(facts, BREAKS) == Py_True;
    m->particle = PyTuple_GET_ITEM(facts, PARTICLE) == Py_True;
    m->grammar = PyTuple_GET_ITEM(facts, GRAMMAR) == Py_True;
    return 1;
}

typedef struct {
    const uint64_t *keys;
    Py_ssize_t count;
    char *text;
    PyObject *found;
} Search;

/* Add the text to what was found if it is listed. Returns 1 if so, 0 if not, -1 on failure. */
static int take(Search *search, Py_ssize_t size)
{
    if (place_of(search->keys, search->count, hash(search->text, size)) < 0) return 0;
    PyObject *word = PyUnicode_DecodeUTF8(search->text, size, NULL);
    int failed = !word || PyList_Append(search->found, word) < 0;
    Py_XDECREF(word);
    return failed ? -1 : 1;
}

/* Every listed run that begins with the first of `left` morphemes; see units._compounds. */
static int compounds_from(Search *search, const Morpheme *m, Py_ssize_t left, Py_ssize_t longest, Py_ssize_t longest_phrase)
{
    Py_ssize_t size = m[0].surface_size;
    int phrase = 0;
    memcpy(search->text, m[0].surface, (size_t)size);
    for (Py_ssize_t k = 1; k < left && k < longest; k++) {
        if (m[k].breaks || (phrase && k >= longest_phrase)) break;
        Py_ssize_t before = size;
        memcpy(search->text + before, m[k].surface, (size_t)m[k].surface_size);
        size += m[k].surface_size;
        if (m[k].particle) { phrase = 1; continue; }
        phrase = phrase || m[k].grammar;
        int taken = take(search, size);
        if (!taken && !m[k].same) {
            memcpy(search->text + before, m[k].base, (size_t)m[k].base_size);
            taken = take(search, before + m[k].base_size);
            memcpy(search->text + before, m[k].surface, (size_t)m[k].surface_size);
        }
        if (taken < 0) return 0;
    }
    return 1;
}

static PyObject *compounds(PyObject *facts, const Py_buffer *keys, Py_ssize_t longest, Py_ssize_t longest_phrase)
{
    Py_ssize_t count = PyList_GET_SIZE(facts), room = 1;
    Morpheme *m = PyMem_Calloc(count ? (size_t)count : 1, sizeof(Morpheme));
    Search search = { keys->buf, keys->len / 8, NULL, PyList_New(0) };
    int ok = m && search.found;
    if (!ok) PyErr_NoMemory();
    for (Py_ssize_t k = 0; ok && k < count; k++) {
        ok = read_morpheme(PyList_GET_ITEM(facts, k), m + k);
        room += m[k].surface_size + m[k].base_size;
    }
    if (ok && !(search.text = PyMem_Malloc((size_t)room))) { PyErr_NoMemory(); ok = 0; }
    for (Py_ssize_t k = 0; ok && k < count; k++)
        if (m[k].starts) ok = compounds_from(&search, m + k, count - k, longest, longest_phrase);
    if (!ok) Py_CLEAR(search.found);
    PyMem_Free(m);
    PyMem_Free(search.text);
    return search.found;
}

static int is_filled(PyObject *text) { return PyUnicode_Check(text) && PyUnicode_GET_LENGTH(text) > 0; }

/* Whether two neighbours are parts of one name, as units._join tells it. */
static int join(PyObject *first, PyObject *second)
{
    if (PyTuple_GET_ITEM(first, KATAKANA) == Py_True && PyTuple_GET_ITEM(second, KATAKANA) == Py_True) return 1;
    return is_filled(PyTuple_GET_ITEM(first, READING)) && is_filled(PyTuple_GET_ITEM(second, READING));
}

/* What a content word is: the word itself, its name, other forms of it. */
static int add_content(PyObject *facts, PyObject *words, PyObject *names, PyObject *loans, PyObject *lemmas)
{
    PyObject *unit = PyTuple_GET_ITEM(facts, UNIT), *name = PyTuple_GET_ITEM(facts, NAME);
    PyObject *loan = PyTuple_GET_ITEM(facts, LOAN), *lemma = PyTuple_GET_ITEM(facts, LEMMA);
    return PyList_Append(words, unit) == 0 && (name == Py_None || PyList_Append(names, name) == 0)
        && (!is_filled(loan) || PyDict_SetItem(loans, unit, loan) == 0)
        && (!is_filled(lemma) || PyDict_SetItem(lemmas, unit, lemma) == 0);
}

static PyObject *py_content(PyObject *self, PyObject *args)
{
    PyObject *facts;
    Py_buffer keys;
    Py_ssize_t longest, longest_phrase;
    if (!PyArg_ParseTuple(args, "O!y*nn", &PyList_Type, &facts, &keys, &longest, &longest_phrase)) return NULL;
    PyObject *listed = compounds(facts, &keys, longest, longest_phrase);  /* checks every morpheme */
    PyObject *words = PyList_New(0), *names = PyList_New(0), *loans = PyDict_New(), *lemmas = PyDict_New();
    PyObject *joined = PyList_New(0);
    int ok = listed && words && names && loans && lemmas && joined;
    for (Py_ssize_t k = 0; ok && k < PyList_GET_SIZE(facts); k++) {
        PyObject *here = PyList_GET_ITEM(facts, k);
        if (is_filled(PyTuple_GET_ITEM(here, UNIT))) ok = add_content(here, words, names, loans, lemmas);
        if (ok && k && join(PyList_GET_ITEM(facts, k - 1), here)) {
            PyObject *at = PyLong_FromSsize_t(k - 1);
            ok = at && PyList_Append(joined, at) == 0;
            Py_XDECREF(at);
        }
    }
    PyBuffer_Release(&keys);
    PyObject *result = ok ? PyTuple_Pack(6, words, names, listed, loans, lemmas, joined) : NULL;
    Py_XDECREF(words); Py_XDECREF(names); Py_XDECREF(listed); Py_XDECREF(loans); Py_XDECREF(lemmas); Py_XDECREF(joined);
    return result;
}

static PyMethodDef methods[] = {
    {"hashes", py_hashes, METH_VARARGS,
     "hashes(words, kept, most) -> the 64-bit key of each word, as bytes; a dictionary keeps the most of them"},
    {"content", py_content, METH_VARARGS,
     "content(facts, keys, longest, longest_phrase) -> words, names, runs of morphemes that sorted keys list, loans and "
     "lemmas by word, and after which morphemes a name goes on"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_words", "Words as keys of tables, compiled.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__words(void) { return PyModule_Create(&module); }
