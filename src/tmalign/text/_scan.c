/* Scans of a text, character by character: its width, its English words, its signs, and where a figure may begin.
 *
 * width.py, words.py, figures/ and align/units.py hold the same as patterns; the tests hold both equal. What a letter,
 * a digit or a word character is, Python's own tables say here as they do in its patterns.
 */
#define PY_SSIZE_T_CLEAN
#include <Python.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    int kind;
    const void *data;
    Py_ssize_t size;
} Text;

static int read_text(PyObject *object, Text *text)
{
    if (!PyUnicode_Check(object)) { PyErr_SetString(PyExc_TypeError, "a text is not a string"); return 0; }
    if (PyUnicode_READY(object) < 0) return 0;
    text->kind = PyUnicode_KIND(object);
    text->data = PyUnicode_DATA(object);
    text->size = PyUnicode_GET_LENGTH(object);
    return 1;
}

/* The character at a place, or 0 outside the text. */
static inline Py_UCS4 at(const Text *text, Py_ssize_t place)
{
    return place >= 0 && place < text->size ? PyUnicode_READ(text->kind, text->data, place) : 0;
}

/* What a character is; of the first 256 it is known beforehand. */
enum { WORD = 1, ALNUM = 2, DIGIT = 4, LATIN = 8, SMALL = 16, SIGN = 32 };

static uint8_t FIRST[256];

static int class_of(Py_UCS4 c)
{
    static const char SIGNS[] = "!(:%$?\"'pdy\xa5";
    int latin = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    int class = (latin ? LATIN : 0) | (latin && c >= 'a' ? SMALL : 0) | (c == '_' ? WORD : 0);
    if (Py_UNICODE_ISALNUM(c)) class |= WORD | ALNUM;
    if (Py_UNICODE_ISDECIMAL(c)) class |= DIGIT;
    if (c && c < 256 && strchr(SIGNS, (int)c)) class |= SIGN;
    return class;
}

static inline int class_at(const Text *text, Py_ssize_t place)
{
    Py_UCS4 c = at(text, place);
    return c < 256 ? FIRST[c] : class_of(c);
}

static inline int is_digit(const Text *text, Py_ssize_t place)
{
    Py_UCS4 c = at(text, place);
    return c < 256 ? FIRST[c] & DIGIT : Py_UNICODE_ISDECIMAL(c);
}
static inline int is_alnum(const Text *text, Py_ssize_t place) { return class_at(text, place) & ALNUM; }
static inline int is_letter(const Text *text, Py_ssize_t place)
{
    return (class_at(text, place) & (ALNUM | DIGIT)) == ALNUM;
}
static inline int is_latin(const Text *text, Py_ssize_t place) { return class_at(text, place) & LATIN; }

static inline Py_ssize_t after_digits(const Text *text, Py_ssize_t place)
{
    while (is_digit(text, place)) place++;
    return place;
}

static inline Py_ssize_t after_letters(const Text *text, Py_ssize_t place)
{
    while (is_letter(text, place)) place++;
    return place;
}

/* --- width ------------------------------------------------------------------------------------------------------ */

/* What normalising makes of a character that neither joins another nor becomes more than one; 0 for any other. */
static inline Py_UCS4 narrow(Py_UCS4 c)
{
    if (c < 0x80) return c;
    if (c >= 0x4e00 && c <= 0x9fff) return c;
    if (c >= 0x3041 && c <= 0x30fe)
        return c <= 0x3096 || c == 0x309d || c == 0x309e || c >= 0x30a0 ? c : 0;
    if (c >= 0x3001 && c <= 0x3011) return c == 0x3004 ? 0 : c;
    if (c >= 0xff01 && c <= 0xff5e) return c - 0xfee0;
    switch (c) {
    case 0x3000: return ' ';
    case 0x2018: case 0x2019: return '\'';
    case 0x201c: case 0x201d: return '"';
    case 0x2013: case 0x2014: case 0x2015: case 0x2212: return '-';
    case 0x301c: return '~';
    case 0xa3: case 0xd7: case 0x25a0: case 0x25cb: case 0x25cf: return c;  /* £×■○● */
    case 0x2190: case 0x2191: case 0x2192: case 0x2193: return c;  /* ←↑→↓ */
    default: return 0;
    }
}

