//===- Probe.cpp - A pass and a dialect from outside ----------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// `probe-blocks` averages what each block of a model computes, and watches it:
//
//   %s = perceiver.self_block %x heads = 4 ..
//   %m = perceiver.mean_pool %s : tensor<?x16x32xf32> -> tensor<?x32xf32>
//   "probe.watch"(%m) {heads = 4 : i64} : (tensor<?x32xf32>) -> ()
//
//===----------------------------------------------------------------------===//

#include "dialect/Model/AttentionBlockInterface.h"
#include "dialect/Model/RowOps.h"

#include "mlir/IR/Builders.h"
#include "mlir/IR/Dialect.h"
#include "mlir/IR/OpDefinition.h"
#include "mlir/Interfaces/FunctionInterfaces.h"
#include "mlir/Pass/Pass.h"
#include "mlir/Tools/Plugins/DialectPlugin.h"
#include "mlir/Tools/Plugins/PassPlugin.h"

using namespace mlir;

namespace probe {
class WatchOp : public Op<WatchOp, OpTrait::OneOperand, OpTrait::ZeroResults,
                          OpTrait::ZeroRegions, OpTrait::ZeroSuccessors> {
public:
  using Op::Op;
  static StringRef getOperationName() { return "probe.watch"; }
  static ArrayRef<StringRef> getAttributeNames() { return {}; }
};

class ProbeDialect : public Dialect {
public:
  explicit ProbeDialect(MLIRContext *context)
      : Dialect(getDialectNamespace(), context, TypeID::get<ProbeDialect>()) {
    addOperations<WatchOp>();
  }
  static StringRef getDialectNamespace() { return "probe"; }
};

class ProbeBlocksPass : public PassWrapper<ProbeBlocksPass, OperationPass<>> {
public:
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(ProbeBlocksPass)

  StringRef getArgument() const override { return "probe-blocks"; }
  StringRef getDescription() const override {
    return "watch what blocks compute";
  }

  void getDependentDialects(DialectRegistry &registry) const override {
    registry.insert<ProbeDialect>();
  }

  void runOnOperation() override {
    getOperation()->walk([](perceiver::AttentionBlockOpInterface block) {
      OpBuilder builder(block->getContext());
      builder.setInsertionPointAfter(block);
      auto type = cast<RankedTensorType>(block.getResult().getType());
      auto mean = perceiver::MeanPoolOp::create(
          builder, block.getLoc(),
          RankedTensorType::get({type.getDimSize(0), type.getDimSize(2)},
                                type.getElementType()),
          block.getResult());
      OperationState watch(block.getLoc(), WatchOp::getOperationName());
      watch.addOperands(mean.getResult());
      watch.addAttribute("heads", builder.getI64IntegerAttr(block.getHeads()));
      builder.create(watch);
    });
  }
};
} // namespace probe

extern "C" PassPluginLibraryInfo mlirGetPassPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "Probe", "1",
          []() { PassRegistration<probe::ProbeBlocksPass>(); }};
}

extern "C" DialectPluginLibraryInfo mlirGetDialectPluginInfo() {
  return {MLIR_PLUGIN_API_VERSION, "Probe", "1", [](DialectRegistry *registry) {
            registry->insert<probe::ProbeDialect>();
          }};
}
