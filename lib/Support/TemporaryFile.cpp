//===- TemporaryFile.cpp - A file that vanishes ---------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Support/TemporaryFile.h"

#include <cerrno>
#include <cinttypes>
#include <cstdint>
#include <cstdio>
#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

using namespace perceiver;

TemporaryFile::TemporaryFile(std::string name)
    : name(std::move(name)),
      removed(std::make_unique<RemovedOnSignal>(this->name)) {}

std::optional<TemporaryFile> TemporaryFile::create(const std::string &folder,
                                                   const std::string &suffix,
                                                   unsigned mode,
                                                   int &descriptor) {
  constexpr int kAttempts = 128;
  for (int i = 0; i < kAttempts; ++i) {
    uint64_t number = 0;
    if (::getrandom(&number, sizeof(number), 0) != sizeof(number))
      return std::nullopt;
    // Short, and not made from the output's name, which may be as long as the
    // file system allows.
    char name[40];
    std::snprintf(name, sizeof(name), "/.perceiver-%016" PRIx64, number);
    TemporaryFile file(folder + name + suffix);
    // open() rather than mkstemp(), for the permissions that the umask gives.
    descriptor = ::open(file.name.c_str(),
                        O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (descriptor >= 0)
      return file;
    file.removed.reset();
    if (errno != EEXIST)
      break;
  }
  return std::nullopt;
}

TemporaryFile::~TemporaryFile() {
  if (removed)
    ::unlink(name.c_str());
}

bool TemporaryFile::rename(const std::string &target) {
  if (::rename(name.c_str(), target.c_str()) != 0)
    return false;
  removed.reset();
  return true;
}
