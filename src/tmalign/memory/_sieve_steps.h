/* The steps of the sieve in their order: rows of one run after another, in batches. */

/* What one call works with. */
typedef struct {
    const Pattern *pattern;
    const uint8_t *counters;
    const uint32_t *texts;
    Prefix prefix;
    int64_t fewest, passed;    /* rows for which tables of blocks are worth filling; of this group, past step 1 */
    Blocks blocks;
    Batch heads, batch;        /* for steps 3 and 4 */
    Found *found;
} Sieve;

/* Step 5: the distance of the whole texts in classes (block by block, column by column). */
static int64_t whole(const Pattern *p, const uint32_t *text, int64_t length)
{
    uint64_t *vp = p->state, *vn = p->state + p->blocks;
    int64_t score = p->length;
    Py_ssize_t last = p->blocks - 1;
    int top = (int)((p->length - 1) % 64);
    for (Py_ssize_t b = 0; b <= last; b++) { vp[b] = ~(uint64_t)0; vn[b] = 0; }
    for (int64_t j = 0; j < length; j++) {
        unsigned class = (text[j / 8] >> (4 * (j % 8))) & 15;
        uint64_t hp_in = 1, hn_in = 0;
        for (Py_ssize_t b = 0; b <= last; b++) {
            uint64_t eq = p->wide[b * CLASSES + class] | hn_in;
            uint64_t d0 = (((eq & vp[b]) + vp[b]) ^ vp[b]) | eq | vn[b];
            uint64_t hp = vn[b] | ~(d0 | vp[b]), hn = d0 & vp[b];
            if (b == last) score += (int64_t)((hp >> top) & 1) - (int64_t)((hn >> top) & 1);
            uint64_t hp_out = hp >> 63, hn_out = hn >> 63;
            hp = hp << 1 | hp_in;
            hn = hn << 1 | hn_in;
            vp[b] = hn | ~(d0 | hp);
            vn[b] = hp & d0;
            hp_in = hp_out;
            hn_in = hn_out;
        }
    }
    return score;
}

/* Steps 4 and 5. */
static void flush(Sieve *s)
{
    const Pattern *p = s->pattern;
    Batch *batch = &s->batch;
    int32_t least[MOST_ROWS];
    if (!batch->filled) return;
    for (int k = batch->filled; k < s->prefix.rows; k++) batch->text[k] = batch->text[0];
    s->prefix.bound(p, batch, least);
    for (int k = 0; k < batch->filled; k++) {
        if (least[k] > batch->distance) continue;
        if (p->prefix < p->length && whole(p, batch->text[k], batch->length) > batch->distance) continue;
        keep(s->found, batch->row[k]);
    }
    batch->filled = 0;
}

static void put(Sieve *s, int64_t row, const uint32_t *text)
{
    int lane = s->batch.filled++;
    s->batch.row[lane] = row;
    s->batch.text[lane] = text;
    if (s->batch.filled == s->prefix.rows) flush(s);
}

/* Step 3. */
static void flush_heads(Sieve *s)
{
    Batch *heads = &s->heads;
    int32_t least[MOST_ROWS];
    if (!heads->filled) return;
    for (int k = heads->filled; k < s->prefix.rows; k++) heads->text[k] = heads->text[0];
    s->prefix.head(s->pattern, heads, least);
    for (int k = 0; k < heads->filled; k++) {
        if (least[k] + heads->behind[k] <= s->batch.distance) put(s, heads->row[k], heads->text[k]);
    }
    heads->filled = 0;
    heads->distance = 0;
}

/* `rest`: what the blocks behind the head leave of the distance. */
static void put_head(Sieve *s, int64_t row, const uint32_t *text, int32_t behind, int64_t rest)
{
    int lane = s->heads.filled++;
    s->heads.row[lane] = row;
    s->heads.text[lane] = text;
    s->heads.behind[lane] = behind;
    if (rest > s->heads.distance) s->heads.distance = rest;
    if (s->heads.filled == s->prefix.rows) flush_heads(s);
}

/* Step 2, and what passes on to the batches. `rows` are numbers within the run. */
static void screen(Sieve *s, const Run *run, int64_t *rows, int count)
{
    const int64_t words = 2 * ((run->length + 15) / 16);
    const uint32_t *texts = s->texts + 2 * run->words;
    int32_t behind[AT_ONCE];
    s->passed += count;
    if (s->blocks.wanted && s->passed >= s->fewest) fill_blocks(&s->blocks, s->pattern);
    const int blocks = s->blocks.reach > 0;
    const int heads = blocks && s->prefix.head && run->length >= HEAD && s->blocks.reach > HEAD;
    if (blocks) {
        const int came = count;
        count = within(&s->blocks, texts, run->length, run->distance, rows, behind, count);
        /* Where most rows pass, a low threshold, say, looking at blocks is lost time. */
        if (came >= AT_ONCE / 4 && count > came / 4 * 3) s->blocks.reach = 0;
    }
    for (int k = 0; k < count; k++) {
        const int64_t row = run->first + rows[k];
        const uint32_t *text = texts + rows[k] * words;
        if (heads && run->distance - behind[k] <= MOST_HEAD) {
            put_head(s, row, text, behind[k], run->distance - behind[k]);
        } else {
            put(s, row, text);
        }
    }
}

/* Step 1, and the others in its wake. */
static void sift_run(Sieve *s, const uint8_t *counts, const Run *run)
{
    const int64_t gap = run->length - s->pattern->length;
    const int64_t spare = run->distance - (gap < 0 ? -gap : gap);
    const uint8_t *row = s->counters + run->first * COUNTERS;
    int64_t waiting[AT_ONCE];
    int count = 0;
    s->batch.length = run->length;
    s->batch.distance = run->distance;
    for (int64_t i = 0; i < run->count; i += 64) {
        /* First all, then those that pass: in English about every other row does, which no branch predictor knows. */
        const int rows = run->count - i < 64 ? (int)(run->count - i) : 64;
        uint64_t passed = 0;
        for (int k = 0; k < rows; k++, row += COUNTERS) {
            passed |= (uint64_t)((gap >= 0 ? missing(counts, row) : missing(row, counts)) <= spare) << k;
        }
        for (; passed; passed &= passed - 1) waiting[count++] = i + __builtin_ctzll(passed);
        if (count > AT_ONCE - 64) {
            screen(s, run, waiting, count);
            count = 0;
        }
    }
    screen(s, run, waiting, count);
    flush_heads(s);
    flush(s);
}

/* Share tables of blocks between the first of the runs and those after it that are nearly as long; return how many. */
static Py_ssize_t grouped(Sieve *s, const Run *runs, Py_ssize_t n_runs)
{
    int64_t left = 0, right = 0;
    Py_ssize_t k = 0;
    for (; k < n_runs && runs[k].length >= runs[0].length && runs[k].length - runs[0].length <= ALIKE; k++) {
        const int64_t gap = runs[k].length - s->pattern->length;
        if ((runs[k].distance - gap) / 2 > left) left = (runs[k].distance - gap) / 2;
        if ((runs[k].distance + gap) / 2 > right) right = (runs[k].distance + gap) / 2;
    }
    s->passed = 0;
    want_blocks(&s->blocks, runs[k - 1].length, left, right);
    return k;
}

static void sift(Sieve *s, const uint8_t *counts, const Run *runs, Py_ssize_t n_runs)
{
    for (Py_ssize_t k = 0; k < n_runs;) {
        for (Py_ssize_t end = k + grouped(s, runs + k, n_runs - k); k < end; k++) sift_run(s, counts, &runs[k]);
    }
}
