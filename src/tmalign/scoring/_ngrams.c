/* Character n-grams that a hypothesis shares with its reference, order by order: what chrF counts.
 *
 * An n-gram is looked up by a rolling hash and compared character by character, so that the counts are exact.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    Py_ssize_t at;      /* where the n-gram begins in the reference */
    Py_ssize_t count;   /* how often it is there and not yet matched; 0: the slot is free */
} Slot;

static uint64_t mixed(uint64_t hash) {
    hash ^= hash >> 31;
    hash *= UINT64_C(0x9E3779B97F4A7C15);
    return hash ^ (hash >> 29);
}

static uint64_t hash_of(const Py_UCS4 *text, Py_ssize_t order) {
    uint64_t hash = 0;
    for (Py_ssize_t i = 0; i < order; i++) hash = mixed(hash + text[i] + 1);
    return hash;
}

/* Return the slot of an n-gram, or the free one where it belongs. */
static Slot *find(Slot *table, size_t mask, const Py_UCS4 *reference, const Py_UCS4 *gram, Py_ssize_t order) {
    size_t place = (size_t)hash_of(gram, order) & mask;
    while (table[place].at >= 0 && memcmp(reference + table[place].at, gram, (size_t)order * sizeof(Py_UCS4)))
        place = (place + 1) & mask;
    return table + place;
}

static Py_ssize_t matches(Slot *table, size_t mask, const Py_UCS4 *hypothesis, Py_ssize_t hypotheses,
                          const Py_UCS4 *reference, Py_ssize_t references, Py_ssize_t order) {
    Py_ssize_t found = 0;
    for (size_t i = 0; i <= mask; i++) table[i].at = -1;
    for (Py_ssize_t i = 0; i < references; i++) {
        Slot *slot = find(table, mask, reference, reference + i, order);
        if (slot->at < 0) {
            slot->at = i;
            slot->count = 0;
        }
        slot->count++;
    }
    for (Py_ssize_t i = 0; i < hypotheses; i++) {
        Slot *slot = find(table, mask, reference, hypothesis + i, order);
        if (slot->at >= 0 && slot->count > 0) {
            slot->count--;
            found++;
        }
    }
    return found;
}

static PyObject *count(PyObject *self, PyObject *arguments) {
    PyObject *hypothesis_text, *reference_text, *result = NULL;
    int orders;
    if (!PyArg_ParseTuple(arguments, "UUi:count", &hypothesis_text, &reference_text, &orders)) return NULL;
    if (orders < 1 || orders > 64) {
        PyErr_SetString(PyExc_ValueError, "orders must be 1 to 64");
        return NULL;
    }
    Py_ssize_t hypothesis_length = PyUnicode_GET_LENGTH(hypothesis_text);
    Py_ssize_t reference_length = PyUnicode_GET_LENGTH(reference_text);
    size_t size = 16;
    while (size < 2 * (size_t)reference_length) size *= 2;
    Py_UCS4 *hypothesis = PyUnicode_AsUCS4Copy(hypothesis_text);
    Py_UCS4 *reference = PyUnicode_AsUCS4Copy(reference_text);
    Slot *table = PyMem_Malloc(size * sizeof(Slot));
    if (!hypothesis || !reference || !table) {
        if (!PyErr_Occurred()) PyErr_NoMemory();
        goto done;
    }
    result = PyList_New(3 * (Py_ssize_t)orders);
    for (int order = 1; result && order <= orders; order++) {
        Py_ssize_t hypotheses = hypothesis_length - order + 1, references = reference_length - order + 1;
        Py_ssize_t shared = 0;
        if (hypotheses < 0) hypotheses = 0;
        if (references < 0) references = 0;
        /* As sacrebleu has it: n-grams do not count against a reference too short to have any. */
        if (!references) hypotheses = 0;
        if (hypotheses) shared = matches(table, size - 1, hypothesis, hypotheses, reference, references, order);
        Py_ssize_t values[3] = {hypotheses, references, shared};
        for (int i = 0; i < 3; i++) {
            PyObject *number = PyLong_FromSsize_t(values[i]);
            if (!number) {
                Py_CLEAR(result);
                break;
            }
            PyList_SET_ITEM(result, 3 * (order - 1) + i, number);
        }
    }
done:
    PyMem_Free(hypothesis);
    PyMem_Free(reference);
    PyMem_Free(table);
    return result;
}

static PyMethodDef methods[] = {
    {"count", count, METH_VARARGS,
     "count(hypothesis, reference, orders): n-grams of the hypothesis, of the reference, and shared, for orders 1 on."},
    {NULL, NULL, 0, NULL}};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_ngrams", "Character n-grams that two texts share.", -1, methods, NULL, NULL, NULL, NULL};

PyMODINIT_FUNC PyInit__ngrams(void) { return PyModule_Create(&module); }
