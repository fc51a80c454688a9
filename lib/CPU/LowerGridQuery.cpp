//===- LowerGridQuery.cpp - The kernel of attention of a grid -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One tile of grid_query_attention, a block of points against a block of keys,
// with the points in the vector lanes:
//
//   rt[i]    = scale * log2(e) * r[i]
//   ft[c, i] = rt[i] * f[i, c]                             transposed once
//   s[j, i]  = sum_a k_a[j, i_a]                           line by line
//   s[j, i]  = rt[i] * s[j, i] + sum_c k_f[j, c] * ft[c, i]
//
// and what AttentionBlocks.h does with scores. On the inner axis the places of
// points side by side are side by side in a row of the keys, on all others they
// are the same: what a line of the grid has of a block of points is cut out of
// the keys in whole vectors, wherever it begins. Elements behind the end of a
// line are those that the next line overwrites, or of no point.
//
// Test: test/CPU/lower-grid-query.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/GridOps.h"
#include "dialect/Block/GridQueryOps.h"
#include "lib/CPU/AttentionBlocks.h"
#include "lib/CPU/MicroKernel.h"
#include "lib/CPU/Transpose.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
struct GridQueryKernel {
  KernelBuilder &kernel;
  block::GridQueryAttentionOp op;
  const VectorTarget &target;
  /// Factors, and features that are multiplied with them, channel by channel.
  Value factorScratch, featureScratch;
  AttentionBlocks blocks;

  ArrayRef<int64_t> grid = op.getGrid();
  unsigned innerAxis = getInnerAxis(grid);
  int64_t features = op.getFeatureCount();
  /// The first channel of each axis.
  SmallVector<int64_t> firstChannel = {};
  Value queries = kernel.dim(op.getMaximum(), 2);
  Value offset = op.getOffset() ? op.getOffset() : kernel.index(0);

  /// Factors of all points in units of log2, and features times these.
  void packFeatures() {
    Value scale = kernel.splat(op.getScale().convertToDouble() * kLog2E);
    bool hasBatch = cast<MemRefType>(op.getFactors().getType()).getRank() == 2;
    kernel.blocks(queries, kernel.lanes, [&](Value i, Value count) {
      SmallVector<Value> at = {i};
      if (hasBatch)
        at.insert(at.begin(), blocks.batch);
      Value factors = kernel.load(op.getFactors(), at, count);
      kernel.store(kernel.mulF(factors, scale), factorScratch, i);
    });
    if (features == 0)
      return;
    auto sourceAt = [&](Value i, Value c) -> SmallVector<Value> {
      return {blocks.batch, i, c};
    };
    auto destinationAt = [](Value c, Value i) -> SmallVector<Value> {
      return {c, i};
    };
    auto map = [](Value vector, Value) { return vector; };
    Transposition transposition;
    transposition.rows = queries;
    transposition.columns = kernel.index(features);
    transposition.source = op.getFeatures();
    transposition.destination = featureScratch;
    transposition.sourceAt = sourceAt;
    transposition.destinationAt = destinationAt;
    transposition.map = map;
    transposition.padDestination = true;
    emitTranspose(kernel, transposition);
    kernel.loop(kernel.index(0), kernel.index(features), 1, [&](Value c) {
      kernel.loop(kernel.index(0), queries, kernel.lanes, [&](Value i) {
        Value product = kernel.mulF(kernel.load(featureScratch, {c, i}),
                                    kernel.load(factorScratch, i));
        kernel.store(product, featureScratch, {c, i});
      });
    });
  }

  Value channelOf(int64_t channel) {
    return kernel.add(kernel.mul(blocks.keyHead, op.getKeyHeadSize()), channel);
  }

  /// What the keys have of points side by side on a line: of `count` of them
  /// from place `place` on, `column` columns behind the first of the block.
  void positionsOfLine(Value line, Value place, Value column, Value count) {
    SmallVector<Value> outer;
    for (unsigned axis = grid.size(); axis-- > 0;)
      if (axis != innerAxis) {
        outer.push_back(kernel.add(channelOf(firstChannel[axis]),
                                   kernel.rem(line, grid[axis])));
        line = kernel.floorDiv(line, grid[axis]);
      }
    Value inner = kernel.add(channelOf(firstChannel[innerAxis]), place);
    Value full = kernel.mul(kernel.floorDiv(count, kernel.lanes), kernel.lanes);
    kernel.loop(kernel.index(0), blocks.keys, 1, [&](Value j) {
      Value base;
      for (Value channel : outer) {
        Value term = kernel.loadScalar(op.getKey(), {blocks.batch, j, channel});
        base =
            base ? arith::AddFOp::create(kernel.builder, kernel.loc, base, term)
                       .getResult()
                 : term;
      }
      auto writeVector = [&](Value i, Value valid) {
        Value sum = kernel.load(op.getKey(),
                                {blocks.batch, j, kernel.add(inner, i)}, valid);
        if (base)
          sum = kernel.addF(sum, kernel.splat(base));
        kernel.store(sum, blocks.scoreScratch, {j, kernel.add(column, i)});
      };
      kernel.loop(kernel.index(0), full, kernel.lanes,
                  [&](Value i) { writeVector(i, kernel.index(kernel.lanes)); });
      kernel.loop(full, count, kernel.lanes,
                  [&](Value i) { writeVector(i, kernel.sub(count, i)); });
    });
  }

