/* How alike phonetic keys sound: names.py holds the same by way of rapidfuzz; the tests hold both equal.
 *
 * The longest common subsequence of two keys is found bit by bit (Hyyro, 2004), a word of the machine at a time.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LETTERS 128

/* A key or a skeleton: ASCII letters that a string holds. */
typedef struct {
    const uint8_t *letters;
    Py_ssize_t size;
    uint64_t counts;  /* of eight kinds of letters, a byte each */
} Text;

/* A sound, and the number of the reading or word that it is of. */
typedef struct {
    Text key, skeleton;
    Py_ssize_t name;
} Sound;

typedef struct {
    Sound *at;
    Py_ssize_t count, room;
} Sounds;

/* How often letters of each kind occur, up to 127 times. The kinds part the letters of skeletons, and the vowels. */
static uint64_t counts_of(const Text *text)
{
    uint8_t counts[8] = { 0 };
    uint64_t packed;
    for (Py_ssize_t k = 0; k < text->size; k++) {
        uint8_t *count = counts + (text->letters[k] * 193 >> 8 & 7);
        if (*count < 127) ++*count;
    }
    memcpy(&packed, counts, sizeof(packed));
    return packed;
}

static int read_text(PyObject *text, Text *read)
{
    if (!PyUnicode_CheckExact(text) || !PyUnicode_IS_COMPACT_ASCII(text)) {
        PyErr_SetString(PyExc_TypeError, "a sound is not two strings of ASCII");
        return 0;
    }
    read->letters = PyUnicode_1BYTE_DATA(text);
    read->size = PyUnicode_GET_LENGTH(text);
    read->counts = counts_of(read);
    return 1;
}

/* No common subsequence of two texts is longer: the letters of each kind that both have, summed. */
static Py_ssize_t most_common(const Text *one, const Text *other)
{
    const uint64_t high = 0x8080808080808080;
    if (one->size + other->size > 127) return one->size < other->size ? one->size : other->size;
    uint64_t as_many = (((one->counts | high) - other->counts) & high) >> 7;  /* in each byte, 1 where the one has */
    uint64_t least = (other->counts & as_many * 0xff) | (one->counts & ~(as_many * 0xff));
    return (Py_ssize_t)(least * 0x0101010101010101 >> 56);
}

static int add_sound(Sounds *sounds, PyObject *sound, Py_ssize_t name)
{
    if (!PyTuple_Check(sound) || PyTuple_GET_SIZE(sound) != 2) {
        PyErr_SetString(PyExc_TypeError, "a sound is not two strings of ASCII");
        return 0;
    }
    if (sounds->count == sounds->room) {
        Py_ssize_t room = sounds->room ? 2 * sounds->room : 256;
        Sound *at = PyMem_Realloc(sounds->at, (size_t)room * sizeof(Sound));
        if (!at) { PyErr_NoMemory(); return 0; }
        sounds->at = at;
        sounds->room = room;
    }
    Sound *read = sounds->at + sounds->count++;
    read->name = name;
    return read_text(PyTuple_GET_ITEM(sound, 0), &read->key) && read_text(PyTuple_GET_ITEM(sound, 1), &read->skeleton);
}

/* Read the sounds of names: one of each, or a tuple of each. */
static int read_sounds(Sounds *sounds, PyObject *names, int several)
{
    for (Py_ssize_t k = 0; k < PyTuple_GET_SIZE(names); k++) {
        PyObject *all = PyTuple_GET_ITEM(names, k);
        if (!several) {
            if (!add_sound(sounds, all, k)) return 0;
            continue;
        }
        if (!PyTuple_Check(all)) { PyErr_SetString(PyExc_TypeError, "a word's sounds are not a tuple"); return 0; }
        for (Py_ssize_t p = 0; p < PyTuple_GET_SIZE(all); p++)
            if (!add_sound(sounds, PyTuple_GET_ITEM(all, p), k)) return 0;
    }
    return 1;
}

/* Where each letter stands in a text of any length, 64 places a word. */
typedef struct {
    const Text *text;
    Py_ssize_t words;
    uint64_t *places;  /* [letter, word] */
    uint64_t *left;    /* [word]: what of the other text's letters is still unmatched */
} Pattern;

