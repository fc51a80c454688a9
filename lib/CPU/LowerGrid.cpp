//===- LowerGrid.cpp - The kernel of attention to a grid ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// grid_attention, with the queries in the vector lanes as in online_attention.
// Points are visited in strips of one line of the grid, along its inner axis:
//
//   for each strip [j0, j0 + n) of the inner axis:
//     for each line of the grid, the places i_a on all other axes:
//       base[i]       = sum_a q[a, i_a, i]
//       s[j, i]       = r[j] * (f[j] . qf[:, i] + base[i] + q[inner, j, i])
//       m'[i]         = max(m[i], ceil(max_j s[j, i]))       lane by lane
//       w[j, i]       = r[j] * 2^(s[j, i] - m'[i])
//       inner[j, i]  += w[j, i]
//       acc[a, i_a, i] += sum_j w[j, i],  accf[:, i] += sum_j f[j] * w[j, i]
//     acc[inner, j, i] += inner[j, i]                once in kLongestSum lines
//
// The strip of the queries, of the weights and of the scores stays in the first
// level cache over all lines. The state is scaled only where a maximum has
// grown: that is an integer, and soon stays what it is.
//
// Test: test/CPU/lower-grid.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/GridOps.h"
#include "lib/CPU/AttentionKernel.h"
#include "lib/CPU/GridPoints.h"
#include "lib/CPU/MicroKernel.h"
#include "lib/Math/VectorMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Vectors of queries that are computed together. Two leave registers for the
/// sums over the features, and strips of 64 points in the first-level cache.
static constexpr int64_t kGridVectors = 2;

/// The most features whose sums stay in registers beside the exponential.
static constexpr int64_t kFewFeatures = 4;

/// How much more than the largest score the maximum becomes when it grows:
/// rarely does it have to grow again. Weights are a power of two smaller then,
/// as exact as before.
static constexpr double kHeadroom = 3;

namespace {
struct GridAttentionKernel {
  KernelBuilder kernel;
  block::GridAttentionOp op;
  const VectorTarget &target;
  int64_t maxQueries = 0;

  ArrayRef<int64_t> grid = {};
  unsigned innerAxis = 0;
  int64_t features = 0, width = 0, lines = 1;
  /// The first channel of each axis.
  SmallVector<int64_t> firstChannel = {};
  Value queries = {}, batch = {}, head = {};
  /// Queries with channels as rows; of a strip scores and weights.
  Value queryScratch = {}, scoreScratch = {}, innerScratch = {};
  /// Of a block of queries the maximum before the strip and with it.
  Value beforeScratch = {}, maximumScratch = {};
  std::optional<GridPoints> points = std::nullopt;

  /// A block of queries, at most kGridVectors vectors of them.
  struct Queries {
    Value first;
    SmallVector<Value> counts;
    int64_t vectors() const { return counts.size(); }
  };

  Value column(int64_t vector) { return kernel.index(vector * kernel.lanes); }

  Value loadQuery(Value channel, const Queries &block, int64_t vector) {
    return kernel.load(queryScratch,
                       {channel, kernel.add(block.first, column(vector))});
  }

  SmallVector<Value> atState(Value channel, const Queries &block,
                             int64_t vector) {
    return {batch, head, channel, kernel.add(block.first, column(vector))};
  }

  /// Add `terms` to row `channel` of the accumulator.
  void addToAccumulator(Value channel, const Queries &block, int64_t vector,
                        Value terms) {
    SmallVector<Value> at = atState(channel, block, vector);
    FloatType element = elementOf(op.getAccumulator());
    Value state = kernel.load(op.getAccumulator(), at, block.counts[vector]);
    kernel.store(kernel.addF(state, kernel.convert(terms, element)),
                 op.getAccumulator(), at, block.counts[vector]);
  }

  /// The channel of the place of a strip on an axis other than the inner one.
  Value channelOf(const GridStrip &strip, unsigned axis) {
    return kernel.add(strip.places[axis], firstChannel[axis]);
  }

