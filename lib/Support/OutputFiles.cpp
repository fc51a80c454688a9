//===- OutputFiles.cpp - Files that appear together or not at all ---------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Support/OutputFiles.h"

#include "lib/Support/TemporaryFile.h"

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

using namespace perceiver;

struct OutputFiles::Entry {
  /// What the caller calls it.
  std::string name;
  /// Where it goes: the same, with the links of its folder and its own
  /// followed.
  std::string target;
  /// The file that is being written; none if that is the target itself.
  std::optional<TemporaryFile> temporary;
  std::unique_ptr<OutputFile> file;
  /// The older file, if there is one.
  std::optional<struct stat> old;
  /// Another name of the older content, once it has been replaced.
  std::string backup;
  bool isPublished = false;
};

static Error systemError(const char *what, const std::string &path,
                         int number = errno) {
  return Error{std::string(what) + ": " + std::strerror(number), path};
}

/// Return the part of `path` before the last slash.
static std::string folderOf(const std::string &path) {
  size_t slash = path.rfind('/');
  if (slash == std::string::npos)
    return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

/// Follow the symbolic links at the end of `path`.
static Result<std::string> followLinks(const std::string &path) {
  constexpr int kMaxLinks = 40;
  std::string target = path;
  for (int i = 0; i < kMaxLinks; ++i) {
    char next[PATH_MAX];
    ssize_t length = ::readlink(target.c_str(), next, sizeof(next));
    if (length < 0)
      return target;
    if (length == sizeof(next))
      return systemError("cannot write", path, ENAMETOOLONG);
    std::string link(next, static_cast<size_t>(length));
    target = link.front() == '/' ? link : folderOf(target) + "/" + link;
  }
  return systemError("cannot write", path, ELOOP);
}

/// Return the one path that the file has without symbolic links.
static Result<std::string> resolve(const std::string &path) {
  Result<std::string> target = followLinks(path);
  if (!target)
    return target.error();
  char *folder = ::realpath(folderOf(*target).c_str(), nullptr);
  if (!folder)
    return systemError("cannot create a file there", path);
  std::string resolved = folder;
  std::free(folder);
  if (resolved != "/")
    resolved += '/';
  return resolved + target->substr(target->rfind('/') + 1);
}

namespace {

/// What there is at a path before a file is written there.
struct Place {
  /// The path without symbolic links; empty for what is no regular file.
  std::string target;
  /// The older file, if there is one.
  std::optional<struct stat> old;
};

} // namespace

/// Look at `path`, and refuse what could not be written or may not be.
static Result<Place> inspect(const std::string &path) {
  if (path.empty() || path.find('\0') != std::string::npos)
    return Error{quote(path) + " is not a file name"};
  struct stat old;
  bool exists = ::stat(path.c_str(), &old) == 0;
  if (!exists && errno != ENOENT)
    return systemError("cannot write", path);
  if (exists && S_ISDIR(old.st_mode))
    return Error{"is a directory, expected a file", path};
  // Renaming would replace what may not be written.
  if (exists && ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) != 0)
    return systemError("cannot write", path);
  Place place;
  if (exists && !S_ISREG(old.st_mode))
    return place;
  if (exists)
    place.old = old;
  Result<std::string> target = resolve(path);
  if (!target)
    return target.error();
  place.target = *target;
  return place;
}

Status perceiver::verifyWritable(const std::string &path) {
  Result<Place> place = inspect(path);
  if (!place)
    return place.error();
  if (!place->target.empty() &&
      ::faccessat(AT_FDCWD, folderOf(place->target).c_str(), W_OK | X_OK,
                  AT_EACCESS) != 0)
    return systemError("cannot create a file there", path);
  return success();
}

OutputFiles::OutputFiles(const OutputFilesOptions &options)
    : options(options) {}

OutputFiles::~OutputFiles() { rollBack(); }