static int open_pattern(Pattern *pattern, Py_ssize_t longest)
{
    pattern->words = longest / 64 + 1;
    pattern->places = calloc((size_t)pattern->words * LETTERS, sizeof(uint64_t));
    pattern->left = malloc((size_t)pattern->words * sizeof(uint64_t));
    return pattern->places && pattern->left;
}

static void close_pattern(Pattern *pattern)
{
    free(pattern->places); free(pattern->left);
}

static void mark(Pattern *pattern, const Text *text, int set)
{
    for (Py_ssize_t k = 0; k < text->size; k++) {
        uint64_t *word = pattern->places + (Py_ssize_t)text->letters[k] * pattern->words + k / 64;
        if (set) *word |= (uint64_t)1 << k % 64; else *word = 0;
    }
    pattern->text = set ? text : NULL;
}

static Py_ssize_t bits(uint64_t word)
{
    word -= word >> 1 & 0x5555555555555555;
    word = (word & 0x3333333333333333) + (word >> 2 & 0x3333333333333333);
    word = (word + (word >> 4)) & 0x0f0f0f0f0f0f0f0f;
    return (Py_ssize_t)(word * 0x0101010101010101 >> 56);
}

/* The length of the longest common subsequence of a pattern's text and another. */
static Py_ssize_t common(Pattern *pattern, const Text *other)
{
    Py_ssize_t words = (pattern->text->size + 63) / 64, found = 0;
    if (words == 1) {
        uint64_t left = ~(uint64_t)0;
        for (Py_ssize_t k = 0; k < other->size; k++) {
            uint64_t met = left & pattern->places[(Py_ssize_t)other->letters[k] * pattern->words];
            left = (left + met) | (left - met);
        }
        return bits(~left);
    }
    memset(pattern->left, 0xff, (size_t)words * sizeof(uint64_t));
    for (Py_ssize_t k = 0; k < other->size; k++) {
        uint64_t carry = 0;
        for (Py_ssize_t w = 0; w < words; w++) {
            uint64_t left = pattern->left[w];
            uint64_t met = left & pattern->places[(Py_ssize_t)other->letters[k] * pattern->words + w];
            uint64_t sum = left + met, carried = sum + carry;
            carry = (sum < left) | (carried < sum);
            pattern->left[w] = carried | (left - met);
        }
    }
    for (Py_ssize_t w = 0; w < words; w++) found += bits(~pattern->left[w]);
    return found;
}

/* One less the share of letters that must be put in or taken out, as rapidfuzz reckons it. */
static float agreement(Py_ssize_t common, Py_ssize_t total)
{
    return total ? (float)(1.0 - (double)(total - 2 * common) / (double)total) : 1.0f;
}

/* Pairs that grow as they are found. */
typedef struct {
    int64_t *left, *right;
    float *score;
    Py_ssize_t count, room;
} Pairs;

static int add_pair(Pairs *pairs, Py_ssize_t left, Py_ssize_t right, float score)
{
    Py_ssize_t last = pairs->count - 1;
    if (last >= 0 && pairs->left[last] == left && pairs->right[last] == right) {  /* another sound of the same word */
        if (score > pairs->score[last]) pairs->score[last] = score;
        return 1;
    }
    if (pairs->count == pairs->room) {
        Py_ssize_t room = pairs->room ? 2 * pairs->room : 64;
        int64_t *lefts = realloc(pairs->left, (size_t)room * sizeof(int64_t));
        if (lefts) pairs->left = lefts;
        int64_t *rights = realloc(pairs->right, (size_t)room * sizeof(int64_t));
        if (rights) pairs->right = rights;
        float *scores = realloc(pairs->score, (size_t)room * sizeof(float));
        if (scores) pairs->score = scores;
        if (!lefts || !rights || !scores) return 0;
        pairs->room = room;
    }
    pairs->left[pairs->count] = left;
    pairs->right[pairs->count] = right;
    pairs->score[pairs->count++] = score;
    return 1;
}

static Py_ssize_t longest(const Sounds *sounds)
{
    Py_ssize_t most = 0;
    for (Py_ssize_t k = 0; k < sounds->count; k++) {
        if (sounds->at[k].key.size > most) most = sounds->at[k].key.size;
        if (sounds->at[k].skeleton.size > most) most = sounds->at[k].skeleton.size;
    }
    return most;
}

