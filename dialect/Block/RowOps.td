//===- RowOps.td - Operations on rows ----------------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Normalisation, linear layers and what else computes on arrays of rows. `rows`
// stands for one or two leading dimensions, `[N]` or `[B, N]`.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_ROWOPS_TD
#define PERCEIVER_DIALECT_BLOCK_ROWOPS_TD

include "dialect/Block/BlockInterfaces.td"
include "dialect/Block/DestinationOp.td"
include "dialect/Block/TileMapInterface.td"
include "dialect/Block/WeightLayoutInterface.td"
include "dialect/Block/WidenableInterface.td"
include "dialect/Model/PerceiverAttrs.td"

def Block_LayerNormOp
    : Block_DestinationOp<"layer_norm",
        [AttrSizedOperandSegments, Block_TileMaps, Block_NoMatrixProduct,
         Block_NormOpInterface, Block_PreparableOpInterface,
         DeclareOpInterfaceMethods<Block_WidenableOpInterface>]> {
  let summary = "layer normalisation over the last dimension";
  let description = [{
    With the mean and the biased variance of each row of `C` channels

    ```
    y = gain * (x - mean) / sqrt(variance + epsilon) + bias
    ```

    (Ba et al., arXiv 1607.06450). Statistics are at least float32. Without
    `affine` the gain is 1 and the bias 0.

    With `channels` only the first so many are normalised: what follows them in a
    row of the input is not looked at, what follows them in a row of the result
    is zeros. Both may then be wider, by whatever they want.

    Loops: the rows.

    Example:

    ```mlir
    %y = block.layer_norm ins(%x : tensor<?x512x1024xf32>)
        affine(%gain, %bias : tensor<1024xf32>, tensor<1024xf32>)
        outs(%init : tensor<?x512x1024xf32>) -> tensor<?x512x1024xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$input,
                       Optional<Block_Shaped>:$gain,
                       Optional<Block_Shaped>:$bias,
                       Block_Shaped:$init,
                       DefaultValuedAttr<F64Attr, "1e-5">:$epsilon,
                       OptionalAttr<I64Attr>:$channels);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    (`affine` `(` $gain^ `,` $bias `:` type($gain) `,` type($bias) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let builders = [OpBuilder<(ins "Value":$input, "Value":$gain, "Value":$bias,
                                 "FloatAttr":$epsilon)>];
  let extraClassDeclaration = oneInit # [{
    /// Channels that are normalised; dynamic if nobody says.
    int64_t getNormalizedChannels();
    void dropAffine() {
      getGainMutable().clear();
      getBiasMutable().clear();
    }
  }];
}

def Block_LinearOp
    : Block_DestinationOp<"linear",
        [AttrSizedOperandSegments, Block_TileMaps, Block_PackableOpInterface,
         Block_PreparableOpInterface,
         DeclareOpInterfaceMethods<Block_WidenableOpInterface>]> {
  let summary = "linear layer with its epilogue";
  let description = [{
    ```
    y[rows, n] = activation(sum_k x[rows, k] * w[k, n] + bias[n])
                 + residual[rows, n]
    ```

    (the layers of Vaswani et al., arXiv 1706.03762, sections 3.2.2 and 3.3,
    with what follows each of them in a block). The weight is `[K, N]`, inputs
    by outputs, or packed as the attribute `layout` says. With the gates of a
    `gated` activation the result has half as many columns as the weight. A
    residual without batch is broadcast over it.

    Loops: the rows and the columns of the result. Columns that the layout keeps
    together are in one tile.

    Example:

    ```mlir
    %y = block.linear ins(%x, %w : tensor<?x512x1024xf32>, tensor<1024x768xf32>)
        bias(%b : tensor<768xf32>) residual(%r : tensor<?x512x768xf32>)
        outs(%init : tensor<?x512x768xf32>)
        {activation = #perceiver.activation<gelu_erf>} -> tensor<?x512x768xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$input,
                       Block_Shaped:$weight,
                       Optional<Block_Shaped>:$bias,
                       Optional<Block_Shaped>:$residual,
                       Block_Shaped:$init,
                       DefaultValuedAttr<Perceiver_ActivationAttr,
                         "::mlir::perceiver::Activation()">:$activation,
                       OptionalAttr<Block_WeightLayoutAttrInterface>:$layout);
  let assemblyFormat = [{
    `ins` `(` $input `,` $weight `:` type($input) `,` type($weight) `)`
    (`bias` `(` $bias^ `:` type($bias) `)`)?
    (`residual` `(` $residual^ `:` type($residual) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let builders = [
    // Computes the destination. `bias` and `residual` may be null.
    OpBuilder<(ins "Value":$input, "Value":$weight, "Value":$bias,
                   "Value":$residual,
                   CArg<"Activation", "{}">:$activation)>
  ];
  let extraClassDeclaration = oneInit # [{
    /// Rows of the weight matrix, `K`.
    int64_t getReductionSize();
    bool isPacked() { return getLayout().has_value(); }
    /// What is computed when a model is compiled reads plain weights.
    bool isPreparable() { return !isPacked(); }
    ::llvm::SmallVector<::mlir::OpOperand *> getPackableOperands();
    bool hasGates() { return getActivation().hasGates; }
  }];
}

def Block_MeanRowsOp
    : Block_DestinationOp<"mean_rows", [Block_TileMaps, Block_NoMatrixProduct,
                                        Block_PreparableOpInterface]> {
  let summary = "average over the rows of each batch entry";
  let description = [{
    `y[b, 0, c] = (1 / N) sum_n x[b, n, c]`: the pooling head of the original
    Perceiver (arXiv 2103.03206, section 3.1). With `mask [B, N]` only rows where
    it is true are added up, and `N` is their number; without any the mean is 0.
    What stands in another row reaches nothing.

    Loops: the batch.

    Example:

    ```mlir
    %y = block.mean_rows ins(%x : tensor<?x256x512xf32>)
        outs(%init : tensor<?x1x512xf32>) -> tensor<?x1x512xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$input, Optional<Block_Shaped>:$mask,
                       Block_Shaped:$init);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination. `mask` may be null.
  let builders = [OpBuilder<(ins "Value":$input, "Value":$mask)>];
  let extraClassDeclaration = oneInit # [{
    /// Masks are no parameters.
    bool isPreparable() { return !getMask(); }
  }];
}

#endif // PERCEIVER_DIALECT_BLOCK_ROWOPS_TD
