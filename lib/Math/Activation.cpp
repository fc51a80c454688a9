//===- Activation.cpp - Activations as straight-line code -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Execution/activations.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Math/Activation.h"

#include "lib/Math/VectorMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::perceiver;

Value perceiver::emitActivation(OpBuilder &builder, Location loc,
                                ActivationFunction function, Value x) {
  switch (function) {
  case ActivationFunction::none:
    return x;
  case ActivationFunction::gelu_erf:
    return emitGeluErf(builder, loc, x);
  case ActivationFunction::gelu_tanh:
    return emitGeluTanh(builder, loc, x);
  case ActivationFunction::quick_gelu:
    return emitQuickGelu(builder, loc, x);
  case ActivationFunction::relu:
    return emitRelu(builder, loc, x);
  case ActivationFunction::relu_squared:
    return emitReluSquared(builder, loc, x);
  case ActivationFunction::silu:
    return emitSilu(builder, loc, x);
  case ActivationFunction::sigmoid:
    return emitSigmoid(builder, loc, x);
  case ActivationFunction::tanh:
    return emitTanh(builder, loc, x);
  case ActivationFunction::leaky_relu:
    return emitLeakyRelu(builder, loc, x);
  case ActivationFunction::mish:
    return emitMish(builder, loc, x);
  }
  llvm_unreachable("unknown activation");
}

Value perceiver::emitActivation(OpBuilder &builder, Location loc,
                                Activation activation, Value x, Value gate) {
  if (!activation.hasGates)
    return emitActivation(builder, loc, activation.function, x);
  return arith::MulFOp::create(
      builder, loc, x, emitActivation(builder, loc, activation.function, gate));
}
