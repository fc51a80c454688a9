//===- AnalysisChannelStructureTest.cpp - What channels depend on ---------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Analysis/ChannelStructure.h"

#include "dialect/Block/BlockDialect.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
class ChannelStructureTest : public ::testing::Test {
protected:
  ChannelStructureTest() {
    context.loadDialect<block::BlockDialect, func::FuncDialect,
                        tensor::TensorDialect>();
  }

  /// The structure of what a function with these operations returns; they end
  /// in `%y`, of this type.
  std::string describe(StringRef operations, StringRef type) {
    std::string text = (R"(
      func.func @f(%x: tensor<?x15x4xf32>, %p: tensor<15x6xf32>, %v: tensor<7xf32>,
                   %t: tensor<3x9xf32>, %u: tensor<5x9xf32>, %g: tensor<15x18xf32>,
                   %n: tensor<15xi64>, %i: index, %e: )" +
                        type + ") -> " + type + " {" + operations +
                        "  return %y : " + type + "\n}")
                           .str();
    module = parseSourceString<ModuleOp>(text, &context);
    if (!module)
      return "";
    auto function = *module->getOps<func::FuncOp>().begin();
    Operation *end = function.getBody().front().getTerminator();
    return describeChannelStructure(getChannelStructure(end->getOperand(0)));
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
};

constexpr StringRef kPositions = R"(
  %g0 = block.grid_positions tables(%t, %u : tensor<3x9xf32>, tensor<5x9xf32>)
      outs(%g : tensor<15x18xf32>) {layout = #perceiver.fourier_layout<dm>} -> tensor<15x18xf32>
)";

TEST_F(ChannelStructureTest, FindsWhatIsConcatenated) {
  EXPECT_EQ(describe((kPositions + R"(
        %y = block.concat_channels ins(%x, %g0, %v, %p : tensor<?x15x4xf32>, tensor<15x18xf32>, tensor<7xf32>, tensor<15x6xf32>)
            outs(%e : tensor<?x15x35xf32>) -> tensor<?x15x35xf32>
      )")
                         .str(),
                     "tensor<?x15x35xf32>"),
            "dense 4, grid 3 x 5 18, constant 7, dense 6");
}

TEST_F(ChannelStructureTest, LooksThroughConcatenationsAndCasts) {
  EXPECT_EQ(describe((kPositions + R"(
        %b = tensor.empty() : tensor<15x25xf32>
        %c = block.concat_channels ins(%v, %g0 : tensor<7xf32>, tensor<15x18xf32>)
            outs(%b : tensor<15x25xf32>) -> tensor<15x25xf32>
        %d = tensor.cast %c : tensor<15x25xf32> to tensor<?x25xf32>
        %y = block.concat_channels ins(%d, %x : tensor<?x25xf32>, tensor<?x15x4xf32>)
            outs(%e : tensor<?x15x29xf32>) -> tensor<?x15x29xf32>
      )")
                         .str(),
                     "tensor<?x15x29xf32>"),
            "constant 7, grid 3 x 5 18, dense 4");
}

TEST_F(ChannelStructureTest, TakesForDenseWhatItDoesNotKnow) {
  EXPECT_EQ(
      describe("%y = tensor.cast %p : tensor<15x6xf32> to tensor<?x6xf32>\n",
               "tensor<?x6xf32>"),
      "dense 6");
  // Zeros behind the inputs.
  EXPECT_EQ(describe(R"(
    %y = block.concat_channels ins(%x, %v : tensor<?x15x4xf32>, tensor<7xf32>)
        outs(%e : tensor<?x15x16xf32>) -> tensor<?x15x16xf32>
  )",
                     "tensor<?x15x16xf32>"),
            "dense 16");
}

TEST_F(ChannelStructureTest, WantsAllPointsOfAGridInOrder) {
  for (StringRef some : {"points(%n : tensor<15xi64>)", "offset(%i)"})
    EXPECT_EQ(describe(("%y = block.grid_positions tables(%t, %u : "
                        "tensor<3x9xf32>, tensor<5x9xf32>) " +
                        some +
                        " outs(%e : tensor<15x18xf32>)"
                        " {layout = #perceiver.fourier_layout<axis_major>} -> "
                        "tensor<15x18xf32>\n")
                           .str(),
                       "tensor<15x18xf32>"),
              "dense 18");
  EXPECT_EQ(describe("%y = block.grid_positions tables(%t, %u : "
                     "tensor<3x9xf32>, tensor<5x9xf32>)"
                     " outs(%e : tensor<14x18xf32>)"
                     " {layout = #perceiver.fourier_layout<axis_major>} -> "
                     "tensor<14x18xf32>\n",
                     "tensor<14x18xf32>"),
            "dense 18");
}
} // namespace
