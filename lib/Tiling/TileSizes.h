//===- TileSizes.h - Sizes of a tiling, checked -----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TILING_TILESIZES_H
#define PERCEIVER_LIB_TILING_TILESIZES_H

#include "mlir/IR/OpDefinition.h"
#include "mlir/Support/LLVM.h"

namespace mlir::perceiver {

/// The sizes that a `perceiver.tiling` gives for the loops of `op`, as the
/// upstream tilings take them: 0 leaves a loop whole, and no size exceeds a
/// static extent. Fails with a diagnostic if there are more sizes than loops,
/// or if tiles would cut through a head of an attention or a panel of a weight.
FailureOr<SmallVector<OpFoldResult>>
getTileSizes(Builder &builder, Operation *op, ArrayRef<int64_t> sizes);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TILING_TILESIZES_H
