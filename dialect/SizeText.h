//===- SizeText.h - Sizes as people write them ------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A size of an array as an expression of the names of sizes:
//
//   size    := product (('+' | '-') product)*
//   product := atom (('*' | '/' | 'floordiv' | 'ceildiv' | 'mod') atom)*
//   atom    := name | number | '(' size ')'
//
// `/` is floordiv.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_SIZETEXT_H
#define PERCEIVER_DIALECT_SIZETEXT_H

#include "mlir/IR/AffineExpr.h"
#include "mlir/Support/LLVM.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace mlir::perceiver {

/// Parse the text of a size. Names become symbols, by their place in `names`;
/// new ones are appended. Null if the text has another form.
AffineExpr parseSizeText(StringRef text, SmallVectorImpl<StringRef> &names,
                         MLIRContext *context);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_SIZETEXT_H
