/* Step 2 of the sieve, sixteen rows side by side; included once for each instruction set.
 *
 * A row's text comes eight characters a 32-bit word, so a column's classes are the low four bits of a lane; with
 * LOOKUP_IN_REGISTER 16 the masks of the sixteen classes are one register and one permutation looks all lanes up (with
 * 8, two registers and two permutations); with
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
#if LOOKUP_IN_REGISTER == 16
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
    S score, least, goal;    /* distance at the lowest row computed; the result; the column it is read at */
} STATE;

/* Columns `from` to `to` for `words` words from `first` on; `last`: the lowest of them is the prefix's last. */
TARGET static ALWAYS void PHASE(const Pattern *p, const Batch *batch, STATE *state, const int words, const int first,
                                int64_t from, int64_t to, const int last)
{
    V vp[WORDS], vn[WORDS], text = {0};
#if LOOKUP_IN_REGISTER == 16
    V equal[WORDS];
#endif
    S score = state->score, least = state->least;
    const V one = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const int top = last ? (int)((p->prefix - 1) % 32) : 31;
#pragma GCC unroll 8
    for (int w = 0; w < words; w++) {
        vp[w] = state->vp[first + w];
        vn[w] = state->vn[first + w];
#if LOOKUP_IN_REGISTER == 16
        memcpy(&equal[w], p->equal[first + w], sizeof equal[w]);
#endif
    }
    for (int64_t j = from; j < to; j++) {
        if (j == from || j % 8 == 0) {
            /* A shorter row has no more words: the rest of its lane is never looked at. */
            for (int k = 0; k < LANES; k++) text[k] = j < batch->length[k] ? batch->text[k][j / 8] : 0;
            text >>= 4 * (int)(j % 8);
        }
        /* The rows above the first word: one more a column. Only the top bits of these are looked at. */
        V hp_above = one << 31, hn_above = {0};
#pragma GCC unroll 8
        for (int w = 0; w < words; w++) {
            V eq;
#if LOOKUP_IN_REGISTER == 16
            eq = (V)_mm512_permutexvar_epi32((__m512i)text, (__m512i)equal[w]);
#elif LOOKUP_IN_REGISTER == 8
            {
                /* Eight masks a register: look both halves up, and let the class's fourth bit choose. */
                __m256i low = _mm256_loadu_si256((const __m256i *)p->equal[first + w]);
                __m256i high = _mm256_loadu_si256((const __m256i *)(p->equal[first + w] + 8));
                __m256i class[2], mask[2];
                memcpy(class, &text, sizeof class);
                for (int half = 0; half < 2; half++) {
                    __m256 one_of = (__m256)_mm256_permutevar8x32_epi32(low, class[half]);
                    __m256 other = (__m256)_mm256_permutevar8x32_epi32(high, class[half]);
                    mask[half] = (__m256i)_mm256_blendv_ps(one_of, other, (__m256)_mm256_slli_epi32(class[half], 28));
                }
                memcpy(&eq, mask, sizeof eq);
            }
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
        if (last) {
            S here = (S)(state->goal == (int32_t)(j + 1));
            least = (score & here) | (least & ~here);
        }
    }
#pragma GCC unroll 8
    for (int w = 0; w < words; w++) {
        state->vp[first + w] = vp[w];
        state->vn[first + w] = vn[w];
    }
    state->score = score;
    state->least = least;
}

TARGET static void NAME(const Pattern *p, const Batch *batch, int32_t *least)
{
    STATE state;
    const int words = (int)((p->prefix + 31) / 32);
    const int64_t rest = p->length - p->prefix;
    int64_t columns = 0, left = 0, right = 0;
    int first = 0, last = -1;
    for (int k = 0; k < LANES; k++) {
        int64_t gap = batch->length[k] - p->length, spare = batch->distance[k];
        int64_t goal = batch->length[k] - rest;
        if (goal > columns) columns = goal;
        if ((spare + gap) / 2 > right) right = (spare + gap) / 2;
        if ((spare - gap) / 2 > left) left = (spare - gap) / 2;
        /* A row that is shorter than the rest: all of the prefix goes, and what the row lacks. */
        state.goal[k] = (int32_t)goal;
        state.least[k] = (int32_t)(goal > 0 ? 0 : p->prefix - goal);
        state.score[k] = 0;
    }
    for (int64_t j = 0, next; j < columns; j = next) {
        while (last + 1 < words && 32 * (last + 1) - left <= j) {
            last++;
            state.vp[last] = ~(V){0};
            state.vn[last] = (V){0};
            int32_t rows = (int32_t)(last + 1 < words ? 32 : p->prefix - 32 * last);
            state.score += rows;
        }
        while (first < last && j >= 32 * (first + 1) + right) first++;
        next = columns;
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
    memcpy(least, &state.least, sizeof state.least);
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
