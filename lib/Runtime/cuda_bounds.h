/*===- cuda_bounds.h - Bounds of integers on a CUDA device --------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef PERCEIVER_LIB_RUNTIME_CUDA_BOUNDS_H
#define PERCEIVER_LIB_RUNTIME_CUDA_BOUNDS_H

#include "lib/Runtime/cuda_model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of a workspace of the device that the kernels need: a word for the run,
   one for each of 256 blocks, and the rest of a piece of it. */
#define PERCEIVER_CUDA_BOUNDS_BYTES (9 * PERCEIVER_CUDA_WORKSPACE_ALIGNMENT)

bool perceiver_rt_cuda_has_bounds(const perceiver_entry *entry);

/* Load the kernels, if an entry has bounds. The context is current. What was
   loaded when it fails is released with the model. */
perceiver_status perceiver_rt_cuda_load_bounds(perceiver_cuda_model *model);
void perceiver_rt_cuda_release_bounds(perceiver_cuda_model *model);

/* The error of an earlier run with an integer outside of its bounds, of which
   nobody has been told yet. */
perceiver_status perceiver_rt_cuda_take_mistake(perceiver_cuda_model *model);

/* Put into a stream what looks at the arguments, addresses of the device.
   `words` are PERCEIVER_CUDA_BOUNDS_BYTES that are kept until the outputs are
   spoilt. */
perceiver_status perceiver_rt_cuda_find_outside(perceiver_cuda_model *model,
                                                const perceiver_entry *entry,
                                                void *const *arguments,
                                                const int64_t *argument_bytes,
                                                void *words, CUstream stream);

/* Put into a stream what makes NaN of the outputs of a run with such integers.
 */
perceiver_status perceiver_rt_cuda_spoil_outputs(perceiver_cuda_model *model,
                                                 const perceiver_entry *entry,
                                                 void *const *arguments,
                                                 const int64_t *argument_bytes,
                                                 void *words, CUstream stream);

#ifdef __cplusplus
}
#endif

#endif /* PERCEIVER_LIB_RUNTIME_CUDA_BOUNDS_H */
