//===- StoredValues.cpp - What is stored with the weights -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Starting from the operations that depend on a model's inputs, `collect` walks
// over their operands: a value that depends on parameters alone is stored if it
// is not too large; if it is, its operation stays in the model and the walk
// goes on with the operands of that.
//
// Tests: test/Transforms/split-prepare.mlir, split-prepare-size.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/StoredValues.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/InputOps.h"
#include "dialect/Block/WeightOps.h"
#include "dialect/Model/ParameterOps.h"
#include "lib/Analysis/TypeSize.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

/// Values that take more than this while a weight is computed are left to the
/// model, even if the weight itself is small.
static constexpr int64_t kMaxComputedBytes = int64_t{1} << 30;

int64_t perceiver::getStoredBytes(Value value) {
  auto type = dyn_cast<RankedTensorType>(value.getType());
  if (!type)
    return 0;
  return getStaticBytes(type).value_or(std::numeric_limits<int64_t>::max());
}

Attribute perceiver::getParameterIdentity(Operation *parameter) {
  NamedAttrList attributes(parameter->getAttrDictionary());
  attributes.erase(cast<ParameterOp>(parameter).getSymNameAttrName());
  return attributes.getDictionary(parameter->getContext());
}

/// Operations that a model cannot compute itself.
static bool hasNoKernel(Operation *op) {
  return isa<GetParameterOp, block::AxisTableOp, block::PackPanelsOp,
             block::ScaleRowsOp, tensor::ConcatOp>(op);
}

/// Walk over everything that `value` is computed from.
StoredValues::Cost StoredValues::getCost(Value value) {
  Cost cost;
  DenseSet<Attribute> counted;
  SmallVector<Value> worklist = {value};
  DenseSet<Value> seen;
  while (!worklist.empty()) {
    Value next = worklist.pop_back_val();
    if (!seen.insert(next).second)
      continue;
    cost.largest = std::max(cost.largest, getStoredBytes(next));
    auto get = next.getDefiningOp<GetParameterOp>();
    if (!get) {
      llvm::append_range(worklist, next.getDefiningOp()->getOperands());
      continue;
    }
    auto parameter = symbols.lookupNearestSymbolFrom<ParameterOp>(
        get, get.getParameterAttr());
    if (counted.insert(getParameterIdentity(parameter)).second)
      cost.parameters =
          llvm::SaturatingAdd<uint64_t>(cost.parameters, getStoredBytes(next));
  }
  return cost;
}

bool StoredValues::isWorthStoring(Value value) {
  int64_t bytes = getStoredBytes(value);
  Operation *op = value.getDefiningOp();
  // These are no larger than what they are made of, but for the padding of
  // panels; a table is made of nothing.
  if (hasNoKernel(op) &&
      (!isa<block::AxisTableOp>(op) || bytes <= kMaxComputedBytes))
    return true;
  Cost cost = getCost(value);
  if (static_cast<double>(bytes) >
      options.maxGrowth * static_cast<double>(cost.parameters) +
          static_cast<double>(options.slackBytes)) {
    declined.push_back(
        {value,
         llvm::formatv("{0} bytes would be stored for {1} bytes of parameters",
                       bytes, cost.parameters)});
    return false;
  }
  if (cost.largest > kMaxComputedBytes) {
    declined.push_back(
        {value,
         llvm::formatv("a value of {0} bytes would be computed on the way",
                       cost.largest)});
    return false;
  }
  return true;
}

/// `value` is an operand of an operation that stays in the model.
void StoredValues::collect(Value value) {
  std::optional<PrepareInfo> info = analysis.lookup(value);
  if (!info || !visited.insert(value).second)
    return;
  Operation *op = value.getDefiningOp();
  bool isCandidate = !info->isConstant || hasNoKernel(op);
  if (isCandidate && isWorthStoring(value)) {
    stored.insert(value);
    return;
  }
  for (Value operand : op->getOperands())
    collect(operand);
}

void StoredValues::find(Operation *root) {
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op->hasAttr(kPrepareAttrName))
      return WalkResult::skip();
    if (op->getNumResults() != 1 || !analysis.lookup(op->getResult(0)))
      for (Value operand : op->getOperands())
        collect(operand);
    return WalkResult::advance();
  });
}
