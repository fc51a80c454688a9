//===- LowerLinear.cpp - Matrix product on packed panels ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   block.linear ins(%x, %w) bias(%b) residual(%r) outs(%y)
//
// with a weight packed in panels becomes
//
//   for each panel p of the weight:                  // streams once
//     for each tile of rows of x:                    // stays in the cache
//       acc = register tile over k of x[row, k] * w[p, k, :]
//       y[row, columns of p] = activation(acc + b[p, :]) + r[row, columns of p]
//
// Full panels share one loop body; a last panel with fewer columns has its own
// with as many vectors as it needs.
//
// Test: test/CPU/lower-linear.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/BlockAttrs.h"
#include "dialect/Block/RowOps.h"
#include "lib/CPU/MicroKernel.h"
#include "lib/CPU/OperationModels.h"
#include "lib/Math/Activation.h"

#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
/// One linear layer being lowered.
struct LinearKernel {
  KernelBuilder kernel;
  block::LinearOp op;
  block::PanelsAttr panels;
  const VectorTarget &target;
  /// Index of the batch entry, for the operands that have one.
  SmallVector<Value> batch;

  int64_t rank() { return cast<MemRefType>(op.getInit().getType()).getRank(); }

  /// Indices of (row, column) in an array of rows with or without batch.
  SmallVector<Value> at(Value array, Value row, Value column) {
    SmallVector<Value> indices;
    if (cast<MemRefType>(array.getType()).getRank() == 3)
      indices = batch;
    indices.push_back(row);
    indices.push_back(column);
    return indices;
  }

  /// `columns` columns of the result from panel `panel`, for `rows` rows from
  /// `row` on.
  void tile(Value panel, Value row, int64_t rows, int64_t columns) {
    bool gated = panels.getGated();
    int64_t resultVectors = kernel.vectorsFor(columns);
    int64_t lanes = kernel.lanes;
    // A gated panel holds the gates of its columns in its second half.
    SmallVector<int64_t> offsets;
    for (int64_t v = 0; v < resultVectors; ++v)
      offsets.push_back(v * lanes);
    if (gated)
      for (int64_t v = 0; v < resultVectors; ++v)
        offsets.push_back(panels.getLanes() / 2 + v * lanes);
    int64_t vectors = offsets.size();

    SmallVector<Value> rowIndices;
    for (int64_t r = 0; r < rows; ++r)
      rowIndices.push_back(kernel.add(row, r));
    SmallVector<Value> offsetIndices;
    for (int64_t offset : offsets)
      offsetIndices.push_back(kernel.index(offset));

    RegisterTile tile;
    tile.rows = rows;
    tile.vectors = vectors;
    tile.depth = kernel.index(op.getReductionSize());
    auto lhs = [&](int64_t r, Value k) {
      return kernel.loadScalar(op.getInput(),
                               at(op.getInput(), rowIndices[r], k));
    };
    auto rhs = [&](int64_t v, Value k) {
      return kernel.load(op.getWeight(), {panel, k, offsetIndices[v]});
    };
    tile.lhs = lhs;
    tile.rhs = rhs;
    SmallVector<Value> sums = emitRegisterTile(kernel, tile);

    if (op.getBias())
      for (int64_t v = 0; v < vectors; ++v) {
        Value bias = kernel.load(op.getBias(), {panel, offsetIndices[v]});
        for (int64_t r = 0; r < rows; ++r)
          sums[r * vectors + v] = kernel.addF(sums[r * vectors + v], bias);
      }
    Value firstColumn = kernel.mul(panel, panels.getColumns());
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t v = 0; v < resultVectors; ++v) {
        Value gate = gated ? sums[r * vectors + resultVectors + v] : Value();
        Value result =
            emitActivation(kernel.builder, kernel.loc, op.getActivation(),
                           sums[r * vectors + v], gate);
        Value column = kernel.add(firstColumn, v * lanes);
        int64_t count = columns - v * lanes;
        if (op.getResidual())
          result = kernel.addF(
              result,
              kernel.load(op.getResidual(),
                          at(op.getResidual(), rowIndices[r], column), count));
        kernel.store(result, op.getInit(),
                     at(op.getInit(), rowIndices[r], column), count);
      }
  }

  void run() {
    auto init = cast<MemRefType>(op.getInit().getType());
    int64_t columns = init.getDimSize(rank() - 1);
    int64_t panelColumns = panels.getColumns();
    int64_t fullPanels = columns / panelColumns;
    int64_t lastColumns = columns % panelColumns;
    Value rows = kernel.dim(op.getInit(), rank() - 2);
    auto panel = [&](Value index, int64_t width) {
      int64_t vectors = kernel.vectorsFor(width) * (panels.getGated() ? 2 : 1);
      int64_t tileRows = rowsForVectors(vectors, target.registers);
      kernel.rowTiles(rows, tileRows, [&](Value row, int64_t height) {
        tile(index, row, height, width);
      });
    };
    auto allPanels = [&] {
      kernel.loop(kernel.index(0), kernel.index(fullPanels), 1,
                  [&](Value index) { panel(index, panelColumns); });
      if (lastColumns != 0)
        panel(kernel.index(fullPanels), lastColumns);
    };
    if (rank() == 2)
      return allPanels();
    kernel.loop(kernel.index(0), kernel.dim(op.getInit(), 0), 1,
                [&](Value entry) {
                  batch = {entry};
                  allPanels();
                });
  }
};
} // namespace

static LogicalResult lowerLinear(RewriterBase &rewriter, block::LinearOp op,
                                 const VectorTarget &target) {
  auto panels = dyn_cast_or_null<block::PanelsAttr>(op.getLayoutAttr());
  if (!panels)
    return rewriter.notifyMatchFailure(op,
                                       "expected a weight packed in panels");
  auto init = cast<MemRefType>(op.getInit().getType());
  if (init.isDynamicDim(init.getRank() - 1))
    return rewriter.notifyMatchFailure(op, "expected static columns");
  int64_t lanes = panels.getLanes();
  if (lanes % (target.lanes * (panels.getGated() ? 2 : 1)) != 0)
    return rewriter.notifyMatchFailure(
        op, "expected panels of whole vectors of the target");
  LinearKernel kernel{KernelBuilder(rewriter, op.getLoc(), target.lanes),
                      op,
                      panels,
                      target,
                      {}};
  kernel.run();
  rewriter.eraseOp(op);
  return success();
}

void perceiver::attachLinearKernel(MLIRContext *context) {
  block::LinearOp::attachInterface<Kernel<block::LinearOp, lowerLinear>,
                                   StrategyOf<block::LinearOp, chooseForRows>>(
      *context);
}
