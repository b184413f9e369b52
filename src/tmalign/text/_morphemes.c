/* MeCab's morphemes, told apart where they lie in its dictionary.
 *
 * MeCab is reached through the library that fugashi has loaded: its C interface, stable since 2012, not fugashi's
 * objects. A morpheme is known by its surface and by where its features lie in the mapped dictionary; only for one not
 * met before is a line of text made and read. words.py does the same from MeCab's text output; the tests hold both equal.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <dlfcn.h>
#include <stdint.h>
#include <string.h>

/* A node of MeCab 0.996's result (mecab.h). */
typedef struct Node {
    struct Node *before, *next, *same_end, *same_start;
    void *right_paths, *left_paths;
    const char *surface, *feature;
    unsigned int id;
    unsigned short length, length_with_space, right, left, part_of_speech;
    unsigned char character, kind, best;
    float alpha, beta, probability;
    short word_cost;
    long cost;
} Node;

enum { KNOWN_WORD, UNKNOWN_WORD };  /* other kinds of node begin and end a sentence */

typedef struct {
    PyObject_HEAD
    void *library, *mecab;
    const Node *(*analyse)(void *, const char *, size_t);
    const char *(*format)(void *, const Node *);
    const char *(*error)(void *);
    void (*close)(void *);
} Tagger;

typedef struct {
    uint64_t hash;
    const char *feature;
    char *surface;
    Py_ssize_t length;
    PyObject *value;  /* what was made of the morpheme; None where it is to be passed over */
} Entry;

typedef struct {
    PyObject_HEAD
    Tagger *tagger;
    PyObject *read;
    Entry *entries;  /* open addressing, never more than half full */
    size_t room, used, limit;
} Reader;

static PyTypeObject *tagger_type;

/* Find a function of MeCab; the library stands in the name space of the module that was linked with it. */
static void *function(Tagger *self, const char *name)
{
    void *found = dlsym(self->library, name);
    if (!found && !PyErr_Occurred()) PyErr_Format(PyExc_ImportError, "no %s in MeCab", name);
    return found;
}

static int open_mecab(Tagger *self, PyObject *arguments)
{
    void *(*open)(int, char **);
    const char *(*version)(void);
    char *argument[64] = { "mecab" };
    Py_ssize_t count = PyTuple_GET_SIZE(arguments);
    if (count > 62) { PyErr_SetString(PyExc_ValueError, "too many arguments"); return 0; }
    for (Py_ssize_t k = 0; k < count; k++) {
        if (!PyUnicode_Check(PyTuple_GET_ITEM(arguments, k))) {
            PyErr_SetString(PyExc_TypeError, "an argument is not a string");
            return 0;
        }
        if (!(argument[k + 1] = (char *)PyUnicode_AsUTF8(PyTuple_GET_ITEM(arguments, k)))) return 0;
    }
    /* POSIX lets a pointer to data be a function's. */
    *(void **)&open = function(self, "mecab_new");
    *(void **)&version = function(self, "mecab_version");
    *(void **)&self->analyse = function(self, "mecab_sparse_tonode2");
    *(void **)&self->format = function(self, "mecab_format_node");
    *(void **)&self->error = function(self, "mecab_strerror");
    *(void **)&self->close = function(self, "mecab_destroy");
    if (PyErr_Occurred()) return 0;
    if (strcmp(version(), "0.996")) { PyErr_Format(PyExc_ImportError, "MeCab %s is not 0.996", version()); return 0; }
    self->mecab = open((int)count + 1, argument);
    if (!self->mecab) PyErr_Format(PyExc_RuntimeError, "MeCab does not open: %s", self->error(NULL));
    return self->mecab != NULL;
}

static PyObject *tagger_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    PyObject *path, *arguments;
    if (!PyArg_ParseTuple(args, "O&O!", PyUnicode_FSConverter, &path, &PyTuple_Type, &arguments)) return NULL;
    Tagger *self = (Tagger *)type->tp_alloc(type, 0);
    if (self) {
        self->library = dlopen(PyBytes_AS_STRING(path), RTLD_NOW | RTLD_LOCAL);
        if (!self->library) PyErr_Format(PyExc_ImportError, "%s", dlerror());
        if (!self->library || !open_mecab(self, arguments)) Py_CLEAR(self);
    }
    Py_DECREF(path);
    return (PyObject *)self;
}

static void tagger_dealloc(Tagger *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (self->mecab) self->close(self->mecab);
    if (self->library) dlclose(self->library);
    type->tp_free(self);
    Py_DECREF(type);
}

