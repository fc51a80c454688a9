//===- LowerAttentionState.cpp - Kernels of states of attention ----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// online_attention takes keys in as attention does (AttentionHeads.h), and adds
// its state to the one in memory:
//
//   m'   = max(m0, m)
//   acc' = acc0 * 2^(m0 - m') + acc * 2^(m - m')
//
// merge_attention adds up the parts of a split key range, and finish_attention
// divides by the sums and puts columns side by side, through shared memory.
//
// A state that a task fills itself, with what one without keys has, is not
// read.
//
// Test: test/GPU/lower-attention-state.test.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/AttentionState.h"
#include "lib/GPU/AttentionHeads.h"
#include "lib/GPU/OperationModels.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"

#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Of the kernels that do not go over keys.
static constexpr int64_t kThreads = 256;

//===----------------------------------------------------------------------===//
// States in memory
//===----------------------------------------------------------------------===//

namespace {
/// Accumulator, maximum and sum, of which the first and the last may be
/// float64.
struct StateArrays {
  DevicePointer accumulator, maximum, sum;
  /// Whether there is nothing to be read yet.
  bool isNew = false;

  Type sumType() const { return sum.array.elementType; }
};
} // namespace

static Value convert(DeviceBuilder &kernel, Value value, Type type) {
  if (value.getType() == type)
    return value;
  if (type.isF64())
    return arith::ExtFOp::create(kernel.rewriter, kernel.loc, type, value);
  return arith::TruncFOp::create(kernel.rewriter, kernel.loc, type, value);
}

static Value zeroOf(DeviceBuilder &kernel, Type type) {
  return arith::ConstantOp::create(kernel.rewriter, kernel.loc,
                                   kernel.rewriter.getFloatAttr(type, 0));
}

/// The fill of `memref` by the task, which goes before what else it does.
static linalg::FillOp getFill(Value memref) {
  for (Operation *user : memref.getUsers())
    if (auto fill = dyn_cast<linalg::FillOp>(user))
      return fill;
  return nullptr;
}

/// The state that `op` takes more into. Fills of it are erased, if all of them
/// are there.
static FailureOr<StateArrays> findState(DeviceBuilder &kernel, Operation *op,
                                        Value accumulator, Value maximum,
                                        Value sum) {
  StateArrays state;
  Value memrefs[] = {accumulator, maximum, sum};
  DevicePointer *pointers[] = {&state.accumulator, &state.maximum, &state.sum};
  SmallVector<linalg::FillOp> fills;
  for (auto [number, memref] : llvm::enumerate(memrefs)) {
    FailureOr<DevicePointer> pointer = kernel.pointer(memref);
    if (failed(pointer))
      return failure();
    *pointers[number] = *pointer;
    linalg::FillOp fill = getFill(memref);
    if (!fill)
      continue;
    FloatAttr value;
    double neutral = number == 1 ? -kInfinity : 0;
    if (!matchPattern(fill.getInputs()[0], m_Constant(&value)) ||
        value.getValueAsDouble() != neutral)
      return fill.emitOpError("expected a state without keys, 0 and a maximum "
                              "of -inf");
    fills.push_back(fill);
  }
  if (!fills.empty() && fills.size() != std::size(memrefs))
    return op->emitOpError("expected the task to fill all of its state, or "
                           "nothing of it");
  state.isNew = !fills.empty();
  for (linalg::FillOp fill : fills)
    kernel.rewriter.eraseOp(fill);
  return state;
}

/// 2^(maximum - shift), where `shift` is the larger of several maxima; 0
/// without keys. Maxima are integers, so this is exact.
static Value emitFactor(DeviceBuilder &kernel, Value maximum, Value shift) {
  return kernel.powerOfTwo(kernel.subF(maximum, shift));
}

/// The maximum, or 0 where there are no keys: a difference with that is no NaN.
static Value emitShift(DeviceBuilder &kernel, Value maximum) {
  return kernel.select(kernel.equalF(maximum, kernel.f32(-kInfinity)),
                       kernel.f32(0), maximum);
}

//===----------------------------------------------------------------------===//
// online_attention
//===----------------------------------------------------------------------===//

