//===- WholeCopy.h - Copies that the device does itself ---------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_WHOLECOPY_H
#define PERCEIVER_LIB_GPU_WHOLECOPY_H

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/Operation.h"

namespace mlir::perceiver {

/// Whether an array, or the view that is all of one, lies in memory without
/// gaps.
inline bool isWhole(Type type) {
  auto memref = dyn_cast<MemRefType>(type);
  SmallVector<int64_t> strides;
  int64_t offset;
  return memref && succeeded(memref.getStridesAndOffset(strides, offset)) &&
         offset == 0 && memref.areTrailingDimsContiguous(memref.getRank());
}

inline bool isWholeCopy(Operation *op) {
  auto copy = dyn_cast<linalg::CopyOp>(op);
  return copy && llvm::all_of(copy->getOperandTypes(), isWhole);
}

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_GPU_WHOLECOPY_H
