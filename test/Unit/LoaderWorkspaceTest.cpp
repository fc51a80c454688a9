//===- LoaderWorkspaceTest.cpp - Workspaces for repeated runs -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Loader/WorkspaceCache.h"

#include "gtest/gtest.h"

using namespace perceiver;

TEST(WorkspaceCacheTest, GivesTheSameMemoryAgain) {
  WorkspaceCache cache;
  uint8_t *first = nullptr;
  {
    Result<WorkspaceCache::Lease> lease = cache.take(1000);
    ASSERT_TRUE(lease);
    first = lease->data();
    EXPECT_EQ(reinterpret_cast<uintptr_t>(first) % 64, 0u);
    EXPECT_EQ(lease->size(), 1000u);
  }
  Result<WorkspaceCache::Lease> smaller = cache.take(10);
  ASSERT_TRUE(smaller);
  EXPECT_EQ(smaller->data(), first);
  EXPECT_EQ(smaller->size(), 1000u);
}

TEST(WorkspaceCacheTest, KeepsRunsApart) {
  WorkspaceCache cache;
  uint8_t *large = nullptr;
  {
    Result<WorkspaceCache::Lease> one = cache.take(1000);
    Result<WorkspaceCache::Lease> other = cache.take(3000);
    ASSERT_TRUE(one && other);
    EXPECT_NE(one->data(), other->data());
    large = other->data();
  }
  // The smallest that is large enough, whatever was given back last.
  Result<WorkspaceCache::Lease> small = cache.take(900);
  Result<WorkspaceCache::Lease> next = cache.take(900);
  ASSERT_TRUE(small && next);
  EXPECT_EQ(small->size(), 1000u);
  EXPECT_EQ(next->data(), large);
}

TEST(WorkspaceCacheTest, ReplacesWhatIsTooSmall) {
  WorkspaceCache cache;
  for (size_t bytes : {100, 200, 300})
    EXPECT_EQ(cache.take(bytes)->size(), bytes);
  // One was in use at a time, so one is left.
  Result<WorkspaceCache::Lease> last = cache.take(50);
  Result<WorkspaceCache::Lease> fresh = cache.take(50);
  EXPECT_EQ(last->size(), 300u);
  EXPECT_EQ(fresh->size(), 50u);
}
