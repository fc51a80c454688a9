//===- ImageModels.cpp - Windows, size and blocks -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Windows are rows at the block level, as the layers behind them read them; the
// grid that they form is expanded behind.
//
// Tests: test/Conversion/expand-images.mlir,
// test/Conversion/verify-description-sizes.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/ConversionInterfaces.h"
#include "lib/Conversion/OperationModels.h"

#include "dialect/Block/ElementOps.h"
#include "dialect/Block/ImageOps.h"
#include "dialect/Model/ImageOps.h"
#include "dialect/Windows.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Windows
//===----------------------------------------------------------------------===//

template <typename OpTy>
static LogicalResult inferWindowSizes(OpTy op, SizeInference &sizes) {
  Sizes result(sizes.sizesOf(op.getInput()));
  for (auto [axis, windows] : llvm::enumerate(
           getWindows(op.getSize(), op.getStride(), op.getPaddingAttr()))) {
    SizeExpr length = sizes.getProduct(ArrayRef(result).slice(axis + 1, 1));
    SizeExpr stride(windows.stride);
    result[axis + 1] =
        windows.isSame
            ? SizeExpr::ceilDiv(length, stride)
            : SizeExpr::floorDiv(
                  length + SizeExpr(windows.low + windows.high - windows.size),
                  stride) +
                  SizeExpr(1);
  }
  sizes.setSizes(op.getResult(), dynamicSizes(op.getType(), result));
  return success();
}

template <typename OpTy, typename BlockTy>
static LogicalResult expandWindows(OpTy op, BlockExpander &expander) {
  OpBuilder &builder = expander.builder;
  Location loc = expander.loc;
  Value rows = BlockTy::create(builder, loc, op.getInput(), op.getSize(),
                               op.getStride(), op.getPaddingAttr())
                   ->getResult(0);
  auto type = cast<RankedTensorType>(op.getType());
  SmallVector<OpFoldResult> shape =
      tensor::getMixedSizes(builder, loc, op.getInput());
  AffineExpr d0 = builder.getAffineDimExpr(0);
  for (auto [axis, windows] : llvm::enumerate(
           getWindows(op.getSize(), op.getStride(), op.getPaddingAttr()))) {
    AffineExpr count = windows.isSame
                           ? d0.ceilDiv(windows.stride)
                           : (d0 + (windows.low + windows.high - windows.size))
                                     .floorDiv(windows.stride) +
                                 1;
    shape[axis + 1] = affine::makeComposedFoldedAffineApply(builder, loc, count,
                                                            {shape[axis + 1]});
  }
  shape.back() = builder.getIndexAttr(type.getDimSize(3));
  SmallVector<ReassociationIndices> groups = {{0}, {1, 2}, {3}};
  return expander.replaceWith(
      tensor::ExpandShapeOp::create(builder, loc, type, rows, groups, shape)
          .getResult());
}

//===----------------------------------------------------------------------===//
// Of parameters
//===----------------------------------------------------------------------===//

template <typename OpTy>
static Value combine(BlockExpander &expander, Value lhs, Value rhs) {
  return OpTy::create(expander.builder, expander.loc, lhs, rhs)->getResult(0);
}

/// With s = weight / sqrt(variance + epsilon): x * s + (bias - mean * s), where
/// s and the vector behind it are stored.
static LogicalResult expand(BatchNormOp norm, BlockExpander &expander) {
  using block::AddOp, block::MultiplyOp;
  OpBuilder &builder = expander.builder;
  Location loc = expander.loc;
  SmallVector<ReassociationIndices> oneGroup = {{0, 1}};
  auto asVector = [&](Value row) -> Value {
    return tensor::CollapseShapeOp::create(builder, loc, row, oneGroup);
  };
  Value variance = expander.read(norm.getVarianceAttr());
  auto type = cast<RankedTensorType>(variance.getType());
  Value row = tensor::ExpandShapeOp::create(
      builder, loc, type.clone({1, type.getDimSize(0)}), variance, oneGroup);
  Value inverse = block::InverseDeviationOp::create(builder, loc, row,
                                                    norm.getEpsilonAttr())
                      ->getResult(0);
  Value factor = combine<MultiplyOp>(expander, inverse,
                                     expander.read(norm.getWeightAttr()));
  Value shift =
      combine<MultiplyOp>(expander, factor, expander.read(norm.getMeanAttr()));
  shift =
      block::ScaleOp::create(builder, loc, shift, builder.getF64FloatAttr(-1.0))
          ->getResult(0);
  shift = combine<AddOp>(expander, shift, expander.read(norm.getBiasAttr()));
  Value scaled =
      combine<MultiplyOp>(expander, norm.getInput(), asVector(factor));
  return expander.replaceWith(
      combine<AddOp>(expander, scaled, asVector(shift)));
}

static LogicalResult expand(ResizeGridOp resize, BlockExpander &expander) {
  return expander.replaceWith(
      block::ResizeGridOp::create(expander.builder, expander.loc,
                                  resize.getTable(), resize.getFrom(),
                                  resize.getTo())
          ->getResults());
}

void perceiver::attachImageModels(MLIRContext *context) {
  attachModels<BatchNormOp, inferRowSizes, expand>(context);
  attachModels<MaxPoolOp, inferWindowSizes<MaxPoolOp>,
               expandWindows<MaxPoolOp, block::MaxPoolOp>>(context);
  attachModels<WindowsOp, inferWindowSizes<WindowsOp>,
               expandWindows<WindowsOp, block::WindowsOp>>(context);
  // Its result has a static shape.
  ResizeGridOp::attachInterface<ExpansionModel<ResizeGridOp, expand>>(*context);
}
