//===- MarkStage.cpp - Which stage ran last -------------------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   module attributes {perceiver.stage = "mine"} {
//
// Test: test/Pipelines/verify-stage.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "lib/Pipelines/Passes.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_MARKSTAGEPASS
#include "lib/Pipelines/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
struct MarkStagePass : perceiver::impl::MarkStagePassBase<MarkStagePass> {
  using MarkStagePassBase::MarkStagePassBase;

  void runOnOperation() override {
    getOperation()->setAttr(kStageAttrName,
                            StringAttr::get(&getContext(), stage));
  }
};
} // namespace
