//===- Fusion.cpp - Fusing producers into loops ---------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %n = block.layer_norm ins(%x) outs(%e)
//   scf.forall (%i) .. {
//     %s = tensor.extract_slice %n[%i * 64, 0] [64, 1024] [1, 1]
//     block.linear ins(%s, %w) ..
//   }
//
// becomes
//
//   scf.forall (%i) .. {
//     %xs = tensor.extract_slice %x[%i * 64, 0] [64, 1024] [1, 1]
//     %s = block.layer_norm ins(%xs) outs(%es)
//     block.linear ins(%s, %w) ..
//   }
//
// provided that nobody else reads %n and that its slices move with every loop:
// otherwise two iterations would compute the same part.
//
// Tests: test/Tiling/form-phases.mlir, test/Tiling/tile-tasks.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Tiling/Fusion.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/BlockTraits.h"
#include "dialect/Model/PerceiverAttrs.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/Transforms/TileUsingInterface.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "mlir/Transforms/RegionUtils.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Generating a part again costs no more than reading it.
static bool isCheap(Operation *op) {
  return isa<linalg::FillOp>(op) || op->hasTrait<CheapToRepeat>();
}

/// Does `value` depend on `iv` through index arithmetic?
static bool dependsOn(Value value, Value iv) {
  if (value == iv)
    return true;
  Operation *op = value.getDefiningOp();
  if (!op ||
      !(isa<affine::AffineApplyOp, affine::AffineMinOp, affine::AffineMaxOp>(
            op) ||
        isa<arith::ArithDialect>(op->getDialect())))
    return false;
  return llvm::any_of(op->getOperands(),
                      [&](Value operand) { return dependsOn(operand, iv); });
}

/// Induction variables of the loops that run more than once.
static SmallVector<Value>
runningVariables(ArrayRef<LoopLikeOpInterface> loops) {
  SmallVector<Value> ivs;
  for (LoopLikeOpInterface loop : loops) {
    std::optional<SmallVector<OpFoldResult>> lower = loop.getLoopLowerBounds();
    std::optional<SmallVector<OpFoldResult>> upper = loop.getLoopUpperBounds();
    std::optional<SmallVector<OpFoldResult>> steps = loop.getLoopSteps();
    for (auto [index, iv] : llvm::enumerate(*loop.getLoopInductionVars())) {
      std::optional<int64_t> l = getConstantIntValue((*lower)[index]);
      std::optional<int64_t> u = getConstantIntValue((*upper)[index]);
      std::optional<int64_t> s = getConstantIntValue((*steps)[index]);
      bool runsOnce = l && u && s && *l + *s >= *u;
      if (!runsOnce)
        ivs.push_back(iv);
    }
  }
  return ivs;
}

static bool movesWithAll(ArrayRef<OpFoldResult> offsets, ArrayRef<Value> ivs) {
  return llvm::all_of(ivs, [&](Value iv) {
    return llvm::any_of(offsets, [&](OpFoldResult offset) {
      Value value = dyn_cast<Value>(offset);
      return value && dependsOn(value, iv);
    });
  });
}

bool perceiver::movesWithEveryLoop(ArrayRef<OpFoldResult> offsets,
                                   ArrayRef<LoopLikeOpInterface> loops) {
  return movesWithAll(offsets, runningVariables(loops));
}

/// The producer of a slice, if it stands where the loops stand: what is
/// computed further out is not theirs to fuse.
static Operation *producerOf(tensor::ExtractSliceOp slice, Block *block) {
  Operation *producer = slice.getSource().getDefiningOp();
  if (!isa_and_nonnull<TilingInterface>(producer) ||
      (producer->getBlock() != block && !isCheap(producer)))
    return nullptr;
  auto tiling = producer->getAttrOfType<TilingAttr>(kTilingAttrName);
  return tiling && tiling.getRoot() ? nullptr : producer;
}

/// Equal as values or as expressions of the same values.
static bool sameIndex(OpFoldResult lhs, OpFoldResult rhs) {
  if (isEqualConstantIntOrValue(lhs, rhs))
    return true;
  auto lhsValue = dyn_cast<Value>(lhs), rhsValue = dyn_cast<Value>(rhs);
  if (!lhsValue || !rhsValue)
    return false;
  Operation *l = lhsValue.getDefiningOp(), *r = rhsValue.getDefiningOp();
  return l && r && isa<affine::AffineApplyOp, affine::AffineMinOp>(l) &&
         OperationEquivalence::isEquivalentTo(
             l, r, OperationEquivalence::IgnoreLocations);
}

