//===- Integers.h - Integers of any width -----------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Everything wraps. Where PTX leaves a result open (division by zero), it is
/// what NVIDIA's devices give.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_INTEGERS_H
#define PERCEIVER_LIB_EMULATOR_INTEGERS_H

#include "lib/Emulator/Lanes.h"

#include <functional>
#include <limits>

namespace perceiver::emulator {

/// A function object of <functional> as a function of integers.
template <typename T, template <typename> class F>
EMULATOR_INLINE T wrapped(T a, T b) {
  return T(F<uint64_t>()(uint64_t(a), uint64_t(b)));
}
template <typename T, template <typename> class F>
EMULATOR_INLINE T wrappedUnary(T a) {
  return T(F<uint64_t>()(uint64_t(a)));
}

EMULATOR_INLINE int32_t saturate32(int64_t value) {
  constexpr int64_t low = std::numeric_limits<int32_t>::min();
  constexpr int64_t high = std::numeric_limits<int32_t>::max();
  return value < low ? low : value > high ? high : value;
}
template <template <typename> class F>
EMULATOR_INLINE int32_t saturated(int32_t a, int32_t b) {
  return saturate32(F<int64_t>()(a, b));
}

// Only their types count.
int32_t twice(int16_t);
uint32_t twice(uint16_t);
int64_t twice(int32_t);
uint64_t twice(uint32_t);
__int128 twice(int64_t);
unsigned __int128 twice(uint64_t);
template <typename T>
using Twice = decltype(twice(T()));

template <typename T>
EMULATOR_INLINE T multiplyHigh(T a, T b) {
  return T(Twice<T>(a) * Twice<T>(b) >> 8 * sizeof(T));
}
template <typename T>
EMULATOR_INLINE Twice<T> multiplyWide(T a, T b) {
  return Twice<T>(a) * Twice<T>(b);
}
template <typename T>
EMULATOR_INLINE T multiplyAddLow(T a, T b, T c) {
  return T(uint64_t(a) * uint64_t(b) + uint64_t(c));
}
template <typename T>
EMULATOR_INLINE T multiplyAddHigh(T a, T b, T c) {
  return T(uint64_t(multiplyHigh(a, b)) + uint64_t(c));
}
template <typename T>
EMULATOR_INLINE Twice<T> multiplyAddWide(T a, T b, Twice<T> c) {
  return Twice<T>(uint64_t(multiplyWide(a, b)) + uint64_t(c));
}

template <typename T>
EMULATOR_INLINE T divideInteger(T a, T b) {
  if (b == 0)
    return T(~T(0));
  if (std::numeric_limits<T>::is_signed && b == T(-1))
    return T(0 - uint64_t(a));
  return a / b;
}
template <typename T>
EMULATOR_INLINE T remainderInteger(T a, T b) {
  if (b == 0)
    return a;
  if (std::numeric_limits<T>::is_signed && b == T(-1))
    return 0;
  return a % b;
}

template <typename T>
EMULATOR_INLINE T minimumInteger(T a, T b) {
  return a < b ? a : b;
}
template <typename T>
EMULATOR_INLINE T maximumInteger(T a, T b) {
  return a > b ? a : b;
}
template <typename T>
EMULATOR_INLINE T absoluteInteger(T a) {
  return a < 0 ? T(0 - uint64_t(a)) : a;
}

/// Shifts by the width or more give what is left: zeros, or the sign.
template <typename T>
EMULATOR_INLINE T shiftLeft(T a, uint32_t count) {
  constexpr uint32_t width = 8 * sizeof(T);
  return count < width ? T(a << (count & (width - 1))) : T(0);
}
template <typename T>
EMULATOR_INLINE T shiftRight(T a, uint32_t count) {
  constexpr uint32_t width = 8 * sizeof(T);
  if (std::numeric_limits<T>::is_signed)
    return T(a >> (count < width ? count : width - 1));
  return count < width ? T(a >> (count & (width - 1))) : T(0);
}

/// The words b:a, shifted; the upper one of a left shift, the lower one of a
/// right shift.
template <bool left, bool clamp>
EMULATOR_INLINE uint32_t shiftFunnel(uint32_t a, uint32_t b, uint32_t count) {
  uint64_t both = uint64_t(b) << 32 | a;
  count = clamp ? (count < 32 ? count : 32) : count & 31;
  return left ? uint32_t(both << count >> 32) : uint32_t(both >> count);
}

/// Extract `length` bits from `position` on; beyond the value stands its sign.
template <typename T>
EMULATOR_INLINE T extractBits(T a, uint32_t position, uint32_t length) {
  constexpr unsigned width = 8 * sizeof(T);
  constexpr bool isSigned = std::numeric_limits<T>::is_signed;
  position &= 0xff;
  length &= 0xff;
  if (!length)
    return 0;
  T shifted =
      position < width ? T(a >> position) : T(isSigned && a < 0 ? ~T(0) : T(0));
  if (length >= width)
    return shifted;
  unsigned rest = width - length;
  using Unsigned = std::make_unsigned_t<T>;
  // The sign is the last bit that is in both the field and the value.
  if (isSigned && position + length > width)
    return shifted;
  return T(T(Unsigned(shifted) << rest) >> rest);
}

template <typename T>
EMULATOR_INLINE T insertBits(T a, T b, uint32_t position, uint32_t length) {
  constexpr unsigned width = 8 * sizeof(T);
  position &= 0xff;
  length &= 0xff;
  if (position >= width)
    return b;
  T field = length < width ? T((T(1) << length) - 1) : T(~T(0));
  T mask = T(field << position);
  return (b & ~mask) | (T(a << position) & mask);
}

EMULATOR_INLINE uint32_t permuteBytes(uint32_t a, uint32_t b, uint32_t how) {
  uint64_t bytes = uint64_t(b) << 32 | a;
  uint32_t result = 0;
  for (unsigned i = 0; i < 4; ++i) {
    uint32_t choice = how >> 4 * i & 15;
    uint32_t byte = bytes >> 8 * (choice & 7) & 0xff;
    // The fourth bit asks for copies of the byte's sign.
    uint32_t sign = byte & 0x80 ? 0xff : 0;
    result |= (choice & 8 ? sign : byte) << 8 * i;
  }
  return result;
}

template <typename T>
EMULATOR_INLINE uint32_t countOnes(T a) {
  return __builtin_popcountll(a);
}
template <typename T>
EMULATOR_INLINE uint32_t countLeadingZeros(T a) {
  return a ? __builtin_clzll(a) - (64 - 8 * sizeof(T)) : 8 * sizeof(T);
}
template <typename T>
EMULATOR_INLINE T reverseBits(T a) {
  uint64_t bits = __builtin_bswap64(a);
  bits = (bits & 0x0f0f0f0f0f0f0f0f) << 4 | (bits >> 4 & 0x0f0f0f0f0f0f0f0f);
  bits = (bits & 0x3333333333333333) << 2 | (bits >> 2 & 0x3333333333333333);
  bits = (bits & 0x5555555555555555) << 1 | (bits >> 1 & 0x5555555555555555);
  return T(bits >> (64 - 8 * sizeof(T)));
}

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_INTEGERS_H
