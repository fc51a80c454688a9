//===- Lexer.h - Words, numbers and marks of PTX ---------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Cuts PTX text into tokens. A name keeps its dots: "ld.global.L2::128B.f32"
/// and
/// "%tid.x" are one word each, whose parts the parser separates.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_LEXER_H
#define PERCEIVER_LIB_EMULATOR_LEXER_H

#include <cstdint>
#include <string_view>

namespace perceiver::emulator {

struct Token {
  enum class Kind { Word, Integer, Float32, Float64, String, Mark, End, Bad };
  Kind kind = Kind::End;
  /// As written; a string without its quotes.
  std::string_view text;
  /// The value of a number: an integer, or the bits of a float.
  uint64_t bits = 0;
  uint32_t line = 1;

  bool is(char mark) const { return kind == Kind::Mark && text[0] == mark; }
  bool is(std::string_view word) const {
    return kind == Kind::Word && text == word;
  }
};

/// Reads tokens from a text, which must outlive them.
class Lexer {
public:
  explicit Lexer(std::string_view text) : text(text) {}

  /// Return the next token. At the end and at a character that PTX does not
  /// have, that is End and Bad for ever.
  Token next();

private:
  void skipBlanks();
  Token number(Token token);
  Token finish(Token token, Token::Kind kind, size_t length);

  std::string_view text;
  size_t position = 0;
  uint32_t line = 1;
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_LEXER_H
