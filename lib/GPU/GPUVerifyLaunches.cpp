//===- GPUVerifyLaunches.cpp - What entries do with their arrays ---------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td lists what must hold of an entry that launches kernels. Operations
// say the rest of themselves, and perceiver-verify-frames what the frame holds.
//
// Test: test/GPU/verify-launches-invalid.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Frame/FrameAttrs.h"
#include "dialect/Frame/FrameOps.h"
#include "lib/GPU/HostAccess.h"
#include "lib/GPU/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_GPUVERIFYLAUNCHESPASS
#include "lib/GPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// Whether `array` exists at a step of the entry; all but buffers always do.
static LogicalResult verifyLifetime(Operation *op, Value array,
                                    int64_t position, frame::EntryAttr entry) {
  while (auto view = array.getDefiningOp<ViewLikeOpInterface>())
    array = view.getViewSource();
  auto buffer = array.getDefiningOp<frame::BufferOp>();
  // Wrong numbers are perceiver-verify-frames' matter.
  if (!buffer || buffer.getNumber() >= entry.getBuffers().size())
    return success();
  frame::BufferAttr plan = entry.getBuffers()[buffer.getNumber()];
  if (plan.getFirst() <= position && position <= plan.getLast())
    return success();
  return op->emitOpError("expected a step from ")
         << plan.getFirst() << " to " << plan.getLast() << ", when buffer "
         << buffer.getNumber() << " is live, but got " << position;
}

static LogicalResult verifyLaunch(frame::LaunchOp launch,
                                  frame::EntryAttr entry) {
  auto kernel = dyn_cast_if_present<func::FuncOp>(
      SymbolTable::lookupNearestSymbolFrom(launch, launch.getCalleeAttr()));
  for (auto [number, value] : llvm::enumerate(launch.getArguments())) {
    if (!isa<MemRefType>(value.getType()))
      continue;
    if (failed(verifyLifetime(launch, value, launch.getPosition(), entry)))
      return failure();
    if (!kernel || kernel.isExternal())
      continue;
    // The first parameter is the task.
    for (Operation *user : kernel.getArgument(number + 1).getUsers())
      if (auto array = dyn_cast<frame::ArrayOp>(user);
          array && array.getType() != value.getType())
        return launch.emitOpError("expected ")
               << array.getType() << " for argument " << number << " of "
               << launch.getCallee() << ", but got " << value.getType();
  }
  return success();
}

static LogicalResult verify(Operation *op, frame::EntryAttr entry) {
  if (auto launch = dyn_cast<frame::LaunchOp>(op))
    return verifyLaunch(launch, entry);
  if (auto copy = dyn_cast<frame::CopyOp>(op)) {
    for (Value array : {copy.getSource(), copy.getDestination()})
      if (failed(verifyLifetime(op, array, copy.getPosition(), entry)))
        return failure();
    return success();
  }
  if (!accessesMemory(op))
    return success();
  return op->emitOpError("expected arrays to be accessed by kernels and copies "
                         "of the device only");
}

namespace {
struct GPUVerifyLaunchesPass
    : perceiver::impl::GPUVerifyLaunchesPassBase<GPUVerifyLaunchesPass> {
  void runOnOperation() override {
    if (frame::EntryAttr entry = frame::EntryAttr::of(getOperation())) {
      WalkResult result = getOperation().getBody().walk([&](Operation *op) {
        return failed(verify(op, entry)) ? WalkResult::interrupt()
                                         : WalkResult::advance();
      });
      if (result.wasInterrupted())
        signalPassFailure();
    }
    markAllAnalysesPreserved();
  }
};
} // namespace
