//===- OperationCost.cpp - What operations cost ---------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Analysis/OperationCost.h"

#include "dialect/Block/BlockTraits.h"
#include "dialect/Block/TileMapInterface.h"
#include "dialect/Block/WeightOps.h"
#include "dialect/Model/ParameterOps.h"
#include "lib/Analysis/FlopsInterface.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

using namespace mlir;
using namespace mlir::perceiver;

static int64_t getRank(Value value) {
  return cast<ShapedType>(value.getType()).getRank();
}

//===----------------------------------------------------------------------===//
// FLOPs
//===----------------------------------------------------------------------===//

bool perceiver::hasUnknownFlops(Operation *op) {
  return isBlockLevel(op) && isa<DestinationStyleOpInterface>(op) &&
         !isa<FlopsOpInterface>(op) && !op->hasTrait<NoMatrixProduct>();
}

static SizeExpr getFlops(Operation *op, const EntrySizes &sizes) {
  if (auto counted = dyn_cast<FlopsOpInterface>(op))
    return counted.getFlops(sizes);
  return hasUnknownFlops(op) ? SizeExpr::unknown() : SizeExpr();
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
