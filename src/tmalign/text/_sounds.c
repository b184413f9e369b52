/* Rules that make sounds of spelling: see names._rule. names.py holds the same by way of regular expressions; the tests
 * hold both equal.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

/* ASCII that a string holds. */
typedef struct {
    const char *at;
    Py_ssize_t size;
} Text;

/* What must stand beside a form: nothing in particular, an end of the word, two letters, a letter of a set, another
 * letter, or another letter or an end. */
typedef enum { ANYTHING, END, TWO, ONE_OF, ANOTHER, ANOTHER_OR_END } Side;

typedef struct {
    Side side;
    uint64_t letters;
} Beside;

typedef struct {
    Beside behind, ahead;
    Text text;
} Form;

typedef struct {
    Text sound;
    Form *forms;  /* none: letters that repeat become one */
    Py_ssize_t count;
    uint64_t needed;  /* a word without any of these letters stays as it is */
} Rule;

typedef struct {
    Rule *at;
    Form *forms;
    Py_ssize_t count;
} Rules;

static int is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

static uint64_t bit_of(char c) { return is_letter(c) ? (uint64_t)1 << (c - 'A') : 0; }

static uint64_t letters_of(const char *at, Py_ssize_t size)
{
    uint64_t letters = 0;
    for (Py_ssize_t k = 0; k < size; k++) letters |= bit_of(at[k]);
    return letters;
}

static int read_text(PyObject *string, Text *text)
{
    if (!PyUnicode_Check(string) || !PyUnicode_IS_COMPACT_ASCII(string)) {
        PyErr_SetString(PyExc_TypeError, "words and rules are strings of ASCII");
        return 0;
    }
    text->at = (const char *)PyUnicode_1BYTE_DATA(string);
    text->size = PyUnicode_GET_LENGTH(string);
    return 1;
}

static int read_beside(PyObject *string, Beside *beside)
{
    Text text;
    if (!read_text(string, &text)) return 0;
    const char first = text.size ? text.at[0] : 0;
    beside->side = !text.size ? ANYTHING : first == '^' || first == '$' ? END : first == '.' ? TWO
                 : first == '!' ? ANOTHER_OR_END : first == '~' ? ANOTHER : ONE_OF;
    beside->letters = letters_of(text.at, text.size);
    return 1;
}

static int read_form(PyObject *given, Form *form)
{
    if (!PyTuple_Check(given) || PyTuple_GET_SIZE(given) != 3) {
        PyErr_SetString(PyExc_TypeError, "a form is not what stands behind, a text and what stands ahead");
        return 0;
    }
    if (!read_beside(PyTuple_GET_ITEM(given, 0), &form->behind) || !read_text(PyTuple_GET_ITEM(given, 1), &form->text)
        || !read_beside(PyTuple_GET_ITEM(given, 2), &form->ahead)) return 0;
    if (form->behind.side == ANOTHER_OR_END) form->behind.side = ANOTHER;  /* no form fits another letter or a beginning */
    return 1;
}

static int read_rule(PyObject *given, Rule *rule, Form **forms)
{
    if (!PyTuple_Check(given) || PyTuple_GET_SIZE(given) != 2 || !PyTuple_Check(PyTuple_GET_ITEM(given, 1))) {
        PyErr_SetString(PyExc_TypeError, "a rule is not a sound and a tuple of forms");
        return 0;
    }
    PyObject *all = PyTuple_GET_ITEM(given, 1);
    rule->forms = *forms;
    rule->count = PyTuple_GET_SIZE(all);
    *forms += rule->count;
    rule->needed = rule->count ? 0 : ~(uint64_t)0;
    for (Py_ssize_t k = 0; k < rule->count; k++) {
        Form *form = rule->forms + k;
        if (!read_form(PyTuple_GET_ITEM(all, k), form)) return 0;
        if (form->text.size && is_letter(form->text.at[0])) rule->needed |= bit_of(form->text.at[0]);
        else rule->needed |= !form->text.size && form->behind.side == ONE_OF ? form->behind.letters : ~(uint64_t)0;
    }
    return read_text(PyTuple_GET_ITEM(given, 0), &rule->sound);
}

static int read_rules(PyObject *given, Rules *rules)
{
    Py_ssize_t forms = 0;
    rules->count = PyTuple_GET_SIZE(given);
    for (Py_ssize_t k = 0; k < rules->count; k++) {
        PyObject *rule = PyTuple_GET_ITEM(given, k);
        if (PyTuple_Check(rule) && PyTuple_GET_SIZE(rule) == 2 && PyTuple_Check(PyTuple_GET_ITEM(rule, 1)))
            forms += PyTuple_GET_SIZE(PyTuple_GET_ITEM(rule, 1));
    }
    rules->at = PyMem_Calloc((size_t)rules->count + 1, sizeof(Rule));
    Form *next = rules->forms = PyMem_Calloc((size_t)forms + 1, sizeof(Form));
    if (!rules->at || !next) { PyErr_NoMemory(); return 0; }
    for (Py_ssize_t k = 0; k < rules->count; k++) if (!read_rule(PyTuple_GET_ITEM(given, k), rules->at + k, &next)) return 0;
    return 1;
}

