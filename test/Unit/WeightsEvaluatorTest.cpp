//===- WeightsEvaluatorTest.cpp - Every operation, small numbers ----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WeightsTestSupport.h"

#include <cmath>
#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

namespace {

const double kNan = std::numeric_limits<double>::quiet_NaN();
const double kInfinity = std::numeric_limits<double>::infinity();

TEST_F(PrepareTest, LayerNorm) {
  parse(R"mlir(
    func.func @f(%x: tensor<2x3xf32>, %g: tensor<3xf32>, %b: tensor<3xf32>) -> tensor<2x3xf32> {
      %e = tensor.empty() : tensor<2x3xf32>
      %y = block.layer_norm ins(%x : tensor<2x3xf32>) affine(%g, %b : tensor<3xf32>, tensor<3xf32>)
          outs(%e : tensor<2x3xf32>) {epsilon = 0.5 : f64} -> tensor<2x3xf32>
      return %y : tensor<2x3xf32>
    })mlir");
  // Variances 2/3 and 0.
  double scale = 1.0 / std::sqrt(2.0 / 3.0 + 0.5);
  expectNear(evaluate({HostTensor::of({2, 3}, {1, 2, 3, 7, 7, 7}),
                       HostTensor::of({3}, {1, 5, -2}),
                       HostTensor::of({3}, {0, 1, 10})}),
             {-scale, 1, 10 - 2 * scale, 0, 1, 10});
}

TEST_F(PrepareTest, LinearWithBiasAndResidual) {
  parse(R"mlir(
    func.func @f(%x: tensor<2x1x3xf32>, %w: tensor<3x2xf32>, %b: tensor<2xf32>, %r: tensor<1x2xf32>) -> tensor<2x1x2xf32> {
      %e = tensor.empty() : tensor<2x1x2xf32>
      %y = block.linear ins(%x, %w : tensor<2x1x3xf32>, tensor<3x2xf32>) bias(%b : tensor<2xf32>)
          residual(%r : tensor<1x2xf32>) outs(%e : tensor<2x1x2xf32>) -> tensor<2x1x2xf32>
      return %y : tensor<2x1x2xf32>
    })mlir");
  expectNear(evaluate({HostTensor::of({2, 1, 3}, {1, 2, 3, 4, 5, 6}),
                       HostTensor::of({3, 2}, {1, 0, 0, 1, 1, 1}),
                       HostTensor::of({2}, {100, 200}),
                       HostTensor::of({1, 2}, {0.5, 0.25})}),
             {104.5, 205.25, 110.5, 211.25});
}

TEST_F(PrepareTest, GroupsOfChannelsHaveMatricesOfTheirOwn) {
  parse(R"mlir(
    func.func @f(%x: tensor<2x4xf32>, %w: tensor<2x2xf32>, %b: tensor<2xf32>) -> tensor<2x2xf32> {
      %e = tensor.empty() : tensor<2x2xf32>
      %y = block.grouped_linear ins(%x, %w : tensor<2x4xf32>, tensor<2x2xf32>) bias(%b : tensor<2xf32>)
          outs(%e : tensor<2x2xf32>) groups = 2 -> tensor<2x2xf32>
      return %y : tensor<2x2xf32>
    })mlir");
  expectNear(evaluate({HostTensor::of({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8}),
                       HostTensor::of({2, 2}, {1, 10, 2, 20}),
                       HostTensor::of({2}, {0.5, 0.25})}),
             {5.5, 110.25, 17.5, 230.25});
}

/// Larger than the blocks of the product, with an odd depth.
TEST_F(PrepareTest, LargeProductEqualsItsDefinition) {
  parse(R"mlir(
    func.func @f(%x: tensor<3x131xf32>, %w: tensor<131x517xf32>) -> tensor<3x517xf32> {
      %e = tensor.empty() : tensor<3x517xf32>
      %y = block.linear ins(%x, %w : tensor<3x131xf32>, tensor<131x517xf32>)
          outs(%e : tensor<3x517xf32>) -> tensor<3x517xf32>
      return %y : tensor<3x517xf32>
    })mlir");
  HostTensor x = TestParameters::random({3, 131}, "x");
  HostTensor w = TestParameters::random({131, 517}, "w");
  SmallVector<double> expected;
  for (int64_t i = 0; i < 3; ++i)
    for (int64_t j = 0; j < 517; ++j) {
      double sum = 0.0;
      for (int64_t k = 0; k < 131; ++k)
        sum += x.at({i, k}) * w.at({k, j});
      expected.push_back(sum);
    }
  expectNear(evaluate({x, w}), expected, 1e-13);
}

std::string activationModule(StringRef activation, int columns) {
  std::string type = "tensor<1x" + std::to_string(columns) + "xf32>";
  return "func.func @f(%x: tensor<1x2xf32>, %w: tensor<2x4xf32>) -> " + type +
         " {\n  %e = tensor.empty() : " + type +
         "\n  %y = block.linear ins(%x, %w : tensor<1x2xf32>, "
         "tensor<2x4xf32>) outs(%e : " +
         type + ") {activation = #perceiver.activation<" + activation.str() +
         ">} -> " + type + "\n  return %y : " + type + "\n}";
}

TEST_F(PrepareTest, Activations) {
  HostTensor x = HostTensor::of({1, 2}, {1, 0});
  HostTensor w = HostTensor::of({2, 4}, {-3, -0.5, 1, 4, 9, 9, 9, 9});
  parse(activationModule("gelu_erf", 4));
  SmallVector<double> erf = {-0.004049694, -0.154268769, 0.841344746,
                             3.999873315};
  expectNear(evaluate({x, w}), erf, 1e-9);
  parse(activationModule("gelu_tanh", 4));
  expectNear(evaluate({x, w}),
             {-0.003637392, -0.15428599, 0.841191991, 3.999929754}, 1e-9);
  // Values first, gates second.
  parse(activationModule("gated(gelu_erf)", 2));
  expectNear(evaluate({x, w}), {-3 * erf[2], -0.5 * erf[3]}, 1e-8);
}

TEST_F(PrepareTest, NonFiniteNumbersSpreadAsInArithmetic) {
  parse(R"mlir(
    func.func @f(%x: tensor<2x2xf32>, %w: tensor<2x2xf32>) -> tensor<2x2xf32> {
      %e = tensor.empty() : tensor<2x2xf32>
      %y = block.linear ins(%x, %w : tensor<2x2xf32>, tensor<2x2xf32>)
          outs(%e : tensor<2x2xf32>) -> tensor<2x2xf32>
      return %y : tensor<2x2xf32>
    })mlir");
  SmallVector<double> y =
      evaluate({HostTensor::of({2, 2}, {1, 0, 1, 1}),
                HostTensor::of({2, 2}, {kInfinity, 1, kNan, kInfinity})});
  EXPECT_TRUE(std::isnan(y[0])); // inf + 0 * NaN
  EXPECT_TRUE(std::isnan(y[1])); // 1 + 0 * inf
  EXPECT_TRUE(std::isnan(y[2]));
  EXPECT_EQ(y[3], kInfinity);
}

TEST_F(PrepareTest, SlicesAndShapes) {
  parse(R"mlir(
    func.func @f(%x: tensor<4x3xf32>) -> tensor<2x2x2xf32> {
      // Rows 1 and 3, columns 1 and 2.
      %s = tensor.extract_slice %x[1, 1] [2, 2] [2, 1] : tensor<4x3xf32> to tensor<2x2xf32>
      %row = tensor.extract_slice %x[2, 0] [1, 2] [1, 1] : tensor<4x3xf32> to tensor<2xf32>
      %c = tensor.collapse_shape %s [[0, 1]] : tensor<2x2xf32> into tensor<4xf32>
      %e = tensor.expand_shape %c [[0, 1]] output_shape [2, 2] : tensor<4xf32> into tensor<2x2xf32>
      %i = tensor.empty() : tensor<2x2xf32>
      %t = linalg.transpose ins(%e : tensor<2x2xf32>) outs(%i : tensor<2x2xf32>) permutation = [1, 0]
      %u = tensor.insert_slice %row into %t[1, 0] [1, 2] [1, 1] : tensor<2xf32> into tensor<2x2xf32>
      %j = tensor.concat dim(1) %t, %u : (tensor<2x2xf32>, tensor<2x2xf32>) -> tensor<2x4xf32>
      %y = tensor.expand_shape %j [[0], [1, 2]] output_shape [2, 2, 2] : tensor<2x4xf32> into tensor<2x2x2xf32>
      return %y : tensor<2x2x2xf32>
    })mlir");
  expectNear(evaluate({HostTensor::of({4, 3},
                                      {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11})}),
             {4, 10, 4, 10, 5, 11, 6, 7});
}

TEST_F(PrepareTest, ConstantsAndFills) {
  parse(R"mlir(
    func.func @f() -> tensor<2x2xf32> {
      %c = arith.constant dense<[[1.0, 2.0], [3.0, 4.0]]> : tensor<2x2xf32>
      %s = arith.constant dense<10.0> : tensor<2x2xf32>
      %h = arith.constant 0.5 : f32
      %e = tensor.empty() : tensor<2x2xf32>
      %f = linalg.fill ins(%h : f32) outs(%e : tensor<2x2xf32>) -> tensor<2x2xf32>
      %a = block.add ins(%c, %s : tensor<2x2xf32>, tensor<2x2xf32>) outs(%e : tensor<2x2xf32>) -> tensor<2x2xf32>
      %y = block.add ins(%a, %f : tensor<2x2xf32>, tensor<2x2xf32>) outs(%e : tensor<2x2xf32>) -> tensor<2x2xf32>
      return %y : tensor<2x2xf32>
    })mlir");
  expectNear(evaluate(), {11.5, 12.5, 13.5, 14.5});
}

TEST_F(PrepareTest, RowsAndChannels) {
  parse(R"mlir(
    func.func @f(%x: tensor<2x1x3xf32>, %p: tensor<3x2xf32>, %f: tensor<3xf32>) -> tensor<2x1x3xf32> {
      %e = tensor.empty() : tensor<2x3x1xf32>
      %l = block.transpose ins(%x : tensor<2x1x3xf32>) outs(%e : tensor<2x3x1xf32>) permutation = [0, 2, 1] -> tensor<2x3x1xf32>
      %s = block.scale_rows %p by %f : tensor<3x2xf32>, tensor<3xf32>
      %i = tensor.empty() : tensor<2x3x3xf32>
      // The second input has no batch.
      %c = block.concat_channels ins(%l, %s : tensor<2x3x1xf32>, tensor<3x2xf32>)
          outs(%i : tensor<2x3x3xf32>) -> tensor<2x3x3xf32>
      %j = tensor.empty() : tensor<2x1x3xf32>
      %y = block.mean_rows ins(%c : tensor<2x3x3xf32>) outs(%j : tensor<2x1x3xf32>) -> tensor<2x1x3xf32>
      return %y : tensor<2x1x3xf32>
    })mlir");
  expectNear(evaluate({HostTensor::of({2, 1, 3}, {1, 2, 3, 4, 5, 6}),
                       HostTensor::of({3, 2}, {1, 2, 3, 4, 5, 6}),
                       HostTensor::of({3}, {3, 2, -1})}),
             {2, 4.0 / 3, 8.0 / 3, 5, 4.0 / 3, 8.0 / 3});
}

TEST_F(PrepareTest, RowsWithMoreChannels) {
  parse(R"mlir(
    func.func @f(%x: tensor<1x3xf32>, %g: tensor<5xf32>) -> tensor<1x5xf32> {
      %e = tensor.empty() : tensor<1x4xf32>
      %f = tensor.empty() : tensor<1x5xf32>
      %c = block.concat_channels ins(%x : tensor<1x3xf32>) outs(%e : tensor<1x4xf32>) -> tensor<1x4xf32>
      %y = block.layer_norm ins(%c : tensor<1x4xf32>) affine(%g, %g : tensor<5xf32>, tensor<5xf32>)
          outs(%f : tensor<1x5xf32>) {channels = 3 : i64, epsilon = 3.0 : f64} -> tensor<1x5xf32>
      return %y : tensor<1x5xf32>
    })mlir");
  // The variance is 6.
  expectNear(evaluate({HostTensor::of({1, 3}, {0, 3, 6}),
                       HostTensor::of({5}, {1, 1, 2, 7, 8})}),
             {0, 1, 4, 0, 0});
}

TEST_F(PrepareTest, PadWeights) {
  parse(R"mlir(
    func.func @f(%x: tensor<2x4xf32>) -> tensor<3x6xf32> {
      %y = block.pad_weight %x groups = [1, 2] : tensor<2x4xf32> -> tensor<3x6xf32>
      return %y : tensor<3x6xf32>
    })mlir");
  expectNear(evaluate({HostTensor::of({2, 4}, {1, 2, 3, 4, 5, 6, 7, 8})}),
             {1, 2, 0, 3, 4, 0, 5, 6, 0, 7, 8, 0, 0, 0, 0, 0, 0, 0});
}

TEST_F(PrepareTest, PackPlanes) {
  parse(R"(
    func.func @f() -> tensor<2x2x2xf32> {
      %x = arith.constant dense<[[1.0, 2.0, 3.0, 4.0], [5.0, 6.0, 7.0, 8.0]]> : tensor<2x4xf32>
      %e = tensor.empty() : tensor<2x2x2xf32>
      %y = block.pack_weight ins(%x : tensor<2x4xf32>) outs(%e : tensor<2x2x2xf32>)
          layout = #block.planes -> tensor<2x2x2xf32>
      return %y : tensor<2x2x2xf32>
    })");
  EXPECT_EQ(evaluate(), (SmallVector<double>{1, 2, 3, 4, 5, 6, 7, 8}));
}

TEST_F(PrepareTest, PackPanels) {
  parse(R"mlir(
    func.func @f(%x: tensor<2x5xf32>) -> tensor<3x2x4xf32> {
      %e = tensor.empty() : tensor<3x2x4xf32>
      %y = block.pack_weight ins(%x : tensor<2x5xf32>) outs(%e : tensor<3x2x4xf32>)
          layout = #block.panels<columns = 2, lanes = 4> -> tensor<3x2x4xf32>
      return %y : tensor<3x2x4xf32>
    })mlir");
  expectNear(
      evaluate({HostTensor::of({2, 5}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9})}),
      {0, 1, 0, 0, 5, 6, 0, 0, 2, 3, 0, 0, 7, 8, 0, 0, 4, 0, 0, 0, 9, 0, 0, 0});
}

