//===- PhaseGrid.cpp - The tasks of a phase and their places -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Execution/PhaseGrid.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Arith/Utils/Utils.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"

using namespace mlir;
using namespace mlir::perceiver;

LogicalResult perceiver::verifyPhase(scf::ForallOp phase) {
  if (phase->getNumResults() != 0)
    return phase.emitOpError("expected a phase on memrefs, but got results");
  if (!llvm::all_of(phase.getMixedStep(), [](OpFoldResult step) {
        return getConstantIntValue(step).has_value();
      }))
    return phase.emitOpError("expected constant steps of a phase");
  if (phase->getParentOfType<scf::ForallOp>())
    return phase.emitOpError("expected no phase inside a phase");
  return success();
}

PhaseGrid::PhaseGrid(OpBuilder &builder, scf::ForallOp phase) : phase(phase) {
  AffineExpr l = builder.getAffineDimExpr(0), u = builder.getAffineDimExpr(1);
  for (auto [lower, upper, step] :
       llvm::zip(phase.getMixedLowerBound(), phase.getMixedUpperBound(),
                 phase.getMixedStep())) {
    int64_t size = *getConstantIntValue(step);
    counts.push_back(affine::makeComposedFoldedAffineApply(
        builder, phase.getLoc(), (u - l).ceilDiv(size), {lower, upper}));
  }
}

Value PhaseGrid::getTotal(OpBuilder &builder) const {
  Location loc = phase->getLoc();
  OpFoldResult total = builder.getIndexAttr(1);
  for (OpFoldResult count : counts) {
    std::optional<int64_t> l = getConstantIntValue(total);
    std::optional<int64_t> r = getConstantIntValue(count);
    if (l && r)
      total = builder.getIndexAttr(*l * *r);
    else
      total = arith::MulIOp::create(
                  builder, loc,
                  getValueOrCreateConstantIndexOp(builder, loc, total),
                  getValueOrCreateConstantIndexOp(builder, loc, count))
                  .getResult();
  }
  return getValueOrCreateConstantIndexOp(builder, loc, total);
}

SmallVector<Value> PhaseGrid::getDynamicSizes() const {
  SmallVector<OpFoldResult> grid = scf::ForallOp(phase).getMixedLowerBound();
  llvm::append_range(grid, counts);
  SmallVector<Value> values;
  for (OpFoldResult size : grid)
    if (auto value = dyn_cast<Value>(size))
      values.push_back(value);
  return values;
}

void PhaseGrid::mapPlace(OpBuilder &builder, Value task,
                         IRMapping &mapping) const {
  Location loc = phase->getLoc();
  scf::ForallOp loops = phase;
  auto remap = [&](OpFoldResult value) -> OpFoldResult {
    if (auto dynamic = dyn_cast<Value>(value))
      return mapping.lookupOrDefault(dynamic);
    return value;
  };
  Value rest = task;
  SmallVector<Value> ivs = llvm::to_vector_of<Value>(loops.getInductionVars());
  for (int64_t dim = counts.size() - 1; dim >= 0; --dim) {
    Value coordinate = rest;
    if (dim > 0) {
      Value count =
          getValueOrCreateConstantIndexOp(builder, loc, remap(counts[dim]));
      coordinate = arith::RemUIOp::create(builder, loc, rest, count);
      rest = arith::DivUIOp::create(builder, loc, rest, count);
    }
    int64_t step = *getConstantIntValue(loops.getMixedStep()[dim]);
    AffineExpr l = builder.getAffineDimExpr(0), c = builder.getAffineDimExpr(1);
    mapping.map(ivs[dim],
                affine::makeComposedAffineApply(
                    builder, loc, l + c * step,
                    {remap(loops.getMixedLowerBound()[dim]), coordinate})
                    .getResult());
  }
}
