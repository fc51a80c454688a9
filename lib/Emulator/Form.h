//===- Form.h - The modifiers of an instruction ----------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// "ld.global.nc.f32" is an opcode and modifiers. What decodes it takes those
/// that it knows; one that remains makes the form unknown.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_FORM_H
#define PERCEIVER_LIB_EMULATOR_FORM_H

#include "lib/Emulator/Syntax.h"

namespace perceiver::emulator {

/// The type that a modifier names, such as f32 or b64.
struct Type {
  enum class Kind : uint8_t {
    Bits,
    Unsigned,
    Signed,
    Float,
    Bfloat,
    Predicate
  };
  Kind kind = Kind::Bits;
  uint8_t bits = 32;
  /// f16x2 and bf16x2: two values in 32 bits.
  bool packed = false;

  bool isFloat(unsigned width) const {
    return kind == Kind::Float && bits == width && !packed;
  }
  bool isInteger() const {
    return kind == Kind::Unsigned || kind == Kind::Signed;
  }
  bool isSigned() const { return kind == Kind::Signed; }
  bool isPredicate() const { return kind == Kind::Predicate; }
  /// One of f16, f16x2, bf16 and bf16x2.
  bool isHalf() const {
    return packed || kind == Kind::Bfloat ||
           (kind == Kind::Float && bits == 16);
  }
};

/// Return whether a modifier names a type.
bool parseType(std::string_view name, Type &type);

class Form {
public:
  explicit Form(const Instruction &instruction)
      : instruction(instruction), rest(instruction.modifiers) {}

  /// Take a modifier, wherever it stands.
  bool take(std::string_view modifier);
  /// Take the first modifier that names a type.
  bool takeType(Type &type);
  /// Whether nothing remains.
  bool finished() const { return rest.empty(); }

  const Instruction &instruction;

private:
  std::vector<std::string_view> rest;
};

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_FORM_H
