//===- DecodeConversion.cpp - cvt -----------------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Emulator/Conversion.h"
#include "lib/Emulator/Decoder.h"

using namespace perceiver::emulator;

static bool isFloatKind(uint8_t kind) {
  return kind == uint8_t(Type::Kind::Float) ||
         kind == uint8_t(Type::Kind::Bfloat);
}

static bool isSignedKind(uint8_t kind) {
  return kind == uint8_t(Type::Kind::Signed);
}

/// Read a float of any width.
static double readFloat(const ConversionForm &form, uint64_t bits) {
  if (form.from == uint8_t(Type::Kind::Bfloat))
    return bfloatToFloat(bits);
  if (form.fromBytes == 2)
    return halfToFloat(bits);
  if (form.fromBytes == 8)
    return bitCast<double>(bits);
  float value = bitCast<float>(uint32_t(bits));
  return form.ftz ? flush<true>(value) : value;
}

/// Read an integer, extended to 64 bits.
static uint64_t readInteger(const ConversionForm &form, uint64_t bits) {
  unsigned unused = 64 - 8 * form.fromBytes;
  return isSignedKind(form.from) ? uint64_t(int64_t(bits << unused) >> unused)
                                 : bits << unused >> unused;
}

/// Make a float of the target's type from one of 32 bits that is exact, or that
/// was rounded to odd.
static uint64_t narrowFloat(const ConversionForm &form, float value) {
  bool zero = form.rounding == Rounding::Zero;
  if (form.to == uint8_t(Type::Kind::Bfloat))
    return zero ? floatToBfloatZero(value) : floatToBfloat(value);
  return zero ? floatToHalfZero(value) : floatToHalf(value);
}

static uint64_t makeFloat(const ConversionForm &form, double value) {
  if (form.saturate)
    value = value > 0 ? (value < 1 ? value : 1) : 0;
  if (form.toBytes == 8)
    return bitCast<uint64_t>(value);
  if (form.toBytes == 2)
    return narrowFloat(form, doubleToFloatOdd(value));
  float rounded = doubleToFloat(value, form.rounding);
  rounded = form.ftz ? flush<true>(rounded) : rounded;
  return bitCast<uint32_t>(canonical(rounded));
}

static uint64_t convertFromFloat(const ConversionForm &form, uint64_t bits) {
  double value = readFloat(form, bits);
  if (form.toInteger)
    value = roundToInteger(value, form.rounding);
  if (isFloatKind(form.to)) {
    ConversionForm exact = form;
    if (form.toInteger)
      exact.rounding = Rounding::Nearest;
    return makeFloat(exact, value);
  }
  return doubleToInteger(value, form.toBytes, isSignedKind(form.to),
                         form.fromBytes == 8 || form.toBytes == 8);
}

static uint64_t convertFromInteger(const ConversionForm &form, uint64_t bits) {
  uint64_t value = readInteger(form, bits);
  bool isSigned = isSignedKind(form.from);
  if (form.to == uint8_t(Type::Kind::Float) && form.toBytes == 4)
    return bitCast<uint32_t>(integerToFloat(value, isSigned, form.rounding));
  if (isFloatKind(form.to))
    return makeFloat(form, isSigned ? double(int64_t(value)) : double(value));
  if (form.saturate)
    value =
        saturateInteger(value, isSigned, form.toBytes, isSignedKind(form.to));
  // A wider register receives the value extended.
  ConversionForm again = form;
  again.from = form.to;
  again.fromBytes = form.toBytes;
  return readInteger(again, value);
}

namespace {
/// Any conversion, lane by lane.
template <typename Source, typename Target>
struct Convert {
  static EMULATOR_INLINE void run(Warp &warp, const Operation &operation) {
    auto form = bitCast<ConversionForm>(operation.immediate);
    const Source *source = warp.slot<Source>(operation.slots[1]);
    Target result[kLanes] = {};
    bool fromFloat = isFloatKind(form.from);
    forEachLane(warp.exec, [&](unsigned lane) {
      uint64_t value = fromFloat ? convertFromFloat(form, source[lane])
                                 : convertFromInteger(form, source[lane]);
      result[lane] = form.registerBytes == 2 ? value & 0xffff : value;
    });
    writeSlot(warp, operation.slots[0], result);
  }
};
} // namespace

