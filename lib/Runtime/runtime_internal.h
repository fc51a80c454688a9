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

#ifdef __cplusplus
extern "C" {
#endif

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

/* Check an artefact, which has to be of this kind, and the processor, and map
   the weights, if it has any. */
perceiver_status perceiver_rt_open_artifact(const perceiver_artifact *artifact,
                                            perceiver_kind kind,
                                            const char *weights_path,
                                            const void *code_address,
                                            perceiver_mapping *weights);

/* Null, with an error text, if there is no such entry. */
const perceiver_entry *
perceiver_rt_find_entry(const perceiver_artifact *artifact,
                        int32_t entry_index);

/* Check that each size is in its range, that all conditions hold, and that
   derived sizes are 1 or more. */
perceiver_status perceiver_rt_check_sizes(const perceiver_entry *entry,
                                          const int64_t *sizes);

/* What a dimension of an argument is. `sizes` must have been checked. */
int64_t perceiver_rt_dimension(const perceiver_entry *entry, int64_t dimension,
                               const int64_t *sizes);

/* The bytes, each rounded up to the alignment, of all arguments for which null
   may be passed. `sizes` must have been checked. */
perceiver_status perceiver_rt_fill_bytes(const perceiver_entry *entry,
                                         const int64_t *sizes,
                                         int64_t alignment, int64_t *total);

/* Check the integers of arguments, arrays of the host, that have bounds. Sizes
   and arguments must have been checked. */
perceiver_status perceiver_rt_check_bounds(const perceiver_entry *entry,
                                           const int64_t *sizes,
                                           void *const *arguments);

/* Check addresses, of the host or of a device, and that what is written
   overlaps nothing. Sets the bytes of each argument. `sizes` must have been
   checked. */
perceiver_status
perceiver_rt_check_arguments(const perceiver_entry *entry, const int64_t *sizes,
                             void *const *arguments, const void *workspace,
                             size_t workspace_bytes,
                             int64_t bytes[PERCEIVER_RT_MAX_ARGUMENTS]);

/* How buffers are laid out. */
typedef struct perceiver_layout {
  int64_t alignment;
  /* Bytes behind each buffer that belong to none. */
  int64_t gap;
  /* No two buffers share memory. */
  bool is_separate;
} perceiver_layout;

/* That of perceiver_rt_plan. */
extern const perceiver_layout perceiver_rt_host_layout;

/* As perceiver_rt_plan. */
perceiver_status perceiver_rt_plan_layout(const perceiver_entry *entry,
                                          const int64_t *sizes, int32_t workers,
                                          const perceiver_layout *layout,
                                          int64_t *offsets_and_strides,
                                          int64_t *total);

/* The same, but if that needs more than `available` bytes and the plan for the
   largest sizes does not, take that. *total > available: neither fits. */
perceiver_status perceiver_rt_plan_within(const perceiver_entry *entry,
                                          const int64_t *sizes, int32_t workers,
                                          const perceiver_layout *layout,
                                          int64_t available,
                                          int64_t *offsets_and_strides,
                                          int64_t *total);

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

#ifdef __cplusplus
}
#endif

#endif /* PERCEIVER_LIB_RUNTIME_RUNTIME_INTERNAL_H */
