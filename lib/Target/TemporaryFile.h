//===- TemporaryFile.h - A file that vanishes -------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TARGET_TEMPORARYFILE_H
#define PERCEIVER_LIB_TARGET_TEMPORARYFILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

#include <string>

namespace mlir::perceiver {

/// A file in the system's directory for temporary files. It is removed with
/// this object, and when a signal ends the process.
class TemporaryFile {
public:
  /// The name is new and ends with `suffix`.
  static llvm::Expected<TemporaryFile> create(llvm::StringRef suffix,
                                              llvm::StringRef content);

  TemporaryFile(TemporaryFile &&other) : name(std::move(other.name)) {
    other.name.clear();
  }
  TemporaryFile &operator=(TemporaryFile &&) = delete;
  ~TemporaryFile();

  const std::string &path() const { return name; }

private:
  explicit TemporaryFile(std::string name) : name(std::move(name)) {}

  std::string name;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TARGET_TEMPORARYFILE_H
