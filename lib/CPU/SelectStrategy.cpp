//===- SelectStrategy.cpp - The cost model's choices in the IR ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %y = block.linear ins(%x, %w) ..          // 512 rows
//
//   %y = block.linear ins(%x, %w) ..
//       {perceiver.tiling = #perceiver.tiling<task = [1, 64]>}
//
// Strategy only: the passes that follow obey the attribute. What an attribute
// says already stays. Each choice is a remark with its reason.
//
// Test: test/CPU/select-strategy.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Block/TileMapInterface.h"
#include "dialect/Model/PerceiverAttrs.h"
#include "lib/CPU/CPUInterfaces.h"
#include "lib/CPU/CPUTarget.h"
#include "lib/CPU/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Remarks.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_SELECTSTRATEGYPASS
#include "lib/CPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
struct SelectStrategyPass
    : perceiver::impl::SelectStrategyPassBase<SelectStrategyPass> {
  using SelectStrategyPassBase::SelectStrategyPassBase;

  void runOnOperation() override {
    FailureOr<CPUTargetAttr> cpu = getCPUTarget(getOperation());
    if (failed(cpu))
      return signalPassFailure();
    TileTarget target = getTileTarget(*cpu);
    WalkResult result = getOperation().walk([&](TileMapOpInterface op) {
      if (op->hasAttr(kTilingAttrName))
        return WalkResult::advance();
      auto chooser = dyn_cast<CPUStrategyOpInterface>(op.getOperation());
      if (!chooser) {
        op->emitOpError("expected a strategy of the CPU for an operation with "
                        "loops, but it has none");
        return WalkResult::interrupt();
      }
      std::optional<Strategy> strategy = chooser.chooseStrategy(target);
      if (!strategy)
        return WalkResult::advance();
      op->setAttr(kTilingAttrName, strategy->tiling);
      remark::analysis(op.getLoc(), remark::RemarkOpts::name("Strategy")
                                        .category("perceiver-select-strategy"))
          << remark::add("{0}", op->getName().stripDialect())
          << remark::reason("{0}", strategy->reason);
      return WalkResult::advance();
    });
    if (result.wasInterrupted())
      signalPassFailure();
  }
};
} // namespace
