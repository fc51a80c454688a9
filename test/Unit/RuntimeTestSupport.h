//===- RuntimeTestSupport.h - Shared by the runtime's tests --- -*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_UNIT_RUNTIMETESTSUPPORT_H
#define PERCEIVER_TEST_UNIT_RUNTIMETESTSUPPORT_H

#include "lib/Runtime/perceiver_runtime.h"

#include "gtest/gtest.h"

#include <string>

/// Expect that a call fails with the given code and that the error's text
/// contains `text`.
#define EXPECT_FAILS(call, code, text)                                         \
  do {                                                                         \
    EXPECT_EQ(call, code);                                                     \
    EXPECT_NE(std::string(perceiver_rt_last_error()).find(text),               \
              std::string::npos)                                               \
        << "the text is: " << perceiver_rt_last_error();                       \
  } while (0)

#define ASSERT_OK(call)                                                        \
  ASSERT_EQ(call, PERCEIVER_OK) << perceiver_rt_last_error()

#endif // PERCEIVER_TEST_UNIT_RUNTIMETESTSUPPORT_H
