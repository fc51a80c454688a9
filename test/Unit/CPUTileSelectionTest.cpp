//===- CPUTileSelectionTest.cpp - The choices of the cost model -----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/TileSelection.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

using namespace mlir::perceiver;

namespace {

constexpr TileTarget kAVX512{{16, 32}, 64, 16, 1 << 20};
constexpr TileTarget kAVX2{{8, 16}, 64, 16, 1 << 18};

int64_t ceilDiv(int64_t a, int64_t b) { return (a + b - 1) / b; }

TEST(TileSelection, PanelsOfWholeVectors) {
  PanelSize panels = selectPanels(1024, std::nullopt, false, kAVX512);
  EXPECT_EQ(panels.columns % 16, 0);
  EXPECT_EQ(panels.lanes, panels.columns);
  // Fewer columns than a vector: one panel with empty lanes.
  panels = selectPanels(7, std::nullopt, false, kAVX512);
  EXPECT_EQ(panels.columns, 7);
  EXPECT_EQ(panels.lanes, 16);
}

TEST(TileSelection, FewRegistersTakeNarrowPanels) {
  // Tiles of 6 x 2 vectors load as often as those of 3 x 3, but stream less.
  EXPECT_EQ(selectPanels(1024, std::nullopt, false, kAVX2).columns, 16);
  EXPECT_EQ(rowsForVectors(2, kAVX2.registers), 6);
  EXPECT_EQ(selectPanels(1024, std::nullopt, false, kAVX512).columns, 64);
}

TEST(TileSelection, BlocksOfQueriesAreWholeRegisterTiles) {
  for (const TileTarget &target : {kAVX512, kAVX2}) {
    EXPECT_EQ(selectQueryBlock(target), 64);
    EXPECT_EQ(64 % (vectorsOfQueries(target.registers) * target.lanes), 0);
    // Rows enough for more sums than FMAs in flight.
    EXPECT_GE(
        rowsForVectors(vectorsOfQueries(target.registers), target.registers),
        6);
  }
  // Whether keys are split does not follow the blocks.
  EXPECT_EQ(selectAttention(1, 511, 4096, kAVX2).reason,
            KeySplitReason::FewHeads);
  EXPECT_EQ(selectAttention(1, 1024, 4096, kAVX2).reason,
            KeySplitReason::ManyQueries);
}

TEST(TileSelection, PanelsDivideTheHeadWidth) {
  // 261 = 9 * 29 has no divisor that is a multiple of 16.
  for (int64_t width : {24, 33, 261, 322, 1024}) {
    PanelSize panels = selectPanels(8 * width, width, false, kAVX512);
    EXPECT_EQ(width % panels.columns, 0) << width;
    EXPECT_EQ(panels.lanes, ceilDiv(panels.columns, 16) * 16) << width;
  }
}

TEST(TileSelection, GatedPanelsHoldBothHalves) {
  PanelSize panels = selectPanels(512, std::nullopt, true, kAVX512);
  EXPECT_EQ(panels.lanes, 2 * panels.columns);
  EXPECT_LE(panels.lanes, 4 * 16);
}

TEST(TileSelection, RegisterTileFits) {
  for (const TileTarget &target : {kAVX512, kAVX2})
    for (int64_t vectors = 1; vectors <= 4; ++vectors) {
      int64_t rows = rowsForVectors(vectors, target.registers);
      EXPECT_GE(rows, 1);
      // Accumulators, the right-hand side and a broadcast.
      EXPECT_LE(rows * vectors + vectors + 1, target.registers) << vectors;
    }
}

TEST(TileSelection, RowBlocks) {
  EXPECT_EQ(selectRowBlock(std::nullopt, kAVX512), 128);
  EXPECT_EQ(selectRowBlock(1, kAVX512), 1);
  EXPECT_EQ(selectRowBlock(64, kAVX512), 64);
  EXPECT_EQ(selectRowBlock(65, kAVX512), 64);
  EXPECT_EQ(selectRowBlock(512, kAVX512), 64);
  EXPECT_EQ(selectRowBlock(2000, kAVX512), 125);
  EXPECT_EQ(selectRowBlock(50176, kAVX512), 128);
}

TEST(TileSelection, LightRowBlocks) {
  EXPECT_EQ(selectLightRowBlock(std::nullopt, 4096, kAVX512), 128);
  // A task for each of 64, if that is worth it.
  EXPECT_EQ(selectLightRowBlock(512, 4096, kAVX512), 8);
  EXPECT_EQ(selectLightRowBlock(512, 1024, kAVX512), 32);
  EXPECT_EQ(selectLightRowBlock(7, 4, kAVX512), 7);
  EXPECT_EQ(selectLightRowBlock(50176, 4096, kAVX512), 128);
}

TEST(TileSelection, HeadsAreCutByQueries) {
  EXPECT_EQ(selectQueriesOfHead(8, 512, 512, 256, kAVX512), 64);
  EXPECT_EQ(selectQueriesOfHead(8, 2048, 512, 256, kAVX512), 256);
  EXPECT_EQ(selectQueriesOfHead(8, std::nullopt, 512, 256, kAVX512), 128);
  // All of them: no more than a block, or too little work.
  EXPECT_EQ(selectQueriesOfHead(8, 64, 512, 256, kAVX512), 0);
  EXPECT_EQ(selectQueriesOfHead(8, 512, 16, 32, kAVX512), 0);
}

TEST(TileSelection, OneHeadOverAnImageIsSplit) {
  // 16 parts of 14 blocks, all full.
  AttentionTiles tiles = selectAttention(1, 512, 50176, kAVX512);
  EXPECT_EQ(tiles.keySplit, 3136);
  EXPECT_EQ(tiles.keySplit % tiles.keyBlock, 0);
  EXPECT_EQ(50176 % tiles.keySplit, 0);
  EXPECT_EQ(tiles.queryBlock, 64);
}

TEST(TileSelection, EightHeadsAreTasks) {
  AttentionTiles tiles = selectAttention(8, 512, 512, kAVX512);
  EXPECT_EQ(tiles.keySplit, 0);
  EXPECT_EQ(tiles.headsPerTask, 1);
  EXPECT_EQ(tiles.keyBlock, 256);
}

TEST(TileSelection, FewKeysAreNotShared) {
  AttentionTiles tiles = selectAttention(1, 7, 33, kAVX512);
  EXPECT_EQ(tiles.keySplit, 0);
  EXPECT_EQ(tiles.keyBlock, 0);
  EXPECT_EQ(tiles.queryBlock, 0);
}

TEST(TileSelection, UnknownKeysAreBounded) {
  for (int64_t heads : {1, 8}) {
    AttentionTiles tiles =
        selectAttention(heads, std::nullopt, std::nullopt, kAVX512);
    EXPECT_GT(tiles.keyBlock, 0);
    EXPECT_GT(tiles.queryBlock, 0);
    EXPECT_EQ(tiles.keySplit, 0);
  }
}

TEST(TileSelection, AnyNumberOfKeysIsSplit) {
  for (int64_t heads : {1, 4})
    for (int64_t queries : {1, 512, 2048}) {
      AttentionTiles tiles =
          selectAttention(heads, queries, std::nullopt, kAVX512);
      EXPECT_EQ(tiles.keySplit, 64);
      EXPECT_EQ(tiles.keyBlock, 256);
    }
  // With more queries, the states of so few parts are large, too.
  EXPECT_EQ(selectAttention(1, 4096, std::nullopt, kAVX512).keySplit, 0);
}

TEST(TileSelection, NothingGrowsWithQueriesTimesParts) {
  for (std::optional<int64_t> keys :
       {std::optional<int64_t>(), std::optional<int64_t>(40),
        std::optional<int64_t>(2048), std::optional<int64_t>(182528)}) {
    AttentionTiles tiles = selectAttention(1, std::nullopt, keys, kAVX512);
    EXPECT_EQ(tiles.keySplit, 0);
    EXPECT_EQ(tiles.headsPerTask, 0);
    EXPECT_EQ(tiles.queriesPerTask, selectRowBlock(std::nullopt, kAVX512));
  }
  AttentionTiles tiles = selectAttention(1, 27556, 27557, kAVX512);
  EXPECT_EQ(tiles.keySplit, 0);
  EXPECT_EQ(tiles.queriesPerTask, selectRowBlock(27556, kAVX512));
}

//===----------------------------------------------------------------------===//
// What holds for any shape
//===----------------------------------------------------------------------===//

class RandomShapes : public testing::TestWithParam<TileTarget> {
protected:
  /// A size in [1, most], small ones as likely as large ones.
  int64_t size(int64_t most) {
    double exponent = std::uniform_real_distribution<>(0, std::log(most))(rng);
    return std::max<int64_t>(1, static_cast<int64_t>(std::exp(exponent)));
  }

