/* The bead lattice: the best path, the surest one, and posterior probabilities by forward-backward.
 *
 * Scores are laid out [shape][i][j], i in 0..n, j in 0..m: the log score of the bead of each shape that ENDS at (i, j);
 * NEVER or less where no such bead may stand. take_ja[k], take_en[k] say how many sentences shape k takes.
 * lattice.py holds the same in NumPy; the tests hold both against enumeration of all paths.
 *
 * Forward-backward works on weights, not on their logarithms. So that none of them runs out of the range of a double,
 * the weight of a bead is taken relative to the best path to where it begins and to the best path to where it ends.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>
#include <stdint.h>
#include "_room.h"

#define NEVER (-1e29)
#define LOWEST (-1e30)
#define MOST_SHAPES 16
#define LEAST_EXPONENT (-600.0)  /* what is less than e to this of the best path to the same place counts as nothing */
#define FOLD_FROM 1e100
#define FLUSH_BELOW 1e-250

typedef struct {
    Py_ssize_t n, m, shapes, width, cells;
    Py_ssize_t staying, stay[MOST_SHAPES];  /* shapes that take nothing of the Japanese side: they stay in a row */
    const int *take_ja, *take_en;
    const double *scores;
} Lattice;

/* Tables of forward-backward: the best score of any path to a place; sums of paths to it and from it, relative to the
 * best; [shape][i][j], the relative weight of each bead; and room for a row of that. */
typedef struct {
    double *best, *forward, *backward, *weight, *row;
} Sums;

/* e to a number of 0 or less, to 11 digits, in a form that compilers turn into vector code. */
ROW double quick_exp(double x)
{
    const double shift = 6755399441055744.0;  /* 1.5 * 2^52: adding it rounds to a whole number in the lowest bits */
    double r = x > LEAST_EXPONENT ? x : LEAST_EXPONENT, rounded, square, fourth, power;
    uint64_t exponent, bits;
    r = r < 0.0 ? r : 0.0;
    rounded = r * 1.4426950408889634 + shift;
    memcpy(&exponent, &rounded, 8);
    rounded -= shift;
    r = r - rounded * 0.693145751953125 - rounded * 1.42860682030941723212e-6;
    square = r * r;
    fourth = square * square;
    power = (1.0 + r) + square * (1.0 / 2.0 + r * (1.0 / 6.0))
          + fourth * ((1.0 / 24.0 + r * (1.0 / 120.0)) + square * (1.0 / 720.0 + r * (1.0 / 5040.0)))
          + fourth * fourth * (1.0 / 40320.0 + r * (1.0 / 362880.0));
    memcpy(&bits, &power, 8);
    bits += exponent << 52;
    memcpy(&power, &bits, 8);
    return x > LEAST_EXPONENT ? power : 0.0;
}

ROW void reach(double *restrict best, const double *restrict before, const double *restrict score, Py_ssize_t count)
{
    for (Py_ssize_t j = 0; j < count; j++) {
        double here = before[j] + score[j];
        best[j] = here > best[j] ? here : best[j];
    }
}

ROW void compare(double *restrict log_weight, const double *before, const double *restrict score, const double *after,
                 Py_ssize_t count)
{
    for (Py_ssize_t j = 0; j < count; j++) log_weight[j] = before[j] + score[j] - (after[j] > NEVER ? after[j] : 1e300);
}

ROW void add_products(double *restrict sum, const double *restrict x, const double *restrict y, Py_ssize_t count)
{
    for (Py_ssize_t j = 0; j < count; j++) sum[j] += x[j] * y[j];
}

ROW void share_out(double *restrict weight, const double *restrict before, const double *restrict after, Py_ssize_t count)
{
    for (Py_ssize_t j = 0; j < count; j++) weight[j] *= before[j] * after[j];
}

