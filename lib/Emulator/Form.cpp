//===- Form.cpp - The modifiers of an instruction -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Form.h"

#include <algorithm>

using namespace perceiver::emulator;

bool perceiver::emulator::parseType(std::string_view name, Type &type) {
  static const struct {
    std::string_view name;
    Type type;
  } types[] = {
      {"pred", {Type::Kind::Predicate, 1}},
      {"b8", {Type::Kind::Bits, 8}},
      {"b16", {Type::Kind::Bits, 16}},
      {"b32", {Type::Kind::Bits, 32}},
      {"b64", {Type::Kind::Bits, 64}},
      {"u8", {Type::Kind::Unsigned, 8}},
      {"u16", {Type::Kind::Unsigned, 16}},
      {"u32", {Type::Kind::Unsigned, 32}},
      {"u64", {Type::Kind::Unsigned, 64}},
      {"s8", {Type::Kind::Signed, 8}},
      {"s16", {Type::Kind::Signed, 16}},
      {"s32", {Type::Kind::Signed, 32}},
      {"s64", {Type::Kind::Signed, 64}},
      {"f16", {Type::Kind::Float, 16}},
      {"f32", {Type::Kind::Float, 32}},
      {"f64", {Type::Kind::Float, 64}},
      {"bf16", {Type::Kind::Bfloat, 16}},
      {"f16x2", {Type::Kind::Float, 32, true}},
      {"bf16x2", {Type::Kind::Bfloat, 32, true}},
  };
  for (const auto &known : types)
    if (known.name == name) {
      type = known.type;
      return true;
    }
  return false;
}

bool Form::take(std::string_view modifier) {
  auto found = std::find(rest.begin(), rest.end(), modifier);
  if (found == rest.end())
    return false;
  rest.erase(found);
  return true;
}

bool Form::takeType(Type &type) {
  for (auto modifier = rest.begin(); modifier != rest.end(); ++modifier)
    if (parseType(*modifier, type)) {
      rest.erase(modifier);
      return true;
    }
  return false;
}
