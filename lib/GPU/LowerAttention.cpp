//===- LowerAttention.cpp - The kernel of attention ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A block of threads works on the queries of its task, a block of them at a
// time (AttentionTile.h), and divides their sums by those of the weights:
//
//   o[i, c] = acc[i, c] / sum[i]                       0 for a row without keys
//   lse[i]  = ln(2) * m[i] + ln(sum[i])
//
// Columns of values beyond those that the registers hold are a pass of their
// own, with the scores again.
//
// Test: test/GPU/lower-attention.test.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/AttentionState.h"
#include "lib/GPU/AttentionTile.h"
#include "lib/GPU/OperationModels.h"
#include "lib/Math/VectorMath.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
struct AttentionKernel {
  DeviceBuilder &kernel;
  block::AttentionOp op;
  DevicePointer query = {}, key = {}, value = {}, output = {};
  std::optional<DevicePointer> lengths = {}, mask = {}, logSumExp = {};
  Value keys = {};
  AttentionShape shape = {};

  LogicalResult findArrays();
  Value countKeys(Value batch);
  Value isMasked(Value batch, Value key);
  Value anyKey(Value batch, Value keys);
  void finish(AttentionTile &tile, const AttentionState &state, Value batch,
              Value head, Value firstQuery, Value firstColumn, int64_t columns,
              bool withLogSumExp);
  void oneHead(AttentionTile &tile, AttentionOperands operands, Value batch,
               Value head);
  void run();

  bool isUniform() { return op.getMaskedRows() == MaskedRows::uniform; }
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
    if (!memref)
      return success();
    FailureOr<DevicePointer> found = kernel.pointer(memref);
    if (succeeded(found))
      pointer = *found;
    return LogicalResult(found);
  };
  return success(
      succeeded(find(op.getLengths(), lengths)) &&
      succeeded(find(op.getMask(), mask)) &&
      succeeded(find(op.getInits().size() > 1 ? op.getInits()[1] : Value(),
                     logSumExp)));
}

