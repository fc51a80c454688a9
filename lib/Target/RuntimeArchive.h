//===- RuntimeArchive.h - The runtime inside the compiler -------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TARGET_RUNTIMEARCHIVE_H
#define PERCEIVER_LIB_TARGET_RUNTIMEARCHIVE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/MemoryBufferRef.h"
#include "llvm/TargetParser/Triple.h"

namespace mlir::perceiver {

/// The static library that artefacts for `triple` carry. The compiler has it
/// for the architecture it was built for; for others there is an error.
llvm::Expected<llvm::MemoryBufferRef>
runtimeArchive(const llvm::Triple &triple);

/// The text of lib/Runtime/perceiver_abi.h.
llvm::StringRef abiHeaderText();

/// The text of lib/Runtime/perceiver_cuda.h.
llvm::StringRef cudaHeaderText();

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TARGET_RUNTIMEARCHIVE_H
