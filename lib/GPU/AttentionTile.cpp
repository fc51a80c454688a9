//===- AttentionTile.cpp - Attention of one block of threads -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/GPU/lower-attention.test.
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/AttentionTile.h"

#include "dialect/Block/AttentionState.h"

#include "llvm/Support/MathExtras.h"

#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

static constexpr int64_t kRowThreads = AttentionShape::kRowThreads,
                         kKeys = AttentionShape::kKeys,
                         kKeysPerThread = AttentionShape::kKeysPerThread,
                         kColumns = AttentionShape::kColumns,
                         kChannels = AttentionShape::kChannels;

/// Products of channels that are added up before they are added to others: an
/// error of a score is one of its weight, which whole models make larger.
static constexpr int64_t kLongestSum = 32;

/// Sums over values in the registers of a thread.
static constexpr int64_t kMostSums = 128;

/// Bytes of queries that stay in shared memory.
static constexpr int64_t kMostQueryBytes = 32 << 10;

static constexpr double kInfinity = std::numeric_limits<double>::infinity();

//===----------------------------------------------------------------------===//
// AttentionShape
//===----------------------------------------------------------------------===//

int64_t AttentionShape::queries() const {
  return threads / kRowThreads * rowsPerThread;
}

int64_t AttentionShape::mostColumns() const {
  return kMostSums / rowsPerThread * kRowThreads;
}

bool AttentionShape::hasWholeTiles(std::optional<int64_t> keys) {
  return keys && *keys % kKeys == 0;
}

AttentionShape AttentionShape::choose(int64_t queries, int64_t valueWidth) {
  AttentionShape shape;
  // Four rows of a thread read shared memory least for each product, but leave
  // room for so many columns only.
  shape.rowsPerThread = 4;
  while (shape.rowsPerThread > 1 && shape.mostColumns() < valueWidth)
    shape.rowsPerThread /= 2;
  // A warp for each of a multiprocessor's schedulers is worth more than that.
  shape.threads = 256;
  if (queries <= shape.queries() / 2)
    shape.threads /= 2;
  while (shape.rowsPerThread > 1 && queries <= shape.queries() / 2)
    shape.rowsPerThread /= 2;
  return shape;
}

//===----------------------------------------------------------------------===//
// Threads
//===----------------------------------------------------------------------===//

AttentionTile::AttentionTile(DeviceBuilder &kernel, AttentionShape shape,
                             int64_t queryWidth, int64_t valueWidth)
    : kernel(kernel), shape(shape) {
  kernel.setThreads(shape.threads);
  rowPitch = std::max<int64_t>(shape.queries(), kWarpSize);
  int64_t all = queryWidth * rowPitch;
  holdsQueries = all * static_cast<int64_t>(sizeof(float)) <= kMostQueryBytes;
  queries = kernel.allocateShared(
      holdsQueries ? all : std::min(queryWidth, kChannels) * rowPitch);
  staged = kernel.allocateShared(
      kKeys * std::max(kColumns, std::min(queryWidth, kChannels)));
  weights = kernel.allocateShared(kKeys * rowPitch);
  states = kernel.allocateShared(kKeys);
  x = kernel.rem(kernel.thread(), kRowThreads);
  y = kernel.floorDiv(kernel.thread(), kRowThreads);
}

void AttentionTile::forEachRow(function_ref<void(Value, int64_t)> visit) {
  for (int64_t r = 0; r < shape.rowsPerThread; ++r)
    visit(kernel.add(kernel.mul(y, shape.rowsPerThread), r), r);
}

Value AttentionTile::isFirstOfRow() { return kernel.equal(x, kernel.i32(0)); }

//===----------------------------------------------------------------------===//
// Columns of values
//===----------------------------------------------------------------------===//

SmallVector<AttentionTile::Slice> AttentionTile::getSlices(int64_t valueWidth) {
  SmallVector<Slice> slices;
  int64_t end = std::min(valueWidth, shape.mostColumns());
  for (int64_t first = 0; first < end; first += kColumns) {
    int64_t count = std::min(kColumns, end - first), perThread = 1;
    while (perThread * kRowThreads < count)
      perThread *= 2;
    slices.push_back({first, count, perThread});
  }
  return slices;
}

void AttentionTile::forEachColumns(
    int64_t valueWidth, function_ref<void(Value, int64_t, int64_t)> visit) {
  int64_t number = 0;
  for (const Slice &slice : getSlices(valueWidth)) {
    visit(kernel.add(kernel.mul(x, slice.perThread), slice.first),
          slice.perThread, number);
    number += slice.perThread;
  }
}

