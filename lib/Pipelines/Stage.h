//===- Stage.h - One step of a back end's order -----------------*- C++ -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_PIPELINES_STAGE_H
#define PERCEIVER_LIB_PIPELINES_STAGE_H

#include "mlir/IR/BuiltinOps.h"
#include "mlir/Pass/PassManager.h"

namespace mlir::perceiver {

class Backend;

/// What is true of a module when a stage has run; the driver acts on it.
enum class StageRole {
  /// Nothing that the driver waits for.
  None,
  /// What depends on parameters alone stands in functions of its own, with the
  /// place that each result has in the weights file.
  Prepared,
  /// Tasks that run at the same time are grouped in phases.
  Phased,
  /// Entries have their signature and their memory plan.
  Planned,
};

/// A stage is data: a name by which people stop after it and enter it, and what
/// it adds to a pass manager. Back ends list theirs in order (Backend.h).
struct Stage {
  const char *name;
  const char *description;
  StageRole role;
  /// Shared stages come first and are the same for every target; the others may
  /// ask for the target (TargetAttrs.h).
  bool isShared;
  void (*build)(OpPassManager &pm);
  /// Whether `op` is something that only this stage replaces or completes: IR
  /// that is written by hand and has it cannot enter later. Null: nothing is.
  bool (*isLeftover)(Operation *op);
};

/// Add a stage of `backend` with what checks its input and marks its output.
void buildStage(const Backend &backend, const Stage &stage, OpPassManager &pm);

/// Fails with a diagnostic that says where to go on if `module` is not what
/// `stage` of `backend` takes: the output of the stage before it, as
/// kStageAttrName says, or IR written by hand that has nothing that an earlier
/// stage would have replaced.
LogicalResult verifyStage(ModuleOp module, const Backend &backend,
                          const Stage &stage);

/// Where to report what is wrong with a module as a whole: its line without a
/// column, as with one the line is quoted, and this one may have a log of
/// pages.
Location getModulePlace(ModuleOp module);

} // namespace mlir::perceiver

#endif // PERCEIVER_LIB_PIPELINES_STAGE_H
