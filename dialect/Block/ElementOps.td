//===- ElementOps.td - Functions of elements ---------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What computes each element of an array of rows from the elements at the same
// place. `rows` stands for one or two leading dimensions, `[N]` or `[B, N]`.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_ELEMENTOPS_TD
#define PERCEIVER_DIALECT_BLOCK_ELEMENTOPS_TD

include "dialect/Block/BlockInterfaces.td"
include "dialect/Block/DestinationOp.td"
include "dialect/Block/TileMapInterface.td"
include "dialect/Model/PerceiverAttrs.td"

class Block_ElementOp<string mnemonic>
    : Block_DestinationOp<mnemonic, [Block_TileMaps, Block_NoMatrixProduct,
                                     Block_PreparableOpInterface]>;

/// An operand without batch is broadcast over it, a vector `[C]` over the rows
/// and one number `[1]` over all.
class Block_CombineOp<string mnemonic> : Block_ElementOp<mnemonic> {
  let arguments = (ins Block_Shaped:$lhs, Block_Shaped:$rhs,
                       Block_Shaped:$init);
  let assemblyFormat = [{
    `ins` `(` $lhs `,` $rhs `:` type($lhs) `,` type($rhs) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination, that of the operand of the higher rank.
  let builders = [OpBuilder<(ins "Value":$lhs, "Value":$rhs)>];
  let extraClassDeclaration = oneInit;
}

def Block_AddOp : Block_CombineOp<"add"> {
  let summary = "sum of two arrays of rows";
  let description = [{
    `y[rows, c] = a[rows, c] + b[rows, c]` (positions added to inputs, Perceiver
    IO, arXiv 2107.14795, section 4.1); an operand without batch is broadcast
    over it, a vector `[C]` over the rows, one number `[1]` over all.

    Loops: the rows.

    Example:

    ```mlir
    %y = block.add ins(%a, %b : tensor<?x2048x768xf32>, tensor<2048x768xf32>)
        outs(%init : tensor<?x2048x768xf32>) -> tensor<?x2048x768xf32>
    ```
  }];
}

def Block_MultiplyOp : Block_CombineOp<"multiply"> {
  let summary = "product of the elements of two arrays of rows";
  let description = [{
    `y[rows, c] = a[rows, c] * b[rows, c]` (gates, and the scales of FiLM,
    arXiv 1709.07871, section 2); operands are broadcast as those of `add`.

    Loops: the rows.

    Example:

    ```mlir
    %y = block.multiply ins(%a, %b : tensor<?x512x768xf32>, tensor<768xf32>)
        outs(%init : tensor<?x512x768xf32>) -> tensor<?x512x768xf32>
    ```
  }];
}

def Block_ScaleOp : Block_ElementOp<"scale"> {
  let summary = "an array of rows times a number";
  let description = [{
    `y[rows, c] = factor * x[rows, c]` (embeddings times the root of their width,
    Vaswani et al., arXiv 1706.03762, section 3.4).

    Loops: the rows.

    Example:

    ```mlir
    %y = block.scale ins(%x : tensor<?x512x768xf32>) outs(%init : tensor<?x512x768xf32>)
        {factor = 2.771280e+01 : f64} -> tensor<?x512x768xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$input, Block_Shaped:$init,
                       F64Attr:$factor);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [OpBuilder<(ins "Value":$input, "FloatAttr":$factor)>];
  let extraClassDeclaration = oneInit;
}

def Block_ActivateOp : Block_ElementOp<"activate"> {
  let summary = "a function of each element";
  let description = [{
    `y[rows, c] = f(x[rows, c])`, or with gates

    ```
    y[rows, c] = x[rows, c] * f(x[rows, C + c])
    ```

    where `C`, the channels of the result, are half of the input's (see
    `#perceiver.activation`). What stands behind a linear layer is better said
    there.

    Loops: the rows.

    Example:

    ```mlir
    %y = block.activate ins(%x : tensor<?x512x768xf32>) outs(%init : tensor<?x512x384xf32>)
        {activation = #perceiver.activation<gated(silu)>} -> tensor<?x512x384xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$input, Block_Shaped:$init,
                       Perceiver_ActivationAttr:$activation);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [OpBuilder<(ins "Value":$input, "Activation":$activation)>];
  let extraClassDeclaration = oneInit;
}

#endif // PERCEIVER_DIALECT_BLOCK_ELEMENTOPS_TD