/* A name with what it is compared by: where its letters stand. */
typedef struct {
    const Sound *sound;
    Pattern key, skeleton;
} Compared;

static void begin_compared(Compared *compared, const Sound *sound)
{
    compared->sound = sound;
    mark(&compared->key, &sound->key, 1);
    mark(&compared->skeleton, &sound->skeleton, 1);
}

static void end_compared(Compared *compared)
{
    mark(&compared->key, &compared->sound->key, 0);
    mark(&compared->skeleton, &compared->sound->skeleton, 0);
}

/* The similarity of two sounds, half by their keys and half by their skeletons; less than 0 where it is not `least`.
 *
 * Most pairs are told apart by how many letters they have in common at most. Rounding is left room for.
 */
static float similarity(Compared *compared, const Sound *other, float least)
{
    const Sound *one = compared->sound;
    Py_ssize_t all = one->key.size + other->key.size, few = one->skeleton.size + other->skeleton.size;
    float wanted = (least - 1e-4f) * (float)(all * few);  /* both sides times both sizes: nothing need be divided */
    Py_ssize_t key = most_common(&one->key, &other->key) * few, skeleton = most_common(&one->skeleton, &other->skeleton);
    if (few && (float)(key + skeleton * all) < wanted) return -1.0f;
    skeleton = common(&compared->skeleton, &other->skeleton);
    if (!other->key.size || (few && (float)(key + skeleton * all) < wanted)) return -1.0f;
    float score = (agreement(common(&compared->key, &other->key), all) + agreement(skeleton, few)) / 2.0f;
    return score < least ? -1.0f : score;
}

/* All pairs of names that sound alike. */
static int compare(const Sounds *left, const Sounds *right, float least, Pairs *found)
{
    Compared compared = { 0 };
    int ok = open_pattern(&compared.key, longest(left)) && open_pattern(&compared.skeleton, longest(left));
    for (Py_ssize_t p = 0; ok && p < left->count; p++) {
        if (!left->at[p].key.size) continue;
        begin_compared(&compared, left->at + p);
        for (Py_ssize_t q = 0; ok && q < right->count; q++) {
            float score = similarity(&compared, right->at + q, least);
            if (score >= 0.0f) ok = add_pair(found, left->at[p].name, right->at[q].name, score);
        }
        end_compared(&compared);
    }
    close_pattern(&compared.key);
    close_pattern(&compared.skeleton);
    return ok;
}

static PyObject *as_bytes(const Pairs *pairs)
{
    return Py_BuildValue("(y#y#y#)", pairs->count ? (const char *)pairs->left : "", pairs->count * 8,
                         pairs->count ? (const char *)pairs->right : "", pairs->count * 8,
                         pairs->count ? (const char *)pairs->score : "", pairs->count * 4);
}

static PyObject *py_alike(PyObject *self, PyObject *args)
{
    PyObject *readings, *words, *result = NULL;
    double least;
    Sounds left = { 0 }, right = { 0 };
    Pairs found = { 0 };
    if (!PyArg_ParseTuple(args, "O!O!d", &PyTuple_Type, &readings, &PyTuple_Type, &words, &least)) return NULL;
    if (read_sounds(&left, readings, 0) && read_sounds(&right, words, 1)) {
        int ok;
        /* The letters are held by strings in the tuples: nobody can change them meanwhile. */
        Py_BEGIN_ALLOW_THREADS
        ok = compare(&left, &right, (float)least, &found);
        Py_END_ALLOW_THREADS
        result = ok ? as_bytes(&found) : PyErr_NoMemory();
    }
    free(found.left); free(found.right); free(found.score);
    PyMem_Free(left.at);
    PyMem_Free(right.at);
    return result;
}

static PyMethodDef methods[] = {
    {"alike", py_alike, METH_VARARGS,
     "alike(readings, words, least) -> (reading, word, score) of the pairs that sound at least so much alike, as bytes; "
     "readings are tuples of key and skeleton, words tuples of such tuples"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_names", "How alike names sound, compiled.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__names(void) { return PyModule_Create(&module); }
