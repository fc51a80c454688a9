//===- TensorFileWriteTest.cpp - Writing files, and all or nothing --------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/AtomicFile.h"
#include "lib/TensorFile/Safetensors.h"
#include "lib/TensorFile/TensorFile.h"
#include "test/Unit/OrdinaryUser.h"
#include "test/Unit/TensorFileTestSupport.h"

#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

using namespace perceiver;
using namespace perceiver::test;

using TensorFileWriteTest = FileTest;

static const std::vector<float> kFloats = {1, 2, 3, 4, 5, 6};
static const std::vector<int64_t> kInts = {-1, 7};
static const std::vector<uint8_t> kBytes = {1, 0, 1};

static std::vector<TensorView> someTensors() {
  return {viewOf("mask", DType::BOOL, {3}, kBytes),
          viewOf("b \"quoted\"\n", DType::F32, {2, 3}, kFloats),
          viewOf("a", DType::F32, {6}, kFloats),
          viewOf("ids", DType::I64, {2, 1}, kInts),
          TensorView{"none", DType::F16, {0, 4}, nullptr, 0}};
}

TEST_F(TensorFileWriteTest, RoundTripsSafetensors) {
  Status written = writeSafetensors(path("x.safetensors"), someTensors(),
                                    {{"other", "a"}, {"format", "pt"}});
  ASSERT_TRUE(written) << written.error().str();
  Result<SafetensorsFile> read = SafetensorsFile::open(path("x.safetensors"));
  ASSERT_TRUE(read) << read.error().str();
  std::vector<std::string> order;
  for (const TensorView &view : read->tensors()) {
    order.push_back(view.name);
    EXPECT_TRUE(view.isAligned()) << view.name;
  }
  EXPECT_EQ(order, std::vector<std::string>(
                       {"ids", "a", "b \"quoted\"\n", "none", "mask"}));
  for (const TensorView &view : someTensors()) {
    const TensorView *back = read->find(view.name);
    ASSERT_NE(back, nullptr);
    EXPECT_EQ(back->dtype, view.dtype);
    EXPECT_EQ(back->shape, view.shape);
    EXPECT_EQ(contentOf(*back), contentOf(view));
  }
  EXPECT_EQ(read->find("other"), read->find("a"));
  EXPECT_EQ(read->metadata().at("format"), "pt");
}

TEST_F(TensorFileWriteTest, WritesTheSameBytesForTheSameTensors) {
  std::vector<TensorView> tensors = someTensors();
  ASSERT_TRUE(writeSafetensors(path("1"), tensors));
  std::swap(tensors[0], tensors[2]);
  ASSERT_TRUE(writeSafetensors(path("2"), tensors));
  EXPECT_EQ(readFile(path("1")), readFile(path("2")));
}

TEST_F(TensorFileWriteTest, RefusesToWriteWhatCannotBeRead) {
  auto error = [&](const std::vector<TensorView> &tensors,
                   const std::map<std::string, std::string> &metadata = {}) {
    Status written = writeSafetensors(path("x"), tensors, metadata);
    EXPECT_EQ(fileCount(), 0u);
    return written ? "" : written.error().str();
  };
  TensorView view = viewOf("a", DType::F32, {6}, kFloats);
  std::string prefix = path("x") + ": ";
  EXPECT_EQ(error({view, view}),
            prefix + "tensor 'a': there are two tensors with this name");
  EXPECT_EQ(error({view}, {{"a", "\xff"}}),
            prefix + "the metadata of 'a' is not valid UTF-8");
  view.shape = {7};
  EXPECT_EQ(error({view}),
            prefix + "tensor 'a': the shape [7] does not fit its 24 bytes");
  view.shape = {-6};
  EXPECT_EQ(error({view}),
            prefix + "tensor 'a': the shape [-6] does not fit its 24 bytes");
  view.shape = {6};
  view.name = "";
  EXPECT_EQ(error({view}), prefix + "a tensor has an empty name");
  view.name = "__metadata__";
  EXPECT_EQ(error({view}), prefix + "tensor '__metadata__': the name is "
                                    "reserved by the format");
  view.name = std::string("a\0b", 3);
  EXPECT_EQ(error({view}),
            prefix + "tensor 'a\\x00b': the name holds a NUL byte");
  view.name = "\xc0\x80";
  EXPECT_NE(error({view}).find("the name is not valid UTF-8"),
            std::string::npos);
}

