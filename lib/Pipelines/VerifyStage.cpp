//===- VerifyStage.cpp - Is this what the stage takes? --------------------===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Tests: test/Pipelines/verify-stage.mlir, verify-stage-pairs.test.
//
//===----------------------------------------------------------------------===//

#include "dialect/AttributeNames.h"
#include "dialect/Block/AttentionOps.h"
#include "dialect/Model/ParameterOps.h"
#include "dialect/Model/PerceiverDialect.h"
#include "lib/Execution/Passes.h"
#include "lib/Pipelines/Passes.h"
#include "lib/Pipelines/Pipelines.h"

#include "mlir/Dialect/Func/IR/FuncOps.h"

namespace mlir::perceiver {
#define GEN_PASS_DEF_VERIFYSTAGE
#include "lib/Pipelines/Passes.h.inc"
} // namespace mlir::perceiver

using namespace mlir;
using namespace mlir::perceiver;

//===----------------------------------------------------------------------===//
// Files that a stage has marked
//===----------------------------------------------------------------------===//

/// The module's line, without a column: with one, the line is quoted, and this
/// one may have a log of pages.
static Location getPlace(ModuleOp module) {
  auto place = dyn_cast<FileLineColLoc>(module.getLoc());
  if (!place)
    return module.getLoc();
  return FileLineColLoc::get(place.getFilename(), place.getLine(),
                             /*column=*/0);
}

static LogicalResult verifyMark(ModuleOp module, const Stage &stage,
                                Attribute mark) {
  auto name = dyn_cast<StringAttr>(mark);
  const Stage *last = name ? findStage(name) : nullptr;
  if (!last)
    return module.emitError("expected '")
           << kStageAttrName << "' to be the name of a stage, but got " << mark;
  const Stage *next = last + 1;
  if (next == &stage)
    return success();
  InFlightDiagnostic error = emitError(getPlace(module));
  if (&stage == getStages().begin())
    error << "expected a description, but got the output of the stage '";
  else
    error << "expected the output of the stage '" << (&stage - 1)->name
          << "', but got that of the stage '";
  error << last->name << "'; ";
  if (next == getStages().end())
    return error << "no stage follows it, so start from an earlier one's";
  return error << "go on with --from=" << next->name;
}

//===----------------------------------------------------------------------===//
// Files that are written by hand
//===----------------------------------------------------------------------===//

/// Operations of the model level, but for parameters and their reads: the
/// functions that compute weights keep them.
static bool isModelLevel(Operation *op) {
  return isa_and_nonnull<PerceiverDialect>(op->getDialect()) &&
         !isa<ParameterOp, GetParameterOp>(op);
}

static bool readsParameter(Operation *op) {
  auto function = op->getParentOfType<func::FuncOp>();
  return isa<GetParameterOp>(op) && function &&
         !function->hasAttr(kPrepareAttrName);
}

static bool isEntryWithout(Operation *op, StringRef attribute) {
  return isa<func::FuncOp>(op) && op->hasAttr(kEntryAttrName) &&
         !op->hasAttr(attribute);
}

namespace {
/// What only the stage `stage` removes, or completes.
struct Leftover {
  const char *stage;
  bool (*isLeft)(Operation *op);
};
} // namespace

static constexpr Leftover kLeftovers[] = {
    {"expand", isModelLevel},
    {"strategy", [](Operation *op) { return isa<block::AttentionOp>(op); }},
    {"prepare", readsParameter},
    {"tile", [](Operation *op) { return op->hasAttr(kTilingAttrName); }},
    {"bufferize",
     [](Operation *op) { return isEntryWithout(op, kSignatureAttrName); }},
    {"vectorize",
     [](Operation *op) { return isEntryWithout(op, kBuffersAttrName); }},
};

LogicalResult perceiver::verifyStage(ModuleOp module, const Stage &stage) {
  if (Attribute mark = module->getAttr(kStageAttrName))
    return verifyMark(module, stage, mark);
  for (const Leftover &leftover : kLeftovers) {
    if (findStage(leftover.stage) >= &stage)
      break;
    auto result = module.walk([&](Operation *op) {
      if (!leftover.isLeft(op))
        return WalkResult::advance();
      op->emitError("expected what the stage '")
          << (&stage - 1)->name << "' leaves, but '" << op->getName()
          << "' is for the stage '" << leftover.stage
          << "'; start with --from=" << leftover.stage;
      return WalkResult::interrupt();
    });
    if (result.wasInterrupted())
      return failure();
  }
  return success();
}

namespace {
struct VerifyStagePass : perceiver::impl::VerifyStageBase<VerifyStagePass> {
  using VerifyStageBase::VerifyStageBase;

  void runOnOperation() override {
    const Stage *found = findStage(stage);
    if (!found) {
      getOperation().emitError("expected a stage, but got '") << stage << "'";
      return signalPassFailure();
    }
    if (failed(verifyStage(getOperation(), *found)))
      signalPassFailure();
  }
};
} // namespace
