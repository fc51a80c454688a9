//===- SelectStored.cpp - What the model computes itself ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %w = block.linear ins(%a, %b : tensor<2000x16xf32>, tensor<16x512xf32>)
//       .. {perceiver.in_model} -> tensor<2000x512xf32>
//
// marks what depends on parameters alone and is too large to be stored.
// `pack-weights` and `split-prepare` obey: what is not marked is stored.
//
// Test: test/Transforms/select-stored.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/Passes.h"
#include "lib/Transforms/StoredValues.h"
#include "lib/Transforms/Transforms.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/BlockInterfaces.h"
#include "dialect/Model/ParameterOps.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/Remarks.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_SELECTSTOREDPASS
#include "lib/Transforms/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// Values that take more than this while a weight is computed are left to the
/// model, even if the weight itself is small.
static constexpr int64_t kMaxComputedBytes = int64_t{1} << 30;

namespace {
/// Bytes of the parameters in a value, and of the largest value on the way.
struct Cost {
  uint64_t parameters = 0;
  int64_t largest = 0;
};
} // namespace

/// Walk over everything that `value` is computed from.
static Cost getCost(Value value, SymbolTableCollection &symbols) {
  Cost cost;
  DenseSet<Attribute> counted;
  SmallVector<Value> worklist = {value};
  DenseSet<Value> seen;
  while (!worklist.empty()) {
    Value next = worklist.pop_back_val();
    if (!seen.insert(next).second)
      continue;
    cost.largest = std::max(cost.largest, getStoredBytes(next));
    auto get = next.getDefiningOp<GetParameterOp>();
    if (!get) {
      llvm::append_range(worklist, next.getDefiningOp()->getOperands());
      continue;
    }
    auto parameter = symbols.lookupNearestSymbolFrom<ParameterOp>(
        get, get.getParameterAttr());
    if (counted.insert(getParameterIdentity(parameter)).second)
      cost.parameters =
          llvm::SaturatingAdd<uint64_t>(cost.parameters, getStoredBytes(next));
  }
  return cost;
}

/// Why `value` should not be stored, or "".
static std::string findObjection(Value value,
                                 const SelectStoredOptions &options,
                                 SymbolTableCollection &symbols) {
  int64_t bytes = getStoredBytes(value);
  Operation *op = value.getDefiningOp();
  // These are no larger than what they are made of, but for the padding of
  // panels; a table is made of nothing.
  if (hasNoKernel(op) && (!isTable(op) || bytes <= kMaxComputedBytes))
    return "";
  Cost cost = getCost(value, symbols);
  if (static_cast<double>(bytes) >
      options.maxGrowth * static_cast<double>(cost.parameters) +
          static_cast<double>(options.slackBytes))
    return llvm::formatv(
        "{0} bytes would be stored for {1} bytes of parameters", bytes,
        cost.parameters);
  if (cost.largest > kMaxComputedBytes)
    return llvm::formatv("a value of {0} bytes would be computed on the way",
                         cost.largest);
  return "";
}

/// Layers read weights and biases as they are stored, whatever they take: a
/// back end may want another layout of them.
static bool isWeight(OpOperand &operand) {
  auto layer = dyn_cast<PackableOpInterface>(operand.getOwner());
  return layer && llvm::is_contained(layer.getPackableOperands(), &operand);
}

void perceiver::selectStored(Operation *root,
                             const SelectStoredOptions &options) {
  SymbolTableCollection symbols;
  PrepareAnalysis analysis;
  DenseMap<Operation *, std::string> objections;
  auto isStored = [&](Value value) {
    std::string &objection = objections[value.getDefiningOp()];
    objection = findObjection(value, options, symbols);
    return objection.empty();
  };
  StoredValues values(analysis, isStored, isWeight);
  values.find(root);
  for (Operation *op : values.getInModel()) {
    op->setAttr(kInModelAttrName, UnitAttr::get(op->getContext()));
    remark::missed(op->getLoc(), remark::RemarkOpts::name("StaysInModel")
                                     .category("perceiver-select-stored"))
        << remark::reason("{0}", objections[op]);
  }
}

namespace {
struct SelectStoredPass
    : perceiver::impl::SelectStoredPassBase<SelectStoredPass> {
  using Base::Base;

  void runOnOperation() override {
    SelectStoredOptions selectOptions;
    selectOptions.maxGrowth = maxGrowth;
    selectOptions.slackBytes = slackBytes;
    selectStored(getOperation(), selectOptions);
  }
};
} // namespace
