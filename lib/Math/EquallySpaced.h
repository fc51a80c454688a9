//===- EquallySpaced.h - Points of an axis in float32 -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where the frameworks that models come from have the points of an axis, to the
// bit: each rounds in its own way. All values are f32, or vectors of it;
// numbers and counts are whole and below 2^23. No recipe is exact here.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_MATH_EQUALLYSPACED_H
#define PERCEIVER_LIB_MATH_EQUALLYSPACED_H

#include "dialect/Model/PerceiverAttrs.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Value.h"

namespace mlir::perceiver {

/// `count` points, of which the first is at `start` and the last at `stop`. A
/// single point is at `start`.
struct EquallySpaced {
  Value count, start, stop;
};

/// Point `number` as a recipe of float32 has it: torch.linspace counts steps
/// from the nearer end, jnp.linspace takes a mean of the ends.
Value emitEquallySpaced(OpBuilder &builder, Location loc, FourierRecipe recipe,
                        Value number, const EquallySpaced &points);

/// Where an axis of a grid with `count` points has point `number`.
Value emitGridPoint(OpBuilder &builder, Location loc, FourierRecipe recipe,
                    FourierSpacing spacing, Value number, Value count);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_MATH_EQUALLYSPACED_H
