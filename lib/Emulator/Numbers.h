//===- Numbers.h - What PTX's arithmetic means for one lane ----*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Functions of one lane's values, bit for bit as PTX defines them. NaN results
/// are canonical.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_NUMBERS_H
#define PERCEIVER_LIB_EMULATOR_NUMBERS_H

#include "lib/Emulator/Half.h"

#include <cmath>
#include <functional>
#include <limits>

namespace perceiver::emulator {

enum class Rounding : uint8_t { Nearest, Zero, Down, Up };

/// Make zero of subnormal numbers, with their sign.
template <bool ftz>
EMULATOR_INLINE float flush(float value) {
  if constexpr (!ftz)
    return value;
  uint32_t bits = bitCast<uint32_t>(value);
  return bitCast<float>(bits & 0x7f800000 ? bits : bits & 0x80000000);
}

/// Flush, clamp to [0, 1], and make NaN canonical, as told.
template <bool ftz, bool sat>
EMULATOR_INLINE float finish(float value) {
  value = flush<ftz>(value);
  if constexpr (sat)
    return value > 0 ? (value < 1 ? value : 1.0f) : 0.0f;
  return canonical(value);
}

/// Round `sum` + `error`, of which `error` is less than half of the last bit of
/// `sum`, in one of the directions.
template <Rounding rounding>
EMULATOR_INLINE float roundDirected(double sum, double error) {
  float nearest = static_cast<float>(sum);
  if (!isFinite(sum))
    return nearest;
  double rest = sum - nearest;
  double beyond = rest != 0 ? rest : error;
  uint32_t bits = bitCast<uint32_t>(nearest);
  bool negative = bits >> 31;
  bool below = beyond < 0, above = beyond > 0;
  bool shrink = (below && !negative) || (above && negative);
  if (rounding == Rounding::Down && below)
    return bitCast<float>(nearest == 0 ? 0x80000001u
                          : negative   ? bits + 1
                                       : bits - 1);
  if (rounding == Rounding::Up && above)
    return bitCast<float>(nearest == 0 ? 1u : negative ? bits - 1 : bits + 1);
  if (rounding == Rounding::Zero && shrink && nearest != 0)
    return bitCast<float>(bits - 1);
  return nearest;
}

/// Return a + b, where a product of two floats may stand for a.
template <Rounding rounding>
EMULATOR_INLINE float addDirected(double a, double b) {
  double sum = a + b;
  double part = sum - a;
  double error = (a - (sum - part)) + (b - part);
  // What cancels is -0 only if rounded downwards.
  if (rounding == Rounding::Down && sum == 0 &&
      std::signbit(a) != std::signbit(b))
    return -0.0f;
  return roundDirected<rounding>(sum, error);
}

template <Rounding rounding, bool ftz, bool sat>
EMULATOR_INLINE float addFloat(float a, float b) {
  a = flush<ftz>(a);
  b = flush<ftz>(b);
  if constexpr (rounding == Rounding::Nearest)
    return finish<ftz, sat>(a + b);
  return finish<ftz, sat>(addDirected<rounding>(a, b));
}

template <Rounding rounding, bool ftz, bool sat>
EMULATOR_INLINE float subtractFloat(float a, float b) {
  return addFloat<rounding, ftz, sat>(a, -b);
}

template <Rounding rounding, bool ftz, bool sat>
EMULATOR_INLINE float multiplyFloat(float a, float b) {
  a = flush<ftz>(a);
  b = flush<ftz>(b);
  if constexpr (rounding == Rounding::Nearest)
    return finish<ftz, sat>(a * b);
  return finish<ftz, sat>(roundDirected<rounding>(double(a) * double(b), 0));
}

template <Rounding rounding, bool ftz, bool sat>
EMULATOR_INLINE float fmaFloat(float a, float b, float c) {
  a = flush<ftz>(a);
  b = flush<ftz>(b);
  c = flush<ftz>(c);
  if constexpr (rounding == Rounding::Nearest)
    return finish<ftz, sat>(__builtin_fmaf(a, b, c));
  return finish<ftz, sat>(addDirected<rounding>(double(a) * double(b), c));
}

template <bool ftz>
EMULATOR_INLINE float divideFloat(float a, float b) {
  return finish<ftz, false>(flush<ftz>(a) / flush<ftz>(b));
}

template <bool ftz>
EMULATOR_INLINE float reciprocalFloat(float a) {
  return finish<ftz, false>(1.0f / flush<ftz>(a));
}

template <bool ftz>
EMULATOR_INLINE float rootFloat(float a) {
  float root = __builtin_sqrtf(flush<ftz>(a));
  return isNan(root) ? bitCast<float>(kCanonicalNan) : flush<ftz>(root);
}

template <bool ftz>
EMULATOR_INLINE float negateFloat(float a) {
  return finish<ftz, false>(-a);
}

template <bool ftz>
EMULATOR_INLINE float absoluteFloat(float a) {
  return finish<ftz, false>(__builtin_fabsf(a));
}

/// copysign.f32 d, a, b takes the sign of a.
EMULATOR_INLINE uint32_t copySign32(uint32_t a, uint32_t b) {
  return (a & 0x80000000) | (b & 0x7fffffff);
}
EMULATOR_INLINE uint64_t copySign64(uint64_t a, uint64_t b) {
  constexpr uint64_t sign = uint64_t(1) << 63;
  return (a & sign) | (b & ~sign);
}

/// -0 is less than +0; with `propagate` a NaN wins, else it loses.
template <bool minimum, bool propagate, bool ftz>
EMULATOR_INLINE float extremeFloat(float a, float b) {
  a = flush<ftz>(a);
  b = flush<ftz>(b);
  uint32_t x = bitCast<uint32_t>(a), y = bitCast<uint32_t>(b);
  float equal = bitCast<float>(minimum ? x | y : x & y);
  float chosen = (minimum ? a < b : a > b) ? a : b;
  chosen = a == b ? equal : chosen;
  float other = a != a ? b : a;
  bool unordered = a != a || b != b;
  float nan = bitCast<float>(kCanonicalNan);
  return canonical(unordered ? (propagate ? nan : other) : chosen);
}

template <bool minimum>
EMULATOR_INLINE double extremeDouble(double a, double b) {
  if (a != a)
    return b;
  if (b != b)
    return a;
  if (a == b)
    return std::signbit(a) == minimum ? a : b;
  return (minimum ? a < b : a > b) ? a : b;
}

/// A function object of <functional> as a function of doubles.
template <template <typename> class F>
EMULATOR_INLINE double ofDoubles(double a, double b) {
  return F<double>()(a, b);
}
EMULATOR_INLINE double fmaDouble(double a, double b, double c) {
  return __builtin_fma(a, b, c);
}
EMULATOR_INLINE double reciprocalDouble(double a) { return 1 / a; }
EMULATOR_INLINE double rootDouble(double a) { return __builtin_sqrt(a); }
EMULATOR_INLINE double negateDouble(double a) { return -a; }
EMULATOR_INLINE double absoluteDouble(double a) { return __builtin_fabs(a); }

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_NUMBERS_H
