//===- ClipMaskedKeys.cpp - No work for keys beyond the last --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   scf.forall (%b, %head) .. {
//     %k = block.linear ins(%xs, %wk) ..               // all keys of the entry
//     %m = tensor.extract_slice %mask[%b, 0] [1, %n] ..
//     block.online_attention ins(%q, %k, %v) mask(%m) ..
//
// becomes
//
//   scf.forall (%b, %head) .. {
//     %m = tensor.extract_slice %mask[%b, 0] [1, %n] ..
//     %used = .. keys up to the last that %m keeps ..
//     %k = block.linear ins(%xs[0 to %used], %wk) ..
//     block.online_attention ins(%q, %k, %v) mask(%m[0 to %used]) ..
//
// Of a static number of keys only what the task computes ends there, and what
// is beyond is never written; the loops over keys have no ragged ends and stay:
//
//   %kf = block.linear ins(%xs[0 to %used], %wk) ..
//   %k = tensor.insert_slice %kf into %empty[0 to %used]
//   block.online_attention ins(%q, %k, %v) mask(%m) ..
//
// Test: test/Tiling/clip-masked-keys.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Block/MaskedKeysInterface.h"
#include "lib/Tiling/MaskedKeys.h"
#include "lib/Tiling/Passes.h"
#include "lib/Tiling/Transforms.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Tensor/Transforms/Transforms.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_CLIPMASKEDKEYSPASS
#include "lib/Tiling/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// A tile of fewer static rows is quicker than what a dynamic number of them
/// saves.
static constexpr int64_t kLeastKeys = 256;

/// Whether `op` has, in its task, many keys of one batch entry, from the first
/// one on: parts of keys are clipped already.
static bool canBeClipped(MaskedKeysOpInterface op) {
  Value mask = op.getKeyMask();
  if (!mask || op->getNumResults() == 0 ||
      !op->getParentOfType<scf::ForallOp>())
    return false;
  auto type = cast<ShapedType>(mask.getType());
  auto slice = mask.getDefiningOp<tensor::ExtractSliceOp>();
  bool areMany = type.isDynamicDim(1) || type.getDimSize(1) > kLeastKeys;
  return type.getDimSize(0) == 1 && areMany && slice &&
         isConstantIntValue(slice.getMixedOffsets()[1], 0);
}

/// Whether the task computes `array` for `op` alone.
static bool isComputedFor(Operation *op, Value array) {
  Operation *producer = array.getDefiningOp();
  return isa_and_nonnull<TilingInterface>(producer) &&
         producer->getBlock() == op->getBlock() &&
         llvm::all_of(array.getUsers(),
                      [&](Operation *user) { return user == op; });
}

/// The first `keys` rows or columns of `array`, in dimension 1.
static tensor::ExtractSliceOp clip(RewriterBase &rewriter, Location loc,
                                   Value array, Value keys) {
  SmallVector<OpFoldResult> sizes;
  // What asks for the keys of `array` would read it as a whole.
  for (int64_t dim = 0, rank = cast<ShapedType>(array.getType()).getRank();
       dim < rank; ++dim)
    sizes.push_back(dim == 1 ? OpFoldResult(keys)
                             : tensor::getMixedSize(rewriter, loc, array, dim));
  SmallVector<OpFoldResult> offsets(sizes.size(), rewriter.getIndexAttr(0)),
      strides(sizes.size(), rewriter.getIndexAttr(1));
  return tensor::ExtractSliceOp::create(rewriter, loc, array, offsets, sizes,
                                        strides);
}

