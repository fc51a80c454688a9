//===- SetModel.cpp - Write down what the model is called -----------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   module attributes {perceiver.model = "digits"} {
//
// Test: test/Pipelines/set-model.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "lib/Pipelines/Passes.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_SETMODELPASS
#include "lib/Pipelines/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
struct SetModelPass : perceiver::impl::SetModelPassBase<SetModelPass> {
  using SetModelPassBase::SetModelPassBase;

  void runOnOperation() override {
    if (name.empty()) {
      emitError(getOperation().getLoc()) << "expected a name for the model";
      return signalPassFailure();
    }
    getOperation()->setAttr(kModelAttrName,
                            StringAttr::get(&getContext(), name));
  }
};
} // namespace
