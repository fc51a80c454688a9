//===- DialectInterfacesTest.cpp - Which operation has which interface ----===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Interfaces that are implemented apart from the operations are attached by
// lists of operations. Here the lists are compared with the dialect.
//
//===----------------------------------------------------------------------===//

#include "dialect/Block/AttentionOps.h"
#include "dialect/Block/BlockDialect.h"
#include "dialect/Block/Bufferization.h"
#include "dialect/Block/TileMapInterface.h"
#include "dialect/Block/WeightOps.h"

#include "mlir/Dialect/Bufferization/IR/BufferizableOpInterface.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Interfaces/TilingInterface.h"
#include "mlir/Parser/Parser.h"
#include "gtest/gtest.h"

using namespace mlir;
using namespace mlir::perceiver;

namespace {
class DialectInterfaces : public ::testing::Test {
protected:
  DialectInterfaces() {
    DialectRegistry registry;
    registry.insert<block::BlockDialect, func::FuncDialect>();
    registerBufferizationInterfaces(registry);
    context.appendDialectRegistry(registry);
    context.loadAllAvailableDialects();
    for (RegisteredOperationName op : context.getRegisteredOperations())
      if (isa<block::BlockDialect>(op.getDialect()))
        ops.push_back(op);
  }

  MLIRContext context;
  SmallVector<RegisteredOperationName> ops;
};
} // namespace

TEST_F(DialectInterfaces, TilingIsOfTheOperationsWithTileMaps) {
  unsigned count = 0;
  for (RegisteredOperationName op : ops) {
    EXPECT_EQ(op.hasInterface<TilingInterface>(),
              op.hasInterface<TileMapOpInterface>())
        << op.getStringRef().str();
    count += op.hasInterface<TileMapOpInterface>();
  }
  EXPECT_GT(count, 0u);
}

TEST_F(DialectInterfaces, PartialReductionsAreOfTheReductionsThatCarryState) {
  for (RegisteredOperationName op : ops)
    EXPECT_EQ(op.hasInterface<PartialReductionOpInterface>(),
              op.getStringRef() == block::OnlineAttentionOp::getOperationName())
        << op.getStringRef().str();
}

TEST_F(DialectInterfaces, BufferizationIsOfTheOperationsOnTensorsAndMemRefs) {
  unsigned count = 0;
  for (RegisteredOperationName op : ops) {
    bool isDestination = op.hasInterface<DestinationStyleOpInterface>();
    EXPECT_EQ(op.hasInterface<bufferization::BufferizableOpInterface>(),
              isDestination ||
                  op.getStringRef() == block::GetWeightOp::getOperationName())
        << op.getStringRef().str();
    count += isDestination;
  }
  EXPECT_GT(count, 0u);
}

// Effects and bufferization agree on who reads a destination.
TEST_F(DialectInterfaces, OnlyARunningStateIsReadBeforeItIsWritten) {
  OwningOpRef<ModuleOp> module = parseSourceString<ModuleOp>(
      R"(
    func.func @f(%x: memref<1x4x8xf32>, %a: memref<1x1x8x4xf32>, %m: memref<1x1x4xf32>) {
      block.add ins(%x, %x : memref<1x4x8xf32>, memref<1x4x8xf32>) outs(%x : memref<1x4x8xf32>)
      block.online_attention ins(%x, %x, %x : memref<1x4x8xf32>, memref<1x4x8xf32>, memref<1x4x8xf32>)
          outs(%a, %m, %m : memref<1x1x8x4xf32>, memref<1x1x4xf32>, memref<1x1x4xf32>) heads = 1 scale = 1.0
      block.finish_attention ins(%a, %m, %m : memref<1x1x8x4xf32>, memref<1x1x4xf32>, memref<1x1x4xf32>)
          outs(%x : memref<1x4x8xf32>)
      return
    })",
      &context);
  ASSERT_TRUE(module);
  bufferization::AnalysisState state{bufferization::BufferizationOptions()};
  unsigned count = 0;
  module->walk([&](DestinationStyleOpInterface op) {
    ++count;
    bool expected = isa<block::OnlineAttentionOp>(op);
    auto bufferizable = cast<bufferization::BufferizableOpInterface>(*op);
    for (OpOperand &init : op.getDpsInitsMutable()) {
      SmallVector<MemoryEffects::EffectInstance> effects;
      cast<MemoryEffectOpInterface>(*op).getEffects(effects);
      bool reads = llvm::any_of(effects, [&](auto &effect) {
        return effect.template getEffectValue<OpOperand *>() == &init &&
               isa<MemoryEffects::Read>(effect.getEffect());
      });
      EXPECT_EQ(reads, expected);
      EXPECT_EQ(bufferizable.bufferizesToMemoryRead(init, state), expected);
    }
  });
  EXPECT_EQ(count, 3u);
}
