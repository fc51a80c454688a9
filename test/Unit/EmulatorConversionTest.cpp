//===- EmulatorConversionTest.cpp - cvt and halves on the emulated device -===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorTestSupport.h"

#include <cfenv>
#include <cmath>

using namespace perceiver::test;

namespace {
class EmulatorConversionTest : public EmulatorTest {};

/// Return the value of a half by its definition.
double halfValue(uint16_t bits) {
  int exponent = bits >> 10 & 31;
  double mantissa = bits & 1023;
  double value = exponent == 31  ? (mantissa ? NAN : INFINITY)
                 : exponent == 0 ? std::ldexp(mantissa, -24)
                                 : std::ldexp(1024 + mantissa, exponent - 25);
  return bits & 0x8000 ? -value : value;
}

/// Return the half nearest to a value, ties to even, by search.
uint16_t nearestHalf(double value) {
  if (std::isnan(value))
    return 0x7fff;
  uint16_t sign = std::signbit(value) ? 0x8000 : 0;
  value = std::fabs(value);
  if (value >= 65520)
    return sign | 0x7c00;
  uint16_t low = 0, high = 0x7bff;
  while (low < high) {
    uint16_t middle = (low + high) / 2;
    if (halfValue(middle) < value)
      low = middle + 1;
    else
      high = middle;
  }
  // `low` is the first that is not less.
  if (low && halfValue(low) != value) {
    double above = halfValue(low) - value, below = value - halfValue(low - 1);
    if (below < above || (below == above && low % 2 == 1))
      --low;
  }
  return sign | low;
}

std::vector<float> interesting() {
  std::vector<float> values = {
      0.0f,     -0.0f,      1.0f,       -2.5f,         0.5f,          1.5f,
      65519.9f, 65520.0f,   1e-8f,      2.98e-8f,      6.1e-5f,       -6.09e-5f,
      1.00049f, 1.0004883f, 1.0014648f, 3e9f,          -3e9f,         NAN,
      INFINITY, -INFINITY,  -0.7f,      2147483520.0f, 4294967296.0f, 1e20f,
      -1e-40f,  255.5f,     -128.5f,    32767.5f};
  return values;
}
} // namespace

TEST_F(EmulatorConversionTest, RoundsToHalves) {
  std::vector<float> x = interesting();
  expectBits(
      evaluate<uint16_t>("cvt.rn.f16.f32 %r, %a;", x),
      [](float v) { return nearestHalf(v); }, x);
  std::vector<float> y(x.rbegin(), x.rend());
  // The first operand becomes the upper half.
  expectBits(
      evaluate<uint32_t>("cvt.rn.f16x2.f32 %r, %a, %b;", x, y),
      [](float p, float q) {
        return uint32_t(nearestHalf(p)) << 16 | nearestHalf(q);
      },
      x, y);
  expectBits(
      evaluate<uint32_t>("cvt.rn.bf16x2.f32 %r, %a, %b;", x, y),
      [](float p, float q) {
        auto bfloat = [](float v) -> uint32_t {
          uint32_t bits = bitsOf(v), rest = bits & 0xffff;
          if (std::isnan(v))
            return 0x7fff;
          bits >>= 16;
          return bits + (rest > 0x8000 || (rest == 0x8000 && bits & 1));
        };
        return bfloat(p) << 16 | bfloat(q);
      },
      x, y);
  expectBits(
      evaluate<uint32_t>("cvt.rna.tf32.f32 %r, %a;", x),
      [](float v) -> uint32_t {
        if (std::isnan(v))
          return 0x7fffffff;
        uint32_t bits = bitsOf(v);
        return std::isinf(v) ? bits : (bits + 0x1000) & ~0x1fffu;
      },
      x);
}

TEST_F(EmulatorConversionTest, WidensEveryHalf) {
  for (uint32_t first = 0; first < 0x10000; first += 0x1001 - 32) {
    std::vector<uint16_t> halves;
    halves.reserve(32);
    for (uint32_t i = 0; i < 32; ++i)
      halves.push_back(first + i);
    expectBits(
        evaluate<float>("cvt.f32.f16 %r, %a;", halves),
        [](uint16_t half) {
          float value = halfValue(half);
          return std::isnan(value) ? fromBits<float>(0x7fffffff) : value;
        },
        halves);
  }
}

TEST_F(EmulatorConversionTest, ClampsToIntegers) {
  std::vector<float> x = interesting();
  auto clamped = [](double v, double low, double high) -> int64_t {
    return std::isnan(v) ? 0 : v <= low ? low : v >= high ? high : v;
  };
  expectBits(
      evaluate<int32_t>("cvt.rzi.s32.f32 %r, %a;", x),
      [&](float v) { return clamped(std::trunc(v), INT32_MIN, INT32_MAX); }, x);
  expectBits(
      evaluate<uint32_t>("cvt.rni.u32.f32 %r, %a;", x),
      [&](float v) { return clamped(std::nearbyint(v), 0, UINT32_MAX); }, x);
  expectBits(
      evaluate<int32_t>("cvt.rmi.s8.f32 %r, %a;", x),
      [&](float v) { return clamped(std::floor(v), -128, 127); }, x);
  expectBits(
      evaluate<float>("cvt.rpi.f32.f32 %r, %a;", x),
      [](float v) {
        return std::isnan(v) ? fromBits<float>(0x7fffffff) : std::ceil(v);
      },
      x);
  expectBits(
      evaluate<float>("cvt.sat.f32.f32 %r, %a;", x),
      [](float v) { return v > 0 ? std::min(v, 1.0f) : 0.0f; }, x);
}

