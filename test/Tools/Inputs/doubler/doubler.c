/*===- doubler.c - A small model for CUDA devices, by hand --------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* What the compiler emits around the code for a device, for tests of the tools.
   Entry "run" doubles numbers; "broken" reads one beyond them. Metadata:
   doubler.json; kernels: doubler.ptx. */

#include "lib/Runtime/perceiver_runtime.h"

#define PUBLIC __attribute__((visibility("default")))

__asm__(".section .perceiver.meta,\"\",%progbits\n"
        ".incbin \"" DOUBLER_METADATA "\"\n"
        ".section .rodata\n"
        "doubler_ptx:\n"
        ".incbin \"" DOUBLER_PTX "\"\n"
        ".byte 0\n"
        ".previous\n");

extern const char doubler_ptx[] __attribute__((visibility("hidden")));

static void launch(const perceiver_frame *frame, int32_t kernel) {
  int64_t first = 0;
  void *parameters[] = {&first, (void *)(uintptr_t)&frame->arguments[0],
                        (void *)(uintptr_t)&frame->arguments[1]};
  frame->launcher->launch(frame, kernel, 0, frame->sizes[0], parameters);
}

static void run(const perceiver_frame *frame) { launch(frame, 0); }
static void broken(const perceiver_frame *frame) { launch(frame, 1); }

static const int64_t dims[] = {-1};
static const perceiver_argument arguments[] = {
    {"x", dims, 1, PERCEIVER_F32, 0, 0, NULL},
    {"y", dims, 1, PERCEIVER_F32, 1, 0, NULL}};
static const perceiver_symbol symbols[] = {{"n", 1, INT64_MAX}};
static const perceiver_entry entries[] = {
    {"run", run, arguments, symbols, NULL, 2, 1, 0, 0, NULL, NULL, 0, 0},
    {"broken", broken, arguments, symbols, NULL, 2, 1, 0, 0, NULL, NULL, 0, 0}};
static const perceiver_kernel kernels[] = {{"doubled", 3, 0}, {"beyond", 3, 0}};
static const perceiver_kernel_shape shapes[] = {{1, 0}, {1, 0}};
/* The driver finds the end of PTX by itself. */
static const perceiver_image images[] = {
    {80, PERCEIVER_IMAGE_PTX, doubler_ptx, 0, shapes}};
static const perceiver_artifact artifact = {
    .abi_version = PERCEIVER_ABI_VERSION,
    .size = sizeof(perceiver_artifact),
    .kind = PERCEIVER_KIND_CUDA,
    .entry_count = 2,
    .model_name = "doubler",
    .compiler_version = "test",
    .entries = entries,
    .id = "doubler",
    .kernels = kernels,
    .images = images,
    .kernel_count = 2,
    .image_count = 1,
};

PUBLIC perceiver_status doubler_load_cuda(const char *path,
                                          const perceiver_cuda_options *options,
                                          perceiver_model **model);
PUBLIC void doubler_free(perceiver_model *model);
PUBLIC const char *doubler_last_error(void);
PUBLIC perceiver_status doubler_workspace_size(const perceiver_model *model,
                                               int32_t entry,
                                               const int64_t *sizes,
                                               int32_t workers, size_t *bytes);
PUBLIC perceiver_status doubler_invoke(const perceiver_model *model,
                                       int32_t entry, const int64_t *sizes,
                                       void *const *arguments, void *workspace,
                                       size_t workspace_bytes,
                                       const perceiver_pool *pool);
PUBLIC perceiver_status doubler_pool_create(int32_t threads,
                                            perceiver_pool **pool);
PUBLIC perceiver_status doubler_pool_destroy(perceiver_pool *pool);

perceiver_status doubler_load_cuda(const char *path,
                                   const perceiver_cuda_options *options,
                                   perceiver_model **model) {
  return perceiver_rt_load_cuda(&artifact, path, (const void *)(uintptr_t)run,
                                options, model);
}

void doubler_free(perceiver_model *model) { perceiver_rt_free_cuda(model); }

const char *doubler_last_error(void) { return perceiver_rt_last_error(); }

perceiver_status doubler_workspace_size(const perceiver_model *model,
                                        int32_t entry, const int64_t *sizes,
                                        int32_t workers, size_t *bytes) {
  return perceiver_rt_workspace_size_cuda(&artifact, model, entry, sizes,
                                          workers, bytes);
}

perceiver_status doubler_invoke(const perceiver_model *model, int32_t entry,
                                const int64_t *sizes, void *const *arguments,
                                void *workspace, size_t workspace_bytes,
                                const perceiver_pool *pool) {
  return perceiver_rt_run_cuda(model, entry, sizes, arguments, workspace,
                               workspace_bytes, pool);
}

perceiver_status doubler_pool_create(int32_t threads, perceiver_pool **pool) {
  return perceiver_rt_pool_create(threads, pool);
}

perceiver_status doubler_pool_destroy(perceiver_pool *pool) {
  return perceiver_rt_pool_destroy(pool);
}