/* The best score of any path to each place of a row. Shapes that stay in the row come last, from place to place. */
ROW void best_of_row(const Lattice *l, const Sums *s, Py_ssize_t i)
{
    double *best = s->best + i * l->width;
    for (Py_ssize_t j = 0; j <= l->m; j++) best[j] = i || j ? LOWEST : 0.0;
    for (Py_ssize_t k = 0; k < l->shapes; k++) {
        Py_ssize_t a = l->take_ja[k], b = l->take_en[k];
        if (a && a <= i && b <= l->m)
            reach(best + b, s->best + (i - a) * l->width, l->scores + k * l->cells + i * l->width + b, l->m + 1 - b);
    }
    for (Py_ssize_t j = 1; j <= l->m; j++)
        for (Py_ssize_t q = 0; q < l->staying; q++) {
            Py_ssize_t k = l->stay[q], b = l->take_en[k];
            if (b > j) continue;
            double here = best[j - b] + l->scores[k * l->cells + i * l->width + j];
            best[j] = here > best[j] ? here : best[j];
        }
}

/* The weights of the beads that end in a row; all in one go, since rows are short. */
ROW void weigh_row(const Lattice *l, const Sums *s, Py_ssize_t i)
{
    double *restrict row = s->row;
    for (Py_ssize_t k = 0; k < l->shapes; k++, row += l->width) {
        Py_ssize_t a = l->take_ja[k], b = l->take_en[k], at = i * l->width + b, blank = a <= i && b <= l->m ? b : l->width;
        for (Py_ssize_t j = 0; j < blank; j++) row[j] = LOWEST;
        if (blank == b)
            compare(row + b, s->best + (i - a) * l->width, l->scores + k * l->cells + at, s->best + at, l->m + 1 - b);
    }
    row = s->row;
    for (Py_ssize_t at = 0; at < l->shapes * l->width; at++) row[at] = quick_exp(row[at]);
    for (Py_ssize_t k = 0; k < l->shapes; k++)
        memcpy(s->weight + k * l->cells + i * l->width, row + k * l->width, (size_t)l->width * sizeof(double));
}

/* The sum of all paths to each place of a row; at least 1 wherever there is one. Returns the largest. */
ROW double sum_row(const Lattice *l, const Sums *s, Py_ssize_t i)
{
    double *sum = s->forward + i * l->width, largest = 0.0;
    for (Py_ssize_t j = 0; j <= l->m; j++) sum[j] = i || j ? 0.0 : 1.0;
    for (Py_ssize_t k = 0; k < l->shapes; k++) {
        Py_ssize_t a = l->take_ja[k], b = l->take_en[k];
        if (a && a <= i && b <= l->m)
            add_products(sum + b, s->forward + (i - a) * l->width, s->weight + k * l->cells + i * l->width + b, l->m + 1 - b);
    }
    for (Py_ssize_t j = 0; j <= l->m; j++) {
        for (Py_ssize_t q = 0; q < l->staying; q++) {
            Py_ssize_t k = l->stay[q], b = l->take_en[k];
            if (b <= j) sum[j] += sum[j - b] * s->weight[k * l->cells + i * l->width + j];
        }
        largest = sum[j] > largest ? sum[j] : largest;
    }
    return largest;
}

ROW void forward_pass(const Lattice *l, const Sums *s)
{
    for (Py_ssize_t i = 0; i <= l->n; i++) {
        best_of_row(l, s, i);
        weigh_row(l, s, i);
        if (sum_row(l, s, i) < FOLD_FROM) continue;
        /* So many paths that their number runs out of range: from here on all are relative to their sum. */
        for (Py_ssize_t at = i * l->width; at < (i + 1) * l->width; at++)
            if (s->forward[at] > 0.0) {
                s->best[at] += log(s->forward[at]);
                s->forward[at] = 1.0;
            }
        weigh_row(l, s, i);
    }
}

/* Sums of all paths from each place to the end, as shares of all paths. */
ROW void backward_pass(const Lattice *l, const Sums *s)
{
    for (Py_ssize_t i = l->n; i >= 0; i--) {
        double *sum = s->backward + i * l->width;
        for (Py_ssize_t j = 0; j <= l->m; j++) sum[j] = 0.0;
        if (i == l->n) sum[l->m] = 1.0 / s->forward[l->cells - 1];
        for (Py_ssize_t k = 0; k < l->shapes; k++) {
            Py_ssize_t a = l->take_ja[k], b = l->take_en[k], there = (i + a) * l->width + b;
            if (a && i + a <= l->n && b <= l->m)
                add_products(sum, s->backward + there, s->weight + k * l->cells + there, l->m + 1 - b);
        }
        for (Py_ssize_t j = l->m; j >= 0; j--) {
            for (Py_ssize_t q = 0; q < l->staying; q++) {
                Py_ssize_t k = l->stay[q], b = l->take_en[k];
                if (j + b <= l->m) sum[j] += sum[j + b] * s->weight[k * l->cells + i * l->width + j + b];
            }
            if (sum[j] < FLUSH_BELOW) sum[j] = 0.0;  /* numbers near the least one take very long */
        }
    }
}

