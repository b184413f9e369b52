/* Forward-backward over the coarse lattice of boundaries and positions.
 *
 * lattice.py holds the same in NumPy, a row at a time, and says what is summed; the tests hold both equal.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#define NEVER (-1e9)     /* lattice.NEVER */
#define FAR 40.0         /* a term e^40 times smaller does not change a sum in double precision */

/* Token t of the hypothesis stands at references + t. Boundary i lies between low[i] and high[i], both inside. */
typedef struct {
    Py_ssize_t tokens, segments, references, numbers;  /* numbers: distinct words */
    const int64_t *words, *pairs, *first, *low, *high;
    const double *share, *cost;
    double usual, word, pair, trust, omitted;  /* shares of the mixture, and so on: see lattice.py */
} Lattice;

typedef struct {
    double *sums;               /* running sums of all segments, one after the other */
    double *behind, *before;    /* two rows of the backward pass */
    int32_t *word, *pair;       /* how often each stands in the segment at hand */
} Work;

static double log_add(double a, double b)
{
    double top = a > b ? a : b, rest = a > b ? b : a;
    return top - rest > FAR ? top : top + log1p(exp(rest - top));
}

static int32_t at_least_one(int32_t count) { return count > 1 ? count : 1; }

/* Count the words and pairs of a segment, or take them away again. */
static void count(const Lattice *l, Work *work, Py_ssize_t segment, int32_t by)
{
    for (int64_t k = l->first[segment]; k < l->first[segment + 1]; k++) {
        work->word[l->words[k]] += by;
        if (k + 1 < l->first[segment + 1]) work->pair[l->pairs[k]] += by;
    }
}

/* Fill the running sum of what the tokens from `begin` to `end` are worth in a segment, the first value 0. */
static void sum(const Lattice *l, Work *work, Py_ssize_t segment, double *total)
{
    int64_t begin = l->low[segment], end = l->high[segment + 1];
    double length = (double)(l->first[segment + 1] - l->first[segment]), unknown = l->trust * log(l->usual);
    const int64_t *words = l->words + l->references, *pairs = l->pairs + l->references;
    total[0] = 0.0;
    if (length == 0.0) unknown = 0.0;
    count(l, work, segment, 1);
    for (int64_t t = begin; t < end; t++) {
        int32_t here = work->word[words[t]];
        double worth = unknown;
        if (here) {  /* a pair of the segment is made of its words */
            double usual = l->share[words[t]], likely = l->usual * usual + l->word / length * here;
            if (t > begin)
                likely += l->pair / 2 * work->pair[pairs[t - 1]] / at_least_one(work->word[words[t - 1]]);
            if (t + 1 < end)
                likely += l->pair / 2 * work->pair[pairs[t]] / at_least_one(work->word[words[t + 1]]);
            worth = l->trust * log(likely / usual);
        }
        total[t - begin + 1] = total[t - begin] + worth;
    }
    count(l, work, segment, -1);
}

/* Fill `log` with the log of the sum over all ways to each boundary's positions, row after row; return the last row. */
static double *forward(const Lattice *l, Work *work, double *log)
{
    double *row = log, *total = work->sums;
    *row = 0.0;
    for (Py_ssize_t i = 0; i < l->segments; i++) {
        int64_t begin = l->low[i], last = l->high[i], at = begin;
        double *next = row + (last - begin + 1), arrive = NEVER;
        sum(l, work, i, total);
        for (int64_t place = l->low[i + 1]; place <= l->high[i + 1]; place++) {
            for (; at < place && at <= last; at++) {
                double way = row[at - begin] - total[at - begin];
                arrive = at == begin ? way : log_add(arrive, way);
            }
            double stay = place <= last ? row[place - begin] : NEVER;
            next[place - l->low[i + 1]] = log_add(arrive + total[place - begin] + l->cost[place], stay + l->omitted);
        }
        row = next;
        total += l->high[i + 1] - begin + 1;
    }
    return row;
}

/* Turn the last row, and from it all rows before, into log posterior probabilities. */
static void backward(const Lattice *l, Work *work, double *row)
{
    double whole = *row, *behind = work->behind, *before = work->before, *total = work->sums;
    for (Py_ssize_t i = 0; i < l->segments; i++) total += l->high[i + 1] - l->low[i] + 1;
    *row = 0.0;
    *behind = 0.0;
    for (Py_ssize_t i = l->segments - 1; i >= 0; i--) {
        int64_t begin = l->low[i], last = l->high[i], low = l->low[i + 1], high = l->high[i + 1], at = high;
        double leave = NEVER;
        total -= high - begin + 1;
        row -= last - begin + 1;
        for (int64_t place = last; place >= begin; place--) {
            for (; at > place && at >= low; at--) {
                double way = behind[at - low] + l->cost[at] + total[at - begin];
                leave = at == high ? way : log_add(leave, way);
            }
            double stay = place >= low && place <= high ? behind[place - low] : NEVER;
            before[place - begin] = log_add(leave - total[place - begin], stay + l->omitted);
            row[place - begin] += before[place - begin] - whole;
        }
        double *spare = behind;
        behind = before;
        before = spare;
    }
}

