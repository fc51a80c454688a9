//===- TileMapInterface.h - Loops of block operations -----------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_TILEMAPINTERFACE_H
#define PERCEIVER_DIALECT_BLOCK_TILEMAPINTERFACE_H

#include "dialect/Block/TileMap.h"
#include "dialect/Model/TilingAttrInterface.h"

#include "mlir/Dialect/Utils/StructuredOpsUtils.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"

#include "dialect/Block/TileMapInterface.h.inc"

namespace mlir::perceiver {

/// Whether each iteration of the loops of `op` reads, or writes, one element of
/// an array of its own: what is at that place in the destination, of which the
/// same holds.
bool isElementwise(TileMapOpInterface op, OpOperand &operand);

/// Whether `op` is of the block level: of our dialect, or an operation of
/// another one that is tiled as these are.
bool isBlockLevel(Operation *op);

/// Attach TilingInterface to all destination-passing operations of `dialect`
/// that have TileMapOpInterface; dialects call it once their operations are
/// registered.
void attachTilingInterface(Dialect &dialect);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_BLOCK_TILEMAPINTERFACE_H