/* Turn the weights of beads into their probabilities. */
ROW void judge_beads(const Lattice *l, const Sums *s)
{
    for (Py_ssize_t k = 0; k < l->shapes; k++) {
        Py_ssize_t a = l->take_ja[k], b = l->take_en[k], blank = b <= l->m ? b : l->width;
        for (Py_ssize_t i = 0; i <= l->n; i++) {
            double *restrict row = s->weight + k * l->cells + i * l->width;
            memset(row, 0, (size_t)(i < a ? l->width : blank) * sizeof(double));
            if (i >= a && b <= l->m)
                share_out(row + b, s->forward + (i - a) * l->width, s->backward + i * l->width + b, l->m + 1 - b);
        }
    }
}

/* The expected number of beads with nothing on one side. */
ROW double count_alone(const Lattice *l, const Sums *s)
{
    double sum = 0.0;
    for (Py_ssize_t k = 0; k < l->shapes; k++) {
        Py_ssize_t a = l->take_ja[k], b = l->take_en[k];
        if (a && b) continue;
        for (Py_ssize_t i = a; i <= l->n; i++) {
            const double *weight = s->weight + k * l->cells + i * l->width;
            const double *before = s->forward + (i - a) * l->width, *after = s->backward + i * l->width;
            for (Py_ssize_t j = b; j <= l->m; j++) sum += before[j - b] * weight[j] * after[j];
        }
    }
    return sum;
}

/* The log partition function; with `alone` that gets the expected number of one-sided beads, else the weights become
 * probabilities. */
WIDE static double forward_backward(const Lattice *l, const Sums *s, double *alone)
{
    forward_pass(l, s);
    if (s->best[l->cells - 1] <= NEVER) {
        if (alone) *alone = 0.0;
        else memset(s->weight, 0, (size_t)(l->shapes * l->cells) * sizeof(double));
        return LOWEST;
    }
    backward_pass(l, s);
    if (alone) *alone = count_alone(l, s);
    else judge_beads(l, s);
    return s->best[l->cells - 1] + log(s->forward[l->cells - 1]);
}

/* What a bead adds to a path: its score, or what claiming it promises. */
typedef struct {
    const double *posterior;  /* none: scores count */
    double worth, besides;
} Aim;

ROW void arrive(double *restrict best, double *restrict shape, const double *restrict before,
                          const double *restrict gain, double k, Py_ssize_t count)
{
    for (Py_ssize_t j = 0; j < count; j++) {
        double here = before[j] + gain[j];
        shape[j] = here > best[j] ? k : shape[j];
        best[j] = here > best[j] ? here : best[j];
    }
}

ROW void gain_of_row(const Lattice *l, const Aim *aim, Py_ssize_t k, Py_ssize_t i, double *restrict gain)
{
    const double *score = l->scores + k * l->cells + i * l->width;
    if (!aim->posterior) {
        memcpy(gain, score, (size_t)l->width * sizeof(double));
        return;
    }
    const double *posterior = aim->posterior + k * l->cells + i * l->width;
    int paired = l->take_ja[k] && l->take_en[k];
    double share = paired ? 1.0 : aim->besides, less = paired ? aim->worth : 0.0;
    for (Py_ssize_t j = 0; j <= l->m; j++) gain[j] = score[j] > NEVER ? share * posterior[j] - less : LOWEST;
}

/* The shape that reaches each place best, by the path of the greatest sum; -1 where none does. The first shape wins a
 * tie. `lines` has room for a row of shapes and for one of gains a shape. */
