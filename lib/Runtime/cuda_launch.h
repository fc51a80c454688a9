/*===- cuda_launch.h - One run on a CUDA device -------------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef PERCEIVER_LIB_RUNTIME_CUDA_LAUNCH_H
#define PERCEIVER_LIB_RUNTIME_CUDA_LAUNCH_H

#include "lib/Runtime/cuda_model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What perceiver_frame.run_state points to. */
typedef struct perceiver_cuda_run {
  perceiver_cuda_model *model;
  const perceiver_entry *entry;
  CUstream stream;
  /* That of the first call that failed. */
  perceiver_status status;
  /* For an emulated device: the step that came last, and which buffers it has
     been told of. */
  int32_t position;
  bool is_named[PERCEIVER_RT_MAX_BUFFERS];
} perceiver_cuda_run;

/* How bodies launch and copy. */
extern const perceiver_launcher perceiver_rt_cuda_launcher;

/* The most blocks that a launch can have. */
#define PERCEIVER_CUDA_MAX_BLOCKS INT32_MAX

/* Run the body of an entry in a stream, in the current context, with addresses
   of the device. Returns the first error. */
perceiver_status perceiver_rt_cuda_body(
    perceiver_cuda_model *model, const perceiver_entry *entry,
    const int64_t *sizes, void *const *arguments, const int64_t *argument_bytes,
    void *workspace, const int64_t *buffers, CUstream stream);

/* Tell an emulated device, in the order of the stream, which memory is what: a
   kernel may then access nothing else. Names of arguments and buffers are for
   its findings; inputs are read-only, outputs and buffers begin without
   content. Drivers are told nothing. */
void perceiver_rt_cuda_name_arguments(perceiver_cuda_run *run,
                                      const perceiver_frame *frame,
                                      const int64_t *argument_bytes);

/* The same for the buffers that begin or end at a step of the body. */
void perceiver_rt_cuda_name_buffers(perceiver_cuda_run *run,
                                    const perceiver_frame *frame,
                                    int32_t position);

/* Take back all names. */
void perceiver_rt_cuda_end_names(perceiver_cuda_run *run,
                                 const perceiver_frame *frame);

#ifdef __cplusplus
}
#endif

#endif /* PERCEIVER_LIB_RUNTIME_CUDA_LAUNCH_H */
