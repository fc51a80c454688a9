/*===- bounds.c - Integers that have to lie within bounds ---------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* Kernels read tables by these integers. They stay within the tables whatever
   is passed, but what they compute then means nothing.

   Test: test/Unit/RuntimeBoundsTest.cpp. */

#include "lib/Runtime/runtime_internal.h"

#include <stdio.h>

int64_t perceiver_rt_find_outside(int32_t dtype, const void *data,
                                  int64_t count, const int64_t bounds[2],
                                  int64_t *value) {
  int64_t low = bounds[0], high = bounds[1];
#define FIND(type)                                                             \
  for (int64_t i = 0; i < count; ++i) {                                        \
    *value = ((const type *)data)[i];                                          \
    if (*value < low || *value >= high)                                        \
      return i;                                                                \
  }                                                                            \
  return -1
  switch (dtype) {
  case PERCEIVER_I64:
    FIND(int64_t);
  case PERCEIVER_I32:
    FIND(int32_t);
  case PERCEIVER_I16:
    FIND(int16_t);
  case PERCEIVER_I8:
    FIND(int8_t);
  case PERCEIVER_U8:
    FIND(uint8_t);
  default:
    return -1;
  }
#undef FIND
}

/* "1, 5": where element number `index` is. */
static void name_place(const perceiver_entry *entry,
                       const perceiver_argument *argument, const int64_t *sizes,
                       int64_t index, char *text, size_t capacity) {
  size_t used = 0;
  int64_t inner = 1;
  text[0] = 0;
  for (int32_t i = 0; i < argument->rank; ++i)
    inner *= perceiver_rt_dimension(entry, argument->dims[i], sizes);
  for (int32_t i = 0; i < argument->rank && used < capacity; ++i) {
    inner /= perceiver_rt_dimension(entry, argument->dims[i], sizes);
    int more = snprintf(text + used, capacity - used, "%s%lld", i ? ", " : "",
                        (long long)(index / inner));
    used += more > 0 ? (size_t)more : 0;
    index %= inner;
  }
}

perceiver_status perceiver_rt_check_bounds(const perceiver_entry *entry,
                                           const int64_t *sizes,
                                           void *const *arguments) {
  for (int32_t i = 0; i < entry->argument_count; ++i) {
    const perceiver_argument *argument = &entry->arguments[i];
    if (!argument->bounds || !arguments[i])
      continue;
    int64_t count = 1, value;
    for (int32_t d = 0; d < argument->rank; ++d)
      count *= perceiver_rt_dimension(entry, argument->dims[d], sizes);
    int64_t index = perceiver_rt_find_outside(argument->dtype, arguments[i],
                                              count, argument->bounds, &value);
    if (index < 0)
      continue;
    char place[128];
    name_place(entry, argument, sizes, index, place, sizeof place);
    return perceiver_rt_fail(
        PERCEIVER_INVALID_ARGUMENT,
        "entry \"%s\": %s[%s] is %lld, but must be from %lld to %lld",
        entry->name, argument->name, place, (long long)value,
        (long long)argument->bounds[0], (long long)argument->bounds[1] - 1);
  }
  return PERCEIVER_OK;
}
