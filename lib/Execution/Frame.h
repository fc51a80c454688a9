//===- Frame.h - The frame of an entry --------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EXECUTION_FRAME_H
#define PERCEIVER_LIB_EXECUTION_FRAME_H

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMTypes.h"

namespace mlir::perceiver {

/// The frame, the first argument of an entry after `perceiver-lower-entries`.
/// Emits an error at `user` if its function takes none.
inline FailureOr<Value> getFrame(Operation *user) {
  auto func = dyn_cast<func::FuncOp>(user);
  if (!func)
    func = user->getParentOfType<func::FuncOp>();
  if (!func || func.isExternal() || func.getNumArguments() == 0 ||
      !isa<LLVM::LLVMPointerType>(func.getArgument(0).getType()))
    return user->emitError("expected a function that takes the frame; run "
                           "perceiver-lower-entries first");
  return Value(func.getArgument(0));
}

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_EXECUTION_FRAME_H
