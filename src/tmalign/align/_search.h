/* The search in the sorted 64-bit keys of a word table. */
#ifndef TMALIGN_SEARCH_H
#define TMALIGN_SEARCH_H
#include <Python.h>
#include <stdint.h>

/* Where a key stands among sorted ones, or -1. Keys are spread evenly, so the search begins where it should be. */
static inline int64_t place_of(const uint64_t *keys, Py_ssize_t count, uint64_t key)
{
    Py_ssize_t low = 0, high = count, step = 64;
    if (!count) return -1;
    Py_ssize_t at = (Py_ssize_t)((double)key / 18446744073709551616.0 * (double)count);
    if (at >= count) at = count - 1;
    if (keys[at] < key) {
        for (low = at; low + step < count && keys[low + step] < key; step *= 2) low += step;
        if (low + step < count) high = low + step + 1;
    } else {
        for (high = at + 1; high - 1 - step >= 0 && keys[high - 1 - step] >= key; step *= 2) high -= step;
        if (high - 1 - step >= 0) low = high - 1 - step;
    }
    while (low < high) {
        Py_ssize_t middle = low + (high - low) / 2;
        if (keys[middle] < key) low = middle + 1; else high = middle;
    }
    return low < count && keys[low] == key ? (int64_t)low : -1;
}

#endif
