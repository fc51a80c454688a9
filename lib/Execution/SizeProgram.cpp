//===- SizeProgram.cpp - Sizes as postfix programs ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Execution/SizeProgram.h"

#include "dialect/PerceiverFrameOps.h"
#include "lib/Runtime/perceiver_runtime.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::perceiver;

void SizeProgramBuilder::emit(int64_t opcode, int64_t value) {
  code.append({opcode, value});
}

void SizeProgramBuilder::pushConstant(int64_t value) {
  emit(PERCEIVER_SIZE_CONSTANT, value);
}

void SizeProgramBuilder::multiply() { emit(PERCEIVER_SIZE_MUL); }

LogicalResult SizeProgramBuilder::push(Value value) {
  if (std::optional<int64_t> constant = getConstantIntValue(value)) {
    pushConstant(*constant);
    return success();
  }
  Operation *op = value.getDefiningOp();
  if (auto size = dyn_cast_or_null<FrameSizeOp>(op)) {
    emit(PERCEIVER_SIZE_SYMBOL, size.getNumber());
    return success();
  }
  if (auto apply = dyn_cast_or_null<affine::AffineApplyOp>(op))
    return pushExpression(
        apply.getAffineMap().getResult(0), [&](AffineExpr leaf) {
          if (auto dim = dyn_cast<AffineDimExpr>(leaf))
            return push(apply.getDimOperands()[dim.getPosition()]);
          auto symbol = cast<AffineSymbolExpr>(leaf);
          return push(apply.getSymbolOperands()[symbol.getPosition()]);
        });
  auto binary = [&](int64_t opcode) -> LogicalResult {
    if (failed(push(op->getOperand(0))) || failed(push(op->getOperand(1))))
      return failure();
    emit(opcode);
    return success();
  };
  if (isa_and_nonnull<arith::AddIOp>(op))
    return binary(PERCEIVER_SIZE_ADD);
  if (isa_and_nonnull<arith::MulIOp>(op))
    return binary(PERCEIVER_SIZE_MUL);
  if (isa_and_nonnull<arith::CeilDivSIOp, arith::CeilDivUIOp>(op))
    return binary(PERCEIVER_SIZE_CEILDIV);
  if (auto dim = dyn_cast_or_null<memref::DimOp>(op)) {
    auto argument = dim.getSource().getDefiningOp<FrameArgumentOp>();
    std::optional<int64_t> index = dim.getConstantIndex();
    if (!argument || !index)
      return failure();
    auto type = cast<MemRefType>(argument.getType());
    // To ask for a dimension that is none is undefined, but valid IR.
    if (*index < 0 || *index >= type.getRank())
      return failure();
    if (!type.isDynamicDim(*index)) {
      pushConstant(type.getDimSize(*index));
      return success();
    }
    return push(argument.getSizes()[type.getDynamicDimIndex(*index)]);
  }
  return failure();
}

LogicalResult SizeProgramBuilder::push(AffineExpr expression) {
  return pushExpression(expression, [&](AffineExpr leaf) -> LogicalResult {
    auto symbol = dyn_cast<AffineSymbolExpr>(leaf);
    if (!symbol)
      return failure();
    emit(PERCEIVER_SIZE_SYMBOL, symbol.getPosition());
    return success();
  });
}

LogicalResult SizeProgramBuilder::pushExpression(
    AffineExpr expression, function_ref<LogicalResult(AffineExpr)> pushLeaf) {
  if (auto constant = dyn_cast<AffineConstantExpr>(expression)) {
    pushConstant(constant.getValue());
    return success();
  }
  if (isa<AffineDimExpr, AffineSymbolExpr>(expression))
    return pushLeaf(expression);
  auto binary = cast<AffineBinaryOpExpr>(expression);
  if (failed(pushExpression(binary.getLHS(), pushLeaf)) ||
      failed(pushExpression(binary.getRHS(), pushLeaf)))
    return failure();
  switch (expression.getKind()) {
  case AffineExprKind::Add:
    emit(PERCEIVER_SIZE_ADD);
    return success();
  case AffineExprKind::Mul:
    emit(PERCEIVER_SIZE_MUL);
    return success();
  case AffineExprKind::FloorDiv:
    emit(PERCEIVER_SIZE_FLOORDIV);
    return success();
  case AffineExprKind::CeilDiv:
    emit(PERCEIVER_SIZE_CEILDIV);
    return success();
  case AffineExprKind::Mod:
    emit(PERCEIVER_SIZE_MOD);
    return success();
  default:
    return failure();
  }
}
