//===- CPUInterfaces.td - What the CPU knows of operations -*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CPU_CPUINTERFACES_TD
#define PERCEIVER_LIB_CPU_CPUINTERFACES_TD

include "mlir/IR/OpBase.td"

def CPU_KernelOpInterface : OpInterface<"CPUKernelOpInterface"> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    The vector code of an operation on memrefs. `perceiver-lower-kernels` asks
    for it and refuses what has none.
  }];
  let methods = [
    InterfaceMethod<[{
      Replace the operation by loops over vectors, at the rewriter's insertion
      point. What it cannot lower fails with `notifyMatchFailure` and a reason
      that users read.
    }], "::llvm::LogicalResult", "lower",
      (ins "::mlir::RewriterBase &":$rewriter,
           "const ::mlir::perceiver::VectorTarget &":$target)>,
    InterfaceMethod<[{
      Whether an array of float32 is read one element at a time. All others are
      loaded and stored as vectors of their last dimension.
    }], "bool", "readsByElement", (ins "::mlir::OpOperand &":$operand), "",
      /*defaultImplementation=*/[{ return false; }]>,
    InterfaceMethod<"Whether an array may be of this type, which is not float32, "
                    "unlike all others.",
      "bool", "takesFloat",
      (ins "::mlir::OpOperand &":$operand, "::mlir::FloatType":$type), "",
      /*defaultImplementation=*/[{ return false; }]>,
  ];
}

def CPU_StrategyOpInterface : OpInterface<"CPUStrategyOpInterface"> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    How the CPU's cost model cuts an operation on tensors.
    `perceiver-select-strategy` asks for it and refuses what has loops to tile
    and no strategy.
  }];
  let methods = [
    InterfaceMethod<"The tiling and its reason; nothing if another operation's "
                    "tiling says how this one is cut.",
      "::std::optional<::mlir::perceiver::Strategy>", "chooseStrategy",
      (ins "const ::mlir::perceiver::TileTarget &":$target)>,
  ];
}

#endif // PERCEIVER_LIB_CPU_CPUINTERFACES_TD
