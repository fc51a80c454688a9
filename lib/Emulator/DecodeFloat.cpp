//===- DecodeFloat.cpp - Arithmetic of float and double -------------------===//
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
/// The modifiers that make variants of one operation.
struct FloatForm {
  Rounding rounding = Rounding::Nearest;
  bool ftz = false, sat = false;
};
} // namespace

static Rounding takeRounding(Form &form) {
  if (form.take("rz"))
    return Rounding::Zero;
  if (form.take("rm"))
    return Rounding::Down;
  if (form.take("rp"))
    return Rounding::Up;
  // Without a modifier it is the nearest, too: what ptxas may fuse then is not
  // fused here.
  form.take("rn");
  return Rounding::Nearest;
}

namespace {
// Operations as types, so that one function chooses among their variants.
struct Add {
  template <Rounding rounding, bool ftz, bool sat>
  static constexpr auto function = addFloat<rounding, ftz, sat>;
};
struct Subtract {
  template <Rounding rounding, bool ftz, bool sat>
  static constexpr auto function = subtractFloat<rounding, ftz, sat>;
};
struct Multiply {
  template <Rounding rounding, bool ftz, bool sat>
  static constexpr auto function = multiplyFloat<rounding, ftz, sat>;
};
struct Fma {
  template <Rounding rounding, bool ftz, bool sat>
  static constexpr auto function = fmaFloat<rounding, ftz, sat>;
};
} // namespace

template <typename Op, Rounding rounding, bool sat>
static Handler chooseFlush(const FloatForm &form) {
  return form.ftz
             ? handler<
                   Elementwise<Op::template function<rounding, true, sat>>>()
             : handler<
                   Elementwise<Op::template function<rounding, false, sat>>>();
}

/// No compiler prints .sat with another rounding than the nearest.
template <typename Op>
static Handler choose(const FloatForm &form) {
  if (form.sat)
    return form.rounding == Rounding::Nearest
               ? chooseFlush<Op, Rounding::Nearest, true>(form)
               : nullptr;
  switch (form.rounding) {
  case Rounding::Nearest:
    return chooseFlush<Op, Rounding::Nearest, false>(form);
  case Rounding::Zero:
    return chooseFlush<Op, Rounding::Zero, false>(form);
  case Rounding::Down:
    return chooseFlush<Op, Rounding::Down, false>(form);
  case Rounding::Up:
    return chooseFlush<Op, Rounding::Up, false>(form);
  }
  return nullptr;
}

/// Return the handler of an operation with all roundings, or null.
static Handler roundedOperation(std::string_view opcode,
                                const FloatForm &form) {
  if (opcode == "add")
    return choose<Add>(form);
  if (opcode == "sub")
    return choose<Subtract>(form);
  if (opcode == "mul")
    return choose<Multiply>(form);
  if (opcode == "fma" || opcode == "mad")
    return choose<Fma>(form);
  return nullptr;
}

template <bool ftz>
static Handler plainOperation(std::string_view opcode, bool propagate) {
  if (opcode == "min")
    return propagate ? handler<Elementwise<extremeFloat<true, true, ftz>>>()
                     : handler<Elementwise<extremeFloat<true, false, ftz>>>();
  if (opcode == "max")
    return propagate ? handler<Elementwise<extremeFloat<false, true, ftz>>>()
                     : handler<Elementwise<extremeFloat<false, false, ftz>>>();
  if (opcode == "div")
    return handler<Elementwise<divideFloat<ftz>>>();
  if (opcode == "rcp")
    return handler<Elementwise<reciprocalFloat<ftz>>>();
  if (opcode == "sqrt")
    return handler<Elementwise<rootFloat<ftz>>>();
  if (opcode == "neg")
    return handler<Elementwise<negateFloat<ftz>>>();
  if (opcode == "abs")
    return handler<Elementwise<absoluteFloat<ftz>>>();
  return nullptr;
}

