//===- LayoutOps.td - Moving elements ----------------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What computes nothing: the elements of its operands stand elsewhere in the
// result.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_LAYOUTOPS_TD
#define PERCEIVER_DIALECT_BLOCK_LAYOUTOPS_TD

include "dialect/Block/BlockInterfaces.td"
include "dialect/Block/DestinationOp.td"
include "dialect/Block/TileMapInterface.td"

def Block_TransposeOp
    : Block_DestinationOp<"transpose",
        [Block_TileMaps, Block_NoMatrixProduct, Block_PreparableOpInterface]> {
  let summary = "permute dimensions";
  let description = [{
    Dimension `i` of the result is dimension `permutation[i]` of the input. With
    `permutation = [0, 2, 1]` a channels-first array whose points are flattened
    becomes an array of rows, `y[b, m, c] = x[b, c, m]`. Elements are of any
    type.

    Loops: the dimensions of the result but the last.

    Example:

    ```mlir
    %y = block.transpose ins(%x : tensor<?x3x50176xf32>)
        outs(%init : tensor<?x50176x3xf32>) permutation = [0, 2, 1] -> tensor<?x50176x3xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$input, Block_Shaped:$init,
                       DenseI64ArrayAttr:$permutation);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    `outs` `(` $init `:` type($init) `)` `permutation` `=` $permutation
    attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [
    OpBuilder<(ins "Value":$input, "::llvm::ArrayRef<int64_t>":$permutation)>
  ];
  let extraClassDeclaration = oneInit;
}

def Block_ConcatRowsOp
    : Block_DestinationOp<"concat_rows",
        [AttrSizedOperandSegments,
         DeclareOpInterfaceMethods<Block_TileMapOpInterface, ["adjustTile"]>,
         Block_NoMatrixProduct, Block_PreparableOpInterface]> {
  let summary = "arrays of rows, one behind the other";
  let description = [{
    Row `n` of the result is row `offset + n` of all rows of the inputs, one
    input behind the other (the modalities of Perceiver IO, arXiv 2107.14795,
    section 4.3). An input without batch is broadcast over it. The offset
    defaults to 0.

    Loops: the rows.

    Example:

    ```mlir
    %y = block.concat_rows ins(%a, %p : tensor<?x784x64xf32>, tensor<1x64xf32>)
        outs(%init : tensor<?x785x64xf32>) -> tensor<?x785x64xf32>
    ```
  }];
  let arguments = (ins Variadic<Block_Shaped>:$inputs,
                       Optional<Index>:$offset, Block_Shaped:$init);
  let assemblyFormat = [{
    `ins` `(` $inputs `:` type($inputs) `)` (`offset` `(` $offset^ `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination, of all rows.
  let builders = [OpBuilder<(ins "ValueRange":$inputs)>];
  let extraClassDeclaration = oneInit # [{
    bool isPreparable() { return !getOffset(); }
  }];
}

#endif // PERCEIVER_DIALECT_BLOCK_LAYOUTOPS_TD
