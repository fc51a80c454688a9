//===- AttentionProjections.h - The layers around attentions ----*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What absorbing projections has to know of an attention: the linear layers
// that make its queries, keys and values and that read its result, whether it
// could do without them, and what it then would compute.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TRANSFORMS_ATTENTIONPROJECTIONS_H
#define PERCEIVER_LIB_TRANSFORMS_ATTENTIONPROJECTIONS_H

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/RowOps.h"
#include "lib/Transforms/PrepareAnalysis.h"

#include <optional>
#include <string>

namespace mlir::perceiver {

/// A layer `rows w + b` of parameters w and b, or some columns of one.
struct Projection {
  block::LinearOp layer;
  /// Columns of the layer's result from here on; those of all of it, or of the
  /// slice that is read.
  int64_t column = 0, columns = 0;

  Value getRows() { return layer.getInput(); }
  int64_t getChannels() { return layer.getReductionSize(); }
  /// Its weight `[channels, columns]`.
  Value getWeight(OpBuilder &builder);
  /// Its bias `[columns]`; null if it has none.
  Value getBias(OpBuilder &builder);
  bool hasBias();
};

/// The layer whose result, or whose columns, `value` is.
std::optional<Projection> matchProjection(Value value,
                                          PrepareAnalysis &analysis);

/// An attention and the layers around it.
struct ProjectedAttention {
  block::AttentionOp op;
  /// Layers of the keys, values and queries that nobody else reads.
  std::optional<Projection> key, value, query;
  /// Why there is none.
  std::string keyObstacle, valueObstacle, queryObstacle;
  /// The layer that alone reads the result, if there is one.
  block::LinearOp output;
  /// The queries are parameters, and what they are multiplied with is, too.
  bool hasPreparedQueries = false;
  /// Products of the weights of queries and keys can be stored, and those of
  /// values and output.
  bool storesScoreWeights = false, storesAverageWeights = false;
};

/// Look at the layers around `op`.
ProjectedAttention matchProjections(block::AttentionOp op,
                                    PrepareAnalysis &analysis);

/// Why the attention cannot do what `algebra` says; "" if it can.
std::string findObstacle(ProjectedAttention &attention, Algebra algebra);

bool absorbsKeys(Algebra algebra);
bool absorbsValues(Algebra algebra);
bool absorbsQueries(Algebra algebra);
bool absorbsOutput(Algebra algebra);

/// The multiplications and additions of one execution, of one batch entry, two
/// FLOPs each.
struct AttentionFlops {
  /// Of the layers whose number of rows is that of the keys, and of those of
  /// the queries and the output, as far as they depend on the choice.
  double keyLayers = 0, queryLayers = 0;
  /// Of layers with rows of keys that would stand beside the attention.
  double absorbingKeyLayers = 0;
  /// Of scores and weighted sums.
  double pairs = 0;
};

/// What the attention would compute, with so many queries and keys.
AttentionFlops countFlops(ProjectedAttention &attention, Algebra algebra,
                          double queries, double keys);

/// Whether the weight of the keys should be multiplied into that of the
/// queries, and that of the values into that of the output, rather than be a
/// layer of its own: where that computes no more.
bool mergesIntoQuery(ProjectedAttention &attention);
bool mergesIntoOutput(ProjectedAttention &attention);

/// The same of the weight of the queries and that of the keys, and of the
/// output's and the values', where rows of keys are multiplied.
bool mergesIntoKey(ProjectedAttention &attention);
bool mergesIntoValue(ProjectedAttention &attention);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TRANSFORMS_ATTENTIONPROJECTIONS_H
