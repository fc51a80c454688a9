//===- Fusion.h - Fusing producers into loops -------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TILING_FUSION_H
#define PERCEIVER_LIB_TILING_FUSION_H

#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/Interfaces/LoopLikeInterface.h"
#include "llvm/ADT/SetVector.h"

namespace mlir::perceiver {

/// Fuse into `loops` the producers of `slices`, and their producers in turn,
/// where every iteration needs its own part of the producer and nobody outside
/// reads it. `consumed` are the operations whose uses no longer count because
/// tiling has replaced them; fused producers are added to it, last one last.
void fuseProducers(RewriterBase &rewriter,
                   MutableArrayRef<LoopLikeOpInterface> loops,
                   ArrayRef<Operation *> slices,
                   llvm::SetVector<Operation *> &consumed);

/// `slice` as one of what its source is a slice of, and so on, so that a part
/// of a batch entry of a fused projection is a part of its producer. Sources
/// that are left without users are erased.
tensor::ExtractSliceOp composeWithSources(RewriterBase &rewriter,
                                          tensor::ExtractSliceOp slice);

/// Whether a slice at `offsets` is another one in each iteration of `loops`,
/// those that run once aside.
bool movesWithEveryLoop(ArrayRef<OpFoldResult> offsets,
                        ArrayRef<LoopLikeOpInterface> loops);

/// Erase the operations of `ops` that have no uses left, consumers first.
void eraseDead(RewriterBase &rewriter, llvm::SetVector<Operation *> &ops);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TILING_FUSION_H
