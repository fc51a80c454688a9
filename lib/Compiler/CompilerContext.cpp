//===- CompilerContext.cpp - What a compilation runs in -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/CompilerContext.h"

#include "lib/Runtime/perceiver_runtime.h"

using namespace mlir;

mlir::perceiver::CompilerContext::CompilerContext(
    const DialectRegistry &registry)
    : threads(llvm::hardware_concurrency(
          static_cast<unsigned>(perceiver_rt_processor_count()))),
      context(registry, MLIRContext::Threading::DISABLED) {
  context.setThreadPool(threads);
}
