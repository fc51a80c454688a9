//===- SizePolynomial.cpp - Figures as functions of sizes -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Analysis/SizePolynomial.h"

#include "llvm/Support/CheckedArithmetic.h"

#include <algorithm>
#include <iterator>

using namespace mlir;
using namespace mlir::perceiver;

SizePolynomial::SizePolynomial(int64_t value) { add({}, value); }

SizePolynomial SizePolynomial::size(unsigned number) {
  SizePolynomial result;
  result.add({number}, 1);
  return result;
}

SizePolynomial SizePolynomial::unknown() {
  SizePolynomial result;
  result.known = false;
  return result;
}

void SizePolynomial::add(const std::vector<unsigned> &sizes, int64_t factor) {
  int64_t &sum = terms[sizes];
  std::optional<int64_t> checked = llvm::checkedAdd(sum, factor);
  if (!checked) {
    *this = unknown();
    return;
  }
  sum = *checked;
  if (sum == 0)
    terms.erase(sizes);
}

SizePolynomial &SizePolynomial::operator+=(const SizePolynomial &other) {
  if (!known || !other.known)
    return *this = unknown();
  // `other` may be this one.
  const Terms added = other.terms;
  for (const auto &[sizes, factor] : added) {
    add(sizes, factor);
    if (!known)
      break;
  }
  return *this;
}

SizePolynomial &SizePolynomial::operator*=(const SizePolynomial &other) {
  if (!known || !other.known)
    return *this = unknown();
  SizePolynomial product;
  for (const auto &[left, leftFactor] : terms)
    for (const auto &[right, rightFactor] : other.terms) {
      std::optional<int64_t> factor = llvm::checkedMul(leftFactor, rightFactor);
      if (!factor)
        return *this = unknown();
      std::vector<unsigned> sizes;
      std::merge(left.begin(), left.end(), right.begin(), right.end(),
                 std::back_inserter(sizes));
      product.add(sizes, *factor);
      if (!product.known)
        return *this = unknown();
    }
  return *this = std::move(product);
}

double SizePolynomial::evaluate(ArrayRef<int64_t> sizes) const {
  double sum = 0;
  for (const auto &[numbers, factor] : terms) {
    double product = static_cast<double>(factor);
    for (unsigned number : numbers)
      product *= static_cast<double>(sizes[number]);
    sum += product;
  }
  return sum;
}

AffineExpr SizePolynomial::toExpression(MLIRContext *context) const {
  AffineExpr sum = getAffineConstantExpr(0, context);
  for (const auto &[numbers, factor] : terms) {
    AffineExpr product = getAffineConstantExpr(1, context);
    for (unsigned number : numbers)
      product = product * getAffineSymbolExpr(number, context);
    sum = sum + product * factor;
  }
  return sum;
}
