//===- Lexer.cpp - Words, numbers and marks of PTX ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Lexer.h"

#include <cstdlib>
#include <cstring>
#include <string>

using namespace perceiver::emulator;

static bool isDigit(char c) { return c >= '0' && c <= '9'; }

static bool startsWord(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         c == '$' || c == '%' || c == '.';
}

static bool continuesWord(char c) {
  return (startsWord(c) && c != '%') || isDigit(c);
}

static int hexDigit(char c) {
  if (isDigit(c))
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void Lexer::skipBlanks() {
  while (position < text.size()) {
    char c = text[position];
    std::string_view two = text.substr(position, 2);
    if (c == '\n') {
      ++line;
      ++position;
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
      ++position;
    } else if (two == "//") {
      position = std::min(text.find('\n', position), text.size());
    } else if (two == "/*") {
      size_t end = std::min(text.find("*/", position + 2), text.size());
      for (; position < end; ++position)
        line += text[position] == '\n';
      position = std::min(end + 2, text.size());
    } else {
      return;
    }
  }
}

Token Lexer::finish(Token token, Token::Kind kind, size_t length) {
  token.kind = kind;
  token.text = text.substr(position, length);
  position += length;
  return token;
}

/// Return 0f and 8 or 0d and 16 hexadecimal digits, an integer in any base of C
/// with or without U, or a decimal fraction, which is a double.
Token Lexer::number(Token token) {
  std::string_view rest = text.substr(position);
  char prefix = rest.size() > 1 && rest[0] == '0' ? rest[1] | 32 : 0;
  if (prefix == 'f' || prefix == 'd' || prefix == 'x') {
    size_t length = 2;
    for (; length < rest.size() && hexDigit(rest[length]) >= 0; ++length)
      token.bits = token.bits << 4 | hexDigit(rest[length]);
    size_t digits = length - 2;
    if (prefix == 'f' || prefix == 'd')
      return finish(token,
                    digits != (prefix == 'f' ? 8u : 16u) ? Token::Kind::Bad
                    : prefix == 'f'                      ? Token::Kind::Float32
                                                         : Token::Kind::Float64,
                    length);
    bool suffix = length < rest.size() && (rest[length] | 32) == 'u';
    return finish(token,
                  digits == 0 || digits > 16 ? Token::Kind::Bad
                                             : Token::Kind::Integer,
                  length + suffix);
  }
  size_t length = 0;
  while (length < rest.size() && isDigit(rest[length]))
    ++length;
  if (length < rest.size() && rest[length] == '.') {
    std::string copy(rest.substr(0, 64));
    char *end = nullptr;
    double value = strtod(copy.c_str(), &end);
    memcpy(&token.bits, &value, sizeof value);
    return finish(token, Token::Kind::Float64, end - copy.c_str());
  }
  for (char digit : rest.substr(0, length))
    token.bits = token.bits * (rest[0] == '0' ? 8 : 10) + (digit - '0');
  bool suffix = length < rest.size() && (rest[length] | 32) == 'u';
  return finish(token, length > 20 ? Token::Kind::Bad : Token::Kind::Integer,
                length + suffix);
}

Token Lexer::next() {
  skipBlanks();
  Token token;
  token.line = line;
  if (position >= text.size())
    return token;
  std::string_view rest = text.substr(position);
  char c = rest[0];
  if (isDigit(c))
    return number(token);
  if (startsWord(c)) {
    size_t length = 1;
    while (length < rest.size()) {
      // ".reg.b32" is two directives.
      if (continuesWord(rest[length]) && (c != '.' || rest[length] != '.'))
        ++length;
      else if (rest.substr(length, 2) == "::")
        length += 2;
      else
        break;
    }
    return finish(token, Token::Kind::Word, length);
  }
  if (c == '"') {
    size_t length = rest.find_first_of("\"\n", 1);
    if (length == std::string_view::npos || rest[length] == '\n')
      return finish(token, Token::Kind::Bad, 0);
    token = finish(token, Token::Kind::String, length + 1);
    token.text = token.text.substr(1, length - 1);
    return token;
  }
  if (strchr("()[]{}<>,;:=+-@!|*/&^~", c) && c)
    return finish(token, Token::Kind::Mark, 1);
  return finish(token, Token::Kind::Bad, 0);
}
