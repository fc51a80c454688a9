//===- TokenStream.cpp - Tokens with one in view, and the first error -----===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/TokenStream.h"

using namespace perceiver::emulator;

constexpr size_t kLongestQuoted = 60;

bool TokenStream::expectName(std::string_view &name) {
  if (token.kind != Token::Kind::Word || token.text[0] == '.')
    return expected("a name");
  name = take().text;
  return true;
}

bool TokenStream::expectInteger(uint64_t &value) {
  if (token.kind != Token::Kind::Integer)
    return expected("an integer");
  value = take().bits;
  return true;
}

bool TokenStream::expected(const std::string &what) {
  std::string got = "the end of the text";
  if (token.kind == Token::Kind::Bad)
    got = "what is no token of PTX";
  else if (token.kind != Token::Kind::End)
    got = "'" + std::string(token.text.substr(0, kLongestQuoted)) + "'";
  return fail(token.line, "expected " + what + ", but got " + got);
}
