//===- SizeInference.h - Sizes in a description -----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each size of each tensor of a function gets an expression
// (lib/Analysis/SizeExpr.h): of the sizes that arguments name, and of sizes
// without a name, where nothing is known.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CONVERSION_SIZEINFERENCE_H
#define PERCEIVER_LIB_CONVERSION_SIZEINFERENCE_H

#include "lib/Analysis/SizeExpr.h"
#include "lib/Analysis/SizeFacts.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/OpDefinition.h"
#include "llvm/ADT/StringMap.h"

#include <optional>
#include <string>
#include <vector>

namespace mlir::perceiver {

/// Check that the dynamic sizes which the operations of a description need to
/// be equal are equal by their names, that slices lie within their sources, and
/// that results have the sizes that they claim. The function is otherwise
/// legal, and so are the functions it calls. Reports errors.
LogicalResult verifySizes(func::FuncOp function,
                          SymbolTableCollection &symbols);

/// Nothing is a size that equals any other: the batch of a state that has none
/// yet.
using Size = std::optional<SizeExpr>;
using Sizes = SmallVector<Size>;

/// The sizes of the tensors of one function.
class SizeInference {
public:
  explicit SizeInference(SymbolTableCollection &symbols) : symbols(symbols) {}

  /// Infer the sizes of a function, and of a block whose arguments have sizes.
  LogicalResult infer(func::FuncOp function);
  LogicalResult infer(Block &block);

  SymbolTableCollection &symbols;

  //===--------------------------------------------------------------------===//
  // Sizes of values
  //===--------------------------------------------------------------------===//

  /// The sizes of a tensor, one for each dimension. Setting those of another
  /// may move them.
  ArrayRef<Size> sizesOf(Value value) { return tensors[value]; }
  /// Set all of them.
  void setAllSizes(Value value, Sizes sizes) {
    tensors[value] = std::move(sizes);
  }
  /// Static sizes are those of the type; the dynamic ones are taken from
  /// `sizes`, which has as many.
  void setSizes(Value value, ArrayRef<Size> sizes);
  /// Nothing is known of the dynamic sizes.
  void setNameless(Value value);

  /// A size that is a constant or a value, and what is known of the value.
  SizeExpr getSize(OpFoldResult size);
  void setIndex(Value value, SizeExpr size) {
    indices[value] = std::move(size);
  }

  /// The size that has this name. Its number is its place in `names`. Offsets
  /// may be 0.
  SizeExpr getNamed(StringRef name, bool isOffset = false);
  SizeExpr makeNameless(bool isOffset = false);
  SizeExpr getProduct(ArrayRef<Size> sizes);

  /// The value of a size as people write it, a name or an expression. Nothing,
  /// after an error at `op`, if it has a name of which `lookUp` knows nothing.
  FailureOr<Size> evaluate(Operation *op, StringRef text,
                           function_ref<std::optional<Size>(StringRef)> lookUp);

  /// From here on, this holds.
  void assume(const SizeExpr &lhs, SizeRelation relation, const SizeExpr &rhs) {
    facts.assume(lhs, relation, rhs);
  }
  /// Whether it is known to hold, by what is assumed and for all sizes.
  bool isKnownToHold(const SizeExpr &lhs, SizeRelation relation,
                     const SizeExpr &rhs) const {
    return facts.isKnownToHold(lhs, relation, rhs);
  }

  //===--------------------------------------------------------------------===//
  // Checks
  //===--------------------------------------------------------------------===//

  /// Reports an error at `op` unless the sizes are equal.
  LogicalResult expectEqual(Operation *op, const Size &lhs, const Size &rhs);
  LogicalResult expectEqual(Operation *op, ArrayRef<Size> lhs,
                            ArrayRef<Size> rhs);

  /// Reports an error at `op` unless the size is known to be 1 or more.
  LogicalResult expectPositive(Operation *op, OpFoldResult size);

  /// Whether what a slice takes of a dimension is known to lie within it. The
  /// operation verifies only numbers that are attributes.
  bool isWithin(OpFoldResult offset, OpFoldResult size, OpFoldResult stride,
                const Size &limit);

private:
  LogicalResult infer(Operation *op);
  LogicalResult setArguments(func::FuncOp function);
  /// "'batch * 4'".
  std::string describe(const SizeExpr &size);
  /// Whether it is a size with a name and nothing else.
  bool isNamed(const SizeExpr &size) const {
    return size.getSize() && !names[*size.getSize()].empty();
  }
  /// The static sizes of a type; for the dynamic ones what `dynamic` returns.
  Sizes getSizes(Type type, function_ref<Size()> dynamic);

  SizeFacts facts;
  DenseMap<Value, Sizes> tensors;
  DenseMap<Value, SizeExpr> indices;
  /// Empty for sizes without a name.
  std::vector<std::string> names;
  llvm::StringMap<unsigned> numbers;
};

/// The sizes of `sizes` whose dimension of `type` is dynamic.
Sizes dynamicSizes(Type type, ArrayRef<Size> sizes);

/// The dynamic sizes of an argument or a result as people write them: names, or
/// expressions of names.
SmallVector<StringRef> getSizeTexts(ArrayAttr sizes);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CONVERSION_SIZEINFERENCE_H
