//===- AtomicFile.cpp - Write a file entirely or not at all ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/AtomicFile.h"

#include <algorithm>
#include <cerrno>
#include <climits>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace perceiver;

/// Between two pieces of this size a waiting Ctrl-C is noticed.
constexpr size_t kPieceBytes = size_t(4) << 20;
constexpr int kTemporaryNames = 1000;

namespace {

/// Turns the signals that write() raises into errors and, where a temporary
/// file must not be left behind, holds back those that end the program.
class SignalGuard {
public:
  explicit SignalGuard(bool holdBack) {
    sigset_t blocked;
    sigemptyset(&blocked);
    sigemptyset(&watched);
    pthread_sigmask(SIG_SETMASK, nullptr, &previous);
    for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT}) {
      struct sigaction action;
      if (!holdBack || sigismember(&previous, signal) ||
          sigaction(signal, nullptr, &action) != 0 ||
          action.sa_handler == SIG_IGN)
        continue;
      sigaddset(&blocked, signal);
      sigaddset(&watched, signal);
    }
    for (int signal : {SIGXFSZ, SIGPIPE}) {
      if (sigismember(&previous, signal))
        continue;
      sigaddset(&blocked, signal);
      sigaddset(&dropped, signal);
    }
    pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  }

  ~SignalGuard() {
    // write() raised these in this thread and reported them through errno.
    struct timespec now = {0, 0};
    while (sigtimedwait(&dropped, nullptr, &now) > 0)
      ;
    pthread_sigmask(SIG_SETMASK, &previous, nullptr);
  }

  /// Return true if a signal that ends the program is waiting.
  bool interrupted() const {
    sigset_t pending;
    sigpending(&pending);
    for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT})
      if (sigismember(&watched, signal) && sigismember(&pending, signal))
        return true;
    return false;
  }

private:
  sigset_t previous;
  sigset_t watched;
  sigset_t dropped = emptySet();

  static sigset_t emptySet() {
    sigset_t set;
    sigemptyset(&set);
    return set;
  }
};

class DescriptorSink final : public FileSink {
public:
  DescriptorSink(int fd, const std::string &path, const SignalGuard &signals)
      : fd(fd), path(path), signals(signals) {}

  Status write(const void *data, size_t bytes) override {
    const char *at = static_cast<const char *>(data);
    while (bytes != 0) {
      if (signals.interrupted())
        return Error{"interrupted while writing", path};
      ssize_t done = ::write(fd, at, std::min(bytes, kPieceBytes));
      if (done < 0 && errno == EINTR)
        continue;
      if (done < 0)
        return Error{std::string("cannot write: ") + std::strerror(errno), path,
                     "", written};
      at += done;
      bytes -= static_cast<size_t>(done);
      written += static_cast<uint64_t>(done);
    }
    return success();
  }

private:
  int fd;
  const std::string &path;
  const SignalGuard &signals;
  uint64_t written = 0;
};

} // namespace

/// Return the part of `path` up to and with the last slash.
static std::string folderOf(const std::string &path) {
  size_t slash = path.rfind('/');
  return slash == std::string::npos ? "./" : path.substr(0, slash + 1);
}

static Error systemError(const char *what, const std::string &path,
                         int number = errno) {
  return Error{std::string(what) + ": " + std::strerror(number), path};
}

/// Follow symbolic links, so that the file they name is replaced, or made, and
/// not the link.
static Result<std::string> resolveLinks(const std::string &path) {
  constexpr int kMaxLinks = 40;
  std::string target = path;
  for (int i = 0; i < kMaxLinks; ++i) {
    char next[PATH_MAX];
    ssize_t length = ::readlink(target.c_str(), next, sizeof(next));
    if (length < 0)
      return target;
    if (length == sizeof(next))
      return systemError("cannot write", path, ENAMETOOLONG);
    std::string link(next, static_cast<size_t>(length));
    target = link.front() == '/' ? link : folderOf(target) + link;
  }
  return systemError("cannot write", path, ELOOP);
}

/// Write to the device or FIFO at `path`.
static Status writeThrough(const std::string &path,
                           const std::function<Status(FileSink &)> &body) {
  int fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
  if (fd < 0)
    return systemError("cannot open for writing", path);
  SignalGuard signals(/*holdBack=*/false);
  DescriptorSink sink(fd, path, signals);
  Status status = body(sink);
  if (::close(fd) != 0 && status)
    return systemError("cannot write", path);
  return status;
}

/// Create a file that did not exist, in `folder`; return its descriptor.
static int createTemporary(const std::string &folder, std::string &path) {
  for (int i = 0; i < kTemporaryNames; ++i) {
    path = folder + ".perceiver-" + std::to_string(::getpid()) + "-" +
           std::to_string(i) + ".tmp";
    // open() rather than mkstemp(), for the permissions the umask gives.
    int fd =
        ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0 || errno != EEXIST)
      return fd;
  }
  return -1;
}

Status
perceiver::writeFileAtomically(const std::string &path,
                               const std::function<Status(FileSink &)> &body) {
  if (path.empty() || path.find('\0') != std::string::npos)
    return Error{quote(path) + " is not a file name"};
  struct stat old;
  bool exists = ::stat(path.c_str(), &old) == 0;
  if (exists && S_ISDIR(old.st_mode))
    return Error{"is a directory, expected a file", path};
  if (exists && !S_ISREG(old.st_mode))
    return writeThrough(path, body);
  if (exists && ::access(path.c_str(), W_OK) != 0)
    return systemError("cannot write", path);

  Result<std::string> target = resolveLinks(path);
  if (!target)
    return target.error();
  std::string folder = folderOf(*target);
  SignalGuard signals(/*holdBack=*/true);
  std::string temporary;
  int fd = createTemporary(folder, temporary);
  if (fd < 0)
    return systemError("cannot create a file there", path);

  Status status = [&]() -> Status {
    DescriptorSink sink(fd, path, signals);
    if (Status written = body(sink); !written)
      return written;
    if (exists && ::fchmod(fd, old.st_mode & 0777) != 0)
      return systemError("cannot set the permissions", path);
    if (::fsync(fd) != 0)
      return systemError("cannot write", path);
    return success();
  }();
  if (::close(fd) != 0 && status)
    status = systemError("cannot write", path);
  if (status && ::rename(temporary.c_str(), target->c_str()) != 0)
    status = systemError("cannot rename the finished file", path);
  if (!status) {
    ::unlink(temporary.c_str());
    return status;
  }
  // Make the new name durable; a folder that cannot be synced is no failure.
  int folderFd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folderFd >= 0) {
    ::fsync(folderFd);
    ::close(folderFd);
  }
  return status;
}
