//===- OutputFiles.h - Files that appear together or not at all -*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_SUPPORT_OUTPUTFILES_H
#define PERCEIVER_LIB_SUPPORT_OUTPUTFILES_H

#include "lib/Support/OutputFile.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace perceiver {

struct OutputFilesOptions {
  /// Bring content and names to the disk, so that a power cut loses nothing.
  bool durable = true;
};

/// Output files that appear together or not at all. All files that a user asks
/// for are written by this class.
///
/// * Each grows in the folder of its target under a short name of its own.
///   commit() renames all, in the order of add(): whoever sees the last one
///   sees all. If anything fails before that, if commit() is not reached, or if
///   a signal ends the process, nothing is left and older files keep their
///   content. A signal that arrives while commit() renames waits for its end.
/// * What may not be written is refused: a read-only file, even in a folder
///   that is not. An older file's permissions and, where possible, its owner
///   stay; a new file has those that the umask gives.
/// * A symbolic link stays, and what it points to is replaced or made.
/// * What is no regular file (/dev/null, a FIFO) is written to directly.
class OutputFiles {
public:
  explicit OutputFiles(const OutputFilesOptions &options = {});
  OutputFiles(OutputFiles &&) = delete;
  ~OutputFiles();

  /// Begin a file. It lives until commit() or destruction; errors when it is
  /// written are also those of commit().
  Result<OutputFile *> add(const std::string &path);

  /// Finish all files and give them their names.
  Status commit();

private:
  struct Entry;

  Result<std::unique_ptr<Entry>> open(const std::string &path);
  Status finish(Entry &entry);
  Status publish(Entry &entry);
  void rollBack();

  OutputFilesOptions options;
  std::vector<std::unique_ptr<Entry>> entries;
};

/// Refuse what OutputFiles would refuse, before there is something to write.
Status verifyWritable(const std::string &path);

/// Replace the file at `path` with what `body` writes, or leave it as it was.
Status writeFileAtomically(const std::string &path,
                           const std::function<Status(OutputFile &)> &body);

} // namespace perceiver

#endif // PERCEIVER_LIB_SUPPORT_OUTPUTFILES_H
