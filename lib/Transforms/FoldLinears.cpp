//===- FoldLinears.cpp - A linear layer of a linear layer -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Without an activation between them, two layers are one:
//
//   (x w1 + b1) w2 + b2      =  x (w1 w2) + (b1 w2 + b2)
//   (x w1 + b1 + r) w2 + b2  =  x (w1 w2) + (r w2 + b1 w2 + b2)
//
// The products in brackets of parameters are stored. With a residual r, a layer
// of its own computes r w2 + .., and its result is the residual of the other.
//
// Whether that is less work is a matter of widths alone: of K to J and J to N
// columns, K J + J N multiplications of a row become K N, and with a residual
// K N + J N. If something else reads the first layer, its K J stay.
//
// Tests: test/Transforms/fold-linears.mlir,
// test/Transforms/fold-linears-declined.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/DisabledRewrites.h"
#include "lib/Transforms/LinearReaders.h"
#include "lib/Transforms/Passes.h"
#include "lib/Transforms/PrepareAnalysis.h"
#include "lib/Transforms/RewriteLog.h"
#include "lib/Transforms/Transforms.h"
#include "lib/Transforms/VectorAsRow.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/RowOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_FOLDLINEARSPASS
#include "lib/Transforms/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

static constexpr StringRef kPassName = "perceiver-fold-linears";

/// What must remain of the multiplications for a fold to be worth it, in
/// tenths: it makes other weights, which is no gain in itself.
static constexpr int64_t kWorthTenths = 9;

namespace {
/// Multiplications of one row before and after a fold.
struct Work {
  int64_t before;
  int64_t after;
};

/// Folds layers of one function. What is replaced reads nothing from then on,
/// but is erased at the end, for the analysis remembers values.
class LinearFolder {
public:
  /// Fold `linear` into the layer that it reads, and on.
  void visit(block::LinearOp linear);
  void eraseReplaced();

private:
  /// Why `second` cannot be folded into `first`, which it reads, or "".
  std::string getObstacle(block::LinearOp first, block::LinearOp second);
  block::LinearOp fold(block::LinearOp first, block::LinearOp second);
  void drop(block::LinearOp linear);

  PrepareAnalysis analysis;
  llvm::SetVector<Operation *> replaced;
};
} // namespace

static int64_t getWeightColumns(block::LinearOp linear) {
  return cast<ShapedType>(linear.getWeight().getType()).getDimSize(1);
}

static Work getWork(block::LinearOp first, block::LinearOp second) {
  int64_t input = first.getReductionSize();
  int64_t between = second.getReductionSize();
  int64_t output = getWeightColumns(second);
  Work work = {between * output, input * output};
  if (countReaders(first) == 1)
    work.before += input * between;
  if (first.getResidual())
    work.after += between * output;
  return work;
}

static SmallVector<Value> getParameters(block::LinearOp first,
                                        block::LinearOp second) {
  SmallVector<Value> values;
  for (block::LinearOp linear : {first, second}) {
    values.push_back(linear.getWeight());
    if (linear.getBias())
      values.push_back(linear.getBias());
  }
  return values;
}

/// Does `array` have fewer dimensions than the result of `linear`?
static bool lacksBatch(Value array, block::LinearOp linear) {
  return cast<ShapedType>(array.getType()).getRank() <
         cast<ShapedType>(linear->getResult(0).getType()).getRank();
}

std::string LinearFolder::getObstacle(block::LinearOp first,
                                      block::LinearOp second) {
  if (isDisabled(first, kPassName) || isDisabled(second, kPassName))
    return kDisabledReason;
  if (first.isPacked() || second.isPacked())
    return "a weight is packed already";
  if (first->hasAttr(kTilingAttrName) || second->hasAttr(kTilingAttrName))
    return "a tiling is of one layer alone";
  SmallVector<Value> parameters = getParameters(first, second);
  if (!analysis.combine(parameters))
    return "the weights and biases do not come from parameters that can be "
           "combined";
  Type type = getElementTypeOrSelf(second->getResult(0).getType());
  if (!llvm::all_of(parameters, [&](Value value) {
        return getElementTypeOrSelf(value.getType()) == type;
      }))
    return "element types differ";
  if (Value residual = first.getResidual()) {
    if (!second.getActivation().isNone())
      return "the first layer has a residual and the second an activation";
    if (second.getResidual() && lacksBatch(residual, first))
      return "the residual lacks the batch of the layer";
  }
  Work work = getWork(first, second);
  if (10 * work.after > kWorthTenths * work.before)
    return std::to_string(work.after) +
           " multiplications of a row instead of " +
           std::to_string(work.before);
  return "";
}

