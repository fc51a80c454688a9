//===- TileMap.h - From loops to slices of operands -------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The value types behind TileMapOpInterface.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_TILEMAP_H
#define PERCEIVER_DIALECT_BLOCK_TILEMAP_H

#include "mlir/IR/OpDefinition.h"

#include <optional>

namespace mlir::perceiver {

/// One dimension of an operand under tiling. A tile with offset `o` and size
/// `s` in loop `loop` touches the elements `[o * factor / divisor,
/// ceil((o + s) * factor / divisor))` of it; without a loop, all of them.
struct TileMap {
  std::optional<unsigned> loop;
  int64_t factor = 1;
  int64_t divisor = 1;
  /// The dimension consists of `factor` elements for each iteration, which may
  /// be 1; see TileLoop.
  bool isScaled = false;

  static TileMap whole() { return {}; }
  static TileMap of(unsigned loop) { return {loop}; }
  /// `count` elements for each iteration of the loop, e.g. channels a head.
  static TileMap scaled(unsigned loop, int64_t count) {
    return {loop, count, 1, true};
  }
  /// `count` iterations of the loop share one element, e.g. columns a panel.
  static TileMap sharing(unsigned loop, int64_t count) {
    return {loop, 1, count};
  }
};

/// What is known of one loop of a TileMapOpInterface from the operands that it
/// runs over.
struct TileLoop {
  /// Iterations, if that is static.
  std::optional<int64_t> extent;
  /// Iterations are side by side in a dimension of some operand, as heads are
  /// in the channels: a tile of a dynamic number of them would have a dynamic
  /// width, and an unknown number of heads.
  bool isScaled = false;
  /// This many iterations share an element of some operand, as columns do a
  /// panel: a tile must neither begin nor, but for the last, end between.
  int64_t shared = 1;
};

/// The loops of `op`, a TileMapOpInterface, from the outermost on.
SmallVector<TileLoop> getTileLoopInfo(Operation *op);

/// Fails with a diagnostic unless each shaped operand of `op`, a
/// TileMapOpInterface, has a map for each of its dimensions, and each loop is a
/// whole dimension of an operand.
LogicalResult verifyTileMaps(Operation *op);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_BLOCK_TILEMAP_H
