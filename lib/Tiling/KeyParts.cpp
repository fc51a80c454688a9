//===- KeyParts.cpp - The parts of a key range ----------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Tiling/split-keys-dynamic.mlir,
// test/Tiling/split-keys-mask.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Tiling/KeyParts.h"

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/AttentionState.h"
#include "lib/Tiling/MaskedKeys.h"
#include "lib/Tiling/TileSizes.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::perceiver;

bool perceiver::hasWholeEntries(TilingAttr tiling) {
  ArrayRef<int64_t> task = tiling.getTask();
  return !task.empty() && task[kBatchLoop] == 1 &&
         llvm::all_of(task.drop_front(),
                      [](int64_t size) { return size == 0; });
}

/// Of a dynamic number of keys, those of a part.
static OpFoldResult getKeysOfPart(RewriterBase &rewriter, Location loc,
                                  OpFoldResult keys, TilingAttr tiling) {
  AffineExpr a = rewriter.getAffineDimExpr(0);
  return affine::makeComposedFoldedAffineApply(
      rewriter, loc,
      a.ceilDiv(tiling.getKeySplit() * kMostPartsOfAnyKeys) *
          tiling.getKeySplit(),
      {keys});
}

KeyParts perceiver::getKeyParts(RewriterBase &rewriter, Location loc,
                                Value keys, Value mask, TilingAttr tiling) {
  OpFoldResult all = tensor::getMixedSize(rewriter, loc, keys, /*dim=*/1);
  OpFoldResult unit = rewriter.getIndexAttr(tiling.getKeySplit());
  AffineExpr a = rewriter.getAffineDimExpr(0), b = rewriter.getAffineDimExpr(1);
  if (getConstantIntValue(all))
    return {unit, affine::makeComposedFoldedAffineApply(
                      rewriter, loc, a.ceilDiv(b), {all, unit})};
  // Where there are no keys there is a part without any.
  all = affine::makeComposedFoldedAffineMax(
      rewriter, loc,
      AffineMap::get(1, 0, {a, rewriter.getAffineConstantExpr(1)},
                     rewriter.getContext()),
      {all});
  // Tasks of tiles of queries would each look for the last key again, and on a
  // GPU a task is what its kernels can do.
  if (mask && hasWholeEntries(tiling)) {
    AffineExpr most = rewriter.getAffineConstantExpr(kMostPartsOfAnyKeys);
    AffineMap map = AffineMap::get(
        1, 0, {a.ceilDiv(tiling.getKeySplit()), most}, rewriter.getContext());
    return {OpFoldResult(),
            affine::makeComposedFoldedAffineMin(rewriter, loc, map, {all})};
  }
  OpFoldResult each = getKeysOfPart(rewriter, loc, all, tiling);
  // Affine maps divide by constants only.
  OpFoldResult rounded = affine::makeComposedFoldedAffineApply(
      rewriter, loc, a + b - 1, {all, each});
  Value count = rewriter.createOrFold<arith::DivUIOp>(
      loc, getValueOrCreateConstantIndexOp(rewriter, loc, rounded),
      getValueOrCreateConstantIndexOp(rewriter, loc, each));
  return {each, getAsOpFoldResult(count)};
}

OpFoldResult perceiver::getEntriesTogether(RewriterBase &rewriter, Location loc,
                                           KeyParts parts) {
  Value most =
      arith::ConstantIndexOp::create(rewriter, loc, kMostPartsOfAnyKeys);
  Value count = getValueOrCreateConstantIndexOp(rewriter, loc, parts.count);
  return getAsOpFoldResult(
      rewriter.createOrFold<arith::DivUIOp>(loc, most, count));
}

Range perceiver::getPart(RewriterBase &rewriter, Location loc, KeyParts parts,
                         Value mask, TilingAttr tiling, Value part,
                         OpFoldResult entry, OpFoldResult all) {
  OpFoldResult one = rewriter.getIndexAttr(1);
  if (parts.keys) {
    AffineExpr a = rewriter.getAffineDimExpr(0),
               b = rewriter.getAffineDimExpr(1);
    OpFoldResult offset = affine::makeComposedFoldedAffineApply(
        rewriter, loc, a * b, {OpFoldResult(part), parts.keys});
    return {offset, getTileExtent(rewriter, loc, all, parts.keys, offset), one};
  }
  Value used =
      emitKeysInUse(rewriter, loc, mask,
                    getValueOrCreateConstantIndexOp(rewriter, loc, entry));
  Value keys = getValueOrCreateConstantIndexOp(
      rewriter, loc, getKeysOfPart(rewriter, loc, used, tiling));
  Value offset = arith::MulIOp::create(rewriter, loc, part, keys);
  offset = arith::MinUIOp::create(rewriter, loc, offset, used);
  Value rest = arith::SubIOp::create(rewriter, loc, used, offset);
  Value size = arith::MinUIOp::create(rewriter, loc, keys, rest);
  return {offset, size, one};
}
