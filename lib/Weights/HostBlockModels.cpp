//===- HostBlockModels.cpp - Blocks on the host ---------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Unit/WeightsEvaluatorTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/ElementOps.h"
#include "dialect/Block/GroupedOps.h"
#include "dialect/Block/ImageOps.h"
#include "dialect/Block/InputOps.h"
#include "dialect/Block/LayoutOps.h"
#include "dialect/Block/PositionOps.h"
#include "dialect/Block/RowOps.h"
#include "dialect/Block/WeightOps.h"
#include "lib/Weights/HostModels.h"
#include "lib/Weights/HostOps.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Rows with more channels than count
//===----------------------------------------------------------------------===//

/// The first elements of the last dimension.
static HostTensor firstChannels(const HostTensor &rows, int64_t channels) {
  SmallVector<int64_t> sizes(rows.getShape());
  sizes.back() = channels;
  return rows.slice(SmallVector<int64_t>(sizes.size(), 0), sizes,
                    SmallVector<int64_t>(sizes.size(), 1));
}

/// `rows` with zeros behind them in the last dimension.
static HostTensor widen(const HostTensor &rows, ArrayRef<int64_t> shape) {
  if (rows.getShape() == shape)
    return rows;
  HostTensor result = HostTensor::zeros(shape, rows.getStorage());
  firstChannels(result, rows.getShape().back()).assign(rows);
  return result;
}

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

static FailureOr<HostTensor> evaluateNorm(block::LayerNormOp op,
                                          const HostValues &values) {
  int64_t channels = op.getNormalizedChannels();
  auto get = [&](Value value) {
    return firstChannels(values.get(value), channels);
  };
  HostTensor result =
      normalizeRows(get(op.getInput()), op.getEpsilon().convertToDouble());
  if (op.getGain())
    result = multiplyElements(result, get(op.getGain()));
  if (op.getBias())
    result = add(result, get(op.getBias()));
  return widen(result, getResultShape(op));
}

static FailureOr<HostTensor> evaluateLinear(block::LinearOp op,
                                            const HostValues &values) {
  if (op.isPacked())
    return op.emitOpError("expected a weight that is not packed");
  HostTensor result =
      multiply(values.get(op.getInput()), values.get(op.getWeight()));
  if (op.getBias())
    result = add(result, values.get(op.getBias()));
  result = activate(result, op.getActivation());
  if (op.getResidual())
    result = add(result, values.get(op.getResidual()));
  return result;
}

/// Columns from `first` on, `count` of them.
static HostTensor columnsOf(const HostTensor &rows, int64_t first,
                            int64_t count) {
  SmallVector<int64_t> offsets(rows.getRank(), 0), sizes(rows.getShape());
  offsets.back() = first;
  sizes.back() = count;
  return rows.slice(offsets, sizes, SmallVector<int64_t>(rows.getRank(), 1));
}

static FailureOr<HostTensor> evaluateGroups(block::GroupedLinearOp op,
                                            const HostValues &values) {
  if (op.isPacked())
    return op.emitOpError("expected a weight that is not packed");
  const HostTensor &input = values.get(op.getInput());
  const HostTensor &weight = values.get(op.getWeight());
  int64_t inputs = op.getReductionSize(), columns = op.getGroupColumns();
  SmallVector<HostTensor> groups;
  for (int64_t g = 0; g < op.getColumnGroups(); ++g)
    groups.push_back(multiply(columnsOf(input, g * inputs, inputs),
                              columnsOf(weight, g * columns, columns)));
  HostTensor result = concatenate(groups, input.getRank() - 1);
  return op.getBias() ? add(result, values.get(op.getBias())) : result;
}

static FailureOr<HostTensor> evaluateMean(block::MeanRowsOp op,
                                          const HostValues &values) {
  return averageRows(values.get(op.getInput()));
}

//===----------------------------------------------------------------------===//
// Elements
//===----------------------------------------------------------------------===//

static FailureOr<HostTensor> evaluateSum(block::AddOp op,
                                         const HostValues &values) {
  return add(values.get(op.getLhs()).broadcast(getResultShape(op)),
             values.get(op.getRhs()));
}

static FailureOr<HostTensor> evaluateProduct(block::MultiplyOp op,
                                             const HostValues &values) {
  return multiplyElements(values.get(op.getLhs()).broadcast(getResultShape(op)),
                          values.get(op.getRhs()));
}

static FailureOr<HostTensor> evaluateScaling(block::ScaleOp op,
                                             const HostValues &values) {
  return multiplyElements(
      values.get(op.getInput()),
      HostTensor::of({1}, {op.getFactor().convertToDouble()}));
}

static FailureOr<HostTensor> evaluateActivation(block::ActivateOp op,
                                                const HostValues &values) {
  return activate(values.get(op.getInput()), op.getActivation());
}

//===----------------------------------------------------------------------===//
// Inputs
//===----------------------------------------------------------------------===//

static FailureOr<HostTensor> evaluateChannels(block::ConcatChannelsOp op,
                                              const HostValues &values) {
  SmallVector<HostTensor> parts;
  for (Value input : op.getInputs()) {
    SmallVector<int64_t> shape(getResultShape(op));
    shape.back() = values.get(input).getShape().back();
    parts.push_back(values.get(input).broadcast(shape));
  }
  HostTensor result =
      concatenate(parts, static_cast<int64_t>(getResultShape(op).size()) - 1);
  return widen(result, getResultShape(op));
}