namespace {
struct OnlineAttentionKernel {
  DeviceBuilder &kernel;
  StateArrays arrays;

  void storeColumns(AttentionTile &tile, const AttentionState &state,
                    const AttentionBlock &block, ArrayRef<Value> before);
  void finish(AttentionTile &tile, const AttentionState &state,
              const AttentionBlock &block);
  /// `terms`, with what memory has at `indices`, each times its factor.
  Value addTo(const DevicePointer &pointer, ValueRange indices, Value terms,
              Value factor, Value before);
};
} // namespace

Value OnlineAttentionKernel::addTo(const DevicePointer &pointer,
                                   ValueRange indices, Value terms,
                                   Value factor, Value before) {
  Type type = arrays.sumType();
  terms = convert(kernel, terms, type);
  if (arrays.isNew)
    return terms;
  return kernel.fma(kernel.load(pointer, indices),
                    convert(kernel, before, type),
                    kernel.mulF(terms, convert(kernel, factor, type)));
}

void OnlineAttentionKernel::finish(AttentionTile &tile,
                                   const AttentionState &state,
                                   const AttentionBlock &block) {
  Type type = arrays.sumType();
  int64_t rows = state.maximum.size();
  SmallVector<Value> maxima(state.maximum), old(rows), factors(rows);
  SmallVector<Value> present, queries;
  tile.forEachRow([&](Value row, int64_t r) {
    present.push_back(kernel.less(row, block.queries));
    queries.push_back(kernel.add(block.firstQuery, row));
    if (arrays.isNew)
      return;
    Value before = kernel.loadIf(present[r], arrays.maximum,
                                 {block.batch, block.head, queries[r]});
    maxima[r] = kernel.maxF(before, state.maximum[r]);
    Value shift = emitShift(kernel, maxima[r]);
    old[r] = emitFactor(kernel, before, shift);
    factors[r] = emitFactor(kernel, state.maximum[r], shift);
  });

  // Rows of a thread are neighbours in memory.
  bool isVector = arrays.isNew && block.hasWholeQueries && type.isF32() &&
                  arrays.accumulator.array.vectorWidth(rows) == rows;
  auto storeColumn = [&](Value column, int64_t number) {
    Value at = kernel.add(block.firstColumn, column);
    SmallVector<Value> values;
    for (int64_t r = 0; r < rows; ++r)
      values.push_back(tile.accumulator(state, r, number));
    if (isVector) {
      kernel.store(kernel.vector(values), arrays.accumulator,
                   {block.batch, block.head, at, queries[0]});
      return;
    }
    for (int64_t r = 0; r < rows; ++r)
      kernel.ifTrue(present[r], [&] {
        SmallVector<Value> indices = {block.batch, block.head, at, queries[r]};
        kernel.store(
            addTo(arrays.accumulator, indices, values[r], factors[r], old[r]),
            arrays.accumulator, indices);
      });
  };
  tile.forEachColumns(
      block.columns, [&](Value column, int64_t count, int64_t number) {
        for (int64_t c = 0; c < count; ++c) {
          Value at = kernel.add(column, c);
          kernel.ifTrue(kernel.less(at, kernel.i32(block.columns)),
                        [&] { storeColumn(at, number + c); });
        }
      });
  if (!block.isLast)
    return;
  // Others of the row still read the maximum.
  if (!arrays.isNew)
    kernel.barrier();
  for (int64_t r = 0; r < rows; ++r)
    kernel.ifTrue(kernel.both(present[r], tile.isFirstOfRow()), [&] {
      SmallVector<Value> indices = {block.batch, block.head, queries[r]};
      kernel.store(addTo(arrays.sum, indices, state.sum[r], factors[r], old[r]),
                   arrays.sum, indices);
      kernel.store(maxima[r], arrays.maximum, indices);
    });
}

