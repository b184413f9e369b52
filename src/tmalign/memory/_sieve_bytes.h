/* Steps 3 and 4 of the sieve, a byte a row: sixteen (SSSE3) or 32 (AVX2) rows side by side; included once for each.
 *
 * A column of the pattern stands in words of eight characters, one vector a word, so that one byte shuffle looks up the
 * classes of all rows, and few characters outside the band that a path within the distance can touch are computed
 * (Ukkonen 1985, as in _sieve_prefix.h). Without shifts of bytes: a sum with itself, less the mask of the bit that
 * comes in. Horizontal rises (hp) are held inverted, which saves the negations that these instruction sets lack.
 *
 * The score is no running sum: the last column's vertical differences, counted, and those of words left behind.
 */
#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)
#define ALWAYS inline __attribute__((always_inline))
typedef int8_t JOIN(NAME, _v) __attribute__((vector_size(BYTES), aligned(BYTES)));
#define V JOIN(NAME, _v)
#if BYTES == 32
#define LOOKED_UP(table, index) \
    (V)_mm256_shuffle_epi8(_mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *)(table))), (__m256i)(index))
#else
#define LOOKED_UP(table, index) (V)_mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)(table)), (__m128i)(index))
#endif

/* Sixteen columns of all rows from word `word` of their texts on: a transposition, by four perfect shuffles. */
TARGET static ALWAYS void JOIN(NAME, _columns)(const Batch *batch, int64_t word, uint8_t columns[16][BYTES])
{
    const __m128i nibble = _mm_set1_epi8(15);
    for (int part = 0; part < BYTES; part += 16) {
        __m128i a[8], b[8];
        for (int k = 0; k < 8; k++) {
            a[k] = _mm_unpacklo_epi8(_mm_loadl_epi64((const __m128i *)(batch->text[part + k] + 2 * word)),
                                     _mm_loadl_epi64((const __m128i *)(batch->text[part + k + 8] + 2 * word)));
        }
        for (int stage = 0; stage < 3; stage++) {
            for (int k = 0; k < 4; k++) {
                b[2 * k] = _mm_unpacklo_epi8(a[k], a[k + 4]);
                b[2 * k + 1] = _mm_unpackhi_epi8(a[k], a[k + 4]);
            }
            memcpy(a, b, sizeof a);
        }
        for (int k = 0; k < 8; k++) {
            _mm_storeu_si128((__m128i *)(columns[2 * k] + part), _mm_and_si128(a[k], nibble));
            _mm_storeu_si128((__m128i *)(columns[2 * k + 1] + part), _mm_and_si128(_mm_srli_epi16(a[k], 4), nibble));
        }
    }
}

/* Of each byte: bits set in `up` less bits set in `down`, of those in `mask`. */
TARGET static ALWAYS V JOIN(NAME, _rise)(V up, V down, int8_t mask)
{
    static const int8_t bits[16] = {0, 1, 1, 2, 1, 2, 2, 3, 1, 2, 2, 3, 2, 3, 3, 4};
    const V low = (V){0} + (int8_t)(mask & 15), high = (V){0} + (int8_t)((mask >> 4) & 15);
#define HIGH(x) ((V)((JOIN(NAME, _w))(x) >> 4))
    typedef uint16_t JOIN(NAME, _w) __attribute__((vector_size(BYTES), aligned(BYTES)));
    V risen = LOOKED_UP(bits, up & low) + LOOKED_UP(bits, HIGH(up) & high);
    return risen - LOOKED_UP(bits, down & low) - LOOKED_UP(bits, HIGH(down) & high);
#undef HIGH
}

/* One column of words `first` to `last`; above the first, the rows rise by one a column. */
TARGET static ALWAYS void JOIN(NAME, _column)(const Pattern *p, const uint8_t column[BYTES], V *vp, V *vn, int first,
                                              int last)
{
    V text, fallen = {0}, level = {0};        /* hn and inverted hp of the word above */
    const V one = (V){0} + 1;
    memcpy(&text, column, sizeof text);
    for (int w = first; w <= last; w++) {
        V down = (V)(fallen < 0), flat = (V)(level < 0);
        V eq = LOOKED_UP(p->bytes[w], text) | (down & one);
        V d0 = (((eq & vp[w]) + vp[w]) ^ vp[w]) | (eq | vn[w]);
        level = ~vn[w] & (d0 | vp[w]);
        fallen = d0 & vp[w];
        V level_shifted = level + level - flat, fallen_shifted = fallen + fallen - down;
        vp[w] = fallen_shifted | (~d0 & level_shifted);
        vn[w] = ~level_shifted & d0;
    }
}

