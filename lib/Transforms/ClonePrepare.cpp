//===- ClonePrepare.cpp - What computes the weights, alone ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/Transforms.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/WeightOps.h"
#include "dialect/Model/ParameterOps.h"

using namespace mlir;
using namespace mlir::perceiver;

OwningOpRef<ModuleOp> perceiver::clonePrepare(ModuleOp module) {
  OwningOpRef<ModuleOp> result(
      ModuleOp::create(module.getLoc(), module.getName()));
  (*result)->setAttrs(module->getAttrDictionary());
  OpBuilder builder = OpBuilder::atBlockEnd(result->getBody());
  for (Operation &op : module.getOps())
    if (isa<ParameterOp, block::WeightOp>(op) || op.hasAttr(kPrepareAttrName))
      builder.clone(op);
  return result;
}
