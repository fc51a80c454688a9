//===- AttentionBlocks.cpp - Queries and keys in blocks -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Values are the broadcast side, so no row of them is repacked and no vector is
// reduced across its lanes. The score block is scratch memory of the tile's
// size.
//
// Tests: test/CPU/lower-attention.mlir, test/CPU/lower-grid-query.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/AttentionBlocks.h"

#include "lib/CPU/MicroKernel.h"
#include "lib/Math/VectorMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::perceiver;

/// `state * factor + terms` in the precision of the state.
static Value addToState(KernelBuilder &kernel, Value state, Value factor,
                        Value terms) {
  auto element = cast<FloatType>(getElementTypeOrSelf(state.getType()));
  return kernel.fma(state, kernel.convert(factor, element),
                    kernel.convert(terms, element));
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

AttentionBlocks::AttentionBlocks(KernelBuilder &kernel,
                                 const VectorTarget &target,
                                 const AttendedKeys &attended, Value keys,
                                 int64_t spare)
    : keys(keys), kernel(kernel), target(target), attended(attended) {
  int64_t columns = std::min(vectorsOfQueries(target.registers),
                             kernel.vectorsFor(attended.maxQueries)) *
                    kernel.lanes;
  scoreScratch = kernel.scratch({attended.maxKeys, columns + spare});
  if (attended.mask || hasConflictingRows(attended.value))
    valueScratch = kernel.scratch({attended.maxKeys, attended.valueHeadSize});
}

void AttentionBlocks::forEachHead(function_ref<Value(Value)> keyHeadOf,
                                  function_ref<void()> body) {
  Value zero = kernel.index(0);
  kernel.loop(zero, kernel.dim(attended.accumulator, 0), 1, [&](Value b) {
    batch = b;
    kernel.loop(zero, kernel.dim(attended.accumulator, 1), 1, [&](Value h) {
      head = h;
      keyHead = keyHeadOf(h);
      body();
    });
  });
}

void AttentionBlocks::attend(
    Value queries, function_ref<void(Value first, Value count)> scores) {
  if (valueScratch)
    packValues();
  kernel.blocks(queries, vectorsOfQueries(target.registers) * kernel.lanes,
                [&](Value first, Value count) {
                  SmallVector<Value> counts;
                  for (int64_t v = 0; v < kernel.vectorsFor(count); ++v)
                    counts.push_back(kernel.add(count, -v * kernel.lanes));
                  scores(first, count);
                  SmallVector<Value> factors = softmax(first, counts);
                  accumulate(first, counts, factors);
                });
}

//===----------------------------------------------------------------------===//
// Masks
//===----------------------------------------------------------------------===//

Value AttentionBlocks::maskOf(Value key) {
  return kernel.loadScalar(attended.mask, {batch, key});
}

Value AttentionBlocks::equals(Value mask, int64_t state) {
  Value expected = arith::ConstantOp::create(
      kernel.builder, kernel.loc,
      kernel.builder.getIntegerAttr(mask.getType(), state));
  return arith::CmpIOp::create(kernel.builder, kernel.loc,
                               arith::CmpIPredicate::eq, mask, expected);
}

Value AttentionBlocks::maskScore(Value score, Value key) {
  if (!attended.mask)
    return score;
  OpBuilder &b = kernel.builder;
  Value mask = maskOf(key);
  score = arith::SelectOp::create(b, kernel.loc, equals(mask, 0),
                                  kernel.splat(kNegativeInfinity), score);
  return arith::SelectOp::create(b, kernel.loc, equals(mask, 2),
                                 kernel.splat(kMaskedScore), score);
}

void AttentionBlocks::storeScore(Value score, Value key, int64_t vector) {
  if (attended.scoreBias) {
    Value bias =
        kernel.splat(kernel.loadScalar(attended.scoreBias, {batch, head, key}));
    score = kernel.addF(score, kernel.mulF(bias, kernel.splat(kLog2E)));
  }
  kernel.store(maskScore(score, key), scoreScratch,
               {key, kernel.index(vector * kernel.lanes)});
}

/// Copy the values of this head, with masked rows zeroed: 0 * NaN is NaN.
void AttentionBlocks::packValues() {
  int64_t width = attended.valueHeadSize;
  kernel.loop(kernel.index(0), keys, 1, [&](Value j) {
    Value masked = attended.mask ? equals(maskOf(j), 0) : Value();
    for (int64_t c = 0; c < width; c += kernel.lanes) {
      Value column = kernel.add(kernel.mul(keyHead, width), c);
      Value vector = kernel.load(attended.value, {batch, j, column}, width - c);
      if (masked)
        vector = arith::SelectOp::create(kernel.builder, kernel.loc, masked,
                                         kernel.splat(0.0), vector);
      kernel.store(vector, valueScratch, {j, kernel.index(c)}, width - c);
    }
  });
}

//===----------------------------------------------------------------------===//
// The state
//===----------------------------------------------------------------------===//

/// Replace scores by weights and update maximum and sum; returns the factors
/// by which the accumulator shrinks.
SmallVector<Value> AttentionBlocks::softmax(Value first,
                                            ArrayRef<Value> counts) {
  int64_t vectors = counts.size();
  auto atState = [&](int64_t v) -> SmallVector<Value> {
    return {batch, head, kernel.add(first, v * kernel.lanes)};
  };
  SmallVector<Value> before;
  for (int64_t v = 0; v < vectors; ++v)
    before.push_back(kernel.load(attended.maximum, atState(v), counts[v]));
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
    kernel.store(maximum, attended.maximum, atState(v), counts[v]);
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
          Value weight = exp2NonPositive(kernel, kernel.subF(score, shift[v]));
          kernel.store(weight, scoreScratch, {j, column});
          result.push_back(kernel.addF(carried[v], weight));
        }
        return result;
      },
      attended.maxKeys);
  for (int64_t v = 0; v < vectors; ++v) {
    Value state = kernel.load(attended.sum, atState(v), counts[v]);
    kernel.store(addToState(kernel, state, factors[v], sums[v]), attended.sum,
                 atState(v), counts[v]);
  }
  return factors;
}

void AttentionBlocks::accumulate(Value first, ArrayRef<Value> counts,
                                 ArrayRef<Value> factors) {
  int64_t vectors = counts.size();
  Value width = kernel.index(attended.valueHeadSize);
  auto tileOf = [&](Value channel, int64_t rows) {
    RegisterTile tile;
    tile.rows = rows;
    tile.vectors = vectors;
    tile.depth = keys;
    tile.maxDepth = attended.maxKeys;
    // Weights are positive: values of one sign do not cancel.
    tile.longestChain = kLongestSum;
    Value headColumn = kernel.mul(keyHead, attended.valueHeadSize);
    auto lhs = [&](int64_t r, Value j) {
      Value c = kernel.add(channel, r);
      if (valueScratch)
        return kernel.loadScalar(valueScratch, {j, c});
      return kernel.loadScalar(attended.value,
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
        Value state = kernel.load(attended.accumulator, at, counts[v]);
        kernel.store(
            addToState(kernel, state, factors[v], sums[r * vectors + v]),
            attended.accumulator, at, counts[v]);
      }
  };
  kernel.rowTiles(width, rowsForVectors(vectors, target.registers), tileOf);
}
