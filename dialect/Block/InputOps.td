//===- InputOps.td - Rows that a model reads ---------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Positions, embeddings, concatenation and layout: what makes the rows that a
// model reads. `rows` stands for one or two leading dimensions, `[N]` or
// `[B, N]`.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_INPUTOPS_TD
#define PERCEIVER_DIALECT_BLOCK_INPUTOPS_TD

include "dialect/Block/BlockInterfaces.td"
include "dialect/Block/DestinationOp.td"
include "dialect/Block/TileMapInterface.td"
include "dialect/Block/WidenableInterface.td"
include "dialect/Model/PerceiverAttrs.td"

def Block_ConcatChannelsOp
    : Block_DestinationOp<"concat_channels",
        [Block_TileMaps, Block_NoMatrixProduct, Block_PreparableOpInterface,
         DeclareOpInterfaceMethods<Block_WidenableOpInterface>]> {
  let summary = "concatenate along the last dimension";
  let description = [{
    `y[rows, :] = [x_1[rows, :] | x_2[rows, :] | .. | 0]` (inputs and their
    positions, Perceiver, arXiv 2103.03206, section 3.2). An input without batch
    is broadcast over it, a vector `[C]` over the rows. A result with more
    channels than the inputs together has zeros in the rest.

    Loops: the rows.

    Example:

    ```mlir
    %y = block.concat_channels ins(%f, %p : tensor<?x50176x3xf32>, tensor<50176x258xf32>)
        outs(%init : tensor<?x50176x261xf32>) -> tensor<?x50176x261xf32>
    ```
  }];
  let arguments = (ins Variadic<Block_Shaped>:$inputs,
                       Block_Shaped:$init);
  let assemblyFormat = [{
    `ins` `(` $inputs `:` type($inputs) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [OpBuilder<(ins "ValueRange":$inputs)>];
  let extraClassDeclaration = oneInit # [{
    /// Channels of all inputs.
    int64_t getInputChannels();
  }];
}

def Block_EmbedOp
    : Block_DestinationOp<"embed", [Block_TileMaps, Block_NoMatrixProduct]> {
  let summary = "rows of a table, chosen by ids";
  let description = [{
    `y[rows, :] = table[ids[rows], :]` (Vaswani et al., arXiv 1706.03762,
    section 3.4). Ids outside the table are an error that the caller has to
    exclude; the generated code clamps them, so that no memory outside the table
    is read.

    Loops: the rows.

    Example:

    ```mlir
    %y = block.embed ins(%ids, %table : tensor<?x2048xi64>, tensor<262x768xf32>)
        outs(%init : tensor<?x2048x768xf32>) -> tensor<?x2048x768xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$ids, Block_Shaped:$table,
                       Block_Shaped:$init);
  let assemblyFormat = [{
    `ins` `(` $ids `,` $table `:` type($ids) `,` type($table) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [OpBuilder<(ins "Value":$ids, "Value":$table)>];
  let extraClassDeclaration = oneInit;
  let lacks = ["PreparableOpInterface: ids are no parameters"];
}

def Block_TakeRowsOp
    : Block_DestinationOp<"take_rows", [Block_TileMaps, Block_NoMatrixProduct]> {
  let summary = "rows of an array, chosen by their numbers";
  let description = [{
    `y[.., m, :] = x[.., points[m], :]` (the queries of Perceiver IO, arXiv
    2107.14795, section 3.2, at some points of its input), or with
    `channels_first` `y[.., m, :] = x[.., :, points[m]]`: of an array that would
    be transposed as a whole for the sake of some of its rows. A number below 0 or
    behind the last row counts as the nearest one.

    Loops: the rows.

    Example:

    ```mlir
    %y = block.take_rows ins(%x, %points : tensor<?x182528x54xf32>, tensor<?xi64>)
        outs(%init : tensor<?x?x54xf32>) -> tensor<?x?x54xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$input, Block_Shaped:$points,
                       Block_Shaped:$init, UnitAttr:$channels_first);
  let assemblyFormat = [{
    `ins` `(` $input `,` $points `:` type($input) `,` type($points) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [OpBuilder<(ins "Value":$input, "Value":$points)>];
  let hasCanonicalizeMethod = 1;
  let extraClassDeclaration = oneInit # [{
    /// The dimension of the input that points number.
    int64_t getRowDim();
  }];
  let lacks = ["PreparableOpInterface: points are no parameters"];
}

#endif // PERCEIVER_DIALECT_BLOCK_INPUTOPS_TD
