//===- MaskOps.td - Which rows take part -------------------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_MASKOPS_TD
#define PERCEIVER_DIALECT_BLOCK_MASKOPS_TD

include "dialect/Block/DestinationOp.td"
include "dialect/Block/TileMapInterface.td"
include "dialect/Block/WidenableInterface.td"

def Block_ToMaskOp
    : Block_DestinationOp<"to_mask", [Block_TileMaps, Block_NoMatrixProduct]> {
  let summary = "numbers as truth values";
  let description = [{
    `y[b, m] = (x[b, m] != 0) xor inverted`. NaN is not 0.

    Loops: batch, rows.

    Example:

    ```mlir
    %y = block.to_mask ins(%x : tensor<?x128xi64>) outs(%init : tensor<?x128xi1>)
        {inverted} -> tensor<?x128xi1>
    ```
  }];
  let arguments = (ins Block_Shaped:$input, Block_Shaped:$init,
                       UnitAttr:$inverted);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [OpBuilder<(ins "Value":$input, "bool":$inverted)>];
  let extraClassDeclaration = oneInit;
  let lacks = ["PreparableOpInterface: masks are no parameters"];
}

def Block_MaskRowsOp
    : Block_DestinationOp<"mask_rows",
        [Block_TileMaps, Block_NoMatrixProduct,
         DeclareOpInterfaceMethods<Block_WidenableOpInterface>]> {
  let summary = "replace rows that take no part";
  let description = [{
    ```
    y[b, n, c] = mask[b, n] ? x[b, n, c] : value       (dimension = 1)
    y[b, h, n] = mask[b, n] ? x[b, h, n] : value       (dimension = 2)
    ```

    What a masked query receives from an attention (0) and its log-sum-exp,
    which has the queries last (-infinity). DeepMind's Perceiver IO does so
    before the output layer. What stands in a masked row, NaN included, reaches
    nothing.

    Loops: the first two dimensions.

    Example:

    ```mlir
    %y = block.mask_rows ins(%x : tensor<?x512x160xf32>) mask(%m : tensor<?x512xi1>)
        outs(%init : tensor<?x512x160xf32>) {value = 0.0 : f64} -> tensor<?x512x160xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$input, Block_Shaped:$mask,
                       Block_Shaped:$init, F64Attr:$value,
                       DefaultValuedAttr<I64Attr, "1">:$dimension);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)` `mask` `(` $mask `:` type($mask) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [OpBuilder<(ins "Value":$input, "Value":$mask,
                                 "double":$value, "int64_t":$dimension)>];
  let extraClassDeclaration = oneInit;
  let lacks = ["PreparableOpInterface: masks are no parameters"];
}

#endif // PERCEIVER_DIALECT_BLOCK_MASKOPS_TD
