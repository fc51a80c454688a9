//===- KernelAttributes.h - What kernels say of themselves ------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Names of attributes and symbols of the module of kernels.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_KERNELATTRIBUTES_H
#define PERCEIVER_LIB_GPU_KERNELATTRIBUTES_H

#include "llvm/ADT/StringRef.h"

namespace mlir::perceiver {

/// The module of kernels, inside of the model's.
inline constexpr llvm::StringLiteral kKernelModuleName = "kernels";

/// The shared memory of a block, as much as the launch says.
inline constexpr llvm::StringLiteral kSharedMemoryName = "shared_memory";

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_KERNELATTRIBUTES_H
