//===- TemporaryFile.cpp - A file that vanishes ---------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/TemporaryFile.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Signals.h"
#include "llvm/Support/raw_ostream.h"

using namespace mlir::perceiver;

static std::error_code createTemporary(llvm::StringRef suffix, int &descriptor,
                                       llvm::SmallVectorImpl<char> &path) {
  namespace fs = llvm::sys::fs;
  constexpr int kAttempts = 128;
  std::error_code error;
  for (int i = 0; i < kAttempts; ++i) {
    error = fs::getPotentiallyUniqueTempFileName("perceiver", suffix, path);
    if (error)
      break;
    llvm::StringRef name(path.data(), path.size());
    // Before the file is there, so that no signal comes in between.
    llvm::sys::RemoveFileOnSignal(name);
    error = fs::openFileForWrite(name, descriptor, fs::CD_CreateNew,
                                 fs::OF_None, fs::owner_read | fs::owner_write);
    if (!error)
      break;
    llvm::sys::DontRemoveFileOnSignal(name);
    if (error != std::errc::file_exists)
      break;
  }
  return error;
}

llvm::Expected<TemporaryFile> TemporaryFile::create(llvm::StringRef suffix,
                                                    llvm::StringRef content) {
  llvm::SmallString<128> path;
  int descriptor;
  if (std::error_code error = createTemporary(suffix, descriptor, path)) {
    llvm::SmallString<128> directory;
    llvm::sys::path::system_temp_directory(/*ErasedOnReboot=*/true, directory);
    return llvm::createStringError(error, "cannot make a temporary file in " +
                                              directory + ": " +
                                              error.message());
  }
  TemporaryFile file(path.str().str());
  llvm::raw_fd_ostream os(descriptor, /*shouldClose=*/true);
  os << content;
  os.close();
  if (std::error_code error = os.error()) {
    os.clear_error();
    return llvm::createStringError(error, "cannot write " + file.path() + ": " +
                                              error.message());
  }
  return file;
}

TemporaryFile::~TemporaryFile() {
  if (name.empty())
    return;
  llvm::sys::fs::remove(name);
  llvm::sys::DontRemoveFileOnSignal(name);
}
