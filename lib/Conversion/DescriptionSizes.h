//===- DescriptionSizes.h - Names of dynamic sizes --------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CONVERSION_DESCRIPTIONSIZES_H
#define PERCEIVER_LIB_CONVERSION_DESCRIPTIONSIZES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::perceiver {

/// Check that the dynamic sizes which the operations of a description need to
/// be equal are equal by their names, that slices lie within their sources, and
/// that results have the sizes that they claim. The function is otherwise
/// legal, and so are the functions it calls. Reports errors.
LogicalResult verifySizes(func::FuncOp function,
                          SymbolTableCollection &symbols);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CONVERSION_DESCRIPTIONSIZES_H
