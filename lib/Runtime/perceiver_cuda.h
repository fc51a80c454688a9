/*===- perceiver_cuda.h - What users of CUDA models see -----------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* What models for CUDA devices have in common beyond perceiver_abi.h. The text
   of this file is part of each of their headers. It is C99 and C++.

   Functions that models for the CPU have too take arrays of the host, and
   return when the outputs are there; workspace, its bytes and pool may be null
   and are not used, for the model keeps memory of the device. Threads that run
   one model take turns there.

   The functions called .._enqueue take arrays of the device (or managed, or
   registered memory) and a stream of the device's primary context, null for the
   legacy default stream. They return when all is in the stream, allocate
   nothing, and may be called while the stream is captured. Arrays and workspace
   must stay until the work is done. Any number of threads may call them at
   once, each with a stream, a workspace and outputs of its own. A run with
   integers outside of their bounds has nothing but NaN in all of its outputs,
   and a later call, which does nothing else, fails with the first of them. */

#ifndef PERCEIVER_CUDA_H
#define PERCEIVER_CUDA_H

#include <stddef.h>
#include <stdint.h>

/* Of the workspace that .._enqueue gets. */
#define PERCEIVER_CUDA_WORKSPACE_ALIGNMENT 256

enum {
  /* Wait for each launch, so that a fault names its kernel. Not in a capture.
   */
  PERCEIVER_CUDA_SYNCHRONIZE_LAUNCHES = 1,
  /* No two buffers share memory. */
  PERCEIVER_CUDA_SEPARATE_BUFFERS = 2
};

typedef struct perceiver_cuda_options {
  /* sizeof(perceiver_cuda_options); later fields come at the end. */
  size_t struct_bytes;
  /* Which of the devices that the driver sees. */
  int32_t ordinal;
  /* The driver's library; null: libcuda.so.1. */
  const char *driver_path;
  uint32_t flags;
} perceiver_cuda_options;

#endif /* PERCEIVER_CUDA_H */
