//===- Tiling.cpp - TilingInterface from tile maps ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Implements TilingInterface, once, for every operation with
// TileMapOpInterface of a dialect that asks for it. A tile with offsets `o` and
// sizes `s` in the loops is a copy of the operation on slices of its operands:
//
//   %y = block.layer_norm ins(%x) outs(%init)            loops: b, n
//
//   %xt = tensor.extract_slice %x[o0, o1, 0] [s0, s1, C] [1, 1, 1]
//   %it = tensor.extract_slice %init[o0, o1, 0] [s0, s1, C] [1, 1, 1]
//   %yt = block.layer_norm ins(%xt) outs(%it)
//
// Test: test/Dialect/Block/tiling.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Block/BlockDialect.h"
#include "dialect/Block/TileMapInterface.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/TilingInterface.h"

#include <numeric>

using namespace mlir;
using namespace mlir::perceiver;

#include "dialect/Block/TileMapInterface.cpp.inc"

namespace {
/// Offsets and sizes of the slice of one operand.
struct Slice {
  SmallVector<OpFoldResult> offsets;
  SmallVector<OpFoldResult> sizes;
};
} // namespace

/// Slice of an operand with dimensions `maps` for a tile of the loops.
static Slice sliceOf(OpBuilder &builder, Location loc, Value operand,
                     ArrayRef<TileMap> maps, ArrayRef<OpFoldResult> offsets,
                     ArrayRef<OpFoldResult> sizes) {
  Slice slice;
  AffineExpr d0 = builder.getAffineDimExpr(0);
  for (auto [dim, map] : llvm::enumerate(maps)) {
    if (!map.loop) {
      slice.offsets.push_back(builder.getIndexAttr(0));
      slice.sizes.push_back(tensor::getMixedSize(builder, loc, operand, dim));
      continue;
    }
    AffineExpr scaled = (d0 * map.factor).floorDiv(map.divisor);
    AffineExpr extent = (d0 * map.factor).ceilDiv(map.divisor);
    slice.offsets.push_back(affine::makeComposedFoldedAffineApply(
        builder, loc, scaled, {offsets[*map.loop]}));
    slice.sizes.push_back(affine::makeComposedFoldedAffineApply(
        builder, loc, extent, {sizes[*map.loop]}));
  }
  return slice;
}

/// True if offset and size are known to cover dimension `dim` of `operand`.
static bool isWhole(Value operand, int64_t dim, OpFoldResult offset,
                    OpFoldResult size) {
  if (!isConstantIntValue(offset, 0))
    return false;
  auto type = cast<ShapedType>(operand.getType());
  if (!type.isDynamicDim(dim))
    return isConstantIntValue(size, type.getDimSize(dim));
  if (auto empty = operand.getDefiningOp<tensor::EmptyOp>())
    return isEqualConstantIntOrValue(size, empty.getMixedSizes()[dim]);
  auto value = dyn_cast<Value>(size);
  auto extent = value ? value.getDefiningOp<tensor::DimOp>() : nullptr;
  return extent && extent.getSource() == operand &&
         extent.getConstantIndex() == dim;
}

SmallVector<TileLoop> perceiver::getTileLoopInfo(Operation *op) {
  auto tileable = cast<TileMapOpInterface>(op);
  SmallVector<TileLoop> loops(tileable.getTileLoops().size());
  for (OpOperand &operand : op->getOpOperands())
    for (auto [dim, map] :
         llvm::enumerate(tileable.getTileMaps(operand.getOperandNumber()))) {
      if (!map.loop)
        continue;
      TileLoop &loop = loops[*map.loop];
      loop.isScaled |= map.isScaled;
      loop.shared = std::lcm(loop.shared, map.divisor);
      auto type = cast<ShapedType>(operand.get().getType());
      if (map.divisor == 1 && !type.isDynamicDim(dim))
        loop.extent = type.getDimSize(dim) / map.factor;
    }
  return loops;
}

