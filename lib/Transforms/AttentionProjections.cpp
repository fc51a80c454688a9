//===- AttentionProjections.cpp - The layers around attentions ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Transforms/absorb-projections.mlir,
// test/Transforms/absorb-projections-invalid.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/AttentionProjections.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/IR/Matchers.h"
#include "mlir/IR/TypeUtilities.h"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Projection
//===----------------------------------------------------------------------===//

static int64_t getLastDim(Value value) {
  return cast<ShapedType>(value.getType()).getShape().back();
}

/// The columns of `value`, a matrix or a vector of parameters: what it was
/// joined from, if they are one of these.
static Value sliceColumns(OpBuilder &builder, Value value, int64_t column,
                          int64_t columns) {
  auto type = cast<RankedTensorType>(value.getType());
  int64_t last = type.getRank() - 1, first = 0;
  if (columns == type.getDimSize(last))
    return value;
  if (auto concat = value.getDefiningOp<tensor::ConcatOp>();
      concat && static_cast<int64_t>(concat.getDim()) == last)
    for (Value input : concat.getInputs()) {
      if (first == column && getLastDim(input) == columns)
        return input;
      first += getLastDim(input);
    }
  SmallVector<int64_t> sizes(type.getShape());
  sizes[last] = columns;
  SmallVector<OpFoldResult> offsets(sizes.size(), builder.getIndexAttr(0)),
      steps(sizes.size(), builder.getIndexAttr(1));
  offsets[last] = builder.getIndexAttr(column);
  return tensor::ExtractSliceOp::create(
      builder, value.getLoc(), type.clone(sizes), value, offsets,
      getAsIndexOpFoldResult(builder.getContext(), sizes), steps);
}

Value Projection::getWeight(OpBuilder &builder) {
  return sliceColumns(builder, layer.getWeight(), column, columns);
}

Value Projection::getBias(OpBuilder &builder) {
  if (!hasBias())
    return Value();
  return sliceColumns(builder, layer.getBias(), column, columns);
}

bool Projection::hasBias() {
  if (!layer.getBias())
    return false;
  // Where layers were joined, one without a bias got zeros.
  auto concat = layer.getBias().getDefiningOp<tensor::ConcatOp>();
  int64_t first = 0;
  for (Value input : concat ? concat.getInputs() : ValueRange()) {
    if (first == column && getLastDim(input) == columns)
      return !matchPattern(input, m_AnyZeroFloat());
    first += getLastDim(input);
  }
  return true;
}

/// A layer that is nothing but `x w + b` with parameters w and b.
static block::LinearOp matchLayer(Value value, PrepareAnalysis &analysis) {
  auto layer = value.getDefiningOp<block::LinearOp>();
  if (!layer || layer.isPacked() || layer.getResidual() ||
      !layer.getActivation().isNone() || !analysis.lookup(layer.getWeight()) ||
      (layer.getBias() && !analysis.lookup(layer.getBias())))
    return nullptr;
  return layer;
}

/// Whether `size`, of a slice of the result of `layer`, is that of its
/// dimension `dim`.
static bool isWholeSize(OpFoldResult size, block::LinearOp layer, int64_t dim) {
  auto type = cast<RankedTensorType>(layer->getResult(0).getType());
  if (!type.isDynamicDim(dim))
    return isConstantIntValue(size, type.getDimSize(dim));
  if (auto empty = layer.getInit().getDefiningOp<tensor::EmptyOp>())
    if (empty.getMixedSizes()[dim] == size)
      return true;
  auto value = dyn_cast<Value>(size);
  auto extent = value ? value.getDefiningOp<tensor::DimOp>() : nullptr;
  return extent && extent.getConstantIndex() == dim &&
         llvm::is_contained(ArrayRef<Value>{layer->getResult(0),
                                            layer.getInput(), layer.getInit()},
                            extent.getSource());
}

