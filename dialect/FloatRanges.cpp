//===- FloatRanges.cpp - Numbers that code can use ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/FloatRanges.h"

#include "mlir/IR/Operation.h"

#include <cmath>
#include <limits>

using namespace mlir;

using Limits = std::numeric_limits<float>;

LogicalResult perceiver::verifyFrequency(Operation *op, StringRef what,
                                         double value) {
  if (value > 0.0 && value <= Limits::max())
    return success();
  return op->emitOpError("expected ")
         << what << " that is positive and finite in f32, but got " << value;
}

LogicalResult perceiver::verifyEpsilon(Operation *op, double epsilon) {
  if (epsilon >= Limits::denorm_min() && epsilon <= Limits::max())
    return success();
  return op->emitOpError("expected an epsilon that is positive and finite in "
                         "f32, but got ")
         << epsilon;
}

LogicalResult perceiver::verifyScale(Operation *op, double scale) {
  constexpr double kLog2E = 1.4426950408889634;
  if (std::fabs(scale * kLog2E) <= Limits::max())
    return success();
  return op->emitOpError("expected a scale that is finite in f32, times "
                         "log2(e), but got ")
         << scale;
}

LogicalResult perceiver::verifyFactor(Operation *op, double factor) {
  if (std::fabs(factor) <= Limits::max())
    return success();
  return op->emitOpError("expected a factor that is finite in f32, but got ")
         << factor;
}
