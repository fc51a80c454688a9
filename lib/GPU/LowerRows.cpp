//===- LowerRows.cpp - Kernels that fill rows, element by element --------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What several arrays hold is found by choosing the address, not by branches.
//
// Tests: test/GPU/lower-kernels.mlir, test/GPU/lower-rows.test.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/InputOps.h"
#include "dialect/Block/MaskOps.h"
#include "dialect/Block/RowOps.h"
#include "lib/GPU/OperationModels.h"
#include "lib/GPU/RowsKernel.h"

using namespace mlir;
using namespace mlir::perceiver;

static LogicalResult lowerConcatChannels(block::ConcatChannelsOp op,
                                         DeviceBuilder &kernel) {
  FailureOr<RowsKernel> rows = RowsKernel::create(op, op.getInit(), kernel);
  if (failed(rows))
    return failure();
  SmallVector<DevicePointer> inputs;
  SmallVector<int64_t> firsts;
  int64_t first = 0;
  for (Value memref : op.getInputs()) {
    FailureOr<DevicePointer> input = rows->getInput(memref, first);
    if (failed(input))
      return failure();
    inputs.push_back(*input);
    firsts.push_back(first);
    first += cast<MemRefType>(memref.getType()).getShape().back();
  }
  // Behind the inputs are zeros, for which the last vector is read in vain.
  int64_t channels = first;
  bool isPadded = channels != rows->columns;
  while (isPadded && channels % rows->width != 0)
    rows->width /= 2;
  rows->emit([&](ArrayRef<Value> row, Value column) {
    Value isInput;
    if (isPadded) {
      isInput = kernel.less(column, kernel.i32(channels));
      column = kernel.minimum(column, kernel.i32(channels - rows->width));
    }
    Value address;
    for (auto [input, first] : llvm::zip(inputs, firsts)) {
      Value here = kernel.address(
          input,
          RowsKernel::at(input, row, kernel.sub(column, kernel.i32(first))));
      address = address ? kernel.select(kernel.less(column, kernel.i32(first)),
                                        address, here)
                        : here;
    }
    Value vector =
        kernel.loadAt(address, rows->init.array.elementType, rows->width);
    return isPadded
               ? kernel.select(isInput, vector, kernel.zero(vector.getType()))
               : vector;
  });
  return success();
}

static LogicalResult lowerEmbed(block::EmbedOp op, DeviceBuilder &kernel) {
  FailureOr<RowsKernel> rows = RowsKernel::create(op, op.getInit(), kernel);
  if (failed(rows))
    return failure();
  FailureOr<DevicePointer> table = rows->getInput(op.getTable());
  FailureOr<DevicePointer> ids = kernel.pointer(op.getIds());
  if (failed(table) || failed(ids))
    return failure();
  std::optional<int64_t> entries = table->array.staticSize(0);
  if (!entries)
    return op.emitOpError("expected a table of static size, but got ")
           << op.getTable().getType();
  rows->emit([&](ArrayRef<Value> row, Value column) {
    Value id =
        clampNumber(kernel, kernel.load(*ids, row), kernel.i32(*entries - 1));
    // A table may be longer than what 32 bits reach.
    return kernel.load(kernel.advance(*table, 0, id), {kernel.i32(0), column},
                       rows->width);
  });
  return success();
}

static LogicalResult lowerTakeRows(block::TakeRowsOp op,
                                   DeviceBuilder &kernel) {
  FailureOr<RowsKernel> rows = RowsKernel::create(op, op.getInit(), kernel);
  if (failed(rows))
    return failure();
  FailureOr<DevicePointer> input = rows->getInput(op.getInput());
  FailureOr<DevicePointer> points = kernel.pointer(op.getPoints());
  if (failed(input) || failed(points))
    return failure();
  int64_t dim = op.getRowDim();
  if (op.getChannelsFirst())
    rows->width = 1;
  Value last = kernel.sub(kernel.toI32(input->array.sizes[dim]), kernel.i32(1));
  rows->emit([&](ArrayRef<Value> row, Value column) {
    Value number = clampNumber(kernel, kernel.load(*points, row.back()), last);
    // The array may be longer than what 32 bits reach.
    DevicePointer source = kernel.advance(*input, dim, number);
    SmallVector<Value> from(row.drop_back());
    from.push_back(column);
    from.insert(from.begin() + dim, kernel.i32(0));
    return kernel.load(source, from, rows->width);
  });
  return success();
}

/// What has the masked rows in the last dimension, whose size may be dynamic.
static LogicalResult lowerMaskColumns(block::MaskRowsOp op,
                                      DeviceBuilder &kernel) {
  FailureOr<DevicePointer> input = kernel.pointer(op.getInput());
  FailureOr<DevicePointer> mask = kernel.pointer(op.getMask());
  FailureOr<DevicePointer> init = kernel.pointer(op.getInit());
  if (failed(input) || failed(mask) || failed(init))
    return failure();
  kernel.setThreads(RowsKernel::kThreads);
  Value zero = kernel.i32(0);
  auto sizeOf = [&](int64_t dim) {
    return kernel.toI32(init->array.sizes[dim]);
  };
  kernel.loop(zero, sizeOf(0), 1, [&](Value b) {
    kernel.loop(zero, sizeOf(1), 1, [&](Value h) {
      kernel.loop(
          kernel.thread(), sizeOf(2), RowsKernel::kThreads, [&](Value n) {
            Value element = kernel.load(*input, {b, h, n});
            kernel.store(
                kernel.select(kernel.isTrue(*mask, {b, n}), element,
                              kernel.f32(op.getValue().convertToDouble())),
                *init, {b, h, n});
          });
    });
  });
  return success();
}

static LogicalResult lowerMaskRows(block::MaskRowsOp op,
                                   DeviceBuilder &kernel) {
  if (op.getDimension() == 2)
    return lowerMaskColumns(op, kernel);
  FailureOr<RowsKernel> rows = RowsKernel::create(op, op.getInit(), kernel);
  if (failed(rows))
    return failure();
  FailureOr<DevicePointer> input = rows->getInput(op.getInput());
  FailureOr<DevicePointer> mask = kernel.pointer(op.getMask());
  if (failed(input) || failed(mask))
    return failure();
  rows->emit([&](ArrayRef<Value> row, Value column) {
    Value vector =
        kernel.load(*input, RowsKernel::at(*input, row, column), rows->width);
    Value value = kernel.f32(op.getValue().convertToDouble());
    return kernel.select(kernel.isTrue(*mask, row), vector,
                         kernel.vector(SmallVector<Value>(rows->width, value)));
  });
  return success();
}

template <typename OpTy, LogicalResult (*lowerOp)(OpTy, DeviceBuilder &)>
static void attach(MLIRContext *context) {
  OpTy::template attachInterface<GPUKernel<OpTy, lowerOp>,
                                 GPUStrategyOf<OpTy, chooseGPURows>>(*context);
}

void perceiver::attachGPURowKernels(MLIRContext *context) {
  using namespace block;
  attach<ConcatChannelsOp, lowerConcatChannels>(context);
  attach<EmbedOp, lowerEmbed>(context);
  attach<MaskRowsOp, lowerMaskRows>(context);
  attach<TakeRowsOp, lowerTakeRows>(context);
}
