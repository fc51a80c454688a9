//===- BlockDialect.cpp - Registration ------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/BlockDialect.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/ElementOps.h"
#include "dialect/Block/GridOps.h"
#include "dialect/Block/GridQueryOps.h"
#include "dialect/Block/GroupedOps.h"
#include "dialect/Block/ImageOps.h"
#include "dialect/Block/InputOps.h"
#include "dialect/Block/LayoutOps.h"
#include "dialect/Block/MaskOps.h"
#include "dialect/Block/PartialAttention.h"
#include "dialect/Block/PositionOps.h"
#include "dialect/Block/RowOps.h"
#include "dialect/Block/WeightOps.h"
#include "dialect/InlinerInterface.h"
#include "dialect/Model/PerceiverDialect.h"
#include "dialect/UnknownOperation.h"

#include "mlir/Dialect/Affine/IR/AffineOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::block;

#include "dialect/Block/BlockDialect.cpp.inc"

std::optional<Dialect::ParseOpHook>
BlockDialect::getParseOperationHook(StringRef) const {
  return parseUnknownOperation;
}

void BlockDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialect/Block/AttentionOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Block/ElementOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Block/GridOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Block/GridQueryOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Block/GroupedOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Block/ImageOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Block/InputOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Block/LayoutOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Block/MaskOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Block/PositionOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Block/RowOps.cpp.inc"
      >();
  addOperations<
#define GET_OP_LIST
#include "dialect/Block/WeightOps.cpp.inc"
      >();
  addInterfaces<InlinerInterface>();
  attachTilingInterface(*this);
  attachPartialReductionInterface(getContext());
}

LogicalResult BlockDialect::verifyOperationAttribute(Operation *op,
                                                     NamedAttribute attribute) {
  StringRef name = attribute.getName();
  InFlightDiagnostic error = op->emitError("expected no attribute '")
                             << name << "' on an operation";
  // Perhaps that of the dialect which has them.
  for (StringRef known : getOperationAttributeNames())
    if (known.split('.').second == name.split('.').second)
      error << "; did you mean '" << known << "'?";
  return error;
}
