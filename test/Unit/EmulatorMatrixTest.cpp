//===- EmulatorMatrixTest.cpp - Tensor-core instructions on the emulated device
//===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorTestSupport.h"

#include <cmath>
#include <numeric>

using namespace perceiver::test;

namespace {
class EmulatorMatrixTest : public EmulatorTest {
protected:
  /// Run one MMA on fragments: `a` and `b` hold registers, 32 words each.
  std::vector<float> multiply(const std::string &variant,
                              const std::vector<uint32_t> &a,
                              const std::vector<uint32_t> &b,
                              const std::vector<float> &c) {
    std::string body = "mov.u32 %r0, %tid.x; mul.wide.u32 %d4, %r0, 4;\n";
    std::string aList, bList;
    for (unsigned i = 0; i < 4; ++i)
      body += "add.s64 %d" + std::to_string(5 + i) + ", %d" +
              std::to_string(i) + ", %d4;\n";
    auto loadAll = [&](unsigned pointer, unsigned first, size_t count,
                       std::string &list) {
      for (size_t i = 0; i < count; ++i) {
        std::string name = "%r" + std::to_string(first + i);
        body += "ld.global.b32 " + name + ", [%d" + std::to_string(pointer) +
                "+" + std::to_string(128 * i) + "];\n";
        list += (i ? ", " : "") + name;
      }
    };
    std::string cList;
    loadAll(6, 10, a.size() / 32, aList);
    loadAll(7, 20, b.size() / 32, bList);
    loadAll(8, 30, 4, cList);
    body += "mma.sync.aligned." + variant + " {%r1, %r2, %r3, %r4}, {" + aList +
            "}, {" + bList + "}, {" + cList + "};\n";
    for (unsigned i = 0; i < 4; ++i)
      body += "st.global.b32 [%d5+" + std::to_string(128 * i) + "], %r" +
              std::to_string(1 + i) + ";\n";
    CUdeviceptr result = allocate(512);
    launch(load(ptxKernel(4, body)), {result, upload(a), upload(b), upload(c)});
    return download<float>(result, 128);
  }

  /// Expect that the fragments' places are those of the manual: all numbers are
  /// small integers, so every way to add them up is exact.
  void expectLayout(const std::string &type, unsigned depth, unsigned bits,
                    uint32_t (*encode)(int)) {
    unsigned perWord = 32 / bits, words = bits == 16 ? 8 : 4;
    std::vector<uint32_t> a(32 * 2 * depth / words), b(a.size() / 2);
    std::vector<float> c(128);
    auto numberOfA = [](unsigned row, unsigned k) {
      return int((row * 7 + k * 3) % 11) - 5;
    };
    auto numberOfB = [](unsigned k, unsigned column) {
      return int((k * 5 + column * 2) % 7) - 3;
    };
    for (unsigned lane = 0; lane < 32; ++lane) {
      unsigned g = lane / 4, t = lane % 4;
      for (size_t i = 0; i < a.size() / 32; ++i)
        for (unsigned part = 0; part < perWord; ++part)
          a[32 * i + lane] |=
              encode(numberOfA(g + 8 * (i % 2),
                               perWord * t + part + words * (i / 2)))
              << bits * part % 32;
      for (size_t i = 0; i < b.size() / 32; ++i)
        for (unsigned part = 0; part < perWord; ++part)
          b[32 * i + lane] |=
              encode(numberOfB(perWord * t + part + words * i, g))
              << bits * part % 32;
      for (unsigned i = 0; i < 4; ++i)
        c[32 * i + lane] = float(100 * (g + 8 * (i / 2)) + 2 * t + i % 2);
    }
    std::string variant = "m16n8k" + std::to_string(depth) + ".row.col.f32." +
                          type + "." + type + ".f32";
    for (const char *words : {"mma=chain", "mma=block", "mma=double"}) {
      SCOPED_TRACE(variant + " " + words);
      configure(words);
      std::vector<float> got = multiply(variant, a, b, c);
      for (unsigned lane = 0; lane < 32; ++lane)
        for (unsigned i = 0; i < 4; ++i) {
          unsigned row = lane / 4 + 8 * (i / 2),
                   column = 2 * (lane % 4) + i % 2;
          int sum = 100 * row + column;
          for (unsigned k = 0; k < depth; ++k)
            sum += numberOfA(row, k) * numberOfB(k, column);
          EXPECT_EQ(got[32 * i + lane], float(sum)) << row << ", " << column;
        }
    }
  }
};

uint32_t encodeHalf(int value) {
  uint32_t sign = value < 0 ? 0x8000 : 0;
  unsigned magnitude = std::abs(value);
  if (!magnitude)
    return 0;
  int exponent = std::ilogb(double(magnitude));
  return sign | (15 + exponent) << 10 | (magnitude << (10 - exponent) & 1023);
}
uint32_t encodeFloat(int value) { return bitsOf(float(value)); }
uint32_t encodeBfloat(int value) { return encodeFloat(value) >> 16; }
} // namespace

