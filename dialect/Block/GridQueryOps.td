//===- GridQueryOps.td - Attention of points of a grid -----*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Attention whose queries are a normalised array, of which most channels depend
// on one axis of a grid alone, as Fourier positions do: the other side of
// GridOps.td. `perceiver-separate-query-positions` makes it.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_GRIDQUERYOPS_TD
#define PERCEIVER_DIALECT_BLOCK_GRIDQUERYOPS_TD

include "dialect/Block/DestinationOp.td"
include "dialect/Block/TileMapInterface.td"

def Block_GridQueryAttentionOp
    : Block_DestinationOp<"grid_query_attention",
        [AttrSizedOperandSegments, Block_ReadsDestination,
         DeclareOpInterfaceMethods<Block_TileMapOpInterface,
                                   ["adjustTile"]>]> {
  let summary = "attention of the points of a grid, with its state";
  let description = [{
    `online_attention` whose queries are

    ```
    q[i] = r[i] * [f[i] | onehot(i_1) | onehot(i_2) | ..]
    ```

    for the points `offset + i` of a grid with the places `i_a` on its axes,
    numbered as in `grid_positions`; the offset defaults to 0. All heads read
    the same queries. A key has `F` channels for the features and one for each
    place of each axis, so the score of a point is

    ```
    t[j] = log2(e) * (scale * r[i] * (k_f[j] . f[i] + sum_a k_a[j, i_a]) + c[h, j])
    ```

    Without features `F` is 0. The factors `r` are what `grid_statistics`
    computes, `[B, N]`, or `[N]` for all batch entries. `score_bias [B, H, M]` is
    `c`, 0 without it: what a key adds to its scores whatever the query. State,
    values, `mask` and the order in which a block of keys is added are those of
    `online_attention`. A NaN among the features of a query reaches no other.

    Loops: batch, head, query (parallel), key (reduction).

    Example:

    ```mlir
    %acc1, %m1, %sum1 = block.grid_query_attention
        ins(%r, %k, %v : tensor<?x182528xf32>, tensor<?x2048x928xf32>, tensor<?x2048x512xf32>)
        features(%f : tensor<?x182528x64xf32>)
        outs(%acc, %m, %sum : tensor<?x1x512x182528xf32>, tensor<?x1x182528xf32>, tensor<?x1x182528xf32>)
        grid = [368, 496] heads = 1 scale = 0.0441941738
        -> tensor<?x1x512x182528xf32>, tensor<?x1x182528xf32>, tensor<?x1x182528xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$factors, Block_Shaped:$key,
                       Block_Shaped:$value,
                       Optional<Block_Shaped>:$features,
                       Optional<Block_Shaped>:$mask,
                       Optional<Block_Shaped>:$score_bias,
                       Optional<Index>:$offset,
                       Block_Shaped:$accumulator,
                       Block_Shaped:$maximum, Block_Shaped:$sum,
                       DenseI64ArrayAttr:$grid,
                       I64Attr:$heads, F64Attr:$scale);
  let assemblyFormat = [{
    `ins` `(` $factors `,` $key `,` $value `:`
      type($factors) `,` type($key) `,` type($value) `)`
    (`features` `(` $features^ `:` type($features) `)`)?
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    (`score_bias` `(` $score_bias^ `:` type($score_bias) `)`)?
    (`offset` `(` $offset^ `)`)?
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
    /// Features of a point; 0 without any.
    int64_t getFeatureCount();
    /// Channels of a head of the keys: the features and the places of all axes.
    int64_t getKeyHeadSize();
    /// Channels of a head of the values.
    int64_t getValueHeadSize();
    /// Points of the grid.
    int64_t getPointCount();
  }];
  let lacks = [
    "PreparableOpInterface: no model attends from parameters to parameters alone"
  ];
}

#endif // PERCEIVER_DIALECT_BLOCK_GRIDQUERYOPS_TD
