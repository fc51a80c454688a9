//===- AttentionProjections.cpp - The layers around attentions ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Transforms/absorb-projections.mlir,
// test/Transforms/absorb-projections-invalid.mlir,
// test/Transforms/absorb-queries.mlir,
// test/Transforms/absorb-queries-invalid.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Transforms/AttentionProjections.h"

#include "dialect/AttributeNames.h"

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

std::optional<Projection>
perceiver::matchProjection(Value value, PrepareAnalysis &analysis) {
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

/// The layer that makes `value`, an operand of `op`, or why it stays.
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

/// The layer that reads the result, and nobody else does.
static block::LinearOp matchOutput(block::AttentionOp op) {
  Value attended = op->getNumResults() > 0 ? op->getResult(0) : Value();
  if (!attended || !attended.hasOneUse())
    return nullptr;
  OpOperand &use = *attended.getUses().begin();
  auto output = dyn_cast<block::LinearOp>(use.getOwner());
  bool isLayer =
      output && &use == &output.getInputMutable() && !output.isPacked();
  return isLayer ? output : nullptr;
}

/// Whether products of the weights of two layers are parameters.
static bool storesProducts(block::LinearOp first, block::LinearOp second,
                           PrepareAnalysis &analysis) {
  SmallVector<Value> values = {first.getWeight(), second.getWeight()};
  for (Value bias : {first.getBias(), second.getBias()})
    if (bias)
      values.push_back(bias);
  return analysis.combine(values).has_value();
}

ProjectedAttention perceiver::matchProjections(block::AttentionOp op,
                                               PrepareAnalysis &analysis) {
  ProjectedAttention result;
  result.op = op;
  result.key =
      matchOwnProjection(op, op.getKey(), "keys", analysis, result.keyObstacle);
  result.value = matchOwnProjection(op, op.getValue(), "values", analysis,
                                    result.valueObstacle);
  result.query = matchOwnProjection(op, op.getQuery(), "queries", analysis,
                                    result.queryObstacle);
  result.output = matchOutput(op);
  SmallVector<Value> scored = {op.getQuery()};
  if (result.key)
    scored.push_back(result.key->layer.getWeight());
  result.hasPreparedQueries = analysis.combine(scored).has_value();
  result.storesScoreWeights =
      result.query && result.key &&
      storesProducts(result.query->layer, result.key->layer, analysis);
  result.storesAverageWeights =
      result.output && result.value &&
      storesProducts(result.output, result.value->layer, analysis);
  return result;
}

bool perceiver::absorbsKeys(Algebra algebra) {
  return algebra == Algebra::absorb || algebra == Algebra::absorb_keys;
}

bool perceiver::absorbsValues(Algebra algebra) {
  return algebra == Algebra::absorb || algebra == Algebra::absorb_values;
}

bool perceiver::absorbsQueries(Algebra algebra) {
  return algebra == Algebra::absorb_queries ||
         algebra == Algebra::absorb_queries_and_output;
}

bool perceiver::absorbsOutput(Algebra algebra) {
  return algebra == Algebra::absorb_output ||
         algebra == Algebra::absorb_queries_and_output;
}

/// Why the layer of the queries stays.
static std::string findQueryObstacle(ProjectedAttention &attention) {
  block::AttentionOp op = attention.op;
  if (op.getHeads() > 1)
    return "its heads would have to read the same queries";
  if (!attention.query)
    return attention.queryObstacle;
  if (op.getScoreBias() && attention.query->hasBias())
    return "its keys have a score bias already";
  return "";
}

/// Why the layer of the output stays.
static std::string findOutputObstacle(ProjectedAttention &attention) {
  block::AttentionOp op = attention.op;
  block::LinearOp output = attention.output;
  if (op.getHeads() > 1)
    return "its output adds heads up";
  if (!output || output->getBlock() != op->getBlock())
    return "no linear layer beside it alone reads its result";
  if (!output.getActivation().isNone())
    return "its output has an activation";
  if (output->hasAttr(kTilingAttrName))
    return "its output has a tiling";
  if (op.getInits().size() > 1)
    return "its log-sum-exp may be read before its output";
  if (getElementTypeOrSelf(output.getWeight().getType()) !=
      getElementTypeOrSelf(op.getValue().getType()))
    return "element types differ";
  return "";
}

std::string perceiver::findObstacle(ProjectedAttention &attention,
                                    Algebra algebra) {
  if (algebra == Algebra::project)
    return "";
  std::string obstacle;
  if (absorbsQueries(algebra))
    obstacle = findQueryObstacle(attention);
  if (obstacle.empty() && absorbsOutput(algebra))
    obstacle = findOutputObstacle(attention);
  if (absorbsQueries(algebra) || absorbsOutput(algebra))
    return obstacle;
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
  if (!attention.storesScoreWeights || attention.hasPreparedQueries)
    return false;
  return isMergedCheaper(attention.query->getChannels(),
                         attention.op.getQueryHeadSize(),
                         attention.key->getChannels());
}

bool perceiver::mergesIntoOutput(ProjectedAttention &attention) {
  return attention.storesAverageWeights &&
         isMergedCheaper(attention.value->getChannels(),
                         attention.op.getValueHeadSize(),
                         getLastDim(attention.output.getWeight()));
}

bool perceiver::mergesIntoKey(ProjectedAttention &attention) {
  return attention.storesScoreWeights &&
         isMergedCheaper(attention.key->getChannels(),
                         attention.op.getQueryHeadSize(),
                         attention.query->getChannels());
}

bool perceiver::mergesIntoValue(ProjectedAttention &attention) {
  return mergesIntoOutput(attention);
}

namespace {
/// The FLOPs of an attention with so many queries and keys.
struct FlopsCounter {
  ProjectedAttention &attention;
  Algebra algebra;
  double queries, keys;
  AttentionFlops flops = {};

  void addLayer(double &sum, double rows, int64_t inputs, int64_t outputs) {
    sum += 2 * rows * static_cast<double>(attention.op.getHeads()) *
           static_cast<double>(inputs) * static_cast<double>(outputs);
  }
  /// Layers of rows of keys, of which the second is the weight `[width, out]`.
  void addAbsorbing(std::optional<Projection> &projection, int64_t width,
                    int64_t out, bool isMerged) {
    if (isMerged)
      return addLayer(flops.absorbingKeyLayers, keys, projection->getChannels(),
                      out);
    if (projection)
      addLayer(flops.keyLayers, keys, projection->getChannels(), width);
    addLayer(flops.absorbingKeyLayers, keys, width, out);
  }
  void addScores();
  void addAverages();
};
} // namespace

void FlopsCounter::addScores() {
  int64_t width = attention.op.getQueryHeadSize(), scored = width;
  std::optional<Projection> &key = attention.key, &query = attention.query;
  int64_t ofQuery =
      query && !attention.hasPreparedQueries ? query->getChannels() : 0;
  if (absorbsQueries(algebra)) {
    scored = query->getChannels();
    addAbsorbing(key, width, scored, mergesIntoKey(attention));
  } else if (absorbsKeys(algebra)) {
    scored = key->getChannels();
    if (mergesIntoQuery(attention)) {
      addLayer(flops.queryLayers, queries, ofQuery, scored);
    } else {
      addLayer(flops.queryLayers, queries, ofQuery, width);
      if (!attention.hasPreparedQueries)
        addLayer(flops.queryLayers, queries, width, scored);
    }
  } else {
    addLayer(flops.queryLayers, queries, ofQuery, width);
    if (key)
      addLayer(flops.keyLayers, keys, key->getChannels(), width);
  }
  addLayer(flops.pairs, queries * keys, 1, scored);
}

void FlopsCounter::addAverages() {
  int64_t width = attention.op.getValueHeadSize(), averaged = width;
  std::optional<Projection> &value = attention.value;
  block::LinearOp output = attention.output;
  int64_t outputs = output ? getLastDim(output.getWeight()) : 0;
  if (absorbsOutput(algebra)) {
    averaged = outputs;
    addAbsorbing(value, width, outputs, mergesIntoValue(attention));
  } else if (absorbsValues(algebra)) {
    averaged = value->getChannels();
    if (mergesIntoOutput(attention)) {
      addLayer(flops.queryLayers, queries, averaged, outputs);
    } else {
      addLayer(flops.queryLayers, queries, averaged, width);
      addLayer(flops.queryLayers, queries, width, outputs);
    }
  } else {
    addLayer(flops.queryLayers, queries, width, outputs);
    if (value)
      addLayer(flops.keyLayers, keys, value->getChannels(), width);
  }
  addLayer(flops.pairs, queries * keys, 1, averaged);
}

AttentionFlops perceiver::countFlops(ProjectedAttention &attention,
                                     Algebra algebra, double queries,
                                     double keys) {
  FlopsCounter counter{attention, algebra, queries, keys};
  counter.addScores();
  counter.addAverages();
  return counter.flops;
}
