//===- SizeProgram.h - Sizes as programs ------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ANALYSIS_SIZEPROGRAM_H
#define PERCEIVER_LIB_ANALYSIS_SIZEPROGRAM_H

#include "lib/Analysis/SizeExpr.h"
#include "lib/Runtime/size_program.h"

namespace mlir::perceiver {

/// The program that the runtime evaluates, for sizes in the order of their
/// numbers. Nothing if the expression is unknown, or nested deeper than the
/// evaluator's stack.
std::optional<std::vector<perceiver_size_instruction>>
toProgram(const SizeExpr &expr);

/// What a program computes; unknown if it is malformed.
SizeExpr fromProgram(ArrayRef<perceiver_size_instruction> program);

/// A program as numbers, as attributes hold it: opcode, value, opcode, value.
std::vector<int64_t> toCode(ArrayRef<perceiver_size_instruction> program);
std::vector<perceiver_size_instruction> fromCode(ArrayRef<int64_t> code);

/// A figure for these sizes, as the program computes it; nothing if the
/// expression is unknown, or divides by what is not positive.
std::optional<double> evaluateFigure(const SizeExpr &expr,
                                     ArrayRef<int64_t> sizes);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ANALYSIS_SIZEPROGRAM_H
