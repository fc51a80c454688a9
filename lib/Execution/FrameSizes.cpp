//===- FrameSizes.cpp - Indices by the sizes of a frame -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Execution/FrameSizes.h"

#include "dialect/Frame/FrameAttrs.h"
#include "dialect/Frame/FrameOps.h"
#include "lib/Analysis/SizeConversion.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::perceiver;

SizeExpr FrameSizes::get(Value index) {
  if (auto found = known.find(index); found != known.end())
    return found->second;
  SizeExpr value = trace(index);
  known[index] = value;
  return value;
}

SizeExpr FrameSizes::getBound(Value index) {
  SizeExpr value = get(index);
  Operation *op = index.getDefiningOp();
  if (value.isKnown() || !op)
    return value;
  if (auto product = dyn_cast<arith::MulIOp>(op))
    return getBound(product.getLhs()) * getBound(product.getRhs());
  return getMinimumBound(op, [&](Value operand) { return get(operand); });
}

SizeExpr FrameSizes::trace(Value index) {
  if (std::optional<int64_t> constant = getConstantIntValue(index))
    return SizeExpr(*constant);
  Operation *op = index.getDefiningOp();
  if (!op)
    return SizeExpr::unknown();
  if (auto size = dyn_cast<frame::SizeOp>(op)) {
    // Tasks do not know their entry; nothing there depends on what is known of
    // an offset.
    auto entry = frame::EntryAttr::of(size->getParentOfType<func::FuncOp>());
    return entry && entry.isOffset(size.getNumber())
               ? SizeExpr::offset(size.getNumber())
               : SizeExpr::size(size.getNumber());
  }
  auto dim = dyn_cast<memref::DimOp>(op);
  if (!dim)
    return getArithmetic(op, [&](Value operand) { return get(operand); });
  auto argument = dim.getSource().getDefiningOp<frame::ArgumentOp>();
  std::optional<int64_t> number = dim.getConstantIndex();
  if (!argument || !number)
    return SizeExpr::unknown();
  auto type = cast<MemRefType>(argument.getType());
  // To ask for a dimension that is none is undefined, but valid IR.
  if (*number < 0 || *number >= type.getRank())
    return SizeExpr::unknown();
  if (!type.isDynamicDim(*number))
    return SizeExpr(type.getDimSize(*number));
  return get(argument.getSizes()[type.getDynamicDimIndex(*number)]);
}
