//===- TileSizes.cpp - Sizes of a tiling, checked -------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/Tiling/tile-sizes.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Tiling/TileSizes.h"

#include "dialect/PerceiverOps.h"

using namespace mlir;
using namespace mlir::perceiver;

FailureOr<SmallVector<OpFoldResult>>
perceiver::getTileSizes(Builder &builder, Operation *op,
                        ArrayRef<int64_t> sizes) {
  SmallVector<TileLoop> loops = getTileLoopInfo(op);
  if (sizes.size() > loops.size())
    return op->emitOpError("expected at most ")
           << loops.size() << " sizes in its tiling, but got " << sizes.size();
  SmallVector<OpFoldResult> result;
  for (auto [number, given] : llvm::enumerate(sizes)) {
    const TileLoop &loop = loops[number];
    int64_t size = given;
    // More than there is means one tile with all of it.
    if (loop.extent)
      size = std::min(size, *loop.extent);
    bool isWhole = size == 0 || size == loop.extent;
    if (!isWhole && loop.isScaled && loop.extent && *loop.extent % size != 0)
      return op->emitOpError("expected tiles of loop ")
             << number << " that divide its " << *loop.extent
             << " iterations, but got tiles of " << size;
    if (!isWhole && size % loop.shared != 0)
      return op->emitOpError("expected tiles of loop ")
             << number << " of whole panels of " << loop.shared
             << " columns, but got tiles of " << size;
    result.push_back(builder.getIndexAttr(size));
  }
  return result;
}
