//===- MatrixProduct.cpp - Sums of a matrix product by threads -----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Slabs of `depth` terms pass through `stages` places in shared memory:
//
//   start copying the first stages - 1 slabs
//   for each slab:
//     wait for its copies; barrier       // all have it, and are done with the
//     start copying slab + stages - 1    // place of the one before it
//     for each term of this thread's slice:
//       8 x 8 multiplications of 8 rows and 8 columns
//
// The first slab is the one that may have fewer terms, so the others are copied
// without looking at the end.
//
// If several slices of warps have the same sums, each of them has its own units
// of every slab. In the end sums go through shared memory: slice s adds up
// every slice's part, in order, of a share of the rows.
//
// Tests: test/GPU/lower-linear.test, test/GPU/lower-linear.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/GPU/MatrixProduct.h"
#include "lib/GPU/SlabCopy.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Rows and columns of a thread; the columns are two times four in a row.
static constexpr int64_t kRows = 8, kColumns = 8, kUnit = 4;
static_assert(kUnit == kUnitTerms);
/// Lanes of a warp along rows and columns.
static constexpr int64_t kRowLanes = kUnitRows, kColumnLanes = 8;
/// The most float32 products that are added in a row. Terms of a product
/// cancel, so its error grows with the square root: 1,024 terms are off by 6e-7
/// of the result's size.
static constexpr int64_t kLongestProduct = 1024;

static int64_t getStageSize(const ProductTile &tile) {
  return (tile.rows + tile.columns) * tile.depth;
}

/// How many times sums are exchanged, each time a part of them.
static int64_t getExchanges(const ProductTile &tile) {
  int64_t units = kRows * kColumns / kUnit;
  int64_t exchanges = 1;
  while (tile.threads() * kRows * kColumns / exchanges >
             tile.stages * getStageSize(tile) &&
         units / (2 * exchanges * tile.slices) >= 2)
    exchanges *= 2;
  return exchanges;
}

int64_t perceiver::getProductMemory(const ProductTile &tile) {
  int64_t elements = tile.stages * getStageSize(tile);
  if (tile.slices > 1)
    elements = std::max(elements,
                        tile.threads() * kRows * kColumns / getExchanges(tile));
  return elements;
}

namespace {
class ProductBuilder {
public:
  ProductBuilder(DeviceBuilder &kernel, const ProductTile &tile,
                 const MatrixProduct &product, SharedArray shared)
      : kernel(kernel), tile(tile), product(product), shared(shared) {}

  void emit(function_ref<void(const ProductSums &)> finish);

private:
  void findThread();
  void multiply(Value stage, SmallVector<Value> &sums);
  SmallVector<Value> sumSlabs();
  void finishOwn(ArrayRef<Value> sums,
                 function_ref<void(const ProductSums &)> finish);
  void exchange(ArrayRef<Value> sums,
                function_ref<void(const ProductSums &)> finish);
  /// Of units `first` and, for planes, `second` of row `number` of this thread.
  void finishRow(Value row, ArrayRef<Value> first, ArrayRef<Value> second,
                 function_ref<void(const ProductSums &)> finish);

  DeviceBuilder &kernel;
  const ProductTile &tile;
  const MatrixProduct &product;
  SharedArray shared;
  /// This thread's slice, its number in the slice, its first row and column.
  Value slice, sliceThread, row, column;
  /// From this thread's first four columns to the others.
  int64_t columnDistance = 0;
};
} // namespace

void ProductBuilder::findThread() {
  Value warp = kernel.warp(), lane = kernel.lane();
  slice = kernel.floorDiv(warp, tile.warps());
  sliceThread = kernel.rem(kernel.thread(), tile.warps() * kWarpSize);
  Value number = kernel.rem(warp, tile.warps());
  int64_t warpColumns = tile.columns / (kColumnLanes * kColumns);
  // Neighbours share a column and the halves of a warp rows, so that each half
  // asks shared memory for 128 different bytes at most.
  Value rowLane =
      kernel.add(kernel.rem(lane, 2), kernel.mul(kernel.floorDiv(lane, 16), 2));
  Value columnLane = kernel.rem(kernel.floorDiv(lane, 2), kColumnLanes);
  row = kernel.add(
      kernel.mul(kernel.floorDiv(number, warpColumns), kRowLanes * kRows),
      rowLane);
  // A thread has the same columns of both planes.
  int64_t warpWidth = kColumnLanes * kColumns / product.planes();
  columnDistance = product.hasPlanes() ? tile.columns / 2 : warpWidth / 2;
  column = kernel.add(kernel.mul(kernel.rem(number, warpColumns), warpWidth),
                      kernel.mul(columnLane, kUnit));
}

