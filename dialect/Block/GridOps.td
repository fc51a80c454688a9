//===- GridOps.td - Attention to points of a grid ----------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Attention whose keys and values are one normalised array, of which most
// channels depend on one axis of a grid alone, as Fourier positions do.
// `perceiver-separate-positions` makes it.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_GRIDOPS_TD
#define PERCEIVER_DIALECT_BLOCK_GRIDOPS_TD

include "dialect/Block/DestinationOp.td"
include "dialect/Block/TileMapInterface.td"

def Block_GridStatisticsOp
    : Block_DestinationOp<"grid_statistics",
        [Block_TileMaps, Block_NoMatrixProduct]> {
  let summary = "inverse deviations of points of a grid";
  let description = [{
    Point `m` of a grid, with the places `i_a(m)` on its axes (numbered as in
    `grid_positions`), has `F` features of its own and, of each axis, a row of
    `channels[a]` numbers that depend on `i_a` alone. Of these, a table has the
    mean and the sum of squares about the mean, `[2, length_a]`. The result is
    what layer normalisation (Ba et al., arXiv 1607.06450) multiplies the row of
    all `C` channels with:

    ```
    mean   = (sum_f f[m, f] + sum_a channels_a * mean_a[i_a]) / C
    square = sum_f (f[m, f] - mean_f)^2 + F * (mean_f - mean)^2
             + sum_a (square_a[i_a] + channels_a * (mean_a[i_a] - mean)^2)
    r[m]   = 1 / sqrt(square / C + epsilon)
    ```

    with the mean `mean_f` of the features: no term is negative, so nothing
    cancels. Channels that are the same at all points are an axis of length 1.

    Loops: batch, points of the first axis that has several.

    Example:

    ```mlir
    %r = block.grid_statistics ins(%f : tensor<?x50176x3xf32>)
        tables(%ty, %tx : tensor<2x224xf32>, tensor<2x224xf32>)
        outs(%init : tensor<?x50176xf32>) channels = [129, 129] -> tensor<?x50176xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$features, Variadic<Block_Shaped>:$tables,
                       Block_Shaped:$init, DenseI64ArrayAttr:$channels,
                       DefaultValuedAttr<F64Attr, "1e-5">:$epsilon);
  let assemblyFormat = [{
    `ins` `(` $features `:` type($features) `)`
    `tables` `(` $tables `:` type($tables) `)`
    `outs` `(` $init `:` type($init) `)` `channels` `=` $channels attr-dict
    (`->` type($results)^)?
  }];
  // Computes the destination.
  let builders = [OpBuilder<(ins "Value":$features, "ValueRange":$tables,
                                 "::llvm::ArrayRef<int64_t>":$channels,
                                 "FloatAttr":$epsilon)>];
  let extraClassDeclaration = oneInit # [{
    ::llvm::StringRef getTileLoopName(unsigned loop) {
      return loop == 0 ? "batch" : "points of an axis";
    }
    /// Channels of a point, features and those of the axes.
    int64_t getChannelCount();
  }];
  let lacks = ["PreparableOpInterface: features are no parameters"];
}

def Block_GridAttentionOp
    : Block_DestinationOp<"grid_attention",
        [Block_ReadsDestination,
         DeclareOpInterfaceMethods<Block_TileMapOpInterface,
                                   ["adjustTile"]>]> {
  let summary = "attention to the points of a grid, with its state";
  let description = [{
    `online_attention` whose keys and values are

    ```
    k[m] = r[m] * [f[m] | onehot(i_1(m)) | onehot(i_2(m)) | ..]
    ```

    for the points `m` of a grid with the places `i_a(m)` on its axes, numbered
    as in `grid_positions`. A query has `F` channels for the features and one
    for each place of each axis, so the score of a point is

    ```
    t[m] = scale * log2(e) * r[m] * (q_f . f[m] + sum_a q_a[i_a(m)])
    ```

    and the accumulator has the averages of the features, then for each axis the
    weights of its places: the sum over all other axes. Maximum and sum are
    those of `online_attention`, and so is the order of a block of points: the
    sums over it begin at 0 and are added to the state once. The factors `r` are
    what `grid_statistics` computes.

    `mask [B, M]` is what `key_mask` makes; features and factors of a key of 0
    are not looked at.

    Loops: batch, head, query.

    Example:

    ```mlir
    %acc1, %m1, %sum1 = block.grid_attention
        ins(%q, %f, %r : tensor<512x451xf32>, tensor<?x50176x3xf32>, tensor<?x50176xf32>)
        outs(%acc, %m, %sum : tensor<?x1x451x512xf64>, tensor<?x1x512xf32>, tensor<?x1x512xf64>)
        grid = [224, 224] heads = 1 scale = 0.0625
        -> tensor<?x1x451x512xf64>, tensor<?x1x512xf32>, tensor<?x1x512xf64>
    ```
  }];
  let arguments = (ins Block_Shaped:$query, Block_Shaped:$features,
                       Block_Shaped:$factors,
                       Optional<Block_Shaped>:$mask,
                       Block_Shaped:$accumulator,
                       Block_Shaped:$maximum, Block_Shaped:$sum,
                       DenseI64ArrayAttr:$grid,
                       I64Attr:$heads, F64Attr:$scale);
  let assemblyFormat = [{
    `ins` `(` $query `,` $features `,` $factors `:`
      type($query) `,` type($features) `,` type($factors) `)`
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    `outs` `(` $accumulator `,` $maximum `,` $sum `:`
      type($accumulator) `,` type($maximum) `,` type($sum) `)`
    `grid` `=` $grid `heads` `=` $heads `scale` `=` $scale attr-dict
    (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable();
    ::llvm::StringRef getTileLoopName(unsigned loop) {
      return getAttentionLoopName(loop);
    }
    /// Channels of a head of the queries, and of the accumulator: the features
    /// and the places of all axes.
    int64_t getHeadSize();
    /// Points of the grid.
    int64_t getPointCount();
  }];
  let lacks = [
    "PreparableOpInterface: no model attends from parameters to parameters alone"
  ];
}

#endif // PERCEIVER_DIALECT_BLOCK_GRIDOPS_TD
