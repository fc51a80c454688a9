//===- PTXEmitter.h - From LLVM IR to PTX -----------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/GPU/emit-code.test.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TARGET_PTXEMITTER_H
#define PERCEIVER_LIB_TARGET_PTXEMITTER_H

#include "mlir/Support/LLVM.h"
#include "llvm/Support/Error.h"

#include <cstdint>
#include <memory>
#include <string>

namespace llvm {
class LLVMContext;
class Module;
} // namespace llvm

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace mlir::perceiver {

/// The architecture that PTX is written for. Assemblers and drivers make code
/// of it for this and all later ones.
inline constexpr int64_t kPTXArchitecture = 80;

/// Whether LLVM knows GPUs of compute capability `architecture`, as 80 for 8.0.
bool isKnownArchitecture(int64_t architecture);

/// A module of kernels in the dialects llvm and nvvm as LLVM IR. Fails with a
/// diagnostic.
FailureOr<std::unique_ptr<llvm::Module>>
translateKernelsToLLVMIR(ModuleOp kernels, llvm::LLVMContext &context);

/// Optimize `module` for GPUs.
llvm::Error optimizeKernels(llvm::Module &module);

/// The PTX of a module that is optimized, which is used up.
llvm::Expected<std::string> emitPTX(llvm::Module &module);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TARGET_PTXEMITTER_H
