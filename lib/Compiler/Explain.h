//===- Explain.h - What the compiler did, and why ---------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `perceiver-compile --explain`: plain data that is collected between stages
// and printed by part (ExplainPart). Passes neither print nor know of it; what
// became of an operation is found by a number in its location.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_COMPILER_EXPLAIN_H
#define PERCEIVER_LIB_COMPILER_EXPLAIN_H

#include "lib/Analysis/OperationCost.h"
#include "lib/Artifact/ArtifactDescription.h"
#include "lib/Pipelines/Backend.h"

#include "mlir/IR/BuiltinOps.h"

#include <map>
#include <string>
#include <vector>

namespace mlir::perceiver {

/// A part of the report.
struct ExplainPart {
  const char *name;
  const char *description;
};

/// All parts, in the order in which they are printed.
ArrayRef<ExplainPart> getExplainParts();

/// Fails with a diagnostic unless `parts` is empty, which asks for the summary,
/// or names parts, separated by commas, or `all`.
LogicalResult verifyExplainParts(Location loc, StringRef parts);

/// An operation of an entry.
struct ExplainedOperation {
  std::string place;
  std::string name;
  std::string shape;
  /// The task, and why.
  std::string strategy;
  /// Inner tiles and panels.
  std::string details;
  SizeExpr times;
  OperationCost cost;
  /// The phase that it is the last operation of.
  std::optional<size_t> ownPhase;
  /// The phases whose tasks compute what they need of it.
  std::vector<size_t> fusedInto;
  bool isOnCallingThread = false;

  /// "linear (model.mlir:12)".
  std::string describe() const;
};

struct ExplainedPhase {
  SizeExpr times;
  /// Which operations it consists of, in words.
  std::string operations;
  /// The last of them.
  std::string last;
};

/// From where to where a buffer is in use, in words.
struct ExplainedBuffer {
  std::string from;
  std::string to;
};

struct ExplainedEntry {
  std::vector<std::string> sizeNames;
  std::vector<ExplainedOperation> operations;
  std::vector<ExplainedPhase> phases;
  /// As many as the entry's memory plan has.
  std::vector<ExplainedBuffer> buffers;
};

class Explanation {
public:
  Explanation(const Backend &backend, TargetAttrInterface target)
      : backend(backend), target(target) {}

  /// Take down operations and strategies, from a module that is Prepared
  /// (StageRole), and number the operations.
  void addOperations(ModuleOp module);
  /// Take down which operations share a phase, once it is Phased.
  void addPhases(ModuleOp module);
  /// Take down which phases use a buffer, once it is Planned.
  void addBuffers(ModuleOp module);

  /// Print `parts` (verifyExplainParts) with the sizes, phases and weights of
  /// the artefact, and what passes said in this compilation.
  void print(const ArtifactDescription &artifact, ArrayRef<std::string> remarks,
             StringRef parts, raw_ostream &os) const;

private:
  const Backend &backend;
  TargetAttrInterface target;
  std::map<std::string, ExplainedEntry> entries;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_COMPILER_EXPLAIN_H
