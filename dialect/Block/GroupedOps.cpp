//===- GroupedOps.cpp - Layers of groups of channels ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers, builders and tile maps of the operations in GroupedOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/GroupedOps.h"

#include "dialect/AttentionShapes.h"
#include "dialect/Block/DestinationOps.h"
#include "dialect/Block/RowShapes.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::block;
using mlir::utils::IteratorType;

#define GET_OP_CLASSES
#include "dialect/Block/GroupedOps.cpp.inc"

void GroupedLinearOp::build(OpBuilder &builder, OperationState &state,
                            Value input, Value weight, Value bias,
                            int64_t groups) {
  Location loc = state.location;
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, input);
  sizes.back() = builder.getIndexAttr(lastDim(weight));
  Value init = tensor::EmptyOp::create(builder, loc, sizes,
                                       getElementTypeOrSelf(input.getType()));
  build(builder, state, TypeRange{init.getType()}, input, weight, bias, init,
        builder.getI64IntegerAttr(groups),
        /*layout=*/WeightLayoutAttrInterface());
}

int64_t GroupedLinearOp::getColumnGroups() {
  return static_cast<int64_t>(getGroups());
}

int64_t GroupedLinearOp::getReductionSize() {
  return lastDim(getInput()) / getColumnGroups();
}

int64_t GroupedLinearOp::getGroupColumns() {
  return lastDim(getInit()) / getColumnGroups();
}

SmallVector<OpOperand *> GroupedLinearOp::getPackableOperands() {
  SmallVector<OpOperand *> operands = {&getWeightMutable()};
  for (OpOperand &bias : getBiasMutable())
    operands.push_back(&bias);
  return operands;
}

/// Channels of rows are groups of one width, whole panels if they are packed.
static LogicalResult verifyGroups(GroupedLinearOp op) {
  int64_t groups = op.getColumnGroups();
  if (groups < 1)
    return op.emitOpError("expected at least one group, but got ") << groups;
  for (Value rows : {op.getInput(), op.getInit()}) {
    int64_t channels = lastDim(rows);
    if (ShapedType::isDynamic(channels))
      return op.emitOpError("expected static channels, but got ")
             << rows.getType();
    if (channels == 0 || channels % groups != 0)
      return op.emitOpError("expected channels that are a positive multiple "
                            "of ")
             << groups << " groups, but got " << channels;
  }
  if (!op.isPacked())
    return success();
  WeightLayoutAttrInterface layout = op.getLayoutAttr();
  int64_t columns = op.getGroupColumns();
  for (const TileMap &map :
       layout.getTileMaps(shapeOf(op.getWeight()).getRank(), /*columnLoop=*/0))
    if (map.loop && columns % map.divisor != 0)
      return op.emitOpError("expected a layout in which the ")
             << columns << " columns of a group are apart from the next, but "
             << "got " << layout;
  return success();
}

static LogicalResult verifyWeights(GroupedLinearOp op) {
  int64_t inputs = op.getReductionSize(), columns = lastDim(op.getInit());
  ShapedType weight = shapeOf(op.getWeight());
  if (WeightLayoutAttrInterface layout = op.getLayoutAttr()) {
    if (failed(verifyPacked(op, "a weight", weight, layout, {inputs, columns})))
      return failure();
    return op.getBias() ? verifyPacked(op, "a bias", shapeOf(op.getBias()),
                                       layout, columns)
                        : success();
  }
  if (failed(verifyShape(op, "a weight", op.getWeight(), {inputs, columns})))
    return failure();
  return op.getBias() ? verifyShape(op, "a bias", op.getBias(), {columns})
                      : success();
}

LogicalResult GroupedLinearOp::verify() {
  // A weight may be stored in fewer bits than what it is multiplied with.
  if (failed(verifyDestinations(*this)) ||
      failed(verifyElements(*this, {getWeight()})))
    return failure();
  if (!isa<FloatType>(getElementTypeOrSelf(getWeight().getType())))
    return emitOpError("expected a weight of floating-point elements, but got ")
           << getWeight().getType();
  ShapedType input = shapeOf(getInput()), init = shapeOf(getInit());
  if (failed(verifyRankOfRows(*this, init)) ||
      failed(verifyRows(*this, "an input", input, init, false)) ||
      failed(verifyGroups(*this)))
    return failure();
  return verifyWeights(*this);
}

SmallVector<IteratorType> GroupedLinearOp::getTileLoops() {
  return parallelLoops(shapeOf(getInit()).getRank());
}

SmallVector<TileMap> GroupedLinearOp::getTileMaps(unsigned operandNumber) {
  ShapedType type = shapeOf(getOperand(operandNumber));
  unsigned groupLoop = shapeOf(getInit()).getRank() - 1;
  if (operandNumber == 0) {
    SmallVector<TileMap> maps = rowMaps(type, groupLoop);
    maps.back() = TileMap::scaled(groupLoop, getReductionSize());
    return maps;
  }
  bool isInit = operandNumber == getInitMutable().getOperandNumber();
  SmallVector<TileMap> maps =
      isInit ? rowMaps(type, groupLoop)
             : SmallVector<TileMap>(type.getRank(), TileMap::whole());
  if (isInit || !isPacked()) {
    maps.back() = TileMap::scaled(groupLoop, getGroupColumns());
    return maps;
  }
  // A layout says how many columns share an element; a group has whole ones.
  maps = getLayoutAttr().getTileMaps(type.getRank(), groupLoop);
  for (TileMap &map : maps)
    if (map.loop)
      map = TileMap::scaled(groupLoop,
                            getGroupColumns() * map.factor / map.divisor);
  return maps;
}

void GroupedLinearOp::adjustTile(OpBuilder &, Operation *tile,
                                 ArrayRef<OpFoldResult>) {
  auto tiled = cast<GroupedLinearOp>(tile);
  tiled.setGroups(lastDim(tiled.getInput()) / getReductionSize());
}
