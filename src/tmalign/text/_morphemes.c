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

#define FIELDS 5
#define UNKNOWN_FIELDS 2  /* so many of them are known of an unknown word */
#define LAST_FIELD 64

enum { KNOWN_WORD, UNKNOWN_WORD };  /* other kinds of node begin and end a sentence */

typedef struct {
    PyObject_HEAD
    void *library, *mecab;
    PyThread_type_lock lock;  /* MeCab takes one text at a time */
    const Node *(*analyse)(void *, const char *, size_t);
    const char *(*format)(void *, const Node *);
    const char *(*error)(void *);
    void (*close)(void *);
    int field[FIELDS];  /* the features that a line of a known word holds, in its order */
    int last;           /* the highest of them */
} Tagger;

/* A morpheme of a text: what stays of a node when MeCab goes on to the next text. */
typedef struct {
    uint64_t hash;
    const char *surface, *feature;
    unsigned short length;
    unsigned char kind;
} Morpheme;

typedef struct {
    uint64_t hash;
    const char *feature;
    char *surface;
    Py_ssize_t length;
    PyObject *value;  /* what was made of the morpheme; None where it is to be passed over */
} Entry;

typedef struct {
    const char *bytes;
    char *copy;  /* where the text's own bytes would not do */
    Py_ssize_t size;
    size_t end;  /* number of morphemes up to its end */
} Text;

typedef struct {
    Morpheme *all;
    size_t count, room;
} Morphemes;

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
    int f[FIELDS];
    if (!PyArg_ParseTuple(args, "O&O!(iiiii)", PyUnicode_FSConverter, &path, &PyTuple_Type, &arguments, f, f + 1, f + 2,
                          f + 3, f + 4)) return NULL;
    Tagger *self = (Tagger *)type->tp_alloc(type, 0);
    if (self) {
        memcpy(self->field, f, sizeof f);
        for (int k = 0; k < FIELDS; k++) self->last = f[k] > self->last ? f[k] : self->last;
        if (self->last >= LAST_FIELD) PyErr_SetString(PyExc_ValueError, "no word has so many features");
        self->lock = PyThread_allocate_lock();
        if (!self->lock) PyErr_NoMemory();
        self->library = dlopen(PyBytes_AS_STRING(path), RTLD_NOW | RTLD_LOCAL);
        if (!self->library && self->lock) PyErr_Format(PyExc_ImportError, "%s", dlerror());
        if (PyErr_Occurred() || !open_mecab(self, arguments)) Py_CLEAR(self);
    }
    Py_DECREF(path);
    return (PyObject *)self;
}

