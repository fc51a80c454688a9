//===- CrashReproducer.h - What a failing pass leaves -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_COMPILER_CRASHREPRODUCER_H
#define PERCEIVER_LIB_COMPILER_CRASHREPRODUCER_H

#include "mlir/Pass/PassManager.h"

#include <string>

namespace mlir::perceiver {

/// If a pass of `pm` fails or crashes, write its input and the pipeline to
/// `file`, and say where it is and how `perceiver-opt` repeats it.
void enableCrashReproducer(PassManager &pm, const std::string &file);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_COMPILER_CRASHREPRODUCER_H
