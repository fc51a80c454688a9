//===- ChannelStructure.h - What channels depend on -------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ANALYSIS_CHANNELSTRUCTURE_H
#define PERCEIVER_LIB_ANALYSIS_CHANNELSTRUCTURE_H

#include "dialect/Block/PositionOps.h"

namespace mlir::perceiver {

/// Channels of an array of rows that stand side by side.
struct ChannelSegment {
  enum class Kind {
    /// Those of `source`, an array of the same rows.
    Dense,
    /// Those of `source`, the positions of all points of a grid in order: each
    /// depends on the place of the row on one axis alone.
    Grid,
    /// Those of `source`, a vector: the same in all rows.
    Constant,
  };
  Kind kind;
  Value source;
  int64_t channels;

  /// The operation of a grid.
  block::GridPositionsOp getGrid() const {
    return cast<block::GridPositionsOp>(source.getDefiningOp());
  }
};

/// The channels of `rows`, `[N, C]` or `[B, N, C]`, in order. Looks through
/// concatenations and casts; whatever it does not know is dense.
SmallVector<ChannelSegment> getChannelStructure(Value rows);

/// As "dense 3, grid 224 x 224 258, constant 7", with the channels of each.
std::string describeChannelStructure(ArrayRef<ChannelSegment> segments);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_ANALYSIS_CHANNELSTRUCTURE_H
