//===- BlockExpander.cpp - From model level to block level ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/BlockExpander.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/BlockDialect.h"
#include "dialect/Block/RowOps.h"
#include "dialect/Model/ParameterOps.h"
#include "dialect/Model/PerceiverDialect.h"
#include "lib/Conversion/ConversionInterfaces.h"

using namespace mlir;
using namespace mlir::perceiver;

void BlockExpander::notifyOperationInserted(Operation *inserted,
                                            OpBuilder::InsertPoint) {
  Attribute without = op->getAttr(kWithoutAttrName);
  if (without && isa<block::BlockDialect>(inserted->getDialect()))
    inserted->setAttr(kWithoutAttrName, without);
}

Value BlockExpander::read(FlatSymbolRefAttr symbol) {
  if (!symbol)
    return nullptr;
  auto parameter = symbols.lookupNearestSymbolFrom<ParameterOp>(op, symbol);
  return GetParameterOp::create(builder, loc, parameter.getType(), symbol,
                                parameter.getCount() ? iteration : nullptr);
}

Value BlockExpander::normalize(Value input, LayerWeights weights,
                               FloatAttr epsilon) {
  if (!weights.weight)
    return input;
  return block::LayerNormOp::create(builder, loc, input, read(weights.weight),
                                    read(weights.bias), epsilon)
      ->getResult(0);
}

Value BlockExpander::project(Value input, LayerWeights weights, Value residual,
                             Activation activation) {
  return block::LinearOp::create(builder, loc, input, read(weights.weight),
                                 read(weights.bias), residual, activation)
      ->getResult(0);
}

LogicalResult BlockExpander::replaceWith(ValueRange values) {
  op->replaceAllUsesWith(values);
  op->erase();
  return success();
}

LogicalResult BlockExpander::expandNested(Operation *nested, Value number) {
  return expandOperation(nested, symbols, number);
}

LogicalResult perceiver::expandOperation(Operation *op,
                                         SymbolTableCollection &symbols,
                                         Value iteration) {
  if (auto expandable = dyn_cast<ExpandableOpInterface>(op)) {
    BlockExpander expander(op, symbols, iteration);
    return expandable.expandToBlocks(expander);
  }
  if (isa_and_nonnull<PerceiverDialect>(op->getDialect()) &&
      !isa<ParameterOp, GetParameterOp>(op))
    return op->emitOpError(
        "expected an operation that expands into blocks, but "
        "it has no expansion");
  for (Region &region : op->getRegions())
    for (Operation &nested : llvm::make_early_inc_range(region.getOps()))
      if (failed(expandOperation(&nested, symbols, iteration)))
        return failure();
  return success();
}
