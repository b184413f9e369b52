/* The bead lattice: Viterbi and forward-backward over a dense grid, for a semi-Markov chain of beads.
 *
 * scores is a C-contiguous double array [shapes][n+1][m+1]: the score of the bead of each shape that ENDS at (i, j);
 * NEVER or less where no such bead may stand. take_ja[k], take_en[k] say how many sentences shape k takes.
 * lattice.py holds the same two functions in NumPy; the tests hold both against enumeration of all paths.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <math.h>

#define NEVER (-1e29)
#define LOWEST (-1e30)

typedef struct {
    Py_ssize_t n, m, shapes, width, cells;
    const int *take_ja, *take_en;
    const double *scores;
} Lattice;

#define MOST_SHAPES 16
#define NEGLIGIBLE (-38.0)  /* less than a double can tell beside 1 */

/* The logarithm of a sum of exponentials; one logarithm for all, none where a single term matters. */
static double log_sum(const double *terms, int count, double top)
{
    double sum = 0.0;
    for (int k = 0; k < count; k++) {
        double below = terms[k] - top;
        if (below > NEGLIGIBLE) sum += below == 0.0 ? 1.0 : exp(below);
    }
    return sum == 1.0 ? top : top + log(sum);
}

/* The best score of any path, and for each cell the shape that reaches it best (first shape wins a tie). */
static void viterbi(const Lattice *l, double *best, signed char *back)
{
    for (Py_ssize_t i = 0; i <= l->n; i++) {
        for (Py_ssize_t j = 0; j <= l->m; j++) {
            Py_ssize_t here = i * l->width + j;
            double top = here ? LOWEST : 0.0;
            signed char from = -1;
            for (Py_ssize_t k = 0; k < l->shapes; k++) {
                Py_ssize_t a = i - l->take_ja[k], b = j - l->take_en[k];
                if (a < 0 || b < 0) continue;
                double score = l->scores[k * l->cells + here], before = best[a * l->width + b];
                if (score <= NEVER || before <= NEVER) continue;
                if (before + score > top) { top = before + score; from = (signed char)k; }
            }
            best[here] = top;
            back[here] = from;
        }
    }
}

/* Log partition function; posterior gets the probability of each bead of the first `told` shapes, laid out as scores. */
static double forward_backward(const Lattice *l, double *forward, double *backward, double *posterior, Py_ssize_t told)
{
    for (Py_ssize_t i = 0; i <= l->n; i++) {
        for (Py_ssize_t j = 0; j <= l->m; j++) {
            Py_ssize_t here = i * l->width + j;
            double terms[MOST_SHAPES], top = LOWEST;
            int count = 0;
            for (Py_ssize_t k = 0; k < l->shapes; k++) {
                Py_ssize_t a = i - l->take_ja[k], b = j - l->take_en[k];
                if (a < 0 || b < 0) continue;
                double score = l->scores[k * l->cells + here], before = forward[a * l->width + b];
                if (score > NEVER && before > NEVER) {
                    double term = before + score;
                    terms[count++] = term;
                    if (term > top) top = term;
                }
            }
            forward[here] = count ? log_sum(terms, count, top) : here ? LOWEST : 0.0;
        }
    }
    for (Py_ssize_t i = l->n; i >= 0; i--) {
        for (Py_ssize_t j = l->m; j >= 0; j--) {
            Py_ssize_t here = i * l->width + j;
            double terms[MOST_SHAPES], top = LOWEST;
            int count = 0;
            for (Py_ssize_t k = 0; k < l->shapes; k++) {
                Py_ssize_t a = i + l->take_ja[k], b = j + l->take_en[k];
                if (a > l->n || b > l->m) continue;
                Py_ssize_t there = a * l->width + b;
                double score = l->scores[k * l->cells + there], after = backward[there];
                if (score > NEVER && after > NEVER) {
                    double term = after + score;
                    terms[count++] = term;
                    if (term > top) top = term;
                }
            }
            backward[here] = count ? log_sum(terms, count, top) : here == l->cells - 1 ? 0.0 : LOWEST;
        }
    }
    double total = forward[l->cells - 1];
    for (Py_ssize_t k = 0; k < told; k++) {
        for (Py_ssize_t i = 0; i <= l->n; i++) {
            for (Py_ssize_t j = 0; j <= l->m; j++) {
                Py_ssize_t here = i * l->width + j, a = i - l->take_ja[k], b = j - l->take_en[k];
                double score = l->scores[k * l->cells + here], p = 0.0;
                if (a >= 0 && b >= 0 && score > NEVER && total > NEVER) {
                    double path = forward[a * l->width + b] + score + backward[here] - total;
                    if (path > -80.0) p = exp(path);
                }
                posterior[k * l->cells + here] = p;
            }
        }
    }
    return total;
}