  /// Scores of a strip, and in maximumScratch the largest ones.
  void scores(const Queries &block, const GridStrip &strip) {
    int64_t vectors = block.vectors();
    SmallVector<Value> base(vectors);
    for (int64_t v = 0; v < vectors; ++v)
      for (unsigned axis = 0; axis < grid.size(); ++axis)
        if (axis != innerAxis) {
          Value term = loadQuery(channelOf(strip, axis), block, v);
          base[v] = base[v] ? kernel.addF(base[v], term) : term;
        }
    auto tileOf = [&](Value j, int64_t rows) {
      RegisterTile tile;
      tile.rows = rows;
      tile.vectors = vectors;
      tile.depth = kernel.index(features);
      auto lhs = [&](int64_t r, Value f) {
        return points->featureAt(strip, kernel.add(j, r), f);
      };
      auto rhs = [&](int64_t v, Value f) { return loadQuery(f, block, v); };
      tile.lhs = lhs;
      tile.rhs = rhs;
      SmallVector<Value> sums = emitRegisterTile(kernel, tile);
      SmallVector<Value> maxima(vectors);
      for (int64_t v = 0; v < vectors; ++v)
        maxima[v] = kernel.load(maximumScratch, column(v));
      for (int64_t r = 0; r < rows; ++r) {
        Value at = kernel.add(j, r);
        Value factor = points->factorAt(strip, at);
        Value channel =
            kernel.add(kernel.add(strip.place, at), firstChannel[innerAxis]);
        for (int64_t v = 0; v < vectors; ++v) {
          Value terms = loadQuery(channel, block, v);
          if (base[v])
            terms = kernel.addF(terms, base[v]);
          Value score =
              kernel.mulF(kernel.addF(sums[r * vectors + v], terms), factor);
          score = points->maskScore(strip, at, score);
          kernel.store(score, scoreScratch, {at, column(v)});
          maxima[v] = kernel.max(score, maxima[v]);
        }
      }
      for (int64_t v = 0; v < vectors; ++v)
        kernel.store(maxima[v], maximumScratch, column(v));
    };
    kernel.rowTiles(kernel.index(strip.size),
                    rowsForVectors(vectors, target.registers), tileOf);
  }

  /// Multiply the state of a block, where a maximum has grown from `before`.
  void scaleState(const Queries &block, int64_t stripSize,
                  ArrayRef<Value> before, ArrayRef<Value> after,
                  ArrayRef<Value> factors) {
    OpBuilder &b = kernel.builder;
    Value changed;
    for (auto [old, now] : llvm::zip_equal(before, after)) {
      Value differs = arith::CmpFOp::create(
          b, kernel.loc, arith::CmpFPredicate::UNE, old, now);
      changed = changed ? arith::OrIOp::create(b, kernel.loc, changed, differs)
                              .getResult()
                        : differs;
    }
    Value any = vector::ReductionOp::create(b, kernel.loc,
                                            vector::CombiningKind::OR, changed);
    auto ifOp = scf::IfOp::create(b, kernel.loc, any, /*withElseRegion=*/false);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(ifOp.thenBlock());
    auto scale = [&](Value array, ValueRange at, int64_t v, Value count) {
      Value factor = kernel.convert(factors[v], elementOf(array));
      Value state = kernel.load(array, at, count);
      kernel.store(kernel.mulF(state, factor), array, at, count);
    };
    for (int64_t v = 0; v < block.vectors(); ++v)
      scale(op.getSum(), {batch, head, kernel.add(block.first, column(v))}, v,
            block.counts[v]);
    kernel.loop(kernel.index(0), kernel.index(width), 1, [&](Value channel) {
      for (int64_t v = 0; v < block.vectors(); ++v)
        scale(op.getAccumulator(), atState(channel, block, v), v,
              block.counts[v]);
    });
    kernel.loop(kernel.index(0), kernel.index(stripSize), 1, [&](Value j) {
      for (int64_t v = 0; v < block.vectors(); ++v)
        scale(innerScratch, {j, column(v)}, v, kernel.index(kernel.lanes));
    });
  }

  /// Update the maximum; returns what is taken off the scores.
  SmallVector<Value> updateMaximum(const Queries &block, int64_t stripSize) {
    SmallVector<Value> before, after, shift, factors;
    for (int64_t v = 0; v < block.vectors(); ++v) {
      before.push_back(kernel.load(beforeScratch, column(v)));
      Value largest = kernel.load(maximumScratch, column(v));
      Value above =
          kernel.addF(emitRoundUp(kernel.builder, kernel.loc, largest),
                      kernel.splat(kHeadroom));
      Value grows =
          arith::CmpFOp::create(kernel.builder, kernel.loc,
                                arith::CmpFPredicate::OGT, largest, before[v]);
      after.push_back(arith::SelectOp::create(kernel.builder, kernel.loc, grows,
                                              above, before[v]));
      kernel.store(after[v], beforeScratch, column(v));
      kernel.store(after[v], maximumScratch, column(v));
      shift.push_back(finiteMaximum(kernel, after[v]));
      factors.push_back(
          exp2NonPositive(kernel, kernel.subF(before[v], shift[v])));
    }
    scaleState(block, stripSize, before, after, factors);
    return shift;
  }

