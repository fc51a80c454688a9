//===- LowerAttention.cpp - The flash attention kernels -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One tile of online_attention, a block of queries against a block of keys,
// with the queries in the vector lanes:
//
//   qt[c, i]  = scale * log2(e) * q[i, c]                       transposed once
//   s[j, i]   = sum_c k[j, c] * qt[c, i]                        register tiles
//   m'[i]     = max(m[i], ceil(max_j s[j, i]))                  lane by lane
//   p[j, i]   = 2^(s[j, i] - m'[i])                             in place of s
//   acc[c, i] = acc[c, i] * 2^(m[i] - m'[i]) + sum_j v[j, c] * p[j, i]
//
// Sums over the keys of a block begin at 0 and are added to the state once.
//
// Keys and values are the broadcast side, so no row of them is repacked and no
// vector is reduced across its lanes. The score block is scratch memory of the
// tile's size.
//
// Test: test/CPU/lower-attention.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/Kernels.h"
#include "lib/CPU/MicroKernel.h"
#include "lib/CPU/Transpose.h"
#include "lib/Math/VectorMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

static constexpr double kLog2E = 1.4426950408889634;
static constexpr double kLn2 = 0.6931471805599453;
/// The score of a masked key when all are masked (numerics contract, 2).
static constexpr double kMaskedScore = -3.4028234663852886e38;
/// Vectors of queries in one register tile of scores.
static constexpr int64_t kQueryVectors = 4;

static constexpr const char *kUnboundedQueries =
    "expected a bounded number of queries; tile the loop over queries";

static constexpr double kNegativeInfinity =
    -std::numeric_limits<double>::infinity();

/// `value`, or 0 where it is -inf, so that a difference with it is no NaN.
static Value finiteMaximum(KernelBuilder &kernel, Value value) {
  Value isEmpty = arith::CmpFOp::create(kernel.builder, kernel.loc,
                                        arith::CmpFPredicate::OEQ, value,
                                        kernel.splat(kNegativeInfinity));
  return arith::SelectOp::create(kernel.builder, kernel.loc, isEmpty,
                                 kernel.splat(0.0), value);
}

static Value exp2NonPositive(KernelBuilder &kernel, Value value) {
  return emitExp2NonPositive(kernel.builder, kernel.loc, value);
}

/// The type in which a state keeps its sums.
static FloatType elementOf(Value state) {
  return cast<FloatType>(cast<MemRefType>(state.getType()).getElementType());
}

/// `state * factor + terms` in the precision of the state.
static Value addToState(KernelBuilder &kernel, Value state, Value factor,
                        Value terms) {
  auto element = cast<FloatType>(getElementTypeOrSelf(state.getType()));
  return kernel.fma(state, kernel.convert(factor, element),
                    kernel.convert(terms, element));
}

//===----------------------------------------------------------------------===//
// online_attention
//===----------------------------------------------------------------------===//

/// The dimension of the query that counts queries.
static int64_t queryDim(block::OnlineAttentionOp op) {
  return cast<MemRefType>(op.getQuery().getType()).getRank() - 2;
}

/// True if so many rows of `array` share a set of the first-level cache, at a
/// distance of whole KiB, that a walk down a column keeps none of its lines.
static bool hasConflictingRows(Value array) {
  constexpr int64_t kBytes = 1024;
  auto type = cast<MemRefType>(array.getType());
  auto [strides, offset] = type.getStridesAndOffset();
  int64_t pitch = strides[type.getRank() - 2];
  return !ShapedType::isDynamic(pitch) &&
         pitch * static_cast<int64_t>(sizeof(float)) % kBytes == 0;
}

namespace {
struct OnlineAttentionKernel {
  KernelBuilder kernel;
  block::OnlineAttentionOp op;
  const VectorTarget &target;
  int64_t queryHeadSize = 0, valueHeadSize = 0;
  /// Queries and keys of this block, and the most of them that it can have.
  Value queries = {}, keys = {};
  int64_t maxQueries = 0, maxKeys = 0;
  Value batch = {}, head = {};
  /// Scratch: transposed queries, scores, and the values of a masked block.
  Value queryScratch = {}, scoreScratch = {}, valueScratch = {};

  SmallVector<Value> atQuery(Value i, Value c) {
    SmallVector<Value> indices;
    if (cast<MemRefType>(op.getQuery().getType()).getRank() == 3)
      indices.push_back(batch);
    indices.append({i, kernel.add(kernel.mul(head, queryHeadSize), c)});
    return indices;
  }

