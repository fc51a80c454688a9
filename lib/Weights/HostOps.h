//===- HostOps.h - What the compiler computes on the host -------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The float64 arithmetic behind PrepareEvaluator. Shapes are the caller's
// responsibility. Sums are added in index order, so that every build of the
// compiler computes the same bits.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_WEIGHTS_HOSTOPS_H
#define PERCEIVER_LIB_WEIGHTS_HOSTOPS_H

#include "dialect/Model/FourierColumns.h"
#include "dialect/Model/PerceiverAttrs.h"
#include "lib/Weights/HostTensor.h"

namespace mlir::perceiver {

/// Each row minus its mean, over its standard deviation. `epsilon` is added to
/// the variance.
HostTensor normalizeRows(const HostTensor &input, double epsilon);

/// `lhs [.., K]` times the matrix `rhs [K, N]`.
HostTensor multiply(const HostTensor &lhs, const HostTensor &rhs);

/// The elements of `lhs` and `rhs` combined, `rhs` broadcast to `lhs`.
HostTensor add(const HostTensor &lhs, const HostTensor &rhs);
HostTensor multiplyElements(const HostTensor &lhs, const HostTensor &rhs);

/// What follows a linear layer. Gates halve the columns.
HostTensor activate(const HostTensor &input, Activation activation);

/// `input [B, N, C]` to its means `[B, 1, C]`.
HostTensor averageRows(const HostTensor &input);

/// 1 / sqrt(variance + epsilon), element by element.
HostTensor invertDeviations(const HostTensor &variance, double epsilon);

/// A table `[h * w, C]` of a grid `from` for a grid `to`; see
/// `perceiver.resize_grid`.
HostTensor resizeGrid(const HostTensor &table, ArrayRef<int64_t> from,
                      ArrayRef<int64_t> to);

/// A copy of `tensors`, one behind the other along `dim`.
HostTensor concatenate(ArrayRef<HostTensor> tensors, int64_t dim);

/// See `block.axis_table`.
HostTensor computeAxisTable(int64_t length, int64_t bands, double maxFrequency,
                            FourierRecipe recipe,
                            FourierSpacing spacing = FourierSpacing::inclusive,
                            FourierTerms terms = kAllTerms);

/// The first rows of a grid: block.grid_positions.
HostTensor computeGridPositions(ArrayRef<HostTensor> tables, int64_t rows,
                                const FourierColumns &columns);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_WEIGHTS_HOSTOPS_H
