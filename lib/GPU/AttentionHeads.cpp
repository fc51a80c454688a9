//===- AttentionHeads.cpp - Blocks of queries of an attention ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/GPU/lower-attention.test.
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/AttentionHeads.h"

#include "dialect/Block/AttentionState.h"
#include "lib/Math/VectorMath.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

/// A bound of the number of queries: that of a tile at a ragged end is a
/// minimum with a constant.
static int64_t getMostQueries(OpFoldResult queries) {
  int64_t most = std::numeric_limits<int64_t>::max();
  if (std::optional<int64_t> constant = getConstantIntValue(queries))
    return *constant;
  if (auto minimum = cast<Value>(queries).getDefiningOp<affine::AffineMinOp>())
    for (AffineExpr result : minimum.getMap().getResults())
      if (auto constant = dyn_cast<AffineConstantExpr>(result))
        most = std::min(most, constant.getValue());
  return most;
}

LogicalResult perceiver::findArray(DeviceBuilder &kernel, Value memref,
                                   std::optional<DevicePointer> &pointer) {
  if (!memref)
    return success();
  FailureOr<DevicePointer> found = kernel.pointer(memref);
  if (succeeded(found))
    pointer = *found;
  return LogicalResult(found);
}

void perceiver::emitAttention(
    DeviceBuilder &kernel, const AttentionTask &task,
    function_ref<void(Value, AttentionOperands &)> prepare,
    function_ref<void(AttentionTile &, const AttentionState &,
                      const AttentionBlock &)>
        finish) {
  std::optional<int64_t> staticQueries = getConstantIntValue(task.queries);
  auto shape =
      AttentionShape::choose(getMostQueries(task.queries), task.valueWidth);
  AttentionTile tile(kernel, shape, task.queryWidth, task.valueWidth);
  Value zero = kernel.i32(0), queries = kernel.toI32(task.queries);

  AttentionOperands operands;
  operands.queryWidth = task.queryWidth;
  operands.scale = task.scale;
  operands.wholeTiles = task.hasAllKeys && AttentionShape::hasWholeTiles(
                                               task.key.array.staticSize(1));
  AttentionBlock block;
  block.hasWholeQueries =
      staticQueries && *staticQueries % shape.queries() == 0;
  // Columns that the registers do not hold are passes of their own, with the
  // scores again.
  int64_t most = shape.mostColumns();
  int64_t inWholePasses = (task.valueWidth - 1) / most * most;

  auto oneBlock = [&](const AttentionOperands &head) {
    operands.query = kernel.advance(head.query, 0, block.firstQuery);
    block.queries = kernel.sub(queries, block.firstQuery);
    operands.queries = block.hasWholeQueries ? Value() : block.queries;
    auto pass = [&](Value column, int64_t columns, bool isLast) {
      operands.value = kernel.advance(head.value, 1, column);
      operands.valueWidth = columns;
      block.firstColumn = column;
      block.columns = columns;
      block.isLast = isLast;
      finish(tile, tile.attend(operands), block);
    };
    if (inWholePasses > 0)
      kernel.loop(zero, kernel.i32(inWholePasses), most,
                  [&](Value column) { pass(column, most, false); });
    pass(kernel.i32(inWholePasses), task.valueWidth - inWholePasses, true);
  };
  kernel.loop(zero, kernel.toI32(task.batch), 1, [&](Value batch) {
    operands.keys = kernel.toI32(task.key.array.sizes[1]);
    operands.keyState = nullptr;
    prepare(batch, operands);
    block.batch = batch;
    kernel.loop(zero, kernel.i32(task.heads), 1, [&](Value head) {
      auto headOf = [&](const DevicePointer &pointer, Value head,
                        int64_t width) {
        DevicePointer entry = pointer.array.rank() == 3
                                  ? kernel.slice(pointer, 0, batch)
                                  : pointer;
        return kernel.advance(entry, 1, kernel.mul(head, width));
      };
      block.head = head;
      // Heads of queries side by side share one of keys.
      Value keyHead = task.keyHeads == task.heads
                          ? head
                          : kernel.floorDiv(head, task.heads / task.keyHeads);
      operands.query = headOf(task.query, head, task.queryWidth);
      operands.key = headOf(task.key, keyHead, task.queryWidth);
      operands.value = headOf(task.value, keyHead, task.valueWidth);
      if (task.scoreBias)
        operands.scoreBias =
            kernel.slice(kernel.slice(*task.scoreBias, 0, batch), 0, head);
      AttentionOperands whole = operands;
      kernel.loop(zero, queries, shape.queries(), [&](Value first) {
        block.firstQuery = first;
        oneBlock(whole);
      });
    });
  });
}

Value perceiver::emitLogSumExp(DeviceBuilder &kernel, Value maximum,
                               Value sum) {
  Value natural = kernel.mulF(maximum, kernel.f32(kLn2));
  natural = kernel.select(kernel.equalF(maximum, kernel.f32(kMaskedScore)),
                          maximum, natural);
  return kernel.addF(natural, emitLog(kernel.rewriter, kernel.loc, sum));
}
