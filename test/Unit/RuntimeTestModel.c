/*===- RuntimeTestModel.c - A model as the compiler emits it ------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* What a compiled model looks like from the outside, written by hand: a shared
   object with a few public functions around the runtime's. The model computes
   outputs[i] = weights[i % 4] * inputs[i]. */

#include "lib/Runtime/perceiver_runtime.h"

#define PUBLIC __attribute__((visibility("default")))

static void scale_row(void *context, int64_t row, int32_t worker) {
  const perceiver_frame *frame = context;
  const float *weights = (const float *)frame->weights;
  const float *inputs = frame->arguments[0];
  float *outputs = frame->arguments[1];
  (void)worker;
  for (int64_t i = 4 * row; i < 4 * row + 4; ++i)
    outputs[i] = weights[i % 4] * inputs[i];
}

static void scale(const perceiver_frame *frame) {
  frame->pool->run_tasks(frame->pool->state, frame->sizes[0], scale_row,
                         (void *)(uintptr_t)frame);
}

static const int64_t dims[] = {-1, 4};
static const perceiver_argument arguments[] = {
    {"inputs", dims, 2, PERCEIVER_F32, 0, 0, NULL},
    {"outputs", dims, 2, PERCEIVER_F32, 1, 0, NULL},
};
static const perceiver_symbol symbols[] = {{"rows", 1, 1 << 20}};
static const perceiver_entry entries[] = {
    {"run", scale, arguments, symbols, NULL, 2, 1, 0, 0, NULL, NULL, 0, 0},
};
static const perceiver_artifact artifact = {
    .abi_version = PERCEIVER_ABI_VERSION,
    .size = sizeof(perceiver_artifact),
    .entry_count = 1,
    .model_name = "scale",
    .compiler_version = "test",
    .entries = entries,
    .weights_bytes = 4 * sizeof(float),
    .id = "scale",
};

PUBLIC perceiver_status scale_load(const char *path, perceiver_model **model);
PUBLIC void scale_free(perceiver_model *model);
PUBLIC const char *scale_last_error(void);
PUBLIC perceiver_status scale_run(perceiver_model *model, const float *inputs,
                                  float *outputs, int64_t rows,
                                  const perceiver_pool *pool);
PUBLIC perceiver_status scale_pool_create(int32_t threads,
                                          perceiver_pool **pool);
PUBLIC perceiver_status scale_pool_destroy(perceiver_pool *pool);

perceiver_status scale_load(const char *path, perceiver_model **model) {
  return perceiver_rt_load(&artifact, path, (const void *)(uintptr_t)scale,
                           model);
}

void scale_free(perceiver_model *model) { perceiver_rt_free(model); }

const char *scale_last_error(void) { return perceiver_rt_last_error(); }

perceiver_status scale_run(perceiver_model *model, const float *inputs,
                           float *outputs, int64_t rows,
                           const perceiver_pool *pool) {
  void *const values[] = {(void *)(uintptr_t)inputs, outputs};
  return perceiver_rt_run(model, 0, &rows, values, NULL, 0, pool);
}

perceiver_status scale_pool_create(int32_t threads, perceiver_pool **pool) {
  return perceiver_rt_pool_create(threads, pool);
}

perceiver_status scale_pool_destroy(perceiver_pool *pool) {
  return perceiver_rt_pool_destroy(pool);
}
