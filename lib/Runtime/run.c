/*===- run.c - Checking and running an entry ----------------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "lib/Runtime/runtime_internal.h"

#include <string.h>

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

/* At the head of the workspace stand the placement and what stands for
   arguments for which a caller passes null. */
typedef struct workspace_head {
  int64_t table;
  int64_t bytes;
} workspace_head;

static perceiver_status measure_head(const perceiver_entry *entry,
                                     const int64_t *sizes,
                                     workspace_head *head) {
  head->table = 2 * (int64_t)sizeof(int64_t) * entry->buffer_count;
  perceiver_rt_align(head->table, &head->table);
  perceiver_status status = perceiver_rt_fill_bytes(
      entry, sizes, PERCEIVER_WORKSPACE_ALIGNMENT, &head->bytes);
  if (status == PERCEIVER_OK &&
      __builtin_add_overflow(head->bytes, head->table, &head->bytes))
    return perceiver_rt_fail(PERCEIVER_SIZE_OUT_OF_RANGE,
                             "the workspace of entry \"%s\" does not fit into "
                             "63 bits",
                             entry->name);
  return status;
}

static perceiver_status needed_bytes(const perceiver_entry *entry,
                                     const int64_t *sizes, int32_t workers,
                                     int64_t *bytes) {
  int64_t table[2 * PERCEIVER_RT_MAX_BUFFERS], total;
  workspace_head head;
  perceiver_status status =
      perceiver_rt_plan(entry, sizes, workers, table, &total);
  if (status == PERCEIVER_OK)
    status = measure_head(entry, sizes, &head);
  if (status != PERCEIVER_OK)
    return status;
  if (__builtin_add_overflow(total, head.bytes, bytes))
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
  const perceiver_entry *entry = perceiver_rt_find_entry(artifact, entry_index);
  if (!entry)
    return PERCEIVER_INVALID_ARGUMENT;
  int64_t needed = 0;
  perceiver_status status = perceiver_rt_check_sizes(entry, sizes);
  if (status == PERCEIVER_OK)
    status = needed_bytes(entry, sizes, workers, &needed);
  *bytes = (size_t)needed;
  return status;
}

/* Fill in the table at the head of the workspace. */
static perceiver_status plan_workspace(const perceiver_entry *entry,
                                       const int64_t *sizes, int32_t workers,
                                       void *workspace, size_t workspace_bytes,
                                       workspace_head *head) {
  int64_t given =
      workspace_bytes > INT64_MAX ? INT64_MAX : (int64_t)workspace_bytes;
  int64_t total = 0, needed = 0;
  perceiver_status status = measure_head(entry, sizes, head);
  if (status != PERCEIVER_OK)
    return status;
  if ((uintptr_t)workspace % PERCEIVER_WORKSPACE_ALIGNMENT)
    return perceiver_rt_fail(PERCEIVER_MISALIGNED,
                             "the workspace is not aligned to %d bytes",
                             PERCEIVER_WORKSPACE_ALIGNMENT);
  if (workspace && given >= head->bytes) {
    status = perceiver_rt_plan_within(entry, sizes, workers,
                                      &perceiver_rt_host_layout,
                                      given - head->bytes, workspace, &total);
    if (status != PERCEIVER_OK || total <= given - head->bytes)
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

/* The arguments with masks in the workspace's head in place of null. */
static void *const *fill_arguments(const perceiver_entry *entry,
                                   void *const *arguments, const int64_t *bytes,
                                   char *place,
                                   void *filled[PERCEIVER_RT_MAX_ARGUMENTS]) {
  bool any = false;
  for (int32_t i = 0; i < entry->argument_count; ++i)
    any |= entry->arguments[i].fill && !arguments[i] && bytes[i];
  if (!any)
    return arguments;
  memcpy(filled, arguments, (size_t)entry->argument_count * sizeof *filled);
  for (int32_t i = 0; i < entry->argument_count; ++i) {
    int32_t fill = entry->arguments[i].fill;
    if (!fill || arguments[i] || !bytes[i])
      continue;
    /* Bytes of 1 are no 0 in any type. */
    memset(place, fill == PERCEIVER_FILL_TRUE, (size_t)bytes[i]);
    filled[i] = place;
    int64_t used;
    perceiver_rt_align(bytes[i], &used);
    place += used;
  }
  return filled;
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
  const perceiver_entry *entry =
      perceiver_rt_find_entry(model->artifact, entry_index);
  if (!entry)
    return PERCEIVER_INVALID_ARGUMENT;
  perceiver_status status = check_pool(pool);
  if (status == PERCEIVER_OK)
    status = perceiver_rt_check_sizes(entry, sizes);
  int64_t bytes[PERCEIVER_RT_MAX_ARGUMENTS];
  if (status == PERCEIVER_OK)
    status = perceiver_rt_check_arguments(entry, sizes, arguments, workspace,
                                          workspace_bytes, bytes);
  workspace_head head;
  if (status == PERCEIVER_OK)
    status = perceiver_rt_check_bounds(entry, sizes, arguments);
  if (status == PERCEIVER_OK)
    status = plan_workspace(entry, sizes, pool->worker_count, workspace,
                            workspace_bytes, &head);
  if (status != PERCEIVER_OK)
    return status;
  void *filled[PERCEIVER_RT_MAX_ARGUMENTS];
  const perceiver_frame frame = {
      .size = sizeof(perceiver_frame),
      .pool = pool,
      .weights = (const char *)model->weights.address +
                 model->weights.header.data_offset,
      .workspace = (char *)workspace + head.bytes,
      .buffers = workspace,
      .arguments = fill_arguments(entry, arguments, bytes,
                                  (char *)workspace + head.table, filled),
      .sizes = sizes,
  };
  entry->body(&frame);
  return PERCEIVER_OK;
}
