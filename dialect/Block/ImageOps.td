//===- ImageOps.td - Windows and what goes with them -------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Windows of images as rows, and what is computed of parameters for a
// convolutional stem and for tables of positions.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_IMAGEOPS_TD
#define PERCEIVER_DIALECT_BLOCK_IMAGEOPS_TD

include "dialect/Block/BlockInterfaces.td"
include "dialect/Block/DestinationOp.td"
include "dialect/Block/TileMapInterface.td"

/// Row `m` of the result is of window `offset + m`, windows being numbered
/// row-major. The offset defaults to 0; without padding it is `same`.
class Block_WindowOp<string mnemonic>
    : Block_DestinationOp<mnemonic,
        [DeclareOpInterfaceMethods<Block_TileMapOpInterface, ["adjustTile"]>,
         Block_NoMatrixProduct]> {
  let arguments = (ins Block_Shaped:$input, Optional<Index>:$offset,
                       Block_Shaped:$init, DenseI64ArrayAttr:$size,
                       DenseI64ArrayAttr:$stride,
                       OptionalAttr<DenseI64ArrayAttr>:$padding);
  let assemblyFormat = [{
    `ins` `(` $input `:` type($input) `)` (`offset` `(` $offset^ `)`)?
    `outs` `(` $init `:` type($init) `)`
    `size` `=` $size `stride` `=` $stride `padding` `=` custom<Padding>($padding)
    attr-dict (`->` type($results)^)?
  }];
  // Computes the destination, which holds all windows.
  let builders = [
    OpBuilder<(ins "Value":$input, "::llvm::ArrayRef<int64_t>":$size,
                   "::llvm::ArrayRef<int64_t>":$stride,
                   "::mlir::DenseI64ArrayAttr":$padding)>
  ];
  let extraClassDeclaration = oneInit;
  let lacks = ["PreparableOpInterface: images are no parameters"];
}

def Block_WindowsOp : Block_WindowOp<"windows"> {
  let summary = "the windows of an image as rows";
  let description = [{
    ```
    offset + m                          = i * ow + j
    y[b, m, (u * kw + v) * C + c]       = x[b, i * sh - lh + u, j * sw - lw + v, c]
    ```

    for the pixels `(u, v)` of a window of `size = [kh, kw]`, of which `ow` are
    side by side in an image of `W` pixels; 0 outside of the image (Perceiver IO,
    arXiv 2107.14795: a convolution is this and a linear layer).
    `padding = [[lh, hh], [lw, hw]]` says how far windows reach outside, or is
    `same`: as far as makes `ceil(n / stride)` windows of `n` pixels.

    Loops: the batch and the rows.

    Example:

    ```mlir
    %y = block.windows ins(%x : tensor<?x224x224x3xf32>) outs(%init : tensor<?x12544x147xf32>)
        size = [7, 7] stride = [2, 2] padding = same -> tensor<?x12544x147xf32>
    ```
  }];
}

def Block_MaxPoolOp : Block_WindowOp<"max_pool"> {
  let summary = "the largest element of each window of an image";
  let description = [{
    `y[b, m, c] = max x[b, i * sh - lh + u, j * sw - lw + v, c]` over the pixels
    of window `offset + m = i * ow + j` that are in the image; -infinity if none
    is. Windows are those of `windows`. NaN in a window is its largest element.

    Loops: the batch and the rows.

    Example:

    ```mlir
    %y = block.max_pool ins(%x : tensor<?x112x112x64xf32>) outs(%init : tensor<?x3136x64xf32>)
        size = [3, 3] stride = [2, 2] padding = [[0, 1], [0, 1]] -> tensor<?x3136x64xf32>
    ```
  }];
}

def Block_InverseDeviationOp
    : Block_DestinationOp<"inverse_deviation",
        [Block_NoMatrixProduct, Block_PreparableOpInterface,
         Block_PreparedOnly]> {
  let summary = "the inverse of standard deviations";
  let description = [{
    `y[c] = 1 / sqrt(variance[c] + epsilon)`: what batch normalisation multiplies
    with (Ioffe and Szegedy, arXiv 1502.03167, section 3.1).

    Example:

    ```mlir
    %y = block.inverse_deviation ins(%variance : tensor<1x64xf32>) outs(%init : tensor<1x64xf32>)
        {epsilon = 1.0e-5 : f64} -> tensor<1x64xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$variance, Block_Shaped:$init,
                       DefaultValuedAttr<F64Attr, "1e-5">:$epsilon);
  let assemblyFormat = [{
    `ins` `(` $variance `:` type($variance) `)`
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [OpBuilder<(ins "Value":$variance, "FloatAttr":$epsilon)>];
  let extraClassDeclaration = oneInit;
  let lacks = ["TileMapOpInterface: computed when a model is compiled"];
}

def Block_ResizeGridOp
    : Block_DestinationOp<"resize_grid",
        [Block_NoMatrixProduct, Block_PreparableOpInterface,
         Block_PreparedOnly]> {
  let summary = "a table of positions for a grid of another size";
  let description = [{
    Bicubic interpolation of the rows of a table, the points of a grid `from =
    [h, w]`, at the points of a grid `to` (Keys, IEEE TASSP 29, 1981, with
    `a = -0.75`; see `perceiver.resize_grid`).

    Example:

    ```mlir
    %y = block.resize_grid ins(%table : tensor<256x32xf32>) outs(%init : tensor<240x32xf32>)
        from [16, 16] to [20, 12] -> tensor<240x32xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$table, Block_Shaped:$init,
                       DenseI64ArrayAttr:$from, DenseI64ArrayAttr:$to);
  let assemblyFormat = [{
    `ins` `(` $table `:` type($table) `)`
    `outs` `(` $init `:` type($init) `)` `from` $from `to` $to
    attr-dict (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [
    OpBuilder<(ins "Value":$table, "::llvm::ArrayRef<int64_t>":$from,
                   "::llvm::ArrayRef<int64_t>":$to)>
  ];
  let extraClassDeclaration = oneInit;
  let lacks = ["TileMapOpInterface: computed when a model is compiled"];
}

#endif // PERCEIVER_DIALECT_BLOCK_IMAGEOPS_TD
