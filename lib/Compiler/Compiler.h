//===- Compiler.h - From a description to an artefact -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The one public C++ entry of the compiler: what `perceiver-compile` and the
// bindings call.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_COMPILER_COMPILER_H
#define PERCEIVER_LIB_COMPILER_COMPILER_H

#include "lib/Artifact/ArtifactDescription.h"
#include "lib/Compiler/CompilerOptions.h"

#include "mlir/IR/BuiltinOps.h"
#include "llvm/ADT/SmallVector.h"

namespace mlir::perceiver {

/// The version that artefacts record, as "0.1.0".
StringRef compilerVersion();

/// Compile `module`, a description, and write what the options ask for. The
/// module is used up. Diagnostics go to the context's handler; on failure no
/// file is left.
LogicalResult compileModel(ModuleOp module, const CompilerOptions &options);

/// A model's code before it is linked.
struct CompiledCode {
  ArtifactDescription artifact;
  /// An ELF object with the artefact's descriptor and exported functions.
  llvm::SmallVector<char, 0> object;
  /// What computes the weights (WeightsWriter.h).
  OwningOpRef<ModuleOp> prepare;
};

/// Compile `module`, a description, as `compileModel` does, but write nothing:
/// for those who link and load the code themselves. `outputFile` names the
/// model; `weightsFiles` and `emit` are not used.
FailureOr<CompiledCode> compileToObject(ModuleOp module,
                                        const CompilerOptions &options);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_COMPILER_COMPILER_H
