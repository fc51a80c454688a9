//===- ErasePrepare.cpp - A model without what computes its weights -------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   perceiver.parameter @w ..                      (erased)
//   func.func private @prepare_0() .. {            (erased)
//   block.weight @weight_0 .. prepare @prepare_0 offset 0 stride 64
//                                                  (loses `prepare`)
//
// Test: test/Transforms/erase-prepare.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/Passes.h"
#include "lib/Transforms/Transforms.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/WeightOps.h"
#include "dialect/Model/ParameterOps.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_ERASEPREPAREPASS
#include "lib/Transforms/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

static void erasePrepare(ModuleOp module) {
  SmallVector<block::WeightOp> weights;
  for (Operation &op : llvm::make_early_inc_range(module.getOps())) {
    if (isa<ParameterOp>(op) || op.hasAttr(kPrepareAttrName))
      op.erase();
    else if (auto weight = dyn_cast<block::WeightOp>(op))
      weights.push_back(weight);
  }
  // What has become an address everywhere has no declaration left.
  for (block::WeightOp weight : weights) {
    if (SymbolTable::symbolKnownUseEmpty(weight, module))
      weight.erase();
    else
      weight.removePrepareAttr();
  }
}

namespace {
struct ErasePreparePass
    : perceiver::impl::ErasePreparePassBase<ErasePreparePass> {
  void runOnOperation() override { erasePrepare(getOperation()); }
};
} // namespace
