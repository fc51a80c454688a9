//===- SizeConversion.h - Sizes from and to IR ------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ANALYSIS_SIZECONVERSION_H
#define PERCEIVER_LIB_ANALYSIS_SIZECONVERSION_H

#include "lib/Analysis/SizeExpr.h"

#include "mlir/IR/AffineExpr.h"
#include "mlir/IR/Operation.h"

namespace mlir::perceiver {

/// The expression with sizes as symbols; null if it is unknown, or of a minimum
/// or maximum, for which affine expressions have no form.
AffineExpr toAffine(const SizeExpr &expr, MLIRContext *context);

/// What an affine expression computes, of these dimensions and symbols. Unknown
/// if it has others.
SizeExpr fromAffine(AffineExpr expr, ArrayRef<SizeExpr> dims,
                    ArrayRef<SizeExpr> symbols);

/// The value of an operation of one index result (`arith` or `affine`), of the
/// values of its operands; unknown for other operations.
SizeExpr getArithmetic(Operation *op, function_ref<SizeExpr(Value)> getOperand);

/// What a minimum (`affine.min`) is at most, of those of its values that are
/// known; unknown for other operations.
SizeExpr getMinimumBound(Operation *op,
                         function_ref<SizeExpr(Value)> getOperand);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ANALYSIS_SIZECONVERSION_H
