//===- EmulatorIntegerTest.cpp - Integers on the emulated device ----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorTestSupport.h"

#include <random>

using namespace perceiver::test;

namespace {
class EmulatorIntegerTest : public EmulatorTest {
protected:
  std::vector<uint32_t> a = {0, 1, 0x80000000, 0xffffffff, 0x7fffffff, 12345};
  std::vector<uint32_t> b = {0, 7, 0xffffffff, 0x80000000, 2, 0xfffffff0};
  std::vector<uint64_t> wideA, wideB;

  void SetUp() override {
    EmulatorTest::SetUp();
    std::mt19937_64 random(11);
    while (a.size() < 32) {
      a.push_back(random());
      b.push_back(random() >> (random() % 32 + 32));
    }
    for (size_t i = 0; i < 32; ++i) {
      wideA.push_back(i < 6 ? uint64_t(int64_t(int32_t(a[i]))) : random());
      wideB.push_back(i < 6 ? b[i] : random() >> random() % 64);
    }
    wideA[2] = uint64_t(1) << 63;
    wideB[2] = ~uint64_t(0);
  }
};
} // namespace

TEST_F(EmulatorIntegerTest, AddsAndMultiplies) {
  expectBits(
      evaluate<uint32_t>("add.s32 %r, %a, %b;", a, b),
      [](uint32_t x, uint32_t y) { return x + y; }, a, b);
  expectBits(
      evaluate<int32_t>("sub.sat.s32 %r, %a, %b;", a, b),
      [](int32_t x, int32_t y) {
        int64_t z = int64_t(x) - y;
        return std::max<int64_t>(INT32_MIN, std::min<int64_t>(INT32_MAX, z));
      },
      a, b);
  expectBits(
      evaluate<uint32_t>("mul.hi.s32 %r, %a, %b;", a, b),
      [](int32_t x, int32_t y) { return int64_t(x) * y >> 32; }, a, b);
  expectBits(
      evaluate<uint64_t>("mul.wide.u32 %r, %a, %b;", a, b),
      [](uint32_t x, uint32_t y) { return uint64_t(x) * y; }, a, b);
  expectBits(
      evaluate<uint64_t>("mad.wide.s32 %r, %a, %b, %c;", a, b, wideA),
      [](int32_t x, int32_t y, uint64_t z) {
        return uint64_t(int64_t(x) * y) + z;
      },
      a, b, wideA);
  expectBits(
      evaluate<uint32_t>("mad.lo.s32 %r, %a, %b, %a;", a, b),
      [](uint32_t x, uint32_t y) { return x * y + x; }, a, b);
  expectBits(
      evaluate<uint64_t>("mul.hi.u64 %r, %a, %b;", wideA, wideB),
      [](uint64_t x, uint64_t y) {
        // Four products of halves.
        uint64_t low = (x & UINT32_MAX) * (y & UINT32_MAX);
        uint64_t left = (x >> 32) * (y & UINT32_MAX) + (low >> 32);
        uint64_t right = (x & UINT32_MAX) * (y >> 32) + uint32_t(left);
        return (x >> 32) * (y >> 32) + (left >> 32) + (right >> 32);
      },
      wideA, wideB);
}

TEST_F(EmulatorIntegerTest, DividesByAnything) {
  expectBits(
      evaluate<uint32_t>("div.u32 %r, %a, %b;", a, b),
      [](uint32_t x, uint32_t y) { return y ? x / y : ~0u; }, a, b);
  expectBits(
      evaluate<uint32_t>("rem.s32 %r, %a, %b;", a, b),
      [](int32_t x, int32_t y) { return y ? int64_t(x) % y : int64_t(x); }, a,
      b);
  expectBits(
      evaluate<uint64_t>("div.s64 %r, %a, %b;", wideA, wideB),
      [](int64_t x, int64_t y) {
        if (y == 0)
          return int64_t(-1);
        return y == -1 ? int64_t(0 - uint64_t(x)) : x / y;
      },
      wideA, wideB);
}

