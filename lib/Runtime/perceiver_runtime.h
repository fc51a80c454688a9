/*===- perceiver_runtime.h - Generated code and its runtime -------*- C -*-===*\
|*                                                                            *|
|* Part of the Perceiver compiler, under the Apache License v2.0 with LLVM    *|
|* Exceptions. See LICENSE for license information.                           *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
\*===----------------------------------------------------------------------===*/

/* The contract between generated code and the runtime that is linked into the
   same artefact. All symbols are hidden there; users see perceiver_abi.h.

   The compiler emits one constant perceiver_artifact and, per entry point, a
   body. A wrapper per public function collects sizes and arguments and calls
   one function of this file. abi_layout.c states all offsets.

   Every function but the trivial ones returns a status; a status other than
   PERCEIVER_OK comes with a sentence in perceiver_rt_last_error(). Nothing
   here has global state but that text, which is per thread. */

#ifndef PERCEIVER_LIB_RUNTIME_PERCEIVER_RUNTIME_H
#define PERCEIVER_LIB_RUNTIME_PERCEIVER_RUNTIME_H

#include "lib/Runtime/perceiver_abi.h"
#include "lib/Runtime/perceiver_cuda.h"
#include "lib/Runtime/size_program.h"
#include "lib/Runtime/weights_format.h"

