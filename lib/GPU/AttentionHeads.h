//===- AttentionHeads.h - Blocks of queries of an attention -----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the kernels that go over keys have in common: a task is batch entries,
// heads and queries, mostly one, one and a block of them.
//
//   for each batch entry, head, block of queries:
//     for the columns of values, as many at once as registers hold:
//       the state after all keys (AttentionTile.h), which `finish` stores
//
// Test: test/GPU/lower-attention.test.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_ATTENTIONHEADS_H
#define PERCEIVER_LIB_GPU_ATTENTIONHEADS_H

#include "lib/GPU/AttentionTile.h"

namespace mlir::perceiver {

/// The operands of a task.
struct AttentionTask {
  /// [queries, heads * width], perhaps with a batch before, [batch, keys,
  /// keyHeads * width] and [batch, keys, keyHeads * valueWidth].
  DevicePointer query, key, value;
  /// [batch, heads, keys], not in units of log2.
  std::optional<DevicePointer> scoreBias;
  int64_t heads = 1, keyHeads = 1, queryWidth = 0, valueWidth = 0;
  /// Of the scores, in units of log2.
  double scale = 1;
  /// The number of batch entries and of queries.
  OpFoldResult batch, queries;
  /// Whether all entries have as many keys as the array.
  bool hasAllKeys = true;
};

/// A state that is to be stored.
struct AttentionBlock {
  Value batch, head;
  /// Queries from here on, which may be fewer than the block has.
  Value firstQuery, queries;
  bool hasWholeQueries = false;
  /// Columns of the head's values, `columns` from the first on; after the last
  /// of them there are no more.
  Value firstColumn;
  int64_t columns = 0;
  bool isLast = true;
};

/// The array of an operand that there need not be.
LogicalResult findArray(DeviceBuilder &kernel, Value memref,
                        std::optional<DevicePointer> &pointer);

/// Emit the kernel of a task. `prepare` is called for each batch entry, to say
/// how many keys it has and which are masked; `finish` for each state.
void emitAttention(
    DeviceBuilder &kernel, const AttentionTask &task,
    function_ref<void(Value batch, AttentionOperands &operands)> prepare,
    function_ref<void(AttentionTile &tile, const AttentionState &state,
                      const AttentionBlock &block)>
        finish);

/// ln(2) * maximum + ln(sum), but the maximum itself where it is the score of
/// the keys of a row that attends to nothing.
Value emitLogSumExp(DeviceBuilder &kernel, Value maximum, Value sum);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_ATTENTIONHEADS_H
