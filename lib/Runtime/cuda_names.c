/*===- cuda_names.c - Naming memory for an emulated device --------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* The steps of a body are numbers in the order of the text, so within a loop
   they begin again. A buffer of the loop's body ends within it: when the loop
   has gone round, it begins anew. One from outside is live beyond the last step
   of the loop.

   Test: test/Unit/RuntimeCudaLaunchTest.cpp. */

#include "lib/Runtime/cuda_launch.h"

#include <stdio.h>

static void annotate(const perceiver_cuda_run *run, const void *address,
                     int64_t bytes, const char *name, unsigned flags) {
  /* Words of 4 bytes have content or not: spare what shares one. */
  if (((uintptr_t)address | (uintptr_t)bytes) % 4)
    flags &= ~(unsigned)PERCEIVER_CUDA_POISON;
  /* A line of a finding is split at blanks. */
  char word[64];
  size_t length = 0;
  for (; name[length] && length < sizeof word - 1; ++length)
    word[length] = name[length] == ' ' ? '_' : name[length];
  word[length] = 0;
  run->model->driver.annotate(run->stream, (CUdeviceptr)(uintptr_t)address,
                              (size_t)bytes, word, flags);
}

void perceiver_rt_cuda_name_arguments(perceiver_cuda_run *run,
                                      const perceiver_frame *frame,
                                      const int64_t *argument_bytes) {
  if (!run->model->driver.annotate)
    return;
  for (int32_t i = 0; i < run->entry->argument_count; ++i) {
    const perceiver_argument *argument = &run->entry->arguments[i];
    if (argument_bytes[i])
      annotate(run, frame->arguments[i], argument_bytes[i], argument->name,
               argument->is_output ? PERCEIVER_CUDA_POISON
                                   : PERCEIVER_CUDA_READ_ONLY);
  }
}

static const char *buffer_address(const perceiver_frame *frame, int32_t i) {
  return frame->workspace + frame->buffers[2 * i];
}

/* Whether a buffer begins at a step that follows `previous`. */
static bool begins(const perceiver_buffer *buffer, int32_t previous,
                   int32_t position) {
  if (position < buffer->first || position > buffer->last)
    return false;
  return position > previous ? buffer->first > previous
                             : buffer->last <= previous;
}

void perceiver_rt_cuda_name_buffers(perceiver_cuda_run *run,
                                    const perceiver_frame *frame,
                                    int32_t position) {
  if (!run->model->driver.annotate)
    return;
  const perceiver_entry *entry = run->entry;
  /* What ends first: a buffer may begin at the address of one that ended. */
  for (int32_t i = 0; i < entry->buffer_count; ++i) {
    const perceiver_buffer *buffer = &entry->buffers[i];
    if (run->is_named[i] &&
        (position < buffer->first || position > buffer->last)) {
      annotate(run, buffer_address(frame, i), 0, "", PERCEIVER_CUDA_END);
      run->is_named[i] = false;
    }
  }
  for (int32_t i = 0; i < entry->buffer_count; ++i) {
    const perceiver_buffer *buffer = &entry->buffers[i];
    int64_t bytes;
    if (!begins(buffer, run->position, position) ||
        perceiver_rt_evaluate(buffer->size, buffer->size_length, frame->sizes,
                              entry->symbol_count, &bytes) != PERCEIVER_OK ||
        !bytes)
      continue;
    char name[24]; /* As in metadata, which the compiler writes. */
    snprintf(name, sizeof name, "buffer_%d", i);
    annotate(run, buffer_address(frame, i), bytes, name, PERCEIVER_CUDA_POISON);
    run->is_named[i] = true;
  }
  run->position = position;
}

void perceiver_rt_cuda_end_names(perceiver_cuda_run *run,
                                 const perceiver_frame *frame) {
  if (!run->model->driver.annotate)
    return;
  for (int32_t i = 0; i < run->entry->buffer_count; ++i)
    if (run->is_named[i])
      annotate(run, buffer_address(frame, i), 0, "", PERCEIVER_CUDA_END);
  for (int32_t i = 0; i < run->entry->argument_count; ++i)
    if (frame->arguments[i])
      annotate(run, frame->arguments[i], 0, "", PERCEIVER_CUDA_END);
}
