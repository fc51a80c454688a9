/*===- cuda_run.c - Running an entry on a CUDA device -------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* Tables of buffers stand on the stack, for the host cannot write a workspace.

   Tests: test/Unit/RuntimeCudaRunTest.cpp,
   test/Unit/RuntimeCudaFaultsTest.cpp. */

#include "lib/Runtime/cuda_bounds.h"
#include "lib/Runtime/cuda_launch.h"

/* Behind each buffer, where an emulated device tells accesses beyond its end
   from those to another one. */
#define GAP_BYTES 256

/* Without a model: as models are when they are loaded without options. */
static perceiver_layout layout_of(const perceiver_cuda_model *model) {
  perceiver_layout layout = {.alignment = PERCEIVER_CUDA_WORKSPACE_ALIGNMENT};
  if (model && model->driver.annotate)
    layout.gap = GAP_BYTES;
  if (model && model->flags & PERCEIVER_CUDA_SEPARATE_BUFFERS)
    layout.is_separate = true;
  return layout;
}

/* Bytes at the head of a caller's workspace: masks that stand for arguments,
   and what the check of bounds needs. */
static perceiver_status head_bytes(const perceiver_entry *entry,
                                   const int64_t *sizes, int64_t *bytes) {
  perceiver_status status = perceiver_rt_fill_bytes(
      entry, sizes, PERCEIVER_CUDA_WORKSPACE_ALIGNMENT, bytes);
  if (status == PERCEIVER_OK && perceiver_rt_cuda_has_bounds(entry) &&
      __builtin_add_overflow(*bytes, PERCEIVER_CUDA_BOUNDS_BYTES, bytes))
    return perceiver_rt_fail(PERCEIVER_SIZE_OUT_OF_RANGE,
                             "the workspace of entry \"%s\" does not fit into "
                             "63 bits",
                             entry->name);
  return status;
}

perceiver_status perceiver_rt_workspace_size_cuda(
    const perceiver_artifact *artifact, const perceiver_model *model,
    int32_t entry_index, const int64_t *sizes, int32_t workers, size_t *bytes) {
  (void)workers;
  if (!bytes)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "the place for the workspace's size is null");
  const perceiver_entry *entry = perceiver_rt_find_entry(artifact, entry_index);
  if (!entry)
    return PERCEIVER_INVALID_ARGUMENT;
  int64_t table[2 * PERCEIVER_RT_MAX_BUFFERS], total = 0, head = 0;
  perceiver_layout layout = layout_of(perceiver_rt_as_cuda(model));
  perceiver_status status = perceiver_rt_check_sizes(entry, sizes);
  if (status == PERCEIVER_OK)
    status = perceiver_rt_plan_layout(entry, sizes, /*workers=*/1, &layout,
                                      table, &total);
  if (status == PERCEIVER_OK)
    status = head_bytes(entry, sizes, &head);
  *bytes = (size_t)total + (size_t)head;
  return status;
}

/* Whether the caller left out an argument for which a mask stands. */
static bool is_left_out(const perceiver_entry *entry, int32_t number,
                        void *const *arguments, const int64_t *bytes) {
  return entry->arguments[number].fill && !arguments[number] && bytes[number];
}

/* Put the mask that stands for an argument into memory of the device. */
static perceiver_status fill_argument(perceiver_cuda_model *model,
                                      const perceiver_entry *entry,
                                      int32_t number, void *address,
                                      int64_t bytes, CUstream stream) {
  const perceiver_argument *argument = &entry->arguments[number];
  /* Bytes of 1 are no 0 in any type. */
  CUresult result = model->driver.cuMemsetD8Async(
      (CUdeviceptr)(uintptr_t)address, argument->fill == PERCEIVER_FILL_TRUE,
      (size_t)bytes, stream);
  if (result == CUDA_SUCCESS)
    return PERCEIVER_OK;
  return perceiver_rt_cuda_fail(
      model, result, "entry \"%s\": %s cannot be filled on device %d (%s)",
      entry->name, argument->name, model->device.ordinal, model->device.name);
}

/* The entry, after what every run checks; null, with an error. */
static const perceiver_entry *
check_run(const perceiver_model *model, int32_t entry_index,
          const int64_t *sizes, void *const *arguments, const void *workspace,
          size_t workspace_bytes, int64_t *argument_bytes,
          perceiver_status *status) {
  *status = PERCEIVER_INVALID_ARGUMENT;
  if (!model) {
    perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT, "the model is null");
    return NULL;
  }
  const perceiver_entry *entry =
      perceiver_rt_find_entry(model->artifact, entry_index);
  if (!entry)
    return NULL;
  *status = perceiver_rt_cuda_take_mistake(perceiver_rt_as_cuda(model));
  if (*status == PERCEIVER_OK)
    *status = perceiver_rt_check_sizes(entry, sizes);
  if (*status == PERCEIVER_OK)
    *status = perceiver_rt_check_arguments(entry, sizes, arguments, workspace,
                                           workspace_bytes, argument_bytes);
  return *status == PERCEIVER_OK ? entry : NULL;
}

