//===- KeyParts.h - The parts of a key range --------------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A static number of keys has parts of `key_split` keys. There may be any
// number of these where that of the keys is dynamic. So parts are multiples of
// it then and grow with the keys, for a `key_split` of 64:
//
//   %keys  = (%n ceildiv (64 * 16)) * 64           // of a part
//   %parts = %n ceildiv %keys                      // at most 16
//
// With a mask each batch entry has parts of its own, of the keys up to the last
// that takes part. Those beyond cost nothing and change no bit, and the work is
// shared among as many tasks as without them:
//
//   %parts = min(%n ceildiv 64, 16)                // some without keys
//   %used  = .. keys of %entry up to the last that its mask keeps ..
//   %keys  = (%used ceildiv (64 * 16)) * 64
//
// The parts depend on the keys, never on threads or the batch.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_TILING_KEYPARTS_H
#define PERCEIVER_LIB_TILING_KEYPARTS_H

#include "dialect/Model/PerceiverAttrs.h"

#include "mlir/IR/PatternMatch.h"
#include "mlir/Interfaces/ViewLikeInterface.h"

namespace mlir::perceiver {

/// The parts of a key range: keys of each but the last, and how many there are.
/// The keys are null where each batch entry has parts of its own.
struct KeyParts {
  OpFoldResult keys, count;
};

/// Whether a part belongs to one batch entry and has all heads and queries: its
/// task sizes are `[1]`, perhaps with zeros.
bool hasWholeEntries(TilingAttr tiling);

/// The parts of the rows of `keys`, `[B, M, C]`, with or without `mask`, as
/// `tiling` says.
KeyParts getKeyParts(RewriterBase &rewriter, Location loc, Value keys,
                     Value mask, TilingAttr tiling);

/// How many batch entries have no more parts altogether than one may have.
OpFoldResult getEntriesTogether(RewriterBase &rewriter, Location loc,
                                KeyParts parts);

/// Offset and size of part number `part`, of `all` keys. Where each batch entry
/// has parts of its own, that of entry `entry`; a part that is none has no
/// keys.
Range getPart(RewriterBase &rewriter, Location loc, KeyParts parts, Value mask,
              TilingAttr tiling, Value part, OpFoldResult entry,
              OpFoldResult all);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_TILING_KEYPARTS_H
