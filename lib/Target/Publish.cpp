//===- Publish.cpp - Writing several files at once ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/Publish.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/Signals.h"

#include <cerrno>
#include <climits>
#include <fcntl.h>
#include <unistd.h>

using namespace mlir;
using namespace mlir::perceiver;
namespace fs = llvm::sys::fs;

struct Publication::Output {
  /// What the caller calls it.
  std::string name;
  /// Where it goes: the same, without symbolic links.
  std::string target;
  /// The file that is being written; empty if that is the target itself.
  std::string temporary;
  /// Another name of the target's older content, once it has been replaced.
  std::string backup;
  std::unique_ptr<llvm::raw_fd_ostream> stream;
  int descriptor = -1;
  bool renamed = false;
};

static llvm::Error fail(const llvm::Twine &action, llvm::StringRef path,
                        std::error_code code) {
  return llvm::createStringError(code, "cannot " + action + " " + path + ": " +
                                           code.message());
}

static std::error_code lastError() {
  return std::error_code(errno, std::generic_category());
}

static llvm::StringRef directoryOf(llvm::StringRef path) {
  llvm::StringRef directory = llvm::sys::path::parent_path(path);
  return directory.empty() ? "." : directory;
}

/// Remove a file if there is one; what cannot be removed is left.
static void removeFile(std::string &path) {
  if (path.empty())
    return;
  fs::remove(path);
  llvm::sys::DontRemoveFileOnSignal(path);
  path.clear();
}

Publication::Publication() = default;

Publication::~Publication() { rollBack(); }

/// The file that `path` stands for: a link stays, and what it points to is
/// changed or made.
static llvm::Expected<std::string> resolve(llvm::StringRef path) {
  constexpr int kMaxLinks = 40;
  std::string file = path.str();
  for (int i = 0; i < kMaxLinks; ++i) {
    llvm::SmallString<128> real;
    if (!fs::real_path(file, real))
      return real.str().str();
    char next[PATH_MAX];
    ssize_t length = ::readlink(file.c_str(), next, sizeof(next));
    if (length < 0 || length == sizeof(next)) {
      if (std::error_code code = fs::real_path(directoryOf(file), real))
        return fail("write", path, code);
      llvm::sys::path::append(real, llvm::sys::path::filename(file));
      return real.str().str();
    }
    llvm::StringRef link(next, length);
    file = llvm::sys::path::is_absolute(link)
               ? link.str()
               : (directoryOf(file) + "/" + link).str();
  }
  return fail("write", path,
              std::make_error_code(std::errc::too_many_symbolic_link_levels));
}

/// Create `target` with something appended to its name. (createUniqueFile would
/// replace the percent signs of a user's path.)
static std::error_code createBeside(llvm::StringRef target, int &descriptor,
                                    std::string &name) {
  constexpr int kAttempts = 128;
  std::error_code code;
  for (int i = 0; i < kAttempts; ++i) {
    unsigned number = llvm::sys::Process::GetRandomNumber();
    name = (target + "." + llvm::utohexstr(number, /*LowerCase=*/true) + ".tmp")
               .str();
    // Before the file is there, so that no signal comes in between.
    llvm::sys::RemoveFileOnSignal(name);
    code = fs::openFileForWrite(name, descriptor, fs::CD_CreateNew);
    if (!code)
      break;
    llvm::sys::DontRemoveFileOnSignal(name);
    if (code != std::errc::file_exists)
      break;
  }
  return code;
}

llvm::Error Publication::checkTarget(llvm::StringRef name,
                                     llvm::StringRef target) const {
  if (fs::is_directory(target))
    return fail("write", name, std::make_error_code(std::errc::is_a_directory));
  for (const std::unique_ptr<Output> &other : outputs)
    if (other->target == target && !other->temporary.empty())
      return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                     "two outputs would go to " + name);
  return llvm::Error::success();
}

