//===- SizeExpr.cpp - The algebra of sizes --------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sums and products.
//
// Test: test/Unit/AnalysisSizeExprTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "lib/Analysis/SizeExpr.h"

#include "llvm/Support/CheckedArithmetic.h"

#include <algorithm>
#include <iterator>

using namespace mlir;
using namespace mlir::perceiver;

/// Longer expressions are no sizes that anybody wrote, and take long.
static constexpr unsigned kMostFactors = 256;

//===----------------------------------------------------------------------===//
// Factors
//===----------------------------------------------------------------------===//

SizeFactor::SizeFactor(Kind kind, std::vector<SizeExpr> values)
    : kind(kind), operands(std::make_shared<const std::vector<SizeExpr>>(
                      std::move(values))) {
  for (const SizeExpr &operand : *operands)
    length += operand.getLength();
}

ArrayRef<SizeExpr> SizeFactor::getOperands() const {
  return operands ? ArrayRef<SizeExpr>(*operands) : ArrayRef<SizeExpr>();
}

template <typename T>
static int compareNumbers(T lhs, T rhs) {
  return lhs < rhs ? -1 : lhs > rhs;
}

int SizeFactor::compare(const SizeFactor &other) const {
  if (int order = compareNumbers(kind, other.kind))
    return order;
  if (int order = compareNumbers(number, other.number))
    return order;
  if (operands == other.operands)
    return 0;
  for (auto [lhs, rhs] : llvm::zip(getOperands(), other.getOperands()))
    if (int order = lhs.compare(rhs))
      return order;
  return compareNumbers(getOperands().size(), other.getOperands().size());
}

//===----------------------------------------------------------------------===//
// Products
//===----------------------------------------------------------------------===//

static int compareProducts(const SizeExpr::Product &lhs,
                           const SizeExpr::Product &rhs) {
  for (auto [left, right] : llvm::zip(lhs, rhs))
    if (int order = left.compare(right))
      return order;
  return compareNumbers(rhs.size(), lhs.size());
}

bool SizeExpr::ProductOrder::operator()(const Product &lhs,
                                        const Product &rhs) const {
  return compareProducts(lhs, rhs) < 0;
}

static SizeExpr::Product multiply(const SizeExpr::Product &lhs,
                                  const SizeExpr::Product &rhs) {
  SizeExpr::Product product;
  product.reserve(lhs.size() + rhs.size());
  std::merge(lhs.begin(), lhs.end(), rhs.begin(), rhs.end(),
             std::back_inserter(product),
             [](const SizeFactor &left, const SizeFactor &right) {
               return left.compare(right) < 0;
             });
  return product;
}

//===----------------------------------------------------------------------===//
// Sums
//===----------------------------------------------------------------------===//

SizeExpr::SizeExpr(int64_t value) { add({}, value); }

SizeExpr SizeExpr::size(unsigned number) {
  SizeExpr result;
  result.add({SizeFactor(number)}, 1);
  return result;
}

SizeExpr SizeExpr::offset(unsigned number) {
  SizeExpr result;
  result.add({SizeFactor(number, /*minimum=*/0)}, 1);
  return result;
}

SizeExpr SizeExpr::unknown() {
  SizeExpr result;
  result.known = false;
  return result;
}

std::optional<int64_t> SizeExpr::getConstant() const {
  if (isZero())
    return 0;
  if (terms.size() == 1 && terms.begin()->first.empty())
    return terms.begin()->second;
  return std::nullopt;
}

const SizeFactor *SizeExpr::getFactor() const {
  if (terms.size() != 1)
    return nullptr;
  const auto &[product, factor] = *terms.begin();
  return factor == 1 && product.size() == 1 ? &product.front() : nullptr;
}

std::optional<unsigned> SizeExpr::getSize() const {
  const SizeFactor *factor = getFactor();
  if (!factor || factor->getKind() != SizeFactor::Kind::Size)
    return std::nullopt;
  return factor->getNumber();
}

int SizeExpr::compare(const SizeExpr &other) const {
  if (int order = compareNumbers(known, other.known))
    return order;
  for (auto [lhs, rhs] : llvm::zip(terms, other.terms)) {
    if (int order = compareProducts(lhs.first, rhs.first))
      return order;
    if (int order = compareNumbers(lhs.second, rhs.second))
      return order;
  }
  return compareNumbers(terms.size(), other.terms.size());
}

