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
//               + log2(e) * bias[j]
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

#include "dialect/Block/AttentionOps.h"
#include "lib/CPU/AttentionKernel.h"
#include "lib/CPU/MicroKernel.h"
#include "lib/Math/VectorMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Math/IR/Math.h"
#include "mlir/IR/TypeUtilities.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

/// `state * factor + terms` in the precision of the state.
static Value addToState(KernelBuilder &kernel, Value state, Value factor,
                        Value terms) {
  auto element = cast<FloatType>(getElementTypeOrSelf(state.getType()));
  return kernel.fma(state, kernel.convert(factor, element),
                    kernel.convert(terms, element));
}

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
  /// The head of the queries, and that of the keys and values.
  Value batch = {}, head = {}, keyHead = {};
  /// Scratch: transposed queries, scores, and the values of a masked block.
  Value queryScratch = {}, scoreScratch = {}, valueScratch = {};

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
        Value column = kernel.add(kernel.mul(keyHead, valueHeadSize), c);
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
      Value headColumn = kernel.mul(keyHead, queryHeadSize);
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
      for (int64_t r = 0; r < rows; ++r) {
        Value bias = biasOf(kernel.add(key, r));
        for (int64_t v = 0; v < vectors; ++v) {
          Value &score = sums[r * vectors + v];
          if (bias)
            score = kernel.addF(score, bias);
          kernel.store(maskScore(score, kernel.add(key, r)), scoreScratch,
                       {kernel.add(key, r), kernel.index(v * kernel.lanes)});
        }
      }
    });
  }

  /// What the key adds to its scores, in all lanes; null if nothing.
  Value biasOf(Value key) {
    if (!op.getScoreBias())
      return Value();
    Value bias = kernel.loadScalar(op.getScoreBias(), {batch, head, key});
    return kernel.mulF(kernel.splat(bias), kernel.splat(kLog2E));
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
      Value headColumn = kernel.mul(keyHead, valueHeadSize);
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

  /// Heads of queries side by side share one of keys.
  Value keyHeadOf(Value h) {
    auto heads = static_cast<int64_t>(op.getHeads());
    if (op.getKeyHeads() == heads)
      return h;
    return op.getKeyHeads() == 1 ? kernel.index(0)
                                 : kernel.floorDiv(h, heads / op.getKeyHeads());
  }

  void oneHead() {
    packQueries(kernel,
                {op.getQuery(), op.getScale().convertToDouble(), queryHeadSize,
                 queries, batch, head},
                queryScratch);
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
                        keyHead = keyHeadOf(h);
                        oneHead();
                      });
        });
  }
};
} // namespace

static LogicalResult lowerOnlineAttention(RewriterBase &rewriter,
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

void perceiver::attachAttentionKernel(MLIRContext *context) {
  block::OnlineAttentionOp::attachInterface<
      StateKernel<block::OnlineAttentionOp, lowerOnlineAttention>>(*context);
}
