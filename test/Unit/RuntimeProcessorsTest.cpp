//===- RuntimeProcessorsTest.cpp - Quotas of control groups ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "RuntimeTestSupport.h"

#include "test/Unit/FileTest.h"

#include <memory>
#include <sched.h>

extern "C" {
#include "lib/Runtime/runtime_internal.h"
}

namespace {

/// A root folder with the files in which a system shows its groups.
class ProcessorsTest : public perceiver::test::FileTest {
protected:
  void write(const std::string &name, std::string_view text) const {
    std::filesystem::create_directories(
        std::filesystem::path(path(name)).parent_path());
    writeFile(name, text);
  }

  /// What the process belongs to, and where it is mounted.
  void system(std::string_view groups, std::string_view mounts) const {
    write("proc/self/cgroup", groups);
    write("proc/self/mountinfo", mounts);
  }

  int32_t quota() const { return perceiver_rt_quota(folder.c_str()); }
};

} // namespace

static const std::string kVersion2 =
    "22 1 0:20 / / rw - ext4 /dev/sda1 rw\n"
    "31 22 0:28 / /sys/fs/cgroup rw,relatime shared:4 - cgroup2 cgroup2 rw\n";
static const std::string kVersion1 =
    "22 1 0:20 / / rw - ext4 /dev/sda1 rw\n"
    "31 22 0:28 / /sys/fs/cgroup rw - tmpfs tmpfs rw,mode=755\n"
    "32 31 0:29 / /sys/fs/cgroup/cpuset rw shared:1 master:2 - cgroup cgroup "
    "rw,cpuset\n"
    "33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup "
    "rw,cpu,cpuacct\n"
    "34 31 0:31 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n";
static const std::string kGroups1 = "9:name=systemd:/a/b\n"
                                    "5:cpuset:/\n"
                                    "4:cpu,cpuacct:/a/b\n"
                                    "0::/a/b\n";

TEST_F(ProcessorsTest, NoGroupsAreNoLimit) {
  EXPECT_EQ(quota(), 0);
  system("", "");
  EXPECT_EQ(quota(), 0);
  system("0::/\n", kVersion2);
  EXPECT_EQ(quota(), 0);
  system(kGroups1, kVersion1);
  EXPECT_EQ(quota(), 0);
  EXPECT_EQ(perceiver_rt_quota("/no/such/folder"), 0);
  EXPECT_EQ(perceiver_rt_quota(std::string(5000, 'x').c_str()), 0);
}

TEST_F(ProcessorsTest, Version2) {
  system("0::/user.slice/me\n", kVersion2);
  struct Case {
    const char *text;
    int32_t processors;
  };
  for (Case test :
       {Case{"200000 100000\n", 2}, Case{"200001 100000\n", 3},
        Case{"150000 100000", 2}, Case{"1000 100000\n", 1},
        Case{"50000 10000\n", 5}, Case{"max 100000\n", 0},
        // What makes no sense is no limit.
        Case{"", 0}, Case{"\n", 0}, Case{"200000\n", 0}, Case{"200000 \n", 0},
        Case{"200000 0\n", 0}, Case{"0 100000\n", 0}, Case{"-1 100000\n", 0},
        Case{"2e5 100000\n", 0}, Case{"200000 100000 1\n", 0},
        Case{"99999999999999999999 100000\n", 0},
        Case{"9223372036854775807 1\n", 0}}) {
    write("sys/fs/cgroup/user.slice/me/cpu.max", test.text);
    EXPECT_EQ(quota(), test.processors) << test.text;
  }
}

TEST_F(ProcessorsTest, TheLowestLimitAboveCounts) {
  system("0::/a/b/c\n", kVersion2);
  write("sys/fs/cgroup/a/b/c/cpu.max", "max 100000\n");
  write("sys/fs/cgroup/a/b/cpu.max", "700000 100000\n");
  EXPECT_EQ(quota(), 7);
  write("sys/fs/cgroup/a/cpu.max", "300000 100000\n");
  EXPECT_EQ(quota(), 3);
  write("sys/fs/cgroup/a/b/c/cpu.max", "200000 100000\n");
  EXPECT_EQ(quota(), 2);
  // In a container the group may be the top.
  write("sys/fs/cgroup/cpu.max", "100000 100000\n");
  EXPECT_EQ(quota(), 1);
  // Nobody looks above the mount, or at a neighbour.
  std::filesystem::remove(path("sys/fs/cgroup/cpu.max"));
  write("sys/fs/cpu.max", "100000 100000\n");
  write("sys/fs/cgroup/a/x/cpu.max", "100000 100000\n");
  EXPECT_EQ(quota(), 2);
}

