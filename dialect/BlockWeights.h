//===- BlockWeights.h - Weights bound to a block ----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The attribute `weights` of the model-level blocks: a dictionary from the name
// of a layer to the symbols of its weight and, if there is one, its bias.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCKWEIGHTS_H
#define PERCEIVER_DIALECT_BLOCKWEIGHTS_H

#include "dialect/PerceiverOps.h"

namespace mlir::perceiver {

/// The layers of a block, in the order in which they are printed.
enum class BlockLayer : unsigned {
  QNorm,
  KVNorm,
  Query,
  Key,
  Value,
  Output,
  MlpNorm,
  MlpIn,
  MlpOut,
};
inline constexpr unsigned kNumBlockLayers = 9;

/// The key of a layer in the dictionary.
StringRef getLayerName(BlockLayer layer);

/// True for the layer normalisations, which have a bias and may be left out.
bool isNorm(BlockLayer layer);

/// The symbols of one layer. The weight is null if the layer is not bound.
struct LayerWeights {
  FlatSymbolRefAttr weight;
  FlatSymbolRefAttr bias;
};

/// The symbols of `layer` in a dictionary that was verified.
LayerWeights lookupLayer(DictionaryAttr weights, BlockLayer layer);

/// The keys are layers, the values one or two symbols, norms have both, and
/// exactly the layers are bound that the block has.
LogicalResult verifyWeights(AttentionBlockOpInterface block);

/// The parameters exist and have the shapes that the block needs.
LogicalResult verifyWeightShapes(AttentionBlockOpInterface block,
                                 SymbolTableCollection &symbols);

/// "; did you mean @x?" for the parameter with the nearest name that `op` may
/// read, or "".
std::string didYouMeanParameter(Operation *op, StringRef name);

/// The parameter `symbol` that `op` reads as its `what`. A family may be read
/// inside of `process` only. Reports an error and returns null if there is no
/// such parameter, if it has another shape than `shape`, where known, or other
/// elements than the result of `op`: a checkpoint's elements are converted to
/// those of the parameter, and nowhere else.
ParameterOp lookupParameter(Operation *op, SymbolTableCollection &symbols,
                            FlatSymbolRefAttr symbol, const Twine &what,
                            ArrayRef<int64_t> shape);

/// `@scope`, `@scope without_bias [query, key]` or `{query = [@w, @b], ..}`.
ParseResult parseWeights(OpAsmParser &parser, DictionaryAttr &weights,
                         bool isCross, Activation mlp);
void printWeights(OpAsmPrinter &printer, DictionaryAttr weights, bool isCross,
                  Activation mlp);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_BLOCKWEIGHTS_H
