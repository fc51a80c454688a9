//===- SharedObjectLinker.cpp - From objects to a shared object -----------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/SharedObjectLinker.h"

#include "lib/Support/StandardFiles.h"
#include "lib/Target/RuntimeArchive.h"
#include "lib/Target/TemporaryFile.h"

#include "lld/Common/Driver.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/TargetParser/Host.h"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <unistd.h>

LLD_HAS_DRIVER(elf)

using namespace mlir;
using namespace mlir::perceiver;

static llvm::Error fail(const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), message);
}

//===----------------------------------------------------------------------===//
// The target's C library
//===----------------------------------------------------------------------===//

namespace {

/// Paths of the shared objects that make up a C library.
struct CLibrary {
  std::string libc;
  /// Linked only if something uses them: the mathematical functions, and the
  /// dynamic linker, which defines __tls_get_addr.
  std::vector<std::string> optional;
};

} // namespace

/// Where systems keep the libraries of `triple`.
static std::vector<std::string> libraryDirectories(const llvm::Triple &triple) {
  // "aarch64" for an "arm64" triple, too.
  std::string arch = llvm::Triple::getArchTypeName(triple.getArch()).str();
  std::string multiarch = arch + "-linux-gnu";
  std::vector<std::string> directories = {
      "/lib/" + multiarch, "/usr/lib/" + multiarch,
      "/usr/" + multiarch + "/lib", "/usr/" + multiarch + "/sys-root/lib64"};
  llvm::Triple host(llvm::sys::getDefaultTargetTriple());
  if (host.getArch() == triple.getArch())
    directories.insert(directories.end(),
                       {"/lib64", "/usr/lib64", "/lib", "/usr/lib"});
  return directories;
}

/// True for an ELF shared object for the target.
static bool isLibraryFor(llvm::StringRef path, const llvm::Triple &triple) {
  llvm::file_magic magic;
  if (llvm::identify_magic(path, magic) ||
      magic != llvm::file_magic::elf_shared_object)
    return false;
  llvm::Expected<llvm::object::OwningBinary<llvm::object::ObjectFile>> file =
      llvm::object::ObjectFile::createObjectFile(path);
  if (!file) {
    llvm::consumeError(file.takeError());
    return false;
  }
  return file->getBinary()->getArch() == triple.getArch();
}

static std::optional<CLibrary> findCLibrary(const llvm::Triple &triple) {
  llvm::StringRef loader =
      triple.isX86() ? "ld-linux-x86-64.so.2" : "ld-linux-aarch64.so.1";
  for (const std::string &directory : libraryDirectories(triple)) {
    auto find = [&](llvm::StringRef name) -> std::optional<std::string> {
      llvm::SmallString<128> path(directory);
      llvm::sys::path::append(path, name);
      if (!isLibraryFor(path, triple))
        return std::nullopt;
      return path.str().str();
    };
    std::optional<std::string> libc = find("libc.so.6");
    if (!libc)
      continue;
    CLibrary found;
    found.libc = *libc;
    for (llvm::StringRef name : {llvm::StringRef("libm.so.6"), loader})
      if (std::optional<std::string> path = find(name))
        found.optional.push_back(*path);
    return found;
  }
  return std::nullopt;
}

//===----------------------------------------------------------------------===//
// Running LLD
//===----------------------------------------------------------------------===//

namespace {

/// What LLD reads. The files vanish with this object.
class LinkFiles {
public:
  llvm::Error add(llvm::StringRef name, llvm::StringRef suffix,
                  llvm::StringRef content) {
    llvm::Expected<TemporaryFile> file = makeTemporaryFile(suffix, content);
    if (!file)
      return file.takeError();
    names.push_back(name.str());
    files.push_back(std::move(*file));
    return llvm::Error::success();
  }

  const std::string &lastPath() const { return files.back().path(); }

  /// Replace the files' paths by the names that users know.
  std::string withNames(std::string text) const {
    for (size_t i = 0; i < files.size(); ++i) {
      const std::string &path = files[i].path();
      for (size_t at = text.find(path); at != std::string::npos;
           at = text.find(path, at + names[i].size()))
        text.replace(at, path.size(), names[i]);
    }
    return text;
  }

private:
  std::vector<std::string> names;
  std::vector<TemporaryFile> files;
};

} // namespace

namespace {

/// Takes what LLD writes. For an output that is a regular file, LLD makes
/// another one beside it, and LLVM then replaces the handlers of all signals of
/// the process, for good. For a pipe it does not.
class OutputPipe {
public:
  OutputPipe() {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
      return;
    readEnd = ends[0];
    // Where there is no memory for a thread, std::thread throws, and nobody
    // here catches.
    if (int code = ::pthread_create(&reader, nullptr, &OutputPipe::run, this)) {
      ::close(ends[0]);
      ::close(ends[1]);
      errno = code;
      return;
    }
    writeEnd = ends[1];
  }
  OutputPipe(const OutputPipe &) = delete;
  OutputPipe &operator=(const OutputPipe &) = delete;
  ~OutputPipe() { close(); }

  bool isOpen() const { return writeEnd >= 0; }

  /// Under this name others can write to the pipe.
  std::string path() const {
    return "/proc/self/fd/" + std::to_string(writeEnd);
  }