  /// qt[c, i] = scale * log2(e) * q[i, c] for this head.
  void packQueries() {
    Value scale = kernel.splat(op.getScale().convertToDouble() * kLog2E);
    auto sourceAt = [&](Value i, Value c) { return atQuery(i, c); };
    auto destinationAt = [](Value c, Value i) -> SmallVector<Value> {
      return {c, i};
    };
    auto map = [&](Value vector, Value) { return kernel.mulF(vector, scale); };
    Transposition transposition;
    transposition.rows = queries;
    transposition.columns = kernel.index(queryHeadSize);
    transposition.source = op.getQuery();
    transposition.destination = queryScratch;
    transposition.sourceAt = sourceAt;
    transposition.destinationAt = destinationAt;
    transposition.map = map;
    transposition.padDestination = true;
    emitTranspose(kernel, transposition);
  }

  Value maskOf(Value key) {
    return kernel.loadScalar(op.getMask(), {batch, key});
  }

  Value equals(Value mask, int64_t state) {
    Value expected = arith::ConstantOp::create(
        kernel.builder, kernel.loc,
        kernel.builder.getIntegerAttr(mask.getType(), state));
    return arith::CmpIOp::create(kernel.builder, kernel.loc,
                                 arith::CmpIPredicate::eq, mask, expected);
  }

  /// Copy the values of this head, with masked rows zeroed: 0 * NaN is NaN.
  void packValues() {
    kernel.loop(kernel.index(0), keys, 1, [&](Value j) {
      Value masked = op.getMask() ? equals(maskOf(j), 0) : Value();
      for (int64_t c = 0; c < valueHeadSize; c += kernel.lanes) {
        Value column = kernel.add(kernel.mul(head, valueHeadSize), c);
        Value vector =
            kernel.load(op.getValue(), {batch, j, column}, valueHeadSize - c);
        if (masked)
          vector = arith::SelectOp::create(kernel.builder, kernel.loc, masked,
                                           kernel.splat(0.0), vector);
        kernel.store(vector, valueScratch, {j, kernel.index(c)},
                     valueHeadSize - c);
      }
    });
  }

  /// Scores of `vectors` vectors of queries from `first` on.
  void scores(Value first, int64_t vectors) {
    int64_t tileRows = rowsForVectors(vectors, target.registers);
    kernel.rowTiles(keys, tileRows, [&](Value key, int64_t rows) {
      RegisterTile tile;
      tile.rows = rows;
      tile.vectors = vectors;
      tile.depth = kernel.index(queryHeadSize);
      Value headColumn = kernel.mul(head, queryHeadSize);
      auto lhs = [&](int64_t r, Value k) {
        return kernel.loadScalar(op.getKey(), {batch, kernel.add(key, r),
                                               kernel.add(headColumn, k)});
      };
      auto rhs = [&](int64_t v, Value k) {
        return kernel.load(queryScratch,
                           {k, kernel.add(first, v * kernel.lanes)});
      };
      tile.lhs = lhs;
      tile.rhs = rhs;
      SmallVector<Value> sums = emitRegisterTile(kernel, tile);
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t v = 0; v < vectors; ++v)
          kernel.store(maskScore(sums[r * vectors + v], kernel.add(key, r)),
                       scoreScratch,
                       {kernel.add(key, r), kernel.index(v * kernel.lanes)});
    });
  }

  Value maskScore(Value score, Value key) {
    if (!op.getMask())
      return score;
    OpBuilder &b = kernel.builder;
    Value mask = maskOf(key);
    score = arith::SelectOp::create(b, kernel.loc, equals(mask, 0),
                                    kernel.splat(kNegativeInfinity), score);
    return arith::SelectOp::create(b, kernel.loc, equals(mask, 2),
                                   kernel.splat(kMaskedScore), score);
  }

