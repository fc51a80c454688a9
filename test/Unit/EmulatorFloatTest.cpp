//===- EmulatorFloatTest.cpp - Arithmetic of floats on the emulated device ===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmulatorTestSupport.h"

#include <cfenv>
#include <cmath>
#include <random>

using namespace perceiver::test;

namespace {
constexpr float kInfinity = std::numeric_limits<float>::infinity();

class EmulatorFloatTest : public EmulatorTest {
protected:
  // Numbers of all kinds, and at places where rounding is close.
  std::vector<float> a = {0.0f,
                          -0.0f,
                          1.0f,
                          -1.5f,
                          0x1p-149f,
                          -0x1p-130f,
                          0x1.fffffep127f,
                          kInfinity,
                          -kInfinity,
                          NAN,
                          0x1.000002p0f,
                          3.1f,
                          1e30f,
                          0x1p-126f,
                          0x1.8p-127f,
                          7e-20f};
  std::vector<float> b = {-0.0f, 0.0f,      -1.0f,         2.0f,
                          0.5f,  0x1p-140f, 1.0f,          -kInfinity,
                          0.0f,  1.0f,      0x1.000002p0f, -0.7f,
                          1e10f, -0.3f,     -0x1p-126f,    -3e-20f};
  std::vector<float> c = {0.0f,   -0.0f, 0x1p-30f, 1e-3f, 0.0f,           1.0f,
                          2e30f,  0.0f,  1.0f,     0.0f,  -0x1.000004p0f, 2.17f,
                          -1e38f, 1.0f,  0.0f,     2e-39f};

  void SetUp() override {
    EmulatorTest::SetUp();
    std::mt19937 random(7);
    while (a.size() < 32) {
      a.push_back(fromBits<float>(random()));
      b.push_back(fromBits<float>(random()));
      c.push_back(fromBits<float>(random()));
    }
  }
};

float nanIsCanonical(float value) {
  return std::isnan(value) ? fromBits<float>(0x7fffffff) : value;
}

float flushed(float value) {
  return std::fpclassify(value) == FP_SUBNORMAL ? std::copysign(0.0f, value)
                                                : value;
}

/// Compute with another rounding of the host.
template <typename F>
float rounded(int mode, F compute) {
  std::fesetround(mode);
  volatile float value = compute();
  std::fesetround(FE_TONEAREST);
  return nanIsCanonical(value);
}
} // namespace

TEST_F(EmulatorFloatTest, RoundsToNearest) {
  expectBits(
      evaluate<float>("add.rn.f32 %r, %a, %b;", a, b),
      [](float x, float y) { return nanIsCanonical(x + y); }, a, b);
  expectBits(
      evaluate<float>("sub.f32 %r, %a, %b;", a, b),
      [](float x, float y) { return nanIsCanonical(x - y); }, a, b);
  expectBits(
      evaluate<float>("mul.f32 %r, %a, %b;", a, b),
      [](float x, float y) { return nanIsCanonical(x * y); }, a, b);
  expectBits(
      evaluate<float>("div.rn.f32 %r, %a, %b;", a, b),
      [](float x, float y) { return nanIsCanonical(x / y); }, a, b);
  expectBits(
      evaluate<float>("fma.rn.f32 %r, %a, %b, %c;", a, b, c),
      [](float x, float y, float z) {
        return nanIsCanonical(std::fma(x, y, z));
      },
      a, b, c);
  expectBits(
      evaluate<float>("sqrt.rn.f32 %r, %a;", a),
      [](float x) { return nanIsCanonical(std::sqrt(x)); }, a);
  expectBits(
      evaluate<float>("rcp.rn.f32 %r, %a;", a),
      [](float x) { return nanIsCanonical(1 / x); }, a);
}

TEST_F(EmulatorFloatTest, RoundsInOtherDirections) {
  const struct {
    const char *name;
    int mode;
  } modes[] = {{"rz", FE_TOWARDZERO}, {"rm", FE_DOWNWARD}, {"rp", FE_UPWARD}};
  for (auto [name, mode] : modes) {
    SCOPED_TRACE(name);
    std::string suffix = std::string(".") + name + ".f32 %r, %a, %b";
    expectBits(
        evaluate<float>("add" + suffix + ";", a, b),
        [mode = mode](volatile float x, volatile float y) {
          return rounded(mode, [&] { return x + y; });
        },
        a, b);
    expectBits(
        evaluate<float>("mul" + suffix + ";", a, b),
        [mode = mode](volatile float x, volatile float y) {
          return rounded(mode, [&] { return x * y; });
        },
        a, b);
    expectBits(
        evaluate<float>("fma" + suffix + ", %c;", a, b, c),
        [mode = mode](volatile float x, volatile float y, volatile float z) {
          return rounded(mode, [&] { return std::fma(x, y, z); });
        },
        a, b, c);
  }
}

TEST_F(EmulatorFloatTest, FlushesAndSaturates) {
  expectBits(
      evaluate<float>("add.ftz.f32 %r, %a, %b;", a, b),
      [](float x, float y) {
        return nanIsCanonical(flushed(flushed(x) + flushed(y)));
      },
      a, b);
  expectBits(
      evaluate<float>("fma.rn.ftz.f32 %r, %a, %b, %c;", a, b, c),
      [](float x, float y, float z) {
        return nanIsCanonical(
            flushed(std::fma(flushed(x), flushed(y), flushed(z))));
      },
      a, b, c);
  expectBits(
      evaluate<float>("mul.sat.f32 %r, %a, %b;", a, b),
      [](float x, float y) {
        float z = x * y;
        return z > 0 ? std::min(z, 1.0f) : 0.0f;
      },
      a, b);
}

