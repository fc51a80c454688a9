//===- PartialAttention.cpp - Splitting keys, merging parts ---------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// PartialReductionOpInterface of online_attention, and what passes have to know
// of its keys (MaskedKeysInterface.td). Splitting the keys into P
// parts gives the state a leading dimension of parts; each part starts from
// the neutral state and owns one slice; merge_attention joins them:
//
//   %a, %m, %s = online_attention ins(%q, %k, %v) outs(%a0, %m0, %s0)
//
//   %pa, %pm, %ps = scf.forall (%p) .. shared_outs(tensor<P x ..>, ..) {
//     %a1, %m1, %s1 = neutral state in the slice of part %p
//     online_attention ins(%q, slices of %k, %v) outs(%a1, %m1, %s1)
//   }
//   %a, %m, %s = merge_attention ins(%pa, %pm, %ps) outs(%a0, %m0, %s0)
//
// The state in the destinations of the operation that is split counts: the
// parts are merged into it.
//
// Test: test/Dialect/Block/tiling.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/PartialAttention.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/AttentionState.h"
#include "dialect/Block/MaskedKeysInterface.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/TypeUtilities.h"
#include "mlir/Interfaces/TilingInterface.h"

#include <limits>

using namespace mlir;
using namespace mlir::perceiver;
using namespace mlir::perceiver::block;

#include "dialect/Block/MaskedKeysInterface.cpp.inc"

/// Starting value of the accumulator, the maximum and the sum.
static double neutralElement(unsigned resultNumber) {
  return resultNumber == 1 ? -std::numeric_limits<double>::infinity() : 0.0;
}

/// The type of the sums of a part. Its number of keys is what the strategy
/// says; without one, or of a dynamic number of keys, a part is like the whole.
static FloatType getPartSumType(OnlineAttentionOp op) {
  auto whole =
      cast<FloatType>(getElementTypeOrSelf(op.getAccumulator().getType()));
  auto tiling = op->getAttrOfType<TilingAttr>(kTilingAttrName);
  bool isAnyNumber = cast<ShapedType>(op.getKey().getType()).isDynamicDim(1);
  if (!tiling || tiling.getKeySplit() <= 0 || isAnyNumber)
    return whole;
  FloatType part = getSumType(op.getContext(), tiling.getKeySplit());
  return part.getWidth() < whole.getWidth() ? part : whole;
}

static bool splitsKeysOnly(const SetVector<unsigned> &reductionDims) {
  return reductionDims.size() == 1 && reductionDims.front() == kKeyLoop;
}

/// Erase `op`, which is dead, and what only it used.
static void eraseWithOperands(Operation *op) {
  SetVector<Operation *> candidates;
  candidates.insert(op);
  while (!candidates.empty()) {
    Operation *candidate = candidates.pop_back_val();
    if (!isOpTriviallyDead(candidate))
      continue;
    for (Value operand : candidate->getOperands())
      if (Operation *producer = operand.getDefiningOp())
        candidates.insert(producer);
    candidate->erase();
  }
}

/// Tiling hands in a copy of the operation whose destinations carry the parts.
/// Returns one with destinations of a single state, to be tiled.
static Operation *withoutParts(OpBuilder &builder, Location loc,
                               Operation *op) {
  auto attention = cast<OnlineAttentionOp>(op);
  SmallVector<Value> operands(op->getOperands());
  SmallVector<Type> types;
  for (OpOperand &init : attention.getDpsInitsMutable()) {
    SmallVector<OpFoldResult> shape =
        tensor::getMixedSizes(builder, loc, init.get());
    // The accumulator has rank 4, maximum and sum have rank 3.
    size_t rank = types.empty() ? 4 : 3;
    if (shape.size() > rank)
      shape.erase(shape.begin());
    Value empty = tensor::EmptyOp::create(
        builder, loc, shape, getElementTypeOrSelf(init.get().getType()));
    operands[init.getOperandNumber()] = empty;
    types.push_back(empty.getType());
  }
  return mlir::clone(builder, op, types, operands);
}

