/*===- cuda_bounds.c - Bounds of integers on a CUDA device --------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* The host cannot look at arrays of the device. Kernels of the runtime's own
   do, for each argument that has bounds, in front of the entry's body:

     find    each block leaves the number of the first element outside that it
             meets in the workspace
     note    the first one of all is described in memory that the host reads,
             too, and the run is marked as spoilt

   and behind it, for each output:

     spoil   the output of a spoilt run becomes ones, which is NaN, and the host
             is told

   by way of a later call. Nothing waits: kernels of one stream run in order, so
   what one wrote is complete when the next one runs. Which element is named
   does not depend on how blocks run: it is the first of the first argument.

   All of an output is spoilt, whatever rows such an integer stands in: nothing
   here says which rows of an output depend on which of an input, and a row that
   was missed would be a wrong number.

   Test: test/Unit/RuntimeCudaRunTest.cpp. */

#include "lib/Runtime/cuda_bounds.h"

/* CU_MEMHOSTALLOC_DEVICEMAP, which is a macro in cuda.h. */
#define HOST_MEMORY_OF_DEVICES 2
/* Of a block, a power of two; `note` has one for each block of `find`. */
#define THREADS 256
#define MOST_BLOCKS THREADS

/* %d13 of thread 0 = the least %d11 of all threads; %r3 is the thread's number.
   Uses %r8 to %r12, %d12, %p6 and %p7. */
#define LEAST_OF_BLOCK                                                         \
  "  mov.u32 %r8, least;\n"                                                    \
  "  shl.b32 %r9, %r3, 3;\n"                                                   \
  "  add.s32 %r9, %r8, %r9;\n"                                                 \
  "  mov.u64 %d13, %d11;\n"                                                    \
  "  st.shared.u64 [%r9], %d13;\n"                                             \
  "  mov.u32 %r10, 128;\n"                                                     \
  "$half:\n"                                                                   \
  "  bar.sync 0;\n"                                                            \
  "  setp.ge.s32 %p6, %r3, %r10;\n"                                            \
  "  @%p6 bra $rest;\n"                                                        \
  "  shl.b32 %r11, %r10, 3;\n"                                                 \
  "  add.s32 %r12, %r9, %r11;\n"                                               \
  "  ld.shared.u64 %d12, [%r12];\n"                                            \
  "  min.u64 %d13, %d13, %d12;\n"                                              \
  "  st.shared.u64 [%r9], %d13;\n"                                             \
  "$rest:\n"                                                                   \
  "  shr.u32 %r10, %r10, 1;\n"                                                 \
  "  setp.ne.s32 %p7, %r10, 0;\n"                                              \
  "  @%p7 bra $half;\n"

