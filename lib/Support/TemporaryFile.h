//===- TemporaryFile.h - A file that vanishes -------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_SUPPORT_TEMPORARYFILE_H
#define PERCEIVER_LIB_SUPPORT_TEMPORARYFILE_H

#include "lib/Support/RemovedOnSignal.h"

#include <memory>
#include <optional>
#include <string>

namespace perceiver {

/// The name of a file that is removed with this object, and when a signal ends
/// the process, unless it has been renamed.
class TemporaryFile {
public:
  /// Create `<folder>/.perceiver-<random><suffix>` with the permissions `mode`,
  /// but for those that the umask takes, and open it for writing; the caller
  /// closes `descriptor`. Nothing: it could not, and errno says why.
  static std::optional<TemporaryFile> create(const std::string &folder,
                                             const std::string &suffix,
                                             unsigned mode, int &descriptor);

  TemporaryFile(TemporaryFile &&) = default;
  ~TemporaryFile();

  const std::string &path() const { return name; }

  /// Give the file the name `target`, in place of a file that has it; it stays.
  /// False: it could not, and errno says why.
  bool rename(const std::string &target);

private:
  explicit TemporaryFile(std::string name);

  std::string name;
  /// Null once the file is somebody else's.
  std::unique_ptr<RemovedOnSignal> removed;
};

} // namespace perceiver

#endif // PERCEIVER_LIB_SUPPORT_TEMPORARYFILE_H
