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
// Where channels are groups (grouped_linear), panel p belongs to one of them
// and multiplies its channels of x. Full panels share one loop body; a last
// panel with fewer columns has its own with as many vectors as it needs, or, in
// a tile of columns that may be the last one, with masks.
//
// Tests: test/CPU/lower-linear.mlir, test/CPU/select-strategy-linear.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/BlockAttrs.h"
#include "dialect/Block/GroupedOps.h"
#include "dialect/Block/RowOps.h"
#include "lib/CPU/LinearTiles.h"
#include "lib/CPU/MicroKernel.h"
#include "lib/CPU/OperationModels.h"
#include "lib/Math/Activation.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Dialect/Vector/IR/VectorOps.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
/// One linear layer being lowered.
struct LinearKernel {
  KernelBuilder kernel;
  block::PanelsAttr panels;
  const VectorTarget &target;
  /// Bias and residual may be null.
  Value input, weight, bias, residual, init;
  Activation activation = {};
  /// Rows of the weight matrix.
  int64_t depth = 0;
  /// Panels of a group of columns, each of which has channels of its own; 0 if
  /// there are no groups.
  int64_t groupPanels = 0;
  /// Index of the batch entry, for the operands that have one.
  SmallVector<Value> batch = {};

  int64_t rank() { return cast<MemRefType>(init.getType()).getRank(); }

  /// Indices of (row, column) in an array of rows with or without batch.
  SmallVector<Value> at(Value array, Value row, Value column) {
    SmallVector<Value> indices;
    if (cast<MemRefType>(array.getType()).getRank() == 3)
      indices = batch;
    indices.push_back(row);
    indices.push_back(column);
    return indices;
  }

  /// Vectors for `columns` columns of a panel: those of all of it, where the
  /// number is known at run time only.
  int64_t vectorsFor(Value columns) {
    return kernel.vectorsFor(
        getConstantIntValue(columns).value_or(panels.getColumns()));
  }

  /// `columns` columns of the result from panel `panel`, for `rows` rows from
  /// `row` on.
  void tile(Value panel, Value row, int64_t rows, Value columns) {
    bool gated = panels.getGated();
    int64_t resultVectors = vectorsFor(columns);
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
    tile.depth = kernel.index(depth);
    Value firstChannel;
    if (groupPanels > 0)
      firstChannel = kernel.mul(kernel.floorDiv(panel, groupPanels), depth);
    auto lhs = [&](int64_t r, Value k) {
      Value channel = firstChannel ? kernel.add(firstChannel, k) : k;
      return kernel.loadScalar(input, at(input, rowIndices[r], channel));
    };
    auto rhs = [&](int64_t v, Value k) {
      return kernel.load(weight, {panel, k, offsetIndices[v]});
    };
    tile.lhs = lhs;
    tile.rhs = rhs;
    SmallVector<Value> sums = emitRegisterTile(kernel, tile);

    if (bias)
      for (int64_t v = 0; v < vectors; ++v) {
        Value terms = kernel.load(bias, {panel, offsetIndices[v]});
        for (int64_t r = 0; r < rows; ++r)
          sums[r * vectors + v] = kernel.addF(sums[r * vectors + v], terms);
      }
    Value firstColumn = kernel.mul(panel, panels.getColumns());
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t v = 0; v < resultVectors; ++v) {
        Value gate = gated ? sums[r * vectors + resultVectors + v] : Value();
        Value result = emitActivation(kernel.builder, kernel.loc, activation,
                                      sums[r * vectors + v], gate);
        Value column = kernel.add(firstColumn, v * lanes);
        Value count = kernel.add(columns, -v * lanes);
        if (residual)
          result = kernel.addF(
              result, kernel.load(residual, at(residual, rowIndices[r], column),
                                  count));
        kernel.store(result, init, at(init, rowIndices[r], column), count);
      }
  }

  void run() {
    int64_t panelColumns = panels.getColumns();
    Value columns = kernel.dim(init, rank() - 1);
    Value fullPanels = kernel.floorDiv(columns, panelColumns);
    Value lastColumns =
        kernel.sub(columns, kernel.mul(fullPanels, panelColumns));
    Value rows = kernel.dim(init, rank() - 2);
    auto panel = [&](Value index, Value width) {
      int64_t vectors = vectorsFor(width) * (panels.getGated() ? 2 : 1);
      int64_t tileRows = rowsForVectors(vectors, target.registers);
      kernel.rowTiles(rows, tileRows, [&](Value row, int64_t height) {
        tile(index, row, height, width);
      });
    };
    auto allPanels = [&] {
      kernel.loop(kernel.index(0), fullPanels, 1, [&](Value index) {
        panel(index, kernel.index(panelColumns));
      });
      // At most once: the last columns of the whole may be in this tile.
      kernel.loop(kernel.index(0), lastColumns, panelColumns,
                  [&](Value) { panel(fullPanels, lastColumns); });
    };
    if (rank() == 2)
      return allPanels();
    kernel.loop(kernel.index(0), kernel.dim(init, 0), 1, [&](Value entry) {
      batch = {entry};
      allPanels();
    });
  }
};
} // namespace

