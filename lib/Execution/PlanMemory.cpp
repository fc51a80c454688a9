//===- PlanMemory.cpp - Allocations become workspace buffers --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %a = memref.alloc(%batch) : memref<?x512x1024xf32>
//
//   func.func @run(..) attributes {frame.entry = #frame.entry<..,
//       buffers = [<first = 3, last = 17, size = [..]>, ..]>}
//   %a = frame.buffer %frame[0] (%batch) : memref<?x512x1024xf32>
//
// Positions number the operations in the order of the text. A buffer is live
// from its first to its last use through any view of it; a use inside a loop
// or a phase of a buffer from outside counts for the whole of it, and a buffer
// that each worker has its own of is live for the whole phase.
//
// Tests: test/Execution/plan-memory.mlir,
// test/Execution/attention-sliced-mask.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Frame/FrameAttrs.h"
#include "dialect/Frame/FrameOps.h"
#include "lib/Analysis/SizeProgram.h"
#include "lib/Analysis/TypeSize.h"
#include "lib/Execution/Frame.h"
#include "lib/Execution/FrameSizes.h"
#include "lib/Execution/Passes.h"
#include "lib/Runtime/perceiver_runtime.h"

#include "mlir/Dialect/Bufferization/Transforms/BufferViewFlowAnalysis.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/ValueBoundsOpInterface.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_PLANMEMORYPASS
#include "lib/Execution/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
/// The positions of an operation and of all inside it.
struct Span {
  int64_t first, last;
};

/// Positions of all operations of a function.
class Positions {
public:
  explicit Positions(func::FuncOp func) { number(func); }

  Span of(Operation *op) const { return spans.lookup(op); }

  /// The span that a use of memory from `block` takes: that of the outermost
  /// ancestor of `user` in `block`.
  Span ofUse(Operation *user, Block *block) const {
    Operation *ancestor = block->findAncestorOpInBlock(*user);
    return of(ancestor ? ancestor : user);
  }

private:
  void number(Operation *op) {
    int64_t first = next++;
    for (Region &region : op->getRegions())
      for (Operation &inner : region.getOps())
        number(&inner);
    spans[op] = {first, next - 1};
  }

  int64_t next = 0;
  DenseMap<Operation *, Span> spans;
};

/// Where memory is needed: in which positions, and whether by each worker.
struct Lifetime {
  Span live;
  bool perWorker;
};
} // namespace

/// The block whose execution the memory of `alloc` outlives: that of the alloc
/// or, if a view of it is carried by a loop, that around the loop.
static Block *scopeOf(memref::AllocOp alloc,
                      const BufferViewFlowAnalysis::ValueSetT &views) {
  Block *scope = alloc->getBlock();
  for (Value view : views) {
    Operation *owner = nullptr;
    if (auto argument = dyn_cast<BlockArgument>(view))
      owner = argument.getOwner()->getParentOp();
    else if (isa<scf::ForOp>(view.getDefiningOp()))
      owner = view.getDefiningOp();
    if (owner && owner->isProperAncestor(alloc) && isa<scf::ForOp>(owner) &&
        owner->getBlock()->getParentOp()->isAncestor(scope->getParentOp()))
      scope = owner->getBlock();
  }
  return scope;
}

/// The size in bytes as a program's code; dimensions that the sizes of the
/// frame do not give are bounded.
static FailureOr<std::vector<int64_t>> sizeOf(memref::AllocOp alloc,
                                              FrameSizes &sizes) {
  std::optional<int64_t> staticBytes = getStaticBytes(alloc.getType());
  SizeExpr bytes = staticBytes ? SizeExpr(*staticBytes) : SizeExpr::unknown();
  for (Value size : alloc.getDynamicSizes()) {
    SizeExpr factor = sizes.getBound(size);
    if (factor.isKnown()) {
      bytes *= factor;
      continue;
    }
    FailureOr<int64_t> bound = ValueBoundsConstraintSet::computeConstantBound(
        presburger::BoundType::UB, {size, std::nullopt},
        /*stopCondition=*/nullptr, /*closedUB=*/true);
    if (failed(bound))
      return alloc.emitError(
          "expected a size that the entry's sizes determine or bound");
    bytes *= *bound;
  }
  std::optional<std::vector<perceiver_size_instruction>> program =
      toProgram(bytes);
  if (!program)
    return alloc.emitError("expected a buffer of less than 2^63 bytes, but "
                           "got ")
           << alloc.getType();
  return toCode(*program);
}