/// Keys of a batch entry that its length leaves.
Value AttentionKernel::countKeys(Value batch) {
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
  int64_t threads = shape.threads;
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

/// Rows and columns of the results from the sums of a block of queries.
void AttentionKernel::finish(AttentionTile &tile, const AttentionState &state,
                             Value batch, Value head, Value firstQuery,
                             Value firstColumn, int64_t columns,
                             bool withLogSumExp) {
  Value queries = kernel.toI32(output.array.sizes[1]);
  int64_t storeWidth = output.array.vectorWidth(4);
  tile.forEachRow([&](Value row, int64_t r) {
    Value query = kernel.add(firstQuery, row);
    kernel.ifTrue(kernel.less(query, queries), [&] {
      Value sum = state.sum[r];
      Value isEmpty = kernel.equalF(sum, kernel.f32(0));
      Value factor =
          kernel.select(isEmpty, kernel.f32(0), kernel.reciprocal(sum));
      tile.forEachColumns(columns, [&](Value column, int64_t count,
                                       int64_t number) {
        SmallVector<Value> values;
        for (int64_t c = 0; c < count; ++c)
          values.push_back(
              kernel.mulF(tile.accumulator(state, r, number + c), factor));
        Value at = kernel.add(firstColumn, column);
        if (storeWidth >= count && columns % count == 0) {
          kernel.ifTrue(kernel.less(column, kernel.i32(columns)), [&] {
            kernel.store(kernel.vector(values), output, {batch, query, at});
          });
          return;
        }
        for (int64_t c = 0; c < count; ++c)
          kernel.ifTrue(kernel.less(kernel.add(column, c), kernel.i32(columns)),
                        [&] {
                          kernel.store(values[c], output,
                                       {batch, query, kernel.add(at, c)});
                        });
      });
      if (!withLogSumExp)
        return;
      kernel.ifTrue(tile.isFirstOfRow(), [&] {
        Value maximum = state.maximum[r];
        Value natural = kernel.mulF(maximum, kernel.f32(kLn2));
        natural = kernel.select(
            kernel.equalF(maximum, kernel.f32(kMaskedScore)), maximum, natural);
        Value sumLog = emitLog(kernel.rewriter, kernel.loc, sum);
        kernel.store(kernel.addF(natural, sumLog), *logSumExp,
                     {batch, head, query});
      });
    });
  });
}

/// All queries and columns of one head of one batch entry.
void AttentionKernel::oneHead(AttentionTile &tile, AttentionOperands operands,
                              Value batch, Value head) {
  Value queries = kernel.toI32(output.array.sizes[1]);
  int64_t width = op.getValueHeadSize(), most = shape.mostColumns();
  int64_t wholePasses = (width - 1) / most * most;
  std::optional<int64_t> staticQueries = output.array.staticSize(1);
  bool hasWholeBlocks = staticQueries && *staticQueries % shape.queries() == 0;
  DevicePointer query = operands.query, value = operands.value;
  kernel.loop(kernel.i32(0), queries, shape.queries(), [&](Value first) {
    operands.query = kernel.advance(query, 0, first);
    operands.queries = hasWholeBlocks ? Value() : kernel.sub(queries, first);
    auto pass = [&](Value column, int64_t columns, bool isLast) {
      operands.value = kernel.advance(value, 1, column);
      operands.valueWidth = columns;
      AttentionState state = tile.attend(operands);
      finish(tile, state, batch, head, first,
             kernel.add(kernel.mul(head, width), column), columns,
             isLast && logSumExp);
    };
    if (wholePasses > 0)
      kernel.loop(kernel.i32(0), kernel.i32(wholePasses), most,
                  [&](Value column) { pass(column, most, false); });
    pass(kernel.i32(wholePasses), width - wholePasses, true);
  });
}

void AttentionKernel::run() {
  int64_t queryWidth = op.getQueryHeadSize(), width = op.getValueHeadSize();
  int64_t queries =
      output.array.staticSize(1).value_or(std::numeric_limits<int64_t>::max());
  shape = AttentionShape::choose(queries, width);
  AttentionTile tile(kernel, shape, queryWidth, width);
  keys = kernel.toI32(key.array.sizes[1]);

  AttentionOperands operands;
  operands.queryWidth = queryWidth;
  operands.scale = op.getEffectiveScale() * kLog2E;
  operands.wholeTiles =
      !lengths && AttentionShape::hasWholeTiles(key.array.staticSize(1));
  Value zero = kernel.i32(0);
  kernel.loop(zero, kernel.toI32(output.array.sizes[0]), 1, [&](Value batch) {
    operands.keys = countKeys(batch);
    Value any;
    if (isUniform() && (mask || lengths)) {
      any = anyKey(batch, operands.keys);
      operands.keys = kernel.select(any, operands.keys, keys);
    }
    if (mask || any)
      operands.keyState = [&, any](Value key) {
        Value state = kernel.f32(1);
        if (mask)
          state = kernel.select(isMasked(batch, key), kernel.f32(0), state);
        return any ? kernel.select(any, state, kernel.f32(2)) : state;
      };
    kernel.loop(zero, kernel.i32(op.getHeads()), 1, [&](Value head) {
      auto headOf = [&](const DevicePointer &pointer, int64_t headWidth) {
        DevicePointer entry = pointer.array.rank() == 3
                                  ? kernel.slice(pointer, 0, batch)
                                  : pointer;
        return kernel.advance(entry, 1, kernel.mul(head, headWidth));
      };
      operands.query = headOf(query, queryWidth);
      operands.key = headOf(key, queryWidth);
      operands.value = headOf(value, width);
      oneHead(tile, operands, batch, head);
    });
  });
}

static LogicalResult lowerAttention(block::AttentionOp op,
                                    DeviceBuilder &kernel) {
  AttentionKernel attention{kernel, op};
  if (failed(attention.findArrays()))
    return failure();
  attention.run();
  return success();
}

void perceiver::attachGPUAttentionKernels(MLIRContext *context) {
  using namespace block;
  AttentionOp::attachInterface<GPUKernel<AttentionOp, lowerAttention>,
                               GPUStrategyOf<AttentionOp, chooseGPUAttention>>(
      *context);
}
