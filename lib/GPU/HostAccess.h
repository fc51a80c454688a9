//===- HostAccess.h - What the host may do with arrays -----------*- C++
//-*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The host has no array of the device: it launches kernels, and has arrays
// copied as wholes. Verifiers before and after that look for all else.
//
// Tests: test/GPU/verify-phases-invalid.mlir,
// test/GPU/verify-launches-invalid.mlir.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_HOSTACCESS_H
#define PERCEIVER_LIB_GPU_HOSTACCESS_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

namespace mlir::perceiver {

/// Whether `op` itself reads or writes memory, or makes or frees it.
inline bool accessesMemory(Operation *op) {
  if (auto effects = dyn_cast<MemoryEffectOpInterface>(op))
    return !effects.hasNoEffect();
  return !op->hasTrait<OpTrait::HasRecursiveMemoryEffects>() &&
         !op->hasTrait<OpTrait::IsTerminator>();
}

/// Whether an array, or the view that is all of one, lies in memory without
/// gaps.
inline bool isWhole(Type type) {
  auto memref = dyn_cast<MemRefType>(type);
  SmallVector<int64_t> strides;
  int64_t offset;
  return memref && succeeded(memref.getStridesAndOffset(strides, offset)) &&
         offset == 0 && memref.areTrailingDimsContiguous(memref.getRank());
}

/// Whether `op` copies such arrays, as the device does itself.
inline bool isWholeCopy(Operation *op) {
  auto copy = dyn_cast<linalg::CopyOp>(op);
  return copy && llvm::all_of(copy->getOperandTypes(), isWhole);
}

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_HOSTACCESS_H
