//===- MissingModelsTest.cpp - Operations without interfaces --------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In a context that has the dialects and nothing that is attached to them,
// every pass that needs an interface says so.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/BlockDialect.h"
#include "lib/Analysis/OperationCost.h"
#include "lib/CPU/Passes.h"
#include "lib/Conversion/Passes.h"
#include "lib/Conversion/SizeInference.h"
#include "lib/Weights/PrepareEvaluator.h"
#include "test/Unit/CPUTargetSupport.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
class MissingModelsTest : public ::testing::Test {
protected:
  MissingModelsTest()
      : handler(&context, [this](Diagnostic &diagnostic) {
          messages += diagnostic.str() + "\n";
        }) {
    context.loadDialect<arith::ArithDialect, block::BlockDialect,
                        func::FuncDialect, PerceiverDialect>();
  }

  func::FuncOp parse(const std::string &text) {
    module = parseSourceString<ModuleOp>(text, &context);
    return *module->getOps<func::FuncOp>().begin();
  }

  /// Give the module a target and run a pass, which must fail.
  void runAndFail(std::unique_ptr<Pass> pass) {
    setCPUTarget(*module);
    PassManager manager(&context);
    if (pass->getOpName() == "func.func")
      manager.addNestedPass<func::FuncOp>(std::move(pass));
    else
      manager.addPass(std::move(pass));
    EXPECT_TRUE(failed(manager.run(*module)));
  }

  void expectMessage(StringRef text) {
    EXPECT_NE(messages.find(text.str()), std::string::npos) << messages;
  }

  std::string messages;
  MLIRContext context;
  ScopedDiagnosticHandler handler;
  OwningOpRef<ModuleOp> module;
};

class NoParameters : public ParameterSource {
  FailureOr<HostTensor> getParameter(ParameterOp, int64_t) override {
    return failure();
  }
};
} // namespace

static const char *const kModel = R"(
  func.func @f(%x: tensor<?x3x4xf32>) -> tensor<?x4xf32> {
    %y = perceiver.mean_pool %x : tensor<?x3x4xf32> -> tensor<?x4xf32>
    return %y : tensor<?x4xf32>
  })";

static const char *const kBlocks = R"(
  func.func @f(%x: tensor<3x4xf32>, %w: tensor<4x5xf32>, %e: tensor<3x5xf32>) -> tensor<3x5xf32> {
    %y = block.linear ins(%x, %w : tensor<3x4xf32>, tensor<4x5xf32>)
        outs(%e : tensor<3x5xf32>) -> tensor<3x5xf32>
    return %y : tensor<3x5xf32>
  })";

TEST_F(MissingModelsTest, Sizes) {
  func::FuncOp function = parse(kModel);
  SymbolTableCollection symbols;
  EXPECT_TRUE(failed(verifySizes(function, symbols)));
  expectMessage("'perceiver.mean_pool' op expected an operation that knows the "
                "dynamic sizes of its results");
}

TEST_F(MissingModelsTest, Expansion) {
  parse(kModel);
  runAndFail(createExpandBlocksPass());
  expectMessage("'perceiver.mean_pool' op expected an operation that expands "
                "into blocks");
}

TEST_F(MissingModelsTest, Flops) {
  EXPECT_FALSE(countDenseFlops(parse(kBlocks)).isKnown());
}

TEST_F(MissingModelsTest, Evaluation) {
  func::FuncOp function = parse(R"(
    func.func @f() -> tensor<2x2xf32> {
      %x = arith.constant dense<1.0> : tensor<2x2xf32>
      %y = block.add ins(%x, %x : tensor<2x2xf32>, tensor<2x2xf32>) outs(%x : tensor<2x2xf32>) -> tensor<2x2xf32>
      return %y : tensor<2x2xf32>
    })");
  NoParameters parameters;
  EXPECT_TRUE(failed(evaluateFunction(function, {}, parameters)));
  expectMessage(
      "'block.add' op expected an operation that can be computed when "
      "the model is compiled");
}

TEST_F(MissingModelsTest, Strategy) {
  parse(kBlocks);
  runAndFail(createSelectStrategyPass());
  expectMessage("'block.linear' op expected a strategy of the CPU");
}

TEST_F(MissingModelsTest, Kernel) {
  parse(R"(
    func.func @f(%x: memref<3x4xf32>) {
      block.add ins(%x, %x : memref<3x4xf32>, memref<3x4xf32>) outs(%x : memref<3x4xf32>)
      return
    })");
  runAndFail(createLowerKernelsPass());
  expectMessage(
      "cannot lower 'block.add' to vector code: the CPU has no kernel "
      "for it");
}