static PyObject *py_narrow(PyObject *self, PyObject *object)
{
    Text text;
    if (!read_text(object, &text)) return NULL;
    Py_UCS4 most = 0;
    int same = 1;
    for (Py_ssize_t k = 0; k < text.size; k++) {
        Py_UCS4 c = PyUnicode_READ(text.kind, text.data, k), to = narrow(c);
        if (!to && c) Py_RETURN_NONE;
        same &= to == c;
        if (to > most) most = to;
    }
    if (same) return Py_NewRef(object);
    PyObject *result = PyUnicode_New(text.size, most);
    if (!result) return NULL;
    int kind = PyUnicode_KIND(result);
    void *data = PyUnicode_DATA(result);
    for (Py_ssize_t k = 0; k < text.size; k++)
        PyUnicode_WRITE(kind, data, k, narrow(PyUnicode_READ(text.kind, text.data, k)));
    return result;
}

/* --- English words ---------------------------------------------------------------------------------------------- */

/* Where st, nd, rd, th, s, m, bn or k in either case ends that begins here; `place` where none does. */
static Py_ssize_t after_suffix(const Text *text, Py_ssize_t place)
{
    Py_UCS4 pair[2];
    for (int k = 0; k < 2; k++) {
        Py_UCS4 c = at(text, place + k);
        if (c >= 'A' && c <= 'Z') c |= 0x20;
        else if (c == 0x17f) c = 's';  /* the long s and the sign for kelvin are letters in another case */
        else if (c == 0x212a) c = 'k';
        pair[k] = c;
    }
    switch (pair[0]) {
    case 's': return place + (pair[1] == 't' ? 2 : 1);
    case 'n': case 'r': return place + (pair[1] == 'd' ? 2 : 0);
    case 't': return place + (pair[1] == 'h' ? 2 : 0);
    case 'b': return place + (pair[1] == 'n' ? 2 : 0);
    case 'm': case 'k': return place + 1;
    default: return place;
    }
}

/* The end of a number that ends in digits before `place`, with a suffix or without; -1 where a word goes on. */
static Py_ssize_t number_end(const Text *text, Py_ssize_t place)
{
    if (!is_alnum(text, place)) return place;
    Py_ssize_t end = after_suffix(text, place);
    return end > place && !is_alnum(text, end) ? end : -1;
}

/* The end of the token that begins with a digit at `place`: as much of commas and decimals as no word goes on from. */
static Py_ssize_t after_number(const Text *text, Py_ssize_t place)
{
    Py_ssize_t whole = after_digits(text, place), before = whole, end;
    while (at(text, whole) == ',' && is_digit(text, whole + 1)) {
        before = whole;
        whole = after_digits(text, whole + 1);
    }
    if (at(text, whole) == '.' && is_digit(text, whole + 1)) {
        end = number_end(text, after_digits(text, whole + 1));
        return end < 0 ? whole : end;
    }
    end = number_end(text, whole);
    return end < 0 ? before : end;
}

/* Find the next token from `*end` on: `*start` and `*end` become its own. */
static int next_token(const Text *text, Py_ssize_t *start, Py_ssize_t *end)
{
    Py_ssize_t place = *end;
    while (place < text->size && !is_alnum(text, place)) place++;
    if (place == text->size) return 0;
    *start = place;
    if (is_digit(text, place)) {
        *end = after_number(text, place);
        return 1;
    }
    place = after_letters(text, place);
    if (at(text, place) == '\'') {
        Py_ssize_t possessive = after_letters(text, place + 1);
        if (possessive > place + 1) place = possessive;
    }
    *end = place;
    return 1;
}

/* Add what the table, or else `make`, says of a word: its unit, where there is one, and its capital form, once each. */
static int take_word(PyObject *word, PyObject *table, PyObject *make, PyObject *units, PyObject *capitals)
{
    PyObject *said = PyDict_GetItemWithError(table, word);
    if (said) Py_INCREF(said);
    else if (PyErr_Occurred() || !(said = PyObject_CallOneArg(make, word))) return 0;
    int ok = PyTuple_Check(said) && PyTuple_GET_SIZE(said) == 2;
    if (ok) {
        PyObject *unit = PyTuple_GET_ITEM(said, 0), *capital = PyTuple_GET_ITEM(said, 1);
        ok = PyUnicode_Check(unit);
        if (ok && PyUnicode_GET_LENGTH(unit)) ok = PyList_Append(units, unit) == 0;
        if (ok && capital != Py_None) ok = PyDict_SetDefault(capitals, capital, Py_None) != NULL;
    }
    if (!ok && !PyErr_Occurred()) PyErr_SetString(PyExc_TypeError, "a word is not its unit and its capital form");
    Py_DECREF(said);
    return ok;
}

