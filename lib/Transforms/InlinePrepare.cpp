//===- InlinePrepare.cpp - Undo the split ---------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %p = block.get_weight @weight_0[%i]
//
// becomes the body of the prepare function of @weight_0, with %i for its
// argument, so that rewrites and another split see the parameters again.
//
// Test: test/Transforms/split-prepare.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/Transforms.h"

#include "dialect/Block/WeightOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"

using namespace mlir;
using namespace mlir::perceiver;

/// Replace a read of a weight by a copy of what computes it.
static void inlineBody(block::GetWeightOp get, func::FuncOp prepare) {
  OpBuilder builder(get);
  IRMapping mapping;
  Block &body = prepare.getBody().front();
  if (get.getIndex())
    mapping.map(body.getArgument(0), get.getIndex());
  for (Operation &op : body.without_terminator())
    builder.clone(op, mapping);
  get.getResult().replaceAllUsesWith(
      mapping.lookup(body.getTerminator()->getOperand(0)));
  get.erase();
}

void perceiver::inlinePrepare(ModuleOp module) {
  SymbolTable symbols(module);
  SetVector<Operation *> inlined;
  module.walk([&](block::GetWeightOp get) {
    auto weight = symbols.lookup<block::WeightOp>(get.getWeight());
    if (!weight || !weight.getPrepare() ||
        !isa<RankedTensorType>(get.getResult().getType()))
      return;
    auto prepare = symbols.lookup<func::FuncOp>(*weight.getPrepare());
    if (!prepare || !prepare.getBody().hasOneBlock())
      return;
    inlineBody(get, prepare);
    inlined.insert(weight);
    inlined.insert(prepare);
  });
  for (Operation *op : inlined)
    if (SymbolTable::symbolKnownUseEmpty(op, module))
      op->erase();
}