TEST_F(PrepareTest, PackGatedPanelsOfAVector) {
  parse(R"mlir(
    func.func @f(%x: tensor<6xf32>) -> tensor<2x6xf32> {
      %e = tensor.empty() : tensor<2x6xf32>
      %y = block.pack_weight ins(%x : tensor<6xf32>) outs(%e : tensor<2x6xf32>)
          layout = #block.panels<columns = 2, lanes = 6, gated = true> -> tensor<2x6xf32>
      return %y : tensor<2x6xf32>
    })mlir");
  expectNear(evaluate({HostTensor::of({6}, {1, 2, 3, 4, 5, 6})}),
             {1, 2, 0, 4, 5, 0, 3, 0, 0, 6, 0, 0});
}

/// A transposed view, packed without being copied first.
TEST_F(PrepareTest, PackATransposedMatrix) {
  parse(R"mlir(
    func.func @f(%x: tensor<37x70xf32>) -> tensor<3x70x16xf32> {
      %i = tensor.empty() : tensor<70x37xf32>
      %t = linalg.transpose ins(%x : tensor<37x70xf32>) outs(%i : tensor<70x37xf32>) permutation = [1, 0]
      %e = tensor.empty() : tensor<3x70x16xf32>
      %y = block.pack_weight ins(%t : tensor<70x37xf32>) outs(%e : tensor<3x70x16xf32>)
          layout = #block.panels<columns = 16, lanes = 16> -> tensor<3x70x16xf32>
      return %y : tensor<3x70x16xf32>
    })mlir");
  HostTensor x =
      TestParameters::random({37, 70}, "x").toDense(HostTensor::Storage::f32);
  auto results = tryEvaluate("f", {x});
  ASSERT_TRUE(succeeded(results));
  EXPECT_EQ(results->front().getStorage(), HostTensor::Storage::f32);
  for (int64_t column = 0; column < 48; ++column)
    for (int64_t row = 0; row < 70; ++row)
      EXPECT_EQ(results->front().at({column / 16, row, column % 16}),
                column < 37 ? x.at({column, row}) : 0.0);
}

