//===- PerceiverBlockOps.td - Block-level operations -------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What the blocks of a model are made of. All are in destination-passing
// style: on tensors they return the value of their destination, on memrefs
// they write it. `rows` below stands for one or two leading dimensions,
// `[N]` or `[B, N]`.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_BLOCK_OPS
#define PERCEIVER_BLOCK_OPS

include "dialect/PerceiverDestinationOp.td"

//===----------------------------------------------------------------------===//
// layer_norm
//===----------------------------------------------------------------------===//

def Perceiver_LayerNormOp
    : Perceiver_DestinationOp<"layer_norm",
                              [AttrSizedOperandSegments, Perceiver_TileMaps]> {
  let summary = "layer normalisation over the last dimension";
  let description = [{
    With the mean and the biased variance of each row of `C` channels

    ```
    y = gain * (x - mean) / sqrt(variance + epsilon) + bias
    ```

    (Ba et al., arXiv 1607.06450). Statistics are at least float32. Without
    `affine` the gain is 1 and the bias 0.

    Loops: the rows.

    Example:

    ```mlir
    %y = perceiver.layer_norm ins(%x : tensor<?x512x1024xf32>)
        affine(%gain, %bias : tensor<1024xf32>, tensor<1024xf32>)
        outs(%init : tensor<?x512x1024xf32>) -> tensor<?x512x1024xf32>
    ```
  }];
  let arguments = (ins Perceiver_Shaped:$input,
                       Optional<Perceiver_Shaped>:$gain,
                       Optional<Perceiver_Shaped>:$bias,
                       Perceiver_Shaped:$init,
                       DefaultValuedAttr<F64Attr, "1e-5">:$epsilon);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    (`affine` `(` $gain^ `,` $bias `:` type($gain) `,` type($bias) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let builders = [OpBuilder<(ins "Value":$input, "Value":$gain, "Value":$bias,
                                 "FloatAttr":$epsilon)>];
  let extraClassDeclaration = oneInit;
}

//===----------------------------------------------------------------------===//
// linear
//===----------------------------------------------------------------------===//

def Perceiver_LinearOp
    : Perceiver_DestinationOp<"linear",
                              [AttrSizedOperandSegments, Perceiver_TileMaps]> {
  let summary = "linear layer with its epilogue";
  let description = [{
    ```
    y[rows, n] = activation(sum_k x[rows, k] * w[k, n] + bias[n])
                 + residual[rows, n]
    ```

    (the layers of Vaswani et al., arXiv 1706.03762, sections 3.2.2 and 3.3,
    with what follows each of them in a block). The weight is `[K, N]`, inputs
    by outputs, or packed: `[P, K, L]` with the attribute `panels`. With the
    activation `geglu` the result has half as many columns as the weight. A
    residual without batch is broadcast over it.

    Loops: the rows and the columns of the result; a column tile covers whole
    panels of a packed weight.

    Example:

    ```mlir
    %y = perceiver.linear ins(%x, %w : tensor<?x512x1024xf32>, tensor<1024x768xf32>)
        bias(%b : tensor<768xf32>) residual(%r : tensor<?x512x768xf32>)
        outs(%init : tensor<?x512x768xf32>)
        {activation = #perceiver.activation<gelu_erf>} -> tensor<?x512x768xf32>
    ```
  }];
  let arguments = (ins Perceiver_Shaped:$input,
                       Perceiver_Shaped:$weight,
                       Optional<Perceiver_Shaped>:$bias,
                       Optional<Perceiver_Shaped>:$residual,
                       Perceiver_Shaped:$init,
                       DefaultValuedAttr<Perceiver_ActivationAttr,
                         "::mlir::perceiver::Activation::none">:$activation,
                       OptionalAttr<Perceiver_PanelsAttr>:$panels);
  let assemblyFormat = [{
    `ins` `(` $input `,` $weight `:` type($input) `,` type($weight) `)`
    (`bias` `(` $bias^ `:` type($bias) `)`)?
    (`residual` `(` $residual^ `:` type($residual) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let builders = [
    // Computes the destination. `bias` and `residual` may be null.
    OpBuilder<(ins "Value":$input, "Value":$weight, "Value":$bias,
                   "Value":$residual, "Activation":$activation)>
  ];
  let extraClassDeclaration = oneInit # [{
    /// Rows of the weight matrix, `K`.
    int64_t getReductionSize();
    bool isPacked() { return getPanels().has_value(); }
  }];
}

def Perceiver_PackPanelsOp
    : Perceiver_DestinationOp<"pack_panels", []> {
  let summary = "pack a weight matrix into panels of columns";
  let description = [{
    Stores a matrix `[K, N]` as `[P, K, L]` in the layout that `panels`
    describes:

    ```
    y[p, k, l] = x[k, p * columns + l]   (0 where l >= columns or there is no such column)
    ```

    (Goto and van de Geijn, Anatomy of High-Performance Matrix Multiplication,
    ACM TOMS 34, 2008). Gated panels hold the same of both halves of the columns.

    Example:

    ```mlir
    %p = perceiver.pack_panels ins(%w : tensor<261x100xf32>)
        outs(%init : tensor<3x261x48xf32>)
        panels = <columns = 48, lanes = 48> -> tensor<3x261x48xf32>
    ```
  }];
  let arguments = (ins Perceiver_Shaped:$input, Perceiver_Shaped:$init,
                       Perceiver_PanelsAttr:$panels);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)` `outs` `(` $init `:` type($init) `)`
    `panels` `=` $panels attr-dict (`->` type($results)^)?
  }];
  let builders = [OpBuilder<(ins "Value":$input, "PanelsAttr":$panels)>];
  let extraClassDeclaration = oneInit;
}

//===----------------------------------------------------------------------===//
// Inputs: positions, embeddings, concatenation
//===----------------------------------------------------------------------===//

def Perceiver_AxisTableOp
    : Perceiver_DestinationOp<"axis_table", []> {
  let summary = "Fourier features of one axis of a grid";
  let description = [{
    With `n` points `p_i` equally spaced from -1 to 1 (a single point is -1) and
    `bands` frequencies `f_k` equally spaced from 1 to `max_frequency`
    inclusive, row `i` is

    ```
    [p_i | sin(pi p_i f_1) .. sin(pi p_i f_K) | cos(pi p_i f_1) .. cos(pi p_i f_K)]
    ```

    (Perceiver, arXiv 2103.03206, section 3.2; `max_frequency` is half the
    maximal resolution). `recipe` fixes the rounding: `exact` rounds the exact
    value once, the others follow the float32 steps of a framework.

    Example:

    ```mlir
    %t = perceiver.axis_table outs(%init : tensor<224x129xf32>)
        {bands = 64 : i64, max_frequency = 112.0 : f64,
         recipe = #perceiver.fourier_recipe<torch_f32>} -> tensor<224x129xf32>
    ```
  }];
  let arguments = (ins Perceiver_Shaped:$init, I64Attr:$bands,
                       F64Attr:$max_frequency,
                       DefaultValuedAttr<Perceiver_FourierRecipeAttr,
                         "::mlir::perceiver::FourierRecipe::torch_f32">:$recipe);
  let assemblyFormat = [{
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let builders = [
    // Computes the destination, of `length` rows.
    OpBuilder<(ins "int64_t":$length, "int64_t":$bands, "double":$maxFrequency,
                   "FourierRecipe":$recipe, "Type":$elementType)>
  ];
  let extraClassDeclaration = oneInit;
}

def Perceiver_GridPositionsOp
    : Perceiver_DestinationOp<"grid_positions",
        [AttrSizedOperandSegments,
         DeclareOpInterfaceMethods<Perceiver_TileMapOpInterface,
                                   ["adjustTile"]>]> {
  let summary = "positions of consecutive points of a grid";
  let description = [{
    Row `m` holds the features of grid point `offset + m`, points being
    numbered row-major over the axes:

    ```
    offset + m = (i_1 * length_2 + i_2) * length_3 + i_3           (three axes)
    y[m, :]    = layout(table_1[i_1, :], table_2[i_2, :], table_3[i_3, :])
    ```

    (Perceiver, arXiv 2103.03206, section 3.2). Each table is
    `[length, 1 + 2 K]` (see `axis_table`) with the axis' length and the same
    `K`; `layout` is `axis_major`, one axis behind the other, or `dm`. The offset
    defaults to 0.

    Loops: the rows.

    Example:

    ```mlir
    %p = perceiver.grid_positions tables(%ty, %tx : tensor<224x129xf32>, tensor<224x129xf32>)
        outs(%init : tensor<50176x258xf32>)
        {layout = #perceiver.fourier_layout<dm>} -> tensor<50176x258xf32>
    ```
  }];
  let arguments = (ins Variadic<Perceiver_Shaped>:$tables,
                       Optional<Index>:$offset, Perceiver_Shaped:$init,
                       Perceiver_FourierLayoutAttr:$layout);
  let assemblyFormat = [{
    `tables` `(` $tables `:` type($tables) `)` (`offset` `(` $offset^ `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let builders = [
    // Computes the destination, which holds the whole grid.
    OpBuilder<(ins "ValueRange":$tables, "FourierLayout":$layout)>
  ];
  let extraClassDeclaration = oneInit;
}

def Perceiver_ConcatChannelsOp
    : Perceiver_DestinationOp<"concat_channels", [Perceiver_TileMaps]> {
  let summary = "concatenate along the last dimension";
  let description = [{
    `y[rows, :] = [x_1[rows, :] | x_2[rows, :] | ..]` (inputs and their
    positions, Perceiver, arXiv 2103.03206, section 3.2). An input without batch
    is broadcast over it.

    Loops: the rows.

    Example:

    ```mlir
    %y = perceiver.concat_channels ins(%f, %p : tensor<?x50176x3xf32>, tensor<50176x258xf32>)
        outs(%init : tensor<?x50176x261xf32>) -> tensor<?x50176x261xf32>
    ```
  }];
  let arguments = (ins Variadic<Perceiver_Shaped>:$inputs,
                       Perceiver_Shaped:$init);
  let assemblyFormat = [{
    `ins` `(` $inputs `:` type($inputs) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [OpBuilder<(ins "ValueRange":$inputs)>];
  let extraClassDeclaration = oneInit;
}

def Perceiver_EmbedOp
    : Perceiver_DestinationOp<"embed", [Perceiver_TileMaps]> {
  let summary = "rows of a table, chosen by ids";
  let description = [{
    `y[rows, :] = table[ids[rows], :]` (Vaswani et al., arXiv 1706.03762,
    section 3.4). Ids outside the table are an error that the caller has to
    exclude; the generated code clamps them, so that no memory outside the table
    is read.

    Loops: the rows.

    Example:

    ```mlir
    %y = perceiver.embed ins(%ids, %table : tensor<?x2048xi64>, tensor<262x768xf32>)
        outs(%init : tensor<?x2048x768xf32>) -> tensor<?x2048x768xf32>
    ```
  }];
  let arguments = (ins Perceiver_Shaped:$ids, Perceiver_Shaped:$table,
                       Perceiver_Shaped:$init);
  let assemblyFormat = [{
    `ins` `(` $ids `,` $table `:` type($ids) `,` type($table) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [OpBuilder<(ins "Value":$ids, "Value":$table)>];
  let extraClassDeclaration = oneInit;
}

def Perceiver_AddOp : Perceiver_DestinationOp<"add", [Perceiver_TileMaps]> {
  let summary = "sum of two arrays of rows";
  let description = [{
    `y[rows, c] = a[rows, c] + b[rows, c]` (positions added to inputs, Perceiver
    IO, arXiv 2107.14795, section 4.1); an operand without batch is broadcast
    over it.

    Loops: the rows.

    Example:

    ```mlir
    %y = perceiver.add ins(%a, %b : tensor<?x2048x768xf32>, tensor<2048x768xf32>)
        outs(%init : tensor<?x2048x768xf32>) -> tensor<?x2048x768xf32>
    ```
  }];
  let arguments = (ins Perceiver_Shaped:$lhs, Perceiver_Shaped:$rhs,
                       Perceiver_Shaped:$init);
  let assemblyFormat = [{
    `ins` `(` $lhs `,` $rhs `:` type($lhs) `,` type($rhs) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [OpBuilder<(ins "Value":$lhs, "Value":$rhs)>];
  let extraClassDeclaration = oneInit;
}

def Perceiver_ChannelsLastOp
    : Perceiver_DestinationOp<"channels_last", [Perceiver_TileMaps]> {
  let summary = "move channels behind the points";
  let description = [{
    `y[b, m, c] = x[b, c, m]`: a channels-first array whose points are
    flattened becomes an array of rows.

    Loops: the rows.

    Example:

    ```mlir
    %y = perceiver.channels_last ins(%x : tensor<?x3x50176xf32>)
        outs(%init : tensor<?x50176x3xf32>) -> tensor<?x50176x3xf32>
    ```
  }];
  let arguments = (ins Perceiver_Shaped:$input, Perceiver_Shaped:$init);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [OpBuilder<(ins "Value":$input)>];
  let extraClassDeclaration = oneInit;
}

def Perceiver_MeanRowsOp
    : Perceiver_DestinationOp<"mean_rows", [Perceiver_TileMaps]> {
  let summary = "average over the rows of each batch entry";
  let description = [{
    `y[b, 0, c] = (1 / N) sum_n x[b, n, c]`: the pooling head of the original
    Perceiver (arXiv 2103.03206, section 3.1).

    Loops: the batch.

    Example:

    ```mlir
    %y = perceiver.mean_rows ins(%x : tensor<?x256x512xf32>)
        outs(%init : tensor<?x1x512xf32>) -> tensor<?x1x512xf32>
    ```
  }];
  let arguments = (ins Perceiver_Shaped:$input, Perceiver_Shaped:$init);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [OpBuilder<(ins "Value":$input)>];
  let extraClassDeclaration = oneInit;
}

#endif // PERCEIVER_BLOCK_OPS
