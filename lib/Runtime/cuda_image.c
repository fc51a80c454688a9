/*===- cuda_image.c - Choosing and loading device code ------------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* Code for a device is machine code for its architecture or an older one of the
   same generation, or PTX, which the driver compiles. An image that the driver
   cannot use is no error as long as another one is left.

   Test: test/Unit/RuntimeCudaLoadTest.cpp. */

#include "lib/Runtime/cuda_model.h"

#include <stdio.h>
#include <string.h>

/* More than that has to be asked for. */
#define USUAL_SHARED_BYTES (48 << 10)

/* How well an image fits a device: the more the better, 0: not at all. */
static int32_t rate_image(const perceiver_image *image, int32_t arch) {
  if (image->arch > arch)
    return 0;
  if (image->kind == PERCEIVER_IMAGE_PTX)
    return image->arch;
  return image->kind == PERCEIVER_IMAGE_CUBIN && image->arch / 10 == arch / 10
             ? 1000 + image->arch
             : 0;
}

/* The best image that is worse than `limit`, or null. */
static const perceiver_image *next_image(const perceiver_artifact *artifact,
                                         int32_t arch, int32_t limit) {
  const perceiver_image *best = NULL;
  int32_t most = 0;
  for (int32_t i = 0; i < artifact->image_count; ++i) {
    int32_t rate = rate_image(&artifact->images[i], arch);
    if (rate < limit && rate > most) {
      best = &artifact->images[i];
      most = rate;
    }
  }
  return best;
}

/* "PTX for sm_80, cubins for sm_80, sm_90". */
static void list_images(const perceiver_artifact *artifact, char *text,
                        size_t capacity) {
  size_t length = 0;
  *text = 0;
  for (int kind = PERCEIVER_IMAGE_PTX; kind <= PERCEIVER_IMAGE_CUBIN; ++kind) {
    const char *what = kind == PERCEIVER_IMAGE_PTX ? "PTX for " : "cubins for ";
    for (int32_t i = 0; i < artifact->image_count; ++i) {
      if (artifact->images[i].kind != kind || length >= capacity)
        continue;
      length +=
          (size_t)snprintf(text + length, capacity - length, "%s%ssm_%d",
                           length ? ", " : "", what, artifact->images[i].arch);
      what = "";
    }
  }
}

static perceiver_status refuse_device(perceiver_cuda_model *model,
                                      CUresult last) {
  const perceiver_artifact *artifact = model->base.artifact;
  char images[160];
  list_images(artifact, images, sizeof images);
  return perceiver_rt_fail(
      PERCEIVER_DEVICE_UNSUPPORTED,
      "model \"%s\" holds %s, but device %d (%s) is sm_%d%s%s",
      artifact->model_name, images, model->device.ordinal, model->device.name,
      model->device.arch, last ? "; its driver says " : "",
      last ? perceiver_rt_cuda_error(&model->driver, last).text : "");
}

/* The driver's log as part of a sentence. */
static void flatten(char *log) {
  size_t length = 0;
  for (const char *from = log; *from; ++from) {
    char c = (unsigned char)*from < ' ' ? ' ' : *from;
    if (c != ' ' || (length && log[length - 1] != ' '))
      log[length++] = c;
  }
  while (length && log[length - 1] == ' ')
    --length;
  log[length] = 0;
}

static CUresult load_module(perceiver_cuda_model *model,
                            const perceiver_image *image, char *log,
                            size_t log_bytes) {
  int options[] = {CU_JIT_ERROR_LOG_BUFFER, CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES};
  void *values[] = {log, (void *)log_bytes};
  CUmodule module = NULL;
  *log = 0;
  CUresult result = model->driver.cuModuleLoadDataEx(&module, image->data, 2,
                                                     options, values);
  log[log_bytes - 1] = 0;
  if (result == CUDA_SUCCESS) {
    model->module = module;
    model->image = image;
  }
  return result;
}

static perceiver_status resolve_kernels(perceiver_cuda_model *model) {
  const perceiver_artifact *artifact = model->base.artifact;
  for (int32_t i = 0; i < artifact->kernel_count; ++i) {
    const char *name = artifact->kernels[i].name;
    int32_t shared = model->image->shapes[i].shared_bytes;
    if (shared > model->device.shared_bytes)
      return perceiver_rt_fail(
          PERCEIVER_DEVICE_UNSUPPORTED,
          "kernel %s needs %d bytes of shared memory, but device %d (%s) has "
          "%d for a block",
          name, shared, model->device.ordinal, model->device.name,
          model->device.shared_bytes);
    CUresult result = model->driver.cuModuleGetFunction(&model->functions[i],
                                                        model->module, name);
    if (result == CUDA_SUCCESS && shared > USUAL_SHARED_BYTES)
      result = model->driver.cuFuncSetAttribute(
          model->functions[i], CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES,
          shared);
    if (result != CUDA_SUCCESS)
      return perceiver_rt_cuda_fail(model, result,
                                    "kernel %s of model \"%s\" is not usable",
                                    name, artifact->model_name);
  }
  return PERCEIVER_OK;
}

perceiver_status perceiver_rt_cuda_load_image(perceiver_cuda_model *model) {
  const perceiver_artifact *artifact = model->base.artifact;
  int32_t arch = model->device.arch;
  CUresult last = CUDA_SUCCESS;
  const perceiver_image *image = next_image(artifact, arch, INT32_MAX);
  for (; image; image = next_image(artifact, arch, rate_image(image, arch))) {
    char log[1024];
    CUresult result = load_module(model, image, log, sizeof log);
    switch (result) {
    case CUDA_SUCCESS:
      return resolve_kernels(model);
    case CUDA_ERROR_INVALID_IMAGE:
    case CUDA_ERROR_NO_BINARY_FOR_GPU:
    case CUDA_ERROR_UNSUPPORTED_PTX_VERSION:
      last = result;
      break;
    case CUDA_ERROR_JIT_COMPILER_NOT_FOUND:
      return perceiver_rt_fail(
          PERCEIVER_DRIVER_UNAVAILABLE,
          "the CUDA driver has no compiler for PTX (libnvidia-ptxjitcompiler), "
          "and model \"%s\" has no cubin that device %d (%s, sm_%d) takes",
          artifact->model_name, model->device.ordinal, model->device.name,
          arch);
    case CUDA_ERROR_INVALID_PTX:
      flatten(log);
      return perceiver_rt_fail(
          PERCEIVER_DEVICE_FAILED,
          "the CUDA driver refuses the PTX of model \"%s\": %.300s",
          artifact->model_name, *log ? log : "it does not say why");
    default:
      return perceiver_rt_cuda_fail(model, result,
                                    "the code of model \"%s\" for sm_%d cannot "
                                    "be loaded",
                                    artifact->model_name, image->arch);
    }
  }
  return refuse_device(model, last);
}
