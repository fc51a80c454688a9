/*===- cuda_driver.h - The functions of the CUDA driver -----------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* Prototypes and numbers of our own, and a table of functions that is filled
   when a model is loaded: neither NVIDIA's headers nor a driver is needed to
   build an artefact or to link it. */

#ifndef PERCEIVER_LIB_RUNTIME_CUDA_DRIVER_H
#define PERCEIVER_LIB_RUNTIME_CUDA_DRIVER_H

#include "lib/Runtime/perceiver_abi.h"

#include <stdbool.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef int CUresult;
typedef int CUdevice;
typedef unsigned long long CUdeviceptr;
typedef struct CUctx_st *CUcontext;
typedef struct CUmod_st *CUmodule;
typedef struct CUfunc_st *CUfunction;
typedef struct CUstream_st *CUstream;

enum {
  CUDA_SUCCESS = 0,
  CUDA_ERROR_INVALID_VALUE = 1,
  CUDA_ERROR_OUT_OF_MEMORY = 2,
  CUDA_ERROR_NOT_INITIALIZED = 3,
  CUDA_ERROR_NO_DEVICE = 100,
  CUDA_ERROR_INVALID_IMAGE = 200,
  CUDA_ERROR_NO_BINARY_FOR_GPU = 209,
  CUDA_ERROR_ECC_UNCORRECTABLE = 214,
  CUDA_ERROR_INVALID_PTX = 218,
  CUDA_ERROR_JIT_COMPILER_NOT_FOUND = 221,
  CUDA_ERROR_UNSUPPORTED_PTX_VERSION = 222,
  CUDA_ERROR_ILLEGAL_ADDRESS = 700,
  CUDA_ERROR_LAUNCH_TIMEOUT = 702,
  CUDA_ERROR_CONTEXT_IS_DESTROYED = 709,
  CUDA_ERROR_HARDWARE_STACK_ERROR = 714,
  CUDA_ERROR_LAUNCH_FAILED = 719,

  CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR = 75,
  CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR = 76,
  CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN = 97,
  CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES = 8,
  CU_JIT_ERROR_LOG_BUFFER = 5,
  CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES = 6,
  CU_POINTER_ATTRIBUTE_DEVICE_POINTER = 3,
  CU_STREAM_NON_BLOCKING = 1
};

/* Flags of `annotate`. */
enum {
  PERCEIVER_CUDA_READ_ONLY = 1,
  PERCEIVER_CUDA_POISON = 2,
  PERCEIVER_CUDA_END = 4
};

/* Every function that a model uses, under the name that drivers export. */
#define PERCEIVER_CUDA_FUNCTIONS(X)                                            \
  X(cuInit, (unsigned flags))                                                  \
  X(cuDriverGetVersion, (int *version))                                        \
  X(cuDeviceGetCount, (int *count))                                            \
  X(cuDeviceGet, (CUdevice * device, int ordinal))                             \
  X(cuDeviceGetName, (char *name, int capacity, CUdevice device))              \
  X(cuDeviceGetAttribute, (int *value, int attribute, CUdevice device))        \
  X(cuDevicePrimaryCtxRetain, (CUcontext * context, CUdevice device))          \
  X(cuDevicePrimaryCtxRelease_v2, (CUdevice device))                           \
  X(cuCtxPushCurrent_v2, (CUcontext context))                                  \
  X(cuCtxPopCurrent_v2, (CUcontext * context))                                 \
  X(cuModuleLoadDataEx, (CUmodule * module, const void *image, unsigned count, \
                         int *options, void **values))                         \
  X(cuModuleUnload, (CUmodule module))                                         \
  X(cuModuleGetFunction,                                                       \
    (CUfunction * function, CUmodule module, const char *name))                \
  X(cuFuncSetAttribute, (CUfunction function, int attribute, int value))       \
  X(cuMemAlloc_v2, (CUdeviceptr * address, size_t bytes))                      \
  X(cuMemFree_v2, (CUdeviceptr address))                                       \
  X(cuMemGetInfo_v2, (size_t *free, size_t *total))                            \
  X(cuMemHostAlloc, (void **memory, size_t bytes, unsigned flags))             \
  X(cuMemHostGetDevicePointer_v2,                                              \
    (CUdeviceptr * address, void *memory, unsigned flags))                     \
  X(cuMemFreeHost, (void *memory))                                             \
  X(cuMemcpyHtoDAsync_v2,                                                      \
    (CUdeviceptr target, const void *source, size_t bytes, CUstream stream))   \
  X(cuMemcpyDtoHAsync_v2,                                                      \
    (void *target, CUdeviceptr source, size_t bytes, CUstream stream))         \
  X(cuMemcpyDtoDAsync_v2,                                                      \
    (CUdeviceptr target, CUdeviceptr source, size_t bytes, CUstream stream))   \
  X(cuMemsetD8Async,                                                           \
    (CUdeviceptr target, unsigned char value, size_t bytes, CUstream stream))  \
  X(cuPointerGetAttribute, (void *data, int attribute, CUdeviceptr address))   \
  X(cuStreamCreate, (CUstream * stream, unsigned flags))                       \
  X(cuStreamDestroy_v2, (CUstream stream))                                     \
  X(cuStreamSynchronize, (CUstream stream))                                    \
  X(cuLaunchKernel,                                                            \
    (CUfunction function, unsigned gridX, unsigned gridY, unsigned gridZ,      \
     unsigned threadsX, unsigned threadsY, unsigned threadsZ,                  \
     unsigned sharedBytes, CUstream stream, void **parameters, void **extra))  \
  X(cuGetErrorName, (CUresult error, const char **name))                       \
  X(cuGetErrorString, (CUresult error, const char **text))

/* The oldest driver that knows PTX 8.0, which the compiler writes. */
#define PERCEIVER_CUDA_DRIVER_VERSION 12000

typedef struct perceiver_cuda_driver {
  void *library; /* null if it is not open */
#define PERCEIVER_FIELD(name, parameters) CUresult(*name) parameters;
  PERCEIVER_CUDA_FUNCTIONS(PERCEIVER_FIELD)
#undef PERCEIVER_FIELD
  /* perceiverEmulatorAnnotate of an emulated device; null in drivers. */
  void (*annotate)(CUstream stream, CUdeviceptr address, size_t bytes,
                   const char *name, unsigned flags);
} perceiver_cuda_driver;

/* Open the driver's library (null: libcuda.so.1), initialise the driver and
   check its version. On failure the library is closed again. */
perceiver_status perceiver_rt_cuda_open(const char *path,
                                        perceiver_cuda_driver *driver);

void perceiver_rt_cuda_close(perceiver_cuda_driver *driver);

/* "CUDA_ERROR_LAUNCH_FAILED (unspecified launch failure)". */
typedef struct perceiver_cuda_error_text {
  char text[160];
} perceiver_cuda_error_text;

perceiver_cuda_error_text
perceiver_rt_cuda_error(const perceiver_cuda_driver *driver, CUresult error);

/* True for errors after which nothing works in a context any more. */
bool perceiver_rt_cuda_is_fatal(CUresult error);

#ifdef __cplusplus
}
#endif

#endif /* PERCEIVER_LIB_RUNTIME_CUDA_DRIVER_H */
