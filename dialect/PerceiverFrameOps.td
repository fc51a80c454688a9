//===- PerceiverFrameOps.td - Between code and runtime -----*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What compiled code gets from the runtime. `frame` is a pointer to a
// `perceiver_frame` (lib/Runtime/perceiver_runtime.h), the only argument of an
// entry's body.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_FRAME_OPS
#define PERCEIVER_FRAME_OPS

include "dialect/PerceiverDialect.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

/// A pointer to the frame.
def Perceiver_Frame
    : Type<CPred<"::llvm::isa<::mlir::LLVM::LLVMPointerType>($_self)">,
           "pointer to the frame", "::mlir::LLVM::LLVMPointerType">,
      BuildableType<
        "::mlir::LLVM::LLVMPointerType::get($_builder.getContext())">;

def Perceiver_FrameSizeOp : Perceiver_Op<"frame_size", [Pure]> {
  let summary = "a dynamic size of this run";
  let description = [{
    Example:

    ```mlir
    func.func @example(%frame: !llvm.ptr) -> index {
      %batch = perceiver.frame_size %frame[0]
      return %batch : index
    }
    ```
  }];
  let arguments = (ins Perceiver_Frame:$frame, I64Attr:$number);
  let results = (outs Index:$result);
  let assemblyFormat = "$frame `[` $number `]` attr-dict";
}

def Perceiver_FrameArgumentOp : Perceiver_Op<"frame_argument", [Pure]> {
  let summary = "the memory of an input or an output";
  let description = [{
    Inputs come first, then outputs. `sizes` are the dynamic dimensions.

    Example:

    ```mlir
    func.func @example(%frame: !llvm.ptr, %batch: index) -> memref<?x3x224x224xf32> {
      %x = perceiver.frame_argument %frame[0] (%batch) : memref<?x3x224x224xf32>
      return %x : memref<?x3x224x224xf32>
    }
    ```
  }];
  let arguments = (ins Perceiver_Frame:$frame, I64Attr:$number,
                       Variadic<Index>:$sizes);
  let results = (outs AnyStridedMemRef:$result);
  let assemblyFormat = [{
    $frame `[` $number `]` `(` $sizes `)` attr-dict `:` type($result)
  }];
}

def Perceiver_FrameWeightOp : Perceiver_Op<"frame_weight", [Pure]> {
  let summary = "the memory of a weight";
  let description = [{
    At `offset` bytes from the beginning of the weights; member `index mod
    count` of a family is `stride` bytes further for each member.

    Example:

    ```mlir
    func.func @example(%frame: !llvm.ptr, %i: index)
        -> (memref<16x1024x64xf32>, memref<16x1024x64xf32>) {
      %w = perceiver.frame_weight %frame at 4096 : memref<16x1024x64xf32>
      %m = perceiver.frame_weight %frame at 4096 member(%i of 6) stride 4194304
          : memref<16x1024x64xf32>
      return %w, %m : memref<16x1024x64xf32>, memref<16x1024x64xf32>
    }
    ```
  }];
  let arguments = (ins Perceiver_Frame:$frame, I64Attr:$offset,
                       Optional<Index>:$index,
                       DefaultValuedAttr<I64Attr, "1">:$count,
                       DefaultValuedAttr<I64Attr, "0">:$stride);
  let results = (outs AnyStridedMemRef:$result);
  let assemblyFormat = [{
    $frame `at` $offset (`member` `(` $index^ `of` $count `)` `stride` $stride)?
    attr-dict `:` type($result)
  }];
}

def Perceiver_FrameBufferOp
    : Perceiver_Op<"frame_buffer", [AttrSizedOperandSegments, Pure]> {
  let summary = "a buffer of the workspace";
  let description = [{
    Buffer `number` of the entry's memory plan; with `worker`, that worker's
    own. The runtime places the buffers before a run.

    Example:

    ```mlir
    func.func @example(%frame: !llvm.ptr, %batch: index, %w: index)
        -> (memref<?x512x1024xf32>, memref<256x64xf32>) {
      %b = perceiver.frame_buffer %frame[2] (%batch) : memref<?x512x1024xf32>
      %s = perceiver.frame_buffer %frame[3] () worker(%w) : memref<256x64xf32>
      return %b, %s : memref<?x512x1024xf32>, memref<256x64xf32>
    }
    ```
  }];
  let arguments = (ins Perceiver_Frame:$frame, I64Attr:$number,
                       Variadic<Index>:$sizes, Optional<Index>:$worker);
  let results = (outs AnyStridedMemRef:$result);
  let assemblyFormat = [{
    $frame `[` $number `]` `(` $sizes `)` (`worker` `(` $worker^ `)`)?
    attr-dict `:` type($result)
  }];
}

def Perceiver_WorkerOp : Perceiver_Op<"worker", [Pure]> {
  let summary = "number of the worker that runs this task";
  let description = [{
    Inside the tasks of a phase, before they are outlined.

    Example:

    ```mlir
    func.func @example() -> index {
      %w = perceiver.worker
      return %w : index
    }
    ```
  }];
  let results = (outs Index:$result);
  let assemblyFormat = "attr-dict";
}

def Perceiver_RunTasksOp
    : Perceiver_Op<"run_tasks",
        [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "run the tasks of a phase and wait for them";
  let description = [{
    Calls `callee(frame, task, worker, captures...)` for each task in
    `[0, count)`, in any order and on any worker of the pool, and returns when
    all are done.

    Example:

    ```mlir
    func.func private @run_phase_0(!llvm.ptr, index, index, index)

    func.func @example(%frame: !llvm.ptr, %n: index, %i: index) {
      perceiver.run_tasks %frame @run_phase_0 count(%n) captures(%i : index)
      return
    }
    ```
  }];
  let arguments = (ins Perceiver_Frame:$frame, FlatSymbolRefAttr:$callee,
                       Index:$count, Variadic<AnyType>:$captures);
  let assemblyFormat = [{
    $frame $callee `count` `(` $count `)`
    (`captures` `(` $captures^ `:` type($captures) `)`)? attr-dict
  }];
}

#endif // PERCEIVER_FRAME_OPS
