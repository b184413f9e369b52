/* Forward-backward over the bead lattice: sums over all paths.
 *
 * It works on weights, not on their logarithms. So that none of them runs out of the range of a double, the weight of a
 * bead is taken relative to the best path to where it begins and to the best path to where it ends.
 */
#ifndef TMALIGN_KERNEL_SUMS_H
#define TMALIGN_KERNEL_SUMS_H
#include <math.h>
#include <stdint.h>
#include "_room.h"

#define NEVER (-1e29)
#define LOWEST (-1e30)
#define MOST_SHAPES 16
#define LEAST_EXPONENT (-600.0)  /* what is less than e to this of the best path to the same place counts as nothing */
#define FOLD_FROM 1e100
#define FLUSH_BELOW 1e-250

typedef struct {
    Py_ssize_t n, m, shapes, width, cells;
    Py_ssize_t staying, stay[MOST_SHAPES];  /* shapes that take nothing of the Japanese side: they stay in a row */
    const int *take_ja, *take_en;
    const double *scores;
} Lattice;

/* Tables of forward-backward: the best score of any path to a place; sums of paths to it and from it, relative to the
 * best; [shape][i][j], the relative weight of each bead; and room for a row of that. */
typedef struct {
    double *best, *forward, *backward, *weight, *row;
} Sums;

/* e to a number of 0 or less, to 11 digits, in a form that compilers turn into vector code. */
ROW double quick_exp(double x)
{
    const double shift = 6755399441055744.0;  /* 1.5 * 2^52: adding it rounds to a whole number in the lowest bits */
    double r = x > LEAST_EXPONENT ? x : LEAST_EXPONENT, rounded, square, fourth, power;
    uint64_t exponent, bits;
    r = r < 0.0 ? r : 0.0;
    rounded = r * 1.4426950408889634 + shift;
    memcpy(&exponent, &rounded, 8);
    rounded -= shift;
    r = r - rounded * 0.693145751953125 - rounded * 1.42860682030941723212e-6;
    square = r * r;
    fourth = square * square;
    power = (1.0 + r) + square * (1.0 / 2.0 + r * (1.0 / 6.0))
          + fourth * ((1.0 / 24.0 + r * (1.0 / 120.0)) + square * (1.0 / 720.0 + r * (1.0 / 5040.0)))
          + fourth * fourth * (1.0 / 40320.0 + r * (1.0 / 362880.0));
    memcpy(&bits, &power, 8);
    bits += exponent << 52;
    memcpy(&power, &bits, 8);
    return x > LEAST_EXPONENT ? power : 0.0;
}

ROW void reach(double *restrict best, const double *restrict before, const double *restrict score, Py_ssize_t count)
{
    for (Py_ssize_t j = 0; j < count; j++) {
        double here = before[j] + score[j];
        best[j] = here > best[j] ? here : best[j];
    }
}

ROW void compare(double *restrict log_weight, const double *before, const double *restrict score, const double *after,
                 Py_ssize_t count)
{
    for (Py_ssize_t j = 0; j < count; j++) log_weight[j] = before[j] + score[j] - (after[j] > NEVER ? after[j] : 1e300);
}

ROW void add_products(double *restrict sum, const double *restrict x, const double *restrict y, Py_ssize_t count)
{
    for (Py_ssize_t j = 0; j < count; j++) sum[j] += x[j] * y[j];
}

ROW void share_out(double *restrict weight, const double *restrict before, const double *restrict after, Py_ssize_t count)
{
    for (Py_ssize_t j = 0; j < count; j++) weight[j] *= before[j] * after[j];
}

/* The best score of any path to each place of a row. Shapes that stay in the row come last, from place to place. */
ROW void best_of_row(const Lattice *l, const Sums *s, Py_ssize_t i)
{
    double *best = s->best + i * l->width;
    for (Py_ssize_t j = 0; j <= l->m; j++) best[j] = i || j ? LOWEST : 0.0;
    for (Py_ssize_t k = 0; k < l->shapes; k++) {
        Py_ssize_t a = l->take_ja[k], b = l->take_en[k];
        if (a && a <= i && b <= l->m)
            reach(best + b, s->best + (i - a) * l->width, l->scores + k * l->cells + i * l->width + b, l->m + 1 - b);
    }
    for (Py_ssize_t j = 1; j <= l->m; j++)
        for (Py_ssize_t q = 0; q < l->staying; q++) {
            Py_ssize_t k = l->stay[q], b = l->take_en[k];
            if (b > j) continue;
            double here = best[j - b] + l->scores[k * l->cells + i * l->width + j];
            best[j] = here > best[j] ? here : best[j];
        }
}

/* The weights of the beads that end in a row; all in one go, since rows are short. */
ROW void weigh_row(const Lattice *l, const Sums *s, Py_ssize_t i)
{
    double *restrict row = s->row;
    for (Py_ssize_t k = 0; k < l->shapes; k++, row += l->width) {
        Py_ssize_t a = l->take_ja[k], b = l->take_en[k], at = i * l->width + b, blank = a <= i && b <= l->m ? b : l->width;
        for (Py_ssize_t j = 0; j < blank; j++) row[j] = LOWEST;
        if (blank == b)
            compare(row + b, s->best + (i - a) * l->width, l->scores + k * l->cells + at, s->best + at, l->m + 1 - b);
    }
    row = s->row;
    for (Py_ssize_t at = 0; at < l->shapes * l->width; at++) row[at] = quick_exp(row[at]);
    for (Py_ssize_t k = 0; k < l->shapes; k++)
        memcpy(s->weight + k * l->cells + i * l->width, row + k * l->width, (size_t)l->width * sizeof(double));
}