static const char kernels[] =
    ".version 8.0\n"
    ".target sm_80\n"
    ".address_size 64\n"
    "// words[1 + block] = the number of the first element outside of\n"
    "// [low, high) that the block meets, or -1.\n"
    ".visible .entry perceiver_find(.param .u64 data, .param .u64 count,\n"
    "    .param .u64 low, .param .u64 high, .param .u64 wide,\n"
    "    .param .u64 words)\n"
    "{\n"
    "  .reg .pred %p<8>; .reg .b32 %r<13>; .reg .b64 %d<15>;\n"
    "  .shared .align 8 .b8 least[2048];\n"
    "  ld.param.u64 %d1, [data];\n"
    "  ld.param.u64 %d2, [count];\n"
    "  ld.param.u64 %d3, [low];\n"
    "  ld.param.u64 %d4, [high];\n"
    "  ld.param.u64 %d5, [wide];\n"
    "  ld.param.u64 %d6, [words];\n"
    "  mov.u32 %r1, %ctaid.x;\n"
    "  mov.u32 %r2, %ntid.x;\n"
    "  mov.u32 %r3, %tid.x;\n"
    "  mov.u32 %r4, %nctaid.x;\n"
    "  mad.lo.s32 %r5, %r1, %r2, %r3;\n"
    "  mul.lo.s32 %r6, %r2, %r4;\n"
    "  cvt.u64.u32 %d7, %r5;\n"
    "  cvt.u64.u32 %d8, %r6;\n"
    "  mov.u64 %d11, -1;\n"
    "  setp.ne.s64 %p1, %d5, 0;\n"
    "$next:\n"
    "  setp.ge.s64 %p2, %d7, %d2;\n"
    "  @%p2 bra $least;\n"
    "  @%p1 bra $wide;\n"
    "  shl.b64 %d9, %d7, 2;\n"
    "  add.s64 %d9, %d1, %d9;\n"
    "  ld.global.u32 %r7, [%d9];\n"
    "  cvt.s64.s32 %d10, %r7;\n"
    "  bra $compare;\n"
    "$wide:\n"
    "  shl.b64 %d9, %d7, 3;\n"
    "  add.s64 %d9, %d1, %d9;\n"
    "  ld.global.u64 %d10, [%d9];\n"
    "$compare:\n"
    "  setp.lt.s64 %p3, %d10, %d3;\n"
    "  setp.ge.s64 %p4, %d10, %d4;\n"
    "  or.pred %p3, %p3, %p4;\n"
    "  @%p3 bra $found;\n"
    "  add.s64 %d7, %d7, %d8;\n"
    "  bra $next;\n"
    "$found:\n"
    "  mov.u64 %d11, %d7;\n"
    "$least:\n" LEAST_OF_BLOCK "  setp.ne.s32 %p5, %r3, 0;\n"
    "  @%p5 bra $end;\n"
    "  cvt.u64.u32 %d14, %r1;\n"
    "  shl.b64 %d14, %d14, 3;\n"
    "  add.s64 %d14, %d6, %d14;\n"
    "  st.global.u64 [%d14+8], %d13;\n"
    "$end:\n"
    "  ret;\n"
    "}\n"
    "// record = {told, number, element, value}; words[0] = 1: spoilt.\n"
    ".visible .entry perceiver_note(.param .u64 data, .param .u64 wide,\n"
    "    .param .u64 number, .param .u64 blocks, .param .u64 words,\n"
    "    .param .u64 record)\n"
    "{\n"
    "  .reg .pred %p<8>; .reg .b32 %r<13>; .reg .b64 %d<15>;\n"
    "  .shared .align 8 .b8 least[2048];\n"
    "  ld.param.u64 %d1, [words];\n"
    "  ld.param.u64 %d2, [blocks];\n"
    "  mov.u32 %r3, %tid.x;\n"
    "  cvt.u64.u32 %d3, %r3;\n"
    "  mov.u64 %d11, -1;\n"
    "  setp.ge.s64 %p1, %d3, %d2;\n"
    "  @%p1 bra $least;\n"
    "  shl.b64 %d3, %d3, 3;\n"
    "  add.s64 %d3, %d1, %d3;\n"
    "  ld.global.u64 %d11, [%d3+8];\n"
    "$least:\n" LEAST_OF_BLOCK "  setp.ne.s32 %p1, %r3, 0;\n"
    "  @%p1 bra $end;\n"
    "  setp.eq.s64 %p2, %d13, -1;\n"
    "  @%p2 bra $end;\n"
    "  ld.global.u64 %d9, [%d1];\n"
    "  mov.u64 %d4, 1;\n"
    "  st.global.u64 [%d1], %d4;\n"
    "  ld.param.u64 %d5, [record];\n"
    "  ld.global.u64 %d6, [%d5];\n"
    "  or.b64 %d6, %d6, %d9;\n"
    "  setp.ne.s64 %p2, %d6, 0;\n"
    "  @%p2 bra $end;\n"
    "  st.global.u64 [%d5+16], %d13;\n"
    "  ld.param.u64 %d7, [number];\n"
    "  st.global.u64 [%d5+8], %d7;\n"
    "  ld.param.u64 %d7, [data];\n"
    "  ld.param.u64 %d8, [wide];\n"
    "  setp.ne.s64 %p3, %d8, 0;\n"
    "  @%p3 bra $wide;\n"
    "  shl.b64 %d13, %d13, 2;\n"
    "  add.s64 %d7, %d7, %d13;\n"
    "  ld.global.u32 %r1, [%d7];\n"
    "  cvt.s64.s32 %d8, %r1;\n"
    "  bra $store;\n"
    "$wide:\n"
    "  shl.b64 %d13, %d13, 3;\n"
    "  add.s64 %d7, %d7, %d13;\n"
    "  ld.global.u64 %d8, [%d7];\n"
    "$store:\n"
    "  st.global.u64 [%d5+24], %d8;\n"
    "$end:\n"
    "  ret;\n"
    "}\n"
    ".visible .entry perceiver_spoil(.param .u64 data, .param .u64 bytes,\n"
    "    .param .u64 words, .param .u64 record)\n"
    "{\n"
    "  .reg .pred %p<5>; .reg .b32 %r<8>; .reg .b64 %d<10>;\n"
    "  ld.param.u64 %d1, [words];\n"
    "  ld.global.u64 %d2, [%d1];\n"
    "  setp.eq.s64 %p1, %d2, 0;\n"
    "  @%p1 bra $end;\n"
    "  mov.u32 %r1, %ctaid.x;\n"
    "  mov.u32 %r2, %ntid.x;\n"
    "  mov.u32 %r3, %tid.x;\n"
    "  mov.u32 %r4, %nctaid.x;\n"
    "  mad.lo.s32 %r5, %r1, %r2, %r3;\n"
    "  mul.lo.s32 %r6, %r2, %r4;\n"
    "  cvt.u64.u32 %d3, %r5;\n"
    "  cvt.u64.u32 %d4, %r6;\n"
    "  ld.param.u64 %d5, [data];\n"
    "  ld.param.u64 %d6, [bytes];\n"
    "  ld.param.u64 %d7, [record];\n"
    "  setp.eq.s64 %p2, %d7, 0;\n"
    "  @%p2 bra $fill;\n"
    "  setp.ne.s64 %p3, %d3, 0;\n"
    "  @%p3 bra $fill;\n"
    "  mov.u64 %d8, 1;\n"
    "  st.global.u64 [%d7], %d8;\n"
    "$fill:\n"
    "  mov.u32 %r7, 255;\n"
    "$next:\n"
    "  setp.ge.s64 %p4, %d3, %d6;\n"
    "  @%p4 bra $end;\n"
    "  add.s64 %d8, %d5, %d3;\n"
    "  st.global.u8 [%d8], %r7;\n"
    "  add.s64 %d3, %d3, %d4;\n"
    "  bra $next;\n"
    "$end:\n"
    "  ret;\n"
    "}\n";

