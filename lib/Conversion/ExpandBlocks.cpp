//===- ExpandBlocks.cpp - From model level to block level -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %z = perceiver.process iterations = 12 (%s = %x : T) -> T {
//     %0 = perceiver.self_block %s .. weights @self : T
//     perceiver.yield %0 : T
//   }
//
// becomes
//
//   %z = scf.for %i = %c0 to %c12 step %c1 iter_args(%s = %x) -> (T) {
//     %g = perceiver.get_parameter @self.q_norm.weight[%i]
//     %n = block.layer_norm ins(%s) affine(%g, ..
//     ..
//     scf.yield %0 : T
//   }
//
// Passes.td lists what a block becomes. The parameters were verified with the
// symbols that read them, so nothing is refused here.
//
// Test: test/Conversion/expand-blocks.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/Passes.h"

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/InputOps.h"
#include "dialect/Block/RowOps.h"
#include "dialect/Model/AttentionOps.h"
#include "dialect/Model/InputOps.h"
#include "dialect/Model/LayerWeights.h"
#include "dialect/Model/ParameterOps.h"
#include "dialect/Model/PerceiverAttrs.h"
#include "dialect/Model/ProcessOps.h"
#include "dialect/Model/RowOps.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"
#include "mlir/IR/IRMapping.h"
#include "mlir/IR/TypeUtilities.h"
#include "llvm/ADT/TypeSwitch.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_EXPANDBLOCKSPASS
#include "lib/Conversion/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {

/// Expands one operation, in front of it.
class Expander {
public:
  /// `iteration` is the number of the iteration around `op`, if there is one.
  Expander(Operation *op, SymbolTableCollection &symbols, Value iteration)
      : builder(op), op(op), loc(op->getLoc()), symbols(symbols),
        iteration(iteration) {}

  /// The values that replace the results of the operation; none if it is not of
  /// the model level.
  SmallVector<Value> expand();

private:
  Value expand(AttentionBlockOpInterface block);
  Value expand(FourierPositionsOp positions);
  Value expand(EmbeddingOp embedding);
  Value expand(ToChannelsLastOp toChannelsLast);
  Value expand(MeanPoolOp pool);

  /// The value of a parameter; of a family the member of this iteration. Null
  /// for a null symbol.
  Value read(FlatSymbolRefAttr symbol);
  Value normalize(Value input, LayerWeights weights, FloatAttr epsilon);
  Value project(Value input, LayerWeights weights, Value residual = nullptr,
                Activation activation = Activation::none);

  OpBuilder builder;
  Operation *op;
  Location loc;
  SymbolTableCollection &symbols;
  Value iteration;
};

} // namespace

Value Expander::read(FlatSymbolRefAttr symbol) {
  if (!symbol)
    return nullptr;
  auto parameter = symbols.lookupNearestSymbolFrom<ParameterOp>(op, symbol);
  return GetParameterOp::create(builder, loc, parameter.getType(), symbol,
                                parameter.getCount() ? iteration : nullptr);
}

Value Expander::normalize(Value input, LayerWeights weights,
                          FloatAttr epsilon) {
  if (!weights.weight)
    return input;
  return block::LayerNormOp::create(builder, loc, input, read(weights.weight),
                                    read(weights.bias), epsilon)
      ->getResult(0);
}

Value Expander::project(Value input, LayerWeights weights, Value residual,
                        Activation activation) {
  return block::LinearOp::create(builder, loc, input, read(weights.weight),
                                 read(weights.bias), residual, activation)
      ->getResult(0);
}

