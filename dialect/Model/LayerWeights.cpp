//===- LayerWeights.cpp - Weights bound to a block ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/LayerWeights.h"

#include "dialect/Model/BoundParameters.h"
#include "dialect/Model/ParameterOps.h"
#include "dialect/NearestName.h"
#include "dialect/Shapes.h"

using namespace mlir;
using namespace mlir::perceiver;

static constexpr llvm::StringLiteral kLayerNames[kNumBlockLayers] = {
    "q_norm", "kv_norm",  "query",  "key",    "value",
    "output", "mlp_norm", "mlp_in", "mlp_out"};

static constexpr llvm::StringLiteral kWithoutBias = "without_bias";

StringRef perceiver::getLayerName(BlockLayer layer) {
  return kLayerNames[static_cast<unsigned>(layer)];
}

static std::optional<BlockLayer> findLayer(StringRef name) {
  const auto *found = llvm::find(kLayerNames, name);
  if (found == std::end(kLayerNames))
    return std::nullopt;
  return static_cast<BlockLayer>(found - std::begin(kLayerNames));
}

static SmallVector<BlockLayer> getAllLayers() {
  SmallVector<BlockLayer> layers;
  for (unsigned index = 0; index < kNumBlockLayers; ++index)
    layers.push_back(static_cast<BlockLayer>(index));
  return layers;
}

bool perceiver::isNorm(BlockLayer layer) {
  return layer == BlockLayer::QNorm || layer == BlockLayer::KVNorm ||
         layer == BlockLayer::MlpNorm;
}

/// The names of those layers, for suggestions.
static SmallVector<StringRef> getNamesOf(function_ref<bool(BlockLayer)> has) {
  SmallVector<StringRef> names;
  for (BlockLayer layer : getAllLayers())
    if (has(layer))
      names.push_back(getLayerName(layer));
  return names;
}

/// True if a block of this kind can have `layer`.
static bool mayHaveLayer(BlockLayer layer, bool isCross, Activation mlp) {
  if (layer == BlockLayer::KVNorm)
    return isCross;
  if (layer >= BlockLayer::MlpNorm)
    return !mlp.isNone();
  return true;
}

LayerWeights perceiver::lookupLayer(DictionaryAttr weights, BlockLayer layer) {
  auto symbols = weights.getAs<ArrayAttr>(getLayerName(layer));
  if (!symbols)
    return {};
  return {cast<FlatSymbolRefAttr>(symbols[0]),
          symbols.size() > 1 ? cast<FlatSymbolRefAttr>(symbols[1]) : nullptr};
}

//===----------------------------------------------------------------------===//
// Verification
//===----------------------------------------------------------------------===//

LogicalResult perceiver::verifyWeights(AttentionBlockOpInterface block) {
  bool isCross = static_cast<bool>(block.getSource());
  for (NamedAttribute entry : block.getWeights()) {
    StringRef name = entry.getName();
    std::optional<BlockLayer> layer = findLayer(name);
    auto hasLayer = [&](BlockLayer other) {
      return mayHaveLayer(other, isCross, block.getMlp());
    };
    if (!layer || !hasLayer(*layer))
      return block.emitOpError("expected weights of layers that the block "
                               "has, but got '")
             << name << "'" << didYouMean(name, getNamesOf(hasLayer));
    auto symbols = dyn_cast<ArrayAttr>(entry.getValue());
    if (!symbols || symbols.empty() || symbols.size() > 2 ||
        !llvm::all_of(symbols, llvm::IsaPred<FlatSymbolRefAttr>))
      return block.emitOpError("expected one or two symbols for '")
             << name << "', but got " << entry.getValue();
    if (isNorm(*layer) && symbols.size() != 2)
      return block.emitOpError("expected a weight and a bias for '")
             << name << "', but got " << entry.getValue();
  }
  for (BlockLayer layer : getAllLayers())
    if (!isNorm(layer) && mayHaveLayer(layer, isCross, block.getMlp()) &&
        !block.getWeights().contains(getLayerName(layer)))
      return block.emitOpError("expected weights of '")
             << getLayerName(layer) << "'";
  return success();
}

LogicalResult perceiver::verifyWeightShapes(AttentionBlockOpInterface block,
                                            SymbolTableCollection &symbols) {
  /// Verifies a layer and returns the last dimension of its weight.
  auto verifyLayer = [&](BlockLayer layer,
                         ArrayRef<int64_t> shape) -> FailureOr<int64_t> {
    LayerWeights bound = lookupLayer(block.getWeights(), layer);
    if (!bound.weight)
      return shape.back();
    StringRef name = getLayerName(layer);
    ParameterOp weight = lookupParameter(block, symbols, bound.weight,
                                         "the weight of " + name, shape);
    if (!weight)
      return failure();
    int64_t columns = cast<ShapedType>(weight.getType()).getShape().back();
    if (bound.bias && !lookupParameter(block, symbols, bound.bias,
                                       "the bias of " + name, columns))
      return failure();
    return columns;
  };

  int64_t queryChannels = lastDim(block.getQuery());
  int64_t sourceChannels =
      block.getSource() ? lastDim(block.getSource()) : queryChannels;
  int64_t channels = lastDim(block.getResult());
  int64_t qk = block.getQkChannels(), v = block.getVChannels();
  if (failed(verifyLayer(BlockLayer::QNorm, queryChannels)) ||
      failed(verifyLayer(BlockLayer::KVNorm, sourceChannels)) ||
      failed(verifyLayer(BlockLayer::Query, {queryChannels, qk})) ||
      failed(verifyLayer(BlockLayer::Key, {sourceChannels, qk})) ||
      failed(verifyLayer(BlockLayer::Value, {sourceChannels, v})) ||
      failed(verifyLayer(BlockLayer::Output, {v, channels})))
    return failure();
  if (block.getMlp().isNone())
    return success();
  if (failed(verifyLayer(BlockLayer::MlpNorm, channels)))
    return failure();
  FailureOr<int64_t> inner =
      verifyLayer(BlockLayer::MlpIn, {channels, ShapedType::kDynamic});
  if (failed(inner))
    return failure();
  if (block.getMlp().hasGates) {
    if (*inner % 2 != 0)
      return block.emitOpError("expected an even number of columns of mlp_in "
                               "with gates, but got ")
             << *inner;
    *inner /= 2;
  }
  return verifyLayer(BlockLayer::MlpOut, {*inner, channels});
}

