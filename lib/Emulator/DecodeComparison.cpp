//===- DecodeComparison.cpp - Comparisons and selections ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Decoder.h"
#include "lib/Emulator/Integers.h"
#include "lib/Emulator/Numbers.h"

using namespace perceiver::emulator;

template <typename T>
EMULATOR_INLINE bool isUnordered(T a, T b) {
  return isNan(a) || isNan(b);
}
template <typename T>
EMULATOR_INLINE bool isOrdered(T a, T b) {
  return !isNan(a) && !isNan(b);
}
/// C++'s != holds for NaN; PTX's ne does not.
template <typename T>
EMULATOR_INLINE bool isOrderedUnequal(T a, T b) {
  return a < b || a > b;
}

/// Adapt a comparison: flush its operands first, or take its opposite.
template <bool (*function)(float, float)>
EMULATOR_INLINE bool flushed(float a, float b) {
  return function(flush<true>(a), flush<true>(b));
}
template <typename T, bool (*function)(T, T)>
EMULATOR_INLINE bool opposite(T a, T b) {
  return !function(a, b);
}
template <bool (*function)(float, float)>
EMULATOR_INLINE bool ofHalves(uint16_t a, uint16_t b) {
  return function(halfToFloat(a), halfToFloat(b));
}
template <bool (*function)(float, float)>
EMULATOR_INLINE bool ofBfloats(uint16_t a, uint16_t b) {
  return function(bfloatToFloat(a), bfloatToFloat(b));
}

template <typename T>
static Handler compareIntegers(Form &form) {
  if (form.take("eq"))
    return handler<Comparison<isEqual<T>>>();
  if (form.take("ne"))
    return handler<Comparison<isUnequal<T>>>();
  if (form.take("lt") || form.take("lo"))
    return handler<Comparison<isLess<T>>>();
  if (form.take("le") || form.take("ls"))
    return handler<Comparison<isLessOrEqual<T>>>();
  if (form.take("gt") || form.take("hi"))
    return handler<Comparison<isGreater<T>>>();
  if (form.take("ge") || form.take("hs"))
    return handler<Comparison<isGreaterOrEqual<T>>>();
  return nullptr;
}

/// Pass the comparison that `form` names to `make`, as a constant.
template <typename T, typename F>
static Handler visitFloatComparison(Form &form, F make) {
  if (form.take("eq"))
    return make(std::integral_constant<bool (*)(T, T), isEqual<T>>());
  if (form.take("ne"))
    return make(std::integral_constant<bool (*)(T, T), isOrderedUnequal<T>>());
  if (form.take("lt"))
    return make(std::integral_constant<bool (*)(T, T), isLess<T>>());
  if (form.take("le"))
    return make(std::integral_constant<bool (*)(T, T), isLessOrEqual<T>>());
  if (form.take("gt"))
    return make(std::integral_constant<bool (*)(T, T), isGreater<T>>());
  if (form.take("ge"))
    return make(std::integral_constant<bool (*)(T, T), isGreaterOrEqual<T>>());
  if (form.take("equ"))
    return make(std::integral_constant<bool (*)(T, T),
                                       opposite<T, isOrderedUnequal<T>>>());
  if (form.take("neu"))
    return make(
        std::integral_constant<bool (*)(T, T), opposite<T, isEqual<T>>>());
  if (form.take("ltu"))
    return make(std::integral_constant<bool (*)(T, T),
                                       opposite<T, isGreaterOrEqual<T>>>());
  if (form.take("leu"))
    return make(
        std::integral_constant<bool (*)(T, T), opposite<T, isGreater<T>>>());
  if (form.take("gtu"))
    return make(std::integral_constant<bool (*)(T, T),
                                       opposite<T, isLessOrEqual<T>>>());
  if (form.take("geu"))
    return make(
        std::integral_constant<bool (*)(T, T), opposite<T, isLess<T>>>());
  if (form.take("num"))
    return make(std::integral_constant<bool (*)(T, T), isOrdered<T>>());
  if (form.take("nan"))
    return make(std::integral_constant<bool (*)(T, T), isUnordered<T>>());
  return nullptr;
}

