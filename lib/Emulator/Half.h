//===- Half.h - f16 and bf16 as bits ---------------------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_HALF_H
#define PERCEIVER_LIB_EMULATOR_HALF_H

#include "lib/Emulator/Lanes.h"

namespace perceiver::emulator {

template <typename To, typename From>
EMULATOR_INLINE To bitCast(From value) {
  static_assert(sizeof(To) == sizeof(From), "a cast keeps all bits");
  To result;
  memcpy(&result, &value, sizeof result);
  return result;
}

/// NaN results have these bits on every host, as on the device.
constexpr uint32_t kCanonicalNan = 0x7fffffff;
constexpr uint16_t kCanonicalHalfNan = 0x7fff;

// By bits: LLVM takes sqrt(x) != sqrt(x) for x != x.
EMULATOR_INLINE bool isNan(float value) {
  return (bitCast<uint32_t>(value) & 0x7fffffff) > 0x7f800000;
}
EMULATOR_INLINE bool isNan(double value) {
  return (bitCast<uint64_t>(value) & INT64_MAX) > uint64_t(0x7ff) << 52;
}
EMULATOR_INLINE bool isFinite(float value) {
  return (~bitCast<uint32_t>(value) & 0x7f800000) != 0;
}
EMULATOR_INLINE bool isFinite(double value) {
  return (~bitCast<uint64_t>(value) & uint64_t(0x7ff) << 52) != 0;
}

/// Not of a square root, for which LLVM would leave the comparison out. By
/// masks, so that it makes no branch of it.
EMULATOR_INLINE float canonical(float value) {
  uint32_t nan = 0 - uint32_t(value != value);
  return bitCast<float>((bitCast<uint32_t>(value) & ~nan) |
                        (kCanonicalNan & nan));
}

EMULATOR_INLINE float halfToFloat(uint16_t half) {
  uint32_t magnitude = uint32_t(half & 0x7fff) << 13;
  // Counts from f32's smallest exponent; subnormal numbers come out right too.
  float scaled = bitCast<float>(magnitude) * 0x1p112f;
  uint32_t special = magnitude >= 0x0f800000 ? 0x7f800000 : 0;
  return bitCast<float>(bitCast<uint32_t>(scaled) | special |
                        uint32_t(half & 0x8000) << 16);
}

/// Round to the nearest, ties to even.
EMULATOR_INLINE uint16_t floatToHalf(float value) {
  uint32_t bits = bitCast<uint32_t>(value);
  uint32_t sign = bits >> 16 & 0x8000;
  uint32_t magnitude = bits & 0x7fffffff;
  // Adding it leaves no more bits than a subnormal half has.
  float tiny = bitCast<float>(magnitude) + 0.5f;
  uint32_t subnormal = bitCast<uint32_t>(tiny) - 0x3f000000;
  uint32_t normal =
      (magnitude + 0xfff + (magnitude >> 13 & 1) - (112u << 23)) >> 13;
  uint32_t finite = magnitude < 0x38800000 ? subnormal : normal;
  finite = magnitude >= 0x477ff000 ? 0x7c00 : finite;
  uint32_t half = sign | finite;
  return magnitude > 0x7f800000 ? kCanonicalHalfNan : half;
}

/// Round towards zero.
EMULATOR_INLINE uint16_t floatToHalfZero(float value) {
  uint32_t bits = bitCast<uint32_t>(value);
  uint32_t sign = bits >> 16 & 0x8000;
  uint32_t magnitude = bits & 0x7fffffff;
  if (magnitude > 0x7f800000)
    return kCanonicalHalfNan;
  if (magnitude == 0x7f800000)
    return sign | 0x7c00;
  if (magnitude >= 0x47800000)
    return sign | 0x7bff;
  if (magnitude < 0x38800000)
    return sign | uint32_t(bitCast<float>(magnitude) * 0x1p24f);
  return sign | (magnitude - (112u << 23)) >> 13;
}

EMULATOR_INLINE float bfloatToFloat(uint16_t value) {
  return bitCast<float>(uint32_t(value) << 16);
}

EMULATOR_INLINE uint16_t floatToBfloat(float value) {
  uint32_t bits = bitCast<uint32_t>(value);
  uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  return isNan(value) ? kCanonicalHalfNan : rounded;
}

EMULATOR_INLINE uint16_t floatToBfloatZero(float value) {
  return isNan(value) ? kCanonicalHalfNan
                      : uint16_t(bitCast<uint32_t>(value) >> 16);
}

/// Round to 10 bits of mantissa, ties away from zero; the low 13 bits are 0.
EMULATOR_INLINE uint32_t floatToTf32(float value) {
  uint32_t bits = bitCast<uint32_t>(value);
  uint32_t rounded = (bits + 0x1000) & 0xffffe000;
  return isNan(value) ? kCanonicalNan : isFinite(value) ? rounded : bits;
}

/// Return a * b + c with the error of its last bit made visible, so that
/// another rounding to few bits is right: the lowest bit is 1 where the sum is
/// not exact. Products of halves are exact in double.
EMULATOR_INLINE double sumToOdd(double product, double c) {
  double sum = product + c;
  double part = sum - product;
  double error = (product - (sum - part)) + (c - part);
  uint64_t bits = bitCast<uint64_t>(sum);
  bool inexact = error != 0 && isFinite(sum);
  // The neighbour of `sum` on the side of the exact result, if `sum` is even.
  bool away = (error > 0) == (sum > 0);
  uint64_t odd = bits & 1 ? bits : away ? bits + 1 : bits - 1;
  return bitCast<double>(inexact ? odd : bits);
}

/// Round a double to float so that another rounding to fewer bits is right.
EMULATOR_INLINE float doubleToFloatOdd(double value) {
  float nearest = static_cast<float>(value);
  uint32_t bits = bitCast<uint32_t>(nearest);
  double back = nearest;
  if (back == value || !isFinite(nearest) || bits & 1)
    return nearest;
  bool away = (back < value) == (value > 0);
  return bitCast<float>(away ? bits + 1 : bits - 1);
}

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_HALF_H
