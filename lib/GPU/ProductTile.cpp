//===- ProductTile.cpp - Tiles of a matrix product -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/ProductTile.h"

#include <algorithm>

using namespace mlir::perceiver;

/// Warps that hide each other's waits, and slices that are worth the exchange
/// of their sums.
static constexpr int64_t kWarps = 8, kMostSlices = 4;

ProductTile mlir::perceiver::chooseProductTile(std::optional<int64_t> rows,
                                               std::optional<int64_t> columns) {
  auto fit = [](std::optional<int64_t> size, int64_t least) {
    int64_t tile = least;
    while (tile < 128 && (!size || tile < *size))
      tile *= 2;
    return tile;
  };
  ProductTile tile = {fit(rows, 32), fit(columns, 64), 0, 1, 3};
  tile.slices = std::min(kMostSlices, kWarps / tile.warps());
  // A slice needs a unit of four terms, and enough work between barriers.
  tile.depth = tile.slices == kMostSlices ? 32 : 16;
  return tile;
}