static PyObject *py_english_units(PyObject *self, PyObject *args)
{
    PyObject *object, *table, *make, *result = NULL;
    Text text;
    Py_ssize_t start, end = 0;
    if (!PyArg_ParseTuple(args, "UO!O", &object, &PyDict_Type, &table, &make) || !read_text(object, &text)) return NULL;
    PyObject *units = PyList_New(0), *capitals = PyDict_New();
    int ok = units && capitals;
    while (ok && next_token(&text, &start, &end)) {
        PyObject *word = PyUnicode_Substring(object, start, end);
        ok = word && take_word(word, table, make, units, capitals);
        Py_XDECREF(word);
    }
    if (ok) result = PyTuple_Pack(2, units, capitals);
    Py_XDECREF(units);
    Py_XDECREF(capitals);
    return result;
}

/* --- signs ------------------------------------------------------------------------------------------------------ */

static int follows(const Text *text, Py_ssize_t place, const char *rest)
{
    for (; *rest; rest++, place++)
        if (at(text, place) != (Py_UCS4)*rest) return 0;
    return 1;
}

/* Bits in the order of units._SIGNS. */
enum { CRIES = 1, BRACKET = 2, COLON = 4, PERCENT = 8, DOLLAR = 16, YEN = 32, ASKS = 64, QUOTES = 128 };

static int sign_of_both(Py_UCS4 c)
{
    switch (c) {
    case '!': return CRIES;
    case '(': return BRACKET;
    case ':': return COLON;
    case '%': return PERCENT;
    case '$': return DOLLAR;
    case '?': return ASKS;
    case '"': return QUOTES;
    default: return 0;
    }
}

static int english_sign(const Text *text, Py_ssize_t place, Py_UCS4 c)
{
    switch (c) {
    case '\'': return !place || at(text, place - 1) == ' ' ? QUOTES : 0;
    case 0xa5: return YEN;
    case 'p': return follows(text, place, "percent") || follows(text, place, "per cent") ? PERCENT : 0;
    case 'd': return follows(text, place, "dollar") ? DOLLAR : 0;
    case 'y': return follows(text, place, "yen") ? YEN : 0;
    default: return sign_of_both(c);
    }
}

static const Py_UCS4 PERCENT_KANA[] = { 0x30d1, 0x30fc, 0x30bb, 0x30f3, 0x30c8, 0 };  /* パーセント */

static int japanese_sign(const Text *text, Py_ssize_t place, Py_UCS4 c)
{
    Py_ssize_t k = 0;
    switch (c) {
    case 0x201c: case 0x300c: case 0x300e: return QUOTES;
    case 0x5186: return YEN;  /* 円 */
    case 0x30d1:
        while (PERCENT_KANA[k] && at(text, place + k) == PERCENT_KANA[k]) k++;
        return PERCENT_KANA[k] ? 0 : PERCENT;
    case 0x30c9: return at(text, place + 1) == 0x30eb ? DOLLAR : 0;  /* ドル */
    default: return sign_of_both(c);
    }
}

/* Tell whether a Japanese text ends in か and what closes a sentence: 。 and 」. */
static int ends_asking(const Text *text)
{
    Py_ssize_t last = text->size - 1;
    if (at(text, last) == '\n') last--;
    while (at(text, last) == 0x3002 || at(text, last) == 0x300d) last--;
    return at(text, last) == 0x304b;
}

static PyObject *py_signs(PyObject *self, PyObject *args)
{
    PyObject *object;
    Text text;
    int japanese, found = 0;
    if (!PyArg_ParseTuple(args, "Up", &object, &japanese) || !read_text(object, &text)) return NULL;
    for (Py_ssize_t k = 0; k < text.size; k++) {
        Py_UCS4 c = PyUnicode_READ(text.kind, text.data, k);
        if (c < 256 && !(FIRST[c] & SIGN)) continue;
        found |= japanese ? japanese_sign(&text, k, c) : english_sign(&text, k, c);
    }
    if (japanese && ends_asking(&text)) found |= ASKS;
    return PyLong_FromLong(found);
}

/* --- where a figure may begin ------------------------------------------------------------------------------------ */

/* How long the words are that begin with two letters: a bit a length. */
#define LONGEST_WORD 31
#define PAIRS (26 * 26)
typedef uint32_t Lengths;

