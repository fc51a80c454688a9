//===- FourierColumns.h - Where features are in a row -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The columns of positions, by the terms that they have and their layout.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_FOURIERCOLUMNS_H
#define PERCEIVER_DIALECT_MODEL_FOURIERCOLUMNS_H

#include "dialect/Model/PerceiverAttrs.h"

namespace mlir::perceiver {

/// Many axes multiply code; no model has more.
inline constexpr int64_t kMostAxes = 8;

/// All terms.
inline constexpr FourierTerms kAllTerms =
    FourierTerms::raw | FourierTerms::sin | FourierTerms::cos;

/// Rows of `axes` axes with `bands` frequencies each.
struct FourierColumns {
  int64_t axes;
  int64_t bands;
  FourierTerms terms = kAllTerms;
  FourierLayout layout = FourierLayout::dm;

  bool has(FourierTerms term) const { return bitEnumContainsAll(terms, term); }
  /// Columns of one term of one axis; 0 if rows do not have the term.
  int64_t countOf(FourierTerms term) const {
    return has(term) ? (term == FourierTerms::raw ? 1 : bands) : 0;
  }
  /// The first of these columns.
  int64_t find(int64_t axis, FourierTerms term) const;
  int64_t countPerAxis() const {
    return countOf(FourierTerms::raw) + countOf(FourierTerms::sin) +
           countOf(FourierTerms::cos);
  }
  int64_t count() const { return axes * countPerAxis(); }

  /// The table of one axis: the positions, their sines, their cosines.
  FourierColumns ofOneAxis() const {
    return {/*axes=*/1, bands, terms, FourierLayout::dm};
  }
};

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_MODEL_FOURIERCOLUMNS_H
