/*===- cuda_model.c - Loading a model to a CUDA device ------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* The device's primary context is retained as long as a model is loaded, and
   current only within a call.

   Test: test/Unit/RuntimeCudaLoadTest.cpp. */

#include "lib/Runtime/cuda_model.h"

#include "lib/Runtime/cuda_bounds.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

perceiver_status perceiver_rt_cuda_fail(perceiver_cuda_model *model,
                                        CUresult error, const char *format,
                                        ...) {
  char what[256];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(what, sizeof what, format, arguments);
  va_end(arguments);
  bool is_fatal = perceiver_rt_cuda_is_fatal(error);
  if (is_fatal)
    __atomic_store_n(&model->lost, error, __ATOMIC_RELAXED);
  return perceiver_rt_fail(
      error == CUDA_ERROR_OUT_OF_MEMORY ? PERCEIVER_OUT_OF_MEMORY
                                        : PERCEIVER_DEVICE_FAILED,
      "%s: %s%s", what, perceiver_rt_cuda_error(&model->driver, error).text,
      is_fatal ? "; the context of the device is lost" : "");
}

perceiver_status perceiver_rt_cuda_enter(perceiver_cuda_model *model) {
  const char *name = model->base.artifact->model_name;
  if (model->process != getpid())
    return perceiver_rt_fail(
        PERCEIVER_DEVICE_FAILED,
        "model \"%s\" was loaded before this process was forked: load it again "
        "in a process that has not used the device before",
        name);
  CUresult lost = __atomic_load_n(&model->lost, __ATOMIC_RELAXED);
  if (lost != CUDA_SUCCESS)
    return perceiver_rt_fail(
        PERCEIVER_DEVICE_FAILED,
        "model \"%s\": the context of device %d (%s) is lost since a kernel "
        "failed: %s",
        name, model->device.ordinal, model->device.name,
        perceiver_rt_cuda_error(&model->driver, lost).text);
  CUresult result = model->driver.cuCtxPushCurrent_v2(model->device.context);
  if (result == CUDA_SUCCESS)
    return PERCEIVER_OK;
  return perceiver_rt_cuda_fail(model, result,
                                "model \"%s\": the context of device %d (%s) "
                                "cannot be used",
                                name, model->device.ordinal,
                                model->device.name);
}

perceiver_status perceiver_rt_cuda_leave(perceiver_cuda_model *model,
                                         perceiver_status status) {
  CUcontext popped;
  CUresult result = model->driver.cuCtxPopCurrent_v2(&popped);
  if (result == CUDA_SUCCESS || status != PERCEIVER_OK)
    return status;
  return perceiver_rt_cuda_fail(model, result,
                                "model \"%s\": the context of device %d (%s) "
                                "cannot be left",
                                model->base.artifact->model_name,
                                model->device.ordinal, model->device.name);
}

CUresult perceiver_rt_cuda_finish(perceiver_cuda_model *model) {
  CUresult result = model->driver.cuStreamSynchronize(model->stream);
  /* If waiting failed, and not the work, the work may be going on. */
  if (result != CUDA_SUCCESS)
    model->driver.cuStreamSynchronize(model->stream);
  return result;
}

perceiver_status perceiver_rt_cuda_allocate(perceiver_cuda_model *model,
                                            size_t bytes, const char *what,
                                            CUdeviceptr *address) {
  CUresult result = model->driver.cuMemAlloc_v2(address, bytes);
  if (result == CUDA_SUCCESS)
    return PERCEIVER_OK;
  *address = 0;
  const char *name = model->base.artifact->model_name;
  size_t free_bytes = 0, total = 0;
  if (result != CUDA_ERROR_OUT_OF_MEMORY ||
      model->driver.cuMemGetInfo_v2(&free_bytes, &total) != CUDA_SUCCESS)
    return perceiver_rt_cuda_fail(
        model, result, "no memory for the %s of model \"%s\" (%zu bytes)", what,
        name, bytes);
  return perceiver_rt_fail(
      PERCEIVER_OUT_OF_MEMORY,
      "the %s of model \"%s\" need %zu bytes, but of the %zu of device %d (%s) "
      "%zu are free",
      what, name, bytes, total, model->device.ordinal, model->device.name,
      free_bytes);
}

