//===- SupportOutputFilesTest.cpp - Files that appear together ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Support/OutputFiles.h"

#include "test/Unit/FileTest.h"
#include "test/Unit/OrdinaryUser.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace perceiver;
using namespace perceiver::test;

using Names = std::vector<std::string>;

namespace {

class OutputFilesTest : public FileTest {
protected:
  /// Begin a file with some text.
  static void add(OutputFiles &files, const std::string &path,
                  std::string_view content) {
    Result<OutputFile *> file = files.add(path);
    ASSERT_TRUE(file) << file.error().str();
    EXPECT_TRUE((*file)->write(content));
  }

  static std::string errorOf(const Status &status) {
    return status ? "" : status.error().str();
  }

  static std::string errorOf(OutputFiles &files, const std::string &path) {
    Result<OutputFile *> file = files.add(path);
    return file ? "" : file.error().str();
  }

  /// Write a file alone; return the error, which is known before.
  static std::string write(const std::string &path,
                           std::string_view content = "new") {
    std::string before = errorOf(verifyWritable(path));
    std::string error = errorOf(writeFileAtomically(
        path, [&](OutputFile &file) { return file.write(content); }));
    EXPECT_EQ(before, error.find("File too large") == error.npos ? error : "");
    return error;
  }

  static struct stat statusOf(const std::string &path) {
    struct stat status = {};
    EXPECT_EQ(::stat(path.c_str(), &status), 0) << path;
    return status;
  }
};

} // namespace

//===----------------------------------------------------------------------===//
// Together or not at all
//===----------------------------------------------------------------------===//

TEST_F(OutputFilesTest, WritesAll) {
  for (bool durable : {true, false}) {
    OutputFiles files({durable});
    add(files, path("model.weights"), "weights");
    add(files, path("100%.so"), "code");
    EXPECT_EQ(errorOf(files.commit()), "");
    EXPECT_EQ(readFile(path("model.weights")), "weights");
    EXPECT_EQ(readFile(path("100%.so")), "code");
    EXPECT_EQ(fileNames(), Names({"100%.so", "model.weights"}));
  }
}

TEST_F(OutputFilesTest, WritesOverWhatIsThere) {
  OutputFiles files;
  Result<OutputFile *> file = files.add(path("a"));
  ASSERT_TRUE(file);
  EXPECT_TRUE((*file)->write("12345"));
  EXPECT_TRUE((*file)->writeAt(1, "xy", 2));
  EXPECT_TRUE((*file)->write("67"));
  EXPECT_EQ((*file)->size(), 7u);
  EXPECT_EQ(errorOf(files.commit()), "");
  EXPECT_EQ(readFile(path("a")), "1xy4567");
}

TEST_F(OutputFilesTest, LeavesNothingWithoutCommit) {
  writeFile("a", "old");
  {
    OutputFiles files;
    add(files, path("a"), "new");
    add(files, path("b"), "new");
  }
  EXPECT_EQ(readFile(path("a")), "old");
  EXPECT_EQ(fileNames(), Names({"a"}));
  EXPECT_EQ(errorOf(writeFileAtomically(
                path("a"), [](OutputFile &) -> Status { return Error{"no"}; })),
            "no");
  EXPECT_EQ(readFile(path("a")), "old");
  EXPECT_EQ(fileNames(), Names({"a"}));
}

TEST_F(OutputFilesTest, RestoresOlderFilesWhenALaterOneFails) {
  writeFile("a", "old");
  OutputFiles files;
  add(files, path("a"), "new");
  add(files, path("b"), "new");
  add(files, path("c"), "new");
  // No file can replace a directory.
  std::filesystem::create_directory(path("c"));
  EXPECT_EQ(errorOf(files.commit()),
            path("c") + ": cannot write: Is a directory");
  EXPECT_EQ(readFile(path("a")), "old");
  EXPECT_EQ(fileNames(), Names({"a", "c"}));
}

TEST_F(OutputFilesTest, NamesMayBeAsLongAsTheFileSystemAllows) {
  for (size_t length : {236, 247, 255}) {
    std::string name = path(std::string(length, 'n'));
    EXPECT_EQ(write(name, "old"), "");
    EXPECT_EQ(write(name, "new"), "");
    EXPECT_EQ(readFile(name), "new");
  }
  std::string name = path(std::string(256, 'n'));
  EXPECT_EQ(write(name), name + ": cannot write: File name too long");
  EXPECT_EQ(fileNames().size(), 3u);
}

//===----------------------------------------------------------------------===//
// Permissions and links
//===----------------------------------------------------------------------===//

TEST_F(OutputFilesTest, NewFilesFollowTheUmask) {
  mode_t mask = ::umask(0027);
  EXPECT_EQ(write(path("a")), "");
  ::umask(mask);
  EXPECT_EQ(statusOf(path("a")).st_mode & 0777, 0640u);
}

TEST_F(OutputFilesTest, OlderFilesKeepTheirPermissionsAndOwner) {
  writeFile("a", "old");
  for (unsigned mode : {0600u, 0666u, 0755u}) {
    ASSERT_EQ(::chmod(path("a").c_str(), mode), 0);
    EXPECT_EQ(write(path("a")), "");
    EXPECT_EQ(statusOf(path("a")).st_mode & 0777, mode);
  }
  if (::chown(path("a").c_str(), 12345, 54321) != 0)
    GTEST_SKIP() << "only the superuser can give files away";
  EXPECT_EQ(write(path("a"), "more"), "");
  EXPECT_EQ(readFile(path("a")), "more");
  EXPECT_EQ(statusOf(path("a")).st_uid, 12345u);
  EXPECT_EQ(statusOf(path("a")).st_gid, 54321u);
}

