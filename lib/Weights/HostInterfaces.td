//===- HostInterfaces.td - Evaluation on the host ----------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_WEIGHTS_HOSTINTERFACES_TD
#define PERCEIVER_LIB_WEIGHTS_HOSTINTERFACES_TD

include "mlir/IR/OpBase.td"

def HostOpInterface : OpInterface<"HostOpInterface"> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    The value of an operation that prepare functions may contain, in float64.
    `PrepareEvaluator` asks for it and refuses what has none. Shapes are static
    and verified.
  }];
  let methods = [
    InterfaceMethod<"The value of the result. Fails after it has reported what "
                    "it cannot compute.",
      "::mlir::FailureOr<::mlir::perceiver::HostTensor>", "evaluate",
      (ins "const ::mlir::perceiver::HostValues &":$values)>,
  ];
}

def HostLayoutAttrInterface : AttrInterface<"HostLayoutAttrInterface"> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    How a `WeightLayoutAttrInterface` stores a weight: what `block.pack_weight`
    computes.
  }];
  let methods = [
    InterfaceMethod<"A matrix `[K, N]`, or a vector `[N]`, as it is stored, in "
                    "the shape that `getPackedShape` says.",
      "::mlir::perceiver::HostTensor", "pack",
      (ins "const ::mlir::perceiver::HostTensor &":$input)>,
  ];
}

#endif // PERCEIVER_LIB_WEIGHTS_HOSTINTERFACES_TD
