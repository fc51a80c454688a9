//===- AttentionKernel.cpp - Shared by kernels of attention ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/AttentionKernel.h"

#include "lib/Math/VectorMath.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;
using namespace mlir::perceiver;

Value perceiver::finiteMaximum(KernelBuilder &kernel, Value value) {
  Value isEmpty = arith::CmpFOp::create(kernel.builder, kernel.loc,
                                        arith::CmpFPredicate::OEQ, value,
                                        kernel.splat(kNegativeInfinity));
  return arith::SelectOp::create(kernel.builder, kernel.loc, isEmpty,
                                 kernel.splat(0.0), value);
}

Value perceiver::exp2NonPositive(KernelBuilder &kernel, Value value) {
  return emitExp2NonPositive(kernel.builder, kernel.loc, value);
}

FloatType perceiver::elementOf(Value state) {
  return cast<FloatType>(cast<MemRefType>(state.getType()).getElementType());
}
