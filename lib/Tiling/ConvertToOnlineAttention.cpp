//===- ConvertToOnlineAttention.cpp - Attention with its state ------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   %o = block.attention ins(%q, %k, %v) outs(%init) heads = 8
//
//   %a, %m, %s = block.online_attention ins(%q, %k, %v)
//       outs(%zeros, %minus_infinity, %zeros) heads = 8 scale = 0.125
//   %o = block.finish_attention ins(%a, %m, %s) outs(%init)
//
// %a and %s are float64 where there are many keys
// (dialect/Block/AttentionState.h).
//
// Test: test/Tiling/convert-to-online-attention.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/AttentionState.h"
#include "dialect/Block/InitialState.h"
#include "dialect/Model/PerceiverAttrs.h"
#include "lib/Tiling/Passes.h"

#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_CONVERTTOONLINEATTENTIONPASS
#include "lib/Tiling/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

static void convert(RewriterBase &rewriter, block::AttentionOp op) {
  Location loc = op.getLoc();
  int64_t heads = op.getHeads();
  auto queryType = cast<RankedTensorType>(op.getQuery().getType());
  auto valueType = cast<RankedTensorType>(op.getValue().getType());
  OpFoldResult batch = tensor::getMixedSize(rewriter, loc, op.getKey(), 0);
  OpFoldResult queries = tensor::getMixedSize(rewriter, loc, op.getQuery(),
                                              queryType.getRank() - 2);
  int64_t width = op.getValueHeadSize();
  Value mask = createKeyMask(rewriter, loc, op.getKey(), op.getLengths(),
                             op.getMask(), op.getMaskedRowsAttr());
  InitialState state = createInitialState(
      rewriter, loc, batch, heads, width, queries,
      getSumType(rewriter.getContext(), valueType.getDimSize(1)));
  auto online = block::OnlineAttentionOp::create(
      rewriter, loc, state.getTypes(), op.getQuery(), op.getKey(),
      op.getValue(), mask, op.getScoreBias(), state.accumulator, state.maximum,
      state.sum, rewriter.getI64IntegerAttr(heads),
      rewriter.getF64FloatAttr(op.getEffectiveScale()), op.getKvHeadsAttr());
  if (Attribute tiling = op->getAttr(kTilingAttrName))
    online->setAttr(kTilingAttrName, tiling);
  rewriter.replaceOpWithNewOp<block::FinishAttentionOp>(
      op, op->getResultTypes(), online.getResults()[0], online.getResults()[1],
      online.getResults()[2], op.getInits());
}

namespace {
struct ConvertToOnlineAttentionPass
    : perceiver::impl::ConvertToOnlineAttentionPassBase<
          ConvertToOnlineAttentionPass> {
  using ConvertToOnlineAttentionPassBase::ConvertToOnlineAttentionPassBase;

  void runOnOperation() override {
    SmallVector<block::AttentionOp> ops;
    getOperation()->walk([&](block::AttentionOp op) {
      auto tiling = op->getAttrOfType<TilingAttr>(kTilingAttrName);
      if (!splitOnly || (tiling && tiling.getKeySplit() > 0))
        ops.push_back(op);
    });
    IRRewriter rewriter(&getContext());
    for (block::AttentionOp op : ops) {
      if (op.getNumResults() == 0) {
        op.emitOpError("expected tensors: convert attention before "
                       "bufferization");
        return signalPassFailure();
      }
      rewriter.setInsertionPoint(op);
      convert(rewriter, op);
    }
  }
};
} // namespace
