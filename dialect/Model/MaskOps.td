//===- MaskOps.td - Which rows take part -------------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_MASKOPS_TD
#define PERCEIVER_DIALECT_MODEL_MASKOPS_TD

include "dialect/Model/RowOp.td"

def Perceiver_ToMaskOp : Perceiver_RowOp<"to_mask"> {
  let summary = "numbers as truth values";
  let description = [{
    `y[b, m] = (x[b, m] != 0) xor inverted`: a mask as its caller has it, whose
    elements are numbers, becomes one that attention takes. NaN is not 0 and
    counts as true. With `inverted` the numbers say what is left out, as a
    padding mask does.

    Example:

    ```mlir
    func.func @f(%attention_mask: tensor<?x?xi64>, %padding: tensor<?x128xf32>)
        -> (tensor<?x?xi1>, tensor<?x128xi1>) {
      %a = perceiver.to_mask %attention_mask : tensor<?x?xi64> -> tensor<?x?xi1>
      %b = perceiver.to_mask %padding {inverted} : tensor<?x128xf32> -> tensor<?x128xi1>
      return %a, %b : tensor<?x?xi1>, tensor<?x128xi1>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, UnitAttr:$inverted);
  let assemblyFormat = "$input attr-dict `:` type($input) `->` type($result)";
}

#endif // PERCEIVER_DIALECT_MODEL_MASKOPS_TD
