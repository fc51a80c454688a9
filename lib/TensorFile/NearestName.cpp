//===- NearestName.cpp - Suggest what a user meant ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/NearestName.h"

#include "lib/Support/Result.h"

#include <algorithm>
#include <map>

using namespace perceiver;

/// Names are compared up to here, which bounds the time for absurd ones.
constexpr size_t kLongestName = 256;

/// Return the number of edits between `a` and `b`, or `limit` + 1 if there are
/// more than `limit`.
static size_t editDistance(std::string_view a, std::string_view b,
                           size_t limit) {
  size_t difference =
      a.size() > b.size() ? a.size() - b.size() : b.size() - a.size();
  if (difference > limit)
    return limit + 1;
  // Rows i - 2, i - 1 and i of the table of distances between prefixes.
  std::vector<size_t> before(b.size() + 1), above(b.size() + 1),
      row(b.size() + 1);
  for (size_t j = 0; j <= b.size(); ++j)
    above[j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({above[j] + 1, row[j - 1] + 1,
                         above[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before[j - 2] + 1);
    }
    if (*std::min_element(row.begin(), row.end()) > limit)
      return limit + 1;
    std::swap(before, above);
    std::swap(above, row);
  }
  return above[b.size()];
}

std::string perceiver::nearestName(std::string_view wanted,
                                   const std::vector<std::string> &candidates) {
  wanted = wanted.substr(0, kLongestName);
  const std::string *best = nullptr;
  size_t bestDistance = 0;
  for (const std::string &candidate : candidates) {
    std::string_view name = std::string_view(candidate).substr(0, kLongestName);
    size_t longer = std::max(name.size(), wanted.size());
    size_t limit = std::min(std::max<size_t>(longer / 3, 1), longer - 1);
    if (longer == 0)
      continue;
    if (best)
      limit = std::min(limit, bestDistance - 1);
    size_t distance = editDistance(wanted, name, limit);
    if (distance > limit)
      continue;
    best = &candidate;
    bestDistance = distance;
    if (distance == 0)
      break;
  }
  return best ? *best : std::string();
}

std::string perceiver::didYouMean(std::string_view wanted,
                                  const std::vector<std::string> &candidates) {
  std::string name = nearestName(wanted, candidates);
  return name.empty() ? name : "; did you mean " + quote(name) + "?";
}

std::vector<std::string>
perceiver::nearestFirst(std::string_view wanted,
                        std::vector<std::string> candidates) {
  // Equal keys keep the order of their insertion.
  std::multimap<size_t, std::string> ranked;
  wanted = wanted.substr(0, kLongestName);
  for (std::string &candidate : candidates) {
    std::string_view name = std::string_view(candidate).substr(0, kLongestName);
    size_t distance = editDistance(wanted, name, kLongestName);
    ranked.emplace(distance, std::move(candidate));
  }
  candidates.clear();
  for (auto &[distance, name] : ranked)
    candidates.push_back(std::move(name));
  return candidates;
}

std::string perceiver::listNames(const std::vector<std::string> &names) {
  std::string text;
  size_t listed = std::min(names.size(), kMostListed);
  for (size_t i = 0; i < listed; ++i)
    text += (i == 0 ? "" : ", ") + quote(names[i]);
  if (listed < names.size())
    text += " and " + std::to_string(names.size() - listed) + " more";
  return text;
}
