/* The units of one side of a document: their index, where each stands, and which may be names.
 *
 * vocabulary.py holds the same in Python; the tests hold both equal.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

/* The attributes of units.Units. */
static PyObject *WORDS, *COMPOUNDS, *NAMES, *CAPITALS, *LOANS, *LEMMAS;

/* Numbers that grow as they are found. */
typedef struct {
    int64_t *at;
    Py_ssize_t count, room;
} Numbers;

static int push(Numbers *numbers, int64_t number)
{
    if (numbers->count == numbers->room) {
        Py_ssize_t room = numbers->room ? 2 * numbers->room : 256;
        int64_t *at = PyMem_Realloc(numbers->at, (size_t)room * sizeof(int64_t));
        if (!at) { PyErr_NoMemory(); return 0; }
        numbers->at = at;
        numbers->room = room;
    }
    numbers->at[numbers->count++] = number;
    return 1;
}

typedef struct {
    PyObject *index, *alike, *loans, *lemmas;
    Numbers start, words, column, figure;
    PyObject *named, *seen, *spelt;  /* what may be a name: a flag a unit; each once; its reading or word */
    Numbers unit, sure;
    uint8_t *upper;  /* of each unit: some word of it begins with a capital */
} Side;

static PyObject *sequence_of(PyObject *segment, PyObject *name)
{
    PyObject *value = PyObject_GetAttr(segment, name);
    PyObject *list = value ? PySequence_Fast(value, "what a segment offers is not a sequence") : NULL;
    Py_XDECREF(value);
    return list;
}

/* Where a unit stands in the index, -1 if nowhere, -2 on failure. */
static Py_ssize_t place_of_unit(PyObject *index, PyObject *unit)
{
    PyObject *place = PyDict_GetItemWithError(index, unit);
    if (place) return PyLong_AsSsize_t(place);
    return PyErr_Occurred() ? -2 : -1;
}

static int is_figure(Py_UCS4 first) { return first != 'S' && Py_UNICODE_ISUPPER(first); }

/* A word that both languages may write the same: Latin letters and digits alone. */
static int is_latin(PyObject *unit)
{
    Py_ssize_t size = PyUnicode_GET_LENGTH(unit);
    if (!PyUnicode_IS_ASCII(unit)) return 0;
    for (Py_ssize_t k = 0; k < size; k++) {
        Py_UCS4 c = PyUnicode_READ_CHAR(unit, k);
        if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))) return 0;
    }
    return size > 0;
}

/* Give a unit the next place. */
static int add_fresh(Side *side, PyObject *unit, Py_ssize_t place)
{
    int key = PyUnicode_GET_LENGTH(unit) > 1 && PyUnicode_READ_CHAR(unit, 1) == ':';
    PyObject *number = PyLong_FromSsize_t(place);
    int ok = number && PyDict_SetItem(side->index, unit, number) == 0;
    Py_XDECREF(number);
    return ok && push(&side->figure, key && is_figure(PyUnicode_READ_CHAR(unit, 0)))
        && (!(key || is_latin(unit)) || PyList_Append(side->alike, unit) == 0);
}

/* Objects lie scattered: what is asked for before it is read need not be waited for one by one. */
static void ask_for(PyObject *list)
{
#ifdef __GNUC__
    for (Py_ssize_t k = 0; k < PySequence_Fast_GET_SIZE(list); k++) __builtin_prefetch(PySequence_Fast_GET_ITEM(list, k));
#endif
}

/* Count the units of a segment; returns how many, -1 on failure. */
static Py_ssize_t read_units(Side *side, PyObject *segment, PyObject *name)
{
    PyObject *units = sequence_of(segment, name);
    if (!units) return -1;
    Py_ssize_t count = 0;
    ask_for(units);
    for (; count < PySequence_Fast_GET_SIZE(units); count++) {
        PyObject *unit = PySequence_Fast_GET_ITEM(units, count);
        if (!PyUnicode_CheckExact(unit)) { PyErr_SetString(PyExc_TypeError, "a unit is not a string"); break; }
        Py_ssize_t place = place_of_unit(side->index, unit);
        if (place == -1 && !add_fresh(side, unit, place = PyDict_GET_SIZE(side->index))) break;
        if (place < 0 || !push(&side->column, place)) break;
    }
    int failed = PyErr_Occurred() != NULL;
    Py_DECREF(units);
    return failed ? -1 : count;
}

