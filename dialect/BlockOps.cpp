//===- BlockOps.cpp - Block-level operations ------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers, builders and tile maps of the operations in
// PerceiverBlockOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/DestinationOps.h"
#include "dialect/PerceiverOps.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::perceiver;
using mlir::utils::IteratorType;

#include "dialect/PerceiverInterfaces.cpp.inc"

#define GET_OP_CLASSES
#include "dialect/PerceiverBlockOps.cpp.inc"

//===----------------------------------------------------------------------===//
// Shapes of rows
//===----------------------------------------------------------------------===//

/// Maps the trailing dimensions of an array of rows to the first loops: an
/// array without batch in an operation with batch skips loop 0. The last
/// dimension is whole.
static SmallVector<TileMap> rowMaps(ShapedType type, unsigned rowLoops) {
  unsigned rank = type.getRank();
  SmallVector<TileMap> maps;
  for (unsigned dim = 0; dim + 1 < rank; ++dim)
    maps.push_back(TileMap::of(rowLoops - (rank - 1) + dim));
  maps.push_back(TileMap::whole());
  return maps;
}

static SmallVector<IteratorType> parallelLoops(unsigned count) {
  return SmallVector<IteratorType>(count, IteratorType::parallel);
}

/// Rows and channels of `type` must match the leading and last dimensions of
/// the destination; rank one lower is an array to broadcast over the batch.
static LogicalResult verifyRows(Operation *op, StringRef what, ShapedType type,
                                ShapedType init, bool mayBroadcast) {
  int64_t rank = type.getRank(), initRank = init.getRank();
  if (rank != initRank && !(mayBroadcast && rank == 2 && initRank == 3))
    return op->emitOpError("expected ")
           << what << " of rank " << initRank << ", but got " << type;
  for (int64_t dim = 0; dim + 1 < rank; ++dim)
    if (!dimsMayMatch(type.getDimSize(dim),
                      init.getDimSize(initRank - rank + dim)))
      return op->emitOpError("expected ")
             << what << " with the rows of the destination " << init
             << ", but got " << type;
  return success();
}

static LogicalResult verifyLastDim(Operation *op, StringRef what,
                                   ShapedType type, int64_t expected) {
  int64_t actual = type.getDimSize(type.getRank() - 1);
  if (!dimsMayMatch(actual, expected))
    return op->emitOpError("expected ") << what << " with a last dimension of "
                                        << expected << ", but got " << actual;
  return success();
}

static LogicalResult verifyRankOfRows(Operation *op, ShapedType init) {
  if (init.getRank() != 2 && init.getRank() != 3)
    return op->emitOpError("expected a destination of rank 2 or 3, but got ")
           << init;
  return success();
}

//===----------------------------------------------------------------------===//
// LayerNormOp
//===----------------------------------------------------------------------===//

void LayerNormOp::build(OpBuilder &builder, OperationState &state, Value input,
                        Value gain, Value bias, FloatAttr epsilon) {
  Value init = emptyLike(builder, state.location, input);
  build(builder, state, TypeRange{init.getType()}, input, gain, bias, init,
        epsilon ? epsilon : builder.getF64FloatAttr(1e-5));
}

LogicalResult LayerNormOp::verify() {
  if (failed(verifyDestinations(*this)))
    return failure();
  auto input = cast<ShapedType>(getInput().getType());
  auto init = cast<ShapedType>(getInit().getType());
  if (failed(verifyRankOfRows(*this, init)) ||
      failed(verifyRows(*this, "an input", input, init, false)) ||
      failed(verifyLastDim(*this, "an input", input,
                           init.getDimSize(init.getRank() - 1))))
    return failure();
  for (Value affine : {getGain(), getBias()})
    if (affine) {
      auto type = cast<ShapedType>(affine.getType());
      if (type.getRank() != 1)
        return emitOpError("expected a gain and a bias of rank 1, but got ")
               << type;
      if (failed(verifyLastDim(*this, "a gain and a bias", type,
                               init.getDimSize(init.getRank() - 1))))
        return failure();
    }
  if (!(getEpsilon().convertToDouble() >= 0.0))
    return emitOpError("expected an epsilon that is not negative, but got ")
           << getEpsilon().convertToDouble();
  return success();
}

SmallVector<IteratorType> LayerNormOp::getTileLoops() {
  return parallelLoops(cast<ShapedType>(getInit().getType()).getRank() - 1);
}