  /// Weights of a strip and their sums.
  void weights(const Queries &block, const GridStrip &strip,
               ArrayRef<Value> shift) {
    int64_t vectors = block.vectors();
    bool few = features <= kFewFeatures;
    int64_t carriedCount = vectors * (2 + (few ? features : 0));
    SmallVector<Value> zeros(carriedCount, kernel.splat(0.0));
    // Sums of a vector: of the softmax, of the weights, of the features.
    SmallVector<Value> sums = kernel.loop(
        kernel.index(0), kernel.index(strip.size), 1, zeros,
        [&](Value j, ValueRange carried) {
          SmallVector<Value> result(carried);
          Value factor = points->factorAt(strip, j);
          for (int64_t v = 0; v < vectors; ++v) {
            Value score = kernel.load(scoreScratch, {j, column(v)});
            Value term = exp2NonPositive(kernel, kernel.subF(score, shift[v]));
            Value weight = kernel.mulF(term, factor);
            Value inner = kernel.load(innerScratch, {j, column(v)});
            kernel.store(kernel.addF(inner, weight), innerScratch,
                         {j, column(v)});
            result[v] = kernel.addF(result[v], term);
            result[vectors + v] = kernel.addF(result[vectors + v], weight);
            if (!few)
              kernel.store(weight, scoreScratch, {j, column(v)});
            for (int64_t f = 0; few && f < features; ++f) {
              Value &sum = result[(2 + f) * vectors + v];
              sum = kernel.fma(
                  kernel.splat(points->featureAt(strip, j, kernel.index(f))),
                  weight, sum);
            }
          }
          return result;
        });
    FloatType element = elementOf(op.getSum());
    for (int64_t v = 0; v < vectors; ++v) {
      SmallVector<Value> at = {batch, head, kernel.add(block.first, column(v))};
      Value state = kernel.load(op.getSum(), at, block.counts[v]);
      kernel.store(kernel.addF(state, kernel.convert(sums[v], element)),
                   op.getSum(), at, block.counts[v]);
      for (unsigned axis = 0; axis < grid.size(); ++axis)
        if (axis != innerAxis)
          addToAccumulator(channelOf(strip, axis), block, v, sums[vectors + v]);
      for (int64_t f = 0; few && f < features; ++f)
        addToAccumulator(kernel.index(f), block, v,
                         sums[(2 + f) * vectors + v]);
    }
    if (!few)
      accumulateFeatures(block, strip);
  }

  /// Sums over a strip of features times weights, which are in scoreScratch.
  void accumulateFeatures(const Queries &block, const GridStrip &strip) {
    int64_t vectors = block.vectors();
    auto tileOf = [&](Value channel, int64_t rows) {
      RegisterTile tile;
      tile.rows = rows;
      tile.vectors = vectors;
      tile.depth = kernel.index(strip.size);
      tile.longestChain = kLongestSum;
      auto lhs = [&](int64_t r, Value j) {
        return points->featureAt(strip, j, kernel.add(channel, r));
      };
      auto rhs = [&](int64_t v, Value j) {
        return kernel.load(scoreScratch, {j, column(v)});
      };
      tile.lhs = lhs;
      tile.rhs = rhs;
      SmallVector<Value> sums = emitRegisterTile(kernel, tile);
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t v = 0; v < vectors; ++v)
          addToAccumulator(kernel.add(channel, r), block, v,
                           sums[r * vectors + v]);
    };
    kernel.rowTiles(kernel.index(features),
                    rowsForVectors(vectors, target.registers), tileOf);
  }

  /// The strip of `size` points from place `first` on in line `line`.
  void oneStrip(const Queries &block, Value line, Value first, int64_t size) {
    GridStrip strip;
    strip.place = first;
    strip.size = size;
    strip.point = kernel.add(kernel.mul(line, grid[innerAxis]), first);
    strip.places.resize(grid.size());
    for (unsigned axis = grid.size(); axis-- > 0;)
      if (axis != innerAxis) {
        strip.places[axis] = kernel.rem(line, grid[axis]);
        line = kernel.floorDiv(line, grid[axis]);
      }
    points->enter(strip);
    scores(block, strip);
    weights(block, strip, updateMaximum(block, size));
  }