static perceiver_status check_options(const perceiver_cuda_options *options) {
  static const uint32_t known =
      PERCEIVER_CUDA_SYNCHRONIZE_LAUNCHES | PERCEIVER_CUDA_SEPARATE_BUFFERS;
  size_t bytes = options->struct_bytes;
  if (bytes < sizeof *options)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "the options have %zu bytes, but must have at "
                             "least %zu",
                             bytes, sizeof *options);
  /* What this runtime does not know must not be asked for. */
  for (size_t i = sizeof *options; i < bytes; ++i)
    if (((const char *)options)[i])
      return perceiver_rt_fail(PERCEIVER_VERSION_MISMATCH,
                               "the options have a field at byte %zu, but this "
                               "model knows %zu bytes",
                               i, sizeof *options);
  if (options->flags & ~known)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "the options have flags 0x%x, but this model "
                             "knows 0x%x",
                             options->flags, known);
  return PERCEIVER_OK;
}

/* Fill in all but the context. */
static perceiver_status find_device(perceiver_cuda_model *model) {
  const perceiver_cuda_driver *driver = &model->driver;
  perceiver_cuda_device *device = &model->device;
  int count = 0, major = 0, minor = 0;
  CUresult result = driver->cuDeviceGetCount(&count);
  if (result == CUDA_SUCCESS &&
      (device->ordinal < 0 || device->ordinal >= count))
    return perceiver_rt_fail(PERCEIVER_DRIVER_UNAVAILABLE,
                             "expected the number of a CUDA device below %d, "
                             "but got %d",
                             count, device->ordinal);
  if (result == CUDA_SUCCESS)
    result = driver->cuDeviceGet(&device->handle, device->ordinal);
  if (result == CUDA_SUCCESS)
    result = driver->cuDeviceGetName(device->name, sizeof device->name,
                                     device->handle);
  if (result == CUDA_SUCCESS)
    result = driver->cuDeviceGetAttribute(
        &major, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MAJOR, device->handle);
  if (result == CUDA_SUCCESS)
    result = driver->cuDeviceGetAttribute(
        &minor, CU_DEVICE_ATTRIBUTE_COMPUTE_CAPABILITY_MINOR, device->handle);
  if (result == CUDA_SUCCESS)
    result = driver->cuDeviceGetAttribute(
        &device->shared_bytes,
        CU_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN, device->handle);
  device->arch = 10 * major + minor;
  if (result == CUDA_SUCCESS)
    return PERCEIVER_OK;
  return perceiver_rt_cuda_fail(model, result,
                                "the CUDA driver does not tell about device %d",
                                device->ordinal);
}

static perceiver_status upload_weights(perceiver_cuda_model *model,
                                       const perceiver_mapping *weights) {
  const perceiver_cuda_driver *driver = &model->driver;
  size_t bytes = (size_t)model->base.artifact->weights_bytes;
  if (!bytes)
    return PERCEIVER_OK;
  perceiver_status status =
      perceiver_rt_cuda_allocate(model, bytes, "weights", &model->weights);
  if (status != PERCEIVER_OK)
    return status;
  const char *data =
      (const char *)weights->address + weights->header.data_offset;
  CUresult result =
      driver->cuMemcpyHtoDAsync_v2(model->weights, data, bytes, model->stream);
  if (driver->annotate)
    driver->annotate(model->stream, model->weights, bytes, "weights",
                     PERCEIVER_CUDA_READ_ONLY);
  /* Also after an error: the file is unmapped soon. */
  CUresult waited = perceiver_rt_cuda_finish(model);
  if (result == CUDA_SUCCESS)
    result = waited;
  if (result == CUDA_SUCCESS)
    return PERCEIVER_OK;
  return perceiver_rt_cuda_fail(model, result,
                                "the weights of model \"%s\" cannot be copied "
                                "to device %d (%s)",
                                model->base.artifact->model_name,
                                model->device.ordinal, model->device.name);
}

/* What needs a current context. */
static perceiver_status fill_context(perceiver_cuda_model *model,
                                     const perceiver_mapping *weights) {
  perceiver_status status = perceiver_rt_cuda_load_image(model);
  if (status != PERCEIVER_OK)
    return status;
  /* Not the default stream: nobody else's work is waited for. */
  CUresult result =
      model->driver.cuStreamCreate(&model->stream, CU_STREAM_NON_BLOCKING);
  if (result != CUDA_SUCCESS) {
    model->stream = NULL;
    return perceiver_rt_cuda_fail(model, result,
                                  "no stream for model \"%s\" on device %d "
                                  "(%s)",
                                  model->base.artifact->model_name,
                                  model->device.ordinal, model->device.name);
  }
  status = perceiver_rt_cuda_load_bounds(model);
  return status == PERCEIVER_OK ? upload_weights(model, weights) : status;
}

