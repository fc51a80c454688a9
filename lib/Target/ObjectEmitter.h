//===- ObjectEmitter.h - From the LLVM dialect to machine code --*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   module in the LLVM dialect
//     | translateToLLVMIR
//   llvm::Module                    addArtifact (DescriptorBuilder.h) goes here
//     | ObjectEmitter::optimize
//   llvm::Module
//     | ObjectEmitter::emit
//   LLVM IR text, assembly or an ELF object
//
// The same module and options give the same bytes: there are no time stamps, no
// paths and no identifiers of this process in them.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TARGET_OBJECTEMITTER_H
#define PERCEIVER_LIB_TARGET_OBJECTEMITTER_H

#include "lib/Target/TargetSelection.h"

#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"

namespace llvm {
class LLVMContext;
class Module;
class TargetMachine;
} // namespace llvm

namespace mlir {
class ModuleOp;
} // namespace mlir

namespace mlir::perceiver {

enum class CodeFormat { LLVMIR, Assembly, Object };

/// Translate a module that consists of LLVM dialect operations. Other
/// operations are diagnosed with their location. Registers what the translation
/// needs with the module's context.
FailureOr<std::unique_ptr<llvm::Module>>
translateToLLVMIR(ModuleOp module, llvm::LLVMContext &context);

/// Machine code for one target.
class ObjectEmitter {
public:
  static llvm::Expected<ObjectEmitter> create(const TargetOptions &options);

  ObjectEmitter(ObjectEmitter &&);
  ObjectEmitter &operator=(ObjectEmitter &&);
  ~ObjectEmitter();

  const TargetDescription &target() const { return description; }

  /// Bind `module` to the target and run LLVM's optimizations. Functions that
  /// already name a target-cpu keep it. Loops may become calls of memcpy,
  /// memmove and memset, but of no other library function.
  llvm::Error optimize(llvm::Module &module) const;

  /// The text or object for a module that optimize() has seen. Making machine
  /// code uses the module up: emit LLVM IR first.
  llvm::Expected<llvm::SmallVector<char, 0>> emit(llvm::Module &module,
                                                  CodeFormat format) const;

private:
  ObjectEmitter(TargetDescription description,
                std::unique_ptr<llvm::TargetMachine> machine);

  TargetDescription description;
  std::unique_ptr<llvm::TargetMachine> machine;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TARGET_OBJECTEMITTER_H
