//===- AnalysisCostTest.cpp - Sizes, costs and reasons --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Analysis/OperationCost.h"

#include "lib/Analysis/FlopsInterface.h"
#include "lib/Analysis/SizeProgram.h"

#include "dialect/Block/BlockDialect.h"
#include "dialect/Block/RowOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
class OperationCostTest : public ::testing::Test {
protected:
  OperationCostTest() {
    DialectRegistry registry;
    registerFlopsModels(registry);
    context.appendDialectRegistry(registry);
    context.loadDialect<block::BlockDialect, arith::ArithDialect,
                        func::FuncDialect, scf::SCFDialect,
                        tensor::TensorDialect>();
    module = parseSourceString<ModuleOp>(R"(
      perceiver.parameter @w : tensor<12x20xf32> key "w"
      func.func @run(%x: tensor<?x?x12xf32> {perceiver.sizes = ["batch", "rows"]},
                     %q: tensor<5x8xf32>, %i: index) attributes {perceiver.entry} {
        %c0 = arith.constant 0 : index
        %c1 = arith.constant 1 : index
        %c2 = arith.constant 2 : index
        %c7 = arith.constant 7 : index
        %w = perceiver.get_parameter @w : tensor<12x20xf32>
        %batch = tensor.dim %x, %c0 : tensor<?x?x12xf32>
        %rows = tensor.dim %x, %c1 : tensor<?x?x12xf32>
        %flat = tensor.collapse_shape %x [[0, 1], [2]] : tensor<?x?x12xf32> into tensor<?x12xf32>
        %n = tensor.dim %flat, %c0 : tensor<?x12xf32>
        %e = tensor.empty(%n) : tensor<?x10xf32>
        %init = tensor.empty(%batch, %rows) : tensor<?x?x20xf32>
        %out = tensor.empty(%batch) : tensor<?x5x16xf32>
        %odd = tensor.empty(%i) : tensor<?x10xf32>
        %gated = block.linear ins(%flat, %w : tensor<?x12xf32>, tensor<12x20xf32>)
            outs(%e : tensor<?x10xf32>) {activation = #perceiver.activation<gated(gelu_erf)>} -> tensor<?x10xf32>
        scf.for %j = %c0 to %c7 step %c2 {
          %y = block.linear ins(%x, %w : tensor<?x?x12xf32>, tensor<12x20xf32>)
              outs(%init : tensor<?x?x20xf32>) -> tensor<?x?x20xf32>
        }
        %k = block.linear ins(%x, %w : tensor<?x?x12xf32>, tensor<12x20xf32>)
              outs(%init : tensor<?x?x20xf32>) -> tensor<?x?x20xf32>
        scf.for %j = %c0 to %rows step %c2 {
          scf.for %l = %c1 to %batch step %c1 {
            %norm = block.layer_norm ins(%odd : tensor<?x10xf32>) outs(%odd : tensor<?x10xf32>) -> tensor<?x10xf32>
          }
        }
        return
      })",
                                         &context);
    entry = *module->getOps<func::FuncOp>().begin();
    entry.walk([&](Operation *op) {
      if (isa<block::LinearOp, block::LayerNormOp>(op))
        ops.push_back(op);
    });
  }

  MLIRContext context;
  OwningOpRef<ModuleOp> module;
  func::FuncOp entry;
  /// The gated layer, that in the loop, the one after it, the norm.
  SmallVector<Operation *> ops;
};
} // namespace

TEST_F(OperationCostTest, CountsFlopsAndBytesOfLayers) {
  ASSERT_EQ(ops.size(), 4u);
  EntrySizes sizes(entry);
  EXPECT_EQ(sizes.getNames(), (ArrayRef<StringRef>{"batch", "rows"}));
  int64_t batch = 3, rows = 5;
  OperationCost gated = getOperationCost(ops[0], sizes);
  EXPECT_EQ(evaluateFigure(gated.flops, {batch, rows}),
            2 * batch * rows * 12 * 20);
  EXPECT_EQ(gated.weightBytes, SizeExpr(4 * 12 * 20));
  EXPECT_EQ(evaluateFigure(gated.activationBytes, {batch, rows}),
            4 * batch * rows * (12 + 10));
  OperationCost plain = getOperationCost(ops[2], sizes);
  EXPECT_EQ(plain.flops, gated.flops);
}

TEST_F(OperationCostTest, CountsLoopsAsOftenAsTheyRun) {
  EntrySizes sizes(entry);
  EXPECT_EQ(getExecutionCount(ops[1], sizes), SizeExpr(4));
  EXPECT_EQ(getExecutionCount(ops[2], sizes), SizeExpr(1));
  EXPECT_EQ(getExecutionCount(ops[3], sizes).str({"batch", "rows"}),
            "batch * (rows ceildiv 2) - (rows ceildiv 2)");
  // One gated, four in the loop, one behind.
  EXPECT_EQ(evaluateFigure(countDenseFlops(entry), {1, 1}), 6 * 2 * 12 * 20);
}

