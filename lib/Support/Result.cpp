//===- Result.cpp - Text of diagnostics -----------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Support/Result.h"

using namespace perceiver;

constexpr size_t kLongestQuotedName = 200;

std::string perceiver::quote(std::string_view name) {
  static const char digits[] = "0123456789abcdef";
  std::string text = "'";
  for (unsigned char c : name.substr(0, kLongestQuotedName)) {
    if (c >= 0x20 && c != 0x7f && c != '\'' && c != '\\') {
      text += static_cast<char>(c);
      continue;
    }
    text += "\\x";
    text += digits[c >> 4];
    text += digits[c & 15];
  }
  return text + (name.size() > kLongestQuotedName ? "...'" : "'");
}

std::string Error::str() const {
  std::string text;
  if (!file.empty())
    text += file + ": ";
  if (!tensor.empty())
    text += "tensor " + quote(tensor) + ": ";
  text += message;
  if (offset)
    text += " (at byte " + std::to_string(*offset) + ")";
  return text;
}
