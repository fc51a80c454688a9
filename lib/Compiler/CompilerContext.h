//===- CompilerContext.h - What a compilation runs in -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_COMPILER_COMPILERCONTEXT_H
#define PERCEIVER_LIB_COMPILER_COMPILERCONTEXT_H

#include "mlir/IR/MLIRContext.h"
#include "llvm/Support/ThreadPool.h"

namespace mlir::perceiver {

/// An MLIR context that starts no more threads than there are processors for
/// this process. MLIR's own asks for those of the machine that it may run on,
/// where a container has a quota of less.
class CompilerContext {
public:
  explicit CompilerContext(const DialectRegistry &registry);

  MLIRContext &get() { return context; }

private:
  llvm::DefaultThreadPool threads;
  MLIRContext context;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_COMPILER_COMPILERCONTEXT_H
