//===- SizeProgram.cpp - Sizes as programs --------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Unit/AnalysisSizeProgramTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "lib/Analysis/SizeProgram.h"

#include <cmath>

using namespace mlir;
using namespace mlir::perceiver;

using Program = std::vector<perceiver_size_instruction>;
using Kind = SizeFactor::Kind;

static perceiver_size_opcode getOpcode(Kind kind) {
  switch (kind) {
  case Kind::Size:
    return PERCEIVER_SIZE_SYMBOL;
  case Kind::FloorDiv:
    return PERCEIVER_SIZE_FLOORDIV;
  case Kind::CeilDiv:
    return PERCEIVER_SIZE_CEILDIV;
  case Kind::Min:
    return PERCEIVER_SIZE_MIN;
  case Kind::Max:
    return PERCEIVER_SIZE_MAX;
  }
  llvm_unreachable("all kinds are above");
}

//===----------------------------------------------------------------------===//
// To programs
//===----------------------------------------------------------------------===//

namespace {
class ProgramWriter {
public:
  void write(const SizeExpr &expr) {
    if (expr.isZero())
      push(PERCEIVER_SIZE_CONSTANT, 0);
    bool isFirst = true;
    for (const auto &[product, coefficient] : expr.getTerms()) {
      write(product, coefficient);
      if (!isFirst)
        apply(PERCEIVER_SIZE_ADD);
      isFirst = false;
    }
  }

  Program program;
  int32_t deepest = 0;

private:
  void push(perceiver_size_opcode opcode, int64_t value) {
    program.push_back({opcode, value});
    deepest = std::max(deepest, ++depth);
  }

  void apply(perceiver_size_opcode opcode) {
    program.push_back({opcode, 0});
    --depth;
  }

  void write(const SizeExpr::Product &product, int64_t coefficient) {
    bool isFirst = true;
    for (const SizeFactor &factor : product) {
      write(factor);
      if (!isFirst)
        apply(PERCEIVER_SIZE_MUL);
      isFirst = false;
    }
    if (!isFirst && coefficient == 1)
      return;
    push(PERCEIVER_SIZE_CONSTANT, coefficient);
    if (!isFirst)
      apply(PERCEIVER_SIZE_MUL);
  }

  void write(const SizeFactor &factor) {
    if (factor.getKind() == Kind::Size)
      return push(PERCEIVER_SIZE_SYMBOL, factor.getNumber());
    write(factor.getOperands().front());
    for (const SizeExpr &operand : factor.getOperands().drop_front()) {
      write(operand);
      apply(getOpcode(factor.getKind()));
    }
  }

  int32_t depth = 0;
};
} // namespace

std::optional<Program> perceiver::toProgram(const SizeExpr &expr) {
  if (!expr.isKnown())
    return std::nullopt;
  ProgramWriter writer;
  writer.write(expr);
  if (writer.deepest > PERCEIVER_RT_MAX_STACK)
    return std::nullopt;
  return writer.program;
}

//===----------------------------------------------------------------------===//
// From programs
//===----------------------------------------------------------------------===//

/// Unknown for codes that are no operators.
static SizeExpr apply(int64_t opcode, const SizeExpr &lhs,
                      const SizeExpr &rhs) {
  switch (opcode) {
  case PERCEIVER_SIZE_ADD:
    return lhs + rhs;
  case PERCEIVER_SIZE_MUL:
    return lhs * rhs;
  case PERCEIVER_SIZE_FLOORDIV:
    return SizeExpr::floorDiv(lhs, rhs);
  case PERCEIVER_SIZE_CEILDIV:
    return SizeExpr::ceilDiv(lhs, rhs);
  case PERCEIVER_SIZE_MOD:
    return SizeExpr::mod(lhs, rhs);
  case PERCEIVER_SIZE_MIN:
    return SizeExpr::min(lhs, rhs);
  case PERCEIVER_SIZE_MAX:
    return SizeExpr::max(lhs, rhs);
  default:
    return SizeExpr::unknown();
  }
}

SizeExpr perceiver::fromProgram(ArrayRef<perceiver_size_instruction> program) {
  SmallVector<SizeExpr> stack;
  for (const perceiver_size_instruction &step : program) {
    if (step.opcode == PERCEIVER_SIZE_CONSTANT) {
      stack.push_back(SizeExpr(step.value));
      continue;
    }
    if (step.opcode == PERCEIVER_SIZE_SYMBOL) {
      if (step.value < 0 || step.value > UINT32_MAX)
        return SizeExpr::unknown();
      stack.push_back(SizeExpr::size(step.value));
      continue;
    }
    if (stack.size() < 2)
      return SizeExpr::unknown();
    SizeExpr rhs = stack.pop_back_val();
    stack.back() = apply(step.opcode, stack.back(), rhs);
  }
  return stack.size() == 1 ? stack.front() : SizeExpr::unknown();
}

//===----------------------------------------------------------------------===//
// As numbers
//===----------------------------------------------------------------------===//

std::vector<int64_t>
perceiver::toCode(ArrayRef<perceiver_size_instruction> program) {
  std::vector<int64_t> code;
  for (const perceiver_size_instruction &step : program) {
    code.push_back(step.opcode);
    code.push_back(step.value);
  }
  return code;
}

Program perceiver::fromCode(ArrayRef<int64_t> code) {
  Program program;
  for (size_t i = 0; i + 1 < code.size(); i += 2)
    program.push_back({code[i], code[i + 1]});
  return program;
}

std::optional<double> perceiver::evaluateFigure(const SizeExpr &expr,
                                                ArrayRef<int64_t> sizes) {
  std::optional<Program> program = toProgram(expr);
  perceiver_size_value value;
  int32_t position;
  if (!program ||
      perceiver_size_evaluate(program->data(), program->size(), sizes.data(),
                              sizes.size(), &value, &position) ||
      std::isnan(value.real))
    return std::nullopt;
  return value.real;
}
