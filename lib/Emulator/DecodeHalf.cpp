//===- DecodeHalf.cpp - Arithmetic of f16 and bf16, packed or not ---------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Decoder.h"
#include "lib/Emulator/Numbers.h"

using namespace perceiver::emulator;

namespace {
/// The two formats, as conversions to and from float. Sums, differences and
/// products rounded to float, then to 16 bits, are right: a float has more than
/// twice the bits.
struct HalfFormat {
  static EMULATOR_INLINE float widen(uint16_t bits) {
    return halfToFloat(bits);
  }
  static EMULATOR_INLINE uint16_t round(float value) {
    return floatToHalf(value);
  }
};
struct BfloatFormat {
  static EMULATOR_INLINE float widen(uint16_t bits) {
    return bfloatToFloat(bits);
  }
  static EMULATOR_INLINE uint16_t round(float value) {
    return floatToBfloat(value);
  }
};
} // namespace

template <typename F>
static EMULATOR_INLINE uint16_t addHalf(uint16_t a, uint16_t b) {
  return F::round(F::widen(a) + F::widen(b));
}
template <typename F>
static EMULATOR_INLINE uint16_t subtractHalf(uint16_t a, uint16_t b) {
  return F::round(F::widen(a) - F::widen(b));
}
template <typename F>
static EMULATOR_INLINE uint16_t multiplyHalf(uint16_t a, uint16_t b) {
  return F::round(F::widen(a) * F::widen(b));
}
template <typename F>
static EMULATOR_INLINE uint16_t fmaHalf(uint16_t a, uint16_t b, uint16_t c) {
  double product = double(F::widen(a)) * double(F::widen(b));
  return F::round(doubleToFloatOdd(sumToOdd(product, F::widen(c))));
}
template <typename F>
static EMULATOR_INLINE uint16_t negateHalf(uint16_t a) {
  return a ^ 0x8000;
}
template <typename F>
static EMULATOR_INLINE uint16_t absoluteHalf(uint16_t a) {
  return a & 0x7fff;
}
template <typename F, bool minimum, bool propagate>
static EMULATOR_INLINE uint16_t extremeHalf(uint16_t a, uint16_t b) {
  return F::round(
      extremeFloat<minimum, propagate, false>(F::widen(a), F::widen(b)));
}

/// Apply a function of 16 bits to both halves of words.
template <auto function, typename... A>
static EMULATOR_INLINE uint32_t inBoth(A... words) {
  return uint32_t(function(uint16_t(words >> 16)...)) << 16 |
         function(uint16_t(words)...);
}

template <auto function>
struct Arity;
template <typename... A, uint16_t (*function)(A...)>
struct Arity<function> {
  template <typename>
  using Word = uint32_t;
  static EMULATOR_INLINE uint32_t packed(Word<A>... words) {
    return inBoth<function>(words...);
  }
};

template <auto function>
static Handler choose(bool packed) {
  return packed ? handler<Elementwise<&Arity<function>::packed>>()
                : handler<Elementwise<function>>();
}

template <typename F>
static Handler operationOf(std::string_view opcode, bool packed,
                           bool propagate) {
  if (opcode == "add")
    return choose<addHalf<F>>(packed);
  if (opcode == "sub")
    return choose<subtractHalf<F>>(packed);
  if (opcode == "mul")
    return choose<multiplyHalf<F>>(packed);
  if (opcode == "fma")
    return choose<fmaHalf<F>>(packed);
  if (opcode == "neg")
    return choose<negateHalf<F>>(packed);
  if (opcode == "abs")
    return choose<absoluteHalf<F>>(packed);
  if (opcode == "min")
    return propagate ? choose<extremeHalf<F, true, true>>(packed)
                     : choose<extremeHalf<F, true, false>>(packed);
  if (opcode == "max")
    return propagate ? choose<extremeHalf<F, false, true>>(packed)
                     : choose<extremeHalf<F, false, false>>(packed);
  return nullptr;
}

bool perceiver::emulator::decodeHalf(Decoder &decoder, Form &form,
                                     const Type &type) {
  std::string_view opcode = form.instruction.opcode;
  const auto &operands = form.instruction.operands;
  Type taken;
  form.takeType(taken);
  form.take("rn");
  bool propagate = (opcode == "min" || opcode == "max") && form.take("NaN");
  Handler run = type.kind == Type::Kind::Bfloat
                    ? operationOf<BfloatFormat>(opcode, type.packed, propagate)
                    : operationOf<HalfFormat>(opcode, type.packed, propagate);
  if (!run)
    return decoder.unknown();
  size_t count = opcode == "fma"                      ? 4
                 : opcode == "neg" || opcode == "abs" ? 2
                                                      : 3;
  if (!decoder.expectOperands(form, count) ||
      !decoder.write(operands[0], type.bits))
    return false;
  for (size_t i = 1; i < count; ++i)
    if (!decoder.readBits(operands[i], type.bits))
      return false;
  return decoder.emit(form, OperationClass::Half, run);
}
