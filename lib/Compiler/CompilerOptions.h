//===- CompilerOptions.h - What a compilation is asked for ------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_COMPILER_COMPILEROPTIONS_H
#define PERCEIVER_LIB_COMPILER_COMPILEROPTIONS_H

#include "lib/Target/TargetSelection.h"

#include "mlir/Support/LLVM.h"

#include <functional>
#include <string>
#include <vector>

namespace mlir {
class PassManager;
} // namespace mlir

namespace mlir::perceiver {

struct CompilerOptions {
  /// Checkpoint with the parameters: safetensors files, indices of such, and
  /// folders (lib/TensorFile/Checkpoint.h). Not needed to stop before an
  /// artefact, or where there are no parameters.
  std::vector<std::string> weightsFiles;
  /// Where the description came from, if that is a file. It is not read, but
  /// neither is it replaced.
  std::string descriptionFile;
  /// What is written: `OUT.so`, with `OUT.h` and `OUT.weights` beside it.
  std::string outputFile;
  /// The back end: as --target names it. Empty: that of the module, or else the
  /// first that the context has.
  std::string backend;
  /// What it makes code for. Empty: what the module says, or else this machine.
  TargetOptions target;
  /// NVIDIA's assembler, `ptxas`, which makes machine code for GPUs. Empty:
  /// there is none.
  std::string assembler;
  /// The first stage to run: the input is what the stage before it wrote, with
  /// whatever was changed in it. Empty: the first.
  std::string from;
  /// Where to stop: a stage of the back end, or one of its forms of code.
  /// Empty: an artefact, or, if it makes none, its last stage.
  std::string emit;
  /// A script in the transform dialect that tiles before the stage does that
  /// forms phases (lib/Tiling/ApplyTransform.cpp). Empty: none.
  std::string transformFile;
  /// Rewrites that are left out, as "fold-linears"
  /// (lib/Transforms/DisabledRewrites.h).
  std::vector<std::string> without;
  /// Where intermediate forms are kept (SaveTemps.h). Empty: nowhere.
  std::string saveTempsDirectory;
  /// What a pass leaves that fails or crashes. Empty: nothing.
  std::string crashReproducer;
  /// Told of each step that is done: its name, and seconds.
  std::function<void(StringRef step, double seconds)> progress;
  /// Called for each pass manager before it runs: printing, timing.
  std::function<LogicalResult(PassManager &)> configurePasses;
  /// Receives a report of what was done and why (Explain.h).
  raw_ostream *explanation = nullptr;
  /// The parts of the report, separated by commas. Empty: the summary.
  std::string explainParts;
  /// Tensors of the checkpoint that no parameter reads are an error, and so are
  /// parameters and functions of a description that no entry uses.
  bool strict = false;
  /// Asked between steps, by the thread that compiles; true ends the
  /// compilation with an error. May be empty.
  std::function<bool()> isCancelled;
};

/// The files that are read, as far as they are given.
std::vector<std::string> getInputs(const CompilerOptions &options);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_COMPILER_COMPILEROPTIONS_H