/* What the kernels say to the host; in memory that both can reach. */
struct perceiver_cuda_mistake {
  int64_t told; /* not 0: the rest is complete, and nobody has read it */
  int64_t number;
  int64_t element;
  int64_t value;
};

/* Which argument of which entry. */
static int64_t number_of(const perceiver_cuda_model *model,
                         const perceiver_entry *entry, int32_t argument) {
  return (entry - model->base.artifact->entries) * PERCEIVER_RT_MAX_ARGUMENTS +
         argument;
}

bool perceiver_rt_cuda_has_bounds(const perceiver_entry *entry) {
  for (int32_t i = 0; i < entry->argument_count; ++i)
    if (entry->arguments[i].bounds)
      return true;
  return false;
}

static CUresult load_kernels(perceiver_cuda_model *model) {
  perceiver_cuda_bounds *bounds = &model->bounds;
  const perceiver_cuda_driver *driver = &model->driver;
  CUresult result =
      driver->cuModuleLoadDataEx(&bounds->module, kernels, 0, NULL, NULL);
  if (result != CUDA_SUCCESS)
    bounds->module = NULL;
  if (result == CUDA_SUCCESS)
    result = driver->cuModuleGetFunction(&bounds->find, bounds->module,
                                         "perceiver_find");
  if (result == CUDA_SUCCESS)
    result = driver->cuModuleGetFunction(&bounds->note, bounds->module,
                                         "perceiver_note");
  if (result == CUDA_SUCCESS)
    result = driver->cuModuleGetFunction(&bounds->spoil, bounds->module,
                                         "perceiver_spoil");
  return result;
}

static CUresult allocate_mistake(perceiver_cuda_model *model) {
  perceiver_cuda_bounds *bounds = &model->bounds;
  void *memory = NULL;
  CUresult result = model->driver.cuMemHostAlloc(
      &memory, sizeof *bounds->mistake, HOST_MEMORY_OF_DEVICES);
  if (result != CUDA_SUCCESS)
    return result;
  bounds->mistake = memory;
  *bounds->mistake = (perceiver_cuda_mistake){.told = 0};
  return model->driver.cuMemHostGetDevicePointer_v2(&bounds->record, memory, 0);
}

perceiver_status perceiver_rt_cuda_load_bounds(perceiver_cuda_model *model) {
  const perceiver_artifact *artifact = model->base.artifact;
  bool any = false;
  for (int32_t i = 0; i < artifact->entry_count; ++i)
    any |= perceiver_rt_cuda_has_bounds(&artifact->entries[i]);
  if (!any)
    return PERCEIVER_OK;
  CUresult result = load_kernels(model);
  if (result == CUDA_SUCCESS)
    result = allocate_mistake(model);
  if (result == CUDA_SUCCESS)
    return PERCEIVER_OK;
  return perceiver_rt_cuda_fail(model, result,
                                "what checks the bounds of model \"%s\" cannot "
                                "be loaded to device %d (%s)",
                                artifact->model_name, model->device.ordinal,
                                model->device.name);
}

