//===- PTXAssembler.cpp - From PTX to machine code of GPUs ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Target/PTXAssembler.h"

#include "lib/Target/TemporaryFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/BinaryFormat/ELF.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Regex.h"
#include "llvm/Support/ThreadPool.h"

#include <cstddef>
#include <optional>

using namespace mlir::perceiver;

llvm::StringMap<KernelResources>
mlir::perceiver::parseResources(llvm::StringRef report) {
  llvm::Regex name("Compiling entry function '([^']+)'");
  llvm::Regex spills("([0-9]+) bytes spill stores, ([0-9]+) bytes spill loads");
  llvm::Regex registers("Used ([0-9]+) registers");
  llvm::StringMap<KernelResources> kernels;
  llvm::StringRef kernel;
  llvm::SmallVector<llvm::StringRef> found;
  for (llvm::StringRef line : llvm::split(report, '\n')) {
    if (name.match(line, &found))
      kernel = found[1];
    if (kernel.empty())
      continue;
    if (spills.match(line, &found)) {
      int32_t stores = 0, loads = 0;
      found[1].getAsInteger(10, stores);
      found[2].getAsInteger(10, loads);
      kernels[kernel].spillBytes = std::max(stores, loads);
    }
    if (registers.match(line, &found))
      found[1].getAsInteger(10, kernels[kernel].registers);
  }
  return kernels;
}

static std::string readFile(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().str() : "";
}

/// Whether `data` begins like the machine code of a GPU. Drivers skip images
/// that they cannot read, so nobody would notice another one.
static bool isCubin(llvm::StringRef data) {
  return data.size() >= sizeof(llvm::ELF::Elf64_Ehdr) &&
         data.starts_with(llvm::ELF::ElfMagic) &&
         data[llvm::ELF::EI_CLASS] == llvm::ELF::ELFCLASS64 &&
         llvm::support::endian::read16le(
             data.data() + offsetof(llvm::ELF::Elf64_Ehdr, e_machine)) ==
             llvm::ELF::EM_CUDA;
}

static llvm::Expected<Cubin> assembleFor(llvm::StringRef assembler,
                                         llvm::StringRef input,
                                         int64_t architecture) {
  llvm::Expected<TemporaryFile> output = makeTemporaryFile(".cubin", "");
  if (!output)
    return output.takeError();
  llvm::Expected<TemporaryFile> report = makeTemporaryFile(".txt", "");
  if (!report)
    return report.takeError();
  std::string option = "-arch=sm_" + std::to_string(architecture);
  llvm::StringRef arguments[] = {assembler, option,         "-v",
                                 "-o",      output->path(), input};
  std::optional<llvm::StringRef> redirects[] = {
      llvm::StringRef(), llvm::StringRef(report->path()),
      llvm::StringRef(report->path())};
  std::string message;
  int code = llvm::sys::ExecuteAndWait(assembler, arguments,
                                       /*Env=*/std::nullopt, redirects,
                                       /*SecondsToWait=*/0, /*MemoryLimit=*/0,
                                       &message);
  std::string text = readFile(report->path());
  if (code != 0) {
    llvm::StringRef reason = llvm::StringRef(text).trim();
    if (reason.empty())
      reason = message;
    if (reason.empty())
      reason = "it ended with an error and no message";
    return llvm::createStringError("cannot assemble for sm_" +
                                   llvm::Twine(architecture) + " with " +
                                   assembler + ": " + reason);
  }
  Cubin cubin;
  cubin.architecture = architecture;
  cubin.data = readFile(output->path());
  cubin.kernels = parseResources(text);
  if (!isCubin(cubin.data))
    return llvm::createStringError("expected machine code for sm_" +
                                   llvm::Twine(architecture) + ", but " +
                                   assembler + " wrote none");
  return cubin;
}

llvm::Expected<std::vector<Cubin>>
mlir::perceiver::assemble(llvm::StringRef assembler, llvm::StringRef ptx,
                          llvm::ArrayRef<int64_t> architectures) {
  llvm::Expected<TemporaryFile> input = makeTemporaryFile(".ptx", ptx);
  if (!input)
    return input.takeError();
  std::vector<std::optional<llvm::Expected<Cubin>>> results(
      architectures.size());
  {
    llvm::DefaultThreadPool pool(llvm::hardware_concurrency());
    for (auto [number, architecture] : llvm::enumerate(architectures))
      pool.async([&results, &assembler, &input, number = number,
                  architecture = architecture] {
        results[number].emplace(
            assembleFor(assembler, input->path(), architecture));
      });
    pool.wait();
  }
  std::vector<Cubin> cubins;
  llvm::Error errors = llvm::Error::success();
  for (auto &result : results) {
    llvm::Expected<Cubin> &cubin = *result;
    if (cubin)
      cubins.push_back(std::move(*cubin));
    else
      errors = llvm::joinErrors(std::move(errors), cubin.takeError());
  }
  if (errors)
    return errors;
  return cubins;
}
