//===- FrameOps.td - Between code and runtime --------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What compiled code gets from the runtime. `frame` is a pointer to a
// `perceiver_frame` (lib/Runtime/perceiver_runtime.h), the only argument of an
// entry's body; kernels for a device have none. Memory is contiguous. Whether the entry has what is read is
// checked by perceiver-verify-frames, as tasks do not know their entry.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_FRAME_FRAMEOPS_TD
#define PERCEIVER_DIALECT_FRAME_FRAMEOPS_TD

include "dialect/Frame/FrameDialect.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"

/// A pointer to the frame.
def Frame_Frame
    : Type<CPred<"::llvm::isa<::mlir::LLVM::LLVMPointerType>($_self)">,
           "pointer to the frame", "::mlir::LLVM::LLVMPointerType">,
      BuildableType<
        "::mlir::LLVM::LLVMPointerType::get($_builder.getContext())">;

/// Memory of a device, which only its kernels can reach.
def Frame_DeviceMemory
    : Type<And<[CPred<"::llvm::isa<::mlir::LLVM::LLVMPointerType>($_self)">,
                CPred<"::llvm::cast<::mlir::LLVM::LLVMPointerType>($_self)"
                      ".getAddressSpace() == 1">]>,
           "pointer to memory of a device", "::mlir::LLVM::LLVMPointerType">,
      BuildableType<
        "::mlir::LLVM::LLVMPointerType::get($_builder.getContext(), 1)">;

def Frame_SizeOp : Frame_Op<"size", [Pure]> {
  let summary = "a dynamic size of this run";
  let description = [{
    Example:

    ```mlir
    func.func @example(%frame: !llvm.ptr) -> index {
      %batch = frame.size %frame[0]
      return %batch : index
    }
    ```
  }];
  let arguments = (ins Frame_Frame:$frame, I64Attr:$number);
  let results = (outs Index:$result);
  let assemblyFormat = "$frame `[` $number `]` attr-dict";
  let hasVerifier = 1;
}

