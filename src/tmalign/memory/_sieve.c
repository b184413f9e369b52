/* The sieve of fuzzy lookup: which rows of a segment may lie within their distance of the query.
 *
 * Every step is a lower bound of the Levenshtein distance, so no row within it is ever dropped:
 *   1. characters counted in 32 classes: of the shorter text, no more may be missing from the longer than
 *      distance - difference of lengths;
 *   2. what the row's blocks of four characters cost, in 16 classes, wherever in the query each fits best;
 *   3. the distance between the row's first HEAD characters and a beginning of the query, and the blocks behind;
 *   4. the distance between the first `prefix` characters of the query and a prefix of the row;
 *   5. for a query longer than that prefix, the distance of the whole texts in those 16 classes.
 * Steps 3 and 4 are Myers's bit-vectors (1999), in blocks as Hyyro (2003), sixteen or 32 rows side by side. Step 5
 * decides; 2 and 3 only spare time, 2 where enough rows share its tables, 3 where 2 has been.
 * sieve.py holds the same in NumPy and RapidFuzz, and says how a segment is laid out.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#define CLASSES 16
#define COUNTERS 32
#define LANES 16           /* of 32 bits */
#define MOST_ROWS 32       /* side by side */
#define WORDS 8            /* the longest prefix is 32 * WORDS characters */
#define HEAD 64            /* of a row; what the first table of blocks serves */
#define MOST_HEAD 40       /* the greatest distance of heads that is looked at: unrelated ones are nearer than that */
#define ALIKE 24           /* lengths of rows that share tables differ by so much at most */
#define SHORTEST 32        /* prefix; a shorter one costs less than the blocks do */

#if !defined(__GNUC__)
#error "written with the vector extensions of GCC and Clang; without them sieve.py takes NumPy"
#endif

#if defined(__x86_64__)
#include <immintrin.h>
#define DISPATCH 1
#else
#define DISPATCH 0
#endif

/* One length of a segment: `count` rows of `length` characters, from row `first` and text word `words` on. */
typedef struct { int64_t length, first, count, words, distance; } Run;

typedef struct {
    const uint8_t *query;          /* classes, a byte each */
    Py_ssize_t length, prefix;     /* of the query; of the part that step 4 looks at */
    uint32_t equal[WORDS][CLASSES];
    uint8_t bytes[4 * WORDS][CLASSES];  /* the same, a byte a word */
    uint64_t *wide;                /* step 5: [blocks][CLASSES] */
    uint64_t *state;               /* step 5: [2][blocks] */
    Py_ssize_t blocks;
} Pattern;

/* Rows of one length, and what the blocks behind their heads cost. */
typedef struct {
    int filled;
    int64_t length, distance, row[MOST_ROWS];
    int32_t behind[MOST_ROWS];
    const uint32_t *text[MOST_ROWS];
} Batch;

typedef struct { int64_t *rows; Py_ssize_t count, room; int failed; } Found;

static void keep(Found *found, int64_t row)
{
    if (found->count == found->room) {
        Py_ssize_t room = found->room ? found->room * 2 : 256;
        int64_t *rows = realloc(found->rows, (size_t)room * sizeof *rows);
        if (!rows) { found->failed = 1; return; }
        found->rows = rows;
        found->room = room;
    }
    found->rows[found->count++] = row;
}

static inline int missing(const uint8_t *few, const uint8_t *many)
{
#if defined(__SSE2__)
    __m128i low = _mm_subs_epu8(_mm_loadu_si128((const __m128i *)few), _mm_loadu_si128((const __m128i *)many));
    __m128i high = _mm_subs_epu8(_mm_loadu_si128((const __m128i *)(few + 16)), _mm_loadu_si128((const __m128i *)(many + 16)));
    __m128i zero = _mm_setzero_si128();
    __m128i sum = _mm_add_epi64(_mm_sad_epu8(low, zero), _mm_sad_epu8(high, zero));
    return _mm_cvtsi128_si32(sum) + _mm_cvtsi128_si32(_mm_srli_si128(sum, 8));
#else
    int sum = 0;
    for (int k = 0; k < COUNTERS; k++) sum += few[k] > many[k] ? few[k] - many[k] : 0;
    return sum;
#endif
}

#define NAME prefix_plain
#define TARGET
#define LOOKUP_IN_REGISTER 0
#define FUNNEL_SHIFT 0
#include "_sieve_prefix.h"

