//===- SeparatePrepare.cpp - A module for the prepare functions -----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What computes the weights leaves the model before code is generated for it:
//
//   perceiver.parameter @w ..                      (moved)
//   func.func private @prepare_0() .. {            (moved)
//   perceiver.weight @weight_0 .. prepare @prepare_0 offset 0 stride 64
//                                                  (loses `prepare`)
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/Transforms.h"

#include "dialect/PerceiverOps.h"

using namespace mlir;
using namespace mlir::perceiver;

OwningOpRef<ModuleOp> perceiver::separatePrepare(ModuleOp module) {
  OwningOpRef<ModuleOp> result(
      ModuleOp::create(module.getLoc(), module.getName()));
  (*result)->setAttrs(module->getAttrDictionary());
  OpBuilder builder = OpBuilder::atBlockEnd(result->getBody());
  for (Operation &op : llvm::make_early_inc_range(module.getOps())) {
    if (isa<ParameterOp>(op) || op.hasAttr(kPrepareAttrName)) {
      op.remove();
      builder.insert(&op);
    } else if (auto weight = dyn_cast<WeightOp>(op)) {
      builder.clone(op);
      weight.removePrepareAttr();
    }
  }
  return result;
}

void perceiver::joinPrepare(ModuleOp module, ModuleOp prepare) {
  SymbolTable symbols(module);
  Block *body = module.getBody();
  OpBuilder builder = OpBuilder::atBlockBegin(body);
  for (Operation &op : llvm::make_early_inc_range(prepare.getOps())) {
    if (auto weight = dyn_cast<WeightOp>(op)) {
      if (auto own = symbols.lookup<WeightOp>(weight.getSymName()))
        own.setPrepareAttr(weight.getPrepareAttr());
      continue;
    }
    op.remove();
    builder.insert(&op);
  }
}
