//===- LinearTiles.h - How a linear layer is cut ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pure functions from sizes and a target to the tasks of a linear layer, as
// those of TileSelection.h.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_LINEARTILES_H
#define PERCEIVER_LIB_CPU_LINEARTILES_H

#include "lib/CPU/TileSelection.h"

namespace mlir::perceiver {

/// A linear layer: `entries` times `rows` rows of `depth` channels become rows
/// of `columns`. With gates the weight has twice as many columns.
struct LinearSizes {
  /// Batch entries and the rows of each; nullopt: dynamic.
  std::optional<int64_t> entries, rows;
  int64_t depth = 0;
  int64_t columns = 0;
  bool gated = false;
};

/// How it is cut.
struct LinearTiles {
  /// Rows of a task.
  int64_t rows = 0;
  /// Columns of a task, whole panels; 0: all of them.
  int64_t columns = 0;
  /// Tasks of an entry, if its rows are known.
  int64_t tasks = 0;
};

/// How a linear layer is cut.
///
/// Blocks of rows alone are tasks where these are enough, or the layer is too
/// small to be shared: what comes before and after goes from row to row in the
/// same task, and nothing is stored between. Otherwise tasks are blocks of rows
/// times groups of panels. Blocks of rows are then as large as fit half of the
/// second-level cache, from 128 to 256 rows: each task streams the weights of
/// its panels past them. Neither cut changes a bit: no sum is cut.
///
/// A dynamic batch counts as one entry, and dynamic rows as many.
LinearTiles selectLinear(const LinearSizes &sizes, const TileTarget &target);

/// The tasks of a layer, and why, in words.
std::string explainLinear(const LinearSizes &sizes, const LinearTiles &tiles);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_LINEARTILES_H