static void forget(Reader *self)
{
    Entry *entries = self->entries;
    size_t room = self->room;
    self->entries = NULL;  /* releasing a value may run any code */
    self->room = self->used = 0;
    for (size_t k = 0; k < room; k++) { PyMem_Free(entries[k].surface); Py_XDECREF(entries[k].value); }
    PyMem_Free(entries);
}

static PyObject *reader_new(PyTypeObject *type, PyObject *args, PyObject *keywords)
{
    PyObject *tagger, *read;
    Py_ssize_t limit;
    if (!PyArg_ParseTuple(args, "O!On", tagger_type, &tagger, &read, &limit)) return NULL;
    if (limit < 1) { PyErr_SetString(PyExc_ValueError, "a reader keeps one morpheme at least"); return NULL; }
    Reader *self = (Reader *)type->tp_alloc(type, 0);
    if (!self) return NULL;
    self->tagger = (Tagger *)Py_NewRef(tagger);
    self->read = Py_NewRef(read);
    self->limit = (size_t)limit;
    return (PyObject *)self;
}

static void reader_dealloc(Reader *self)
{
    PyTypeObject *type = Py_TYPE(self);
    forget(self);
    Py_XDECREF(self->tagger);
    Py_XDECREF(self->read);
    type->tp_free(self);
    Py_DECREF(type);
}

static uint64_t mixed(uint64_t x)
{
    x *= 0x9e3779b97f4a7c15;
    return x ^ x >> 29;
}

static uint64_t hash(const char *feature, const char *surface, Py_ssize_t length)
{
    uint64_t h = mixed((uint64_t)(uintptr_t)feature), part;
    Py_ssize_t left = length;
    for (; left >= 8; left -= 8, surface += 8) { memcpy(&part, surface, 8); h = mixed(h ^ part); }
    for (part = (uint64_t)left; left--; surface++) part = part << 8 | (unsigned char)*surface;
    return mixed(h ^ part);
}

/* Where a morpheme's entry is, or the free place where it would be; NULL where there is no table yet. */
static Entry *place(const Reader *self, const Entry *wanted)
{
    if (!self->room) return NULL;
    for (size_t at = (size_t)wanted->hash & (self->room - 1);; at = (at + 1) & (self->room - 1)) {
        Entry *e = self->entries + at;
        if (!e->value) return e;
        if (e->hash == wanted->hash && e->feature == wanted->feature && e->length == wanted->length
            && !memcmp(e->surface, wanted->surface, (size_t)wanted->length)) return e;
    }
}

/* Make room for one more entry. */
static int widen(Reader *self)
{
    if (self->used >= self->limit) forget(self);
    if (2 * (self->used + 1) <= self->room) return 1;
    size_t room = self->room ? 2 * self->room : 1024;
    Entry *old = self->entries, *entries = PyMem_Calloc(room, sizeof(Entry));
    if (!entries) { PyErr_NoMemory(); return 0; }
    for (size_t k = 0; k < self->room; k++) {
        if (!old[k].value) continue;
        size_t at = (size_t)old[k].hash & (room - 1);
        while (entries[at].value) at = (at + 1) & (room - 1);
        entries[at] = old[k];
    }
    PyMem_Free(old);
    self->entries = entries;
    self->room = room;
    return 1;
}

/* One morpheme of a text: what is kept of it, or, where nothing is, its line and a surface of its own. */
static int look_up(Reader *self, const Node *node, Entry *part)
{
    *part = (Entry){ hash(node->feature, node->surface, node->length), node->feature, (char *)node->surface,
                     node->length, NULL };
    const Entry *known = place(self, part);
    if (known && known->value) {
        part->surface = NULL;
        part->value = Py_NewRef(known->value);
        return 1;
    }
    part->surface = PyMem_Malloc((size_t)node->length + 1);
    if (!part->surface) { PyErr_NoMemory(); return 0; }
    memcpy(part->surface, node->surface, node->length);
    const char *line = self->tagger->format(self->tagger->mecab, node);
    if (!line) { PyErr_Format(PyExc_RuntimeError, "MeCab: %s", self->tagger->error(self->tagger->mecab)); return 0; }
    size_t size = strlen(line);
    if (size && line[size - 1] == '\n') size--;
    part->value = PyUnicode_DecodeUTF8(line, (Py_ssize_t)size, NULL);
    return part->value != NULL;
}

