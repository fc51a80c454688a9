//===- PackWeights.cpp - Linear layers with packed weights ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %y = perceiver.linear ins(%x, %w : .., tensor<261x96xf32>) bias(%b) ..
//
//   %p = perceiver.pack_panels ins(%w) .. panels = <columns = 48, lanes = 48>
//   %q = perceiver.pack_panels ins(%b) ..
//   %y = perceiver.linear ins(%x, %p) bias(%q) .. {panels = ..}
//
// Packing depends on parameters alone, so `split-prepare` moves it out of the
// model. Test: test/Tiling/pack-weights.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/PerceiverOps.h"
#include "lib/Analysis/TileSelection.h"
#include "lib/Tiling/Passes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include <numeric>

namespace mlir::perceiver {
#define GEN_PASS_DEF_PACKWEIGHTS
#include "lib/Tiling/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// What the panels of a result must divide: the head widths of the attentions
/// that read it or a part of it, and the places where the parts begin.
static void collectDivisors(Value result, int64_t &divisor, bool &isRead) {
  auto require = [&](int64_t width) {
    divisor = std::gcd(divisor, width);
    isRead = true;
  };
  for (OpOperand &use : result.getUses()) {
    Operation *user = use.getOwner();
    if (auto slice = dyn_cast<tensor::ExtractSliceOp>(user)) {
      int64_t dim = slice.getSourceType().getRank() - 1;
      int64_t part = 0;
      bool partIsRead = false;
      collectDivisors(slice.getResult(), part, partIsRead);
      if (!partIsRead)
        continue;
      require(part);
      int64_t offset = slice.getStaticOffsets()[dim];
      if (ShapedType::isStatic(offset))
        require(offset);
      continue;
    }
    auto attention = dyn_cast<OnlineAttentionOp>(user);
    if (!attention)
      continue;
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
}

/// Is `value` computed from parameters and constants alone? Then it is prepared
/// when the model is compiled, in the plain layout.
static bool isPrepared(Value value) {
  Operation *op = value.getDefiningOp();
  if (!op)
    return false;
  if (isa<GetParameterOp>(op))
    return true;
  return isMemoryEffectFree(op) && op->getNumRegions() == 0 &&
         llvm::all_of(op->getOperands(), isPrepared);
}

static void packWeight(RewriterBase &rewriter, LinearOp op,
                       const TileTarget &target) {
  int64_t divisor = 0;
  bool isRead = false;
  collectDivisors(op.getResults().front(), divisor, isRead);
  bool gated = op.getActivation() == Activation::geglu;
  auto init = cast<RankedTensorType>(op.getInit().getType());
  PanelSize size = selectPanels(
      init.getDimSize(init.getRank() - 1),
      isRead ? std::optional<int64_t>(divisor) : std::nullopt, gated, target);
  auto panels =
      PanelsAttr::get(op.getContext(), size.columns, size.lanes, gated);
  rewriter.setInsertionPoint(op);
  auto pack = [&](Value value) {
    return PackPanelsOp::create(rewriter, op.getLoc(), value, panels)
        .getResults()
        .front();
  };
  Value weight = pack(op.getWeight());
  Value bias = op.getBias() ? pack(op.getBias()) : Value();
  rewriter.modifyOpInPlace(op, [&] {
    op.getWeightMutable().assign(weight);
    if (bias)
      op.getBiasMutable().assign(bias);
    op.setPanelsAttr(panels);
  });
}

namespace {
struct PackWeightsPass : perceiver::impl::PackWeightsBase<PackWeightsPass> {
  using PackWeightsBase::PackWeightsBase;

  void runOnOperation() override {
    TileTarget target;
    target.lanes = lanes;
    target.registers = registers;
    SmallVector<LinearOp> ops;
    getOperation().walk([&](LinearOp op) {
      if (!op.isPacked() && op.getNumResults() == 1 &&
          !isPrepared(op.getResults().front()))
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (LinearOp op : ops)
      packWeight(rewriter, op, target);
  }
};
} // namespace
