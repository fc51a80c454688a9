//===- LinearTiles.cpp - How a linear layer is cut ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Unit/CPULinearTilesTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/LinearTiles.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir::perceiver;
using llvm::divideCeilSigned;

/// Where few rows meet many weights, a task is worth its start if it streams so
/// many bytes of them.
static constexpr int64_t kLeastBytesOfTask = 1 << 17;

/// Rows of a task that has a part of the columns. Fewer than 128 do not pay for
/// the weights that they stream, more than 256 gain nothing; 64 if there are
/// too few columns to share.
static constexpr int64_t kLeastRows = 64, kFewRows = 128, kMostRows = 256;

/// Tasks that the work of `entries` entries is worth, at most those wanted.
static int64_t countWorthwhile(const LinearSizes &sizes, int64_t entries,
                               const TileTarget &target) {
  int64_t columns = sizes.columns * (sizes.gated ? 2 : 1);
  int64_t weights = sizes.depth * columns;
  int64_t flops = 2 * entries * *sizes.rows * weights;
  int64_t bytes = weights * static_cast<int64_t>(sizeof(float));
  return std::min(target.tasks, std::max(flops / kLeastFlopsOfTask,
                                         bytes / kLeastBytesOfTask));
}

/// The largest divisor of `size` from `most` / 2 to `most`, or else what cuts
/// `size` into the same number of nearly equal parts.
static int64_t evenPart(int64_t size, int64_t most) {
  if (size <= most)
    return size;
  for (int64_t part = most; 2 * part >= most; --part)
    if (size % part == 0)
      return part;
  return divideCeilSigned(size, divideCeilSigned(size, most));
}

LinearTiles mlir::perceiver::selectLinear(const LinearSizes &sizes,
                                          const TileTarget &target) {
  LinearTiles tiles;
  tiles.rows = selectRowBlock(sizes.rows, target);
  if (!sizes.rows)
    return tiles;
  int64_t rows = *sizes.rows, entries = sizes.entries.value_or(1);
  tiles.tasks = divideCeilSigned(rows, tiles.rows);
  int64_t wanted = countWorthwhile(sizes, entries, target);
  // With half of the tasks that are wanted, storing what is between two layers
  // costs more than it gains.
  int64_t enough = std::min(wanted, target.tasks / 2);
  if (entries * tiles.tasks >= enough)
    return tiles;

  PanelSize panel = selectPanels(sizes.columns, /*divisor=*/std::nullopt,
                                 sizes.gated, target);
  int64_t panels = divideCeilSigned(sizes.columns, panel.columns);
  int64_t fitting =
      target.l2Bytes / 2 / (sizes.depth * static_cast<int64_t>(sizeof(float)));
  int64_t most = std::clamp(fitting, kFewRows, kMostRows);
  auto blocks = [&] {
    return entries * divideCeilSigned(rows, evenPart(rows, most));
  };
  while (most / 2 >= kLeastRows && blocks() * panels < enough)
    most /= 2;
  int64_t groups = divideCeilSigned(wanted, blocks());
  int64_t perTask = evenPart(panels, std::max<int64_t>(1, panels / groups));
  if (perTask == panels)
    return tiles;
  tiles.rows = evenPart(rows, most);
  tiles.columns = perTask * panel.columns;
  tiles.tasks =
      divideCeilSigned(rows, tiles.rows) * divideCeilSigned(panels, perTask);
  return tiles;
}

std::string mlir::perceiver::explainLinear(const LinearSizes &sizes,
                                           const LinearTiles &tiles) {
  if (tiles.columns == 0)
    return explainRowBlock(sizes.rows, tiles.rows);
  return std::to_string(*sizes.rows) + " rows in blocks of " +
         std::to_string(tiles.rows) +
         " are too few tasks: " + std::to_string(tiles.tasks) +
         " with columns in groups of " + std::to_string(tiles.columns) +
         ", a phase of their own";
}
