//===- ConditionModels.cpp - What must hold before a run ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %n = tensor.dim %ids, %c1 : tensor<?x?xi64>
//   perceiver.require %n <= %c2048, "at most 2,048 tokens"
//
// becomes an attribute of the entry, whose size 1 this is:
//
//   perceiver.conditions =
//       {"at most 2,048 tokens" = affine_map<()[s0, s1] -> (2048 - s1)>}
//
// It is met where no result of the map is negative. (Integer sets would say so,
// too, but MLIR's parser takes `>=` in an attribute of ours for its end.)
//
// Tests: test/Conversion/expand-conditions.mlir,
// test/Conversion/verify-description-conditions.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/ConversionInterfaces.h"
#include "lib/Conversion/OperationModels.h"

#include "dialect/AttributeNames.h"
#include "dialect/Model/ConditionOps.h"
#include "lib/Analysis/EntrySizes.h"
#include "lib/Analysis/SizeConversion.h"
#include "lib/Analysis/SizeRelation.h"

using namespace mlir;
using namespace mlir::perceiver;

static LogicalResult inferSizes(RequireOp require, SizeInference &sizes) {
  SizeExpr left = sizes.getSize(require.getLeft());
  SizeExpr right = sizes.getSize(require.getRight());
  if (!left.isKnown() || !right.isKnown())
    return require.emitOpError("expected sizes of 64 bits");
  if (decide(left, require.getRelation(), right) == false)
    return require.emitOpError("expected a condition that some sizes meet, but "
                               "got one that none do");
  sizes.assume(left, require.getRelation(), right);
  return success();
}

/// What is not negative where the relation holds, and only there.
static SmallVector<SizeExpr> getConstraints(const SizeExpr &left,
                                            SizeRelation relation,
                                            const SizeExpr &right) {
  switch (relation) {
  case SizeRelation::Equal:
    return {left - right, right - left};
  case SizeRelation::AtMost:
    return {right - left};
  case SizeRelation::MultipleOf:
    return {SizeExpr(0) - SizeExpr::mod(left, right)};
  }
  llvm_unreachable("all relations are above");
}

/// Add constraints to those that have the same sentence.
static void addCondition(func::FuncOp entry, StringAttr sentence,
                         ArrayRef<AffineExpr> constraints, unsigned sizeCount) {
  NamedAttrList conditions(
      entry->getAttrOfType<DictionaryAttr>(kConditionsAttrName));
  SmallVector<AffineExpr> all;
  if (auto known = dyn_cast_or_null<AffineMapAttr>(conditions.get(sentence)))
    llvm::append_range(all, known.getValue().getResults());
  llvm::append_range(all, constraints);
  conditions.set(sentence,
                 AffineMapAttr::get(AffineMap::get(
                     /*dimCount=*/0, sizeCount, all, entry.getContext())));
  entry->setAttr(kConditionsAttrName,
                 conditions.getDictionary(entry.getContext()));
}

static LogicalResult expand(RequireOp require, BlockExpander &expander) {
  auto entry = require->getParentOfType<func::FuncOp>();
  SizeRelation relation = require.getRelation();
  if (entry && entry->hasAttr(kEntryAttrName)) {
    EntrySizes sizes(entry);
    SizeExpr left = sizes.getIndex(require.getLeft());
    SizeExpr right = sizes.getIndex(require.getRight());
    if (!isKnownToHold(left, relation, right)) {
      SmallVector<AffineExpr> constraints;
      for (const SizeExpr &size : getConstraints(left, relation, right))
        constraints.push_back(toAffine(size, require.getContext()));
      if (llvm::is_contained(constraints, AffineExpr()))
        return require.emitOpError("expected sizes that are made of those of "
                                   "the entry's arguments");
      addCondition(entry, require.getSentenceAttr(), constraints,
                   sizes.getNames().size());
    }
  }
  // Of a function that was inlined wherever it is called.
  return expander.replaceWith({});
}

void perceiver::attachConditionModels(MLIRContext *context) {
  attachModels<RequireOp, inferSizes, expand>(context);
}