SmallVector<TileMap> LayerNormOp::getTileMaps(unsigned operandNumber) {
  auto type = cast<ShapedType>(getOperand(operandNumber).getType());
  if (type.getRank() == 1)
    return {TileMap::whole()};
  return rowMaps(type, getTileLoops().size());
}

//===----------------------------------------------------------------------===//
// LinearOp
//===----------------------------------------------------------------------===//

void LinearOp::build(OpBuilder &builder, OperationState &state, Value input,
                     Value weight, Value bias, Value residual,
                     Activation activation) {
  Location loc = state.location;
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  int64_t columns = cast<ShapedType>(weight.getType()).getDimSize(1);
  sizes.back() = builder.getIndexAttr(
      activation == Activation::geglu ? columns / 2 : columns);
  Value init = tensor::EmptyOp::create(builder, loc, sizes,
                                       getElementTypeOrSelf(input.getType()));
  build(builder, state, TypeRange{init.getType()}, input, weight, bias,
        residual, init, ActivationAttr::get(builder.getContext(), activation),
        /*panels=*/PanelsAttr());
}

int64_t LinearOp::getReductionSize() {
  return cast<ShapedType>(getWeight().getType()).getDimSize(isPacked() ? 1 : 0);
}

/// A packed weight has as many panels as the columns of the result need.
static LogicalResult verifyPanels(Operation *op, StringRef what,
                                  ShapedType type, PanelsAttr panels,
                                  int64_t columns) {
  if (type.getDimSize(type.getRank() - 1) != panels.getLanes())
    return op->emitOpError("expected ")
           << what << " with the " << panels.getLanes()
           << " lanes of its panels, but got " << type;
  int64_t count = type.getDimSize(0);
  if (ShapedType::isDynamic(count) || ShapedType::isDynamic(columns))
    return success();
  int64_t needed = (columns + panels.getColumns() - 1) / panels.getColumns();
  if (count != needed)
    return op->emitOpError("expected ")
           << what << " of " << needed << " panels for " << columns
           << " columns, but got " << count;
  return success();
}

LogicalResult LinearOp::verify() {
  if (failed(verifyDestinations(*this)))
    return failure();
  auto input = cast<ShapedType>(getInput().getType());
  auto weight = cast<ShapedType>(getWeight().getType());
  auto init = cast<ShapedType>(getInit().getType());
  if (failed(verifyRankOfRows(*this, init)) ||
      failed(verifyRows(*this, "an input", input, init, false)))
    return failure();
  bool gated = getActivation() == Activation::geglu;
  int64_t columns = init.getDimSize(init.getRank() - 1);
  int64_t weightRank = isPacked() ? 3 : 2;
  if (weight.getRank() != weightRank)
    return emitOpError("expected a weight of rank ")
           << weightRank << ", but got " << weight;
  if (!dimsMayMatch(input.getDimSize(input.getRank() - 1), getReductionSize()))
    return emitOpError("expected as many input channels as weight rows, ")
           << getReductionSize() << ", but got "
           << input.getDimSize(input.getRank() - 1);
  if (isPacked()) {
    if (getPanels()->getGated() != gated)
      return emitOpError("expected gated panels for geglu, and only for it");
    if (failed(verifyPanels(*this, "a weight", weight, *getPanels(), columns)))
      return failure();
  } else {
    int64_t expected =
        ShapedType::isDynamic(columns) ? columns : (gated ? 2 : 1) * columns;
    if (failed(verifyLastDim(*this, "a weight", weight, expected)))
      return failure();
  }
  if (getBias()) {
    auto bias = cast<ShapedType>(getBias().getType());
    int64_t biasRank = isPacked() ? 2 : 1;
    if (bias.getRank() != biasRank)
      return emitOpError("expected a bias of rank ")
             << biasRank << ", but got " << bias;
    if (isPacked()) {
      if (failed(verifyPanels(*this, "a bias", bias, *getPanels(), columns)))
        return failure();
    } else if (failed(verifyLastDim(*this, "a bias", bias,
                                    weight.getDimSize(1)))) {
      return failure();
    }
  }
  if (getResidual()) {
    auto residual = cast<ShapedType>(getResidual().getType());
    if (failed(verifyRows(*this, "a residual", residual, init, true)) ||
        failed(verifyLastDim(*this, "a residual", residual, columns)))
      return failure();
  }
  return success();
}

SmallVector<IteratorType> LinearOp::getTileLoops() {
  // The two halves of an unpacked gated weight are no single slice; such a
  // layer is tiled over its rows only until it is packed.
  bool rowsOnly = !isPacked() && getActivation() == Activation::geglu;
  return parallelLoops(cast<ShapedType>(getInit().getType()).getRank() -
                       (rowsOnly ? 1 : 0));
}

