//===- TemporaryFile.h - A file that vanishes -------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TARGET_TEMPORARYFILE_H
#define PERCEIVER_LIB_TARGET_TEMPORARYFILE_H

#include "lib/Support/TemporaryFile.h"

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace mlir::perceiver {

using ::perceiver::TemporaryFile;

/// Make a file in the system's directory for temporary files. Its name ends
/// with `suffix`, and nobody else may read it.
llvm::Expected<TemporaryFile> makeTemporaryFile(llvm::StringRef suffix,
                                                llvm::StringRef content);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TARGET_TEMPORARYFILE_H
