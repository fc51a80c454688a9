//===- Passes.td - How compiled code is run ----------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_EXECUTION_PASSES_TD
#define PERCEIVER_LIB_EXECUTION_PASSES_TD

include "mlir/Pass/PassBase.td"

def LowerEntriesPass : Pass<"perceiver-lower-entries", "::mlir::ModuleOp"> {
  let summary = "Give entries the runtime's frame as their only argument";
  let description = [{
    ```mlir
    func.func @run(%x: tensor<?x3xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]})
        -> (tensor<?x2xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
        attributes {perceiver.entry}
    ```

    becomes

    ```mlir
    func.func @run(%frame: !llvm.ptr) attributes {perceiver.entry, frame.entry = #frame.entry<..>} {
      %batch = frame.size %frame[0]
      %m = frame.argument %frame[0] (%batch) : memref<?x3xf32>
      %x = bufferization.to_tensor %m restrict : memref<?x3xf32> to tensor<?x3xf32>
      ..
      %o = frame.argument %frame[1] (%batch) : memref<?x2xf32>
      bufferization.materialize_in_destination %y in restrict writable %o
    ```

    An `index` argument is a size of the frame, and a result of size `points *
    16` gets its memory by that. Conditions become part of the frame's
    description.

    Functions that are no entries are removed (calls have been inlined), but for
    those that prepare weights, which stay as they are.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::bufferization::BufferizationDialect",
                           "::mlir::memref::MemRefDialect",
                           "::mlir::perceiver::frame::FrameDialect"];
}

def CopyNestedStatesPass
    : Pass<"perceiver-copy-nested-states", "::mlir::func::FuncOp"> {
  let summary = "Copy the state where many loops start from one another's";
  let description = [{
    The time of one-shot bufferization doubles with each loop that starts from
    the state of the loop around it, or from the result of the one before. Every
    few loops, a copy is put between:

    ```mlir
    scf.for .. iter_args(%s = ..) {
      scf.for .. iter_args(%t = %s) {
    ```

    becomes, where this loop is the fifth in a row,

    ```mlir
    scf.for .. iter_args(%s = ..) {
      %empty = tensor.empty() : tensor<16x32xf32>
      %copy = linalg.copy ins(%s) outs(%empty)
      scf.for .. iter_args(%t = %copy) {
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect",
                           "::mlir::tensor::TensorDialect"];
}

def BufferizeTasksPass : Pass<"perceiver-bufferize-tasks", "::mlir::ModuleOp"> {
  let summary = "One-shot bufferization with linalg copies";
  let description = [{
    `one-shot-bufferize` with copies that are `linalg.copy`: they become loops
    for any layout, where `memref.copy` would call a library.

    ```mlir
    %y = tensor.insert_slice %x into %o[0, 0] [7, 33] [1, 1]
    ```

    becomes

    ```mlir
    %s = memref.subview %o[0, 0] [7, 33] [1, 1]
    linalg.copy ins(%x) outs(%s)
    ```
  }];
  let dependentDialects = ["::mlir::bufferization::BufferizationDialect",
                           "::mlir::linalg::LinalgDialect",
                           "::mlir::memref::MemRefDialect"];
}

def ResolveWeightsPass : Pass<"perceiver-resolve-weights", "::mlir::ModuleOp"> {
  let summary = "Address weights relative to the weight file";
  let description = [{
    `block.get_weight` on memrefs becomes `frame.weight` with the
    offset and the stride that the layout of the weight file gave the
    `block.weight`.
  }];
  let dependentDialects = ["::mlir::perceiver::frame::FrameDialect"];
}

def VerifyFramesPass : Pass<"perceiver-verify-frames", "::mlir::ModuleOp"> {
  let summary = "Refuse reads of what the frame does not hold";
  let description = [{
    Goes from each entry to its tasks and compares what they read with what the
    entry says that the frame holds: sizes, arguments and buffers by number,
    type and dynamic sizes, and weights with the `block.weight` at their place.

    ```mlir
    %x = frame.argument %frame[9] (%n) : memref<?x33xf32>
    // error: expected one of the 2 arguments of the entry @run, but got number 9
    ```

    Every stage that reads operations on the frame begins with it: people edit
    what the stage before has written.
  }];
}

def PlanMemoryPass : Pass<"perceiver-plan-memory", "::mlir::func::FuncOp"> {
  let summary = "Turn allocations into buffers of the workspace";
  let description = [{
    Each `memref.alloc` of an entry becomes a `frame.buffer`. The
    entry's attribute `frame.entry` describes them: size in bytes as a
    postfix program over the dynamic sizes (see perceiver_runtime.h), first and
    last position at which the buffer is live, and whether each worker has its
    own. The runtime places them; there is no address arithmetic in the IR.

    A size that depends on more than the entry's sizes is bounded by a constant.
  }];
  let dependentDialects = ["::mlir::perceiver::frame::FrameDialect"];
}

def OutlinePhasesPass : Pass<"perceiver-outline-phases", "::mlir::ModuleOp"> {
  let summary = "Make functions of tasks and hand them to the pool";
  let description = [{
    ```mlir
    scf.forall (%b, %r) = (0, 0) to (%B, 512) step (1, 64) { .. }
    ```

    becomes

    ```mlir
    frame.run_tasks %frame @run.phase_0 count(%n) captures(..)

    func.func private @run.phase_0(%frame: !llvm.ptr, %task: index, %worker: index, ..) {
      %b, %r = from the number of the task
      ..
    ```

    What a task can compute from the frame again is not captured.
  }];
  let dependentDialects = ["::mlir::affine::AffineDialect",
                           "::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::perceiver::frame::FrameDialect"];
}

def ShareTasksPass : Pass<"perceiver-share-tasks", "::mlir::ModuleOp"> {
  let summary = "Give tasks that do the same one function";
  let description = [{
    An entry that does all and entries that do its parts have tasks that differ
    in the numbers alone by which they read the frame:

    ```mlir
    func.func private @process.phase_1(%frame: !llvm.ptr, %task: index, %worker: index) {
      %x = frame.buffer %frame[0] () : memref<512x1024xf32>
      ..
    func.func private @run.phase_4(%frame: !llvm.ptr, %task: index, %worker: index) {
      %x = frame.buffer %frame[7] () : memref<512x1024xf32>
      ..
    ```

    becomes

    ```mlir
    func.func private @process.phase_1(%frame: !llvm.ptr, %task: index, %worker: index) {
      %x = frame.buffer %frame[0] () : memref<512x1024xf32>
      call @process.phase_1.body(%task, %x) : (index, memref<512x1024xf32>) -> ()
    func.func private @run.phase_4(%frame: !llvm.ptr, %task: index, %worker: index) {
      %x = frame.buffer %frame[7] () : memref<512x1024xf32>
      call @process.phase_1.body(%task, %x) : (index, memref<512x1024xf32>) -> ()
    ```

    Where a task computes the size of a buffer, `%t = frame.buffer %frame[2] (%n)
    worker(%worker)`, the whole is read, as bytes, and `%t` is a view of it.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::memref::MemRefDialect"];
}

def ConvertFrameToLLVMPass
    : Pass<"perceiver-convert-frame-to-llvm", "::mlir::ModuleOp"> {
  let summary = "Lower the operations on the frame to the LLVM dialect";
  let description = [{
    Loads from the structures of lib/Runtime/perceiver_runtime.h, memref
    descriptors around the addresses, and for `frame.run_tasks` a call of
    the pool with a context on the stack.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect",
                           "::mlir::func::FuncDialect",
                           "::mlir::arith::ArithDialect"];
}

def AttachLoopAnnotationsPass : Pass<"perceiver-attach-loop-annotations"> {
  let summary = "Make annotations of former loops known to LLVM";
  let description = [{
    Lowering to branches leaves `llvm.loop_annotation` of an `scf.for` on the
    branch that closes the loop, as an attribute that translation ignores.

    ```mlir
    llvm.br ^bb1(%5 : i64) {llvm.loop_annotation = #annotation}
    ```

    becomes

    ```mlir
    llvm.br ^bb1(%5 : i64) {loop_annotation = #annotation}
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def LoadTruthValuesPass : Pass<"perceiver-load-truth-values"> {
  let summary = "Take any byte but 0 for true";
  let description = [{
    Masks are bytes of the caller. Each load of an `i1` becomes that of a byte
    and a comparison:

    ```mlir
    %1 = llvm.load %0 : !llvm.ptr -> i1
    ```

    becomes

    ```mlir
    %1 = llvm.load %0 : !llvm.ptr -> i8
    %2 = llvm.mlir.constant(0 : i8) : i8
    %3 = llvm.icmp "ne" %1, %2 : i8
    ```
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect"];
}

def NameEntriesPass : Pass<"perceiver-name-entries", "::mlir::ModuleOp"> {
  let summary = "Give the code of entries the names that the artefact has for it";
  let description = [{
    ```mlir
    module attributes {perceiver.model = "digits"} {
      func.func @run(%f: !llvm.ptr) attributes {perceiver.entry}
    ```

    becomes

    ```mlir
    module attributes {perceiver.model = "digits"} {
      func.func @digits__body_run(%f: !llvm.ptr) attributes {perceiver.entry}
    ```
  }];
}

def ReinterpretExpansionsPass
    : Pass<"perceiver-reinterpret-expansions", "::mlir::ModuleOp"> {
  let summary = "Say how an array lies whose dimension becomes several of any size";
  let description = [{
    ```mlir
    %y = memref.expand_shape %x [[0, 1], [2]] output_shape [%h, %w, 8]
        : memref<?x8xf32> into memref<?x?x8xf32>
    ```

    becomes

    ```mlir
    %base, %offset, %sizes:2, %strides:2 = memref.extract_strided_metadata %x
    %row = arith.muli %c8, %w : index
    %y = memref.reinterpret_cast %base to offset: [0], sizes: [%h, %w, 8], strides: [%row, 8, 1]
    ```

    Expansions with at most one dynamic size in what a dimension becomes are left
    to `expand-strided-metadata`.
  }];
  let dependentDialects = ["::mlir::arith::ArithDialect",
                           "::mlir::memref::MemRefDialect"];
}

#endif // PERCEIVER_LIB_EXECUTION_PASSES_TD