/* Fill a Lattice from Python's arguments; every size is checked, since the arrays come from outside. */
static int open_lattice(Lattice *l, Py_buffer *take_ja, Py_buffer *take_en, Py_buffer *scores)
{
    l->width = l->m + 1;
    l->cells = (l->n + 1) * l->width;
    l->shapes = take_ja->len / (Py_ssize_t)sizeof(int);
    if (l->n < 0 || l->m < 0 || l->shapes > MOST_SHAPES || take_en->len != take_ja->len
        || scores->len != l->shapes * l->cells * (Py_ssize_t)sizeof(double)) {
        PyErr_SetString(PyExc_ValueError, "lattice arrays do not fit each other");
        return 0;
    }
    l->take_ja = take_ja->buf;
    l->take_en = take_en->buf;
    l->scores = scores->buf;
    return 1;
}

static PyObject *py_viterbi(PyObject *self, PyObject *args)
{
    Lattice l;
    Py_buffer take_ja, take_en, scores, best, back;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "nny*y*y*w*w*", &l.n, &l.m, &take_ja, &take_en, &scores, &best, &back)) return NULL;
    if (open_lattice(&l, &take_ja, &take_en, &scores)) {
        if (best.len != l.cells * (Py_ssize_t)sizeof(double) || back.len != l.cells) {
            PyErr_SetString(PyExc_ValueError, "work arrays do not fit the lattice");
        } else {
            Py_BEGIN_ALLOW_THREADS
            viterbi(&l, best.buf, back.buf);
            Py_END_ALLOW_THREADS
            result = PyFloat_FromDouble(((double *)best.buf)[l.cells - 1]);
        }
    }
    PyBuffer_Release(&take_ja); PyBuffer_Release(&take_en); PyBuffer_Release(&scores);
    PyBuffer_Release(&best); PyBuffer_Release(&back);
    return result;
}

static PyObject *py_forward_backward(PyObject *self, PyObject *args)
{
    Lattice l;
    Py_buffer take_ja, take_en, scores, forward, backward, posterior;
    PyObject *result = NULL;
    if (!PyArg_ParseTuple(args, "nny*y*y*w*w*w*", &l.n, &l.m, &take_ja, &take_en, &scores, &forward, &backward,
                          &posterior)) return NULL;
    if (open_lattice(&l, &take_ja, &take_en, &scores)) {
        Py_ssize_t grid = l.cells * (Py_ssize_t)sizeof(double);
        if (forward.len != grid || backward.len != grid || posterior.len % grid || posterior.len > scores.len) {
            PyErr_SetString(PyExc_ValueError, "work arrays do not fit the lattice");
        } else {
            double total;
            Py_BEGIN_ALLOW_THREADS
            total = forward_backward(&l, forward.buf, backward.buf, posterior.buf, posterior.len / grid);
            Py_END_ALLOW_THREADS
            result = PyFloat_FromDouble(total);
        }
    }
    PyBuffer_Release(&take_ja); PyBuffer_Release(&take_en); PyBuffer_Release(&scores);
    PyBuffer_Release(&forward); PyBuffer_Release(&backward); PyBuffer_Release(&posterior);
    return result;
}

static PyMethodDef methods[] = {
    {"viterbi", py_viterbi, METH_VARARGS, "viterbi(n, m, take_ja, take_en, scores, best, back) -> best score"},
    {"forward_backward", py_forward_backward, METH_VARARGS,
     "forward_backward(n, m, take_ja, take_en, scores, forward, backward, posterior) -> log partition function"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_kernel", "Compiled kernels of the bead lattice.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__kernel(void) { return PyModule_Create(&module); }