// Conversions that kernels are full of, as functions that become vector code.
static EMULATOR_INLINE uint64_t extend32(uint32_t a) { return a; }
static EMULATOR_INLINE int64_t extendSigned32(int32_t a) { return a; }
static EMULATOR_INLINE uint32_t truncate64(uint64_t a) { return a; }
static EMULATOR_INLINE float fromInt32(int32_t a) { return a; }
static EMULATOR_INLINE float fromUint32(uint32_t a) { return a; }
static EMULATOR_INLINE float fromHalf(uint16_t a) {
  return canonical(halfToFloat(a));
}
static EMULATOR_INLINE float fromBfloat(uint16_t a) {
  return canonical(bfloatToFloat(a));
}
static EMULATOR_INLINE uint32_t packHalves(float high, float low) {
  return uint32_t(floatToHalf(high)) << 16 | floatToHalf(low);
}
static EMULATOR_INLINE uint32_t packHalvesZero(float high, float low) {
  return uint32_t(floatToHalfZero(high)) << 16 | floatToHalfZero(low);
}
static EMULATOR_INLINE uint32_t packBfloats(float high, float low) {
  return uint32_t(floatToBfloat(high)) << 16 | floatToBfloat(low);
}
static EMULATOR_INLINE uint32_t packBfloatsZero(float high, float low) {
  return uint32_t(floatToBfloatZero(high)) << 16 | floatToBfloatZero(low);
}

/// Return a vector handler, or null.
static Handler fastConversion(const ConversionForm &form) {
  auto is = [&](Type::Kind to, unsigned toBytes, Type::Kind from,
                unsigned fromBytes) {
    return form.to == uint8_t(to) && form.toBytes == toBytes &&
           form.from == uint8_t(from) && form.fromBytes == fromBytes &&
           form.registerBytes == toBytes && !form.saturate && !form.toInteger &&
           form.rounding == Rounding::Nearest;
  };
  using Kind = Type::Kind;
  for (Kind to : {Kind::Unsigned, Kind::Signed}) {
    if (is(to, 8, Kind::Unsigned, 4))
      return handler<Elementwise<extend32>>();
    if (is(to, 8, Kind::Signed, 4))
      return handler<Elementwise<extendSigned32>>();
    if (is(to, 4, Kind::Unsigned, 8) || is(to, 4, Kind::Signed, 8))
      return handler<Elementwise<truncate64>>();
  }
  if (is(Kind::Float, 4, Kind::Signed, 4))
    return handler<Elementwise<fromInt32>>();
  if (is(Kind::Float, 4, Kind::Unsigned, 4))
    return handler<Elementwise<fromUint32>>();
  if (is(Kind::Float, 4, Kind::Float, 2))
    return handler<Elementwise<fromHalf>>();
  if (is(Kind::Float, 4, Kind::Bfloat, 2))
    return handler<Elementwise<fromBfloat>>();
  if (is(Kind::Float, 2, Kind::Float, 4) && !form.ftz)
    return handler<Elementwise<floatToHalf>>();
  if (is(Kind::Bfloat, 2, Kind::Float, 4))
    return handler<Elementwise<floatToBfloat>>();
  return nullptr;
}

/// cvt.rn.f16x2.f32 d, high, low
static bool decodePacked(Decoder &decoder, Form &form, const Type &to,
                         const Type &from) {
  const auto &operands = form.instruction.operands;
  bool zero = form.take("rz");
  if (!from.isFloat(32) || (!zero && !form.take("rn")))
    return decoder.unknown();
  Handler run;
  if (to.kind == Type::Kind::Float)
    run = zero ? handler<Elementwise<packHalvesZero>>()
               : handler<Elementwise<packHalves>>();
  else
    run = zero ? handler<Elementwise<packBfloatsZero>>()
               : handler<Elementwise<packBfloats>>();
  return decoder.expectOperands(form, 3) && decoder.write(operands[0], 32) &&
         decoder.read(operands[1], from) && decoder.read(operands[2], from) &&
         decoder.emit(form, OperationClass::Convert, run);
}

