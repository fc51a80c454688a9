//===- AbsorbQueries.h - Keys and values of few rows ------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The half of absorbing projections that is for attentions with many queries
// and few keys: the layer of the queries becomes part of the keys, that of the
// output part of the values. See AbsorbQueries.cpp.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TRANSFORMS_ABSORBQUERIES_H
#define PERCEIVER_LIB_TRANSFORMS_ABSORBQUERIES_H

#include "lib/Transforms/AttentionProjections.h"

namespace mlir::perceiver {

/// Keys `[B, M, C]` for queries of C channels that no layer has changed, and
/// what they add to their scores, `[B, 1, M]`, null for nothing.
struct AbsorbedQueries {
  Value keys, scoreBias;
};

/// The keys of the attention times the weight of its queries. Its scale becomes
/// part of the bias, which is added after it.
AbsorbedQueries absorbQueries(OpBuilder &builder,
                              ProjectedAttention &attention);

/// The values of the attention times the weight of its output.
Value absorbOutput(OpBuilder &builder, ProjectedAttention &attention);

/// What the layer of the output is besides its product: `averages` with its
/// bias and residual.
Value addToOutput(OpBuilder &builder, ProjectedAttention &attention,
                  Value averages);

/// Keys or values that stay, `rows`: where they are columns of a layer whose
/// others are no longer read, from a layer of their own.
Value getOwnRows(OpBuilder &builder, std::optional<Projection> &projection,
                 Value rows);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TRANSFORMS_ABSORBQUERIES_H
