//===- FourierColumns.cpp - Where features are in a row -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/FourierColumns.h"

#include <algorithm>

using namespace mlir;
using namespace mlir::perceiver;

int64_t FourierColumns::find(int64_t axis, FourierTerms term) const {
  constexpr FourierTerms raw = FourierTerms::raw, sin = FourierTerms::sin,
                         cos = FourierTerms::cos;
  bool isDM = layout == FourierLayout::dm;
  // Term by term, or axis by axis.
  int64_t column = axis * (isDM ? countOf(term) : countPerAxis());
  FourierTerms order[] = {raw, sin, cos};
  if (!isDM)
    std::rotate(std::begin(order), std::begin(order) + 1, std::end(order));
  for (FourierTerms before : order) {
    if (before == term)
      break;
    column += (isDM ? axes : 1) * countOf(before);
  }
  return column;
}
