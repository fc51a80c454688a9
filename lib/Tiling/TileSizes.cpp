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

namespace {
/// What is known of a loop from the operands that it runs over.
struct LoopExtent {
  /// Iterations, if that is static.
  std::optional<int64_t> size;
  /// Each iteration covers several elements of some operand: a head its
  /// channels. A last tile with fewer iterations would have a dynamic number
  /// of them.
  bool isScaled = false;
  /// This many iterations share an element of some operand: columns a panel.
  int64_t shared = 1;
};
} // namespace

static SmallVector<LoopExtent> getLoopExtents(Operation *op) {
  auto tileable = cast<TileMapOpInterface>(op);
  SmallVector<LoopExtent> extents(tileable.getTileLoops().size());
  for (OpOperand &operand : op->getOpOperands())
    for (auto [dim, map] :
         llvm::enumerate(tileable.getTileMaps(operand.getOperandNumber()))) {
      if (!map.loop)
        continue;
      LoopExtent &extent = extents[*map.loop];
      extent.isScaled |= map.factor != 1;
      extent.shared = std::max(extent.shared, map.divisor);
      auto type = cast<ShapedType>(operand.get().getType());
      if (map.factor == 1 && map.divisor == 1 && !type.isDynamicDim(dim))
        extent.size = type.getDimSize(dim);
    }
  return extents;
}

FailureOr<SmallVector<OpFoldResult>>
perceiver::getTileSizes(Builder &builder, Operation *op,
                        ArrayRef<int64_t> sizes) {
  SmallVector<LoopExtent> extents = getLoopExtents(op);
  if (sizes.size() > extents.size())
    return op->emitOpError("expected at most ")
           << extents.size() << " sizes in its tiling, but got "
           << sizes.size();
  SmallVector<OpFoldResult> result;
  for (auto [loop, given] : llvm::enumerate(sizes)) {
    const LoopExtent &extent = extents[loop];
    int64_t size = given;
    // More than there is means one tile with all of it.
    if (extent.size)
      size = std::min(size, *extent.size);
    bool isWhole = size == 0 || size == extent.size;
    if (!isWhole && extent.isScaled && extent.size && *extent.size % size != 0)
      return op->emitOpError("expected tiles of loop ")
             << loop << " that divide its " << *extent.size
             << " iterations, but got tiles of " << size;
    if (!isWhole && size % extent.shared != 0)
      return op->emitOpError("expected tiles of loop ")
             << loop << " of whole panels of " << extent.shared
             << " columns, but got tiles of " << size;
    result.push_back(builder.getIndexAttr(size));
  }
  return result;
}
