/* Step 4 of the sieve, sixteen rows side by side; included once for each instruction set.
 *
 * A row's text comes eight characters a 32-bit word, so a column's classes are the low four bits of a lane; with
 * LOOKUP_IN_REGISTER the masks of the sixteen classes are one register and one permutation looks all lanes up; with
 * FUNNEL_SHIFT one instruction shifts a word and takes in the bit from the word above.
 *
 * Only words of the pattern that a path within the distance can touch are computed (Ukkonen 1985): a path moves at most
 * `left` columns to the left of the diagonal and `right` to the right. Outside, a word's rows rise by one a row and the
 * row above by one a column, which are costs of real paths, so no bound inside becomes too great.
 *
 * least[k]: the distance of the prefix to that prefix of row k which leaves a rest as long as the query's. No other
 * prefix of the row gives a better bound: a character more or less changes the distance by one at most, and the
 * difference of the rests by one.
 */
#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)
#define PHASE JOIN(NAME, _phase)
#define ALWAYS inline __attribute__((always_inline))
typedef uint32_t JOIN(NAME, _v) __attribute__((vector_size(64), aligned(64)));
typedef int32_t JOIN(NAME, _s) __attribute__((vector_size(64), aligned(64)));
#define V JOIN(NAME, _v)
#define S JOIN(NAME, _s)
#define STATE JOIN(NAME, _state)
#if LOOKUP_IN_REGISTER
#define TERNARY(a, b, c, table) ((V)_mm512_ternarylogic_epi32((__m512i)(a), (__m512i)(b), (__m512i)(c), table))
#define XOR_OR(a, b, c) TERNARY(a, b, c, 0xbe)
#define OR_NEITHER(a, b, c) TERNARY(a, b, c, 0xf1)
#else
#define XOR_OR(a, b, c) (((a) ^ (b)) | (c))
#define OR_NEITHER(a, b, c) ((a) | ~((b) | (c)))
#endif
/* Up by one row, with the last row of the word above coming in. */
#if FUNNEL_SHIFT
#define SHIFTED(word, above) ((V)_mm512_shldi_epi32((__m512i)(word), (__m512i)(above), 1))
#else
#define SHIFTED(word, above) ((word) << 1 | (above) >> 31)
#endif

typedef struct {
    V vp[WORDS], vn[WORDS];
    S score;                 /* the distance at the lowest row computed */
} STATE;

/* Columns `from` to `to` for `words` words from `first` on; `last`: the lowest of them is the prefix's last. */
TARGET static ALWAYS void PHASE(const Pattern *p, const Batch *batch, STATE *state, const int words, const int first,
                                int64_t from, int64_t to, const int last)
{
    V vp[WORDS], vn[WORDS], text = {0};
#if LOOKUP_IN_REGISTER
    V equal[WORDS];
#endif
    S score = state->score;
    const V one = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const int top = last ? (int)((p->prefix - 1) % 32) : 31;
#pragma GCC unroll 8
    for (int w = 0; w < words; w++) {
        vp[w] = state->vp[first + w];
        vn[w] = state->vn[first + w];
#if LOOKUP_IN_REGISTER
        memcpy(&equal[w], p->equal[first + w], sizeof equal[w]);
#endif
    }
    for (int64_t j = from; j < to; j++) {
        if (j == from || j % 8 == 0) {
            for (int k = 0; k < LANES; k++) text[k] = batch->text[k][j / 8];
            text >>= 4 * (int)(j % 8);
        }
        /* The rows above the first word: one more a column. Only the top bits of these are looked at. */
        V hp_above = one << 31, hn_above = {0};
#pragma GCC unroll 8
        for (int w = 0; w < words; w++) {
            V eq;
#if LOOKUP_IN_REGISTER
            eq = (V)_mm512_permutexvar_epi32((__m512i)text, (__m512i)equal[w]);
#else
            for (int k = 0; k < LANES; k++) eq[k] = p->equal[first + w][text[k] & 15];
#endif
            eq |= hn_above >> 31;
            V d0 = XOR_OR((eq & vp[w]) + vp[w], vp[w], eq) | vn[w];
            V hp = OR_NEITHER(vn[w], d0, vp[w]), hn = d0 & vp[w];
            if (w == words - 1) score += (S)((hp >> top) & 1) - (S)((hn >> top) & 1);
            V hp_shifted = SHIFTED(hp, hp_above), hn_shifted = SHIFTED(hn, hn_above);
            vp[w] = OR_NEITHER(hn_shifted, d0, hp_shifted);
            vn[w] = hp_shifted & d0;
            hp_above = hp;
            hn_above = hn;
        }
        text >>= 4;
    }
#pragma GCC unroll 8
    for (int w = 0; w < words; w++) {
        state->vp[first + w] = vp[w];
        state->vn[first + w] = vn[w];
    }
    state->score = score;
}

TARGET static void NAME(const Pattern *p, const Batch *batch, int32_t *least)
{
    STATE state;
    const int words = (int)((p->prefix + 31) / 32);
    const int64_t gap = batch->length - p->length, goal = p->prefix + gap;
    const int64_t left = (batch->distance - gap) / 2, right = (batch->distance + gap) / 2;
    int first = 0, last = -1;
    /* A row that is shorter than the rest: all of the prefix goes, and what the row lacks. */
    state.score = (S){0} + (int32_t)(goal > 0 ? 0 : p->prefix - goal);
    for (int64_t j = 0, next; j < goal; j = next) {
        while (last + 1 < words && 32 * (last + 1) - left <= j) {
            last++;
            state.vp[last] = ~(V){0};
            state.vn[last] = (V){0};
            int32_t rows = (int32_t)(last + 1 < words ? 32 : p->prefix - 32 * last);
            state.score += rows;
        }
        while (first < last && j >= 32 * (first + 1) + right) first++;
        next = goal;
        if (last + 1 < words && 32 * (last + 1) - left < next) next = 32 * (last + 1) - left;
        if (first < last && 32 * (first + 1) + right < next) next = 32 * (first + 1) + right;
        const int end = last == words - 1;
#define RUN(count) \
    case 2 * count: PHASE(p, batch, &state, count, first, j, next, 0); break; \
    case 2 * count + 1: PHASE(p, batch, &state, count, first, j, next, 1); break;
        switch (2 * (last - first + 1) + end) {
            RUN(1) RUN(2) RUN(3) RUN(4) RUN(5) RUN(6) RUN(7) RUN(8)
        }
#undef RUN
    }
    if (goal > 0 && last < words - 1) state.score = (S){0};
    memcpy(least, &state.score, sizeof state.score);
}
#undef STATE
#undef SHIFTED
#undef TERNARY
#undef XOR_OR
#undef OR_NEITHER
#undef V
#undef S
#undef ALWAYS
#undef PHASE
#undef JOIN
#undef JOIN2
#undef NAME
#undef TARGET
#undef LOOKUP_IN_REGISTER
#undef FUNNEL_SHIFT
