//===- KeyParts.h - How many parts the keys are cut into --------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// An attention of few queries and many keys has few tasks, each of which takes
// long. In s parts it has s times as many, whose states are merged:
//
//   time(s) = ceil(tasks * s / multiprocessors) * (ceil(tiles / s) + kStart)
//             + s * kMerge                                  in tiles of 64 keys
//
// Sizes and a number of the target decide, never the device: the same bits
// everywhere. A number of keys that is not known counts as 2^14, in the most
// parts that there are of such a number (AttentionState.h).
//
// Each part keeps a state of all queries. So keys are not split if the number
// of queries is not known, and into no more parts than float32 sums need if
// these states would take more room than keys and values do, unless few parts
// of few tasks are all that there is.
//
// Test: test/GPU/select-strategy.mlir.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_KEYPARTS_H
#define PERCEIVER_LIB_GPU_KEYPARTS_H

#include <cstdint>

namespace mlir::perceiver {

/// Keys of a part, whole tiles; 0 if they are better not split. `tasks` are
/// those without a split; `queries` and `keys` may be dynamic.
int64_t chooseKeysOfPart(int64_t tasks, int64_t queries, int64_t keys,
                         int64_t multiprocessors);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_KEYPARTS_H
