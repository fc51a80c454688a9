//===- Transpose.cpp - Transposing through registers ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/Transpose.h"

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

/// One square of `rows x columns` valid elements at (row, column).
static void transposeTile(KernelBuilder &kernel, const Transposition &t,
                          Value row, int64_t rows, Value column,
                          int64_t columns) {
  SmallVector<Value> vectors;
  for (int64_t r = 0; r < kernel.lanes; ++r) {
    if (r >= rows) {
      vectors.push_back(kernel.splat(0.0));
      continue;
    }
    Value vector =
        kernel.load(t.source, t.sourceAt(kernel.add(row, r), column), columns);
    vectors.push_back(t.map(vector, column));
  }
  transposeRegisters(kernel, vectors);
  for (int64_t c = 0; c < std::min(columns, kernel.lanes); ++c)
    kernel.store(vectors[c], t.destination,
                 t.destinationAt(kernel.add(column, c), row),
                 t.padDestination ? kernel.lanes : rows);
}

void perceiver::emitTranspose(KernelBuilder &kernel,
                              const Transposition &transposition) {
  auto overColumns = [&](Value row, int64_t rows) {
    int64_t columns = transposition.columns;
    int64_t full = columns / kernel.lanes * kernel.lanes;
    kernel.loop(
        kernel.index(0), kernel.index(full), kernel.lanes, [&](Value column) {
          transposeTile(kernel, transposition, row, rows, column, kernel.lanes);
        });
    if (full != columns)
      transposeTile(kernel, transposition, row, rows, kernel.index(full),
                    columns - full);
  };
  int64_t rows = transposition.rows;
  int64_t full = rows / kernel.lanes * kernel.lanes;
  kernel.loop(kernel.index(0), kernel.index(full), kernel.lanes,
              [&](Value row) { overColumns(row, kernel.lanes); });
  if (full != rows)
    overColumns(kernel.index(full), rows - full);
}
