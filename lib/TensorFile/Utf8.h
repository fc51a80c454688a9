//===- Utf8.h - Check the encoding of names ---------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TENSORFILE_UTF8_H
#define PERCEIVER_LIB_TENSORFILE_UTF8_H

#include <string_view>

namespace perceiver {

/// Return true if `text` is well-formed UTF-8 (no overlong forms, surrogates
/// or numbers beyond U+10FFFF).
bool isValidUtf8(std::string_view text);

} // namespace perceiver

#endif // PERCEIVER_LIB_TENSORFILE_UTF8_H
