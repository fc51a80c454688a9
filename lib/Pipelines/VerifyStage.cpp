//===- VerifyStage.cpp - Is this what the stage takes? --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Pipelines/verify-stage.mlir,
// test/Pipelines/verify-stage-pairs.test.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "lib/Pipelines/Backend.h"
#include "lib/Pipelines/Passes.h"

#include "mlir/Dialect/Utils/StaticValueUtils.h"
#include "mlir/Interfaces/ShapedOpInterfaces.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_VERIFYSTAGEPASS
#include "lib/Pipelines/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

Location perceiver::getModulePlace(ModuleOp module) {
  auto place = dyn_cast<FileLineColLoc>(module.getLoc());
  if (!place)
    return module.getLoc();
  return FileLineColLoc::get(place.getFilename(), place.getLine(),
                             /*column=*/0);
}

/// A file that a stage has marked must be the output of the stage before.
static LogicalResult verifyMark(ModuleOp module, const Backend &backend,
                                const Stage &stage, Attribute mark) {
  ArrayRef<Stage> stages = backend.getStages();
  auto name = dyn_cast<StringAttr>(mark);
  const Stage *last = name ? findStage(backend, name) : nullptr;
  if (!last)
    return module.emitError("expected '")
           << kStageAttrName << "' to be the name of a stage, but got " << mark;
  const Stage *next = last + 1;
  if (next == &stage)
    return success();
  InFlightDiagnostic error = emitError(getModulePlace(module));
  if (&stage == stages.begin())
    error << "expected a description, but got the output of the stage '";
  else
    error << "expected the output of the stage '" << (&stage - 1)->name
          << "', but got that of the stage '";
  error << last->name << "'; ";
  if (next == stages.end())
    return error << "no stage follows it, so start from an earlier one's";
  return error << "go on with --from=" << next->name;
}

/// To ask for a dimension that is none is undefined, but valid IR: analyses of
/// sizes may take it for a fact, or fail.
static LogicalResult verifyDimensions(ModuleOp module) {
  auto result = module.walk([](ShapedDimOpInterface op) {
    auto type = cast<ShapedType>(op.getShapedValue().getType());
    std::optional<int64_t> number = getConstantIntValue(op.getDimension());
    if (!type.hasRank() || !number ||
        (*number >= 0 && *number < type.getRank()))
      return WalkResult::advance();
    op->emitOpError("expected a dimension of ")
        << type << ", but got number " << *number;
    return WalkResult::interrupt();
  });
  return failure(result.wasInterrupted());
}

LogicalResult perceiver::verifyStage(ModuleOp module, const Backend &backend,
                                     const Stage &stage) {
  if (failed(verifyDimensions(module)))
    return failure();
  if (Attribute mark = module->getAttr(kStageAttrName))
    return verifyMark(module, backend, stage, mark);
  for (const Stage &earlier : backend.getStages()) {
    if (&earlier == &stage)
      break;
    if (!earlier.isLeftover)
      continue;
    auto result = module.walk([&](Operation *op) {
      if (!earlier.isLeftover(op))
        return WalkResult::advance();
      op->emitError("expected what the stage '")
          << (&stage - 1)->name << "' leaves, but '" << op->getName()
          << "' is for the stage '" << earlier.name
          << "'; start with --from=" << earlier.name;
      return WalkResult::interrupt();
    });
    if (result.wasInterrupted())
      return failure();
  }
  return success();
}

namespace {
struct VerifyStagePass : perceiver::impl::VerifyStagePassBase<VerifyStagePass> {
  using VerifyStagePassBase::VerifyStagePassBase;

  void runOnOperation() override {
    const Backend *owner = findBackend(&getContext(), backend);
    const Stage *found = owner ? findStage(*owner, stage) : nullptr;
    if (!owner)
      getOperation().emitError("expected a back end, but got '")
          << backend << "'";
    else if (!found)
      getOperation().emitError("expected a stage, but got '") << stage << "'";
    if (!found || failed(verifyStage(getOperation(), *owner, *found)))
      signalPassFailure();
  }
};
} // namespace