#if DISPATCH
#define NAME prefix_ssse3
#define TARGET __attribute__((target("ssse3")))
#define BYTES 16
#include "_sieve_bytes.h"
#define NAME prefix_avx2
#define TARGET __attribute__((target("avx2")))
#define BYTES 32
#include "_sieve_bytes.h"
#define NAME prefix_avx512
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq")))
#define LOOKUP_IN_REGISTER 1
#define FUNNEL_SHIFT 0
#include "_sieve_prefix.h"
#define NAME prefix_vbmi2
#define TARGET __attribute__((target("avx512f,avx512bw,avx512vl,avx512dq,avx512vbmi2")))
#define LOOKUP_IN_REGISTER 1
#define FUNNEL_SHIFT 1
#include "_sieve_prefix.h"
#endif

/* A way to do steps 3 (NULL: left out) and 4: `least` of so many rows at a time, for a prefix in words of so many
 * characters. */
typedef void Bound(const Pattern *, const Batch *, int32_t *least);
typedef struct { Bound *head, *bound; int rows, word; } Prefix;

/* The widest that this processor has and `wanted` allows: 0 plain, 1 SSSE3, 2 AVX2, 3 AVX-512, 4 AVX-512 with VBMI2. */
static Prefix choose(int wanted)
{
#if DISPATCH
    __builtin_cpu_init();
    int avx512 = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
        && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
    if (wanted >= 4 && avx512 && __builtin_cpu_supports("avx512vbmi2")) return (Prefix){NULL, prefix_vbmi2, LANES, 32};
    if (wanted >= 3 && avx512) return (Prefix){NULL, prefix_avx512, LANES, 32};
    if (wanted >= 2 && __builtin_cpu_supports("avx2")) return (Prefix){prefix_avx2_head, prefix_avx2, 32, 8};
    if (wanted >= 1 && __builtin_cpu_supports("ssse3")) return (Prefix){prefix_ssse3_head, prefix_ssse3, 16, 8};
#endif
    (void)wanted;
    return (Prefix){NULL, prefix_plain, LANES, 32};
}

#include "_sieve_blocks.h"
#include "_sieve_steps.h"

static int prepare(Pattern *p)
{
    p->blocks = (p->length + 63) / 64;
    p->wide = calloc((size_t)p->blocks * CLASSES, sizeof *p->wide);
    p->state = calloc((size_t)p->blocks * 2, sizeof *p->state);
    if (!p->wide || !p->state) return 0;
    for (Py_ssize_t i = 0; i < p->length; i++) {
        unsigned class = p->query[i] & 15;
        p->wide[i / 64 * CLASSES + class] |= (uint64_t)1 << (i % 64);
        if (i < 32 * WORDS) p->bytes[i / 8][class] |= (uint8_t)(1 << (i % 8));
        if (i < p->prefix) p->equal[i / 32][class] |= (uint32_t)1 << (i % 32);
    }
    return 1;
}

/* A run must lie inside both buffers and be possible; the caller reads files that anyone may have damaged. */
static int sound(const Run *runs, Py_ssize_t n_runs, Py_ssize_t counters, Py_ssize_t texts)
{
    for (Py_ssize_t k = 0; k < n_runs; k++) {
        const Run *run = &runs[k];
        int64_t rows = counters / COUNTERS, words = texts / 8;
        if (run->length < 1 || run->first < 0 || run->count < 0 || run->words < 0) return 0;
        if (run->length > ((int64_t)1 << 30) || run->distance > ((int64_t)1 << 30)) return 0;
        if (run->first > rows || run->count > rows - run->first) return 0;
        if (run->words > words || run->count > (words - run->words) / ((run->length + 15) / 16)) return 0;
    }
    return 1;
}

static PyObject *listed(const Found *found)
{
    PyObject *result = PyList_New(found->count);
    for (Py_ssize_t k = 0; result && k < found->count; k++) {
        PyObject *row = PyLong_FromLongLong(found->rows[k]);
        if (!row) { Py_CLEAR(result); break; }
        PyList_SET_ITEM(result, k, row);
    }
    return result;
}

