//===- InputOps.cpp - Rows that a model reads -----------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers, builders and tile maps of the operations in InputOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/InputOps.h"

#include "dialect/Block/DestinationOps.h"
#include "dialect/Block/LayoutOps.h"
#include "dialect/Block/RowShapes.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::block;
using mlir::utils::IteratorType;

#define GET_OP_CLASSES
#include "dialect/Block/InputOps.cpp.inc"

//===----------------------------------------------------------------------===//
// ConcatChannelsOp
//===----------------------------------------------------------------------===//

void ConcatChannelsOp::build(OpBuilder &builder, OperationState &state,
                             ValueRange inputs) {
  Value widest = inputs.front();
  int64_t channels = 0;
  for (Value input : inputs) {
    auto type = cast<ShapedType>(input.getType());
    if (type.getRank() > cast<ShapedType>(widest.getType()).getRank())
      widest = input;
    channels += type.getShape().back();
  }
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(builder, state.location, widest);
  sizes.back() = builder.getIndexAttr(channels);
  Value init = tensor::EmptyOp::create(builder, state.location, sizes,
                                       getElementTypeOrSelf(widest.getType()));
  build(builder, state, TypeRange{init.getType()}, inputs, init);
}

int64_t ConcatChannelsOp::getInputChannels() {
  int64_t channels = 0;
  for (Value input : getInputs())
    channels += lastDim(input);
  return channels;
}

LogicalResult ConcatChannelsOp::verify() {
  if (failed(verifyDestinations(*this)) || failed(verifyElements(*this)))
    return failure();
  auto init = cast<ShapedType>(getInit().getType());
  if (failed(verifyRankOfRows(*this, init)))
    return failure();
  for (Value input : getInputs()) {
    auto type = cast<ShapedType>(input.getType());
    if (type.getRank() != 1 &&
        failed(verifyRows(*this, "an input", type, init, true)))
      return failure();
    if (type.isDynamicDim(type.getRank() - 1))
      return emitOpError("expected inputs with static channels, but got ")
             << type;
  }
  if (int64_t columns = lastDim(getInit());
      ShapedType::isStatic(columns) && columns < getInputChannels())
    return emitOpError("expected a destination of at least ")
           << getInputChannels() << " channels, but got " << columns;
  return success();
}

std::optional<ChannelTies> ConcatChannelsOp::getChannelTies(OpOperand &rows) {
  // Where the channels of an input are in the result depends on their number.
  if (&rows != &getInitMutable())
    return std::nullopt;
  return ChannelTies{/*groups=*/1, {&rows}, {}};
}

/// The inputs say it.
void ConcatChannelsOp::fixChannels() {}

SmallVector<IteratorType> ConcatChannelsOp::getTileLoops() {
  return parallelLoops(cast<ShapedType>(getInit().getType()).getRank() - 1);
}

SmallVector<TileMap> ConcatChannelsOp::getTileMaps(unsigned operandNumber) {
  return rowMaps(cast<ShapedType>(getOperand(operandNumber).getType()),
                 getTileLoops().size());
}

//===----------------------------------------------------------------------===//
// EmbedOp
//===----------------------------------------------------------------------===//

void EmbedOp::build(OpBuilder &builder, OperationState &state, Value ids,
                    Value table) {
  auto type = cast<ShapedType>(table.getType());
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(builder, state.location, ids);
  sizes.push_back(builder.getIndexAttr(type.getDimSize(1)));
  Value init = tensor::EmptyOp::create(builder, state.location, sizes,
                                       type.getElementType());
  build(builder, state, TypeRange{init.getType()}, ids, table, init);
}

LogicalResult EmbedOp::verify() {
  if (failed(verifyDestinations(*this)) ||
      failed(verifyElements(*this, {getIds()})))
    return failure();
  auto ids = cast<ShapedType>(getIds().getType());
  auto table = cast<ShapedType>(getTable().getType());
  auto init = cast<ShapedType>(getInit().getType());
  if (failed(verifyRankOfRows(*this, init)))
    return failure();
  if (!ids.getElementType().isInteger())
    return emitOpError("expected integer ids, but got ") << ids;
  if (ids.getRank() != init.getRank() - 1)
    return emitOpError("expected ids of rank ")
           << init.getRank() - 1 << ", but got " << ids;
  for (int64_t dim = 0; dim < ids.getRank(); ++dim)
    if (!dimsMayMatch(ids.getDimSize(dim), init.getDimSize(dim)))
      return emitOpError("expected ids with the rows of the destination ")
             << init << ", but got " << ids;
  if (table.getRank() != 2 || table.isDynamicDim(0))
    return emitOpError("expected a table of rank 2 with static rows, but got ")
           << table;
  return verifyLastDim(*this, "a table", table,
                       init.getDimSize(init.getRank() - 1));
}