static int read_pairs(PyObject *forms, PyObject *segment, PyObject *name)
{
    PyObject *pairs = PyObject_GetAttr(segment, name);
    int ok = pairs && PyDict_MergeFromSeq2(forms, pairs, 1) == 0;
    Py_XDECREF(pairs);
    return ok;
}

static int read_segment(Side *side, PyObject *segment)
{
    Py_ssize_t words = read_units(side, segment, WORDS);
    return words >= 0 && read_units(side, segment, COMPOUNDS) >= 0 && push(&side->words, words)
        && push(&side->start, side->column.count) && read_pairs(side->loans, segment, LOANS)
        && read_pairs(side->lemmas, segment, LEMMAS);
}

/* A unit that may be a name, as units.Name and the members of Units.capitals tell of it. */
typedef struct {
    PyObject *unit, *spelt;
    int flag, fresh;
    Py_ssize_t place;
} Candidate;

static int read_candidate(Side *side, PyObject *triple, Candidate *found)
{
    if (!PyTuple_Check(triple) || PyTuple_GET_SIZE(triple) != 3 || !PyUnicode_CheckExact(PyTuple_GET_ITEM(triple, 0))
        || !PyUnicode_CheckExact(PyTuple_GET_ITEM(triple, 1))) {
        PyErr_SetString(PyExc_TypeError, "a name is not a unit, a string and a flag");
        return 0;
    }
    Py_ssize_t before = PySet_GET_SIZE(side->seen);
    found->unit = PyTuple_GET_ITEM(triple, 0);
    found->spelt = PyTuple_GET_ITEM(triple, 1);
    found->flag = PyObject_IsTrue(PyTuple_GET_ITEM(triple, 2));
    if (found->flag < 0 || PySet_Add(side->seen, triple) < 0) return 0;
    found->fresh = PySet_GET_SIZE(side->seen) > before;
    found->place = place_of_unit(side->index, found->unit);
    return found->place > -2;
}

static int add_candidate(Side *side, const Candidate *found)
{
    return push(&side->unit, found->place) && push(&side->sure, found->flag) && PyList_Append(side->spelt, found->spelt) == 0;
}

/* The Japanese names of a segment, or the English words that may be names: long ones, and those with a capital. */
static int read_candidates(Side *side, PyObject *segment, int english, Py_ssize_t shortest)
{
    PyObject *candidates = sequence_of(segment, english ? CAPITALS : NAMES);
    float *named = (float *)PyBytes_AS_STRING(side->named);
    if (!candidates) return 0;
    int ok = 1;
    ask_for(candidates);
    for (Py_ssize_t k = 0; ok && k < PySequence_Fast_GET_SIZE(candidates); k++) {
        Candidate found;
        PyObject *triple = Py_NewRef(PySequence_Fast_GET_ITEM(candidates, k));
        ok = read_candidate(side, triple, &found);
        if (ok && found.place >= 0) {
            if (!english || (found.flag && k)) named[found.place] = 1.0f;  /* every sentence begins with a capital */
            if (english && found.flag) side->upper[found.place] = 1;
            if (found.fresh && (!english || found.flag || PyUnicode_GET_LENGTH(found.spelt) >= shortest))
                ok = add_candidate(side, &found);
        }
        Py_DECREF(triple);
    }
    Py_DECREF(candidates);
    return ok;
}

static PyObject *numbers_as_bytes(const Numbers *numbers)
{
    return PyBytes_FromStringAndSize(numbers->count ? (const char *)numbers->at : "", numbers->count * 8);
}

static PyObject *flags_as_bytes(const Numbers *flags)
{
    PyObject *bytes = PyBytes_FromStringAndSize(NULL, flags->count);
    for (Py_ssize_t k = 0; bytes && k < flags->count; k++) PyBytes_AS_STRING(bytes)[k] = flags->at[k] != 0;
    return bytes;
}