static int is_roman(const char *word, Py_ssize_t size)
{
    if (size > 4) return 0;
    for (Py_ssize_t k = 0; k < size; k++)
        if (word[k] != 'i' && word[k] != 'v' && word[k] != 'x') return 0;
    return 1;
}

static inline int pair_of(Py_UCS4 first, Py_UCS4 second) { return 26 * (int)(first - 'a') + (int)(second - 'a'); }

/* Tell whether `size` letters from `place` on are, in small ones, one of the words or a Roman number; -1 on failure. */
static int is_figure_word(const Text *text, Py_ssize_t place, Py_ssize_t size, PyObject *words, const Lengths *lengths)
{
    char word[LONGEST_WORD];
    if (size < 2 || size > LONGEST_WORD) return 0;
    for (Py_ssize_t k = 0; k < size; k++) word[k] = (char)(PyUnicode_READ(text->kind, text->data, place + k) | 0x20);
    if (is_roman(word, size)) return 1;
    if (!(lengths[pair_of((Py_UCS4)word[0], (Py_UCS4)word[1])] >> size & 1)) return 0;
    PyObject *key = PyUnicode_FromStringAndSize(word, size);
    int found = key ? PySet_Contains(words, key) : -1;
    Py_XDECREF(key);
    return found;
}

static PyObject *py_lengths(PyObject *self, PyObject *words)
{
    Lengths lengths[PAIRS] = { 0 };
    PyObject *word, *each = PyObject_GetIter(words);
    if (!each) return NULL;
    while ((word = PyIter_Next(each))) {
        Text text;
        int ok = read_text(word, &text);
        if (ok) {
            ok = text.size >= 2 && text.size <= LONGEST_WORD;
            for (Py_ssize_t k = 0; ok && k < text.size; k++) ok = class_at(&text, k) & SMALL;
            if (ok) lengths[pair_of(at(&text, 0), at(&text, 1))] |= (Lengths)1 << text.size;
            else PyErr_SetString(PyExc_ValueError, "a word of figures is not two to 31 small letters");
        }
        Py_DECREF(word);
        if (!ok) break;
    }
    Py_DECREF(each);
    return PyErr_Occurred() ? NULL : PyBytes_FromStringAndSize((const char *)lengths, sizeof lengths);
}

static PyObject *py_english_figure(PyObject *self, PyObject *args)
{
    PyObject *object, *words, *sizes;
    Text text;
    Py_ssize_t place;
    if (!PyArg_ParseTuple(args, "O!SUn", &PyFrozenSet_Type, &words, &sizes, &object, &place) || !read_text(object, &text))
        return NULL;
    if (PyBytes_GET_SIZE(sizes) != PAIRS * sizeof(Lengths)) {
        PyErr_SetString(PyExc_ValueError, "not what lengths() gives");
        return NULL;
    }
    const Lengths *lengths = (const Lengths *)(const void *)PyBytes_AS_STRING(sizes);
    if (place < 0) place = 0;
    for (int inside = class_at(&text, place - 1) & WORD; place < text.size;) {
        Py_ssize_t end = place;
        int latin = inside ? 0 : LATIN;  /* a whole word of Latin letters */
        for (int class; (class = class_at(&text, end)) & WORD; end++) {
            if (class & DIGIT) return Py_BuildValue("nn", end, end + 1);
            latin &= class;
        }
        int found = latin && end > place ? is_figure_word(&text, place, end - place, words, lengths) : 0;
        if (found < 0) return NULL;
        if (found) return Py_BuildValue("nn", place, end);
        place = end + 1;
        inside = 0;
    }
    Py_RETURN_NONE;
}

/* Tell whether capitals and small letters from a capital on lead to a figure: F-35, FY23, US$, JPY 5, VII. */
static int latin_figure(const Text *text, Py_ssize_t place)
{
    static const char *const SPACED[] = { "FY", "JPY", "USD", "EUR", "GBP", "AUD", "CNY", "KRW" };
    Py_ssize_t end = place;
    int roman = 1;
    if (is_latin(text, place - 1)) return 0;
    for (; is_latin(text, end); end++) {
        Py_UCS4 c = at(text, end);
        roman &= c == 'I' || c == 'V' || c == 'X';
    }
    if (roman && end - place >= 2 && end - place <= 4) return 1;
    if (at(text, end) == '$' || is_digit(text, end + (at(text, end) == '-'))) return 1;
    for (size_t k = 0; k < sizeof SPACED / sizeof *SPACED; k++)
        if ((size_t)(end - place) == strlen(SPACED[k]) && follows(text, place, SPACED[k])) return 1;
    return 0;
}

