//===- SizeExpression.h - Figures that depend on sizes ----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_SIZEEXPRESSION_H
#define PERCEIVER_LIB_LOADER_SIZEEXPRESSION_H

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace perceiver {

/// A figure as a function of an entry's named sizes, in postfix order.
class SizeExpression {
public:
  enum class Op : uint8_t {
    Constant,
    Size,
    Add,
    Mul,
    FloorDiv,
    CeilDiv,
    Mod,
    Min,
    Max
  };

  /// `value` is that of a constant or the index of a size.
  void push(Op op, int64_t value = 0) { steps.push_back({op, value}); }

  /// Return the operator that metadata spells like this: "+", "floordiv", ...
  static std::optional<Op> parseOperator(const std::string &name);

  bool isEmpty() const { return steps.empty(); }

  /// Return true if each operator has its operands, one value is left, all
  /// sizes are among `sizeCount`, and the length is sensible.
  bool isValid(size_t sizeCount) const;

  /// Compute the figure in floating point, as it may exceed 64 bits; nothing
  /// for a division by what is not positive. Wants a valid expression.
  std::optional<double> evaluate(const std::vector<int64_t> &sizes) const;

  /// Return "batch * 256 + 3". Wants a valid expression.
  std::string str(const std::vector<std::string> &sizeNames) const;

private:
  struct Step {
    Op op;
    int64_t value;
  };
  std::vector<Step> steps;
};

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_SIZEEXPRESSION_H
