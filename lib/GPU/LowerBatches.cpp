//===- LowerBatches.cpp - Kernels of what joins all rows of an entry -----===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A block of threads has a batch entry: the mean of its rows, or its mask.
//
// Test: test/GPU/lower-rows.test.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/MaskOps.h"
#include "dialect/Block/RowOps.h"
#include "lib/GPU/DeviceBuilder.h"
#include "lib/GPU/OperationModels.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Entries of one block share memory one after the other.
static void forEachEntry(DeviceBuilder &kernel, const DevicePointer &init,
                         function_ref<void(Value entry)> body) {
  if (init.array.hasSize(0, 1))
    return body(kernel.i32(0));
  kernel.loop(kernel.i32(0), kernel.toI32(init.array.sizes[0]), 1,
              [&](Value entry) {
                body(entry);
                kernel.barrier();
              });
}

//===----------------------------------------------------------------------===//
// mean_rows
//===----------------------------------------------------------------------===//

static constexpr int64_t kMeanThreads = 512;
static constexpr int64_t kWidest = 4;
/// Rows that a thread reads before it adds the first of them.
static constexpr int64_t kInFlight = 8;
/// Additions in a row before a sum is added to another.
static constexpr int64_t kLongestSum = 64;

namespace {
/// The mean over the rows of one batch entry. Groups of threads have every n-th
/// row, the threads of a group a vector of columns each. With a mask the number
/// of rows that count is one sum more.
struct MeanKernel {
  DeviceBuilder &kernel;
  DevicePointer input, init;
  std::optional<DevicePointer> mask;
  int64_t columns, width, groups;
  Value entry;

  int64_t groupThreads() const { return kMeanThreads / groups; }
  int64_t sumCount() const { return width + (mask ? 1 : 0); }

  /// What a row adds to the sums: its columns, and 1; zeros if it is masked.
  SmallVector<Value> getTerms(Value vector, Value isKept) {
    SmallVector<Value> terms;
    for (int64_t number = 0; number < width; ++number)
      terms.push_back(kernel.element(vector, number));
    if (!isKept)
      return terms;
    terms.push_back(kernel.f32(1.0));
    for (Value &term : terms)
      term = kernel.select(isKept, term, kernel.f32(0.0));
    return terms;
  }

  /// The sums of every `groups`-th row from `group` on.
  SmallVector<Value> sum(Value group, Value column) {
    Value rows = kernel.toI32(input.array.sizes[1]);
    SmallVector<Value> zeros(sumCount(), kernel.f32(0.0));
    auto add = [&](Value first, int64_t count, ValueRange carried) {
      SmallVector<Value> vectors, kept;
      for (int64_t i = 0; i < count; ++i) {
        Value row = kernel.add(first, i * groups);
        vectors.push_back(kernel.load(input, {entry, row, column}, width));
        kept.push_back(mask ? kernel.isTrue(*mask, {entry, row}) : Value());
      }
      SmallVector<Value> sums = llvm::to_vector_of<Value>(carried);
      for (auto [vector, isKept] : llvm::zip_equal(vectors, kept))
        for (auto [number, term] : llvm::enumerate(getTerms(vector, isKept)))
          sums[number] = kernel.addF(sums[number], term);
      return sums;
    };
    int64_t step = groups * kInFlight, chain = groups * kLongestSum;
    return kernel.loop(
        group, rows, chain, zeros, [&](Value first, ValueRange totals) {
          Value last = kernel.minimum(kernel.add(first, chain), rows);
          // Steps of which also the last row is one, then rows one by one.
          Value own = kernel.floorDiv(
              kernel.add(kernel.sub(last, first), groups - 1), groups);
          Value whole = kernel.add(
              first, kernel.mul(kernel.floorDiv(own, kInFlight), step));
          SmallVector<Value> parts = kernel.loop(
              first, whole, step, zeros, [&](Value row, ValueRange carried) {
                return add(row, kInFlight, carried);
              });
          parts = kernel.loop(whole, last, groups, parts,
                              [&](Value row, ValueRange carried) {
                                return add(row, 1, carried);
                              });
          for (auto [part, total] : llvm::zip(parts, totals))
            part = kernel.addF(total, part);
          return parts;
        });
  }

  void store(ArrayRef<Value> sums, Value column) {
    // The mean of no rows is 0.
    Value rows =
        mask ? kernel.maxF(sums.back(), kernel.f32(1.0))
             : arith::UIToFPOp::create(kernel.rewriter, kernel.loc,
                                       kernel.rewriter.getF32Type(),
                                       kernel.toI32(input.array.sizes[1]));
    Value inverse = kernel.divF(kernel.f32(1.0), rows);
    SmallVector<Value> means;
    for (Value sum : sums.take_front(width))
      means.push_back(kernel.mulF(sum, inverse));
    kernel.store(kernel.vector(means), init, {entry, kernel.i32(0), column});
  }

  /// Columns that one group covers, or all threads together do in turns.
  void emitColumns() {
    Value first = kernel.mul(kernel.thread(), width);
    kernel.loop(
        first, kernel.i32(columns), kMeanThreads * width,
        [&](Value column) { store(sum(kernel.i32(0), column), column); });
  }

