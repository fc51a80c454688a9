//===- GPUPadChannels.cpp - Rows that begin where wide loads may ---------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after. Arrays whose widths depend on each other
// are a group, which is padded as a whole or not at all: query and key of an
// attention, value and result of one, residual and result of a linear layer.
// Norms and linear layers stand between groups, for what they read may be wider
// than what they write. Operations say so (WidenableOpInterface).
//
// What it gains, by counters of the emulated device, for an ImageNet model of
// 261 channels at 56 x 56 points: layers that make keys and values touch as few
// sectors as can be instead of 1.5 times as many, 0.84 instead of 0.82 of their
// instructions multiply, and all kernels touch 30 % fewer sectors.
//
// Tests: test/GPU/pad-channels.mlir, test/GPU/pad-channels-declined.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/WeightOps.h"
#include "dialect/Block/WidenableInterface.h"
#include "dialect/Shapes.h"
#include "lib/GPU/Passes.h"
#include "lib/Transforms/StoredValues.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/Remarks.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_GPUPADCHANNELSPASS
#include "lib/GPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// float32 elements of the widest load: rows of a multiple of it are read in
/// such loads all the way.
static constexpr int64_t kWidestLoad = 4;
/// float32 elements of a sector, in which memory is read: rows and heads that
/// are padded begin at one.
static constexpr int64_t kSector = 8;
/// Padding adds at most one element for so many. More would cost more
/// arithmetic than narrow loads cost time: loads are less than half of the
/// instructions of a product even if they are narrow.
static constexpr int64_t kLeastForOne = 4;

namespace {
/// Arrays of rows whose widths are one.
class ChannelGroup {
public:
  /// All that is tied to `value`, which a model computes.
  ChannelGroup(Value value, PrepareAnalysis &analysis);

  const llvm::SetVector<Value> &getValues() const { return values; }
  /// Why it is not padded, or "".
  StringRef findObstacle() const;
  /// Whether rows do not begin where they can be loaded at full width.
  bool isRagged() const { return channels / heads % kWidestLoad != 0; }
  /// Change all types, and pad the weights.
  void pad();

private:
  void fail(StringRef reason) {
    if (obstacle.empty())
      obstacle = reason;
  }
  bool isStored(Value value) {
    return analysis.lookup(value) &&
           !runsInModel(value.getDefiningOp(), analysis);
  }
  void visitProducer(Value value);
  void visitUse(OpOperand &use);
  void collect(OpOperand &rows);

  int64_t paddedHead() const {
    return llvm::alignTo(channels / heads, kSector);
  }
  int64_t paddedChannels() const { return heads * paddedHead(); }
  RankedTensorType getPadded(Value rows) const {
    auto type = cast<RankedTensorType>(rows.getType());
    SmallVector<int64_t> shape(type.getShape());
    shape.back() = paddedChannels();
    return type.clone(shape);
  }
  void padWeight(const TiedWeight &weight);

  PrepareAnalysis &analysis;
  int64_t channels;
  /// Parts of the channels that are padded apart.
  int64_t heads = 1;
  bool hasHeads = false;
  /// What the model computes, and the operands and destinations that have the
  /// channels; those that are stored in `weights`.
  llvm::SetVector<Value> values;
  llvm::SetVector<OpOperand *> rows;
  SmallVector<TiedWeight> weights;
  StringRef obstacle;
};
} // namespace

//===----------------------------------------------------------------------===//
// What belongs together
//===----------------------------------------------------------------------===//

ChannelGroup::ChannelGroup(Value value, PrepareAnalysis &analysis)
    : analysis(analysis), channels(lastDim(value)) {
  values.insert(value);
  for (size_t i = 0; i < values.size(); ++i) {
    Value next = values[i];
    visitProducer(next);
    for (OpOperand &use : next.getUses())
      visitUse(use);
  }
}

void ChannelGroup::visitProducer(Value value) {
  auto result = dyn_cast<OpResult>(value);
  if (!result)
    return fail("it comes from outside");
  auto dps = dyn_cast<DestinationStyleOpInterface>(result.getOwner());
  if (!dps)
    return fail("what writes it cannot pad it");
  OpOperand *init = dps.getDpsInitOperand(result.getResultNumber());
  if (!init->get().getDefiningOp<tensor::EmptyOp>())
    return fail("it is written into an array that is more than that");
  collect(*init);
}

