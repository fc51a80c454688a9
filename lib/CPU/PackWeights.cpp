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
//   %p = block.pack_panels ins(%w) .. panels = <columns = 48, lanes = 48>
//   %q = block.pack_panels ins(%b) ..
//   %y = block.linear ins(%x, %p) bias(%q) .. {panels = ..}
//
// Packing depends on parameters alone, so `split-prepare` moves it out of the
// model. Tests: test/CPU/pack-weights.mlir, pack-weights-prepared.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/BlockAttrs.h"
#include "dialect/Block/RowOps.h"
#include "dialect/Block/WeightOps.h"
#include "dialect/Model/PerceiverAttrs.h"
#include "lib/CPU/Passes.h"
#include "lib/CPU/TileSelection.h"
#include "lib/CPU/VerifyTileTarget.h"
#include "lib/Transforms/StoredValues.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

#include <numeric>

namespace mlir::perceiver {
#define GEN_PASS_DEF_PACKWEIGHTS
#include "lib/CPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// What the panels of a result must divide: the widths of heads that are tasks
/// of their own, and where the parts begin that attention reads, because tasks
/// compute such a part alone, from whole panels. 0 if any width will do,
/// nothing if no attention reads it.
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
    auto attention = dyn_cast<block::OnlineAttentionOp>(user);
    if (!attention)
      continue;
    require(0);
    auto tiling = attention->getAttrOfType<TilingAttr>(kTilingAttrName);
    bool wholeHeads =
        !tiling || tiling.getTask().size() < 2 || tiling.getTask()[1] == 0;
    if (wholeHeads || attention.getHeads() == 1)
      continue;
    if (use.getOperandNumber() < 2)
      require(attention.getQueryHeadSize());
    else if (use.getOperandNumber() == 2)
      require(attention.getValueHeadSize());
  }
  return divisor;
}

/// Linear layers with plain weights that the model computes itself; what is
/// computed when it is compiled needs no panels. First those that depend on the
/// model's inputs, and when these are packed, one at a time of the others, the
/// last one: its weight, once packed, is stored, and so may be what that is
/// computed from.
static SmallVector<block::LinearOp> findUnpacked(Operation *root) {
  PrepareAnalysis analysis;
  StoredValues stored(analysis, SplitPrepareOptions());
  stored.find(root);
  SmallVector<block::LinearOp> dependent;
  block::LinearOp last;
  root->walk([&](block::LinearOp op) {
    if (op.isPacked() || op.getNumResults() != 1)
      return;
    Value result = op.getResults().front();
    if (!analysis.lookup(result))
      dependent.push_back(op);
    else if (stored.staysInModel(result))
      last = op;
  });
  if (dependent.empty() && last)
    return {last};
  return dependent;
}

static LogicalResult packWeight(RewriterBase &rewriter, block::LinearOp op,
                                const TileTarget &target) {
  auto weight = cast<ShapedType>(op.getWeight().getType());
  if (!weight.hasStaticShape())
    return op.emitOpError("expected a weight of static shape, but got ")
           << weight;
  std::optional<int64_t> divisor = findDivisor(op.getResults().front());
  if (divisor == 0)
    divisor.reset();
  bool gated = op.getActivation() == Activation::geglu;
  int64_t columns = weight.getDimSize(1) / (gated ? 2 : 1);
  PanelSize size = selectPanels(columns, divisor, gated, target);
  auto panels =
      block::PanelsAttr::get(op.getContext(), size.columns, size.lanes, gated);
  rewriter.setInsertionPoint(op);
  auto pack = [&](Value value) {
    return block::PackPanelsOp::create(rewriter, op.getLoc(), value, panels)
        .getResults()
        .front();
  };
  Value packed = pack(op.getWeight());
  Value bias = op.getBias() ? pack(op.getBias()) : Value();
  rewriter.modifyOpInPlace(op, [&] {
    op.getWeightMutable().assign(packed);
    if (bias)
      op.getBiasMutable().assign(bias);
    op.setPanelsAttr(panels);
  });
  return success();
}

namespace {
struct PackWeightsPass : perceiver::impl::PackWeightsBase<PackWeightsPass> {
  using PackWeightsBase::PackWeightsBase;

  LogicalResult initialize(MLIRContext *context) override {
    target.lanes = lanes;
    target.registers = registers;
    return verifyTileTarget(context, target);
  }

  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    SmallVector<block::LinearOp> ops = findUnpacked(getOperation());
    while (!ops.empty()) {
      for (block::LinearOp op : ops)
        if (failed(packWeight(rewriter, op, target)))
          return signalPassFailure();
      ops = findUnpacked(getOperation());
    }
  }

  TileTarget target;
};
} // namespace
