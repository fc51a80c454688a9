//===- LowerRows.cpp - Kernels of what works on rows ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/GPU/lower-kernels.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/InputOps.h"
#include "dialect/Block/RowOps.h"
#include "lib/GPU/DeviceBuilder.h"
#include "lib/GPU/OperationModels.h"

using namespace mlir;
using namespace mlir::perceiver;

static constexpr int64_t kThreads = 256;

static LogicalResult lowerAdd(block::AddOp op, DeviceBuilder &kernel) {
  FailureOr<DevicePointer> lhs = kernel.pointer(op.getLhs());
  FailureOr<DevicePointer> rhs = kernel.pointer(op.getRhs());
  FailureOr<DevicePointer> init = kernel.pointer(op.getInit());
  if (failed(lhs) || failed(rhs) || failed(init))
    return failure();
  kernel.setThreads(kThreads);
  int64_t rank = init->array.rank();
  Value rows = kernel.toI32(init->array.sizes[rank - 2]);
  Value columns = kernel.toI32(init->array.sizes[rank - 1]);
  kernel.loop(
      kernel.thread(), kernel.mul(rows, columns), kThreads, [&](Value number) {
        Value row = kernel.floorDiv(number, columns);
        Value column = kernel.rem(number, columns);
        auto at = [&](const DevicePointer &pointer) {
          SmallVector<Value> indices(pointer.array.rank() - 2, kernel.i32(0));
          indices.append({row, column});
          return indices;
        };
        Value sum = kernel.addF(kernel.load(*lhs, at(*lhs)),
                                kernel.load(*rhs, at(*rhs)));
        kernel.store(sum, *init, at(*init));
      });
  return success();
}

void perceiver::attachGPURowKernels(MLIRContext *context) {
  using namespace block;
  AddOp::attachInterface<GPUKernel<AddOp, lowerAdd>,
                         GPUStrategyOf<AddOp, chooseGPURows>>(*context);
  attachGPUStrategy<ChannelsLastOp, chooseGPURows>(context);
  attachGPUStrategy<ConcatChannelsOp, chooseGPURows>(context);
  attachGPUStrategy<EmbedOp, chooseGPURows>(context);
  attachGPUStrategy<GridPositionsOp, chooseGPURows>(context);
  attachGPUStrategy<KeyMaskOp, chooseGPUBatch>(context);
  attachGPUStrategy<LayerNormOp, chooseGPURows>(context);
  attachGPUStrategy<MeanRowsOp, chooseGPUBatch>(context);
}
