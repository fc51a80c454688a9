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
// Passes.td lists what a block becomes; each operation knows its expansion
// (ConversionInterfaces.td). The parameters were verified with the symbols that
// read them, so nothing of a description is refused here.
//
// Test: test/Conversion/expand-blocks.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Conversion/BlockExpander.h"
#include "lib/Conversion/Passes.h"

#include "dialect/Block/BlockDialect.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"
#include "mlir/IR/BuiltinOps.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_EXPANDBLOCKSPASS
#include "lib/Conversion/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
struct ExpandBlocksPass
    : perceiver::impl::ExpandBlocksPassBase<ExpandBlocksPass> {
  void runOnOperation() final {
    SymbolTableCollection symbols;
    if (failed(expandOperation(getOperation(), symbols, /*iteration=*/nullptr)))
      signalPassFailure();
  }
};
} // namespace
