//===- CUDATarget.h - What is known of NVIDIA GPUs --------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Pipelines/set-target-cuda.mlir.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_CUDATARGET_H
#define PERCEIVER_LIB_GPU_CUDATARGET_H

#include "dialect/Model/PerceiverAttrs.h"
#include "dialect/Model/TargetAttrs.h"
#include "lib/Target/TargetSelection.h"

namespace mlir::perceiver {

/// The target for `options`. Fails with a diagnostic at `loc`.
FailureOr<CUDATargetAttr> makeCUDATarget(Location loc,
                                         const TargetOptions &options);

/// What code that starts kernels is made for.
TargetOptions getHostOptions(CUDATargetAttr target);

/// The target of the module around `op`; a diagnostic if it is none for CUDA.
FailureOr<CUDATargetAttr> getCUDATarget(Operation *op);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_CUDATARGET_H
