//===- MicroKernel.cpp - The register tile of all products ----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "lib/CPU/MicroKernel.h"

using namespace mlir;
using namespace mlir::perceiver;

SmallVector<Value> perceiver::emitRegisterTile(KernelBuilder &kernel,
                                               const RegisterTile &tile) {
  auto step = [&](Value k, ValueRange carried) {
    SmallVector<Value> rhs;
    for (int64_t v = 0; v < tile.vectors; ++v)
      rhs.push_back(tile.rhs(v, k));
    SmallVector<Value> sums;
    for (int64_t r = 0; r < tile.rows; ++r) {
      Value lhs = kernel.splat(tile.lhs(r, k));
      for (int64_t v = 0; v < tile.vectors; ++v)
        sums.push_back(kernel.fma(lhs, rhs[v], carried[r * tile.vectors + v]));
    }
    return sums;
  };
  return kernel.sums(tile.depth, /*step=*/1, tile.rows * tile.vectors,
                     tile.longestChain, step, tile.maxDepth);
}
