//===- RuntimeSizeProgramTest.cpp - Size programs -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuntimeTestSupport.h"

#include <cmath>
#include <vector>

namespace {

using Program = std::vector<perceiver_size_instruction>;

perceiver_status evaluate(const Program &program,
                          const std::vector<int64_t> &sizes, int64_t &result) {
  return perceiver_rt_evaluate(program.data(), program.size(), sizes.data(),
                               sizes.size(), &result);
}

/// The value of `a opcode b`, wrapped so that negative values can be seen.
int64_t apply(int64_t opcode, int64_t a, int64_t b) {
  constexpr int64_t shift = 1000;
  int64_t result = -1;
  EXPECT_EQ(evaluate({{PERCEIVER_SIZE_CONSTANT, a},
                      {PERCEIVER_SIZE_CONSTANT, b},
                      {opcode, 0},
                      {PERCEIVER_SIZE_CONSTANT, shift},
                      {PERCEIVER_SIZE_ADD, 0}},
                     {}, result),
            PERCEIVER_OK)
      << perceiver_rt_last_error();
  return result - shift;
}

TEST(RuntimeSizeProgram, Operators) {
  EXPECT_EQ(apply(PERCEIVER_SIZE_ADD, 3, 4), 7);
  EXPECT_EQ(apply(PERCEIVER_SIZE_MUL, 3, -4), -12);
  EXPECT_EQ(apply(PERCEIVER_SIZE_MIN, 3, -4), -4);
  EXPECT_EQ(apply(PERCEIVER_SIZE_MAX, 3, -4), 3);
}

TEST(RuntimeSizeProgram, DivisionRoundsAsAffineExpressionsDo) {
  for (int64_t a = -20; a <= 20; ++a) {
    for (int64_t b = 1; b <= 7; ++b) {
      int64_t floor = apply(PERCEIVER_SIZE_FLOORDIV, a, b);
      int64_t ceil = apply(PERCEIVER_SIZE_CEILDIV, a, b);
      int64_t mod = apply(PERCEIVER_SIZE_MOD, a, b);
      EXPECT_LE(floor * b, a);
      EXPECT_GT((floor + 1) * b, a);
      EXPECT_GE(ceil * b, a);
      EXPECT_LT((ceil - 1) * b, a);
      EXPECT_EQ(floor * b + mod, a);
    }
  }
}

TEST(RuntimeSizeProgram, Symbols) {
  // ceildiv(n, 64) * 64 * channels
  Program program = {{PERCEIVER_SIZE_SYMBOL, 1},  {PERCEIVER_SIZE_CONSTANT, 64},
                     {PERCEIVER_SIZE_CEILDIV, 0}, {PERCEIVER_SIZE_CONSTANT, 64},
                     {PERCEIVER_SIZE_MUL, 0},     {PERCEIVER_SIZE_SYMBOL, 0},
                     {PERCEIVER_SIZE_MUL, 0}};
  int64_t result = 0;
  ASSERT_OK(evaluate(program, {322, 65}, result));
  EXPECT_EQ(result, 128 * 322);
  ASSERT_OK(evaluate(program, {322, 0}, result));
  EXPECT_EQ(result, 0);
}

TEST(RuntimeSizeProgram, LeavingTheRangeIsAnError) {
  int64_t result = 0;
  auto fails = [&](int64_t opcode, int64_t a, int64_t b) {
    EXPECT_FAILS(evaluate({{PERCEIVER_SIZE_CONSTANT, a},
                           {PERCEIVER_SIZE_CONSTANT, b},
                           {opcode, 0}},
                          {}, result),
                 PERCEIVER_SIZE_OUT_OF_RANGE, "a size");
  };
  fails(PERCEIVER_SIZE_ADD, INT64_MAX, 1);
  fails(PERCEIVER_SIZE_ADD, INT64_MIN, -1);
  fails(PERCEIVER_SIZE_MUL, INT64_MAX / 2, 3);
  fails(PERCEIVER_SIZE_MUL, INT64_MIN, -1);
  fails(PERCEIVER_SIZE_FLOORDIV, 7, 0);
  fails(PERCEIVER_SIZE_CEILDIV, 7, -2);
  fails(PERCEIVER_SIZE_MOD, 7, 0);
  fails(PERCEIVER_SIZE_ADD, 1, -2);
}

TEST(RuntimeSizeProgram, MalformedProgramsAreRefused) {
  int64_t result = 0;
  auto fails = [&](const Program &program, const char *text) {
    EXPECT_FAILS(evaluate(program, {5}, result), PERCEIVER_INVALID_ARGUMENT,
                 text);
  };
  fails({}, "no value");
  fails({{PERCEIVER_SIZE_CONSTANT, 1}, {PERCEIVER_SIZE_CONSTANT, 1}},
        "values left over");
  fails({{PERCEIVER_SIZE_CONSTANT, 1}, {PERCEIVER_SIZE_ADD, 0}},
        "missing operand at instruction 1");
  fails({{PERCEIVER_SIZE_SYMBOL, 1}}, "unknown symbol at instruction 0");
  fails({{PERCEIVER_SIZE_SYMBOL, -1}}, "unknown symbol at instruction 0");
  fails({{99, 0}}, "unknown opcode at instruction 0");
  fails(Program(PERCEIVER_RT_MAX_STACK + 1, {PERCEIVER_SIZE_CONSTANT, 1}),
        "stack overflow at instruction 16");
}

perceiver_size_value evaluateFigure(const Program &program,
                                    const std::vector<int64_t> &sizes) {
  perceiver_size_value value = {};
  int32_t position;
  EXPECT_EQ(perceiver_size_evaluate(program.data(), program.size(),
                                    sizes.data(), sizes.size(), &value,
                                    &position),
            nullptr);
  return value;
}

TEST(RuntimeSizeProgram, FiguresAreIntegersAsLongAs64BitsHoldThem) {
  for (int64_t opcode = PERCEIVER_SIZE_ADD; opcode <= PERCEIVER_SIZE_MAX;
       ++opcode)
    for (int64_t a :
         std::vector<int64_t>{INT64_MIN, -7, 0, 7, INT64_MAX - 1, INT64_MAX})
      for (int64_t b : std::vector<int64_t>{1, 2, 3, INT64_MAX}) {
        Program program = {{PERCEIVER_SIZE_SYMBOL, 0},
                           {PERCEIVER_SIZE_SYMBOL, 1},
                           {opcode, 0}};
        perceiver_size_value value = evaluateFigure(program, {a, b});
        int64_t sum = 0;
        bool overflows = (opcode == PERCEIVER_SIZE_ADD &&
                          __builtin_add_overflow(a, b, &sum)) ||
                         (opcode == PERCEIVER_SIZE_MUL &&
                          __builtin_mul_overflow(a, b, &sum));
        EXPECT_EQ(value.is_integer, !overflows)
            << opcode << " " << a << " " << b;
        if (value.is_integer)
          EXPECT_EQ(value.real, static_cast<double>(value.integer));
      }
}

TEST(RuntimeSizeProgram, FiguresGoOnBeyond64Bits) {
  auto apply = [](int64_t opcode, int64_t b) {
    // 2^62 * 8 + 2^62 * 8, which is 2^66, and b.
    Program program = {{PERCEIVER_SIZE_SYMBOL, 0},
                       {PERCEIVER_SIZE_CONSTANT, 8},
                       {PERCEIVER_SIZE_MUL, 0},
                       {PERCEIVER_SIZE_SYMBOL, 0},
                       {PERCEIVER_SIZE_CONSTANT, 8},
                       {PERCEIVER_SIZE_MUL, 0},
                       {PERCEIVER_SIZE_ADD, 0},
                       {PERCEIVER_SIZE_CONSTANT, b},
                       {opcode, 0}};
    perceiver_size_value value = evaluateFigure(program, {INT64_C(1) << 62});
    EXPECT_FALSE(value.is_integer);
    return value.real;
  };
  EXPECT_EQ(apply(PERCEIVER_SIZE_ADD, 5), 0x1p66);
  EXPECT_EQ(apply(PERCEIVER_SIZE_MUL, 4), 0x1p68);
  EXPECT_EQ(apply(PERCEIVER_SIZE_FLOORDIV, 3), std::floor(0x1p66 / 3));
  EXPECT_EQ(apply(PERCEIVER_SIZE_CEILDIV, INT64_C(1) << 62), 16);
  EXPECT_EQ(apply(PERCEIVER_SIZE_MOD, 1 << 20), 0);
  // The value fits, but not every step of the program did.
  EXPECT_EQ(apply(PERCEIVER_SIZE_MIN, 5), 5);
  EXPECT_EQ(apply(PERCEIVER_SIZE_MAX, 5), 0x1p66);
  EXPECT_TRUE(std::isnan(apply(PERCEIVER_SIZE_FLOORDIV, 0)));
  EXPECT_TRUE(std::isnan(apply(PERCEIVER_SIZE_MOD, -1)));
}

TEST(RuntimeSizeProgram, WhatIsNoNumberStaysSo) {
  // min(1 ceildiv 0, 3) * 0
  Program divided = {{PERCEIVER_SIZE_CONSTANT, 1}, {PERCEIVER_SIZE_CONSTANT, 0},
                     {PERCEIVER_SIZE_CEILDIV, 0},  {PERCEIVER_SIZE_CONSTANT, 3},
                     {PERCEIVER_SIZE_MIN, 0},      {PERCEIVER_SIZE_CONSTANT, 0},
                     {PERCEIVER_SIZE_MUL, 0}};
  perceiver_size_value value = evaluateFigure(divided, {});
  EXPECT_FALSE(value.is_integer);
  EXPECT_TRUE(std::isnan(value.real));
  // Eighteen factors of 2^63: more than a double holds.
  Program large = {{PERCEIVER_SIZE_CONSTANT, INT64_MAX}};
  for (int i = 0; i < 17; ++i)
    large.insert(large.end(), {{PERCEIVER_SIZE_CONSTANT, INT64_MAX},
                               {PERCEIVER_SIZE_MUL, 0}});
  EXPECT_TRUE(std::isnan(evaluateFigure(large, {}).real));
}

TEST(RuntimeSizeProgram, OperatorsHaveNames) {
  EXPECT_STREQ(perceiver_size_operator(PERCEIVER_SIZE_ADD), "+");
  EXPECT_STREQ(perceiver_size_operator(PERCEIVER_SIZE_MAX), "max");
  for (int64_t code : std::vector<int64_t>{INT64_MIN, -1, PERCEIVER_SIZE_SYMBOL,
                                           PERCEIVER_SIZE_MAX + 1, INT64_MAX})
    EXPECT_EQ(perceiver_size_operator(code), nullptr);
}

} // namespace
