//===- SplitPrepare.cpp - Split off what depends on parameters alone ------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %w = perceiver.get_parameter @w[%i]         %p = block.get_weight
//   %p = block.pack_weight ins(%w ..   =>            @weight_0[%i]
//   %y = block.linear ins(%x, %p ..         %y = block.linear ..
//
// and a prepare function that computes what @weight_0 holds, one for each
// different computation. All is stored but what `perceiver.in_model` marks.
//
// Tests: test/Transforms/split-prepare.mlir,
// test/Transforms/split-prepare-invalid.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/Passes.h"
#include "lib/Transforms/PrepareAnalysis.h"
#include "lib/Transforms/StoredValues.h"
#include "lib/Transforms/Transforms.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/WeightOps.h"
#include "dialect/Model/ParameterOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/Remarks.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallSet.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_SPLITPREPAREPASS
#include "lib/Transforms/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

static remark::RemarkOpts remarkNamed(StringRef name) {
  return remark::RemarkOpts::name(name).category("perceiver-split-prepare");
}

namespace {

class Splitter {
public:
  explicit Splitter(ModuleOp module) : module(module), symbols(module) {}

  LogicalResult run();

private:
  Attribute getIdentity(Value value);
  FlatSymbolRefAttr getFirstEqual(FlatSymbolRefAttr parameter);
  std::string numbered(StringRef stem) const {
    return (stem + "_" + Twine(number)).str();
  }
  block::WeightOp createWeight(Value value, std::optional<int64_t> member);
  std::optional<int64_t> getMember(Value value);
  void createWeights(ArrayRef<Value> equalValues);
  void replaceReads();
  Value cloneInto(OpBuilder &builder, Value value, Value index,
                  DenseMap<Attribute, Value> &clones);

  ModuleOp module;
  SymbolTable symbols;
  PrepareAnalysis analysis;
  /// What `getIdentity` has found for values and parameters.
  DenseMap<Value, Attribute> identities;
  DenseMap<Attribute, FlatSymbolRefAttr> parameters;
  /// What is read instead of the values to store.
  SmallVector<std::pair<Value, block::WeightOp>> reads;
  /// Of the next weight, if the name is free.
  unsigned number = 0;
};

} // namespace

//===----------------------------------------------------------------------===//
// Equal computations
//===----------------------------------------------------------------------===//

/// The first parameter that reads the same part of the same tensors.
FlatSymbolRefAttr Splitter::getFirstEqual(FlatSymbolRefAttr parameter) {
  auto op = symbols.lookup<ParameterOp>(parameter.getAttr());
  return parameters.try_emplace(getParameterIdentity(op), parameter)
      .first->second;
}

/// An attribute that is the same for values of the same computation.
Attribute Splitter::getIdentity(Value value) {
  if (Attribute known = identities.lookup(value))
    return known;
  Operation *op = value.getDefiningOp();
  Builder builder(op->getContext());
  SmallVector<Attribute> parts = {
      builder.getStringAttr(op->getName().getStringRef())};
  if (auto get = dyn_cast<GetParameterOp>(op)) {
    parts.push_back(getFirstEqual(get.getParameterAttr()));
  } else {
    NamedAttrList attributes(op->getAttrDictionary());
    attributes.erase(kTilingAttrName);
    attributes.erase(kInModelAttrName);
    parts.push_back(attributes.getDictionary(op->getContext()));
    parts.push_back(TypeAttr::get(value.getType()));
    for (Value operand : op->getOperands())
      parts.push_back(getIdentity(operand));
  }
  return identities[value] = builder.getArrayAttr(parts);
}

//===----------------------------------------------------------------------===//
// Prepare functions
//===----------------------------------------------------------------------===//

/// Copy what computes `value`. Parameters are read with `index`.
Value Splitter::cloneInto(OpBuilder &builder, Value value, Value index,
                          DenseMap<Attribute, Value> &clones) {
  Attribute identity = getIdentity(value);
  if (Value clone = clones.lookup(identity))
    return clone;
  Operation *op = value.getDefiningOp();
  IRMapping mapping;
  if (auto get = dyn_cast<GetParameterOp>(op)) {
    if (get.getIndex())
      mapping.map(get.getIndex(), index);
  } else {
    for (Value operand : op->getOperands())
      mapping.map(operand, cloneInto(builder, operand, index, clones));
  }
  Operation *clone = builder.clone(*op, mapping);
  // Nothing is cut into tasks where weights are computed, and nothing there is
  // an operation of the model.
  clone->removeAttr(kTilingAttrName);
  clone->removeAttr(kInModelAttrName);
  if (auto get = dyn_cast<GetParameterOp>(clone))
    get.setParameterAttr(getFirstEqual(get.getParameterAttr()));
  return clones[identity] = clone->getResult(0);
}