  /// Groups share their sums, and the first one adds them up in order; the
  /// numbers of rows stand behind the columns of all groups, one of each group.
  void emitGroups(SharedArray shared) {
    Value group = kernel.floorDiv(kernel.thread(), groupThreads());
    Value column =
        kernel.mul(kernel.rem(kernel.thread(), groupThreads()), width);
    Value isInside = kernel.less(column, kernel.i32(columns));
    int64_t pitch = groupThreads() * width;
    kernel.ifTrue(isInside, [&] {
      SmallVector<Value> sums = sum(group, column);
      kernel.storeShared(kernel.vector(ArrayRef(sums).take_front(width)),
                         shared, kernel.add(kernel.mul(group, pitch), column));
      if (mask)
        kernel.ifTrue(kernel.equal(column, kernel.i32(0)), [&] {
          kernel.storeShared(sums.back(), shared,
                             kernel.add(group, groups * pitch));
        });
    });
    kernel.barrier();
    kernel.ifTrue(
        kernel.both(isInside, kernel.equal(group, kernel.i32(0))), [&] {
          SmallVector<Value> sums;
          for (int64_t number = 0; number < groups; ++number) {
            Value part = kernel.loadShared(
                shared, kernel.add(column, number * pitch), width);
            for (int64_t i = 0; i < width; ++i) {
              Value element = kernel.element(part, i);
              if (number == 0)
                sums.push_back(element);
              else
                sums[i] = kernel.addF(sums[i], element);
            }
          }
          if (mask) {
            Value count = kernel.f32(0.0);
            for (int64_t number = 0; number < groups; ++number)
              count = kernel.addF(
                  count, kernel.loadShared(
                             shared, kernel.i32(groups * pitch + number)));
            sums.push_back(count);
          }
          store(sums, column);
        });
  }
};
} // namespace

static LogicalResult lowerMeanRows(block::MeanRowsOp op,
                                   DeviceBuilder &kernel) {
  FailureOr<DevicePointer> input = kernel.pointer(op.getInput());
  FailureOr<DevicePointer> init = kernel.pointer(op.getInit());
  if (failed(input) || failed(init))
    return failure();
  std::optional<DevicePointer> mask;
  if (op.getMask()) {
    FailureOr<DevicePointer> pointer = kernel.pointer(op.getMask());
    if (failed(pointer))
      return failure();
    mask = *pointer;
  }
  std::optional<int64_t> columns = init->array.staticSize(2);
  if (!columns)
    return op.emitOpError("expected static channels, but got ")
           << op.getInit().getType();
  int64_t width = std::min(input->array.vectorWidth(kWidest),
                           init->array.vectorWidth(kWidest));
  while (*columns % width != 0)
    width /= 2;
  int64_t vectors = llvm::PowerOf2Ceil(*columns / width);
  int64_t groups = std::max<int64_t>(1, kMeanThreads / vectors);
  // Few rows to a group leave little to share.
  groups = std::min<int64_t>(groups, kMeanThreads / kWarpSize);
  kernel.setThreads(kMeanThreads);
  SharedArray shared;
  if (groups > 1)
    shared = kernel.allocateShared(kMeanThreads * width + (mask ? groups : 0));
  forEachEntry(kernel, *init, [&](Value entry) {
    MeanKernel mean = {kernel,   *input, *init,  mask,
                       *columns, width,  groups, entry};
    if (groups > 1)
      mean.emitGroups(shared);
    else
      mean.emitColumns();
  });
  return success();
}

//===----------------------------------------------------------------------===//
// key_mask, to_mask
//===----------------------------------------------------------------------===//

static constexpr int64_t kMaskThreads = 256;

namespace {
/// The mask of one batch entry.
struct MaskKernel {
  DeviceBuilder &kernel;
  block::KeyMaskOp op;
  DevicePointer init;
  std::optional<DevicePointer> mask, lengths;
  Value entry, keys;

  /// How many keys the length leaves, 0 to all.
  Value countKeys() {
    if (!lengths)
      return keys;
    RewriterBase &rewriter = kernel.rewriter;
    Value length = kernel.load(*lengths, entry);
    Value all =
        arith::ExtUIOp::create(rewriter, kernel.loc, length.getType(), keys);
    Value none = arith::ConstantOp::create(
        rewriter, kernel.loc, rewriter.getIntegerAttr(length.getType(), 0));
    length = kernel.maximum(kernel.minimum(length, all), none);
    return arith::TruncIOp::create(rewriter, kernel.loc, rewriter.getI32Type(),
                                   length);
  }

  /// Whether the mask keeps a key.
  Value isKept(Value key) { return kernel.isTrue(*mask, {entry, key}); }

