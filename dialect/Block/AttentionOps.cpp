//===- AttentionOps.cpp - Attention and its running state -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Verifiers, builders and tile maps of the operations in AttentionOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/AttentionOps.h"

#include "dialect/AttentionShapes.h"
#include "dialect/Block/AttentionState.h"
#include "dialect/Block/DestinationOps.h"
#include "dialect/FloatRanges.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::block;
using mlir::utils::IteratorType;

#define GET_OP_CLASSES
#include "dialect/Block/AttentionOps.cpp.inc"

//===----------------------------------------------------------------------===//
// AttentionOp
//===----------------------------------------------------------------------===//

void AttentionOp::build(OpBuilder &builder, OperationState &state, Value query,
                        Value key, Value value, int64_t heads) {
  build(builder, state, query, key, value, /*lengths=*/Value(),
        /*mask=*/Value(), heads, /*scale=*/FloatAttr(), MaskedRows::zero);
}

void AttentionOp::build(OpBuilder &builder, OperationState &state, Value query,
                        Value key, Value value, Value lengths, Value mask,
                        int64_t heads, FloatAttr scale, MaskedRows maskedRows,
                        bool withLogSumExp, int64_t keyHeads, Value scoreBias) {
  Location loc = state.location;
  ShapedType q = shapeOf(query);
  OpFoldResult batch = tensor::getMixedSize(builder, loc, key, 0);
  OpFoldResult rows =
      tensor::getMixedSize(builder, loc, query, q.getRank() - 2);
  if (keyHeads == 0)
    keyHeads = heads;
  OpFoldResult channels =
      builder.getIndexAttr(lastDim(value) / keyHeads * heads);
  SmallVector<Value> inits = {tensor::EmptyOp::create(
      builder, loc, {batch, rows, channels}, q.getElementType())};
  if (withLogSumExp)
    inits.push_back(tensor::EmptyOp::create(
        builder, loc, {batch, builder.getIndexAttr(heads), rows},
        q.getElementType()));
  build(builder, state, TypeRange(inits), query, key, value, lengths, mask,
        scoreBias, inits, builder.getI64IntegerAttr(heads), scale,
        keyHeads == heads ? IntegerAttr() : builder.getI64IntegerAttr(keyHeads),
        MaskedRowsAttr::get(builder.getContext(), maskedRows));
}

/// Numbers for each key of a head, `[B, H, M]`, if there are any.
static LogicalResult verifyScoreBias(Operation *op, Value bias, Value key,
                                     int64_t heads) {
  if (!bias)
    return success();
  ShapedType k = shapeOf(key);
  return verifyShape(op, "a score bias", bias,
                     {k.getDimSize(0), heads, k.getDimSize(1)});
}

double AttentionOp::getEffectiveScale() {
  if (getScale())
    return getScale()->convertToDouble();
  return getDefaultScale(getQuery(), static_cast<int64_t>(getHeads()));
}

LogicalResult AttentionOp::verify() {
  if (failed(verifyDestinations(*this)) ||
      failed(verifyQueryKeyValue(*this, getQuery(), getKey(), getValue(),
                                 getHeads(), getKeyHeads())))
    return failure();
  ShapedType q = shapeOf(getQuery()), k = shapeOf(getKey());
  int64_t batch = k.getDimSize(0), queries = q.getDimSize(q.getRank() - 2);
  int64_t heads = getHeads();
  if (getInits().empty() || getInits().size() > 2)
    return emitOpError("expected one destination, or two with the "
                       "log-sum-exp, but got ")
           << getInits().size();
  if (failed(verifyElements(*this, {getLengths(), getMask()})) ||
      failed(verifyScoreBias(*this, getScoreBias(), getKey(), heads)) ||
      failed(verifyShape(*this, "a destination", getInits()[0],
                         {batch, queries, heads * getValueHeadSize()})))
    return failure();
  if (getInits().size() == 2 &&
      failed(verifyShape(*this, "a log-sum-exp", getInits()[1],
                         {batch, heads, queries})))
    return failure();
  if (getLengths() &&
      (failed(verifyShape(*this, "lengths", getLengths(), {batch})) ||
       failed(verifyElementType(*this, "lengths", getLengths(), 64))))
    return failure();
  if (getMask() && (failed(verifyShape(*this, "a mask", getMask(),
                                       {batch, k.getDimSize(1)})) ||
                    failed(verifyElementType(*this, "a mask", getMask(), 1))))
    return failure();
  return verifyScale(*this, getEffectiveScale());
}

int64_t AttentionOp::getQueryHeadSize() {
  return lastDim(getQuery()) / static_cast<int64_t>(getHeads());
}

int64_t AttentionOp::getValueHeadSize() {
  return lastDim(getValue()) / getKeyHeads();
}

