//===- LowerAttention.cpp - The kernel of attention ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The state after all keys (AttentionHeads.h) never leaves the registers:
//
//   o[i, c] = acc[i, c] / sum[i]                       0 for a row without keys
//   lse[i]  = ln(2) * m[i] + ln(sum[i])
//
// Test: test/GPU/lower-attention.test.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/AttentionState.h"
#include "lib/GPU/AttentionHeads.h"
#include "lib/GPU/KeyParts.h"
#include "lib/GPU/OperationModels.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
struct AttentionKernel {
  DeviceBuilder &kernel;
  block::AttentionOp op;
  DevicePointer query = {}, key = {}, value = {}, output = {};
  std::optional<DevicePointer> lengths = {}, mask = {}, scoreBias = {},
                               logSumExp = {};

  LogicalResult findArrays();
  Value countKeys(Value batch, Value keys);
  Value isMasked(Value batch, Value key);
  Value anyKey(Value batch, Value keys);
  void prepare(Value batch, AttentionOperands &operands);
  void finish(AttentionTile &tile, const AttentionState &state,
              const AttentionBlock &block);
  void run();
};
} // namespace

LogicalResult AttentionKernel::findArrays() {
  FailureOr<DevicePointer> q = kernel.pointer(op.getQuery()),
                           k = kernel.pointer(op.getKey()),
                           v = kernel.pointer(op.getValue()),
                           o = kernel.pointer(op.getInits()[0]);
  if (failed(q) || failed(k) || failed(v) || failed(o))
    return failure();
  query = *q, key = *k, value = *v, output = *o;
  auto find = [&](Value memref, std::optional<DevicePointer> &pointer) {
    return succeeded(findArray(kernel, memref, pointer));
  };
  return success(
      find(op.getLengths(), lengths) && find(op.getMask(), mask) &&
      find(op.getScoreBias(), scoreBias) &&
      find(op.getInits().size() > 1 ? op.getInits()[1] : Value(), logSumExp));
}

/// Of `keys` keys of a batch entry, those that its length leaves.
Value AttentionKernel::countKeys(Value batch, Value keys) {
  if (!lengths)
    return keys;
  RewriterBase &rewriter = kernel.rewriter;
  Location loc = kernel.loc;
  Value length = kernel.load(*lengths, {batch});
  Value all = arith::ExtUIOp::create(rewriter, loc, length.getType(), keys);
  Value none =
      arith::ConstantOp::create(rewriter, loc, rewriter.getI64IntegerAttr(0));
  length = kernel.minimum(kernel.maximum(length, none), all);
  return arith::TruncIOp::create(rewriter, loc, rewriter.getI32Type(), length);
}

/// Whether the mask leaves key `key` out.
Value AttentionKernel::isMasked(Value batch, Value key) {
  Value byte = kernel.load(*mask, {batch, key});
  Value zero = arith::ConstantOp::create(kernel.rewriter, kernel.loc,
                                         kernel.rewriter.getI8IntegerAttr(0));
  return kernel.equal(byte, zero);
}

/// Whether one of the first `keys` keys is not masked: all threads look, each
/// at some.
Value AttentionKernel::anyKey(Value batch, Value keys) {
  if (!mask)
    return kernel.less(kernel.i32(0), keys);
  Value zero = kernel.f32(0), one = kernel.f32(1);
  int64_t threads = kernel.getThreads();
  SharedArray found = kernel.allocateShared(threads / kWarpSize);
  Value any =
      kernel.loop(kernel.thread(), keys, threads, {zero},
                  [&](Value key, ValueRange any) -> SmallVector<Value> {
                    return {kernel.select(isMasked(batch, key), any[0], one)};
                  })[0];
  any = kernel.maxOverLanes(any);
  // Another batch entry's answer may still be read.
  kernel.barrier();
  kernel.ifTrue(kernel.equal(kernel.lane(), kernel.i32(0)),
                [&] { kernel.storeShared(any, found, kernel.warp()); });
  kernel.barrier();
  for (int64_t warp = 0; warp < threads / kWarpSize; ++warp)
    any = kernel.maxF(any, kernel.loadShared(found, kernel.i32(warp)));
  return kernel.equalF(any, one);
}

/// Which keys of a batch entry count. Those of a row without any, where such
/// rows are uniform, all have the same score.
void AttentionKernel::prepare(Value batch, AttentionOperands &operands) {
  Value all = operands.keys, any;
  operands.keys = countKeys(batch, all);
  if (op.getMaskedRows() == MaskedRows::uniform && (mask || lengths)) {
    any = anyKey(batch, operands.keys);
    operands.keys = kernel.select(any, operands.keys, all);
  }
  if (!mask && !any)
    return;
  operands.keyState = [this, batch, any](Value key) {
    Value state = kernel.f32(1);
    if (mask)
      state = kernel.select(isMasked(batch, key), kernel.f32(0), state);
    return any ? kernel.select(any, state, kernel.f32(2)) : state;
  };
}

