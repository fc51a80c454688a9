//===- SizeOperations.cpp - Divisions and extremes of sizes ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is no polynomial is written one way, whichever way it was computed:
//
//   (n * 12 + m + 70) floordiv 8      n + (n * 4 + m + 6) floordiv 8 + 8
//   (n * 6 + 4) floordiv 8            (n * 3 + 2) floordiv 4
//   (n floordiv 3) floordiv 5         n floordiv 15
//   (n + 7) floordiv 8                n ceildiv 8
//   (batch * rows) floordiv rows      batch
//   min(m, min(n + 1, n))             min(m, n)
//
// Test: test/Unit/AnalysisSizeExprTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "lib/Analysis/SizeExpr.h"
#include "lib/Analysis/SizeRelation.h"

#include "llvm/Support/MathExtras.h"

#include <algorithm>
#include <numeric>

using namespace mlir;
using namespace mlir::perceiver;

using Kind = SizeFactor::Kind;

static int64_t getConstantTerm(const SizeExpr &expr) {
  auto term = expr.getTerms().find({});
  return term == expr.getTerms().end() ? 0 : term->second;
}

static SizeExpr makeOperation(Kind kind, std::vector<SizeExpr> operands) {
  SizeExpr result;
  result.add({SizeFactor(kind, std::move(operands))}, 1);
  return result;
}

/// From 0 to below `divisor`.
static int64_t getRest(int64_t value, int64_t divisor) {
  int64_t rest = value % divisor;
  return rest < 0 ? rest + divisor : rest;
}

/// The greatest number that divides `start` and all coefficients but that of
/// the constant, which rounding takes care of.
static int64_t getCommonFactor(const SizeExpr &expr, int64_t start) {
  uint64_t common = start;
  for (const auto &[product, factor] : expr.getTerms())
    if (!product.empty())
      common = std::gcd(common, factor < 0 ? -static_cast<uint64_t>(factor)
                                           : static_cast<uint64_t>(factor));
  return common;
}

/// Divide all coefficients, rounding the constant down.
static SizeExpr divideCoefficients(const SizeExpr &expr, int64_t divisor) {
  SizeExpr result;
  for (const auto &[product, factor] : expr.getTerms())
    result.add(product, llvm::divideFloorSigned(factor, divisor));
  return result;
}

//===----------------------------------------------------------------------===//
// By constants
//===----------------------------------------------------------------------===//

namespace {
/// dividend floordiv divisor.
struct ConstantDivision {
  SizeExpr dividend;
  int64_t divisor;
};
} // namespace

/// Look through a factor that divides by a constant.
static std::optional<ConstantDivision>
getConstantDivision(const SizeFactor &factor) {
  if (factor.getKind() != Kind::FloorDiv && factor.getKind() != Kind::CeilDiv)
    return std::nullopt;
  std::optional<int64_t> divisor = factor.getOperands()[1].getConstant();
  if (!divisor)
    return std::nullopt;
  SizeExpr dividend = factor.getOperands()[0];
  if (factor.getKind() == Kind::CeilDiv)
    dividend += SizeExpr(*divisor - 1);
  return ConstantDivision{dividend, *divisor};
}

static SizeExpr divideByConstant(const SizeExpr &dividend, int64_t divisor) {
  SizeExpr quotient, rest;
  for (const auto &[product, factor] : dividend.getTerms()) {
    quotient.add(product, llvm::divideFloorSigned(factor, divisor));
    rest.add(product, getRest(factor, divisor));
  }
  // A constant below the divisor.
  if (rest.getConstant())
    return quotient;
  int64_t common = getCommonFactor(rest, divisor);
  rest = divideCoefficients(rest, common);
  divisor /= common;
  if (divisor == 1)
    return quotient + rest;
  int64_t constant = getConstantTerm(rest);
  SizeExpr varying = rest - SizeExpr(constant);
  if (const SizeFactor *factor = varying.getFactor())
    if (std::optional<ConstantDivision> inner = getConstantDivision(*factor)) {
      // (x floordiv a + c) floordiv b is (x + a c) floordiv (a b).
      SizeExpr product = SizeExpr(inner->divisor) * SizeExpr(divisor);
      SizeExpr sum =
          inner->dividend + SizeExpr(inner->divisor) * SizeExpr(constant);
      if (product.isKnown() && sum.isKnown())
        return quotient + divideByConstant(sum, *product.getConstant());
    }
  if (constant == divisor - 1)
    return quotient +
           makeOperation(Kind::CeilDiv, {varying, SizeExpr(divisor)});
  return quotient + makeOperation(Kind::FloorDiv, {rest, SizeExpr(divisor)});
}

//===----------------------------------------------------------------------===//
// By products of sizes
//===----------------------------------------------------------------------===//

static bool isLess(const SizeFactor &lhs, const SizeFactor &rhs) {
  return lhs.compare(rhs) < 0;
}

/// `product` without the factors of `part`, if it has all of them.
static std::optional<SizeExpr::Product>
without(const SizeExpr::Product &product, const SizeExpr::Product &part) {
  if (!std::includes(product.begin(), product.end(), part.begin(), part.end(),
                     isLess))
    return std::nullopt;
  SizeExpr::Product rest;
  std::set_difference(product.begin(), product.end(), part.begin(), part.end(),
                      std::back_inserter(rest), isLess);
  return rest;
}