SmallVector<IteratorType> EmbedOp::getTileLoops() {
  return parallelLoops(cast<ShapedType>(getInit().getType()).getRank() - 1);
}

SmallVector<TileMap> EmbedOp::getTileMaps(unsigned operandNumber) {
  unsigned loops = getTileLoops().size();
  if (operandNumber == 1)
    return {TileMap::whole(), TileMap::whole()};
  SmallVector<TileMap> maps;
  for (unsigned loop = 0; loop < loops; ++loop)
    maps.push_back(TileMap::of(loop));
  if (operandNumber != 0)
    maps.push_back(TileMap::whole());
  return maps;
}

//===----------------------------------------------------------------------===//
// TakeRowsOp
//===----------------------------------------------------------------------===//

void TakeRowsOp::build(OpBuilder &builder, OperationState &state, Value input,
                       Value points) {
  Location loc = state.location;
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  sizes[sizes.size() - 2] = tensor::getMixedSize(builder, loc, points, 0);
  Value init = tensor::EmptyOp::create(builder, loc, sizes,
                                       getElementTypeOrSelf(input.getType()));
  build(builder, state, TypeRange{init.getType()}, input, points, init,
        /*channels_first=*/false);
}

int64_t TakeRowsOp::getRowDim() {
  int64_t rank = cast<ShapedType>(getInit().getType()).getRank();
  return rank - (getChannelsFirst() ? 1 : 2);
}

LogicalResult TakeRowsOp::verify() {
  if (failed(verifyDestinations(*this)) ||
      failed(verifyElements(*this, {getPoints()})))
    return failure();
  auto input = cast<ShapedType>(getInput().getType());
  auto points = cast<ShapedType>(getPoints().getType());
  auto init = cast<ShapedType>(getInit().getType());
  int64_t rank = init.getRank();
  if (failed(verifyRankOfRows(*this, init)))
    return failure();
  if (input.getRank() != rank ||
      (rank == 3 && !dimsMayMatch(input.getDimSize(0), init.getDimSize(0))))
    return emitOpError("expected an input with the batch of the destination ")
           << init << ", but got " << input;
  if (!points.getElementType().isInteger() || points.getRank() != 1)
    return emitOpError("expected integer points of rank 1, but got ") << points;
  if (!dimsMayMatch(points.getDimSize(0), init.getDimSize(rank - 2)))
    return emitOpError("expected points for the rows of the destination ")
           << init << ", but got " << points;
  int64_t channels = input.getDimSize(2 * rank - 3 - getRowDim());
  if (!dimsMayMatch(channels, init.getDimSize(rank - 1)))
    return emitOpError(
               "expected an input with the channels of the destination ")
           << init << ", but got " << input;
  return success();
}

/// Rows of a transposed array that nothing else reads.
LogicalResult TakeRowsOp::canonicalize(TakeRowsOp op,
                                       PatternRewriter &rewriter) {
  Value columns = findColumns(op.getInput());
  if (op.getChannelsFirst() || !columns || !op.getInput().hasOneUse())
    return rewriter.notifyMatchFailure(op, "expected a transposition for it");
  rewriter.modifyOpInPlace(op, [&] {
    op.getInputMutable().assign(columns);
    op.setChannelsFirst(true);
  });
  return success();
}

SmallVector<IteratorType> TakeRowsOp::getTileLoops() {
  return parallelLoops(cast<ShapedType>(getInit().getType()).getRank() - 1);
}

SmallVector<TileMap> TakeRowsOp::getTileMaps(unsigned operandNumber) {
  unsigned loops = getTileLoops().size();
  Value operand = getOperand(operandNumber);
  if (operand == getPoints())
    return {TileMap::of(loops - 1)};
  SmallVector<TileMap> maps =
      rowMaps(cast<ShapedType>(operand.getType()), loops);
  // A tile has any rows.
  if (operand == getInput())
    maps[loops - 1] = TileMap::whole();
  return maps;
}
