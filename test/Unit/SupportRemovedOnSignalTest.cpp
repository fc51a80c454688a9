//===- SupportRemovedOnSignalTest.cpp - Files that a signal removes -------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Support/RemovedOnSignal.h"

#include "lib/Support/OutputFiles.h"
#include "lib/Support/TemporaryFile.h"
#include "test/Unit/FileTest.h"

#include <csignal>
#include <functional>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>

using namespace perceiver;
using namespace perceiver::test;

using Names = std::vector<std::string>;

using RemovedOnSignalTest = FileTest;

/// Return how a process ends that does `body` and then exits with 0.
static int inProcess(const std::function<void()> &body) {
  pid_t child = ::fork();
  if (child == 0) {
    struct rlimit none = {0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    body();
    ::_exit(0);
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return status;
}

static bool isDefault(int number) {
  struct sigaction action;
  return sigaction(number, nullptr, &action) == 0 &&
         action.sa_handler == SIG_DFL;
}

TEST_F(RemovedOnSignalTest, LeavesNothingAfterASignal) {
  writeFile("a", "old");
  for (int number : {SIGHUP, SIGINT, SIGQUIT, SIGTERM}) {
    int status = inProcess([&] {
      std::signal(number, SIG_DFL);
      OutputFiles files;
      (void)(*files.add(path("a")))->write("new");
      (void)(*files.add(path("b")))->write("new");
      std::raise(number);
    });
    EXPECT_TRUE(WIFSIGNALED(status));
    EXPECT_EQ(WTERMSIG(status), number);
    EXPECT_EQ(fileNames(), Names({"a"}));
    EXPECT_EQ(readFile(path("a")), "old");
  }
}

TEST_F(RemovedOnSignalTest, SignalsMayArriveOnAnyThread) {
  int status = inProcess([&] {
    std::signal(SIGTERM, SIG_DFL);
    OutputFiles files;
    (void)files.add(path("a"));
    std::thread([] { ::raise(SIGTERM); }).join();
  });
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
  EXPECT_EQ(fileNames(), Names());
}

TEST_F(RemovedOnSignalTest, IgnoredSignalsChangeNothing) {
  int status = inProcess([&] {
    std::signal(SIGHUP, SIG_IGN);
    OutputFiles files;
    (void)(*files.add(path("a")))->write("all of it");
    std::raise(SIGHUP);
    if (!files.commit())
      ::_exit(1);
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(readFile(path("a")), "all of it");
}

static volatile sig_atomic_t caught = 0;

TEST_F(RemovedOnSignalTest, TheProgramsOwnHandlersStay) {
  int status = inProcess([&] {
    std::signal(SIGINT, [](int) { caught = 1; });
    OutputFiles files;
    (void)(*files.add(path("a")))->write("all of it");
    std::raise(SIGINT);
    if (!files.commit() || !caught)
      ::_exit(1);
  });
  EXPECT_EQ(status, 0);
  EXPECT_EQ(readFile(path("a")), "all of it");
}

TEST_F(RemovedOnSignalTest, HandlersGoWithTheLastFile) {
  int status = inProcess([&] {
    std::signal(SIGTERM, SIG_DFL);
    {
      OutputFiles one;
      (void)one.add(path("a"));
      {
        OutputFiles two;
        (void)two.add(path("b"));
      }
      if (isDefault(SIGTERM))
        ::_exit(1);
      if (!one.commit())
        ::_exit(2);
    }
    if (!isDefault(SIGTERM))
      ::_exit(3);
  });
  EXPECT_EQ(status, 0);
}

TEST_F(RemovedOnSignalTest, SignalsCanWait) {
  int status = inProcess([&] {
    std::signal(SIGTERM, SIG_DFL);
    OutputFiles files;
    (void)files.add(path("unfinished"));
    {
      SignalDelay delay;
      std::raise(SIGTERM);
      if (fileNames().empty())
        ::_exit(1);
      writeFile("after the signal", "");
    }
  });
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
  EXPECT_EQ(fileNames(), Names({"after the signal"}));
}

TEST_F(RemovedOnSignalTest, AChildLeavesItsParentsFilesAlone) {
  int descriptor;
  std::optional<TemporaryFile> file =
      TemporaryFile::create(folder.string(), ".tmp", 0600, descriptor);
  ASSERT_TRUE(file);
  ::close(descriptor);
  int status = inProcess([&] {
    OutputFiles files;
    (void)files.add(path("a"));
    std::raise(SIGTERM);
  });
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGTERM);
  EXPECT_EQ(fileNames().size(), 1u);
  file.reset();
  EXPECT_EQ(fileNames(), Names());
}

TEST_F(RemovedOnSignalTest, FilesCanGoWithoutASignal) {
  int status = inProcess([&] {
    OutputFiles files;
    (void)files.add(path("a"));
    (void)files.add(path("b"));
    removeUnfinishedFiles();
    ::_exit(fileNames().empty() ? 0 : 1);
  });
  EXPECT_EQ(status, 0);
}
