//===- LowerRows.cpp - Operations that visit row by row -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// layer_norm, concat_channels, embed, take_rows and mean_rows: a loop over the
// rows of the destination and, inside, vectors over its channels.
//
// Test: test/CPU/lower-rows.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/InputOps.h"
#include "dialect/Block/RowOps.h"
#include "lib/CPU/OperationModels.h"
#include "lib/CPU/RowLoops.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Store zeros behind the first channels of a row.
static void storePadding(KernelBuilder &kernel, Value init, ArrayRef<Value> row,
                         int64_t first) {
  if (first == channelsOf(init))
    return;
  forEachVector(kernel, channelsOf(init) - first, [&](Value c, int64_t count) {
    kernel.store(kernel.splat(0.0), init, at(init, row, kernel.add(c, first)),
                 count);
  });
}

static LogicalResult lowerLayerNorm(RewriterBase &rewriter,
                                    block::LayerNormOp op,
                                    const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  Value input = op.getInput();
  int64_t channels = op.getNormalizedChannels();
  if (ShapedType::isDynamic(channels) ||
      ShapedType::isDynamic(channelsOf(op.getInit())))
    return rewriter.notifyMatchFailure(op, "expected static channels");
  double inverse = 1.0 / static_cast<double>(channels);
  forEachRow(kernel, op.getInit(), [&](ArrayRef<Value> row) {
    auto load = [&](Value c, int64_t count) {
      return kernel.load(input, at(input, row, c), count);
    };
    auto average = [&](Value sum) {
      return kernel.mulF(sum, kernel.f32(inverse));
    };
    Value sum =
        sumOverChannels(kernel, channels, 1,
                        [&](Value c, int64_t count, ValueRange carried) {
                          return SmallVector<Value>{
                              kernel.addF(carried[0], load(c, count))};
                        })
            .front();
    // Where |mean| is large this is off by many float32 steps, but close enough
    // for exact differences; their own mean, `shift`, makes up for it.
    Value about = kernel.splat(average(sum));
    SmallVector<Value> moments = sumOverChannels(
        kernel, channels, 2, [&](Value c, int64_t count, ValueRange carried) {
          Value difference =
              kernel.keepFirst(kernel.subF(load(c, count), about), count);
          return SmallVector<Value>{
              kernel.addF(carried[0], difference),
              kernel.fma(difference, difference, carried[1])};
        });
    Value shift = average(moments[0]);
    Value variance =
        kernel.subF(average(moments[1]), kernel.mulF(shift, shift));
    // Equal values far from zero leave rounding errors of either sign. A NaN
    // stays one.
    variance = arith::MaximumFOp::create(rewriter, kernel.loc, variance,
                                         kernel.f32(0.0));
    Value deviation = math::SqrtOp::create(
        rewriter, kernel.loc,
        kernel.addF(variance, kernel.f32(op.getEpsilon().convertToDouble())));
    Value scale = kernel.splat(kernel.divF(kernel.f32(1.0), deviation));
    Value shifts = kernel.splat(shift);
    forEachVector(kernel, channels, [&](Value c, int64_t count) {
      Value difference = kernel.subF(load(c, count), about);
      Value result = kernel.mulF(kernel.subF(difference, shifts), scale);
      if (op.getGain())
        result = kernel.fma(result, kernel.load(op.getGain(), {c}, count),
                            kernel.load(op.getBias(), {c}, count));
      kernel.store(result, op.getInit(), at(op.getInit(), row, c), count);
    });
    storePadding(kernel, op.getInit(), row, channels);
  });
  rewriter.eraseOp(op);
  return success();
}

static LogicalResult lowerConcatChannels(RewriterBase &rewriter,
                                         block::ConcatChannelsOp op,
                                         const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  if (ShapedType::isDynamic(channelsOf(op.getInit())))
    return rewriter.notifyMatchFailure(op, "expected static channels");
  forEachRow(kernel, op.getInit(), [&](ArrayRef<Value> row) {
    int64_t first = 0;
    for (Value input : op.getInputs()) {
      int64_t channels = channelsOf(input);
      forEachVector(kernel, channels, [&](Value c, int64_t count) {
        kernel.store(kernel.load(input, at(input, row, c), count), op.getInit(),
                     at(op.getInit(), row, kernel.add(c, first)), count);
      });
      first += channels;
    }
    storePadding(kernel, op.getInit(), row, first);
  });
  rewriter.eraseOp(op);
  return success();
}

/// The number of a row, an integer of any width that a caller gave, as an index
/// from 0 to `last`.
static Value clampNumber(KernelBuilder &kernel, Value number, Value last) {
  OpBuilder &builder = kernel.builder;
  number = arith::IndexCastOp::create(builder, kernel.loc,
                                      builder.getIndexType(), number);
  number = arith::MaxSIOp::create(builder, kernel.loc, number, kernel.index(0));
  return arith::MinSIOp::create(builder, kernel.loc, number, last);
}