/*===----------------------------------------------------------------------===*
 * With arrays of the device
 *===----------------------------------------------------------------------===*/

/* The address by which the device knows an array. Plain memory of the host has
   none. */
static perceiver_status device_address(perceiver_cuda_model *model,
                                       const perceiver_entry *entry,
                                       const char *what, void *given,
                                       void **address) {
  CUdeviceptr found = 0;
  CUresult result = model->driver.cuPointerGetAttribute(
      &found, CU_POINTER_ATTRIBUTE_DEVICE_POINTER,
      (CUdeviceptr)(uintptr_t)given);
  *address = (void *)(uintptr_t)found;
  if (result == CUDA_SUCCESS)
    return PERCEIVER_OK;
  if (result == CUDA_ERROR_INVALID_VALUE)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "entry \"%s\": expected memory of a device for "
                             "%s, but got memory of the host",
                             entry->name, what);
  return perceiver_rt_cuda_fail(model, result, "entry \"%s\": %s is not usable",
                                entry->name, what);
}

/* Place the buffers in a caller's workspace, behind its head. */
static perceiver_status plan_workspace(const perceiver_cuda_model *model,
                                       const perceiver_entry *entry,
                                       const int64_t *sizes,
                                       const void *workspace,
                                       size_t workspace_bytes, int64_t *table,
                                       int64_t *head, int64_t *total) {
  perceiver_status status = head_bytes(entry, sizes, head);
  if (status != PERCEIVER_OK)
    return status;
  if ((uintptr_t)workspace % PERCEIVER_CUDA_WORKSPACE_ALIGNMENT)
    return perceiver_rt_fail(PERCEIVER_MISALIGNED,
                             "the workspace is not aligned to %d bytes",
                             PERCEIVER_CUDA_WORKSPACE_ALIGNMENT);
  int64_t given =
      workspace_bytes > INT64_MAX ? INT64_MAX : (int64_t)workspace_bytes;
  if (!workspace)
    given = 0;
  int64_t room = given - *head;
  perceiver_layout layout = layout_of(model);
  status = perceiver_rt_plan_within(entry, sizes, /*workers=*/1, &layout, room,
                                    table, total);
  if (status == PERCEIVER_OK && *total > room && layout.gap) {
    /* Asked for without a model. */
    layout.gap = 0;
    status = perceiver_rt_plan_within(entry, sizes, /*workers=*/1, &layout,
                                      room, table, total);
  }
  if (status != PERCEIVER_OK || *total <= room)
    return status;
  if (!workspace)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "entry \"%s\": the workspace is null",
                             entry->name);
  return perceiver_rt_fail(PERCEIVER_WORKSPACE_TOO_SMALL,
                           "entry \"%s\" needs a workspace of %lld bytes for "
                           "these sizes, but got %lld",
                           entry->name, (long long)(*total + *head),
                           (long long)given);
}

static perceiver_status enqueue(perceiver_cuda_model *model,
                                const perceiver_entry *entry,
                                const int64_t *sizes, void *const *arguments,
                                const int64_t *argument_bytes, void *workspace,
                                const int64_t *buffers, int64_t head,
                                bool has_workspace, CUstream stream) {
  void *addresses[PERCEIVER_RT_MAX_ARGUMENTS];
  perceiver_status status = PERCEIVER_OK;
  if (has_workspace)
    status =
        device_address(model, entry, "the workspace", workspace, &workspace);
  char *place = workspace;
  for (int32_t i = 0; i < entry->argument_count && status == PERCEIVER_OK;
       ++i) {
    int64_t bytes = argument_bytes[i];
    addresses[i] = NULL;
    if (is_left_out(entry, i, arguments, argument_bytes)) {
      addresses[i] = place;
      status = fill_argument(model, entry, i, place, bytes, stream);
      bytes += PERCEIVER_CUDA_WORKSPACE_ALIGNMENT - 1;
      place += bytes - bytes % PERCEIVER_CUDA_WORKSPACE_ALIGNMENT;
    } else if (bytes) {
      status = device_address(model, entry, entry->arguments[i].name,
                              arguments[i], &addresses[i]);
    }
  }
  if (status != PERCEIVER_OK)
    return status;
  void *words = place;
  bool has_bounds = perceiver_rt_cuda_has_bounds(entry);
  if (workspace)
    workspace = (char *)workspace + head;
  if (has_bounds)
    status = perceiver_rt_cuda_find_outside(model, entry, addresses,
                                            argument_bytes, words, stream);
  if (status == PERCEIVER_OK)
    status = perceiver_rt_cuda_body(model, entry, sizes, addresses,
                                    argument_bytes, workspace, buffers, stream);
  if (status == PERCEIVER_OK && has_bounds)
    status = perceiver_rt_cuda_spoil_outputs(model, entry, addresses,
                                             argument_bytes, words, stream);
  return status;
}

