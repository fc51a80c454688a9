//===- DialectTilingTest.cpp - Tiles that are refused ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/BlockDialect.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
class DialectTiling : public ::testing::Test {
protected:
  DialectTiling() : builder(&context) {
    context.loadDialect<block::BlockDialect, func::FuncDialect>();
    module = parseSourceString<ModuleOp>(
        R"(
      func.func @f(%q: tensor<?x33x21xf32>, %k: tensor<?x?x21xf32>, %a: tensor<?x3x7x33xf32>,
                   %m: tensor<?x3x33xf32>, %o: tensor<?x33x21xf32>, %i: index) -> tensor<?x33x21xf32> {
        %0:3 = block.online_attention ins(%q, %k, %k : tensor<?x33x21xf32>, tensor<?x?x21xf32>, tensor<?x?x21xf32>)
            outs(%a, %m, %m : tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>) heads = 3 scale = 1.0
            -> tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>
        %1 = block.finish_attention ins(%0#0, %0#1, %0#2 : tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>)
            outs(%o : tensor<?x33x21xf32>) -> tensor<?x33x21xf32>
        return %1 : tensor<?x33x21xf32>
      })",
        &context);
    module->walk([&](Operation *op) {
      if (isa<block::OnlineAttentionOp>(op))
        online = op;
      if (isa<block::FinishAttentionOp>(op))
        finish = op;
    });
    builder.setInsertionPoint(finish);
  }

  SmallVector<OpFoldResult> index(ArrayRef<int64_t> values) {
    return getAsIndexOpFoldResult(&context, values);
  }

  /// The result's tile in the loops of finish_attention.
  LogicalResult finishTile(ArrayRef<OpFoldResult> offsets,
                           ArrayRef<OpFoldResult> sizes) {
    SmallVector<OpFoldResult> loopOffsets, loopSizes;
    return cast<TilingInterface>(finish).getIterationDomainTileFromResultTile(
        builder, /*resultNumber=*/0, offsets, sizes, loopOffsets, loopSizes);
  }

  int64_t countOps() {
    int64_t count = 0;
    module->walk([&](Operation *) { ++count; });
    return count;
  }

  MLIRContext context;
  OpBuilder builder;
  OwningOpRef<ModuleOp> module;
  Operation *online = nullptr, *finish = nullptr;
};
} // namespace

TEST_F(DialectTiling, ATileOfAResultIsOfWholeHeads) {
  EXPECT_TRUE(succeeded(finishTile(index({0, 0, 7}), index({1, 8, 14}))));
  EXPECT_TRUE(failed(finishTile(index({0, 0, 3}), index({1, 8, 7}))));
  EXPECT_TRUE(failed(finishTile(index({0, 0, 0}), index({1, 8, 10}))));

  // Where the offset is no constant it must say so itself.
  Value i = finish->getParentOfType<func::FuncOp>().getArgument(5);
  AffineExpr d0 = builder.getAffineDimExpr(0);
  auto times = [&](int64_t factor) -> OpFoldResult {
    return affine::AffineApplyOp::create(builder, finish->getLoc(), d0 * factor,
                                         ValueRange{i})
        .getResult();
  };
  SmallVector<OpFoldResult> offsets = index({0, 0, 0});
  offsets[2] = times(7);
  EXPECT_TRUE(succeeded(finishTile(offsets, index({1, 8, 7}))));
  offsets[2] = times(6);
  EXPECT_TRUE(failed(finishTile(offsets, index({1, 8, 7}))));
  offsets[2] = i;
  EXPECT_TRUE(failed(finishTile(offsets, index({1, 8, 7}))));
}

TEST_F(DialectTiling, NothingIsBuiltForATileThatIsRefused) {
  int64_t before = countOps();
  EXPECT_TRUE(failed(finishTile(index({0, 0, 3}), index({1, 8, 7}))));
  SmallVector<OpFoldResult> offsets, sizes;
  // Part of the channels of the accumulator, which no loop visits.
  EXPECT_TRUE(
      failed(cast<TilingInterface>(online).getIterationDomainTileFromResultTile(
          builder, /*resultNumber=*/0, index({0, 0, 0, 0}),
          index({1, 1, 3, 33}), offsets, sizes)));
  // An unknown number of heads.
  Value i = finish->getParentOfType<func::FuncOp>().getArgument(5);
  offsets = index({0, 0, 0, 0}), sizes = index({1, 1, 8, 16});
  sizes[1] = i;
  EXPECT_TRUE(failed(cast<TilingInterface>(online).getTiledImplementation(
      builder, offsets, sizes)));
  EXPECT_EQ(countOps(), before);

  SetVector<unsigned> keys;
  keys.insert(kKeyLoop);
  auto partial = cast<PartialReductionOpInterface>(online);
  FailureOr<SmallVector<Value>> states =
      partial.generateInitialTensorForPartialReduction(
          builder, online->getLoc(), index({1, 3, 33, 4}), keys);
  ASSERT_TRUE(succeeded(states));
  before = countOps();
  EXPECT_TRUE(failed(partial.tileToPartialReduction(
      builder, online->getLoc(),
      ReductionTilingStrategy::PartialReductionOuterParallel, *states, offsets,
      sizes, keys, index({0}))));
  EXPECT_EQ(countOps(), before);
}