static unsigned getLengthOf(const SizeExpr::Product &product) {
  unsigned length = 1;
  for (const SizeFactor &factor : product)
    length += factor.getLength();
  return length;
}

unsigned SizeExpr::getLength() const {
  unsigned length = 0;
  for (const auto &[product, factor] : terms)
    length += getLengthOf(product);
  return length;
}

void SizeExpr::add(const Product &product, int64_t factor) {
  if (!known || factor == 0)
    return;
  auto [term, isNew] = terms.try_emplace(product, factor);
  if (isNew) {
    // The length of one product, and the number of products, are limits of
    // their own, so that no expression is much longer before it is given up.
    if (getLengthOf(product) > kMostFactors || terms.size() > kMostFactors)
      *this = unknown();
    return;
  }
  std::optional<int64_t> sum = llvm::checkedAdd(term->second, factor);
  if (!sum)
    *this = unknown();
  else if (*sum == 0)
    terms.erase(term);
  else
    term->second = *sum;
}

SizeExpr &SizeExpr::operator+=(const SizeExpr &other) {
  if (!known || !other.known)
    return *this = unknown();
  // `other` may be this one.
  const Terms added = other.terms;
  for (const auto &[product, factor] : added)
    add(product, factor);
  return getLength() > kMostFactors ? *this = unknown() : *this;
}

SizeExpr &SizeExpr::operator-=(const SizeExpr &other) {
  return *this += other * SizeExpr(-1);
}

SizeExpr &SizeExpr::operator*=(const SizeExpr &other) {
  if (!known || !other.known)
    return *this = unknown();
  SizeExpr result;
  for (const auto &[left, leftFactor] : terms)
    for (const auto &[right, rightFactor] : other.terms) {
      std::optional<int64_t> factor = llvm::checkedMul(leftFactor, rightFactor);
      if (!factor)
        return *this = unknown();
      result.add(multiply(left, right), *factor);
      if (!result.known)
        return *this = unknown();
    }
  if (result.getLength() > kMostFactors)
    return *this = unknown();
  return *this = std::move(result);
}

//===----------------------------------------------------------------------===//
// Text
//===----------------------------------------------------------------------===//

static std::string writeFactor(const SizeFactor &factor,
                               ArrayRef<std::string> names, bool isAlone) {
  using Kind = SizeFactor::Kind;
  if (factor.getKind() == Kind::Size)
    return names[factor.getNumber()];
  if (factor.getKind() == Kind::Min || factor.getKind() == Kind::Max) {
    std::string text;
    for (const SizeExpr &operand : factor.getOperands())
      text += (text.empty() ? "" : ", ") + operand.str(names);
    return (factor.getKind() == Kind::Min ? "min(" : "max(") + text + ")";
  }
  auto write = [&](const SizeExpr &operand) {
    std::string text = operand.str(names);
    bool isShort = operand.getSize() || operand.getConstant();
    return isShort ? text : "(" + text + ")";
  };
  std::string text =
      write(factor.getOperands()[0]) +
      (factor.getKind() == Kind::FloorDiv ? " floordiv " : " ceildiv ") +
      write(factor.getOperands()[1]);
  return isAlone ? text : "(" + text + ")";
}

std::string SizeExpr::str(ArrayRef<std::string> names,
                          function_ref<std::string(uint64_t)> format) const {
  if (!known)
    return "?";
  std::string text;
  for (const auto &[product, factor] : terms) {
    uint64_t magnitude = factor < 0 ? -static_cast<uint64_t>(factor) : factor;
    std::string number = format ? format(magnitude) : std::to_string(magnitude);
    bool hasNumber = product.empty() || number != "1";
    if (text.empty())
      text = factor < 0 ? "-" : "";
    else
      text += factor < 0 ? " - " : " + ";
    bool isAlone = product.size() == 1 && !hasNumber && factor > 0;
    bool isFirst = true;
    for (const SizeFactor &each : product) {
      text += (isFirst ? "" : " * ") + writeFactor(each, names, isAlone);
      isFirst = false;
    }
    if (hasNumber)
      text += (isFirst ? "" : " * ") + number;
  }
  return text.empty() ? "0" : text;
}
