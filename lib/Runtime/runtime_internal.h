/*===- runtime_internal.h - Shared by the runtime's files ---------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

#ifndef PERCEIVER_LIB_RUNTIME_RUNTIME_INTERNAL_H
#define PERCEIVER_LIB_RUNTIME_RUNTIME_INTERNAL_H

#include "lib/Runtime/perceiver_runtime.h"

#include <stdbool.h>

/* A weights file in memory. */
typedef struct perceiver_mapping {
  void *address; /* null if there is none */
  size_t bytes;
  perceiver_weights_header header;
} perceiver_mapping;

struct perceiver_model {
  const perceiver_artifact *artifact;
  perceiver_mapping weights;
};

/* Keep the sentence for perceiver_rt_last_error() and return `status`. */
perceiver_status perceiver_rt_fail(perceiver_status status, const char *format,
                                   ...) __attribute__((format(printf, 2, 3)));

/* Map a weights file after checking its header, and against the artefact unless
   that is null. */
perceiver_status perceiver_rt_map_weights(const char *path,
                                          const perceiver_artifact *artifact,
                                          perceiver_mapping *mapping);

void perceiver_rt_unmap_weights(perceiver_mapping *mapping);

/* Refuse if this processor lacks a feature in `required`; ask the operating
   system for those that it grants on demand only. */
perceiver_status perceiver_rt_check_cpu(uint64_t required,
                                        const char *model_name);

/* The processors that the quotas of this process's control groups allow,
   rounded up, as the files below `root` say ("" for those of the system); 0 if
   there is no quota. */
int32_t perceiver_rt_quota(const char *root);

/* Round up to a multiple of 64. False if that overflows. */
static inline bool perceiver_rt_align(int64_t bytes, int64_t *aligned) {
  if (__builtin_add_overflow(bytes, PERCEIVER_WORKSPACE_ALIGNMENT - 1, aligned))
    return false;
  *aligned &= ~(int64_t)(PERCEIVER_WORKSPACE_ALIGNMENT - 1);
  return true;
}

#endif /* PERCEIVER_LIB_RUNTIME_RUNTIME_INTERNAL_H */