Value Expander::expand(AttentionBlockOpInterface block) {
  auto weightsOf = [&](BlockLayer layer) {
    return lookupLayer(block.getWeights(), layer);
  };
  FloatAttr epsilon = block.getEpsilonAttr();
  Value query = block.getQuery();

  Value asking = normalize(query, weightsOf(BlockLayer::QNorm), epsilon);
  Value answering = asking;
  if (Value source = block.getSource())
    answering = normalize(source, weightsOf(BlockLayer::KVNorm), epsilon);
  Value q = project(asking, weightsOf(BlockLayer::Query));
  Value k = project(answering, weightsOf(BlockLayer::Key));
  Value v = project(answering, weightsOf(BlockLayer::Value));
  Value attention =
      block::AttentionOp::create(builder, loc, q, k, v, block.getLengths(),
                                 block.getMask(), block.getHeads(),
                                 block.getScaleAttr(), block.getMaskedRows())
          ->getResult(0);
  Value attended = project(attention, weightsOf(BlockLayer::Output),
                           block.getResidual() ? query : nullptr);
  if (block.getMlp() == Activation::none)
    return attended;

  Value inner = normalize(attended, weightsOf(BlockLayer::MlpNorm), epsilon);
  inner = project(inner, weightsOf(BlockLayer::MlpIn), /*residual=*/nullptr,
                  block.getMlp());
  return project(inner, weightsOf(BlockLayer::MlpOut), attended);
}

Value Expander::expand(FourierPositionsOp positions) {
  Type elementType = getElementTypeOrSelf(positions.getType());
  SmallVector<Value> tables;
  for (auto [length, resolution] :
       llvm::zip(positions.getGrid(), positions.getMaxResolution()))
    tables.push_back(block::AxisTableOp::create(
                         builder, loc, length, positions.getBands(),
                         resolution / 2, positions.getRecipe(), elementType)
                         ->getResult(0));
  return block::GridPositionsOp::create(builder, loc, tables,
                                        positions.getLayout())
      ->getResult(0);
}

Value Expander::expand(EmbeddingOp embedding) {
  Value rows = block::EmbedOp::create(builder, loc, embedding.getIds(),
                                      read(embedding.getTableAttr()))
                   ->getResult(0);
  Value positions = read(embedding.getPositionsAttr());
  if (!positions)
    return rows;
  // The first positions, as many as there are ids.
  auto type = cast<RankedTensorType>(positions.getType());
  auto idsType = cast<ShapedType>(embedding.getIds().getType());
  int64_t count = idsType.getShape().back();
  if (count != type.getDimSize(0)) {
    SmallVector<OpFoldResult> offsets(2, builder.getIndexAttr(0));
    SmallVector<OpFoldResult> strides(2, builder.getIndexAttr(1));
    SmallVector<OpFoldResult> sizes = {
        builder.getIndexAttr(count), builder.getIndexAttr(type.getDimSize(1))};
    positions = tensor::ExtractSliceOp::create(builder, loc, positions, offsets,
                                               sizes, strides);
  }
  return block::AddOp::create(builder, loc, rows, positions)->getResult(0);
}

Value Expander::expand(ToChannelsLastOp toChannelsLast) {
  Value input = toChannelsLast.getInput();
  int64_t rank = cast<ShapedType>(input.getType()).getRank();
  if (rank > 3) {
    SmallVector<ReassociationIndices> groups = {{0}, {1}, {}};
    llvm::append_range(groups.back(), llvm::seq<int64_t>(2, rank));
    input = tensor::CollapseShapeOp::create(builder, loc, input, groups);
  }
  return block::ChannelsLastOp::create(builder, loc, input)->getResult(0);
}

Value Expander::expand(MeanPoolOp pool) {
  Value mean =
      block::MeanRowsOp::create(builder, loc, pool.getInput())->getResult(0);
  if (pool.getType() == mean.getType())
    return mean;
  SmallVector<ReassociationIndices> groups = {{0, 1}, {2}};
  return tensor::CollapseShapeOp::create(builder, loc, mean, groups);
}

