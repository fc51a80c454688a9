//===- WeightsPositionsTest.cpp - Position tables on the host -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WeightsTestSupport.h"

#include "lib/Weights/HostOps.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {

/// Rows 1, 2 and 5 of 7 points, 3 bands, maximal resolution 25; the numbers
/// come from perceiver_compiler.formulas.positions, where each step is rounded.
void expectRows(FourierRecipe recipe,
                std::initializer_list<std::array<double, 7>> expected) {
  HostTensor table = computeAxisTable(7, 3, 12.5, recipe);
  int64_t rows[] = {1, 2, 5};
  const int64_t *row = rows;
  for (const std::array<double, 7> &values : expected) {
    for (int64_t column = 0; column < 7; ++column)
      EXPECT_EQ(table.at({*row, column}), values[column])
          << "at " << *row << ", " << column;
    ++row;
  }
}

TEST(WeightsPositionsTest, TorchRecipe) {
  expectRows(
      FourierRecipe::torch_f32,
      {{-0.6666666269302368, -0.8660255074501038, -1.0, -0.8660256266593933,
        -0.49999985098838806, 9.17899683372525e-07, 0.4999995827674866},
       {-0.3333333134651184, -0.8660253882408142, -0.7071064710617065,
        -0.5000002384185791, 0.5000000596046448, 0.7071071267127991,
        0.8660252690315247},
       {0.6666666269302368, 0.8660255074501038, 1.0, 0.8660256266593933,
        -0.49999985098838806, 9.17899683372525e-07, 0.4999995827674866}});
}

TEST(WeightsPositionsTest, JaxRecipe) {
  expectRows(
      FourierRecipe::jax_f32,
      {{-0.6666666269302368, -0.8660255074501038, -1.0, -0.8660256266593933,
        -0.49999985098838806, 9.17899683372525e-07, 0.4999995827674866},
       {-0.333333283662796, -0.8660253882408142, -0.7071064710617065,
        -0.4999985694885254, 0.5000000596046448, 0.7071071267127991,
        0.8660262227058411},
       {0.6666666269302368, 0.8660255074501038, 1.0, 0.8660256266593933,
        -0.49999985098838806, 9.17899683372525e-07, 0.4999995827674866}});
}

TEST(WeightsPositionsTest, ExactRecipe) {
  HostTensor table = computeAxisTable(7, 3, 12.5, FourierRecipe::exact);
  EXPECT_DOUBLE_EQ(table.at({2, 0}), -1.0 / 3.0);
  EXPECT_NEAR(table.at({2, 1}), -0.86602540378443864676, 1e-15);
  EXPECT_NEAR(table.at({2, 2}), -0.70710678118654752440, 1e-14);
  EXPECT_NEAR(table.at({2, 6}), 0.86602540378443864676, 1e-14);
}

TEST(WeightsPositionsTest, OnePointIsTheFirst) {
  for (FourierRecipe recipe : {FourierRecipe::exact, FourierRecipe::torch_f32,
                               FourierRecipe::jax_f32}) {
    HostTensor table = computeAxisTable(1, 1, 8.0, recipe);
    EXPECT_EQ(table.at({0, 0}), -1.0);
    EXPECT_NEAR(table.at({0, 1}), 0.0, 1e-6);
    EXPECT_NEAR(table.at({0, 2}), -1.0, 1e-6);
  }
}

TEST(WeightsPositionsTest, FractionsOfTheLength) {
  for (FourierRecipe recipe : {FourierRecipe::exact, FourierRecipe::torch_f32,
                               FourierRecipe::jax_f32}) {
    HostTensor table =
        computeAxisTable(3, 1, 8.0, recipe, FourierSpacing::fraction);
    EXPECT_EQ(table.at({0, 0}), -1.0);
    double third =
        recipe == FourierRecipe::exact ? -1.0 / 3.0 : -1.0f + 2.0f / 3.0f;
    EXPECT_EQ(table.at({1, 0}), third);
  }
}

TEST(WeightsPositionsTest, SomeTerms) {
  constexpr auto recipe = FourierRecipe::torch_f32;
  HostTensor all = computeAxisTable(7, 3, 12.5, recipe);
  HostTensor some =
      computeAxisTable(7, 3, 12.5, recipe, FourierSpacing::inclusive,
                       FourierTerms::raw | FourierTerms::cos);
  ASSERT_EQ(some.getDimSize(1), 4);
  for (int64_t row = 0; row < 7; ++row) {
    EXPECT_EQ(some.at({row, 0}), all.at({row, 0}));
    for (int64_t band = 0; band < 3; ++band)
      EXPECT_EQ(some.at({row, 1 + band}), all.at({row, 4 + band}));
  }
  HostTensor positions = computeAxisTable(7, 0, 12.5, recipe);
  ASSERT_EQ(positions.getDimSize(1), 1);
  EXPECT_EQ(positions.at({6, 0}), 1.0);
}

std::string gridModule(StringRef layout) {
  return R"mlir(
    func.func @f() -> tensor<12x14xf32> {
      %i = tensor.empty() : tensor<3x7xf32>
      %a = block.axis_table outs(%i : tensor<3x7xf32>) {bands = 3 : i64, max_frequency = 4.0 : f64} -> tensor<3x7xf32>
      %j = tensor.empty() : tensor<4x7xf32>
      %b = block.axis_table outs(%j : tensor<4x7xf32>) {bands = 3 : i64, max_frequency = 5.0 : f64} -> tensor<4x7xf32>
      %k = tensor.empty() : tensor<12x14xf32>
      %y = block.grid_positions tables(%a, %b : tensor<3x7xf32>, tensor<4x7xf32>)
          outs(%k : tensor<12x14xf32>) {layout = #perceiver.fourier_layout<)mlir" +
         layout.str() + R"mlir(>} -> tensor<12x14xf32>
      return %y : tensor<12x14xf32>
    })mlir";
}

/// Two axes of 3 and 4 points, bands 1, 2.5, 4 and 1, 3, 5.
TEST_F(PrepareTest, GridOfDeepMind) {
  parse(gridModule("dm"));
  SmallVector<double> all = evaluate();
  ASSERT_EQ(all.size(), 12u * 14u);
  ArrayRef<double> rows(all);
  double root = 0.866025;
  expectNear(rows.slice(14, 14),
             {-1, -0.333333, 0, -1, 0, -root, 0, root, -1, 0, 1, 0.5, -1, 0.5},
             1e-5);
  expectNear(rows.slice(5 * 14, 14),
             {0, -0.333333, 0, 0, 0, -root, 0, root, 1, 1, 1, 0.5, -1, 0.5},
             1e-5);
  expectNear(rows.slice(11 * 14, 14),
             {1, 1, 0, 1, 0, 0, 0, 0, -1, 0, 1, -1, -1, -1}, 1e-5);
}

TEST_F(PrepareTest, GridOfLucidrains) {
  parse(gridModule("axis_major"));
  SmallVector<double> all = evaluate();
  ASSERT_EQ(all.size(), 12u * 14u);
  double root = 0.866025;
  expectNear(ArrayRef(all).slice(14, 14),
             {0, -1, 0, -1, 0, 1, -1, -root, 0, root, 0.5, -1, 0.5, -0.333333},
             1e-5);
}

} // namespace
