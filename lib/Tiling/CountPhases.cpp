//===- CountPhases.cpp - The work of phases -------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows what is written down. It is counted here, where phases have
// formed and operations still say their FLOPs, and goes with the function to
// the artefact's metadata.
//
// Test: test/Tiling/count-phases.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/PhaseAttributeNames.h"
#include "lib/Analysis/OperationCost.h"
#include "lib/Analysis/SizeProgram.h"
#include "lib/Tiling/Passes.h"

#include "mlir/Dialect/SCF/IR/SCF.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_COUNTPHASESPASS
#include "lib/Tiling/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// The tasks of one execution of `phase`.
static SizeExpr countTasks(scf::ForallOp phase, const EntrySizes &sizes) {
  SizeExpr tasks(1);
  for (auto [lower, upper, step] :
       llvm::zip(phase.getMixedLowerBound(), phase.getMixedUpperBound(),
                 phase.getMixedStep()))
    tasks *= SizeExpr::ceilDiv(sizes.getIndex(upper) - sizes.getIndex(lower),
                               sizes.getIndex(step));
  return tasks;
}

/// The FLOPs of all executions of `phase`.
static SizeExpr countFlops(scf::ForallOp phase, const EntrySizes &sizes) {
  SizeExpr flops;
  phase.walk([&](Operation *op) {
    SizeExpr ofOne = getOperationCost(op, sizes).flops;
    if (!ofOne.isZero())
      flops += ofOne * getExecutionCount(op, sizes);
  });
  return flops * countTasks(phase, sizes);
}

/// What is known of `phase`.
static DictionaryAttr describe(scf::ForallOp phase, const EntrySizes &sizes) {
  Builder builder(phase.getContext());
  SmallVector<NamedAttribute> figures;
  auto add = [&](StringRef name, const SizeExpr &figure) {
    if (auto program = toProgram(figure))
      figures.push_back(builder.getNamedAttr(
          name, builder.getDenseI64ArrayAttr(toCode(*program))));
  };
  add(kTimesAttrName, getExecutionCount(phase, sizes));
  add(kFlopOfPhaseAttrName, countFlops(phase, sizes));
  return builder.getDictionaryAttr(figures);
}

namespace {
struct CountPhasesPass : perceiver::impl::CountPhasesPassBase<CountPhasesPass> {
  void runOnOperation() override {
    func::FuncOp entry = getOperation();
    if (!entry->hasAttr(kEntryAttrName))
      return;
    EntrySizes sizes(entry, /*areTilesEqual=*/true);
    SmallVector<Attribute> phases;
    entry.walk<WalkOrder::PreOrder>(
        [&](scf::ForallOp phase) { phases.push_back(describe(phase, sizes)); });
    entry->setAttr(kPhasesAttrName, ArrayAttr::get(&getContext(), phases));
  }
};
} // namespace