SmallVector<TileMap> LinearOp::getTileMaps(unsigned operandNumber) {
  Value operand = getOperand(operandNumber);
  auto type = cast<ShapedType>(operand.getType());
  unsigned columnLoop = cast<ShapedType>(getInit().getType()).getRank() - 1;
  TileMap columns = getTileLoops().size() > columnLoop ? TileMap::of(columnLoop)
                                                       : TileMap::whole();
  if (operand == getInput() && operandNumber == 0)
    return rowMaps(type, columnLoop);
  if (operandNumber == 1 || (getBias() && operandNumber == 2)) {
    if (isPacked()) {
      SmallVector<TileMap> maps(type.getRank(), TileMap::whole());
      maps.front() = TileMap::sharing(columnLoop, getPanels()->getColumns());
      return maps;
    }
    SmallVector<TileMap> maps(type.getRank(), TileMap::whole());
    maps.back() = columns;
    return maps;
  }
  SmallVector<TileMap> maps = rowMaps(type, columnLoop);
  maps.back() = columns;
  return maps;
}

//===----------------------------------------------------------------------===//
// PackPanelsOp
//===----------------------------------------------------------------------===//

void PackPanelsOp::build(OpBuilder &builder, OperationState &state, Value input,
                         PanelsAttr panels) {
  auto type = cast<RankedTensorType>(input.getType());
  int64_t columns = type.getDimSize(type.getRank() - 1);
  if (panels.getGated())
    columns /= 2;
  SmallVector<int64_t> shape;
  shape.push_back((columns + panels.getColumns() - 1) / panels.getColumns());
  if (type.getRank() == 2)
    shape.push_back(type.getDimSize(0));
  shape.push_back(panels.getLanes());
  Value init = tensor::EmptyOp::create(builder, state.location, shape,
                                       type.getElementType());
  build(builder, state, TypeRange{init.getType()}, input, init, panels);
}

LogicalResult PackPanelsOp::verify() {
  if (failed(verifyDestinations(*this)))
    return failure();
  auto input = cast<ShapedType>(getInput().getType());
  auto init = cast<ShapedType>(getInit().getType());
  if (input.getRank() != 1 && input.getRank() != 2)
    return emitOpError("expected a vector or a matrix, but got ") << input;
  if (init.getRank() != input.getRank() + 1)
    return emitOpError("expected a destination of rank ")
           << input.getRank() + 1 << ", but got " << init;
  int64_t columns = input.getDimSize(input.getRank() - 1);
  if (getPanels().getGated())
    columns /= 2;
  if (input.getRank() == 2 &&
      !dimsMayMatch(input.getDimSize(0), init.getDimSize(1)))
    return emitOpError("expected a destination with ")
           << input.getDimSize(0) << " rows, but got " << init;
  return verifyPanels(*this, "a destination", init, getPanels(), columns);
}

//===----------------------------------------------------------------------===//
// AxisTableOp, GridPositionsOp
//===----------------------------------------------------------------------===//

void AxisTableOp::build(OpBuilder &builder, OperationState &state,
                        int64_t length, int64_t bands, double maxFrequency,
                        FourierRecipe recipe, Type elementType) {
  Value init = tensor::EmptyOp::create(builder, state.location,
                                       ArrayRef<int64_t>{length, 1 + 2 * bands},
                                       elementType);
  build(builder, state, TypeRange{init.getType()}, init,
        builder.getI64IntegerAttr(bands), builder.getF64FloatAttr(maxFrequency),
        FourierRecipeAttr::get(builder.getContext(), recipe));
}

LogicalResult AxisTableOp::verify() {
  if (failed(verifyDestinations(*this)))
    return failure();
  auto init = cast<ShapedType>(getInit().getType());
  int64_t bands = getBands();
  if (bands < 1)
    return emitOpError("expected at least one band, but got ") << bands;
  if (init.getRank() != 2 || init.getDimSize(1) != 1 + 2 * bands)
    return emitOpError("expected a table of ")
           << 1 + 2 * bands << " columns, but got " << init;
  return success();
}

void GridPositionsOp::build(OpBuilder &builder, OperationState &state,
                            ValueRange tables, FourierLayout layout) {
  int64_t points = 1, channels = 0;
  for (Value table : tables) {
    auto type = cast<ShapedType>(table.getType());
    points *= type.getDimSize(0);
    channels += type.getDimSize(1);
  }
  Value init = tensor::EmptyOp::create(
      builder, state.location, ArrayRef<int64_t>{points, channels},
      getElementTypeOrSelf(tables.front().getType()));
  build(builder, state, TypeRange{init.getType()}, tables, /*offset=*/Value(),
        init, FourierLayoutAttr::get(builder.getContext(), layout));
}