/// Divide all products by `factor`, if all have it.
static std::optional<SizeExpr> divideByFactor(const SizeExpr &expr,
                                              const SizeFactor &factor) {
  SizeExpr result;
  for (const auto &[product, coefficient] : expr.getTerms()) {
    std::optional<SizeExpr::Product> rest = without(product, {factor});
    if (!rest)
      return std::nullopt;
    result.add(*rest, coefficient);
  }
  return result;
}

/// A divisor of one product, which is 1 or more.
static SizeExpr divideByProduct(const SizeExpr &dividend,
                                const SizeExpr::Product &product,
                                int64_t coefficient) {
  SizeExpr quotient, rest;
  for (const auto &[term, factor] : dividend.getTerms()) {
    std::optional<SizeExpr::Product> part = without(term, product);
    if (part)
      quotient.add(*part, llvm::divideFloorSigned(factor, coefficient));
    rest.add(term, part ? getRest(factor, coefficient) : factor);
  }
  int64_t common = getCommonFactor(rest, coefficient);
  rest = divideCoefficients(rest, common);
  SizeExpr::Product left;
  for (const SizeFactor &factor : product) {
    std::optional<SizeExpr> shorter;
    if (isAtLeast(factor, 1))
      shorter = divideByFactor(rest, factor);
    if (shorter)
      rest = *shorter;
    else
      left.push_back(factor);
  }
  if (rest.isZero())
    return quotient;
  if (rest == SizeExpr(-1))
    return quotient - SizeExpr(1);
  if (left.empty())
    return quotient + divideByConstant(rest, coefficient / common);
  SizeExpr divisor;
  divisor.add(left, coefficient / common);
  // n ceildiv m got here as (n - 1) floordiv m + 1.
  if (getConstantTerm(rest) == -1)
    return quotient - SizeExpr(1) +
           makeOperation(Kind::CeilDiv, {rest + SizeExpr(1), divisor});
  return quotient + makeOperation(Kind::FloorDiv, {rest, divisor});
}

//===----------------------------------------------------------------------===//
// By anything
//===----------------------------------------------------------------------===//

SizeExpr SizeExpr::floorDiv(const SizeExpr &dividend, const SizeExpr &divisor) {
  if (!dividend.isKnown() || !divisor.isKnown())
    return unknown();
  if (std::optional<int64_t> constant = divisor.getConstant())
    return *constant > 0 ? divideByConstant(dividend, *constant) : unknown();
  if (isAtLeast(divisor, 1)) {
    if (divisor.getTerms().size() == 1)
      return divideByProduct(dividend, divisor.getTerms().begin()->first,
                             divisor.getTerms().begin()->second);
    if (dividend.isZero() || dividend == divisor)
      return SizeExpr(dividend.isZero() ? 0 : 1);
  }
  return makeOperation(Kind::FloorDiv, {dividend, divisor});
}

SizeExpr SizeExpr::ceilDiv(const SizeExpr &dividend, const SizeExpr &divisor) {
  if (!dividend.isKnown() || !divisor.isKnown())
    return unknown();
  if (divisor.getConstant() ||
      (divisor.getTerms().size() == 1 && isAtLeast(divisor, 1)))
    return floorDiv(dividend + divisor - SizeExpr(1), divisor);
  return makeOperation(Kind::CeilDiv, {dividend, divisor});
}

SizeExpr SizeExpr::mod(const SizeExpr &dividend, const SizeExpr &divisor) {
  return dividend - floorDiv(dividend, divisor) * divisor;
}

//===----------------------------------------------------------------------===//
// Extremes
//===----------------------------------------------------------------------===//

/// Whether `kind` of the two is `lhs` whatever the sizes are.
static bool isChosen(Kind kind, const SizeExpr &lhs, const SizeExpr &rhs) {
  return kind == Kind::Min ? isKnownToHold(lhs, SizeRelation::AtMost, rhs)
                           : isKnownToHold(rhs, SizeRelation::AtMost, lhs);
}

static SizeExpr makeExtreme(Kind kind, const SizeExpr &lhs,
                            const SizeExpr &rhs) {
  if (!lhs.isKnown() || !rhs.isKnown())
    return SizeExpr::unknown();
  std::vector<SizeExpr> chosen;
  auto add = [&](const SizeExpr &value) {
    if (llvm::any_of(chosen, [&](const SizeExpr &other) {
          return isChosen(kind, other, value);
        }))
      return;
    llvm::erase_if(chosen, [&](const SizeExpr &other) {
      return isChosen(kind, value, other);
    });
    chosen.push_back(value);
  };
  for (const SizeExpr *operand : {&lhs, &rhs}) {
    const SizeFactor *factor = operand->getFactor();
    if (factor && factor->getKind() == kind)
      llvm::for_each(factor->getOperands(), add);
    else
      add(*operand);
  }
  llvm::sort(chosen, [](const SizeExpr &left, const SizeExpr &right) {
    return left.compare(right) < 0;
  });
  return chosen.size() == 1 ? chosen.front()
                            : makeOperation(kind, std::move(chosen));
}

SizeExpr SizeExpr::min(const SizeExpr &lhs, const SizeExpr &rhs) {
  return makeExtreme(Kind::Min, lhs, rhs);
}

SizeExpr SizeExpr::max(const SizeExpr &lhs, const SizeExpr &rhs) {
  return makeExtreme(Kind::Max, lhs, rhs);
}