TEST_F(EmulatorIntegerTest, ShiftsBeyondTheWidth) {
  std::vector<uint32_t> counts;
  counts.reserve(32);
  for (uint32_t i = 0; i < 32; ++i)
    counts.push_back(i < 28 ? i * 3 : 0xffffffffu - i);
  expectBits(
      evaluate<uint32_t>("shl.b32 %r, %a, %b;", a, counts),
      [](uint32_t x, uint32_t n) { return n > 31 ? 0 : x << n; }, a, counts);
  expectBits(
      evaluate<int32_t>("shr.s32 %r, %a, %b;", a, counts),
      [](int32_t x, uint32_t n) { return x >> std::min(n, 31u); }, a, counts);
  expectBits(
      evaluate<uint64_t>("shr.u64 %r, %a, %b;", wideA, counts),
      [](uint64_t x, uint32_t n) { return n > 63 ? 0 : x >> n; }, wideA,
      counts);
  expectBits(
      evaluate<uint32_t>("shf.l.wrap.b32 %r, %a, %b, %c;", a, b, counts),
      [](uint32_t x, uint32_t y, uint32_t n) {
        n &= 31;
        return n ? y << n | x >> (32 - n) : y;
      },
      a, b, counts);
  expectBits(
      evaluate<uint32_t>("shf.r.clamp.b32 %r, %a, %b, %c;", a, b, counts),
      [](uint32_t x, uint32_t y, uint32_t n) {
        n = std::min(n, 32u);
        return n == 0 ? x : n == 32 ? y : x >> n | y << (32 - n);
      },
      a, b, counts);
}

TEST_F(EmulatorIntegerTest, HandlesFieldsAndBytes) {
  std::vector<uint32_t> positions, lengths;
  for (uint32_t i = 0; i < 32; ++i) {
    positions.push_back(i * 5 % 40);
    lengths.push_back(i * 3 % 36);
  }
  std::string code = "bfe.s32 %r, %a, %b, %c;";
  expectBits(
      evaluate<uint32_t>(code, a, positions, lengths),
      [](uint32_t x, uint32_t position, uint32_t length) {
        // Bit by bit, as the manual defines it.
        if (!length)
          return 0u;
        uint32_t result = 0;
        uint32_t last = std::min(position + length - 1, 31u);
        bool sign = x >> last & 1;
        for (uint32_t i = 0; i < 32; ++i) {
          bool bit =
              i < length && position + i <= 31 ? x >> (position + i) & 1 : sign;
          result |= uint32_t(bit) << i;
        }
        return result;
      },
      a, positions, lengths);
  expectBits(
      evaluate<uint32_t>("mov.u32 %r, 0x12345678; bfi.b32 %r, %a, %r, "
                         "%b, %c;",
                         a, positions, lengths),
      [](uint32_t x, uint32_t position, uint32_t length) {
        uint32_t result = 0x12345678;
        for (uint32_t i = 0; i < length && position + i < 32; ++i) {
          result &= ~(1u << (position + i));
          result |= (x >> i & 1) << (position + i);
        }
        return result;
      },
      a, positions, lengths);
  expectBits(
      evaluate<uint32_t>("prmt.b32 %r, %a, %b, 0x9c40;", a, b),
      [](uint32_t x, uint32_t y) {
        // Bytes 0 and 4, the sign of 4 (12 - 8), the sign of 1 (9 - 8).
        uint32_t sign4 = y & 0x80 ? 0xff : 0;
        uint32_t sign1 = x & 0x8000 ? 0xff : 0;
        return (x & 0xff) | (y & 0xff) << 8 | sign4 << 16 | sign1 << 24;
      },
      a, b);
  expectBits(
      evaluate<uint32_t>("lop3.b32 %r, %a, %b, %c, 0xca;", a, b, lengths),
      [](uint32_t x, uint32_t y, uint32_t z) { return (x & y) | (~x & z); }, a,
      b, lengths);
  expectBits(
      evaluate<uint32_t>("clz.b32 %r, %a;", a),
      [](uint32_t x) { return x ? __builtin_clz(x) : 32; }, a);
  expectBits(
      evaluate<uint32_t>("popc.b64 %r, %a;", wideA),
      [](uint64_t x) { return __builtin_popcountll(x); }, wideA);
  expectBits(
      evaluate<uint32_t>("brev.b32 %r, %a;", a),
      [](uint32_t x) { return __builtin_bitreverse32(x); }, a);
}

TEST_F(EmulatorIntegerTest, ComparesAndSelects) {
  expectBits(
      evaluate<uint32_t>("setp.lt.s32 %q, %a, %b; selp.b32 %r, %a, %b, "
                         "%q;",
                         a, b),
      [](int32_t x, int32_t y) { return std::min(x, y); }, a, b);
  expectBits(
      evaluate<uint32_t>("max.u32 %r, %a, %b;", a, b),
      [](uint32_t x, uint32_t y) { return std::max(x, y); }, a, b);
  // Two results, and another predicate that takes part.
  expectBits(
      evaluate<uint32_t>("{ .reg .pred %s, %n; setp.gt.u32 %q, %a, 100;\n"
                         "setp.eq.or.u32 %s|%n, %b, 7, !%q;\n"
                         "selp.u32 %r, 1, 0, %s; @%n or.b32 %r, %r, 2; }",
                         a, b),
      [](uint32_t x, uint32_t y) {
        bool with = !(x > 100);
        return uint32_t(y == 7 || with) | uint32_t(y != 7 || with) << 1;
      },
      a, b);
}