static LogicalResult lowerOnlineAttention(block::OnlineAttentionOp op,
                                          DeviceBuilder &kernel) {
  FailureOr<DevicePointer> query = kernel.pointer(op.getQuery()),
                           key = kernel.pointer(op.getKey()),
                           value = kernel.pointer(op.getValue());
  FailureOr<StateArrays> state =
      findState(kernel, op, op.getAccumulator(), op.getMaximum(), op.getSum());
  if (failed(query) || failed(key) || failed(value) || failed(state))
    return failure();
  AttentionTask task;
  std::optional<DevicePointer> mask;
  if (failed(findArray(kernel, op.getMask(), mask)) ||
      failed(findArray(kernel, op.getScoreBias(), task.scoreBias)))
    return failure();
  task.query = *query;
  task.key = *key;
  task.value = *value;
  task.heads = op.getHeads();
  task.keyHeads = op.getKeyHeads();
  task.queryWidth = op.getQueryHeadSize();
  task.valueWidth = op.getValueHeadSize();
  task.scale = op.getScale().convertToDouble() * kLog2E;
  task.batch = state->accumulator.array.sizes[0];
  task.queries = state->accumulator.array.sizes[3];
  OnlineAttentionKernel online{kernel, *state};
  emitAttention(
      kernel, task,
      [&](Value batch, AttentionOperands &operands) {
        if (mask)
          operands.keyState = [&, batch](Value key) -> Value {
            return arith::UIToFPOp::create(kernel.rewriter, kernel.loc,
                                           kernel.rewriter.getF32Type(),
                                           kernel.load(*mask, {batch, key}));
          };
      },
      [&](AttentionTile &tile, const AttentionState &state,
          const AttentionBlock &block) { online.finish(tile, state, block); });
  return success();
}

//===----------------------------------------------------------------------===//
// merge_attention
//===----------------------------------------------------------------------===//

namespace {
struct MergeAttentionKernel {
  DeviceBuilder &kernel;
  StateArrays arrays;
  DevicePointer accumulators, maxima, sums;
  Value parts, width, queries;

  void mergeQueries(Value batch, Value head, Value firstQuery,
                    int64_t threadsPerColumn);
};
} // namespace

/// Each thread has a query and every few of the columns.
void MergeAttentionKernel::mergeQueries(Value batch, Value head,
                                        Value firstQuery,
                                        int64_t threadsPerColumn) {
  constexpr int64_t unrolled = 8;
  Type type = arrays.sumType();
  Value zero = kernel.i32(0);
  Value query =
      kernel.add(firstQuery, kernel.rem(kernel.thread(), threadsPerColumn));
  Value group = kernel.floorDiv(kernel.thread(), threadsPerColumn);
  Value isPresent = kernel.less(query, queries);
  query = kernel.minimum(query, kernel.add(queries, -1));
  // All parts together may be more than 32 bits count.
  auto maximumOf = [&](Value part) {
    return kernel.load(kernel.slice(maxima, 0, part), {batch, head, query});
  };
  Value before = kernel.f32(-kInfinity);
  if (!arrays.isNew)
    before = kernel.load(arrays.maximum, {batch, head, query});
  Value maximum =
      kernel.loop(zero, parts, 1, {before}, [&](Value part, ValueRange most) {
        return SmallVector<Value>{kernel.maxF(most[0], maximumOf(part))};
      })[0];
  Value shift = emitShift(kernel, maximum);
  Value old = convert(kernel, emitFactor(kernel, before, shift), type);

  /// The state at `places`, if it is present there, and that of all parts.
  auto merge = [&](const DevicePointer &target, const DevicePointer &source,
                   ArrayRef<SmallVector<Value>> places,
                   ArrayRef<Value> arePresent) {
    SmallVector<Value> inits(places.size(), zeroOf(kernel, type));
    if (!arrays.isNew)
      for (auto [init, indices, isPresent] :
           llvm::zip(inits, places, arePresent))
        init = kernel.mulF(kernel.loadIf(isPresent, target, indices), old);
    return kernel.loop(zero, parts, 1, inits, [&](Value part, ValueRange sums) {
      Value factor =
          convert(kernel, emitFactor(kernel, maximumOf(part), shift), type);
      DevicePointer terms = kernel.slice(source, 0, part);
      SmallVector<Value> result;
      for (auto [indices, sum] : llvm::zip(places, sums))
        result.push_back(kernel.fma(
            convert(kernel, kernel.load(terms, indices), type), factor, sum));
      return result;
    });
  };
  int64_t step = kThreads / threadsPerColumn;
  kernel.loop(group, width, step * unrolled, [&](Value first) {
    SmallVector<SmallVector<Value>> places;
    SmallVector<Value> arePresent;
    for (int64_t i = 0; i < unrolled; ++i) {
      Value column = kernel.add(first, i * step);
      arePresent.push_back(kernel.both(isPresent, kernel.less(column, width)));
      places.push_back(
          {batch, head, kernel.minimum(column, kernel.add(width, -1)), query});
    }
    SmallVector<Value> merged =
        merge(arrays.accumulator, accumulators, places, arePresent);
    for (int64_t i = 0; i < unrolled; ++i)
      kernel.ifTrue(arePresent[i], [&] {
        kernel.store(merged[i], arrays.accumulator, places[i]);
      });
  });
  SmallVector<Value> place = {batch, head, query};
  Value sum = merge(arrays.sum, sums, {place}, {isPresent})[0];
  // Others still read the state of the query.
  if (!arrays.isNew)
    kernel.barrier();
  kernel.ifTrue(kernel.both(isPresent, kernel.equal(group, zero)), [&] {
    kernel.store(sum, arrays.sum, {batch, head, query});
    kernel.store(maximum, arrays.maximum, {batch, head, query});
  });
}

