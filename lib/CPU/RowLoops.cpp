//===- RowLoops.cpp - Loops over arrays of rows ---------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/RowLoops.h"

using namespace mlir;
using namespace mlir::perceiver;

MemRefType perceiver::memrefTypeOf(Value value) {
  return cast<MemRefType>(value.getType());
}

int64_t perceiver::channelsOf(Value value) {
  MemRefType type = memrefTypeOf(value);
  return type.getDimSize(type.getRank() - 1);
}

void perceiver::forEachRow(KernelBuilder &kernel, Value rows,
                           function_ref<void(ArrayRef<Value>)> body) {
  int64_t leading = memrefTypeOf(rows).getRank() - 1;
  auto inner = [&](SmallVector<Value> prefix) {
    kernel.loop(kernel.index(0), kernel.dim(rows, leading - 1), 1,
                [&](Value n) {
                  SmallVector<Value> indices = prefix;
                  indices.push_back(n);
                  body(indices);
                });
  };
  if (leading == 1)
    return inner({});
  kernel.loop(kernel.index(0), kernel.dim(rows, 0), 1,
              [&](Value b) { inner({b}); });
}

SmallVector<Value> perceiver::at(Value array, ArrayRef<Value> row,
                                 Value channel) {
  SmallVector<Value> indices(row.take_back(memrefTypeOf(array).getRank() - 1));
  indices.push_back(channel);
  return indices;
}

void perceiver::forEachVector(KernelBuilder &kernel, int64_t channels,
                              function_ref<void(Value, int64_t)> body) {
  int64_t full = channels / kernel.lanes * kernel.lanes;
  kernel.loop(kernel.index(0), kernel.index(full), kernel.lanes,
              [&](Value c) { body(c, kernel.lanes); });
  if (full != channels)
    body(kernel.index(full), channels - full);
}

SmallVector<Value> perceiver::sumOverChannels(
    KernelBuilder &kernel, int64_t channels, unsigned count,
    function_ref<SmallVector<Value>(Value, int64_t, ValueRange)> terms) {
  int64_t full = channels / kernel.lanes * kernel.lanes;
  SmallVector<Value> sums =
      kernel.sums(kernel.index(full), kernel.lanes, count, kLongestSum,
                  [&](Value c, ValueRange carried) {
                    return terms(c, kernel.lanes, carried);
                  });
  if (full != channels)
    sums = terms(kernel.index(full), channels - full, sums);
  return llvm::map_to_vector(
      sums, [&](Value sum) -> Value { return kernel.reduceAdd(sum); });
}
