//===- TileMap.h - From loops to slices of operands -------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The value type behind TileMapOpInterface.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_TILEMAP_H
#define PERCEIVER_DIALECT_TILEMAP_H

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

  static TileMap whole() { return {}; }
  static TileMap of(unsigned loop, int64_t factor = 1) {
    return {loop, factor, 1};
  }
  /// `count` iterations of the loop share one element, e.g. columns a panel.
  static TileMap sharing(unsigned loop, int64_t count) {
    return {loop, 1, count};
  }
};

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_TILEMAP_H
