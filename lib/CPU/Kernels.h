//===- Kernels.h - Block operations on memrefs to vector code ---*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The reusable functions behind `perceiver-lower-kernels`: each replaces one
// operation on memrefs by loops over vectors.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_KERNELS_H
#define PERCEIVER_LIB_CPU_KERNELS_H

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/InputOps.h"
#include "dialect/Block/RowOps.h"
#include "lib/CPU/VectorTarget.h"

#include "mlir/IR/PatternMatch.h"

namespace mlir::perceiver {

/// Matrix product on packed panels with bias, activation and residual.
LogicalResult lowerLinear(RewriterBase &rewriter, block::LinearOp op,
                          const VectorTarget &target);

/// Attention of one block of queries to one block of keys.
LogicalResult lowerOnlineAttention(RewriterBase &rewriter,
                                   block::OnlineAttentionOp op,
                                   const VectorTarget &target);
LogicalResult lowerMergeAttention(RewriterBase &rewriter,
                                  block::MergeAttentionOp op,
                                  const VectorTarget &target);
LogicalResult lowerFinishAttention(RewriterBase &rewriter,
                                   block::FinishAttentionOp op,
                                   const VectorTarget &target);

/// Operations that visit one row after the other.
LogicalResult lowerLayerNorm(RewriterBase &rewriter, block::LayerNormOp op,
                             const VectorTarget &target);
LogicalResult lowerAdd(RewriterBase &rewriter, block::AddOp op,
                       const VectorTarget &target);
LogicalResult lowerConcatChannels(RewriterBase &rewriter,
                                  block::ConcatChannelsOp op,
                                  const VectorTarget &target);
LogicalResult lowerGridPositions(RewriterBase &rewriter,
                                 block::GridPositionsOp op,
                                 const VectorTarget &target);
LogicalResult lowerChannelsLast(RewriterBase &rewriter,
                                block::ChannelsLastOp op,
                                const VectorTarget &target);
LogicalResult lowerEmbed(RewriterBase &rewriter, block::EmbedOp op,
                         const VectorTarget &target);
LogicalResult lowerMeanRows(RewriterBase &rewriter, block::MeanRowsOp op,
                            const VectorTarget &target);
LogicalResult lowerKeyMask(RewriterBase &rewriter, block::KeyMaskOp op,
                           const VectorTarget &target);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_CPU_KERNELS_H
