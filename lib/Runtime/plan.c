/*===- plan.c - Placing the buffers of an entry -------------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* Buffers are intervals in time (positions) and have to become intervals in
   memory, disjoint wherever they share a position. Whatever the placement, it
   needs at least the largest sum of buffers live at one position; finding the
   best one is NP-hard. Placing them one by one into the tightest hole between
   those already placed comes close, given a good order. So: try three orders,
   keep the best result, stop when it is near the lower bound. If none is, the
   buffer that ends last in memory goes first in the next attempt, and so on.

   All scratch is on the stack: 80 KB for PERCEIVER_RT_MAX_BUFFERS.

   Test: test/Unit/RuntimePlanTest.cpp. */

#include "lib/Runtime/runtime_internal.h"

#include <string.h>

typedef struct plan_buffer {
  int64_t bytes;
  int64_t offset;
  int32_t first;
  int32_t last;
} plan_buffer;

typedef struct plan_search {
  plan_buffer buffers[PERCEIVER_RT_MAX_BUFFERS];
  int32_t count;
  /* The order to try next, and what it is sorted by. */
  uint16_t order[PERCEIVER_RT_MAX_BUFFERS];
  double key[PERCEIVER_RT_MAX_BUFFERS];
  /* The best placement so far, and the buffer that ends last in it. */
  int64_t best_total;
  uint16_t best_order[PERCEIVER_RT_MAX_BUFFERS];
  int64_t best_offset[PERCEIVER_RT_MAX_BUFFERS];
  uint16_t best_culprit;
} plan_search;

/* Sort by descending key; equal keys stay in the order of the buffers. */
static void sort_order(plan_search *search) {
  static const int32_t gaps[] = {701, 301, 132, 57, 23, 10, 4, 1};
  for (int32_t i = 0; i < search->count; ++i)
    search->order[i] = (uint16_t)i;
  for (size_t g = 0; g < sizeof gaps / sizeof *gaps; ++g) {
    int32_t gap = gaps[g];
    for (int32_t i = gap; i < search->count; ++i) {
      uint16_t moved = search->order[i];
      double key = search->key[moved];
      int32_t j = i;
      for (; j >= gap; j -= gap) {
        uint16_t other = search->order[j - gap];
        if (search->key[other] > key ||
            (search->key[other] == key && other < moved))
          break;
        search->order[j] = other;
      }
      search->order[j] = moved;
    }
  }
}

/* What to place first: large buffers, large and long-lived ones, long-lived
   ones. */
enum { ORDER_BY_SIZE, ORDER_BY_AREA, ORDER_BY_LENGTH, ORDER_COUNT };

static void make_order(plan_search *search, int kind) {
  for (int32_t i = 0; i < search->count; ++i) {
    const plan_buffer *buffer = &search->buffers[i];
    double bytes = (double)buffer->bytes;
    double length = (double)buffer->last - buffer->first + 1;
    search->key[i] = kind == ORDER_BY_SIZE   ? bytes
                     : kind == ORDER_BY_AREA ? bytes * length
                                             : length;
  }
  sort_order(search);
}

static void move_to_front(plan_search *search, uint16_t buffer) {
  size_t at = 0;
  while (search->order[at] != buffer)
    ++at;
  memmove(search->order + 1, search->order, at * sizeof *search->order);
  search->order[0] = buffer;
}

/* The lowest offset of the tightest hole for `bytes` bytes between the given
   buffers, which are sorted by offset; behind all of them if there is none. */
static int64_t find_hole(const plan_buffer *const *placed, int32_t count,
                         int64_t bytes) {
  int64_t best = -1, least_waste = INT64_MAX, free_from = 0;
  for (int32_t i = 0; i < count; ++i) {
    int64_t waste = placed[i]->offset - free_from - bytes;
    if (waste >= 0 && waste < least_waste) {
      best = free_from;
      least_waste = waste;
    }
    int64_t end = placed[i]->offset + placed[i]->bytes;
    if (end > free_from)
      free_from = end;
  }
  return best < 0 ? free_from : best;
}

/* Place all buffers in the given order, each into the tightest hole. Gives up
   when that is no better than the best placement so far. Returns the buffer
   that ends last. */
