//===- LLVMIRTranslation.cpp - From the LLVM dialect to LLVM IR -----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/LLVMIRTranslation.h"

#include "lib/Target/ObjectEmitter.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/DialectRegistry.h"
#include "mlir/Target/LLVMIR/Dialect/Builtin/BuiltinToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Dialect/LLVMIR/LLVMToLLVMIRTranslation.h"
#include "mlir/Target/LLVMIR/Export.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"

using namespace mlir;

/// The translation's own message for a left-over operation speaks of missing
/// registrations; say what is wrong instead.
static LogicalResult checkDialects(ModuleOp module,
                                   ArrayRef<StringRef> dialects) {
  WalkResult result = module.getBody()->walk([&](Operation *op) {
    if (llvm::is_contained(dialects, op->getName().getDialectNamespace()))
      return WalkResult::advance();
    op->emitOpError("cannot become machine code: expected only operations of "
                    "the ")
        << llvm::join(dialects, " and the ") << " dialect";
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

FailureOr<std::unique_ptr<llvm::Module>>
perceiver::translateToLLVMIR(ModuleOp module, llvm::LLVMContext &context) {
  return translateToLLVMIR(module, context,
                           {LLVM::LLVMDialect::getDialectNamespace()});
}

FailureOr<std::unique_ptr<llvm::Module>>
perceiver::translateToLLVMIR(ModuleOp module, llvm::LLVMContext &context,
                             ArrayRef<StringRef> dialects) {
  if (failed(checkDialects(module, dialects)))
    return failure();
  registerBuiltinDialectTranslation(*module.getContext());
  registerLLVMDialectTranslation(*module.getContext());
  bool isExplained = false;
  ScopedDiagnosticHandler handler(
      module.getContext(), [&](Diagnostic &diagnostic) {
        isExplained |= diagnostic.getSeverity() == DiagnosticSeverity::Error;
        return failure();
      });
  // A constant name: it becomes part of the result.
  std::unique_ptr<llvm::Module> translated =
      translateModuleToLLVMIR(module, context, /*name=*/"perceiver");
  // LLVM's verifier prints what it refuses, and no diagnostic.
  if (!translated && !isExplained)
    module.emitError("expected a module that is valid LLVM IR");
  if (!translated)
    return failure();
  translated->setSourceFileName("perceiver");
  return translated;
}