static inline int is_kanji_unit(Py_UCS4 c)
{
    /* 十百千万億兆 */
    return c == 0x5341 || c == 0x767e || c == 0x5343 || c == 0x4e07 || c == 0x5104 || c == 0x5146;
}

static int begins_japanese_figure(const Text *text, Py_ssize_t place, Py_UCS4 c)
{
    if (c < 128) return is_digit(text, place) || c == '$' || (c >= 'A' && c <= 'Z' && latin_figure(text, place));
    Py_UCS4 next = at(text, place + 1);
    switch (c) {
    case 0xa5: case 0xa3: case 0x20ac: case 0x20a9: case 0x20b9:  /* ¥£€₩₹ */
    case 0x3007: case 0x96f6: case 0x4e00: case 0x4e8c: case 0x4e09: case 0x56db:  /* 〇零一二三四 */
    case 0x4e94: case 0x516d: case 0x4e03: case 0x516b: case 0x4e5d: case 0x4eac: case 0x7b2c: return 1;  /* 五六七八九京第 */
    case 0x6570: case 0x4f55: case 0x5e7e: return is_kanji_unit(next);  /* 数何幾 */
    case 0x5348: return next == 0x524d || next == 0x5f8c;  /* 午: 前後 */
    case 0x6b63: return next == 0x5348;  /* 正: 午 */
    case 0x534a:  /* 半: 分数額世年減 */
        return next == 0x5206 || next == 0x6570 || next == 0x984d || next == 0x4e16 || next == 0x5e74
            || next == 0x6e1b;
    case 0x660e: return next == 0x6cbb;  /* 明: 治 */
    case 0x5927: return next == 0x6b63;  /* 大: 正 */
    case 0x662d: return next == 0x548c;  /* 昭: 和 */
    case 0x5e73: return next == 0x6210;  /* 平: 成 */
    case 0x4ee4: return next == 0x548c;  /* 令: 和 */
    case 0x30bc: return next == 0x30ed;  /* ゼ: ロ */
    case 0x6708: case 0x706b: case 0x6c34: case 0x6728: case 0x91d1: case 0x571f: case 0x65e5:  /* 月火水木金土日: 曜・) */
        return next == 0x66dc || next == 0x30fb || next == ')';
    default: return is_kanji_unit(c) || ((c < 0x3000 || c > 0x9fff) && is_digit(text, place));  /* no kana is a digit */
    }
}

static PyObject *py_japanese_figure(PyObject *self, PyObject *args)
{
    PyObject *object;
    Text text;
    Py_ssize_t place;
    if (!PyArg_ParseTuple(args, "Un", &object, &place) || !read_text(object, &text)) return NULL;
    for (place = place < 0 ? 0 : place; place < text.size; place++)
        if (begins_japanese_figure(&text, place, PyUnicode_READ(text.kind, text.data, place)))
            return PyLong_FromSsize_t(place);
    return PyLong_FromLong(-1);
}

static PyMethodDef methods[] = {
    {"narrow", py_narrow, METH_O,
     "narrow(text) -> the text normalised, or None where that takes more than a look at each character"},
    {"english_units", py_english_units, METH_VARARGS,
     "english_units(text, table, make) -> the units and the capital forms that a table, or else `make`, has for its words"},
    {"signs", py_signs, METH_VARARGS, "signs(text, japanese) -> which signs the text holds, a bit each"},
    {"english_figure", py_english_figure, METH_VARARGS,
     "english_figure(words, lengths, text, place) -> start and end of the next digit, word or Roman number, or None"},
    {"lengths", py_lengths, METH_O, "lengths(words) -> how long the words are that begin with two letters, as bytes"},
    {"japanese_figure", py_japanese_figure, METH_VARARGS,
     "japanese_figure(text, place) -> where the next figure may begin, or -1"},
    {NULL, NULL, 0, NULL},
};

static struct PyModuleDef module = {
    PyModuleDef_HEAD_INIT, "_scan", "Scans of a text, compiled.", 0, methods, NULL, NULL, NULL, NULL,
};

PyMODINIT_FUNC PyInit__scan(void)
{
    for (Py_UCS4 c = 0; c < 256; c++) FIRST[c] = (uint8_t)class_of(c);
    return PyModule_Create(&module);
}
