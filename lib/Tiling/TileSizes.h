//===- TileSizes.h - Sizes of a tiling, checked -----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TILING_TILESIZES_H
#define PERCEIVER_LIB_TILING_TILESIZES_H

#include "mlir/IR/Builders.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/Support/LLVM.h"

namespace mlir::perceiver {

/// Fails with a diagnostic unless what the `perceiver.tiling` of each operation
/// below `root` says can be obeyed, whether the operation becomes a phase or is
/// fused into another: no more sizes than loops, none larger than what it cuts,
/// no tile that cuts through a head of an attention or a panel of a weight.
/// What is in a phase already is left out; its tiles are as large as their
/// readers need.
LogicalResult verifyTilings(Operation *root);

/// Fails with a diagnostic if `op`, which has a `perceiver.tiling`, is of a
/// form that is never tiled.
LogicalResult verifyTileable(Operation *op);

/// The sizes that a `perceiver.tiling` gives for the loops of `op`, as the
/// upstream tilings take them: 0 leaves a loop whole, and no size exceeds a
/// static extent, which in a tile may be less than in the whole. Fails with a
/// diagnostic if there are more sizes than loops, or if tiles would cut through
/// a head of an attention or a panel of a weight.
FailureOr<SmallVector<OpFoldResult>>
getTileSizes(Builder &builder, Operation *op, ArrayRef<int64_t> sizes);

/// Of `size` iterations, those of a tile of `step` that begins at `offset`.
OpFoldResult getTileExtent(OpBuilder &builder, Location loc, OpFoldResult size,
                           OpFoldResult step, OpFoldResult offset);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TILING_TILESIZES_H