void perceiver_rt_cuda_release_bounds(perceiver_cuda_model *model) {
  if (model->bounds.mistake)
    model->driver.cuMemFreeHost(model->bounds.mistake);
  if (model->bounds.module)
    model->driver.cuModuleUnload(model->bounds.module);
}

perceiver_status perceiver_rt_cuda_take_mistake(perceiver_cuda_model *model) {
  perceiver_cuda_mistake *mistake = model->bounds.mistake;
  if (!mistake || !__atomic_load_n(&mistake->told, __ATOMIC_ACQUIRE))
    return PERCEIVER_OK;
  perceiver_cuda_mistake read = *mistake;
  /* Another thread may have read it, too. */
  if (!__atomic_exchange_n(&mistake->told, 0, __ATOMIC_ACQ_REL))
    return PERCEIVER_OK;
  const perceiver_entry *entry =
      &model->base.artifact->entries[read.number / PERCEIVER_RT_MAX_ARGUMENTS];
  const perceiver_argument *argument =
      &entry->arguments[read.number % PERCEIVER_RT_MAX_ARGUMENTS];
  return perceiver_rt_fail(
      PERCEIVER_INVALID_ARGUMENT,
      "entry \"%s\", in an earlier call: element %lld of %s is %lld, but must "
      "be from %lld to %lld",
      entry->name, (long long)read.element, argument->name,
      (long long)read.value, (long long)argument->bounds[0],
      (long long)argument->bounds[1] - 1);
}

/* How many blocks visit so many elements. */
static int64_t blocks_for(int64_t elements) {
  int64_t blocks = elements / THREADS + (elements % THREADS != 0);
  return blocks < MOST_BLOCKS ? blocks : MOST_BLOCKS;
}

static perceiver_status launch(perceiver_cuda_model *model,
                               const perceiver_entry *entry,
                               CUfunction function, int64_t blocks,
                               void **parameters, CUstream stream) {
  CUresult result =
      model->driver.cuLaunchKernel(function, (unsigned)blocks, 1, 1, THREADS, 1,
                                   1, 0, stream, parameters, NULL);
  if (result == CUDA_SUCCESS)
    return PERCEIVER_OK;
  return perceiver_rt_cuda_fail(
      model, result, "entry \"%s\": its bounds cannot be checked", entry->name);
}

perceiver_status perceiver_rt_cuda_find_outside(perceiver_cuda_model *model,
                                                const perceiver_entry *entry,
                                                void *const *arguments,
                                                const int64_t *argument_bytes,
                                                void *words, CUstream stream) {
  CUresult result = model->driver.cuMemsetD8Async((CUdeviceptr)(uintptr_t)words,
                                                  0, sizeof(int64_t), stream);
  if (result != CUDA_SUCCESS)
    return perceiver_rt_cuda_fail(model, result,
                                  "entry \"%s\": its bounds cannot be checked",
                                  entry->name);
  perceiver_status status = PERCEIVER_OK;
  for (int32_t i = 0; i < entry->argument_count && status == PERCEIVER_OK;
       ++i) {
    const perceiver_argument *argument = &entry->arguments[i];
    if (!argument->bounds || !argument_bytes[i])
      continue;
    void *data = arguments[i];
    int64_t wide = argument->dtype == PERCEIVER_I64;
    int64_t count = argument_bytes[i] / (wide ? 8 : 4);
    int64_t low = argument->bounds[0], high = argument->bounds[1];
    int64_t number = number_of(model, entry, i);
    int64_t blocks = blocks_for(count);
    void *find[] = {&data, &count, &low, &high, &wide, &words};
    void *note[] = {&data,   &wide,  &number,
                    &blocks, &words, &model->bounds.record};
    status = launch(model, entry, model->bounds.find, blocks, find, stream);
    if (status == PERCEIVER_OK)
      status = launch(model, entry, model->bounds.note, 1, note, stream);
  }
  return status;
}

perceiver_status perceiver_rt_cuda_spoil_outputs(perceiver_cuda_model *model,
                                                 const perceiver_entry *entry,
                                                 void *const *arguments,
                                                 const int64_t *argument_bytes,
                                                 void *words, CUstream stream) {
  perceiver_status status = PERCEIVER_OK;
  CUdeviceptr record = model->bounds.record;
  for (int32_t i = 0; i < entry->argument_count && status == PERCEIVER_OK;
       ++i) {
    void *data = arguments[i];
    int64_t bytes = argument_bytes[i];
    if (!entry->arguments[i].is_output || !bytes)
      continue;
    void *spoil[] = {&data, &bytes, &words, &record};
    status = launch(model, entry, model->bounds.spoil, blocks_for(bytes), spoil,
                    stream);
    /* The host is told once. */
    record = 0;
  }
  return status;
}