LogicalResult perceiver::verifyTileMaps(Operation *op) {
  auto tileable = cast<TileMapOpInterface>(op);
  size_t count = tileable.getTileLoops().size();
  SmallVector<bool> isKnown(count, false);
  for (OpOperand &operand : op->getOpOperands()) {
    unsigned number = operand.getOperandNumber();
    auto type = dyn_cast<ShapedType>(operand.get().getType());
    SmallVector<TileMap> maps = tileable.getTileMaps(number);
    size_t rank = type ? type.getRank() : 0;
    if (maps.size() != rank)
      return op->emitOpError("expected a tile map for each of the ")
             << rank << " dimensions of operand " << number << ", but got "
             << maps.size();
    for (auto [dim, map] : llvm::enumerate(maps)) {
      if (!map.loop)
        continue;
      if (*map.loop >= count)
        return op->emitOpError("expected tile maps of ")
               << count << " loops, but got one of loop " << *map.loop;
      if (map.divisor == 1 && (map.factor == 1 || !type.isDynamicDim(dim)))
        isKnown[*map.loop] = true;
    }
  }
  auto unknown = llvm::find(isKnown, false);
  if (unknown != isKnown.end())
    return op->emitOpError("expected loop ")
           << std::distance(isKnown.begin(), unknown)
           << " to run over a dimension of an operand";
  return success();
}

bool perceiver::isBlockLevel(Operation *op) {
  return isa_and_nonnull<block::BlockDialect>(op->getDialect()) ||
         isa<TileMapOpInterface>(op);
}

bool perceiver::isElementwise(TileMapOpInterface op, OpOperand &operand) {
  SmallVector<TileMap> maps = op.getTileMaps(operand.getOperandNumber());
  if (maps.size() != op.getTileLoops().size())
    return false;
  for (auto [dim, map] : llvm::enumerate(maps))
    if (map.loop != dim || map.factor != 1 || map.divisor != 1)
      return false;
  return true;
}

/// False if a tile of `loop` begins or ends inside an element that iterations
/// share, or if it has an unknown number of iterations that it may not have.
static bool isLegalTile(const TileLoop &loop, OpFoldResult offset,
                        OpFoldResult size) {
  std::optional<int64_t> first = getConstantIntValue(offset);
  std::optional<int64_t> count = getConstantIntValue(size);
  if (loop.isScaled && !count)
    return false;
  if (first && *first % loop.shared != 0)
    return false;
  if (count)
    return *count % loop.shared == 0 ||
           (first && loop.extent == *first + *count);
  // The last tile of a loop takes min(size, what is left).
  auto min = cast<Value>(size).getDefiningOp<affine::AffineMinOp>();
  return !min || llvm::all_of(min.getMap().getResults(), [&](AffineExpr expr) {
    auto constant = dyn_cast<AffineConstantExpr>(expr);
    return !constant || constant.getValue() % loop.shared == 0;
  });
}

/// True if `value` is known to be a multiple of `factor`.
static bool isMultipleOf(OpFoldResult value, int64_t factor) {
  if (std::optional<int64_t> constant = getConstantIntValue(value))
    return *constant % factor == 0;
  auto apply = cast<Value>(value).getDefiningOp<affine::AffineApplyOp>();
  return factor == 1 ||
         (apply && apply.getAffineMap().getResult(0).isMultipleOf(factor));
}

/// The iterations that compute `elements` of a dimension, as far as that is
/// known without an operation: the constant, or else just any value.
static OpFoldResult foldIterations(OpFoldResult elements, const TileMap &map) {
  std::optional<int64_t> constant = getConstantIntValue(elements);
  if (!constant)
    return elements;
  return Builder(elements.getContext())
      .getIndexAttr(*constant * map.divisor / map.factor);
}

/// True if the elements at `offsets` of a result, `sizes` of them, are those
/// that some tile of the loops computes.
static bool isResultOfTile(Operation *op, OpOperand &init,
                           ArrayRef<TileMap> maps,
                           ArrayRef<OpFoldResult> offsets,
                           ArrayRef<OpFoldResult> sizes) {
  SmallVector<TileLoop> loops = getTileLoopInfo(op);
  for (auto [dim, map] : llvm::enumerate(maps)) {
    if (!map.loop) {
      // No tile computes a part of a dimension that no loop visits.
      if (!isWhole(init.get(), dim, offsets[dim], sizes[dim]))
        return false;
      continue;
    }
    // Nor a part of what one iteration computes, such as half a head.
    if (!isMultipleOf(offsets[dim], map.factor) ||
        !isMultipleOf(sizes[dim], map.factor) ||
        !isLegalTile(loops[*map.loop], foldIterations(offsets[dim], map),
                     foldIterations(sizes[dim], map)))
      return false;
  }
  return true;
}

