//===- PanelShapes.h - Shapes of packed weights -----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_PANELSHAPES_H
#define PERCEIVER_DIALECT_BLOCK_PANELSHAPES_H

#include "dialect/Block/BlockAttrs.h"

#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace mlir::perceiver {

/// A packed weight has as many panels as the columns of the result need.
/// `what` names it in the error.
LogicalResult verifyPanels(Operation *op, StringRef what, ShapedType type,
                           block::PanelsAttr panels, int64_t columns);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_BLOCK_PANELSHAPES_H
