//===- OutlinePhases.cpp - Tasks become functions -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after. A task's number is turned into its place
// in the grid of the phase with the last dimension running fastest.
//
// Test: test/Execution/outline-phases.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Frame/FrameOps.h"
#include "lib/Execution/Frame.h"
#include "lib/Execution/Passes.h"
#include "lib/Execution/PhaseGrid.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/ViewLikeInterface.h"
#include "mlir/Transforms/RegionUtils.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_OUTLINEPHASESPASS
#include "lib/Execution/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// Can a task compute the results of `op` itself, at no cost worth a capture?
static bool isRecomputable(Operation *op) {
  return isa<frame::SizeOp, frame::ArgumentOp, frame::WeightOp, frame::BufferOp,
             arith::ConstantOp, affine::AffineApplyOp, memref::DimOp>(op) ||
         isa<ViewLikeOpInterface>(op);
}

namespace {
/// One phase being outlined.
class Outliner {
public:
  Outliner(scf::ForallOp phase, func::FuncOp entry, StringRef name)
      : phase(phase), entry(entry), name(name) {}

  /// The task of the phase, a function that stands after `previous`.
  func::FuncOp run(RewriterBase &rewriter, func::FuncOp previous) {
    Location loc = phase.getLoc();
    rewriter.setInsertionPoint(phase);
    PhaseGrid grid(rewriter, phase);
    Value count = grid.getTotal(rewriter);

    findCaptures(grid);
    SmallVector<Type> types = {entry.getArgument(0).getType(),
                               rewriter.getIndexType(),
                               rewriter.getIndexType()};
    for (Value capture : captures)
      types.push_back(capture.getType());
    OpBuilder::InsertionGuard guard(rewriter);
    frame::RunTasksOp::create(
        rewriter, loc, entry.getArgument(0),
        FlatSymbolRefAttr::get(rewriter.getContext(), name), count,
        captures.getArrayRef());
    rewriter.setInsertionPointAfter(previous);
    auto task = func::FuncOp::create(rewriter, loc, name,
                                     rewriter.getFunctionType(types, {}));
    task.setPrivate();
    Block *body = task.addEntryBlock();
    IRMapping mapping;
    mapping.map(entry.getArgument(0), body->getArgument(0));
    for (auto [capture, argument] :
         llvm::zip(captures, body->getArguments().drop_front(3)))
      mapping.map(capture, argument);
    rewriter.setInsertionPointToStart(body);
    for (Operation *op : recomputed)
      rewriter.clone(*op, mapping);
    grid.mapPlace(rewriter, body->getArgument(1), mapping);
    for (Operation &op : phase.getBody()->without_terminator())
      rewriter.clone(op, mapping);
    func::ReturnOp::create(rewriter, loc);
    task.walk([&](frame::WorkerOp worker) {
      rewriter.replaceOp(worker, body->getArgument(2));
    });
    rewriter.eraseOp(phase);
    return task;
  }

private:
  /// A task needs the grid, too, to find its place.
  void findCaptures(const PhaseGrid &grid) {
    SetVector<Value> used;
    getUsedValuesDefinedAbove(phase.getRegion(), used);
    for (Value size : grid.getDynamicSizes())
      used.insert(size);
    for (Value value : used)
      visit(value);
  }

  void visit(Value value) {
    if (value == entry.getArgument(0) || captures.contains(value))
      return;
    Operation *op = value.getDefiningOp();
    if (!op || !isRecomputable(op)) {
      captures.insert(value);
      return;
    }
    if (recomputed.contains(op))
      return;
    for (Value operand : op->getOperands())
      visit(operand);
    recomputed.insert(op);
  }

  scf::ForallOp phase;
  func::FuncOp entry;
  StringRef name;
  SetVector<Value> captures;
  SetVector<Operation *> recomputed;
};

struct OutlinePhasesPass
    : perceiver::impl::OutlinePhasesPassBase<OutlinePhasesPass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<func::FuncOp> entries;
    for (auto func : getOperation().getOps<func::FuncOp>())
      if (func->hasAttr(kEntryAttrName))
        entries.push_back(func);
    for (func::FuncOp entry : entries) {
      if (failed(getFrame(entry)))
        return signalPassFailure();
      SmallVector<scf::ForallOp> phases;
      entry.walk([&](scf::ForallOp phase) { phases.push_back(phase); });
      func::FuncOp last = entry;
      for (auto [number, phase] : llvm::enumerate(phases)) {
        if (failed(verifyPhase(phase)))
          return signalPassFailure();
        // The names of entries are C identifiers, this is none.
        std::string name = (entry.getName() + ".phase_" + Twine(number)).str();
        last = Outliner(phase, entry, name).run(rewriter, last);
      }
    }
  }
};
} // namespace