LogicalResult GridPositionsOp::verify() {
  if (failed(verifyDestinations(*this)))
    return failure();
  auto init = cast<ShapedType>(getInit().getType());
  if (getTables().empty())
    return emitOpError("expected at least one table");
  if (init.getRank() != 2)
    return emitOpError("expected a destination of rank 2, but got ") << init;
  int64_t channels = 0;
  for (Value table : getTables()) {
    auto type = cast<ShapedType>(table.getType());
    if (type.getRank() != 2 || !type.hasStaticShape())
      return emitOpError("expected tables of rank 2 and static shape, but got ")
             << type;
    if (type.getDimSize(1) !=
        cast<ShapedType>(getTables().front().getType()).getDimSize(1))
      return emitOpError("expected tables of the same width, but got ") << type;
    if (type.getDimSize(1) % 2 == 0)
      return emitOpError("expected tables of odd width, but got ") << type;
    channels += type.getDimSize(1);
  }
  return verifyLastDim(*this, "a destination", init, channels);
}

SmallVector<IteratorType> GridPositionsOp::getTileLoops() {
  return parallelLoops(1);
}

SmallVector<TileMap> GridPositionsOp::getTileMaps(unsigned operandNumber) {
  if (operandNumber < getTables().size())
    return {TileMap::whole(), TileMap::whole()};
  if (getOperand(operandNumber) == getOffset())
    return {};
  return {TileMap::of(0), TileMap::whole()};
}

void GridPositionsOp::adjustTile(OpBuilder &builder, Operation *tile,
                                 ArrayRef<OpFoldResult> offsets) {
  Location loc = getLoc();
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPoint(tile);
  OpFoldResult offset = offsets.front();
  if (getOffset()) {
    AffineExpr a = builder.getAffineDimExpr(0), b = builder.getAffineDimExpr(1);
    offset = affine::makeComposedFoldedAffineApply(builder, loc, a + b,
                                                   {getOffset(), offset});
  }
  auto tiled = cast<GridPositionsOp>(tile);
  tiled.getOffsetMutable().assign(
      getValueOrCreateConstantIndexOp(builder, loc, offset));
}

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

LogicalResult ConcatChannelsOp::verify() {
  if (failed(verifyDestinations(*this)))
    return failure();
  auto init = cast<ShapedType>(getInit().getType());
  if (failed(verifyRankOfRows(*this, init)))
    return failure();
  int64_t channels = 0;
  for (Value input : getInputs()) {
    auto type = cast<ShapedType>(input.getType());
    if (failed(verifyRows(*this, "an input", type, init, true)))
      return failure();
    if (type.isDynamicDim(type.getRank() - 1))
      return emitOpError("expected inputs with static channels, but got ")
             << type;
    channels += type.getDimSize(type.getRank() - 1);
  }
  return verifyLastDim(*this, "a destination", init, channels);
}

SmallVector<IteratorType> ConcatChannelsOp::getTileLoops() {
  return parallelLoops(cast<ShapedType>(getInit().getType()).getRank() - 1);
}

SmallVector<TileMap> ConcatChannelsOp::getTileMaps(unsigned operandNumber) {
  return rowMaps(cast<ShapedType>(getOperand(operandNumber).getType()),
                 getTileLoops().size());
}

//===----------------------------------------------------------------------===//
// EmbedOp, AddOp
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
  if (failed(verifyDestinations(*this)))
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

void AddOp::build(OpBuilder &builder, OperationState &state, Value lhs,
                  Value rhs) {
  bool isLeft = cast<ShapedType>(lhs.getType()).getRank() >=
                cast<ShapedType>(rhs.getType()).getRank();
  Value init = emptyLike(builder, state.location, isLeft ? lhs : rhs);
  build(builder, state, TypeRange{init.getType()}, lhs, rhs, init);
}

LogicalResult AddOp::verify() {
  if (failed(verifyDestinations(*this)))
    return failure();
  auto init = cast<ShapedType>(getInit().getType());
  if (failed(verifyRankOfRows(*this, init)))
    return failure();
  for (Value operand : {getLhs(), getRhs()}) {
    auto type = cast<ShapedType>(operand.getType());
    if (failed(verifyRows(*this, "an operand", type, init, true)) ||
        failed(verifyLastDim(*this, "an operand", type,
                             init.getDimSize(init.getRank() - 1))))
      return failure();
  }
  return success();
}

