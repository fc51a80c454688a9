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
// everywhere.
//
// Test: test/GPU/select-strategy.mlir.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_KEYPARTS_H
#define PERCEIVER_LIB_GPU_KEYPARTS_H

#include <cstdint>

namespace mlir::perceiver {

/// Keys of a part, whole tiles; 0 if they are better not split. `keys` may be
/// dynamic: then they are not.
int64_t chooseKeysOfPart(int64_t tasks, int64_t keys, int64_t multiprocessors);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_KEYPARTS_H
