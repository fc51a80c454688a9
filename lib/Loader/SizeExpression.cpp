//===- SizeExpression.cpp - Figures that depend on sizes ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/SizeExpression.h"

#include <algorithm>
#include <cmath>

using namespace perceiver;

/// Longer expressions are no work of the compiler.
constexpr size_t kMostSteps = 10000;

std::optional<perceiver_size_opcode>
SizeExpression::parseOperator(const std::string &name) {
  for (int opcode = PERCEIVER_SIZE_ADD; perceiver_size_operator(opcode);
       ++opcode)
    if (name == perceiver_size_operator(opcode))
      return static_cast<perceiver_size_opcode>(opcode);
  return std::nullopt;
}

/// Return the value of a program; nothing if it is malformed.
static std::optional<perceiver_size_value>
evaluateProgram(const std::vector<perceiver_size_instruction> &program,
                const std::vector<int64_t> &sizes) {
  perceiver_size_value value;
  int32_t position;
  if (perceiver_size_evaluate(
          program.data(), static_cast<int32_t>(program.size()), sizes.data(),
          static_cast<int32_t>(sizes.size()), &value, &position))
    return std::nullopt;
  return value;
}

bool SizeExpression::isValid(size_t sizeCount) const {
  return program.size() <= kMostSteps &&
         evaluateProgram(program, std::vector<int64_t>(sizeCount, 1));
}

std::optional<double>
SizeExpression::evaluate(const std::vector<int64_t> &sizes) const {
  double value = evaluateProgram(program, sizes)->real;
  return std::isnan(value) ? std::nullopt : std::optional<double>(value);
}

std::optional<int64_t>
SizeExpression::evaluateExactly(const std::vector<int64_t> &sizes) const {
  perceiver_size_value value = *evaluateProgram(program, sizes);
  return value.is_integer ? std::optional<int64_t>(value.integer)
                          : std::nullopt;
}

std::vector<size_t> SizeExpression::dependencies() const {
  std::vector<size_t> sizes;
  for (const perceiver_size_instruction &step : program) {
    auto size = static_cast<size_t>(step.value);
    if (step.opcode == PERCEIVER_SIZE_SYMBOL &&
        std::find(sizes.begin(), sizes.end(), size) == sizes.end())
      sizes.push_back(size);
  }
  return sizes;
}

/// Return how strongly an operator binds its operands; 3 is a function.
static int precedenceOf(int64_t opcode) {
  if (opcode == PERCEIVER_SIZE_ADD)
    return 1;
  return opcode == PERCEIVER_SIZE_MIN || opcode == PERCEIVER_SIZE_MAX ? 3 : 2;
}

std::string
SizeExpression::str(const std::vector<std::string> &sizeNames) const {
  struct Part {
    std::string text;
    int precedence;
  };
  constexpr int kLeaf = 4;
  std::vector<Part> stack;
  for (const perceiver_size_instruction &step : program) {
    if (step.opcode == PERCEIVER_SIZE_CONSTANT) {
      stack.push_back({std::to_string(step.value), kLeaf});
      continue;
    }
    if (step.opcode == PERCEIVER_SIZE_SYMBOL) {
      stack.push_back({sizeNames[static_cast<size_t>(step.value)], kLeaf});
      continue;
    }
    std::string name = perceiver_size_operator(step.opcode);
    int precedence = precedenceOf(step.opcode);
    Part right = std::move(stack.back());
    stack.pop_back();
    Part &left = stack.back();
    if (precedence == 3) {
      left.text = name + "(" + left.text + ", " + right.text + ")";
    } else {
      if (left.precedence < precedence)
        left.text = "(" + left.text + ")";
      // Operators of equal strength are read from left to right.
      if (right.precedence <= precedence)
        right.text = "(" + right.text + ")";
      left.text += " " + name + " " + right.text;
    }
    left.precedence = precedence;
  }
  return stack.back().text;
}
