//===- PrepareAnalysis.cpp - What depends on parameters alone -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/PrepareAnalysis.h"

#include "dialect/Block/BlockInterfaces.h"
#include "dialect/Block/BlockTraits.h"
#include "dialect/Model/ParameterOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

using namespace mlir;
using namespace mlir::perceiver;

/// True for tensors that prepare functions compute, and for the scalars that
/// they fill them with.
static bool isPreparableType(Type type) {
  if (auto tensor = dyn_cast<RankedTensorType>(type))
    return tensor.hasStaticShape() && isPreparableType(tensor.getElementType());
  return type.isF64() || type.isF32() || type.isF16() || type.isBF16();
}

bool perceiver::isPreparable(Operation *op) {
  if (op->getNumResults() != 1 || !isPreparableType(op->getResult(0).getType()))
    return false;
  if (isa<GetParameterOp>(op))
    return true;
  if (!llvm::all_of(op->getOperandTypes(), isPreparableType))
    return false;
  if (auto constant = dyn_cast<arith::ConstantOp>(op))
    return isa<FloatAttr, DenseFPElementsAttr>(constant.getValue());
  if (auto preparable = dyn_cast<PreparableOpInterface>(op))
    return preparable.isPreparable();
  return isa<linalg::FillOp, linalg::TransposeOp, tensor::EmptyOp,
             tensor::ExtractSliceOp, tensor::InsertSliceOp, tensor::ConcatOp,
             tensor::CollapseShapeOp, tensor::ExpandShapeOp>(op);
}

bool perceiver::isTable(Operation *op) {
  auto dps = dyn_cast<DestinationStyleOpInterface>(op);
  return dps && dps->hasTrait<PreparedOnly>() && dps.getNumDpsInputs() == 0;
}

static bool isSameIndex(Value lhs, Value rhs) {
  APInt a, b;
  return lhs == rhs || (matchPattern(lhs, m_ConstantInt(&a)) &&
                        matchPattern(rhs, m_ConstantInt(&b)) && a == b);
}

std::optional<PrepareInfo> PrepareAnalysis::lookup(Value value) {
  auto known = answers.find(value);
  if (known != answers.end())
    return known->second;
  std::optional<PrepareInfo> answer = compute(value);
  answers[value] = answer;
  return answer;
}

std::optional<PrepareInfo> PrepareAnalysis::combine(ValueRange values) {
  PrepareInfo result;
  for (Value value : values) {
    std::optional<PrepareInfo> info = lookup(value);
    if (!info)
      return std::nullopt;
    result.isConstant &= info->isConstant;
    if (!info->index)
      continue;
    if (result.index && (!isSameIndex(result.index, info->index) ||
                         result.count != info->count))
      return std::nullopt;
    result.index = info->index;
    result.count = info->count;
  }
  return result;
}

std::optional<PrepareInfo> PrepareAnalysis::compute(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op || !isPreparable(op))
    return std::nullopt;
  if (auto get = dyn_cast<GetParameterOp>(op)) {
    auto parameter = symbols.lookupNearestSymbolFrom<ParameterOp>(
        op, get.getParameterAttr());
    if (!parameter)
      return std::nullopt;
    PrepareInfo info;
    info.isConstant = false;
    if (get.getIndex()) {
      info.index = get.getIndex();
      info.count = parameter.getMemberCount();
    }
    return info;
  }
  std::optional<PrepareInfo> info = combine(op->getOperands());
  if (info && isTable(op))
    info->isConstant = false;
  return info;
}

std::string perceiver::listParameters(ValueRange weights) {
  std::string names;
  for (Value value : weights) {
    // What a weight is combined with comes after it.
    Operation *op = value.getDefiningOp();
    while (op && !isa<GetParameterOp>(op) && op->getNumOperands() > 0)
      op = op->getOperand(0).getDefiningOp();
    if (auto parameter = dyn_cast_or_null<GetParameterOp>(op))
      names += (names.empty() ? "" : ", ") + parameter.getParameter().str();
  }
  return names;
}
