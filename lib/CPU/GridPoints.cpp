//===- GridPoints.cpp - What kernels read of points of a grid -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/GridPoints.h"

#include "dialect/Block/AttentionState.h"
#include "lib/CPU/AttentionKernel.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::perceiver;

GridPoints::GridPoints(KernelBuilder &kernel, Value features, Value factors,
                       Value mask, int64_t longest)
    : kernel(kernel), features(features), factors(factors), mask(mask),
      count(cast<MemRefType>(features.getType()).getDimSize(2)) {
  if (!mask)
    return;
  featureCopy = kernel.scratch({longest, count});
  factorCopy = kernel.scratch({longest});
}

Value GridPoints::isMasked(Value point, int64_t state) {
  OpBuilder &b = kernel.builder;
  Value found = kernel.loadScalar(mask, {batch, point});
  Value expected = arith::ConstantOp::create(
      b, kernel.loc, b.getIntegerAttr(found.getType(), state));
  return arith::CmpIOp::create(b, kernel.loc, arith::CmpIPredicate::eq, found,
                               expected);
}

void GridPoints::enter(const GridStrip &strip) {
  if (!mask)
    return;
  OpBuilder &b = kernel.builder;
  kernel.loop(kernel.index(0), kernel.index(strip.size), 1, [&](Value j) {
    Value point = kernel.add(strip.point, j);
    Value masked = isMasked(point, 0);
    auto zeroIfMasked = [&](Value value) -> Value {
      return arith::SelectOp::create(b, kernel.loc, masked, kernel.f32(0.0),
                                     value);
    };
    kernel.storeScalar(zeroIfMasked(kernel.loadScalar(factors, {batch, point})),
                       factorCopy, j);
    kernel.loop(kernel.index(0), kernel.index(count), 1, [&](Value f) {
      kernel.storeScalar(
          zeroIfMasked(kernel.loadScalar(features, {batch, point, f})),
          featureCopy, {j, f});
    });
  });
}

Value GridPoints::factorAt(const GridStrip &strip, Value j) {
  if (mask)
    return kernel.splat(kernel.loadScalar(factorCopy, j));
  return kernel.splat(
      kernel.loadScalar(factors, {batch, kernel.add(strip.point, j)}));
}

Value GridPoints::featureAt(const GridStrip &strip, Value j, Value feature) {
  if (mask)
    return kernel.loadScalar(featureCopy, {j, feature});
  return kernel.loadScalar(features,
                           {batch, kernel.add(strip.point, j), feature});
}

Value GridPoints::maskScore(const GridStrip &strip, Value j, Value score) {
  if (!mask)
    return score;
  OpBuilder &b = kernel.builder;
  Value point = kernel.add(strip.point, j);
  score = arith::SelectOp::create(b, kernel.loc, isMasked(point, 0),
                                  kernel.splat(kNegativeInfinity), score);
  return arith::SelectOp::create(b, kernel.loc, isMasked(point, 2),
                                 kernel.splat(kMaskedScore), score);
}
