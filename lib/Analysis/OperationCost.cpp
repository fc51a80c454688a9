//===- OperationCost.cpp - What operations cost ---------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Analysis/OperationCost.h"

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/RowOps.h"
#include "dialect/Block/WeightOps.h"
#include "dialect/Model/ParameterOps.h"
#include "dialect/Model/PerceiverAttrs.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::perceiver;

static int64_t getRank(Value value) {
  return cast<ShapedType>(value.getType()).getRank();
}

//===----------------------------------------------------------------------===//
// FLOPs
//===----------------------------------------------------------------------===//

static SizeExpr getFlops(block::LinearOp linear, const EntrySizes &sizes) {
  int64_t rank = getRank(linear.getInit());
  SizeExpr flops = sizes.getProduct(linear.getInit(), 0, rank);
  // Each column of the result of a gated layer takes two of the weight.
  int64_t columns = linear.getActivation() == Activation::geglu ? 2 : 1;
  return flops *= 2 * columns * linear.getReductionSize();
}

/// `state` has the batch.
static SizeExpr getAttentionFlops(Value query, Value key, Value value,
                                  Value state, const EntrySizes &sizes) {
  SizeExpr channels = sizes.getSize(query, getRank(query) - 1) +
                      sizes.getSize(value, getRank(value) - 1);
  SizeExpr flops = sizes.getSize(state, 0) *
                   sizes.getSize(query, getRank(query) - 2) *
                   sizes.getSize(key, getRank(key) - 2) * channels;
  return flops *= 2;
}

static SizeExpr getFlops(Operation *op, const EntrySizes &sizes) {
  if (auto linear = dyn_cast<block::LinearOp>(op))
    return getFlops(linear, sizes);
  if (auto attention = dyn_cast<block::AttentionOp>(op))
    return getAttentionFlops(attention.getQuery(), attention.getKey(),
                             attention.getValue(), attention.getInits().front(),
                             sizes);
  if (auto attention = dyn_cast<block::OnlineAttentionOp>(op))
    return getAttentionFlops(attention.getQuery(), attention.getKey(),
                             attention.getValue(), attention.getMaximum(),
                             sizes);
  return SizeExpr();
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

static bool isWeight(Value value) {
  Operation *op = value.getDefiningOp();
  return isa_and_nonnull<block::GetWeightOp, GetParameterOp>(op);
}

OperationCost perceiver::getOperationCost(Operation *op,
                                          const EntrySizes &sizes) {
  OperationCost cost;
  cost.flops = getFlops(op, sizes);
  auto dps = dyn_cast<DestinationStyleOpInterface>(op);
  for (OpOperand &operand : op->getOpOperands()) {
    // The state of an online attention starts from constants.
    if (!isa<TensorType>(operand.get().getType()) ||
        (dps && dps.isDpsInit(&operand)))
      continue;
    SizeExpr bytes = sizes.getBytes(operand.get());
    (isWeight(operand.get()) ? cost.weightBytes : cost.activationBytes) +=
        bytes;
  }
  for (Value result : op->getResults())
    if (isa<TensorType>(result.getType()))
      cost.activationBytes += sizes.getBytes(result);
  return cost;
}

//===----------------------------------------------------------------------===//
// Whole entries
//===----------------------------------------------------------------------===//

SizeExpr perceiver::getExecutionCount(Operation *op, const EntrySizes &sizes) {
  SizeExpr count(1);
  for (auto loop = op->getParentOfType<scf::ForOp>(); loop;
       loop = loop->getParentOfType<scf::ForOp>()) {
    SizeExpr range = sizes.getIndex(loop.getUpperBound()) -
                     sizes.getIndex(loop.getLowerBound());
    SizeExpr trips = SizeExpr::ceilDiv(range, sizes.getIndex(loop.getStep()));
    count *= SizeExpr::max(trips, SizeExpr(0));
  }
  return count;
}

/// How many batch entries share the rows that `op` computes, because they have
/// no batch themselves and meet one later.
static SizeExpr getSharingEntries(Operation *op, const EntrySizes &sizes) {
  SetVector<Operation *> worklist;
  worklist.insert(op);
  for (size_t i = 0; i < worklist.size(); ++i)
    for (Value result : worklist[i]->getResults()) {
      if (!isa<TensorType>(result.getType()) || getRank(result) > 2)
        continue;
      for (Operation *user : result.getUsers()) {
        auto dps = dyn_cast<DestinationStyleOpInterface>(user);
        if (!dps)
          continue;
        Value outcome = dps.getDpsInits().front();
        if (getRank(outcome) > 2)
          return sizes.getSize(outcome, 0);
        worklist.insert(user);
      }
    }
  return SizeExpr(1);
}

SizeExpr perceiver::countDenseFlops(func::FuncOp entry) {
  EntrySizes sizes(entry);
  SizeExpr total;
  entry.walk([&](Operation *op) {
    SizeExpr flops = getFlops(op, sizes);
    if (!flops.isZero())
      total +=
          flops * getExecutionCount(op, sizes) * getSharingEntries(op, sizes);
  });
  return total;
}
