//===- SaveTemps.h - Intermediate forms as files ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `perceiver-compile --save-temps` keeps, for the output `model.so`,
//
//   model.0-expand.mlir .. model.7-to-llvm.mlir   what each stage made
//   model.8-llvm.ll, model.9-optimized.ll         LLVM IR before and after
//                                                 optimization
//   model.s, model.o                              assembly; the object, if
//                                                 --emit goes as far
//
// A compilation goes on from one of the .mlir files with `--from` and the next
// stage. The files are written one by one and stay when the compilation fails
// later.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_COMPILER_SAVETEMPS_H
#define PERCEIVER_LIB_COMPILER_SAVETEMPS_H

#include "mlir/IR/BuiltinOps.h"
#include "llvm/Support/Error.h"

#include <string>
#include <vector>

namespace mlir::perceiver {

/// Where intermediate forms go; nothing is written without a directory.
class SaveTemps {
public:
  SaveTemps() = default;
  /// `inputs` are read by the compilation and not replaced.
  SaveTemps(std::string directory, std::string stem,
            std::vector<std::string> inputs)
      : directory(std::move(directory)), stem(std::move(stem)),
        inputs(std::move(inputs)) {}

  bool isEnabled() const { return !directory.empty(); }

  /// Write `<stem>.<what>`.
  llvm::Error write(StringRef what,
                    function_ref<void(raw_ostream &)> print) const;

  /// Write what stage number `number` made.
  llvm::Error writeStage(unsigned number, StringRef stage,
                         ModuleOp module) const;

private:
  std::string directory;
  std::string stem;
  std::vector<std::string> inputs;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_COMPILER_SAVETEMPS_H