perceiver_status
perceiver_rt_enqueue_cuda(const perceiver_model *model, int32_t entry_index,
                          const int64_t *sizes, void *const *arguments,
                          void *workspace, size_t workspace_bytes,
                          void *stream) {
  int64_t bytes[PERCEIVER_RT_MAX_ARGUMENTS];
  perceiver_status status;
  const perceiver_entry *entry =
      check_run(model, entry_index, sizes, arguments, workspace,
                workspace_bytes, bytes, &status);
  if (!entry)
    return status;
  perceiver_cuda_model *cuda = perceiver_rt_as_cuda(model);
  int64_t table[2 * PERCEIVER_RT_MAX_BUFFERS], total = 0, head = 0;
  status = plan_workspace(cuda, entry, sizes, workspace, workspace_bytes, table,
                          &head, &total);
  if (status == PERCEIVER_OK)
    status = perceiver_rt_cuda_enter(cuda);
  if (status != PERCEIVER_OK)
    return status;
  status = enqueue(cuda, entry, sizes, arguments, bytes, workspace, table, head,
                   total + head > 0, stream);
  return perceiver_rt_cuda_leave(cuda, status);
}

/*===----------------------------------------------------------------------===*
 * With arrays of the host
 *===----------------------------------------------------------------------===*/

/* Where everything of a run is in the model's memory. */
typedef struct arena_plan {
  int64_t arguments[PERCEIVER_RT_MAX_ARGUMENTS];
  int64_t workspace;
  int64_t total;
  int64_t buffers[2 * PERCEIVER_RT_MAX_BUFFERS];
} arena_plan;

/* Reserve `bytes` and a gap at the end of what is planned. */
static bool reserve(arena_plan *plan, int64_t bytes, int64_t gap,
                    int64_t *offset) {
  *offset = plan->total;
  if (__builtin_add_overflow(
          bytes, gap + PERCEIVER_CUDA_WORKSPACE_ALIGNMENT - 1, &bytes))
    return false;
  bytes -= bytes % PERCEIVER_CUDA_WORKSPACE_ALIGNMENT;
  return !__builtin_add_overflow(plan->total, bytes, &plan->total);
}

static perceiver_status plan_arena(const perceiver_cuda_model *model,
                                   const perceiver_entry *entry,
                                   const int64_t *sizes,
                                   const int64_t *argument_bytes,
                                   arena_plan *plan) {
  perceiver_layout layout = layout_of(model);
  int64_t workspace_bytes = 0;
  perceiver_status status = perceiver_rt_plan_layout(
      entry, sizes, /*workers=*/1, &layout, plan->buffers, &workspace_bytes);
  if (status != PERCEIVER_OK)
    return status;
  plan->total = 0;
  bool fits = true;
  for (int32_t i = 0; i < entry->argument_count; ++i)
    fits = fits &&
           reserve(plan, argument_bytes[i], layout.gap, &plan->arguments[i]);
  if (fits && reserve(plan, workspace_bytes, 0, &plan->workspace))
    return PERCEIVER_OK;
  return perceiver_rt_fail(PERCEIVER_SIZE_OUT_OF_RANGE,
                           "the memory that entry \"%s\" needs for these sizes "
                           "does not fit into 63 bits",
                           entry->name);
}

/* Make the arena large enough. */
static perceiver_status grow_arena(perceiver_cuda_model *model, size_t bytes) {
  if (bytes <= model->arena_bytes)
    return PERCEIVER_OK;
  if (model->arena) {
    CUresult result = model->driver.cuMemFree_v2(model->arena);
    if (result != CUDA_SUCCESS)
      return perceiver_rt_cuda_fail(model, result,
                                    "the memory of model \"%s\" cannot grow",
                                    model->base.artifact->model_name);
    model->arena = 0;
    model->arena_bytes = 0;
  }
  perceiver_status status =
      perceiver_rt_cuda_allocate(model, bytes, "arrays", &model->arena);
  if (status == PERCEIVER_OK)
    model->arena_bytes = bytes;
  return status;
}

