//===- SizeRelation.h - What is known of two sizes --------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ANALYSIS_SIZERELATION_H
#define PERCEIVER_LIB_ANALYSIS_SIZERELATION_H

#include "dialect/Model/SizeRelation.h"
#include "lib/Analysis/SizeExpr.h"

namespace mlir::perceiver {

/// Whether the relation holds for all sizes (true) or for none (false); nothing
/// if it depends on the sizes or cannot be told.
std::optional<bool> decide(const SizeExpr &lhs, SizeRelation relation,
                           const SizeExpr &rhs);

/// Whether `relation` is known to hold for all sizes.
inline bool isKnownToHold(const SizeExpr &lhs, SizeRelation relation,
                          const SizeExpr &rhs) {
  return decide(lhs, relation, rhs).value_or(false);
}

/// A number that the expression is never below, if one is known.
std::optional<int64_t> getLowerBound(const SizeExpr &expr);
/// A number that the expression is never above, if one is known.
std::optional<int64_t> getUpperBound(const SizeExpr &expr);

/// Whether the expression or factor is known to be `bound` or more.
bool isAtLeast(const SizeExpr &expr, int64_t bound);
bool isAtLeast(const SizeFactor &factor, int64_t bound);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ANALYSIS_SIZERELATION_H
