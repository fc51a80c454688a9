//===- EntrySizes.h - Sizes of tensors by the entry's names -----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ANALYSIS_ENTRYSIZES_H
#define PERCEIVER_LIB_ANALYSIS_ENTRYSIZES_H

#include "lib/Analysis/SizePolynomial.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::perceiver {

/// The names of the dynamic sizes of an entry, in the order in which its
/// arguments give them. The number of a size is its place among these, in
/// `perceiver.flop` as in the frame.
SmallVector<StringRef> getSizeNames(func::FuncOp entry);

/// Traces the sizes of the tensors of an entry, at the block level, back to the
/// dynamic sizes that its arguments name (`perceiver.sizes`).
class EntrySizes {
public:
  explicit EntrySizes(func::FuncOp entry);

  /// Size number i has name i.
  ArrayRef<StringRef> getNames() const { return names; }

  /// A size of a tensor; unknown if it depends on more than the named sizes.
  SizePolynomial getSize(Value tensor, int64_t dim) const;
  /// The value of an index.
  SizePolynomial getIndex(OpFoldResult index) const;
  /// The product of the sizes from dimension `first` to before `last`.
  SizePolynomial getProduct(Value tensor, int64_t first, int64_t last) const;
  /// The bytes that the elements take.
  SizePolynomial getBytes(Value tensor) const;

private:
  SizePolynomial getArgumentSize(BlockArgument argument, int64_t dim) const;

  func::FuncOp entry;
  SmallVector<StringRef> names;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ANALYSIS_ENTRYSIZES_H
