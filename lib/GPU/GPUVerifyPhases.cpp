//===- GPUVerifyPhases.cpp - Nothing but kernels and copies ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td lists what must hold of an entry before its phases become kernels.
//
// Tests: test/GPU/verify-phases-invalid.mlir, test/GPU/whole-models.test.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/TileMapInterface.h"
#include "dialect/Frame/FrameAttrs.h"
#include "lib/GPU/HostAccess.h"
#include "lib/GPU/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_GPUVERIFYPHASESPASS
#include "lib/GPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Phases
//===----------------------------------------------------------------------===//

/// The array that `value` is a part of.
static Value getArray(Value value) {
  while (auto view = value.getDefiningOp<ViewLikeOpInterface>())
    value = view.getViewSource();
  return value;
}

/// Whether two values are the same part of an array.
static bool isSamePart(Value lhs, Value rhs) {
  if (lhs == rhs)
    return true;
  auto a = lhs.getDefiningOp<memref::SubViewOp>();
  auto b = rhs.getDefiningOp<memref::SubViewOp>();
  return a && b && a.getSource() == b.getSource() &&
         isEqualConstantIntOrValueArray(a.getMixedOffsets(),
                                        b.getMixedOffsets()) &&
         isEqualConstantIntOrValueArray(a.getMixedSizes(), b.getMixedSizes()) &&
         isEqualConstantIntOrValueArray(a.getMixedStrides(),
                                        b.getMixedStrides());
}

/// What `op` reads of the arrays that it writes is the element that it writes
/// next.
static LogicalResult verifyOverwriting(Operation *op) {
  auto tileable = dyn_cast<TileMapOpInterface>(op);
  auto dps = cast<DestinationStyleOpInterface>(op);
  for (OpOperand *input : dps.getDpsInputOperands())
    for (OpOperand &init : dps.getDpsInitsMutable()) {
      if (!isa<MemRefType>(input->get().getType()) ||
          getArray(input->get()) != getArray(init.get()))
        continue;
      if (tileable && isElementwise(tileable, *input) &&
          isElementwise(tileable, init) && isSamePart(input->get(), init.get()))
        continue;
      return op->emitOpError("expected to overwrite nothing that another task "
                             "may read, but operand ")
             << input->getOperandNumber() << " is of the array that it writes";
    }
  return success();
}

static LogicalResult verifyPhase(scf::ForallOp phase) {
  Operation *main = nullptr;
  SmallVector<linalg::FillOp> fills;
  WalkResult result = phase.getBody()->walk([&](Operation *op) {
    if (!accessesMemory(op))
      return WalkResult::advance();
    if (auto fill = dyn_cast<linalg::FillOp>(op); fill && !main) {
      fills.push_back(fill);
      return WalkResult::advance();
    }
    if (main || !isa<TileMapOpInterface, linalg::CopyOp>(op) ||
        !isa<DestinationStyleOpInterface>(op)) {
      op->emitOpError("expected a phase of one operation with loops, which "
                      "allocates and copies nothing")
              .attachNote()
          << "on a GPU each operation is a phase of its own: it has root = "
             "true, and no script fuses it into another";
      return WalkResult::interrupt();
    }
    main = op;
    return WalkResult::advance();
  });
  if (result.wasInterrupted())
    return failure();
  if (!main)
    return phase.emitOpError("expected a phase with an operation");
  for (linalg::FillOp fill : fills)
    if (!llvm::is_contained(
            cast<DestinationStyleOpInterface>(main).getDpsInits(),
            fill.getOutputs()[0]))
      return fill.emitOpError("expected to fill what the phase's operation "
                              "takes more into");
  return verifyOverwriting(main);
}

//===----------------------------------------------------------------------===//
// Outside of phases
//===----------------------------------------------------------------------===//

static LogicalResult verifyOutside(Operation *op) {
  if (isa<memref::GetGlobalOp>(op))
    return op->emitOpError("expected no array of constants, which is in memory "
                           "of the host; make it a parameter");
  if (!accessesMemory(op) || isa<memref::AllocOp, memref::DeallocOp>(op) ||
      isWholeCopy(op))
    return success();
  return op->emitOpError("expected arrays to be accessed in phases only, or "
                         "copied as wholes");
}

namespace {
struct GPUVerifyPhasesPass
    : perceiver::impl::GPUVerifyPhasesPassBase<GPUVerifyPhasesPass> {
  void runOnOperation() override {
    if (!frame::EntryAttr::of(getOperation()))
      return;
    WalkResult result =
        getOperation().getBody().walk<WalkOrder::PreOrder>([](Operation *op) {
          auto phase = dyn_cast<scf::ForallOp>(op);
          if (failed(phase ? verifyPhase(phase) : verifyOutside(op)))
            return WalkResult::interrupt();
          return phase ? WalkResult::skip() : WalkResult::advance();
        });
    if (result.wasInterrupted())
      signalPassFailure();
    markAllAnalysesPreserved();
  }
};
} // namespace
