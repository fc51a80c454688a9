//===- SizeExpression.h - Figures that depend on sizes ----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_LOADER_SIZEEXPRESSION_H
#define PERCEIVER_LIB_LOADER_SIZEEXPRESSION_H

#include "lib/Runtime/size_program.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace perceiver {

/// A figure as a function of an entry's named sizes: a size program
/// (lib/Runtime/size_program.h), as text and as a number.
class SizeExpression {
public:
  /// Append one instruction; `value` is that of a constant or the index of a
  /// size.
  void push(perceiver_size_opcode opcode, int64_t value = 0) {
    program.push_back({opcode, value});
  }

  /// Return the operator that metadata spells like this: "+", "floordiv", ...
  static std::optional<perceiver_size_opcode>
  parseOperator(const std::string &name);

  bool isEmpty() const { return program.empty(); }

  /// Return true if each operator has its operands, one value is left, all
  /// sizes are among `sizeCount`, and length and depth are sensible.
  bool isValid(size_t sizeCount) const;

  /// Compute the figure in floating point, as it may exceed 64 bits; nothing
  /// for a division by what is not positive. Wants a valid expression.
  std::optional<double> evaluate(const std::vector<int64_t> &sizes) const;

  /// Compute the figure; nothing if a step leaves 64 bits or divides by what is
  /// not positive. Wants a valid expression.
  std::optional<int64_t>
  evaluateExactly(const std::vector<int64_t> &sizes) const;

  /// Return the sizes that it depends on, each once, in their order in it.
  std::vector<size_t> dependencies() const;

  /// Return "batch * 256 + 3". Wants a valid expression.
  std::string str(const std::vector<std::string> &sizeNames) const;

private:
  std::vector<perceiver_size_instruction> program;
};

} // namespace perceiver

#endif // PERCEIVER_LIB_LOADER_SIZEEXPRESSION_H
