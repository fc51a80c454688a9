//===- Passes.td - What begins and ends a stage ------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_PIPELINES_PASSES
#define PERCEIVER_PIPELINES_PASSES

include "mlir/Pass/PassBase.td"

def VerifyStage : Pass<"perceiver-verify-stage", "::mlir::ModuleOp"> {
  let summary = "Refuse what is not the input of a stage";
  let description = [{
    The first pass of each stage. A module that a stage has marked must be the
    output of the stage before this one; a module that is not marked, written by
    hand, must have nothing left that an earlier stage would have replaced:
    operations of the model level, attention without its state, parameters read
    by the model, tilings, entries without a frame, entries without a memory
    plan. The error says with which stage to go on.
  }];
  let options = [Option<"stage", "stage", "std::string", "", "the stage">];
}

def MarkStage : Pass<"perceiver-mark-stage", "::mlir::ModuleOp"> {
  let summary = "Write down which stage ran last";
  let description = [{
    The last pass of each stage:

    ```mlir
    module attributes {perceiver.stage = "strategy"} {
    ```

    Who runs the passes of a stage one by one ends with this one, so that the
    next stage takes what they made.
  }];
  let options = [Option<"stage", "stage", "std::string", "", "the stage">];
}

#endif // PERCEIVER_PIPELINES_PASSES
