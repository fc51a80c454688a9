/*===- perceiver_abi.h - What users of compiled models see --------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* The types that every compiled model has in common: status codes and thread
   pools. The text of this file is part of each generated header, so that a
   model needs no other file and several models fit into one program. It is
   C99 and C++. Definitions are only ever added under one PERCEIVER_ABI_VERSION.

   Threads: a loaded model is immutable. Any number of threads may run it at
   once, each with a workspace and outputs of its own; they may share a pool.
   Memory: the caller owns arguments, workspace and pool, keeps them until the
   call returns, and passes a workspace aligned to
   PERCEIVER_WORKSPACE_ALIGNMENT. Its content means nothing between two runs.
   Outputs overlap neither inputs nor each other nor the workspace. A run
   allocates nothing. A workspace for given sizes and workers serves exactly
   these; the one for the largest size that each dimension may have serves all
   sizes with that number of workers. */

#ifndef PERCEIVER_ABI_H
#define PERCEIVER_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PERCEIVER_ABI_VERSION 1
#define PERCEIVER_WORKSPACE_ALIGNMENT 64

/* What every function returns. The text of the last error (in words, with
   names and numbers) is kept for each thread beside it. */
typedef enum perceiver_status {
  PERCEIVER_OK = 0,
  /* A null pointer, an unknown entry, overlapping memory, a malformed pool, an
     integer outside of its bounds. */
  PERCEIVER_INVALID_ARGUMENT = 1,
  /* A dimension outside of the range that the model was compiled for, sizes
     that do not meet a condition of the entry, or whose product does not fit
     into 63 bits. */
  PERCEIVER_SIZE_OUT_OF_RANGE = 2,
  PERCEIVER_FILE_NOT_FOUND = 3,
  PERCEIVER_FILE_UNREADABLE = 4,
  /* Not a weights file, or one whose header contradicts itself. */
  PERCEIVER_FILE_FORMAT = 5,
  /* Shorter than its header says. */
  PERCEIVER_FILE_TRUNCATED = 6,
  /* Made for another version of the runtime or of the file format. */
  PERCEIVER_VERSION_MISMATCH = 7,
  /* A sound weights file, but of another model. */
  PERCEIVER_OTHER_MODEL = 8,
  PERCEIVER_CHECKSUM_MISMATCH = 9,
  /* The model uses instructions that this processor lacks. */
  PERCEIVER_CPU_UNSUPPORTED = 10,
  PERCEIVER_OUT_OF_MEMORY = 11,
  PERCEIVER_WORKSPACE_TOO_SMALL = 12,
  PERCEIVER_MISALIGNED = 13,
  /* Threads could not be started. */
  PERCEIVER_THREADS = 14,
  /* No driver of a device, no device, or a driver that is too old. */
  PERCEIVER_DRIVER_UNAVAILABLE = 15,
  /* The file holds no code for this device, or needs more than it has. */
  PERCEIVER_DEVICE_UNSUPPORTED = 16,
  /* A call of the driver failed, or what was launched earlier did. */
  PERCEIVER_DEVICE_FAILED = 17
} perceiver_status;

/* One of the tasks of a run_tasks call. Tasks do not synchronise with each
   other: they are right in any order, also one after another. */
typedef void (*perceiver_task)(void *context, int64_t index, int32_t worker);

/* Where a model's tasks run: the pool that comes with a model, or your own.
   One pool may serve several models and several threads. It must outlive every
   call that it was passed to, and the shared object that made it must stay
   loaded as long. */
typedef struct perceiver_pool {
  /* PERCEIVER_ABI_VERSION. */
  uint32_t version;
  /* How many tasks run at once at most; at least 1, constant. */
  int32_t worker_count;
  /* Passed back to run_tasks. */
  void *state;
  /* Call task(context, i, worker) exactly once for each i in [0, task_count)
     and return when all of these calls have returned. `worker` lies in
     [0, worker_count); two tasks of one call that run at the same time have
     different workers. May be called by several threads at once. */
  void (*run_tasks)(void *state, int64_t task_count, perceiver_task task,
                    void *context);
} perceiver_pool;

#ifdef __cplusplus
}
#endif

#endif /* PERCEIVER_ABI_H */
