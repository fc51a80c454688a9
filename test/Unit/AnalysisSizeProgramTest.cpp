//===- AnalysisSizeProgramTest.cpp - Sizes as programs --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AnalysisTestSupport.h"

#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
const SizeExpr n = SizeExpr::size(0);
const SizeExpr m = SizeExpr::size(1);
} // namespace

TEST(SizeProgram, HasSizesBeforeNumbers) {
  auto getCode = [](const SizeExpr &expr) { return toCode(*toProgram(expr)); };
  EXPECT_EQ(getCode(SizeExpr()), (std::vector<int64_t>{0, 0}));
  EXPECT_EQ(getCode(n), (std::vector<int64_t>{1, 0}));
  EXPECT_EQ(getCode(m * n * SizeExpr(4) + SizeExpr(3)),
            (std::vector<int64_t>{1, 0, 1, 1, 3, 0, 0, 4, 3, 0, 0, 3, 2, 0}));
  EXPECT_EQ(getCode(SizeExpr::ceilDiv(n, SizeExpr(64))),
            (std::vector<int64_t>{1, 0, 0, 64, 5, 0}));
  EXPECT_EQ(getCode(SizeExpr::min(SizeExpr::min(n, m), SizeExpr(8))),
            (std::vector<int64_t>{1, 0, 1, 1, 7, 0, 0, 8, 7, 0}));
  EXPECT_FALSE(toProgram(SizeExpr::unknown()));
}

TEST(SizeProgram, ComesBackAsTheSameExpression) {
  RandomSizes random(/*seed=*/3);
  for (int round = 0; round < 2000; ++round) {
    SizeExpr expr = random.makeTree(/*depth=*/3).normalize();
    std::optional<std::vector<perceiver_size_instruction>> program =
        toProgram(expr);
    ASSERT_EQ(program.has_value(), expr.isKnown());
    if (program)
      EXPECT_EQ(fromProgram(fromCode(toCode(*program))), expr);
  }
}

TEST(SizeProgram, IsUnknownIfMalformed) {
  EXPECT_FALSE(fromProgram({}).isKnown());
  for (const std::vector<int64_t> &code : std::vector<std::vector<int64_t>>{
           {2, 0}, {0, 1, 2, 0}, {0, 1, 0, 1}, {1, -1}, {0, 1, 0, 1, 99, 0}})
    EXPECT_FALSE(fromProgram(fromCode(code)).isKnown());
}

TEST(SizeProgram, IsNoDeeperThanTheStack) {
  // Each level leaves a product and a number on the stack.
  SizeExpr nested = n;
  for (int level = 0; level < PERCEIVER_RT_MAX_STACK; ++level)
    nested = SizeExpr::floorDiv(m, nested + n) * n + SizeExpr::size(2);
  ASSERT_TRUE(nested.isKnown());
  EXPECT_FALSE(toProgram(nested));
  EXPECT_FALSE(evaluateFigure(nested, {1, 1, 1}));
}

TEST(SizeProgram, FiguresExceed64Bits) {
  SizeExpr figure = n * n * SizeExpr(INT64_MAX);
  EXPECT_EQ(evaluateFigure(figure, {4}), 0x1p67);
  EXPECT_EQ(evaluate(figure, {4}), std::nullopt);
  EXPECT_EQ(evaluateFigure(SizeExpr::floorDiv(n, m - n), {2, 2}), std::nullopt);
  EXPECT_EQ(evaluateFigure(SizeExpr::unknown(), {}), std::nullopt);
}