/* Does what stands on a side fit? `near` letters are left there, the nearest of them is `c`. */
static int stands(const Beside *beside, Py_ssize_t near, char c, char second)
{
    switch (beside->side) {
    case ANYTHING: return 1;
    case END: return !near;
    case TWO: return near > 1 && is_letter(c) && is_letter(second);
    case ONE_OF: return near && (bit_of(c) & beside->letters);
    case ANOTHER: return near && is_letter(c) && !(bit_of(c) & beside->letters);
    default: return !near || !(bit_of(c) & beside->letters);
    }
}

static int fits(const Form *form, const char *word, Py_ssize_t size, Py_ssize_t at)
{
    Py_ssize_t end = at + form->text.size;
    if (end > size) return 0;
    for (Py_ssize_t k = 0; k < form->text.size; k++) if (word[at + k] != form->text.at[k]) return 0;
    return stands(&form->behind, at, at ? word[at - 1] : 0, at > 1 ? word[at - 2] : 0)
        && stands(&form->ahead, size - end, end < size ? word[end] : 0, end + 1 < size ? word[end + 1] : 0);
}

/* A word that is rewritten, and room for what it becomes. */
typedef struct {
    char *at, *next;
    Py_ssize_t size, room;
} Word;

static int make_room(Word *word, Py_ssize_t room)
{
    if (room <= word->room) return 1;
    char *at = PyMem_Realloc(word->at, (size_t)room);
    if (at) word->at = at;
    char *next = PyMem_Realloc(word->next, (size_t)room);
    if (next) word->next = next;
    if (!at || !next) { PyErr_NoMemory(); return 0; }
    word->room = room;
    return 1;
}

static Py_ssize_t without_repeats(const Word *word)
{
    Py_ssize_t size = 0;
    for (Py_ssize_t k = 0; k < word->size; k++)
        if (!k || word->at[k] != word->at[k - 1] || !is_letter(word->at[k])) word->next[size++] = word->at[k];
    return size;
}

/* Put the sound in place of every form, from the left; a form without text stands before the letter that it is at. */
static Py_ssize_t replaced(const Word *word, const Rule *rule)
{
    Py_ssize_t size = 0, at = 0;
    while (at <= word->size) {
        const Form *form = rule->forms, *end = rule->forms + rule->count;
        while (form < end && !fits(form, word->at, word->size, at)) form++;
        if (form < end) {
            memcpy(word->next + size, rule->sound.at, (size_t)rule->sound.size);
            size += rule->sound.size;
            at += form->text.size;
            if (form->text.size) continue;
        }
        if (at < word->size) word->next[size++] = word->at[at];
        at++;
    }
    return size;
}

static int rewrite(Word *word, const Rules *rules)
{
    uint64_t letters = letters_of(word->at, word->size);
    for (Py_ssize_t k = 0; k < rules->count; k++) {
        const Rule *rule = rules->at + k;
        if (!(letters & rule->needed)) continue;
        if (!make_room(word, (word->size + 1) * (rule->sound.size + 1))) return 0;
        Py_ssize_t size = rule->count ? replaced(word, rule) : without_repeats(word);
        char *before = word->at;
        word->at = word->next;
        word->next = before;
        word->size = size;
        letters = letters_of(word->at, size);
    }
    return 1;
}

static PyObject *rewritten(const Rules *rules, PyObject *words)
{
    Word word = { 0 };
    PyObject *result = PyList_New(0);
    for (Py_ssize_t k = 0; result && k < PySequence_Fast_GET_SIZE(words); k++) {
        Text text;
        PyObject *sounds = NULL;
        if (read_text(PySequence_Fast_GET_ITEM(words, k), &text) && make_room(&word, text.size + 1)) {
            memcpy(word.at, text.at, (size_t)text.size);
            word.size = text.size;
            if (rewrite(&word, rules)) sounds = PyUnicode_DecodeASCII(word.at, word.size, NULL);
        }
        if (!sounds || PyList_Append(result, sounds) < 0) Py_CLEAR(result);
        Py_XDECREF(sounds);
    }
    PyMem_Free(word.at);
    PyMem_Free(word.next);
    return result;
}

static PyObject *py_apply(PyObject *self, PyObject *args)
{
    PyObject *given, *words, *result = NULL;
    Rules rules = { 0 };
    if (!PyArg_ParseTuple(args, "O!O", &PyTuple_Type, &given, &words)) return NULL;
    PyObject *list = PySequence_Fast(words, "words are not a sequence");
    if (list && read_rules(given, &rules)) result = rewritten(&rules, list);
    PyMem_Free(rules.at);
    PyMem_Free(rules.forms);
    Py_XDECREF(list);
    return result;
}

static PyMethodDef methods[] = {
    {"apply", py_apply, METH_VARARGS, "apply(rules, words) -> the words after every rule; see names._rule"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_sounds", "Sounds of spelling, compiled.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__sounds(void) { return PyModule_Create(&module); }
