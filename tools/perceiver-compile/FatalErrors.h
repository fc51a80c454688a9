//===- FatalErrors.h - The end of the process, in one line ------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_TOOLS_PERCEIVER_COMPILE_FATALERRORS_H
#define PERCEIVER_TOOLS_PERCEIVER_COMPILE_FATALERRORS_H

#include <csignal>

namespace mlir::perceiver {

/// What the signals that end a process did when this was made. LLVM replaces
/// their actions, also where whoever started the process has them ignored, as
/// nohup does; our files have handlers of their own. Make one before
/// llvm::InitLLVM and restore it after.
class KeptSignals {
public:
  KeptSignals();
  void restore() const;

private:
  struct sigaction actions[4];
};

/// Say what ended the process where LLVM would print a stack trace: memory that
/// ran out, threads that cannot start. Unfinished outputs are removed. A
/// file-size limit becomes an error of the write that exceeds it. Call this
/// after llvm::InitLLVM.
void reportFatalErrors();

} // namespace mlir::perceiver

#endif // PERCEIVER_TOOLS_PERCEIVER_COMPILE_FATALERRORS_H