  /// In the place of the scores what the keys have of the places of `count`
  /// points from `first` on, of one line of the grid after the other.
  void positions(Value first, Value count) {
    int64_t length = grid[innerAxis];
    Value begin = kernel.add(offset, first), end = kernel.add(begin, count);
    Value firstLine = kernel.floorDiv(begin, length);
    Value lastLine = kernel.floorDiv(kernel.add(end, -1), length);
    kernel.loop(firstLine, kernel.add(lastLine, 1), 1, [&](Value line) {
      Value lineBegin = kernel.mul(line, length);
      Value from = kernel.maximum(begin, lineBegin);
      Value to = kernel.minimum(end, kernel.add(lineBegin, length));
      positionsOfLine(line, kernel.sub(from, lineBegin),
                      kernel.sub(from, begin), kernel.sub(to, from));
    });
  }

  /// Scores of `count` points from `first` on.
  void scores(Value first, Value count) {
    int64_t vectors = kernel.vectorsFor(count);
    positions(first,
              kernel.minimum(count, kernel.index(vectors * kernel.lanes)));
    auto tileOf = [&](Value key, int64_t rows) {
      SmallVector<Value> sums;
      if (features > 0) {
        RegisterTile tile;
        tile.rows = rows;
        tile.vectors = vectors;
        tile.depth = kernel.index(features);
        auto lhs = [&](int64_t r, Value c) {
          return kernel.loadScalar(
              op.getKey(),
              {blocks.batch, kernel.add(key, r), kernel.add(channelOf(0), c)});
        };
        auto rhs = [&](int64_t v, Value c) {
          return kernel.load(featureScratch,
                             {c, kernel.add(first, v * kernel.lanes)});
        };
        tile.lhs = lhs;
        tile.rhs = rhs;
        sums = emitRegisterTile(kernel, tile);
      }
      for (int64_t v = 0; v < vectors; ++v) {
        Value factor =
            kernel.load(factorScratch, kernel.add(first, v * kernel.lanes));
        for (int64_t r = 0; r < rows; ++r) {
          Value at = kernel.add(key, r);
          Value terms = kernel.load(blocks.scoreScratch,
                                    {at, kernel.index(v * kernel.lanes)});
          Value score = sums.empty()
                            ? kernel.mulF(terms, factor)
                            : kernel.fma(terms, factor, sums[r * vectors + v]);
          blocks.storeScore(score, at, v);
        }
      }
    };
    kernel.rowTiles(blocks.keys, rowsForVectors(vectors, target.registers),
                    tileOf);
  }

  void run() {
    int64_t channel = features;
    for (int64_t length : grid) {
      firstChannel.push_back(channel);
      channel += length;
    }
    // All heads read the same points, but a task has few of them.
    blocks.forEachHead([](Value h) { return h; },
                       [&] {
                         packFeatures();
                         blocks.attend(queries, [&](Value first, Value count) {
                           scores(first, count);
                         });
                       });
  }
};
} // namespace

static LogicalResult lowerGridQueryAttention(RewriterBase &rewriter,
                                             block::GridQueryAttentionOp op,
                                             const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  std::optional<int64_t> maxKeys = kernel.upperBound(op.getKey(), 1);
  if (!maxKeys)
    return rewriter.notifyMatchFailure(op, kUnboundedKeys);
  std::optional<int64_t> maxQueries = kernel.upperBound(op.getMaximum(), 2);
  if (!maxQueries)
    return rewriter.notifyMatchFailure(op, kUnboundedQueries);
  int64_t paddedQueries = kernel.vectorsFor(*maxQueries) * kernel.lanes;
  Value factorScratch = kernel.scratch({paddedQueries});
  Value featureScratch;
  if (op.getFeatures())
    featureScratch = kernel.scratch({op.getFeatureCount(), paddedQueries});
  AttendedKeys attended = {
      op.getValue(),         op.getMask(),    op.getScoreBias(),
      op.getAccumulator(),   op.getMaximum(), op.getSum(),
      op.getValueHeadSize(), *maxKeys,        *maxQueries};
  GridQueryKernel{kernel,
                  op,
                  target,
                  factorScratch,
                  featureScratch,
                  AttentionBlocks(kernel, target, attended,
                                  kernel.dim(op.getKey(), 1),
                                  /*spare=*/kernel.lanes)}
      .run();
  rewriter.eraseOp(op);
  return success();
}

void perceiver::attachGridQueryKernel(MLIRContext *context) {
  block::GridQueryAttentionOp::attachInterface<
      StateKernel<block::GridQueryAttentionOp, lowerGridQueryAttention>>(
      *context);
}
