/*===- arguments.c - Checking what a caller passes ----------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "lib/Runtime/runtime_internal.h"

const perceiver_entry *
perceiver_rt_find_entry(const perceiver_artifact *artifact,
                        int32_t entry_index) {
  if (entry_index >= 0 && entry_index < artifact->entry_count)
    return &artifact->entries[entry_index];
  perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT, "model \"%s\" has no entry %d",
                    artifact->model_name, entry_index);
  return NULL;
}

int64_t perceiver_rt_dimension(const perceiver_entry *entry, int64_t dimension,
                               const int64_t *sizes) {
  if (dimension >= 0)
    return dimension;
  int64_t symbol = -1 - dimension;
  if (symbol < entry->symbol_count)
    return sizes[symbol];
  const perceiver_derived_size *derived =
      &entry->derived[symbol - entry->symbol_count];
  perceiver_size_value value = {.integer = 0};
  int32_t position;
  perceiver_size_evaluate(derived->value, derived->value_length, sizes,
                          entry->symbol_count, &value, &position);
  return value.integer;
}

/* 0: no such type. */
static int64_t element_bytes(int32_t dtype) {
  switch (dtype) {
  case PERCEIVER_I8:
  case PERCEIVER_U8:
  case PERCEIVER_BOOL:
    return 1;
  case PERCEIVER_F16:
  case PERCEIVER_BF16:
  case PERCEIVER_I16:
    return 2;
  case PERCEIVER_F32:
  case PERCEIVER_I32:
    return 4;
  case PERCEIVER_F64:
  case PERCEIVER_I64:
    return 8;
  default:
    return 0;
  }
}

/* False if they do not fit into 63 bits. */
static bool argument_bytes(const perceiver_entry *entry,
                           const perceiver_argument *argument,
                           const int64_t *sizes, int64_t *bytes) {
  bool overflow = false, empty = false;
  *bytes = element_bytes(argument->dtype);
  for (int32_t i = 0; i < argument->rank; ++i) {
    int64_t dim = perceiver_rt_dimension(entry, argument->dims[i], sizes);
    empty |= dim == 0;
    overflow |= __builtin_mul_overflow(*bytes, dim, bytes);
  }
  if (empty)
    *bytes = 0;
  return empty || !overflow;
}

perceiver_status perceiver_rt_fill_bytes(const perceiver_entry *entry,
                                         const int64_t *sizes,
                                         int64_t alignment, int64_t *total) {
  *total = 0;
  for (int32_t i = 0; i < entry->argument_count; ++i) {
    const perceiver_argument *argument = &entry->arguments[i];
    int64_t bytes;
    if (!argument->fill)
      continue;
    if (!argument_bytes(entry, argument, sizes, &bytes) ||
        __builtin_add_overflow(bytes, alignment - 1, &bytes) ||
        __builtin_add_overflow(*total, bytes - bytes % alignment, total))
      return perceiver_rt_fail(PERCEIVER_SIZE_OUT_OF_RANGE,
                               "entry \"%s\": the size of %s does not fit into "
                               "63 bits",
                               entry->name, argument->name);
  }
  return PERCEIVER_OK;
}

static bool overlap(const void *a, uint64_t a_bytes, const void *b,
                    uint64_t b_bytes) {
  uintptr_t a_begin = (uintptr_t)a, b_begin = (uintptr_t)b;
  /* As distances: ends may lie beyond all addresses. */
  return a_bytes && b_bytes &&
         (a_begin < b_begin ? b_begin - a_begin < a_bytes
                            : a_begin - b_begin < b_bytes);
}

perceiver_status
perceiver_rt_check_arguments(const perceiver_entry *entry, const int64_t *sizes,
                             void *const *arguments, const void *workspace,
                             size_t workspace_bytes,
                             int64_t bytes[PERCEIVER_RT_MAX_ARGUMENTS]) {
  if (entry->argument_count && !arguments)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "entry \"%s\": the arguments are null",
                             entry->name);
  for (int32_t i = 0; i < entry->argument_count; ++i) {
    const perceiver_argument *argument = &entry->arguments[i];
    int64_t element = element_bytes(argument->dtype);
    if (!argument_bytes(entry, argument, sizes, &bytes[i]))
      return perceiver_rt_fail(PERCEIVER_SIZE_OUT_OF_RANGE,
                               "entry \"%s\": the size of %s does not fit into "
                               "63 bits",
                               entry->name, argument->name);
    if (!element)
      return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                               "entry \"%s\": %s has an unknown element type",
                               entry->name, argument->name);
    if (!arguments[i] && bytes[i] && !argument->fill)
      return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                               "entry \"%s\": %s is null", entry->name,
                               argument->name);
    if ((uintptr_t)arguments[i] % (uintptr_t)element)
      return perceiver_rt_fail(PERCEIVER_MISALIGNED,
                               "entry \"%s\": %s is not aligned to %lld bytes",
                               entry->name, argument->name, (long long)element);
    if (!arguments[i])
      continue;
    if (overlap(arguments[i], (uint64_t)bytes[i], workspace, workspace_bytes))
      return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                               "entry \"%s\": %s overlaps the workspace",
                               entry->name, argument->name);
    for (int32_t j = 0; j < i; ++j) {
      const perceiver_argument *other = &entry->arguments[j];
      if ((argument->is_output || other->is_output) && arguments[j] &&
          overlap(arguments[i], (uint64_t)bytes[i], arguments[j],
                  (uint64_t)bytes[j]))
        return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                                 "entry \"%s\": %s overlaps %s", entry->name,
                                 argument->name, other->name);
    }
  }
  return PERCEIVER_OK;
}