WIDE static double viterbi(const Lattice *l, const Aim *aim, double *best, double *lines, signed char *back)
{
    double *shape = lines, *gains = lines + l->width;
    for (Py_ssize_t i = 0; i <= l->n; i++) {
        double *row = best + i * l->width;
        for (Py_ssize_t j = 0; j <= l->m; j++) { row[j] = i || j ? NEVER : 0.0; shape[j] = -1.0; }
        for (Py_ssize_t k = 0; k < l->shapes; k++) {
            Py_ssize_t a = l->take_ja[k], b = l->take_en[k];
            double *gain = gains + k * l->width;
            if (a > i || b > l->m) continue;
            gain_of_row(l, aim, k, i, gain);
            if (a) arrive(row + b, shape + b, best + (i - a) * l->width, gain + b, (double)k, l->m + 1 - b);
        }
        for (Py_ssize_t j = 1; j <= l->m; j++)
            for (Py_ssize_t q = 0; q < l->staying; q++) {
                Py_ssize_t k = l->stay[q], b = l->take_en[k];
                if (b > j) continue;
                double here = row[j - b] + gains[k * l->width + j];
                if (here > row[j] || (here == row[j] && shape[j] > (double)k)) { row[j] = here; shape[j] = (double)k; }
            }
        for (Py_ssize_t j = 0; j <= l->m; j++) back[i * l->width + j] = (signed char)shape[j];
    }
    return best[l->cells - 1];
}

/* A path as a list of (shape, i, j) of each bead's end, in order. */
static PyObject *trace(const Lattice *l, const signed char *back)
{
    PyObject *path = PyList_New(0);
    Py_ssize_t i = l->n, j = l->m;
    while (path && (i || j)) {
        int shape = back[i * l->width + j];
        PyObject *step = shape < 0 ? NULL : Py_BuildValue("(inn)", shape, i, j);
        if (shape < 0) PyErr_SetString(PyExc_ValueError, "no path through the lattice");
        if (!step || PyList_Append(path, step) < 0) Py_CLEAR(path);
        Py_XDECREF(step);
        if (shape >= 0) { i -= l->take_ja[shape]; j -= l->take_en[shape]; }
    }
    if (path && PyList_Reverse(path) < 0) Py_CLEAR(path);
    return path;
}

/* The arrays that Python hands over, held until all is done. */
typedef struct {
    Py_buffer take_ja, take_en, scores, posterior;
} Views;

static void release(Views *v)
{
    PyBuffer_Release(&v->take_ja); PyBuffer_Release(&v->take_en); PyBuffer_Release(&v->scores);
    if (v->posterior.obj) PyBuffer_Release(&v->posterior);
}

/* Fill a Lattice from Python's arguments; every size is checked, since the arrays come from outside. */
static int open_lattice(Lattice *l, const Views *v)
{
    const Py_ssize_t real = sizeof(double), most = PY_SSIZE_T_MAX / real / MOST_SHAPES / 4;
    int fits = l->n >= 0 && l->m >= 0 && l->n < most && l->m < most / (l->n + 1) - 1;
    l->shapes = v->take_ja.len / (Py_ssize_t)sizeof(int);
    l->take_ja = v->take_ja.buf;
    l->take_en = v->take_en.buf;
    l->scores = v->scores.buf;
    fits = fits && l->shapes <= MOST_SHAPES && v->take_en.len == v->take_ja.len;
    l->staying = 0;
    for (Py_ssize_t k = 0; fits && k < l->shapes; k++) {
        fits = l->take_ja[k] >= 0 && l->take_en[k] >= 0 && (l->take_ja[k] || l->take_en[k]);
        if (!l->take_ja[k]) l->stay[l->staying++] = k;
    }
    l->width = l->m + 1;
    l->cells = fits ? (l->n + 1) * l->width : 0;
    if (fits && v->scores.len == l->shapes * l->cells * real && (!v->posterior.obj || v->posterior.len == v->scores.len)) return 1;
    PyErr_SetString(PyExc_ValueError, "lattice arrays do not fit each other");
    return 0;
}