TEST_F(EmulatorConversionTest, ConvertsIntegers) {
  std::vector<uint32_t> x = {0,          1,          0xffffffff,
                             0x80000000, 0x7fffffff, 16777217,
                             33554435,   0xff,       0x8080};
  expectBits(
      evaluate<float>("cvt.rn.f32.u32 %r, %a;", x),
      [](uint32_t v) { return float(v); }, x);
  expectBits(
      evaluate<float>("cvt.rn.f32.s32 %r, %a;", x),
      [](int32_t v) { return float(v); }, x);
  expectBits(
      evaluate<float>("cvt.rz.f32.u32 %r, %a;", x),
      [](uint32_t v) {
        std::fesetround(FE_TOWARDZERO);
        volatile uint32_t source = v;
        volatile float result = float(source);
        std::fesetround(FE_TONEAREST);
        return float(result);
      },
      x);
  expectBits(
      evaluate<int64_t>("cvt.s64.s32 %r, %a;", x),
      [](int32_t v) { return int64_t(v); }, x);
  expectBits(
      evaluate<int32_t>("cvt.s32.s8 %r, %a;", x),
      [](uint32_t v) { return int32_t(int8_t(v)); }, x);
  expectBits(
      evaluate<uint32_t>("cvt.u16.u32 %r, %a;", x),
      [](uint32_t v) { return v & 0xffff; }, x);
  expectBits(
      evaluate<uint32_t>("cvt.sat.u8.s32 %r, %a;", x),
      [](int32_t v) { return std::min(std::max(v, 0), 255); }, x);
  expectBits(
      evaluate<double>("cvt.rn.f64.s32 %r, %a;", x),
      [](int32_t v) { return double(v); }, x);
  std::vector<double> doubles = {1.1, -1e-50, 1e300, 0x1.000001p0, -2.7};
  expectBits(
      evaluate<float>("cvt.rn.f32.f64 %r, %a;", doubles),
      [](double v) { return float(v); }, doubles);
}

TEST_F(EmulatorConversionTest, ComputesWithHalves) {
  std::vector<uint16_t> x, y, z;
  for (uint32_t i = 0; i < 32; ++i) {
    x.push_back(i * 2039 + 17);
    y.push_back(i * 4021 + 0x3c00);
    z.push_back(i * 977 + 0x0003);
  }
  auto canonical = [](uint16_t a) {
    return std::isnan(halfValue(a)) ? uint16_t(0x7fff) : a;
  };
  expectBits(
      evaluate<uint16_t>("add.f16 %r, %a, %b;", x, y),
      [&](uint16_t p, uint16_t q) {
        return nearestHalf(halfValue(p) + halfValue(q));
      },
      x, y);
  // In long double all sums of halves' products are exact.
  expectBits(
      evaluate<uint16_t>("fma.rn.f16 %r, %a, %b, %c;", x, y, z),
      [&](uint16_t p, uint16_t q, uint16_t r) {
        long double sum =
            (long double)(halfValue(p)) * halfValue(q) + halfValue(r);
        double low = double(sum);
        // Keep on which side of `low` the sum is.
        if (!std::isnan(low) && !std::isinf(low) && (long double)low != sum)
          low = std::nextafter(low, sum > low ? INFINITY : -INFINITY);
        return canonical(nearestHalf(low));
      },
      x, y, z);
  std::vector<uint32_t> a = {0x3c004000, 0xbc00c200},
                        b = {0x40003c00, 0x3c003c00};
  EXPECT_EQ(evaluate<uint32_t>("add.rn.f16x2 %r, %a, %b;", a, b),
            (std::vector<uint32_t>{0x42004200, 0x0000c000}));
  EXPECT_EQ(evaluate<uint32_t>("mul.f16x2 %r, %a, %b;", a, b),
            (std::vector<uint32_t>{0x40004000, 0xbc00c200}));
  EXPECT_EQ(evaluate<uint32_t>("max.f16x2 %r, %a, %b;", a, b),
            (std::vector<uint32_t>{0x40004000, 0x3c003c00}));
  // 1.5 * 2 + 1 and -1 * 3 + 0.5 in bf16.
  std::vector<uint32_t> p = {0x3fc0bf80}, q = {0x40004040}, r = {0x3f803f00};
  EXPECT_EQ(evaluate<uint32_t>("fma.rn.bf16x2 %r, %a, %b, %c;", p, q, r),
            (std::vector<uint32_t>{0x4080c020}));
}