SmallVector<Value> Expander::expand() {
  using Values = SmallVector<Value>;
  return TypeSwitch<Operation *, Values>(op)
      .Case([&](AttendOp attend) {
        return Values(block::AttentionOp::create(
                          builder, loc, attend.getQuery(), attend.getKey(),
                          attend.getValue(), attend.getLengths(),
                          attend.getMask(), attend.getHeads(),
                          attend.getScaleAttr(),
                          attend.getMaskedRows(), /*withLogSumExp=*/
                          static_cast<bool>(attend.getLogSumExp()))
                          ->getResults());
      })
      .Case<AttentionBlockOpInterface, FourierPositionsOp, EmbeddingOp,
            ToChannelsLastOp, MeanPoolOp>(
          [&](auto modelOp) { return Values{expand(modelOp)}; })
      .Case([&](ConcatOp concat) {
        return Values(
            block::ConcatChannelsOp::create(builder, loc, concat.getInputs())
                ->getResults());
      })
      .Case([&](NormOp norm) {
        return Values{normalize(norm.getInput(),
                                {norm.getWeightAttr(), norm.getBiasAttr()},
                                norm.getEpsilonAttr())};
      })
      .Case([&](ProjectOp linear) {
        return Values{project(linear.getInput(),
                              {linear.getWeightAttr(), linear.getBiasAttr()})};
      })
      .Default([](Operation *) { return Values(); });
}

static void expandOperation(Operation *op, SymbolTableCollection &symbols,
                            Value iteration);

/// Copy iteration `number` in front of `process`, which then starts from its
/// outcome.
static void peelIteration(ProcessOp process, SymbolTableCollection &symbols,
                          int64_t number) {
  OpBuilder builder(process);
  Value iteration =
      arith::ConstantIndexOp::create(builder, process.getLoc(), number);
  IRMapping mapping;
  mapping.map(process.getState(), process.getInit());
  SmallVector<Operation *> copies;
  for (Operation &op : process.getBody()->without_terminator())
    copies.push_back(builder.clone(op, mapping));
  process.getInitMutable().assign(
      mapping.lookupOrDefault(process.getYielded()));
  for (Operation *copy : copies)
    expandOperation(copy, symbols, iteration);
}

static void expandProcess(ProcessOp process, SymbolTableCollection &symbols) {
  int64_t iterations = process.getIterations(), done = 0;
  // A state without batch gets one in the first iteration.
  if (process.getInit().getType() != process.getType())
    peelIteration(process, symbols, done++);
  if (iterations - done == 1)
    peelIteration(process, symbols, done++);
  if (iterations == done) {
    process.getResult().replaceAllUsesWith(process.getInit());
    process.erase();
    return;
  }

  OpBuilder builder(process);
  Location loc = process.getLoc();
  Value first = arith::ConstantIndexOp::create(builder, loc, done);
  Value last = arith::ConstantIndexOp::create(builder, loc, iterations);
  Value step = arith::ConstantIndexOp::create(builder, loc, 1);
  auto loop =
      scf::ForOp::create(builder, loc, first, last, step, process.getInit());
  process.getState().replaceAllUsesWith(loop.getRegionIterArg(0));
  Block *body = loop.getBody();
  body->getOperations().splice(body->end(), process.getBody()->getOperations());
  auto yield = cast<YieldOp>(body->back());
  builder.setInsertionPoint(yield);
  scf::YieldOp::create(builder, yield.getLoc(), yield.getState());
  yield.erase();
  for (Operation &op : llvm::make_early_inc_range(*body))
    expandOperation(&op, symbols, loop.getInductionVar());
  process.getResult().replaceAllUsesWith(loop.getResult(0));
  process.erase();
}

/// Expand `op` and what is in it. `iteration` is the number of the iteration
/// around it, if there is one.
static void expandOperation(Operation *op, SymbolTableCollection &symbols,
                            Value iteration) {
  if (auto process = dyn_cast<ProcessOp>(op))
    return expandProcess(process, symbols);
  for (Region &region : op->getRegions())
    for (Operation &nested : llvm::make_early_inc_range(region.getOps()))
      expandOperation(&nested, symbols, iteration);
  SmallVector<Value> expanded = Expander(op, symbols, iteration).expand();
  if (!expanded.empty()) {
    op->replaceAllUsesWith(expanded);
    op->erase();
  }
}

namespace {
struct ExpandBlocksPass
    : perceiver::impl::ExpandBlocksPassBase<ExpandBlocksPass> {
  void runOnOperation() final {
    SymbolTableCollection symbols;
    expandOperation(getOperation(), symbols, /*iteration=*/nullptr);
  }
};
} // namespace
