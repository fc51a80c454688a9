//===- VectorTarget.h - The vector unit of a target -------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_VECTORTARGET_H
#define PERCEIVER_LIB_CPU_VECTORTARGET_H

#include <cstdint>

namespace mlir::perceiver {

/// What code generation has to know of a vector unit.
struct VectorTarget {
  /// float32 elements of a register.
  int64_t lanes = 16;
  /// Registers that the calling convention and the instruction set offer.
  int64_t registers = 32;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_VECTORTARGET_H
