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

#include "dialect/Block/InputOps.h"
#include "dialect/Block/RowOps.h"
#include "dialect/Block/WeightOps.h"
#include "lib/Weights/HostModels.h"
#include "lib/Weights/HostOps.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Rows
//===----------------------------------------------------------------------===//

static FailureOr<HostTensor> evaluateNorm(block::LayerNormOp op,
                                          const HostValues &values) {
  HostTensor result = normalizeRows(values.get(op.getInput()),
                                    op.getEpsilon().convertToDouble());
  if (op.getGain())
    result = multiplyElements(result, values.get(op.getGain()));
  if (op.getBias())
    result = add(result, values.get(op.getBias()));
  return result;
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

static FailureOr<HostTensor> evaluateAdd(block::AddOp op,
                                         const HostValues &values) {
  ArrayRef<int64_t> shape = getResultShape(op);
  return add(values.get(op.getLhs()).broadcast(shape), values.get(op.getRhs()));
}

static FailureOr<HostTensor> evaluateMean(block::MeanRowsOp op,
                                          const HostValues &values) {
  return averageRows(values.get(op.getInput()));
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
  return concatenate(parts,
                     static_cast<int64_t>(getResultShape(op).size()) - 1);
}

static FailureOr<HostTensor> evaluateChannelsLast(block::ChannelsLastOp op,
                                                  const HostValues &values) {
  return values.get(op.getInput()).transpose({0, 2, 1});
}

static FailureOr<HostTensor> evaluateTable(block::AxisTableOp op,
                                           const HostValues &) {
  return computeAxisTable(getResultShape(op)[0], op.getBands(),
                          op.getMaxFrequency().convertToDouble(),
                          op.getRecipe());
}

static FailureOr<HostTensor> evaluatePositions(block::GridPositionsOp op,
                                               const HostValues &values) {
  SmallVector<HostTensor> tables = values.get(op.getTables());
  int64_t rows = getResultShape(op)[0], points = 1;
  for (const HostTensor &table : tables)
    points *= table.getDimSize(0);
  if (op.getOffset() || rows > points)
    return op.emitOpError("expected the first rows of the grid");
  return computeGridPositions(tables, rows, op.getLayout());
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
    attachHostModel<AddOp, evaluateAdd>(context);
    attachHostModel<AxisTableOp, evaluateTable>(context);
    attachHostModel<ChannelsLastOp, evaluateChannelsLast>(context);
    attachHostModel<ConcatChannelsOp, evaluateChannels>(context);
    attachHostModel<GridPositionsOp, evaluatePositions>(context);
    attachHostModel<LayerNormOp, evaluateNorm>(context);
    attachHostModel<LinearOp, evaluateLinear>(context);
    attachHostModel<MeanRowsOp, evaluateMean>(context);
    attachHostModel<PackWeightOp, evaluatePacking>(context);
    attachHostModel<ScaleRowsOp, evaluateScale>(context);
  });
}
