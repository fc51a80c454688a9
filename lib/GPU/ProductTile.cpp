//===- ProductTile.cpp - Tiles of a matrix product -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/ProductTile.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <limits>

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

/// Instructions of all threads of a block, by what was counted: 9 for each 8
/// products of a thread, those before and after, and the exchange of slices.
static double getCost(const ProductTile &tile, int64_t terms) {
  double products =
      64.0 * llvm::alignTo(terms, tile.depth) / double(tile.slices);
  double other = 300 + (tile.slices > 1 ? 200 : 0);
  return tile.threads() * (products * 1.125 + other);
}

ProductTask mlir::perceiver::chooseProductTask(std::optional<int64_t> rows,
                                               int64_t columns, int64_t terms,
                                               int64_t planes,
                                               int64_t multiprocessors) {
  constexpr int64_t kManyRows = 1 << 16;
  int64_t count = rows.value_or(kManyRows);
  ProductTask best = {0, 0};
  double least = std::numeric_limits<double>::infinity();
  // Of equal ones the larger, which reads less.
  for (int64_t taskRows : {128, 64, 32})
    for (int64_t tileColumns : {128, 64}) {
      int64_t taskColumns = tileColumns / planes;
      ProductTile tile = chooseProductTile(taskRows, tileColumns);
      int64_t tasks = llvm::divideCeil(count, taskRows) *
                      llvm::divideCeil(columns, taskColumns);
      double cost = getCost(tile, terms) *
                    double(llvm::divideCeil(tasks, multiprocessors));
      if (cost < least) {
        least = cost;
        best = {taskRows, taskColumns};
      }
    }
  return best;
}
