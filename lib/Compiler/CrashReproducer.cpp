//===- CrashReproducer.cpp - What a failing pass leaves -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/Compiler/CrashReproducer.h"

#include "lib/Target/Publish.h"

#include "mlir/IR/Diagnostics.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
class ReproducerFile : public ReproducerStream {
public:
  ReproducerFile(const std::string &file, MLIRContext *context)
      // MLIR prints it between backticks.
      : text(file + "`; run it with `perceiver-opt --run-reproducer " + file),
        context(context) {}

  ~ReproducerFile() override {
    if (llvm::Error error = output.commit())
      emitError(UnknownLoc::get(context)) << llvm::toString(std::move(error));
  }

  llvm::Error open(StringRef file) { return output.add(file).moveInto(stream); }

  StringRef description() override { return text; }
  raw_ostream &os() override { return *stream; }

private:
  std::string text;
  MLIRContext *context;
  Publication output{{/*durable=*/false}};
  llvm::raw_pwrite_stream *stream = nullptr;
};
} // namespace

void mlir::perceiver::enableCrashReproducer(PassManager &pm,
                                            const std::string &file) {
  MLIRContext *context = pm.getContext();
  pm.enableCrashReproducerGeneration(
      [file, context](std::string &error) -> std::unique_ptr<ReproducerStream> {
        auto stream = std::make_unique<ReproducerFile>(file, context);
        if (llvm::Error failed = stream->open(file)) {
          error = llvm::toString(std::move(failed));
          return nullptr;
        }
        return stream;
      });
}
