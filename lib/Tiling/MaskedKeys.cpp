//===- MaskedKeys.cpp - Which keys of a mask are needed -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Loops over bytes, without an early end: they become vector code.
//
// Tests: test/Tiling/clip-masked-keys.mlir,
// test/Tiling/skip-masked-keys.mlir, test/Tiling/split-keys-mask.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Tiling/MaskedKeys.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::perceiver;

using Step =
    function_ref<Value(OpBuilder &, Location, Value iv, Value carried)>;

/// A loop over dimension `dim` of `mask` that carries one value, if it runs
/// more than once.
static Value loopOver(OpBuilder &builder, Location loc, Value mask, int64_t dim,
                      Value init, Step step) {
  Value zero = arith::ConstantIndexOp::create(builder, loc, 0);
  Value one = arith::ConstantIndexOp::create(builder, loc, 1);
  if (cast<ShapedType>(mask.getType()).getDimSize(dim) == 1)
    return step(builder, loc, zero, init);
  Value size = builder.createOrFold<tensor::DimOp>(loc, mask, dim);
  auto loop = scf::ForOp::create(
      builder, loc, zero, size, one, init,
      [&](OpBuilder &inner, Location at, Value iv, ValueRange carried) {
        scf::YieldOp::create(inner, at, step(inner, at, iv, carried[0]));
      });
  return loop.getResult(0);
}

Value perceiver::emitKeysInUse(OpBuilder &builder, Location loc, Value mask,
                               Value row) {
  Value none = arith::ConstantIndexOp::create(builder, loc, 0);
  auto step = [&](OpBuilder &b, Location at, Value key, Value last) -> Value {
    Value state = tensor::ExtractOp::create(b, at, mask, {row, key});
    Value isMasked = arith::CmpIOp::create(
        b, at, arith::CmpIPredicate::eq, state,
        arith::ConstantOp::create(b, at, b.getZeroAttr(state.getType())));
    Value count = arith::AddIOp::create(
        b, at, key, arith::ConstantIndexOp::create(b, at, 1));
    count = arith::SelectOp::create(b, at, isMasked, none, count);
    return arith::MaxUIOp::create(b, at, last, count);
  };
  Value used = loopOver(builder, loc, mask, /*dim=*/1, none, step);
  // So that the plan of the memory sees that they are not more than there are.
  OpFoldResult bounded = affine::makeComposedFoldedAffineMin(
      builder, loc, AffineMap::getMultiDimIdentityMap(2, builder.getContext()),
      {used, tensor::getMixedSize(builder, loc, mask, /*dim=*/1)});
  return getValueOrCreateConstantIndexOp(builder, loc, bounded);
}

Value perceiver::emitIsAnyKeyInUse(OpBuilder &builder, Location loc,
                                   Value mask) {
  Type element = cast<ShapedType>(mask.getType()).getElementType();
  Value none =
      arith::ConstantOp::create(builder, loc, builder.getZeroAttr(element));
  auto rowStep = [&](OpBuilder &b, Location at, Value row, Value any) -> Value {
    return loopOver(b, at, mask, /*dim=*/1, any,
                    [&](OpBuilder &inner, Location place, Value key,
                        Value carried) -> Value {
                      Value state = tensor::ExtractOp::create(inner, place,
                                                              mask, {row, key});
                      return arith::OrIOp::create(inner, place, carried, state);
                    });
  };
  Value any = loopOver(builder, loc, mask, /*dim=*/0, none, rowStep);
  return arith::CmpIOp::create(builder, loc, arith::CmpIPredicate::ne, any,
                               none);
}