namespace {
struct PartialOnlineAttention
    : PartialReductionOpInterface::ExternalModel<PartialOnlineAttention,
                                                 OnlineAttentionOp> {
  FailureOr<SmallVector<Value>> generateInitialTensorForPartialReduction(
      Operation *op, OpBuilder &builder, Location loc,
      ArrayRef<OpFoldResult> sizes,
      const SetVector<unsigned> &reductionDims) const {
    if (!splitsKeysOnly(reductionDims))
      return failure();
    // A part has fewer keys than the whole, and perhaps narrower sums.
    FloatType sumType = getPartSumType(cast<OnlineAttentionOp>(op));
    SmallVector<Value> states;
    for (auto [number, init] :
         llvm::enumerate(cast<OnlineAttentionOp>(op).getDpsInits())) {
      SmallVector<OpFoldResult> shape =
          tensor::getMixedSizes(builder, loc, init);
      shape.insert(shape.begin(), sizes[kKeyLoop]);
      Type element = getElementTypeOrSelf(init.getType());
      states.push_back(tensor::EmptyOp::create(
          builder, loc, shape, number == 1 ? element : Type(sumType)));
    }
    return states;
  }

  FailureOr<TilingResult>
  tileToPartialReduction(Operation *op, OpBuilder &builder, Location loc,
                         ReductionTilingStrategy strategy, ValueRange inits,
                         ArrayRef<OpFoldResult> offsets,
                         ArrayRef<OpFoldResult> sizes,
                         const SetVector<unsigned> &reductionDims,
                         ArrayRef<OpFoldResult> splitReductionIvs) const {
    if (strategy != ReductionTilingStrategy::PartialReductionOuterParallel ||
        !splitsKeysOnly(reductionDims))
      return failure();
    Operation *whole = withoutParts(builder, loc, op);
    FailureOr<TilingResult> tiled =
        cast<TilingInterface>(whole).getTiledImplementation(builder, offsets,
                                                            sizes);
    if (failed(tiled)) {
      eraseWithOperands(whole);
      return failure();
    }
    whole->erase();
    auto tile = cast<OnlineAttentionOp>(tiled->tiledOps.front());
    OpBuilder::InsertionGuard guard(builder);
    builder.setInsertionPoint(tile);
    SmallVector<Operation *> slices;
    for (Operation *slice : tiled->generatedSlices)
      if (!llvm::is_contained(tile.getDpsInits(), slice->getResult(0)))
        slices.push_back(slice);
    for (auto [number, init] : llvm::enumerate(inits)) {
      SmallVector<OpFoldResult> partOffsets, partSizes;
      if (failed(getPartialResultTilePosition(
              op, builder, number, strategy, offsets, sizes, reductionDims,
              splitReductionIvs, partOffsets, partSizes)))
        return failure();
      OpOperand *destination = tile.getDpsInitOperand(number);
      SmallVector<OpFoldResult> strides(partSizes.size(),
                                        builder.getIndexAttr(1));
      auto slice = tensor::ExtractSliceOp::create(
          builder, loc, cast<RankedTensorType>(destination->get().getType()),
          init, partOffsets, partSizes, strides);
      slices.push_back(slice);
      Value neutral = arith::ConstantOp::create(
          builder, loc,
          builder.getFloatAttr(getElementTypeOrSelf(slice.getType()),
                               neutralElement(number)));
      auto fill = linalg::FillOp::create(builder, loc, ValueRange{neutral},
                                         ValueRange{slice});
      destination->set(fill.getResult(0));
    }
    return TilingResult{{tile}, SmallVector<Value>(tile->getResults()), slices};
  }

  LogicalResult getPartialResultTilePosition(
      Operation *op, OpBuilder &builder, unsigned resultNumber,
      ReductionTilingStrategy strategy, ArrayRef<OpFoldResult> offsets,
      ArrayRef<OpFoldResult> sizes, const SetVector<unsigned> &reductionDims,
      ArrayRef<OpFoldResult> splitReductionIvs,
      SmallVector<OpFoldResult> &resultOffsets,
      SmallVector<OpFoldResult> &resultSizes) const {
    resultOffsets = {splitReductionIvs.front(), offsets[0], offsets[1]};
    resultSizes = {builder.getIndexAttr(1), sizes[0], sizes[1]};
    if (resultNumber == 0) {
      resultOffsets.push_back(builder.getIndexAttr(0));
      resultSizes.push_back(
          builder.getIndexAttr(cast<OnlineAttentionOp>(op).getValueHeadSize()));
    }
    resultOffsets.push_back(offsets[2]);
    resultSizes.push_back(sizes[2]);
    return success();
  }

  FailureOr<MergeResult>
  mergeReductions(Operation *op, OpBuilder &builder, Location loc,
                  ValueRange partials,
                  const SetVector<unsigned> &reductionDims) const {
    if (!splitsKeysOnly(reductionDims))
      return failure();
    auto attention = cast<OnlineAttentionOp>(op);
    auto merge = MergeAttentionOp::create(
        builder, loc, TypeRange(attention->getResultTypes()), partials[0],
        partials[1], partials[2], attention.getAccumulator(),
        attention.getMaximum(), attention.getSum());
    return MergeResult{{merge}, SmallVector<Value>(merge->getResults())};
  }
};

struct KeysOfOnlineAttention
    : MaskedKeysOpInterface::ExternalModel<KeysOfOnlineAttention,
                                           OnlineAttentionOp> {
  Value getKeyMask(Operation *op) const {
    return cast<OnlineAttentionOp>(op).getMask();
  }
  SmallVector<OpOperand *> getKeyRows(Operation *op) const {
    auto attention = cast<OnlineAttentionOp>(op);
    SmallVector<OpOperand *> rows = {&attention.getKeyMutable(),
                                     &attention.getValueMutable()};
    for (OpOperand &mask : attention.getMaskMutable())
      rows.push_back(&mask);
    return rows;
  }
};
} // namespace

void perceiver::attachPartialReductionInterface(MLIRContext *context) {
  OnlineAttentionOp::attachInterface<PartialOnlineAttention,
                                     KeysOfOnlineAttention>(*context);
}
