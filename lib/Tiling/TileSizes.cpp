//===- TileSizes.cpp - Sizes of a tiling, checked -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Tiling/tile-sizes.mlir, test/Tiling/verify-tilings.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Tiling/TileSizes.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/TileMapInterface.h"
#include "dialect/Model/PerceiverAttrs.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/TilingInterface.h"

using namespace mlir;
using namespace mlir::perceiver;

/// "loop 3", with what it counts where that is always the same.
static std::string nameOf(Operation *op, unsigned number) {
  std::string name = "loop " + std::to_string(number);
  StringRef counted = cast<TileMapOpInterface>(op).getTileLoopName(number);
  return counted.empty() ? name : name + " (" + counted.str() + ")";
}

/// What is wrong with tiles of `size` iterations of loop `number`, if anything.
static LogicalResult verifySize(Operation *op, unsigned number,
                                const TileLoop &loop, int64_t size) {
  if (size == 0 || size == loop.extent)
    return success();
  if (loop.isScaled && loop.extent && *loop.extent % size != 0)
    return op->emitOpError("expected tiles of ")
           << nameOf(op, number) << " that divide its " << *loop.extent
           << " iterations, but got tiles of " << size;
  if (size % loop.shared != 0 && loop.isScaled)
    return op->emitOpError("expected tiles of ")
           << nameOf(op, number) << " of whole groups of " << loop.shared
           << " that share their keys, but got tiles of " << size;
  if (size % loop.shared != 0)
    return op->emitOpError("expected tiles of ")
           << nameOf(op, number) << " of whole panels of " << loop.shared
           << " columns, but got tiles of " << size;
  return success();
}

static LogicalResult verifyCount(Operation *op, size_t loops,
                                 ArrayRef<int64_t> sizes,
                                 StringRef what = "tiling") {
  if (sizes.size() <= loops)
    return success();
  return op->emitOpError("expected at most ")
         << loops << " sizes in its " << what << ", but got " << sizes.size();
}

/// One list of sizes, `list` in the attribute; `loops` become those of a tile.
static LogicalResult verifySizes(Operation *op, MutableArrayRef<TileLoop> loops,
                                 StringRef list, ArrayRef<int64_t> sizes) {
  if (failed(verifyCount(op, loops.size(), sizes)))
    return failure();
  for (auto [number, size] : llvm::enumerate(sizes)) {
    TileLoop &loop = loops[number];
    if (loop.extent && size > *loop.extent)
      return op->emitOpError("expected tiles of at most ")
             << *loop.extent << " iterations of " << nameOf(op, number)
             << ", but got " << list << " tiles of " << size;
    if (failed(verifySize(op, number, loop, size)))
      return failure();
    if (size != 0)
      loop.extent = size;
  }
  return success();
}

/// Tasks that each add a part to the same result would be wrong on threads.
static LogicalResult verifyTask(Operation *op, ArrayRef<TileLoop> loops,
                                ArrayRef<int64_t> task) {
  SmallVector<utils::IteratorType> iterators =
      cast<TileMapOpInterface>(op).getTileLoops();
  for (auto [number, size] : llvm::enumerate(task.take_front(loops.size())))
    if (iterators[number] == utils::IteratorType::reduction && size != 0 &&
        size != loops[number].extent)
      return op->emitOpError("expected tasks that have all iterations of ")
             << nameOf(op, number) << ", which add up, but got tasks of "
             << size << "; key_split makes parts that are merged";
  return success();
}

static LogicalResult verifyTiling(Operation *op, TilingAttr tiling) {
  if (failed(verifyTileable(op)))
    return failure();
  SmallVector<TileLoop> loops = getTileLoopInfo(op);
  if (failed(verifyTask(op, loops, tiling.getTask())) ||
      failed(verifySizes(op, loops, "task", tiling.getTask())))
    return failure();
  if (int64_t keys = tiling.getKeySplit()) {
    if (loops.size() <= kKeyLoop)
      return op->emitOpError("expected key_split of a loop over keys, as "
                             "attention has after "
                             "perceiver-convert-to-online-attention");
    std::optional<int64_t> &all = loops[kKeyLoop].extent;
    if (all && keys > *all)
      return op->emitOpError("expected a key_split of at most ")
             << *all << " keys, but got " << keys;
    // Parts of a dynamic number of keys may have more.
    if (all)
      all = keys;
    // Those of the merge are the same but for the keys.
    SmallVector<TileLoop> merged(ArrayRef(loops).take_front(kKeyLoop));
    if (failed(verifyCount(op, merged.size(), tiling.getMerge(), "merge")) ||
        failed(verifySizes(op, merged, "merge", tiling.getMerge())))
      return failure();
  }
  if (tiling.getInner())
    for (Attribute level : tiling.getInner())
      if (failed(verifySizes(op, loops, "inner",
                             cast<DenseI64ArrayAttr>(level).asArrayRef())))
        return failure();
  return success();
}

LogicalResult perceiver::verifyTileable(Operation *op) {
  if (!isa<TileMapOpInterface>(op) || !isa<TilingInterface>(op))
    return op->emitOpError("expected an operation that can be tiled, but its "
                           "dialect attaches no TilingInterface");
  if (op->getNumResults() == 0)
    return op->emitOpError("expected tensors: tile before bufferization");
  return success();
}

LogicalResult perceiver::verifyTilings(Operation *root) {
  auto result = root->walk<WalkOrder::PreOrder>([](Operation *op) {
    if (isa<scf::ForallOp>(op))
      return WalkResult::skip();
    auto tiling = op->getAttrOfType<TilingAttr>(kTilingAttrName);
    if (tiling && failed(verifyTiling(op, tiling)))
      return WalkResult::interrupt();
    return WalkResult::advance();
  });
  return failure(result.wasInterrupted());
}

FailureOr<SmallVector<OpFoldResult>>
perceiver::getTileSizes(Builder &builder, Operation *op,
                        ArrayRef<int64_t> sizes) {
  SmallVector<TileLoop> loops = getTileLoopInfo(op);
  if (failed(verifyCount(op, loops.size(), sizes)))
    return failure();
  SmallVector<OpFoldResult> result;
  for (auto [number, given] : llvm::enumerate(sizes)) {
    const TileLoop &loop = loops[number];
    // More than there is means one tile with all of it.
    int64_t size = loop.extent ? std::min(given, *loop.extent) : given;
    if (failed(verifySize(op, number, loop, size)))
      return failure();
    result.push_back(builder.getIndexAttr(size));
  }
  return result;
}

OpFoldResult perceiver::getTileExtent(OpBuilder &builder, Location loc,
                                      OpFoldResult size, OpFoldResult step,
                                      OpFoldResult offset) {
  std::optional<int64_t> whole = getConstantIntValue(size),
                         most = getConstantIntValue(step);
  if (most && (*most == 1 || (whole && *whole % *most == 0)))
    return step;
  AffineExpr a = builder.getAffineDimExpr(0), b = builder.getAffineDimExpr(1),
             c = builder.getAffineDimExpr(2);
  return affine::makeComposedFoldedAffineMin(
      builder, loc,
      AffineMap::inferFromExprList(ArrayRef<ArrayRef<AffineExpr>>{{a, b - c}},
                                   builder.getContext())
          .front(),
      {step, size, offset});
}
