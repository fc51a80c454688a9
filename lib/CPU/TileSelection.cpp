//===- TileSelection.cpp - The cost model of the CPU back end -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/TileSelection.h"

#include <algorithm>
#include <cassert>

using namespace mlir::perceiver;

static int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

//===----------------------------------------------------------------------===//
// Panels
//===----------------------------------------------------------------------===//

/// Most vectors in the row of a panel: with more, too few rows are left.
static constexpr int64_t kMaxVectors = 4;

/// Time of one step of a register tile with `vectors` right-hand vectors, per
/// row: the FMAs, and the loads at the price that makes the measured order of
/// kernel shapes come out (loads go through other ports but compete for them
/// with a neighbour on the core). Right-hand vectors cost a little more: they
/// come from the second-level cache, for each tile of rows anew.
static double timePerRow(int64_t vectors, const TileTarget &target) {
  int64_t rows = rowsForVectors(vectors, target.registers);
  double fmas = static_cast<double>(vectors * rows);
  double loads = static_cast<double>(vectors + rows);
  // An FMA takes 4 cycles until its result can be used and two can start in a
  // cycle; fewer than 8 independent ones leave the units idle.
  double busy = std::max(fmas, 8.0);
  double streamed = static_cast<double>(vectors);
  return (busy + 0.3 * loads + 0.05 * streamed) / static_cast<double>(rows);
}

