//===- Utf8.cpp - Check the encoding of names -----------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/Utf8.h"

#include <cstddef>
#include <cstdint>

bool perceiver::isValidUtf8(std::string_view text) {
  for (size_t i = 0; i < text.size();) {
    unsigned char lead = static_cast<unsigned char>(text[i++]);
    if (lead < 0x80)
      continue;
    size_t more = lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    if (lead < 0xc2 || lead > 0xf4 || text.size() - i < more)
      return false;
    uint32_t code = lead & (0x3f >> more);
    for (size_t j = 0; j < more; ++j, ++i) {
      unsigned char next = static_cast<unsigned char>(text[i]);
      if ((next & 0xc0) != 0x80)
        return false;
      code = code << 6 | (next & 0x3f);
    }
    constexpr uint32_t smallest[] = {0x80, 0x800, 0x10000};
    if (code < smallest[more - 1] || code > 0x10ffff ||
        (code >= 0xd800 && code < 0xe000))
      return false;
  }
  return true;
}
