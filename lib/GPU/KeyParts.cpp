//===- KeyParts.cpp - How many parts the keys are cut into ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/GPU/select-strategy.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/KeyParts.h"

#include "dialect/Block/AttentionState.h"
#include "lib/GPU/AttentionTile.h"

using namespace mlir;
using namespace mlir::perceiver;

/// What begins and ends a part, which reads queries and writes a state, and
/// what merging one costs all multiprocessors together, in sixteenths of a
/// tile.
static constexpr int64_t kTile = 16, kStart = 16, kMerge = 1;

/// No more parts than a merge goes over fast. Fewer tiles are not worth the two
/// launches that merge and finish states.
static constexpr int64_t kMostParts = 128, kLeastTiles = 16;

int64_t perceiver::chooseKeysOfPart(int64_t tasks, int64_t keys,
                                    int64_t multiprocessors) {
  if (ShapedType::isDynamic(keys))
    return 0;
  int64_t tiles = llvm::divideCeil(keys, AttentionShape::kKeys);
  // The sums of a part are float32, and are rounded once for each tile.
  int64_t best =
      std::max<int64_t>(1, llvm::divideCeil(keys, kMostKeysInFloat32));
  int64_t most = std::max(best, std::min(kMostParts, tiles / kLeastTiles));
  int64_t bestTime = INT64_MAX;
  for (int64_t parts = best; parts <= most; ++parts) {
    int64_t time = llvm::divideCeil(tasks * parts, multiprocessors) *
                       (llvm::divideCeil(tiles, parts) * kTile + kStart) +
                   parts * kMerge;
    if (time >= bestTime)
      continue;
    bestTime = time;
    best = parts;
  }
  return best > 1 ? llvm::divideCeil(tiles, best) * AttentionShape::kKeys : 0;
}
