/* What the kernels of the aligner share: memory for a call, and how loops over rows are compiled. */
#ifndef TMALIGN_ROOM_H
#define TMALIGN_ROOM_H
#include <Python.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Loops over rows gain from wider registers; where the loader can choose among versions, there is one for them. */
#if defined(__GNUC__) && !defined(__clang__) && defined(__x86_64__) && defined(__GLIBC__)
#define WIDE __attribute__((target_clones("avx2", "default")))
#define ROW static inline __attribute__((always_inline))
#else
#define WIDE
#define ROW static inline
#endif

/* Memory that is given back all at once. */
typedef struct Block { struct Block *before; size_t size; } Block;
typedef struct { Block *block; char *next; size_t left, least; int failed; } Room;

/* One block is kept for the next call, or its size where several were needed: to get memory from the
 * system and give it back takes as long as a third of the work. Only who holds the interpreter may enter and leave. */
#define MOST_KEPT ((size_t)4 << 20)
#define HEAD 32
static Block *spare_block;
static size_t spare_size = (size_t)1 << 18;

static inline void add_block(Room *room, Block *block)
{
    block->before = room->block;
    room->block = block;
    room->next = (char *)block + HEAD;
    room->left = block->size;
}

static inline void enter(Room *room)
{
    *room = (Room){ .least = spare_size };
    if (spare_block) add_block(room, spare_block);
    spare_block = NULL;
}

static inline void *take(Room *room, Py_ssize_t count, size_t size)
{
    size_t wanted = (size_t)count * size;
    if ((size_t)count > (size_t)PY_SSIZE_T_MAX / 2 / size) { room->failed = 1; return NULL; }
    wanted = (wanted + 31) & ~(size_t)31;
    if (wanted > room->left) {
        size_t fresh = wanted > room->least ? wanted : room->least;
        Block *block = malloc(HEAD + fresh);
        if (!block) { room->failed = 1; return NULL; }
        block->size = fresh;
        add_block(room, block);
    }
    void *taken = room->next;
    room->next += wanted;
    room->left -= wanted;
    return taken;
}

static inline void *take_blank(Room *room, Py_ssize_t count, size_t size)
{
    void *taken = take(room, count, size);
    return taken ? memset(taken, 0, (size_t)count * size) : NULL;
}

static inline void leave(Room *room)
{
    size_t total = 0;
    if (room->block && !room->block->before && !spare_block && room->block->size <= MOST_KEPT) {
        spare_block = room->block;
        return;
    }
    while (room->block) {
        Block *block = room->block;
        room->block = block->before;
        total += block->size;
        free(block);
    }
    if (total > spare_size) spare_size = total < MOST_KEPT ? total : MOST_KEPT;
}

#endif