  /// All lines of the points from place `first` on of the inner axis.
  void strips(const Queries &block, Value first, int64_t size) {
    auto forEachInner = [&](function_ref<void(Value j, int64_t v)> body) {
      kernel.loop(kernel.index(0), kernel.index(size), 1, [&](Value j) {
        for (int64_t v = 0; v < block.vectors(); ++v)
          body(j, v);
      });
    };
    kernel.loop(
        kernel.index(0), kernel.index(lines), kLongestSum, [&](Value group) {
          forEachInner([&](Value j, int64_t v) {
            kernel.store(kernel.splat(0.0), innerScratch, {j, column(v)});
          });
          Value end = kernel.minimum(kernel.add(group, kLongestSum),
                                     kernel.index(lines));
          kernel.loop(group, end, 1,
                      [&](Value line) { oneStrip(block, line, first, size); });
          forEachInner([&](Value j, int64_t v) {
            Value channel =
                kernel.add(kernel.add(first, j), firstChannel[innerAxis]);
            addToAccumulator(channel, block, v,
                             kernel.load(innerScratch, {j, column(v)}));
          });
        });
  }

  void oneBlock(const Queries &block, int64_t stripSize) {
    auto atMaximum = [&](int64_t v) -> SmallVector<Value> {
      return {batch, head, kernel.add(block.first, column(v))};
    };
    for (int64_t v = 0; v < block.vectors(); ++v) {
      Value maximum =
          kernel.load(op.getMaximum(), atMaximum(v), block.counts[v]);
      kernel.store(maximum, beforeScratch, column(v));
      kernel.store(maximum, maximumScratch, column(v));
    }
    int64_t length = grid[innerAxis], full = length / stripSize * stripSize;
    kernel.loop(kernel.index(0), kernel.index(full), stripSize,
                [&](Value place) { strips(block, place, stripSize); });
    if (full != length)
      strips(block, kernel.index(full), length - full);
    for (int64_t v = 0; v < block.vectors(); ++v)
      kernel.store(kernel.load(beforeScratch, column(v)), op.getMaximum(),
                   atMaximum(v), block.counts[v]);
  }

  void oneHead(int64_t stripSize) {
    packQueries(kernel,
                {op.getQuery(), op.getScale().convertToDouble(), width, queries,
                 batch, head},
                queryScratch);
    kernel.blocks(
        queries, kGridVectors * kernel.lanes, [&](Value first, Value count) {
          Queries block{first, {}};
          for (int64_t v = 0; v < kernel.vectorsFor(count); ++v)
            block.counts.push_back(kernel.add(count, -v * kernel.lanes));
          oneBlock(block, stripSize);
        });
  }

  void run() {
    grid = op.getGrid();
    innerAxis = getInnerAxis(grid);
    features = cast<MemRefType>(op.getFeatures().getType()).getDimSize(2);
    width = op.getHeadSize();
    int64_t channel = features;
    for (int64_t length : grid) {
      firstChannel.push_back(channel);
      channel += length;
    }
    lines = op.getPointCount() / grid[innerAxis];
    queries = kernel.dim(op.getAccumulator(), 3);
    // Strips of equal length, as few as there can be.
    int64_t length = grid[innerAxis];
    int64_t stripSize =
        llvm::divideCeil(length, llvm::divideCeil(length, kLongestSum));
    int64_t lanes = kernel.lanes;
    int64_t paddedQueries = kernel.vectorsFor(maxQueries) * lanes;
    int64_t columns = std::min(kGridVectors * lanes, paddedQueries);
    queryScratch = kernel.scratch({width, paddedQueries});
    scoreScratch = kernel.scratch({stripSize, columns});
    innerScratch = kernel.scratch({stripSize, columns});
    beforeScratch = kernel.scratch({columns});
    maximumScratch = kernel.scratch({columns});
    points.emplace(kernel, op.getFeatures(), op.getFactors(), op.getMask(),
                   stripSize);
    Value zero = kernel.index(0);
    kernel.loop(zero, kernel.dim(op.getAccumulator(), 0), 1, [&](Value b) {
      batch = b;
      points->setBatch(b);
      kernel.loop(zero, kernel.dim(op.getAccumulator(), 1), 1, [&](Value h) {
        head = h;
        oneHead(stripSize);
      });
    });
  }
};
} // namespace

static LogicalResult lowerGridAttention(RewriterBase &rewriter,
                                        block::GridAttentionOp op,
                                        const VectorTarget &target) {
  GridAttentionKernel kernel{KernelBuilder(rewriter, op.getLoc(), target.lanes),
                             op, target};
  std::optional<int64_t> maxQueries =
      kernel.kernel.upperBound(op.getAccumulator(), 3);
  if (!maxQueries)
    return rewriter.notifyMatchFailure(op, kUnboundedQueries);
  kernel.maxQueries = *maxQueries;
  kernel.run();
  rewriter.eraseOp(op);
  return success();
}

void perceiver::attachGridAttentionKernel(MLIRContext *context) {
  block::GridAttentionOp::attachInterface<
      StateKernel<block::GridAttentionOp, lowerGridAttention>>(*context);
}
