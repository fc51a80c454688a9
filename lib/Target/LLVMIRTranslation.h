//===- LLVMIRTranslation.h - From the LLVM dialect to LLVM IR ---*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TARGET_LLVMIRTRANSLATION_H
#define PERCEIVER_LIB_TARGET_LLVMIRTRANSLATION_H

#include "mlir/Support/LLVM.h"

#include <memory>

namespace llvm {
class LLVMContext;
class Module;
} // namespace llvm

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace mlir::perceiver {

/// Translate a module whose operations are all of `dialects`, for which
/// translations are registered. Fails with a diagnostic.
FailureOr<std::unique_ptr<llvm::Module>>
translateToLLVMIR(ModuleOp module, llvm::LLVMContext &context,
                  ArrayRef<StringRef> dialects);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TARGET_LLVMIRTRANSLATION_H
