//===- Publish.h - Writing several files at once ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TARGET_PUBLISH_H
#define PERCEIVER_LIB_TARGET_PUBLISH_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

#include <memory>
#include <string>
#include <vector>

namespace mlir::perceiver {

/// Output files that appear together or not at all.
///
///   Publication outputs;
///   llvm::Expected<llvm::raw_pwrite_stream *> weights =
///       outputs.add("model.weights");
///   ...
///   **weights << data;
///   ...
///   if (llvm::Error error = outputs.commit()) ...
///
/// Each file grows beside its target under another name. commit() brings all to
/// the disk and then renames them, in the order of add(): whoever sees the last
/// one sees all. If anything fails, if commit() is not reached, or if a signal
/// ends the process before it, nothing is left behind and older files keep
/// their content. Targets that are no regular files, as /dev/null, are written
/// directly.
class Publication {
public:
  Publication();
  Publication(const Publication &) = delete;
  Publication &operator=(const Publication &) = delete;
  ~Publication();

  /// Begin a file. The stream lives until commit() or destruction; errors when
  /// writing to it are reported by commit().
  llvm::Expected<llvm::raw_pwrite_stream *> add(llvm::StringRef path);

  llvm::Error commit();

private:
  struct Output;

  llvm::Error checkTarget(llvm::StringRef name, llvm::StringRef target) const;
  llvm::Error finish(Output &output);
  llvm::Error rename(Output &output);
  void rollBack();

  std::vector<std::unique_ptr<Output>> outputs;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TARGET_PUBLISH_H
