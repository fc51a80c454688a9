//===- Approximation.h - ex2, rcp.approx and their like --------*- C++ -*--===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// A device's approximations are not specified to the bit. Here they are the
/// right result, rounded from double, and up to `ulp` units of the last place
/// beside it, as a function of the seed and the operand: code that is right
/// only for one device's errors fails for some seed.
///
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EMULATOR_APPROXIMATION_H
#define PERCEIVER_LIB_EMULATOR_APPROXIMATION_H

#include "lib/Emulator/Numbers.h"

namespace perceiver::emulator {

/// 2 to the power of `x`, better than a float can tell.
EMULATOR_INLINE double exp2Double(float x) {
  double value = x > 300 ? 300.0 : x < -300 ? -300.0 : double(x);
  // Adding it leaves the nearest integer in the low bits.
  constexpr double shifter = 0x1.8p52;
  double shifted = value + shifter;
  double rest = value - (shifted - shifter);
  // exp(rest ln 2), |rest| <= 1/2, by its series.
  constexpr double coefficients[] = {
      1.0,
      0.69314718055994530942,
      0.24022650695910071233,
      0.05550410866482157995,
      0.00961812910762847716,
      0.00133335581464284434,
      0.00015403530393381609,
      0.00001525273380405984,
      1.3215486790144309e-6,
      1.0178086009239700e-7,
      7.0549116208011233e-9,
      4.4455382718708115e-10,
      2.5678435993488202e-11,
  };
  double sum = 0;
  for (int i = 12; i >= 0; --i)
    sum = sum * rest + coefficients[i];
  uint64_t exponent = (bitCast<uint64_t>(shifted) + 1023) << 52;
  return sum * bitCast<double>(exponent);
}

/// Move `value` by up to `ulp` units of its last place.
EMULATOR_INLINE float perturb(float value, float operand, unsigned ulp,
                              uint64_t seed) {
  uint32_t bits = bitCast<uint32_t>(value);
  uint64_t mixed = (seed + bitCast<uint32_t>(operand)) * 0x9e3779b97f4a7c15;
  mixed = (mixed ^ mixed >> 32) * 0xd6e8feb86659fd93;
  uint32_t step = uint32_t(mixed >> 40) % (2 * ulp + 1);
  uint32_t exponent = bits >> 23 & 0xff;
  // Zeros, subnormal numbers, infinities and NaN stay.
  bool moves = exponent > 0 && exponent < 254;
  return bitCast<float>(moves ? bits + step - ulp : bits);
}

} // namespace perceiver::emulator

#endif // PERCEIVER_LIB_EMULATOR_APPROXIMATION_H
