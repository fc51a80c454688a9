//===- CheckDialect.cpp - Expectations in the IR --------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/lib/Check/CheckDialect.h"

#include "dialect/AttributeNames.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

#include <cmath>

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::check;

#include "test/lib/Check/CheckDialect.cpp.inc"

#define GET_OP_CLASSES
#include "test/lib/Check/CheckOps.cpp.inc"

void CheckDialect::initialize() {
  addOperations<
#define GET_OP_LIST
#include "test/lib/Check/CheckOps.cpp.inc"
      >();
}

void check::registerCheckDialect(DialectRegistry &registry) {
  registry.insert<CheckDialect>();
}

LogicalResult GenerateOp::verify() {
  for (auto [name, value] :
       {std::pair("scale", getScale()), std::pair("offset", getOffset())}) {
    if (!value.isFinite())
      return emitOpError("expected a finite ") << name;
  }
  return success();
}

/// Check values against the types that an entry has for them.
static LogicalResult verifyTypes(RunOp op, StringRef what, TypeRange actual,
                                 TypeRange expected) {
  if (actual.size() != expected.size())
    return op.emitOpError("expected ")
           << expected.size() << " " << what << "s as " << op.getEntryAttr()
           << " has, but got " << actual.size();
  for (auto [index, types] : llvm::enumerate(llvm::zip(actual, expected))) {
    auto [given, wanted] = types;
    if (getElementTypeOrSelf(given) != getElementTypeOrSelf(wanted) ||
        failed(verifyCompatibleShape(given, wanted)))
      return op.emitOpError("expected ") << what << " " << index << " to fit "
                                         << wanted << ", but got " << given;
  }
  return success();
}

LogicalResult RunOp::verifySymbolUses(SymbolTableCollection &symbols) {
  auto entry =
      symbols.lookupNearestSymbolFrom<func::FuncOp>(*this, getEntryAttr());
  if (!entry || !entry->hasAttr(kEntryAttrName))
    return emitOpError("expected the name of a function with ")
           << kEntryAttrName << ", but got " << getEntryAttr();
  FunctionType type = entry.getFunctionType();
  SmallVector<Type> arrays;
  llvm::copy_if(type.getInputs(), std::back_inserter(arrays),
                [](Type input) { return !input.isIndex(); });
  if (failed(verifyTypes(*this, "input", getInputs().getTypes(), arrays)))
    return failure();
  return verifyTypes(*this, "output", getOutputs().getTypes(),
                     type.getResults());
}

LogicalResult ExpectCloseOp::verify() {
  if (!getTolerance().isFinite() || getTolerance().isNegative())
    return emitOpError("expected a tolerance that is not negative, but got ")
           << getToleranceAttr();
  return success();
}
