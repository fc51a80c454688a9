//===- ParseBody.cpp - Instructions of a PTX kernel -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Registers and labels live in scopes: inline assembly opens some of its own,
// and unrolled loops repeat the same names in each.
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/ParseBody.h"

#include "lib/Emulator/ParseVariables.h"

#include <algorithm>
#include <unordered_map>

using namespace perceiver::emulator;

// Far beyond what compilers print, and small enough for 32-bit numbers.
constexpr size_t kMostRegisters = size_t(1) << 20;
constexpr unsigned kDeepestScope = 64;
constexpr unsigned kDeepestOperand = 4;

namespace {
/// `%r<10>` declares ten registers; a single one has the count 0.
struct Declared {
  uint32_t first;
  uint64_t count;
};

/// A branch whose label has not been seen.
struct Unresolved {
  size_t instruction, operand;
  std::string_view label;
};

struct Scope {
  std::unordered_map<std::string_view, Declared> registers;
  std::unordered_map<std::string_view, uint32_t> labels;
  std::vector<Unresolved> unresolved;
};

class BodyParser {
public:
  BodyParser(TokenStream &stream, Entry &entry)
      : stream(stream), entry(entry) {}

  bool parseScope();

private:
  bool parseStatement();
  bool parseRegisters();
  bool parseInstruction();
  bool parseOperand(Operand &operand, unsigned depth = 0);
  bool parseName(Operand &operand);
  bool parseAddress(Operand &operand);
  bool parseSigned(uint64_t &bits);
  bool findRegister(std::string_view name, uint32_t &index) const;
  bool closeScope();

  TokenStream &stream;
  Entry &entry;
  std::vector<Scope> scopes;
};
} // namespace

bool BodyParser::findRegister(std::string_view name, uint32_t &index) const {
  std::string_view prefix = name;
  while (!prefix.empty() && prefix.back() >= '0' && prefix.back() <= '9')
    prefix.remove_suffix(1);
  std::string_view digits = name.substr(prefix.size());
  uint64_t number = 0;
  for (char digit : digits.substr(0, 10))
    number = number * 10 + (digit - '0');
  for (auto scope = scopes.rbegin(); scope != scopes.rend(); ++scope) {
    auto exact = scope->registers.find(name);
    if (exact != scope->registers.end() && !exact->second.count) {
      index = exact->second.first;
      return true;
    }
    auto range = scope->registers.find(prefix);
    if (range != scope->registers.end() && !digits.empty() &&
        digits.size() <= 10 && number < range->second.count) {
      index = range->second.first + number;
      return true;
    }
  }
  return false;
}

/// Parse `.reg .b32 %r<5>, x;` from the type on.
bool BodyParser::parseRegisters() {
  unsigned bits = typeBits(stream.peek().text);
  if (!bits)
    return stream.expected("the type of a register");
  stream.take();
  do {
    uint32_t line = stream.peek().line;
    std::string_view name;
    if (!stream.expectName(name))
      return false;
    uint64_t count = 0;
    if (stream.takeIf('<') &&
        (!stream.expectInteger(count) || !stream.expect('>')))
      return false;
    if (count > kMostRegisters ||
        entry.registers.size() + count > kMostRegisters)
      return stream.fail(line, "expected at most 1048576 registers");
    uint32_t first = entry.registers.size();
    if (!scopes.back().registers.insert({name, {first, count}}).second)
      return stream.fail(line, "expected one declaration of " +
                                   std::string(name) + ", but got another");
    entry.registers.resize(first + std::max<uint64_t>(count, 1),
                           {uint8_t(bits)});
  } while (stream.takeIf(','));
  return stream.expect(';');
}

bool BodyParser::parseSigned(uint64_t &bits) {
  bool negative = stream.takeIf('-');
  if (!stream.expectInteger(bits))
    return false;
  if (negative)
    bits = 0 - bits;
  return true;
}

/// Parse a register, or the name of anything else.
bool BodyParser::parseName(Operand &operand) {
  uint32_t line = stream.peek().line;
  if (!stream.expectName(operand.name))
    return false;
  if (operand.name == "_") {
    operand.kind = Operand::Kind::Discarded;
    return true;
  }
  operand.kind = Operand::Kind::Name;
  if (findRegister(operand.name, operand.index))
    operand.kind = Operand::Kind::Register;
  else if (operand.negated)
    return stream.fail(line, "expected a declared predicate, but got " +
                                 std::string(operand.name));
  return true;
}

/// Parse `[base]`, `[base + 4]` or `[base + -4]`.
bool BodyParser::parseAddress(Operand &operand) {
  operand.kind = Operand::Kind::Address;
  Operand base;
  if (stream.peek().kind == Token::Kind::Integer) {
    base.kind = Operand::Kind::Integer;
    if (!stream.expectInteger(base.bits))
      return false;
  } else if (!parseName(base)) {
    return false;
  }
  operand.elements.push_back(base);
  if (stream.peek().is('-')) {
    if (!parseSigned(operand.bits))
      return false;
  } else if (stream.takeIf('+') && !parseSigned(operand.bits)) {
    return false;
  }
  return stream.expect(']');
}

