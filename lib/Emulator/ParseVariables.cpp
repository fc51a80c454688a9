//===- ParseVariables.cpp - Declarations of PTX variables -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/ParseVariables.h"

#include <algorithm>
#include <cstring>

using namespace perceiver::emulator;

// What sm_90 takes at most; also keeps sums of sizes from wrapping.
constexpr uint64_t kMostBytes = uint64_t(1) << 40;
constexpr uint64_t kMostParameterBytes = 32764;
constexpr uint64_t kMostAlignment = 1024;

unsigned perceiver::emulator::typeBits(std::string_view type) {
  if (type == ".pred")
    return 1;
  if (type.size() < 3 || type[0] != '.' || !strchr("busf", type[1]))
    return 0;
  std::string_view bits = type.substr(2);
  if (bits == "8" && type[1] != 'f')
    return 8;
  return bits == "16" ? 16 : bits == "32" ? 32 : bits == "64" ? 64 : 0;
}

/// Parse `.align N` and the type, in either order of what may precede it.
static bool parseType(TokenStream &stream, uint64_t &alignment,
                      unsigned &bits) {
  alignment = 0;
  if (stream.takeIf(".align")) {
    uint32_t line = stream.peek().line;
    if (!stream.expectInteger(alignment))
      return false;
    if (!alignment || alignment > kMostAlignment ||
        (alignment & (alignment - 1)))
      return stream.fail(line, "expected an alignment that is a power of two "
                               "up to 1024, but got " +
                                   std::to_string(alignment));
  }
  bits = typeBits(stream.peek().text);
  if (stream.peek().kind != Token::Kind::Word || bits < 8)
    return stream.expected("the type of a variable");
  stream.take();
  alignment = std::max<uint64_t>(alignment, bits / 8);
  return true;
}

/// Parse a name and its dimensions.
static bool parseDeclarator(TokenStream &stream, unsigned bits, bool external,
                            Variable &variable) {
  variable.line = stream.peek().line;
  if (!stream.expectName(variable.name))
    return false;
  variable.bytes = bits / 8;
  variable.external = external;
  while (stream.takeIf('[')) {
    uint64_t count = 0;
    if (!stream.peek().is(']') && !stream.expectInteger(count))
      return false;
    if (count > kMostBytes / variable.bytes)
      return stream.fail(variable.line, "expected less than 1 TiB in " +
                                            std::string(variable.name));
    variable.bytes *= count;
    if (!stream.expect(']'))
      return false;
    if (!variable.bytes)
      break;
  }
  return true;
}

/// Parse a value or a list of them, which may be nested.
static bool parseInitializer(TokenStream &stream, unsigned bits,
                             Variable &variable) {
  bool list = stream.takeIf('{');
  do {
    if (list && stream.peek().is('{')) {
      if (!parseInitializer(stream, bits, variable))
        return false;
      continue;
    }
    bool negative = stream.takeIf('-');
    Token token = stream.peek();
    if (token.kind != Token::Kind::Integer &&
        token.kind != Token::Kind::Float32 &&
        token.kind != Token::Kind::Float64)
      return stream.expected("a number");
    stream.take();
    uint64_t value = negative ? 0 - token.bits : token.bits;
    for (unsigned byte = 0; byte < bits / 8; ++byte)
      variable.initial.push_back(value >> 8 * byte & 0xff);
    if (variable.initial.size() > variable.bytes)
      return stream.fail(token.line,
                         "expected at most " + std::to_string(variable.bytes) +
                             " bytes for " + std::string(variable.name));
  } while (list && stream.takeIf(','));
  return !list || stream.expect('}');
}

bool perceiver::emulator::parseVariables(TokenStream &stream, bool external,
                                         std::vector<Variable> &variables) {
  uint64_t alignment;
  unsigned bits;
  if (!parseType(stream, alignment, bits))
    return false;
  do {
    Variable variable;
    if (!parseDeclarator(stream, bits, external, variable))
      return false;
    variable.alignment = alignment;
    if (stream.takeIf('=') && !parseInitializer(stream, bits, variable))
      return false;
    variables.push_back(std::move(variable));
  } while (stream.takeIf(','));
  return stream.expect(';');
}

bool perceiver::emulator::parseParameters(TokenStream &stream, Entry &entry) {
  if (!stream.takeIf('(') || stream.takeIf(')'))
    return true;
  do {
    if (!stream.takeIf(".param"))
      return stream.expected("'.param'");
    Variable variable;
    uint64_t alignment, pointee;
    unsigned bits;
    if (!parseType(stream, alignment, bits))
      return false;
    // `.ptr .global .align 16`: what LLVM knows of a pointer.
    if (stream.takeIf(".ptr")) {
      stream.takeIf(".global") || stream.takeIf(".shared") ||
          stream.takeIf(".const") || stream.takeIf(".local");
      if (stream.takeIf(".align") && !stream.expectInteger(pointee))
        return false;
    }
    if (!parseDeclarator(stream, bits, false, variable))
      return false;
    variable.alignment = alignment;
    variable.offset = (entry.parameterBytes + alignment - 1) & ~(alignment - 1);
    entry.parameterBytes = variable.offset + variable.bytes;
    if (entry.parameterBytes > kMostParameterBytes)
      return stream.fail(variable.line,
                         "expected at most 32764 bytes of "
                         "parameters, but got " +
                             std::to_string(entry.parameterBytes));
    entry.parameters.push_back(std::move(variable));
  } while (stream.takeIf(','));
  return stream.expect(')');
}
