//===- DescribeArtifact.h - Entries of an artefact, from the IR -*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_COMPILER_DESCRIBEARTIFACT_H
#define PERCEIVER_LIB_COMPILER_DESCRIBEARTIFACT_H

#include "lib/Artifact/ArtifactDescription.h"

#include "mlir/IR/BuiltinOps.h"

namespace mlir::perceiver {

/// Describe the entries of a module after the stage `vectorize`: signatures,
/// buffers and phases.
FailureOr<std::vector<EntryDescription>> describeEntries(ModuleOp module);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_COMPILER_DESCRIBEARTIFACT_H
