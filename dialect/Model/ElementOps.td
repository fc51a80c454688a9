//===- ElementOps.td - Functions of elements ---------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Pieces of which gates, modulations and additions are made that no block has.
// `rows` stands for one or two leading dimensions, `[N]` or `[B, N]`.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_ELEMENTOPS_TD
#define PERCEIVER_DIALECT_MODEL_ELEMENTOPS_TD

include "dialect/Model/PerceiverAttrs.td"
include "dialect/Model/RowOp.td"

class Perceiver_CombineOp<string mnemonic> : Perceiver_RowOp<mnemonic> {
  let arguments = (ins AnyRankedTensor:$lhs, AnyRankedTensor:$rhs);
  let assemblyFormat = [{
    $lhs `,` $rhs attr-dict `:` type($lhs) `,` type($rhs) `->` type($result)
  }];
}

def Perceiver_AddOp : Perceiver_CombineOp<"add"> {
  let summary = "sum of two arrays of rows";
  let description = [{
    `y[rows, c] = a[rows, c] + b[rows, c]`: positions added to inputs (Perceiver
    IO, arXiv 2107.14795, section 4.1), a residual (He et al., arXiv 1512.03385,
    section 3.1). One operand has the shape of the result. The other may lack
    the batch, be a vector `[C]` for all rows, or one number, `[1]`.

    Example:

    ```mlir
    func.func @f(%x: tensor<?x2048x768xf32>, %p: tensor<2048x768xf32>) -> tensor<?x2048x768xf32> {
      %y = perceiver.add %x, %p
          : tensor<?x2048x768xf32>, tensor<2048x768xf32> -> tensor<?x2048x768xf32>
      return %y : tensor<?x2048x768xf32>
    }
    ```
  }];
}

def Perceiver_MultiplyOp : Perceiver_CombineOp<"multiply"> {
  let summary = "product of the elements of two arrays of rows";
  let description = [{
    `y[rows, c] = a[rows, c] * b[rows, c]`: gates, and the scale of FiLM (Perez
    et al., arXiv 1709.07871, section 2). Operands are those of `add`.

    Example:

    ```mlir
    func.func @f(%x: tensor<?x512x768xf32>, %g: tensor<768xf32>) -> tensor<?x512x768xf32> {
      %y = perceiver.multiply %x, %g
          : tensor<?x512x768xf32>, tensor<768xf32> -> tensor<?x512x768xf32>
      return %y : tensor<?x512x768xf32>
    }
    ```
  }];
}

def Perceiver_ScaleOp
    : Perceiver_RowOp<"scale", [AllTypesMatch<["input", "result"]>]> {
  let summary = "an array of rows times a number";
  let description = [{
    `y[rows, c] = factor * x[rows, c]`: embeddings times the root of their width
    (Vaswani et al., arXiv 1706.03762, section 3.4). Behind a linear layer it
    goes into the weight.

    Example:

    ```mlir
    func.func @f(%x: tensor<?x512x768xf32>) -> tensor<?x512x768xf32> {
      %y = perceiver.scale %x by 2.500000e-01 : tensor<?x512x768xf32>
      return %y : tensor<?x512x768xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, F64Attr:$factor);
  let assemblyFormat = "$input `by` $factor attr-dict `:` type($input)";
}

def Perceiver_ActivateOp : Perceiver_RowOp<"activate"> {
  let summary = "a function of each element";
  let description = [{
    `y[rows, c] = f(x[rows, c])` where `f` is a function of
    `#perceiver.activation`. With gates, `gated(f)`, the result has half as many
    channels `C`: `y[rows, c] = x[rows, c] * f(x[rows, C + c])`. What follows
    a linear layer is computed with it.

    Example:

    ```mlir
    func.func @f(%x: tensor<?x512x768xf32>) -> tensor<?x512x384xf32> {
      %y = perceiver.activate %x with gated(silu) : tensor<?x512x768xf32> -> tensor<?x512x384xf32>
      return %y : tensor<?x512x384xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input,
                       Perceiver_ActivationAttr:$activation);
  let assemblyFormat = [{
    $input `with` custom<Activation>($activation) attr-dict
    `:` type($input) `->` type($result)
  }];
}

#endif // PERCEIVER_DIALECT_MODEL_ELEMENTOPS_TD
