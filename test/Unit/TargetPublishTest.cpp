//===- TargetPublishTest.cpp - Files that appear together -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/Publish.h"

#include "OrdinaryUser.h"
#include "TargetTestSupport.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

#include <csignal>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::test;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

namespace {

struct PublicationTest : testing::Test {
  /// Begin a file with some text.
  void add(Publication &outputs, const std::string &path,
           llvm::StringRef content) {
    llvm::Expected<llvm::raw_pwrite_stream *> stream = outputs.add(path);
    ASSERT_TRUE(bool(stream)) << text(stream.takeError());
    **stream << content;
  }

  TemporaryDirectory directory;
};

TEST_F(PublicationTest, WritesAll) {
  Publication outputs;
  add(outputs, directory.file("model.weights"), "weights");
  add(outputs, directory.file("100%.so"), "code");
  EXPECT_EQ(text(outputs.commit()), "");
  EXPECT_EQ(readFile(directory.file("model.weights")), "weights");
  EXPECT_EQ(readFile(directory.file("100%.so")), "code");
  EXPECT_THAT(directory.names(), ElementsAre("100%.so", "model.weights"));
}

TEST_F(PublicationTest, FilesHaveThePermissionsOfOrdinaryFiles) {
  mode_t mask = ::umask(0027);
  {
    Publication outputs;
    add(outputs, directory.file("a"), "");
    EXPECT_EQ(text(outputs.commit()), "");
  }
  ::umask(mask);
  struct stat status;
  ASSERT_EQ(::stat(directory.file("a").c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
}

TEST_F(PublicationTest, LeavesNothingWithoutCommit) {
  writeFile(directory.file("a"), "old");
  {
    Publication outputs;
    add(outputs, directory.file("a"), "new");
    add(outputs, directory.file("b"), "new");
  }
  EXPECT_EQ(readFile(directory.file("a")), "old");
  EXPECT_THAT(directory.names(), ElementsAre("a"));
}

TEST_F(PublicationTest, RestoresOlderFilesWhenALaterOneFails) {
  writeFile(directory.file("a"), "old");
  Publication outputs;
  add(outputs, directory.file("a"), "new");
  add(outputs, directory.file("b"), "new");
  add(outputs, directory.file("c"), "new");
  // No file can replace a directory.
  ASSERT_EQ(::mkdir(directory.file("c").c_str(), 0700), 0);
  EXPECT_THAT(text(outputs.commit()), HasSubstr("cannot write "));
  EXPECT_EQ(readFile(directory.file("a")), "old");
  EXPECT_THAT(directory.names(), ElementsAre("a", "c"));
  ::rmdir(directory.file("c").c_str());
}

TEST_F(PublicationTest, FollowsLinks) {
  writeFile(directory.file("real"), "old");
  ASSERT_EQ(::symlink("real", directory.file("link").c_str()), 0);
  Publication outputs;
  add(outputs, directory.file("link"), "new");
  EXPECT_EQ(text(outputs.add(directory.file("real"))),
            "two outputs would go to " + directory.file("real"));
  EXPECT_EQ(text(outputs.commit()), "");
  EXPECT_EQ(readFile(directory.file("real")), "new");
  struct stat status;
  ASSERT_EQ(::lstat(directory.file("link").c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
}

TEST_F(PublicationTest, MakesWhatALinkPointsTo) {
  ASSERT_EQ(::symlink("new", directory.file("link").c_str()), 0);
  ASSERT_EQ(::symlink("self", directory.file("self").c_str()), 0);
  Publication outputs;
  add(outputs, directory.file("link"), "text");
  EXPECT_THAT(text(outputs.add(directory.file("self"))),
              HasSubstr("Too many levels of symbolic links"));
  EXPECT_EQ(text(outputs.commit()), "");
  EXPECT_EQ(readFile(directory.file("new")), "text");
  EXPECT_THAT(directory.names(), ElementsAre("link", "new", "self"));
  struct stat status;
  ASSERT_EQ(::lstat(directory.file("link").c_str(), &status), 0);
  EXPECT_TRUE(S_ISLNK(status.st_mode));
}

TEST_F(PublicationTest, SaysWhatCannotBeWritten) {
  Publication outputs;
  std::string missing = directory.file("missing") + "/model.so";
  EXPECT_EQ(text(outputs.add(missing)),
            "cannot write " + missing + ": No such file or directory");
  EXPECT_EQ(text(outputs.add(directory.path())),
            "cannot write " + directory.path() + ": Is a directory");
  EXPECT_EQ(text(outputs.add("")), "an output file has no name");
  ASSERT_EQ(::chmod(directory.path().c_str(), 0500), 0);
  asOrdinaryUser([&] {
    EXPECT_EQ(text(outputs.add(directory.file("a"))),
              "cannot write " + directory.file("a") + ": Permission denied");
  });
  ::chmod(directory.path().c_str(), 0700);
}

TEST_F(PublicationTest, ReportsFullDisks) {
  {
    Publication outputs;
    add(outputs, directory.file("a"), "new");
    add(outputs, "/dev/full", std::string(1 << 20, 'x'));
    EXPECT_EQ(text(outputs.commit()),
              "cannot write /dev/full: No space left on device");
  }
  EXPECT_THAT(directory.names(), IsEmpty());
}

TEST_F(PublicationTest, WritesToDevices) {
  Publication outputs;
  add(outputs, "/dev/null", "text");
  add(outputs, "/dev/null", "more");
  EXPECT_EQ(text(outputs.commit()), "");
}

TEST_F(PublicationTest, LeavesNothingAfterASignal) {
  writeFile(directory.file("a"), "old");
  pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    Publication outputs;
    add(outputs, directory.file("a"), "new");
    add(outputs, directory.file("b"), "new");
    ::raise(SIGTERM);
    ::_exit(0);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_THAT(directory.names(), ElementsAre("a"));
  EXPECT_EQ(readFile(directory.file("a")), "old");
}

} // namespace