static LogicalResult lowerMergeAttention(block::MergeAttentionOp op,
                                         DeviceBuilder &kernel) {
  FailureOr<DevicePointer> accumulators = kernel.pointer(op.getAccumulators()),
                           maxima = kernel.pointer(op.getMaxima()),
                           sums = kernel.pointer(op.getSums());
  FailureOr<StateArrays> state =
      findState(kernel, op, op.getAccumulator(), op.getMaximum(), op.getSum());
  if (failed(accumulators) || failed(maxima) || failed(sums) || failed(state))
    return failure();
  kernel.setThreads(kThreads);
  ArrayRef<OpFoldResult> sizes = state->accumulator.array.sizes;
  int64_t threadsPerColumn = std::min<int64_t>(
      kWarpSize,
      llvm::PowerOf2Ceil(getConstantIntValue(sizes[3]).value_or(kWarpSize)));
  MergeAttentionKernel merge{kernel,
                             *state,
                             *accumulators,
                             *maxima,
                             *sums,
                             kernel.toI32(accumulators->array.sizes[0]),
                             kernel.toI32(sizes[2]),
                             kernel.toI32(sizes[3])};
  Value zero = kernel.i32(0);
  kernel.loop(zero, kernel.toI32(sizes[0]), 1, [&](Value batch) {
    kernel.loop(zero, kernel.toI32(sizes[1]), 1, [&](Value head) {
      kernel.loop(zero, merge.queries, threadsPerColumn, [&](Value first) {
        merge.mergeQueries(batch, head, first, threadsPerColumn);
      });
    });
  });
  return success();
}

//===----------------------------------------------------------------------===//
// finish_attention
//===----------------------------------------------------------------------===//