Result<std::unique_ptr<OutputFiles::Entry>>
OutputFiles::open(const std::string &path) {
  Result<Place> place = inspect(path);
  if (!place)
    return place.error();
  auto entry = std::make_unique<Entry>();
  entry->name = path;
  entry->target = place->target;
  entry->old = place->old;
  int descriptor;
  if (entry->target.empty()) {
    descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY);
    if (descriptor < 0)
      return systemError("cannot open for writing", path);
  } else {
    for (const std::unique_ptr<Entry> &other : entries)
      if (other->target == entry->target)
        return Error{"two outputs would go to this file", path};
    std::optional<TemporaryFile> temporary = TemporaryFile::create(
        folderOf(entry->target), ".tmp", 0666, descriptor);
    if (!temporary)
      return systemError("cannot create a file there", path);
    entry->temporary.emplace(std::move(*temporary));
  }
  entry->file = std::make_unique<OutputFile>(descriptor, path);
  return entry;
}

Result<OutputFile *> OutputFiles::add(const std::string &path) {
  Result<std::unique_ptr<Entry>> entry = open(path);
  if (!entry)
    return entry.error();
  entries.push_back(std::move(*entry));
  return entries.back()->file.get();
}

/// Bring a file to the state that it will have under its name.
Status OutputFiles::finish(Entry &entry) {
  OutputFile &file = *entry.file;
  if (entry.old)
    (void)file.setModeAndOwner(entry.old->st_mode & 0777, entry.old->st_uid,
                               entry.old->st_gid);
  if (entry.temporary && options.durable)
    (void)file.sync();
  return file.close();
}

Status OutputFiles::publish(Entry &entry) {
  if (!entry.temporary)
    return success();
  // Keep the older content, so that a failure of a later file can bring it
  // back. Without hard links there is no target for a moment.
  struct stat older;
  if (::lstat(entry.target.c_str(), &older) == 0 && S_ISREG(older.st_mode)) {
    std::string backup = entry.temporary->path() + ".old";
    if (::link(entry.target.c_str(), backup.c_str()) == 0 ||
        ::rename(entry.target.c_str(), backup.c_str()) == 0)
      entry.backup = backup;
  }
  if (!entry.temporary->rename(entry.target)) {
    Error error = systemError("cannot write", entry.name);
    if (!entry.backup.empty())
      ::rename(entry.backup.c_str(), entry.target.c_str());
    return error;
  }
  entry.isPublished = true;
  return success();
}

/// Undo everything that has been done.
void OutputFiles::rollBack() {
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {
    if ((*entry)->isPublished && (*entry)->backup.empty())
      ::unlink((*entry)->target.c_str());
    else if ((*entry)->isPublished)
      ::rename((*entry)->backup.c_str(), (*entry)->target.c_str());
    // A rename to another name of the same file does nothing.
    if (!(*entry)->backup.empty())
      ::unlink((*entry)->backup.c_str());
  }
  entries.clear();
}

/// Make new names durable; what cannot be synced is no failure.
static void syncFolders(const std::set<std::string> &folders) {
  for (const std::string &folder : folders) {
    int descriptor = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0)
      continue;
    ::fsync(descriptor);
    ::close(descriptor);
  }
}

Status OutputFiles::commit() {
  Status status = success();
  for (const std::unique_ptr<Entry> &entry : entries)
    if (status = finish(*entry); !status)
      break;
  std::set<std::string> folders;
  {
    SignalDelay delay;
    for (const std::unique_ptr<Entry> &entry : entries) {
      if (status)
        status = publish(*entry);
      if (entry->temporary)
        folders.insert(folderOf(entry->target));
    }
    if (!status) {
      rollBack();
      return status;
    }
    for (const std::unique_ptr<Entry> &entry : entries)
      if (!entry->backup.empty())
        ::unlink(entry->backup.c_str());
    entries.clear();
  }
  if (options.durable)
    syncFolders(folders);
  return success();
}

Status perceiver::writeFileAtomically(
    const std::string &path, const std::function<Status(OutputFile &)> &body) {
  OutputFiles files;
  Result<OutputFile *> file = files.add(path);
  if (!file)
    return file.error();
  if (Status written = body(**file); !written)
    return written;
  return files.commit();
}
