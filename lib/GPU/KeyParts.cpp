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

/// Keys count as so many where their number is not known.
static constexpr int64_t kUnknownKeys = 1 << 14;

/// The sums of a part are float32, and are rounded once for each tile.
static int64_t getFewestParts(int64_t keys) {
  return std::max<int64_t>(1, llvm::divideCeil(keys, kMostKeysInFloat32));
}

/// The number of parts that takes the least time.
static int64_t getFastestParts(int64_t tasks, int64_t keys,
                               int64_t multiprocessors) {
  int64_t tiles = llvm::divideCeil(keys, AttentionShape::kKeys);
  int64_t best = getFewestParts(keys);
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
  return best;
}

int64_t perceiver::chooseKeysOfPart(int64_t tasks, int64_t queries,
                                    int64_t keys, int64_t multiprocessors) {
  if (ShapedType::isDynamic(queries))
    return 0;
  auto areStatesSmall = [&](int64_t parts, int64_t allKeys) {
    return parts * queries <= 2 * allKeys ||
           parts * tasks <= 2 * multiprocessors;
  };
  if (ShapedType::isDynamic(keys)) {
    bool isFaster = getFastestParts(tasks, kUnknownKeys, multiprocessors) > 1;
    return isFaster && areStatesSmall(kMostPartsOfAnyKeys, kUnknownKeys)
               ? kLeastTiles * AttentionShape::kKeys
               : 0;
  }
  int64_t parts = getFastestParts(tasks, keys, multiprocessors);
  if (!areStatesSmall(parts, keys))
    parts = getFewestParts(keys);
  int64_t tiles = llvm::divideCeil(keys, AttentionShape::kKeys);
  return parts > 1 ? llvm::divideCeil(tiles, parts) * AttentionShape::kKeys : 0;
}
