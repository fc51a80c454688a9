//===- CPULinearTilesTest.cpp - How linear layers are cut -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/LinearTiles.h"

#include "gtest/gtest.h"

#include <random>

using namespace mlir::perceiver;

namespace {

constexpr TileTarget kAVX512{{16, 32}, 64, 16, 1 << 20};

LinearSizes sizesOf(int64_t rows, int64_t depth, int64_t columns) {
  return {std::nullopt, rows, depth, columns, /*gated=*/false};
}

TEST(LinearTiles, LatentsAreCutByColumnsToo) {
  LinearTiles tiles = selectLinear(sizesOf(512, 1024, 1024), kAVX512);
  EXPECT_EQ(tiles.rows, 128);
  EXPECT_EQ(tiles.columns, 64);
  EXPECT_EQ(tiles.tasks, 64);
  // 48 panels in 16 groups.
  EXPECT_EQ(selectLinear(sizesOf(512, 1024, 3072), kAVX512).columns, 192);
}

TEST(LinearTiles, RowsFitHalfOfTheCache) {
  // 2 KiB a row: 256 rows; but eight panels of them are too few tasks.
  EXPECT_EQ(selectLinear(sizesOf(512, 512, 1536), kAVX512).rows, 256);
  EXPECT_EQ(selectLinear(sizesOf(256, 512, 512), kAVX512).rows, 64);
  TileTarget larger = kAVX512;
  larger.l2Bytes *= 2;
  EXPECT_EQ(selectLinear(sizesOf(512, 1024, 3072), larger).rows, 256);
}

TEST(LinearTiles, EnoughRowsKeepAllColumns) {
  EXPECT_EQ(selectLinear(sizesOf(50176, 261, 522), kAVX512).columns, 0);
  EXPECT_EQ(selectLinear({8, 512, 1024, 1024, false}, kAVX512).columns, 0);
  EXPECT_EQ(
      selectLinear({std::nullopt, std::nullopt, 1024, 1024, false}, kAVX512)
          .columns,
      0);
}

TEST(LinearTiles, LittleWorkKeepsAllColumns) {
  EXPECT_EQ(selectLinear(sizesOf(32, 64, 64), kAVX512).columns, 0);
  EXPECT_EQ(selectLinear(sizesOf(1, 64, 1000), kAVX512).columns, 0);
  // One row that meets 4 MiB of weights.
  EXPECT_EQ(selectLinear(sizesOf(1, 1024, 1024), kAVX512).columns, 64);
}

// No phase above 20 MFLOP has fewer than 32 tasks where there are 32 panels and
// rows to cut, whatever the sizes; tiles are whole panels and leave out
// nothing.
TEST(LinearTiles, MuchWorkHasManyTasks) {
  std::mt19937 random(1);
  std::uniform_int_distribution<int64_t> rows(1, 3000), depth(1, 3000),
      columns(1, 3000), flip(0, 1);
  for (int i = 0; i < 2000; ++i) {
    LinearSizes sizes = sizesOf(rows(random), depth(random), columns(random));
    sizes.gated = flip(random) != 0;
    LinearTiles tiles = selectLinear(sizes, kAVX512);
    PanelSize panel =
        selectPanels(sizes.columns, std::nullopt, sizes.gated, kAVX512);
    ASSERT_GE(tiles.rows, 1);
    ASSERT_LE(tiles.rows, 256);
    ASSERT_EQ(tiles.columns % panel.columns, 0);
    ASSERT_LT(tiles.columns, sizes.columns);
    int64_t work = 2 * *sizes.rows * sizes.depth * sizes.columns;
    int64_t cuts = (*sizes.rows + 63) / 64 * (sizes.columns / panel.columns);
    if (work > 20'000'000 && cuts >= 64)
      ASSERT_GE(tiles.tasks, 32)
          << *sizes.rows << " x " << sizes.depth << " x " << sizes.columns;
  }
}

TEST(LinearTiles, ReasonsInWords) {
  LinearSizes sizes = sizesOf(512, 1024, 1024);
  EXPECT_EQ(explainLinear(sizes, selectLinear(sizes, kAVX512)),
            "512 rows in blocks of 128 are too few tasks: 64 with columns in "
            "groups of 64, a phase of their own");
  sizes.rows = std::nullopt;
  EXPECT_EQ(explainLinear(sizes, selectLinear(sizes, kAVX512)),
            "any number of rows in blocks of 128 rows");
}

} // namespace
