//===- TargetTestSupport.h - What the tests of lib/Target share -*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TEST_UNIT_TARGETTESTSUPPORT_H
#define PERCEIVER_TEST_UNIT_TARGETTESTSUPPORT_H

#include "lib/Target/ObjectEmitter.h"

#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/MemoryBufferRef.h"

#include <set>
#include <string>
#include <vector>

namespace mlir::perceiver::test {

using Bytes = llvm::SmallVector<char, 0>;

/// The text of an error, or "" for success.
std::string text(llvm::Error error);

template <typename T>
std::string text(llvm::Expected<T> result) {
  return text(result.takeError());
}

llvm::MemoryBufferRef asBuffer(const Bytes &bytes, llvm::StringRef name);

/// A directory that is removed with what it holds.
class TemporaryDirectory {
public:
  TemporaryDirectory();
  ~TemporaryDirectory();

  const std::string &path() const { return root; }
  std::string file(llvm::StringRef name) const {
    return root + "/" + name.str();
  }
  /// The sorted names of the files in it.
  std::vector<std::string> names() const;

private:
  std::string root;
};

/// The content of a file; fails the test if there is none.
std::string readFile(const std::string &path);
void writeFile(const std::string &path, llvm::StringRef content);

/// An LLVM module with its context.
struct OwnedModule {
  std::unique_ptr<llvm::LLVMContext> context;
  std::unique_ptr<llvm::Module> module;
};

/// Parse the text of an MLIR module and translate it. Errors fail the test and
/// leave the module null.
OwnedModule translate(llvm::StringRef mlir);

/// Options for a processor that every machine has.
TargetOptions portableTarget();

/// What a dynamic linker sees of a shared object, and what it holds.
struct SharedObjectFacts {
  std::set<std::string> defined;
  std::set<std::string> undefined;
  std::set<std::string> needed;
  std::set<std::string> sections;
  std::string soname;
  bool executableStack = false;
  bool hasRelro = false;
};

SharedObjectFacts inspect(const Bytes &sharedObject);

} // namespace mlir::perceiver::test

#endif // PERCEIVER_TEST_UNIT_TARGETTESTSUPPORT_H
