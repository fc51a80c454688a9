//===- TemporaryFile.cpp - A file that vanishes ---------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/TemporaryFile.h"

#include "lib/Support/OutputFile.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"

#include <cerrno>

using ::perceiver::OutputFile;
using ::perceiver::TemporaryFile;

llvm::Expected<TemporaryFile>
mlir::perceiver::makeTemporaryFile(llvm::StringRef suffix,
                                   llvm::StringRef content) {
  llvm::SmallString<128> folder;
  llvm::sys::path::system_temp_directory(/*ErasedOnReboot=*/true, folder);
  int descriptor;
  std::optional<TemporaryFile> file = TemporaryFile::create(
      folder.str().str(), suffix.str(), /*mode=*/0600, descriptor);
  if (!file) {
    std::error_code error(errno, std::generic_category());
    return llvm::createStringError(error, "cannot make a temporary file in " +
                                              folder + ": " + error.message());
  }
  OutputFile output(descriptor, file->path());
  (void)output.write(content);
  if (::perceiver::Status closed = output.close(); !closed)
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   closed.error().str());
  return std::move(*file);
}
