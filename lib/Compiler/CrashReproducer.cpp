//===- CrashReproducer.cpp - What a failing pass leaves -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/CrashReproducer.h"

#include "mlir/Support/FileUtilities.h"
#include "llvm/Support/ToolOutputFile.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
class ReproducerFile : public ReproducerStream {
public:
  explicit ReproducerFile(std::unique_ptr<llvm::ToolOutputFile> file)
      // MLIR prints it between backticks.
      : text(file->getFilename().str() +
             "`; run it with `perceiver-opt --run-reproducer " +
             file->getFilename().str()),
        file(std::move(file)) {}
  ~ReproducerFile() override { file->keep(); }

  StringRef description() override { return text; }
  raw_ostream &os() override { return file->os(); }

private:
  std::string text;
  std::unique_ptr<llvm::ToolOutputFile> file;
};
} // namespace

void perceiver::enableCrashReproducer(PassManager &pm,
                                      const std::string &file) {
  pm.enableCrashReproducerGeneration(
      [file](std::string &error) -> std::unique_ptr<ReproducerStream> {
        std::unique_ptr<llvm::ToolOutputFile> output =
            openOutputFile(file, &error);
        if (!output)
          return nullptr;
        return std::make_unique<ReproducerFile>(std::move(output));
      });
}
