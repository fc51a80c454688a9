//===- FrameDialect.cpp - Registration ------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Frame/FrameDialect.h"

#include "dialect/AttributeNames.h"
#include "dialect/Frame/FrameAttrs.h"
#include "dialect/Frame/FrameOps.h"
#include "dialect/InlinerInterface.h"
#include "dialect/NearestName.h"
#include "dialect/UnknownOperation.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::frame;

#include "dialect/Frame/FrameDialect.cpp.inc"

std::optional<Dialect::ParseOpHook>
FrameDialect::getParseOperationHook(StringRef) const {
  return parseUnknownOperation;
}

void FrameDialect::initialize() {
  registerAttributes();
  addOperations<
#define GET_OP_LIST
#include "dialect/Frame/FrameOps.cpp.inc"
      >();
  addInterfaces<InlinerInterface>();
}

LogicalResult FrameDialect::verifyOperationAttribute(Operation *op,
                                                     NamedAttribute attribute) {
  StringRef name = attribute.getName();
  if (!llvm::is_contained(getFrameAttributeNames(), name))
    return op->emitError("expected no attribute '")
           << name << "' on an operation"
           << didYouMean(name, getFrameAttributeNames());
  if (!op->hasAttr(kEntryAttrName))
    return op->emitError("expected '") << name << "' on an entry only";
  if (!isa<EntryAttr>(attribute.getValue()))
    return op->emitError("expected '")
           << name << "' to be a #frame.entry, but got "
           << attribute.getValue();
  return success();
}
