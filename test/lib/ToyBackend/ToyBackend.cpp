//===- ToyBackend.cpp - The least that a back end can be ------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "test/lib/ToyBackend/ToyBackend.h"

#include "dialect/Model/PerceiverDialect.h"
#include "lib/Pipelines/Backend.h"
#include "lib/Pipelines/SharedStages.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/IR/DialectImplementation.h"
#include "mlir/Pass/Pass.h"
#include "llvm/ADT/TypeSwitch.h"

#include "test/lib/ToyBackend/ToyDialect.h.inc"
#define GET_ATTRDEF_CLASSES
#include "test/lib/ToyBackend/ToyAttrs.h.inc"

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// The target
//===----------------------------------------------------------------------===//

#include "test/lib/ToyBackend/ToyDialect.cpp.inc"
#define GET_ATTRDEF_CLASSES
#include "test/lib/ToyBackend/ToyAttrs.cpp.inc"

void toy::ToyDialect::initialize() {
  addAttributes<
#define GET_ATTRDEF_LIST
#include "test/lib/ToyBackend/ToyAttrs.cpp.inc"
      >();
}

StringRef toy::TargetAttr::getBackend() const { return "toy"; }
std::string toy::TargetAttr::getProcessor() const { return "hands"; }
std::string toy::TargetAttr::getOption() const { return "--target=toy"; }
bool toy::TargetAttr::isSameMachine(Attribute other) const {
  return other == *this;
}

//===----------------------------------------------------------------------===//
// Stages
//===----------------------------------------------------------------------===//

namespace {
struct CountFunctionsPass
    : PassWrapper<CountFunctionsPass, OperationPass<ModuleOp>> {
  MLIR_DEFINE_EXPLICIT_INTERNAL_INLINE_TYPE_ID(CountFunctionsPass)

  StringRef getArgument() const override { return "toy-count-functions"; }

  void runOnOperation() override {
    // Its stage is not shared, so there is a target.
    auto target = dyn_cast_or_null<toy::TargetAttr>(getTarget(getOperation()));
    if (!target) {
      getOperation().emitError("expected a target with fingers");
      return signalPassFailure();
    }
    int64_t count = llvm::range_size(getOperation().getOps<func::FuncOp>());
    getOperation()->setAttr(
        "toy.count",
        Builder(&getContext()).getI64IntegerAttr(count * target.getFingers()));
  }
};
} // namespace

static void buildCountPipeline(OpPassManager &pm) {
  pm.addPass(std::make_unique<CountFunctionsPass>());
}

static constexpr Stage kStages[] = {
    {"expand", "Model level to block level", StageRole::None,
     /*isShared=*/true, buildExpandPipeline, isModelLevel},
    {"count", "Count functions", StageRole::None, /*isShared=*/false,
     buildCountPipeline, nullptr},
};

//===----------------------------------------------------------------------===//
// The back end
//===----------------------------------------------------------------------===//

namespace {
class ToyBackend final : public Backend {
public:
  StringRef getName() const override { return "toy"; }
  ArrayRef<Stage> getStages() const override { return kStages; }

  /// As many fingers as the processor's name says; ten by default.
  FailureOr<TargetAttrInterface>
  makeTarget(Location loc, const TargetOptions &options) const override {
    int64_t fingers = 10;
    if (!options.cpu.empty() &&
        StringRef(options.cpu).getAsInteger(10, fingers))
      return emitError(loc) << "expected a number, but got " << options.cpu;
    return TargetAttrInterface(toy::TargetAttr::get(loc.getContext(), fingers));
  }

  std::string describeTarget(TargetAttrInterface target) const override {
    return std::to_string(cast<toy::TargetAttr>(target).getFingers()) +
           " fingers";
  }
  std::string explainTiling(Operation *, TargetAttrInterface) const override {
    return "";
  }
  LogicalResult describeArtifact(ModuleOp,
                                 ArtifactDescription &) const override {
    return success();
  }
  ArrayRef<CodeForm> getCodeForms() const override { return {}; }
  LogicalResult verifyRequest(Location, TargetAttrInterface,
                              const CodeRequest &) const override {
    return success();
  }
  FailureOr<llvm::SmallVector<char, 0>>
  generateCode(ModuleOp module, ArtifactDescription &, const CodeRequest &,
               CodeSteps &) const override {
    return module.emitError("expected nobody to ask for code");
  }
};
} // namespace

void perceiver::registerToyBackend(DialectRegistry &registry) {
  static const ToyBackend backend;
  registry.insert<toy::ToyDialect>();
  registerBackend(registry, backend);
}
