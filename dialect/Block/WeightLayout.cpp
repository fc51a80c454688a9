//===- WeightLayout.cpp - How weights are stored --------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/WeightLayout.h"

#include "dialect/Block/BlockInterfaces.h"
#include "dialect/Shapes.h"

using namespace mlir;
using namespace mlir::perceiver;

#include "dialect/Block/BlockInterfaces.cpp.inc"
#include "dialect/Block/WeightLayoutInterface.cpp.inc"

LogicalResult perceiver::verifyPacked(Operation *op, StringRef what,
                                      ShapedType type,
                                      WeightLayoutAttrInterface layout,
                                      ArrayRef<int64_t> shape) {
  if (shape.size() != 1 && shape.size() != 2)
    return op->emitOpError(
               "expected a vector or a matrix, but got one of rank ")
           << shape.size();
  FailureOr<SmallVector<int64_t>> expected =
      layout.getPackedShape(shape, [&] { return op->emitOpError(); });
  if (failed(expected))
    return failure();
  if (shapesMayMatch(type.getShape(), *expected))
    return success();
  return op->emitOpError("expected ")
         << what << " of shape " << formatShape(*expected) << " in " << layout
         << ", but got " << type;
}

LogicalResult perceiver::verifyReaders(Value weight,
                                       WeightLayoutAttrInterface layout) {
  for (OpOperand &use : weight.getUses()) {
    auto layer = dyn_cast<PackableOpInterface>(use.getOwner());
    if (!layer || layer.getLayoutAttr() == layout ||
        !llvm::is_contained(layer.getPackableOperands(), &use))
      continue;
    InFlightDiagnostic error = layer->emitOpError("expected ");
    if (layout)
      error << "the layout " << layout << " of its weight";
    else
      error << "no layout, as its weight has none";
    if (WeightLayoutAttrInterface other = layer.getLayoutAttr())
      return error << ", but got " << other;
    return error << ", but got none";
  }
  return success();
}
