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

/// A function object of <functional> as a function of numbers.
template <typename T, template <typename> class F>
EMULATOR_INLINE bool compare(T a, T b) {
  return F<T>()(a, b);
}

template <typename T>
EMULATOR_INLINE bool isUnordered(T a, T b) {
  return isNan(a) || isNan(b);
}
template <typename T>
EMULATOR_INLINE bool isOrderedUnequal(T a, T b) {
  return a < b || a > b;
}

/// Comparisons of floats from one of float32 or doubles.
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
    return handler<Comparison<compare<T, std::equal_to>>>();
  if (form.take("ne"))
    return handler<Comparison<compare<T, std::not_equal_to>>>();
  if (form.take("lt") || form.take("lo"))
    return handler<Comparison<compare<T, std::less>>>();
  if (form.take("le") || form.take("ls"))
    return handler<Comparison<compare<T, std::less_equal>>>();
  if (form.take("gt") || form.take("hi"))
    return handler<Comparison<compare<T, std::greater>>>();
  if (form.take("ge") || form.take("hs"))
    return handler<Comparison<compare<T, std::greater_equal>>>();
  return nullptr;
}

/// Call `make` with a function, or its opposite, as a constant, if a modifier
/// names it: what is false of unordered numbers has an opposite that is true.
template <typename T, bool (*function)(T, T), typename F>
static Handler takeEither(Form &form, const char *name, const char *opposed,
                          F make) {
  using Function = bool (*)(T, T);
  if (form.take(name))
    return make(std::integral_constant<Function, function>());
  if (form.take(opposed))
    return make(std::integral_constant<Function, opposite<T, function>>());
  return nullptr;
}

template <typename T, typename F>
static Handler visitFloatComparison(Form &form, F make) {
  Handler run =
      takeEither<T, compare<T, std::equal_to>>(form, "eq", "neu", make);
  if (!run)
    run = takeEither<T, isOrderedUnequal<T>>(form, "ne", "equ", make);
  if (!run)
    run = takeEither<T, compare<T, std::less>>(form, "lt", "geu", make);
  if (!run)
    run = takeEither<T, compare<T, std::less_equal>>(form, "le", "gtu", make);
  if (!run)
    run = takeEither<T, compare<T, std::greater>>(form, "gt", "leu", make);
  if (!run)
    run =
        takeEither<T, compare<T, std::greater_equal>>(form, "ge", "ltu", make);
  if (!run)
    run = takeEither<T, isUnordered<T>>(form, "nan", "num", make);
  return run;
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
