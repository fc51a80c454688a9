//===- LayoutOps.td - Moving elements ----------------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What computes nothing: arrays of rows one behind the other, and dimensions in
// another order.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_LAYOUTOPS_TD
#define PERCEIVER_DIALECT_MODEL_LAYOUTOPS_TD

include "dialect/Model/RowOp.td"

def Perceiver_TransposeOp : Perceiver_RowOp<"transpose"> {
  let summary = "permute dimensions";
  let description = [{
    Dimension `i` of the result is dimension `permutation[i]` of the input, which
    has elements of any type and a rank of 8 at most. Between a
    `tensor.expand_shape` and a `tensor.collapse_shape` it says how the pixels of
    a patch become channels (space to depth) and back; alone it mixes tokens.

    Example:

    ```mlir
    func.func @f(%x: tensor<?x196x512xf32>) -> tensor<?x512x196xf32> {
      %y = perceiver.transpose %x permutation = [0, 2, 1] : tensor<?x196x512xf32> -> tensor<?x512x196xf32>
      return %y : tensor<?x512x196xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$permutation);
  let assemblyFormat = [{
    $input `permutation` `=` $permutation attr-dict
    `:` type($input) `->` type($result)
  }];
}

def Perceiver_ConcatRowsOp : Perceiver_RowOp<"concat_rows"> {
  let summary = "arrays of rows, one behind the other";
  let description = [{
    The rows of the inputs, `[N, C]` or `[B, N, C]`, one input behind the other:
    modalities that become one array (Perceiver IO, arXiv 2107.14795, section
    4.3), a class token before the rows. An input without batch is broadcast
    over it.

    Example:

    ```mlir
    func.func @f(%x: tensor<?x?x64xf32>, %y: tensor<7x64xf32>, %z: tensor<?x5x64xf32>) -> tensor<?x?x64xf32> {
      %all = perceiver.concat_rows %x, %y, %z
          : (tensor<?x?x64xf32>, tensor<7x64xf32>, tensor<?x5x64xf32>) -> tensor<?x?x64xf32>
      return %all : tensor<?x?x64xf32>
    }
    ```
  }];
  let arguments = (ins Variadic<AnyRankedTensor>:$inputs);
  let assemblyFormat = [{
    $inputs attr-dict `:` functional-type($inputs, $result)
  }];
}

#endif // PERCEIVER_DIALECT_MODEL_LAYOUTOPS_TD
