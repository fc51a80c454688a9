//===- VerifyOptions.h - Options that fit each other ------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What is wrong with the options is told before the work, not after all of it.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_COMPILER_VERIFYOPTIONS_H
#define PERCEIVER_LIB_COMPILER_VERIFYOPTIONS_H

#include "lib/Compiler/CompilerOptions.h"

#include "mlir/IR/BuiltinOps.h"

namespace mlir::perceiver {

class Backend;
struct CodeForm;

/// The form of code of this name, or null.
const CodeForm *findCodeForm(const Backend &backend, StringRef name);

/// Emits an error at `loc` and fails unless the options name a stage to start
/// at and the same or a later one, or a form of code, to stop at.
LogicalResult verifyStages(Location loc, const Backend &backend,
                           const CompilerOptions &options);

/// Emits an error and fails if `module` cannot be compiled to what the options
/// ask for: outputs that would replace inputs, an artefact without a checkpoint
/// or under a name that no program finds weights by. Warns of options that are
/// not used.
LogicalResult verifyOptions(ModuleOp module, const Backend &backend,
                            const CompilerOptions &options);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_COMPILER_VERIFYOPTIONS_H
