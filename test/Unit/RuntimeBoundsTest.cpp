//===- RuntimeBoundsTest.cpp - Integers within bounds ---------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuntimeTestSupport.h"

#include "lib/Runtime/runtime_internal.h"

#include <vector>

namespace {

constexpr int64_t kBounds[] = {0, 262};

template <typename T>
int64_t findOutside(int32_t dtype, const std::vector<T> &values,
                    int64_t &value) {
  return perceiver_rt_find_outside(dtype, values.data(),
                                   static_cast<int64_t>(values.size()), kBounds,
                                   &value);
}

TEST(RuntimeBounds, FindTheFirstElementOutside) {
  int64_t value = 0;
  EXPECT_EQ(findOutside<int64_t>(PERCEIVER_I64, {0, 261, 7}, value), -1);
  EXPECT_EQ(findOutside<int64_t>(PERCEIVER_I64, {0, 262, -1}, value), 1);
  EXPECT_EQ(value, 262);
  EXPECT_EQ(findOutside<int64_t>(PERCEIVER_I64, {5, 6, INT64_MIN}, value), 2);
  EXPECT_EQ(value, INT64_MIN);
  EXPECT_EQ(findOutside<int32_t>(PERCEIVER_I32, {261, -1}, value), 1);
  EXPECT_EQ(value, -1);
  EXPECT_EQ(findOutside<int16_t>(PERCEIVER_I16, {-300}, value), 0);
  EXPECT_EQ(findOutside<int8_t>(PERCEIVER_I8, {127, -128}, value), 1);
  EXPECT_EQ(findOutside<uint8_t>(PERCEIVER_U8, {0, 255}, value), -1);
  EXPECT_EQ(findOutside<int64_t>(PERCEIVER_I64, {}, value), -1);
}

TEST(RuntimeBounds, NameTheElement) {
  const int64_t dims[] = {-1, 3};
  const perceiver_argument argument = {"ids", dims, 2,      PERCEIVER_I64,
                                       0,     0,    kBounds};
  perceiver_entry entry = {};
  entry.name = "run";
  entry.arguments = &argument;
  entry.argument_count = 1;
  entry.symbol_count = 1;
  int64_t rows = 2;
  std::vector<int64_t> ids = {0, 1, 2, 3, 261, 4};
  void *arguments[] = {ids.data()};
  ASSERT_OK(perceiver_rt_check_bounds(&entry, &rows, arguments));
  ids[4] = 300;
  EXPECT_FAILS(perceiver_rt_check_bounds(&entry, &rows, arguments),
               PERCEIVER_INVALID_ARGUMENT,
               "entry \"run\": ids[1, 1] is 300, but must be from 0 to 261");
}

} // namespace
