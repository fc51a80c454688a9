//===- Syntax.h - PTX as it is written -------------------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A module as the parser leaves it: names of registers and labels resolved,
/// everything else as text. Strings are parts of the module's text.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_SYNTAX_H
#define PERCEIVER_LIB_EMULATOR_SYNTAX_H

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace perceiver::emulator {

/// Why a module is refused, and where.
struct SyntaxError {
  uint32_t line = 0;
  std::string text;
};

struct Operand {
  enum class Kind {
    Register,  ///< `index`; `negated` for !%p
    Integer,   ///< `bits`
    Float32,   ///< `bits`
    Float64,   ///< `bits`
    Name,      ///< `name`: a variable or special register, `bits` bytes on
    Address,   ///< [elements[0] + bits]
    Vector,    ///< {elements}
    Pair,      ///< elements[0] | elements[1]
    Target,    ///< `index`: the instruction that a label stands before
    Discarded, ///< _
  };
  Kind kind = Kind::Integer;
  uint32_t index = 0;
  uint64_t bits = 0;
  bool negated = false;
  std::string_view name;
  std::vector<Operand> elements;
};

struct Instruction {
  uint32_t line = 0;
  /// "ld.global.f32" is "ld" and {"global", "f32"}.
  std::string_view opcode;
  std::vector<std::string_view> modifiers;
  /// As written, for messages.
  std::string_view spelling;
  /// Of the predicate that decides, or -1.
  int64_t guard = -1;
  bool guardNegated = false;
  std::vector<Operand> operands;
};

/// A register; 1 bit is a predicate.
struct Register {
  uint8_t bits = 32;
};

/// A variable in memory, or a parameter.
struct Variable {
  std::string_view name;
  uint32_t line = 0;
  uint64_t bytes = 0;
  uint64_t alignment = 1;
  /// Its size is known at launch only.
  bool external = false;
  /// Shorter than `bytes` if the rest is zero.
  std::vector<uint8_t> initial;
  /// In its space; the parser lays out parameters.
  uint64_t offset = 0;
};

struct Entry {
  std::string_view name;
  uint32_t line = 0;
  std::vector<Variable> parameters;
  uint64_t parameterBytes = 0;
  std::vector<Register> registers;
  std::vector<Variable> shared;
  std::vector<Instruction> instructions;
  /// .reqntid, or zeros.
  uint32_t requiredThreads[3] = {0, 0, 0};
  /// The product of .maxntid, or 0.
  uint64_t maximalThreads = 0;
};

struct ModuleSyntax {
  /// 80 of .version 8.0.
  unsigned version = 0;
  /// 80 of sm_80.
  unsigned architecture = 0;
  std::vector<Variable> globals, constants, shared;
  std::vector<Entry> entries;
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_SYNTAX_H
