//===- UnknownOperation.h - Names that no operation has ---------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_UNKNOWNOPERATION_H
#define PERCEIVER_DIALECT_UNKNOWNOPERATION_H

#include "mlir/IR/OpImplementation.h"

namespace mlir::perceiver {

/// What a dialect's parse hook does with a name that none of its operations
/// has: an error that suggests the one of that name at another level, or else
/// the nearest one. MLIR only says that a name is unknown.
ParseResult parseUnknownOperation(OpAsmParser &parser, OperationState &result);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_UNKNOWNOPERATION_H
