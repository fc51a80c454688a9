//===- BoundParameters.cpp - Parameters that operations read --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/BoundParameters.h"

#include "dialect/Model/ProcessOps.h"
#include "dialect/NearestName.h"
#include "dialect/Shapes.h"

#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::perceiver;

std::string perceiver::didYouMeanParameter(Operation *op, StringRef name) {
  SmallVector<StringRef> names;
  if (Operation *table = SymbolTable::getNearestSymbolTable(op))
    for (ParameterOp parameter : table->getRegion(0).getOps<ParameterOp>())
      names.push_back(parameter.getSymName());
  std::string nearest = nearestName(name, names).str();
  return nearest.empty() ? "" : "; did you mean @" + nearest + "?";
}

/// Whether a weight of this shape would fit if it were turned round.
static bool isTransposed(ArrayRef<int64_t> shape, ArrayRef<int64_t> expected) {
  return shape.size() == 2 && expected.size() == 2 && shape[0] != shape[1] &&
         dimsMayMatch(shape[0], expected[1]) &&
         dimsMayMatch(shape[1], expected[0]);
}

ParameterOp perceiver::lookupParameter(Operation *op,
                                       SymbolTableCollection &symbols,
                                       FlatSymbolRefAttr symbol,
                                       const Twine &what,
                                       ArrayRef<int64_t> shape) {
  auto parameter = symbols.lookupNearestSymbolFrom<ParameterOp>(op, symbol);
  if (!parameter) {
    op->emitOpError("expected the symbol of a parameter for ")
        << what << ", but got " << symbol
        << didYouMeanParameter(op, symbol.getValue());
    return nullptr;
  }
  auto type = cast<RankedTensorType>(parameter.getType());
  if (!shapesMayMatch(type.getShape(), shape)) {
    InFlightDiagnostic diag = op->emitOpError("expected a parameter of shape ");
    diag << formatShape(shape) << " for " << what << ", but got " << symbol
         << " of type " << type;
    if (isTransposed(type.getShape(), shape))
      diag << "; weights are [inputs, outputs], bind others with 'transpose'";
    return nullptr;
  }
  Type element = getElementTypeOrSelf(op->getResult(0).getType());
  if (type.getElementType() != element) {
    op->emitOpError("expected a parameter of ")
        << element << " for " << what << ", but got " << symbol << " of type "
        << type;
    return nullptr;
  }
  if (parameter.getCount() && !op->getParentOfType<ProcessOp>()) {
    op->emitOpError("expected a single parameter outside of process for ")
        << what << ", but got the family " << symbol;
    return nullptr;
  }
  return parameter;
}
