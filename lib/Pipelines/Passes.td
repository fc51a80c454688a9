//===- Passes.td - What begins and ends a stage ------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_PIPELINES_PASSES_TD
#define PERCEIVER_LIB_PIPELINES_PASSES_TD

include "mlir/Pass/PassBase.td"

def VerifyStagePass : Pass<"perceiver-verify-stage", "::mlir::ModuleOp"> {
  let summary = "Refuse what is not the input of a stage";
  let description = [{
    The first pass of each stage. A module that a stage has marked must be the
    output of the stage before this one; a module that is not marked, written by
    hand, must have nothing left that an earlier stage would have replaced:
    operations of the model level, attention without its state, parameters read
    by the model, tilings, entries without a frame, entries without a memory
    plan, blocks without code. The error says with which stage to go on.
  }];
  // It carries the back ends.
  let dependentDialects = ["::mlir::perceiver::PerceiverDialect"];
  let options = [
    Option<"backend", "backend", "std::string", "",
           "whose stage; the first if it is empty">,
    Option<"stage", "stage", "std::string", "", "the stage">
  ];
}

def MarkStagePass : Pass<"perceiver-mark-stage", "::mlir::ModuleOp"> {
  let summary = "Write down which stage ran last";
  let description = [{
    The last pass of each stage:

    ```mlir
    module attributes {perceiver.stage = "mine"} {
    ```

    Who runs the passes of a stage one by one ends with this one, so that the
    next stage takes what they made.
  }];
  let options = [Option<"stage", "stage", "std::string", "", "the stage">];
}

def SetTargetPass : Pass<"perceiver-set-target", "::mlir::ModuleOp"> {
  let summary = "Write down what the code is for";
  let description = [{
    What the passes from the stage `strategy` on have to know of the target:

    ```mlir
    module attributes {perceiver.target = #perceiver.cpu_target<
        triple = "x86_64-unknown-linux-gnu", cpu = "x86-64-v3", lanes = 8, ..>} {
    ```

    Without a name it is the machine that the compiler runs on. A module that
    has a target keeps it; one that was made for another is refused.
  }];
  // It carries the back ends.
  let dependentDialects = ["::mlir::perceiver::PerceiverDialect"];
  let options = [
    Option<"backend", "backend", "std::string", "",
           "as --target; the first back end if it is empty">,
    Option<"triple", "triple", "std::string", "", "as --target-triple">,
    Option<"cpu", "cpu", "std::string", "", "as --target-cpu">,
    Option<"tune", "tune", "std::string", "",
           "the processor whose timing counts, if that is another">,
    Option<"features", "features", "std::string", "",
           "to add or remove, as LLVM writes them: +avx512vnni,-fma">,
    Option<"architectures", "architectures", "std::string", "",
           "as --cuda-arch">,
    Option<"taskCount", "tasks", "int64_t", "0", "as --tasks">
  ];
}

def SetModelPass : Pass<"perceiver-set-model", "::mlir::ModuleOp"> {
  let summary = "Write down what the model is called";
  let description = [{
    The name from which those of the C functions are made:

    ```mlir
    module attributes {perceiver.model = "digits"} {
    ```
  }];
  let options = [Option<"name", "name", "std::string", "", "the name">];
}

#endif // PERCEIVER_LIB_PIPELINES_PASSES_TD