//===----------------------------------------------------------------------===//
// Scores
//===----------------------------------------------------------------------===//

/// Add the products of the channels in shared memory to the sums of each row
/// and key of this thread.
SmallVector<Value> AttentionTile::addChannels(Value queryRow, int64_t channels,
                                              ValueRange sums) {
  SmallVector<Value> result(sums);
  int64_t rows = shape.rowsPerThread;
  Value firstRow = kernel.mul(y, rows),
        firstKey = kernel.mul(x, kKeysPerThread);
  for (int64_t c = 0; c < channels; ++c) {
    // The last bits of the channel exchange elements within the vectors.
    int64_t inQuery = c % rows, inKey = c % kKeysPerThread;
    Value q = kernel.loadShared(
        queries,
        kernel.add(kernel.add(kernel.bitXor(firstRow, c - inQuery), queryRow),
                   c * rowPitch),
        rows);
    Value k = kernel.loadShared(
        staged, kernel.add(kernel.bitXor(firstKey, c - inKey), c * kKeys),
        kKeysPerThread);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t j = 0; j < kKeysPerThread; ++j) {
        Value &sum = result[r * kKeysPerThread + j];
        sum = kernel.fma(kernel.element(q, r ^ inQuery),
                         kernel.element(k, j ^ inKey), sum);
      }
  }
  return result;
}

/// Scores of the channels `first` to `last`, whole chunks of them.
SmallVector<Value> AttentionTile::scoreChunks(const AttentionOperands &operands,
                                              const DevicePointer &key,
                                              Value keys, Value first,
                                              Value last, ValueRange sums) {
  return kernel.loop(
      first, last, kChannels, sums, [&](Value channel, ValueRange sums) {
        kernel.barrier();
        stageChannels(key, keys, kKeys, staged, channel, kChannels);
        if (!holdsQueries)
          stageChannels(operands.query, operands.queries, shape.queries(),
                        queries, channel, kChannels);
        kernel.barrier();
        Value row =
            holdsQueries ? kernel.mul(channel, rowPitch) : kernel.i32(0);
        return addChannels(row, kChannels, sums);
      });
}

/// Sums over the channels for each row and key of this thread.
SmallVector<Value> AttentionTile::scores(const AttentionOperands &operands,
                                         const DevicePointer &key, Value keys) {
  SmallVector<Value> zeros(shape.rowsPerThread * kKeysPerThread, zero());
  int64_t width = operands.queryWidth, tail = width % kChannels;
  int64_t whole = width - tail;
  // Long sums in parts, each of which begins at 0.
  int64_t inParts =
      whole <= kLongestSum ? 0 : llvm::alignDown(whole, kLongestSum);
  auto sum = [&](ValueRange lhs, ValueRange rhs) {
    return llvm::map_to_vector(llvm::zip(lhs, rhs), [&](auto pair) {
      return kernel.addF(std::get<0>(pair), std::get<1>(pair));
    });
  };
  SmallVector<Value> total = zeros;
  if (inParts > 0)
    total = kernel.loop(kernel.i32(0), kernel.i32(inParts), kLongestSum, zeros,
                        [&](Value part, ValueRange total) {
                          SmallVector<Value> terms =
                              scoreChunks(operands, key, keys, part,
                                          kernel.add(part, kLongestSum), zeros);
                          return SmallVector<Value>(sum(total, terms));
                        });
  if (inParts == width)
    return total;
  SmallVector<Value> rest = zeros;
  if (inParts < whole)
    rest = scoreChunks(operands, key, keys, kernel.i32(inParts),
                       kernel.i32(whole), zeros);
  if (tail > 0) {
    Value channel = kernel.i32(whole);
    kernel.barrier();
    stageChannels(key, keys, kKeys, staged, channel, tail);
    if (!holdsQueries)
      stageChannels(operands.query, operands.queries, shape.queries(), queries,
                    channel, tail);
    kernel.barrier();
    rest = addChannels(kernel.i32(holdsQueries ? whole * rowPitch : 0), tail,
                       rest);
  }
  return inParts > 0 ? SmallVector<Value>(sum(total, rest)) : rest;
}

