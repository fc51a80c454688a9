//===- HostCode.h - Code of processors from the LLVM dialect ----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What back ends have in common whose entries run on a processor: all of the
// code, or what starts kernels of a device.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_PIPELINES_HOSTCODE_H
#define PERCEIVER_LIB_PIPELINES_HOSTCODE_H

#include "lib/Pipelines/Backend.h"

namespace mlir::perceiver {

/// Whether what is requested can be made for `triple` on this machine.
LogicalResult verifyHostCode(Location loc, StringRef triple,
                             const CodeRequest &request);

/// The code of a module in the LLVM dialect, and what `artifact` says: LLVM IR
/// or assembly where the form is so called, else an object, which an artefact
/// is linked from. Fails with a diagnostic.
FailureOr<llvm::SmallVector<char, 0>>
generateHostCode(ModuleOp module, const TargetOptions &target,
                 const ArtifactDescription &artifact,
                 const CodeRequest &request, CodeSteps &steps);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_PIPELINES_HOSTCODE_H
