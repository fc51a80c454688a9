//===- GridRows.h - Normalised points of a grid -----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What separating positions has to know of rows that an attention reads, on
// either side: whether they are the points of a grid, normalised,
//
//   n[i] = r[i] (x[i] - mean(x[i])),   x = [features | positions | constants]
//
// whether products with them may be sums of products with features and places,
// and these.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TRANSFORMS_GRIDROWS_H
#define PERCEIVER_LIB_TRANSFORMS_GRIDROWS_H

#include "lib/Transforms/GridTables.h"
#include "lib/Transforms/PrepareAnalysis.h"
#include "lib/Transforms/RewriteLog.h"

#include <optional>
#include <string>

namespace mlir::perceiver {

/// The normalised points of a grid.
struct GridRows {
  /// What is normalised, and how.
  Value input;
  FloatAttr epsilon;
  bool isAffine;
  SmallVector<ChannelSegment> segments;
  SmallVector<GridAxis> axes;

  /// Channels of a kind.
  int64_t count(ChannelSegment::Kind kind) const;
  int64_t countFeatures() const { return count(ChannelSegment::Kind::Dense); }
  /// All channels of a row.
  int64_t getChannels();
  int64_t getPoints() const;
  /// Features and places of all axes.
  int64_t getWidth() const;
  /// The lengths of all axes.
  SmallVector<int64_t> getGrid() const;
};

/// `rows` as normalised points of a grid, if some of their channels are
/// positions.
std::optional<GridRows> matchGridRows(Value rows);

/// Why products with the rows are not computed from features and places; "" if
/// they can be.
std::string findObstacle(GridRows &rows, PrepareAnalysis &analysis);

/// Why the pass `pass` leaves an attention with so many heads alone, whatever
/// it reads; "" if it does not.
std::string findObstacle(Operation *attention, int64_t heads, StringRef pass);

/// What separates the positions of one side of attentions, and what remarks
/// say if it does or does not.
struct Separation {
  StringRef pass, done, declined;
};

/// Separate the positions of those attentions of `ops` for which
/// `getCandidate(op)` finds a candidate, which knows its `op` and `rows`, and
/// `findReason(candidate)` no reason against it. Each has a remark.
template <typename Ops, typename GetCandidate, typename FindReason,
          typename Separate>
void separateEach(const Ops &ops, const Separation &names,
                  GetCandidate getCandidate, FindReason findReason,
                  Separate separate) {
  SmallVector<Operation *> replaced;
  for (auto op : ops) {
    auto candidate = getCandidate(op);
    if (!candidate)
      continue;
    std::string reason = findReason(*candidate);
    bool isDone = reason.empty();
    Rewrite rewrite{names.pass, isDone ? names.done : names.declined, isDone};
    rewrite.reason = reason;
    rewrite.figures = {
        {"Channels", describeChannelStructure(candidate->rows.segments)}};
    logRewrite(op, rewrite);
    if (!isDone)
      continue;
    separate(*candidate);
    replaced.push_back(op);
  }
  // At the end: analyses remember values.
  for (Operation *op : replaced)
    op->erase();
}

/// What is read instead of the rows.
struct SeparatedRows {
  /// `[B, M, F]`, and what the norm multiplies each row with, `[B, M]`.
  Value features, factors;
  /// The rows `[F + sum of lengths, C]` that they are sums of, less the mean of
  /// their channels. They depend on parameters alone.
  Value points;
};

/// Beside the array that is normalised: once for all attentions that read it,
/// and outside of loops.
SeparatedRows createSeparatedRows(OpBuilder &builder, Location loc,
                                  GridRows &rows);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TRANSFORMS_GRIDROWS_H
