//===- SizeExpr.h - The algebra of sizes ------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One algebra for all that depends on the dynamic sizes of a description or an
// entry: shapes, bytes of buffers, numbers of tasks, FLOPs.
//
// * An expression is a normal form: a sum of products, each with a coefficient.
//   The factors of a product are sizes, known by their numbers, and operations
//   that are no polynomial: floordiv, ceildiv, min, max, of expressions. What
//   is a multiple of the divisor leaves a division, `a - b` is a + b * -1, and
//   `a mod b` is a - a floordiv b * b.
// * Expressions are equal if their normal forms are: always so for polynomials.
//   Where operations are factors, equal forms have equal values, but not all
//   that have equal values have equal forms.
// * Sizes are 1 or more, and offsets, which callers pass as sizes, 0 or more.
//   Rules may count on it; the runtime refuses others.
// * Coefficients have 64 bits. What needs more, what divides by a constant that
//   is not positive, and what has no sensible length, is unknown, and so is all
//   that is computed from it.
// * `<=` and "is a multiple of" are no expressions, but decided on expressions
//   (SizeRelation.h).
// * An expression travels as an affine expression in IR (SizeConversion.h), and
//   as a program in plans and artefacts (SizeProgram.h). Names of sizes belong
//   to those who number them.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ANALYSIS_SIZEEXPR_H
#define PERCEIVER_LIB_ANALYSIS_SIZEEXPR_H

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace mlir::perceiver {

class SizeExpr;

/// A size, or an operation that no sum of products stands for.
class SizeFactor {
public:
  enum class Kind : uint8_t { Size, FloorDiv, CeilDiv, Min, Max };

  /// Size number `number`. What it is at least is known of the size, and no
  /// part of its form.
  explicit SizeFactor(unsigned number, int64_t minimum = 1)
      : kind(Kind::Size), number(number), minimum(minimum) {}
  /// An operation; its operands are in normal form.
  SizeFactor(Kind kind, std::vector<SizeExpr> operands);

  Kind getKind() const { return kind; }
  /// Of a size.
  unsigned getNumber() const { return number; }
  int64_t getMinimum() const { return minimum; }
  /// Of an operation: dividend and divisor, or two or more.
  ArrayRef<SizeExpr> getOperands() const;

  /// Less than, equal to or greater than 0, as in a total order.
  int compare(const SizeFactor &other) const;
  /// How many sizes, operations and products it consists of.
  unsigned getLength() const { return length; }

private:
  Kind kind;
  unsigned number = 0;
  unsigned length = 1;
  int64_t minimum = 1;
  std::shared_ptr<const std::vector<SizeExpr>> operands;
};

/// An integer as a function of sizes, in normal form.
class SizeExpr {
public:
  /// Factors in ascending order, one as often as it is multiplied.
  using Product = std::vector<SizeFactor>;
  /// `a * b` comes before `a`, and the constant last, as people write it.
  struct ProductOrder {
    bool operator()(const Product &lhs, const Product &rhs) const;
  };
  /// Products and what they are multiplied by, which is not 0.
  using Terms = std::map<Product, int64_t, ProductOrder>;

  /// Zero.
  SizeExpr() = default;
  /// A constant.
  explicit SizeExpr(int64_t value);
  /// Size number `number`, of 1 or more.
  static SizeExpr size(unsigned number);
  /// Size number `number`, of 0 or more.
  static SizeExpr offset(unsigned number);
  static SizeExpr unknown();

  bool isKnown() const { return known; }
  bool isZero() const { return known && terms.empty(); }
  const Terms &getTerms() const { return terms; }
  /// The value, if it depends on no size.
  std::optional<int64_t> getConstant() const;
  /// The factor, if it is one and nothing else.
  const SizeFactor *getFactor() const;
  /// The number, if it is a size and nothing else.
  std::optional<unsigned> getSize() const;

  SizeExpr &operator+=(const SizeExpr &other);
  SizeExpr &operator-=(const SizeExpr &other);
  SizeExpr &operator*=(const SizeExpr &other);
  SizeExpr &operator*=(int64_t factor) { return *this *= SizeExpr(factor); }
  friend SizeExpr operator+(SizeExpr lhs, const SizeExpr &rhs) {
    return lhs += rhs;
  }
  friend SizeExpr operator-(SizeExpr lhs, const SizeExpr &rhs) {
    return lhs -= rhs;
  }
  friend SizeExpr operator*(SizeExpr lhs, const SizeExpr &rhs) {
    return lhs *= rhs;
  }

  /// Division that rounds towards minus infinity. It wants a positive divisor:
  /// the rules hold for these, and programs that divide by others fail.
  static SizeExpr floorDiv(const SizeExpr &dividend, const SizeExpr &divisor);
  /// Division that rounds towards infinity.
  static SizeExpr ceilDiv(const SizeExpr &dividend, const SizeExpr &divisor);
  /// The rest of floorDiv, from 0 to below the divisor.
  static SizeExpr mod(const SizeExpr &dividend, const SizeExpr &divisor);
  static SizeExpr min(const SizeExpr &lhs, const SizeExpr &rhs);
  static SizeExpr max(const SizeExpr &lhs, const SizeExpr &rhs);

  /// Whether the normal forms are equal. Unknown equals nothing.
  friend bool operator==(const SizeExpr &lhs, const SizeExpr &rhs) {
    return lhs.known && rhs.known && lhs.compare(rhs) == 0;
  }
  friend bool operator!=(const SizeExpr &lhs, const SizeExpr &rhs) {
    return !(lhs == rhs);
  }
  /// Less than, equal to or greater than 0, as in a total order of forms.
  int compare(const SizeExpr &other) const;

  /// How many products and factors it consists of.
  unsigned getLength() const;

  /// Add a product with a coefficient.
  void add(const Product &product, int64_t factor);

  /// "batch * rows * 4 + rows ceildiv 64 - 1"; "?" if unknown. Size number i
  /// has name i. `format` writes coefficients, without their sign.
  std::string str(ArrayRef<std::string> names,
                  function_ref<std::string(uint64_t)> format = nullptr) const;

private:
  Terms terms;
  bool known = true;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ANALYSIS_SIZEEXPR_H
