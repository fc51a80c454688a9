//===- ErrorCollector.h - Errors of LLVM as values --------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TARGET_ERRORCOLLECTOR_H
#define PERCEIVER_LIB_TARGET_ERRORCOLLECTOR_H

#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/Support/Error.h"

#include <memory>
#include <string>

namespace mlir::perceiver {

/// Collects the errors that LLVM reports while it works on a module. Without it
/// LLVM prints them and ends the process.
class ErrorCollector {
public:
  explicit ErrorCollector(llvm::LLVMContext &context);
  ~ErrorCollector();

  /// What was reported, after `what`.
  llvm::Error take(const llvm::Twine &what);

private:
  llvm::LLVMContext &context;
  std::unique_ptr<llvm::DiagnosticHandler> previous;
  std::string messages;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TARGET_ERRORCOLLECTOR_H