  /// Replace scores by weights and update maximum and sum; returns the factors
  /// by which the accumulator shrinks.
  SmallVector<Value> softmax(Value first, int64_t vectors,
                             ArrayRef<Value> counts) {
    SmallVector<Value> before;
    for (int64_t v = 0; v < vectors; ++v)
      before.push_back(kernel.load(
          op.getMaximum(), {batch, head, kernel.add(first, v * kernel.lanes)},
          counts[v]));
    SmallVector<Value> maxima = kernel.loop(
        kernel.index(0), keys, 1, before, [&](Value j, ValueRange carried) {
          SmallVector<Value> result;
          for (int64_t v = 0; v < vectors; ++v)
            result.push_back(kernel.max(
                kernel.load(scoreScratch, {j, kernel.index(v * kernel.lanes)}),
                carried[v]));
          return result;
        });
    SmallVector<Value> shift, factors;
    for (int64_t v = 0; v < vectors; ++v) {
      Value maximum = emitRoundUp(kernel.builder, kernel.loc, maxima[v]);
      kernel.store(maximum, op.getMaximum(),
                   {batch, head, kernel.add(first, v * kernel.lanes)},
                   counts[v]);
      shift.push_back(finiteMaximum(kernel, maximum));
      factors.push_back(
          exp2NonPositive(kernel, kernel.subF(before[v], shift[v])));
    }
    SmallVector<Value> sums = kernel.sums(
        keys, /*step=*/1, vectors, kLongestSum,
        [&](Value j, ValueRange carried) {
          SmallVector<Value> result;
          for (int64_t v = 0; v < vectors; ++v) {
            Value column = kernel.index(v * kernel.lanes);
            Value score = kernel.load(scoreScratch, {j, column});
            Value weight =
                exp2NonPositive(kernel, kernel.subF(score, shift[v]));
            kernel.store(weight, scoreScratch, {j, column});
            result.push_back(kernel.addF(carried[v], weight));
          }
          return result;
        },
        maxKeys);
    for (int64_t v = 0; v < vectors; ++v) {
      SmallVector<Value> at = {batch, head,
                               kernel.add(first, v * kernel.lanes)};
      Value state = kernel.load(op.getSum(), at, counts[v]);
      kernel.store(addToState(kernel, state, factors[v], sums[v]), op.getSum(),
                   at, counts[v]);
    }
    return factors;
  }

  void accumulate(Value first, int64_t vectors, ArrayRef<Value> counts,
                  ArrayRef<Value> factors) {
    int64_t tileRows = rowsForVectors(vectors, target.registers);
    Value width = kernel.index(valueHeadSize);
    kernel.rowTiles(width, tileRows, [&](Value channel, int64_t rows) {
      RegisterTile tile;
      tile.rows = rows;
      tile.vectors = vectors;
      tile.depth = keys;
      tile.maxDepth = maxKeys;
      // Weights are positive: values of one sign do not cancel.
      tile.longestChain = kLongestSum;
      Value headColumn = kernel.mul(head, valueHeadSize);
      auto lhs = [&](int64_t r, Value j) {
        Value c = kernel.add(channel, r);
        if (valueScratch)
          return kernel.loadScalar(valueScratch, {j, c});
        return kernel.loadScalar(op.getValue(),
                                 {batch, j, kernel.add(headColumn, c)});
      };
      auto rhs = [&](int64_t v, Value j) {
        return kernel.load(scoreScratch, {j, kernel.index(v * kernel.lanes)});
      };
      tile.lhs = lhs;
      tile.rhs = rhs;
      SmallVector<Value> sums = emitRegisterTile(kernel, tile);
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t v = 0; v < vectors; ++v) {
          SmallVector<Value> at = {batch, head, kernel.add(channel, r),
                                   kernel.add(first, v * kernel.lanes)};
          Value state = kernel.load(op.getAccumulator(), at, counts[v]);
          kernel.store(
              addToState(kernel, state, factors[v], sums[r * vectors + v]),
              op.getAccumulator(), at, counts[v]);
        }
    });
  }

  /// Queries from `first` on, `count` of them, at most kQueryVectors vectors.
  void queryBlock(Value first, Value count) {
    int64_t vectors = kernel.vectorsFor(count);
    SmallVector<Value> counts;
    for (int64_t v = 0; v < vectors; ++v)
      counts.push_back(kernel.add(count, -v * kernel.lanes));
    scores(first, vectors);
    SmallVector<Value> factors = softmax(first, vectors, counts);
    accumulate(first, vectors, counts, factors);
  }

  void oneHead() {
    packQueries();
    if (valueScratch)
      packValues();
    kernel.blocks(queries, kQueryVectors * kernel.lanes,
                  [&](Value first, Value count) { queryBlock(first, count); });
  }

  void run() {
    queries = kernel.dim(op.getQuery(), queryDim(op));
    queryHeadSize = op.getQueryHeadSize();
    valueHeadSize = op.getValueHeadSize();
    keys = kernel.dim(op.getKey(), 1);
    int64_t block = kQueryVectors * kernel.lanes;
    int64_t paddedQueries = kernel.vectorsFor(maxQueries) * kernel.lanes;
    queryScratch = kernel.scratch({queryHeadSize, paddedQueries});
    int64_t blockWidth = std::min(block, paddedQueries);
    scoreScratch = kernel.scratch({maxKeys, blockWidth});
    if (op.getMask() || hasConflictingRows(op.getValue()))
      valueScratch = kernel.scratch({maxKeys, valueHeadSize});
    kernel.loop(
        kernel.index(0), kernel.dim(op.getAccumulator(), 0), 1, [&](Value b) {
          batch = b;
          kernel.loop(kernel.index(0), kernel.dim(op.getAccumulator(), 1), 1,
                      [&](Value h) {
                        head = h;
                        oneHead();
                      });
        });
  }
};
} // namespace

