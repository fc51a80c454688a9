//===- LowerLayouts.cpp - Kernels that move elements ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// transpose and concat_rows. Threads write side by side; where they read from
// is found by choosing the address.
//
// Test: test/GPU/lower-rows.test.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/LayoutOps.h"
#include "lib/GPU/OperationModels.h"
#include "lib/GPU/RowsKernel.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Transpositions
//===----------------------------------------------------------------------===//

/// The remainder and the quotient of a number by a size.
static std::pair<Value, Value> divide(DeviceBuilder &kernel, Value number,
                                      OpFoldResult size) {
  if (std::optional<int64_t> constant = getConstantIntValue(size))
    return {kernel.rem(number, *constant), kernel.floorDiv(number, *constant)};
  Value divisor = kernel.toI32(size);
  return {kernel.rem(number, divisor), kernel.floorDiv(number, divisor)};
}

/// Where an element of the result stands in the input.
static SmallVector<Value> inInput(block::TransposeOp op, ValueRange place) {
  SmallVector<Value> result(place.size());
  for (auto [from, index] : llvm::zip_equal(op.getPermutation(), place))
    result[from] = index;
  return result;
}

/// Rows of static channels, several elements at a time.
static LogicalResult transposeRows(block::TransposeOp op,
                                   DeviceBuilder &kernel) {
  FailureOr<RowsKernel> rows = RowsKernel::create(op, op.getInit(), kernel);
  FailureOr<DevicePointer> input = kernel.pointer(op.getInput());
  if (failed(rows) || failed(input))
    return failure();
  rows->width = 1;
  rows->emit([&](ArrayRef<Value> row, Value column) {
    SmallVector<Value> place(row);
    place.push_back(column);
    return kernel.load(*input, inInput(op, place));
  });
  return success();
}

static LogicalResult lowerTranspose(block::TransposeOp op,
                                    DeviceBuilder &kernel) {
  auto type = cast<MemRefType>(op.getInit().getType());
  if (type.getRank() <= 3 && !type.isDynamicDim(type.getRank() - 1))
    return transposeRows(op, kernel);
  FailureOr<DevicePointer> input = kernel.pointer(op.getInput());
  FailureOr<DevicePointer> init = kernel.pointer(op.getInit());
  if (failed(input) || failed(init))
    return failure();
  kernel.setThreads(RowsKernel::kThreads);
  Value total = kernel.i32(1);
  for (OpFoldResult size : init->array.sizes)
    total = kernel.mul(total, kernel.toI32(size));
  kernel.loop(kernel.thread(), total, RowsKernel::kThreads, [&](Value number) {
    int64_t rank = init->array.rank();
    SmallVector<Value> to(rank);
    for (int64_t dim = rank - 1; dim >= 0; --dim) {
      if (dim == 0)
        to[dim] = number;
      else
        std::tie(to[dim], number) =
            divide(kernel, number, init->array.sizes[dim]);
    }
    kernel.store(kernel.load(*input, inInput(op, to)), *init, to);
  });
  return success();
}

//===----------------------------------------------------------------------===//
// Concatenation
//===----------------------------------------------------------------------===//

static LogicalResult lowerConcatRows(block::ConcatRowsOp op,
                                     DeviceBuilder &kernel) {
  FailureOr<RowsKernel> rows = RowsKernel::create(op, op.getInit(), kernel);
  if (failed(rows))
    return failure();
  SmallVector<DevicePointer> inputs;
  // The number of each input's first row among all rows.
  SmallVector<Value> firsts = {kernel.i32(0)};
  for (Value memref : op.getInputs()) {
    FailureOr<DevicePointer> input = rows->getInput(memref);
    if (failed(input))
      return failure();
    inputs.push_back(*input);
    OpFoldResult count = input->array.sizes[input->array.rank() - 2];
    firsts.push_back(kernel.add(firsts.back(), kernel.toI32(count)));
  }
  Value offset = op.getOffset() ? kernel.toI32(op.getOffset()) : kernel.i32(0);
  rows->emit([&](ArrayRef<Value> row, Value column) {
    Value number = kernel.add(row.back(), offset), address;
    for (auto [input, first] : llvm::zip(inputs, firsts)) {
      // An input may be longer than what 32 bits reach.
      Value place = kernel.maximum(kernel.sub(number, first), kernel.i32(0));
      DevicePointer line = kernel.advance(input, input.array.rank() - 2, place);
      SmallVector<Value> indices(row);
      indices.back() = kernel.i32(0);
      Value here = kernel.address(line, RowsKernel::at(line, indices, column));
      address = address
                    ? kernel.select(kernel.less(number, first), address, here)
                    : here;
    }
    return kernel.loadAt(address, rows->init.array.elementType, rows->width);
  });
  return success();
}

void perceiver::attachGPULayoutKernels(MLIRContext *context) {
  using namespace block;
  TransposeOp::attachInterface<GPUKernel<TransposeOp, lowerTranspose>,
                               GPUStrategyOf<TransposeOp, chooseGPURows>>(
      *context);
  ConcatRowsOp::attachInterface<GPUKernel<ConcatRowsOp, lowerConcatRows>,
                                GPUStrategyOf<ConcatRowsOp, chooseGPURows>>(
      *context);
}
