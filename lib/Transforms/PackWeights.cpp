//===- PackWeights.cpp - Weights in the layout of a target ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %y = block.linear ins(%x, %w) bias(%b) ..
//
//   %p = block.pack_weight ins(%w) .. layout = #layout
//   %q = block.pack_weight ins(%b) .. layout = #layout
//   %y = block.linear ins(%x, %p) bias(%q) .. {layout = #layout}
//
// Back ends choose layouts; their passes call this.
//
// Tests: test/CPU/pack-weights.mlir, test/CPU/pack-weights-prepared.mlir,
// test/GPU/pack-weights.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Block/WeightOps.h"
#include "lib/Transforms/StoredValues.h"
#include "lib/Transforms/Transforms.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

using namespace mlir;
using namespace mlir::perceiver;

static LogicalResult verifyWeights(PackableOpInterface layer) {
  for (OpOperand *operand : layer.getPackableOperands())
    if (auto type = cast<ShapedType>(operand->get().getType());
        !type.hasStaticShape())
      return layer->emitOpError("expected a weight of static shape, but got ")
             << type;
  return success();
}

static void packWeights(RewriterBase &rewriter, PackableOpInterface layer,
                        WeightLayoutAttrInterface layout) {
  SmallVector<OpOperand *> operands = layer.getPackableOperands();
  rewriter.setInsertionPoint(layer);
  SmallVector<Value> packed;
  for (OpOperand *operand : operands)
    packed.push_back(block::PackWeightOp::create(rewriter, layer->getLoc(),
                                                 operand->get(), layout)
                         ->getResult(0));
  rewriter.modifyOpInPlace(layer, [&] {
    for (auto [operand, value] : llvm::zip_equal(operands, packed))
      operand->set(value);
    layer.setLayoutAttr(layout);
  });
}

LogicalResult perceiver::packWeights(Operation *root, ChooseLayout choose) {
  std::optional<PrepareAnalysis> analysis;
  analysis.emplace();
  SmallVector<PackableOpInterface> layers;
  SmallVector<Operation *> marked;
  root->walk([&](Operation *op) {
    auto layer = dyn_cast<PackableOpInterface>(op);
    if (layer && !layer.getLayoutAttr() && op->getNumResults() == 1)
      layers.push_back(layer);
    if (op->hasAttr(kInModelAttrName) && analysis->lookup(op->getResult(0)))
      marked.push_back(op);
  });
  IRRewriter rewriter(root->getContext());
  for (PackableOpInterface layer : layers) {
    if (!runsInModel(layer, *analysis))
      continue;
    if (failed(verifyWeights(layer)))
      return failure();
    WeightLayoutAttrInterface layout = choose(layer);
    if (!layout)
      continue;
    bool wasPreparable = analysis->lookup(layer->getResult(0)).has_value();
    ::packWeights(rewriter, layer, layout);
    // What reads a packed layer is computed by the model as well.
    if (wasPreparable)
      analysis.emplace();
  }
  // Of that, no mark needs to say so.
  for (Operation *op : marked)
    if (!analysis->lookup(op->getResult(0)))
      op->removeAttr(kInModelAttrName);
  return success();
}