def Frame_ArgumentOp : Frame_Op<"argument", [Pure]> {
  let summary = "the memory of an input or an output";
  let description = [{
    Inputs come first, then outputs. `sizes` are the dynamic dimensions.

    Example:

    ```mlir
    func.func @example(%frame: !llvm.ptr, %batch: index) -> memref<?x3x224x224xf32> {
      %x = frame.argument %frame[0] (%batch) : memref<?x3x224x224xf32>
      return %x : memref<?x3x224x224xf32>
    }
    ```
  }];
  let arguments = (ins Frame_Frame:$frame, I64Attr:$number,
                       Variadic<Index>:$sizes);
  let results = (outs AnyStridedMemRef:$result);
  let assemblyFormat = [{
    $frame `[` $number `]` `(` $sizes `)` attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}

def Frame_WeightOp : Frame_Op<"weight", [Pure]> {
  let summary = "the memory of a weight";
  let description = [{
    At `offset` bytes from the beginning of the weights; member `index mod
    count` of a family is `stride` bytes further for each member.

    Example:

    ```mlir
    func.func @example(%frame: !llvm.ptr, %i: index)
        -> (memref<16x1024x64xf32>, memref<16x1024x64xf32>) {
      %w = frame.weight %frame at 4096 : memref<16x1024x64xf32>
      %m = frame.weight %frame at 4096 member(%i of 6) stride 4194304
          : memref<16x1024x64xf32>
      return %w, %m : memref<16x1024x64xf32>, memref<16x1024x64xf32>
    }
    ```
  }];
  let arguments = (ins Frame_Frame:$frame, I64Attr:$offset,
                       Optional<Index>:$index,
                       DefaultValuedAttr<I64Attr, "1">:$count,
                       DefaultValuedAttr<I64Attr, "0">:$stride);
  let results = (outs AnyStridedMemRef:$result);
  let assemblyFormat = [{
    $frame `at` $offset (`member` `(` $index^ `of` $count `)` `stride` $stride)?
    attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}

def Frame_BufferOp
    : Frame_Op<"buffer", [AttrSizedOperandSegments, Pure]> {
  let summary = "a buffer of the workspace";
  let description = [{
    Buffer `number` of the entry's memory plan; with `worker`, that worker's
    own. The runtime places the buffers before a run.

    Example:

    ```mlir
    func.func @example(%frame: !llvm.ptr, %batch: index, %w: index)
        -> (memref<?x512x1024xf32>, memref<256x64xf32>) {
      %b = frame.buffer %frame[2] (%batch) : memref<?x512x1024xf32>
      %s = frame.buffer %frame[3] () worker(%w) : memref<256x64xf32>
      return %b, %s : memref<?x512x1024xf32>, memref<256x64xf32>
    }
    ```
  }];
  let arguments = (ins Frame_Frame:$frame, I64Attr:$number,
                       Variadic<Index>:$sizes, Optional<Index>:$worker);
  let results = (outs AnyStridedMemRef:$result);
  let assemblyFormat = [{
    $frame `[` $number `]` `(` $sizes `)` (`worker` `(` $worker^ `)`)?
    attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}

def Frame_WorkerOp : Frame_Op<"worker", [Pure]> {
  let summary = "number of the worker that runs this task";
  let description = [{
    Inside the tasks of a phase, before they are outlined.

    Example:

    ```mlir
    func.func @example() -> index {
      %w = frame.worker
      return %w : index
    }
    ```
  }];
  let results = (outs Index:$result);
  let assemblyFormat = "attr-dict";
  let lacks = Frame_Lacks # [
    "fuzz: is gone at the end of the stage that makes it"
  ];
}

def Frame_RunTasksOp
    : Frame_Op<"run_tasks",
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
      frame.run_tasks %frame @run_phase_0 count(%n) captures(%i : index)
      return
    }
    ```
  }];
  let arguments = (ins Frame_Frame:$frame, FlatSymbolRefAttr:$callee,
                       Index:$count, Variadic<AnyType>:$captures);
  let assemblyFormat = [{
    $frame $callee `count` `(` $count `)`
    (`captures` `(` $captures^ `:` type($captures) `)`)? attr-dict
  }];
  let lacks = Frame_Lacks # [
    "MemoryEffectOpInterface: has all the effects that its tasks may have"
  ];
}

def Frame_ArrayOp : Frame_Op<"array", [Pure]> {
  let summary = "an array in the memory that a kernel got";
  let description = [{
    A kernel for a device gets addresses and sizes; `sizes` are the dynamic
    dimensions of the array.

    Example:

    ```mlir
    func.func @example(%memory: !llvm.ptr<1>, %batch: index) -> memref<?x512x1024xf32> {
      %x = frame.array %memory(%batch) : memref<?x512x1024xf32>
      return %x : memref<?x512x1024xf32>
    }
    ```
  }];
  let arguments = (ins Frame_DeviceMemory:$memory, Variadic<Index>:$sizes);
  let results = (outs AnyStridedMemRef:$result);
  let assemblyFormat = [{
    $memory `` `(` $sizes `)` attr-dict `:` type($result)
  }];
  let hasVerifier = 1;
}

def Frame_LaunchOp
    : Frame_Op<"launch",
        [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "run a kernel on the device";
  let description = [{
    Starts `count` blocks of the kernel `callee(task, arguments...)`, a function
    of a module inside this one, and does not wait: launches and copies of one
    run happen in order. An array is passed as its address. `position` is the
    step of the entry (`frame.buffer` says which buffers are live then).

    Example:

    ```mlir
    module @kernels {
      func.func @scale(%task: index, %x: !llvm.ptr<1>, %n: index) {
        return
      }
    }

    func.func @example(%frame: !llvm.ptr, %n: index) {
      %x = frame.argument %frame[0] (%n) : memref<?x33xf32>
      frame.launch %frame @kernels::@scale count(%n) arguments(%x, %n : memref<?x33xf32>, index) at 7
      return
    }
    ```
  }];
  let arguments = (ins Frame_Frame:$frame, SymbolRefAttr:$callee, Index:$count,
                       Variadic<AnyType>:$arguments,
                       DefaultValuedAttr<I64Attr, "0">:$position);
  let assemblyFormat = [{
    $frame $callee `count` `(` $count `)`
    (`arguments` `(` $arguments^ `:` type($arguments) `)`)? `at` $position
    attr-dict
  }];
  let lacks = Frame_Lacks # [
    "MemoryEffectOpInterface: has all the effects that its kernel may have"
  ];
}

def Frame_CopyOp
    : Frame_Op<"copy", [MemoryEffects<[MemRead, MemWrite]>,
                        TypesMatchWith<"both arrays have one type", "source",
                                       "destination", "$_self">]> {
  let summary = "copy an array on the device";
  let description = [{
    Copies all of `source`, which lies in memory without gaps, in order with the
    launches around it.

    Example:

    ```mlir
    func.func @example(%frame: !llvm.ptr, %n: index) {
      %x = frame.argument %frame[0] (%n) : memref<?x33xf32>
      %y = frame.argument %frame[1] (%n) : memref<?x33xf32>
      frame.copy %frame %x to %y at 3 : memref<?x33xf32>
      return
    }
    ```
  }];
  let arguments = (ins Frame_Frame:$frame, AnyStridedMemRef:$source,
                       AnyStridedMemRef:$destination,
                       DefaultValuedAttr<I64Attr, "0">:$position);
  let assemblyFormat = [{
    $frame $source `to` $destination `at` $position attr-dict
    `:` type($source)
  }];
  let hasVerifier = 1;
}

#endif // PERCEIVER_DIALECT_FRAME_FRAMEOPS_TD
