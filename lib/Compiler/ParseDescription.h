//===- ParseDescription.h - From text to a module ---------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_COMPILER_PARSEDESCRIPTION_H
#define PERCEIVER_LIB_COMPILER_PARSEDESCRIPTION_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/OwningOpRef.h"

#include <memory>

namespace llvm {
class MemoryBuffer;
class SourceMgr;
} // namespace llvm

namespace mlir::perceiver {

/// The text without the mark that some editors put before UTF-8, which MLIR
/// takes for an unexpected character.
std::unique_ptr<llvm::MemoryBuffer>
removeByteOrderMark(std::unique_ptr<llvm::MemoryBuffer> text);

/// Emits an error and fails if `text` is another kind of file, in words that
/// begin with what is `expected`, or nested deeper than a recursive parser can
/// follow.
LogicalResult verifyText(const llvm::MemoryBuffer &text, StringRef expected,
                         MLIRContext &context);

/// Parse the only buffer of `sources`, whatever is in it (verifyText). Errors
/// about all of a file have line 0. The context's diagnostics no longer quote
/// whole operations, which may be pages long.
OwningOpRef<ModuleOp>
parseDescription(const std::shared_ptr<llvm::SourceMgr> &sources,
                 MLIRContext &context);

/// Parse `text`; its identifier is the file that diagnostics name.
OwningOpRef<ModuleOp> parseDescription(std::unique_ptr<llvm::MemoryBuffer> text,
                                       MLIRContext &context);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_COMPILER_PARSEDESCRIPTION_H
