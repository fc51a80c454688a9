/*===- run.c - Checking and running an entry ----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "lib/Runtime/runtime_internal.h"

/* Null, with an error text, if there is no such entry. */
static const perceiver_entry *find_entry(const perceiver_artifact *artifact,
                                         int32_t entry_index) {
  if (entry_index >= 0 && entry_index < artifact->entry_count)
    return &artifact->entries[entry_index];
  perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT, "model \"%s\" has no entry %d",
                    artifact->model_name, entry_index);
  return NULL;
}

static perceiver_status check_sizes(const perceiver_entry *entry,
                                    const int64_t *sizes) {
  if (entry->symbol_count && !sizes)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "entry \"%s\": the sizes are null", entry->name);
  for (int32_t i = 0; i < entry->symbol_count; ++i) {
    const perceiver_symbol *symbol = &entry->symbols[i];
    if (sizes[i] >= symbol->minimum && sizes[i] <= symbol->maximum)
      continue;
    if (symbol->maximum == INT64_MAX)
      return perceiver_rt_fail(PERCEIVER_SIZE_OUT_OF_RANGE,
                               "entry \"%s\": %s is %lld, but must be at least "
                               "%lld",
                               entry->name, symbol->name, (long long)sizes[i],
                               (long long)symbol->minimum);
    return perceiver_rt_fail(
        PERCEIVER_SIZE_OUT_OF_RANGE,
        "entry \"%s\": %s is %lld, but must be between %lld and %lld",
        entry->name, symbol->name, (long long)sizes[i],
        (long long)symbol->minimum, (long long)symbol->maximum);
  }
  return PERCEIVER_OK;
}

static perceiver_status check_pool(const perceiver_pool *pool) {
  if (pool->version != PERCEIVER_ABI_VERSION)
    return perceiver_rt_fail(
        PERCEIVER_VERSION_MISMATCH,
        "the pool has version %u of the binary interface, but this model has "
        "version %d",
        pool->version, PERCEIVER_ABI_VERSION);
  if (!pool->run_tasks)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "the pool's run_tasks is null");
  return PERCEIVER_OK; /* perceiver_rt_plan checks the number of workers. */
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

/* Bytes of a dense argument; false if they do not fit into 63 bits. */
static bool argument_bytes(const perceiver_argument *argument,
                           const int64_t *sizes, int64_t *bytes) {
  bool overflow = false, empty = false;
  *bytes = element_bytes(argument->dtype);
  for (int32_t i = 0; i < argument->rank; ++i) {
    int64_t dim = argument->dims[i];
    if (dim < 0)
      dim = sizes[-1 - dim];
    empty |= dim == 0;
    overflow |= __builtin_mul_overflow(*bytes, dim, bytes);
  }
  if (empty)
    *bytes = 0;
  return empty || !overflow;
}

static bool overlap(const void *a, uint64_t a_bytes, const void *b,
                    uint64_t b_bytes) {
  uintptr_t a_begin = (uintptr_t)a, b_begin = (uintptr_t)b;
  /* As distances: ends may lie beyond all addresses. */
  return a_bytes && b_bytes &&
         (a_begin < b_begin ? b_begin - a_begin < a_bytes
                            : a_begin - b_begin < b_bytes);
}

static perceiver_status check_arguments(const perceiver_entry *entry,
                                        const int64_t *sizes,
                                        void *const *arguments,
                                        const void *workspace,
                                        size_t workspace_bytes) {
  if (entry->argument_count && !arguments)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "entry \"%s\": the arguments are null",
                             entry->name);
  int64_t bytes[PERCEIVER_RT_MAX_ARGUMENTS];
  for (int32_t i = 0; i < entry->argument_count; ++i) {
    const perceiver_argument *argument = &entry->arguments[i];
    int64_t element = element_bytes(argument->dtype);
    if (!argument_bytes(argument, sizes, &bytes[i]))
      return perceiver_rt_fail(PERCEIVER_SIZE_OUT_OF_RANGE,
                               "entry \"%s\": the size of %s does not fit into "
                               "63 bits",
                               entry->name, argument->name);
    if (!element)
      return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                               "entry \"%s\": %s has an unknown element type",
                               entry->name, argument->name);
    if (!arguments[i] && bytes[i])
      return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                               "entry \"%s\": %s is null", entry->name,
                               argument->name);
    if ((uintptr_t)arguments[i] % (uintptr_t)element)
      return perceiver_rt_fail(PERCEIVER_MISALIGNED,
                               "entry \"%s\": %s is not aligned to %lld bytes",
                               entry->name, argument->name, (long long)element);
    if (overlap(arguments[i], (uint64_t)bytes[i], workspace, workspace_bytes))
      return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                               "entry \"%s\": %s overlaps the workspace",
                               entry->name, argument->name);
    for (int32_t j = 0; j < i; ++j) {
      const perceiver_argument *other = &entry->arguments[j];
      if ((argument->is_output || other->is_output) &&
          overlap(arguments[i], (uint64_t)bytes[i], arguments[j],
                  (uint64_t)bytes[j]))
        return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                                 "entry \"%s\": %s overlaps %s", entry->name,
                                 argument->name, other->name);
    }
  }
  return PERCEIVER_OK;
}

/* The placement stands at the head of the workspace. */
static int64_t table_bytes(const perceiver_entry *entry) {
  int64_t bytes = 2 * (int64_t)sizeof(int64_t) * entry->buffer_count;
  perceiver_rt_align(bytes, &bytes);
  return bytes;
}

