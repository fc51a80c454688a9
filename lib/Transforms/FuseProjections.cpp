//===- FuseProjections.cpp - One linear layer for several -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Linear layers of one input read it once:
//
//   %k = linear ins(%x, %wk)        %w = tensor.concat dim(1) %wk, %wv
//   %v = linear ins(%x, %wv)   =>   %y = linear ins(%x, %w)
//                                   %k = tensor.extract_slice %y[0, 0, 0] ..
//                                   %v = tensor.extract_slice %y[0, 0, 64] ..
//
// The concatenated weight depends on parameters alone and is stored. Layers
// with an activation or a residual are left alone; so are those whose width
// would make slices begin in the middle of a vector. That width is 16 floats
// whatever the target, as the widest have: the pass runs before back ends fork,
// and models for all targets are then the same up to there.
//
// Test: test/Transforms/fuse-projections.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/DisabledRewrites.h"
#include "lib/Transforms/Passes.h"
#include "lib/Transforms/PrepareAnalysis.h"
#include "lib/Transforms/RewriteLog.h"
#include "lib/Transforms/Transforms.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/RowOps.h"
#include "dialect/Model/PerceiverAttrs.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Dominance.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Transforms/RegionUtils.h"
#include "llvm/ADT/MapVector.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_FUSEPROJECTIONSPASS
#include "lib/Transforms/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

static constexpr StringRef kPassName = "perceiver-fuse-projections";

/// Say that a layer stays as it is.
static void logMissed(block::LinearOp linear, std::string reason) {
  Rewrite missed{kPassName, "NotFused", /*isDone=*/false};
  missed.reason = std::move(reason);
  logRewrite(linear, missed);
}

static int64_t getColumns(block::LinearOp linear) {
  return cast<RankedTensorType>(linear.getWeight().getType()).getDimSize(1);
}

/// True for a layer that is nothing but `x w + b` with parameters w and b.
static bool isPlainProjection(block::LinearOp linear,
                              PrepareAnalysis &analysis) {
  if (linear->getNumResults() != 1 || linear.isPacked() ||
      linear.getResidual() || !linear.getActivation().isNone())
    return false;
  // A layer that only parameters enter is stored as a whole.
  return analysis.lookup(linear.getWeight()) &&
         (!linear.getBias() || analysis.lookup(linear.getBias())) &&
         !analysis.lookup(linear.getInput());
}

static SmallVector<Value> getParameters(ArrayRef<block::LinearOp> layers) {
  SmallVector<Value> values;
  for (block::LinearOp linear : layers) {
    values.push_back(linear.getWeight());
    if (linear.getBias())
      values.push_back(linear.getBias());
  }
  return values;
}

/// The biases one behind the other, zeros where a layer has none; null if no
/// layer has one.
static Value concatBiases(OpBuilder &builder, Location loc,
                          ArrayRef<block::LinearOp> layers) {
  if (llvm::none_of(layers,
                    [](block::LinearOp op) { return bool(op.getBias()); }))
    return Value();
  SmallVector<Value> biases;
  for (block::LinearOp linear : layers) {
    if (Value bias = linear.getBias()) {
      biases.push_back(bias);
      continue;
    }
    auto type = RankedTensorType::get(
        getColumns(linear), getElementTypeOrSelf(linear.getWeight().getType()));
    biases.push_back(
        arith::ConstantOp::create(builder, loc, builder.getZeroAttr(type)));
  }
  return tensor::ConcatOp::create(builder, loc, /*dim=*/0, biases);
}

