//===- ParseSizes.cpp - Sizes of a run, as --size has them ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/ParseSizes.h"

#include <charconv>

using namespace perceiver;

Result<SizeValues>
perceiver::parseSizes(const std::vector<std::string> &texts) {
  SizeValues sizes;
  for (const std::string &text : texts) {
    size_t equals = text.find('=');
    size_t begin = equals == std::string::npos ? text.size() : equals + 1;
    const char *last = text.data() + text.size();
    int64_t value = 0;
    auto [end, error] = std::from_chars(text.data() + begin, last, value);
    if (equals == 0 || begin == text.size() || error != std::errc() ||
        end != last)
      return Error{"--size: expected a name and a number, as first=1000, but "
                   "got " +
                   quote(text)};
    sizes.emplace_back(text.substr(0, equals), value);
  }
  return sizes;
}
