//===- Publish.cpp - Writing several files at once ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/Publish.h"

using namespace mlir::perceiver;
using ::perceiver::OutputFile;

static llvm::Error toLLVM(const ::perceiver::Error &error) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), error.str());
}

namespace {

class FileStream final : public llvm::raw_pwrite_stream {
public:
  explicit FileStream(OutputFile &file) : file(file) {}
  ~FileStream() override { flush(); }

private:
  // The file keeps the first error for commit().
  void write_impl(const char *data, size_t bytes) override {
    (void)file.write(data, bytes);
    position += bytes;
  }
  void pwrite_impl(const char *data, size_t bytes, uint64_t offset) override {
    flush(); // What is in the buffer would be written over it.
    (void)file.writeAt(offset, data, bytes);
  }
  uint64_t current_pos() const override { return position; }
  size_t preferred_buffer_size() const override { return size_t(1) << 16; }

  OutputFile &file;
  /// Also counts what could not be written.
  uint64_t position = 0;
};

} // namespace

llvm::Expected<llvm::raw_pwrite_stream *>
Publication::add(llvm::StringRef path) {
  ::perceiver::Result<OutputFile *> file = files.add(path.str());
  if (!file)
    return toLLVM(file.error());
  streams.push_back(std::make_unique<FileStream>(**file));
  return streams.back().get();
}

llvm::Error Publication::commit() {
  streams.clear();
  if (::perceiver::Status committed = files.commit(); !committed)
    return toLLVM(committed.error());
  return llvm::Error::success();
}