static int read_side(Side *side, PyObject *segments, Py_ssize_t shortest)
{
    int ok = push(&side->start, 0);
    for (Py_ssize_t k = 0; ok && k < PySequence_Fast_GET_SIZE(segments); k++) {
        PyObject *segment = Py_NewRef(PySequence_Fast_GET_ITEM(segments, k));
        ok = read_segment(side, segment);
        Py_DECREF(segment);
    }
    Py_ssize_t width = ok && PyDict_GET_SIZE(side->index) ? PyDict_GET_SIZE(side->index) : 1;
    side->named = ok ? PyBytes_FromStringAndSize(NULL, width * (Py_ssize_t)sizeof(float)) : NULL;
    side->upper = PyMem_Calloc((size_t)width, 1);
    if (side->named) memset(PyBytes_AS_STRING(side->named), 0, (size_t)width * sizeof(float));
    ok = side->named && (side->upper || PyErr_NoMemory());
    for (Py_ssize_t k = 0; ok && k < PySequence_Fast_GET_SIZE(segments); k++) {
        PyObject *segment = Py_NewRef(PySequence_Fast_GET_ITEM(segments, k));
        ok = read_candidates(side, segment, 0, shortest) && read_candidates(side, segment, 1, shortest);
        Py_DECREF(segment);
    }
    for (Py_ssize_t k = 0; ok && k < side->unit.count; k++) side->sure.at[k] |= side->upper[side->unit.at[k]];
    return ok;
}

static PyObject *py_vocabulary(PyObject *self, PyObject *args)
{
    PyObject *given, *result = NULL;
    Py_ssize_t shortest;
    if (!PyArg_ParseTuple(args, "On", &given, &shortest)) return NULL;
    PyObject *segments = PySequence_Fast(given, "segments are not a sequence");
    if (!segments) return NULL;
    Side side = { .index = PyDict_New(), .alike = PyList_New(0), .loans = PyDict_New(), .lemmas = PyDict_New(),
                  .seen = PySet_New(NULL), .spelt = PyList_New(0) };
    if (side.index && side.alike && side.loans && side.lemmas && side.seen && side.spelt
        && read_side(&side, segments, shortest))
        result = Py_BuildValue("(ONNNNOOOONNO)", side.index, numbers_as_bytes(&side.start), numbers_as_bytes(&side.words),
                               numbers_as_bytes(&side.column), flags_as_bytes(&side.figure), side.alike, side.loans,
                               side.lemmas, side.named, numbers_as_bytes(&side.unit), flags_as_bytes(&side.sure), side.spelt);
    Py_XDECREF(side.index); Py_XDECREF(side.alike); Py_XDECREF(side.loans); Py_XDECREF(side.lemmas);
    Py_XDECREF(side.named); Py_XDECREF(side.seen); Py_XDECREF(side.spelt);
    Numbers *numbers[] = { &side.start, &side.words, &side.column, &side.figure, &side.unit, &side.sure };
    for (size_t k = 0; k < sizeof(numbers) / sizeof(numbers[0]); k++) PyMem_Free(numbers[k]->at);
    PyMem_Free(side.upper);
    Py_DECREF(segments);
    return result;
}

static PyMethodDef methods[] = {
    {"vocabulary", py_vocabulary, METH_VARARGS,
     "vocabulary(segments, shortest) -> (index, start, words, column, figures, alike, loans, lemmas, named, unit, "
     "sure, spelt): the fields of a Vocabulary without its hashes, arrays as bytes"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_vocabulary", "The units of one side of a document, compiled.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__vocabulary(void)
{
    PyObject **names[] = { &WORDS, &COMPOUNDS, &NAMES, &CAPITALS, &LOANS, &LEMMAS };
    const char *texts[] = { "words", "compounds", "names", "capitals", "loans", "lemmas" };
    for (size_t k = 0; k < sizeof(names) / sizeof(names[0]); k++)
        if (!*names[k] && !(*names[k] = PyUnicode_InternFromString(texts[k]))) return NULL;
    return PyModule_Create(&module);
}
