//===- SizeFacts.cpp - Sizes of which something is known ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Unit/AnalysisSizeFactsTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "lib/Analysis/SizeFacts.h"

#include "llvm/ADT/STLExtras.h"

#include <numeric>

using namespace mlir;
using namespace mlir::perceiver;

using Kind = SizeFactor::Kind;

/// How many inequalities one proof may need.
static constexpr unsigned kMostSteps = 4;

//===----------------------------------------------------------------------===//
// Replacements
//===----------------------------------------------------------------------===//

SizeExpr SizeFacts::simplify(const SizeFactor &factor) const {
  if (factor.getKind() == Kind::Size) {
    auto found = replacements.find(factor.getNumber());
    if (found != replacements.end())
      return simplify(found->second);
    SizeExpr size;
    size.add({factor}, 1);
    return size;
  }
  SizeExpr value = simplify(factor.getOperands().front());
  for (const SizeExpr &operand : factor.getOperands().drop_front()) {
    SizeExpr next = simplify(operand);
    switch (factor.getKind()) {
    case Kind::FloorDiv:
      value = SizeExpr::floorDiv(value, next);
      break;
    case Kind::CeilDiv:
      value = SizeExpr::ceilDiv(value, next);
      break;
    case Kind::Min:
      value = SizeExpr::min(value, next);
      break;
    case Kind::Max:
      value = SizeExpr::max(value, next);
      break;
    case Kind::Size:
      llvm_unreachable("a size has no operands");
    }
  }
  return value;
}

SizeExpr SizeFacts::simplify(const SizeExpr &expr) const {
  if (!expr.isKnown() || replacements.empty())
    return expr;
  SizeExpr sum;
  for (const auto &[product, coefficient] : expr.getTerms()) {
    SizeExpr term(coefficient);
    for (const SizeFactor &factor : product)
      term *= simplify(factor);
    sum += term;
  }
  return sum;
}

void SizeFacts::replace(const SizeFactor &size, const SizeExpr &value) {
  // What is known of the size is now to be known of its replacement.
  nonnegative.push_back(value - SizeExpr(size.getMinimum()));
  replacements[size.getNumber()] = value;
}

//===----------------------------------------------------------------------===//
// Facts
//===----------------------------------------------------------------------===//

/// Whether a size stands anywhere in an expression.
static bool contains(const SizeExpr &expr, const SizeFactor &size) {
  for (const auto &[product, coefficient] : expr.getTerms())
    for (const SizeFactor &factor : product)
      if (factor.getKind() == Kind::Size
              ? factor.getNumber() == size.getNumber()
              : llvm::any_of(factor.getOperands(),
                             [&](const SizeExpr &operand) {
                               return contains(operand, size);
                             }))
        return true;
  return false;
}

/// A size that an expression is a multiple of, and how often.
static const SizeFactor *getOnlySize(const SizeExpr &expr,
                                     int64_t &coefficient) {
  if (expr.getTerms().size() != 1)
    return nullptr;
  const auto &[product, times] = *expr.getTerms().begin();
  coefficient = times;
  bool isSize = product.size() == 1 && product.front().getKind() == Kind::Size;
  return isSize ? &product.front() : nullptr;
}

void SizeFacts::assumeEqual(const SizeExpr &lhs, const SizeExpr &rhs) {
  // A size that is added or subtracted once is what the rest is.
  SizeExpr difference = lhs - rhs;
  for (const auto &[product, coefficient] : difference.getTerms()) {
    if (product.size() != 1 || product.front().getKind() != Kind::Size ||
        (coefficient != 1 && coefficient != -1))
      continue;
    const SizeFactor size = product.front();
    SizeExpr rest = difference;
    rest.add(product, -coefficient);
    rest *= -coefficient;
    if (!rest.isKnown() || contains(rest, size))
      continue;
    replace(size, rest);
    return;
  }
  nonnegative.push_back(difference);
  nonnegative.push_back(rhs - lhs);
}

void SizeFacts::assumeMultiple(const SizeExpr &value, const SizeExpr &divisor) {
  int64_t coefficient = 1;
  const SizeFactor *size = getOnlySize(value, coefficient);
  SizeExpr step = divisor;
  if (std::optional<int64_t> constant = divisor.getConstant();
      constant && coefficient > 0)
    step = SizeExpr(*constant / std::gcd(*constant, coefficient));
  else if (coefficient != 1)
    size = nullptr;
  if (!size || !isAtLeast(step, 1) || contains(step, *size)) {
    multiples.emplace_back(value, divisor);
    return;
  }
  const SizeFactor replaced = *size;
  SizeExpr times;
  times.add(
      {SizeFactor(nextNumber++, std::min<int64_t>(replaced.getMinimum(), 1))},
      1);
  replace(replaced, step * times);
}

void SizeFacts::assume(const SizeExpr &lhs, SizeRelation relation,
                       const SizeExpr &rhs) {
  SizeExpr left = simplify(lhs), right = simplify(rhs);
  if (!left.isKnown() || !right.isKnown())
    return;
  switch (relation) {
  case SizeRelation::Equal:
    return assumeEqual(left, right);
  case SizeRelation::AtMost:
    return nonnegative.push_back(right - left);
  case SizeRelation::MultipleOf:
    return assumeMultiple(left, right);
  }
}

//===----------------------------------------------------------------------===//
// Proofs
//===----------------------------------------------------------------------===//

bool SizeFacts::isNonnegative(const SizeExpr &expr, unsigned depth) const {
  if (isAtLeast(expr, 0))
    return true;
  if (depth == 0 || !expr.isKnown())
    return false;
  for (const SizeExpr &assumed : nonnegative) {
    SizeExpr fact = simplify(assumed);
    for (const auto &[product, coefficient] : fact.getTerms()) {
      auto term = expr.getTerms().find(product);
      if (product.empty() || term == expr.getTerms().end() ||
          term->second == INT64_MIN || term->second % coefficient != 0 ||
          term->second / coefficient < 1)
        continue;
      // What is left is no less than 0 where the whole is the fact and more.
      if (isNonnegative(expr - fact * SizeExpr(term->second / coefficient),
                        depth - 1))
        return true;
    }
  }
  return false;
}

bool SizeFacts::isKnownToHold(const SizeExpr &lhs, SizeRelation relation,
                              const SizeExpr &rhs) const {
  SizeExpr left = simplify(lhs), right = simplify(rhs);
  if (perceiver::isKnownToHold(left, relation, right))
    return true;
  if (relation == SizeRelation::AtMost)
    return isNonnegative(right - left, kMostSteps);
  return relation == SizeRelation::MultipleOf &&
         llvm::any_of(multiples, [&](const auto &multiple) {
           return simplify(multiple.first) == left &&
                  simplify(multiple.second) == right;
         });
}
