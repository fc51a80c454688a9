//===- Explain.h - What the compiler did, and why ---------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `perceiver-compile --explain`: for each entry its operations with line,
// sizes, strategy and reason, FLOPs, bytes and arithmetic intensity; its phases
// and buffers; and what was rewritten and what not. Plain data that is
// collected between stages; passes neither print nor know of it.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_COMPILER_EXPLAIN_H
#define PERCEIVER_LIB_COMPILER_EXPLAIN_H

#include "lib/Analysis/OperationCost.h"
#include "lib/Analysis/TileSelection.h"
#include "lib/Target/ArtifactDescription.h"

#include "mlir/IR/BuiltinOps.h"

#include <map>
#include <string>
#include <vector>

namespace mlir::perceiver {

class Explanation {
public:
  explicit Explanation(const TileTarget &target) : target(target) {}

  /// Take down operations and strategies, from the module after the stage
  /// `prepare`.
  void addOperations(ModuleOp module);
  /// Take down which operations share a phase, after the stage `tile`.
  void addPhases(ModuleOp module);

  /// Print everything, with the sizes and phases of the artefact, and what
  /// passes said in this compilation.
  void print(const ArtifactDescription &artifact, ArrayRef<std::string> remarks,
             raw_ostream &os) const;

private:
  struct ExplainedOperation {
    std::string place;
    std::string name;
    std::string shape;
    std::string strategy;
    SizePolynomial times;
    OperationCost cost;
  };
  struct ExplainedEntry {
    std::vector<std::string> sizeNames;
    std::vector<ExplainedOperation> operations;
    /// The operations of each phase.
    std::vector<std::string> phases;
  };

  void printEntry(const EntryDescription &entry, raw_ostream &os) const;
  void printOperations(const ExplainedEntry &explained, raw_ostream &os) const;

  TileTarget target;
  std::map<std::string, ExplainedEntry> entries;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_COMPILER_EXPLAIN_H
