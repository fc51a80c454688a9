//===- GPUSelectStrategy.cpp - Blocks of threads by interface -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The pass around the strategies of operations; Passes.td shows before and
// after.
//
// Tests: test/GPU/select-strategy.mlir, test/Unit/ExtraDialectTest.cpp.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Block/TileMapInterface.h"
#include "dialect/Model/PerceiverAttrs.h"
#include "lib/GPU/CUDATarget.h"
#include "lib/GPU/GPUInterfaces.h"
#include "lib/GPU/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Remarks.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_GPUSELECTSTRATEGYPASS
#include "lib/GPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// Say that a choice of algebra is not obeyed.
static void declineAlgebra(Operation *op) {
  auto algebra = op->getAttrOfType<AlgebraAttr>(kAlgebraAttrName);
  if (!algebra)
    return;
  op->removeAttr(kAlgebraAttrName);
  if (algebra.getValue() == Algebra::project)
    return;
  remark::missed(op->getLoc(),
                 remark::RemarkOpts::name("KeysAndValuesProjected")
                     .category("perceiver-gpu-select-strategy"))
      << remark::reason("layers of groups of channels, which heads that share "
                        "their keys need, have no kernel for GPUs");
}

namespace {
struct GPUSelectStrategyPass
    : perceiver::impl::GPUSelectStrategyPassBase<GPUSelectStrategyPass> {
  void runOnOperation() override {
    FailureOr<CUDATargetAttr> target = getCUDATarget(getOperation());
    if (failed(target))
      return signalPassFailure();
    WalkResult result = getOperation().walk([&](TileMapOpInterface op) {
      declineAlgebra(op);
      if (op->hasAttr(kTilingAttrName))
        return WalkResult::advance();
      auto chooser = dyn_cast<GPUStrategyOpInterface>(op.getOperation());
      if (!chooser) {
        op->emitOpError("expected a strategy of the GPU for an operation with "
                        "loops, but it has none");
        return WalkResult::interrupt();
      }
      if (TilingAttr tiling = chooser.chooseTiling(*target))
        op->setAttr(kTilingAttrName, tiling);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