static void tagger_dealloc(Tagger *self)
{
    PyTypeObject *type = Py_TYPE(self);
    if (self->mecab) self->close(self->mecab);
    if (self->library) dlclose(self->library);
    if (self->lock) PyThread_free_lock(self->lock);
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
static Entry *place(const Reader *self, const Morpheme *wanted)
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

/* A morpheme's line as MeCab's formats have it, in less time: a known word's features, an unknown word's first two, and
 * nothing in place of the others. NULL where a quotation mark makes that more than finding commas. */
static PyObject *quick_line(const Tagger *self, const Morpheme *m)
{
    const char *begin[LAST_FIELD + 1], *at = m->feature;
    char line[1024], *end = line;
    int count = 0;
    for (begin[count++] = at; *at && count <= self->last + 1; at++) {
        if (*at == '"' || *at == ' ' || *at == '\t') break;
        if (*at == ',') begin[count++] = at + 1;
    }
    if (m->length > sizeof line / 8) return NULL;
    memcpy(end, m->surface, m->length);
    end += m->length;
    for (int k = 0; k < FIELDS; k++) {
        int field = self->field[k];
        *end++ = '\t';
        if (m->kind == UNKNOWN_WORD && k >= UNKNOWN_FIELDS) continue;
        if (field < 0 || field + 1 >= count) return NULL;  /* not there, or not known to be whole */
        size_t size = (size_t)(begin[field + 1] - begin[field] - 1);
        if (size > sizeof line / 8) return NULL;
        memcpy(end, begin[field], size);
        end += size;
    }
    return PyUnicode_DecodeUTF8(line, end - line, NULL);
}

static PyObject *line_of(const Tagger *self, const Morpheme *m)
{
    PyObject *found = quick_line(self, m);
    if (found || PyErr_Occurred()) return found;
    Node node = { .surface = m->surface, .feature = m->feature, .length = m->length, .kind = m->kind };
    Py_BEGIN_ALLOW_THREADS
    PyThread_acquire_lock(self->lock, WAIT_LOCK);
    Py_END_ALLOW_THREADS
    const char *line = self->format(self->mecab, &node);
    if (line) {
        size_t size = strlen(line);
        if (size && line[size - 1] == '\n') size--;
        found = PyUnicode_DecodeUTF8(line, (Py_ssize_t)size, NULL);
    } else {
        PyErr_Format(PyExc_RuntimeError, "MeCab: %s", self->error(self->mecab));
    }
    PyThread_release_lock(self->lock);
    return found;
}

/* What was made of a morpheme; one that was not met before is read now, and what comes of it is kept. */
static PyObject *value_of(Reader *self, const Morpheme *m)
{
    Entry *entry = place(self, m);
    if (entry && entry->value) return Py_NewRef(entry->value);
    PyObject *line = line_of(self->tagger, m), *value = line ? PyObject_CallOneArg(self->read, line) : NULL;
    Py_XDECREF(line);
    if (!value) return NULL;
    char *surface = widen(self) ? PyMem_Malloc((size_t)m->length + 1) : NULL;
    if (!surface) {
        if (!PyErr_Occurred()) PyErr_NoMemory();
        Py_DECREF(value);
        return NULL;
    }
    entry = place(self, m);
    if (entry->value) {  /* the reading met it itself */
        PyMem_Free(surface);
        return value;
    }
    memcpy(surface, m->surface, m->length);
    *entry = (Entry){ m->hash, m->feature, surface, m->length, Py_NewRef(value) };
    self->used++;
    return value;
}

/* A text's UTF-8 with a space for each character that would end a sentence or a string: in a copy, if there is one. */
static int fit(PyObject *given, Text *text)
{
    if (!PyUnicode_Check(given)) { PyErr_SetString(PyExc_TypeError, "a text is not a string"); return 0; }
    text->bytes = PyUnicode_AsUTF8AndSize(given, &text->size);
    for (Py_ssize_t k = 0; text->bytes && k < text->size; k++) {
        char c = text->bytes[k];
        if (c && c != '\n' && c != '\r' && c != '\t') continue;
        if (!text->copy) {
            if (!(text->copy = PyMem_Malloc((size_t)text->size + 1))) { PyErr_NoMemory(); return 0; }
            memcpy(text->copy, text->bytes, (size_t)text->size + 1);
            text->bytes = text->copy;
        }
        text->copy[k] = ' ';
    }
    return text->bytes != NULL;
}

/* Keep what stays of a node; Python's lock is not held. */
static int keep(Morphemes *found, const Node *node)
{
    if (found->count == found->room) {
        size_t room = found->room ? 2 * found->room : 256;
        Morpheme *all = PyMem_RawRealloc(found->all, room * sizeof(Morpheme));
        if (!all) return 0;
        found->all = all;
        found->room = room;
    }
    found->all[found->count++] = (Morpheme){ hash(node->feature, node->surface, node->length), node->surface,
                                             node->feature, node->length, node->kind };
    return 1;
}

/* Take texts apart, without Python's lock: that is most of the work. Returns what went wrong, or NULL. */
static const char *take_apart(const Tagger *self, Text *texts, Py_ssize_t count, Morphemes *found)
{
    const char *wrong = NULL;
    Py_BEGIN_ALLOW_THREADS
    PyThread_acquire_lock(self->lock, WAIT_LOCK);
    for (Py_ssize_t k = 0; k < count && !wrong; k++) {
        const Node *node = self->analyse(self->mecab, texts[k].bytes, (size_t)texts[k].size);
        if (!node) wrong = "MeCab does not analyse a text";
        for (; node && !wrong; node = node->next)
            if (node->kind <= UNKNOWN_WORD && !keep(found, node)) wrong = "no memory for the morphemes of a text";
        texts[k].end = found->count;
    }
    PyThread_release_lock(self->lock);
    Py_END_ALLOW_THREADS
    return wrong;
}

/* The values of the morphemes of one text, those that are None left out. */
static PyObject *values(Reader *self, const Morpheme *from, const Morpheme *to)
{
    PyObject *found = PyList_New(0);
    for (; found && from < to; from++) {
        PyObject *value = value_of(self, from);
        if (!value || (value != Py_None && PyList_Append(found, value) < 0)) Py_CLEAR(found);
        Py_XDECREF(value);
    }
    return found;
}

static PyObject *reader_call(Reader *self, PyObject *args, PyObject *keywords)
{
    PyObject *given, *held, *result = NULL;
    Morphemes found = { NULL, 0, 0 };
    if (!PyArg_ParseTuple(args, "O", &given)) return NULL;
    held = PySequence_Tuple(given);  /* no other thread can take its texts away */
    if (!held) return NULL;
    Py_ssize_t count = PyTuple_GET_SIZE(held), ready = 0;
    Text *texts = PyMem_Calloc(count ? (size_t)count : 1, sizeof(Text));
    if (!texts) PyErr_NoMemory();
    while (texts && ready < count && fit(PyTuple_GET_ITEM(held, ready), texts + ready)) ready++;
    if (texts && ready == count) {
        const char *wrong = take_apart(self->tagger, texts, count, &found);
        if (wrong) PyErr_SetString(PyExc_RuntimeError, wrong);
        else result = PyList_New(count);
    }
    for (Py_ssize_t k = 0; result && k < count; k++) {
        PyObject *list = values(self, found.all + (k ? texts[k - 1].end : 0), found.all + texts[k].end);
        if (list) PyList_SET_ITEM(result, k, list);
        else Py_CLEAR(result);
    }
    for (Py_ssize_t k = 0; texts && k < count; k++) PyMem_Free(texts[k].copy);
    PyMem_Free(texts);
    PyMem_RawFree(found.all);
    Py_DECREF(held);
    return result;
}

static PyType_Slot tagger_slots[] = {
    {Py_tp_doc, "Tagger(library, arguments, fields): MeCab, opened by the library that a module is linked with; fields are the numbers "
     "of the features that its node format names"},
    {Py_tp_new, tagger_new}, {Py_tp_dealloc, tagger_dealloc}, {0, NULL},
};
static PyType_Spec tagger_spec = {
    "tmalign.text._morphemes.Tagger", sizeof(Tagger), 0, Py_TPFLAGS_DEFAULT, tagger_slots,
};

static PyType_Slot reader_slots[] = {
    {Py_tp_doc, "Reader(tagger, read, limit): reader(texts) -> for each text what `read` made of the "
     "line of each of its morphemes, without None"},
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