PanelSize mlir::perceiver::selectPanels(int64_t columns,
                                        std::optional<int64_t> divisor,
                                        bool gated, const TileTarget &target) {
  assert(columns > 0 && "a panel has columns");
  int64_t halves = gated ? 2 : 1;
  int64_t limit = std::min(columns, kMaxVectors / halves * target.lanes);
  PanelSize best{0, 0};
  double bestTime = 0;
  for (int64_t width = limit; width >= 1; --width) {
    if (divisor && *divisor % width != 0)
      continue;
    // A panel that is no whole number of vectors makes sense only if a divisor
    // demands it or it is the only one.
    if (width % target.lanes != 0 && !divisor && width != columns)
      continue;
    int64_t vectors = ceilDiv(width, target.lanes);
    double time = static_cast<double>(columns / width) *
                  timePerRow(vectors * halves, target);
    if (int64_t rest = columns % width)
      time += timePerRow(ceilDiv(rest, target.lanes) * halves, target);
    if (best.columns == 0 || time < bestTime * 0.999) {
      best = {width, vectors * target.lanes * halves};
      bestTime = time;
    }
  }
  return best;
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

/// Rows of a task: fewer than 64 do not pay for the weights that it streams,
/// more than 128 take more of the cache than they gain.
static constexpr int64_t kFewRows = 64, kMostRows = 128;

int64_t mlir::perceiver::selectRowBlock(std::optional<int64_t> rows,
                                        const TileTarget &target) {
  // Each task streams all weights of its layers once, so a block needs enough
  // rows to pay for that; below, more tasks only move more memory.
  if (!rows)
    return kMostRows;
  if (*rows <= kFewRows)
    return *rows;
  return std::clamp(ceilDiv(*rows, std::max<int64_t>(1, target.tasks / 4)),
                    kFewRows, kMostRows);
}

int64_t mlir::perceiver::selectLightRowBlock(std::optional<int64_t> rows,
                                             int64_t bytes,
                                             const TileTarget &target) {
  // A task takes some microseconds.
  constexpr int64_t kLeastBytes = 1 << 15;
  if (!rows)
    return kMostRows;
  int64_t least = std::clamp(kLeastBytes / bytes, int64_t{1}, kFewRows);
  return std::min(*rows,
                  std::clamp(ceilDiv(*rows, target.tasks), least, kMostRows));
}

static std::string plural(int64_t count, const std::string &one,
                          const std::string &many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

static std::string plural(int64_t count, const std::string &what) {
  return plural(count, what, what + "s");
}

std::string mlir::perceiver::explainRowBlock(std::optional<int64_t> rows,
                                             int64_t block) {
  std::string blocks = "blocks of " + plural(block, "row");
  if (!rows)
    return "any number of rows in " + blocks;
  if (*rows <= block)
    return plural(*rows, "row") +
           " in one task: each task streams all weights once, more tasks only "
           "move more memory";
  return plural(*rows, "row") + " in " + blocks + ": " +
         plural(ceilDiv(*rows, block), "task");
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

/// The largest divisor of `size` in [least, most], or `fallback`.
static int64_t blockOf(int64_t size, int64_t least, int64_t most,
                       int64_t fallback) {
  if (size <= most)
    return size;
  for (int64_t block = most; block >= least; --block)
    if (size % block == 0)
      return block;
  return fallback;
}

/// What a dynamic number of keys counts as.
static constexpr int64_t kUnknownKeys = 1 << 14;

/// Fewer keys in a part are not worth a task of their own.
static constexpr int64_t kLeastKeysOfPart = 32;

/// Heads that are tasks enough without a split.
static int64_t leastHeads(const TileTarget &target) {
  return target.keyParts / 2;
}

/// Keys that give each of the wanted tasks a part worth it.
static int64_t keysWorthSharing(const TileTarget &target) {
  return 2 * kLeastKeysOfPart * target.keyParts;
}

/// Parts of the keys, each of which keeps a state of all queries.
static int64_t partsOfKeys(int64_t heads, const TileTarget &target) {
  return ceilDiv(target.keyParts, heads);
}

/// Whether tasks are rows of so many queries rather than parts of the keys.
static bool areManyQueries(int64_t heads, int64_t queries,
                           std::optional<int64_t> keys,
                           const TileTarget &target) {
  // Of vectors, whatever a block is: whether keys are split shows in the bits.
  constexpr int64_t kVectors = 4;
  return queries >= target.keyParts * kVectors * target.lanes &&
         partsOfKeys(heads, target) * queries > 2 * keys.value_or(kUnknownKeys);
}

int64_t mlir::perceiver::selectQueryBlock(const TileTarget &target) {
  // Values are copied once for a block, where their rows share sets of the
  // cache: fewer queries do not pay for that.
  constexpr int64_t kQueries = 64;
  return std::max(kQueries / target.lanes, int64_t{1}) * target.lanes;
}

int64_t mlir::perceiver::selectQueriesOfHead(int64_t heads,
                                             std::optional<int64_t> queries,
                                             std::optional<int64_t> keys,
                                             int64_t width,
                                             const TileTarget &target) {
  int64_t block = selectQueryBlock(target);
  int64_t flops = 2 * block * keys.value_or(kUnknownKeys) * width;
  int64_t blocks = std::max(
      ceilDiv(kLeastFlopsOfTask, flops),
      queries ? ceilDiv(ceilDiv(*queries, block) * heads, target.tasks) : 2);
  return !queries || blocks * block < *queries ? blocks * block : 0;
}

AttentionTiles mlir::perceiver::selectAttention(int64_t heads,
                                                std::optional<int64_t> queries,
                                                std::optional<int64_t> keys,
                                                const TileTarget &target) {
  // A block of keys and values stays in the second-level cache while all query
  // blocks pass over it, and its scores in the first.
  constexpr int64_t kKeyBlock = 256, kLeastKeyBlock = 96;
  // Merging moves memory and computes little: some vectors to a task.
  constexpr int64_t kMergedQueries = 64;
  int64_t queryBlock = selectQueryBlock(target);
  AttentionTiles tiles;
  if (!queries || *queries > queryBlock)
    tiles.queryBlock = queryBlock;

  bool fewHeads = heads < leastHeads(target);
  if (!fewHeads)
    tiles.reason = KeySplitReason::EnoughHeads;
  else if (!queries)
    tiles.reason = KeySplitReason::UnknownQueries;
  else if (areManyQueries(heads, *queries, keys, target))
    tiles.reason = KeySplitReason::ManyQueries;
  else if (!keys || *keys >= keysWorthSharing(target))
    tiles.reason = KeySplitReason::FewHeads;
  else if (*keys >= 2 * kLeastKeysOfPart && *queries <= 4)
    tiles.reason = KeySplitReason::FewQueries;
  else
    tiles.reason = KeySplitReason::FewKeys;
  bool split = tiles.reason == KeySplitReason::FewHeads ||
               tiles.reason == KeySplitReason::FewQueries;
  if (!split) {
    if (tiles.reason == KeySplitReason::UnknownQueries ||
        tiles.reason == KeySplitReason::ManyQueries)
      tiles.queriesPerTask = selectRowBlock(queries, target);
    else
      tiles.headsPerTask = 1;
    if (keys && *keys > kKeyBlock)
      tiles.keyBlock = blockOf(*keys, kLeastKeyBlock, kKeyBlock, kKeyBlock);
    else if (!keys)
      tiles.keyBlock = kKeyBlock;
    return tiles;
  }
  tiles.mergedQueries = std::min(kMergedQueries, *queries);
  if (!keys) {
    tiles.keyBlock = kKeyBlock;
    tiles.keySplit = 2 * kLeastKeysOfPart;
    return tiles;
  }
  int64_t part =
      std::max(ceilDiv(*keys * heads, target.keyParts), kLeastKeysOfPart);
  if (part > kKeyBlock) {
    // Parts of equal whole blocks, if the number of keys allows.
    part = blockOf(*keys, part / 2, part, part);
    tiles.keyBlock = blockOf(part, kLeastKeyBlock, kKeyBlock, kKeyBlock);
    if (part % tiles.keyBlock != 0)
      part = part / tiles.keyBlock * tiles.keyBlock;
  }
  tiles.keySplit = part;
  return tiles;
}

std::string mlir::perceiver::explainAttention(const AttentionTiles &tiles,
                                              int64_t heads,
                                              std::optional<int64_t> keys,
                                              const TileTarget &target) {
  std::string few =
      plural(heads, "head") + " < " + plural(leastHeads(target), "task");
  std::string task = ": a task is ";
  if (tiles.queriesPerTask > 0)
    task += plural(tiles.queriesPerTask, "query", "queries") +
            (tiles.headsPerTask > 0 ? " of a head" : " of all heads");
  else
    task += "a head";
  switch (tiles.reason) {
  case KeySplitReason::EnoughHeads:
    return plural(heads, "head") + " >= " + plural(leastHeads(target), "task") +
           task;
  case KeySplitReason::ManyQueries:
    return few + ", but many queries" + task;
  case KeySplitReason::UnknownQueries:
    return few + " and any number of queries" + task;
  case KeySplitReason::FewKeys:
    return few + ", but " + plural(*keys, "key") + " < " +
           std::to_string(keysWorthSharing(target)) + " are too few to split" +
           task;
  case KeySplitReason::FewQueries:
  case KeySplitReason::FewHeads:
    break;
  }
  if (!keys)
    return few + ": any number of keys split into few parts of multiples of " +
           std::to_string(tiles.keySplit);
  return few + ": " + plural(*keys, "key") + " split into " +
         plural(ceilDiv(*keys, tiles.keySplit), "part") + " of " +
         std::to_string(tiles.keySplit);
}
