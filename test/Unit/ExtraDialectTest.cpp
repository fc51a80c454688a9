//===- ExtraDialectTest.cpp - What another dialect adds -------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The norm and the layout of test/lib/Extra in passes that have never heard of
// them.
//
//===----------------------------------------------------------------------===//

#include "test/lib/Extra/ExtraDialect.h"
#include "dialect/AttributeNames.h"
#include "dialect/Block/ElementOps.h"
#include "dialect/Block/RowOps.h"
#include "dialect/Block/WeightOps.h"
#include "lib/CPU/Passes.h"
#include "lib/Conversion/Passes.h"
#include "lib/Init/Init.h"
#include "lib/Transforms/Transforms.h"
#include "lib/Weights/PrepareEvaluator.h"
#include "test/Unit/CPUTargetSupport.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "mlir/Pass/PassRegistry.h"
#include "llvm/Support/FormatVariadic.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
class ExtraDialectTest : public ::testing::Test {
protected:
  ExtraDialectTest() {
    DialectRegistry registry;
    registerAllDialects(registry);
    extra::registerExtraDialect(registry);
    context.appendDialectRegistry(registry);
    handler = std::make_unique<ScopedDiagnosticHandler>(
        &context, [this](Diagnostic &diagnostic) {
          messages += diagnostic.str() + "\n";
          return success();
        });
  }

  void parse(const std::string &text) {
    module = parseSourceString<ModuleOp>(text, &context);
    ASSERT_TRUE(module) << messages;
  }

  template <typename OpTy>
  OpTy find() {
    OpTy found;
    module->walk([&](OpTy op) { found = op; });
    return found;
  }

  std::string messages;
  MLIRContext context;
  std::unique_ptr<ScopedDiagnosticHandler> handler;
  OwningOpRef<ModuleOp> module;
};

class NoParameters : public ParameterSource {
  FailureOr<HostTensor> getParameter(ParameterOp, int64_t) override {
    return failure();
  }
};
} // namespace

static const char *const kNorm = R"(
  perceiver.parameter @g : tensor<4xf32> key "g"
  perceiver.parameter @w : tensor<4x3xf32> key "w"
  func.func @f(%x: tensor<5x4xf32>) -> tensor<5x{0}xf32> {{
    %g = perceiver.get_parameter @g : tensor<4xf32>
    %w = perceiver.get_parameter @w : tensor<4x3xf32>
    %e = tensor.empty() : tensor<5x4xf32>
    %n = extra.rms_norm ins(%x : tensor<5x4xf32>) gain(%g : tensor<4xf32>)
        outs(%e : tensor<5x4xf32>) -> tensor<5x4xf32>
    %o = tensor.empty() : tensor<5x3xf32>
    %y = block.linear ins(%n, %w : tensor<5x4xf32>, tensor<4x3xf32>)
        outs(%o : tensor<5x3xf32>) -> tensor<5x3xf32>
    return %{1} : tensor<5x{0}xf32>
  })";

TEST_F(ExtraDialectTest, ItsNormIsFolded) {
  parse(llvm::formatv(kNorm, 3, "y").str());
  foldNorms(*module);
  EXPECT_FALSE(find<extra::RMSNormOp>().getGain());
  EXPECT_TRUE(
      find<block::LinearOp>().getWeight().getDefiningOp<block::ScaleRowsOp>());
  EXPECT_FALSE(find<block::LinearOp>().getBias());
}

TEST_F(ExtraDialectTest, ItsNormHasNoStrategyOfTheGPU) {
  registerAllPasses();
  parse(llvm::formatv(kNorm, 4, "n").str());
  PassManager pm(&context);
  ASSERT_TRUE(succeeded(parsePassPipeline(
      "perceiver-set-target{backend=cuda},func.func(perceiver-gpu-select-"
      "strategy)",
      pm)));
  EXPECT_TRUE(failed(pm.run(*module)));
  EXPECT_NE(messages.find("'extra.rms_norm' op expected a strategy of the GPU "
                          "for an operation with loops, but it has none"),
            std::string::npos)
      << messages;
}

TEST_F(ExtraDialectTest, ARemarkSaysWhyItsNormIsNotFolded) {
  parse(llvm::formatv(kNorm, 4, "n").str());
  foldNorms(*module);
  EXPECT_TRUE(find<extra::RMSNormOp>().getGain());
  auto log = find<func::FuncOp>()->getAttrOfType<ArrayAttr>(kFusionLogAttrName);
  ASSERT_TRUE(log);
  EXPECT_NE(cast<StringAttr>(log[0]).getValue().find("norm keeps affine"),
            StringRef::npos)
      << cast<StringAttr>(log[0]).str();
}

