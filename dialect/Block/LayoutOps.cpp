//===- LayoutOps.cpp - Moving elements ------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers and tile maps of the operations in LayoutOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/LayoutOps.h"

#include "dialect/Block/RowShapes.h"
#include "dialect/Permutation.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/IndexingUtils.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::block;
using mlir::utils::IteratorType;

#define GET_OP_CLASSES
#include "dialect/Block/LayoutOps.cpp.inc"

//===----------------------------------------------------------------------===//
// TransposeOp
//===----------------------------------------------------------------------===//

void TransposeOp::build(OpBuilder &builder, OperationState &state, Value input,
                        ArrayRef<int64_t> permutation) {
  SmallVector<OpFoldResult> from =
      tensor::getMixedSizes(builder, state.location, input);
  SmallVector<OpFoldResult> sizes = applyPermutation(from, permutation);
  Value init = tensor::EmptyOp::create(builder, state.location, sizes,
                                       getElementTypeOrSelf(input.getType()));
  build(builder, state, TypeRange{init.getType()}, input, init, permutation);
}

LogicalResult TransposeOp::verify() {
  if (failed(verifyDestinations(*this)))
    return failure();
  ShapedType input = shapeOf(getInput()), init = shapeOf(getInit());
  if (input.getElementType() != init.getElementType())
    return emitOpError("expected arrays of the same elements, but got ")
           << input << " and " << init;
  if (failed(verifyPermutation(*this, getPermutation(), input.getRank())))
    return failure();
  if (input.getRank() < 2)
    return emitOpError("expected an input of at least rank 2, but got ")
           << input;
  if (!shapesMayMatch(applyPermutation(input.getShape(), getPermutation()),
                      init.getShape()))
    return emitOpError("expected a destination with the permuted dimensions of "
                       "the input, but got ")
           << input << " and " << init;
  return success();
}

Value block::findColumns(Value rows) {
  auto transpose = rows.getDefiningOp<TransposeOp>();
  if (!transpose)
    return Value();
  auto exchanged =
      llvm::to_vector(llvm::seq<int64_t>(0, transpose.getPermutation().size()));
  std::swap(exchanged.back(), exchanged[exchanged.size() - 2]);
  return transpose.getPermutation() == ArrayRef(exchanged)
             ? transpose.getInput()
             : Value();
}

SmallVector<IteratorType> TransposeOp::getTileLoops() {
  return parallelLoops(shapeOf(getInit()).getRank() - 1);
}

SmallVector<TileMap> TransposeOp::getTileMaps(unsigned operandNumber) {
  bool isInput = operandNumber == 0;
  int64_t loops = getTileLoops().size();
  SmallVector<TileMap> maps(loops + 1, TileMap::whole());
  for (int64_t loop = 0; loop < loops; ++loop)
    maps[isInput ? getPermutation()[loop] : loop] = TileMap::of(loop);
  return maps;
}

//===----------------------------------------------------------------------===//
// ConcatRowsOp
//===----------------------------------------------------------------------===//

void ConcatRowsOp::build(OpBuilder &builder, OperationState &state,
                         ValueRange inputs) {
  Location loc = state.location;
  Value widest = inputs.front();
  OpFoldResult rows = builder.getIndexAttr(0);
  AffineExpr a = builder.getAffineDimExpr(0), b = builder.getAffineDimExpr(1);
  for (Value input : inputs) {
    int64_t rank = shapeOf(input).getRank();
    if (rank > shapeOf(widest).getRank())
      widest = input;
    rows = affine::makeComposedFoldedAffineApply(
        builder, loc, a + b,
        {rows, tensor::getMixedSize(builder, loc, input, rank - 2)});
  }
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, widest);
  sizes[sizes.size() - 2] = rows;
  Value init = tensor::EmptyOp::create(builder, loc, sizes,
                                       getElementTypeOrSelf(widest.getType()));
  build(builder, state, TypeRange{init.getType()}, inputs, /*offset=*/Value(),
        init);
}

LogicalResult ConcatRowsOp::verify() {
  if (failed(verifyDestinations(*this)) || failed(verifyElements(*this)))
    return failure();
  ShapedType init = shapeOf(getInit());
  if (getInputs().empty())
    return emitOpError("expected at least one input");
  if (failed(verifyRankOfRows(*this, init)))
    return failure();
  int64_t rank = init.getRank(), rows = 0;
  for (Value input : getInputs()) {
    ShapedType type = shapeOf(input);
    if (type.getRank() != rank && (type.getRank() != 2 || rank != 3))
      return emitOpError("expected an input of rank ")
             << rank << ", but got " << type;
    if (type.getRank() == 3 &&
        !dimsMayMatch(type.getDimSize(0), init.getDimSize(0)))
      return emitOpError("expected an input with the batch of the destination ")
             << init << ", but got " << type;
    if (failed(verifyLastDim(*this, "an input", type, lastDim(getInit()))))
      return failure();
    int64_t count = type.getDimSize(type.getRank() - 2);
    rows = ShapedType::isDynamic(rows) || ShapedType::isDynamic(count)
               ? ShapedType::kDynamic
               : rows + count;
  }
  if (!getOffset() && !dimsMayMatch(rows, init.getDimSize(rank - 2)))
    return emitOpError("expected a destination of ")
           << rows << " rows, but got " << init;
  return success();
}

SmallVector<IteratorType> ConcatRowsOp::getTileLoops() {
  return parallelLoops(shapeOf(getInit()).getRank() - 1);
}

SmallVector<TileMap> ConcatRowsOp::getTileMaps(unsigned operandNumber) {
  if (getOperand(operandNumber) == getOffset())
    return {};
  ShapedType type = shapeOf(getOperand(operandNumber));
  SmallVector<TileMap> maps = rowMaps(type, getTileLoops().size());
  // A tile has rows of any input.
  if (operandNumber < getInputs().size())
    maps[type.getRank() - 2] = TileMap::whole();
  return maps;
}

void ConcatRowsOp::adjustTile(OpBuilder &builder, Operation *tile,
                              ArrayRef<OpFoldResult> offsets) {
  Location loc = getLoc();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(tile);
  OpFoldResult offset = offsets.back();
  if (getOffset()) {
    AffineExpr a = builder.getAffineDimExpr(0), b = builder.getAffineDimExpr(1);
    offset = affine::makeComposedFoldedAffineApply(builder, loc, a + b,
                                                   {getOffset(), offset});
  }
  cast<ConcatRowsOp>(tile).getOffsetMutable().assign(
      getValueOrCreateConstantIndexOp(builder, loc, offset));
}