SmallVector<IteratorType> AddOp::getTileLoops() {
  return parallelLoops(cast<ShapedType>(getInit().getType()).getRank() - 1);
}

SmallVector<TileMap> AddOp::getTileMaps(unsigned operandNumber) {
  return rowMaps(cast<ShapedType>(getOperand(operandNumber).getType()),
                 getTileLoops().size());
}

//===----------------------------------------------------------------------===//
// ChannelsLastOp, MeanRowsOp
//===----------------------------------------------------------------------===//

void ChannelsLastOp::build(OpBuilder &builder, OperationState &state,
                           Value input) {
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(builder, state.location, input);
  std::swap(sizes[1], sizes[2]);
  Value init = tensor::EmptyOp::create(builder, state.location, sizes,
                                       getElementTypeOrSelf(input.getType()));
  build(builder, state, TypeRange{init.getType()}, input, init);
}

LogicalResult ChannelsLastOp::verify() {
  if (failed(verifyDestinations(*this)))
    return failure();
  auto input = cast<ShapedType>(getInput().getType());
  auto init = cast<ShapedType>(getInit().getType());
  if (input.getRank() != 3 || init.getRank() != 3)
    return emitOpError(
               "expected an input and a destination of rank 3, but got ")
           << input << " and " << init;
  if (!dimsMayMatch(input.getDimSize(0), init.getDimSize(0)) ||
      !dimsMayMatch(input.getDimSize(1), init.getDimSize(2)) ||
      !dimsMayMatch(input.getDimSize(2), init.getDimSize(1)))
    return emitOpError("expected a destination with the last two dimensions of "
                       "the input exchanged, but got ")
           << input << " and " << init;
  return success();
}

SmallVector<IteratorType> ChannelsLastOp::getTileLoops() {
  return parallelLoops(2);
}

SmallVector<TileMap> ChannelsLastOp::getTileMaps(unsigned operandNumber) {
  if (operandNumber == 0)
    return {TileMap::of(0), TileMap::whole(), TileMap::of(1)};
  return {TileMap::of(0), TileMap::of(1), TileMap::whole()};
}

void MeanRowsOp::build(OpBuilder &builder, OperationState &state, Value input) {
  SmallVector<OpFoldResult> sizes =
      tensor::getMixedSizes(builder, state.location, input);
  sizes[1] = builder.getIndexAttr(1);
  Value init = tensor::EmptyOp::create(builder, state.location, sizes,
                                       getElementTypeOrSelf(input.getType()));
  build(builder, state, TypeRange{init.getType()}, input, init);
}

LogicalResult MeanRowsOp::verify() {
  if (failed(verifyDestinations(*this)))
    return failure();
  auto input = cast<ShapedType>(getInput().getType());
  auto init = cast<ShapedType>(getInit().getType());
  if (input.getRank() != 3 || init.getRank() != 3 || init.getDimSize(1) != 1)
    return emitOpError("expected an input [B, N, C] and a destination "
                       "[B, 1, C], but got ")
           << input << " and " << init;
  if (!dimsMayMatch(input.getDimSize(0), init.getDimSize(0)))
    return emitOpError("expected the batch of the input, but got ") << init;
  return verifyLastDim(*this, "a destination", init, input.getDimSize(2));
}

SmallVector<IteratorType> MeanRowsOp::getTileLoops() {
  return parallelLoops(1);
}

SmallVector<TileMap> MeanRowsOp::getTileMaps(unsigned operandNumber) {
  return {TileMap::of(0), TileMap::whole(), TileMap::whole()};
}

PERCEIVER_DESTINATION_OP_METHODS(LayerNormOp)
PERCEIVER_DESTINATION_OP_METHODS(LinearOp)
PERCEIVER_DESTINATION_OP_METHODS(PackPanelsOp)
PERCEIVER_DESTINATION_OP_METHODS(AxisTableOp)
PERCEIVER_DESTINATION_OP_METHODS(GridPositionsOp)
PERCEIVER_DESTINATION_OP_METHODS(ConcatChannelsOp)
PERCEIVER_DESTINATION_OP_METHODS(EmbedOp)
PERCEIVER_DESTINATION_OP_METHODS(AddOp)
PERCEIVER_DESTINATION_OP_METHODS(ChannelsLastOp)
PERCEIVER_DESTINATION_OP_METHODS(MeanRowsOp)
