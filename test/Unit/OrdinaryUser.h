//===- OrdinaryUser.h - Tests of what a user may not do ---------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_UNIT_ORDINARYUSER_H
#define PERCEIVER_TEST_UNIT_ORDINARYUSER_H

#include "gtest/gtest.h"

#include <cstdio>
#include <functional>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/// Call `body` where permissions bind the superuser, too: in a process that has
/// given up its capabilities. Its failures are failures of this test.
inline void asOrdinaryUser(const std::function<void()> &body) {
  pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, /*pid=*/0};
    __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {};
    EXPECT_EQ(::syscall(SYS_capset, &header, none), 0);
    body();
    std::fflush(nullptr);
    ::_exit(testing::Test::HasFailure());
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

#endif // PERCEIVER_TEST_UNIT_ORDINARYUSER_H