std::optional<ChannelTies> AttentionOp::getChannelTies(OpOperand &rows) {
  // Queries and keys have different numbers of groups.
  if (getKvHeads())
    return std::nullopt;
  SmallVector<OpOperand *> scored = {&getQueryMutable(), &getKeyMutable()};
  SmallVector<OpOperand *> averaged = {&getValueMutable(),
                                       &getInitsMutable()[0]};
  for (const auto &tied : {scored, averaged})
    if (llvm::is_contained(tied, &rows))
      return ChannelTies{static_cast<int64_t>(getHeads()), tied, {}};
  return std::nullopt;
}

void AttentionOp::fixChannels() { setScale(APFloat(getEffectiveScale())); }

/// The channels of keys or values, `width` for each head: a tile of heads
/// begins and ends where those do that share keys.
static TileMap mapKeyHeads(int64_t heads, int64_t keyHeads, int64_t width) {
  if (keyHeads == 1 && heads > 1)
    return TileMap::whole();
  TileMap map = TileMap::scaled(kHeadLoop, width);
  map.divisor = heads / keyHeads;
  return map;
}

/// The heads of a tile.
template <typename OpTy>
static void setTileHeads(OpTy tile, int64_t heads) {
  int64_t keyHeads =
      lastDim(tile.getKey()) / (lastDim(tile.getQuery()) / heads);
  tile.setHeads(heads);
  if (keyHeads == heads)
    tile.removeKvHeadsAttr();
  else
    tile.setKvHeads(keyHeads);
}

SmallVector<IteratorType> AttentionOp::getTileLoops() {
  return SmallVector<IteratorType>(3, IteratorType::parallel);
}

SmallVector<TileMap> AttentionOp::getTileMaps(unsigned operandNumber) {
  Value operand = getOperand(operandNumber);
  int64_t rank = shapeOf(operand).getRank();
  TileMap batch = TileMap::of(kBatchLoop), query = TileMap::of(kQueryLoop);
  TileMap queryHeads = TileMap::scaled(kHeadLoop, getQueryHeadSize());
  TileMap valueHeads = TileMap::scaled(kHeadLoop, getValueHeadSize());
  auto keyHeads = [&](int64_t width) {
    return mapKeyHeads(getHeads(), getKeyHeads(), width);
  };
  if (operandNumber == 0)
    return rank == 3 ? SmallVector<TileMap>{batch, query, queryHeads}
                     : SmallVector<TileMap>{query, queryHeads};
  if (operandNumber == 1)
    return {batch, TileMap::whole(), keyHeads(getQueryHeadSize())};
  if (operandNumber == 2)
    return {batch, TileMap::whole(), keyHeads(getValueHeadSize())};
  if (operand == getLengths())
    return {batch};
  if (operand == getMask())
    return {batch, TileMap::whole()};
  if (operand == getScoreBias())
    return {batch, TileMap::of(kHeadLoop), TileMap::whole()};
  if (operand == getInits().front())
    return {batch, query, valueHeads};
  return {batch, TileMap::of(kHeadLoop), query};
}

void AttentionOp::adjustTile(OpBuilder &builder, Operation *tile,
                             ArrayRef<OpFoldResult>) {
  auto tiled = cast<AttentionOp>(tile);
  setTileHeads(tiled, lastDim(tiled.getQuery()) / getQueryHeadSize());
}

//===----------------------------------------------------------------------===//
// KeyMaskOp
//===----------------------------------------------------------------------===//

LogicalResult KeyMaskOp::verify() {
  if (failed(verifyDestinations(*this)))
    return failure();
  ShapedType init = shapeOf(getInit());
  if (!getLengths() && !getMask())
    return emitOpError("expected lengths, a mask or both");
  if (init.getRank() != 2)
    return emitOpError("expected a destination of rank 2, but got ") << init;
  if (failed(verifyElementType(*this, "a destination", getInit(), 8)))
    return failure();
  if (getLengths() &&
      (failed(
           verifyShape(*this, "lengths", getLengths(), {init.getDimSize(0)})) ||
       failed(verifyElementType(*this, "lengths", getLengths(), 64))))
    return failure();
  if (getMask() &&
      (failed(verifyShape(*this, "a mask", getMask(), init.getShape())) ||
       failed(verifyElementType(*this, "a mask", getMask(), 1))))
    return failure();
  return success();
}

SmallVector<IteratorType> KeyMaskOp::getTileLoops() {
  return {IteratorType::parallel};
}

SmallVector<TileMap> KeyMaskOp::getTileMaps(unsigned operandNumber) {
  SmallVector<TileMap> maps = {TileMap::of(kBatchLoop)};
  if (shapeOf(getOperand(operandNumber)).getRank() == 2)
    maps.push_back(TileMap::whole());
  return maps;
}

