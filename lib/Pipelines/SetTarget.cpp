//===- SetTarget.cpp - Write down what the code is for --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   module attributes {perceiver.target = #perceiver.cpu_target<..>} {
//
// Test: test/Pipelines/set-target.mlir.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "lib/Pipelines/Backend.h"
#include "lib/Pipelines/Passes.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_SETTARGETPASS
#include "lib/Pipelines/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

/// The last stage whose output is the same for every target.
static StringRef getLastShared(const Backend &backend) {
  StringRef name;
  for (const Stage &stage : backend.getStages())
    if (stage.isShared)
      name = stage.name;
  return name;
}

FailureOr<TargetAttrInterface>
perceiver::resolveTarget(ModuleOp module, const Backend &backend,
                         const TargetOptions &options) {
  auto target = module->getAttrOfType<TargetAttrInterface>(kTargetAttrName);
  if (!target)
    return backend.makeTarget(UnknownLoc::get(module.getContext()), options);
  std::string option = target.getOption(), given = target.getProcessor();
  if (target.getBackend() != backend.getName()) {
    given = target.getBackend().str();
    option = "--target=" + given;
  } else {
    if (options.triple.empty() && options.cpu.empty() &&
        options.features.empty() && options.architectures.empty() &&
        options.tasks == 0)
      return target;
    FailureOr<TargetAttrInterface> wanted =
        backend.makeTarget(UnknownLoc::get(module.getContext()), options);
    if (failed(wanted))
      return failure();
    // A number of tasks that is asked for has to be the one that was obeyed.
    if (target.isSameMachine(*wanted) &&
        (options.tasks == 0 || target == *wanted))
      return target;
  }
  InFlightDiagnostic error = emitError(getModulePlace(module))
                             << "was made for " << given << "; go on with "
                             << option;
  if (StringRef shared = getLastShared(backend); !shared.empty())
    error << ", or from the output of the stage '" << shared << "'";
  return error;
}

namespace {
struct SetTargetPass : perceiver::impl::SetTargetPassBase<SetTargetPass> {
  using SetTargetPassBase::SetTargetPassBase;

  void runOnOperation() override {
    ModuleOp module = getOperation();
    const Backend *found = findBackend(&getContext(), backend);
    if (!found) {
      emitError(getModulePlace(module))
          << "expected a back end, but got '" << backend << "'";
      return signalPassFailure();
    }
    TargetOptions options;
    options.triple = triple;
    options.cpu = cpu;
    options.tuneCpu = tune;
    options.features = features;
    options.architectures = architectures;
    options.tasks = taskCount;
    FailureOr<TargetAttrInterface> target =
        resolveTarget(module, *found, options);
    if (failed(target))
      return signalPassFailure();
    module->setAttr(kTargetAttrName, *target);
  }
};
} // namespace
