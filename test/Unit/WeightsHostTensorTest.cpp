//===- WeightsHostTensorTest.cpp - Views and rounding ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "WeightsTestSupport.h"

#include <cstring>

using namespace mlir;
using namespace mlir::perceiver;

namespace {

TEST(WeightsHostTensorTest, ViewsShareMemory) {
  HostTensor x = HostTensor::of({2, 3}, {1, 2, 3, 4, 5, 6});
  HostTensor t = x.transpose({1, 0});
  EXPECT_EQ(t.toVector(), SmallVector<double>({1, 4, 2, 5, 3, 6}));
  EXPECT_FALSE(t.isDense());
  HostTensor s = t.slice({0, 1}, {2, 1}, {2, 1});
  EXPECT_EQ(s.toVector(), SmallVector<double>({4, 6}));
  EXPECT_EQ(t.reshape({2, 3}).toVector(),
            SmallVector<double>({1, 4, 2, 5, 3, 6}));
  EXPECT_EQ(x.reshape({3, 2}).getDoubles(), x.getDoubles());
  EXPECT_EQ(HostTensor::of({2, 1}, {7, 8}).broadcast({2, 2, 3}).toVector(),
            SmallVector<double>({7, 7, 7, 8, 8, 8, 7, 7, 7, 8, 8, 8}));
}

TEST(WeightsHostTensorTest, SizesOfOneAreDenseWhateverTheStride) {
  HostTensor x = HostTensor::of({3, 4}, {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
  EXPECT_TRUE(x.slice({1, 0}, {1, 4}, {1, 1}).isDense());
  EXPECT_TRUE(x.slice({1, 0}, {2, 4}, {1, 1}).isDense());
  EXPECT_FALSE(x.slice({0, 0}, {2, 3}, {1, 1}).isDense());
}

class RoundingTest : public PrepareTest {
protected:
  /// Round with HostTensor and with APFloat.
  void expectRounded(Type type, double value) {
    uint16_t actual;
    HostTensor::of({1}, {value}).round(type, reinterpret_cast<char *>(&actual));
    APFloat expected(value);
    bool losesInfo;
    expected.convert(cast<FloatType>(type).getFloatSemantics(),
                     APFloat::rmNearestTiesToEven, &losesInfo);
    if (expected.isNaN())
      EXPECT_TRUE(
          APFloat(cast<FloatType>(type).getFloatSemantics(), APInt(16, actual))
              .isNaN());
    else
      EXPECT_EQ(actual, expected.bitcastToAPInt().getZExtValue()) << value;
  }
};

TEST_F(RoundingTest, HalvesRoundOnce) {
  Builder builder(&context);
  uint64_t state = 1;
  for (Type type : {Type(builder.getF16Type()), Type(builder.getBF16Type())}) {
    for (int i = 0; i < 200000; ++i) {
      state = state * 6364136223846793005u + 1442695040888963407u;
      // Exponents around those of the type, and mantissas close to ties.
      uint64_t exponent = 1023 - 160 + (state >> 33) % 320;
      uint64_t mantissa = state >> 12;
      if (i % 2)
        mantissa = mantissa >> 40 << 40 | uint64_t{i % 5 == 0};
      uint64_t bits = (state & 1) << 63 | exponent << 52 |
                      (mantissa & ((uint64_t{1} << 52) - 1));
      double value;
      std::memcpy(&value, &bits, sizeof(value));
      expectRounded(type, value);
    }
    for (double value : {0.0, -0.0, 65504.0, 65519.9, 65520.0, -1e300, 0x1p-24,
                         0x1p-25, 0x1.8p-25, 0x1p-133, 0x1p-134, 5e-324})
      expectRounded(type, value);
    expectRounded(type, std::numeric_limits<double>::quiet_NaN());
    expectRounded(type, -std::numeric_limits<double>::infinity());
  }
}

TEST_F(RoundingTest, SinglesRoundOnce) {
  float actual[2];
  HostTensor::of({2}, {0.1, 1e300})
      .round(Float32Type::get(&context), reinterpret_cast<char *>(actual));
  EXPECT_EQ(actual[0], 0.1f);
  EXPECT_EQ(actual[1], std::numeric_limits<float>::infinity());
}

} // namespace