LogicalResult perceiver::lowerOnlineAttention(RewriterBase &rewriter,
                                              block::OnlineAttentionOp op,
                                              const VectorTarget &target) {
  OnlineAttentionKernel kernel{
      KernelBuilder(rewriter, op.getLoc(), target.lanes), op, target};
  std::optional<int64_t> maxKeys = kernel.kernel.upperBound(op.getKey(), 1);
  if (!maxKeys)
    return rewriter.notifyMatchFailure(
        op, "expected a bounded number of keys; tile the loop over keys");
  std::optional<int64_t> maxQueries =
      kernel.kernel.upperBound(op.getQuery(), queryDim(op));
  if (!maxQueries)
    return rewriter.notifyMatchFailure(op, kUnboundedQueries);
  kernel.maxKeys = *maxKeys;
  kernel.maxQueries = *maxQueries;
  kernel.run();
  rewriter.eraseOp(op);
  return success();
}

//===----------------------------------------------------------------------===//
// merge_attention
//===----------------------------------------------------------------------===//

LogicalResult perceiver::lowerMergeAttention(RewriterBase &rewriter,
                                             block::MergeAttentionOp op,
                                             const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  Value queries = kernel.dim(op.getAccumulator(), 3);
  Value zero = kernel.index(0);
  Value parts = kernel.dim(op.getAccumulators(), 0);

  auto vectorOfQueries = [&](Value b, Value h, Value i, Value count) {
    Value before = kernel.load(op.getMaximum(), {b, h, i}, count);
    SmallVector<Value> maximum = kernel.loop(
        zero, parts, 1, {before},
        [&](Value part, ValueRange carried) -> SmallVector<Value> {
          return {kernel.max(
              kernel.load(op.getMaxima(), {part, b, h, i}, count), carried[0])};
        });
    Value shift = finiteMaximum(kernel, maximum[0]);
    auto factor = [&](Value part) {
      return exp2NonPositive(
          kernel,
          kernel.subF(kernel.load(op.getMaxima(), {part, b, h, i}, count),
                      shift));
    };
    Value shrink = exp2NonPositive(kernel, kernel.subF(before, shift));
    FloatType element = elementOf(op.getAccumulator());
    Value shrinkState = kernel.convert(shrink, element);
    SmallVector<Value> sum = kernel.loop(
        zero, parts, 1,
        {kernel.mulF(kernel.load(op.getSum(), {b, h, i}, count), shrinkState)},
        [&](Value part, ValueRange carried) -> SmallVector<Value> {
          Value terms = kernel.load(op.getSums(), {part, b, h, i}, count);
          return {kernel.fma(kernel.convert(terms, element),
                             kernel.convert(factor(part), element),
                             carried[0])};
        });
    kernel.loop(zero, kernel.dim(op.getAccumulator(), 2), 1, [&](Value c) {
      Value value = kernel.mulF(
          kernel.load(op.getAccumulator(), {b, h, c, i}, count), shrinkState);
      kernel.store(value, op.getAccumulator(), {b, h, c, i}, count);
    });
    kernel.loop(zero, parts, 1, [&](Value part) {
      Value weight = kernel.convert(factor(part), element);
      kernel.loop(zero, kernel.dim(op.getAccumulator(), 2), 1, [&](Value c) {
        Value terms =
            kernel.load(op.getAccumulators(), {part, b, h, c, i}, count);
        Value value =
            kernel.fma(kernel.convert(terms, element), weight,
                       kernel.load(op.getAccumulator(), {b, h, c, i}, count));
        kernel.store(value, op.getAccumulator(), {b, h, c, i}, count);
      });
    });
    kernel.store(maximum[0], op.getMaximum(), {b, h, i}, count);
    kernel.store(sum[0], op.getSum(), {b, h, i}, count);
  };

  kernel.loop(zero, kernel.dim(op.getAccumulator(), 0), 1, [&](Value b) {
    kernel.loop(zero, kernel.dim(op.getAccumulator(), 1), 1, [&](Value h) {
      kernel.blocks(queries, kernel.lanes, [&](Value i, Value count) {
        vectorOfQueries(b, h, i, count);
      });
    });
  });
  rewriter.eraseOp(op);
  return success();
}