static void *room(Py_ssize_t count, size_t size) { return calloc(count > 0 ? (size_t)count : 1, size); }

static int run(const Lattice *l, double *log)
{
    Py_ssize_t cells = 0, widest = 1;
    for (Py_ssize_t i = 0; i < l->segments; i++) {
        Py_ssize_t width = (Py_ssize_t)(l->high[i + 1] - l->low[i]) + 1;  /* not less than that of either row */
        cells += width;
        if (width > widest) widest = width;
    }
    Work work = { .sums = room(cells, sizeof(double)), .behind = room(widest, sizeof(double)),
                  .before = room(widest, sizeof(double)), .word = room(l->numbers, sizeof(int32_t)),
                  .pair = room(l->references + l->tokens, sizeof(int32_t)) };
    int ok = work.sums && work.behind && work.before && work.word && work.pair;
    if (ok) backward(l, &work, forward(l, &work, log));
    free(work.sums); free(work.behind); free(work.before); free(work.word); free(work.pair);
    return ok;
}

/* The arrays as Python hands them over, held until all is summed. */
enum { WORDS, PAIRS, FIRST, SHARE, COST, LOW, HIGH, ARRAYS };

typedef struct {
    Py_buffer view[ARRAYS];
    int held;
} Views;

static int misfit(void)
{
    PyErr_SetString(PyExc_ValueError, "the arrays of the lattice do not fit each other");
    return 0;
}

/* Every array holds numbers of eight bytes. */
static int hold(PyObject *arrays, Views *views)
{
    if (!PyTuple_Check(arrays) || PyTuple_GET_SIZE(arrays) != ARRAYS) return misfit();
    for (int k = 0; k < ARRAYS; k++) {
        if (PyObject_GetBuffer(PyTuple_GET_ITEM(arrays, k), &views->view[k], PyBUF_C_CONTIGUOUS) < 0) return 0;
        views->held = k + 1;
        if (views->view[k].itemsize != 8) return misfit();
    }
    return 1;
}

static int below(const int64_t *values, Py_ssize_t count, int64_t limit)
{
    for (Py_ssize_t k = 0; k < count; k++) if (values[k] < 0 || values[k] >= limit) return 0;
    return 1;
}

static int rising(const int64_t *values, Py_ssize_t count, int64_t first, int64_t last)
{
    for (Py_ssize_t k = 0; k + 1 < count; k++) if (values[k] > values[k + 1]) return 0;
    return count > 0 && values[0] == first && values[count - 1] == last;
}

static int open_lattice(const Views *views, Py_ssize_t room, Lattice *l)
{
    const Py_buffer *view = views->view;
    Py_ssize_t all = view[WORDS].len / 8, rows = view[FIRST].len / 8, cells = 0;
    l->words = view[WORDS].buf; l->pairs = view[PAIRS].buf; l->first = view[FIRST].buf;
    l->low = view[LOW].buf; l->high = view[HIGH].buf;
    l->share = view[SHARE].buf; l->cost = view[COST].buf;
    l->numbers = view[SHARE].len / 8;
    l->segments = rows - 1;
    l->tokens = view[COST].len / 8 - 1;
    l->references = all - l->tokens;
    if (rows < 1 || l->tokens < 0 || l->references < 0 || view[PAIRS].len / 8 != all || view[LOW].len / 8 != rows
        || view[HIGH].len / 8 != rows || !rising(l->first, rows, 0, l->references)
        || !rising(l->low, rows, 0, l->tokens) || !rising(l->high, rows, 0, l->tokens)
        || !below(l->words, all, l->numbers) || !below(l->pairs, all, all)) return misfit();
    for (Py_ssize_t i = 0; i < rows; i++) {
        if (l->low[i] > l->high[i]) return misfit();
        cells += (Py_ssize_t)(l->high[i] - l->low[i]) + 1;
    }
    return cells == room ? 1 : misfit();
}

static PyObject *py_posteriors(PyObject *self, PyObject *args)
{
    PyObject *arrays, *result = NULL;
    Views views = { .held = 0 };
    Py_buffer log;
    Lattice l;
    if (!PyArg_ParseTuple(args, "O(ddddd)w*:posteriors", &arrays, &l.usual, &l.word, &l.pair, &l.trust, &l.omitted, &log))
        return NULL;
    if (log.len % 8) {
        misfit();
    } else if (hold(arrays, &views) && open_lattice(&views, log.len / 8, &l)) {
        int ok;
        Py_BEGIN_ALLOW_THREADS
        ok = run(&l, log.buf);
        Py_END_ALLOW_THREADS
        result = ok ? Py_NewRef(Py_None) : PyErr_NoMemory();
    }
    for (int k = 0; k < views.held; k++) PyBuffer_Release(&views.view[k]);
    PyBuffer_Release(&log);
    return result;
}

static PyMethodDef methods[] = {
    {"posteriors", py_posteriors, METH_VARARGS,
     "posteriors(arrays, constants, log): the log posterior probability of every position of every boundary"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_lattice", "The coarse lattice, compiled.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__lattice(void) { return PyModule_Create(&module); }
