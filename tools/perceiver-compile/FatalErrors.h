//===- FatalErrors.h - The end of the process, in one line ------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TOOLS_PERCEIVER_COMPILE_FATALERRORS_H
#define PERCEIVER_TOOLS_PERCEIVER_COMPILE_FATALERRORS_H

namespace mlir::perceiver {

/// LLVM removes unfinished files on signals even where whoever started the
/// process has them ignored, as nohup does; then the process would go on
/// without its files. A blocked signal does not come. Call this before
/// llvm::InitLLVM.
void blockIgnoredSignals();

/// Say what ended the process where LLVM would print a stack trace: memory that
/// ran out, threads that cannot start. Unfinished outputs are removed. A
/// file-size limit becomes an error of the write that exceeds it. Call this
/// after llvm::InitLLVM.
void reportFatalErrors();

} // namespace mlir::perceiver

#endif // PERCEIVER_TOOLS_PERCEIVER_COMPILE_FATALERRORS_H
