//===- FlopsInterface.td - The FLOPs of operations ---------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_ANALYSIS_FLOPSINTERFACE_TD
#define PERCEIVER_LIB_ANALYSIS_FLOPSINTERFACE_TD

include "mlir/IR/OpBase.td"

def FlopsOpInterface : OpInterface<"FlopsOpInterface"> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    The FLOPs of an operation that multiplies matrices: two for each
    multiplication and addition. Operations that do not have the trait
    `NoMatrixProduct`; of one that has neither, the work is not known.
  }];
  let methods = [
    InterfaceMethod<"The FLOPs of one execution, as a function of the sizes of "
                    "the entry.", "::mlir::perceiver::SizeExpr", "getFlops",
      (ins "const ::mlir::perceiver::EntrySizes &":$sizes)>,
  ];
}

#endif // PERCEIVER_LIB_ANALYSIS_FLOPSINTERFACE_TD
