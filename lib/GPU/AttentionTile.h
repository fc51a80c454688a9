//===- AttentionTile.h - Attention of one block of threads ------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A block of threads holds the running softmax of a block of queries in
// registers and goes over the keys once, a tile of 64 at a time:
//
//   s[i, j] = scale * log2(e) * sum_c q[i, c] * k[j, c]     32 channels at once
//             + log2(e) * bias[j]
//   m'[i]   = max(m[i], ceil(max_j s[i, j]))
//   p[i, j] = 2^(s[i, j] - m'[i])                           to shared memory
//   acc[i, c] = acc[i, c] * 2^(m[i] - m'[i]) + sum_j p[i, j] * v[j, c]
//                                                           64 columns at once
//
// The maximum is an integer, so that scaling sums by powers of two rounds
// nothing. Sums over the keys of a tile begin at 0 and are added once.
//
// 16 threads share a row of queries: thread (y, x) has rows R*y .. R*y + R-1 of
// the block, the keys 4*x .. 4*x + 3 of a tile, and of 64 columns of values
// those from 4*x on. Queries and keys lie in shared memory by channels, weights
// by keys, so that what a thread needs of one is a vector; positions in rows
// are exchanged (xor) such that writers meet no two banks at once.
//
// Test: test/GPU/lower-attention.test.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_ATTENTIONTILE_H
#define PERCEIVER_LIB_GPU_ATTENTIONTILE_H

#include "lib/GPU/DeviceBuilder.h"

#include <functional>
#include <limits>
#include <optional>

namespace mlir::perceiver {

/// Queries of a task that merges states, where they are neighbours in memory.
inline constexpr int64_t kMergedQueries = 8;

/// How a block of threads is cut for attention.
struct AttentionShape {
  /// Threads that share a row of queries; keys of a tile, of which each has
  /// four; columns of values, and channels of queries and keys, that are in
  /// shared memory at once.
  static constexpr int64_t kRowThreads = 16, kKeys = 64, kKeysPerThread = 4,
                           kColumns = 64, kChannels = 32;

  int64_t threads = 256;
  /// Of queries, in a thread: 1, 2 or 4.
  int64_t rowsPerThread = 4;

  /// Queries of a block.
  int64_t queries() const;
  /// Columns of values whose sums the registers hold.
  int64_t mostColumns() const;
  /// For tasks of at most `queries` queries.
  static AttentionShape choose(int64_t queries, int64_t valueWidth);
  /// Queries of a block that has as many as registers allow.
  static int64_t mostQueries(int64_t valueWidth) {
    return choose(std::numeric_limits<int64_t>::max(), valueWidth).queries();
  }
  /// Whether so many keys fill tiles.
  static bool hasWholeTiles(std::optional<int64_t> keys);
};

/// One head of one batch entry.
struct AttentionOperands {
  /// [queries, width], [keys, width] and [keys, valueWidth].
  DevicePointer query, key, value;
  int64_t queryWidth = 0, valueWidth = 0;
  /// How many there are, i32. Null for at least as many queries as a block has;
  /// more are left alone.
  Value queries, keys;
  /// Whether there are keys for whole tiles.
  bool wholeTiles = false;
  /// Of the scores, in units of log2.
  double scale = 1;
  /// [keys]: what is added to the scores of a key, not in units of log2.
  std::optional<DevicePointer> scoreBias;
  /// The state of key `j`, an f32: 0 if it is masked, 1 if not, 2 if its score
  /// is -3.4028235e38. Null if none is masked.
  std::function<Value(Value key)> keyState;
};

/// A thread's part of the running softmax: maximum and sum of its rows, and for
/// each column of it the sums of its rows.
struct AttentionState {
  SmallVector<Value> maximum, sum, accumulator;
};

class AttentionTile {
public:
  /// Takes shared memory for heads of these widths.
  AttentionTile(DeviceBuilder &kernel, AttentionShape shape, int64_t queryWidth,
                int64_t valueWidth);

  /// The state after all keys; of values the first mostColumns() columns. All
  /// threads of the block must get here.
  AttentionState attend(const AttentionOperands &operands);

  /// Call `visit` for the rows of this thread: their number in the block, and
  /// the one in the thread.
  void forEachRow(function_ref<void(Value row, int64_t r)> visit);
  /// Call `visit` for groups of columns of this thread: the first of `count`,
  /// and the number of that in the thread.
  void forEachColumns(
      int64_t valueWidth,
      function_ref<void(Value column, int64_t count, int64_t number)> visit);
  /// The accumulator's element for row `r` and column `number` of this thread.
  Value accumulator(const AttentionState &state, int64_t r, int64_t number) {
    return state.accumulator[number * shape.rowsPerThread + r];
  }
  /// Whether this thread is the first of those that share its rows.
  Value isFirstOfRow();

private:
  /// Columns of values that are in shared memory at once.
  struct Slice {
    int64_t first, count;
    /// Columns of a thread: 1, 2 or 4; the last threads may have none.
    int64_t perThread;
  };
  SmallVector<Slice> getSlices(int64_t valueWidth);
  void forEachCopiedRow(
      int64_t tileRows, int64_t threadsPerRow, Value rows,
      function_ref<void(Value first, int64_t done, Value last)> copy);
  void stageChannels(const DevicePointer &source, Value rows, int64_t tileRows,
                     SharedArray target, Value channel, int64_t channels);
  void stageValues(const AttentionOperands &operands,
                   const DevicePointer &value, Value keys, const Slice &slice);
  void stageKeyStates(const AttentionOperands &operands, Value firstKey);
  SmallVector<Value> addChannels(Value queryRow, int64_t channels,
                                 ValueRange sums);
  SmallVector<Value> scoreChunks(const AttentionOperands &operands,
                                 const DevicePointer &key, Value keys,
                                 Value first, Value last, ValueRange sums);
  SmallVector<Value> scores(const AttentionOperands &operands,
                            const DevicePointer &key, Value keys);
  void scaleScores(const AttentionOperands &operands, Value firstKey,
                   MutableArrayRef<Value> scores);
  void maskScores(const AttentionOperands &operands, Value keys,
                  MutableArrayRef<Value> scores);
  SmallVector<Value> softmax(MutableArrayRef<Value> scores,
                             AttentionState &state);
  void storeWeights(ValueRange weights);
  SmallVector<Value> weighValues(const Slice &slice);
  void tile(const AttentionOperands &operands, Value firstKey,
            AttentionState &state);
  Value zero() { return kernel.f32(0); }

  DeviceBuilder &kernel;
  AttentionShape shape;
  /// Whether all channels of the queries stay in shared memory.
  bool holdsQueries;
  /// Elements between channels of queries, and between keys of weights.
  int64_t rowPitch;
  SharedArray queries, staged, weights, states;
  Value x, y;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_ATTENTIONTILE_H