/// The layer whose result, or whose columns, `value` is.
static std::optional<Projection> matchProjection(Value value,
                                                 PrepareAnalysis &analysis) {
  if (block::LinearOp layer = matchLayer(value, analysis))
    return Projection{layer, 0, getLastDim(value)};
  auto slice = value.getDefiningOp<tensor::ExtractSliceOp>();
  block::LinearOp layer =
      slice ? matchLayer(slice.getSource(), analysis) : nullptr;
  if (!layer || slice.getSourceType().getRank() != slice.getType().getRank() ||
      !slice.hasUnitStride())
    return std::nullopt;
  ArrayRef<int64_t> offsets = slice.getStaticOffsets();
  if (!llvm::all_of(offsets.drop_back(),
                    [](int64_t offset) { return offset == 0; }) ||
      ShapedType::isDynamic(offsets.back()))
    return std::nullopt;
  for (int64_t dim = 0; dim + 1 < slice.getType().getRank(); ++dim)
    if (!isWholeSize(slice.getMixedSizes()[dim], layer, dim))
      return std::nullopt;
  return Projection{layer, offsets.back(), getLastDim(value)};
}

/// Whether nobody but `reader` reads more of `value`, or of slices of it, than
/// a size.
static bool isReadOnlyBy(Operation *reader, Value value) {
  return llvm::all_of(value.getUsers(), [&](Operation *user) {
    if (auto slice = dyn_cast<tensor::ExtractSliceOp>(user))
      return isReadOnlyBy(reader, slice.getResult());
    return user == reader || isa<tensor::DimOp>(user);
  });
}

//===----------------------------------------------------------------------===//
// Attention
//===----------------------------------------------------------------------===//

/// The layer that makes `value`, keys or values of `op`, or why it stays.
static std::optional<Projection> matchOwnProjection(block::AttentionOp op,
                                                    Value value, StringRef what,
                                                    PrepareAnalysis &analysis,
                                                    std::string &obstacle) {
  std::optional<Projection> projection = matchProjection(value, analysis);
  if (!projection) {
    obstacle = ("its " + what + " are no linear layer of parameters").str();
    return std::nullopt;
  }
  if (!isReadOnlyBy(op, projection->layer->getResult(0)))
    obstacle =
        ("something else reads its " + what + ", or what is made with them")
            .str();
  Type type = getElementTypeOrSelf(value.getType());
  if (getElementTypeOrSelf(projection->getRows().getType()) != type ||
      getElementTypeOrSelf(projection->layer.getWeight().getType()) != type)
    obstacle = "element types differ";
  return obstacle.empty() ? projection : std::nullopt;
}

ProjectedAttention perceiver::matchProjections(block::AttentionOp op,
                                               PrepareAnalysis &analysis) {
  ProjectedAttention result;
  result.op = op;
  result.key =
      matchOwnProjection(op, op.getKey(), "keys", analysis, result.keyObstacle);
  result.value = matchOwnProjection(op, op.getValue(), "values", analysis,
                                    result.valueObstacle);
  auto canCombine = [&](block::LinearOp with, Projection &projection) {
    SmallVector<Value> values = {with.getWeight(),
                                 projection.layer.getWeight()};
    for (Value bias : {with.getBias(), projection.layer.getBias()})
      if (bias)
        values.push_back(bias);
    return analysis.combine(values).has_value();
  };
  if (result.key) {
    result.hasPreparedQueries =
        analysis.combine({op.getQuery(), result.key->layer.getWeight()})
            .has_value();
    std::optional<Projection> query = matchProjection(op.getQuery(), analysis);
    if (query && isReadOnlyBy(op, query->layer->getResult(0)) &&
        canCombine(query->layer, *result.key))
      result.query = query;
  }
  Value attended = op->getNumResults() > 0 ? op->getResult(0) : Value();
  if (result.value && attended && attended.hasOneUse()) {
    OpOperand &use = *attended.getUses().begin();
    auto output = dyn_cast<block::LinearOp>(use.getOwner());
    if (output && &use == &output.getInputMutable() && !output.isPacked() &&
        canCombine(output, *result.value))
      result.output = output;
  }
  return result;
}

bool perceiver::absorbsKeys(Algebra algebra) {
  return algebra == Algebra::absorb || algebra == Algebra::absorb_keys;
}

bool perceiver::absorbsValues(Algebra algebra) {
  return algebra == Algebra::absorb || algebra == Algebra::absorb_values;
}