static PyObject *found_path(const Lattice *l, const Aim *aim)
{
    PyObject *path = NULL;
    Room room;
    enter(&room);
    double *best = take(&room, l->cells, sizeof(double)), *lines = take(&room, (l->shapes + 1) * l->width, sizeof(double));
    signed char *back = take(&room, l->cells, 1);
    if (room.failed) {
        PyErr_NoMemory();
    } else {
        Py_BEGIN_ALLOW_THREADS
        viterbi(l, aim, best, lines, back);
        Py_END_ALLOW_THREADS
        path = trace(l, back);
    }
    leave(&room);
    return path;
}

static PyObject *py_best_path(PyObject *self, PyObject *args)
{
    Lattice l;
    Views v = { .posterior = { 0 } };
    Aim aim = { NULL, 0.0, 0.0 };
    PyObject *path = NULL;
    if (!PyArg_ParseTuple(args, "nny*y*y*", &l.n, &l.m, &v.take_ja, &v.take_en, &v.scores)) return NULL;
    if (open_lattice(&l, &v)) path = found_path(&l, &aim);
    release(&v);
    return path;
}

static PyObject *py_surest_path(PyObject *self, PyObject *args)
{
    Lattice l;
    Views v = { .posterior = { 0 } };
    Aim aim;
    PyObject *path = NULL;
    if (!PyArg_ParseTuple(args, "nny*y*y*y*dd", &l.n, &l.m, &v.take_ja, &v.take_en, &v.scores, &v.posterior, &aim.worth,
                          &aim.besides)) return NULL;
    if (open_lattice(&l, &v)) {
        aim.posterior = v.posterior.buf;
        path = found_path(&l, &aim);
    }
    release(&v);
    return path;
}

/* Run forward-backward with tables of its own; `weight` gets the beads' probabilities, or `alone` what it says. */
static int run(const Lattice *l, double *weight, double *alone, double *total)
{
    Room room;
    Sums sums = { .weight = weight };
    enter(&room);
    sums.best = take(&room, l->cells, sizeof(double));
    sums.forward = take(&room, l->cells, sizeof(double));
    sums.backward = take(&room, l->cells, sizeof(double));
    sums.row = take(&room, l->shapes * l->width, sizeof(double));
    if (!weight) sums.weight = take(&room, l->shapes * l->cells, sizeof(double));
    if (room.failed) {
        PyErr_NoMemory();
    } else {
        Py_BEGIN_ALLOW_THREADS
        *total = forward_backward(l, &sums, alone);
        Py_END_ALLOW_THREADS
    }
    leave(&room);
    return !room.failed;
}

static PyObject *py_posteriors(PyObject *self, PyObject *args)
{
    Lattice l;
    Views v = { .posterior = { 0 } };
    double total;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "nny*y*y*w*", &l.n, &l.m, &v.take_ja, &v.take_en, &v.scores, &v.posterior)) return NULL;
    if (open_lattice(&l, &v) && run(&l, v.posterior.buf, NULL, &total)) result = PyFloat_FromDouble(total);
    release(&v);
    return result;
}

static PyObject *py_alone(PyObject *self, PyObject *args)
{
    Lattice l;
    Views v = { .posterior = { 0 } };
    double total, alone;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "nny*y*y*", &l.n, &l.m, &v.take_ja, &v.take_en, &v.scores)) return NULL;
    if (open_lattice(&l, &v) && run(&l, NULL, &alone, &total)) result = PyFloat_FromDouble(alone);
    release(&v);
    return result;
}

static PyMethodDef methods[] = {
    {"best_path", py_best_path, METH_VARARGS,
     "best_path(n, m, take_ja, take_en, scores): the path of the best score as (shape, i, j) of each bead's end"},
    {"surest_path", py_surest_path, METH_VARARGS,
     "surest_path(n, m, take_ja, take_en, scores, posterior, worth, besides): the path that promises most, likewise"},
    {"posteriors", py_posteriors, METH_VARARGS,
     "posteriors(n, m, take_ja, take_en, scores, posterior) -> log partition function; fills posterior"},
    {"alone", py_alone, METH_VARARGS,
     "alone(n, m, take_ja, take_en, scores) -> the expected number of beads with nothing on one side"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_kernel", "Compiled kernels of the bead lattice.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernel(void) { return PyModule_Create(&module); }
