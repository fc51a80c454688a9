//===- AttentionBlocks.h - Queries and keys in blocks -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What becomes of the scores of a block of queries against a block of keys, in
// all kernels that keep the state of a softmax over keys with values, with the
// queries in the vector lanes:
//
//   s[j, i]  += log2(e) * bias[j]                               the caller's s
//   m'[i]     = max(m[i], ceil(max_j s[j, i]))                  lane by lane
//   p[j, i]   = 2^(s[j, i] - m'[i])                             in place of s
//   acc[c, i] = acc[c, i] * 2^(m[i] - m'[i]) + sum_j v[j, c] * p[j, i]
//
// Sums over the keys of a block begin at 0 and are added to the state once.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_ATTENTIONBLOCKS_H
#define PERCEIVER_LIB_CPU_ATTENTIONBLOCKS_H

#include "lib/CPU/AttentionKernel.h"
#include "lib/CPU/VectorTarget.h"

namespace mlir::perceiver {

/// What keys have beside themselves, and the state. Mask and bias may be null.
struct AttendedKeys {
  /// `[B, M, G dv]`, `[B, M]` as `key_mask` makes it, `[B, H, M]`.
  Value value, mask, scoreBias;
  /// `[B, H, dv, N]`, `[B, H, N]`, `[B, H, N]`.
  Value accumulator, maximum, sum;
  int64_t valueHeadSize;
  /// The most keys and queries that there can be.
  int64_t maxKeys, maxQueries;
};

/// One tile of an attention: blocks of queries against a block of keys.
class AttentionBlocks {
public:
  /// Allocates the scratch memory. `spare` columns of it stand behind the
  /// scores of a block of queries, for what is written in whole vectors.
  AttentionBlocks(KernelBuilder &kernel, const VectorTarget &target,
                  const AttendedKeys &attended, Value keys, int64_t spare = 0);

  /// Scores of keys and queries, `[keys, queries]`: those of a block at a time.
  Value scoreScratch;
  /// Keys of the tile.
  Value keys;
  /// The head of the queries, and that of the keys and values.
  Value batch, head, keyHead;

  /// Visit all heads of all batch entries. `keyHeadOf` says which head of keys
  /// a head of queries reads.
  void forEachHead(function_ref<Value(Value head)> keyHeadOf,
                   function_ref<void()> body);

  /// Attend with all queries, a block of at most vectorsOfQueries vectors at a
  /// time: `scores` writes those of `count` queries from `first` on.
  void attend(Value queries,
              function_ref<void(Value first, Value count)> scores);

  /// Write the score of key `key` and vector `vector` of a block of queries,
  /// with what the key adds, or what the mask makes of it.
  void storeScore(Value score, Value key, int64_t vector);

private:
  Value maskOf(Value key);
  Value equals(Value mask, int64_t state);
  Value maskScore(Value score, Value key);
  void packValues();
  SmallVector<Value> softmax(Value first, ArrayRef<Value> counts);
  void accumulate(Value first, ArrayRef<Value> counts, ArrayRef<Value> factors);

  KernelBuilder &kernel;
  const VectorTarget &target;
  AttendedKeys attended;
  /// The values of a block that is masked, or whose rows share cache lines.
  Value valueScratch;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_ATTENTIONBLOCKS_H