/// Compute no more of what `slice` is taken of, if it is the only reader in the
/// task that computes it, and so on.
static void clipProducers(RewriterBase &rewriter,
                          tensor::ExtractSliceOp first) {
  SmallVector<tensor::ExtractSliceOp> pending = {first};
  while (!pending.empty()) {
    tensor::ExtractSliceOp slice = pending.pop_back_val();
    Operation *producer = slice.getSource().getDefiningOp();
    if (!isa_and_nonnull<TilingInterface>(producer) ||
        producer->getBlock() != slice->getBlock() || !producer->hasOneUse())
      continue;
    rewriter.setInsertionPoint(slice);
    FailureOr<TilingResult> tile = tensor::replaceExtractSliceWithTiledProducer(
        rewriter, slice, cast<OpResult>(slice.getSource()));
    if (failed(tile))
      continue;
    // The tile is the task's; what is tiled inside it stays.
    if (Attribute tiling = producer->getAttr(kTilingAttrName))
      for (Operation *op : tile->tiledOps)
        op->setAttr(kTilingAttrName, tiling);
    rewriter.replaceOp(slice, tile->tiledValues.front());
    rewriter.eraseOp(producer);
    for (Operation *op : tile->generatedSlices)
      if (auto generated = dyn_cast<tensor::ExtractSliceOp>(op))
        pending.push_back(generated);
  }
}

/// Compute the first `keys` rows of `array`, of which the rest is not written
/// then.
static void clipStatic(RewriterBase &rewriter, Value array, Value keys) {
  Location loc = array.getLoc();
  OpBuilder::InsertionGuard guard(rewriter);
  // Of two empty tensors of one type one would be left, and copied.
  Value whole = bufferization::AllocTensorOp::create(
      rewriter, loc, cast<RankedTensorType>(array.getType()), ValueRange());
  Value place = clip(rewriter, loc, whole, keys);
  tensor::ExtractSliceOp slice = clip(rewriter, loc, array, keys);
  auto put = tensor::InsertSliceOp::create(
      rewriter, loc, slice, whole, slice.getMixedOffsets(),
      slice.getMixedSizes(), slice.getMixedStrides());
  rewriter.replaceAllUsesExcept(array, put, slice);
  clipProducers(rewriter, slice);
  auto result = cast<OpResult>(put.getSource());
  if (auto tile = dyn_cast<DestinationStyleOpInterface>(result.getOwner()))
    rewriter.modifyOpInPlace(
        tile, [&] { tile.setDpsInitOperand(result.getResultNumber(), place); });
}

static void clipMaskedKeys(RewriterBase &rewriter, MaskedKeysOpInterface op) {
  Location loc = op->getLoc();
  // Keys may be the values as well.
  llvm::SetVector<Value> dynamic, computed;
  for (OpOperand *operand : op.getKeyRows()) {
    Value array = operand->get();
    if (cast<ShapedType>(array.getType()).isDynamicDim(1))
      dynamic.insert(array);
    else if (isComputedFor(op, array))
      computed.insert(array);
  }
  if (dynamic.empty() && computed.empty())
    return;
  rewriter.setInsertionPoint(op);
  Value used = emitKeysInUse(rewriter, loc, op.getKeyMask(),
                             arith::ConstantIndexOp::create(rewriter, loc, 0));
  SmallVector<tensor::ExtractSliceOp> slices;
  for (Value array : dynamic) {
    slices.push_back(clip(rewriter, loc, array, used));
    rewriter.replaceUsesWithIf(
        array, slices.back().getResult(),
        [&](OpOperand &use) { return use.getOwner() == op; });
  }
  for (tensor::ExtractSliceOp slice : slices)
    clipProducers(rewriter, slice);
  rewriter.setInsertionPoint(op);
  for (Value array : computed)
    clipStatic(rewriter, array, used);
}

void perceiver::clipMaskedKeys(Operation *root) {
  SmallVector<MaskedKeysOpInterface> ops;
  root->walk([&](MaskedKeysOpInterface op) {
    if (canBeClipped(op))
      ops.push_back(op);
  });
  IRRewriter rewriter(root->getContext());
  for (MaskedKeysOpInterface op : ops)
    ::clipMaskedKeys(rewriter, op);
}

namespace {
struct ClipMaskedKeysPass
    : perceiver::impl::ClipMaskedKeysPassBase<ClipMaskedKeysPass> {
  void runOnOperation() override { clipMaskedKeys(getOperation()); }
};
} // namespace
