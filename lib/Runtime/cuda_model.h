/*===- cuda_model.h - A model on a CUDA device --------------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef PERCEIVER_LIB_RUNTIME_CUDA_MODEL_H
#define PERCEIVER_LIB_RUNTIME_CUDA_MODEL_H

#include "lib/Runtime/cuda_driver.h"
#include "lib/Runtime/runtime_internal.h"

#include <pthread.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Where a model is. */
typedef struct perceiver_cuda_device {
  int32_t ordinal;
  char name[64];
  int32_t arch;         /* 80, 86, .. */
  int32_t shared_bytes; /* that one block can get */
  CUdevice handle;
  CUcontext context; /* the primary one; null if it is not retained */
} perceiver_cuda_device;

typedef struct perceiver_cuda_mistake perceiver_cuda_mistake;

/* What checks the bounds of integers (cuda_bounds.h); zero if no entry has any.
 */
typedef struct perceiver_cuda_bounds {
  CUmodule module;
  CUfunction find, note, spoil;
  /* Of the host, and by which address the device knows it. */
  perceiver_cuda_mistake *mistake;
  CUdeviceptr record;
} perceiver_cuda_bounds;

/* What perceiver_model is in artefacts for CUDA devices. Immutable but for the
   last four. */
typedef struct perceiver_cuda_model {
  perceiver_model base; /* its weights are not mapped */
  int process;          /* that loaded it; children cannot use it */
  uint32_t flags;
  perceiver_cuda_driver driver;
  perceiver_cuda_device device;
  CUmodule module;
  const perceiver_image *image; /* that `module` was made of */
  CUfunction *functions;        /* one per kernel */
  CUdeviceptr weights;
  perceiver_cuda_bounds bounds;
  /* The error after which the context is lost; 0 before. Atomic. */
  CUresult lost;
  /* For runs with arrays of the host. */
  pthread_mutex_t lock;
  CUstream stream;
  CUdeviceptr arena;
  size_t arena_bytes;
} perceiver_cuda_model;

/* Callers see an immutable model; its memory of the device has a lock. */
static inline perceiver_cuda_model *
perceiver_rt_as_cuda(const perceiver_model *model) {
  return (perceiver_cuda_model *)(uintptr_t)model;
}

/* Load the image that fits the device, and resolve the kernels. The context is
   current. What was loaded when it fails is released with the model. */
perceiver_status perceiver_rt_cuda_load_image(perceiver_cuda_model *model);

/* Refuse in forked children and after the context was lost; else make the
   context current. */
perceiver_status perceiver_rt_cuda_enter(perceiver_cuda_model *model);

/* Make current what was before. Returns `status`, or the error that this met.
 */
perceiver_status perceiver_rt_cuda_leave(perceiver_cuda_model *model,
                                         perceiver_status status);

/* Wait for the model's stream. After an error too nothing that it was given
   uses memory of the host any more. */
CUresult perceiver_rt_cuda_finish(perceiver_cuda_model *model);

/* Allocate memory of the device; `what` is for the error. */
perceiver_status perceiver_rt_cuda_allocate(perceiver_cuda_model *model,
                                            size_t bytes, const char *what,
                                            CUdeviceptr *address);

/* Return PERCEIVER_DEVICE_FAILED with "<what>: <the driver's error>", and
   remember whether the context is lost. */
perceiver_status perceiver_rt_cuda_fail(perceiver_cuda_model *model,
                                        CUresult error, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#ifdef __cplusplus
}
#endif

#endif /* PERCEIVER_LIB_RUNTIME_CUDA_MODEL_H */