/// Scores of products, with what each key from `firstKey` on adds to its own.
void AttentionTile::scaleScores(const AttentionOperands &operands,
                                Value firstKey, MutableArrayRef<Value> scores) {
  Value scale = kernel.f32(operands.scale);
  firstKey = kernel.add(firstKey, kernel.mul(x, kKeysPerThread));
  for (int64_t j = 0; j < kKeysPerThread; ++j) {
    Value bias;
    if (operands.scoreBias) {
      // Those beyond the last key are taken out again.
      Value key = kernel.minimum(kernel.add(firstKey, j),
                                 kernel.add(operands.keys, -1));
      bias = kernel.mulF(kernel.load(*operands.scoreBias, {key}),
                         kernel.f32(kLog2E));
    }
    for (int64_t r = 0; r < shape.rowsPerThread; ++r) {
      Value &score = scores[r * kKeysPerThread + j];
      score = bias ? kernel.fma(score, scale, bias) : kernel.mulF(score, scale);
    }
  }
}

/// Take keys out that are masked or beyond the last.
void AttentionTile::maskScores(const AttentionOperands &operands, Value keys,
                               MutableArrayRef<Value> scores) {
  Value none = kernel.f32(-kInfinity);
  if (!keys && !operands.keyState)
    return;
  Value firstKey = kernel.mul(x, kKeysPerThread);
  Value loaded;
  if (operands.keyState)
    loaded = kernel.loadShared(states, firstKey, kKeysPerThread);
  for (int64_t j = 0; j < kKeysPerThread; ++j) {
    Value isKey, isUniform;
    if (!loaded) {
      isKey = kernel.less(kernel.add(firstKey, j), keys);
    } else {
      Value state = kernel.element(loaded, j);
      isKey = kernel.equalF(state, kernel.f32(1));
      isUniform = kernel.equalF(state, kernel.f32(2));
    }
    Value otherwise =
        isUniform ? kernel.select(isUniform, kernel.f32(kMaskedScore), none)
                  : none;
    for (int64_t r = 0; r < shape.rowsPerThread; ++r) {
      Value &score = scores[r * kKeysPerThread + j];
      score = kernel.select(isKey, score, otherwise);
    }
  }
}

/// Scores become weights, and the state's maximum and sum take them in. The
/// factors by which the accumulators of the rows shrink.
SmallVector<Value> AttentionTile::softmax(MutableArrayRef<Value> scores,
                                          AttentionState &state) {
  SmallVector<Value> factors;
  for (int64_t r = 0; r < shape.rowsPerThread; ++r) {
    MutableArrayRef<Value> row =
        scores.slice(r * kKeysPerThread, kKeysPerThread);
    Value most = row[0];
    for (Value score : row.drop_front())
      most = kernel.maxF(most, score);
    most = kernel.maxOverLanes(most, kRowThreads);
    Value before = state.maximum[r];
    Value maximum = kernel.maxF(before, kernel.ceil(most));
    // Without a key so far, 0 is as good as any number.
    Value shift = kernel.select(kernel.equalF(maximum, kernel.f32(-kInfinity)),
                                zero(), maximum);
    // Maxima are integers.
    Value factor = kernel.powerOfTwo(kernel.subF(before, shift));
    Value terms;
    for (Value &score : row) {
      score = kernel.exp2(kernel.subF(score, shift));
      terms = terms ? kernel.addF(terms, score) : score;
    }
    state.maximum[r] = maximum;
    state.sum[r] = kernel.fma(state.sum[r], factor, terms);
    factors.push_back(factor);
  }
  return factors;
}

//===----------------------------------------------------------------------===//
// Values
//===----------------------------------------------------------------------===//

/// Elements by which threads of a row exchange their weights: those of a row of
/// the block would meet one bank otherwise.
static int64_t getWeightStep(int64_t rows) {
  return std::max<int64_t>(rows, 2);
}

/// Weights by keys: row i of key j at j * pitch + (i xor step * (j / 4) mod
/// pitch).
void AttentionTile::storeWeights(ValueRange values) {
  int64_t rows = shape.rowsPerThread;
  Value row =
      kernel.bitXor(kernel.mul(y, rows),
                    kernel.rem(kernel.mul(x, getWeightStep(rows)), rowPitch));
  for (int64_t j = 0; j < kKeysPerThread; ++j) {
    SmallVector<Value> column;
    for (int64_t r = 0; r < rows; ++r)
      column.push_back(values[r * kKeysPerThread + j]);
    Value key = kernel.add(kernel.mul(x, kKeysPerThread), j);
    kernel.storeShared(kernel.vector(column), weights,
                       kernel.add(kernel.mul(key, rowPitch), row));
  }
}

