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
#include "dialect/Model/PerceiverAttrs.h"
#include "lib/CPU/CPUTarget.h"
#include "lib/CPU/Passes.h"
#include "lib/CPU/TileSelection.h"
#include "lib/Transforms/Transforms.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

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

/// The columns of a task of `layer`, which are whole panels, or nothing if a
/// task has all of them.
static std::optional<int64_t> getColumnsOfTask(PackableOpInterface layer) {
  auto tiling = layer->getAttrOfType<TilingAttr>(kTilingAttrName);
  int64_t rank = cast<ShapedType>(layer->getResult(0).getType()).getRank();
  if (!tiling || static_cast<int64_t>(tiling.getTask().size()) != rank ||
      tiling.getTask().back() == 0)
    return std::nullopt;
  return tiling.getTask().back();
}

/// The panels that the cost model chooses for the weight of `layer`.
static block::PanelsAttr choosePanels(PackableOpInterface layer,
                                      const TileTarget &target) {
  Value weight = layer.getPackableOperands().front()->get();
  // What is not fused into its readers does not depend on them.
  auto tiling = layer->getAttrOfType<TilingAttr>(kTilingAttrName);
  std::optional<int64_t> divisor;
  if (!tiling || !tiling.getRoot())
    divisor = findDivisor(layer->getResult(0));
  if (std::optional<int64_t> columns = getColumnsOfTask(layer))
    divisor = std::gcd(divisor.value_or(0), *columns);
  if (divisor == 0)
    divisor.reset();
  // No panel has columns of two groups.
  if (int64_t groups = layer.getColumnGroups(); groups > 1)
    divisor =
        std::gcd(divisor.value_or(0),
                 cast<ShapedType>(weight.getType()).getDimSize(1) / groups);
  bool gated = layer.hasGates();
  int64_t columns =
      cast<ShapedType>(weight.getType()).getDimSize(1) / (gated ? 2 : 1);
  PanelSize size = selectPanels(columns, divisor, gated, target);
  return block::PanelsAttr::get(layer.getContext(), size.columns, size.lanes,
                                gated);
}

namespace {
struct PackWeightsPass : perceiver::impl::PackWeightsPassBase<PackWeightsPass> {
  using PackWeightsPassBase::PackWeightsPassBase;

  void runOnOperation() override {
    FailureOr<CPUTargetAttr> cpu = getCPUTarget(getOperation());
    if (failed(cpu))
      return signalPassFailure();
    TileTarget target = getTileTarget(*cpu);
    auto choose = [&](PackableOpInterface layer) -> WeightLayoutAttrInterface {
      return choosePanels(layer, target);
    };
    if (failed(packWeights(getOperation(), choose)))
      signalPassFailure();
  }
};
} // namespace
