/*===- abi_layout.c - Offsets that generated code relies on -------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* The compiler emits these structures as LLVM constants and loads from
   perceiver_frame and perceiver_pool. A change here is a change there. */

#include "lib/Runtime/perceiver_runtime.h"

#define CHECK_OFFSET(type, field, offset)                                      \
  _Static_assert(offsetof(type, field) == (offset), #type "." #field)
#define CHECK_SIZE(type, size) _Static_assert(sizeof(type) == (size), #type)

_Static_assert(sizeof(void *) == 8, "the layout below is that of 64 bits");
_Static_assert(sizeof(perceiver_status) == 4, "a status is an i32");

CHECK_OFFSET(perceiver_pool, version, 0);
CHECK_OFFSET(perceiver_pool, worker_count, 4);
CHECK_OFFSET(perceiver_pool, state, 8);
CHECK_OFFSET(perceiver_pool, run_tasks, 16);
CHECK_SIZE(perceiver_pool, 24);

CHECK_OFFSET(perceiver_frame, size, 0);
CHECK_OFFSET(perceiver_frame, pool, 8);
CHECK_OFFSET(perceiver_frame, weights, 16);
CHECK_OFFSET(perceiver_frame, workspace, 24);
CHECK_OFFSET(perceiver_frame, buffers, 32);
CHECK_OFFSET(perceiver_frame, arguments, 40);
CHECK_OFFSET(perceiver_frame, sizes, 48);
CHECK_OFFSET(perceiver_frame, run_state, 56);
CHECK_OFFSET(perceiver_frame, launcher, 64);
CHECK_SIZE(perceiver_frame, 72);

CHECK_OFFSET(perceiver_launcher, launch, 0);
CHECK_OFFSET(perceiver_launcher, copy, 8);
CHECK_SIZE(perceiver_launcher, 16);

CHECK_OFFSET(perceiver_size_instruction, opcode, 0);
CHECK_OFFSET(perceiver_size_instruction, value, 8);
CHECK_SIZE(perceiver_size_instruction, 16);

CHECK_OFFSET(perceiver_buffer, size, 0);
CHECK_OFFSET(perceiver_buffer, size_length, 8);
CHECK_OFFSET(perceiver_buffer, first, 12);
CHECK_OFFSET(perceiver_buffer, last, 16);
CHECK_OFFSET(perceiver_buffer, per_worker, 20);
CHECK_SIZE(perceiver_buffer, 24);

CHECK_OFFSET(perceiver_symbol, name, 0);
CHECK_OFFSET(perceiver_symbol, minimum, 8);
CHECK_OFFSET(perceiver_symbol, maximum, 16);
CHECK_SIZE(perceiver_symbol, 24);

CHECK_OFFSET(perceiver_argument, name, 0);
CHECK_OFFSET(perceiver_argument, dims, 8);
CHECK_OFFSET(perceiver_argument, rank, 16);
CHECK_OFFSET(perceiver_argument, dtype, 20);
CHECK_OFFSET(perceiver_argument, is_output, 24);
CHECK_OFFSET(perceiver_argument, fill, 28);
CHECK_OFFSET(perceiver_argument, bounds, 32);
CHECK_SIZE(perceiver_argument, 40);

CHECK_OFFSET(perceiver_derived_size, text, 0);
CHECK_OFFSET(perceiver_derived_size, value, 8);
CHECK_OFFSET(perceiver_derived_size, value_length, 16);
CHECK_SIZE(perceiver_derived_size, 24);

CHECK_OFFSET(perceiver_condition, sentence, 0);
CHECK_OFFSET(perceiver_condition, value, 8);
CHECK_OFFSET(perceiver_condition, value_length, 16);
CHECK_OFFSET(perceiver_condition, reserved, 20);
CHECK_SIZE(perceiver_condition, 24);

CHECK_OFFSET(perceiver_entry, name, 0);
CHECK_OFFSET(perceiver_entry, body, 8);
CHECK_OFFSET(perceiver_entry, arguments, 16);
CHECK_OFFSET(perceiver_entry, symbols, 24);
CHECK_OFFSET(perceiver_entry, buffers, 32);
CHECK_OFFSET(perceiver_entry, argument_count, 40);
CHECK_OFFSET(perceiver_entry, symbol_count, 44);
CHECK_OFFSET(perceiver_entry, buffer_count, 48);
CHECK_OFFSET(perceiver_entry, derived_count, 52);
CHECK_OFFSET(perceiver_entry, derived, 56);
CHECK_OFFSET(perceiver_entry, conditions, 64);
CHECK_OFFSET(perceiver_entry, condition_count, 72);
CHECK_SIZE(perceiver_entry, 80);

CHECK_OFFSET(perceiver_artifact, abi_version, 0);
CHECK_OFFSET(perceiver_artifact, size, 4);
CHECK_OFFSET(perceiver_artifact, model_name, 8);
CHECK_OFFSET(perceiver_artifact, compiler_version, 16);
CHECK_OFFSET(perceiver_artifact, entries, 24);
CHECK_OFFSET(perceiver_artifact, weights_bytes, 32);
CHECK_OFFSET(perceiver_artifact, cpu_features, 40);
CHECK_OFFSET(perceiver_artifact, id, 48);
CHECK_OFFSET(perceiver_artifact, entry_count, 80);
CHECK_OFFSET(perceiver_artifact, kind, 84);
/* Descriptors for the CPU have the 88 bytes before this. */
CHECK_OFFSET(perceiver_artifact, kernels, 88);
CHECK_OFFSET(perceiver_artifact, images, 96);
CHECK_OFFSET(perceiver_artifact, kernel_count, 104);
CHECK_OFFSET(perceiver_artifact, image_count, 108);
CHECK_SIZE(perceiver_artifact, 112);

CHECK_OFFSET(perceiver_kernel, name, 0);
CHECK_OFFSET(perceiver_kernel, parameter_count, 8);
CHECK_SIZE(perceiver_kernel, 16);

CHECK_OFFSET(perceiver_kernel_shape, threads, 0);
CHECK_OFFSET(perceiver_kernel_shape, shared_bytes, 4);
CHECK_SIZE(perceiver_kernel_shape, 8);

CHECK_OFFSET(perceiver_image, arch, 0);
CHECK_OFFSET(perceiver_image, kind, 4);
CHECK_OFFSET(perceiver_image, data, 8);
CHECK_OFFSET(perceiver_image, bytes, 16);
CHECK_OFFSET(perceiver_image, shapes, 24);
CHECK_SIZE(perceiver_image, 32);

CHECK_OFFSET(perceiver_weights_header, id, 16);
CHECK_OFFSET(perceiver_weights_header, file_bytes, 48);
CHECK_OFFSET(perceiver_weights_header, header_checksum, 120);
CHECK_SIZE(perceiver_weights_header, 128);
