//===- RowShapes.cpp - Operations on arrays of rows -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/RowShapes.h"

#include "dialect/Block/WidenableInterface.h"
#include "dialect/Shapes.h"

using namespace mlir;
using namespace mlir::perceiver;
using mlir::utils::IteratorType;

#include "dialect/Block/WidenableInterface.cpp.inc"

SmallVector<TileMap> perceiver::rowMaps(ShapedType type, unsigned rowLoops) {
  unsigned rank = type.getRank();
  SmallVector<TileMap> maps;
  for (unsigned dim = 0; dim + 1 < rank; ++dim)
    maps.push_back(TileMap::of(rowLoops - (rank - 1) + dim));
  maps.push_back(TileMap::whole());
  return maps;
}

SmallVector<IteratorType> perceiver::parallelLoops(unsigned count) {
  return SmallVector<IteratorType>(count, IteratorType::parallel);
}

LogicalResult perceiver::verifyRows(Operation *op, StringRef what,
                                    ShapedType type, ShapedType init,
                                    bool mayBroadcast) {
  int64_t rank = type.getRank(), initRank = init.getRank();
  bool broadcasts = mayBroadcast && rank == 2 && initRank == 3;
  if (rank != initRank && !broadcasts)
    return op->emitOpError("expected ")
           << what << " of rank " << initRank << ", but got " << type;
  for (int64_t dim = 0; dim + 1 < rank; ++dim)
    if (!dimsMayMatch(type.getDimSize(dim),
                      init.getDimSize(initRank - rank + dim)))
      return op->emitOpError("expected ")
             << what << " with the rows of the destination " << init
             << ", but got " << type;
  return success();
}

LogicalResult perceiver::verifyLastDim(Operation *op, StringRef what,
                                       ShapedType type, int64_t expected) {
  int64_t actual = type.getDimSize(type.getRank() - 1);
  if (!dimsMayMatch(actual, expected))
    return op->emitOpError("expected ") << what << " with a last dimension of "
                                        << expected << ", but got " << actual;
  return success();
}

LogicalResult perceiver::verifyRankOfRows(Operation *op, ShapedType init) {
  if (init.getRank() != 2 && init.getRank() != 3)
    return op->emitOpError("expected a destination of rank 2 or 3, but got ")
           << init;
  return success();
}