static uint16_t try_order(plan_search *search) {
  plan_buffer placed[PERCEIVER_RT_MAX_BUFFERS]; /* by offset */
  const plan_buffer *neighbours[PERCEIVER_RT_MAX_BUFFERS];
  int64_t total = 0;
  uint16_t culprit = search->order[0];
  for (int32_t k = 0; k < search->count; ++k) {
    plan_buffer buffer = search->buffers[search->order[k]];
    int32_t neighbour_count = 0;
    for (int32_t i = 0; i < k; ++i) {
      /* Without a branch, which nobody could predict. */
      neighbours[neighbour_count] = &placed[i];
      neighbour_count +=
          (placed[i].first <= buffer.last) & (buffer.first <= placed[i].last);
    }
    buffer.offset = find_hole(neighbours, neighbour_count, buffer.bytes);
    if (buffer.offset + buffer.bytes > total) {
      total = buffer.offset + buffer.bytes;
      culprit = search->order[k];
      if (total >= search->best_total)
        return culprit;
    }
    search->buffers[search->order[k]].offset = buffer.offset;
    int32_t at = k;
    for (; at > 0 && placed[at - 1].offset > buffer.offset; --at)
      placed[at] = placed[at - 1];
    placed[at] = buffer;
  }
  search->best_total = total;
  search->best_culprit = culprit;
  for (int32_t i = 0; i < search->count; ++i) {
    search->best_order[i] = search->order[i];
    search->best_offset[i] = search->buffers[i].offset;
  }
  return culprit;
}

/* The largest sum of buffers live at one position. */
static int64_t lower_bound(plan_search *search) {
  /* Buffers by their ends, the first one last, then by their beginnings. */
  uint16_t ends[PERCEIVER_RT_MAX_BUFFERS];
  for (int32_t i = 0; i < search->count; ++i)
    search->key[i] = search->buffers[i].last;
  sort_order(search);
  memcpy(ends, search->order, (size_t)search->count * sizeof *ends);
  for (int32_t i = 0; i < search->count; ++i)
    search->key[i] = search->buffers[i].first;
  sort_order(search);
  int64_t live = 0, largest = 0;
  int32_t ended = search->count - 1;
  for (int32_t i = search->count - 1; i >= 0; --i) {
    const plan_buffer *buffer = &search->buffers[search->order[i]];
    live += buffer->bytes;
    while (search->buffers[ends[ended]].last < buffer->first)
      live -= search->buffers[ends[ended--]].bytes;
    if (live > largest)
      largest = live;
  }
  return largest;
}

/* How many more attempts a placement is worth: none within 1/64 of the bound,
   many beyond 1/16, fewer if they take long. */
static int32_t attempts_left(const plan_search *search, int64_t bound) {
  int64_t excess = search->best_total - bound;
  if (excess <= bound / 64)
    return 0;
  return (excess <= bound / 16 ? 160 : 1280) / search->count;
}

static void place_all(plan_search *search) {
  int64_t bound = lower_bound(search);
  search->best_total = INT64_MAX;
  for (int kind = 0; kind < ORDER_COUNT; ++kind) {
    make_order(search, kind);
    try_order(search);
    if (search->best_total - bound <= bound / 64)
      return;
  }
  memcpy(search->order, search->best_order,
         (size_t)search->count * sizeof *search->order);
  uint16_t culprit = search->best_culprit;
  for (int32_t done = 0; done < attempts_left(search, bound); ++done) {
    move_to_front(search, culprit);
    culprit = try_order(search);
  }
}

const perceiver_layout perceiver_rt_host_layout = {
    .alignment = PERCEIVER_WORKSPACE_ALIGNMENT};

/* A buffer's bytes with its gap; false if they do not fit into 63 bits. */
static bool round_up(int64_t bytes, int64_t gap, int64_t alignment,
                     int64_t *rounded) {
  if (__builtin_add_overflow(bytes, gap + alignment - 1, rounded))
    return false;
  *rounded -= *rounded % alignment;
  return true;
}

