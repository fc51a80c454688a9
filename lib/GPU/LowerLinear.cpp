//===- LowerLinear.cpp - The kernel of linear layers ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A matrix product, and what follows it in a layer, on the sums in registers:
//
//   y = activation(sum + bias) + residual
//
// or, with gates, (sum + bias) * activation(gate + bias of the gate) +
// residual. A residual may be in the memory of the result: a thread reads each
// of its elements before it writes it.
//
// Tests: test/GPU/lower-linear.test, test/GPU/lower-linear.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/BlockAttrs.h"
#include "dialect/Block/RowOps.h"
#include "lib/GPU/FlatProduct.h"
#include "lib/GPU/MatrixProduct.h"
#include "lib/GPU/OperationModels.h"
#include "lib/Math/Activation.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Elements of the widest access.
static constexpr int64_t kUnit = 4;

namespace {
/// The layer's arrays but for those that are multiplied.
struct LinearEpilogue {
  DeviceBuilder &kernel;
  Activation activation;
  DevicePointer init;
  std::optional<DevicePointer> bias, residual;
  SmallVector<Value> batch;
  /// Rows and columns of the result, i32, and whether a tile may go beyond.
  Value rows, columns;
  bool raggedRows = false, raggedColumns = false;
  /// Elements that all accesses may take, and that exist or not as one.
  int64_t width = 1;

  SmallVector<Value> at(const DevicePointer &pointer, Value row, Value column) {
    SmallVector<Value> indices;
    if (pointer.array.rank() == 3)
      indices = batch;
    indices.append({row, column});
    return indices;
  }

  void addBias(MutableArrayRef<Value> values, int64_t plane, Value column) {
    if (!bias)
      return;
    SmallVector<Value> indices = {column};
    if (bias->array.rank() == 2)
      indices.insert(indices.begin(), kernel.i32(plane));
    Value vector = kernel.load(*bias, indices, values.size());
    for (auto [number, value] : llvm::enumerate(values))
      value = kernel.addF(value, kernel.element(vector, number));
  }

  /// Elements that exist, `width` of them.
  void finish(Value row, Value column, SmallVector<Value> values,
              SmallVector<Value> gates) {
    addBias(values, 0, column);
    if (!gates.empty())
      addBias(gates, 1, column);
    for (auto [number, value] : llvm::enumerate(values))
      value = emitActivation(kernel.rewriter, kernel.loc, activation, value,
                             gates.empty() ? Value() : gates[number]);
    if (residual) {
      Value vector =
          kernel.load(*residual, at(*residual, row, column), values.size());
      for (auto [number, value] : llvm::enumerate(values))
        value = kernel.addF(value, kernel.element(vector, number));
    }
    kernel.store(kernel.vector(values), init, at(init, row, column));
  }

  void finish(const ProductSums &sums) {
    auto guard = [&](bool isRagged, Value index, Value size,
                     function_ref<void()> body) {
      if (isRagged)
        kernel.ifTrue(kernel.less(index, size), body);
      else
        body();
    };
    int64_t count = sums.sums.size(), width = std::min(this->width, count);
    guard(raggedRows, sums.row, rows, [&] {
      for (int64_t i = 0; i < count; i += width) {
        Value column = kernel.add(sums.column, i);
        auto part = [&](ArrayRef<Value> values) {
          return values.empty() ? SmallVector<Value>()
                                : llvm::to_vector(values.slice(i, width));
        };
        guard(raggedColumns, column, columns, [&] {
          finish(sums.row, column, part(sums.sums), part(sums.gates));
        });
      }
    });
  }
};
} // namespace

/// Call `body` with the first number of each tile of `size` ones.
static void forEachTile(DeviceBuilder &kernel, OpFoldResult size, int64_t tile,
                        function_ref<void(Value first)> body) {
  std::optional<int64_t> bound = getKnownBound(size);
  if (bound && *bound <= tile)
    return body(kernel.i32(0));
  kernel.loop(kernel.i32(0), kernel.toI32(size), tile, [&](Value first) {
    body(first);
    // The next tile's terms go where this one's may still be read.
    kernel.barrier();
  });
}

