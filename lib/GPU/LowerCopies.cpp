//===- LowerCopies.cpp - The kernel of copies with gaps ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is copied is a part of an array, so its elements are found by their
// indices:
//
//   for number = thread to elements step threads
//     y[i, j, ..] = x[i, j, ..]             number = (i * size_j + j) ..
//
// Tests: test/GPU/lower-copies.mlir, test/Execution/attention-sliced-mask.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/DeviceBuilder.h"
#include "lib/GPU/OperationModels.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"

using namespace mlir;
using namespace mlir::perceiver;

static constexpr int64_t kThreads = 256;

static LogicalResult lowerCopy(linalg::CopyOp op, DeviceBuilder &kernel) {
  FailureOr<DevicePointer> source = kernel.pointer(op.getInputs()[0]);
  FailureOr<DevicePointer> destination = kernel.pointer(op.getOutputs()[0]);
  if (failed(source) || failed(destination))
    return failure();
  kernel.setThreads(kThreads);
  SmallVector<Value> sizes;
  Value elements = kernel.i32(1);
  for (OpFoldResult size : destination->array.sizes) {
    sizes.push_back(kernel.toI32(size));
    elements = kernel.mul(elements, sizes.back());
  }
  kernel.loop(kernel.thread(), elements, kThreads, [&](Value number) {
    SmallVector<Value> indices(sizes.size());
    Value rest = number;
    for (int64_t dim = sizes.size() - 1; dim >= 0; --dim) {
      indices[dim] = dim > 0 ? kernel.rem(rest, sizes[dim]) : rest;
      rest = dim > 0 ? kernel.floorDiv(rest, sizes[dim]) : rest;
    }
    kernel.store(kernel.load(*source, indices), *destination, indices);
  });
  return success();
}

void perceiver::attachGPUCopyKernel(MLIRContext *context) {
  linalg::CopyOp::attachInterface<GPUKernel<linalg::CopyOp, lowerCopy>>(
      *context);
}
