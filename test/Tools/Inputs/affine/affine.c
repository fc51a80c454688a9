/*===- affine.c - A small compiled model, written by hand ---------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* What the compiler emits around generated code, for tests of the tools. Entry
   "run": logits[b, k] = bias[k] + the sum over j of inputs[b, j] * w[j, k]
   where mask[b, j]; used[b] counts the j. Entry "square" goes through the
   workspace. Metadata: affine.json; weights: make_weights.py. */

#include "lib/Runtime/perceiver_runtime.h"

#define PUBLIC __attribute__((visibility("default")))

__asm__(".section .perceiver.meta,\"\",%progbits\n"
        ".incbin \"" AFFINE_METADATA "\"\n"
        ".previous\n");

static void run_row(void *context, int64_t row, int32_t worker) {
  const perceiver_frame *frame = context;
  const float *w = (const float *)frame->weights;
  const float *bias = (const float *)(frame->weights + 64);
  const float *inputs = (const float *)frame->arguments[0] + 3 * row;
  const uint8_t *mask = (const uint8_t *)frame->arguments[1] + 3 * row;
  float *logits = (float *)frame->arguments[2] + 2 * row;
  int64_t *used = (int64_t *)frame->arguments[3] + row;
  (void)worker;
  *used = 0;
  for (int k = 0; k < 2; ++k)
    logits[k] = bias[k];
  for (int j = 0; j < 3; ++j) {
    if (!mask[j])
      continue;
    ++*used;
    for (int k = 0; k < 2; ++k)
      logits[k] += inputs[j] * w[2 * j + k];
  }
}

static void run(const perceiver_frame *frame) {
  frame->pool->run_tasks(frame->pool->state, frame->sizes[0], run_row,
                         (void *)(uintptr_t)frame);
}

static void square(const perceiver_frame *frame) {
  const float *state = frame->arguments[0];
  float *copy = (float *)(frame->workspace + frame->buffers[0]);
  float *squared = frame->arguments[1];
  for (int64_t i = 0; i < frame->sizes[0]; ++i)
    copy[i] = state[i];
  for (int64_t i = 0; i < frame->sizes[0]; ++i)
    squared[i] = copy[i] * copy[i];
}

static const int64_t rows_of_3[] = {-1, 3};
static const int64_t rows_of_2[] = {-1, 2};
static const perceiver_argument run_arguments[] = {
    {"inputs", rows_of_3, 2, PERCEIVER_F32, 0, 0, NULL},
    {"mask", rows_of_3, 2, PERCEIVER_BOOL, 0, 0, NULL},
    {"logits", rows_of_2, 2, PERCEIVER_F32, 1, 0, NULL},
    {"used", rows_of_2, 1, PERCEIVER_I64, 1, 0, NULL},
};
static const perceiver_argument square_arguments[] = {
    {"state", rows_of_2, 1, PERCEIVER_F32, 0, 0, NULL},
    {"squared", rows_of_2, 1, PERCEIVER_F32, 1, 0, NULL},
};
static const perceiver_symbol run_symbols[] = {{"batch", 1, INT64_MAX}};
static const perceiver_symbol square_symbols[] = {{"n", 1, INT64_C(1) << 30}};
static const perceiver_size_instruction four_n[] = {
    {PERCEIVER_SIZE_SYMBOL, 0},
    {PERCEIVER_SIZE_CONSTANT, 4},
    {PERCEIVER_SIZE_MUL, 0},
};
static const perceiver_buffer square_buffers[] = {{four_n, 3, 0, 1, 0}};
static const perceiver_entry entries[] = {
    {"run", run, run_arguments, run_symbols, NULL, 4, 1, 0, 0, NULL, NULL, 0,
     0},
    {"square", square, square_arguments, square_symbols, square_buffers, 2, 1,
     1, 0, NULL, NULL, 0, 0},
};
static const perceiver_artifact artifact = {
    .abi_version = PERCEIVER_ABI_VERSION,
    .size = sizeof(perceiver_artifact),
    .entry_count = 2,
    .model_name = "affine",
    .compiler_version = "test",
    .entries = entries,
    .weights_bytes = 128,
    .id = "affine",
};

PUBLIC perceiver_status affine_load(const char *path, perceiver_model **model);
PUBLIC void affine_free(perceiver_model *model);
PUBLIC const char *affine_last_error(void);
PUBLIC perceiver_status affine_workspace_size(const perceiver_model *model,
                                              int32_t entry,
                                              const int64_t *sizes,
                                              int32_t workers, size_t *bytes);
PUBLIC perceiver_status affine_invoke(const perceiver_model *model,
                                      int32_t entry, const int64_t *sizes,
                                      void *const *arguments, void *workspace,
                                      size_t workspace_bytes,
                                      const perceiver_pool *pool);
PUBLIC perceiver_status affine_pool_create(int32_t threads,
                                           perceiver_pool **pool);
PUBLIC perceiver_status affine_pool_destroy(perceiver_pool *pool);

perceiver_status affine_load(const char *path, perceiver_model **model) {
  return perceiver_rt_load(&artifact, path, (const void *)(uintptr_t)run,
                           model);
}

void affine_free(perceiver_model *model) { perceiver_rt_free(model); }

const char *affine_last_error(void) { return perceiver_rt_last_error(); }

perceiver_status affine_workspace_size(const perceiver_model *model,
                                       int32_t entry, const int64_t *sizes,
                                       int32_t workers, size_t *bytes) {
  (void)model;
  return perceiver_rt_workspace_size(&artifact, entry, sizes, workers, bytes);
}

perceiver_status affine_invoke(const perceiver_model *model, int32_t entry,
                               const int64_t *sizes, void *const *arguments,
                               void *workspace, size_t workspace_bytes,
                               const perceiver_pool *pool) {
  return perceiver_rt_run(model, entry, sizes, arguments, workspace,
                          workspace_bytes, pool);
}

perceiver_status affine_pool_create(int32_t threads, perceiver_pool **pool) {
  return perceiver_rt_pool_create(threads, pool);
}

perceiver_status affine_pool_destroy(perceiver_pool *pool) {
  return perceiver_rt_pool_destroy(pool);
}