static perceiver_status needed_bytes(const perceiver_entry *entry,
                                     const int64_t *sizes, int32_t workers,
                                     int64_t *bytes) {
  int64_t table[2 * PERCEIVER_RT_MAX_BUFFERS], total;
  perceiver_status status =
      perceiver_rt_plan(entry, sizes, workers, table, &total);
  if (status != PERCEIVER_OK)
    return status;
  if (__builtin_add_overflow(total, table_bytes(entry), bytes))
    return perceiver_rt_fail(PERCEIVER_SIZE_OUT_OF_RANGE,
                             "the workspace of entry \"%s\" does not fit into "
                             "63 bits",
                             entry->name);
  return PERCEIVER_OK;
}

perceiver_status perceiver_rt_workspace_size(const perceiver_artifact *artifact,
                                             int32_t entry_index,
                                             const int64_t *sizes,
                                             int32_t workers, size_t *bytes) {
  if (!bytes)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "the place for the workspace's size is null");
  const perceiver_entry *entry = find_entry(artifact, entry_index);
  if (!entry)
    return PERCEIVER_INVALID_ARGUMENT;
  int64_t needed = 0;
  perceiver_status status = check_sizes(entry, sizes);
  if (status == PERCEIVER_OK)
    status = needed_bytes(entry, sizes, workers, &needed);
  *bytes = (size_t)needed;
  return status;
}

/* The table that was made for `sizes` may, in rare cases, need more than the
   one for larger sizes. Replace it by that for the largest sizes if this fits
   into `available` bytes and has room for every buffer. */
static bool plan_for_maximum(const perceiver_entry *entry, const int64_t *sizes,
                             int32_t workers, int64_t *table,
                             int64_t available) {
  int64_t maximum[PERCEIVER_RT_MAX_SYMBOLS], total;
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
  return perceiver_rt_plan(entry, maximum, workers, table, &total) ==
             PERCEIVER_OK &&
         total <= available;
}

/* Fill in the table at the head of the workspace. */
static perceiver_status plan_workspace(const perceiver_entry *entry,
                                       const int64_t *sizes, int32_t workers,
                                       void *workspace,
                                       size_t workspace_bytes) {
  int64_t table = table_bytes(entry);
  int64_t given =
      workspace_bytes > INT64_MAX ? INT64_MAX : (int64_t)workspace_bytes;
  int64_t total = 0, needed = 0;
  perceiver_status status;
  if ((uintptr_t)workspace % PERCEIVER_WORKSPACE_ALIGNMENT)
    return perceiver_rt_fail(PERCEIVER_MISALIGNED,
                             "the workspace is not aligned to %d bytes",
                             PERCEIVER_WORKSPACE_ALIGNMENT);
  if (workspace && given >= table) {
    status = perceiver_rt_plan(entry, sizes, workers, workspace, &total);
    if (status != PERCEIVER_OK || total <= given - table ||
        plan_for_maximum(entry, sizes, workers, workspace, given - table))
      return status;
  }
  status = needed_bytes(entry, sizes, workers, &needed);
  if (status != PERCEIVER_OK || !needed)
    return status;
  if (!workspace)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "entry \"%s\": the workspace is null",
                             entry->name);
  return perceiver_rt_fail(
      PERCEIVER_WORKSPACE_TOO_SMALL,
      "entry \"%s\" needs a workspace of %lld bytes for these sizes and %d "
      "workers, but got %lld",
      entry->name, (long long)needed, workers, (long long)given);
}

/* The pool of those who bring none. */
static void run_inline(void *state, int64_t task_count, perceiver_task task,
                       void *context) {
  (void)state;
  for (int64_t i = 0; i < task_count; ++i)
    task(context, i, 0);
}

static const perceiver_pool inline_pool = {
    .version = PERCEIVER_ABI_VERSION,
    .worker_count = 1,
    .run_tasks = run_inline,
};

perceiver_status perceiver_rt_run(const perceiver_model *model,
                                  int32_t entry_index, const int64_t *sizes,
                                  void *const *arguments, void *workspace,
                                  size_t workspace_bytes,
                                  const perceiver_pool *pool) {
  if (!model)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT, "the model is null");
  if (!pool)
    pool = &inline_pool;
  const perceiver_entry *entry = find_entry(model->artifact, entry_index);
  if (!entry)
    return PERCEIVER_INVALID_ARGUMENT;
  perceiver_status status = check_pool(pool);
  if (status == PERCEIVER_OK)
    status = check_sizes(entry, sizes);
  if (status == PERCEIVER_OK)
    status =
        check_arguments(entry, sizes, arguments, workspace, workspace_bytes);
  if (status == PERCEIVER_OK)
    status = plan_workspace(entry, sizes, pool->worker_count, workspace,
                            workspace_bytes);
  if (status != PERCEIVER_OK)
    return status;
  const perceiver_frame frame = {
      .size = sizeof(perceiver_frame),
      .pool = pool,
      .weights = (const char *)model->weights.address +
                 model->weights.header.data_offset,
      .workspace = (char *)workspace + table_bytes(entry),
      .buffers = workspace,
      .arguments = arguments,
      .sizes = sizes,
  };
  entry->body(&frame);
  return PERCEIVER_OK;
}
