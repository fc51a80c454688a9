//===- SizeProgram.h - Sizes as postfix programs ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EXECUTION_SIZEPROGRAM_H
#define PERCEIVER_LIB_EXECUTION_SIZEPROGRAM_H

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/ValueRange.h"

namespace mlir::perceiver {

/// Builds the postfix program of a size: pairs of an opcode of
/// perceiver_size_opcode and its value.
class SizeProgramBuilder {
public:
  void pushConstant(int64_t value);
  /// Append the program of an index value. Fails if the value depends on more
  /// than constants and frame sizes.
  LogicalResult push(Value value);
  /// Append the program of an expression whose symbols are the entry's sizes.
  LogicalResult push(AffineExpr expression);
  /// Multiply the two values on top.
  void multiply();

  ArrayRef<int64_t> getCode() const { return code; }

private:
  void emit(int64_t opcode, int64_t value = 0);
  /// `pushLeaf` appends a dimension or a symbol.
  LogicalResult
  pushExpression(AffineExpr expression,
                 function_ref<LogicalResult(AffineExpr)> pushLeaf);

  SmallVector<int64_t> code;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_EXECUTION_SIZEPROGRAM_H
