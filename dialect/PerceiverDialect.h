//===- PerceiverDialect.h - The perceiver dialect ---------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_PERCEIVERDIALECT_H
#define PERCEIVER_DIALECT_PERCEIVERDIALECT_H

#include "dialect/AttributeNames.h"

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"

#include "dialect/PerceiverDialect.h.inc"

#include "dialect/PerceiverEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialect/PerceiverAttrs.h.inc"

namespace mlir::perceiver {

/// True for a name that C can use: letters, digits and `_`, no digit first.
bool isIdentifier(StringRef name);

/// Attach the interfaces that are implemented apart from the operations
/// (tiling). Called by the dialect's constructor.
void attachTilingInterfaces(MLIRContext *context);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_PERCEIVERDIALECT_H