/// Take the rounding; false where PTX wants one that is not there, or the
/// emulator does not have it.
static bool takeRounding(Form &form, ConversionForm &conversion) {
  static const struct {
    std::string_view name;
    Rounding rounding;
    bool toInteger;
  } roundings[] = {
      {"rn", Rounding::Nearest, false}, {"rz", Rounding::Zero, false},
      {"rm", Rounding::Down, false},    {"rp", Rounding::Up, false},
      {"rni", Rounding::Nearest, true}, {"rzi", Rounding::Zero, true},
      {"rmi", Rounding::Down, true},    {"rpi", Rounding::Up, true},
  };
  bool found = false;
  for (const auto &known : roundings)
    if (form.take(known.name)) {
      conversion.rounding = known.rounding;
      conversion.toInteger = known.toInteger;
      found = true;
    }
  bool from = isFloatKind(conversion.from), to = isFloatKind(conversion.to);
  if (from && !to)
    return found && conversion.toInteger;
  if (!from && !to)
    return !found;
  if (!from)
    return found && !conversion.toInteger &&
           (conversion.toBytes == 4 ||
            conversion.rounding == Rounding::Nearest);
  if (conversion.toBytes >= conversion.fromBytes)
    return !found || conversion.toInteger;
  // To 16 bits there are two roundings.
  return found && !conversion.toInteger &&
         (conversion.toBytes > 2 || conversion.rounding <= Rounding::Zero);
}

bool perceiver::emulator::decodeConversion(Decoder &decoder, Form &form) {
  const auto &operands = form.instruction.operands;
  if (form.take("tf32"))
    return form.take("rna") && form.take("f32")
               ? decoder.expectOperands(form, 2) &&
                     decoder.write(operands[0], 32) &&
                     decoder.read(operands[1], {Type::Kind::Float, 32}) &&
                     decoder.emit(form, OperationClass::Convert,
                                  handler<Elementwise<floatToTf32>>())
               : decoder.unknown();
  Type to, from;
  if (!form.takeType(to) || !form.takeType(from))
    return decoder.unknown();
  if (to.packed && !from.packed)
    return decodePacked(decoder, form, to, from);
  if (to.packed || from.packed || to.kind == Type::Kind::Bits ||
      from.kind == Type::Kind::Bits || to.isPredicate() || from.isPredicate())
    return decoder.unknown();
  ConversionForm conversion = {};
  conversion.from = uint8_t(from.kind);
  conversion.fromBytes = from.bits / 8;
  conversion.to = uint8_t(to.kind);
  conversion.toBytes = to.bits / 8;
  conversion.ftz = form.take("ftz");
  conversion.saturate = form.take("sat");
  if (!takeRounding(form, conversion))
    return decoder.unknown();
  if (!decoder.expectOperands(form, 2) ||
      !decoder.write(operands[0], to.bits, false) ||
      !decoder.read(operands[1], from, false))
    return false;
  unsigned target = decoder.registerBits(operands[0]);
  unsigned source = decoder.registerBits(operands[1]);
  conversion.registerBytes = (target ? target : to.bits) / 8;
  decoder.current().operation.immediate = bitCast<int64_t>(conversion);
  // The register may be wider than its type.
  bool wideSource = source ? source == 64 : from.bits == 64;
  bool wideTarget = conversion.registerBytes == 8;
  Handler run = nullptr;
  if (!source || source == from.bits)
    run = fastConversion(conversion);
  if (!run)
    run = wideSource   ? wideTarget ? handler<Convert<uint64_t, uint64_t>>()
                                    : handler<Convert<uint64_t, uint32_t>>()
          : wideTarget ? handler<Convert<uint32_t, uint64_t>>()
                       : handler<Convert<uint32_t, uint32_t>>();
  return decoder.emit(form, OperationClass::Convert, run);
}
