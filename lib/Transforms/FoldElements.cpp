//===- FoldElements.cpp - Functions of elements join linear layers --------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A linear layer computes act(x w + b) + r. What follows it becomes part of it:
//
//   scale(x w + b, c)      =  x (c w) + c b        stored: c w and c b
//   multiply(x w + b, v)   =  x (w v) + b v        of a vector v, likewise
//   add(x w + b, v)        =  x w + (b + v)        stored: b + v
//   activate(x w + b, f)   =  f(x w + b)
//   add(act(x w + b), r)   =  act(x w + b) + r
//
// one after the other, as long as what has joined does not have to come later.
// Rows are then written once instead of twice. Declined where something else
// reads what the layer computes, where a weight is no parameter, and where it
// would no longer be stored.
//
// Tests: test/Transforms/fold-elements.mlir,
// test/Transforms/fold-elements-declined.mlir.
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
#include "dialect/Block/ElementOps.h"
#include "dialect/Block/RowOps.h"
#include "dialect/Shapes.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_FOLDELEMENTSPASS
#include "lib/Transforms/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

static constexpr StringRef kPassName = "perceiver-fold-elements";

namespace {
/// What a layer becomes that an operation joins. Null: what it was.
struct Joined {
  Value weight, bias, residual;
  std::optional<Activation> activation;
};

/// Joins operations of one function to layers. What is replaced is erased at
/// the end, for the analysis remembers values.
class ElementFolder {
public:
  /// Join `op` to the layer that it reads, or say why not.
  void visit(Operation *op);
  void eraseReplaced();

private:
  /// Why nothing can join `linear`, which `reader` reads, or "".
  StringRef getObstacle(block::LinearOp linear, Operation *reader);
  StringRef join(block::ScaleOp op, block::LinearOp linear, Joined &joined);
  StringRef join(block::ActivateOp op, block::LinearOp linear, Joined &joined);
  StringRef join(block::AddOp op, block::LinearOp linear, Joined &joined);
  StringRef join(block::MultiplyOp op, block::LinearOp linear, Joined &joined);
  StringRef tryToJoin(Operation *op, block::LinearOp linear);

  bool isPrepared(ArrayRef<Value> values) {
    return analysis.combine(values).has_value();
  }

  PrepareAnalysis analysis;
  SmallVector<Operation *> replaced;
};
} // namespace

StringRef ElementFolder::getObstacle(block::LinearOp linear,
                                     Operation *reader) {
  if (isDisabled(linear, kPassName) || isDisabled(reader, kPassName))
    return kDisabledReason;
  if (countReaders(linear) != 1)
    return "something else reads the layer";
  if (linear.isPacked())
    return "the weight is packed already";
  if (linear->hasAttr(kTilingAttrName) || reader->hasAttr(kTilingAttrName))
    return "a tiling is of one operation alone";
  if (linear.getResidual())
    return "the layer has a residual, which comes last";
  if (analysis.lookup(linear->getResult(0)))
    return "the layer depends on parameters alone and is stored as a whole";
  return "";
}

StringRef ElementFolder::join(block::ScaleOp op, block::LinearOp linear,
                              Joined &joined) {
  if (!linear.getActivation().isNone())
    return "the layer has an activation, which comes first";
  SmallVector<Value> weights = {linear.getWeight()};
  if (linear.getBias())
    weights.push_back(linear.getBias());
  if (!isPrepared(weights))
    return "the weight and the bias do not come from parameters that can be "
           "combined";
  OpBuilder builder(op);
  auto scale = [&](Value rows) {
    return block::ScaleOp::create(builder, op.getLoc(), rows,
                                  op.getFactorAttr())
        ->getResult(0);
  };
  joined.weight = scale(linear.getWeight());
  if (linear.getBias())
    joined.bias = computeAsRow(builder, op.getLoc(), linear.getBias(), scale);
  return "";
}

StringRef ElementFolder::join(block::ActivateOp op, block::LinearOp linear,
                              Joined &joined) {
  if (!linear.getActivation().isNone())
    return "the layer has an activation already";
  joined.activation = op.getActivation();
  return "";
}

StringRef ElementFolder::join(block::AddOp op, block::LinearOp linear,
                              Joined &joined) {
  Value layer = linear->getResult(0);
  Value other = op.getLhs() == layer ? op.getRhs() : op.getLhs();
  if (layer.getType() != op->getResult(0).getType())
    return "the layer lacks the batch of the sum";
  if (shapeOf(other).getRank() > 1) {
    joined.residual = other;
    return "";
  }
  if (!linear.getActivation().isNone())
    return "the layer has an activation, which comes before a vector";
  if (lastDim(other) != lastDim(layer))
    return "one number is no bias";
  SmallVector<Value> vectors = {other};
  if (linear.getBias())
    vectors.push_back(linear.getBias());
  if (!isPrepared(vectors))
    return "the vector and the bias do not come from parameters that can be "
           "combined";
  joined.bias = other;
  OpBuilder builder(op);
  if (linear.getBias())
    joined.bias =
        computeAsRow(builder, op.getLoc(), linear.getBias(), [&](Value row) {
          return block::AddOp::create(builder, op.getLoc(), row, other)
              ->getResult(0);
        });
  return "";
}

