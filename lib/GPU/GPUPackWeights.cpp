//===- GPUPackWeights.cpp - Weights as kernels read them ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Passes.td shows before and after.
//
// Test: test/GPU/pack-weights.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/BlockAttrs.h"
#include "lib/GPU/Passes.h"
#include "lib/Transforms/Transforms.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/Tensor/IR/Tensor.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_GPUPACKWEIGHTSPASS
#include "lib/GPU/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

namespace {
struct GPUPackWeightsPass
    : perceiver::impl::GPUPackWeightsPassBase<GPUPackWeightsPass> {
  void runOnOperation() override {
    auto choose = [](PackableOpInterface layer) -> WeightLayoutAttrInterface {
      if (!layer.hasGates())
        return {};
      return block::PlanesAttr::get(layer.getContext());
    };
    if (failed(packWeights(getOperation(), choose)))
      signalPassFailure();
  }
};
} // namespace