static Handler doubleOperation(std::string_view opcode) {
  if (opcode == "add")
    return handler<Elementwise<ofDoubles<std::plus>>>();
  if (opcode == "sub")
    return handler<Elementwise<ofDoubles<std::minus>>>();
  if (opcode == "mul")
    return handler<Elementwise<ofDoubles<std::multiplies>>>();
  if (opcode == "fma" || opcode == "mad")
    return handler<Elementwise<fmaDouble>>();
  if (opcode == "min")
    return handler<Elementwise<extremeDouble<true>>>();
  if (opcode == "max")
    return handler<Elementwise<extremeDouble<false>>>();
  if (opcode == "div")
    return handler<Elementwise<ofDoubles<std::divides>>>();
  if (opcode == "rcp")
    return handler<Elementwise<reciprocalDouble>>();
  if (opcode == "sqrt")
    return handler<Elementwise<rootDouble>>();
  if (opcode == "neg")
    return handler<Elementwise<negateDouble>>();
  if (opcode == "abs")
    return handler<Elementwise<absoluteDouble>>();
  return nullptr;
}

/// Whether PTX wants a rounding in the name, or has none.
static bool needsRounding(std::string_view opcode) {
  return opcode == "fma" || opcode == "div" || opcode == "rcp" ||
         opcode == "sqrt" || opcode == "mad";
}

static bool emitFloat(Decoder &decoder, Form &form, const Type &type,
                      OperationClass kind, Handler run) {
  const auto &operands = form.instruction.operands;
  std::string_view opcode = form.instruction.opcode;
  bool unary =
      opcode == "rcp" || opcode == "sqrt" || opcode == "neg" || opcode == "abs";
  size_t count = unary ? 2 : opcode == "fma" || opcode == "mad" ? 4 : 3;
  if (!run)
    return decoder.unknown();
  if (!decoder.expectOperands(form, count) ||
      !decoder.write(operands[0], type.bits))
    return false;
  for (size_t i = 1; i < count; ++i)
    if (!decoder.read(operands[i], type))
      return false;
  return decoder.emit(form, kind, run);
}

bool perceiver::emulator::decodeFloat(Decoder &decoder, Form &form) {
  std::string_view opcode = form.instruction.opcode;
  Form approximation = form;
  if (approximation.take("approx") || approximation.take("full"))
    return decodeApproximation(decoder, form);
  Type type;
  if (!form.takeType(type))
    return decoder.unknown();
  if (opcode == "copysign") {
    bool isDouble = type.isFloat(64);
    return emitFloat(decoder, form, type, OperationClass::Float,
                     isDouble           ? handler<Elementwise<copySign64>>()
                     : type.isFloat(32) ? handler<Elementwise<copySign32>>()
                                        : nullptr);
  }
  Form before = form;
  Rounding rounding = takeRounding(form);
  bool hasRounding = rounding != Rounding::Nearest || before.take("rn");
  if (needsRounding(opcode) && !hasRounding)
    return decoder.unknown();
  if (type.isFloat(64))
    return emitFloat(decoder, form, type, OperationClass::Double,
                     rounding == Rounding::Nearest ? doubleOperation(opcode)
                                                   : nullptr);
  if (!type.isFloat(32))
    return decoder.unknown();
  FloatForm variant = {rounding, form.take("ftz"), false};
  if (opcode == "add" || opcode == "sub" || opcode == "mul" ||
      opcode == "fma" || opcode == "mad") {
    variant.sat = form.take("sat");
    bool fused = opcode == "fma" || opcode == "mad";
    return emitFloat(decoder, form, type,
                     fused ? OperationClass::FloatFma : OperationClass::Float,
                     roundedOperation(opcode, variant));
  }
  if (rounding != Rounding::Nearest)
    return decoder.unknown();
  bool propagate = (opcode == "min" || opcode == "max") && form.take("NaN");
  return emitFloat(decoder, form, type, OperationClass::Float,
                   variant.ftz ? plainOperation<true>(opcode, propagate)
                               : plainOperation<false>(opcode, propagate));
}