/// Sums over the keys of a tile for each column and row of this thread.
SmallVector<Value> AttentionTile::weighValues(const Slice &slice) {
  // Enough for the latency of shared memory; all slices have code of their own.
  constexpr int64_t unrolled = 16;
  int64_t rows = shape.rowsPerThread, columns = slice.perThread;
  SmallVector<Value> zeros(rows * columns, zero());
  Value column = kernel.mul(x, columns);
  return kernel.loop(
      kernel.i32(0), kernel.i32(kKeys), unrolled, zeros,
      [&](Value first, ValueRange sums) {
        SmallVector<Value> result(sums);
        int64_t step = getWeightStep(rows);
        Value row = kernel.bitXor(
            kernel.mul(y, rows),
            kernel.rem(kernel.mul(kernel.floorDiv(first, kKeysPerThread), step),
                       rowPitch));
        Value firstWeight = kernel.mul(first, rowPitch);
        Value firstValue = kernel.add(kernel.mul(first, kColumns), column);
        for (int64_t j = 0; j < unrolled; ++j) {
          Value at = kernel.bitXor(row, j / kKeysPerThread * step % rowPitch);
          Value p = kernel.loadShared(
              weights, kernel.add(kernel.add(at, firstWeight), j * rowPitch),
              rows);
          Value v = kernel.loadShared(
              staged, kernel.add(firstValue, j * kColumns), columns);
          for (int64_t c = 0; c < columns; ++c)
            for (int64_t r = 0; r < rows; ++r) {
              Value &sum = result[c * rows + r];
              sum = kernel.fma(kernel.element(p, r), kernel.element(v, c), sum);
            }
        }
        return result;
      });
}

//===----------------------------------------------------------------------===//
// Tiles of keys
//===----------------------------------------------------------------------===//

void AttentionTile::tile(const AttentionOperands &operands, Value firstKey,
                         AttentionState &state) {
  DevicePointer key = kernel.advance(operands.key, 0, firstKey);
  DevicePointer value = kernel.advance(operands.value, 0, firstKey);
  Value keys;
  if (!operands.wholeTiles)
    keys = kernel.sub(operands.keys, firstKey);
  if (operands.keyState)
    stageKeyStates(operands, firstKey);
  SmallVector<Value> values = scores(operands, key, keys);
  scaleScores(operands, firstKey, values);
  maskScores(operands, keys, values);
  SmallVector<Value> factors = softmax(values, state);
  storeWeights(values);
  int64_t rows = shape.rowsPerThread, number = 0;
  for (const Slice &slice : getSlices(operands.valueWidth)) {
    kernel.barrier();
    stageValues(operands, value, keys, slice);
    kernel.barrier();
    for (auto [i, sum] : llvm::enumerate(weighValues(slice))) {
      Value &before = state.accumulator[number + i];
      before = kernel.fma(before, factors[i % rows], sum);
    }
    number += slice.perThread * rows;
  }
}

AttentionState AttentionTile::attend(const AttentionOperands &operands) {
  int64_t rows = shape.rowsPerThread, columns = 0;
  for (const Slice &slice : getSlices(operands.valueWidth))
    columns += slice.perThread;
  // Nobody reads the queries of an earlier block any more: all threads have met
  // after the scores of its last keys.
  if (holdsQueries) {
    for (int64_t first = 0; first < operands.queryWidth; first += kChannels) {
      SharedArray part = queries;
      part.offset += first * rowPitch * sizeof(float);
      stageChannels(operands.query, operands.queries, shape.queries(), part,
                    kernel.i32(first),
                    std::min(kChannels, operands.queryWidth - first));
    }
  }
  SmallVector<Value> inits(rows, kernel.f32(-kInfinity));
  inits.append((1 + columns) * rows, zero());
  auto getState = [&](ValueRange values) {
    AttentionState state;
    llvm::append_range(state.maximum, values.take_front(rows));
    llvm::append_range(state.sum, values.slice(rows, rows));
    llvm::append_range(state.accumulator, values.drop_front(2 * rows));
    return state;
  };
  SmallVector<Value> results =
      kernel.loop(kernel.i32(0), operands.keys, kKeys, inits,
                  [&](Value firstKey, ValueRange carried) {
                    AttentionState state = getState(carried);
                    tile(operands, firstKey, state);
                    SmallVector<Value> values = state.maximum;
                    llvm::append_range(values, state.sum);
                    llvm::append_range(values, state.accumulator);
                    return values;
                  });
  AttentionState state = getState(results);
  for (Value &sum : state.sum)
    sum = kernel.sumOverLanes(sum, kRowThreads);
  return state;
}
