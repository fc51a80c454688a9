//===- CUDABackend.h - Kernels for NVIDIA GPUs ------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_CUDABACKEND_H
#define PERCEIVER_LIB_GPU_CUDABACKEND_H

namespace mlir::perceiver {

class Backend;

/// NVIDIA GPUs of compute capability 8.0 and above, started from x86-64 or
/// AArch64.
const Backend &getCUDABackend();

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_CUDABACKEND_H
