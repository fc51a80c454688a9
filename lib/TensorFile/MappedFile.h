//===- MappedFile.h - A file mapped for reading -----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TENSORFILE_MAPPEDFILE_H
#define PERCEIVER_LIB_TENSORFILE_MAPPEDFILE_H

#include "lib/Support/Result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace perceiver {

/// A regular file, mapped read-only and shared with other processes.
class MappedFile {
public:
  /// Fails for what is not a regular file, and for an empty one.
  static Result<std::shared_ptr<const MappedFile>>
  open(const std::string &path);

  MappedFile(const MappedFile &) = delete;
  MappedFile &operator=(const MappedFile &) = delete;
  ~MappedFile();

  const uint8_t *data() const { return begin; }
  size_t size() const { return bytes; }

private:
  MappedFile(const uint8_t *data, size_t size) : begin(data), bytes(size) {}

  const uint8_t *begin;
  size_t bytes;
};

} // namespace perceiver

#endif // PERCEIVER_LIB_TENSORFILE_MAPPEDFILE_H