llvm::Expected<llvm::raw_pwrite_stream *>
Publication::add(llvm::StringRef path) {
  if (path.empty())
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   "an output file has no name");
  llvm::Expected<std::string> target = resolve(path);
  if (!target)
    return target.takeError();
  if (llvm::Error error = checkTarget(path, *target))
    return error;
  auto output = std::make_unique<Output>();
  output->name = path.str();
  output->target = *target;
  if (fs::exists(*target) && !fs::is_regular_file(*target)) {
    if (std::error_code code = fs::openFileForWrite(*target, output->descriptor,
                                                    fs::CD_OpenExisting))
      return fail("write", path, code);
  } else {
    std::string name;
    if (std::error_code code = createBeside(*target, output->descriptor, name))
      return fail("write", path, code);
    output->temporary = name;
  }
  output->stream = std::make_unique<llvm::raw_fd_ostream>(output->descriptor,
                                                          /*shouldClose=*/true);
  outputs.push_back(std::move(output));
  return outputs.back()->stream.get();
}

/// Bring all of a file to the disk.
llvm::Error Publication::finish(Output &output) {
  llvm::raw_fd_ostream &stream = *output.stream;
  stream.flush();
  std::error_code code = stream.error();
  // EINVAL: a file system without this operation.
  if (!code && !output.temporary.empty() && ::fsync(output.descriptor) != 0 &&
      errno != EINVAL)
    code = lastError();
  stream.close();
  if (!code)
    code = stream.error();
  stream.clear_error();
  output.stream.reset();
  if (code)
    return fail("write", output.name, code);
  return llvm::Error::success();
}

llvm::Error Publication::rename(Output &output) {
  if (output.temporary.empty())
    return llvm::Error::success();
  // Keep the older content, so that a failure of a later file can bring it
  // back. Without hard links there is no target for a moment.
  // A directory stays where it is: no file replaces it.
  if (fs::is_regular_file(output.target)) {
    std::string backup = output.temporary + ".old";
    llvm::sys::RemoveFileOnSignal(backup);
    if (::link(output.target.c_str(), backup.c_str()) == 0) {
      output.backup = backup;
    } else {
      llvm::sys::DontRemoveFileOnSignal(backup);
      if (!fs::rename(output.target, backup))
        output.backup = backup;
    }
  }
  if (std::error_code code = fs::rename(output.temporary, output.target)) {
    if (!output.backup.empty())
      fs::rename(output.backup, output.target);
    return fail("write", output.name, code);
  }
  output.renamed = true;
  llvm::sys::DontRemoveFileOnSignal(output.temporary);
  output.temporary.clear();
  return llvm::Error::success();
}

/// Undo everything that has been done.
void Publication::rollBack() {
  for (std::unique_ptr<Output> &output : llvm::reverse(outputs)) {
    if (output->stream) {
      output->stream->close();
      output->stream->clear_error();
    }
    if (output->renamed && output->backup.empty())
      fs::remove(output->target);
    else if (output->renamed && !fs::rename(output->backup, output->target)) {
      llvm::sys::DontRemoveFileOnSignal(output->backup);
      output->backup.clear();
    }
    removeFile(output->temporary);
    removeFile(output->backup);
  }
  outputs.clear();
}

llvm::Error Publication::commit() {
  for (std::unique_ptr<Output> &output : outputs)
    if (llvm::Error error = finish(*output)) {
      rollBack();
      return error;
    }
  for (std::unique_ptr<Output> &output : outputs)
    if (llvm::Error error = rename(*output)) {
      rollBack();
      return error;
    }
  for (std::unique_ptr<Output> &output : outputs) {
    removeFile(output->backup);
    // The new name is on the disk when the directory is. Some file systems have
    // no such operation: the files are right anyway.
    int directory = ::open(directoryOf(output->target).str().c_str(),
                           O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (directory >= 0) {
      (void)::fsync(directory);
      ::close(directory);
    }
  }
  outputs.clear();
  return llvm::Error::success();
}
