//===- AttentionCopies.cpp - What attention has in shared memory ----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Queries and keys go to shared memory by channels, values as they are. The
// threads of a block share out what is copied such that neighbours read
// neighbours.
//
// Test: test/GPU/lower-attention.test.
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/AttentionTile.h"

#include "llvm/Support/MathExtras.h"

using namespace mlir;
using namespace mlir::perceiver;

static constexpr int64_t kRowThreads = AttentionShape::kRowThreads,
                         kKeys = AttentionShape::kKeys,
                         kColumns = AttentionShape::kColumns;

/// What one load of `pointer` may take, where rows have `width` elements.
static int64_t getLoadWidth(const DevicePointer &pointer, int64_t width) {
  int64_t count = pointer.array.vectorWidth(4);
  while (width % count != 0)
    count /= 2;
  return count;
}

/// Threads for one row of a tile, each of which loads once: a power of two, so
/// that neighbours read neighbours, and so many that there are no more rows at
/// once than the tile has.
static int64_t getThreadsPerRow(int64_t loads, int64_t rows, int64_t threads) {
  return std::max<int64_t>(llvm::PowerOf2Ceil(loads), threads / rows);
}

/// Call `copy` for each row of a tile that this thread copies a part of: row
/// `first + done`. If fewer than all rows are there, `last` is the last of
/// them: seldom, so this is a loop that keeps nothing in registers.
void AttentionTile::forEachCopiedRow(
    int64_t tileRows, int64_t threadsPerRow, Value rows,
    function_ref<void(Value first, int64_t done, Value last)> copy) {
  int64_t rowsAtOnce = shape.threads / threadsPerRow;
  Value first = kernel.floorDiv(kernel.thread(), threadsPerRow);
  auto copyAll = [&] {
    for (int64_t done = 0; done < tileRows; done += rowsAtOnce)
      copy(first, done, Value());
    return SmallVector<Value>();
  };
  if (!rows) {
    copyAll();
    return;
  }
  kernel.ifElse(kernel.less(kernel.i32(tileRows - 1), rows), copyAll, [&] {
    Value last = kernel.add(rows, -1);
    kernel.loop(kernel.i32(0), kernel.i32(tileRows), rowsAtOnce,
                [&](Value done) { copy(kernel.add(first, done), 0, last); });
    return SmallVector<Value>();
  });
}

/// Rows of queries or keys, `channels` of them from `channel` on, to `target`
/// by channels: element (row, c) at c * pitch + (row xor c mod 32). Rows from
/// `rows` on, if that is not null, get what the last one has.
void AttentionTile::stageChannels(const DevicePointer &source, Value rows,
                                  int64_t tileRows, SharedArray target,
                                  Value channel, int64_t channels) {
  int64_t pitch = std::max(tileRows, kWarpSize);
  int64_t width = getLoadWidth(source, channels);
  int64_t perRow = getThreadsPerRow(channels / width, tileRows, shape.threads);
  Value column = kernel.mul(kernel.rem(kernel.thread(), perRow), width);
  auto copyRow = [&](Value first, int64_t done, Value last) {
    Value row = kernel.add(first, done);
    if (last)
      row = kernel.minimum(row, last);
    Value loaded =
        kernel.load(source, {row, kernel.add(channel, column)}, width);
    for (int64_t i = 0; i < width; ++i) {
      Value c = kernel.add(column, i);
      // (first + done) xor c, with few different values.
      int64_t bits = done % kWarpSize;
      Value place = kernel.bitXor(kernel.bitXor(first, c), bits);
      kernel.storeShared(
          kernel.element(loaded, i), target,
          kernel.add(kernel.add(kernel.mul(c, pitch), place), done - bits));
    }
  };
  auto copy = [&] { forEachCopiedRow(tileRows, perRow, rows, copyRow); };
  if (perRow * width == channels)
    return copy();
  kernel.ifTrue(kernel.less(column, kernel.i32(channels)), copy);
}

/// Columns of values as they are, with zeros for keys that take no part: a
/// weight of 0 times NaN is NaN. Columns that there are not get others. Keys
/// from `keys` on, if that is not null, take no part.
void AttentionTile::stageValues(const AttentionOperands &operands,
                                const DevicePointer &value, Value keys,
                                const Slice &slice) {
  int64_t columns = slice.perThread * kRowThreads;
  int64_t width = getLoadWidth(value, slice.count);
  int64_t perRow = getThreadsPerRow(columns / width, kKeys, shape.threads);
  Value column = kernel.mul(kernel.rem(kernel.thread(), perRow), width);
  Value present = kernel.add(
      kernel.minimum(column, kernel.i32(slice.count - width)), slice.first);
  Value zeros = kernel.vector(SmallVector<Value>(width, zero()));
  auto copyRow = [&](Value first, int64_t done, Value last) {
    Value row = kernel.add(first, done);
    Value loaded = kernel.load(
        value, {last ? kernel.minimum(row, last) : row, present}, width);
    Value isMasked;
    if (operands.keyState)
      isMasked = kernel.equalF(kernel.loadShared(states, row), zero());
    else if (last)
      isMasked = kernel.less(last, row);
    if (isMasked)
      loaded = kernel.select(isMasked, zeros, loaded);
    kernel.storeShared(loaded, staged,
                       kernel.add(kernel.mul(row, kColumns), column));
  };
  auto copy = [&] { forEachCopiedRow(kKeys, perRow, keys, copyRow); };
  if (perRow * width == columns)
    return copy();
  kernel.ifTrue(kernel.less(column, kernel.i32(columns)), copy);
}

void AttentionTile::stageKeyStates(const AttentionOperands &operands,
                                   Value firstKey) {
  kernel.ifTrue(kernel.less(kernel.thread(), kernel.i32(kKeys)), [&] {
    Value key = kernel.add(firstKey, kernel.thread());
    Value state = kernel.ifElse(
        kernel.less(key, operands.keys),
        [&] { return SmallVector<Value>{operands.keyState(key)}; },
        [&] { return SmallVector<Value>{zero()}; })[0];
    kernel.storeShared(state, states, kernel.thread());
  });
}
