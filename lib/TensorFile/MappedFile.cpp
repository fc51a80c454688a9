//===- MappedFile.cpp - A file mapped for reading -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/TensorFile/MappedFile.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace perceiver;

Result<std::shared_ptr<const MappedFile>>
MappedFile::open(const std::string &path) {
  if (path.find('\0') != std::string::npos)
    return Error{"a file name cannot hold a NUL byte", quote(path)};
  // Without O_NONBLOCK, opening a FIFO would wait for a writer.
  int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (fd < 0)
    return Error{std::string("cannot open: ") + std::strerror(errno), path};

  auto fail = [&](std::string message) {
    ::close(fd);
    return Error{std::move(message), path};
  };
  struct stat info;
  if (::fstat(fd, &info) != 0)
    return fail(std::string("cannot read: ") + std::strerror(errno));
  if (S_ISDIR(info.st_mode))
    return fail("is a directory, expected a file");
  if (!S_ISREG(info.st_mode))
    return fail("is not a regular file");
  if (info.st_size == 0)
    return fail("the file is empty");

  size_t size = static_cast<size_t>(info.st_size);
  void *data = ::mmap(nullptr, size, PROT_READ, MAP_SHARED, fd, 0);
  if (data == MAP_FAILED)
    return fail(std::string("cannot map: ") + std::strerror(errno));
  ::close(fd);
  return std::shared_ptr<const MappedFile>(
      new MappedFile(static_cast<const uint8_t *>(data), size));
}

MappedFile::~MappedFile() { ::munmap(const_cast<uint8_t *>(begin), bytes); }