  /// Whether any of the first `count` keys is attended; all threads get it.
  Value findAny(Value count, SharedArray shared) {
    if (!mask)
      return kernel.less(kernel.i32(0), count);
    Value any =
        kernel.loop(kernel.thread(), count, kMaskThreads, {kernel.f32(0.0)},
                    [&](Value key, ValueRange carried) {
                      return SmallVector<Value>{kernel.select(
                          isKept(key), kernel.f32(1.0), carried[0])};
                    })[0];
    kernel.storeShared(kernel.maxOverLanes(any), shared, kernel.warp());
    kernel.barrier();
    any = kernel.f32(0.0);
    for (int64_t warp = 0; warp < kMaskThreads / kWarpSize; ++warp)
      any = kernel.maxF(any, kernel.loadShared(shared, kernel.i32(warp)));
    return arith::CmpFOp::create(kernel.rewriter, kernel.loc,
                                 arith::CmpFPredicate::OGT, any,
                                 kernel.f32(0.0));
  }

  void emit(SharedArray shared) {
    Value count = countKeys();
    Type i8 = kernel.rewriter.getI8Type();
    auto state = [&](int64_t value) -> Value {
      return arith::ConstantOp::create(
          kernel.rewriter, kernel.loc,
          kernel.rewriter.getIntegerAttr(i8, value));
    };
    Value masked = state(0);
    if (op.getMaskedRows() == MaskedRows::uniform)
      masked = kernel.select(findAny(count, shared), state(0), state(2));
    kernel.loop(kernel.thread(), keys, kMaskThreads, [&](Value key) {
      Value attends = kernel.less(key, count);
      if (mask)
        attends = kernel.both(attends, isKept(key));
      kernel.store(kernel.select(attends, state(1), masked), init,
                   {entry, key});
    });
  }
};
} // namespace

static LogicalResult lowerKeyMask(block::KeyMaskOp op, DeviceBuilder &kernel) {
  FailureOr<DevicePointer> init = kernel.pointer(op.getInit());
  if (failed(init))
    return failure();
  std::optional<DevicePointer> mask, lengths;
  for (auto [memref, pointer] :
       {std::pair(op.getMask(), &mask), std::pair(op.getLengths(), &lengths)}) {
    if (!memref)
      continue;
    FailureOr<DevicePointer> found = kernel.pointer(memref);
    if (failed(found))
      return failure();
    *pointer = *found;
  }
  kernel.setThreads(kMaskThreads);
  SharedArray shared;
  if (mask && op.getMaskedRows() == MaskedRows::uniform)
    shared = kernel.allocateShared(kMaskThreads / kWarpSize);
  Value keys = kernel.toI32(init->array.sizes[1]);
  forEachEntry(kernel, *init, [&](Value entry) {
    MaskKernel{kernel, op, *init, mask, lengths, entry, keys}.emit(shared);
  });
  return success();
}

static LogicalResult lowerToMask(block::ToMaskOp op, DeviceBuilder &kernel) {
  FailureOr<DevicePointer> input = kernel.pointer(op.getInput());
  FailureOr<DevicePointer> init = kernel.pointer(op.getInit());
  if (failed(input) || failed(init))
    return failure();
  kernel.setThreads(kMaskThreads);
  Value rows = kernel.toI32(init->array.sizes[1]);
  Type i8 = kernel.rewriter.getI8Type();
  auto truthValue = [&](bool value) -> Value {
    return arith::ConstantOp::create(kernel.rewriter, kernel.loc,
                                     kernel.rewriter.getIntegerAttr(i8, value));
  };
  Value other = truthValue(!op.getInverted()),
        ofZero = truthValue(op.getInverted());
  // The bits of a number are what they are of in all types, but for the sign of
  // a zero.
  auto bits = kernel.rewriter.getIntegerType(
      input->array.elementType.getIntOrFloatBitWidth());
  bool isFloat = isa<FloatType>(input->array.elementType);
  input->array.elementType = bits;
  auto convert = [&](Value number) -> Value {
    if (isFloat)
      number = kernel.both(
          number, arith::ConstantOp::create(
                      kernel.rewriter, kernel.loc,
                      kernel.rewriter.getIntegerAttr(
                          bits, APInt::getSignedMaxValue(bits.getWidth()))));
    return kernel.select(kernel.equal(number, kernel.zero(number.getType())),
                         ofZero, other);
  };
  kernel.loop(
      kernel.i32(0), kernel.toI32(init->array.sizes[0]), 1, [&](Value entry) {
        kernel.loop(kernel.thread(), rows, kMaskThreads, [&](Value row) {
          kernel.store(convert(kernel.load(*input, {entry, row})), *init,
                       {entry, row});
        });
      });
  return success();
}

void perceiver::attachGPUBatchKernels(MLIRContext *context) {
  using namespace block;
  KeyMaskOp::attachInterface<GPUKernel<KeyMaskOp, lowerKeyMask>,
                             GPUStrategyOf<KeyMaskOp, chooseGPUBatch>>(
      *context);
  MeanRowsOp::attachInterface<GPUKernel<MeanRowsOp, lowerMeanRows>,
                              GPUStrategyOf<MeanRowsOp, chooseGPUBatch>>(
      *context);
  ToMaskOp::attachInterface<GPUKernel<ToMaskOp, lowerToMask>,
                            GPUStrategyOf<ToMaskOp, chooseGPUBatch>>(*context);
}
