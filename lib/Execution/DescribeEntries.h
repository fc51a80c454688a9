//===- DescribeEntries.h - Entries of an artefact, from the IR -*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EXECUTION_DESCRIBEENTRIES_H
#define PERCEIVER_LIB_EXECUTION_DESCRIBEENTRIES_H

#include "lib/Artifact/ArtifactDescription.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::perceiver {

/// What the model is called; "model" if nothing says so.
StringRef getModelName(ModuleOp module);

/// Describe what the frame of an entry holds: sizes, arguments and, if there is
/// a memory plan, buffers.
FailureOr<EntryDescription> describeFrame(func::FuncOp entry);

/// Describe the entries of a module with a memory plan: signatures, buffers and
/// phases.
FailureOr<std::vector<EntryDescription>> describeEntries(ModuleOp module);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_EXECUTION_DESCRIBEENTRIES_H