namespace {
/// A producer fused for one tile of its iteration domain.
struct FusedTile {
  Operation *producer;
  SmallVector<OpFoldResult> offsets, sizes;
  Operation *tile;
};
} // namespace

/// The tile of the producer's iteration domain that computes `slice`.
static FailureOr<FusedTile> tileFor(RewriterBase &rewriter,
                                    tensor::ExtractSliceOp slice,
                                    Operation *producer) {
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(slice);
  FusedTile tile{producer, {}, {}, nullptr};
  auto result = cast<OpResult>(slice.getSource());
  if (failed(
          cast<TilingInterface>(producer).getIterationDomainTileFromResultTile(
              rewriter, result.getResultNumber(), slice.getMixedOffsets(),
              slice.getMixedSizes(), tile.offsets, tile.sizes)))
    return failure();
  return tile;
}

/// The fused operation that computes this tile already: another result of it,
/// or the same one for another consumer.
static Operation *findFused(ArrayRef<FusedTile> fused, const FusedTile &tile) {
  for (const FusedTile &other : fused)
    if (other.producer == tile.producer &&
        llvm::all_of(llvm::zip(other.offsets, tile.offsets),
                     [](auto pair) {
                       return sameIndex(std::get<0>(pair), std::get<1>(pair));
                     }) &&
        llvm::all_of(llvm::zip(other.sizes, tile.sizes), [](auto pair) {
          return sameIndex(std::get<0>(pair), std::get<1>(pair));
        }))
      return other.tile;
  return nullptr;
}

/// extract_slice of extract_slice as one, where the inner one is outside the
/// loops: a part of a fused projection is a part of its producer.
static tensor::ExtractSliceOp composeSlices(RewriterBase &rewriter,
                                            tensor::ExtractSliceOp slice) {
  auto source = slice.getSource().getDefiningOp<tensor::ExtractSliceOp>();
  if (!source || !source.hasUnitStride() ||
      source.getSourceType().getRank() != slice.getSourceType().getRank())
    return slice;
  OpBuilder::InsertionGuard guard(rewriter);
  rewriter.setInsertionPoint(slice);
  AffineExpr a = rewriter.getAffineDimExpr(0), b = rewriter.getAffineDimExpr(1);
  SmallVector<OpFoldResult> offsets;
  for (auto [outer, inner] :
       llvm::zip(source.getMixedOffsets(), slice.getMixedOffsets()))
    offsets.push_back(affine::makeComposedFoldedAffineApply(
        rewriter, slice.getLoc(), a + b, {outer, inner}));
  return rewriter.replaceOpWithNewOp<tensor::ExtractSliceOp>(
      slice, slice.getType(), source.getSource(), offsets,
      slice.getMixedSizes(), slice.getMixedStrides());
}

tensor::ExtractSliceOp
perceiver::composeWithSources(RewriterBase &rewriter,
                              tensor::ExtractSliceOp slice) {
  while (auto source =
             slice.getSource().getDefiningOp<tensor::ExtractSliceOp>()) {
    tensor::ExtractSliceOp composed = composeSlices(rewriter, slice);
    if (composed == slice)
      break;
    if (source->use_empty())
      rewriter.eraseOp(source);
    slice = composed;
  }
  return slice;
}

/// Make `op` and what it depends on dominate `slice`, of the same block.
static LogicalResult moveBefore(RewriterBase &rewriter, Operation *op,
                                Operation *slice) {
  if (op->isBeforeInBlock(slice))
    return success();
  if (failed(moveOperationDependencies(rewriter, op, slice)))
    return failure();
  rewriter.moveOpBefore(op, slice);
  return success();
}

namespace {
/// The fusion of producers into one nest of loops.
class ProducerFusion {
public:
  ProducerFusion(RewriterBase &rewriter,
                 MutableArrayRef<LoopLikeOpInterface> loops,
                 llvm::SetVector<Operation *> &consumed)
      : rewriter(rewriter), loops(loops), consumed(consumed),
        ivs(runningVariables(loops)) {}

