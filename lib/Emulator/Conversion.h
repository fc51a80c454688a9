//===- Conversion.h - What cvt means for one lane --------------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Any float fits in a double, any integer in 64 bits. Between
/// reading a source and writing a target nothing else is rounded.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_CONVERSION_H
#define PERCEIVER_LIB_EMULATOR_CONVERSION_H

#include "lib/Emulator/Form.h"
#include "lib/Emulator/Numbers.h"

namespace perceiver::emulator {

/// A cvt; stands in an operation's `immediate`.
struct ConversionForm {
  /// Kinds are Type::Kind, widths in bytes.
  uint8_t from, fromBytes, to, toBytes;
  uint8_t registerBytes;
  Rounding rounding;
  /// To an integer, which may stay a float: cvt.rni.f32.f32.
  uint8_t toInteger : 1, saturate : 1, ftz : 1;
  uint8_t unused;
};
static_assert(sizeof(ConversionForm) == 8, "fits an immediate");

/// Round to an integer in the given direction.
inline double roundToInteger(double value, Rounding rounding) {
  switch (rounding) {
  case Rounding::Nearest:
    return std::nearbyint(value);
  case Rounding::Zero:
    return std::trunc(value);
  case Rounding::Down:
    return std::floor(value);
  case Rounding::Up:
    return std::ceil(value);
  }
  return value;
}

/// Convert to an integer type; what does not fit becomes the nearest that does,
/// NaN 0 or, if 64 bits are concerned, the highest bit.
inline uint64_t doubleToInteger(double value, unsigned bytes, bool isSigned,
                                bool has64Bits) {
  unsigned bits = 8 * bytes;
  if (isNan(value))
    return has64Bits ? uint64_t(1) << (bits - 1) : 0;
  double high = std::ldexp(1.0, isSigned ? bits - 1 : bits);
  double low = isSigned ? -high : 0;
  if (value >= high)
    return isSigned ? (uint64_t(1) << (bits - 1)) - 1
                    : UINT64_MAX >> (64 - bits);
  if (value <= low)
    return isSigned ? uint64_t(0) - (uint64_t(1) << (bits - 1)) : 0;
  return isSigned ? uint64_t(int64_t(value)) : uint64_t(value);
}

/// Clamp a 64-bit integer to a type.
inline uint64_t saturateInteger(uint64_t value, bool fromSigned, unsigned bytes,
                                bool toSigned) {
  unsigned bits = 8 * bytes;
  uint64_t high = UINT64_MAX >> (64 - bits + toSigned);
  if (fromSigned && int64_t(value) < 0) {
    int64_t low = toSigned ? -int64_t(high) - 1 : 0;
    return int64_t(value) < low ? uint64_t(low) : value;
  }
  return value > high ? high : value;
}

/// Round an integer to float.
inline float integerToFloat(uint64_t value, bool isSigned, Rounding rounding) {
  bool negative = isSigned && int64_t(value) < 0;
  uint64_t magnitude = negative ? 0 - value : value;
  // 64 bits as a sum of two doubles: both are exact.
  double high = double(magnitude >> 32) * 0x1p32;
  double low = double(magnitude & UINT32_MAX);
  if (negative) {
    high = -high;
    low = -low;
  }
  switch (rounding) {
  case Rounding::Nearest:
    return negative ? -float(magnitude) : float(magnitude);
  case Rounding::Zero:
    return addDirected<Rounding::Zero>(high, low);
  case Rounding::Down:
    return value ? addDirected<Rounding::Down>(high, low) : 0.0f;
  case Rounding::Up:
    return addDirected<Rounding::Up>(high, low);
  }
  return 0;
}

inline float doubleToFloat(double value, Rounding rounding) {
  switch (rounding) {
  case Rounding::Nearest:
    return float(value);
  case Rounding::Zero:
    return roundDirected<Rounding::Zero>(value, 0);
  case Rounding::Down:
    return roundDirected<Rounding::Down>(value, 0);
  case Rounding::Up:
    return roundDirected<Rounding::Up>(value, 0);
  }
  return 0;
}

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_CONVERSION_H
