//===- TokenStream.h - Reading tokens ---------------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// What the parts of the parser share.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_TOKENSTREAM_H
#define PERCEIVER_LIB_EMULATOR_TOKENSTREAM_H

#include "lib/Emulator/Lexer.h"
#include "lib/Emulator/Syntax.h"

namespace perceiver::emulator {

class TokenStream {
public:
  TokenStream(std::string_view text, SyntaxError &error)
      : lexer(text), error(error) {
    token = lexer.next();
  }

  const Token &peek() const { return token; }

  Token take() {
    Token taken = token;
    token = lexer.next();
    return taken;
  }

  bool takeIf(char mark) { return token.is(mark) && (take(), true); }
  bool takeIf(std::string_view word) {
    return token.is(word) && (take(), true);
  }

  /// Skip tokens up to a semicolon, or to the end of what can be read.
  void skipToSemicolon() {
    while (!token.is(';') && !isLast())
      take();
  }
  /// Skip the tokens that stand in this line.
  void skipLine(uint32_t line) {
    while (token.line == line && !isLast())
      take();
  }

  /// Each returns false with an error if something else follows.
  bool expect(char mark) {
    return takeIf(mark) || expected(std::string("'") + mark + "'");
  }
  bool expectName(std::string_view &name);
  bool expectInteger(uint64_t &value);

  /// Keep the first error; returns false.
  bool fail(uint32_t line, std::string text) {
    if (error.text.empty())
      error = {line, std::move(text)};
    return false;
  }
  bool expected(const std::string &what);

private:
  bool isLast() const {
    return token.kind == Token::Kind::End || token.kind == Token::Kind::Bad;
  }

  Lexer lexer;
  Token token;
  SyntaxError &error;
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_TOKENSTREAM_H