static Handler compareFloats(Form &form, const Type &type) {
  bool ftz = type.isFloat(32) && form.take("ftz");
  if (type.isFloat(64))
    return visitFloatComparison<double>(form, [](auto function) {
      return handler<Comparison<decltype(function)::value>>();
    });
  if (type.isFloat(16))
    return visitFloatComparison<float>(form, [](auto function) {
      return handler<Comparison<ofHalves<decltype(function)::value>>>();
    });
  if (type.kind == Type::Kind::Bfloat && !type.packed)
    return visitFloatComparison<float>(form, [](auto function) {
      return handler<Comparison<ofBfloats<decltype(function)::value>>>();
    });
  if (!type.isFloat(32))
    return nullptr;
  return visitFloatComparison<float>(form, [ftz](auto function) {
    return ftz ? handler<Comparison<flushed<decltype(function)::value>>>()
               : handler<Comparison<decltype(function)::value>>();
  });
}

static Handler comparisonOf(Form &form, const Type &type) {
  if (type.kind == Type::Kind::Float || type.kind == Type::Kind::Bfloat)
    return compareFloats(form, type);
  switch (type.bits) {
  case 16:
    return type.isSigned() ? compareIntegers<int16_t>(form)
                           : compareIntegers<uint16_t>(form);
  case 32:
    return type.isSigned() ? compareIntegers<int32_t>(form)
                           : compareIntegers<uint32_t>(form);
  case 64:
    return type.isSigned() ? compareIntegers<int64_t>(form)
                           : compareIntegers<uint64_t>(form);
  }
  return nullptr;
}

bool perceiver::emulator::decodeComparison(Decoder &decoder, Form &form) {
  const auto &operands = form.instruction.operands;
  Operation &operation = decoder.current().operation;
  Type type;
  if (!form.takeType(type))
    return decoder.unknown();
  Handler run = comparisonOf(form, type);
  if (!run)
    return decoder.unknown();
  Combine how = form.take("and")   ? Combine::And
                : form.take("or")  ? Combine::Or
                : form.take("xor") ? Combine::Xor
                                   : Combine::None;
  operation.detail = static_cast<uint8_t>(how);
  if (!decoder.expectOperands(form, how == Combine::None ? 3 : 4))
    return false;
  bool pair = operands[0].kind == Operand::Kind::Pair;
  const Operand &first = pair ? operands[0].elements[0] : operands[0];
  if (!decoder.writePredicate(first, 0) ||
      (pair && !decoder.writePredicate(operands[0].elements[1], 1)) ||
      !decoder.read(operands[1], type) || !decoder.read(operands[2], type))
    return false;
  if (how != Combine::None && !decoder.readPredicate(operands[3], 2))
    return false;
  return decoder.emit(form, OperationClass::Predicate, run);
}

namespace {
template <typename T>
struct Select {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    const T *a = warp.slot<T>(operation.slots[1]);
    const T *b = warp.slot<T>(operation.slots[2]);
    uint32_t bits = warp.predicate(operation, 0);
    T result[kLanes];
    for (unsigned lane = 0; lane < kLanes; ++lane)
      result[lane] = bits >> lane & 1 ? a[lane] : b[lane];
    writeSlot(warp, operation.slots[0], result);
  }
};
} // namespace

bool perceiver::emulator::decodeSelection(Decoder &decoder, Form &form) {
  const auto &operands = form.instruction.operands;
  Type type;
  if (!form.takeType(type) || type.bits < 16 || type.packed)
    return decoder.unknown();
  if (!decoder.expectOperands(form, 4) ||
      !decoder.write(operands[0], type.bits) ||
      !decoder.read(operands[1], type) || !decoder.read(operands[2], type) ||
      !decoder.readPredicate(operands[3], 0))
    return false;
  return decoder.emit(form, OperationClass::Predicate,
                      type.bits == 64 ? handler<Select<uint64_t>>()
                                      : handler<Select<uint32_t>>());
}
