//===- SkipMaskedKeys.cpp - Tiles of keys that a mask empties -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   scf.for %j .. iter_args(%a, %m, %s) {          // blocks of keys
//     %k, %v = .. norm and projections of the block ..
//     %r:3 = scf.for %i .. iter_args(%a, %m, %s)   // blocks of queries
//       block.online_attention ins(%q, %k, %v) mask(%part) ..
//     scf.yield %r#0, %r#1, %r#2
//
// becomes
//
//   scf.for %j .. iter_args(%a, %m, %s) {
//     %any = .. is a key of %part not 0? ..
//     %r:3 = scf.if %any {
//       %k, %v = ..
//       .. as before ..
//     } else { scf.yield %a, %m, %s }
//     scf.yield %r#0, %r#1, %r#2
//
// A block of keys that take no part leaves the state as it is, bit by bit: the
// maximum stays, its factor is 2^0, and what is added is 0.
//
// Tests: test/Tiling/skip-masked-keys.mlir,
// test/Execution/attention-masked-keys.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/MaskedKeysInterface.h"
#include "lib/Tiling/MaskedKeys.h"
#include "lib/Tiling/Passes.h"
#include "lib/Tiling/Transforms.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/DestinationStyleOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_SKIPMASKEDKEYSPASS
#include "lib/Tiling/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
/// What is left out if no key takes part: an attention, or a loop around it
/// that only takes its state apart and puts it together again.
struct Tile {
  Operation *op;
  SmallVector<Value> states;
};
} // namespace

/// Is `value` the same in all iterations of `loop`, so that it can be computed
/// in front of it?
static bool isInvariant(scf::ForOp loop, Value value) {
  if (loop.isDefinedOutsideOfLoop(value))
    return true;
  Operation *op = value.getDefiningOp();
  return op && op->getNumRegions() == 0 && isPure(op) &&
         llvm::all_of(op->getOperands(), [&](Value operand) {
           return isInvariant(loop, operand);
         });
}

/// Let `value`, which is invariant in the loops between, stand before `op`.
static void hoist(RewriterBase &rewriter, Value value, Operation *op) {
  Operation *definition = value.getDefiningOp();
  Operation *ancestor =
      definition ? op->getBlock()->findAncestorOpInBlock(*definition) : nullptr;
  if (!ancestor || ancestor->isBeforeInBlock(op))
    return;
  for (Value operand : definition->getOperands())
    hoist(rewriter, operand, op);
  rewriter.moveOpBefore(definition, op);
}

/// Is `after`, which a loop yields, `before` with result `number` of the tile
/// in the place where state `number` was taken from?
static bool isPutBack(const Tile &tile, unsigned number, Value before,
                      Value after) {
  Value result = tile.op->getResult(number), state = tile.states[number];
  if (after == result)
    return state == before;
  auto put = after.getDefiningOp<tensor::InsertSliceOp>();
  auto taken = state.getDefiningOp<tensor::ExtractSliceOp>();
  return put && taken && put.getSource() == result && put.getDest() == before &&
         taken.getSource() == before &&
         cast<OffsetSizeAndStrideOpInterface>(put.getOperation())
             .isSameAs(taken, isEqualConstantIntOrValue);
}

/// Does `loop` do nothing if the tile inside hands on the states that it has?
static bool onlyHandsOn(scf::ForOp loop, const Tile &tile) {
  if (loop.getNumResults() != tile.op->getNumResults())
    return false;
  for (auto [number, before, after] :
       llvm::enumerate(loop.getRegionIterArgs(), loop.getYieldedValues()))
    if (!tile.op->getResult(number).hasOneUse() ||
        !isPutBack(tile, number, before, after))
      return false;
  return true;
}

/// The attention with the loops around it that all run for the same keys.
static Tile findTile(MaskedKeysOpInterface attention) {
  auto destination =
      cast<DestinationStyleOpInterface>(attention.getOperation());
  Tile tile{attention, llvm::to_vector_of<Value>(destination.getDpsInits())};
  while (auto loop = dyn_cast<scf::ForOp>(tile.op->getParentOp())) {
    if (!isInvariant(loop, attention.getKeyMask()) || !onlyHandsOn(loop, tile))
      break;
    tile = {loop, llvm::to_vector_of<Value>(loop.getInitArgs())};
  }
  return tile;
}

/// The tile, last, and what stands before it for its sake alone.
static SmallVector<Operation *> withProducers(const Tile &tile, Value mask) {
  Block *block = tile.op->getBlock();
  DenseSet<Operation *> needed = {tile.op};
  SmallVector<Operation *> ops = {tile.op};
  auto isNeededOutside = [&](Value value) {
    return value == mask || llvm::is_contained(tile.states, value);
  };
  auto isForTile = [&](Operation *user) {
    return needed.contains(block->findAncestorOpInBlock(*user));
  };
  for (Operation *op = tile.op->getPrevNode(); op; op = op->getPrevNode())
    if (isMemoryEffectFree(op) && !op->use_empty() &&
        llvm::none_of(op->getResults(), isNeededOutside) &&
        llvm::all_of(op->getUsers(), isForTile)) {
      needed.insert(op);
      ops.push_back(op);
    }
  std::reverse(ops.begin(), ops.end());
  return ops;
}

static void skipMaskedKeys(RewriterBase &rewriter,
                           MaskedKeysOpInterface attention) {
  Location loc = attention->getLoc();
  Tile tile = findTile(attention);
  Value mask = attention.getKeyMask();
  hoist(rewriter, mask, tile.op);
  SmallVector<Operation *> ops = withProducers(tile, mask);
  rewriter.setInsertionPoint(tile.op);
  Value any = emitIsAnyKeyInUse(rewriter, loc, mask);
  auto choice = scf::IfOp::create(rewriter, loc, tile.op->getResultTypes(), any,
                                  /*addThenBlock=*/true, /*addElseBlock=*/true);
  rewriter.replaceAllUsesWith(tile.op->getResults(), choice.getResults());
  for (Operation *op : ops)
    rewriter.moveOpBefore(op, choice.thenBlock(), choice.thenBlock()->end());
  rewriter.setInsertionPointToEnd(choice.thenBlock());
  scf::YieldOp::create(rewriter, loc, tile.op->getResults());
  rewriter.setInsertionPointToEnd(choice.elseBlock());
  scf::YieldOp::create(rewriter, loc, tile.states);
}

void perceiver::skipMaskedKeys(Operation *root) {
  SmallVector<MaskedKeysOpInterface> ops;
  root->walk([&](MaskedKeysOpInterface op) {
    // Outside of tasks nothing is read.
    if (op.getKeyMask() && op->getNumResults() != 0 &&
        op->getParentOfType<scf::ForallOp>())
      ops.push_back(op);
  });
  IRRewriter rewriter(root->getContext());
  for (MaskedKeysOpInterface op : ops)
    ::skipMaskedKeys(rewriter, op);
}

namespace {
struct SkipMaskedKeysPass
    : perceiver::impl::SkipMaskedKeysPassBase<SkipMaskedKeysPass> {
  void runOnOperation() override { skipMaskedKeys(getOperation()); }
};
} // namespace
