//===- AtomicFile.h - Write a file entirely or not at all -------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TENSORFILE_ATOMICFILE_H
#define PERCEIVER_LIB_TENSORFILE_ATOMICFILE_H

#include "lib/TensorFile/Result.h"

#include <cstddef>
#include <functional>
#include <string>

namespace perceiver {

/// Where the body of writeFileAtomically writes to.
class FileSink {
public:
  virtual Status write(const void *data, size_t bytes) = 0;
  Status write(std::string_view text) {
    return write(text.data(), text.size());
  }

protected:
  ~FileSink() = default;
};

/// Replace the file at `path` with what `body` writes, or leave it as it was:
/// the bytes go to a temporary file in the same folder, which takes the name
/// once it is complete and on disk. A symbolic link is followed. What is not a
/// regular file (a FIFO, /dev/null) is written to directly.
///
/// While there is a temporary file, SIGINT, SIGTERM, SIGHUP and SIGQUIT wait in
/// the calling thread; one that arrives ends the writing, removes the file and
/// is delivered then. A file-size limit (EFBIG) and a closed pipe (EPIPE) are
/// errors, not signals.
Status writeFileAtomically(const std::string &path,
                           const std::function<Status(FileSink &)> &body);

} // namespace perceiver

#endif // PERCEIVER_LIB_TENSORFILE_ATOMICFILE_H