/// The panels of a layer that this kernel can compute; null otherwise.
static block::PanelsAttr matchPanels(RewriterBase &rewriter,
                                     PackableOpInterface op,
                                     const VectorTarget &target) {
  auto panels = dyn_cast_or_null<block::PanelsAttr>(op.getLayoutAttr());
  auto fail = [&](const char *reason) -> block::PanelsAttr {
    (void)rewriter.notifyMatchFailure(op, reason);
    return nullptr;
  };
  if (!panels)
    return fail("expected a weight packed in panels");
  if (panels.getLanes() % (target.lanes * (panels.getGated() ? 2 : 1)) != 0)
    return fail("expected panels of whole vectors of the target");
  return panels;
}

static LogicalResult lowerLinear(RewriterBase &rewriter, block::LinearOp op,
                                 const VectorTarget &target) {
  block::PanelsAttr panels = matchPanels(rewriter, op, target);
  if (!panels)
    return failure();
  LinearKernel kernel{KernelBuilder(rewriter, op.getLoc(), target.lanes),
                      panels,
                      target,
                      op.getInput(),
                      op.getWeight(),
                      op.getBias(),
                      op.getResidual(),
                      op.getInit(),
                      op.getActivation(),
                      op.getReductionSize()};
  kernel.run();
  rewriter.eraseOp(op);
  return success();
}

static LogicalResult lowerGroupedLinear(RewriterBase &rewriter,
                                        block::GroupedLinearOp op,
                                        const VectorTarget &target) {
  block::PanelsAttr panels = matchPanels(rewriter, op, target);
  if (!panels)
    return failure();
  LinearKernel kernel{KernelBuilder(rewriter, op.getLoc(), target.lanes),
                      panels,
                      target,
                      op.getInput(),
                      op.getWeight(),
                      op.getBias(),
                      /*residual=*/Value(),
                      op.getInit(),
                      /*activation=*/{},
                      op.getReductionSize(),
                      op.getGroupColumns() / panels.getColumns()};
  kernel.run();
  rewriter.eraseOp(op);
  return success();
}

//===----------------------------------------------------------------------===//
// Strategy
//===----------------------------------------------------------------------===//

static std::optional<int64_t> sizeOf(ShapedType type, int64_t dim) {
  if (type.isDynamicDim(dim))
    return std::nullopt;
  return type.getDimSize(dim);
}

/// Tasks are (batch, block of rows), or, where these are too few, (batch, block
/// of rows, group of columns), in a phase of their own:
///
///   %n = block.layer_norm ins(%x) ..        task = [1, 8]
///   %h = block.linear ins(%n, %w1) ..       task = [1, 128, 64], root = true
///
/// What tasks with a part of the columns read is needed by several of them, so
/// that the norm becomes a phase, too.
static Strategy chooseForLinear(Operation *operation,
                                const TileTarget &target) {
  auto op = cast<block::LinearOp>(operation);
  auto type = cast<ShapedType>(op.getInit().getType());
  int64_t rowDim = type.getRank() - 2;
  if (type.isDynamicDim(rowDim + 1))
    return chooseForRows(operation, target);
  LinearSizes sizes;
  sizes.entries = rowDim > 0 ? sizeOf(type, 0) : 1;
  sizes.rows = sizeOf(type, rowDim);
  sizes.depth = op.getReductionSize();
  sizes.columns = type.getDimSize(rowDim + 1);
  sizes.gated = op.hasGates();
  LinearTiles tiles = selectLinear(sizes, target);
  SmallVector<int64_t> task(rowDim, 1);
  task.push_back(tiles.rows);
  bool cutsColumns = tiles.columns != 0;
  if (cutsColumns)
    task.push_back(tiles.columns);
  return {TilingAttr::get(op.getContext(), task, /*inner=*/{}, /*keySplit=*/0,
                          /*merge=*/{}, /*root=*/cutsColumns),
          explainLinear(sizes, tiles)};
}

void perceiver::attachLinearKernel(MLIRContext *context) {
  using namespace block;
  LinearOp::attachInterface<Kernel<LinearOp, lowerLinear>,
                            StrategyOf<LinearOp, chooseForLinear>>(*context);
  GroupedLinearOp::attachInterface<Kernel<GroupedLinearOp, lowerGroupedLinear>,
                                   StrategyOf<GroupedLinearOp, chooseForRows>>(
      *context);
}