//===----------------------------------------------------------------------===//
// Assembly
//===----------------------------------------------------------------------===//

static FlatSymbolRefAttr inScope(StringAttr scope, BlockLayer layer,
                                 StringRef part) {
  return FlatSymbolRefAttr::get(
      scope.getContext(),
      (scope.strref() + "." + getLayerName(layer) + "." + part).str());
}

/// All layers of a block in `scope`, some of them without bias.
static DictionaryAttr getScopedWeights(StringAttr scope, bool isCross,
                                       Activation mlp,
                                       ArrayRef<BlockLayer> withoutBias) {
  MLIRContext *context = scope.getContext();
  SmallVector<NamedAttribute> entries;
  for (BlockLayer layer : getAllLayers()) {
    if (!mayHaveLayer(layer, isCross, mlp))
      continue;
    SmallVector<Attribute> symbols = {inScope(scope, layer, "weight")};
    if (!llvm::is_contained(withoutBias, layer))
      symbols.push_back(inScope(scope, layer, "bias"));
    entries.emplace_back(StringAttr::get(context, getLayerName(layer)),
                         ArrayAttr::get(context, symbols));
  }
  return DictionaryAttr::get(context, entries);
}

static ParseResult parseScope(OpAsmParser &parser, StringAttr scope,
                              DictionaryAttr &weights, bool isCross,
                              Activation mlp) {
  SmallVector<BlockLayer> withoutBias;
  auto parseLayer = [&]() -> ParseResult {
    StringRef name;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseKeyword(&name))
      return failure();
    std::optional<BlockLayer> layer = findLayer(name);
    auto hasBias = [&](BlockLayer other) {
      return !isNorm(other) && mayHaveLayer(other, isCross, mlp);
    };
    if (!layer || !hasBias(*layer))
      return parser.emitError(loc, "expected a linear layer of the block, "
                                   "but got '")
             << name << "'" << didYouMean(name, getNamesOf(hasBias));
    withoutBias.push_back(*layer);
    return success();
  };
  if (succeeded(parser.parseOptionalKeyword(kWithoutBias)) &&
      parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Square,
                                     parseLayer))
    return failure();
  weights = getScopedWeights(scope, isCross, mlp, withoutBias);
  return success();
}

ParseResult perceiver::parseWeights(OpAsmParser &parser,
                                    DictionaryAttr &weights, bool isCross,
                                    Activation mlp) {
  StringAttr scope;
  if (succeeded(parser.parseOptionalSymbolName(scope)))
    return parseScope(parser, scope, weights, isCross, mlp);
  NamedAttrList entries;
  auto parseEntry = [&]() -> ParseResult {
    StringRef name;
    ArrayAttr symbols;
    SMLoc loc = parser.getCurrentLocation();
    if (parser.parseKeyword(&name) || parser.parseEqual() ||
        parser.parseAttribute(symbols))
      return failure();
    if (entries.get(name))
      return parser.emitError(loc, "expected each layer once, but got '")
             << name << "' twice";
    entries.append(name, symbols);
    return success();
  };
  if (parser.parseCommaSeparatedList(OpAsmParser::Delimiter::Braces,
                                     parseEntry))
    return failure();
  weights = entries.getDictionary(parser.getContext());
  return success();
}

/// Print the short form if the weights are those of a scope.
static bool printScope(OpAsmPrinter &printer, DictionaryAttr weights,
                       bool isCross, Activation mlp) {
  FlatSymbolRefAttr output = lookupLayer(weights, BlockLayer::Output).weight;
  StringRef scope = output ? output.getValue() : StringRef();
  if (!scope.consume_back(".output.weight") || scope.empty())
    return false;
  SmallVector<BlockLayer> withoutBias;
  for (BlockLayer layer : getAllLayers())
    if (!isNorm(layer) && mayHaveLayer(layer, isCross, mlp) &&
        !lookupLayer(weights, layer).bias)
      withoutBias.push_back(layer);
  auto scopeName = StringAttr::get(weights.getContext(), scope);
  if (weights != getScopedWeights(scopeName, isCross, mlp, withoutBias))
    return false;
  printer.printSymbolName(scope);
  if (!withoutBias.empty()) {
    printer << ' ' << kWithoutBias << " [";
    llvm::interleaveComma(withoutBias, printer, [&](BlockLayer layer) {
      printer << getLayerName(layer);
    });
    printer << ']';
  }
  return true;
}

void perceiver::printWeights(OpAsmPrinter &printer, DictionaryAttr weights,
                             bool isCross, Activation mlp) {
  if (printScope(printer, weights, isCross, mlp))
    return;
  SmallVector<BlockLayer> bound;
  for (BlockLayer layer : getAllLayers())
    if (weights.contains(getLayerName(layer)))
      bound.push_back(layer);
  printer << '{';
  llvm::interleaveComma(bound, printer, [&](BlockLayer layer) {
    printer << getLayerName(layer) << " = " << weights.get(getLayerName(layer));
  });
  printer << '}';
}
