//===- SlabCopy.cpp - Terms of a product on their way --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/GPU/lower-linear.test.
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/SlabCopy.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Elements of the widest copy.
static constexpr int64_t kWidest = 4;

Value perceiver::getUnit(DeviceBuilder &kernel, const ProductTile &tile,
                         Value row, Value unit) {
  // Eight units are written at a time: of one row, or of two that have no more.
  Value mixed = tile.depth >= 8 * kUnitTerms
                    ? kernel.rem(row, kUnitRows)
                    : kernel.rem(kernel.floorDiv(row, 2), kUnitRows / 2);
  return kernel.bitXor(unit, mixed);
}

SlabCopy SlabCopy::ofLhs(DeviceBuilder &kernel, const ProductTile &tile,
                         const MatrixProduct &product) {
  const DeviceArray &array = product.lhs.array;
  int64_t rowDim = array.rank() - 2;
  SlabCopy slab(kernel, tile.depth);
  slab.width = array.vectorWidth(kWidest);
  // All slabs but the first begin behind its terms.
  while (product.firstTerms(tile.depth) % slab.width != 0)
    slab.width /= 2;
  int64_t chunks = tile.depth / slab.width;
  int64_t rowStep = tile.threads() / chunks;
  assert(rowStep % kUnitRows == 0 && "the exchange of units is per thread");
  Value row = kernel.floorDiv(kernel.thread(), chunks);
  Value term = kernel.mul(kernel.rem(kernel.thread(), chunks), slab.width);
  SmallVector<Value> indices = product.batch;
  indices.append({kernel.add(product.firstRow, row), term});
  slab.source = kernel.address(product.lhs, indices);
  slab.sourceStep = kernel.mul(kernel.toI32(array.strides[rowDim]), rowStep);
  slab.termStride = array.strides.back();
  Value unit = getUnit(kernel, tile, row, kernel.floorDiv(term, kUnitTerms));
  slab.target = kernel.add(
      kernel.mul(row, tile.depth),
      kernel.add(kernel.mul(unit, kUnitTerms), kernel.rem(term, kUnitTerms)));
  slab.targetStep = rowStep * tile.depth;
  std::optional<int64_t> rows = array.staticSize(rowDim);
  Value end = kernel.sub(kernel.toI32(array.sizes[rowDim]), product.firstRow);
  for (int64_t i = 0; i < tile.rows / rowStep; ++i) {
    slab.term.push_back(term);
    Value present;
    if (!rows || *rows % tile.rows != 0)
      present =
          kernel.select(kernel.less(kernel.add(row, i * rowStep), end),
                        kernel.i32(slab.width * sizeof(float)), kernel.i32(0));
    slab.present.push_back(present);
  }
  return slab;
}

SlabCopy SlabCopy::ofRhs(DeviceBuilder &kernel, const ProductTile &tile,
                         const MatrixProduct &product) {
  const DeviceArray &array = product.rhs.array;
  int64_t columnDim = array.rank() - 1;
  SlabCopy slab(kernel, tile.depth);
  slab.width = array.vectorWidth(kWidest);
  int64_t chunks = tile.columns / slab.width;
  int64_t termStep = tile.threads() / chunks;
  Value term = kernel.floorDiv(kernel.thread(), chunks);
  Value tileColumn =
      kernel.mul(kernel.rem(kernel.thread(), chunks), slab.width);
  Value column = tileColumn;
  int64_t planeColumns = tile.columns / product.planes();
  SmallVector<Value> indices = {term};
  if (product.hasPlanes()) {
    indices.push_back(kernel.floorDiv(tileColumn, planeColumns));
    column = kernel.rem(tileColumn, planeColumns);
  }
  indices.push_back(kernel.add(product.firstColumn, column));
  slab.source = kernel.address(product.rhs, indices);
  slab.sourceStep = kernel.mul(kernel.toI32(array.strides[0]), termStep);
  slab.termStride = array.strides[0];
  slab.target =
      kernel.add(kernel.add(kernel.mul(term, tile.columns), tileColumn),
                 tile.rows * tile.depth);
  slab.targetStep = termStep * tile.columns;
  std::optional<int64_t> columns = array.staticSize(columnDim);
  Value present;
  if (!columns || *columns % planeColumns != 0) {
    Value left = kernel.sub(
        kernel.sub(kernel.toI32(array.sizes[columnDim]), product.firstColumn),
        column);
    present = kernel.mul(kernel.minimum(kernel.maximum(left, kernel.i32(0)),
                                        kernel.i32(slab.width)),
                         sizeof(float));
  }
  for (int64_t i = 0; i < tile.depth / termStep; ++i) {
    slab.term.push_back(kernel.add(term, i * termStep));
    slab.present.push_back(present);
  }
  return slab;
}

Value SlabCopy::advance(Value from, int64_t terms) const {
  return kernel.moveBy(from, kernel.rewriter.getF32Type(),
                       kernel.mul(kernel.toI32(termStride), terms));
}

void SlabCopy::start(SharedArray shared, Value from, Value stage,
                     int64_t terms) const {
  int64_t bytes = width * sizeof(float);
  Value to = kernel.moveShared(kernel.sharedAddress(shared, target), stage);
  for (auto [i, first, other] : llvm::enumerate(term, present)) {
    Value size = other;
    if (terms < depth)
      size = kernel.select(kernel.less(first, kernel.i32(terms)),
                           size ? size : kernel.i32(bytes), kernel.i32(0));
    kernel.copyAsync(kernel.moveShared(to, kernel.i32(i * targetStep)),
                     kernel.moveBy(from, kernel.rewriter.getF32Type(),
                                   kernel.mul(sourceStep, kernel.i32(i))),
                     bytes, size);
  }
}