TEST_F(TensorFileWriteTest, PicksTheFormatByTheSuffix) {
  std::vector<TensorView> one = {viewOf("a", DType::F32, {6}, kFloats)};
  for (const char *name : {"a.npy", "a.npz", "a.safetensors"}) {
    ASSERT_TRUE(writeTensors(path(name), one)) << name;
    // A name without suffix is read by its first bytes.
    std::filesystem::copy_file(
        path(name), path("a"),
        std::filesystem::copy_options::overwrite_existing);
    for (const char *readName : {name, "a"}) {
      Result<TensorSet> read = readTensors(path(readName));
      ASSERT_TRUE(read) << read.error().str();
      EXPECT_EQ(contentOf(*read->find("a")), bytesOf(kFloats));
    }
  }
  for (const char *name : {"a.txt", "a", "a.npy.gz", "a.NPZ", "npz"}) {
    Status refused = writeTensors(path(std::string("new-") + name), one);
    ASSERT_FALSE(refused) << name;
    EXPECT_EQ(refused.error().message,
              "expected a name that ends in .safetensors, .npz or .npy for an "
              "output");
    EXPECT_FALSE(std::filesystem::exists(path(std::string("new-") + name)));
  }
  Status two = writeTensors(path("b.npy"), someTensors());
  ASSERT_FALSE(two);
  EXPECT_EQ(two.error().str(), path("b.npy") +
                                   ": a .npy file holds one tensor, but there "
                                   "are 5; use .npz or .safetensors");
  Result<TensorSet> other = readTensors(writeFile("other", "some text here"));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().str(),
            path("other") + ": is not a .safetensors, .npz or .npy file");
}

TEST_F(TensorFileWriteTest, MergesFiles) {
  std::vector<TensorView> one = {viewOf("a", DType::F32, {6}, kFloats)};
  std::vector<TensorView> two = {viewOf("b", DType::F32, {6}, kFloats)};
  ASSERT_TRUE(writeSafetensors(path("1"), one, {{"x", "a"}}));
  ASSERT_TRUE(writeSafetensors(path("2"), two, {{"y", "b"}}));
  ASSERT_TRUE(writeSafetensors(path("3"), two, {{"a", "b"}}));
  TensorSet all;
  ASSERT_TRUE(all.merge(*readTensors(path("1")), path("1")));
  ASSERT_TRUE(all.merge(*readTensors(path("2")), path("2")));
  EXPECT_EQ(all.find("x"), &all.tensors()[0]);
  EXPECT_EQ(all.find("y"), &all.tensors()[1]);
  Status again = all.merge(*readTensors(path("1")), path("1"));
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().str(), path("1") +
                                     ": tensor 'a': an earlier file has "
                                     "a tensor of this name too");
  TensorSet aliased;
  ASSERT_TRUE(aliased.merge(*readTensors(path("1")), path("1")));
  EXPECT_FALSE(aliased.merge(*readTensors(path("3")), path("3")));
  TensorSet unread;
  ASSERT_TRUE(unread.addUnread({"u", "unsupported dtype 'U16'"}));
  EXPECT_FALSE(unread.add(viewOf("u", DType::F32, {6}, kFloats)));
  ASSERT_TRUE(all.merge(unread, path("4")));
  EXPECT_EQ(all.findUnread("u")->reason, "unsupported dtype 'U16'");
  EXPECT_FALSE(all.merge(unread, path("4")));
}

TEST_F(TensorFileWriteTest, LeavesNothingOnErrors) {
  Status failed = writeFileAtomically(path("x"), [](FileSink &sink) -> Status {
    if (Status status = sink.write("half of it"); !status)
      return status;
    return Error{"out of ideas"};
  });
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().str(), "out of ideas");
  EXPECT_EQ(fileCount(), 0u);

  writeFile("old", "content");
  EXPECT_FALSE(writeFileAtomically(
      path("old"), [](FileSink &) -> Status { return Error{"no"}; }));
  EXPECT_EQ(readFile(path("old")), "content");
  EXPECT_EQ(fileCount(), 1u);
}

TEST_F(TensorFileWriteTest, RefusesPlacesThatCannotBeWritten) {
  auto error = [&](const std::string &path) {
    Status written = writeSafetensors(path, {});
    return written ? "" : written.error().str();
  };
  EXPECT_EQ(error(folder.string()),
            folder.string() + ": is a directory, expected a file");
  EXPECT_EQ(error(path("no/file")),
            path("no/file") +
                ": cannot create a file there: No such file or directory");
  EXPECT_EQ(error(""), "'' is not a file name");
  writeFile("locked", "content");
  ::chmod(path("locked").c_str(), 0400);
  asOrdinaryUser([&] {
    EXPECT_EQ(error(path("locked")),
              path("locked") + ": cannot write: Permission denied");
  });
  ::chmod(folder.c_str(), 0500);
  asOrdinaryUser([&] {
    EXPECT_EQ(error(path("new")),
              path("new") + ": cannot create a file there: Permission denied");
  });
  ::chmod(folder.c_str(), 0700);
}

TEST_F(TensorFileWriteTest, ReportsAFileSizeLimit) {
  struct rlimit old;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  struct rlimit small = {100, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  // Without care, SIGXFSZ would end the program here.
  Status written = writeSafetensors(path("x"), someTensors());
  ::setrlimit(RLIMIT_FSIZE, &old);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().str(),
            path("x") + ": cannot write: File too large (at byte 100)");
  EXPECT_EQ(fileCount(), 0u);
}

