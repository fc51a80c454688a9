//===- GPUInterfaces.h - What a GPU knows of operations ---------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_GPUINTERFACES_H
#define PERCEIVER_LIB_GPU_GPUINTERFACES_H

#include "dialect/Model/PerceiverAttrs.h"
#include "dialect/Model/TargetAttrs.h"

#include "mlir/IR/OpDefinition.h"

namespace mlir::perceiver {
class DeviceBuilder;
} // namespace mlir::perceiver

#include "lib/GPU/GPUInterfaces.h.inc"

#endif // PERCEIVER_LIB_GPU_GPUINTERFACES_H