  void run(ArrayRef<Operation *> slices) {
    addSlices(slices);
    bool changed = true;
    while (changed) {
      changed = false;
      SmallVector<tensor::ExtractSliceOp> candidates;
      std::swap(candidates, pending);
      for (tensor::ExtractSliceOp slice : candidates)
        changed |= visit(slice);
    }
  }

private:
  void addSlices(ArrayRef<Operation *> ops) {
    for (Operation *op : ops)
      if (auto slice = dyn_cast<tensor::ExtractSliceOp>(op))
        pending.push_back(composeSlices(rewriter, slice));
  }

  bool isInside(Operation *op) const { return loops.front()->isAncestor(op); }

  bool movesWithEveryLoop(tensor::ExtractSliceOp slice) const {
    return movesWithAll(slice.getMixedOffsets(), ivs);
  }

  /// Is everything that reads `producer` replaced by the loops or a slice
  /// inside them that moves with every loop? If one is not, the producer is
  /// needed as a whole, and to fuse it for the others would compute their parts
  /// twice.
  bool isPrivate(Operation *producer) const {
    auto counts = [&](Operation *user) {
      return !consumed.contains(user) && !isa<tensor::DimOp>(user);
    };
    return llvm::none_of(producer->getUsers(), [&](Operation *user) {
      if (!counts(user))
        return false;
      auto slice = dyn_cast<tensor::ExtractSliceOp>(user);
      if (!slice)
        return true;
      // Slices that have been composed are left behind without users.
      return llvm::any_of(slice->getUsers(), counts) &&
             !(isInside(slice) && movesWithEveryLoop(slice));
    });
  }

  /// Compute `slice` inside the loops if that is possible by now. Returns true
  /// if something changed.
  bool visit(tensor::ExtractSliceOp slice) {
    Operation *producer = producerOf(slice, loops.front()->getBlock());
    if (!producer || isInside(producer))
      return false;
    FailureOr<FusedTile> tile = tileFor(rewriter, slice, producer);
    if (failed(tile))
      return false;
    if (Operation *fused = findFused(fusedTiles, *tile))
      return reuse(slice, fused);
    if (isCheap(producer) || isPrivate(producer))
      return fuse(slice, *tile);
    // Another consumer may be fused yet.
    pending.push_back(slice);
    return false;
  }

  /// Replace `slice` by the tile that computes it already.
  bool reuse(tensor::ExtractSliceOp slice, Operation *fused) {
    if (failed(moveBefore(rewriter, fused, slice)))
      return false;
    auto result = cast<OpResult>(slice.getSource());
    rewriter.replaceOp(slice, fused->getResult(result.getResultNumber()));
    return true;
  }

  bool fuse(tensor::ExtractSliceOp slice, FusedTile tile) {
    std::optional<scf::SCFFuseProducerOfSliceResult> fused =
        scf::tileAndFuseProducerOfSlice(rewriter, slice, loops);
    if (!fused)
      return false;
    tile.tile = fused->tiledOps.front();
    // The task is the reader's; what is tiled inside it stays.
    if (auto tiling = tile.producer->getAttrOfType<TilingAttr>(kTilingAttrName);
        tiling && tiling.getInner())
      tile.tile->setAttr(
          kTilingAttrName,
          TilingAttr::get(rewriter.getContext(), {}, tiling.getInner()));
    fusedTiles.push_back(tile);
    consumed.insert(tile.producer);
    rewriter.eraseOp(slice);
    addSlices(fused->generatedSlices);
    return true;
  }

  RewriterBase &rewriter;
  MutableArrayRef<LoopLikeOpInterface> loops;
  llvm::SetVector<Operation *> &consumed;
  /// Of the loops that run more than once.
  SmallVector<Value> ivs;
  SmallVector<tensor::ExtractSliceOp> pending;
  SmallVector<FusedTile> fusedTiles;
};
} // namespace

void perceiver::fuseProducers(RewriterBase &rewriter,
                              MutableArrayRef<LoopLikeOpInterface> loops,
                              ArrayRef<Operation *> slices,
                              llvm::SetVector<Operation *> &consumed) {
  ProducerFusion(rewriter, loops, consumed).run(slices);
}

void perceiver::eraseDead(RewriterBase &rewriter,
                          llvm::SetVector<Operation *> &ops) {
  bool changed = true;
  while (changed) {
    changed = false;
    for (Operation *op : llvm::to_vector(ops))
      if (op->use_empty()) {
        ops.remove(op);
        rewriter.eraseOp(op);
        changed = true;
      }
  }
}