TEST_F(EmulatorMatrixTest, PlacesFragmentsAsTheManualSays) {
  expectLayout("f16", 16, 16, encodeHalf);
  expectLayout("f16", 8, 16, encodeHalf);
  expectLayout("bf16", 16, 16, encodeBfloat);
  expectLayout("bf16", 8, 16, encodeBfloat);
  expectLayout("tf32", 8, 32, encodeFloat);
  expectLayout("tf32", 4, 32, encodeFloat);
}

TEST_F(EmulatorMatrixTest, AddsUpInThreeWays) {
  // Products 1, 2^-24 (7 times) and c = 0: one after the other they are lost, a
  // block truncates them, exact sums round up.
  std::vector<uint32_t> a(128), b(64);
  std::vector<float> c(128);
  // Row 0 is lanes 0-3 of registers 0 and 2; column 0 of B the same of both.
  auto set = [](std::vector<uint32_t> &words, unsigned k, uint32_t half,
                unsigned registersApart) {
    unsigned word = 32 * registersApart * (k / 8) + k % 8 / 2;
    words[word] |= half << 16 * (k % 2);
  };
  for (unsigned k = 0; k < 8; ++k) {
    set(a, k, k ? 0x0c00 : 0x3c00, 2); // 2^-12, 1
    set(b, k, k ? 0x0c00 : 0x3c00, 1);
  }
  std::string variant = "m16n8k16.row.col.f32.f16.f16.f32";
  configure("mma=chain");
  EXPECT_EQ(multiply(variant, a, b, c)[0], 1.0f);
  configure("mma=block");
  EXPECT_EQ(multiply(variant, a, b, c)[0], 1.0f);
  configure("mma=double");
  EXPECT_EQ(multiply(variant, a, b, c)[0], 1 + 7 * 0x1p-24f);
  // Low bits of tf32 operands are not seen.
  configure("mma=chain");
  std::vector<uint32_t> p(64, bitsOf(1.0f) | 0x1fff), q(32, bitsOf(1.0f) | 1);
  EXPECT_EQ(multiply("m16n8k4.row.col.f32.tf32.tf32.f32", p, q, c)[5], 4.0f);
}

TEST_F(EmulatorMatrixTest, LoadsMatrices) {
  // Row r of matrix i holds the halves 64 i + 8 r + column.
  std::vector<uint16_t> halves(256);
  std::iota(halves.begin(), halves.end(), 0);
  auto run = [&](const std::string &spelling) {
    CUfunction function = load(ptxKernel(2, R"(
      mov.u32 %r0, %tid.x; mul.wide.u32 %d2, %r0, 16;
      add.s64 %d3, %d0, %d2; mov.u64 %d4, tile; add.s64 %d5, %d4, %d2;
      ld.global.v4.b32 {%r1, %r2, %r3, %r4}, [%d3];
      st.shared.v4.b32 [%d5], {%r1, %r2, %r3, %r4};
      bar.warp.sync -1;
      ldmatrix.sync.aligned.)" + spelling + R"( {%r5, %r6, %r7, %r8}, [%d5];
      add.s64 %d6, %d1, %d2;
      st.global.v4.b32 [%d6], {%r5, %r6, %r7, %r8};)",
                                         ".shared .align 16 .b8 tile[512];\n"));
    CUdeviceptr output = allocate(512);
    EXPECT_EQ(launch(function, {upload(halves), output}), CUDA_SUCCESS);
    return download<uint32_t>(output, 128);
  };
  std::vector<uint32_t> plain = run("m8n8.x4.shared.b16");
  std::vector<uint32_t> transposed = run("x4.trans.m8n8.shared.b16");
  for (uint32_t lane = 0; lane < 32; ++lane)
    for (uint32_t i = 0; i < 4; ++i) {
      uint32_t g = lane / 4, t = lane % 4;
      uint32_t low = 64 * i + 8 * g + 2 * t;
      EXPECT_EQ(plain[4 * lane + i], low | (low + 1) << 16);
      low = 64 * i + 8 * (2 * t) + g;
      EXPECT_EQ(transposed[4 * lane + i], low | (low + 8) << 16);
    }
}

TEST_F(EmulatorMatrixTest, TakesFragmentsAsKernelsWriteThem) {
  // Parts that nobody needs, constants, and registers declared without a blank.
  std::vector<uint32_t> ones(32, 0x3c003c00);
  expectBits(
      evaluate<float>("{.reg.b32 x; mma.sync.aligned.m16n8k16.row.col."
                      "f32.f16.f16.f32 {%r, _, x, _}, "
                      "{%a, %a, %a, %a}, {%a, %a}, {%b, 0., %b, 0.};}",
                      ones, std::vector<float>(32, 0.5f)),
      [](uint32_t) { return 16.5f; }, ones);
}
