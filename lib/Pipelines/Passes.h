//===- Passes.h - What begins and ends a stage ------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_PIPELINES_PASSES_H
#define PERCEIVER_LIB_PIPELINES_PASSES_H

#include "dialect/Model/PerceiverDialect.h"

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/Pass.h"

namespace mlir::perceiver {

#define GEN_PASS_DECL
#include "lib/Pipelines/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "lib/Pipelines/Passes.h.inc"

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_PIPELINES_PASSES_H
