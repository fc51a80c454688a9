//===- EmulatorMatrixTest.cpp - Tensor-core instructions ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorTestSupport.h"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <numeric>
#include <sstream>

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
};

/// Of an element.
struct Place {
  unsigned row, column;
};

/// A part of the file that says where elements are: for each lane and operand
/// the elements of its registers, from the low bits on.
struct Form {
  std::vector<std::string> names;
  std::vector<std::vector<std::vector<Place>>> lanes[32];
};

template <typename F>
void forEachPart(const std::string &text, char separator, F run) {
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);)
    if (!part.empty())
      run(part);
}

std::vector<Form> readForms() {
  std::vector<Form> forms;
  std::ifstream file(PERCEIVER_TEST_FRAGMENTS);
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#')
      continue;
    size_t bar = line.find('|');
    if (bar == std::string::npos) {
      forms.emplace_back();
      forEachPart(line, ' ', [&](const std::string &word) {
        forms.back().names.push_back(word);
      });
      continue;
    }
    auto &operands = forms.back().lanes[std::stoul(line)];
    forEachPart(line.substr(bar + 1), '|', [&](const std::string &operand) {
      operands.emplace_back();
      forEachPart(operand, ';', [&](const std::string &word) {
        operands.back().emplace_back();
        forEachPart(word, ' ', [&](const std::string &place) {
          Place &added = operands.back().back().emplace_back();
          sscanf(place.c_str(), "%u,%u", &added.row, &added.column);
        });
      });
    });
  }
  return forms;
}

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
uint32_t encode(const std::string &type, int value) {
  return type == "f16"    ? encodeHalf(value)
         : type == "bf16" ? encodeBfloat(value)
                          : encodeFloat(value);
}
} // namespace

TEST_F(EmulatorMatrixTest, PlacesFragmentsAsTheirFileSays) {
  // All numbers are small integers, so every way to add them up is exact.
  auto numberOfA = [](Place at) {
    return int((at.row * 7 + at.column * 3) % 11) - 5;
  };
  auto numberOfB = [](Place at) {
    return int((at.row * 5 + at.column * 2) % 7) - 3;
  };
  unsigned runs = 0;
  for (const Form &form : readForms()) {
    if (form.names[0] != "mma")
      continue;
    const std::string &shape = form.names[1];
    unsigned depth = std::stoul(shape.substr(shape.find('k') + 1));
    for (size_t type = 2; type < form.names.size(); ++type) {
      const std::string &name = form.names[type];
      auto fill = [&](unsigned operand, auto number) {
        std::vector<uint32_t> words(32 * form.lanes[0][operand].size());
        for (unsigned lane = 0; lane < 32; ++lane)
          for (size_t i = 0; i < words.size() / 32; ++i) {
            unsigned shift = 0;
            for (Place at : form.lanes[lane][operand][i]) {
              words[32 * i + lane] |= encode(name, number(at)) << shift;
              shift += 16;
            }
          }
        return words;
      };
      std::vector<uint32_t> a = fill(0, numberOfA), b = fill(1, numberOfB);
      std::vector<float> c(128);
      for (unsigned i = 0; i < 128; ++i) {
        Place at = form.lanes[i % 32][2][i / 32][0];
        c[i] = float(100 * at.row + at.column);
      }
      for (const char *words : {"mma=chain", "mma=block", "mma=double"}) {
        SCOPED_TRACE(shape + " " + name + " " + words);
        configure(words);
        std::vector<float> got = multiply(
            shape + ".row.col.f32." + name + "." + name + ".f32", a, b, c);
        for (unsigned i = 0; i < 128; ++i) {
          Place at = form.lanes[i % 32][2][i / 32][0];
          int sum = 100 * at.row + at.column;
          for (unsigned k = 0; k < depth; ++k)
            sum += numberOfA({at.row, k}) * numberOfB({k, at.column});
          EXPECT_EQ(got[i], float(sum)) << at.row << ", " << at.column;
        }
        ++runs;
      }
    }
  }
  EXPECT_EQ(runs, 3 * 6u);
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
  auto halfOf = [&](Place at, unsigned i) {
    return uint32_t(64 * i + 8 * at.row + at.column);
  };
  Form form = readForms().back();
  ASSERT_EQ(form.names[0], "ldmatrix");
  for (uint32_t lane = 0; lane < 32; ++lane)
    for (uint32_t i = 0; i < 4; ++i) {
      auto expected = [&](const std::vector<Place> &places) {
        return halfOf(places[0], i) | halfOf(places[1], i) << 16;
      };
      EXPECT_EQ(plain[4 * lane + i], expected(form.lanes[lane][0][0]));
      EXPECT_EQ(transposed[4 * lane + i], expected(form.lanes[lane][1][0]));
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
