//===- perceiver_cuda_emulator.h - A CUDA device on the CPU ----*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
/* This header is C. The library, libperceiver_cuda_emulator.so, has functions
 * of the CUDA driver API under their names and executes PTX, so it can be
 * opened in place of libcuda.so.1. These functions say how, and what was found.
 *
 * Words of a configuration:
 * - seed=N: the order of warps and blocks, and what `ulp` moves
 * - threads=N: that run blocks
 * - checks=on|off; off: only what is out of bounds or misaligned, and deadlocks
 *   are found
 * - mma=chain|block|double: how a matrix instruction adds up
 * - ulp=0..2: by how much ex2, rcp.approx and their like may be off
 * - steps=N: instructions that one warp may execute in a launch
 * - capture=on|off: refuse every call that a stream capture forbids
 * - fail=FUNCTION:N[:CURESULT]: what the N-th call from now on returns;
 *   repeatable
 * - before cuInit only: device=sm_NN sms=N memory=BYTES shared=BYTES
 *   driver=13000
 *
 * A finding is a line, with "-" for what there is not:
 * - KIND kernel=NAME line=N block=X,Y,Z lanes=0xMASK buffer=NAME+OFFSET
 *   other=..: sentence
 * KIND is one of out-of-bounds misaligned read-only uninitialised race-shared
 * race-lanes race-blocks pending-copy nc-written partial-mask divergent-barrier
 * exited-lanes deadlock step-limit leak. */

#ifndef PERCEIVER_LIB_EMULATOR_PERCEIVER_CUDA_EMULATOR_H
#define PERCEIVER_LIB_EMULATOR_PERCEIVER_CUDA_EMULATOR_H

#include <stddef.h>

#ifndef __cuda_cuda_h__
typedef unsigned long long CUdeviceptr;
typedef struct CUstream_st *CUstream;
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** Return 1; grows with this interface. */
int perceiverEmulatorVersion(void);

/** Apply words, separated by blanks. An omitted word keeps its value, ""
 * restores the defaults. Return 0, or another number and change nothing. */
int perceiverEmulatorConfigure(const char *words);

/** Return why this thread's last Configure failed, or its last module was
 * refused; valid until its next call. */
const char *perceiverEmulatorError(void);

/** Wait for all work. Return the number of findings since the last reset, and
 * write as many of their lines as fit, with a zero at the end. */
int perceiverEmulatorFindings(char *text, size_t capacity);

/** Wait for all work. Write counters as JSON and return how many bytes they
 * need, with the zero at the end. */
size_t perceiverEmulatorCounters(char *json, size_t capacity);

/** Wait for all work, then forget findings, counters and sticky errors. */
void perceiverEmulatorReset(void);

/** In the order of the stream: name a part of an allocation, of which only
 * named parts may then be accessed. Flags: 1 read-only, 2 poison, 4 end the
 * name. */
void perceiverEmulatorAnnotate(CUstream stream, CUdeviceptr address,
                               size_t bytes, const char *name, unsigned flags);

#ifdef __cplusplus
}
#endif

#endif /* PERCEIVER_LIB_EMULATOR_PERCEIVER_CUDA_EMULATOR_H */
