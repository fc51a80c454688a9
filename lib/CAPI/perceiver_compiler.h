/*===- perceiver_compiler.h - The compiler for other languages ----*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* The compiler as a library, libperceiver_compiler.so: what the Python package
   calls, and other programs can. It exports the functions of this file and
   nothing else, whatever it is made of. The header is C99 and C++.

   Functions may be called by several threads at once; two compilations share
   nothing but the linker, which does one at a time. While a compilation runs,
   SIGINT, SIGTERM and the like remove its unfinished files before they reach
   the handlers that the program has installed. */

#ifndef PERCEIVER_LIB_CAPI_PERCEIVER_COMPILER_H
#define PERCEIVER_LIB_CAPI_PERCEIVER_COMPILER_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PERCEIVER_COMPILER_API_VERSION 2

#if defined(__GNUC__)
#define PERCEIVER_COMPILER_EXPORT __attribute__((visibility("default")))
#else
#define PERCEIVER_COMPILER_EXPORT
#endif

typedef enum perceiver_severity {
  PERCEIVER_SEVERITY_NOTE = 0,
  PERCEIVER_SEVERITY_REMARK = 1,
  PERCEIVER_SEVERITY_WARNING = 2,
  PERCEIVER_SEVERITY_ERROR = 3
} perceiver_severity;

typedef struct perceiver_diagnostic {
  perceiver_severity severity;
  const char *message;
  /* Null if the message is about no place in the description. */
  const char *file;
  /* Counted from 1; 0 if unknown. */
  uint32_t line;
  uint32_t column;
  /* Diagnostics without notes of their own. */
  const struct perceiver_diagnostic *notes;
  size_t note_count;
} perceiver_diagnostic;

typedef enum perceiver_compile_status {
  PERCEIVER_COMPILE_OK = 0,
  /* Diagnostics say why. No file has been written or changed. */
  PERCEIVER_COMPILE_FAILED = 1,
  /* is_cancelled returned true. No file has been written or changed. */
  PERCEIVER_COMPILE_CANCELLED = 2
} perceiver_compile_status;

/* Strings are UTF-8 and end with a zero byte. Null, or an empty string, means
   the default. Set everything to zero, then `size` and `version`, then what is
   wanted. Later releases add fields at the end, where zero means the default:
   a program that was built with fewer fields goes on working, and one that
   sets fields which this library lacks is refused. The version changes when a
   field changes its meaning. */
typedef struct perceiver_compile_options {
  /* sizeof(perceiver_compile_options) where the caller was built. */
  size_t size;
  /* PERCEIVER_COMPILER_API_VERSION. */
  uint32_t version;
  /* Not 0: tensors of the checkpoint that no parameter reads are an error, and
     so are parameters and functions of the description that no entry uses. */
  int32_t strict;
  /* The description: a file, or text of `source_size` bytes that diagnostics
     call `source_file`. */
  const char *source_file;
  const char *source;
  size_t source_size;
  /* The checkpoint with the parameters: a safetensors file, an index of shards
     (*.json), or a folder with model.safetensors or
     model.safetensors.index.json. Not needed to stop before a shared object. */
  const char *weights_file;
  /* What is written: OUT.so, with OUT.h and OUT.weights beside it, or the one
     file that `emit` asks for. */
  const char *output_file;
  /* As --target-triple, --target-cpu, --from and --emit of perceiver-compile.
     By default: what the output of a stage was made for, or else this machine
     and "native"; the first stage; "so". */
  const char *target_triple;
  const char *target_cpu;
  const char *from;
  const char *emit;
  /* Called for each diagnostic, by one thread at a time but not always by the
     one that compiles. What it gets lives until it returns. May be null. */
  void (*on_diagnostic)(void *user, const perceiver_diagnostic *diagnostic);
  /* Called between steps by the thread that compiles; not 0 ends the
     compilation. May be null. */
  int (*is_cancelled)(void *user);
  /* Passed to both. */
  void *user;
  /* As --transform of perceiver-compile: a file. */
  const char *transform_file;
  /* As --target, --cuda-arch and --ptxas of perceiver-compile: "cpu" (the
     default) or "cuda"; "80,90"; a program. Without the latter, code for CUDA
     devices has PTX alone. */
  const char *target;
  const char *cuda_arch;
  const char *ptxas;
  /* More of the checkpoint, each as weights_file, and a null pointer at the
   * end.
   */
  const char *const *more_weights_files;
  /* As --tasks of perceiver-compile; 0: the default. */
  int64_t tasks;
  /* As --without of perceiver-compile: names of rewrites, and a null pointer at
     the end. May be null. */
  const char *const *without;
} perceiver_compile_options;

/* Compile a description and write what the options ask for. */
PERCEIVER_COMPILER_EXPORT perceiver_compile_status
perceiver_compile(const perceiver_compile_options *options);

/* The version of the compiler, as "0.1.0". */
PERCEIVER_COMPILER_EXPORT const char *perceiver_compiler_version(void);

#ifdef __cplusplus
}
#endif

#endif /* PERCEIVER_LIB_CAPI_PERCEIVER_COMPILER_H */
