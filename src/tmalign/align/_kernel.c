/* The bead lattice: the best path, the surest one, and posterior probabilities by forward-backward.
 *
 * Scores are laid out [shape][i][j], i in 0..n, j in 0..m: the log score of the bead of each shape that ENDS at (i, j);
 * NEVER or less where no such bead may stand. take_ja[k], take_en[k] say how many sentences shape k takes.
 * lattice.py holds the same in NumPy; the tests hold both against enumeration of all paths.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include "_kernel_sums.h"

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
