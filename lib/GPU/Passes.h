//===- Passes.h - For a GPU -------------------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_PASSES_H
#define PERCEIVER_LIB_GPU_PASSES_H

#include "mlir/Pass/Pass.h"

namespace mlir::func {
class FuncOp;
} // namespace mlir::func

namespace mlir::perceiver {

#define GEN_PASS_DECL
#include "lib/GPU/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "lib/GPU/Passes.h.inc"

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_PASSES_H
