//===- ImageOps.td - Windows and what goes with them -------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What convolutional stems are made of, and tables of positions of another size.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_IMAGEOPS_TD
#define PERCEIVER_DIALECT_MODEL_IMAGEOPS_TD

include "dialect/Model/RowOp.td"
include "mlir/IR/SymbolInterfaces.td"

class Perceiver_WindowOp<string mnemonic> : Perceiver_RowOp<mnemonic> {
  let arguments = (ins AnyRankedTensor:$input, DenseI64ArrayAttr:$size,
                       DenseI64ArrayAttr:$stride,
                       OptionalAttr<DenseI64ArrayAttr>:$padding);
  let assemblyFormat = [{
    $input `size` `=` $size `stride` `=` $stride
    `padding` `=` custom<Padding>($padding) attr-dict
    `:` type($input) `->` type($result)
  }];
}

def Perceiver_WindowsOp : Perceiver_WindowOp<"windows"> {
  let summary = "the windows of an image as channels";
  let description = [{
    ```
    y[b, i, j, (u * kw + v) * C + c] = x[b, i * sh - lh + u, j * sw - lw + v, c]
    ```

    for the pixels `(u, v)` of a window of `size = [kh, kw]`, with `stride = [sh,
    sw]` and `padding = [[lh, hh], [lw, hw]]` pixels of zeros before and behind
    each axis, or as much as makes `ceil(n / stride)` windows of `n` pixels, the
    odd one behind: `same`. A `project` behind it makes a convolution of it
    (the convolutional inputs of Perceiver IO, arXiv 2107.14795).

    Example:

    ```mlir
    func.func @f(%x: tensor<?x224x224x3xf32>) -> tensor<?x112x112x147xf32> {
      %y = perceiver.windows %x size = [7, 7] stride = [2, 2] padding = same
          : tensor<?x224x224x3xf32> -> tensor<?x112x112x147xf32>
      return %y : tensor<?x112x112x147xf32>
    }
    ```
  }];
}

def Perceiver_MaxPoolOp : Perceiver_WindowOp<"max_pool"> {
  let summary = "the largest element of each window of an image";
  let description = [{
    `y[b, i, j, c] = max x[b, i * sh - lh + u, j * sw - lw + v, c]` over the
    pixels `(u, v)` of a window that are in the image; a window that has none
    gives -infinity. Windows are those of `windows`.

    Example:

    ```mlir
    func.func @f(%x: tensor<?x112x112x64xf32>) -> tensor<?x56x56x64xf32> {
      %y = perceiver.max_pool %x size = [3, 3] stride = [2, 2] padding = [[0, 1], [0, 1]]
          : tensor<?x112x112x64xf32> -> tensor<?x56x56x64xf32>
      return %y : tensor<?x56x56x64xf32>
    }
    ```
  }];
}

def Perceiver_BatchNormOp
    : Perceiver_RowOp<"batch_norm",
        [AllTypesMatch<["input", "result"]>,
         DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let summary = "normalisation with stored statistics";
  let description = [{
    `y[rows, c] = weight[c] * (x[rows, c] - mean[c]) / sqrt(variance[c] + epsilon)
    + bias[c]` (Ioffe and Szegedy, arXiv 1502.03167, section 3.1, at inference).
    Behind a linear layer it goes into the weight and the bias.

    Example:

    ```mlir
    perceiver.parameter @g : tensor<64xf32> key "batchnorm.weight"
    perceiver.parameter @b : tensor<64xf32> key "batchnorm.bias"
    perceiver.parameter @m : tensor<64xf32> key "batchnorm.running_mean"
    perceiver.parameter @v : tensor<64xf32> key "batchnorm.running_var"

    func.func @f(%x: tensor<?x12544x64xf32>) -> tensor<?x12544x64xf32> {
      %y = perceiver.batch_norm %x weight @g bias @b mean @m variance @v : tensor<?x12544x64xf32>
      return %y : tensor<?x12544x64xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$input, FlatSymbolRefAttr:$weight,
                       FlatSymbolRefAttr:$bias, FlatSymbolRefAttr:$mean,
                       FlatSymbolRefAttr:$variance,
                       DefaultValuedAttr<F64Attr, "1e-5">:$epsilon);
  let assemblyFormat = [{
    $input `weight` $weight `bias` $bias `mean` $mean `variance` $variance
    attr-dict `:` type($input)
  }];
}

def Perceiver_ResizeGridOp : Perceiver_RowOp<"resize_grid"> {
  let summary = "a table of positions for a grid of another size";
  let description = [{
    The rows of `table` are the points of a grid `from = [h, w]`, row-major; the
    result has those of a grid `to`, by bicubic interpolation (Keys, IEEE TASSP
    29, 1981) with `a = -0.75`: point `i` of `m` lies at `(i + 0.5) n / m - 0.5`
    of `n`, indices are clamped at the edges, nothing is smoothed. The table is
    made of parameters alone, and resized when the model is compiled.

    Example:

    ```mlir
    perceiver.parameter @positions : tensor<256x32xf32> key "position_embeddings"

    func.func @f() -> tensor<240x32xf32> {
      %table = perceiver.get_parameter @positions : tensor<256x32xf32>
      %y = perceiver.resize_grid %table from [16, 16] to [20, 12] bicubic : tensor<256x32xf32> -> tensor<240x32xf32>
      return %y : tensor<240x32xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$table, DenseI64ArrayAttr:$from,
                       DenseI64ArrayAttr:$to);
  let assemblyFormat = [{
    $table `from` $from `to` $to `bicubic` attr-dict
    `:` type($table) `->` type($result)
  }];
  let lacks = ["SizedOpInterface: its result has a static shape"];
}

#endif // PERCEIVER_DIALECT_MODEL_IMAGEOPS_TD