//===----------------------------------------------------------------------===//
// finish_attention
//===----------------------------------------------------------------------===//

/// ln(2) * m + ln(sum), with the rule for rows whose keys are all masked.
static Value logSumExp(KernelBuilder &kernel, Value maximum, Value sum) {
  OpBuilder &b = kernel.builder;
  Location loc = kernel.loc;
  Value masked = arith::CmpFOp::create(b, loc, arith::CmpFPredicate::OEQ,
                                       maximum, kernel.splat(kMaskedScore));
  Value natural = arith::SelectOp::create(
      b, loc, masked, maximum, kernel.mulF(maximum, kernel.splat(kLn2)));
  return kernel.addF(natural, emitLog(b, loc, sum));
}

LogicalResult perceiver::lowerFinishAttention(RewriterBase &rewriter,
                                              block::FinishAttentionOp op,
                                              const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  std::optional<int64_t> maxQueries = kernel.upperBound(op.getAccumulator(), 3);
  if (!maxQueries)
    return rewriter.notifyMatchFailure(op, kUnboundedQueries);
  int64_t width = cast<MemRefType>(op.getAccumulator().getType()).getDimSize(2);
  Value queries = kernel.dim(op.getAccumulator(), 3);
  Value zero = kernel.index(0);
  kernel.loop(zero, kernel.dim(op.getAccumulator(), 0), 1, [&](Value b) {
    kernel.loop(zero, kernel.dim(op.getAccumulator(), 1), 1, [&](Value h) {
      // Reciprocals of the sums, 0 for a query without keys.
      Value factors =
          kernel.scratch({kernel.vectorsFor(*maxQueries) * kernel.lanes});
      auto reciprocals = [&](Value i, Value count) {
        Value sum = kernel.convert(kernel.load(op.getSum(), {b, h, i}, count),
                                   rewriter.getF32Type());
        Value empty = arith::CmpFOp::create(rewriter, kernel.loc,
                                            arith::CmpFPredicate::OEQ, sum,
                                            kernel.splat(0.0));
        Value inverse = arith::SelectOp::create(
            rewriter, kernel.loc, empty, kernel.splat(0.0),
            kernel.divF(kernel.splat(1.0), sum));
        kernel.store(inverse, factors, {i});
        if (op.getInits().size() == 2) {
          Value maximum = kernel.load(op.getMaximum(), {b, h, i}, count);
          kernel.store(logSumExp(kernel, maximum, sum), op.getInits()[1],
                       {b, h, i}, count);
        }
      };
      kernel.blocks(queries, kQueryVectors * kernel.lanes,
                    [&](Value first, Value count) {
                      for (int64_t v = 0; v < kernel.vectorsFor(count); ++v)
                        reciprocals(kernel.add(first, v * kernel.lanes),
                                    kernel.add(count, -v * kernel.lanes));
                    });
      auto sourceAt = [&](Value c, Value i) -> SmallVector<Value> {
        return {b, h, c, i};
      };
      auto destinationAt = [&](Value i, Value c) -> SmallVector<Value> {
        return {b, i, kernel.add(kernel.mul(h, width), c)};
      };
      auto map = [&](Value vector, Value i) {
        return kernel.mulF(kernel.convert(vector, rewriter.getF32Type()),
                           kernel.load(factors, {i}));
      };
      Transposition transposition;
      transposition.rows = kernel.index(width);
      transposition.columns = queries;
      transposition.source = op.getAccumulator();
      transposition.destination = op.getInits()[0];
      transposition.sourceAt = sourceAt;
      transposition.destinationAt = destinationAt;
      transposition.map = map;
      emitTranspose(kernel, transposition);
    });
  });
  rewriter.eraseOp(op);
  return success();
}