TARGET static void NAME(const Pattern *p, const Batch *batch, int32_t *least)
{
    const int words = (int)((p->prefix + 7) / 8);
    const int64_t gap = batch->length - p->length, goal = p->prefix + gap;
    const int64_t left = (batch->distance - gap) / 2, right = (batch->distance + gap) / 2;
    V vp[32 * WORDS / 8], vn[32 * WORDS / 8], risen = {0};
    uint8_t columns[16][BYTES] __attribute__((aligned(BYTES)));
    int first = 0, last = -1, summed = 0;
    int32_t base = (int32_t)(goal > 0 ? goal : p->prefix - goal);
    int8_t part[BYTES] __attribute__((aligned(BYTES)));

    for (int k = 0; k < BYTES; k++) least[k] = base;
#define ADD_UP() \
    do { \
        memcpy(part, &risen, sizeof part); \
        for (int k = 0; k < BYTES; k++) least[k] += part[k]; \
        risen = (V){0}; \
        summed = 0; \
    } while (0)
#define COUNT(w, mask) \
    do { \
        risen += JOIN(NAME, _rise)(vp[w], vn[w], mask); \
        /* Eight at most a word: a byte holds fifteen words. */ \
        if (++summed == 15) ADD_UP(); \
    } while (0)
    for (int64_t j = 0; j < goal; j++) {
        if (j % 16 == 0) JOIN(NAME, _columns)(batch, j / 16, columns);
        while (last + 1 < words && 8 * (last + 1) - left <= j) {
            last++;
            vp[last] = ~(V){0};
            vn[last] = (V){0};
        }
        if (first < last && j >= 8 * (first + 1) + right) {
            COUNT(first, -1);
            first++;
        }
        JOIN(NAME, _column)(p, columns[j % 16], vp, vn, first, last);
    }
    if (goal <= 0) return;
    if (last < words - 1) {
        for (int k = 0; k < BYTES; k++) least[k] = 0;
        return;
    }
    for (int w = first; w < last; w++) COUNT(w, -1);
    COUNT(last, (int8_t)(255 >> (8 * words - (int)p->prefix)));
    ADD_UP();
#undef COUNT
#undef ADD_UP
}

/* Step 3: the distance of the rows' first HEAD characters from the beginning of the query that is nearest to them, where
 * that is no more than the batch's distance; else something above it. Places beyond the query's end in its last word
 * match nothing, so that no beginning comes nearer by them. */
TARGET static void JOIN(NAME, _head)(const Pattern *p, const Batch *batch, int32_t *least)
{
    const int64_t most = batch->distance, rows = p->length < HEAD + most ? p->length : HEAD + most;
    const int words = (int)((rows + 7) / 8);
    V vp[(HEAD + MOST_HEAD + 7) / 8], vn[(HEAD + MOST_HEAD + 7) / 8], risen = {0}, nearest = {0};
    uint8_t columns[16][BYTES] __attribute__((aligned(BYTES)));
    int8_t part[BYTES] __attribute__((aligned(BYTES)));
    int first = 0, last = -1;

    for (int64_t j = 0; j < HEAD; j++) {
        if (j % 16 == 0) JOIN(NAME, _columns)(batch, j / 16, columns);
        while (last + 1 < words && 8 * (last + 1) - most <= j) {
            last++;
            vp[last] = ~(V){0};
            vn[last] = (V){0};
        }
        if (first < last && j >= 8 * (first + 1) + most) {
            risen += JOIN(NAME, _rise)(vp[first], vn[first], -1);
            first++;
        }
        JOIN(NAME, _column)(p, columns[j % 16], vp, vn, first, last);
    }
    nearest = risen;
    for (int w = first; w <= last; w++) {
        for (int bit = 0; bit < 8; bit++) {
            const V only = (V){0} + (int8_t)(1 << bit);
            risen -= (V)((vp[w] & only) == only);
            risen += (V)((vn[w] & only) == only);
            const V nearer = (V)(risen < nearest);
            nearest = (risen & nearer) | (nearest & ~nearer);
        }
    }
    memcpy(part, &nearest, sizeof part);
    for (int k = 0; k < BYTES; k++) least[k] = HEAD + part[k];
}
#undef LOOKED_UP
#undef V
#undef ALWAYS
#undef JOIN
#undef JOIN2
#undef NAME
#undef TARGET
#undef BYTES