TEST_F(OutputFilesTest, RefusesReadOnlyFiles) {
  writeFile("locked", "old");
  ASSERT_EQ(::chmod(path("locked").c_str(), 0444), 0);
  std::filesystem::create_symlink("locked", path("link"));
  asOrdinaryUser([&] {
    OutputFiles files;
    add(files, path("a"), "new");
    for (const char *name : {"locked", "link"})
      EXPECT_EQ(errorOf(files, path(name)),
                path(name) + ": cannot write: Permission denied");
  });
  EXPECT_EQ(readFile(path("locked")), "old");
  std::filesystem::remove(path("link"));
  if (::geteuid() == 0) {
    EXPECT_EQ(write(path("locked")), "");
    EXPECT_EQ(statusOf(path("locked")).st_mode & 0777, 0444u);
  }
  ASSERT_EQ(::chmod(folder.c_str(), 0500), 0);
  asOrdinaryUser([&] {
    EXPECT_EQ(write(path("new")),
              path("new") + ": cannot create a file there: Permission denied");
  });
  ASSERT_EQ(::chmod(folder.c_str(), 0700), 0);
}

TEST_F(OutputFilesTest, SaysWhatCannotBeWritten) {
  EXPECT_EQ(write(folder),
            folder.string() + ": is a directory, expected a file");
  EXPECT_EQ(write(path("no/file")),
            path("no/file") +
                ": cannot create a file there: No such file or directory");
  EXPECT_EQ(write(""), "'' is not a file name");
  EXPECT_EQ(write(std::string("a\0b", 3)), "'a\\x00b' is not a file name");
}

TEST_F(OutputFilesTest, FollowsLinks) {
  writeFile("real", "old");
  std::filesystem::create_symlink("real", path("link"));
  OutputFiles files;
  add(files, path("link"), "new");
  EXPECT_EQ(errorOf(files, path("real")),
            path("real") + ": two outputs would go to this file");
  EXPECT_EQ(errorOf(files.commit()), "");
  EXPECT_EQ(readFile(path("real")), "new");
  EXPECT_TRUE(std::filesystem::is_symlink(path("link")));
}

TEST_F(OutputFilesTest, MakesWhatALinkPointsTo) {
  std::filesystem::create_directory(path("folder"));
  std::filesystem::create_symlink("folder/second", path("first"));
  std::filesystem::create_symlink("new", path("folder/second"));
  std::filesystem::create_directory_symlink("folder", path("other"));
  OutputFiles files;
  add(files, path("first"), "text");
  EXPECT_EQ(errorOf(files, path("other/new")),
            path("other/new") + ": two outputs would go to this file");
  EXPECT_EQ(errorOf(files.commit()), "");
  EXPECT_TRUE(std::filesystem::is_symlink(path("first")));
  EXPECT_TRUE(std::filesystem::is_symlink(path("folder/second")));
  EXPECT_EQ(readFile(path("folder/new")), "text");
  std::filesystem::create_symlink("self", path("self"));
  EXPECT_EQ(write(path("self")),
            path("self") + ": cannot write: Too many levels of symbolic links");
  EXPECT_TRUE(std::filesystem::is_symlink(path("self")));
}

//===----------------------------------------------------------------------===//
// Limits, devices and pipes
//===----------------------------------------------------------------------===//

TEST_F(OutputFilesTest, ReportsAFileSizeLimit) {
  struct rlimit old;
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  struct rlimit small = {100, old.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_FSIZE, &small), 0);
  // Without care, SIGXFSZ would end the program here.
  std::string error = write(path("x"), std::string(200, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &old);
  EXPECT_EQ(error, path("x") + ": cannot write: File too large (at byte 100)");
  EXPECT_EQ(fileNames(), Names());
}

TEST_F(OutputFilesTest, ReportsAFullDisk) {
  if (::access("/dev/full", W_OK) != 0)
    GTEST_SKIP() << "no /dev/full";
  OutputFiles files;
  add(files, path("a"), "new");
  Result<OutputFile *> full = files.add("/dev/full");
  ASSERT_TRUE(full);
  std::string error =
      "/dev/full: cannot write: No space left on device (at byte 0)";
  EXPECT_EQ(errorOf((*full)->write("text")), error);
  EXPECT_EQ(errorOf((*full)->writeAt(0, "t", 1)), error);
  EXPECT_EQ(errorOf(files.commit()), error);
  EXPECT_EQ(fileNames(), Names());
}

TEST_F(OutputFilesTest, WritesToDevices) {
  OutputFiles files;
  add(files, "/dev/null", "text");
  add(files, "/dev/null", "more");
  EXPECT_EQ(errorOf(files.commit()), "");
  EXPECT_TRUE(std::filesystem::is_character_file("/dev/null"));
}

/// Write a megabyte to a FIFO from another process; return how that ended.
template <typename Reader>
static int writeToFifo(const std::string &path, Reader reader) {
  pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGINT, SIG_DFL);
    std::string text(1 << 20, 'x');
    ::_exit(writeFileAtomically(
                path, [&](OutputFile &file) { return file.write(text); })
                ? 0
                : 1);
  }
  int fd = ::open(path.c_str(), O_RDONLY);
  reader(fd, child);
  int status = 0;
  ::waitpid(child, &status, 0);
  return status;
}

TEST_F(OutputFilesTest, WritesToPipes) {
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