/// One layer for `second`, where it stands: there its operands are known.
block::LinearOp LinearFolder::fold(block::LinearOp first,
                                   block::LinearOp second) {
  OpBuilder builder(second);
  Location loc = builder.getFusedLoc({first.getLoc(), second.getLoc()});
  auto linear = [&](Value input, Value weight, Value bias, Value residual,
                    Activation activation = {}) {
    return block::LinearOp::create(builder, loc, input, weight, bias, residual,
                                   activation);
  };
  Value weight = second.getWeight();
  Value bias = second.getBias();
  Value product =
      linear(first.getWeight(), weight, nullptr, nullptr)->getResult(0);
  if (first.getBias())
    bias = computeAsRow(builder, loc, first.getBias(), [&](Value row) {
      return linear(row, weight, bias, nullptr)->getResult(0);
    });
  Value residual = second.getResidual();
  if (first.getResidual()) {
    // May itself be a layer of a layer.
    block::LinearOp rest = linear(first.getResidual(), weight, bias, residual);
    residual = rest->getResult(0);
    bias = nullptr;
  }
  return linear(first.getInput(), product, bias, residual,
                second.getActivation());
}

void LinearFolder::drop(block::LinearOp linear) {
  takeSizesFromDestination(linear);
  linear->dropAllReferences();
  replaced.insert(linear);
}

void LinearFolder::visit(block::LinearOp second) {
  if (replaced.contains(second))
    return;
  auto first = second.getInput().getDefiningOp<block::LinearOp>();
  // An activation between two layers is what makes them two; and a layer of
  // parameters alone is stored as a whole.
  if (!first || !first.getActivation().isNone() ||
      first->getBlock() != second->getBlock() ||
      analysis.lookup(first->getResult(0)))
    return;
  std::string obstacle = getObstacle(first, second);
  if (!obstacle.empty()) {
    Rewrite missed{kPassName, "NotFolded", /*isDone=*/false};
    missed.reason = std::move(obstacle);
    logRewrite(second, missed);
    return;
  }
  Work work = getWork(first, second);
  block::LinearOp folded = fold(first, second);
  Rewrite passed{kPassName, "Folded"};
  passed.figures = {{"Weights", listParameters(ValueRange{first.getWeight(),
                                                          second.getWeight()})},
                    {"MultiplicationsOfARow", std::to_string(work.after)},
                    {"InsteadOf", std::to_string(work.before)}};
  logRewrite(second, passed);
  second->getResult(0).replaceUsesWithIf(
      folded->getResult(0),
      [](OpOperand &use) { return !isa<tensor::DimOp>(use.getOwner()); });
  drop(second);
  if (countReaders(first) == 0)
    drop(first);
  if (auto rest = folded.getResidual()
                      ? folded.getResidual().getDefiningOp<block::LinearOp>()
                      : nullptr)
    visit(rest);
  visit(folded);
}

void LinearFolder::eraseReplaced() {
  for (Operation *linear : replaced)
    linear->erase();
}

void perceiver::foldLinears(Operation *root) {
  SmallVector<block::LinearOp> layers;
  root->walk([&](block::LinearOp linear) {
    if (linear->getNumResults() == 1)
      layers.push_back(linear);
  });
  LinearFolder folder;
  // The last one first: a narrow layer makes those before it narrow.
  for (block::LinearOp linear : llvm::reverse(layers))
    folder.visit(linear);
  folder.eraseReplaced();
}

namespace {

struct FoldLinearsPass : perceiver::impl::FoldLinearsPassBase<FoldLinearsPass> {
  void runOnOperation() override {
    if (!getOperation()->hasAttr(kPrepareAttrName))
      foldLinears(getOperation());
  }
};

} // namespace
