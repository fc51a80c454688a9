//===- PanelShapes.cpp - Shapes of packed weights -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/PanelShapes.h"

using namespace mlir;
using namespace mlir::perceiver;

LogicalResult perceiver::verifyPanels(Operation *op, StringRef what,
                                      ShapedType type, block::PanelsAttr panels,
                                      int64_t columns) {
  if (type.getDimSize(type.getRank() - 1) != panels.getLanes())
    return op->emitOpError("expected ")
           << what << " with the " << panels.getLanes()
           << " lanes of its panels, but got " << type;
  int64_t count = type.getDimSize(0);
  if (ShapedType::isDynamic(count) || ShapedType::isDynamic(columns))
    return success();
  int64_t needed = (columns + panels.getColumns() - 1) / panels.getColumns();
  if (count != needed)
    return op->emitOpError("expected ")
           << what << " of " << needed << " panels for " << columns
           << " columns, but got " << count;
  return success();
}
