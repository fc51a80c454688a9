//===- WeightsRewriteTest.cpp - Rewrites are exact ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Functions are evaluated in float64 before and after a rewrite.
//
//===----------------------------------------------------------------------===//

#include "WeightsTestSupport.h"

#include "dialect/Block/RowOps.h"
#include "dialect/Block/WeightOps.h"

#include "lib/Transforms/Transforms.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cmath>

using namespace mlir;
using namespace mlir::perceiver;

namespace {

class RewriteTest : public PrepareTest {
protected:
  /// The largest difference that `rewrite` makes to the results of @f, over
  /// the largest number in them.
  double measure(ArrayRef<HostArgument> arguments,
                 llvm::function_ref<void(ModuleOp)> rewrite) {
    SmallVector<SmallVector<double>> before = evaluateAll(arguments);
    rewrite(*module);
    EXPECT_TRUE(succeeded(verify(*module)));
    SmallVector<SmallVector<double>> after = evaluateAll(arguments);
    EXPECT_EQ(before.size(), after.size());
    double error = 0.0;
    for (auto [old, now] : llvm::zip_equal(before, after)) {
      double largest = 0.0, difference = 0.0;
      for (auto [a, b] : llvm::zip_equal(old, now)) {
        largest = std::max(largest, std::abs(a));
        difference = std::max(difference, std::abs(a - b));
      }
      EXPECT_GT(largest, 0.0);
      error = std::max(error, difference / largest);
    }
    return error;
  }

  template <typename Op>
  size_t count() {
    size_t number = 0;
    module->lookupSymbol("f")->walk([&](Op) { ++number; });
    return number;
  }

private:
  SmallVector<SmallVector<double>>
  evaluateAll(ArrayRef<HostArgument> arguments) {
    FailureOr<SmallVector<HostTensor>> results = tryEvaluate("f", arguments);
    if (failed(results)) {
      ADD_FAILURE() << (diagnostics.empty() ? "" : diagnostics.front());
      return {};
    }
    return llvm::map_to_vector(
        *results, [](const HostTensor &tensor) { return tensor.toVector(); });
  }
};

constexpr StringRef kBlock = R"mlir(
  perceiver.parameter @g : tensor<37xf32> key "norm.weight"
  perceiver.parameter @s : tensor<37xf32> key "norm.bias"
  perceiver.parameter @wq : tensor<37x16xf32> key "{}.q" count 3
  perceiver.parameter @wk : tensor<37x32xf32> key "{}.k" count 3
  perceiver.parameter @bk : tensor<32xf32> key "{}.kb" count 3
  perceiver.parameter @wm : tensor<37x20xf32> key "{}.m" count 3
  perceiver.parameter @bm : tensor<20xf32> key "{}.mb" count 3
  func.func @f(%i: index, %x: tensor<2x9x37xf32>) -> (tensor<2x9x16xf32>, tensor<2x9x32xf32>, tensor<2x9x10xf32>) {
    %g = perceiver.get_parameter @g : tensor<37xf32>
    %s = perceiver.get_parameter @s : tensor<37xf32>
    %e = tensor.empty() : tensor<2x9x37xf32>
    %n = block.layer_norm ins(%x : tensor<2x9x37xf32>) affine(%g, %s : tensor<37xf32>, tensor<37xf32>)
        outs(%e : tensor<2x9x37xf32>) -> tensor<2x9x37xf32>
    %wq = perceiver.get_parameter @wq[%i] : tensor<37x16xf32>
    %iq = tensor.empty() : tensor<2x9x16xf32>
    %q = block.linear ins(%n, %wq : tensor<2x9x37xf32>, tensor<37x16xf32>)
        outs(%iq : tensor<2x9x16xf32>) -> tensor<2x9x16xf32>
    %wk = perceiver.get_parameter @wk[%i] : tensor<37x32xf32>
    %bk = perceiver.get_parameter @bk[%i] : tensor<32xf32>
    %ik = tensor.empty() : tensor<2x9x32xf32>
    %k = block.linear ins(%n, %wk : tensor<2x9x37xf32>, tensor<37x32xf32>) bias(%bk : tensor<32xf32>)
        outs(%ik : tensor<2x9x32xf32>) -> tensor<2x9x32xf32>
    %wm = perceiver.get_parameter @wm[%i] : tensor<37x20xf32>
    %bm = perceiver.get_parameter @bm[%i] : tensor<20xf32>
    %im = tensor.empty() : tensor<2x9x10xf32>
    %m = block.linear ins(%n, %wm : tensor<2x9x37xf32>, tensor<37x20xf32>) bias(%bm : tensor<20xf32>)
        outs(%im : tensor<2x9x10xf32>) {activation = #perceiver.activation<gated(gelu_erf)>} -> tensor<2x9x10xf32>
    return %q, %k, %m : tensor<2x9x16xf32>, tensor<2x9x32xf32>, tensor<2x9x10xf32>
  })mlir";

TEST_F(RewriteTest, FoldNormsIsExact) {
  parse(kBlock);
  double error = measure(
      {HostArgument(int64_t(1)), TestParameters::random({2, 9, 37}, "x")},
      [](ModuleOp op) { foldNorms(op); });
  EXPECT_LT(error, 1e-12);
  EXPECT_EQ(count<block::ScaleRowsOp>(), 3u);
}

TEST_F(RewriteTest, FuseProjectionsIsExact) {
  parse(kBlock);
  double error = measure(
      {HostArgument(int64_t(2)), TestParameters::random({2, 9, 37}, "x")},
      [](ModuleOp op) { fuseProjections(op); });
  EXPECT_LT(error, 1e-12);
  EXPECT_EQ(count<block::LinearOp>(), 2u);
}

TEST_F(RewriteTest, OneAfterTheOtherAndSplitAndBackIsExact) {
  parse(kBlock);
  double error = measure(
      {HostArgument(int64_t(0)), TestParameters::random({2, 9, 37}, "x")},
      [](ModuleOp op) {
        foldNorms(op);
        fuseProjections(op);
        EXPECT_TRUE(succeeded(splitPrepare(op)));
        EXPECT_FALSE(op.getOps<block::WeightOp>().empty());
        inlinePrepare(op);
        EXPECT_TRUE(op.getOps<block::WeightOp>().empty());
      });
  EXPECT_LT(error, 1e-12);
}

/// The float32 error of a folded norm: gain and weight are rounded once.
TEST_F(RewriteTest, FoldedWeightsRoundOnce) {
  parse(R"mlir(
    perceiver.parameter @g : tensor<2xf32> key "g"
    perceiver.parameter @w : tensor<2x2xf32> key "w"
    func.func @f() -> tensor<2x2xf32> {
      %g = perceiver.get_parameter @g : tensor<2xf32>
      %w = perceiver.get_parameter @w : tensor<2x2xf32>
      %y = block.scale_rows %w by %g : tensor<2x2xf32>, tensor<2xf32>
      return %y : tensor<2x2xf32>
    })mlir");
  float third = 1.0f / 3.0f, tenth = 0.1f;
  parameters.values[{"g", 0}] = HostTensor::of({2}, {third, third});
  parameters.values[{"w", 0}] =
      HostTensor::of({2, 2}, {tenth, tenth, tenth, tenth});
  expectNear(evaluate(),
             SmallVector<double>(4, static_cast<double>(third) *
                                        static_cast<double>(tenth)),
             0.0);
}

} // namespace
