//===- LoadTruthValues.cpp - Bytes of callers as truth values -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A mask comes from the caller, one byte to a key. LLVM's load of an i1 is
// defined for the bytes 0 and 1 alone and looks at the lowest bit of others: 2
// would be false in silence. Passes.td shows before and after.
//
// Test: test/Execution/load-truth-values.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Execution/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/PatternMatch.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_LOADTRUTHVALUESPASS
#include "lib/Execution/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// Load the byte and compare it with zero.
static void loadByte(RewriterBase &rewriter, LLVM::LoadOp load) {
  rewriter.setInsertionPointAfter(load);
  Location loc = load.getLoc();
  Type i8 = rewriter.getI8Type();
  Value byte = LLVM::LoadOp::create(rewriter, loc, i8, load.getAddr(),
                                    load.getAlignment().value_or(0));
  Value zero = LLVM::ConstantOp::create(rewriter, loc, i8, 0);
  rewriter.replaceOpWithNewOp<LLVM::ICmpOp>(load, LLVM::ICmpPredicate::ne, byte,
                                            zero);
}

namespace {
struct LoadTruthValuesPass
    : perceiver::impl::LoadTruthValuesPassBase<LoadTruthValuesPass> {
  void runOnOperation() override {
    IRRewriter rewriter(&getContext());
    getOperation()->walk([&](LLVM::LoadOp load) {
      if (load.getType().isInteger(1))
        loadByte(rewriter, load);
    });
  }
};
} // namespace