void ProductBuilder::multiply(Value stage, SmallVector<Value> &sums) {
  int64_t units = tile.depth / kUnit / tile.slices;
  Value firstUnit = kernel.mul(slice, units);
  // In the first stage; what differs from one to the next is added to
  // addresses.
  auto inStage = [&](Value index) {
    return kernel.moveShared(kernel.sharedAddress(shared, index), stage);
  };
  auto load = [&](Value address, int64_t distance) {
    return kernel.loadSharedAt(kernel.moveShared(address, kernel.i32(distance)),
                               kUnit);
  };
  Value rhs =
      inStage(kernel.add(kernel.mul(firstUnit, kUnit * tile.columns), column));
  for (int64_t number = 0; number < units; ++number) {
    Value unit = getUnit(kernel, tile, row, kernel.add(firstUnit, number));
    Value lhs = inStage(
        kernel.add(kernel.mul(row, tile.depth), kernel.mul(unit, kUnit)));
    SmallVector<Value> rows;
    for (int64_t i = 0; i < kRows; ++i)
      rows.push_back(load(lhs, i * kRowLanes * tile.depth));
    for (int64_t term = 0; term < kUnit; ++term) {
      int64_t start =
          tile.rows * tile.depth + (number * kUnit + term) * tile.columns;
      SmallVector<Value> columns;
      for (int64_t part = 0; part < kColumns / kUnit; ++part) {
        Value four = load(rhs, start + part * columnDistance);
        for (int64_t j = 0; j < kUnit; ++j)
          columns.push_back(kernel.element(four, j));
      }
      for (int64_t i = 0; i < kRows; ++i)
        for (int64_t j = 0; j < kColumns; ++j)
          sums[i * kColumns + j] =
              kernel.fma(kernel.element(rows[i], term), columns[j],
                         sums[i * kColumns + j]);
    }
  }
}

/// This thread's sums over its slice's terms.
SmallVector<Value> ProductBuilder::sumSlabs() {
  SlabCopy lhs = SlabCopy::ofLhs(kernel, tile, product);
  SlabCopy rhs = SlabCopy::ofRhs(kernel, tile, product);
  int64_t slabs = product.slabs(tile.depth);
  int64_t stageSize = getStageSize(tile), ahead = tile.stages - 1;
  Value lhsSource = lhs.getSource(), rhsSource = rhs.getSource();
  for (int64_t slab = 0; slab < ahead; ++slab) {
    if (slab < slabs) {
      Value stage = kernel.i32(slab * stageSize);
      int64_t terms = slab == 0 ? product.firstTerms(tile.depth) : tile.depth;
      lhs.start(shared, lhsSource, stage, terms);
      rhs.start(shared, rhsSource, stage, terms);
      lhsSource = lhs.advance(lhsSource, terms);
      rhsSource = rhs.advance(rhsSource, terms);
    }
    kernel.commitCopies();
  }

  // Carried besides the sums: what is copied next, the stage that is read and
  // the one that is filled, which is the one that was read before.
  SmallVector<Value> zeros(kRows * kColumns, kernel.f32(0.0));
  SmallVector<Value> state = {lhsSource, rhsSource, kernel.i32(0),
                              kernel.i32(ahead * stageSize)};
  auto step = [&](Value slab, ValueRange carried) {
    auto values = llvm::to_vector_of<Value>(carried);
    ArrayRef<Value> state = ArrayRef(values).take_back(4);
    kernel.waitForCopies(tile.stages - 2);
    kernel.barrier();
    if (slabs > ahead)
      kernel.ifTrue(kernel.less(slab, kernel.i32(slabs - ahead)), [&] {
        lhs.start(shared, state[0], state[3], tile.depth);
        rhs.start(shared, state[1], state[3], tile.depth);
      });
    kernel.commitCopies();
    SmallVector<Value> sums(ArrayRef(values).drop_back(4));
    multiply(state[2], sums);
    Value next = kernel.add(state[2], stageSize);
    next =
        kernel.select(kernel.equal(next, kernel.i32(tile.stages * stageSize)),
                      kernel.i32(0), next);
    sums.append({lhs.advance(state[0], tile.depth),
                 rhs.advance(state[1], tile.depth), next, state[2]});
    return sums;
  };
  auto sumRange = [&](Value first, Value last, ArrayRef<Value> state) {
    SmallVector<Value> inits = zeros;
    llvm::append_range(inits, state);
    return kernel.loop(first, last, 1, inits, step);
  };
  Value zero = kernel.i32(0), end = kernel.i32(slabs);
  int64_t chain = kLongestProduct * tile.slices / tile.depth;
  if (slabs <= chain) {
    SmallVector<Value> sums = sumRange(zero, end, state);
    sums.resize(zeros.size());
    return sums;
  }
  SmallVector<Value> totals = zeros;
  totals.append(state);
  totals = kernel.loop(
      zero, end, chain, totals, [&](Value first, ValueRange carried) {
        auto values = llvm::to_vector_of<Value>(carried);
        Value last = kernel.minimum(kernel.add(first, chain), end);
        SmallVector<Value> parts =
            sumRange(first, last, ArrayRef(values).take_back(4));
        for (size_t i = 0; i < zeros.size(); ++i)
          parts[i] = kernel.addF(values[i], parts[i]);
        return parts;
      });
  totals.resize(zeros.size());
  return totals;
}