bool BodyParser::parseOperand(Operand &operand, unsigned depth) {
  const Token &token = stream.peek();
  if (depth > kDeepestOperand)
    return stream.expected("a simpler operand");
  if (stream.takeIf('['))
    return parseAddress(operand);
  if (stream.takeIf('{')) {
    operand.kind = Operand::Kind::Vector;
    do
      if (!parseOperand(operand.elements.emplace_back(), depth + 1))
        return false;
    while (stream.takeIf(','));
    return stream.expect('}');
  }
  if (stream.takeIf('!')) {
    operand.negated = true;
    return parseName(operand);
  }
  if (token.kind == Token::Kind::Float32 ||
      token.kind == Token::Kind::Float64) {
    operand.kind = token.kind == Token::Kind::Float32 ? Operand::Kind::Float32
                                                      : Operand::Kind::Float64;
    operand.bits = stream.take().bits;
    return true;
  }
  if (token.kind == Token::Kind::Integer || token.is('-'))
    return parseSigned(operand.bits);
  if (token.kind != Token::Kind::Word)
    return stream.expected("an operand");
  if (!parseName(operand))
    return false;
  if (stream.takeIf('|')) {
    Operand first = operand;
    operand = Operand();
    operand.kind = Operand::Kind::Pair;
    operand.elements = {first, Operand()};
    return parseOperand(operand.elements[1], depth + 1);
  }
  // `mov.u64 %rd1, table+8;`
  if (operand.kind == Operand::Kind::Name && stream.takeIf('+'))
    return parseSigned(operand.bits);
  return true;
}

bool BodyParser::parseInstruction() {
  Instruction instruction;
  instruction.line = stream.peek().line;
  if (stream.takeIf('@')) {
    instruction.guardNegated = stream.takeIf('!');
    std::string_view name;
    uint32_t index;
    if (!stream.expectName(name))
      return false;
    if (!findRegister(name, index) || entry.registers[index].bits != 1)
      return stream.fail(instruction.line,
                         "expected a declared predicate, but got " +
                             std::string(name));
    instruction.guard = index;
    instruction.line = stream.peek().line;
  }
  if (!stream.expectName(instruction.spelling))
    return false;
  std::string_view rest = instruction.spelling;
  size_t dot = rest.find('.');
  instruction.opcode = rest.substr(0, dot);
  while (dot != std::string_view::npos) {
    rest.remove_prefix(dot + 1);
    dot = rest.find('.');
    instruction.modifiers.push_back(rest.substr(0, dot));
  }
  size_t number = entry.instructions.size();
  if (!stream.peek().is(';'))
    do {
      Operand &operand = instruction.operands.emplace_back();
      if (!parseOperand(operand))
        return false;
      if (instruction.opcode == "bra" && operand.kind == Operand::Kind::Name)
        scopes.back().unresolved.push_back(
            {number, instruction.operands.size() - 1, operand.name});
    } while (stream.takeIf(','));
  entry.instructions.push_back(std::move(instruction));
  return stream.expect(';');
}

/// Resolve the branches of the innermost scope; what it does not have may be a
/// label of the scope around it.
bool BodyParser::closeScope() {
  Scope scope = std::move(scopes.back());
  scopes.pop_back();
  for (const Unresolved &branch : scope.unresolved) {
    Instruction &instruction = entry.instructions[branch.instruction];
    auto label = scope.labels.find(branch.label);
    if (label != scope.labels.end()) {
      Operand &operand = instruction.operands[branch.operand];
      operand.kind = Operand::Kind::Target;
      operand.index = label->second;
    } else if (scopes.empty()) {
      return stream.fail(instruction.line, "expected a label, but got " +
                                               std::string(branch.label));
    } else {
      scopes.back().unresolved.push_back(branch);
    }
  }
  return true;
}

bool BodyParser::parseStatement() {
  Token token = stream.peek();
  if (stream.takeIf(".reg"))
    return parseRegisters();
  if (stream.takeIf(".shared"))
    return parseVariables(stream, false, entry.shared);
  if (stream.takeIf(".pragma")) {
    stream.skipToSemicolon();
    return stream.expect(';');
  }
  // `.loc 1 2 3`, to the end of its line.
  if (stream.takeIf(".loc")) {
    stream.skipLine(token.line);
    return true;
  }
  if (token.is('@'))
    return parseInstruction();
  if (token.kind != Token::Kind::Word || token.text[0] == '.')
    return stream.expected("an instruction");
  // A label is a name before a colon; only then is it no instruction.
  TokenStream ahead = stream;
  ahead.take();
  if (!ahead.peek().is(':'))
    return parseInstruction();
  stream.take();
  stream.take();
  if (!scopes.back()
           .labels.insert({token.text, uint32_t(entry.instructions.size())})
           .second)
    return stream.fail(token.line, "expected one label " +
                                       std::string(token.text) +
                                       ", but got another");
  return true;
}

bool BodyParser::parseScope() {
  if (scopes.size() >= kDeepestScope)
    return stream.expected("fewer scopes in each other");
  scopes.emplace_back();
  while (!stream.takeIf('}')) {
    if (stream.takeIf('{') ? !parseScope() : !parseStatement())
      return false;
  }
  return closeScope();
}

bool perceiver::emulator::parseBody(TokenStream &stream, Entry &entry) {
  return BodyParser(stream, entry).parseScope();
}