static PyObject *py_sift(PyObject *self, PyObject *args)
{
    Py_buffer query, counts, runs, counters, texts;
    Py_ssize_t prefix;
    int wanted = 4;
    long long fewest = 512;
    PyObject *result = NULL;
    Pattern p = {0};
    Found found = {0};
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*n|iL", &query, &counts, &runs, &counters, &texts, &prefix, &wanted,
                          &fewest)) return NULL;
    Py_ssize_t n_runs = runs.len / (Py_ssize_t)sizeof(Run);
    const Prefix way = choose(wanted);
    p.query = query.buf;
    p.length = query.len;
    /* The rest of a word costs nothing. */
    if (prefix > 0 && prefix < 32 * WORDS) prefix += (way.word - prefix % way.word) % way.word;
    p.prefix = prefix < p.length ? prefix : p.length;
    if (p.length < 1 || p.length > (1 << 30) || p.prefix < 1 || p.prefix > 32 * WORDS || counts.len != COUNTERS
        || runs.len % (Py_ssize_t)sizeof(Run) || (uintptr_t)texts.buf % 4
        || !sound(runs.buf, n_runs, counters.len, texts.len)) {
        PyErr_SetString(PyExc_ValueError, "the parts of the segment do not fit together");
        goto done;
    }
    if (!prepare(&p)) { PyErr_NoMemory(); goto done; }
    Sieve sieve = {.pattern = &p, .counters = counters.buf, .texts = texts.buf, .prefix = way, .found = &found};
    sieve.fewest = fewest;
    /* Where there is no memory for them, it goes without. */
    if (p.prefix >= SHORTEST) sieve.blocks.costs = malloc(SPANS * COSTS);
    Py_BEGIN_ALLOW_THREADS
    sift(&sieve, counts.buf, runs.buf, n_runs);
    Py_END_ALLOW_THREADS
    free(sieve.blocks.costs);
    if (found.failed) { PyErr_NoMemory(); goto done; }
    result = listed(&found);
done:
    free(found.rows);
    free(p.wide);
    free(p.state);
    PyBuffer_Release(&query);
    PyBuffer_Release(&counts);
    PyBuffer_Release(&runs);
    PyBuffer_Release(&counters);
    PyBuffer_Release(&texts);
    return result;
}

/* Rows whose spelling holds the query's (its first 64 characters): Shift-And (Baeza-Yates and Gonnet 1992). */
static void search(const uint64_t *masks, Py_ssize_t length, const uint8_t *counts, const Run *runs, Py_ssize_t n_runs,
                   const uint8_t *counters, const uint32_t *texts, Found *found)
{
    const uint64_t end = (uint64_t)1 << (length - 1);
    for (Py_ssize_t k = 0; k < n_runs; k++) {
        const Run *run = &runs[k];
        int64_t words = 2 * ((run->length + 15) / 16);
        const uint8_t *row = counters + run->first * COUNTERS;
        const uint32_t *text = texts + 2 * run->words;
        for (int64_t i = 0; i < run->count; i++, row += COUNTERS, text += words) {
            if (missing(counts, row)) continue;
            uint64_t state = 0;
            for (int64_t j = 0; j < run->length; j++) {
                state = (state << 1 | 1) & masks[(text[j / 8] >> (4 * (j % 8))) & 15];
                if (state & end) { keep(found, run->first + i); break; }
            }
        }
    }
}

static PyObject *py_contains(PyObject *self, PyObject *args)
{
    Py_buffer query, counts, runs, counters, texts;
    PyObject *result = NULL;
    Found found = {0};
    uint64_t masks[CLASSES] = {0};
    (void)self;
    if (!PyArg_ParseTuple(args, "y*y*y*y*y*", &query, &counts, &runs, &counters, &texts)) return NULL;
    Py_ssize_t n_runs = runs.len / (Py_ssize_t)sizeof(Run), length = query.len < 64 ? query.len : 64;
    if (length < 1 || counts.len != COUNTERS || runs.len % (Py_ssize_t)sizeof(Run) || (uintptr_t)texts.buf % 4
        || !sound(runs.buf, n_runs, counters.len, texts.len)) {
        PyErr_SetString(PyExc_ValueError, "the parts of the segment do not fit together");
        goto done;
    }
    for (Py_ssize_t i = 0; i < length; i++) masks[((const uint8_t *)query.buf)[i] & 15] |= (uint64_t)1 << i;
    Py_BEGIN_ALLOW_THREADS
    search(masks, length, counts.buf, runs.buf, n_runs, counters.buf, texts.buf, &found);
    Py_END_ALLOW_THREADS
    if (found.failed) { PyErr_NoMemory(); goto done; }
    result = listed(&found);
done:
    free(found.rows);
    PyBuffer_Release(&query);
    PyBuffer_Release(&counts);
    PyBuffer_Release(&runs);
    PyBuffer_Release(&counters);
    PyBuffer_Release(&texts);
    return result;
}

static PyMethodDef methods[] = {
    {"contains", py_contains, METH_VARARGS, "contains(query, counts, runs, counters, texts) -> list of rows"},
    {"sift", py_sift, METH_VARARGS,
     "sift(query, counts, runs, counters, texts, prefix, width=4, fewest=512) -> list of rows"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {PyModuleDef_HEAD_INIT, "_sieve", NULL, -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__sieve(void) { return PyModule_Create(&module); }
