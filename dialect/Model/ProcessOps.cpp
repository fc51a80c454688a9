//===- ProcessOps.cpp - Repeated blocks -----------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Assembly and verifiers of the operations in ProcessOps.td.
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/ProcessOps.h"

#include "dialect/Model/AttentionBlockInterface.h"

#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::perceiver;

#define GET_OP_CLASSES
#include "dialect/Model/ProcessOps.cpp.inc"

Value ProcessOp::getYielded() {
  return cast<YieldOp>(getBody()->getTerminator()).getState();
}

ParseResult ProcessOp::parse(OpAsmParser &parser, OperationState &result) {
  IntegerAttr iterations;
  OpAsmParser::Argument state;
  OpAsmParser::UnresolvedOperand init;
  Type initType;
  if (parser.parseKeyword("iterations") || parser.parseEqual() ||
      parser.parseAttribute(iterations, parser.getBuilder().getI64Type(),
                            getIterationsAttrName(result.name),
                            result.attributes) ||
      parser.parseLParen() || parser.parseArgument(state) ||
      parser.parseEqual() || parser.parseOperand(init) ||
      parser.parseColonType(initType) || parser.parseRParen() ||
      parser.parseArrow() || parser.parseType(state.type) ||
      parser.resolveOperand(init, initType, result.operands) ||
      parser.parseOptionalAttrDictWithKeyword(result.attributes))
    return failure();
  result.addTypes(state.type);
  Region *body = result.addRegion();
  if (parser.parseRegion(*body, state))
    return failure();
  // Without this the verifier of blocks says so, by printing the last one.
  if (body->empty() || body->back().empty() ||
      !body->back().back().mightHaveTrait<OpTrait::IsTerminator>())
    return parser.emitError(parser.getNameLoc(), "expected a body that ends in "
                                                 "'perceiver.yield'");
  return success();
}

void ProcessOp::print(OpAsmPrinter &printer) {
  printer << " iterations = " << getIterations() << " (" << getState() << " = "
          << getInit() << " : " << getInit().getType() << ") -> "
          << getResult().getType();
  printer.printOptionalAttrDictWithKeyword((*this)->getAttrs(),
                                           {getIterationsAttrName()});
  printer << ' ';
  printer.printRegion(getRegion(), /*printEntryBlockArgs=*/false);
}

LogicalResult ProcessOp::verify() {
  int64_t iterations = getIterations();
  if (iterations < 1)
    return emitOpError("expected at least one iteration, but got ")
           << iterations;
  RankedTensorType state = getType(),
                   init = cast<RankedTensorType>(getInit().getType());
  if (state.getRank() != 3)
    return emitOpError("expected a state of rank 3, but got ") << state;
  bool isBroadcast =
      init == RankedTensorType::get(state.getShape().drop_front(),
                                    state.getElementType());
  if (init != state && !isBroadcast)
    return emitOpError("expected the first state to have the type ")
           << state << ", with or without batch, but got " << init;
  return success();
}

LogicalResult ProcessOp::verifyRegions() {
  Type state = getResult().getType();
  if (getBody()->getNumArguments() != 1 || getState().getType() != state)
    return emitOpError("expected one argument of the region, of type ")
           << state;
  if (!isa<YieldOp>(getBody()->back()))
    return emitOpError("expected a region that ends in perceiver.yield");
  if (getYielded().getType() != state)
    return emitOpError("expected to yield ")
           << state << ", but got " << getYielded().getType();
  if (cast<RankedTensorType>(getInit().getType()).getRank() == 3)
    return success();
  for (OpOperand &use : getState().getUses()) {
    auto block = dyn_cast<AttentionBlockOpInterface>(use.getOwner());
    if (block && block.getSource() && use.getOperandNumber() == 0)
      continue;
    InFlightDiagnostic diag = emitOpError(
        "expected only queries of cross_block to use a state that starts "
        "without batch");
    diag.attachNote(use.getOwner()->getLoc()) << "another use is here";
    return diag;
  }
  return success();
}
