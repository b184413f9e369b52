/* Step 2 of the sieve: what the blocks of four characters of a row cost, each by itself.
 *
 * An alignment of row and query within the distance gives every block of the row a stretch of the query near the
 * block's own place: paths move at most `left` places to one side of the diagonal and `right` to the other (Ukkonen
 * 1985). A block costs at least its distance from the nearest stretch there, and the costs of blocks add up. Four
 * characters in 16 classes are 16 bits, so that a table of 65,536 bytes holds what any block costs - nothing, one, or
 * two and more - and a row takes one look-up for every four characters. A table is filled with what lies within one
 * edit of the query's stretches; it serves SPAN characters of the rows, and a group of runs of similar lengths.
 */
#define SPAN 64                /* characters that share a table: whole words of a text */
#define SPANS 8                /* tables; what lies behind is not looked at */
#define COSTS 65536
#define AT_ONCE 1024           /* rows that pass a table before the next one is turned to */

typedef struct {
    uint8_t *costs;            /* [SPANS][COSTS]; NULL: no blocks are looked at */
    int64_t wanted, left, right;    /* characters of a row that the tables are to cover, 0: none; bounds of its paths */
    int64_t reach;             /* characters that they cover; 0: not filled */
} Blocks;

static void one_edit(uint8_t *costs, unsigned rest, unsigned at)
{
    for (unsigned any = 0; any < CLASSES; any++) costs[rest | any << at] = 1;
}

/* The costs of blocks that are aligned inside query[from:to]. */
static void fill_costs(uint8_t *costs, const uint8_t *query, int64_t from, int64_t to)
{
    memset(costs, 2, COSTS);
    for (int64_t i = from; i + 3 <= to; i++) {
        const unsigned a = query[i] & 15, b = query[i + 1] & 15, c = query[i + 2] & 15;
        /* One character more than the query has; at either end that is another character in its place, too. */
        one_edit(costs, a << 4 | b << 8 | c << 12, 0);
        one_edit(costs, a | b << 8 | c << 12, 4);
        one_edit(costs, a | b << 4 | c << 12, 8);
        one_edit(costs, a | b << 4 | c << 8, 12);
        if (i + 4 > to) continue;
        const unsigned d = query[i + 3] & 15;
        one_edit(costs, a | c << 8 | d << 12, 4);
        one_edit(costs, a | b << 4 | d << 12, 8);
        if (i + 5 > to) continue;
        const unsigned e = query[i + 4] & 15;
        /* One less than the query has; nearer an end it is among those with one more. */
        costs[a | b << 4 | d << 8 | e << 12] = 1;
    }
    for (int64_t i = from; i + 4 <= to; i++) {
        costs[(query[i] & 15) | (query[i + 1] & 15) << 4 | (query[i + 2] & 15) << 8 | (query[i + 3] & 15) << 12] = 0;
    }
}

/* Have tables for rows of up to `longest` characters, unless their blocks can hardly cost more than the distance. */
static void want_blocks(Blocks *blocks, int64_t longest, int64_t left, int64_t right)
{
    const int64_t reach = longest < SPAN * SPANS ? longest : SPAN * SPANS;
    blocks->wanted = blocks->costs && 2 * (left + right) < reach ? reach : 0;
    blocks->left = left;
    blocks->right = right;
    blocks->reach = 0;
}

static void fill_blocks(Blocks *blocks, const Pattern *p)
{
    for (int64_t at = 0; at < blocks->wanted; at += SPAN) {
        const int64_t from = at - blocks->right, to = at + SPAN + blocks->left;
        fill_costs(blocks->costs + at / SPAN * COSTS, p->query, from < 0 ? 0 : from, to < p->length ? to : p->length);
    }
    blocks->reach = blocks->wanted;
    blocks->wanted = 0;
}

/* What the blocks in so many bytes of a text cost: two at most each, so that a byte holds the sum. */
static inline int32_t cost_of(const uint8_t *costs, const uint8_t *text, int bytes)
{
    uint8_t cost = 0;
    for (int k = 0; k < bytes; k += 2) {
        uint16_t block;
        memcpy(&block, text + k, sizeof block);
        cost += costs[block];
    }
    return cost;
}

/* Keep those of some rows of one run whose blocks may cost no more than the distance; return how many. `behind` becomes
 * what the blocks behind the first table cost. Table by table, so that one at a time is in the cache; and without a
 * branch a row, which nobody could predict. */
static int within(const Blocks *blocks, const uint32_t *texts, int64_t length, int64_t distance, int64_t *rows,
                  int32_t *behind, int count)
{
    const int64_t stride = 8 * ((length + 15) / 16), reach = length < blocks->reach ? length : blocks->reach;
    int32_t spent[AT_ONCE] = {0};
    for (int64_t at = 0; at + 4 <= reach && count; at += SPAN) {
        const uint8_t *costs = blocks->costs + at / SPAN * COSTS, *span = (const uint8_t *)texts + at / 2;
        const int bytes = at + SPAN <= reach ? SPAN / 2 : (int)((reach - at) / 4 * 2);
        int kept = 0;
        for (int k = 0; k < count; k++) {
            if (!at && k + 8 < count) {
                const uint8_t *later = span + rows[k + 8] * stride;
                for (int64_t line = 0; line < stride; line += 64) __builtin_prefetch(later + line);
            }
            const uint8_t *text = span + rows[k] * stride;
            /* The usual number is named, so that the loop is unrolled. */
            const int32_t cost = bytes == SPAN / 2 ? cost_of(costs, text, SPAN / 2) : cost_of(costs, text, bytes);
            rows[kept] = rows[k];
            behind[kept] = at ? behind[k] + cost : 0;
            spent[kept] = spent[k] + cost;
            kept += spent[kept] <= distance;
        }
        count = kept;
    }
    return count;
}