void ChannelGroup::visitUse(OpOperand &use) {
  if (auto dim = dyn_cast<tensor::DimOp>(use.getOwner())) {
    // Of a static dimension nobody asks.
    APInt index;
    if (matchPattern(dim.getIndex(), m_ConstantInt(&index)) &&
        index.getSExtValue() + 1 <
            cast<RankedTensorType>(use.get().getType()).getRank())
      return;
  }
  collect(use);
}

/// Whatever is tied to `rows`.
void ChannelGroup::collect(OpOperand &operand) {
  if (rows.contains(&operand))
    return;
  auto op = dyn_cast<WidenableOpInterface>(operand.getOwner());
  std::optional<ChannelTies> ties;
  if (op)
    ties = op.getChannelTies(operand);
  if (!ties)
    return fail("it is read as it is");
  if (ties->groups != 0 && hasHeads && heads != ties->groups)
    fail("its heads have different widths");
  if (ties->groups != 0) {
    heads = ties->groups;
    hasHeads = true;
  }
  for (const TiedWeight &weight : ties->weights) {
    if (!isStored(weight.operand->get()))
      fail("a weight is computed by the model");
    weights.push_back(weight);
  }
  auto dps = cast<DestinationStyleOpInterface>(op.getOperation());
  for (OpOperand *tied : ties->rows) {
    rows.insert(tied);
    if (dps.isDpsInit(tied))
      values.insert(dps.getTiedOpResult(tied));
    else if (!isStored(tied->get()))
      values.insert(tied->get());
    else
      weights.push_back(
          {tied, cast<ShapedType>(tied->get().getType()).getRank() - 1});
  }
}

StringRef ChannelGroup::findObstacle() const {
  int64_t head = channels / heads, padding = paddedHead() - head;
  if (padding * kLeastForOne > head)
    return "padding would be too much of it";
  return obstacle;
}

//===----------------------------------------------------------------------===//
// Padding
//===----------------------------------------------------------------------===//

void ChannelGroup::padWeight(const TiedWeight &weight) {
  Value input = weight.operand->get();
  auto type = cast<RankedTensorType>(input.getType());
  SmallVector<int64_t> shape(type.getShape()), groups(shape.size(), 1);
  // Rows and columns are padded at once.
  auto other = input.getDefiningOp<block::PadWeightOp>();
  if (other) {
    input = other.getInput();
    groups.assign(other.getGroups().begin(), other.getGroups().end());
  }
  shape[weight.dim] = weight.times * paddedChannels();
  groups[weight.dim] = weight.times * heads;
  OpBuilder builder(weight.operand->getOwner());
  weight.operand->set(block::PadWeightOp::create(
      builder, input.getLoc(), type.clone(shape), input, groups));
  if (other && other->use_empty())
    other->erase();
}

void ChannelGroup::pad() {
  for (OpOperand *operand : rows)
    cast<WidenableOpInterface>(operand->getOwner()).fixChannels();
  for (const TiedWeight &weight : weights)
    padWeight(weight);
  for (Value value : values) {
    auto result = cast<OpResult>(value);
    auto dps = cast<DestinationStyleOpInterface>(result.getOwner());
    OpOperand *init = dps.getDpsInitOperand(result.getResultNumber());
    auto empty = init->get().getDefiningOp<tensor::EmptyOp>();
    OpBuilder builder(result.getOwner());
    init->set(tensor::EmptyOp::create(builder, empty.getLoc(), getPadded(value),
                                      empty.getDynamicSizes()));
    value.setType(getPadded(value));
  }
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {
struct GPUPadChannelsPass
    : perceiver::impl::GPUPadChannelsPassBase<GPUPadChannelsPass> {
  void runOnOperation() override {
    // Groups before anything changes, for what is stored is told from what is
    // there.
    PrepareAnalysis analysis;
    SmallVector<ChannelGroup> groups;
    DenseSet<Value> visited;
    getOperation()->walk([&](WidenableOpInterface op) {
      if (op->getNumResults() == 0 || !runsInModel(op, analysis))
        return;
      Value result = op->getResult(0);
      if (visited.contains(result) || ShapedType::isDynamic(lastDim(result)))
        return;
      groups.emplace_back(result, analysis);
      visited.insert_range(groups.back().getValues());
    });
    for (ChannelGroup &group : groups) {
      if (!group.isRagged())
        continue;
      StringRef obstacle = group.findObstacle();
      if (obstacle.empty()) {
        group.pad();
        continue;
      }
      remark::missed(group.getValues().front().getLoc(),
                     remark::RemarkOpts::name("NotPadded")
                         .category("perceiver-gpu-pad-channels"))
          << remark::reason("{0}", obstacle);
    }
  }
};
} // namespace
