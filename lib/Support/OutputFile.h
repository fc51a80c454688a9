//===- OutputFile.h - A file that is being written --------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_SUPPORT_OUTPUTFILE_H
#define PERCEIVER_LIB_SUPPORT_OUTPUTFILE_H

#include "lib/Support/Result.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace perceiver {

/// An open file that is written. A file-size limit (EFBIG) and a closed pipe
/// (EPIPE) are errors here, not signals. The first error stays: later calls
/// return it again, so it is enough to look at the end.
class OutputFile {
public:
  /// Takes over the descriptor; `name` is for diagnostics.
  OutputFile(int descriptor, std::string name)
      : descriptor(descriptor), name(std::move(name)) {}
  OutputFile(const OutputFile &) = delete;
  OutputFile &operator=(const OutputFile &) = delete;
  ~OutputFile();

  /// Write at the end.
  Status write(const void *data, size_t bytes);
  Status write(std::string_view text) {
    return write(text.data(), text.size());
  }

  /// Write over what is there.
  Status writeAt(uint64_t offset, const void *data, size_t bytes);

  /// Number of bytes written at the end so far.
  uint64_t size() const { return written; }

  /// Give the file the mode and, if that is allowed, the owner of another one.
  Status setModeAndOwner(unsigned mode, unsigned user, unsigned group);

  /// Bring everything to the disk.
  Status sync();

  /// Close the file; return the first error of all.
  Status close();

private:
  /// Keep an error from the system.
  Status fail(const char *what);

  int descriptor;
  std::string name;
  uint64_t written = 0;
  std::optional<Error> error;
};

} // namespace perceiver

#endif // PERCEIVER_LIB_SUPPORT_OUTPUTFILE_H