//===----------------------------------------------------------------------===//
// The running state
//===----------------------------------------------------------------------===//

FloatType perceiver::getSumType(MLIRContext *context, int64_t keys) {
  if (ShapedType::isDynamic(keys) || keys > kMostKeysInFloat32)
    return Float64Type::get(context);
  return Float32Type::get(context);
}

LogicalResult perceiver::verifySums(Operation *op, Value accumulator,
                                    Value maximum, Value sum) {
  ShapedType acc = shapeOf(accumulator), total = shapeOf(sum);
  auto element = dyn_cast<FloatType>(acc.getElementType());
  auto least = dyn_cast<FloatType>(shapeOf(maximum).getElementType());
  if (element && least && element == total.getElementType() &&
      element.getWidth() >= least.getWidth())
    return success();
  return op->emitOpError("expected an accumulator and a sum of one type, that "
                         "of the maximum or a wider one, but got ")
         << acc << ", " << total << " and " << maximum.getType();
}

//===----------------------------------------------------------------------===//
// OnlineAttentionOp
//===----------------------------------------------------------------------===//

StringRef perceiver::getAttentionLoopName(unsigned loop) {
  constexpr StringRef kNames[] = {"batch", "heads", "queries", "keys"};
  return kNames[loop];
}

MutableOperandRange OnlineAttentionOp::getDpsInitsMutable() {
  unsigned first = getAccumulatorMutable().getOperandNumber();
  return MutableOperandRange(getOperation(), first, 3);
}

int64_t OnlineAttentionOp::getQueryHeadSize() {
  return lastDim(getQuery()) / static_cast<int64_t>(getHeads());
}

int64_t OnlineAttentionOp::getValueHeadSize() {
  return lastDim(getValue()) / getKeyHeads();
}

LogicalResult OnlineAttentionOp::verify() {
  if (failed(verifyDestinations(*this)) ||
      failed(verifyElements(*this, {getMask(), getAccumulator(), getSum()})) ||
      failed(verifySums(*this, getAccumulator(), getMaximum(), getSum())) ||
      failed(verifyQueryKeyValue(*this, getQuery(), getKey(), getValue(),
                                 getHeads(), getKeyHeads())))
    return failure();
  ShapedType q = shapeOf(getQuery()), k = shapeOf(getKey());
  int64_t batch = k.getDimSize(0), queries = q.getDimSize(q.getRank() - 2);
  int64_t heads = getHeads();
  if (failed(verifyScoreBias(*this, getScoreBias(), getKey(), heads)) ||
      failed(verifyShape(*this, "an accumulator", getAccumulator(),
                         {batch, heads, getValueHeadSize(), queries})) ||
      failed(verifyShape(*this, "a maximum", getMaximum(),
                         {batch, heads, queries})) ||
      failed(verifyShape(*this, "a sum", getSum(), {batch, heads, queries})))
    return failure();
  if (getMask() && (failed(verifyShape(*this, "a mask", getMask(),
                                       {batch, k.getDimSize(1)})) ||
                    failed(verifyElementType(*this, "a mask", getMask(), 8))))
    return failure();
  return verifyScale(*this, getScale().convertToDouble());
}

SmallVector<IteratorType> OnlineAttentionOp::getTileLoops() {
  return {IteratorType::parallel, IteratorType::parallel,
          IteratorType::parallel, IteratorType::reduction};
}

SmallVector<TileMap> OnlineAttentionOp::getTileMaps(unsigned operandNumber) {
  Value operand = getOperand(operandNumber);
  unsigned firstInit = getAccumulatorMutable().getOperandNumber();
  if (operandNumber == 0) {
    SmallVector<TileMap> maps = {
        TileMap::of(kQueryLoop),
        TileMap::scaled(kHeadLoop, getQueryHeadSize())};
    if (shapeOf(operand).getRank() == 3)
      maps.insert(maps.begin(), TileMap::of(kBatchLoop));
    return maps;
  }
  if (operandNumber <= 2)
    return {TileMap::of(kBatchLoop), TileMap::of(kKeyLoop),
            mapKeyHeads(getHeads(), getKeyHeads(),
                        operandNumber == 1 ? getQueryHeadSize()
                                           : getValueHeadSize())};
  if (operand == getScoreBias())
    return {TileMap::of(kBatchLoop), TileMap::of(kHeadLoop),
            TileMap::of(kKeyLoop)};
  if (operandNumber < firstInit)
    return {TileMap::of(kBatchLoop), TileMap::of(kKeyLoop)};
  if (operandNumber == firstInit)
    return {TileMap::of(kBatchLoop), TileMap::of(kHeadLoop), TileMap::whole(),
            TileMap::of(kQueryLoop)};
  return {TileMap::of(kBatchLoop), TileMap::of(kHeadLoop),
          TileMap::of(kQueryLoop)};
}

