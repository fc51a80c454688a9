//===- ConversionInterfaces.td - Sizes and expansion -------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_LIB_CONVERSION_CONVERSIONINTERFACES_TD
#define PERCEIVER_LIB_CONVERSION_CONVERSIONINTERFACES_TD

include "mlir/IR/OpBase.td"

def SizedOpInterface : OpInterface<"SizedOpInterface"> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    What an operation of a description asks of the sizes of its operands, and
    the sizes of its results. `perceiver-verify-description` goes through the
    operations of a function in order; one of the model level that has no such
    interface may only have results of static shape.
  }];
  let methods = [
    InterfaceMethod<"Set the sizes of the results. Fails after it has reported "
                    "sizes that are not known to be equal.",
      "::llvm::LogicalResult", "inferSizes",
      (ins "::mlir::perceiver::SizeInference &":$sizes)>,
  ];
}

def ExpandableOpInterface : OpInterface<"ExpandableOpInterface"> {
  let cppNamespace = "::mlir::perceiver";
  let description = [{
    The blocks that an operation of the model level stands for.
    `perceiver-expand-blocks` refuses an operation of that level that has no such
    interface.
  }];
  let methods = [
    InterfaceMethod<"Replace the operation. The expander builds in front of it. "
                    "Nothing is refused here that a description may hold.",
      "::llvm::LogicalResult", "expandToBlocks",
      (ins "::mlir::perceiver::BlockExpander &":$expander)>,
  ];
}

#endif // PERCEIVER_LIB_CONVERSION_CONVERSIONINTERFACES_TD
