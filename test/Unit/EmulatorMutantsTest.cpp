//===- EmulatorMutantsTest.cpp - Faults put into a kernel are noticed -----===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The matrix product of perceiver-emulator-bench with one fault after the
// other: each must give a finding, or wrong numbers.
//
//===----------------------------------------------------------------------===//

#include "EmulatorTestSupport.h"

#include <cmath>
#include <fstream>

using namespace perceiver::test;

namespace {
// Three blocks, two steps.
constexpr unsigned kRows = 64, kColumns = 192, kDepth = 32;

class EmulatorMutantsTest : public EmulatorTest {
protected:
  std::vector<std::string> lines;
  std::vector<float> a, b, expected;
  CUdeviceptr aMemory, bMemory, cMemory;

  void SetUp() override {
    EmulatorTest::SetUp();
    std::ifstream file(PERCEIVER_TEST_PRODUCT_PTX);
    for (std::string line; std::getline(file, line);)
      lines.push_back(line);
    ASSERT_FALSE(lines.empty());
    for (unsigned i = 0; i < kRows * kDepth; ++i)
      a.push_back(std::sin(float(i)));
    for (unsigned i = 0; i < kDepth * kColumns; ++i)
      b.push_back(std::cos(1.7f * float(i)));
    for (unsigned row = 0; row < kRows; ++row)
      for (unsigned column = 0; column < kColumns; ++column) {
        double sum = 0;
        for (unsigned k = 0; k < kDepth; ++k)
          sum += double(a[row * kDepth + k]) * b[k * kColumns + column];
        expected.push_back(sum);
      }
    aMemory = upload(a);
    bMemory = upload(b);
    cMemory = allocate(4 * expected.size());
  }

  /// Run the kernel; return whether anything is noticed.
  bool isNoticed(const std::vector<std::string> &text) {
    std::string ptx;
    for (const std::string &line : text)
      ptx += line + "\n";
    CUmodule module;
    CUfunction function;
    EXPECT_EQ(cuModuleLoadData(&module, ptx.c_str()), CUDA_SUCCESS)
        << perceiverEmulatorError();
    EXPECT_EQ(cuModuleGetFunction(&function, module, "product"), CUDA_SUCCESS);
    EXPECT_EQ(cuMemsetD8Async(cMemory, 0xff, 4 * expected.size(), nullptr),
              CUDA_SUCCESS);
    uint32_t columns = kColumns, depth = kDepth;
    void *parameters[] = {&aMemory, &bMemory, &cMemory, &columns, &depth};
    EXPECT_EQ(cuLaunchKernel(function, kColumns / 64, kRows / 64, 1, 64, 1, 1,
                             0, nullptr, parameters, nullptr),
              CUDA_SUCCESS);
    bool noticed = !takeFindings().empty();
    std::vector<float> got = download<float>(cMemory, expected.size());
    for (size_t i = 0; i < got.size(); ++i)
      noticed |= !(std::fabs(got[i] - expected[i]) < 1e-4f);
    EXPECT_EQ(cuModuleUnload(module), CUDA_SUCCESS);
    return noticed;
  }

  /// Change each line that `change` changes in turn, and count them.
  template <typename F>
  unsigned changeEach(F change) {
    unsigned count = 0;
    for (size_t i = 0; i < lines.size(); ++i) {
      std::vector<std::string> mutant = lines;
      change(mutant[i]);
      if (mutant[i] == lines[i])
        continue;
      EXPECT_TRUE(isNoticed(mutant))
          << "line " << i + 1 << ": " << mutant[i] << " for " << lines[i];
      ++count;
    }
    return count;
  }
};
} // namespace

TEST_F(EmulatorMutantsTest, AcceptsTheKernel) {
  configure("threads=1 steps=100000");
  for (const char *seed : {"seed=0", "seed=1", "seed=2"}) {
    configure(seed);
    EXPECT_FALSE(isNoticed(lines)) << seed;
  }
}

TEST_F(EmulatorMutantsTest, NoticesMissingBarriers) {
  configure("threads=1");
  EXPECT_EQ(changeEach([](std::string &line) {
              if (line.find("bar.sync") != std::string::npos)
                line.clear();
            }),
            2u);
}

TEST_F(EmulatorMutantsTest, NoticesGuards) {
  configure("threads=1 steps=100000");
  EXPECT_EQ(changeEach([](std::string &line) {
              size_t at = line.find('@');
              if (at != std::string::npos)
                line.insert(at + 1, "!");
            }),
            2u);
}

TEST_F(EmulatorMutantsTest, NoticesShiftedOffsets) {
  configure("threads=1");
  int shift = 16;
  EXPECT_GE(changeEach([&shift](std::string &line) {
              // [%rd1+8] becomes [%rd1+12] or, the next time, [%rd1+24].
              size_t end = line.find(']');
              if (line.find("[%") == std::string::npos)
                return;
              size_t plus = line.rfind('+', end);
              int offset = 0;
              if (plus != std::string::npos) {
                offset = std::stoi(line.substr(plus + 1));
                line.erase(plus, end - plus);
                end = plus;
              }
              shift = 20 - shift;
              line.insert(end, "+" + std::to_string(offset + shift));
            }),
            100u);
}