void OnlineAttentionOp::adjustTile(OpBuilder &, Operation *tile,
                                   ArrayRef<OpFoldResult>) {
  auto tiled = cast<OnlineAttentionOp>(tile);
  setTileHeads(tiled, shapeOf(tiled.getAccumulator()).getDimSize(1));
}

//===----------------------------------------------------------------------===//
// MergeAttentionOp, FinishAttentionOp
//===----------------------------------------------------------------------===//

MutableOperandRange MergeAttentionOp::getDpsInitsMutable() {
  return MutableOperandRange(getOperation(), 3, 3);
}

LogicalResult MergeAttentionOp::verify() {
  if (failed(verifyDestinations(*this)) ||
      failed(verifyElements(
          *this, {getAccumulators(), getSums(), getAccumulator(), getSum()})) ||
      failed(verifySums(*this, getAccumulators(), getMaxima(), getSums())) ||
      failed(verifySums(*this, getAccumulator(), getMaximum(), getSum())))
    return failure();
  ShapedType accumulators = shapeOf(getAccumulators());
  int64_t parts = accumulators.getRank() == 0 ? ShapedType::kDynamic
                                              : accumulators.getDimSize(0);
  for (unsigned index = 0; index < 3; ++index) {
    ShapedType init = shapeOf(getOperand(index + 3));
    if (init.getRank() != (index == 0 ? 4 : 3))
      return emitOpError("expected destinations of rank 4, 3 and 3, but got ")
             << init;
    SmallVector<int64_t> expected = {parts};
    llvm::append_range(expected, init.getShape());
    if (failed(verifyShape(*this, "parts", getOperand(index), expected)))
      return failure();
  }
  return success();
}

SmallVector<IteratorType> MergeAttentionOp::getTileLoops() {
  return SmallVector<IteratorType>(3, IteratorType::parallel);
}

SmallVector<TileMap> MergeAttentionOp::getTileMaps(unsigned operandNumber) {
  SmallVector<TileMap> maps = {TileMap::of(kBatchLoop), TileMap::of(kHeadLoop)};
  if (operandNumber % 3 == 0)
    maps.push_back(TileMap::whole());
  maps.push_back(TileMap::of(kQueryLoop));
  if (operandNumber < 3)
    maps.insert(maps.begin(), TileMap::whole());
  return maps;
}

LogicalResult FinishAttentionOp::verify() {
  if (failed(verifyDestinations(*this)))
    return failure();
  ShapedType acc = shapeOf(getAccumulator());
  if (acc.getRank() != 4)
    return emitOpError("expected an accumulator of rank 4, but got ") << acc;
  int64_t batch = acc.getDimSize(0), heads = acc.getDimSize(1);
  int64_t width = acc.getDimSize(2), queries = acc.getDimSize(3);
  if (ShapedType::isDynamic(heads) || ShapedType::isDynamic(width))
    return emitOpError("expected static heads and channels, but got ") << acc;
  if (failed(verifyShape(*this, "a maximum", getMaximum(),
                         {batch, heads, queries})) ||
      failed(verifyShape(*this, "a sum", getSum(), {batch, heads, queries})))
    return failure();
  if (getInits().empty() || getInits().size() > 2)
    return emitOpError("expected one destination, or two with the "
                       "log-sum-exp, but got ")
           << getInits().size();
  if (failed(verifyElements(*this, {getAccumulator(), getSum()})) ||
      failed(verifySums(*this, getAccumulator(), getMaximum(), getSum())) ||
      failed(verifyShape(*this, "a destination", getInits()[0],
                         {batch, queries, heads * width})))
    return failure();
  if (getInits().size() == 2 &&
      failed(verifyShape(*this, "a log-sum-exp", getInits()[1],
                         {batch, heads, queries})))
    return failure();
  return success();
}

SmallVector<IteratorType> FinishAttentionOp::getTileLoops() {
  return SmallVector<IteratorType>(3, IteratorType::parallel);
}

SmallVector<TileMap> FinishAttentionOp::getTileMaps(unsigned operandNumber) {
  if (operandNumber == 0)
    return {TileMap::of(kBatchLoop), TileMap::of(kHeadLoop), TileMap::whole(),
            TileMap::of(kQueryLoop)};
  if (operandNumber == 3)
    return {
        TileMap::of(kBatchLoop), TileMap::of(kQueryLoop),
        TileMap::scaled(kHeadLoop, shapeOf(getAccumulator()).getDimSize(2))};
  return {TileMap::of(kBatchLoop), TileMap::of(kHeadLoop),
          TileMap::of(kQueryLoop)};
}
