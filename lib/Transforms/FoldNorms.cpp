//===- FoldNorms.cpp - Norms leave their affine part to linear layers -----===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With n the normalised rows,
//
//   (n * gain + shift) W + b  =  n (diag(gain) W) + (shift W + b)
//
// so a norm, of whatever kind, in front of linear layers only has to normalise:
//
//   %n = layer_norm ins(%x) affine(%gain, %shift)     %n = layer_norm ins(%x)
//   %y = linear ins(%n, %w) bias(%b)              =>  %y = linear ins(%n, %w2)
//                                                            bias(%b2)
//
// where %w2 and %b2 depend on parameters alone and are stored. It is exact in
// real arithmetic; %w2 and %b2 are computed in float64 and rounded once.
// Declined where a user of the norm is no linear layer, or a weight no
// parameter.
//
// Test: test/Transforms/fold-norms.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/DisabledRewrites.h"
#include "lib/Transforms/Passes.h"
#include "lib/Transforms/PrepareAnalysis.h"
#include "lib/Transforms/RewriteLog.h"
#include "lib/Transforms/Transforms.h"
#include "lib/Transforms/VectorAsRow.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/RowOps.h"
#include "dialect/Block/WeightOps.h"
#include "dialect/Model/PerceiverAttrs.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_FOLDNORMSPASS
#include "lib/Transforms/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

static constexpr StringRef kPassName = "perceiver-fold-norms";

/// Return why the affine part of `norm` cannot go into its users, or "".
static StringRef getObstacle(NormOpInterface norm, PrepareAnalysis &analysis) {
  if (isDisabled(norm, kPassName))
    return kDisabledReason;
  Type type = getElementTypeOrSelf(norm.getInput().getType());
  for (OpOperand &use : norm->getUses()) {
    if (isa<tensor::DimOp>(use.getOwner()))
      continue;
    auto linear = dyn_cast<block::LinearOp>(use.getOwner());
    if (!linear || use.getOperandNumber() != 0)
      return "something that is no linear layer uses the norm";
    if (isDisabled(linear, kPassName))
      return kDisabledReason;
    if (linear.isPacked())
      return "the weight is packed already";
    SmallVector<Value> values = {linear.getWeight()};
    for (Value value : {norm.getGain(), norm.getBias(), linear.getBias()})
      if (value)
        values.push_back(value);
    if (!analysis.combine(values))
      return "the weight, the bias and the affine part do not all come from "
             "parameters that can be combined";
    if (!llvm::all_of(values, [&](Value value) {
          return getElementTypeOrSelf(value.getType()) == type;
        }))
      return "element types differ";
  }
  return "";
}

/// Give `linear` what `norm` does not compute any more.
static void takeAffinePart(block::LinearOp linear, NormOpInterface norm) {
  OpBuilder builder(linear);
  Location loc = norm.getLoc();
  Value weight = linear.getWeight();
  if (Value gain = norm.getGain())
    linear.getWeightMutable().assign(block::ScaleRowsOp::create(
        builder, loc, weight.getType(), weight, gain));
  if (!norm.getBias())
    return;
  linear.getBiasMutable().assign(
      computeAsRow(builder, loc, norm.getBias(), [&](Value row) {
        return block::LinearOp::create(builder, loc, row, weight,
                                       linear.getBias(), /*residual=*/Value())
            ->getResult(0);
      }));
}

void perceiver::foldNorms(Operation *root) {
  PrepareAnalysis analysis;
  SmallVector<NormOpInterface> norms;
  root->walk([&](NormOpInterface norm) {
    // A norm of parameters is stored as a whole.
    if ((norm.getGain() || norm.getBias()) && norm->getNumResults() == 1 &&
        !analysis.lookup(norm.getInput()))
      norms.push_back(norm);
  });
  for (NormOpInterface norm : norms) {
    StringRef obstacle = getObstacle(norm, analysis);
    if (!obstacle.empty()) {
      Rewrite missed{kPassName, "NormKeepsAffine", /*isDone=*/false};
      missed.reason = obstacle.str();
      logRewrite(norm, missed);
      continue;
    }
    SmallVector<Value> weights;
    for (Operation *user : norm->getUsers())
      if (auto linear = dyn_cast<block::LinearOp>(user)) {
        weights.push_back(linear.getWeight());
        takeAffinePart(linear, norm);
      }
    norm.dropAffine();
    Rewrite passed{kPassName, "NormFolded"};
    passed.figures = {{"LinearLayers", std::to_string(weights.size())},
                      {"Weights", listParameters(weights)}};
    logRewrite(norm, passed);
  }
}

namespace {

struct FoldNormsPass : perceiver::impl::FoldNormsPassBase<FoldNormsPass> {
  void runOnOperation() override {
    if (!getOperation()->hasAttr(kPrepareAttrName))
      foldNorms(getOperation());
  }
};

} // namespace