TEST_F(ExtraDialectTest, ItsOperationsAreTiledAndBufferizedByTheirTraits) {
  parse(llvm::formatv(kNorm, 3, "y").str());
  Operation *norm = find<extra::RMSNormOp>();
  EXPECT_TRUE(isa<TilingInterface>(norm));
  EXPECT_TRUE(isa<bufferization::BufferizableOpInterface>(norm));
}

TEST_F(ExtraDialectTest, ItsModelLevelMayStandInDescriptions) {
  parse(R"(
    func.func @f(%x: tensor<?x4xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
        -> (tensor<?x4xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
      %y = extra.twice %x : tensor<?x4xf32>
      return %y : tensor<?x4xf32>
    })");
  PassManager manager(&context);
  manager.addPass(createVerifyDescriptionPass());
  manager.addPass(createExpandBlocksPass());
  EXPECT_TRUE(succeeded(manager.run(*module))) << messages;
  EXPECT_TRUE(find<block::AddOp>());
}

TEST_F(ExtraDialectTest, TileMapsThatContradictOperandsAreRefused) {
  auto refuse = [&](int maps, int loop, const char *message) {
    messages.clear();
    std::string text = llvm::formatv(R"(
      func.func @f(%x: tensor<5x4xf32>) -> tensor<5x4xf32> {{
        %y = extra.wrong {0} {1} outs(%x : tensor<5x4xf32>) -> tensor<5x4xf32>
        return %y : tensor<5x4xf32>
      })",
                                     maps, loop);
    EXPECT_FALSE(parseSourceString<ModuleOp>(text, &context));
    EXPECT_NE(messages.find(message), std::string::npos) << messages;
  };
  refuse(1, 0,
         "expected a tile map for each of the 2 dimensions of operand 0, "
         "but got 1");
  refuse(2, 7, "expected tile maps of 1 loops, but got one of loop 7");
  refuse(2, -1, "expected loop 0 to run over a dimension of an operand");
}

TEST_F(ExtraDialectTest, WhatTheCPUDoesNotKnowIsAnError) {
  parse(llvm::formatv(kNorm, 3, "y").str());
  setCPUTarget(*module);
  PassManager manager(&context);
  manager.addNestedPass<func::FuncOp>(createSelectStrategyPass());
  EXPECT_TRUE(failed(manager.run(*module)));
  EXPECT_NE(messages.find("'extra.rms_norm' op expected a strategy of the CPU"),
            std::string::npos)
      << messages;
}

TEST_F(ExtraDialectTest, ItsLayoutIsVerifiedAndPacked) {
  parse(R"(
    func.func @f() -> tensor<3x2xf32> {
      %w = arith.constant dense<[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]> : tensor<2x3xf32>
      %e = tensor.empty() : tensor<3x2xf32>
      %p = block.pack_weight ins(%w : tensor<2x3xf32>) outs(%e : tensor<3x2xf32>)
          layout = #extra.transposed -> tensor<3x2xf32>
      return %p : tensor<3x2xf32>
    })");
  NoParameters parameters;
  FailureOr<SmallVector<HostTensor>> results =
      evaluateFunction(find<func::FuncOp>(), {}, parameters);
  ASSERT_TRUE(succeeded(results)) << messages;
  EXPECT_EQ(results->front().toVector(),
            (SmallVector<double>{1, 4, 2, 5, 3, 6}));
}

TEST_F(ExtraDialectTest, LinearLayersReadItsLayout) {
  parse(R"(
    func.func @f(%x: tensor<5x4xf32>, %w: tensor<3x4xf32>, %o: tensor<5x3xf32>) -> tensor<5x3xf32> {
      %y = block.linear ins(%x, %w : tensor<5x4xf32>, tensor<3x4xf32>)
          outs(%o : tensor<5x3xf32>) {layout = #extra.transposed} -> tensor<5x3xf32>
      return %y : tensor<5x3xf32>
    })");
  auto linear = find<block::LinearOp>();
  EXPECT_EQ(linear.getReductionSize(), 4);
  EXPECT_EQ(linear.getTileMaps(1).front().loop, 1u);
  EXPECT_FALSE(linear.getTileMaps(1).back().loop);
  linear.getWeightMutable().assign(linear.getInit());
  EXPECT_TRUE(failed(linear.verify()));
  EXPECT_NE(
      messages.find("expected a weight of shape 3x4 in #extra.transposed"),
      std::string::npos)
      << messages;
}