static LogicalResult lowerFinishAttention(block::FinishAttentionOp op,
                                          DeviceBuilder &kernel) {
  FailureOr<DevicePointer> accumulator = kernel.pointer(op.getAccumulator()),
                           maximum = kernel.pointer(op.getMaximum()),
                           sum = kernel.pointer(op.getSum()),
                           output = kernel.pointer(op.getInits()[0]);
  if (failed(accumulator) || failed(maximum) || failed(sum) || failed(output))
    return failure();
  std::optional<DevicePointer> logSumExp;
  if (op.getInits().size() > 1) {
    FailureOr<DevicePointer> pointer = kernel.pointer(op.getInits()[1]);
    if (failed(pointer))
      return failure();
    logSumExp = *pointer;
  }
  kernel.setThreads(kThreads);
  // A square of the accumulator at a time; its rows are one longer than they
  // need, so that columns lie in as many banks.
  constexpr int64_t square = kWarpSize, pitch = square + 1,
                    atOnce = kThreads / square;
  SharedArray turned = kernel.allocateShared(square * pitch);
  ArrayRef<OpFoldResult> sizes = accumulator->array.sizes;
  Value width = kernel.toI32(sizes[2]), queries = kernel.toI32(sizes[3]);
  Value zero = kernel.i32(0), lane = kernel.lane(), warp = kernel.warp();
  Type f32 = kernel.rewriter.getF32Type();

  auto someQueries = [&](Value batch, Value head, Value first) {
    Value query = kernel.add(first, lane);
    Value isQuery = kernel.less(query, queries);
    Value total = convert(
        kernel, kernel.loadIf(isQuery, *sum, {batch, head, query}), f32);
    Value factor = kernel.select(kernel.equalF(total, kernel.f32(0)),
                                 kernel.f32(0), kernel.reciprocal(total));
    if (logSumExp)
      kernel.ifTrue(kernel.both(isQuery, kernel.equal(warp, zero)), [&] {
        Value most = kernel.load(*maximum, {batch, head, query});
        kernel.store(emitLogSumExp(kernel, most, total), *logSumExp,
                     {batch, head, query});
      });
    kernel.loop(zero, width, square, [&](Value firstColumn) {
      for (int64_t done = 0; done < square; done += atOnce) {
        Value row = kernel.add(warp, done);
        Value column = kernel.add(firstColumn, row);
        Value loaded =
            kernel.loadIf(kernel.both(isQuery, kernel.less(column, width)),
                          *accumulator, {batch, head, column, query});
        kernel.storeShared(kernel.mulF(convert(kernel, loaded, f32), factor),
                           turned, kernel.add(kernel.mul(row, pitch), lane));
      }
      kernel.barrier();
      for (int64_t done = 0; done < square; done += atOnce) {
        Value row = kernel.add(warp, done);
        Value query = kernel.add(first, row);
        Value column = kernel.add(firstColumn, lane);
        Value value =
            kernel.loadShared(turned, kernel.add(kernel.mul(lane, pitch), row));
        kernel.ifTrue(
            kernel.both(kernel.less(query, queries),
                        kernel.less(column, width)),
            [&] {
              kernel.store(
                  value, *output,
                  {batch, query, kernel.add(kernel.mul(head, width), column)});
            });
      }
      kernel.barrier();
    });
  };
  kernel.loop(zero, kernel.toI32(sizes[0]), 1, [&](Value batch) {
    kernel.loop(zero, kernel.toI32(sizes[1]), 1, [&](Value head) {
      kernel.loop(zero, queries, square,
                  [&](Value first) { someQueries(batch, head, first); });
    });
  });
  return success();
}

//===----------------------------------------------------------------------===//
// Strategies
//===----------------------------------------------------------------------===//

static TilingAttr chooseOnlineTasks(Operation *op, CUDATargetAttr) {
  int64_t width = cast<block::OnlineAttentionOp>(op).getValueHeadSize();
  return tileGPUQueries(op, AttentionShape::mostQueries(width));
}

/// States that are merged or finished are few: those of a block of queries are
/// several tasks, each with whole sectors of memory.
static TilingAttr chooseMergeTasks(Operation *op, CUDATargetAttr) {
  return tileGPUQueries(op, kMergedQueries);
}

static TilingAttr chooseFinishTasks(Operation *op, CUDATargetAttr) {
  return tileGPUQueries(op, kWarpSize);
}

void perceiver::attachGPUAttentionStateKernels(MLIRContext *context) {
  using namespace block;
  OnlineAttentionOp::attachInterface<
      GPUKernel<OnlineAttentionOp, lowerOnlineAttention>,
      GPUStrategyOf<OnlineAttentionOp, chooseOnlineTasks>>(*context);
  MergeAttentionOp::attachInterface<
      GPUKernel<MergeAttentionOp, lowerMergeAttention>,
      GPUStrategyOf<MergeAttentionOp, chooseMergeTasks>>(*context);
  FinishAttentionOp::attachInterface<
      GPUKernel<FinishAttentionOp, lowerFinishAttention>,
      GPUStrategyOf<FinishAttentionOp, chooseFinishTasks>>(*context);
}
