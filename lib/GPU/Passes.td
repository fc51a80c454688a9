//===- Passes.td - For a GPU -------------------------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_PASSES_TD
#define PERCEIVER_LIB_GPU_PASSES_TD

include "mlir/Pass/PassBase.td"

def GPUSelectStrategyPass
    : Pass<"perceiver-gpu-select-strategy", "::mlir::func::FuncOp"> {
  let summary = "Choose blocks of threads for operations";
  let description = [{
    Writes `perceiver.tiling` on every tileable operation that has none. Each
    operation becomes a phase of its own, its tasks blocks of threads:

    ```mlir
    %y = block.linear ins(%x, %w) ..          // 512 rows, 1024 columns
    ```

    becomes

    ```mlir
    %y = block.linear ins(%x, %w) ..
        {perceiver.tiling = #perceiver.tiling<task = [1, 64, 64], root = true>}
    ```
  }];
}

def GPUPadChannelsPass
    : Pass<"perceiver-gpu-pad-channels", "::mlir::func::FuncOp"> {
  let summary = "Widen rows of odd widths by zeros in the weights";
  let description = [{
    Rows of 261 float32 numbers begin at no multiple of 16 bytes but for every
    fourth one, so kernels read them number by number. Arrays that a model
    computes and reads itself get more channels instead, which are zeros because
    the weights behind them are: no sum changes, and kernels know nothing of it.

    ```mlir
    %x = block.concat_channels ins(%a, %b : ..) outs(%e : tensor<?x50176x261xf32>)
    %n = block.layer_norm ins(%x) ..
    %k = block.linear ins(%n, %wk : .., tensor<261x261xf32>) ..
    %o = block.attention ins(%q, %k, %v : ..) .. heads = 1 -> tensor<?x512x261xf32>
    %y = block.linear ins(%o, %wo : .., tensor<261x1024xf32>) ..
    ```

    becomes

    ```mlir
    %x = block.concat_channels ins(%a, %b : ..) outs(%e : tensor<?x50176x264xf32>)
    %n = block.layer_norm ins(%x) .. {channels = 261 : i64}
    %0 = block.pad_weight %wk groups = [1, 1] : tensor<261x261xf32> -> tensor<264x264xf32>
    %k = block.linear ins(%n, %0 : ..) ..
    %o = block.attention ins(%q, %k, %v : ..) .. heads = 1 {scale = ..} -> tensor<?x512x264xf32>
    %1 = block.pad_weight %wo groups = [1, 1] : tensor<261x1024xf32> -> tensor<264x1024xf32>
    %y = block.linear ins(%o, %1 : ..) ..
    ```

    Each head of an attention is padded apart. What an entry gets or returns
    stays as it is, as does what anything else than a concatenation, a norm, a
    linear layer or an attention writes or reads, and what padding would widen by
    more than a quarter: remarks say which.
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def GPUPackWeightsPass
    : Pass<"perceiver-gpu-pack-weights", "::mlir::func::FuncOp"> {
  let summary = "Give layers with gates weights of two planes";
  let description = [{
    A plain weight is read as it is stored, but a tile of columns of a layer with
    gates is no slice of it. In `#block.planes` it is:

    ```mlir
    %y = block.linear ins(%x, %w : .., tensor<33x64xf32>) .. {activation = #perceiver.activation<gated(gelu_erf)>}
    ```

    becomes

    ```mlir
    %p = block.pack_weight ins(%w) outs(%e : tensor<33x2x32xf32>) layout = #block.planes
    %y = block.linear ins(%x, %p) .. {activation = .., layout = #block.planes}
    ```
  }];
  let dependentDialects = ["::mlir::tensor::TensorDialect"];
}

def GPUWrapOperationsPass
    : Pass<"perceiver-gpu-wrap-operations", "::mlir::func::FuncOp"> {
  let summary = "Make phases of what stands outside of them";
  let description = [{
    A loop of one task is no loop, so that a small operation stands alone. Arrays
    are reached by kernels only, or copied as wholes, which the device does
    itself; a copy of parts is a phase, too, with a task for each slice of the
    first dimension.

    ```mlir
    block.layer_norm ins(%x : ..) outs(%y : ..)
    ```

    becomes

    ```mlir
    scf.forall (%task) in (1) {
      block.layer_norm ins(%x : ..) outs(%y : ..)
    }
    ```
  }];
  let dependentDialects = [
    "::mlir::linalg::LinalgDialect", "::mlir::memref::MemRefDialect",
    "::mlir::scf::SCFDialect"
  ];
}

def GPUVerifyPhasesPass
    : Pass<"perceiver-gpu-verify-phases", "::mlir::func::FuncOp"> {
  let summary = "Check that entries are nothing but kernels and copies";
  let description = [{
    Of an entry on memrefs, where a phase is a kernel and what is outside runs on
    the host, which has no array:

    * a phase is one operation; it allocates and copies nothing;
    * outside of phases, arrays are copied as wholes and otherwise not accessed;
    * there are no arrays of constants, which would be in memory of the host;
    * an operation overwrites what it reads only element by element, for another
      task may not have read the rest.

    ```mlir
    scf.forall (%b, %r) = (0, 0) to (%batch, 512) step (1, 8) {
      %0 = memref.subview %x[%b, %r, 0] [1, 8, 1024] [1, 1, 1] ..
      %1 = memref.subview %y[%b, %r, 0] [1, 8, 1024] [1, 1, 1] ..
      block.layer_norm ins(%0 ..) outs(%1 ..)
    }
    ```
  }];
}

def GPUVerifyLaunchesPass
    : Pass<"perceiver-gpu-verify-launches", "::mlir::func::FuncOp"> {
  let summary = "Check what entries do with their arrays";
  let description = [{
    People edit entries that launch kernels. Of those:

    * arrays are accessed by kernels and copies of the device alone, for the
      host has none;
    * a launch or copy is at a step at which the memory plan says that its
      buffers are live;
    * arrays have the types by which the kernel reaches them.

    ```mlir
    frame.launch %frame @kernels::@linear_0 count(%n) arguments(%x, %b : ..) at 2
    // error: expected a step from 3 to 5, when buffer 0 is live, but got 2
    ```
  }];
}

def GPUOutlineKernelsPass
    : Pass<"perceiver-gpu-outline-kernels", "::mlir::ModuleOp"> {
  let summary = "Turn phases into kernels, and copies into those of the device";
  let description = [{
    A phase becomes a function of the module `@kernels`, which is run once for
    each task. It gets addresses and sizes, and makes views of arrays itself.

    ```mlir
    scf.forall (%b, %r) = (0, 0) to (%n, 512) step (1, 8) {
      %0 = memref.subview %x[%b, %r, 0] [1, 8, 1024] [1, 1, 1] ..
      %1 = memref.subview %y[%b, %r, 0] [1, 8, 1024] [1, 1, 1] ..
      block.layer_norm ins(%0 ..) outs(%1 ..)
    }
    ```

    becomes

    ```mlir
    frame.launch %frame @kernels::@layer_norm_0 count(%tasks) arguments(%n, %x, %y ..) at 0

    module @kernels {
      func.func @layer_norm_0(%task: index, %n: index, %x: !llvm.ptr<1>, %y: !llvm.ptr<1>) attributes {perceiver.kernel} {
        %0 = frame.array %x(%n) : memref<?x512x1024xf32>
        ..
        block.layer_norm ins(..) outs(..)
        return
      }
    }
    ```

    perceiver-gpu-verify-phases says what it takes.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::memref::MemRefDialect", "::mlir::perceiver::frame::FrameDialect"
  ];
}

def GPUAnnotateKernelsPass
    : Pass<"perceiver-gpu-annotate-kernels", "::mlir::ModuleOp"> {
  let summary = "Write down what launches promise of kernels' parameters";
  let description = [{
    Arguments, buffers and the weights are pieces of memory apart from each
    other, so the one launch of each kernel shows which parameters overlap none
    that is written. Buffers and weights are aligned to 16 bytes.

    ```mlir
    func.func @layer_norm_0(%task: index, %n: index,
        %x: !llvm.ptr<1> {llvm.align = 16 : i64, llvm.noalias, llvm.readonly},
        %y: !llvm.ptr<1> {llvm.align = 16 : i64, llvm.noalias})
    ```

    What is readonly and noalias may be loaded past the coherent caches.
  }];
}

def GPUMergeKernelsPass
    : Pass<"perceiver-gpu-merge-kernels", "::mlir::ModuleOp"> {
  let summary = "Make one of kernels that are equal";
  let description = [{
    Layers of one shape share their kernels:

    ```mlir
    frame.launch %frame @kernels::@linear_3 ..
    frame.launch %frame @kernels::@linear_9 ..
    ```

    becomes

    ```mlir
    frame.launch %frame @kernels::@linear_2 ..
    frame.launch %frame @kernels::@linear_2 ..
    ```

    Names are numbered anew, kernels of one operation from 0 on.
  }];
}

def GPULowerKernelsPass
    : Pass<"perceiver-gpu-lower-kernels", "::mlir::ModuleOp"> {
  let summary = "Write the code of kernels, thread by thread";
  let description = [{
    Of the kernels of a module, each of which has one operation on arrays and is
    run once for each task, by a block of threads:

    ```mlir
    func.func @add(%task: index, %x: !llvm.ptr<1>, %y: !llvm.ptr<1>, %n: index) attributes {perceiver.kernel} {
      %0 = frame.array %x(%n) : memref<?x48xf32>
      ..
      block.add ins(%rows, ..) outs(..)
      return
    }
    ```

    becomes

    ```mlir
    llvm.func @add(%first: i64, %x: !llvm.ptr<1>, %y: !llvm.ptr<1>, %n: i64) attributes {nvvm.kernel, nvvm.reqntid = array<i32: 256>} {
      %block = nvvm.read.ptx.sreg.ctaid.x : i32
      ..
      scf.for %i = %thread to %elements step %c256 : i32 {
        %a = llvm.load %address : !llvm.ptr<1> -> f32
        ..
    ```

    in operations of arith, math, scf, llvm and nvvm. `perceiver.shared_bytes`
    says how much memory the threads of a block share.
  }];
  let dependentDialects = [
    "::mlir::affine::AffineDialect", "::mlir::arith::ArithDialect",
    "::mlir::LLVM::LLVMDialect", "::mlir::math::MathDialect",
    "::mlir::NVVM::NVVMDialect", "::mlir::scf::SCFDialect"
  ];
}

#endif // PERCEIVER_LIB_GPU_PASSES_TD
