//===- Activation.h - Activations as straight-line code ---------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions of VectorMath.h by the names that the dialect gives them.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_MATH_ACTIVATION_H
#define PERCEIVER_LIB_MATH_ACTIVATION_H

#include "dialect/Model/PerceiverAttrs.h"

#include "mlir/IR/Builders.h"

namespace mlir::perceiver {

/// The function of `x`, an f32 or a vector of f32; `x` itself for none.
Value emitActivation(OpBuilder &builder, Location loc,
                     ActivationFunction function, Value x);

/// The activation of `x`, whose gates are `gate`; null if it has none.
Value emitActivation(OpBuilder &builder, Location loc, Activation activation,
                     Value x, Value gate);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_MATH_ACTIVATION_H