TEST_F(EmulatorFloatTest, ComparesWithNan) {
  auto smaller = [](float x, float y) {
    if (std::isnan(x) || std::isnan(y))
      return nanIsCanonical(std::isnan(x) ? y : x);
    if (x == 0 && y == 0)
      return std::signbit(x) ? x : y;
    return x < y ? x : y;
  };
  expectBits(evaluate<float>("min.f32 %r, %a, %b;", a, b), smaller, a, b);
  expectBits(
      evaluate<float>("max.f32 %r, %a, %b;", a, b),
      [&](float x, float y) { return nanIsCanonical(-smaller(-x, -y)); }, a, b);
  expectBits(
      evaluate<float>("min.NaN.f32 %r, %a, %b;", a, b),
      [&](float x, float y) {
        return std::isnan(x) || std::isnan(y) ? fromBits<float>(0x7fffffff)
                                              : smaller(x, y);
      },
      a, b);
  auto compare = [&](const char *how) {
    return evaluate<uint32_t>(std::string("setp.") + how +
                                  ".f32 %q, %a, %b; selp.u32 %r, 1, 0, %q;",
                              a, b);
  };
  expectBits(compare("lt"), [](float x, float y) { return x < y; }, a, b);
  expectBits(compare("geu"), [](float x, float y) { return !(x < y); }, a, b);
  expectBits(
      compare("ne"), [](float x, float y) { return x < y || x > y; }, a, b);
  expectBits(compare("neu"), [](float x, float y) { return x != y; }, a, b);
  expectBits(
      compare("nan"), [](float x, float y) { return std::isunordered(x, y); },
      a, b);
  expectBits(
      compare("equ.ftz"),
      [](float x, float y) {
        return std::isunordered(x, y) || flushed(x) == flushed(y);
      },
      a, b);
}

TEST_F(EmulatorFloatTest, ApproximatesWithinUlp) {
  const struct {
    const char *name;
    double (*exact)(double);
  } functions[] = {
      {"ex2.approx", std::exp2},
      {"lg2.approx", std::log2},
      {"rcp.approx", [](double x) { return 1 / x; }},
      {"rsqrt.approx", [](double x) { return 1 / std::sqrt(x); }},
      {"sqrt.approx", std::sqrt},
      {"tanh.approx", std::tanh},
      {"sin.approx", std::sin},
      {"cos.approx", std::cos},
  };
  std::vector<float> x = {0.5f, 1.0f, 2.75f, 100.1f, 3e-5f, 0.999f, 88.0f};
  for (auto [name, exact] : functions) {
    SCOPED_TRACE(name);
    std::string code = std::string(name) + ".f32 %r, %a;";
    configure("ulp=0");
    expectBits(
        evaluate<float>(code, x),
        [exact = exact](float value) { return float(exact(value)); }, x);
    configure("ulp=2 seed=5");
    std::vector<float> moved = evaluate<float>(code, x);
    for (size_t i = 0; i < x.size(); ++i)
      EXPECT_LE(std::abs(int64_t(bitsOf(moved[i])) -
                         int64_t(bitsOf(float(exact(x[i]))))),
                2);
    EXPECT_EQ(evaluate<float>(code, x), moved) << "the same for the same seed";
  }
  configure("ulp=0");
  std::vector<float> edge = {kInfinity, -kInfinity, NAN,    -200.0f,
                             200.0f,    0x1p-140f,  -140.5f};
  expectBits(
      evaluate<float>("ex2.approx.ftz.f32 %r, %a;", edge),
      [](float v) {
        return nanIsCanonical(flushed(float(std::exp2(double(v)))));
      },
      edge);
}

TEST_F(EmulatorFloatTest, ComputesDoubles) {
  std::vector<double> x = {1.1, -0.0, 1e300, 1e-310, 3, NAN},
                      y = {2.2, 0.0, 1e300, 3.0, 7, 1},
                      z = {-2.42, 1, -1, 2, 0.1, 0};
  x.pop_back(), y.pop_back(), z.pop_back();
  expectBits(
      evaluate<double>("add.f64 %r, %a, %b;", x, y),
      [](double p, double q) { return p + q; }, x, y);
  expectBits(
      evaluate<double>("fma.rn.f64 %r, %a, %b, %c;", x, y, z),
      [](double p, double q, double r) { return std::fma(p, q, r); }, x, y, z);
  expectBits(
      evaluate<double>("div.rn.f64 %r, %a, %b;", x, y),
      [](double p, double q) { return p / q; }, x, y);
  expectBits(
      evaluate<double>("max.f64 %r, %a, %b;", x, y),
      [](double p, double q) { return p > q ? p : q; }, x, y);
}

TEST_F(EmulatorFloatTest, MovesSigns) {
  expectBits(
      evaluate<float>("abs.f32 %r, %a;", a),
      [](float x) { return nanIsCanonical(std::fabs(x)); }, a);
  expectBits(
      evaluate<float>("neg.f32 %r, %a;", a),
      [](float x) { return nanIsCanonical(-x); }, a);
  // The sign comes from the first operand.
  expectBits(
      evaluate<uint32_t>("copysign.f32 %r, %a, %b;", a, b),
      [](float x, float y) {
        return (bitsOf(x) & 0x80000000) | (bitsOf(y) & 0x7fffffff);
      },
      a, b);
}