static perceiver_status start(perceiver_cuda_model *model,
                              const char *driver_path,
                              const perceiver_mapping *weights) {
  perceiver_status status = perceiver_rt_cuda_open(driver_path, &model->driver);
  if (status == PERCEIVER_OK)
    status = find_device(model);
  if (status != PERCEIVER_OK)
    return status;
  CUresult result = model->driver.cuDevicePrimaryCtxRetain(
      &model->device.context, model->device.handle);
  if (result != CUDA_SUCCESS) {
    model->device.context = NULL;
    return perceiver_rt_cuda_fail(model, result,
                                  "device %d (%s) gives no context",
                                  model->device.ordinal, model->device.name);
  }
  status = perceiver_rt_cuda_enter(model);
  if (status != PERCEIVER_OK)
    return status;
  return perceiver_rt_cuda_leave(model, fill_context(model, weights));
}

/* Release whatever there is. In a forked child, and when the context is lost,
   there is nothing that could be released. */
static void release(perceiver_cuda_model *model) {
  const perceiver_cuda_driver *driver = &model->driver;
  if (model->device.context && model->process == getpid()) {
    if (driver->cuCtxPushCurrent_v2(model->device.context) == CUDA_SUCCESS) {
      CUcontext popped;
      if (model->stream)
        driver->cuStreamDestroy_v2(model->stream);
      if (model->arena)
        driver->cuMemFree_v2(model->arena);
      if (model->weights)
        driver->cuMemFree_v2(model->weights);
      perceiver_rt_cuda_release_bounds(model);
      if (model->module)
        driver->cuModuleUnload(model->module);
      driver->cuCtxPopCurrent_v2(&popped);
    }
    driver->cuDevicePrimaryCtxRelease_v2(model->device.handle);
  }
  perceiver_rt_cuda_close(&model->driver);
  pthread_mutex_destroy(&model->lock);
  free(model->functions);
  free(model);
}

static perceiver_cuda_model *allocate(const perceiver_artifact *artifact) {
  perceiver_cuda_model *model = calloc(1, sizeof *model);
  /* One more: calloc of 0 elements may be null. */
  CUfunction *functions =
      calloc((size_t)artifact->kernel_count + 1, sizeof *functions);
  if (!model || !functions || pthread_mutex_init(&model->lock, NULL)) {
    free(model);
    free(functions);
    return NULL;
  }
  model->base.artifact = artifact;
  model->functions = functions;
  model->process = getpid();
  return model;
}

perceiver_status perceiver_rt_load_cuda(const perceiver_artifact *artifact,
                                        const char *weights_path,
                                        const void *code_address,
                                        const perceiver_cuda_options *options,
                                        perceiver_model **model) {
  if (!model)
    return perceiver_rt_fail(PERCEIVER_INVALID_ARGUMENT,
                             "the place for the model is null");
  *model = NULL;
  static const perceiver_cuda_options usual = {.struct_bytes = sizeof usual};
  if (!options)
    options = &usual;
  perceiver_status status = check_options(options);
  if (status != PERCEIVER_OK)
    return status;
  perceiver_mapping weights;
  status = perceiver_rt_open_artifact(artifact, PERCEIVER_KIND_CUDA,
                                      weights_path, code_address, &weights);
  if (status != PERCEIVER_OK)
    return status;
  perceiver_cuda_model *loaded = allocate(artifact);
  if (loaded) {
    loaded->device.ordinal = options->ordinal;
    loaded->flags = options->flags;
    status = start(loaded, options->driver_path, &weights);
  } else {
    status = perceiver_rt_fail(PERCEIVER_OUT_OF_MEMORY,
                               "no memory to load model \"%s\"",
                               artifact->model_name);
  }
  /* The device has them. */
  perceiver_rt_unmap_weights(&weights);
  if (status == PERCEIVER_OK)
    *model = &loaded->base;
  else if (loaded)
    release(loaded);
  return status;
}

void perceiver_rt_free_cuda(perceiver_model *model) {
  if (model)
    release(perceiver_rt_as_cuda(model));
}
