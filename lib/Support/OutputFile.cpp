//===- OutputFile.cpp - A file that is being written ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Support/OutputFile.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <ctime>
#include <functional>
#include <sys/stat.h>
#include <unistd.h>

using namespace perceiver;

namespace {

/// Turns the signals that write() raises in this thread into errors.
class SignalsAsErrors {
public:
  SignalsAsErrors() {
    sigemptyset(&blocked);
    pthread_sigmask(SIG_SETMASK, nullptr, &previous);
    for (int signal : {SIGXFSZ, SIGPIPE})
      if (!sigismember(&previous, signal))
        sigaddset(&blocked, signal);
    pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
  }

  ~SignalsAsErrors() {
    int error = errno;
    struct timespec now = {0, 0};
    while (sigtimedwait(&blocked, nullptr, &now) > 0)
      ;
    pthread_sigmask(SIG_SETMASK, &previous, nullptr);
    errno = error;
  }

private:
  sigset_t previous, blocked;
};

} // namespace

/// Call `write` for what is left, until nothing is; return whether it failed.
static bool
writeAll(const void *data, size_t bytes,
         const std::function<ssize_t(const char *, size_t)> &write) {
  SignalsAsErrors guard;
  for (const char *at = static_cast<const char *>(data); bytes != 0;) {
    ssize_t done = write(at, bytes);
    if (done < 0 && errno == EINTR)
      continue;
    if (done < 0)
      return false;
    at += done;
    bytes -= static_cast<size_t>(done);
  }
  return true;
}

OutputFile::~OutputFile() { (void)close(); }

Status OutputFile::fail(const char *what) {
  error = Error{std::string(what) + ": " + std::strerror(errno), name};
  return *error;
}

Status OutputFile::write(const void *data, size_t bytes) {
  if (error)
    return *error;
  if (writeAll(data, bytes, [&](const char *at, size_t left) {
        ssize_t done = ::write(descriptor, at, left);
        written += done > 0 ? static_cast<uint64_t>(done) : 0;
        return done;
      }))
    return success();
  (void)fail("cannot write");
  error->offset = written;
  return *error;
}

Status OutputFile::writeAt(uint64_t offset, const void *data, size_t bytes) {
  if (error)
    return *error;
  if (writeAll(data, bytes, [&](const char *at, size_t left) {
        ssize_t done =
            ::pwrite(descriptor, at, left, static_cast<off_t>(offset));
        offset += done > 0 ? static_cast<uint64_t>(done) : 0;
        return done;
      }))
    return success();
  return fail("cannot write");
}

Status OutputFile::setModeAndOwner(unsigned mode, unsigned user,
                                   unsigned group) {
  if (error)
    return *error;
  // Another's file that may be written becomes ours where it has to.
  if (user != ::geteuid() || group != ::getegid())
    (void)!::fchown(descriptor, user, group);
  if (::fchmod(descriptor, mode) != 0)
    return fail("cannot set the permissions");
  return success();
}

Status OutputFile::sync() {
  if (error)
    return *error;
  // EINVAL: a file system without this operation.
  if (::fsync(descriptor) != 0 && errno != EINVAL)
    return fail("cannot write");
  return success();
}

Status OutputFile::close() {
  if (descriptor >= 0 && ::close(descriptor) != 0 && !error)
    (void)fail("cannot write");
  descriptor = -1;
  if (error)
    return *error;
  return success();
}