static Lifetime lifetimeOf(memref::AllocOp alloc, const Positions &positions,
                           const BufferViewFlowAnalysis &views) {
  // Workers are at different places of their tasks at one time: what one has
  // done with, another may have yet to write.
  if (auto phase = alloc->getParentOfType<scf::ForallOp>())
    return {positions.of(phase), /*perWorker=*/true};
  BufferViewFlowAnalysis::ValueSetT aliases = views.resolve(alloc.getMemref());
  Block *scope = scopeOf(alloc, aliases);
  Span live = positions.ofUse(alloc, scope);
  for (Value alias : aliases)
    for (Operation *user : alias.getUsers()) {
      if (isa<memref::DeallocOp>(user))
        continue;
      Span use = positions.ofUse(user, scope);
      live.first = std::min(live.first, use.first);
      live.last = std::max(live.last, use.last);
    }
  return {live, /*perWorker=*/false};
}

/// Tell what runs on a device at which step it does.
static void numberSteps(func::FuncOp entry, const Positions &positions) {
  entry.walk([&](Operation *op) {
    if (auto launch = dyn_cast<frame::LaunchOp>(op))
      launch.setPosition(positions.of(op).first);
    else if (auto copy = dyn_cast<frame::CopyOp>(op))
      copy.setPosition(positions.of(op).first);
  });
}

static LogicalResult planMemory(func::FuncOp entry) {
  FailureOr<Value> frame = getFrame(entry);
  if (failed(frame))
    return failure();
  SmallVector<memref::AllocOp> allocs;
  entry.walk([&](memref::AllocOp alloc) { allocs.push_back(alloc); });
  if (allocs.size() > PERCEIVER_RT_MAX_BUFFERS)
    return entry.emitOpError("expected an entry of at most ")
           << PERCEIVER_RT_MAX_BUFFERS << " buffers, but got " << allocs.size()
           << "; repeated layers belong into a perceiver.process";
  auto signature = frame::EntryAttr::of(entry);
  if (!signature || signature.getPlanned())
    return entry.emitOpError("expected an entry with a signature and without a "
                             "memory plan");
  Positions positions(entry);
  BufferViewFlowAnalysis views(entry);
  IRRewriter rewriter(entry.getContext());
  FrameSizes sizes;
  SmallVector<frame::BufferAttr> buffers;
  for (memref::AllocOp alloc : allocs) {
    FailureOr<std::vector<int64_t>> size = sizeOf(alloc, sizes);
    if (failed(size))
      return failure();
    Lifetime lifetime = lifetimeOf(alloc, positions, views);
    rewriter.setInsertionPoint(alloc);
    Value worker;
    if (lifetime.perWorker)
      worker = frame::WorkerOp::create(rewriter, alloc.getLoc(),
                                       rewriter.getIndexType());
    rewriter.replaceOpWithNewOp<frame::BufferOp>(
        alloc, alloc.getType(), *frame,
        rewriter.getI64IntegerAttr(buffers.size()), alloc.getDynamicSizes(),
        worker);
    buffers.push_back(
        frame::BufferAttr::get(entry.getContext(), lifetime.live.first,
                               lifetime.live.last, *size, lifetime.perWorker));
  }
  entry.walk([&](memref::DeallocOp dealloc) { rewriter.eraseOp(dealloc); });
  numberSteps(entry, positions);
  entry->setAttr(kFrameEntryAttrName, signature.withPlan(buffers));
  return success();
}

namespace {
struct PlanMemoryPass : perceiver::impl::PlanMemoryPassBase<PlanMemoryPass> {
  void runOnOperation() override {
    if (getOperation()->hasAttr(kEntryAttrName) &&
        failed(planMemory(getOperation())))
      signalPassFailure();
  }
};
} // namespace