void ProductBuilder::finishRow(Value tileRow, ArrayRef<Value> first,
                               ArrayRef<Value> second,
                               function_ref<void(const ProductSums &)> finish) {
  ProductSums sums;
  sums.row = kernel.add(product.firstRow, tileRow);
  sums.column = kernel.add(product.firstColumn, column);
  sums.sums.assign(first.begin(), first.end());
  if (product.hasPlanes()) {
    sums.gates.assign(second.begin(), second.end());
    return finish(sums);
  }
  finish(sums);
  sums.column = kernel.add(sums.column, columnDistance);
  sums.sums.assign(second.begin(), second.end());
  finish(sums);
}

void ProductBuilder::finishOwn(ArrayRef<Value> sums,
                               function_ref<void(const ProductSums &)> finish) {
  for (int64_t i = 0; i < kRows; ++i)
    finishRow(kernel.add(row, i * kRowLanes), sums.slice(i * kColumns, kUnit),
              sums.slice(i * kColumns + kUnit, kUnit), finish);
}

void ProductBuilder::exchange(ArrayRef<Value> sums,
                              function_ref<void(const ProductSums &)> finish) {
  int64_t exchanges = getExchanges(tile);
  // Rows that go through memory at a time, and what each slice gets of them.
  int64_t rows = kRows / exchanges, share = rows / tile.slices;
  int64_t unitSize = tile.warps() * kWarpSize * kUnit;
  int64_t sliceSize = rows * kColumns / kUnit * unitSize;
  Value place = kernel.mul(sliceThread, kUnit);
  for (int64_t number = 0; number < exchanges; ++number) {
    kernel.barrier();
    Value to = kernel.add(kernel.mul(slice, sliceSize), place);
    for (int64_t unit = 0; unit < rows * kColumns / kUnit; ++unit)
      kernel.storeShared(kernel.vector(sums.slice(
                             number * rows * kColumns + unit * kUnit, kUnit)),
                         shared, kernel.add(to, unit * unitSize));
    kernel.barrier();
    Value firstRow = kernel.mul(slice, share);
    Value from =
        kernel.add(kernel.mul(firstRow, kColumns / kUnit * unitSize), place);
    for (int64_t i = 0; i < share; ++i) {
      SmallVector<Value> total;
      for (int64_t part = 0; part < kColumns / kUnit; ++part)
        for (int64_t source = 0; source < tile.slices; ++source) {
          Value four = kernel.loadShared(
              shared,
              kernel.add(from, source * sliceSize +
                                   (i * kColumns / kUnit + part) * unitSize),
              kUnit);
          for (int64_t j = 0; j < kUnit; ++j) {
            Value element = kernel.element(four, j);
            if (source == 0)
              total.push_back(element);
            else
              total[part * kUnit + j] =
                  kernel.addF(total[part * kUnit + j], element);
          }
        }
      Value threadRow = kernel.add(firstRow, number * rows + i);
      finishRow(kernel.add(row, kernel.mul(threadRow, kRowLanes)),
                ArrayRef(total).take_front(kUnit),
                ArrayRef(total).take_back(kUnit), finish);
    }
  }
}

void ProductBuilder::emit(function_ref<void(const ProductSums &)> finish) {
  findThread();
  SmallVector<Value> sums = sumSlabs();
  if (tile.slices == 1)
    return finishOwn(sums, finish);
  exchange(sums, finish);
}

void perceiver::emitProduct(DeviceBuilder &kernel, const ProductTile &tile,
                            const MatrixProduct &product, SharedArray shared,
                            function_ref<void(const ProductSums &)> finish) {
  ProductBuilder(kernel, tile, product, shared).emit(finish);
}
