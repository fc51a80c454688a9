/*===- cuda_launch.c - Launching kernels --------------------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* A launch that the driver refuses is an error at once, with the kernel's name.
   What goes wrong while a kernel runs shows at a later call, in whatever that
   does; only if each launch is waited for is it clear whose fault it is.

   Test: test/Unit/RuntimeCudaLaunchTest.cpp. */

#include "lib/Runtime/cuda_launch.h"

/* True if later calls are to do nothing. */
static bool keep_error(perceiver_cuda_run *run, CUresult result,
                       const char *kernel, bool has_run) {
  if (result == CUDA_SUCCESS)
    return false;
  const char *entry = run->entry->name;
  if (has_run)
    run->status = perceiver_rt_cuda_fail(
        run->model, result, "entry \"%s\": %s failed", entry, kernel);
  else if (perceiver_rt_cuda_is_fatal(result))
    run->status = perceiver_rt_cuda_fail(
        run->model, result, "entry \"%s\": something failed before %s began",
        entry, kernel);
  else
    run->status = perceiver_rt_cuda_fail(
        run->model, result, "entry \"%s\": %s was refused", entry, kernel);
  return true;
}

/* Wait, if that was asked for. */
static CUresult synchronize(const perceiver_cuda_run *run) {
  if (!(run->model->flags & PERCEIVER_CUDA_SYNCHRONIZE_LAUNCHES))
    return CUDA_SUCCESS;
  return run->model->driver.cuStreamSynchronize(run->stream);
}

static void launch(const perceiver_frame *frame, int32_t kernel,
                   int32_t position, int64_t tasks, void **parameters) {
  perceiver_cuda_run *run = frame->run_state;
  if (run->status != PERCEIVER_OK || tasks <= 0)
    return;
  const perceiver_cuda_model *model = run->model;
  const perceiver_kernel_shape *shape = &model->image->shapes[kernel];
  const char *name = model->base.artifact->kernels[kernel].name;
  perceiver_rt_cuda_name_buffers(run, frame, position);
  int64_t blocks;
  for (int64_t first = 0; first < tasks; first += blocks) {
    blocks = tasks - first;
    if (blocks > PERCEIVER_CUDA_MAX_BLOCKS)
      blocks = PERCEIVER_CUDA_MAX_BLOCKS;
    *(int64_t *)parameters[0] = first;
    CUresult result = model->driver.cuLaunchKernel(
        model->functions[kernel], (unsigned)blocks, 1, 1,
        (unsigned)shape->threads, 1, 1, (unsigned)shape->shared_bytes,
        run->stream, parameters, NULL);
    if (keep_error(run, result, name, /*has_run=*/false) ||
        keep_error(run, synchronize(run), name, /*has_run=*/true))
      return;
  }
}

static void copy(const perceiver_frame *frame, int32_t position,
                 void *destination, const void *source, int64_t bytes) {
  perceiver_cuda_run *run = frame->run_state;
  if (run->status != PERCEIVER_OK || bytes <= 0)
    return;
  perceiver_rt_cuda_name_buffers(run, frame, position);
  CUresult result = run->model->driver.cuMemcpyDtoDAsync_v2(
      (CUdeviceptr)(uintptr_t)destination, (CUdeviceptr)(uintptr_t)source,
      (size_t)bytes, run->stream);
  if (!keep_error(run, result, "a copy", /*has_run=*/false))
    keep_error(run, synchronize(run), "a copy", /*has_run=*/true);
}

const perceiver_launcher perceiver_rt_cuda_launcher = {.launch = launch,
                                                       .copy = copy};

perceiver_status perceiver_rt_cuda_body(
    perceiver_cuda_model *model, const perceiver_entry *entry,
    const int64_t *sizes, void *const *arguments, const int64_t *argument_bytes,
    void *workspace, const int64_t *buffers, CUstream stream) {
  /* A body for a device has no tasks of the host. */
  static const perceiver_pool no_pool = {.version = PERCEIVER_ABI_VERSION,
                                         .worker_count = 1};
  perceiver_cuda_run run = {
      .model = model, .entry = entry, .stream = stream, .position = -1};
  const perceiver_frame frame = {
      .size = sizeof(perceiver_frame),
      .pool = &no_pool,
      .weights = (const char *)(uintptr_t)model->weights,
      .workspace = workspace,
      .buffers = buffers,
      .arguments = arguments,
      .sizes = sizes,
      .run_state = &run,
      .launcher = &perceiver_rt_cuda_launcher,
  };
  perceiver_rt_cuda_name_arguments(&run, &frame, argument_bytes);
  entry->body(&frame);
  perceiver_rt_cuda_end_names(&run, &frame);
  return run.status;
}
