//===- CommandLine.h - What perceiver-compile is asked for ------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TOOLS_PERCEIVER_COMPILE_COMMANDLINE_H
#define PERCEIVER_TOOLS_PERCEIVER_COMPILE_COMMANDLINE_H

#include <optional>
#include <string>
#include <vector>

namespace mlir::perceiver {

/// The options of perceiver-compile, as its help describes them.
struct CommandLine {
  std::string description;
  std::vector<std::string> weights;
  std::string output;
  bool strict = false;

  /// Empty, here and below: what the description says, or the default.
  std::string target;
  std::string targetCPU;
  std::string targetTriple;
  int64_t tasks = 0;
  std::string cudaArch;
  std::string ptxas;

  std::string emit;
  std::string from;
  std::string transform;
  std::vector<std::string> without;
  /// The folder, empty for that of the output.
  std::optional<std::string> saveTemps;

  /// The parts of the report, empty for the summary.
  std::optional<std::string> explain;
  bool progress = false;
  std::string crashReproducer;

  /// Print MLIR's options and do nothing else.
  bool helpMLIR = false;
};

/// Read the words after the program's name. Returns the exit code where that
/// ends the program (see tools/CommandLine/ParseCommandLine.h).
std::optional<int> parseCommandLine(std::vector<std::string> words,
                                    CommandLine &result);

} // namespace mlir::perceiver

#endif // PERCEIVER_TOOLS_PERCEIVER_COMPILE_COMMANDLINE_H
