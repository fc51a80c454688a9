//===- AnalysisTestSupport.h - Random sizes ---------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_UNIT_ANALYSISTESTSUPPORT_H
#define PERCEIVER_TEST_UNIT_ANALYSISTESTSUPPORT_H

#include "lib/Analysis/SizeProgram.h"

#include <optional>
#include <random>
#include <string>
#include <vector>

namespace mlir::perceiver {

/// An expression as somebody might have written it, to compare normal forms
/// with: it computes without any rules.
struct SizeTree {
  enum Op { Number, Size, Add, Sub, Mul, FloorDiv, CeilDiv, Mod, Min, Max };
  Op op = Number;
  int64_t value = 0;
  std::vector<SizeTree> operands = {};

  /// Nothing where something is divided by what is not positive.
  std::optional<int64_t> evaluate(ArrayRef<int64_t> sizes) const {
    if (op == Number)
      return value;
    if (op == Size)
      return sizes[value];
    std::optional<int64_t> lhs = operands[0].evaluate(sizes);
    std::optional<int64_t> rhs = operands[1].evaluate(sizes);
    if (!lhs || !rhs || (op >= FloorDiv && op <= Mod && *rhs <= 0))
      return std::nullopt;
    int64_t a = *lhs, b = *rhs;
    switch (op) {
    case Add:
      return a + b;
    case Sub:
      return a - b;
    case Mul:
      return a * b;
    case Min:
      return std::min(a, b);
    case Max:
      return std::max(a, b);
    default:
      break;
    }
    int64_t floor = (a - (a % b + b) % b) / b;
    if (op == FloorDiv)
      return floor;
    return op == Mod ? a - floor * b : floor + (floor * b != a);
  }

  SizeExpr normalize() const {
    if (op == Number)
      return SizeExpr(value);
    if (op == Size)
      return SizeExpr::size(value);
    SizeExpr lhs = operands[0].normalize(), rhs = operands[1].normalize();
    switch (op) {
    case Add:
      return lhs + rhs;
    case Sub:
      return lhs - rhs;
    case Mul:
      return lhs * rhs;
    case FloorDiv:
      return SizeExpr::floorDiv(lhs, rhs);
    case CeilDiv:
      return SizeExpr::ceilDiv(lhs, rhs);
    case Mod:
      return SizeExpr::mod(lhs, rhs);
    case Min:
      return SizeExpr::min(lhs, rhs);
    default:
      return SizeExpr::max(lhs, rhs);
    }
  }

  std::string str() const {
    if (op == Number)
      return std::to_string(value);
    if (op == Size)
      return value ? "m" : "n";
    static constexpr const char *kOps[] = {
        "", "", "+", "-", "*", "floordiv", "ceildiv", "mod", "min", "max"};
    return "(" + operands[0].str() + " " + kOps[op] + " " + operands[1].str() +
           ")";
  }
};

/// Expressions of two sizes and small numbers.
class RandomSizes {
public:
  explicit RandomSizes(unsigned seed) : engine(seed) {}

  SizeTree makeTree(int depth) { return make(depth, SizeTree::Max); }
  SizeTree makePolynomial(int depth) { return make(depth, SizeTree::Mul); }

private:
  int64_t pick(int64_t first, int64_t last) {
    return first + static_cast<int64_t>(engine() % (last - first + 1));
  }

  SizeTree make(int depth, SizeTree::Op last) {
    if (depth == 0 || pick(0, 4) == 0) {
      if (pick(0, 1))
        return {SizeTree::Size, pick(0, 1)};
      return {SizeTree::Number, pick(-3, 8)};
    }
    auto op = static_cast<SizeTree::Op>(pick(SizeTree::Add, last));
    return {op, 0, {make(depth - 1, last), make(depth - 1, last)}};
  }

  std::mt19937 engine;
};

/// The value by the program; nothing if it is undefined.
inline std::optional<int64_t> evaluate(const SizeExpr &expr,
                                       ArrayRef<int64_t> sizes) {
  std::optional<std::vector<perceiver_size_instruction>> program =
      toProgram(expr);
  perceiver_size_value value;
  int32_t position;
  if (!program ||
      perceiver_size_evaluate(program->data(), program->size(), sizes.data(),
                              sizes.size(), &value, &position) ||
      !value.is_integer)
    return std::nullopt;
  return value.integer;
}

} // namespace mlir::perceiver

#endif // PERCEIVER_TEST_UNIT_ANALYSISTESTSUPPORT_H
