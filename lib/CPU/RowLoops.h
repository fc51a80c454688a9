//===- RowLoops.h - Loops over arrays of rows -------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What kernels share that visit arrays `[N, C]` or `[B, N, C]` row by row and,
// inside, a vector at a time.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_ROWLOOPS_H
#define PERCEIVER_LIB_CPU_ROWLOOPS_H

#include "lib/CPU/KernelBuilder.h"

namespace mlir::perceiver {

MemRefType memrefTypeOf(Value value);

/// The last size of an array; dynamic if nobody knows it.
int64_t channelsOf(Value value);

/// Visit the rows of `rows`, an array of rank 2 or 3. The body gets the
/// leading indices, `[n]` or `[b, n]`.
void forEachRow(KernelBuilder &kernel, Value rows,
                function_ref<void(ArrayRef<Value>)> body);

/// Indices of `channel` in the row `row`; an array without batch drops it, a
/// vector of channels the row.
SmallVector<Value> at(Value array, ArrayRef<Value> row, Value channel);

/// Visit the channels `[0, channels)` a vector at a time: full vectors in a
/// loop, then the rest. The body gets the channel and how many elements exist.
void forEachVector(KernelBuilder &kernel, int64_t channels,
                   function_ref<void(Value, int64_t)> body);

/// Sums over the channels of one row: `terms` adds its terms of each vector to
/// the `count` sums so far.
SmallVector<Value> sumOverChannels(
    KernelBuilder &kernel, int64_t channels, unsigned count,
    function_ref<SmallVector<Value>(Value, int64_t, ValueRange)> terms);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_ROWLOOPS_H
