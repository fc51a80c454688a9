//===- SizeExpression.cpp - Figures that depend on sizes ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/SizeExpression.h"

#include <algorithm>
#include <array>
#include <cmath>

using namespace perceiver;

/// Longer expressions are no work of the compiler.
constexpr size_t kMostSteps = 10000;

namespace {
struct Operator {
  const char *name;
  SizeExpression::Op op;
  /// How strongly it binds its operands; 3 is a function.
  int precedence;
};
} // namespace

using Op = SizeExpression::Op;

static constexpr std::array<Operator, 7> kOperators = {{
    {"+", Op::Add, 1},
    {"*", Op::Mul, 2},
    {"floordiv", Op::FloorDiv, 2},
    {"ceildiv", Op::CeilDiv, 2},
    {"mod", Op::Mod, 2},
    {"min", Op::Min, 3},
    {"max", Op::Max, 3},
}};

std::optional<Op> SizeExpression::parseOperator(const std::string &name) {
  for (const Operator &candidate : kOperators)
    if (name == candidate.name)
      return candidate.op;
  return std::nullopt;
}

bool SizeExpression::isValid(size_t sizeCount) const {
  size_t depth = 0;
  for (const Step &step : steps) {
    if (step.op == Op::Size &&
        (step.value < 0 || static_cast<uint64_t>(step.value) >= sizeCount))
      return false;
    if (step.op == Op::Constant || step.op == Op::Size)
      ++depth;
    else if (depth-- < 2)
      return false;
  }
  return depth == 1 && steps.size() <= kMostSteps;
}

/// Return the value of one operator; not a number for a wrong divisor.
static double apply(Op op, double left, double right) {
  switch (op) {
  case Op::Add:
    return left + right;
  case Op::Mul:
    return left * right;
  case Op::Min:
    return std::min(left, right);
  case Op::Max:
    return std::max(left, right);
  case Op::FloorDiv:
    return right > 0 ? std::floor(left / right) : NAN;
  case Op::CeilDiv:
    return right > 0 ? std::ceil(left / right) : NAN;
  case Op::Mod:
    return right > 0 ? left - right * std::floor(left / right) : NAN;
  case Op::Constant:
  case Op::Size:
    break;
  }
  return NAN;
}

std::optional<double>
SizeExpression::evaluate(const std::vector<int64_t> &sizes) const {
  std::vector<double> stack;
  for (const Step &step : steps) {
    if (step.op == Op::Constant) {
      stack.push_back(static_cast<double>(step.value));
      continue;
    }
    if (step.op == Op::Size) {
      stack.push_back(
          static_cast<double>(sizes[static_cast<size_t>(step.value)]));
      continue;
    }
    double right = stack.back();
    stack.pop_back();
    stack.back() = apply(step.op, stack.back(), right);
    if (std::isnan(stack.back()))
      return std::nullopt;
  }
  return stack.back();
}

std::string
SizeExpression::str(const std::vector<std::string> &sizeNames) const {
  struct Part {
    std::string text;
    int precedence;
  };
  constexpr int kLeaf = 4;
  std::vector<Part> stack;
  for (const Step &step : steps) {
    if (step.op == Op::Constant) {
      stack.push_back({std::to_string(step.value), kLeaf});
      continue;
    }
    if (step.op == Op::Size) {
      stack.push_back({sizeNames[static_cast<size_t>(step.value)], kLeaf});
      continue;
    }
    const Operator &info =
        *std::find_if(kOperators.begin(), kOperators.end(),
                      [&](const Operator &each) { return each.op == step.op; });
    Part right = std::move(stack.back());
    stack.pop_back();
    Part &left = stack.back();
    if (info.precedence == 3) {
      left.text =
          std::string(info.name) + "(" + left.text + ", " + right.text + ")";
    } else {
      if (left.precedence < info.precedence)
        left.text = "(" + left.text + ")";
      // Operators of equal strength are read from left to right.
      if (right.precedence <= info.precedence)
        right.text = "(" + right.text + ")";
      left.text += std::string(" ") + info.name + " " + right.text;
    }
    left.precedence = info.precedence;
  }
  return stack.back().text;
}
