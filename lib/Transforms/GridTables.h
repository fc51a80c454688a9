//===- GridTables.h - What is stored of the points of a grid ----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rows `x = [features | positions | constants]` of a grid are sums of rows that
// depend on one feature or one axis alone,
//
//   x[m] = sum_f f[m, f] e_f + sum_a phi_a(i_a(m))
//
// What is made here depends on these rows alone, in operations that are
// evaluated when a model is compiled.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TRANSFORMS_GRIDTABLES_H
#define PERCEIVER_LIB_TRANSFORMS_GRIDTABLES_H

#include "lib/Analysis/ChannelStructure.h"

namespace mlir::perceiver {

/// One axis of the points, or a vector that all of them share: one of length 1.
struct GridAxis {
  /// Its number in the positions; nothing for a vector.
  std::optional<unsigned> number;
  /// The part of the rows that it has channels in.
  unsigned segment;
  /// The table `[length, channels]` of a position, or the vector.
  Value table;
  int64_t length, channels;
};

/// The axes of the grid, the outermost first, then the vectors. Takes segments
/// with one grid.
SmallVector<GridAxis> getGridAxes(ArrayRef<ChannelSegment> segments);

/// The features of the points, `[B, M, F]`: what is no position and no vector.
Value collectFeatures(OpBuilder &builder, Location loc,
                      ArrayRef<ChannelSegment> segments);

/// The rows `[F + sum of lengths, C]`, less the mean of their channels: e_f for
/// each feature, then phi_a of each place of each axis.
Value createCentredPoints(OpBuilder &builder, Location loc,
                          ArrayRef<ChannelSegment> segments,
                          ArrayRef<GridAxis> axes);

/// Of the channels of an axis their mean and the sum of squares about it at
/// each place, `[2, length]`, as `grid_statistics` takes them.
Value createMoments(OpBuilder &builder, Location loc, const GridAxis &axis);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TRANSFORMS_GRIDTABLES_H
