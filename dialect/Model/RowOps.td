//===- RowOps.td - Pooling and the layers of a head --------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What stands outside of the blocks of a model: pooling, normalisations and
// linear layers of their own. `rows` stands for one or two leading dimensions,
// `[N]` or `[B, N]`.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_ROWOPS_TD
#define PERCEIVER_DIALECT_MODEL_ROWOPS_TD

include "dialect/Model/PerceiverAttrs.td"
include "dialect/Model/RowOp.td"
include "mlir/IR/SymbolInterfaces.td"

def Perceiver_MeanPoolOp : Perceiver_RowOp<"mean_pool"> {
  let summary = "average over the latents";
  let description = [{
    `y[b, c] = (1 / N) sum_n x[b, n, c]`: the pooling of the original Perceiver
    (arXiv 2103.03206, section 3.1). The result is `[B, C]` or `[B, 1, C]`.
    With `mask [B, N]` it is the mean of the rows where the mask is true, 0 if
    there are none; NaN or infinity in another row reaches nothing.

    Example:

    ```mlir
    func.func @f(%z: tensor<?x256x512xf32>) -> tensor<?x512xf32> {
      %y = perceiver.mean_pool %z : tensor<?x256x512xf32> -> tensor<?x512xf32>
      return %y : tensor<?x512xf32>
    }

    func.func @g(%x: tensor<?x?x512xf32>, %m: tensor<?x?xi1>) -> tensor<?x512xf32> {
      %y = perceiver.mean_pool %x mask(%m : tensor<?x?xi1>) : tensor<?x?x512xf32> -> tensor<?x512xf32>
      return %y : tensor<?x512xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, Optional<AnyRankedTensor>:$mask);
  let assemblyFormat = [{
    $input (`mask` `(` $mask^ `:` type($mask) `)`)? attr-dict
    `:` type($input) `->` type($result)
  }];
}

def Perceiver_NormOp
    : Perceiver_RowOp<"norm",
        [AllTypesMatch<["input", "result"]>,
         DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "layer normalisation with bound weights";
  let description = [{
    With the mean and the biased variance of each row

    ```
    y = weight * (x - mean) / sqrt(variance + epsilon) + bias
    ```

    (Ba et al., arXiv 1607.06450).

    Example:

    ```mlir
    perceiver.parameter @g : tensor<512xf32> key "to_logits.1.weight"
    perceiver.parameter @b : tensor<512xf32> key "to_logits.1.bias"

    func.func @f(%x: tensor<?x512xf32>) -> tensor<?x512xf32> {
      %y = perceiver.norm %x weight @g bias @b : tensor<?x512xf32>
      return %y : tensor<?x512xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, FlatSymbolRefAttr:$weight,
                       FlatSymbolRefAttr:$bias,
                       DefaultValuedAttr<F64Attr, "1e-5">:$epsilon);
  let assemblyFormat = [{
    $input `weight` $weight `bias` $bias attr-dict `:` type($input)
  }];
}

def Perceiver_ProjectOp
    : Perceiver_RowOp<"project",
        [DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "linear layer with bound weights";
  let description = [{
    `y[rows, n] = f(sum_k x[rows, k] * weight[k, n] + bias[n])`: a classifier, or
    the logits of a language model, whose weight is the transposed embedding
    table under a second symbol (Perceiver IO, arXiv 2107.14795, section 4). `f`
    is the `activation`; `gated(..)` halves the columns.

    Example:

    ```mlir
    perceiver.parameter @w : tensor<1024x1000xf32> key "final_layer.weight" transpose
    perceiver.parameter @b : tensor<1000xf32> key "final_layer.bias"

    func.func @f(%x: tensor<?x1x1024xf32>) -> tensor<?x1x1000xf32> {
      %y = perceiver.project %x weight @w bias @b : tensor<?x1x1024xf32> -> tensor<?x1x1000xf32>
      return %y : tensor<?x1x1000xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, FlatSymbolRefAttr:$weight,
                       OptionalAttr<FlatSymbolRefAttr>:$bias,
                       OptionalAttr<Perceiver_ActivationAttr>:$activation);
  let assemblyFormat = [{
    $input `weight` $weight (`bias` $bias^)?
    (`activation` `=` custom<Activation>($activation)^)? attr-dict
    `:` type($input) `->` type($result)
  }];
}

#endif // PERCEIVER_DIALECT_MODEL_ROWOPS_TD