/* Have the line of a morpheme read that was not met before, and keep what comes of it. */
static int meet(Reader *self, Entry *part)
{
    const Entry *known = place(self, part);  /* it may stand twice in a text */
    PyObject *value = known && known->value ? Py_NewRef(known->value) : PyObject_CallOneArg(self->read, part->value);
    if (!value) return 0;
    Py_SETREF(part->value, value);
    if (!widen(self)) return 0;
    Entry *free_place = place(self, part);
    if (free_place->value) return 1;
    *free_place = *part;
    Py_INCREF(value);
    part->surface = NULL;
    self->used++;
    return 1;
}

/* A text's UTF-8 with a space for each character that would end a sentence or a string: in a copy, if there is one. */
static const char *fit(PyObject *text, Py_ssize_t *size, char **copy)
{
    const char *bytes = PyUnicode_AsUTF8AndSize(text, size);
    *copy = NULL;
    for (Py_ssize_t k = 0; bytes && k < *size; k++) {
        char c = bytes[k];
        if (c && c != '\n' && c != '\r' && c != '\t') continue;
        if (!*copy) {
            if (!(*copy = PyMem_Malloc((size_t)*size + 1))) { PyErr_NoMemory(); return NULL; }
            memcpy(*copy, bytes, (size_t)*size + 1);
            bytes = *copy;
        }
        (*copy)[k] = ' ';
    }
    return bytes;
}

/* Take a text apart. Python code runs only when MeCab's nodes are no longer needed: it may ask MeCab itself. */
static Entry *parts_of(Reader *self, const char *bytes, Py_ssize_t size, Py_ssize_t *count)
{
    const Node *first = self->tagger->analyse(self->tagger->mecab, bytes, (size_t)size);
    size_t nodes = 1;
    for (const Node *node = first; node; node = node->next) nodes++;
    Entry *parts = PyMem_Calloc(nodes, sizeof(Entry));
    if (!parts) PyErr_NoMemory();
    else if (!first) PyErr_Format(PyExc_RuntimeError, "MeCab: %s", self->tagger->error(self->tagger->mecab));
    for (const Node *node = parts ? first : NULL; node; node = node->next)
        if (node->kind <= UNKNOWN_WORD && !look_up(self, node, parts + (*count)++)) break;
    return parts;
}

static PyObject *reader_call(Reader *self, PyObject *args, PyObject *keywords)
{
    PyObject *text;
    Py_ssize_t size, count = 0;
    char *copy = NULL;
    if (!PyArg_ParseTuple(args, "U", &text)) return NULL;
    const char *bytes = fit(text, &size, &copy);
    Entry *parts = bytes ? parts_of(self, bytes, size, &count) : NULL;
    PyObject *found = parts && !PyErr_Occurred() ? PyList_New(0) : NULL;
    for (Py_ssize_t k = 0; found && k < count; k++)
        if ((parts[k].surface && !meet(self, parts + k))
            || (parts[k].value != Py_None && PyList_Append(found, parts[k].value) < 0)) Py_CLEAR(found);
    for (Py_ssize_t k = 0; k < count; k++) { PyMem_Free(parts[k].surface); Py_XDECREF(parts[k].value); }
    PyMem_Free(parts);
    PyMem_Free(copy);
    return found;
}

static PyType_Slot tagger_slots[] = {
    {Py_tp_doc, "Tagger(library, arguments): MeCab, opened by the library that a module is linked with"},
    {Py_tp_new, tagger_new}, {Py_tp_dealloc, tagger_dealloc}, {0, NULL},
};
static PyType_Spec tagger_spec = {
    "tmalign.text._morphemes.Tagger", sizeof(Tagger), 0, Py_TPFLAGS_DEFAULT, tagger_slots,
};

static PyType_Slot reader_slots[] = {
    {Py_tp_doc, "Reader(tagger, read, limit): reader(text) -> what `read` made of the line of each morpheme, without None"},
    {Py_tp_new, reader_new}, {Py_tp_dealloc, reader_dealloc}, {Py_tp_call, reader_call}, {0, NULL},
};
static PyType_Spec reader_spec = {
    "tmalign.text._morphemes.Reader", sizeof(Reader), 0, Py_TPFLAGS_DEFAULT, reader_slots,
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_morphemes", "MeCab's morphemes, compiled.", -1, NULL, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__morphemes(void)
{
    PyObject *self = PyModule_Create(&module), *reader = NULL;
    if (!self) return NULL;
    tagger_type = (PyTypeObject *)PyType_FromSpec(&tagger_spec);
    reader = PyType_FromSpec(&reader_spec);
    if (!tagger_type || !reader || PyModule_AddObjectRef(self, "Tagger", (PyObject *)tagger_type) < 0
        || PyModule_AddObjectRef(self, "Reader", reader) < 0) Py_CLEAR(self);
    Py_XDECREF(reader);
    return self;
}
