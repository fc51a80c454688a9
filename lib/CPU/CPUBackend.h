//===- CPUBackend.h - Vector code for processors ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_CPUBACKEND_H
#define PERCEIVER_LIB_CPU_CPUBACKEND_H

namespace mlir::perceiver {

class Backend;

/// x86-64 and AArch64, with vector units of any width.
const Backend &getCPUBackend();

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_CPUBACKEND_H