/* The sum of all paths to each place of a row; at least 1 wherever there is one. Returns the largest. */
ROW double sum_row(const Lattice *l, const Sums *s, Py_ssize_t i)
{
    double *sum = s->forward + i * l->width, largest = 0.0;
    for (Py_ssize_t j = 0; j <= l->m; j++) sum[j] = i || j ? 0.0 : 1.0;
    for (Py_ssize_t k = 0; k < l->shapes; k++) {
        Py_ssize_t a = l->take_ja[k], b = l->take_en[k];
        if (a && a <= i && b <= l->m)
            add_products(sum + b, s->forward + (i - a) * l->width, s->weight + k * l->cells + i * l->width + b, l->m + 1 - b);
    }
    for (Py_ssize_t j = 0; j <= l->m; j++) {
        for (Py_ssize_t q = 0; q < l->staying; q++) {
            Py_ssize_t k = l->stay[q], b = l->take_en[k];
            if (b <= j) sum[j] += sum[j - b] * s->weight[k * l->cells + i * l->width + j];
        }
        largest = sum[j] > largest ? sum[j] : largest;
    }
    return largest;
}

ROW void forward_pass(const Lattice *l, const Sums *s)
{
    for (Py_ssize_t i = 0; i <= l->n; i++) {
        best_of_row(l, s, i);
        weigh_row(l, s, i);
        if (sum_row(l, s, i) < FOLD_FROM) continue;
        /* So many paths that their number runs out of range: from here on all are relative to their sum. */
        for (Py_ssize_t at = i * l->width; at < (i + 1) * l->width; at++)
            if (s->forward[at] > 0.0) {
                s->best[at] += log(s->forward[at]);
                s->forward[at] = 1.0;
            }
        weigh_row(l, s, i);
    }
}

/* Sums of all paths from each place to the end, as shares of all paths. */
ROW void backward_pass(const Lattice *l, const Sums *s)
{
    for (Py_ssize_t i = l->n; i >= 0; i--) {
        double *sum = s->backward + i * l->width;
        for (Py_ssize_t j = 0; j <= l->m; j++) sum[j] = 0.0;
        if (i == l->n) sum[l->m] = 1.0 / s->forward[l->cells - 1];
        for (Py_ssize_t k = 0; k < l->shapes; k++) {
            Py_ssize_t a = l->take_ja[k], b = l->take_en[k], there = (i + a) * l->width + b;
            if (a && i + a <= l->n && b <= l->m)
                add_products(sum, s->backward + there, s->weight + k * l->cells + there, l->m + 1 - b);
        }
        for (Py_ssize_t j = l->m; j >= 0; j--) {
            for (Py_ssize_t q = 0; q < l->staying; q++) {
                Py_ssize_t k = l->stay[q], b = l->take_en[k];
                if (j + b <= l->m) sum[j] += sum[j + b] * s->weight[k * l->cells + i * l->width + j + b];
            }
            if (sum[j] < FLUSH_BELOW) sum[j] = 0.0;  /* numbers near the least one take very long */
        }
    }
}

/* Turn the weights of beads into their probabilities. */
ROW void judge_beads(const Lattice *l, const Sums *s)
{
    for (Py_ssize_t k = 0; k < l->shapes; k++) {
        Py_ssize_t a = l->take_ja[k], b = l->take_en[k], blank = b <= l->m ? b : l->width;
        for (Py_ssize_t i = 0; i <= l->n; i++) {
            double *restrict row = s->weight + k * l->cells + i * l->width;
            memset(row, 0, (size_t)(i < a ? l->width : blank) * sizeof(double));
            if (i >= a && b <= l->m)
                share_out(row + b, s->forward + (i - a) * l->width, s->backward + i * l->width + b, l->m + 1 - b);
        }
    }
}

/* The expected number of beads with nothing on one side. */
ROW double count_alone(const Lattice *l, const Sums *s)
{
    double sum = 0.0;
    for (Py_ssize_t k = 0; k < l->shapes; k++) {
        Py_ssize_t a = l->take_ja[k], b = l->take_en[k];
        if (a && b) continue;
        for (Py_ssize_t i = a; i <= l->n; i++) {
            const double *weight = s->weight + k * l->cells + i * l->width;
            const double *before = s->forward + (i - a) * l->width, *after = s->backward + i * l->width;
            for (Py_ssize_t j = b; j <= l->m; j++) sum += before[j - b] * weight[j] * after[j];
        }
    }
    return sum;
}

/* The log partition function; with `alone` that gets the expected number of one-sided beads, else the weights become
 * probabilities. */
WIDE static double forward_backward(const Lattice *l, const Sums *s, double *alone)
{
    forward_pass(l, s);
    if (s->best[l->cells - 1] <= NEVER) {
        if (alone) *alone = 0.0;
        else memset(s->weight, 0, (size_t)(l->shapes * l->cells) * sizeof(double));
        return LOWEST;
    }
    backward_pass(l, s);
    if (alone) *alone = count_alone(l, s);
    else judge_beads(l, s);
    return s->best[l->cells - 1] + log(s->forward[l->cells - 1]);
}

#endif
