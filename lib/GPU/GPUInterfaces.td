//===- GPUInterfaces.td - What a GPU knows of operations ---*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_GPU_GPUINTERFACES_TD
#define PERCEIVER_LIB_GPU_GPUINTERFACES_TD

include "mlir/IR/OpBase.td"

def GPU_StrategyOpInterface : OpInterface<"GPUStrategyOpInterface"> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    How an operation on tensors is cut for a GPU, where a phase is a kernel and a
    task a block of threads. `perceiver-gpu-select-strategy` asks for it and
    refuses what has loops to tile and no strategy.
  }];
  let methods = [
    InterfaceMethod<"The tiling for `target`; null if another operation's "
                    "tiling says how this one is cut.",
      "::mlir::perceiver::TilingAttr", "chooseTiling",
      (ins "::mlir::perceiver::CUDATargetAttr":$target)>,
  ];
}

def GPU_KernelOpInterface : OpInterface<"GPUKernelOpInterface"> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    What a block of threads does for an operation on memrefs, the task of a
    kernel. `perceiver-gpu-lower-kernels` asks for it and refuses what has none.
  }];
  let methods = [
    InterfaceMethod<[{
      Say how many threads a block has and create its code at the builder's
      insertion point, before the operation, which the caller erases. What cannot
      be lowered fails with a diagnostic.
    }], "::llvm::LogicalResult", "lower",
      (ins "::mlir::perceiver::DeviceBuilder &":$kernel)>,
  ];
}

#endif // PERCEIVER_LIB_GPU_GPUINTERFACES_TD
