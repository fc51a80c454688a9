//===- RowsKernel.cpp - Filling rows element by element -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/RowsKernel.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Vectors that a thread reads before it writes the first of them.
static constexpr int64_t kInFlight = 4;
/// Elements of the widest access.
static constexpr int64_t kWidest = 4;

Value perceiver::clampNumber(DeviceBuilder &kernel, Value number, Value last) {
  OpBuilder &builder = kernel.rewriter;
  Type i32 = builder.getI32Type();
  // Narrow numbers may be unable to hold the last one.
  unsigned width = number.getType().getIntOrFloatBitWidth();
  if (width < 32)
    number = arith::ExtSIOp::create(builder, kernel.loc, i32, number);
  else if (width > 32)
    last = arith::ExtUIOp::create(builder, kernel.loc, number.getType(), last);
  number = kernel.minimum(kernel.maximum(number, kernel.zero(number.getType())),
                          last);
  if (width > 32)
    number = arith::TruncIOp::create(builder, kernel.loc, i32, number);
  return number;
}

FailureOr<RowsKernel> RowsKernel::create(Operation *op, Value init,
                                         DeviceBuilder &kernel) {
  RowsKernel rows(kernel);
  FailureOr<DevicePointer> pointer = kernel.pointer(init);
  if (failed(pointer))
    return failure();
  rows.init = *pointer;
  std::optional<int64_t> columns =
      pointer->array.staticSize(pointer->array.rank() - 1);
  if (!columns)
    return op->emitOpError("expected static channels, but got ")
           << init.getType();
  rows.columns = *columns;
  rows.width = pointer->array.vectorWidth(kWidest);
  while (rows.columns % rows.width != 0)
    rows.width /= 2;
  kernel.setThreads(kThreads);
  return rows;
}

FailureOr<DevicePointer> RowsKernel::getInput(Value memref, int64_t shift) {
  FailureOr<DevicePointer> pointer = kernel.pointer(memref);
  if (failed(pointer))
    return failure();
  width = std::min(width, pointer->array.vectorWidth(kWidest));
  while (shift % width != 0)
    width /= 2;
  return pointer;
}

void RowsKernel::emit(ElementFunction element) {
  if (init.array.rank() == 2)
    return emitRows({}, element);
  if (init.array.hasSize(0, 1))
    return emitRows({kernel.i32(0)}, element);
  kernel.loop(kernel.i32(0), kernel.toI32(init.array.sizes[0]), 1,
              [&](Value entry) { emitRows({entry}, element); });
}

void RowsKernel::emitRows(SmallVector<Value> batch, ElementFunction element) {
  int64_t vectors = columns / width;
  auto visit = [&](Value first, int64_t count) {
    SmallVector<SmallVector<Value>> places;
    SmallVector<Value> values;
    for (int64_t i = 0; i < count; ++i) {
      Value number = kernel.add(first, i * kThreads);
      SmallVector<Value> row = batch;
      row.push_back(kernel.floorDiv(number, vectors));
      Value column = kernel.mul(kernel.rem(number, vectors), width);
      values.push_back(element(row, column));
      places.push_back(at(init, row, column));
    }
    for (auto [value, place] : llvm::zip(values, places))
      kernel.store(value, init, place);
  };
  constexpr int64_t kStep = kThreads * kInFlight;
  Value total = kernel.mul(
      kernel.toI32(init.array.sizes[init.array.rank() - 2]), vectors);
  Value whole = kernel.mul(kernel.floorDiv(total, kStep), kStep);
  kernel.loop(kernel.thread(), whole, kStep,
              [&](Value first) { visit(first, kInFlight); });
  kernel.loop(kernel.add(kernel.thread(), whole), total, kThreads,
              [&](Value first) { visit(first, 1); });
}