TEST_F(ProcessorsTest, Version1) {
  system(kGroups1, kVersion1);
  std::string top = "sys/fs/cgroup/cpu,cpuacct/";
  write(top + "cpu.cfs_quota_us", "-1\n");
  write(top + "cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(quota(), 0);
  write(top + "a/b/cpu.cfs_quota_us", "250000\n");
  EXPECT_EQ(quota(), 0); // No period.
  write(top + "a/b/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(quota(), 3);
  write(top + "a/cpu.cfs_quota_us", "50000\n");
  write(top + "a/cpu.cfs_period_us", "50000\n");
  EXPECT_EQ(quota(), 1);
  write(top + "a/cpu.cfs_period_us", "garbage\n");
  EXPECT_EQ(quota(), 3);
  // Files of other hierarchies say nothing.
  write("sys/fs/cgroup/cpuset/cpu.cfs_quota_us", "100000\n");
  write("sys/fs/cgroup/cpuset/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(quota(), 3);
}

TEST_F(ProcessorsTest, BothVersionsAtOnce) {
  system(kGroups1, kVersion1);
  write("sys/fs/cgroup/unified/a/cpu.max", "400000 100000\n");
  EXPECT_EQ(quota(), 4);
  write("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us", "300000\n");
  write("sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us", "100000\n");
  EXPECT_EQ(quota(), 3);
  write("sys/fs/cgroup/unified/a/b/cpu.max", "200000 100000\n");
  EXPECT_EQ(quota(), 2);
}

TEST_F(ProcessorsTest, MountsThatShowAPart) {
  // As Docker mounts the container's own group of version 1.
  system("4:cpu:/docker/abc\n",
         "33 31 0:30 /docker/abc /sys/fs/cgroup/cpu ro - cgroup cgroup rw,cpu\n"
         "34 31 0:30 /docker/ab /other ro - cgroup cgroup rw,cpu\n"
         "35 31 0:30 /docker/xyz /other ro - cgroup cgroup rw,cpu\n");
  for (const char *mount : {"sys/fs/cgroup/cpu/", "other/"})
    write(std::string(mount) + "cpu.cfs_period_us", "100000\n");
  write("other/cpu.cfs_quota_us", "100000\n");
  EXPECT_EQ(quota(), 0);
  write("sys/fs/cgroup/cpu/cpu.cfs_quota_us", "600000\n");
  EXPECT_EQ(quota(), 6);
  // A group outside of the container's: its own limit is all there is to see.
  system("0::/../../other\n", kVersion2);
  write("sys/fs/cgroup/cpu.max", "500000 100000\n");
  EXPECT_EQ(quota(), 5);
  // Blanks in names.
  system("0::/my group\n",
         "31 22 0:28 / /my\\040groups rw - cgroup2 cgroup2 rw\n");
  write("my groups/my group/cpu.max", "900000 100000\n");
  EXPECT_EQ(quota(), 9);
}

TEST_F(ProcessorsTest, BrokenFilesAreNoLimit) {
  write("sys/fs/cgroup/a/cpu.max", "200000 100000\n");
  for (const std::string &groups :
       {std::string("0:"), std::string("0::"), std::string("0::a\n"),
        std::string("\n\n:::\n"), "0::/" + std::string(5000, 'x') + "\n",
        std::string(100000, ':'), std::string(4096, '\0')}) {
    system(groups, kVersion2);
    EXPECT_EQ(quota(), 0) << groups.substr(0, 20);
  }
  for (const std::string &mounts :
       {std::string("31 22 0:28 / /sys/fs/cgroup\n"),
        std::string("31 22 0:28 / /sys/fs/cgroup rw - cgroup\n"),
        std::string("31 22 0:28 / /sys/fs/cgroup rw cgroup2 cgroup2 rw\n"),
        std::string("- cgroup2 cgroup2 rw\n"), std::string("\n-\n - \n"),
        "31 22 0:28 / /" + std::string(20000, 'x') + " rw - cgroup2 x rw\n"}) {
    system("0::/a\n", mounts);
    EXPECT_EQ(quota(), 0) << mounts.substr(0, 60);
    // What is right is still found behind it.
    system("0::/a\n", mounts + "\n" + kVersion2);
    EXPECT_EQ(quota(), 2) << mounts.substr(0, 60);
  }
}

TEST(RuntimeProcessors, AreThoseThatThisThreadMayUse) {
  cpu_set_t before, one;
  ASSERT_EQ(sched_getaffinity(0, sizeof(before), &before), 0);
  int32_t count = perceiver_rt_processor_count();
  EXPECT_GE(count, 1);
  EXPECT_LE(count, CPU_COUNT(&before));
  CPU_ZERO(&one);
  for (int i = 0; i < CPU_SETSIZE && CPU_COUNT(&one) == 0; ++i)
    if (CPU_ISSET(i, &before))
      CPU_SET(i, &one);
  ASSERT_EQ(sched_setaffinity(0, sizeof(one), &one), 0);
  EXPECT_EQ(perceiver_rt_processor_count(), 1);
  ASSERT_EQ(sched_setaffinity(0, sizeof(before), &before), 0);
  perceiver_pool *pool;
  ASSERT_OK(perceiver_rt_pool_create(0, &pool));
  EXPECT_EQ(pool->worker_count, count);
  ASSERT_OK(perceiver_rt_pool_destroy(pool));
}