/// True if `op` has a tile at these offsets and of these sizes of its loops.
static bool isLegalTile(Operation *op, ArrayRef<OpFoldResult> offsets,
                        ArrayRef<OpFoldResult> sizes) {
  return llvm::all_of(llvm::zip_equal(getTileLoopInfo(op), offsets, sizes),
                      [](auto tile) {
                        auto [loop, offset, size] = tile;
                        return isLegalTile(loop, offset, size);
                      });
}

/// The size of a dimension of `value`, from where it is decided: operations
/// keep the shape of their destination, so that a loop over a result does not
/// keep alive what made it and is about to be fused into the loop.
static OpFoldResult sizeOf(OpBuilder &builder, Location loc, Value value,
                           int64_t dim) {
  while (auto op = value.getDefiningOp<DestinationStyleOpInterface>())
    value = op.getTiedOpOperand(cast<OpResult>(value))->get();
  if (auto empty = value.getDefiningOp<tensor::EmptyOp>())
    return empty.getMixedSizes()[dim];
  return tensor::getMixedSize(builder, loc, value, dim);
}

namespace {
/// For any operation that knows its tile maps.
struct TileMapTiling
    : TilingInterface::ExternalModel<TileMapTiling, TileMapOpInterface> {
  SmallVector<utils::IteratorType> getLoopIteratorTypes(Operation *op) const {
    return cast<TileMapOpInterface>(op).getTileLoops();
  }

  SmallVector<Range> getIterationDomain(Operation *op,
                                        OpBuilder &builder) const {
    auto tileable = cast<TileMapOpInterface>(op);
    SmallVector<Range> domain(tileable.getTileLoops().size());
    for (OpOperand &operand : op->getOpOperands()) {
      SmallVector<TileMap> maps =
          tileable.getTileMaps(operand.getOperandNumber());
      for (auto [dim, map] : llvm::enumerate(maps)) {
        if (!map.loop || map.divisor != 1)
          continue;
        Range &range = domain[*map.loop];
        // A static extent of any operand beats a dynamic one.
        if (range.size && getConstantIntValue(range.size))
          continue;
        auto type = cast<ShapedType>(operand.get().getType());
        if (type.isDynamicDim(dim) && (range.size || map.factor != 1))
          continue;
        range.offset = builder.getIndexAttr(0);
        range.stride = builder.getIndexAttr(1);
        range.size =
            map.factor == 1
                ? sizeOf(builder, op->getLoc(), operand.get(), dim)
                : builder.getIndexAttr(type.getDimSize(dim) / map.factor);
      }
    }
    return domain;
  }

  FailureOr<TilingResult>
  getTiledImplementation(Operation *op, OpBuilder &builder,
                         ArrayRef<OpFoldResult> offsets,
                         ArrayRef<OpFoldResult> sizes) const {
    auto tileable = cast<TileMapOpInterface>(op);
    Location loc = op->getLoc();
    if (!isLegalTile(op, offsets, sizes))
      return failure();
    SmallVector<Value> operands;
    SmallVector<Operation *> slices;
    SmallVector<Type> resultTypes;
    auto dps = cast<DestinationStyleOpInterface>(op);
    for (OpOperand &operand : op->getOpOperands()) {
      SmallVector<TileMap> maps =
          tileable.getTileMaps(operand.getOperandNumber());
      Value tile = operand.get();
      bool whole =
          llvm::none_of(maps, [](const TileMap &map) { return map.loop; });
      if (!whole) {
        Slice slice = sliceOf(builder, loc, tile, maps, offsets, sizes);
        SmallVector<OpFoldResult> strides(maps.size(), builder.getIndexAttr(1));
        auto extract = tensor::ExtractSliceOp::create(
            builder, loc, tile, slice.offsets, slice.sizes, strides);
        slices.push_back(extract);
        tile = extract;
      }
      operands.push_back(tile);
      if (dps.isDpsInit(&operand))
        resultTypes.push_back(tile.getType());
    }
    Operation *tile = mlir::clone(builder, op, resultTypes, operands);
    tile->removeAttr(kTilingAttrName);
    tileable.adjustTile(builder, tile, offsets);
    return TilingResult{{tile}, SmallVector<Value>(tile->getResults()), slices};
  }

  LogicalResult
  getResultTilePosition(Operation *op, OpBuilder &builder,
                        unsigned resultNumber, ArrayRef<OpFoldResult> offsets,
                        ArrayRef<OpFoldResult> sizes,
                        SmallVector<OpFoldResult> &resultOffsets,
                        SmallVector<OpFoldResult> &resultSizes) const {
    OpOperand *init =
        cast<DestinationStyleOpInterface>(op).getDpsInitOperand(resultNumber);
    Slice slice = sliceOf(
        builder, op->getLoc(), init->get(),
        cast<TileMapOpInterface>(op).getTileMaps(init->getOperandNumber()),
        offsets, sizes);
    resultOffsets = std::move(slice.offsets);
    resultSizes = std::move(slice.sizes);
    return success();
  }

  LogicalResult getIterationDomainTileFromResultTile(
      Operation *op, OpBuilder &builder, unsigned resultNumber,
      ArrayRef<OpFoldResult> resultOffsets, ArrayRef<OpFoldResult> resultSizes,
      SmallVectorImpl<OpFoldResult> &offsets,
      SmallVectorImpl<OpFoldResult> &sizes) const {
    OpOperand *init =
        cast<DestinationStyleOpInterface>(op).getDpsInitOperand(resultNumber);
    SmallVector<TileMap> maps =
        cast<TileMapOpInterface>(op).getTileMaps(init->getOperandNumber());
    // Whoever is refused has not changed the IR.
    if (!isResultOfTile(op, *init, maps, resultOffsets, resultSizes))
      return failure();
    for (const Range &range : getIterationDomain(op, builder)) {
      offsets.push_back(range.offset);
      sizes.push_back(range.size);
    }
    AffineExpr d0 = builder.getAffineDimExpr(0);
    for (auto [dim, map] : llvm::enumerate(maps)) {
      if (!map.loop)
        continue;
      offsets[*map.loop] = affine::makeComposedFoldedAffineApply(
          builder, op->getLoc(), (d0 * map.divisor).floorDiv(map.factor),
          {resultOffsets[dim]});
      sizes[*map.loop] = affine::makeComposedFoldedAffineApply(
          builder, op->getLoc(), (d0 * map.divisor).ceilDiv(map.factor),
          {resultSizes[dim]});
    }
    return success();
  }

  FailureOr<TilingResult>
  generateResultTileValue(Operation *op, OpBuilder &builder,
                          unsigned resultNumber,
                          ArrayRef<OpFoldResult> resultOffsets,
                          ArrayRef<OpFoldResult> resultSizes) const {
    SmallVector<OpFoldResult> offsets, sizes;
    if (failed(getIterationDomainTileFromResultTile(op, builder, resultNumber,
                                                    resultOffsets, resultSizes,
                                                    offsets, sizes)))
      return failure();
    FailureOr<TilingResult> tiled =
        getTiledImplementation(op, builder, offsets, sizes);
    if (failed(tiled))
      return failure();
    return TilingResult{tiled->tiledOps,
                        {tiled->tiledValues[resultNumber]},
                        tiled->generatedSlices};
  }
};
} // namespace

void perceiver::attachTilingInterface(Dialect &dialect) {
  for (RegisteredOperationName op :
       dialect.getContext()->getRegisteredOperations())
    if (&op.getDialect() == &dialect && op.hasInterface<TileMapOpInterface>() &&
        op.hasInterface<DestinationStyleOpInterface>())
      op.attachInterface<TileMapTiling>();
}