TEST_F(PrepareTest, MembersOfFamilies) {
  parse(R"mlir(
    perceiver.parameter @w : tensor<1xf32> key "w.{}" count 3
    func.func @f(%i: index) -> tensor<2xf32> {
      %c = arith.constant 4 : index
      %a = perceiver.get_parameter @w[%i] : tensor<1xf32>
      %b = perceiver.get_parameter @w[%c] : tensor<1xf32>
      %y = tensor.concat dim(0) %a, %b : (tensor<1xf32>, tensor<1xf32>) -> tensor<2xf32>
      return %y : tensor<2xf32>
    })mlir");
  for (int64_t member : {0, 1, 2})
    parameters.values[{"w", member}] =
        HostTensor::of({1}, {10.0 + static_cast<double>(member)});
  expectNear(evaluate({HostArgument(int64_t(5))}), {12, 11});
}

TEST_F(PrepareTest, UnknownOperationsAreNamed) {
  parse(R"mlir(
    func.func @f(%x: tensor<2xf32>) -> tensor<2xf32> {
      %y = arith.mulf %x, %x : tensor<2xf32> loc("model.mlir":12:3)
      return %y : tensor<2xf32>
    })mlir");
  EXPECT_TRUE(failed(tryEvaluate("f", {HostTensor::of({2}, {1, 2})})));
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_EQ(diagnostics[0],
            "loc(\"model.mlir\":12:3): 'arith.mulf' op expected an operation "
            "that can be computed when the model is compiled");
}