std::string perceiver::findObstacle(ProjectedAttention &attention,
                                    Algebra algebra) {
  if (algebra == Algebra::project)
    return "";
  block::AttentionOp op = attention.op;
  if (op.getKvHeads())
    return "its heads share keys already";
  if (op.getHeads() > 1 && algebra != Algebra::absorb)
    return "several heads absorb both keys and values, or neither";
  if (absorbsKeys(algebra)) {
    if (!attention.key)
      return attention.keyObstacle;
    // A bias adds the same to all scores of a query, which the softmax forgets.
    if (op.getInits().size() > 1 && attention.key->hasBias())
      return "its log-sum-exp depends on the bias of the keys";
  }
  if (absorbsValues(algebra)) {
    if (!attention.value)
      return attention.valueObstacle;
    if ((op.getMask() || op.getLengths()) &&
        op.getMaskedRows() == MaskedRows::zero && attention.value->hasBias())
      return "a row without keys has to stay 0, and the values have a bias";
  }
  return "";
}

//===----------------------------------------------------------------------===//
// FLOPs
//===----------------------------------------------------------------------===//

/// Two factors `[a, b]` and `[b, c]` for each of some heads, as one matrix: no
/// more work for a row than one after the other.
static bool isMergedCheaper(int64_t a, int64_t b, int64_t c) {
  return a * c <= a * b + b * c;
}

bool perceiver::mergesIntoQuery(ProjectedAttention &attention) {
  if (!attention.query || attention.hasPreparedQueries)
    return false;
  return isMergedCheaper(attention.query->getChannels(),
                         attention.op.getQueryHeadSize(),
                         attention.key->getChannels());
}

bool perceiver::mergesIntoOutput(ProjectedAttention &attention) {
  block::LinearOp output = attention.output;
  return output && isMergedCheaper(attention.value->getChannels(),
                                   attention.op.getValueHeadSize(),
                                   getLastDim(output.getWeight()));
}

AttentionFlops perceiver::countFlops(ProjectedAttention &attention,
                                     Algebra algebra, double queries,
                                     double keys) {
  block::AttentionOp op = attention.op;
  auto heads = static_cast<double>(op.getHeads());
  auto keyWidth = static_cast<double>(op.getQueryHeadSize());
  auto valueWidth = static_cast<double>(op.getValueHeadSize());
  double scored = keyWidth, averaged = valueWidth;
  AttentionFlops flops;
  auto addLayer = [&](double &sum, double rows, double inputs, double outputs) {
    sum += 2 * rows * heads * inputs * outputs;
  };
  if (attention.key) {
    auto channels = static_cast<double>(attention.key->getChannels());
    double queryChannels =
        attention.query && !attention.hasPreparedQueries
            ? static_cast<double>(attention.query->getChannels())
            : 0;
    bool absorbs = absorbsKeys(algebra);
    if (!absorbs)
      addLayer(flops.keyLayers, keys, channels, keyWidth);
    if (absorbs && mergesIntoQuery(attention))
      addLayer(flops.queryLayers, queries, queryChannels, channels);
    else
      addLayer(flops.queryLayers, queries, queryChannels, keyWidth);
    if (absorbs && !mergesIntoQuery(attention) && !attention.hasPreparedQueries)
      addLayer(flops.queryLayers, queries, keyWidth, channels);
    if (absorbs)
      scored = channels;
  }
  if (attention.value) {
    auto channels = static_cast<double>(attention.value->getChannels());
    block::LinearOp output = attention.output;
    double outputs =
        output ? static_cast<double>(getLastDim(output.getWeight())) : 0;
    bool absorbs = absorbsValues(algebra);
    if (!absorbs)
      addLayer(flops.keyLayers, keys, channels, valueWidth);
    if (absorbs && mergesIntoOutput(attention))
      addLayer(flops.queryLayers, queries, channels, outputs);
    else
      addLayer(flops.queryLayers, queries, valueWidth, outputs);
    if (absorbs && !mergesIntoOutput(attention))
      addLayer(flops.queryLayers, queries, channels, valueWidth);
    if (absorbs)
      averaged = channels;
  }
  addLayer(flops.pairs, queries * keys, 1, scored + averaged);
  return flops;
}