TEST_F(TensorFileWriteTest, ReportsAFullDisk) {
  if (::access("/dev/full", W_OK) != 0)
    GTEST_SKIP() << "no /dev/full";
  Status written = writeSafetensors("/dev/full", someTensors());
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().str(),
            "/dev/full: cannot write: No space left on device (at byte 0)");
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/full"));
  EXPECT_TRUE(writeSafetensors("/dev/null", someTensors()));
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

TEST_F(TensorFileWriteTest, KeepsLinksAndPermissions) {
  std::string old = writeFile("old", "content");
  ASSERT_EQ(::chmod(old.c_str(), 0640), 0);
  std::filesystem::create_symlink("old", path("link"));
  ASSERT_TRUE(writeSafetensors(path("link"), someTensors()));
  EXPECT_TRUE(std::filesystem::is_symlink(path("link")));
  ASSERT_TRUE(readTensors(old));
  struct stat info;
  ASSERT_EQ(::stat(old.c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640u);
  EXPECT_EQ(fileCount(), 2u);

  mode_t mask = ::umask(027);
  ASSERT_TRUE(writeSafetensors(path("new"), someTensors()));
  ::umask(mask);
  ASSERT_EQ(::stat(path("new").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 0777, 0640u);
}

TEST_F(TensorFileWriteTest, MakesWhatALinkPointsTo) {
  std::filesystem::create_directory(path("folder"));
  std::filesystem::create_symlink("folder/second", path("first"));
  std::filesystem::create_symlink("new", path("folder/second"));
  ASSERT_TRUE(writeSafetensors(path("first"), someTensors()));
  EXPECT_TRUE(std::filesystem::is_symlink(path("first")));
  EXPECT_TRUE(std::filesystem::is_symlink(path("folder/second")));
  EXPECT_TRUE(readTensors(path("folder/new")));
  std::filesystem::create_symlink("self", path("self"));
  EXPECT_FALSE(writeSafetensors(path("self"), someTensors()));
  EXPECT_TRUE(std::filesystem::is_symlink(path("self")));
}

TEST_F(TensorFileWriteTest, CtrlCLeavesNothing) {
  pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::signal(SIGINT, SIG_DFL);
    Status written =
        writeFileAtomically(path("x"), [](FileSink &sink) -> Status {
          Status first = sink.write("half of it");
          ::raise(SIGINT); // Waits until the temporary file is gone.
          return first ? sink.write("the rest") : first;
        });
    ::_exit(written ? 1 : 2); // Not reached: the signal is delivered first.
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGINT);
  EXPECT_EQ(fileCount(), 0u);
}

/// Return how a child ends that writes to the FIFO `path` while `reader` runs.
template <typename Reader>
static int writeToFifo(const std::string &path, Reader reader) {
  pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGINT, SIG_DFL);
    std::string text(1 << 20, 'x');
    ::_exit(writeFileAtomically(
                path, [&](FileSink &sink) { return sink.write(text); })
                ? 0
                : 1);
  }
  int fd = ::open(path.c_str(), O_RDONLY);
  reader(fd, child);
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

TEST_F(TensorFileWriteTest, WritesToPipes) {
  ASSERT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
  size_t total = 0;
  int status = writeToFifo(path("fifo"), [&](int fd, pid_t) {
    char buffer[4096];
    for (ssize_t count; (count = ::read(fd, buffer, sizeof(buffer))) > 0;)
      total += static_cast<size_t>(count);
    ::close(fd);
  });
  EXPECT_EQ(total, size_t(1) << 20);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0);
  // A reader that goes away is an error and no SIGPIPE.
  status = writeToFifo(path("fifo"), [](int fd, pid_t) { ::close(fd); });
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 1);
  // Ctrl-C works while nobody reads.
  status = writeToFifo(path("fifo"), [](int fd, pid_t child) {
    char byte;
    EXPECT_EQ(::read(fd, &byte, 1), 1);
    ::kill(child, SIGINT);
    siginfo_t info;
    EXPECT_EQ(
        ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOWAIT), 0);
    ::close(fd);
  });
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT);
  EXPECT_TRUE(std::filesystem::is_fifo(path("fifo")));
}

TEST_F(TensorFileWriteTest, IgnoredSignalsDoNotInterrupt) {
  auto old = ::signal(SIGHUP, SIG_IGN);
  Status written = writeFileAtomically(path("x"), [](FileSink &sink) {
    ::raise(SIGHUP);
    return sink.write("all of it");
  });
  ::signal(SIGHUP, old);
  EXPECT_TRUE(written);
  EXPECT_EQ(readFile(path("x")), "all of it");
}