static LogicalResult lowerEmbed(RewriterBase &rewriter, block::EmbedOp op,
                                const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  int64_t channels = channelsOf(op.getInit());
  if (ShapedType::isDynamic(channels))
    return rewriter.notifyMatchFailure(op, "expected static channels");
  int64_t rows = memrefTypeOf(op.getTable()).getDimSize(0);
  forEachRow(kernel, op.getInit(), [&](ArrayRef<Value> row) {
    Value id = clampNumber(kernel, kernel.loadScalar(op.getIds(), row),
                           kernel.index(rows - 1));
    forEachVector(kernel, channels, [&](Value c, int64_t count) {
      kernel.store(kernel.load(op.getTable(), {id, c}, count), op.getInit(),
                   at(op.getInit(), row, c), count);
    });
  });
  rewriter.eraseOp(op);
  return success();
}

static LogicalResult lowerTakeRows(RewriterBase &rewriter, block::TakeRowsOp op,
                                   const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  Value input = op.getInput(), init = op.getInit();
  if (ShapedType::isDynamic(channelsOf(init)))
    return rewriter.notifyMatchFailure(op, "expected static channels");
  Value last = kernel.sub(kernel.dim(input, op.getRowDim()), kernel.index(1));
  forEachRow(kernel, init, [&](ArrayRef<Value> row) {
    SmallVector<Value> from(row);
    from.back() = clampNumber(
        kernel, kernel.loadScalar(op.getPoints(), row.back()), last);
    if (!op.getChannelsFirst())
      return forEachVector(
          kernel, channelsOf(init), [&](Value c, int64_t count) {
            kernel.store(kernel.load(input, at(input, from, c), count), init,
                         at(init, row, c), count);
          });
    kernel.loop(kernel.index(0), kernel.index(channelsOf(init)), 1,
                [&](Value c) {
                  SmallVector<Value> element = from;
                  element.insert(element.end() - 1, c);
                  kernel.storeScalar(kernel.loadScalar(input, element), init,
                                     at(init, row, c));
                });
  });
  rewriter.eraseOp(op);
  return success();
}

/// How many rows of a batch entry count, but at least 1: the mean of none is 0.
static Value countRows(KernelBuilder &kernel, Value mask, Value entry,
                       Value rows) {
  OpBuilder &builder = kernel.builder;
  Value count =
      kernel.loop(kernel.index(0), rows, 1, {kernel.index(0)},
                  [&](Value n, ValueRange carried) -> SmallVector<Value> {
                    Value one = arith::IndexCastUIOp::create(
                        builder, kernel.loc, builder.getIndexType(),
                        kernel.loadScalar(mask, {entry, n}));
                    return {kernel.add(carried[0], one)};
                  })[0];
  return arith::MaxUIOp::create(builder, kernel.loc, count, kernel.index(1));
}

static LogicalResult lowerMeanRows(RewriterBase &rewriter, block::MeanRowsOp op,
                                   const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  int64_t channels = channelsOf(op.getInit());
  if (ShapedType::isDynamic(channels))
    return rewriter.notifyMatchFailure(op, "expected static channels");
  Value zero = kernel.index(0);
  Value rows = kernel.dim(op.getInput(), 1);
  auto invert = [&](Value number) {
    Value count = arith::UIToFPOp::create(
        rewriter, kernel.loc, rewriter.getF32Type(),
        arith::IndexCastOp::create(rewriter, kernel.loc, rewriter.getI64Type(),
                                   number));
    return kernel.splat(kernel.divF(kernel.f32(1.0), count));
  };
  Value mask = op.getMask();
  Value inverseOfAll = mask ? Value() : invert(rows);
  kernel.loop(zero, kernel.dim(op.getInput(), 0), 1, [&](Value b) {
    Value inverse =
        mask ? invert(countRows(kernel, mask, b, rows)) : inverseOfAll;
    forEachVector(kernel, channels, [&](Value c, int64_t elements) {
      SmallVector<Value> sum = kernel.sums(
          rows, /*step=*/1, /*count=*/1, kLongestSum,
          [&](Value n, ValueRange carried) -> SmallVector<Value> {
            Value row = kernel.load(op.getInput(), {b, n, c}, elements);
            if (mask)
              row = arith::SelectOp::create(rewriter, kernel.loc,
                                            kernel.loadScalar(mask, {b, n}),
                                            row, kernel.splat(0.0));
            return {kernel.addF(carried[0], row)};
          });
      kernel.store(kernel.mulF(sum[0], inverse), op.getInit(), {b, zero, c},
                   elements);
    });
  });
  rewriter.eraseOp(op);
  return success();
}

//===----------------------------------------------------------------------===//
// Models
//===----------------------------------------------------------------------===//

/// An operation whose tasks are blocks of rows.
template <typename OpTy, auto lowerOp>
static void attach(MLIRContext *context) {
  OpTy::template attachInterface<Kernel<OpTy, lowerOp>,
                                 StrategyOf<OpTy, chooseForRows>>(*context);
}

void perceiver::attachRowKernels(MLIRContext *context) {
  using namespace block;
  attach<ConcatChannelsOp, lowerConcatChannels>(context);
  attach<EmbedOp, lowerEmbed>(context);
  attach<LayerNormOp, lowerLayerNorm>(context);
  attach<TakeRowsOp, lowerTakeRows>(context);
  MeanRowsOp::attachInterface<Kernel<MeanRowsOp, lowerMeanRows>,
                              StrategyOf<MeanRowsOp, chooseForBatch>>(*context);
}