static FailureOr<HostTensor> evaluateTable(block::AxisTableOp op,
                                           const HostValues &) {
  return computeAxisTable(getResultShape(op)[0], op.getBands(),
                          op.getMaxFrequency().convertToDouble(),
                          op.getRecipe(), op.getSpacing(), op.getTerms());
}

static FailureOr<HostTensor> evaluatePositions(block::GridPositionsOp op,
                                               const HostValues &values) {
  SmallVector<HostTensor> tables = values.get(op.getTables());
  int64_t rows = getResultShape(op)[0];
  if (!op.isPreparable() || rows > op.getPointCount())
    return op.emitOpError("expected the first rows of the grid");
  return computeGridPositions(tables, rows, op.getColumns());
}

//===----------------------------------------------------------------------===//
// Moving elements
//===----------------------------------------------------------------------===//

static FailureOr<HostTensor> evaluateTransposition(block::TransposeOp op,
                                                   const HostValues &values) {
  return values.get(op.getInput()).transpose(op.getPermutation());
}

static FailureOr<HostTensor> evaluateRows(block::ConcatRowsOp op,
                                          const HostValues &values) {
  if (op.getOffset())
    return op.emitOpError("expected all rows");
  SmallVector<HostTensor> parts;
  auto rank = static_cast<int64_t>(getResultShape(op).size());
  for (Value input : op.getInputs()) {
    const HostTensor &rows = values.get(input);
    SmallVector<int64_t> shape(getResultShape(op));
    shape[rank - 2] = rows.getDimSize(rows.getRank() - 2);
    parts.push_back(rows.broadcast(shape));
  }
  return concatenate(parts, rank - 2);
}

//===----------------------------------------------------------------------===//
// Images
//===----------------------------------------------------------------------===//

static FailureOr<HostTensor> evaluateDeviation(block::InverseDeviationOp op,
                                               const HostValues &values) {
  return invertDeviations(values.get(op.getVariance()),
                          op.getEpsilon().convertToDouble());
}

static FailureOr<HostTensor> evaluateResizing(block::ResizeGridOp op,
                                              const HostValues &values) {
  return resizeGrid(values.get(op.getTable()), op.getFrom(), op.getTo());
}

//===----------------------------------------------------------------------===//
// Weights
//===----------------------------------------------------------------------===//

static FailureOr<HostTensor> evaluateScale(block::ScaleRowsOp op,
                                           const HostValues &values) {
  HostTensor factors = values.get(op.getFactors());
  return multiplyElements(values.get(op.getMatrix()),
                          factors.reshape({factors.getDimSize(0), 1}));
}

/// As `[groups, size, groups, size, ..]`, in which every second dimension
/// grows.
static FailureOr<HostTensor> evaluatePadding(block::PadWeightOp op,
                                             const HostValues &values) {
  const HostTensor &input = values.get(op.getInput());
  auto split = [&](ArrayRef<int64_t> shape) {
    SmallVector<int64_t> sizes;
    for (auto [size, count] : llvm::zip_equal(shape, op.getGroups()))
      sizes.append({count, size / count});
    return sizes;
  };
  SmallVector<int64_t> from = split(input.getShape());
  SmallVector<int64_t> to = split(getResultShape(op));
  HostTensor result = HostTensor::zeros(to, input.getStorage());
  result
      .slice(SmallVector<int64_t>(to.size(), 0), from,
             SmallVector<int64_t>(to.size(), 1))
      .assign(input.reshape(from));
  return result.reshape(getResultShape(op));
}

static FailureOr<HostTensor> evaluatePacking(block::PackWeightOp op,
                                             const HostValues &values) {
  auto layout = dyn_cast<HostLayoutAttrInterface>(op.getLayout());
  if (!layout)
    return op.emitOpError("expected a layout that can be packed when the model "
                          "is compiled, but got ")
           << op.getLayout();
  return layout.pack(values.get(op.getInput()));
}

void perceiver::registerHostBlockModels(DialectRegistry &registry) {
  registry.addExtension(+[](MLIRContext *context, block::BlockDialect *) {
    using namespace block;
    attachHostModel<ActivateOp, evaluateActivation>(context);
    attachHostModel<AddOp, evaluateSum>(context);
    attachHostModel<AxisTableOp, evaluateTable>(context);
    attachHostModel<ConcatChannelsOp, evaluateChannels>(context);
    attachHostModel<ConcatRowsOp, evaluateRows>(context);
    attachHostModel<GridPositionsOp, evaluatePositions>(context);
    attachHostModel<GroupedLinearOp, evaluateGroups>(context);
    attachHostModel<InverseDeviationOp, evaluateDeviation>(context);
    attachHostModel<LayerNormOp, evaluateNorm>(context);
    attachHostModel<LinearOp, evaluateLinear>(context);
    attachHostModel<MeanRowsOp, evaluateMean>(context);
    attachHostModel<MultiplyOp, evaluateProduct>(context);
    attachHostModel<PackWeightOp, evaluatePacking>(context);
    attachHostModel<PadWeightOp, evaluatePadding>(context);
    attachHostModel<ResizeGridOp, evaluateResizing>(context);
    attachHostModel<ScaleOp, evaluateScaling>(context);
    attachHostModel<ScaleRowsOp, evaluateScale>(context);
    attachHostModel<TransposeOp, evaluateTransposition>(context);
  });
}
