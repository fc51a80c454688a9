//===- LowerElements.cpp - Kernels of functions of elements ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// add, multiply, scale and activate on rows.
//
// Tests: test/GPU/lower-kernels.mlir, test/GPU/lower-rows.test.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/ElementOps.h"
#include "lib/GPU/OperationModels.h"
#include "lib/GPU/RowsKernel.h"
#include "lib/Math/Activation.h"

using namespace mlir;
using namespace mlir::perceiver;

/// The vector of `combine` of the elements of vectors.
static Value map(DeviceBuilder &kernel, int64_t width, Value lhs, Value rhs,
                 function_ref<Value(Value, Value)> combine) {
  SmallVector<Value> results;
  for (int64_t i = 0; i < width; ++i)
    results.push_back(combine(kernel.element(lhs, i),
                              rhs ? kernel.element(rhs, i) : Value()));
  return kernel.vector(results);
}

/// One number stands for all elements.
static bool isNumber(const DevicePointer &pointer, const RowsKernel &rows) {
  return pointer.array.rank() == 1 && pointer.array.hasSize(0, 1) &&
         rows.columns != 1;
}

template <typename OpTy, Value (DeviceBuilder::*combine)(Value, Value)>
static LogicalResult lowerCombination(OpTy op, DeviceBuilder &kernel) {
  FailureOr<RowsKernel> rows = RowsKernel::create(op, op.getInit(), kernel);
  if (failed(rows))
    return failure();
  SmallVector<DevicePointer, 2> operands;
  for (Value memref : {op.getLhs(), op.getRhs()}) {
    FailureOr<DevicePointer> pointer = kernel.pointer(memref);
    if (failed(pointer))
      return failure();
    if (!isNumber(*pointer, *rows))
      pointer = rows->getInput(memref);
    operands.push_back(*pointer);
  }
  rows->emit([&](ArrayRef<Value> row, Value column) {
    auto load = [&](const DevicePointer &pointer) {
      if (!isNumber(pointer, *rows))
        return kernel.load(pointer, RowsKernel::at(pointer, row, column),
                           rows->width);
      Value number = kernel.load(pointer, kernel.i32(0));
      return kernel.vector(SmallVector<Value>(rows->width, number));
    };
    Value lhs = load(operands[0]);
    return (kernel.*combine)(lhs, load(operands[1]));
  });
  return success();
}

static LogicalResult lowerScale(block::ScaleOp op, DeviceBuilder &kernel) {
  FailureOr<RowsKernel> rows = RowsKernel::create(op, op.getInit(), kernel);
  if (failed(rows))
    return failure();
  FailureOr<DevicePointer> input = rows->getInput(op.getInput());
  if (failed(input))
    return failure();
  Value factor = kernel.f32(op.getFactor().convertToDouble());
  rows->emit([&](ArrayRef<Value> row, Value column) {
    Value x =
        kernel.load(*input, RowsKernel::at(*input, row, column), rows->width);
    return map(kernel, rows->width, x, Value(), [&](Value element, Value) {
      return kernel.mulF(element, factor);
    });
  });
  return success();
}

static LogicalResult lowerActivate(block::ActivateOp op,
                                   DeviceBuilder &kernel) {
  FailureOr<RowsKernel> rows = RowsKernel::create(op, op.getInit(), kernel);
  if (failed(rows))
    return failure();
  Activation activation = op.getActivation();
  // Values and gates are read in the same vectors.
  FailureOr<DevicePointer> input =
      rows->getInput(op.getInput(), activation.hasGates ? rows->columns : 0);
  if (failed(input))
    return failure();
  rows->emit([&](ArrayRef<Value> row, Value column) {
    auto load = [&](Value first) {
      return kernel.load(*input, RowsKernel::at(*input, row, first),
                         rows->width);
    };
    Value x = load(column), gate;
    if (activation.hasGates)
      gate = load(kernel.add(column, rows->columns));
    return map(kernel, rows->width, x, gate, [&](Value value, Value gate) {
      return emitActivation(kernel.rewriter, kernel.loc, activation, value,
                            gate);
    });
  });
  return success();
}

template <typename OpTy, LogicalResult (*lowerOp)(OpTy, DeviceBuilder &)>
static void attach(MLIRContext *context) {
  OpTy::template attachInterface<GPUKernel<OpTy, lowerOp>,
                                 GPUStrategyOf<OpTy, chooseGPURows>>(*context);
}

void perceiver::attachGPUElementKernels(MLIRContext *context) {
  using namespace block;
  attach<ActivateOp, lowerActivate>(context);
  attach<AddOp, lowerCombination<AddOp, &DeviceBuilder::addF>>(context);
  attach<MultiplyOp, lowerCombination<MultiplyOp, &DeviceBuilder::mulF>>(
      context);
  attach<ScaleOp, lowerScale>(context);
}
