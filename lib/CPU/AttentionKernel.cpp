//===- AttentionKernel.cpp - Shared by kernels of attention ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/AttentionKernel.h"

#include "lib/CPU/Transpose.h"
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

void perceiver::packQueries(KernelBuilder &kernel, const QueriesOfHead &queries,
                            Value packed) {
  Value scale = kernel.splat(queries.scale * kLog2E);
  bool hasBatch = cast<MemRefType>(queries.query.getType()).getRank() == 3;
  auto sourceAt = [&](Value i, Value c) {
    SmallVector<Value> indices;
    if (hasBatch)
      indices.push_back(queries.batch);
    indices.append(
        {i, kernel.add(kernel.mul(queries.head, queries.headSize), c)});
    return indices;
  };
  auto destinationAt = [](Value c, Value i) -> SmallVector<Value> {
    return {c, i};
  };
  auto map = [&](Value vector, Value) { return kernel.mulF(vector, scale); };
  Transposition transposition;
  transposition.rows = queries.count;
  transposition.columns = kernel.index(queries.headSize);
  transposition.source = queries.query;
  transposition.destination = packed;
  transposition.sourceAt = sourceAt;
  transposition.destinationAt = destinationAt;
  transposition.map = map;
  transposition.padDestination = true;
  emitTranspose(kernel, transposition);
}

FloatType perceiver::elementOf(Value state) {
  return cast<FloatType>(cast<MemRefType>(state.getType()).getElementType());
}
