//===- Parser.cpp - From PTX text to its syntax ---------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Parser.h"

#include "lib/Emulator/ParseBody.h"
#include "lib/Emulator/ParseVariables.h"

using namespace perceiver::emulator;

/// Parse `.reqntid 128, 1, 1` and its like, up to the body.
static bool parsePerformance(TokenStream &stream, Entry &entry) {
  while (stream.peek().kind == Token::Kind::Word) {
    Token directive = stream.take();
    uint64_t values[3] = {1, 1, 1};
    unsigned count = 0;
    do
      if (count == 3 || !stream.expectInteger(values[count++]))
        return stream.expected("at most three integers");
    while (stream.takeIf(','));
    if (directive.is(".reqntid")) {
      for (unsigned i = 0; i < 3; ++i)
        entry.requiredThreads[i] = values[i];
    } else if (directive.is(".maxntid")) {
      entry.maximalThreads = values[0] * values[1] * values[2];
    } else if (!directive.is(".minnctapersm") && !directive.is(".maxnreg")) {
      return stream.fail(directive.line, "expected a directive of kernels that "
                                         "is known, but got " +
                                             std::string(directive.text));
    }
  }
  return true;
}

static bool parseEntry(TokenStream &stream, ModuleSyntax &module) {
  Entry entry;
  entry.line = stream.peek().line;
  if (!stream.expectName(entry.name) || !parseParameters(stream, entry) ||
      !parsePerformance(stream, entry))
    return false;
  // A declaration, whose body follows elsewhere.
  if (stream.takeIf(';'))
    return true;
  if (!stream.expect('{') || !parseBody(stream, entry))
    return false;
  module.entries.push_back(std::move(entry));
  return true;
}

/// Parse `.target sm_80, debug`.
static bool parseTarget(TokenStream &stream, ModuleSyntax &module) {
  Token name = stream.peek();
  std::string_view text;
  if (!stream.expectName(text))
    return false;
  bool known = text.size() > 3 && text.substr(0, 3) == "sm_";
  for (char c : text.substr(known ? 3 : 0)) {
    // sm_90a: the letter allows instructions that are unknown here anyway.
    if (c == 'a' || c == 'f')
      break;
    known &= c >= '0' && c <= '9' && module.architecture < 1000;
    module.architecture = module.architecture * 10 + (c - '0');
  }
  if (!known || !module.architecture)
    return stream.fail(name.line, "expected a target like sm_80, but got " +
                                      std::string(text));
  while (stream.takeIf(','))
    if (!stream.expectName(text))
      return false;
  return true;
}

static bool parseTopLevel(TokenStream &stream, ModuleSyntax &module) {
  bool external = false;
  while (true) {
    if (stream.takeIf(".extern"))
      external = true;
    else if (!stream.takeIf(".visible") && !stream.takeIf(".weak") &&
             !stream.takeIf(".common"))
      break;
  }
  Token token = stream.peek();
  if (stream.takeIf(".entry"))
    return parseEntry(stream, module);
  if (stream.takeIf(".target"))
    return parseTarget(stream, module);
  if (stream.takeIf(".address_size")) {
    uint64_t bits = 0;
    if (!stream.expectInteger(bits))
      return false;
    return bits == 64 ||
           stream.fail(token.line, "expected .address_size 64, but got " +
                                       std::to_string(bits));
  }
  if (stream.takeIf(".global"))
    return parseVariables(stream, external, module.globals);
  if (stream.takeIf(".const"))
    return parseVariables(stream, external, module.constants);
  if (stream.takeIf(".shared"))
    return parseVariables(stream, external, module.shared);
  // Of functions elsewhere only a call would need more, and calls are unknown.
  if (stream.takeIf(".pragma") || (external && stream.takeIf(".func"))) {
    stream.skipToSemicolon();
    return stream.expect(';');
  }
  if (stream.takeIf(".file")) {
    // Numbers and strings, to the end of the line.
    stream.skipLine(token.line);
    return true;
  }
  return stream.expected("a directive that is known");
}

bool perceiver::emulator::parseModule(std::string_view text,
                                      ModuleSyntax &module,
                                      SyntaxError &error) {
  TokenStream stream(text, error);
  if (!stream.takeIf(".version"))
    return stream.expected("'.version'");
  std::string_view version = stream.peek().text;
  if (stream.peek().kind != Token::Kind::Float64 || version.size() != 3)
    return stream.expected("a version like 8.0");
  module.version = (version[0] - '0') * 10 + (version[2] - '0');
  stream.take();
  while (stream.peek().kind != Token::Kind::End)
    if (!parseTopLevel(stream, module))
      return false;
  return module.architecture || stream.expected("'.target'");
}
