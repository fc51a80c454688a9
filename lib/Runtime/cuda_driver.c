/*===- cuda_driver.c - Opening the CUDA driver --------------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#include "lib/Runtime/cuda_driver.h"

#include "lib/Runtime/runtime_internal.h"

#include <dlfcn.h>
#include <stdio.h>
#include <string.h>

static perceiver_status find_functions(const char *path,
                                       perceiver_cuda_driver *driver) {
  void *found;
#define FIND(name, parameters)                                                 \
  found = dlsym(driver->library, #name);                                       \
  if (!found)                                                                  \
    return perceiver_rt_fail(PERCEIVER_DRIVER_UNAVAILABLE,                     \
                             "the CUDA driver %s is too old, or no driver: "   \
                             "it has no function " #name,                      \
                             path);                                            \
  memcpy(&driver->name, &found, sizeof found);
  PERCEIVER_CUDA_FUNCTIONS(FIND)
#undef FIND
  found = dlsym(driver->library, "perceiverEmulatorAnnotate");
  memcpy(&driver->annotate, &found, sizeof found);
  return PERCEIVER_OK;
}

static perceiver_status initialise(const char *path,
                                   const perceiver_cuda_driver *driver) {
  CUresult result = driver->cuInit(0);
  if (result == CUDA_ERROR_NO_DEVICE)
    return perceiver_rt_fail(PERCEIVER_DRIVER_UNAVAILABLE,
                             "the CUDA driver %s finds no device", path);
  if (result == CUDA_ERROR_NOT_INITIALIZED)
    return perceiver_rt_fail(
        PERCEIVER_DRIVER_UNAVAILABLE,
        "the CUDA driver %s cannot be used here: a process "
        "that used it was forked, or is about to end",
        path);
  int version = 0;
  if (result == CUDA_SUCCESS)
    result = driver->cuDriverGetVersion(&version);
  if (result != CUDA_SUCCESS)
    return perceiver_rt_fail(PERCEIVER_DRIVER_UNAVAILABLE,
                             "the CUDA driver %s does not start: %s", path,
                             perceiver_rt_cuda_error(driver, result).text);
  if (version < PERCEIVER_CUDA_DRIVER_VERSION)
    return perceiver_rt_fail(
        PERCEIVER_DRIVER_UNAVAILABLE,
        "the CUDA driver %s is too old: it is for CUDA %d.%d, but %d.%d or "
        "newer is needed",
        path, version / 1000, version % 1000 / 10,
        PERCEIVER_CUDA_DRIVER_VERSION / 1000,
        PERCEIVER_CUDA_DRIVER_VERSION % 1000 / 10);
  return PERCEIVER_OK;
}

perceiver_status perceiver_rt_cuda_open(const char *path,
                                        perceiver_cuda_driver *driver) {
  if (!path)
    path = "libcuda.so.1";
  /* Drivers have threads and hooks: they stay in the process. */
  driver->library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!driver->library)
    return perceiver_rt_fail(PERCEIVER_DRIVER_UNAVAILABLE,
                             "cannot open the CUDA driver: %s", dlerror());
  perceiver_status status = find_functions(path, driver);
  if (status == PERCEIVER_OK)
    status = initialise(path, driver);
  if (status != PERCEIVER_OK)
    perceiver_rt_cuda_close(driver);
  return status;
}

void perceiver_rt_cuda_close(perceiver_cuda_driver *driver) {
  if (driver->library)
    dlclose(driver->library);
  driver->library = NULL;
}

perceiver_cuda_error_text
perceiver_rt_cuda_error(const perceiver_cuda_driver *driver, CUresult error) {
  perceiver_cuda_error_text result;
  const char *name = NULL, *text = NULL;
  if (driver->cuGetErrorName(error, &name) != CUDA_SUCCESS || !name ||
      driver->cuGetErrorString(error, &text) != CUDA_SUCCESS || !text)
    snprintf(result.text, sizeof result.text, "error %d of the driver", error);
  else
    snprintf(result.text, sizeof result.text, "%s (%s)", name, text);
  return result;
}

bool perceiver_rt_cuda_is_fatal(CUresult error) {
  return error == CUDA_ERROR_ECC_UNCORRECTABLE ||
         error == CUDA_ERROR_ILLEGAL_ADDRESS ||
         error == CUDA_ERROR_LAUNCH_TIMEOUT ||
         error == CUDA_ERROR_CONTEXT_IS_DESTROYED ||
         (error >= CUDA_ERROR_HARDWARE_STACK_ERROR &&
          error <= CUDA_ERROR_LAUNCH_FAILED);
}
