//===- FrameOps.cpp - Between code and runtime ----------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Frame/FrameOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Builders.h"

using namespace mlir;
using namespace mlir::perceiver::frame;

#define GET_OP_CLASSES
#include "dialect/Frame/FrameOps.cpp.inc"

LogicalResult RunTasksOp::verifySymbolUses(SymbolTableCollection &symbolTable) {
  auto callee =
      symbolTable.lookupNearestSymbolFrom<func::FuncOp>(*this, getCalleeAttr());
  if (!callee)
    return emitOpError("expected a function @") << getCallee();
  SmallVector<Type> expected = {getFrame().getType(), getCount().getType(),
                                getCount().getType()};
  llvm::append_range(expected, getCaptures().getTypes());
  if (callee.getArgumentTypes() != ArrayRef<Type>(expected) ||
      callee.getNumResults() != 0)
    return emitOpError("expected @")
           << getCallee()
           << " to take the frame, the task, the worker and the captures, but "
              "got "
           << callee.getFunctionType();
  return success();
}
