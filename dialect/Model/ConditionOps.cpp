//===- ConditionOps.cpp - What must hold before a run ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Dialect/Model/invalid-conditions.mlir,
// test/Dialect/Model/roundtrip-model.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/ConditionOps.h"

#include "mlir/Interfaces/FunctionInterfaces.h"

using namespace mlir;
using namespace mlir::perceiver;

#include "dialect/Model/ConditionEnums.cpp.inc"

static ParseResult parseSizeRelation(OpAsmParser &parser,
                                     SizeRelationAttr &relation) {
  SizeRelation value = SizeRelation::MultipleOf;
  if (succeeded(parser.parseOptionalEqual())) {
    value = SizeRelation::Equal;
  } else if (succeeded(parser.parseOptionalLess())) {
    if (parser.parseEqual())
      return failure();
    value = SizeRelation::AtMost;
  } else if (failed(parser.parseOptionalKeyword("multiple_of"))) {
    return parser.emitError(parser.getCurrentLocation(),
                            "expected '<=', '=' or 'multiple_of'");
  }
  relation = SizeRelationAttr::get(parser.getContext(), value);
  return success();
}

static void printSizeRelation(OpAsmPrinter &printer, Operation *,
                              SizeRelationAttr relation) {
  printer << stringifySizeRelation(relation.getValue());
}

#define GET_OP_CLASSES
#include "dialect/Model/ConditionOps.cpp.inc"

LogicalResult RequireOp::verify() {
  if (!isa<FunctionOpInterface>((*this)->getParentOp()))
    return emitOpError("expected to stand in a function, not in a region of "
                       "one");
  if (getSentence().empty())
    return emitOpError("expected a sentence that says what must hold");
  return success();
}
