//===- DecodeInteger.cpp - Arithmetic of integers -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Decoder.h"
#include "lib/Emulator/Integers.h"

using namespace perceiver::emulator;

namespace {
/// Which part of a product is wanted.
enum class Part { None, Low, High, Wide };
} // namespace

static Part takePart(Form &form) {
  if (form.take("lo"))
    return Part::Low;
  if (form.take("hi"))
    return Part::High;
  return form.take("wide") ? Part::Wide : Part::None;
}

template <typename T>
static Handler product(Part part) {
  if (part == Part::Low)
    return handler<Elementwise<wrapped<T, std::multiplies>>>();
  if (part == Part::High)
    return handler<Elementwise<multiplyHigh<T>>>();
  if constexpr (sizeof(T) < 8)
    if (part == Part::Wide)
      return handler<Elementwise<multiplyWide<T>>>();
  return nullptr;
}

template <typename T>
static Handler sumOfProduct(Part part) {
  if (part == Part::Low)
    return handler<Elementwise<multiplyAddLow<T>>>();
  if (part == Part::High)
    return handler<Elementwise<multiplyAddHigh<T>>>();
  if constexpr (sizeof(T) < 8)
    if (part == Part::Wide)
      return handler<Elementwise<multiplyAddWide<T>>>();
  return nullptr;
}

template <typename T>
static Handler operation(std::string_view opcode, Part part) {
  if (opcode == "mul")
    return product<T>(part);
  if (opcode == "mad")
    return sumOfProduct<T>(part);
  if (part != Part::None)
    return nullptr;
  if (opcode == "add")
    return handler<Elementwise<wrapped<T, std::plus>>>();
  if (opcode == "sub")
    return handler<Elementwise<wrapped<T, std::minus>>>();
  if (opcode == "div")
    return handler<Elementwise<divideInteger<T>>>();
  if (opcode == "rem")
    return handler<Elementwise<remainderInteger<T>>>();
  if (opcode == "min")
    return handler<Elementwise<minimumInteger<T>>>();
  if (opcode == "max")
    return handler<Elementwise<maximumInteger<T>>>();
  if constexpr (std::is_signed_v<T>) {
    if (opcode == "neg")
      return handler<Elementwise<wrappedUnary<T, std::negate>>>();
    if (opcode == "abs")
      return handler<Elementwise<absoluteInteger<T>>>();
  }
  return nullptr;
}

static Handler operationOf(const Type &type, std::string_view opcode,
                           Part part) {
  bool isSigned = type.isSigned();
  switch (type.bits) {
  case 16:
    return isSigned ? operation<int16_t>(opcode, part)
                    : operation<uint16_t>(opcode, part);
  case 32:
    return isSigned ? operation<int32_t>(opcode, part)
                    : operation<uint32_t>(opcode, part);
  case 64:
    return isSigned ? operation<int64_t>(opcode, part)
                    : operation<uint64_t>(opcode, part);
  }
  return nullptr;
}

bool perceiver::emulator::decodeInteger(Decoder &decoder, Form &form) {
  std::string_view opcode = form.instruction.opcode;
  const auto &operands = form.instruction.operands;
  Part part = takePart(form);
  Type type;
  if (!form.takeType(type) || !type.isInteger())
    return decoder.unknown();
  Handler run = operationOf(type, opcode, part);
  bool isSum = opcode == "add" || opcode == "sub";
  if (isSum && type.isSigned() && type.bits == 32 && form.take("sat"))
    run = opcode == "add" ? handler<Elementwise<saturated<std::plus>>>()
                          : handler<Elementwise<saturated<std::minus>>>();
  if (!run)
    return decoder.unknown();
  bool unary = opcode == "neg" || opcode == "abs";
  size_t count = unary ? 2 : opcode == "mad" ? 4 : 3;
  Type wide = type;
  if (part == Part::Wide)
    wide.bits *= 2;
  if (!decoder.expectOperands(form, count) ||
      !decoder.write(operands[0], wide.bits))
    return false;
  for (size_t i = 1; i < count; ++i)
    if (!decoder.read(operands[i], i == 3 ? wide : type))
      return false;
  return decoder.emit(form, OperationClass::Integer, run);
}
