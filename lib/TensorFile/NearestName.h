//===- NearestName.h - Suggest what a user meant ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TENSORFILE_NEARESTNAME_H
#define PERCEIVER_LIB_TENSORFILE_NEARESTNAME_H

#include <string>
#include <string_view>
#include <vector>

namespace perceiver {

/// Return the candidate with the fewest insertions, deletions, replacements
/// and swaps of neighbours from `wanted`, or "" if none is close (a third of
/// the longer name at most, and never all of it). The first of equals wins.
std::string nearestName(std::string_view wanted,
                        const std::vector<std::string> &candidates);

/// Return "; did you mean 'x'?" for the nearest name, or "".
std::string didYouMean(std::string_view wanted,
                       const std::vector<std::string> &candidates);

/// Return the candidates in ascending order of edits from `wanted`, equals in
/// the order that they have.
std::vector<std::string> nearestFirst(std::string_view wanted,
                                      std::vector<std::string> candidates);

/// How many things a message lists.
constexpr size_t kMostListed = 8;

/// Return "'a', 'b'", or the first kMostListed names "and 5 more".
std::string listNames(const std::vector<std::string> &names);

} // namespace perceiver

#endif // PERCEIVER_LIB_TENSORFILE_NEARESTNAME_H