TEST_F(PrepareTest, DynamicShapesAreRefused) {
  parse(R"mlir(
    func.func @f(%i: index) -> tensor<?xf32> {
      %y = tensor.empty(%i) : tensor<?xf32>
      return %y : tensor<?xf32>
    })mlir");
  EXPECT_TRUE(failed(tryEvaluate("f", {HostArgument(int64_t(5))})));
  ASSERT_EQ(diagnostics.size(), 1u);
  EXPECT_NE(diagnostics[0].find(
                "'tensor.empty' op expected floating-point tensors of static "
                "shape and at most 2^32 elements, but got 'tensor<?xf32>'"),
            std::string::npos)
      << diagnostics[0];
}

TEST_F(PrepareTest, HugeTensorsAreRefused) {
  parse(R"mlir(
    func.func @f() -> tensor<4611686018427387904x3xf32> {
      %e = tensor.empty() : tensor<4611686018427387904x3xf32>
      %y = block.axis_table outs(%e : tensor<4611686018427387904x3xf32>)
          {bands = 1 : i64, max_frequency = 4.0 : f64} -> tensor<4611686018427387904x3xf32>
      return %y : tensor<4611686018427387904x3xf32>
    })mlir");
  EXPECT_TRUE(failed(tryEvaluate("f")));
  EXPECT_EQ(diagnostics.size(), 1u);
}

} // namespace
