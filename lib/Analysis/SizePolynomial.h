//===- SizePolynomial.h - Figures as functions of sizes ---------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ANALYSIS_SIZEPOLYNOMIAL_H
#define PERCEIVER_LIB_ANALYSIS_SIZEPOLYNOMIAL_H

#include "mlir/IR/AffineExpr.h"
#include "llvm/ADT/ArrayRef.h"

#include <cstdint>
#include <map>
#include <vector>

namespace mlir::perceiver {

/// A sum of products of an entry's dynamic sizes: FLOPs and bytes are such.
/// `2 * batch * rows + 5` is {[0, 1]: 2, []: 5} with the sizes batch and rows.
/// One that would need more than 64 bits is unknown, and so is all that is
/// computed from it.
class SizePolynomial {
public:
  /// Size numbers, ascending, and what their product is multiplied by.
  using Terms = std::map<std::vector<unsigned>, int64_t>;

  SizePolynomial() = default;
  /// A constant.
  explicit SizePolynomial(int64_t value);
  /// Size number `number` of the entry.
  static SizePolynomial size(unsigned number);
  static SizePolynomial unknown();

  bool isKnown() const { return known; }
  bool isZero() const { return known && terms.empty(); }
  const Terms &getTerms() const { return terms; }

  SizePolynomial &operator+=(const SizePolynomial &other);
  SizePolynomial &operator*=(const SizePolynomial &other);
  SizePolynomial &operator*=(int64_t factor) {
    return *this *= SizePolynomial(factor);
  }
  friend SizePolynomial operator+(SizePolynomial lhs,
                                  const SizePolynomial &rhs) {
    return lhs += rhs;
  }
  friend SizePolynomial operator*(SizePolynomial lhs,
                                  const SizePolynomial &rhs) {
    return lhs *= rhs;
  }
  friend bool operator==(const SizePolynomial &lhs, const SizePolynomial &rhs) {
    return lhs.known == rhs.known && lhs.terms == rhs.terms;
  }

  /// The value for these sizes, in floating point as it may exceed 64 bits.
  /// Wants a known polynomial.
  double evaluate(ArrayRef<int64_t> sizes) const;

  /// The polynomial with sizes as symbols. Wants a known one.
  AffineExpr toExpression(MLIRContext *context) const;

private:
  void add(const std::vector<unsigned> &sizes, int64_t factor);

  Terms terms;
  bool known = true;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ANALYSIS_SIZEPOLYNOMIAL_H
