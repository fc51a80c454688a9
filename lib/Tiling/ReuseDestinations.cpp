//===- ReuseDestinations.cpp - Phases that update in place ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after. The array must have the type of the
// result, every read of it in the phase must be the slice that the task
// writes, and no operation after the phase may read it.
//
// Tests: test/Tiling/reuse-destinations.mlir,
// test/Tiling/reuse-destinations-by-element.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/TileMapInterface.h"
#include "lib/Tiling/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_REUSEDESTINATIONSPASS
#include "lib/Tiling/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

static bool sameSlice(tensor::ExtractSliceOp read,
                      tensor::ParallelInsertSliceOp write) {
  return isEqualConstantIntOrValueArray(read.getMixedOffsets(),
                                        write.getMixedOffsets()) &&
         isEqualConstantIntOrValueArray(read.getMixedSizes(),
                                        write.getMixedSizes()) &&
         isEqualConstantIntOrValueArray(read.getMixedStrides(),
                                        write.getMixedStrides());
}

/// Is `value` memory that the function may overwrite: not an argument of it?
static bool mayOverwrite(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value))
    return isa<scf::ForOp>(argument.getOwner()->getParentOp());
  Operation *op = value.getDefiningOp();
  return isa<scf::ForallOp, scf::ForOp>(op);
}

/// The reads of `value` in `phase`, if all are the slice that `write` writes
/// and nothing after the phase reads it.
static FailureOr<SmallVector<tensor::ExtractSliceOp>>
findReads(scf::ForallOp phase, Value value,
          tensor::ParallelInsertSliceOp write) {
  SmallVector<tensor::ExtractSliceOp> reads;
  for (Operation *user : value.getUsers()) {
    if (isa<tensor::DimOp>(user))
      continue;
    if (phase->isProperAncestor(user)) {
      auto slice = dyn_cast<tensor::ExtractSliceOp>(user);
      if (!slice || !sameSlice(slice, write))
        return failure();
      reads.push_back(slice);
      continue;
    }
    Operation *sibling = phase->getBlock()->findAncestorOpInBlock(*user);
    if (!sibling || !sibling->isBeforeInBlock(phase))
      return failure();
  }
  if (reads.empty())
    return failure();
  return reads;
}

/// Whether nothing is read but the element that is written next.
static bool isReadByElement(tensor::ExtractSliceOp read) {
  return llvm::all_of(read->getUses(), [](OpOperand &use) {
    auto op = dyn_cast<TileMapOpInterface>(use.getOwner());
    return op && isElementwise(op, use);
  });
}

static void reuseDestination(RewriterBase &rewriter, scf::ForallOp phase,
                             bool byElement) {
  for (Operation &terminator : phase.getTerminator().getYieldingOps()) {
    auto write = dyn_cast<tensor::ParallelInsertSliceOp>(terminator);
    if (!write)
      continue;
    auto destination = dyn_cast<BlockArgument>(write.getDest());
    if (!destination)
      continue;
    OpOperand *init = phase.getTiedOpOperand(destination);
    if (!init->get().getDefiningOp<tensor::EmptyOp>())
      continue;
    SetVector<Value> candidates;
    phase.walk([&](tensor::ExtractSliceOp slice) {
      Value source = slice.getSource();
      if (source.getType() == destination.getType() &&
          source.getParentBlock() == phase->getBlock() && mayOverwrite(source))
        candidates.insert(source);
    });
    // What a loop carries comes first: its buffer has to receive the result.
    SmallVector<Value> ordered = candidates.takeVector();
    auto isCarried = [](Value value) { return isa<BlockArgument>(value); };
    if (auto first = llvm::find_if(ordered, isCarried); first != ordered.end())
      std::rotate(ordered.begin(), first, first + 1);
    for (Value candidate : ordered) {
      FailureOr<SmallVector<tensor::ExtractSliceOp>> reads =
          findReads(phase, candidate, write);
      if (failed(reads) ||
          (byElement && !llvm::all_of(*reads, isReadByElement)))
        continue;
      for (tensor::ExtractSliceOp read : *reads)
        rewriter.modifyOpInPlace(
            read, [&] { read.getSourceMutable().assign(destination); });
      rewriter.modifyOpInPlace(phase, [&] { init->set(candidate); });
      break;
    }
  }
}

/// Does `value` end up in the buffer of `carried` by phases that update it?
static bool isCarriedInPlace(Value value, Value carried) {
  while (value != carried) {
    if (auto insert = value.getDefiningOp<tensor::InsertSliceOp>()) {
      value = insert.getDest();
      continue;
    }
    auto phase = value.getDefiningOp<scf::ForallOp>();
    if (!phase)
      return false;
    value = phase.getDpsInits()[cast<OpResult>(value).getResultNumber()];
  }
  return true;
}

static void copyWhatIsYielded(RewriterBase &rewriter, scf::ForOp loop) {
  auto yield = cast<scf::YieldOp>(loop.getBody()->getTerminator());
  rewriter.setInsertionPoint(yield);
  for (OpOperand &yielded : yield->getOpOperands()) {
    Value value = yielded.get();
    Value carried = loop.getRegionIterArg(yielded.getOperandNumber());
    if (!isa<RankedTensorType>(value.getType()) ||
        isCarriedInPlace(value, carried))
      continue;
    auto copy = linalg::CopyOp::create(rewriter, loop.getLoc(),
                                       ValueRange{value}, ValueRange{carried});
    rewriter.modifyOpInPlace(yield, [&] { yielded.set(copy.getResult(0)); });
  }
}

namespace {
struct ReuseDestinationsPass
    : perceiver::impl::ReuseDestinationsPassBase<ReuseDestinationsPass> {
  using ReuseDestinationsPassBase::ReuseDestinationsPassBase;

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<scf::ForallOp> phases;
    SmallVector<scf::ForOp> loops;
    getOperation().walk<WalkOrder::PreOrder>([&](Operation *op) {
      if (auto phase = dyn_cast<scf::ForallOp>(op)) {
        phases.push_back(phase);
        return WalkResult::skip();
      }
      if (auto loop = dyn_cast<scf::ForOp>(op))
        loops.push_back(loop);
      return WalkResult::advance();
    });
    for (scf::ForallOp phase : phases)
      reuseDestination(rewriter, phase, byElement);
    for (scf::ForOp loop : loops)
      copyWhatIsYielded(rewriter, loop);
  }
};
} // namespace
