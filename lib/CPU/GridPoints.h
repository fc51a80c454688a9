//===- GridPoints.h - What kernels read of points of a grid -----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_GRIDPOINTS_H
#define PERCEIVER_LIB_CPU_GRIDPOINTS_H

#include "lib/CPU/KernelBuilder.h"

namespace mlir::perceiver {

/// Points side by side on the inner axis of a grid.
struct GridStrip {
  /// The first place on the inner axis, and the first point.
  Value place, point;
  int64_t size;
  /// Places on the other axes.
  SmallVector<Value> places;
};

/// Features `[B, M, F]` and factors `[B, M]` of the points of a grid, with a
/// mask `[B, M]` as `key_mask` makes it, which may be null.
class GridPoints {
public:
  /// Allocates copies of a strip of `longest` points if there is a mask.
  GridPoints(KernelBuilder &kernel, Value features, Value factors, Value mask,
             int64_t longest);

  /// The batch entry that is read from here on.
  void setBatch(Value entry) { batch = entry; }

  /// Copy a strip with zeros where the mask is 0, since 0 * NaN is NaN; to be
  /// called before what reads it.
  void enter(const GridStrip &strip);
  /// Of point `j` of a strip the factor, a vector of equal elements, and a
  /// feature.
  Value factorAt(const GridStrip &strip, Value j);
  Value featureAt(const GridStrip &strip, Value j, Value feature);
  /// A vector of scores of point `j`, or what the mask makes of them.
  Value maskScore(const GridStrip &strip, Value j, Value score);

private:
  Value isMasked(Value point, int64_t state);

  KernelBuilder &kernel;
  Value features, factors, mask, batch;
  int64_t count;
  Value featureCopy, factorCopy;
};

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_GRIDPOINTS_H
