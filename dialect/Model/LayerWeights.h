//===- LayerWeights.h - Weights bound to a block ----------------*- C++ -*-===//
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

#ifndef PERCEIVER_DIALECT_MODEL_LAYERWEIGHTS_H
#define PERCEIVER_DIALECT_MODEL_LAYERWEIGHTS_H

#include "dialect/Model/AttentionBlockInterface.h"

#include "mlir/IR/SymbolTable.h"

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

/// `@scope`, `@scope without_bias [query, key]` or `{query = [@w, @b], ..}`.
ParseResult parseWeights(OpAsmParser &parser, DictionaryAttr &weights,
                         bool isCross, Activation mlp);
void printWeights(OpAsmPrinter &printer, DictionaryAttr weights, bool isCross,
                  Activation mlp);

} // namespace mlir::perceiver

#endif // PERCEIVER_DIALECT_MODEL_LAYERWEIGHTS_H