  std::mt19937 rng{20240607};
};

TEST_P(RandomShapes, Panels) {
  for (int run = 0; run < 500; ++run) {
    int64_t heads = size(16), width = size(400), columns = heads * width;
    bool gated = run % 2 == 0;
    PanelSize free = selectPanels(columns, std::nullopt, gated, GetParam());
    PanelSize bound = selectPanels(columns, width, gated, GetParam());
    EXPECT_EQ(width % bound.columns, 0);
    for (PanelSize panels : {free, bound}) {
      ASSERT_GE(panels.columns, 1);
      EXPECT_LE(panels.columns, columns);
      EXPECT_GE(panels.lanes, (gated ? 2 : 1) * panels.columns);
      EXPECT_EQ(panels.lanes % ((gated ? 2 : 1) * GetParam().lanes), 0);
    }
  }
}

TEST_P(RandomShapes, RowBlocks) {
  for (int run = 0; run < 500; ++run) {
    int64_t rows = size(100000), block = selectRowBlock(rows, GetParam());
    EXPECT_GE(block, 1);
    EXPECT_LE(block, rows);
  }
}

TEST_P(RandomShapes, Attention) {
  for (int run = 0; run < 2000; ++run) {
    int64_t heads = size(32), queries = size(4096), keys = size(200000);
    SCOPED_TRACE(std::to_string(heads) + " x " + std::to_string(queries) +
                 " x " + std::to_string(keys));
    AttentionTiles tiles = selectAttention(heads, queries, keys, GetParam());
    EXPECT_GE(tiles.headsPerTask, 0);
    EXPECT_LE(tiles.headsPerTask, heads);
    EXPECT_GE(tiles.queryBlock, 0);
    EXPECT_LE(tiles.queryBlock, queries);
    ASSERT_GE(tiles.keyBlock, 0);
    EXPECT_LE(tiles.keyBlock, 256);
    ASSERT_GE(tiles.keySplit, 0);
    // What is not cut into blocks fits the caches.
    int64_t part = tiles.keySplit == 0 ? keys : tiles.keySplit;
    if (tiles.keyBlock == 0)
      EXPECT_LE(part, 256);
    if (tiles.keySplit == 0)
      continue;
    // Parts cover the keys, none is empty, and each but the last is full.
    int64_t parts = ceilDiv(keys, tiles.keySplit);
    EXPECT_GE(parts, 1);
    // Their states are those of few queries, or smaller than what all keys and
    // values take.
    if (queries >= GetParam().keyParts * 4 * GetParam().lanes)
      EXPECT_LE(GetParam().keyParts / heads * queries, 2 * keys);
    EXPECT_LT((parts - 1) * tiles.keySplit, keys);
    if (tiles.keyBlock != 0)
      EXPECT_EQ(tiles.keySplit % tiles.keyBlock, 0);
  }
}

TEST_P(RandomShapes, EnoughTasks) {
  // One image, one head and a batch entry alone keep the machine busy.
  for (int64_t keys : {8192, 50176, 100003, 160000}) {
    AttentionTiles tiles = selectAttention(1, 512, keys, GetParam());
    ASSERT_GT(tiles.keySplit, 0);
    EXPECT_GE(ceilDiv(keys, tiles.keySplit), GetParam().keyParts);
  }
}

INSTANTIATE_TEST_SUITE_P(Targets, RandomShapes,
                         testing::Values(kAVX512, kAVX2));

TEST(TileSelection, GivesItsReason) {
  TileTarget target;
  auto explain = [&](int64_t heads, std::optional<int64_t> queries,
                     std::optional<int64_t> keys) {
    AttentionTiles tiles = selectAttention(heads, queries, keys, target);
    return explainAttention(tiles, heads, keys, target);
  };
  EXPECT_EQ(explain(1, 512, 50176),
            "1 head < 8 tasks: 50176 keys split into 16 parts of 3136");
  EXPECT_EQ(explain(1, 1, 512),
            "1 head < 8 tasks: 512 keys split into 16 parts of 32");
  EXPECT_EQ(explain(1, 512, std::nullopt),
            "1 head < 8 tasks: any number of keys split into few parts of "
            "multiples of 64");
  EXPECT_EQ(explain(2, 16, 64), "2 heads < 8 tasks, but 64 keys < 1024 are too "
                                "few to split: a task is a head");
  EXPECT_EQ(explain(1, std::nullopt, 2048),
            "1 head < 8 tasks and any number of queries: a task is 128 queries "
            "of all heads");
  EXPECT_EQ(explain(1, 4096, 4096),
            "1 head < 8 tasks, but many queries: a task is 128 queries of all "
            "heads");
  EXPECT_EQ(explain(8, 512, 512), "8 heads >= 8 tasks: a task is a head");
}

} // namespace
