//===- PackWeights.cpp - Linear layers with packed weights ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %y = block.linear ins(%x, %w : .., tensor<261x96xf32>) bias(%b) ..
//
//   %p = block.pack_weight ins(%w) .. layout = #block.panels<..>
//   %q = block.pack_weight ins(%b) .. layout = #block.panels<..>
//   %y = block.linear ins(%x, %p) bias(%q) .. {layout = #block.panels<..>}
//
// Packing depends on parameters alone, so `split-prepare` moves it out of the
// model.
//
// Tests: test/CPU/pack-weights.mlir, test/CPU/pack-weights-prepared.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Block/BlockAttrs.h"
#include "dialect/Block/BlockInterfaces.h"
#include "dialect/Block/TileMapInterface.h"
#include "dialect/Block/WeightOps.h"
#include "dialect/Model/PerceiverAttrs.h"
#include "lib/CPU/CPUTarget.h"
#include "lib/CPU/Passes.h"
#include "lib/CPU/TileSelection.h"
#include "lib/Transforms/StoredValues.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

#include <numeric>

namespace mlir::perceiver {
#define GEN_PASS_DEF_PACKWEIGHTSPASS
#include "lib/CPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// What the panels of a result must divide: the widths of heads that are tasks
/// of their own, and where the parts begin that attention reads, because tasks
/// compute such a part alone, from whole panels. 0 if any width will do,
/// nothing if nothing reads it by heads.
static std::optional<int64_t> findDivisor(Value result) {
  std::optional<int64_t> divisor;
  auto require = [&](int64_t width) {
    divisor = std::gcd(divisor.value_or(0), width);
  };
  for (OpOperand &use : result.getUses()) {
    Operation *user = use.getOwner();
    if (auto slice = dyn_cast<tensor::ExtractSliceOp>(user)) {
      std::optional<int64_t> part = findDivisor(slice.getResult());
      if (!part)
        continue;
      require(*part);
      int64_t offset = slice.getStaticOffsets().back();
      if (ShapedType::isStatic(offset))
        require(offset);
      continue;
    }
    auto reader = dyn_cast<TileMapOpInterface>(user);
    if (!reader)
      continue;
    TileMap channels = reader.getTileMaps(use.getOperandNumber()).back();
    if (!channels.loop || !channels.isScaled)
      continue;
    require(0);
    auto tiling = user->getAttrOfType<TilingAttr>(kTilingAttrName);
    bool wholeHeads = !tiling || tiling.getTask().size() <= *channels.loop ||
                      tiling.getTask()[*channels.loop] == 0;
    if (!wholeHeads && getTileLoopInfo(user)[*channels.loop].extent != 1)
      require(channels.factor);
  }
  return divisor;
}

static LogicalResult packWeight(RewriterBase &rewriter, PackableOpInterface op,
                                const TileTarget &target) {
  SmallVector<OpOperand *> operands = op.getPackableOperands();
  for (OpOperand *operand : operands)
    if (auto type = cast<ShapedType>(operand->get().getType());
        !type.hasStaticShape())
      return op->emitOpError("expected a weight of static shape, but got ")
             << type;
  auto weight = cast<ShapedType>(operands.front()->get().getType());
  std::optional<int64_t> divisor = findDivisor(op->getResult(0));
  if (divisor == 0)
    divisor.reset();
  bool gated = op.hasGates();
  int64_t columns = weight.getDimSize(1) / (gated ? 2 : 1);
  PanelSize size = selectPanels(columns, divisor, gated, target);
  auto panels =
      block::PanelsAttr::get(op.getContext(), size.columns, size.lanes, gated);
  rewriter.setInsertionPoint(op);
  SmallVector<Value> packed;
  for (OpOperand *operand : operands)
    packed.push_back(block::PackWeightOp::create(rewriter, op->getLoc(),
                                                 operand->get(), panels)
                         ->getResult(0));
  rewriter.modifyOpInPlace(op, [&] {
    for (auto [operand, value] : llvm::zip_equal(operands, packed))
      operand->set(value);
    op.setLayoutAttr(panels);
  });
  return success();
}

/// Pack what the model computes itself; what is computed when it is compiled
/// needs no panels.
static LogicalResult packWeights(Operation *root, const TileTarget &target) {
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
    bool wasPreparable = analysis->lookup(layer->getResult(0)).has_value();
    if (failed(packWeight(rewriter, layer, target)))
      return failure();
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

namespace {
struct PackWeightsPass : perceiver::impl::PackWeightsPassBase<PackWeightsPass> {
  using PackWeightsPassBase::PackWeightsPassBase;

  void runOnOperation() override {
    FailureOr<CPUTargetAttr> cpu = getCPUTarget(getOperation());
    if (failed(cpu) || failed(packWeights(getOperation(), getTileTarget(*cpu))))
      signalPassFailure();
  }
};
} // namespace
