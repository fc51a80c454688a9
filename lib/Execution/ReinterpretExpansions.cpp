//===- ReinterpretExpansions.cpp - Strides of what a dimension becomes ----===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after. expand-strided-metadata, which comes next,
// wants to find the one dynamic size that a dimension becomes by a division, so
// it cannot have two. Here the sizes are known: the expansion has them.
//
// Test: test/Execution/reinterpret-expansions.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Execution/Passes.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_REINTERPRETEXPANSIONSPASS
#include "lib/Execution/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;

/// Whether a dimension becomes several of which the type does not know more
/// than one.
static bool hasSeveralDynamic(memref::ExpandShapeOp expand) {
  ArrayRef<int64_t> shape = expand.getResultType().getShape();
  return llvm::any_of(
      expand.getReassociationIndices(), [&](ArrayRef<int64_t> group) {
        return llvm::count_if(shape.slice(group.front(), group.size()),
                              ShapedType::isDynamic) > 1;
      });
}

static void reinterpret(memref::ExpandShapeOp expand) {
  OpBuilder builder(expand);
  Location loc = expand.getLoc();
  auto metadata =
      memref::ExtractStridedMetadataOp::create(builder, loc, expand.getSrc());
  SmallVector<OpFoldResult> sizes = expand.getMixedOutputShape();
  SmallVector<OpFoldResult> strides(sizes.size());
  auto valueOf = [&](OpFoldResult number) {
    return getValueOrCreateConstantIndexOp(builder, loc, number);
  };
  for (auto [group, whole] :
       llvm::zip_equal(expand.getReassociationIndices(),
                       metadata.getConstifiedMixedStrides())) {
    strides[group.back()] = whole;
    for (int64_t dim : llvm::reverse(ArrayRef(group).drop_front()))
      strides[dim - 1] =
          arith::MulIOp::create(builder, loc, valueOf(strides[dim]),
                                valueOf(sizes[dim]))
              .getResult();
  }
  // What the type knows is a constant, and nothing else is.
  auto [knownStrides, knownOffset] =
      expand.getResultType().getStridesAndOffset();
  auto asKnown = [&](int64_t known, OpFoldResult number) -> OpFoldResult {
    if (ShapedType::isStatic(known))
      return builder.getIndexAttr(known);
    return valueOf(number);
  };
  for (auto [known, stride] : llvm::zip_equal(knownStrides, strides))
    stride = asKnown(known, stride);
  Value result = memref::ReinterpretCastOp::create(
      builder, loc, expand.getResultType(), metadata.getBaseBuffer(),
      asKnown(knownOffset, metadata.getConstifiedMixedOffset()), sizes,
      strides);
  expand.replaceAllUsesWith(result);
  expand.erase();
}

namespace {
struct ReinterpretExpansionsPass
    : perceiver::impl::ReinterpretExpansionsPassBase<
          ReinterpretExpansionsPass> {
  void runOnOperation() override {
    getOperation()->walk([](memref::ExpandShapeOp expand) {
      if (hasSeveralDynamic(expand))
        reinterpret(expand);
    });
  }
};
} // namespace
