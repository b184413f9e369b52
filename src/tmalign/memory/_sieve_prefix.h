/* Step 2 of the sieve, sixteen rows side by side; included once for each instruction set.
 *
 * A row's text comes eight characters a 32-bit word, so a column's classes are the low four bits of a lane; with
 * LOOKUP_IN_REGISTER the sixteen masks of a class table are one register and one permutation looks all lanes up.
 * least[k]: the least distance of the prefix to any prefix of row k, plus what the rests' lengths differ by.
 */
#define JOIN2(a, b) a##b
#define JOIN(a, b) JOIN2(a, b)
#define BODY JOIN(NAME, _body)
#define ALWAYS inline __attribute__((always_inline))
typedef uint32_t JOIN(NAME, _v) __attribute__((vector_size(64), aligned(64)));
typedef int32_t JOIN(NAME, _s) __attribute__((vector_size(64), aligned(64)));
#define V JOIN(NAME, _v)
#define S JOIN(NAME, _s)

TARGET static ALWAYS void BODY(const Pattern *p, const Batch *batch, int32_t *least, const int words)
{
    V vp[WORDS], vn[WORDS], equal[WORDS], text = {0};
    S length, score, best;
    const S one = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    const int top = (int)((p->prefix - 1) % 32);
    const int32_t rest = (int32_t)(p->length - p->prefix);
    int64_t columns = 0, reach = 0;
    for (int k = 0; k < LANES; k++) {
        int64_t gap = batch->length[k] - p->length;
        int64_t right = (batch->distance[k] + gap) / 2;   /* so far to the right may the row's text have moved */
        length[k] = (int32_t)batch->length[k];
        if (batch->length[k] > columns) columns = batch->length[k];
        if (right > reach) reach = right;
    }
    if (columns > p->prefix + reach) columns = p->prefix + reach;
    for (int w = 0; w < words; w++) {
        vp[w] = ~(V){0};
        vn[w] = (V){0};
        memcpy(&equal[w], p->equal[w], sizeof equal[w]);
    }
    score = one * (int32_t)p->prefix;
    {
        S ahead = length - rest;
        S sign = ahead >> 31;
        best = score + ((ahead ^ sign) - sign);
    }
    for (int64_t j = 0; j < columns; j++) {
        if (j % 8 == 0) {
            /* A shorter row has no more words: the rest of its lane is never looked at. */
            for (int k = 0; k < LANES; k++) text[k] = j < batch->length[k] ? batch->text[k][j / 8] : 0;
        }
        V hp_in = (V)one, hn_in = {0};
        for (int w = 0; w < words; w++) {
            V eq;
#if LOOKUP_IN_REGISTER
            eq = (V)_mm512_permutexvar_epi32((__m512i)text, (__m512i)equal[w]);
#else
            for (int k = 0; k < LANES; k++) eq[k] = p->equal[w][text[k] & 15];
#endif
            eq |= hn_in;
            V d0 = (((eq & vp[w]) + vp[w]) ^ vp[w]) | eq | vn[w];
            V hp = vn[w] | ~(d0 | vp[w]), hn = d0 & vp[w];
            if (w == words - 1) score += (S)((hp >> top) & 1) - (S)((hn >> top) & 1);
            V hp_out = hp >> 31, hn_out = hn >> 31;
            hp = hp << 1 | hp_in;
            hn = hn << 1 | hn_in;
            vp[w] = hn | ~(d0 | hp);
            vn[w] = hp & d0;
            hp_in = hp_out;
            hn_in = hn_out;
        }
        text >>= 4;
        S left = length - (int32_t)(j + 1), ahead = left - rest, sign = ahead >> 31;
        S bound = score + ((ahead ^ sign) - sign);
        S better = (S)(left >= 0) & (S)(bound < best);
        best = (bound & better) | (best & ~better);
    }
    memcpy(least, &best, sizeof best);
}

TARGET static void NAME(const Pattern *p, const Batch *batch, int32_t *least)
{
    switch ((p->prefix + 31) / 32) {
    case 1: BODY(p, batch, least, 1); break;
    case 2: BODY(p, batch, least, 2); break;
    case 3: BODY(p, batch, least, 3); break;
    case 4: BODY(p, batch, least, 4); break;
    case 5: BODY(p, batch, least, 5); break;
    case 6: BODY(p, batch, least, 6); break;
    case 7: BODY(p, batch, least, 7); break;
    default: BODY(p, batch, least, 8); break;
    }
}
#undef V
#undef S
#undef ALWAYS
#undef BODY
#undef JOIN
#undef JOIN2
#undef NAME
#undef TARGET
#undef LOOKUP_IN_REGISTER