static LogicalResult lowerLinear(block::LinearOp op, DeviceBuilder &kernel) {
  if (op.hasGates() && !isa_and_present<block::PlanesAttr>(op.getLayoutAttr()))
    return op.emitOpError("expected gates in the layout #block.planes");
  if (!op.hasGates() && op.isPacked())
    return op.emitOpError("expected a plain weight, but got ")
           << op.getLayoutAttr();
  std::optional<DevicePointer> bias, residual;
  FailureOr<DevicePointer> input = kernel.pointer(op.getInput());
  FailureOr<DevicePointer> weight = kernel.pointer(op.getWeight());
  FailureOr<DevicePointer> init = kernel.pointer(op.getInit());
  if (failed(input) || failed(weight) || failed(init))
    return failure();
  for (auto [memref, pointer] : {std::pair(op.getBias(), &bias),
                                 std::pair(op.getResidual(), &residual)}) {
    if (!memref)
      continue;
    FailureOr<DevicePointer> found = kernel.pointer(memref);
    if (failed(found))
      return failure();
    *pointer = *found;
  }
  std::optional<int64_t> terms = weight->array.staticSize(0);
  if (!terms || !weight->array.elementType.isF32())
    return op.emitOpError("expected a float32 weight with a static number of "
                          "rows, but got ")
           << op.getWeight().getType();

  int64_t rank = init->array.rank(), planes = op.hasGates() ? 2 : 1;
  OpFoldResult rows = init->array.sizes[rank - 2];
  OpFoldResult columns = init->array.sizes[rank - 1];
  LinearEpilogue epilogue = {kernel,
                             op.getActivation(),
                             *init,
                             bias,
                             residual,
                             {},
                             kernel.toI32(rows),
                             kernel.toI32(columns)};
  int64_t width = init->array.vectorWidth(kUnit);
  for (const std::optional<DevicePointer> &pointer : {bias, residual})
    if (pointer)
      width = std::min(width, pointer->array.vectorWidth(kUnit));
  while (getKnownDivisor(columns) % width != 0)
    width /= 2;
  epilogue.width = width;

  // Few rows are a product of another kind.
  std::optional<int64_t> rowBound = getKnownBound(rows),
                         columnBound = getKnownBound(columns);
  bool isFlat = rowBound && columnBound && *rowBound <= FlatTile::kMostRows;
  FlatTile flat;
  ProductTile tile;
  SharedArray shared;
  int64_t tileRows, tileColumns;
  if (isFlat) {
    flat = chooseFlatTile(*rowBound, *columnBound,
                          std::min(width, weight->array.vectorWidth(kUnit)),
                          op.hasGates());
    tileRows = flat.rows;
    tileColumns = flat.columns();
    kernel.setThreads(FlatTile::kThreads);
    shared = kernel.allocateShared(getFlatProductMemory(flat, op.hasGates()));
  } else {
    if (columnBound)
      *columnBound *= planes;
    tile = chooseProductTile(rowBound, columnBound);
    tileRows = tile.rows;
    tileColumns = tile.columns / planes;
    kernel.setThreads(tile.threads());
    shared = kernel.allocateShared(getProductMemory(tile));
  }
  epilogue.raggedRows = getKnownDivisor(rows) % tileRows != 0;
  epilogue.raggedColumns = getKnownDivisor(columns) % tileColumns != 0;

  auto emitTile = [&](const MatrixProduct &product) {
    auto finish = [&](const ProductSums &sums) { epilogue.finish(sums); };
    if (isFlat)
      emitFlatProduct(kernel, flat, product, shared, finish);
    else
      emitProduct(kernel, tile, product, shared, finish);
  };
  auto emitEntry = [&](SmallVector<Value> batch) {
    epilogue.batch = batch;
    if (input->array.rank() == 2)
      batch.clear();
    forEachTile(kernel, rows, tileRows, [&](Value firstRow) {
      forEachTile(kernel, columns, tileColumns, [&](Value firstColumn) {
        emitTile({*input, *weight, batch, firstRow, firstColumn, *terms});
      });
    });
  };
  if (rank == 2)
    emitEntry({});
  else if (init->array.hasSize(0, 1))
    emitEntry({kernel.i32(0)});
  else
    kernel.loop(kernel.i32(0), kernel.toI32(init->array.sizes[0]), 1,
                [&](Value entry) {
                  emitEntry({entry});
                  kernel.barrier();
                });
  return success();
}

/// Tasks are tiles of rows and columns of one batch entry.
static TilingAttr chooseTasks(Operation *op, CUDATargetAttr target) {
  auto linear = cast<block::LinearOp>(op);
  auto shape = cast<ShapedType>(linear.getInit().getType()).getShape();
  int64_t rows = shape[shape.size() - 2], columns = shape.back();
  // A layer with gates that is not packed has no loop over columns.
  if (linear.hasGates() && !linear.isPacked())
    return tileGPURows(op, FlatTile::kMostRows);
  // In an array without batch the rows that nobody knows are the batch.
  bool isFlat = ShapedType::isStatic(rows) ? rows <= FlatTile::kMostRows
                                           : shape.size() == 2;
  if (isFlat) {
    // As many blocks as there can be, as long as each reads whole lines.
    int64_t width = FlatTile::kMostColumns;
    while (width > kWarpSize && columns / width < target.getMultiprocessors())
      width /= 2;
    return tileGPURows(op, {FlatTile::kMostRows, width});
  }
  std::optional<int64_t> known;
  if (ShapedType::isStatic(rows))
    known = rows;
  ProductTask task =
      chooseProductTask(known, columns, linear.getReductionSize(),
                        linear.hasGates() ? 2 : 1, target.getMultiprocessors());
  return tileGPURows(op, {task.rows, task.columns});
}

void perceiver::attachGPULinearKernel(MLIRContext *context) {
  using block::LinearOp;
  LinearOp::attachInterface<GPUKernel<LinearOp, lowerLinear>,
                            GPUStrategyOf<LinearOp, chooseTasks>>(*context);
}
