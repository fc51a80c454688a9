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
// Test: test/GPU/lower-linear.test.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/BlockAttrs.h"
#include "dialect/Block/RowOps.h"
#include "lib/GPU/MatrixProduct.h"
#include "lib/GPU/OperationModels.h"
#include "lib/Math/VectorMath.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Consecutive sums of a thread.
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

  Value activate(Value value) {
    switch (activation) {
    case Activation::gelu_erf:
    case Activation::geglu:
      return emitGeluErf(kernel.rewriter, kernel.loc, value);
    case Activation::gelu_tanh:
      return emitGeluTanh(kernel.rewriter, kernel.loc, value);
    case Activation::none:
      return value;
    }
    llvm_unreachable("unknown activation");
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
    if (gates.empty()) {
      for (Value &value : values)
        value = activate(value);
    } else {
      addBias(gates, 1, column);
      for (auto [value, gate] : llvm::zip(values, gates))
        value = kernel.mulF(value, activate(gate));
    }
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
    guard(raggedRows, sums.row, rows, [&] {
      for (int64_t i = 0; i < kUnit; i += width) {
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

  int64_t rank = init->array.rank();
  OpFoldResult rows = init->array.sizes[rank - 2];
  OpFoldResult columns = init->array.sizes[rank - 1];
  std::optional<int64_t> weightColumns = getKnownBound(columns);
  int64_t planes = op.hasGates() ? 2 : 1;
  if (weightColumns)
    *weightColumns *= planes;
  ProductTile tile = chooseProductTile(getKnownBound(rows), weightColumns);
  kernel.setThreads(tile.threads());
  SharedArray shared = kernel.allocateShared(getProductMemory(tile));

  LinearEpilogue epilogue = {kernel,
                             op.getActivation(),
                             *init,
                             bias,
                             residual,
                             {},
                             kernel.toI32(rows),
                             kernel.toI32(columns)};
  auto isRagged = [](OpFoldResult size, int64_t tile) {
    return getKnownDivisor(size) % tile != 0;
  };
  epilogue.raggedRows = isRagged(rows, tile.rows);
  epilogue.raggedColumns = isRagged(columns, tile.columns / planes);
  int64_t width = init->array.vectorWidth(kUnit);
  for (const std::optional<DevicePointer> &pointer : {bias, residual})
    if (pointer)
      width = std::min(width, pointer->array.vectorWidth(kUnit));
  while (getKnownDivisor(columns) % width != 0)
    width /= 2;
  epilogue.width = width;

  auto emitEntry = [&](SmallVector<Value> batch) {
    epilogue.batch = batch;
    if (input->array.rank() == 2)
      batch.clear();
    forEachTile(kernel, rows, tile.rows, [&](Value firstRow) {
      forEachTile(kernel, columns, tile.columns / planes,
                  [&](Value firstColumn) {
                    MatrixProduct product = {*input,   *weight,     batch,
                                             firstRow, firstColumn, *terms};
                    emitProduct(kernel, tile, product, shared,
                                [&](const ProductSums &sums) {
                                  epilogue.finish(sums);
                                });
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

void perceiver::attachGPULinearKernel(MLIRContext *context) {
  using block::LinearOp;
  LinearOp::attachInterface<GPUKernel<LinearOp, lowerLinear>,
                            GPUStrategyOf<LinearOp, chooseGPUProduct>>(
      *context);
}