void AttentionKernel::finish(AttentionTile &tile, const AttentionState &state,
                             const AttentionBlock &block) {
  int64_t storeWidth = output.array.vectorWidth(4), columns = block.columns;
  Value before = kernel.add(kernel.mul(block.head, op.getValueHeadSize()),
                            block.firstColumn);
  auto storeRow = [&](Value query, int64_t r) {
    Value sum = state.sum[r], zero = kernel.f32(0);
    Value factor =
        kernel.select(kernel.equalF(sum, zero), zero, kernel.reciprocal(sum));
    auto storeColumns = [&](Value column, int64_t count, int64_t number) {
      SmallVector<Value> values;
      for (int64_t c = 0; c < count; ++c)
        values.push_back(
            kernel.mulF(tile.accumulator(state, r, number + c), factor));
      auto store = [&](Value value, int64_t c, int64_t count) {
        Value first = kernel.add(column, c);
        kernel.ifTrue(kernel.less(first, kernel.i32(columns)), [&] {
          kernel.store(value, output,
                       {block.batch, query, kernel.add(before, first)});
        });
      };
      if (storeWidth >= count && columns % count == 0)
        return store(kernel.vector(values), 0, count);
      for (int64_t c = 0; c < count; ++c)
        store(values[c], c, 1);
    };
    tile.forEachColumns(columns, storeColumns);
    if (!block.isLast || !logSumExp)
      return;
    kernel.ifTrue(tile.isFirstOfRow(), [&] {
      kernel.store(emitLogSumExp(kernel, state.maximum[r], sum), *logSumExp,
                   {block.batch, block.head, query});
    });
  };
  tile.forEachRow([&](Value row, int64_t r) {
    kernel.ifTrue(kernel.less(row, block.queries),
                  [&] { storeRow(kernel.add(block.firstQuery, row), r); });
  });
}

void AttentionKernel::run() {
  AttentionTask task;
  task.query = query;
  task.key = key;
  task.value = value;
  task.scoreBias = scoreBias;
  task.heads = op.getHeads();
  task.keyHeads = op.getKeyHeads();
  task.queryWidth = op.getQueryHeadSize();
  task.valueWidth = op.getValueHeadSize();
  task.scale = op.getEffectiveScale() * kLog2E;
  task.batch = output.array.sizes[0];
  task.queries = output.array.sizes[1];
  task.hasAllKeys = !lengths;
  emitAttention(
      kernel, task,
      [&](Value batch, AttentionOperands &operands) {
        prepare(batch, operands);
      },
      [&](AttentionTile &tile, const AttentionState &state,
          const AttentionBlock &block) { finish(tile, state, block); });
}

static LogicalResult lowerAttention(block::AttentionOp op,
                                    DeviceBuilder &kernel) {
  AttentionKernel attention{kernel, op};
  if (failed(attention.findArrays()))
    return failure();
  attention.run();
  return success();
}

/// A block of queries of a head is a task. Where tasks are few, so is each part
/// of the keys if these are many, and a block of half as many queries if not.
static TilingAttr chooseTasks(Operation *operation, CUDATargetAttr target) {
  auto op = cast<block::AttentionOp>(operation);
  auto query = cast<ShapedType>(op.getQuery().getType());
  auto key = cast<ShapedType>(op.getKey().getType());
  int64_t keys = key.getDimSize(1), batch = key.getDimSize(0),
          queries = query.getDimSize(query.getRank() - 2);
  // Of what is not known there is one at least.
  auto atLeast = [](int64_t size) {
    return ShapedType::isDynamic(size) ? 1 : size;
  };
  int64_t inBlock = AttentionShape::mostQueries(op.getValueHeadSize());
  int64_t tasks = atLeast(batch) * op.getHeads() *
                  llvm::divideCeil(atLeast(queries), inBlock);
  int64_t multiprocessors = target.getMultiprocessors();
  int64_t keysOfPart = chooseKeysOfPart(tasks, queries, keys, multiprocessors);
  if (keysOfPart > 0)
    return TilingAttr::get(
        op.getContext(), tileGPUQueries(op, inBlock).getTask(), /*inner=*/{},
        keysOfPart, {1, 1, std::min(kMergedQueries, queries)},
        /*root=*/true);
  if (!ShapedType::isDynamic(queries) && 2 * tasks <= multiprocessors)
    inBlock /= 2;
  return tileGPUQueries(op, inBlock);
}

void perceiver::attachGPUAttentionKernel(MLIRContext *context) {
  using namespace block;
  AttentionOp::attachInterface<GPUKernel<AttentionOp, lowerAttention>,
                               GPUStrategyOf<AttentionOp, chooseTasks>>(
      *context);
}
