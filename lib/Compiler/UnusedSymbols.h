//===- UnusedSymbols.h - What no entry needs --------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_COMPILER_UNUSEDSYMBOLS_H
#define PERCEIVER_LIB_COMPILER_UNUSEDSYMBOLS_H

#include "mlir/IR/BuiltinOps.h"

namespace mlir::perceiver {

/// Warn of parameters and functions of a description that no entry uses, not
/// even by what it calls: most are forgotten. With `strict` they are an error.
LogicalResult reportUnusedSymbols(ModuleOp module, bool strict);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_COMPILER_UNUSEDSYMBOLS_H
