//===- Publish.h - Writing several files at once ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TARGET_PUBLISH_H
#define PERCEIVER_LIB_TARGET_PUBLISH_H

#include "lib/Support/OutputFiles.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>
#include <vector>

namespace mlir::perceiver {

/// OutputFiles with LLVM's streams and errors: files that appear together or
/// not at all.
///
///   Publication outputs;
///   llvm::Expected<llvm::raw_pwrite_stream *> weights =
///       outputs.add("model.weights");
///   ...
///   **weights << data;
///   ...
///   if (llvm::Error error = outputs.commit()) ...
class Publication {
public:
  explicit Publication(const ::perceiver::OutputFilesOptions &options = {})
      : files(options) {}
  Publication(const Publication &) = delete;
  Publication &operator=(const Publication &) = delete;

  /// Begin a file. The stream lives until commit() or destruction; errors when
  /// writing to it are reported by commit().
  llvm::Expected<llvm::raw_pwrite_stream *> add(llvm::StringRef path);

  llvm::Error commit();

private:
  ::perceiver::OutputFiles files;
  /// They write to the files, so they go first.
  std::vector<std::unique_ptr<llvm::raw_pwrite_stream>> streams;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TARGET_PUBLISH_H
