//===- AttachLoopAnnotations.cpp - What LLVM is told of loops -------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after.
//
// Test: test/Execution/attach-loop-annotations.mlir.
//
//===----------------------------------------------------------------------===//

#include "lib/Execution/Passes.h"

#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_ATTACHLOOPANNOTATIONSPASS
#include "lib/Execution/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
struct AttachLoopAnnotationsPass
    : perceiver::impl::AttachLoopAnnotationsPassBase<
          AttachLoopAnnotationsPass> {
  void runOnOperation() override {
    getOperation()->walk([](LLVM::BrOp branch) {
      auto annotation = branch->getAttrOfType<LLVM::LoopAnnotationAttr>(
          kLoopAnnotationAttrName);
      if (!annotation)
        return;
      branch->removeDiscardableAttr(kLoopAnnotationAttrName);
      branch.setLoopAnnotationAttr(annotation);
    });
  }
};
} // namespace