/// Replace the results of `layers`, which all can be computed where the first
/// one is.
static void fuse(ArrayRef<block::LinearOp> layers) {
  block::LinearOp first = layers.front();
  OpBuilder builder(first);
  Location loc = builder.getFusedLoc(llvm::map_to_vector(
      layers, [](block::LinearOp linear) { return linear.getLoc(); }));
  SmallVector<Value> weights = llvm::map_to_vector(
      layers, [](block::LinearOp linear) { return linear.getWeight(); });
  Value weight = tensor::ConcatOp::create(builder, loc, /*dim=*/1, weights);
  Value bias = concatBiases(builder, loc, layers);
  Value all =
      block::LinearOp::create(builder, loc, first.getInput(), weight, bias,
                              /*residual=*/Value())
          ->getResult(0);
  SmallVector<OpFoldResult> sizes = tensor::getMixedSizes(builder, loc, all);
  SmallVector<OpFoldResult> offsets(sizes.size(), builder.getIndexAttr(0));
  SmallVector<OpFoldResult> steps(sizes.size(), builder.getIndexAttr(1));
  int64_t column = 0;
  for (block::LinearOp linear : layers) {
    offsets.back() = builder.getIndexAttr(column);
    sizes.back() = builder.getIndexAttr(getColumns(linear));
    column += getColumns(linear);
    auto type = cast<RankedTensorType>(linear->getResult(0).getType());
    linear->getResult(0).replaceAllUsesWith(tensor::ExtractSliceOp::create(
        builder, linear.getLoc(), type, all, offsets, sizes, steps));
  }
}

/// Fuse a group of layers of one input in one block, if that is possible;
/// return whether it was.
static bool tryToFuse(ArrayRef<block::LinearOp> layers,
                      PrepareAnalysis &analysis) {
  auto missed = [&](const char *reason) {
    logMissed(layers.front(), reason);
    return false;
  };
  for (block::LinearOp linear : layers)
    if (linear->hasAttr(kTilingAttrName))
      return missed("a tiling is of one layer alone");
  SmallVector<Value> parameters = getParameters(layers);
  if (!analysis.combine(parameters))
    return missed("the weights are members of different families");
  Type type = getElementTypeOrSelf(layers.front()->getResult(0).getType());
  for (block::LinearOp linear : layers)
    if (getElementTypeOrSelf(linear->getResult(0).getType()) != type)
      return missed("element types differ");
  for (Value value : parameters)
    if (getElementTypeOrSelf(value.getType()) != type)
      return missed("element types differ");
  IRRewriter rewriter(layers.front()->getContext());
  DominanceInfo dominance;
  if (failed(moveValueDefinitions(rewriter, parameters, layers.front(),
                                  dominance)))
    return missed("the weights are not known where the first layer is");
  std::string names = listParameters(
      llvm::map_to_vector(layers, [](block::LinearOp linear) -> Value {
        return linear.getWeight();
      }));
  fuse(layers);
  Rewrite passed{kPassName, "Fused"};
  passed.figures = {{"LinearLayers", std::to_string(layers.size())},
                    {"Weights", names}};
  logRewrite(layers.front(), passed);
  return true;
}

void perceiver::fuseProjections(Operation *root, int64_t columnMultiple) {
  PrepareAnalysis analysis;
  llvm::MapVector<std::pair<Block *, Value>, SmallVector<block::LinearOp>>
      groups;
  root->walk([&](block::LinearOp linear) {
    if (isPlainProjection(linear, analysis))
      groups[{linear->getBlock(), linear.getInput()}].push_back(linear);
  });
  // Erased at the end: the analysis remembers values.
  SmallVector<block::LinearOp> replaced;
  for (auto &[place, group] : groups) {
    if (group.size() < 2)
      continue;
    SmallVector<block::LinearOp> layers;
    for (block::LinearOp linear : group) {
      if (isDisabled(linear, kPassName)) {
        logMissed(linear, kDisabledReason);
        continue;
      }
      if (getColumns(linear) % columnMultiple == 0) {
        layers.push_back(linear);
        continue;
      }
      logMissed(linear, std::to_string(getColumns(linear)) +
                            " columns are no multiple of " +
                            std::to_string(columnMultiple));
    }
    if (layers.size() >= 2 && tryToFuse(layers, analysis))
      llvm::append_range(replaced, layers);
  }
  for (block::LinearOp linear : replaced)
    linear->erase();
}

namespace {

struct FuseProjectionsPass
    : perceiver::impl::FuseProjectionsPassBase<FuseProjectionsPass> {
  using Base::Base;

  void runOnOperation() override {
    if (columnMultiple < 1) {
      emitError(getOperation().getLoc())
          << "expected a positive column-multiple, but got " << columnMultiple;
      return signalPassFailure();
    }
    if (!getOperation()->hasAttr(kPrepareAttrName))
      fuseProjections(getOperation(), columnMultiple);
  }
};

} // namespace
