//===- NearestName.cpp - Suggest what a user meant ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/NearestName.h"

#include "llvm/ADT/Twine.h"

using namespace mlir;

StringRef perceiver::nearestName(StringRef name,
                                 ArrayRef<StringRef> candidates) {
  StringRef nearest;
  size_t fewest = 0;
  for (StringRef candidate : candidates) {
    size_t longer = std::max(name.size(), candidate.size());
    size_t limit = std::max<size_t>((longer + 1) / 3, 1);
    size_t edits = name.edit_distance(candidate, /*AllowReplacements=*/true,
                                      /*MaxEditDistance=*/limit);
    if (edits > limit || edits >= longer)
      continue;
    if (!nearest.empty() && edits >= fewest)
      continue;
    nearest = candidate;
    fewest = edits;
  }
  return nearest;
}

std::string perceiver::didYouMean(StringRef name,
                                  ArrayRef<StringRef> candidates) {
  StringRef nearest = nearestName(name, candidates);
  if (nearest.empty())
    return "";
  return ("; did you mean '" + nearest + "'?").str();
}
