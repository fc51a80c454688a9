//===- FloatRanges.h - Numbers that code can use ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Attributes hold float64, but kernels compute in float32: a number that is
// finite in the one may be infinite or zero in the other.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_FLOATRANGES_H
#define PERCEIVER_DIALECT_FLOATRANGES_H

#include "mlir/Support/LLVM.h"

namespace mlir {
class Operation;
} // namespace mlir

namespace mlir::perceiver {

/// What frequencies are made of, called `what` in the message: positive, finite
/// in float32.
LogicalResult verifyFrequency(Operation *op, StringRef what, double value);

/// What is added to a variance: positive and finite in float32. With 0 a row
/// of equal numbers would become NaN.
LogicalResult verifyEpsilon(Operation *op, double epsilon);

/// A factor of scores: finite in float32, also in units of log2, in which the
/// code computes.
LogicalResult verifyScale(Operation *op, double scale);

/// A factor of elements: finite in float32.
LogicalResult verifyFactor(Operation *op, double factor);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_FLOATRANGES_H