perceiver_status perceiver_rt_plan_layout(const perceiver_entry *entry,
                                          const int64_t *sizes, int32_t workers,
                                          const perceiver_layout *layout,
                                          int64_t *offsets_and_strides,
                                          int64_t *total) {
  plan_search search;
  search.count = entry->buffer_count;
  *total = 0;
  if (workers < 1 || workers > PERCEIVER_RT_MAX_WORKERS)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "a pool has %d workers, but must have 1 to %d",
                             workers, PERCEIVER_RT_MAX_WORKERS);
  if (search.count < 0 || search.count > PERCEIVER_RT_MAX_BUFFERS)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "entry \"%s\" has %d buffers, but %d are possible",
                             entry->name, search.count,
                             PERCEIVER_RT_MAX_BUFFERS);
  /* As long as the sum of all buffers fits, so does every offset. */
  int64_t sum = 0;
  for (int32_t i = 0; i < search.count; ++i) {
    const perceiver_buffer *buffer = &entry->buffers[i];
    int64_t bytes = 0;
    perceiver_status status = perceiver_rt_evaluate(
        buffer->size, buffer->size_length, sizes, entry->symbol_count, &bytes);
    if (status == PERCEIVER_INVALID_ARGUMENT)
      return status;
    if (buffer->first > buffer->last)
      return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                               "entry \"%s\": buffer %d is never live",
                               entry->name, i);
    int64_t all = 0;
    if (status != PERCEIVER_OK ||
        !round_up(bytes, layout->gap, layout->alignment, &bytes) ||
        __builtin_mul_overflow(bytes, buffer->per_worker ? workers : 1, &all) ||
        __builtin_add_overflow(sum, all, &sum))
      return perceiver_rt_fail(
          PERCEIVER_SIZE_OUT_OF_RANGE,
          "the memory that entry \"%s\" needs for these sizes and %d workers "
          "does not fit into 63 bits",
          entry->name, workers);
    offsets_and_strides[2 * i + 1] = buffer->per_worker ? bytes : 0;
    search.buffers[i] =
        (plan_buffer){.bytes = all,
                      .first = layout->is_separate ? 0 : buffer->first,
                      .last = layout->is_separate ? 0 : buffer->last};
  }
  if (!search.count)
    return PERCEIVER_OK;
  place_all(&search);
  for (int32_t i = 0; i < search.count; ++i)
    offsets_and_strides[2 * i] = search.best_offset[i];
  *total = search.best_total;
  return PERCEIVER_OK;
}

perceiver_status perceiver_rt_plan(const perceiver_entry *entry,
                                   const int64_t *sizes, int32_t workers,
                                   int64_t *offsets_and_strides,
                                   int64_t *total) {
  return perceiver_rt_plan_layout(entry, sizes, workers,
                                  &perceiver_rt_host_layout,
                                  offsets_and_strides, total);
}

/* The table that was made for `sizes` may, in rare cases, need more than the
   one for larger sizes. Replace it by that for the largest sizes if this fits
   into `available` bytes and has room for every buffer. */
static bool plan_for_maximum(const perceiver_entry *entry, const int64_t *sizes,
                             int32_t workers, const perceiver_layout *layout,
                             int64_t available, int64_t *table,
                             int64_t *total) {
  int64_t maximum[PERCEIVER_RT_MAX_SYMBOLS];
  for (int32_t i = 0; i < entry->symbol_count; ++i)
    maximum[i] = entry->symbols[i].maximum;
  for (int32_t i = 0; i < entry->buffer_count; ++i) {
    const perceiver_buffer *buffer = &entry->buffers[i];
    int64_t now, most;
    if (perceiver_rt_evaluate(buffer->size, buffer->size_length, sizes,
                              entry->symbol_count, &now) != PERCEIVER_OK ||
        perceiver_rt_evaluate(buffer->size, buffer->size_length, maximum,
                              entry->symbol_count, &most) != PERCEIVER_OK ||
        now > most)
      return false;
  }
  return perceiver_rt_plan_layout(entry, maximum, workers, layout, table,
                                  total) == PERCEIVER_OK &&
         *total <= available;
}

perceiver_status perceiver_rt_plan_within(const perceiver_entry *entry,
                                          const int64_t *sizes, int32_t workers,
                                          const perceiver_layout *layout,
                                          int64_t available, int64_t *table,
                                          int64_t *total) {
  int64_t largest;
  perceiver_status status =
      perceiver_rt_plan_layout(entry, sizes, workers, layout, table, total);
  if (status == PERCEIVER_OK && *total > available &&
      plan_for_maximum(entry, sizes, workers, layout, available, table,
                       &largest))
    *total = largest;
  return status;
}
