//===- Transpose.cpp - Transposing through registers ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/Transpose.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Transpose a square of registers: exchange the off-diagonal blocks of half
/// the size, then of a quarter, and so on.
static void transposeRegisters(KernelBuilder &kernel,
                               MutableArrayRef<Value> vectors) {
  int64_t lanes = kernel.lanes;
  for (int64_t block = lanes / 2; block >= 1; block /= 2) {
    SmallVector<int64_t> low, high;
    for (int64_t e = 0; e < lanes; ++e) {
      bool upper = e & block;
      low.push_back(upper ? lanes + e - block : e);
      high.push_back(upper ? lanes + e : e + block);
    }
    for (int64_t i = 0; i < lanes; ++i) {
      if (i & block)
        continue;
      Value first = vectors[i], second = vectors[i + block];
      vectors[i] = vector::ShuffleOp::create(kernel.builder, kernel.loc, first,
                                             second, low);
      vectors[i + block] = vector::ShuffleOp::create(kernel.builder, kernel.loc,
                                                     first, second, high);
    }
  }
}

/// `count` if `index < size`, else 0.
static Value elementsIf(KernelBuilder &kernel, Value index, Value size,
                        Value count) {
  Value exists = arith::CmpIOp::create(kernel.builder, kernel.loc,
                                       arith::CmpIPredicate::slt, index, size);
  return arith::SelectOp::create(kernel.builder, kernel.loc, exists, count,
                                 kernel.index(0));
}

/// One square of `rows x columns` valid elements at (row, column); more than a
/// vector of them are a vector.
static void transposeTile(KernelBuilder &kernel, const Transposition &t,
                          Value row, Value rows, Value column, Value columns) {
  std::optional<int64_t> staticRows = getConstantIntValue(rows);
  std::optional<int64_t> staticColumns = getConstantIntValue(columns);
  SmallVector<Value> vectors;
  for (int64_t r = 0; r < kernel.lanes; ++r) {
    if (staticRows && r >= *staticRows) {
      vectors.push_back(kernel.splat(0.0));
      continue;
    }
    Value source = kernel.add(row, r);
    // Behind a number of rows that only the run knows, the last row again.
    if (!staticRows)
      source = kernel.minimum(source, kernel.add(t.rows, -1));
    Value vector = kernel.load(t.source, t.sourceAt(source, column), columns);
    vectors.push_back(t.map(vector, column));
  }
  transposeRegisters(kernel, vectors);
  Value width = t.padDestination ? kernel.index(kernel.lanes) : rows;
  for (int64_t c = 0; c < kernel.lanes; ++c) {
    Value count = width;
    if (staticColumns && c >= *staticColumns)
      break;
    if (!staticColumns)
      count = elementsIf(kernel, kernel.index(c), columns, width);
    kernel.store(vectors[c], t.destination,
                 t.destinationAt(kernel.add(column, c), row), count);
  }
}

void perceiver::emitTranspose(KernelBuilder &kernel,
                              const Transposition &transposition) {
  kernel.blocks(transposition.rows, kernel.lanes, [&](Value row, Value rows) {
    kernel.blocks(
        transposition.columns, kernel.lanes, [&](Value column, Value columns) {
          transposeTile(kernel, transposition, row, rows, column, columns);
        });
  });
}