StringRef ElementFolder::join(block::MultiplyOp op, block::LinearOp linear,
                              Joined &joined) {
  Value layer = linear->getResult(0);
  Value other = op.getLhs() == layer ? op.getRhs() : op.getLhs();
  if (layer.getType() != op->getResult(0).getType())
    return "the layer lacks the batch of the product";
  if (shapeOf(other).getRank() > 1)
    return "rows are no factors of a weight";
  if (!linear.getActivation().isNone())
    return "the layer has an activation, which comes first";
  SmallVector<Value> weights = {linear.getWeight(), other};
  if (linear.getBias())
    weights.push_back(linear.getBias());
  if (!isPrepared(weights))
    return "the weight, the bias and the vector do not come from parameters "
           "that can be combined";
  OpBuilder builder(op);
  auto multiply = [&](Value rows) {
    return block::MultiplyOp::create(builder, op.getLoc(), rows, other)
        ->getResult(0);
  };
  joined.weight = multiply(linear.getWeight());
  if (linear.getBias())
    joined.bias =
        computeAsRow(builder, op.getLoc(), linear.getBias(), multiply);
  return "";
}

/// Replace `op` by a layer where it stands: there its operands are known.
StringRef ElementFolder::tryToJoin(Operation *op, block::LinearOp linear) {
  if (StringRef obstacle = getObstacle(linear, op); !obstacle.empty())
    return obstacle;
  Joined joined;
  StringRef obstacle =
      llvm::TypeSwitch<Operation *, StringRef>(op)
          .Case<block::ScaleOp, block::ActivateOp, block::AddOp,
                block::MultiplyOp>(
              [&](auto element) { return join(element, linear, joined); });
  if (!obstacle.empty())
    return obstacle;
  OpBuilder builder(op);
  Location loc = builder.getFusedLoc({linear.getLoc(), op->getLoc()});
  auto orElse = [](Value value, Value otherwise) {
    return value ? value : otherwise;
  };
  Value layer = block::LinearOp::create(
                    builder, loc, linear.getInput(),
                    orElse(joined.weight, linear.getWeight()),
                    orElse(joined.bias, linear.getBias()), joined.residual,
                    joined.activation.value_or(linear.getActivation()))
                    ->getResult(0);
  takeSizesFromDestination(linear);
  op->getResult(0).replaceAllUsesWith(layer);
  replaced.append({linear, op});
  Rewrite passed{kPassName, "Joined"};
  passed.subject = op->getName().stripDialect().str();
  passed.figures = {{"Weights", listParameters(linear.getWeight())}};
  logRewrite(op, passed);
  return "";
}

void ElementFolder::visit(Operation *op) {
  SmallVector<Value> operands = {op->getOperand(0)};
  if (isa<block::AddOp, block::MultiplyOp>(op))
    operands.push_back(op->getOperand(1));
  // A sum of two layers joins the one that can take it.
  StringRef reason;
  for (Value operand : operands) {
    auto linear = operand.getDefiningOp<block::LinearOp>();
    if (!linear || linear->getBlock() != op->getBlock())
      continue;
    StringRef obstacle = tryToJoin(op, linear);
    if (obstacle.empty())
      return;
    if (reason.empty())
      reason = obstacle;
  }
  if (reason.empty())
    return;
  Rewrite missed{kPassName, "NotJoined", /*isDone=*/false};
  missed.subject = op->getName().stripDialect().str();
  missed.reason = reason.str();
  logRewrite(op, missed);
}

void ElementFolder::eraseReplaced() {
  // What reads comes after what it reads.
  for (Operation *op : llvm::reverse(replaced))
    op->erase();
}

void perceiver::foldElements(Operation *root) {
  SmallVector<Operation *> elements;
  root->walk([&](Operation *op) {
    if (isa<block::ScaleOp, block::ActivateOp, block::AddOp, block::MultiplyOp>(
            op) &&
        op->getNumResults() == 1)
      elements.push_back(op);
  });
  ElementFolder folder;
  for (Operation *op : elements)
    folder.visit(op);
  folder.eraseReplaced();
}

namespace {

struct FoldElementsPass
    : perceiver::impl::FoldElementsPassBase<FoldElementsPass> {
  void runOnOperation() override {
    if (!getOperation()->hasAttr(kPrepareAttrName))
      foldElements(getOperation());
  }
};

} // namespace
