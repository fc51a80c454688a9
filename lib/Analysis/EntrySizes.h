//===- EntrySizes.h - Sizes of tensors by the entry's names -----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ANALYSIS_ENTRYSIZES_H
#define PERCEIVER_LIB_ANALYSIS_ENTRYSIZES_H

#include "lib/Analysis/SizeExpr.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::perceiver {

/// The names of the dynamic sizes of an entry, in the order in which its
/// arguments give them; an `index` argument is one. Expressions of them are no
/// sizes of their own. The number of a size is its place among these, in
/// `perceiver.flop` as in the frame.
SmallVector<StringRef> getSizeNames(func::FuncOp entry);

/// The name of an argument of type index; "" for others.
StringRef getIndexName(func::FuncOp entry, unsigned argument);

/// Whether the size may be 0: one that index arguments alone give, and that no
/// result has.
bool isOffset(func::FuncOp entry, StringRef name);

/// Size number `number` of an entry, which has this name.
SizeExpr getEntrySize(func::FuncOp entry, StringRef name, unsigned number);

/// Traces the sizes of the tensors of an entry, at the block level, back to the
/// dynamic sizes that its arguments name (`perceiver.sizes`). Answers are kept,
/// so the entry must not change meanwhile.
class EntrySizes {
public:
  /// With `areTilesEqual` all tiles of a loop count as ones like the first.
  /// Where the last one may be smaller, their sizes are unknown otherwise.
  explicit EntrySizes(func::FuncOp entry, bool areTilesEqual = false);

  /// Size number i has name i.
  ArrayRef<StringRef> getNames() const { return names; }
  /// All sizes, by their numbers.
  SmallVector<SizeExpr> getAll() const {
    return llvm::map_to_vector(names,
                               [&](StringRef name) { return getNamed(name); });
  }

  /// A size of a tensor; unknown if it depends on more than the named sizes.
  SizeExpr getSize(Value tensor, int64_t dim) const;
  /// The value of an index.
  SizeExpr getIndex(OpFoldResult index) const;
  /// The product of the sizes from dimension `first` to before `last`.
  SizeExpr getProduct(Value tensor, int64_t first, int64_t last) const;
  /// The bytes that the elements take.
  SizeExpr getBytes(Value tensor) const;

private:
  SizeExpr traceSize(Value tensor, int64_t dim) const;
  SizeExpr traceIndex(Value index) const;
  SizeExpr getArgumentSize(BlockArgument argument, int64_t dim) const;
  SizeExpr getNamed(StringRef name) const;
  /// A size as people write it: a name, or an expression of names.
  SizeExpr getWritten(StringRef text) const;

  func::FuncOp entry;
  bool areTilesEqual;
  SmallVector<StringRef> names;
  mutable DenseMap<std::pair<Value, int64_t>, SizeExpr> knownSizes;
  mutable DenseMap<Value, SizeExpr> knownIndices;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ANALYSIS_ENTRYSIZES_H
