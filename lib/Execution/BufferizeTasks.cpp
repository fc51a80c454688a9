//===- BufferizeTasks.cpp - Tensors become memrefs ------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after.
//
// Test: test/Execution/bufferize-tasks.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Execution/Passes.h"

#include "dialect/AttributeNames.h"

#include "mlir/Dialect/Bufferization/IR/Bufferization.h"
#include "mlir/Dialect/Bufferization/Transforms/OneShotAnalysis.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_BUFFERIZETASKSPASS
#include "lib/Execution/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
struct BufferizeTasksPass
    : perceiver::impl::BufferizeTasksPassBase<BufferizeTasksPass> {
  void runOnOperation() override {
    bufferization::OneShotBufferizationOptions options;
    options.memCpyFn = [](OpBuilder &builder, Location loc, Value from,
                          Value to) -> LogicalResult {
      linalg::CopyOp::create(builder, loc, from, to);
      return success();
    };
    for (auto func : getOperation().getOps<func::FuncOp>()) {
      if (func->hasAttr(kPrepareAttrName))
        continue;
      bufferization::BufferizationState state;
      if (failed(bufferization::runOneShotBufferize(func, options, state)))
        return signalPassFailure();
    }
  }
};
} // namespace
