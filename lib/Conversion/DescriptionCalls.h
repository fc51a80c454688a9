//===- DescriptionCalls.h - How large a model becomes -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CONVERSION_DESCRIPTIONCALLS_H
#define PERCEIVER_LIB_CONVERSION_DESCRIPTIONCALLS_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/SymbolTable.h"

namespace mlir::perceiver {

/// Calls do not lead back to where they come from, and no function becomes too
/// large once they are inlined.
LogicalResult verifyCalls(ModuleOp module, SymbolTableCollection &symbols);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CONVERSION_DESCRIPTIONCALLS_H
