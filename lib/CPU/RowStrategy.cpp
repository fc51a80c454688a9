//===- RowStrategy.cpp - How arrays of rows are cut -----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Test: test/CPU/select-strategy.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/OperationModels.h"

#include "dialect/AttributeNames.h"
#include "dialect/Block/BlockTraits.h"
#include "dialect/Block/TileMapInterface.h"
#include "lib/Transforms/StoredValues.h"

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"

using namespace mlir;
using namespace mlir::perceiver;

/// The operation whose result `value` is a part of, or null.
static Operation *getProducer(Value value) {
  while (auto slice = value.getDefiningOp<tensor::ExtractSliceOp>())
    value = slice.getSource();
  return value.getDefiningOp();
}

bool perceiver::isInMemory(Value value) {
  Operation *producer = getProducer(value);
  if (!isa_and_nonnull<TileMapOpInterface>(producer))
    return true;
  auto tiling = producer->getAttrOfType<TilingAttr>(kTilingAttrName);
  if (tiling && tiling.getRoot())
    return true;
  PrepareAnalysis analysis;
  return !runsInModel(producer, analysis);
}

/// Whether the tasks of `op` do nothing but read what is in memory: none of
/// what it reads could be fused into them.
static bool isLight(Operation *op) {
  return op->hasTrait<NoMatrixProduct>() &&
         llvm::all_of(op->getOperands(), [](Value operand) {
           Operation *producer = getProducer(operand);
           return isInMemory(operand) || producer->hasTrait<CheapToRepeat>();
         });
}

/// Bytes of a row, or of a row of channels whose number nobody knows.
static int64_t bytesOfRow(ShapedType type) {
  constexpr int64_t kUnknownChannels = 256;
  int64_t channels = type.getShape().back();
  return std::max<int64_t>(1, ShapedType::isDynamic(channels) ? kUnknownChannels
                                                              : channels) *
         static_cast<int64_t>(sizeof(float));
}

Strategy perceiver::chooseForRows(Operation *op, const TileTarget &target) {
  Value init = cast<DestinationStyleOpInterface>(op).getDpsInits()[0];
  auto type = cast<ShapedType>(init.getType());
  int64_t rowDim = type.getRank() - 2;
  std::optional<int64_t> rows;
  if (!type.isDynamicDim(rowDim))
    rows = type.getDimSize(rowDim);
  SmallVector<int64_t> task(rowDim, 1);
  task.push_back(isLight(op)
                     ? selectLightRowBlock(rows, bytesOfRow(type), target)
                     : selectRowBlock(rows, target));
  return {TilingAttr::get(op->getContext(), task),
          explainRowBlock(rows, task.back())};
}

Strategy perceiver::chooseForBatch(Operation *op, const TileTarget &) {
  return {TilingAttr::get(op->getContext(), {1}), "a task is a batch entry"};
}