TEST_F(OperationCostTest, CountsHeadsThatShareKeysAndGroups) {
  auto other = parseSourceString<ModuleOp>(R"(
      func.func @run(%q: tensor<5x12xf32>, %k: tensor<2x7x3xf32>, %y: tensor<2x5x12xf32>,
                     %w: tensor<3x20xf32>, %z: tensor<5x20xf32>) attributes {perceiver.entry} {
        %0 = block.attention ins(%q, %k, %k : tensor<5x12xf32>, tensor<2x7x3xf32>, tensor<2x7x3xf32>)
            outs(%y : tensor<2x5x12xf32>) heads = 4 {kv_heads = 1 : i64} -> tensor<2x5x12xf32>
        %1 = block.grouped_linear ins(%q, %w : tensor<5x12xf32>, tensor<3x20xf32>)
            outs(%z : tensor<5x20xf32>) groups = 4 -> tensor<5x20xf32>
        return
      })",
                                           &context);
  func::FuncOp run = *other->getOps<func::FuncOp>().begin();
  EntrySizes sizes(run);
  Operation &attention = run.front().front();
  EXPECT_EQ(getOperationCost(&attention, sizes).flops,
            SizeExpr(2 * 2 * 5 * 7 * 4 * (3 + 3)));
  EXPECT_EQ(getOperationCost(attention.getNextNode(), sizes).flops,
            SizeExpr(2 * 5 * 20 * 3));
}

TEST_F(OperationCostTest, SaysWhatItDoesNotKnow) {
  OperationCost norm = getOperationCost(ops[3], EntrySizes(entry));
  EXPECT_TRUE(norm.flops.isZero());
  EXPECT_FALSE(norm.activationBytes.isKnown());
}

TEST_F(OperationCostTest, KnowsNothingOfDimensionsThatThereAreNot) {
  EntrySizes sizes(entry);
  EXPECT_TRUE(sizes.getSize(entry.getArgument(0), 1).isKnown());
  EXPECT_FALSE(sizes.getSize(entry.getArgument(0), 3).isKnown());
  EXPECT_FALSE(sizes.getSize(entry.getArgument(0), -1).isKnown());
}

TEST_F(OperationCostTest, CountsPairsOfQueriesAndPoints) {
  OwningOpRef<ModuleOp> grid = parseSourceString<ModuleOp>(R"(
    func.func @run(%f: tensor<?x55x3xf32> {perceiver.sizes = ["batch"]}, %r: tensor<?x55xf32> {perceiver.sizes = ["batch"]},
                   %q: tensor<7x38xf32>) attributes {perceiver.entry} {
      %c0 = arith.constant 0 : index
      %batch = tensor.dim %f, %c0 : tensor<?x55x3xf32>
      %a = tensor.empty(%batch) : tensor<?x2x19x7xf32>
      %m = tensor.empty(%batch) : tensor<?x2x7xf32>
      %0, %1, %2 = block.grid_attention ins(%q, %f, %r : tensor<7x38xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>)
          outs(%a, %m, %m : tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>)
          grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>
      return
    })",
                                                           &context);
  auto run = *grid->getOps<func::FuncOp>().begin();
  Operation *op = &*std::prev(run.front().end(), 2);
  int64_t batch = 4, heads = 2, queries = 7, points = 55;
  EXPECT_EQ(
      evaluateFigure(getOperationCost(op, EntrySizes(run)).flops, {batch}),
      batch * heads * queries * points * (4 * 3 + 2 * 2 + 2));
}

TEST_F(OperationCostTest, CountsPairsOfPointsAndKeys) {
  OwningOpRef<ModuleOp> grid = parseSourceString<ModuleOp>(R"(
    func.func @run(%k: tensor<?x9x38xf32> {perceiver.sizes = ["batch"]}, %v: tensor<?x9x10xf32> {perceiver.sizes = ["batch"]},
                   %f: tensor<?x55x3xf32> {perceiver.sizes = ["batch"]}, %r: tensor<55xf32>) attributes {perceiver.entry} {
      %c0 = arith.constant 0 : index
      %batch = tensor.dim %k, %c0 : tensor<?x9x38xf32>
      %a = tensor.empty(%batch) : tensor<?x2x5x55xf32>
      %m = tensor.empty(%batch) : tensor<?x2x55xf32>
      %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<55xf32>, tensor<?x9x38xf32>, tensor<?x9x10xf32>)
          features(%f : tensor<?x55x3xf32>) outs(%a, %m, %m : tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>)
          grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf32>, tensor<?x2x55xf32>, tensor<?x2x55xf32>
      return
    })",
                                                           &context);
  auto run = *grid->getOps<func::FuncOp>().begin();
  Operation *op = &*std::prev(run.front().end(), 2);
  int64_t batch = 4, heads = 2, points = 55, keys = 9;
  EXPECT_EQ(
      evaluateFigure(getOperationCost(op, EntrySizes(run)).flops, {batch}),
      batch * heads * points * keys * (2 * (3 + 5) + 2 + 1));
}
