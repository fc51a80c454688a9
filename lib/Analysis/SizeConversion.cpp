//===- SizeConversion.cpp - Sizes from and to IR --------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Unit/AnalysisSizeExprTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "lib/Analysis/SizeConversion.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "llvm/ADT/TypeSwitch.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Affine expressions
//===----------------------------------------------------------------------===//

static AffineExpr toAffine(const SizeFactor &factor, MLIRContext *context) {
  using Kind = SizeFactor::Kind;
  if (factor.getKind() == Kind::Size)
    return getAffineSymbolExpr(factor.getNumber(), context);
  bool roundsUp = factor.getKind() == Kind::CeilDiv;
  if (!roundsUp && factor.getKind() != Kind::FloorDiv)
    return {};
  AffineExpr lhs = perceiver::toAffine(factor.getOperands()[0], context);
  AffineExpr rhs = perceiver::toAffine(factor.getOperands()[1], context);
  if (!lhs || !rhs)
    return {};
  return roundsUp ? lhs.ceilDiv(rhs) : lhs.floorDiv(rhs);
}

AffineExpr perceiver::toAffine(const SizeExpr &expr, MLIRContext *context) {
  if (!expr.isKnown())
    return {};
  AffineExpr sum = getAffineConstantExpr(0, context);
  for (const auto &[product, coefficient] : expr.getTerms()) {
    AffineExpr term = getAffineConstantExpr(1, context);
    for (const SizeFactor &factor : product) {
      AffineExpr next = ::toAffine(factor, context);
      if (!next)
        return {};
      term = term * next;
    }
    sum = sum + term * coefficient;
  }
  return sum;
}

SizeExpr perceiver::fromAffine(AffineExpr expr, ArrayRef<SizeExpr> dims,
                               ArrayRef<SizeExpr> symbols) {
  auto get = [](ArrayRef<SizeExpr> values, unsigned position) {
    return position < values.size() ? values[position] : SizeExpr::unknown();
  };
  if (auto constant = dyn_cast<AffineConstantExpr>(expr))
    return SizeExpr(constant.getValue());
  if (auto dim = dyn_cast<AffineDimExpr>(expr))
    return get(dims, dim.getPosition());
  if (auto symbol = dyn_cast<AffineSymbolExpr>(expr))
    return get(symbols, symbol.getPosition());
  auto binary = cast<AffineBinaryOpExpr>(expr);
  SizeExpr lhs = fromAffine(binary.getLHS(), dims, symbols);
  SizeExpr rhs = fromAffine(binary.getRHS(), dims, symbols);
  switch (expr.getKind()) {
  case AffineExprKind::Add:
    return lhs + rhs;
  case AffineExprKind::Mul:
    return lhs * rhs;
  case AffineExprKind::FloorDiv:
    return SizeExpr::floorDiv(lhs, rhs);
  case AffineExprKind::CeilDiv:
    return SizeExpr::ceilDiv(lhs, rhs);
  case AffineExprKind::Mod:
    return SizeExpr::mod(lhs, rhs);
  default:
    llvm_unreachable("all binary kinds are above");
  }
}

//===----------------------------------------------------------------------===//
// Operations
//===----------------------------------------------------------------------===//

using Extreme = SizeExpr (*)(const SizeExpr &, const SizeExpr &);

/// The values of a map's results.
static SmallVector<SizeExpr>
applyMap(AffineMap map, ValueRange operands,
         function_ref<SizeExpr(Value)> getOperand) {
  SmallVector<SizeExpr> values, results;
  for (Value operand : operands)
    values.push_back(getOperand(operand));
  ArrayRef<SizeExpr> all(values);
  for (AffineExpr result : map.getResults())
    results.push_back(fromAffine(result, all.take_front(map.getNumDims()),
                                 all.drop_front(map.getNumDims())));
  return results;
}

static SizeExpr foldResults(ArrayRef<SizeExpr> results, Extreme extreme) {
  SizeExpr value = results.front();
  for (const SizeExpr &result : results.drop_front())
    value = extreme(value, result);
  return value;
}

SizeExpr perceiver::getArithmetic(Operation *op,
                                  function_ref<SizeExpr(Value)> getOperand) {
  auto get = [&](unsigned number) {
    return getOperand(op->getOperand(number));
  };
  return TypeSwitch<Operation *, SizeExpr>(op)
      .Case([&](arith::AddIOp) { return get(0) + get(1); })
      .Case([&](arith::SubIOp) { return get(0) - get(1); })
      .Case([&](arith::MulIOp) { return get(0) * get(1); })
      .Case([&](arith::FloorDivSIOp) {
        return SizeExpr::floorDiv(get(0), get(1));
      })
      // Indices are not negative.
      .Case([&](arith::DivUIOp) { return SizeExpr::floorDiv(get(0), get(1)); })
      .Case<arith::CeilDivSIOp, arith::CeilDivUIOp>(
          [&](auto) { return SizeExpr::ceilDiv(get(0), get(1)); })
      .Case([&](arith::MinSIOp) { return SizeExpr::min(get(0), get(1)); })
      .Case([&](arith::MaxSIOp) { return SizeExpr::max(get(0), get(1)); })
      .Case([&](affine::AffineApplyOp apply) {
        return applyMap(apply.getAffineMap(), apply.getMapOperands(),
                        getOperand)
            .front();
      })
      .Case([&](affine::AffineMinOp min) {
        return foldResults(
            applyMap(min.getMap(), min.getOperands(), getOperand),
            SizeExpr::min);
      })
      .Case([&](affine::AffineMaxOp max) {
        return foldResults(
            applyMap(max.getMap(), max.getOperands(), getOperand),
            SizeExpr::max);
      })
      .Default([](Operation *) { return SizeExpr::unknown(); });
}

SizeExpr perceiver::getMinimumBound(Operation *op,
                                    function_ref<SizeExpr(Value)> getOperand) {
  auto min = dyn_cast<affine::AffineMinOp>(op);
  if (!min)
    return SizeExpr::unknown();
  SmallVector<SizeExpr> results =
      applyMap(min.getMap(), min.getOperands(), getOperand);
  llvm::erase_if(results, [](const SizeExpr &e) { return !e.isKnown(); });
  return results.empty() ? SizeExpr::unknown()
                         : foldResults(results, SizeExpr::min);
}
