//===- FlatProduct.cpp - Products of a few rows by threads ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each warp reads every kWarps-th run of eight terms of its columns, and the
// same terms of the rows, which all lanes want and get at once. Then the warps'
// sums go through shared memory and are added in order. What is beyond the last
// row or column is computed from the last one that exists, and not kept.
//
// Tests: test/GPU/lower-linear.test, test/GPU/lower-linear.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/FlatProduct.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Terms that are read before the first of them is used.
static constexpr int64_t kRun = 8;
static constexpr int64_t kWidest = 4;

namespace {
class FlatBuilder {
public:
  FlatBuilder(DeviceBuilder &kernel, const FlatTile &tile,
              const MatrixProduct &product, SharedArray shared)
      : kernel(kernel), tile(tile), product(product), shared(shared) {}

  void emit(function_ref<void(const ProductSums &)> finish);

private:
  int64_t planes() const { return product.planes(); }
  /// Sums of a thread in one row.
  int64_t rowSums() const { return planes() * tile.width; }

  /// Add the products of `count` terms from `term` on.
  SmallVector<Value> multiply(Value term, int64_t count, ValueRange carried);
  SmallVector<Value> sumTerms();

  DeviceBuilder &kernel;
  const FlatTile &tile;
  const MatrixProduct &product;
  SharedArray shared;
  SmallVector<Value> rows;
  Value column;
};
} // namespace

/// `index`, or the last one below `size` from which on `count` elements exist.
static Value clamp(DeviceBuilder &kernel, Value index, OpFoldResult size,
                   int64_t count) {
  return kernel.minimum(index,
                        kernel.sub(kernel.toI32(size), kernel.i32(count)));
}

SmallVector<Value> FlatBuilder::multiply(Value term, int64_t count,
                                         ValueRange carried) {
  // All reads first.
  SmallVector<SmallVector<Value>> lhs(tile.rows), rhs(count);
  for (int64_t k = 0; k < count; ++k)
    for (int64_t plane = 0; plane < planes(); ++plane) {
      SmallVector<Value> indices = {kernel.add(term, k)};
      if (product.hasPlanes())
        indices.push_back(kernel.i32(plane));
      indices.push_back(column);
      Value vector = kernel.load(product.rhs, indices, tile.width);
      for (int64_t j = 0; j < tile.width; ++j)
        rhs[k].push_back(kernel.element(vector, j));
    }
  int64_t width = std::min(count, product.lhs.array.vectorWidth(kWidest));
  for (int64_t row = 0; row < tile.rows; ++row)
    for (int64_t k = 0; k < count; k += width) {
      SmallVector<Value> indices = product.batch;
      indices.append({rows[row], kernel.add(term, k)});
      Value vector = kernel.load(product.lhs, indices, width);
      for (int64_t i = 0; i < width; ++i)
        lhs[row].push_back(kernel.element(vector, i));
    }
  auto sums = llvm::to_vector_of<Value>(carried);
  for (int64_t k = 0; k < count; ++k)
    for (int64_t row = 0; row < tile.rows; ++row)
      for (int64_t j = 0; j < rowSums(); ++j) {
        Value &sum = sums[row * rowSums() + j];
        sum = kernel.fma(lhs[row][k], rhs[k][j], sum);
      }
  return sums;
}

SmallVector<Value> FlatBuilder::sumTerms() {
  SmallVector<Value> sums(tile.rows * rowSums(), kernel.f32(0.0));
  Value warp = kernel.warp();
  int64_t whole = product.terms / kRun * kRun;
  sums = kernel.loop(kernel.mul(warp, kRun), kernel.i32(whole),
                     FlatTile::kWarps * kRun, sums,
                     [&](Value term, ValueRange carried) {
                       return multiply(term, kRun, carried);
                     });
  // Fewer than a warp each is left.
  if (int64_t rest = product.terms - whole)
    sums = kernel.ifElse(
        kernel.less(warp, kernel.i32(rest)),
        [&] { return multiply(kernel.add(warp, whole), 1, sums); },
        [&] { return sums; });
  return sums;
}

void FlatBuilder::emit(function_ref<void(const ProductSums &)> finish) {
  Value lane = kernel.mul(kernel.lane(), tile.width);
  const DeviceArray &lhs = product.lhs.array, &rhs = product.rhs.array;
  for (int64_t row = 0; row < tile.rows; ++row)
    rows.push_back(clamp(kernel, kernel.add(product.firstRow, row),
                         lhs.sizes[lhs.rank() - 2], 1));
  column = clamp(kernel, kernel.add(product.firstColumn, lane),
                 rhs.sizes.back(), tile.width);
  SmallVector<Value> sums = sumTerms();
  // A row's sums of a warp lie side by side.
  int64_t warpSize = tile.columns() * planes() * tile.rows;
  Value place = kernel.add(kernel.mul(kernel.warp(), warpSize), lane);
  for (int64_t i = 0; i < tile.rows * planes(); ++i)
    kernel.storeShared(
        kernel.vector(ArrayRef(sums).slice(i * tile.width, tile.width)), shared,
        kernel.add(place, i * tile.columns()));
  kernel.barrier();

  // Warps have rows now.
  kernel.loop(
      kernel.warp(), kernel.i32(tile.rows), FlatTile::kWarps, [&](Value row) {
        ProductSums result;
        result.row = kernel.add(product.firstRow, row);
        result.column = kernel.add(product.firstColumn, lane);
        for (int64_t plane = 0; plane < planes(); ++plane) {
          SmallVector<Value> &total = plane == 0 ? result.sums : result.gates;
          Value from = kernel.add(kernel.mul(row, planes() * tile.columns()),
                                  kernel.add(lane, plane * tile.columns()));
          for (int64_t warp = 0; warp < FlatTile::kWarps; ++warp) {
            Value part = kernel.loadShared(
                shared, kernel.add(from, warp * warpSize), tile.width);
            for (int64_t j = 0; j < tile.width; ++j) {
              Value element = kernel.element(part, j);
              if (warp == 0)
                total.push_back(element);
              else
                total[j] = kernel.addF(total[j], element);
            }
          }
        }
        finish(result);
      });
}

FlatTile perceiver::chooseFlatTile(int64_t rows, int64_t columns, int64_t width,
                                   bool hasPlanes) {
  // What warps exchange has to fit into shared memory.
  constexpr int64_t kMostSums = 16;
  while (width > 1 && (columns < width * kWarpSize ||
                       rows * width * (hasPlanes ? 2 : 1) > kMostSums))
    width /= 2;
  return {rows, width};
}

void perceiver::emitFlatProduct(
    DeviceBuilder &kernel, const FlatTile &tile, const MatrixProduct &product,
    SharedArray shared, function_ref<void(const ProductSums &)> finish) {
  FlatBuilder(kernel, tile, product, shared).emit(finish);
}

int64_t perceiver::getFlatProductMemory(const FlatTile &tile, bool hasPlanes) {
  return FlatTile::kWarps * tile.rows * tile.columns() * (hasPlanes ? 2 : 1);
}
