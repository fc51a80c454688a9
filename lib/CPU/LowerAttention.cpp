//===- LowerAttention.cpp - The flash attention kernels -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One tile of online_attention, a block of queries against a block of keys,
// with the queries in the vector lanes:
//
//   qt[c, i]  = scale * log2(e) * q[i, c]                       transposed once
//   s[j, i]   = sum_c k[j, c] * qt[c, i]                        register tiles
//
// and what AttentionBlocks.h does with scores. Keys are the broadcast side, so
// no row of them is repacked.
//
// Test: test/CPU/lower-attention.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/AttentionOps.h"
#include "lib/CPU/AttentionBlocks.h"
#include "lib/CPU/MicroKernel.h"

using namespace mlir;
using namespace mlir::perceiver;

/// The dimension of the query that counts queries.
static int64_t queryDim(block::OnlineAttentionOp op) {
  return cast<MemRefType>(op.getQuery().getType()).getRank() - 2;
}

namespace {
struct OnlineAttentionKernel {
  KernelBuilder &kernel;
  block::OnlineAttentionOp op;
  const VectorTarget &target;
  int64_t queryHeadSize;
  /// Transposed queries.
  Value queryScratch;
  AttentionBlocks blocks;

  /// Scores of `count` queries from `first` on.
  void scores(Value first, Value count) {
    int64_t vectors = kernel.vectorsFor(count);
    int64_t tileRows = rowsForVectors(vectors, target.registers);
    kernel.rowTiles(blocks.keys, tileRows, [&](Value key, int64_t rows) {
      RegisterTile tile;
      tile.rows = rows;
      tile.vectors = vectors;
      tile.depth = kernel.index(queryHeadSize);
      Value headColumn = kernel.mul(blocks.keyHead, queryHeadSize);
      auto lhs = [&](int64_t r, Value k) {
        return kernel.loadScalar(op.getKey(), {blocks.batch, kernel.add(key, r),
                                               kernel.add(headColumn, k)});
      };
      auto rhs = [&](int64_t v, Value k) {
        return kernel.load(queryScratch,
                           {k, kernel.add(first, v * kernel.lanes)});
      };
      tile.lhs = lhs;
      tile.rhs = rhs;
      SmallVector<Value> sums = emitRegisterTile(kernel, tile);
      for (int64_t r = 0; r < rows; ++r)
        for (int64_t v = 0; v < vectors; ++v)
          blocks.storeScore(sums[r * vectors + v], kernel.add(key, r), v);
    });
  }

  /// Heads of queries side by side share one of keys.
  Value keyHeadOf(Value h) {
    auto heads = static_cast<int64_t>(op.getHeads());
    if (op.getKeyHeads() == heads)
      return h;
    return op.getKeyHeads() == 1 ? kernel.index(0)
                                 : kernel.floorDiv(h, heads / op.getKeyHeads());
  }

  void run() {
    Value queries = kernel.dim(op.getQuery(), queryDim(op));
    blocks.forEachHead(
        [&](Value h) { return keyHeadOf(h); },
        [&] {
          packQueries(kernel,
                      {op.getQuery(), op.getScale().convertToDouble(),
                       queryHeadSize, queries, blocks.batch, blocks.head},
                      queryScratch);
          blocks.attend(
              queries, [&](Value first, Value count) { scores(first, count); });
        });
  }
};
} // namespace

static LogicalResult lowerOnlineAttention(RewriterBase &rewriter,
                                          block::OnlineAttentionOp op,
                                          const VectorTarget &target) {
  KernelBuilder kernel(rewriter, op.getLoc(), target.lanes);
  std::optional<int64_t> maxKeys = kernel.upperBound(op.getKey(), 1);
  if (!maxKeys)
    return rewriter.notifyMatchFailure(op, kUnboundedKeys);
  std::optional<int64_t> maxQueries =
      kernel.upperBound(op.getQuery(), queryDim(op));
  if (!maxQueries)
    return rewriter.notifyMatchFailure(op, kUnboundedQueries);
  int64_t queryHeadSize = op.getQueryHeadSize();
  Value queryScratch = kernel.scratch(
      {queryHeadSize, kernel.vectorsFor(*maxQueries) * kernel.lanes});
  AttendedKeys attended = {
      op.getValue(),         op.getMask(),    op.getScoreBias(),
      op.getAccumulator(),   op.getMaximum(), op.getSum(),
      op.getValueHeadSize(), *maxKeys,        *maxQueries};
  OnlineAttentionKernel{
      kernel,
      op,
      target,
      queryHeadSize,
      queryScratch,
      AttentionBlocks(kernel, target, attended, kernel.dim(op.getKey(), 1))}
      .run();
  rewriter.eraseOp(op);
  return success();
}

void perceiver::attachAttentionKernel(MLIRContext *context) {
  block::OnlineAttentionOp::attachInterface<
      StateKernel<block::OnlineAttentionOp, lowerOnlineAttention>>(*context);
}