/// Store `value`, or one member of it if it is a family.
block::WeightOp Splitter::createWeight(Value value,
                                       std::optional<int64_t> member) {
  Location loc = value.getLoc();
  auto type = cast<RankedTensorType>(value.getType());
  PrepareInfo info = *analysis.lookup(value);
  bool isFamily = info.index && !member;
  while (symbols.lookup(numbered("prepare")) ||
         symbols.lookup(numbered("weight")))
    ++number;
  OpBuilder builder = OpBuilder::atBlockEnd(module.getBody());
  SmallVector<Type> arguments;
  if (isFamily)
    arguments.push_back(builder.getIndexType());
  auto function =
      func::FuncOp::create(builder, loc, numbered("prepare"),
                           builder.getFunctionType(arguments, type));
  function.setPrivate();
  function->setAttr(kPrepareAttrName, builder.getUnitAttr());
  Block *body = function.addEntryBlock();
  OpBuilder bodyBuilder = OpBuilder::atBlockEnd(body);
  DenseMap<Attribute, Value> clones;
  Value index;
  if (isFamily)
    index = body->getArgument(0);
  else if (member)
    index = arith::ConstantIndexOp::create(bodyBuilder, loc, *member);
  Value result = cloneInto(bodyBuilder, value, index, clones);
  func::ReturnOp::create(bodyBuilder, loc, result);
  auto pack = value.getDefiningOp<block::PackWeightOp>();
  auto weight = block::WeightOp::create(
      builder, loc, numbered("weight"), type,
      isFamily ? builder.getI64IntegerAttr(info.count) : IntegerAttr(),
      FlatSymbolRefAttr::get(function.getSymNameAttr()),
      /*offset=*/IntegerAttr(), /*stride=*/IntegerAttr(),
      pack ? pack.getLayout() : WeightLayoutAttrInterface());
  symbols.insert(function);
  symbols.insert(weight);
  remark::passed(loc, remarkNamed("Stored"))
      << remark::add("{0}", weight.getSymName())
      << remark::metric("Bytes",
                        getStoredBytes(value) * weight.getMemberCount());
  return weight;
}

/// The member that `value` is, if its index is constant.
std::optional<int64_t> Splitter::getMember(Value value) {
  PrepareInfo info = *analysis.lookup(value);
  APInt number;
  if (!info.index || !matchPattern(info.index, m_ConstantInt(&number)) ||
      number.isNegative())
    return std::nullopt;
  return number.getSExtValue() % info.count;
}

/// Store values of the same computation. A family is stored whole if any index
/// is not constant or if all members are read, otherwise the members that are.
void Splitter::createWeights(ArrayRef<Value> equalValues) {
  PrepareInfo info = *analysis.lookup(equalValues.front());
  llvm::SmallSet<int64_t, 4> members;
  bool isWhole = !info.index;
  for (Value value : equalValues) {
    std::optional<int64_t> member = getMember(value);
    isWhole |= !member;
    if (member)
      members.insert(*member);
  }
  isWhole |= static_cast<int64_t>(members.size()) == info.count;
  DenseMap<int64_t, block::WeightOp> weights;
  for (Value value : equalValues) {
    std::optional<int64_t> member;
    if (!isWhole)
      member = getMember(value);
    block::WeightOp &weight = weights[member.value_or(0)];
    if (!weight)
      weight = createWeight(value, member);
    reads.push_back({value, weight});
  }
}

/// Replace the stored values by what has been stored for them.
void Splitter::replaceReads() {
  for (auto [value, weight] : reads) {
    OpBuilder builder(value.getDefiningOp());
    Value index = weight.getCount() ? analysis.lookup(value)->index : Value();
    value.replaceAllUsesWith(block::GetWeightOp::create(
        builder, value.getLoc(), value.getType(),
        FlatSymbolRefAttr::get(weight.getSymNameAttr()), index));
  }
}

/// Remove the marks of what the model computes itself. Fails at one that was no
/// reason to leave anything in the model.
static LogicalResult consumeMarks(ArrayRef<Operation *> ops,
                                  const llvm::SetVector<Operation *> &inModel) {
  for (Operation *op : ops) {
    if (!op->removeAttr(kInModelAttrName))
      continue;
    if (!inModel.contains(op))
      return op->emitOpError("expected '")
             << kInModelAttrName
             << "' where the model reads what depends on parameters alone";
    // A table is stored, or refused where it is lowered.
    if (hasNoKernel(op) && !isTable(op))
      return op->emitOpError("expected no '")
             << kInModelAttrName << "', as no model can compute it";
  }
  return success();
}

LogicalResult Splitter::run() {
  SmallVector<Operation *> order;
  module.walk<WalkOrder::PreOrder>([&](Operation *op) {
    if (op->hasAttr(kPrepareAttrName))
      return WalkResult::skip();
    order.push_back(op);
    return WalkResult::advance();
  });
  auto isStored = [](Value value) {
    return !value.getDefiningOp()->hasAttr(kInModelAttrName);
  };
  StoredValues values(analysis, isStored);
  values.find(module);
  if (failed(consumeMarks(order, values.getInModel())))
    return failure();
  llvm::MapVector<Attribute, SmallVector<Value>> computations;
  for (Value value : values.getStored())
    computations[getIdentity(value)].push_back(value);
  for (const auto &[identity, values] : computations)
    createWeights(values);
  replaceReads();
  for (Operation *op : llvm::reverse(order))
    if (op->use_empty() && isPreparable(op))
      op->erase();
  return success();
}

LogicalResult perceiver::splitPrepare(ModuleOp module) {
  inlinePrepare(module);
  return Splitter(module).run();
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

namespace {

struct SplitPreparePass
    : perceiver::impl::SplitPreparePassBase<SplitPreparePass> {
  using Base::Base;

  void runOnOperation() override {
    if (failed(splitPrepare(getOperation())))
      signalPassFailure();
  }
};

} // namespace
