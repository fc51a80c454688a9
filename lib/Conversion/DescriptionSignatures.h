//===- DescriptionSignatures.h - Arguments and results ----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CONVERSION_DESCRIPTIONSIGNATURES_H
#define PERCEIVER_LIB_CONVERSION_DESCRIPTIONSIGNATURES_H

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::perceiver {

/// Tensors of f32, i64, i32 or i1: what operations of a description compute,
/// beside `index`.
bool isArrayType(Type type);

/// Tensors of what C programs can pass: what arguments are, of which masks may
/// have any type, and reshaped arguments.
bool isInputType(Type type);

/// Check the arguments and results of a function of a description: their types,
/// and their names and what else is said of them. Reports errors.
LogicalResult verifySignature(func::FuncOp function);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CONVERSION_DESCRIPTIONSIGNATURES_H
