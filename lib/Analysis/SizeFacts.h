//===- SizeFacts.h - Sizes of which something is known ----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ANALYSIS_SIZEFACTS_H
#define PERCEIVER_LIB_ANALYSIS_SIZEFACTS_H

#include "lib/Analysis/SizeRelation.h"

#include "llvm/ADT/DenseMap.h"

namespace mlir::perceiver {

/// Relations that are known to hold beside what holds for all sizes:
///
///   rows <= 2048                 a table of 2,048 rows has the first `rows`
///   samples multiple_of 16       samples floordiv 16 * 16 is samples
///   height = width               height * height is height * width
///
/// A size that is a multiple, or equal to something, is replaced by that: `16 *
/// s` for a size s of no name. Inequalities are subtracted from what shall be
/// shown to be at least 0.
class SizeFacts {
public:
  /// From now on `relation` is known to hold.
  void assume(const SizeExpr &lhs, SizeRelation relation, const SizeExpr &rhs);

  /// Whether the relation holds for all sizes of which the facts are true. No
  /// does not mean that it does not.
  bool isKnownToHold(const SizeExpr &lhs, SizeRelation relation,
                     const SizeExpr &rhs) const;

  /// The expression with all that is replaced.
  SizeExpr simplify(const SizeExpr &expr) const;

private:
  /// Replace the sizes that have a replacement in one factor.
  SizeExpr simplify(const SizeFactor &factor) const;
  void replace(const SizeFactor &size, const SizeExpr &value);
  void assumeEqual(const SizeExpr &lhs, const SizeExpr &rhs);
  void assumeMultiple(const SizeExpr &value, const SizeExpr &divisor);
  /// Whether `expr` is at least 0, with as many facts as `depth` says.
  bool isNonnegative(const SizeExpr &expr, unsigned depth) const;

  llvm::DenseMap<unsigned, SizeExpr> replacements;
  /// What is known to be at least 0.
  std::vector<SizeExpr> nonnegative;
  /// Value and divisor, where no size could be replaced.
  std::vector<std::pair<SizeExpr, SizeExpr>> multiples;
  /// New sizes are numbered far from those that anybody else numbers.
  unsigned nextNumber = 1u << 30;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ANALYSIS_SIZEFACTS_H
