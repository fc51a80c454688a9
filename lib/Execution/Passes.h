//===- Passes.h - How compiled code is run ----------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EXECUTION_PASSES_H
#define PERCEIVER_LIB_EXECUTION_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir {
class ModuleOp;
namespace func {
class FuncOp;
} // namespace func
} // namespace mlir

namespace mlir::perceiver {

/// Attribute of a loop, and of the branch that closes it: what LLVM is told of
/// the loop.
inline constexpr llvm::StringLiteral kLoopAnnotationAttrName =
    "llvm.loop_annotation";

#define GEN_PASS_DECL
#include "lib/Execution/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "lib/Execution/Passes.h.inc"

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_EXECUTION_PASSES_H
