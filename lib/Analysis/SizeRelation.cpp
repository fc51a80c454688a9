//===- SizeRelation.cpp - What is known of two sizes ----------------------===//
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

#include "lib/Analysis/SizeRelation.h"

#include "llvm/Support/CheckedArithmetic.h"
#include "llvm/Support/MathExtras.h"

#include <algorithm>

using namespace mlir;
using namespace mlir::perceiver;

using Kind = SizeFactor::Kind;

//===----------------------------------------------------------------------===//
// Factors
//===----------------------------------------------------------------------===//

namespace {
struct Interval {
  std::optional<int64_t> low, high;
};
} // namespace

static Interval getInterval(const SizeExpr &expr) {
  return {getLowerBound(expr), getUpperBound(expr)};
}

/// A quotient by some positive number lies between the dividend and 0, and on
/// the side to which it is rounded.
static Interval getDivisionInterval(const SizeFactor &factor) {
  Interval dividend = getInterval(factor.getOperands()[0]);
  bool roundsUp = factor.getKind() == Kind::CeilDiv;
  Interval result;
  if (std::optional<int64_t> divisor = factor.getOperands()[1].getConstant()) {
    auto divide = roundsUp ? llvm::divideCeilSigned<int64_t, int64_t>
                           : llvm::divideFloorSigned<int64_t, int64_t>;
    if (dividend.low)
      result.low = divide(*dividend.low, *divisor);
    if (dividend.high)
      result.high = divide(*dividend.high, *divisor);
    return result;
  }
  if (dividend.low)
    result.low = std::min<int64_t>(*dividend.low, roundsUp ? 1 : 0);
  if (dividend.high)
    result.high = std::max<int64_t>(*dividend.high, roundsUp ? 0 : -1);
  return result;
}

static Interval getMinimumInterval(ArrayRef<SizeExpr> operands) {
  Interval result = getInterval(operands.front());
  for (const SizeExpr &operand : operands.drop_front()) {
    Interval next = getInterval(operand);
    // Unknown is below all numbers as a lower bound, above as an upper one.
    result.low = std::min(result.low, next.low);
    if (!result.high || (next.high && *next.high < *result.high))
      result.high = next.high;
  }
  return result;
}

static Interval getMaximumInterval(ArrayRef<SizeExpr> operands) {
  Interval result = getInterval(operands.front());
  for (const SizeExpr &operand : operands.drop_front()) {
    Interval next = getInterval(operand);
    result.low = std::max(result.low, next.low);
    if (!next.high || (result.high && *next.high > *result.high))
      result.high = next.high;
  }
  return result;
}

static Interval getInterval(const SizeFactor &factor) {
  switch (factor.getKind()) {
  case Kind::Size:
    return {factor.getMinimum(), std::nullopt};
  case Kind::FloorDiv:
  case Kind::CeilDiv:
    return getDivisionInterval(factor);
  case Kind::Min:
    return getMinimumInterval(factor.getOperands());
  case Kind::Max:
    return getMaximumInterval(factor.getOperands());
  }
  llvm_unreachable("all kinds are above");
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

/// With every factor written as its lower bound and what it is more than that,
/// an expression without negative coefficients is least where all of that is 0.
static std::optional<int64_t> getLeastOfShifted(const SizeExpr &expr) {
  SizeExpr shifted;
  for (const auto &[product, coefficient] : expr.getTerms()) {
    SizeExpr term(coefficient);
    for (const SizeFactor &factor : product) {
      std::optional<int64_t> low = getInterval(factor).low;
      if (!low)
        return std::nullopt;
      SizeExpr sum(*low);
      sum.add({factor}, 1);
      term *= sum;
    }
    shifted += term;
  }
  int64_t least = 0;
  for (const auto &[product, coefficient] : shifted.getTerms()) {
    if (product.empty())
      least = coefficient;
    else if (coefficient < 0)
      return std::nullopt;
  }
  return shifted.isKnown() ? std::optional<int64_t>(least) : std::nullopt;
}

/// The sum of what each product is at least, if no factor is negative.
static std::optional<int64_t> getSumOfLeast(const SizeExpr &expr) {
  std::optional<int64_t> sum = 0;
  for (const auto &[product, coefficient] : expr.getTerms()) {
    std::optional<int64_t> term = coefficient;
    for (const SizeFactor &factor : product) {
      Interval interval = getInterval(factor);
      std::optional<int64_t> bound =
          coefficient > 0 ? interval.low : interval.high;
      if (!interval.low || *interval.low < 0 || !bound)
        return std::nullopt;
      term = llvm::checkedMul(*term, *bound);
      if (!term)
        return std::nullopt;
    }
    sum = llvm::checkedAdd(*sum, *term);
    if (!sum)
      return std::nullopt;
  }
  return sum;
}

std::optional<int64_t> perceiver::getLowerBound(const SizeExpr &expr) {
  if (!expr.isKnown())
    return std::nullopt;
  if (std::optional<int64_t> constant = expr.getConstant())
    return constant;
  // No number is less than nothing.
  return std::max(getLeastOfShifted(expr), getSumOfLeast(expr));
}

std::optional<int64_t> perceiver::getUpperBound(const SizeExpr &expr) {
  std::optional<int64_t> low = getLowerBound(expr * SizeExpr(-1));
  return low ? llvm::checkedSub<int64_t>(0, *low) : std::nullopt;
}

bool perceiver::isAtLeast(const SizeExpr &expr, int64_t bound) {
  std::optional<int64_t> low = getLowerBound(expr);
  return low && *low >= bound;
}

bool perceiver::isAtLeast(const SizeFactor &factor, int64_t bound) {
  std::optional<int64_t> low = getInterval(factor).low;
  return low && *low >= bound;
}

std::optional<bool> perceiver::decide(const SizeExpr &lhs,
                                      SizeRelation relation,
                                      const SizeExpr &rhs) {
  if (relation == SizeRelation::MultipleOf) {
    std::optional<int64_t> rest = SizeExpr::mod(lhs, rhs).getConstant();
    return rest ? std::optional<bool>(*rest == 0) : std::nullopt;
  }
  SizeExpr more = rhs - lhs;
  if (relation == SizeRelation::Equal && more.isZero())
    return true;
  std::optional<int64_t> low = getLowerBound(more), high = getUpperBound(more);
  if (relation == SizeRelation::AtMost) {
    if (low && *low >= 0)
      return true;
    return high && *high < 0 ? std::optional<bool>(false) : std::nullopt;
  }
  bool differ = (low && *low > 0) || (high && *high < 0);
  return differ ? std::optional<bool>(false) : std::nullopt;
}
