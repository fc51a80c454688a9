//===- StoredValues.cpp - What is stored with the weights -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Transforms/select-stored.mlir,
// test/Transforms/split-prepare.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/StoredValues.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/BlockTraits.h"
#include "dialect/Model/ParameterOps.h"
#include "lib/Analysis/TypeSize.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"

#include <limits>

using namespace mlir;
using namespace mlir::perceiver;

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

bool perceiver::hasNoKernel(Operation *op) {
  return isa<GetParameterOp, tensor::ConcatOp>(op) ||
         op->hasTrait<PreparedOnly>();
}

/// Whether the result of `op` is not worth a weight: computed from constants,
/// and by the model.
static bool isConstant(Operation *op, const PrepareInfo &info) {
  return info.isConstant && !hasNoKernel(op);
}

bool perceiver::runsInModel(Operation *op, PrepareAnalysis &analysis) {
  if (op->hasAttr(kInModelAttrName) || op->getNumResults() != 1)
    return true;
  std::optional<PrepareInfo> info = analysis.lookup(op->getResult(0));
  return !info || isConstant(op, *info);
}

/// `operand` is one of an operation that stays in the model.
void StoredValues::collect(OpOperand &operand) {
  Value value = operand.get();
  std::optional<PrepareInfo> info = analysis.lookup(value);
  if (!info || (isSkipped && isSkipped(operand)) ||
      !visited.insert(value).second)
    return;
  Operation *op = value.getDefiningOp();
  if (!isConstant(op, *info)) {
    if (isStored(value)) {
      stored.push_back(value);
      return;
    }
    inModel.insert(op);
  }
  for (OpOperand &next : op->getOpOperands())
    collect(next);
}

void StoredValues::find(Operation *root) {
  root->walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op->hasAttr(kPrepareAttrName))
      return WalkResult::skip();
    if (op->getNumResults() != 1 || !analysis.lookup(op->getResult(0)))
      for (OpOperand &operand : op->getOpOperands())
        collect(operand);
    return WalkResult::advance();
  });
}
