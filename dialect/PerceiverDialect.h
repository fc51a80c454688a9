//===- PerceiverDialect.h - The perceiver dialect ---------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_PERCEIVERDIALECT_H
#define PERCEIVER_DIALECT_PERCEIVERDIALECT_H

#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpImplementation.h"

#include "dialect/PerceiverDialect.h.inc"

#include "dialect/PerceiverEnums.h.inc"

#define GET_ATTRDEF_CLASSES
#include "dialect/PerceiverAttrs.h.inc"

namespace mlir::perceiver {

/// Name of the discardable attribute that carries an operation's
/// `#perceiver.tiling`: strategy, written by the cost model or by hand.
inline constexpr llvm::StringLiteral kTilingAttrName = "perceiver.tiling";

/// Name of the unit attribute of functions that are callable from outside.
inline constexpr llvm::StringLiteral kEntryAttrName = "perceiver.entry";

/// Name of the attribute of entries with the floating-point operations of one
/// run: a map from the entry's dynamic sizes to one number.
inline constexpr llvm::StringLiteral kFlopAttrName = "perceiver.flop";

/// Name of the argument and result attribute with the tensor's outside name.
inline constexpr llvm::StringLiteral kNameAttrName = "perceiver.name";

/// Name of the argument attribute with the names of its dynamic sizes, one
/// string for each `?` in order. Equal names are equal sizes.
inline constexpr llvm::StringLiteral kSizesAttrName = "perceiver.sizes";

/// True for a name that C can use: letters, digits and `_`, no digit first.
bool isIdentifier(StringRef name);

/// Attach the interfaces that are implemented apart from the operations
/// (tiling). Called by the dialect's constructor.
void attachTilingInterfaces(MLIRContext *context);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_PERCEIVERDIALECT_H