  /// Return all that was written; the writers have closed the pipe.
  llvm::SmallVector<char, 0> takeContent() {
    close();
    return std::move(content);
  }

private:
  static void *run(void *pipe) {
    static_cast<OutputPipe *>(pipe)->readAll();
    return nullptr;
  }

  void readAll() {
    constexpr size_t kPiece = 1 << 16;
    size_t bytes = 0;
    ssize_t count = 0;
    do {
      bytes += count > 0 ? static_cast<size_t>(count) : 0;
      content.resize_for_overwrite(bytes + kPiece);
      count = ::read(readEnd, content.data() + bytes, kPiece);
    } while (count > 0 || (count < 0 && errno == EINTR));
    content.truncate(bytes);
    ::close(readEnd);
  }

  void close() {
    if (writeEnd < 0)
      return;
    ::close(writeEnd);
    writeEnd = -1;
    ::pthread_join(reader, nullptr);
  }

  int readEnd = -1, writeEnd = -1;
  llvm::SmallVector<char, 0> content;
  pthread_t reader = {};
};

} // namespace

/// Everything hidden but the listed symbols.
static std::string versionScript(const std::vector<std::string> &exports) {
  std::string text = "{\n";
  if (!exports.empty()) {
    text += "global:\n";
    for (const std::string &symbol : exports)
      text += "  \"" + symbol + "\";\n";
  }
  return text + "local:\n  *;\n};\n";
}

/// One link at a time: LLD keeps its state in global variables.
static llvm::Error runLLD(const std::vector<std::string> &arguments,
                          const LinkFiles &files, llvm::StringRef what) {
  static std::mutex mutex;
  static bool usable = true;
  std::lock_guard<std::mutex> lock(mutex);
  if (!usable)
    return fail(
        "cannot link " + what +
        ": after an earlier crash of the linker this process cannot link");
  // A descriptor below 3 is one that LLD would not close.
  ::perceiver::StandardFiles standardFiles;
  std::vector<const char *> pointers;
  pointers.reserve(arguments.size());
  for (const std::string &argument : arguments)
    pointers.push_back(argument.c_str());
  std::string output, errors;
  llvm::raw_string_ostream outputStream(output), errorStream(errors);
  // Else LLD's fatal errors end the process.
  llvm::CrashRecoveryContext::Enable();
  lld::Result result = lld::lldMain(pointers, outputStream, errorStream,
                                    {{lld::Gnu, &lld::elf::link}});
  llvm::CrashRecoveryContext::Disable();
  usable = result.canRunAgain;
  if (result.retCode == 0)
    return llvm::Error::success();
  llvm::StringRef text = llvm::StringRef(errors).trim();
  return fail(
      "cannot link " + what + ": " +
      (text.empty() ? "the linker crashed" : files.withNames(text.str())));
}

llvm::Expected<llvm::SmallVector<char, 0>>
mlir::perceiver::linkSharedObject(llvm::ArrayRef<llvm::MemoryBufferRef> objects,
                                  const LinkOptions &options) {
  LinkFiles files;
  OutputPipe output;
  if (!output.isOpen())
    return fail(
        "cannot link " + options.soname +
        ": cannot take what the linker writes: " + std::strerror(errno));
  if (llvm::Error error = files.add("the list of exported symbols", ".map",
                                    versionScript(options.exports)))
    return error;
  std::vector<std::string> arguments = {
      "ld.lld",
      "-shared",
      "-m",
      options.triple.isX86() ? "elf_x86_64" : "aarch64linux",
      "-soname",
      options.soname,
      "-o",
      output.path(),
      "--version-script",
      files.lastPath(),
      "--nostdlib",
      "--gc-sections",
      "--strip-debug",
      "--eh-frame-hdr",
      "--hash-style=gnu",
      "--build-id=sha1", // of the content
      "--color-diagnostics=never",
      "--threads=1",
      "-Bsymbolic",
      "-z",
      "noexecstack",
      "-z",
      "relro",
      "-z",
      "now",
  };

  for (llvm::MemoryBufferRef object : objects) {
    if (llvm::Error error =
            files.add(object.getBufferIdentifier(), ".o", object.getBuffer()))
      return error;
    arguments.push_back(files.lastPath());
  }
  if (options.withRuntime) {
    llvm::Expected<llvm::MemoryBufferRef> archive =
        runtimeArchive(options.triple);
    if (!archive)
      return archive.takeError();
    if (llvm::Error error = files.add(archive->getBufferIdentifier(), ".a",
                                      archive->getBuffer()))
      return error;
    arguments.push_back(files.lastPath());
  }

  if (std::optional<CLibrary> libc = findCLibrary(options.triple)) {
    arguments.insert(arguments.end(),
                     {"-z", "defs", "--as-needed", libc->libc});
    arguments.insert(arguments.end(), libc->optional.begin(),
                     libc->optional.end());
  } else if (!options.allowMissingLibc) {
    return fail("cannot link " + options.soname + ": no C library for " +
                options.triple.str() + " (libc.so.6) in the usual directories");
  }

  if (llvm::Error error = runLLD(arguments, files, options.soname))
    return error;
  return output.takeContent();
}