/* Copy inputs to the device, or outputs from it. */
static perceiver_status copy_arguments(perceiver_cuda_model *model,
                                       const perceiver_entry *entry,
                                       void *const *host, void *const *device,
                                       const int64_t *bytes, bool outputs) {
  const perceiver_cuda_driver *driver = &model->driver;
  for (int32_t i = 0; i < entry->argument_count; ++i) {
    const perceiver_argument *argument = &entry->arguments[i];
    if (!bytes[i] || !argument->is_output != !outputs)
      continue;
    if (is_left_out(entry, i, host, bytes)) {
      perceiver_status status =
          fill_argument(model, entry, i, device[i], bytes[i], model->stream);
      if (status != PERCEIVER_OK)
        return status;
      continue;
    }
    CUdeviceptr address = (CUdeviceptr)(uintptr_t)device[i];
    CUresult result =
        outputs ? driver->cuMemcpyDtoHAsync_v2(host[i], address,
                                               (size_t)bytes[i], model->stream)
                : driver->cuMemcpyHtoDAsync_v2(address, host[i],
                                               (size_t)bytes[i], model->stream);
    if (result != CUDA_SUCCESS)
      return perceiver_rt_cuda_fail(
          model, result, "entry \"%s\": %s cannot be copied %s device %d (%s)",
          entry->name, argument->name, outputs ? "from" : "to",
          model->device.ordinal, model->device.name);
  }
  return PERCEIVER_OK;
}

/* With the arena locked and the context current. */
static perceiver_status
run_in_arena(perceiver_cuda_model *model, const perceiver_entry *entry,
             const int64_t *sizes, void *const *arguments,
             const int64_t *argument_bytes, const arena_plan *plan) {
  perceiver_status status = grow_arena(model, (size_t)plan->total);
  if (status != PERCEIVER_OK)
    return status;
  char *arena = (char *)(uintptr_t)model->arena;
  void *addresses[PERCEIVER_RT_MAX_ARGUMENTS];
  for (int32_t i = 0; i < entry->argument_count; ++i)
    addresses[i] = argument_bytes[i] ? arena + plan->arguments[i] : NULL;
  status = copy_arguments(model, entry, arguments, addresses, argument_bytes,
                          /*outputs=*/false);
  if (status == PERCEIVER_OK)
    status = perceiver_rt_cuda_body(model, entry, sizes, addresses,
                                    argument_bytes, arena + plan->workspace,
                                    plan->buffers, model->stream);
  if (status == PERCEIVER_OK)
    status = copy_arguments(model, entry, arguments, addresses, argument_bytes,
                            /*outputs=*/true);
  /* Also after an error: copies may still use the caller's arrays. */
  CUresult result = perceiver_rt_cuda_finish(model);
  if (status != PERCEIVER_OK || result == CUDA_SUCCESS)
    return status;
  return perceiver_rt_cuda_fail(
      model, result, "entry \"%s\" failed on device %d (%s)", entry->name,
      model->device.ordinal, model->device.name);
}

perceiver_status perceiver_rt_run_cuda(const perceiver_model *model,
                                       int32_t entry_index,
                                       const int64_t *sizes,
                                       void *const *arguments, void *workspace,
                                       size_t workspace_bytes,
                                       const perceiver_pool *pool) {
  (void)workspace;
  (void)workspace_bytes;
  (void)pool;
  int64_t bytes[PERCEIVER_RT_MAX_ARGUMENTS];
  perceiver_status status;
  const perceiver_entry *entry =
      check_run(model, entry_index, sizes, arguments, NULL, 0, bytes, &status);
  if (entry)
    status = perceiver_rt_check_bounds(entry, sizes, arguments);
  if (status != PERCEIVER_OK)
    return status;
  perceiver_cuda_model *cuda = perceiver_rt_as_cuda(model);
  arena_plan plan;
  status = plan_arena(cuda, entry, sizes, bytes, &plan);
  /* Before the lock, which a thread that is no more may have in a child. */
  if (status == PERCEIVER_OK)
    status = perceiver_rt_cuda_enter(cuda);
  if (status != PERCEIVER_OK)
    return status;
  pthread_mutex_lock(&cuda->lock);
  status = run_in_arena(cuda, entry, sizes, arguments, bytes, &plan);
  pthread_mutex_unlock(&cuda->lock);
  return perceiver_rt_cuda_leave(cuda, status);
}