#ifdef __cplusplus
extern "C" {
#endif

/* An entry with more buffers, arguments or symbols is refused by
   perceiver_rt_load. */
#define PERCEIVER_RT_MAX_BUFFERS 1024
#define PERCEIVER_RT_MAX_ARGUMENTS 256
#define PERCEIVER_RT_MAX_SYMBOLS 64
/* Workers that a pool may have. */
#define PERCEIVER_RT_MAX_WORKERS 4096

/*===----------------------------------------------------------------------===*
 * What an artefact says about itself
 *===----------------------------------------------------------------------===*/

typedef enum perceiver_dtype {
  PERCEIVER_F32 = 0,
  PERCEIVER_F64 = 1,
  PERCEIVER_F16 = 2,
  PERCEIVER_BF16 = 3,
  PERCEIVER_I8 = 4,
  PERCEIVER_I16 = 5,
  PERCEIVER_I32 = 6,
  PERCEIVER_I64 = 7,
  PERCEIVER_U8 = 8,
  PERCEIVER_BOOL = 9 /* one byte, of which 0 is false */
} perceiver_dtype;

/* One piece of the workspace. Positions number the steps of a body in the order
   in which they run; a buffer is live from `first` to `last`, both included.
   Buffers that are live at the same position never overlap. */
typedef struct perceiver_buffer {
  /* Bytes (of one worker's part when per_worker is set). */
  const perceiver_size_instruction *size;
  int32_t size_length;
  int32_t first;
  int32_t last;
  /* Not 0: each worker has a part of its own. */
  int32_t per_worker;
} perceiver_buffer;

/* A named dynamic size. */
typedef struct perceiver_symbol {
  const char *name;
  int64_t minimum;
  int64_t maximum; /* INT64_MAX: no limit but memory */
} perceiver_symbol;

/* A size that follows from the symbols, as one of a result. A run where it is
   less than 1 is refused. */
typedef struct perceiver_derived_size {
  const char *text; /* "points * 16" */
  const perceiver_size_instruction *value;
  int32_t value_length;
  int32_t reserved; /* 0 */
} perceiver_derived_size;

/* What must hold of the symbols of a run. */
typedef struct perceiver_condition {
  const char *sentence;                    /* what the error says */
  const perceiver_size_instruction *value; /* must be 0 or more */
  int32_t value_length;
  int32_t reserved; /* 0 */
} perceiver_condition;

/* What stands for an input for which a caller passes null: a mask of the
   argument's shape, all false or all true. Elements of any type are true if
   they are not 0. */
typedef enum perceiver_fill {
  PERCEIVER_FILL_NONE = 0, /* null is an error */
  PERCEIVER_FILL_FALSE = 1,
  PERCEIVER_FILL_TRUE = 2
} perceiver_fill;

/* An input or output: dense, row-major, aligned to its element. */
typedef struct perceiver_argument {
  const char *name;
  /* `rank` sizes: a value >= 0 is static, -1 - s stands for symbol s, and if
     there is none of that number for derived size s - symbol_count. */
  const int64_t *dims;
  int32_t rank;
  int32_t dtype; /* perceiver_dtype */
  int32_t is_output;
  int32_t fill; /* perceiver_fill */
  /* Two numbers, the lowest and the one after the highest that the integers of
     an input may be; null: any. */
  const int64_t *bounds;
} perceiver_argument;

typedef struct perceiver_frame perceiver_frame;

/* What the body of an entry for a device calls instead of a pool. Errors are
   kept in the frame's run_state; later calls then do nothing. `position` is the
   step of the body, as in perceiver_buffer. */
typedef struct perceiver_launcher {
  /* Run `tasks` blocks of kernel number `kernel`; 0 does nothing.
     parameters[i] points to parameter i; parameters[0] to the int64 number of
     the first task, 0, which the launcher changes where it has to cut a grid.
   */
  void (*launch)(const perceiver_frame *frame, int32_t kernel, int32_t position,
                 int64_t tasks, void **parameters);
  /* Copy device memory to device memory. The two do not overlap. */
  void (*copy)(const perceiver_frame *frame, int32_t position,
               void *destination, const void *source, int64_t bytes);
} perceiver_launcher;

/* What a body gets. Lives until the body returns. Later fields come at the
   end. On a device, weights, workspace and arguments are addresses of the
   device, which the body passes on and never reads. */
struct perceiver_frame {
  uint64_t size; /* sizeof(perceiver_frame) of the runtime */
  /* Never null. */
  const perceiver_pool *pool;
  /* The data of the weights file. */
  const char *weights;
  /* Offsets below count from here; aligned to 64. */
  char *workspace;
  /* Of buffer i: [2i] its offset, [2i + 1] the distance between two workers'
     parts (0 unless per_worker). Multiples of 64. */
  const int64_t *buffers;
  /* In the order of perceiver_entry.arguments. */
  void *const *arguments;
  /* In the order of perceiver_entry.symbols. */
  const int64_t *sizes;
  /* What a run on a device has to remember; null on the CPU. */
  void *run_state;
  /* How tasks run on a device; null on the CPU. */
  const perceiver_launcher *launcher;
};

typedef void (*perceiver_body)(const perceiver_frame *frame);

typedef struct perceiver_entry {
  const char *name;
  perceiver_body body;
  const perceiver_argument *arguments;
  const perceiver_symbol *symbols;
  const perceiver_buffer *buffers;
  int32_t argument_count;
  int32_t symbol_count;
  int32_t buffer_count;
  int32_t derived_count;
  const perceiver_derived_size *derived;
  const perceiver_condition *conditions;
  int32_t condition_count;
  int32_t reserved; /* 0 */
} perceiver_entry;

/* Where the code of an artefact runs. */
typedef enum perceiver_kind {
  PERCEIVER_KIND_CPU = 0,
  PERCEIVER_KIND_CUDA = 1
} perceiver_kind;

/* A kernel of the device code. Its first parameter is an int64, the number of
   the first task; then come device pointers and int64 sizes. */
typedef struct perceiver_kernel {
  const char *name;
  int32_t parameter_count;
  int32_t reserved; /* 0 */
} perceiver_kernel;

/* How a kernel of one image is launched. */
typedef struct perceiver_kernel_shape {
  int32_t threads;      /* of a block, in x */
  int32_t shared_bytes; /* of dynamic shared memory */
} perceiver_kernel_shape;

typedef enum perceiver_image_kind {
  PERCEIVER_IMAGE_PTX = 0,
  PERCEIVER_IMAGE_CUBIN = 1
} perceiver_image_kind;

/* All kernels as code for one architecture. */
typedef struct perceiver_image {
  int32_t arch; /* 80, 86, .. */
  int32_t kind; /* perceiver_image_kind */
  const void *data;
  uint64_t bytes;                       /* PTX ends in a 0 byte, which counts */
  const perceiver_kernel_shape *shapes; /* one per kernel */
} perceiver_image;

/* Later fields come at the end, where an artefact that has not got them has 0.
   Those for the CPU end before `kernels`. */
typedef struct perceiver_artifact {
  uint32_t abi_version; /* PERCEIVER_ABI_VERSION */
  uint32_t size;        /* of this structure, as the compiler knows it */
  const char *model_name;
  const char *compiler_version;
  const perceiver_entry *entries;
  /* Bytes of data in the weights file; 0: the model has no such file. */
  uint64_t weights_bytes;
  /* Instructions that the code uses: perceiver_rt_cpu_feature. */
  uint64_t cpu_features;
  /* Equal to the id in the weights file's header. */
  uint8_t id[32];
  int32_t entry_count;
  int32_t kind; /* perceiver_kind */
  const perceiver_kernel *kernels;
  const perceiver_image *images;
  int32_t kernel_count;
  int32_t image_count;
} perceiver_artifact;

/*===----------------------------------------------------------------------===*
 * Loading
 *===----------------------------------------------------------------------===*/

/* An artefact with its weights mapped. Immutable. */
typedef struct perceiver_model perceiver_model;

/* Check the processor and the artefact, map the weights (read-only, shared
   between processes) and check their header against the artefact. Without a
   path the weights stand beside the shared object that contains `code_address`,
   named like it with ".weights" in place of ".so". On failure *model is null.
   The file must not be changed in place while a model uses it: replace it by
   renaming a new one. */
perceiver_status perceiver_rt_load(const perceiver_artifact *artifact,
                                   const char *weights_path,
                                   const void *code_address,
                                   perceiver_model **model);

/* Unmap and free. Null is allowed. No run may be in progress. */
void perceiver_rt_free(perceiver_model *model);

/* Read a whole weights file and check all of it, the data's checksum too.
   `artifact` may be null (the id is not checked then), and so may `header`,
   which receives the file's header. */
perceiver_status perceiver_rt_check_weights(const char *path,
                                            const perceiver_artifact *artifact,
                                            perceiver_weights_header *header);

/* What perceiver_weights_header.header_checksum has to be. */
uint64_t perceiver_rt_header_checksum(const perceiver_weights_header *header);

/* The bit in perceiver_artifact.cpu_features for an LLVM target feature, as
   "avx512f"; 0 if the runtime does not watch it. Known on every host. */
uint64_t perceiver_rt_cpu_feature(const char *name);

/* The features that this processor and operating system offer. */
uint64_t perceiver_rt_host_cpu_features(void);

/* The text of this thread's last error; empty if there was none. Valid until
   the thread's next failing call. */
const char *perceiver_rt_last_error(void);

/*===----------------------------------------------------------------------===*
 * Running
 *===----------------------------------------------------------------------===*/

/* Bytes that perceiver_rt_run wants for these sizes and workers (a pool's
   worker_count; 1 without a pool). A workspace for each symbol's maximum serves
   all smaller sizes as well. */
perceiver_status perceiver_rt_workspace_size(const perceiver_artifact *artifact,
                                             int32_t entry_index,
                                             const int64_t *sizes,
                                             int32_t workers, size_t *bytes);

/* Check everything, place the buffers, run the entry's body. Without a pool the
   tasks run on the calling thread. Allocates nothing, but takes 100 KB of stack
   for a moment. An argument without elements may be null, and so may a
   workspace of 0 bytes. */
perceiver_status perceiver_rt_run(const perceiver_model *model,
                                  int32_t entry_index, const int64_t *sizes,
                                  void *const *arguments, void *workspace,
                                  size_t workspace_bytes,
                                  const perceiver_pool *pool);

/* Place an entry's buffers. Writes two numbers per buffer (see
   perceiver_frame.buffers) and the bytes that all of them need. Deterministic.
   `sizes` must have been checked. */
perceiver_status perceiver_rt_plan(const perceiver_entry *entry,
                                   const int64_t *sizes, int32_t workers,
                                   int64_t *offsets_and_strides,
                                   int64_t *total);

/* The value of a size program (size_program.h). A value that is negative, or a
   step that leaves 64 bits, is an error. */
perceiver_status
perceiver_rt_evaluate(const perceiver_size_instruction *program, int32_t length,
                      const int64_t *sizes, int32_t size_count,
                      int64_t *result);

/* The first of `count` integers of this perceiver_dtype that is below
   bounds[0], or not below bounds[1], and its value; -1 if there is none. */
int64_t perceiver_rt_find_outside(int32_t dtype, const void *data,
                                  int64_t count, const int64_t bounds[2],
                                  int64_t *value);

/*===----------------------------------------------------------------------===*
 * CUDA devices
 *===----------------------------------------------------------------------===*/

/* As perceiver_rt_load, for an artefact of PERCEIVER_KIND_CUDA: open the
   driver, take the device's primary context, load the image that fits and
   upload the weights. Without options: device 0. A child of this process cannot
   use the model. */
perceiver_status perceiver_rt_load_cuda(const perceiver_artifact *artifact,
                                        const char *weights_path,
                                        const void *code_address,
                                        const perceiver_cuda_options *options,
                                        perceiver_model **model);

/* Free a model that perceiver_rt_load_cuda made. Null is allowed. No call may
   be in progress, and nothing that was enqueued. */
void perceiver_rt_free_cuda(perceiver_model *model);

/* Bytes that perceiver_rt_enqueue_cuda wants for these sizes. The model may be
   null; without it its options are the usual ones. `workers` is not used. */
perceiver_status perceiver_rt_workspace_size_cuda(
    const perceiver_artifact *artifact, const perceiver_model *model,
    int32_t entry_index, const int64_t *sizes, int32_t workers, size_t *bytes);

/* As perceiver_rt_run, with arrays of the host and memory of the device that
   the model keeps; the last three are not used. */
perceiver_status perceiver_rt_run_cuda(const perceiver_model *model,
                                       int32_t entry_index,
                                       const int64_t *sizes,
                                       void *const *arguments, void *workspace,
                                       size_t workspace_bytes,
                                       const perceiver_pool *pool);

/* Check everything, place the buffers and put the entry's launches into a
   stream (a CUstream; null: the legacy default stream). Arguments and workspace
   are addresses that the device can access. Allocates nothing. */
perceiver_status
perceiver_rt_enqueue_cuda(const perceiver_model *model, int32_t entry_index,
                          const int64_t *sizes, void *const *arguments,
                          void *workspace, size_t workspace_bytes,
                          void *stream);

/*===----------------------------------------------------------------------===*
 * Threads
 *===----------------------------------------------------------------------===*/

/* Return how many processors this thread may use, at least 1: those of its
   affinity, or what the quotas of its control groups allow if that is less. */
int32_t perceiver_rt_processor_count(void);

/* Start a pool of `threads` workers (0: one per processor that this thread may
   use), of which the thread that calls run_tasks is one. Idle threads spin for
   some 50 us and sleep then. run_tasks may be called from several threads, and
   from tasks: while the pool is busy the caller works alone on its own tasks,
   and takes the pool for the rest of them as soon as it is free. After fork()
   the child's copy of an idle pool still works, on the calling thread alone. */
perceiver_status perceiver_rt_pool_create(int32_t threads,
                                          perceiver_pool **pool);

/* Stop the threads and free. Null is allowed; no call may be in progress.
   Refuses pools that another shared object has made. */
perceiver_status perceiver_rt_pool_destroy(perceiver_pool *pool);

#ifdef __cplusplus
}
#endif

#endif /* PERCEIVER_LIB_RUNTIME_PERCEIVER_RUNTIME_H */
