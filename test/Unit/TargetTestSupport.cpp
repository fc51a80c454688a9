//===- TargetTestSupport.cpp - What the tests of lib/Target share ---------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TargetTestSupport.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/Parser/Parser.h"

#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::test;

std::string test::text(llvm::Error error) {
  return llvm::toString(std::move(error));
}

llvm::MemoryBufferRef test::asBuffer(const Bytes &bytes, llvm::StringRef name) {
  return llvm::MemoryBufferRef(llvm::StringRef(bytes.data(), bytes.size()),
                               name);
}

TemporaryDirectory::TemporaryDirectory() {
  llvm::SmallString<128> path;
  EXPECT_FALSE(llvm::sys::fs::createUniqueDirectory("perceiver-test", path));
  root = path.str().str();
}

TemporaryDirectory::~TemporaryDirectory() {
  llvm::sys::fs::remove_directories(root);
}

std::vector<std::string> TemporaryDirectory::names() const {
  std::vector<std::string> result;
  std::error_code error;
  for (llvm::sys::fs::directory_iterator it(root, error), end;
       it != end && !error; it.increment(error))
    result.push_back(llvm::sys::path::filename(it->path()).str());
  llvm::sort(result);
  return result;
}

std::string test::readFile(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  if (!buffer) {
    ADD_FAILURE() << path << ": " << buffer.getError().message();
    return "";
  }
  return (*buffer)->getBuffer().str();
}

void test::writeFile(const std::string &path, llvm::StringRef content) {
  std::error_code error;
  llvm::raw_fd_ostream os(path, error);
  ASSERT_FALSE(error) << path << ": " << error.message();
  os << content;
}

OwnedModule test::translate(llvm::StringRef mlir) {
  MLIRContext context;
  context.loadDialect<LLVM::LLVMDialect>();
  OwnedModule result;
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(mlir, &context);
  if (!module) {
    ADD_FAILURE() << "cannot parse the test's module";
    return result;
  }
  result.context = std::make_unique<llvm::LLVMContext>();
  FailureOr<std::unique_ptr<llvm::Module>> translated =
      translateToLLVMIR(*module, *result.context);
  if (failed(translated))
    ADD_FAILURE() << "cannot translate the test's module";
  else
    result.module = std::move(*translated);
  return result;
}

TargetOptions test::portableTarget() {
  TargetOptions options;
  options.cpu = "generic";
  return options;
}

SharedObjectFacts test::inspect(const Bytes &sharedObject) {
  SharedObjectFacts facts;
  using File = llvm::object::ELFObjectFile<llvm::object::ELF64LE>;
  llvm::Expected<File> file = File::create(asBuffer(sharedObject, "test.so"));
  if (!file) {
    ADD_FAILURE() << text(file.takeError());
    return facts;
  }
  for (const llvm::object::ELFSymbolRef symbol :
       file->getDynamicSymbolIterators()) {
    std::string name = llvm::cantFail(symbol.getName()).str();
    bool undefined = llvm::cantFail(symbol.getFlags()) &
                     llvm::object::SymbolRef::SF_Undefined;
    (undefined ? facts.undefined : facts.defined).insert(name);
  }
  for (const llvm::object::SectionRef section : file->sections())
    facts.sections.insert(llvm::cantFail(section.getName()).str());
  const auto &elf = file->getELFFile();
  for (const auto &header : llvm::cantFail(elf.program_headers())) {
    facts.hasRelro |= header.p_type == llvm::ELF::PT_GNU_RELRO;
    facts.executableStack |= header.p_type == llvm::ELF::PT_GNU_STACK &&
                             (header.p_flags & llvm::ELF::PF_X);
  }
  llvm::StringRef strings;
  auto entries = llvm::cantFail(elf.dynamicEntries());
  for (const auto &entry : entries)
    if (entry.getTag() == llvm::ELF::DT_STRTAB)
      strings = reinterpret_cast<const char *>(
          llvm::cantFail(elf.toMappedAddr(entry.getPtr())));
  for (const auto &entry : entries) {
    if (entry.getTag() == llvm::ELF::DT_NEEDED)
      facts.needed.insert(strings.data() + entry.getVal());
    if (entry.getTag() == llvm::ELF::DT_SONAME)
      facts.soname = strings.data() + entry.getVal();
  }
  return facts;
}
