//===- AttentionOps.td - Attention and its running state ---*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_BLOCK_ATTENTIONOPS_TD
#define PERCEIVER_DIALECT_BLOCK_ATTENTIONOPS_TD

include "dialect/Block/DestinationOp.td"
include "dialect/Block/TileMapInterface.td"
include "dialect/Block/WidenableInterface.td"
include "dialect/Model/PerceiverAttrs.td"
include "dialect/Model/TilingAttrInterface.td"

def Block_AttentionOp
    : Block_DestinationOp<"attention",
        [AttrSizedOperandSegments, Perceiver_TakesAlgebra,
         DeclareOpInterfaceMethods<Block_TileMapOpInterface,
                                   ["adjustTile"]>,
         DeclareOpInterfaceMethods<Block_WidenableOpInterface>]> {
  let summary = "multi-head softmax attention";
  let description = [{
    For batch entry `b`, head `h`, query `i` and the keys `j` of that entry:

    ```
    s[j] = scale * sum_c q[b, i, h*dqk + c] * k[b, j, h*dqk + c] + c[b, h, j]
    p    = softmax(s)
    o[b, i, h*dv + c] = sum_j p[j] * v[b, j, h*dv + c]
    lse[b, h, i]      = ln(sum_j exp(s[j]))
    ```

    (Vaswani et al., arXiv 1706.03762, section 3.2; head widths of queries and
    values may differ). The scale defaults to `1 / sqrt(dqk)`. Queries without
    batch are broadcast over it.

    With `kv_heads` there are fewer heads of keys and values, which the heads of
    queries share in groups of equal size: head `h` reads those of
    `h * kv_heads / heads` (Ainslie et al., arXiv 2305.13245; of one, Shazeer,
    arXiv 1911.02150). It is not written where it is `heads`.

    `score_bias [B, H, M]` is `c`, 0 without it: what a key adds to its scores
    whatever the query. It is in the units of scores after the scale.

    `lengths [B]` keeps the first `lengths[b]` keys: none of them if it is
    negative, all if it is above their number. `mask [B, M]` keeps the keys
    where it is true. NaN or infinity in a masked key, its bias or its value
    reaches no result. `masked_rows` says what a row becomes whose keys are all masked.
    The second destination, if there is one, receives the log-sum-exp.

    Loops: batch, head, query.

    Example:

    ```mlir
    %o = block.attention ins(%q, %k, %v : tensor<512x64xf32>, tensor<?x?x64xf32>, tensor<?x?x160xf32>)
        mask(%m : tensor<?x?xi1>) outs(%init : tensor<?x512x160xf32>)
        heads = 2 -> tensor<?x512x160xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$query, Block_Shaped:$key,
                       Block_Shaped:$value,
                       Optional<Block_Shaped>:$lengths,
                       Optional<Block_Shaped>:$mask,
                       Optional<Block_Shaped>:$score_bias,
                       Variadic<Block_Shaped>:$inits,
                       I64Attr:$heads, OptionalAttr<F64Attr>:$scale,
                       OptionalAttr<I64Attr>:$kv_heads,
                       DefaultValuedAttr<Perceiver_MaskedRowsAttr,
                         "::mlir::perceiver::MaskedRows::zero">:$masked_rows);
  let assemblyFormat = [{
    `ins` `(` $query `,` $key `,` $value `:`
      type($query) `,` type($key) `,` type($value) `)`
    (`lengths` `(` $lengths^ `:` type($lengths) `)`)?
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    (`score_bias` `(` $score_bias^ `:` type($score_bias) `)`)?
    `outs` `(` $inits `:` type($inits) `)` `heads` `=` $heads attr-dict
    (`->` type($results)^)?
  }];
  let builders = [
    // Computes the destination; no mask, no bias, no log-sum-exp.
    OpBuilder<(ins "Value":$query, "Value":$key, "Value":$value,
                   "int64_t":$heads)>,
    // Computes the destinations. `lengths`, `mask`, `scale` and `scoreBias` may
    // be null; without `keyHeads` they are `heads`.
    OpBuilder<(ins "Value":$query, "Value":$key, "Value":$value,
                   "Value":$lengths, "Value":$mask, "int64_t":$heads,
                   "FloatAttr":$scale, "MaskedRows":$maskedRows,
                   CArg<"bool", "false">:$withLogSumExp,
                   CArg<"int64_t", "0">:$keyHeads,
                   CArg<"Value", "Value()">:$scoreBias)>
  ];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      return getInitsMutable();
    }
    /// The scale, or its default 1 / sqrt(dqk).
    double getEffectiveScale();
    /// Tilings are handed on to the `online_attention` that it may become.
    bool canSplitKeys() { return true; }
    ::llvm::StringRef getTileLoopName(unsigned loop) {
      return getAttentionLoopName(loop);
    }
    /// Heads of keys and values.
    int64_t getKeyHeads() {
      return static_cast<int64_t>(getKvHeads().value_or(getHeads()));
    }
    /// Head widths of queries and keys, and of values.
    int64_t getQueryHeadSize();
    int64_t getValueHeadSize();
  }];
  let lacks = [
    "CPUStrategyOpInterface: becomes online_attention, which is cut",
    "CPUKernelOpInterface: becomes online_attention, which is lowered",
    "PreparableOpInterface: no model attends from parameters to parameters alone"
  ];
}

def Block_KeyMaskOp
    : Block_DestinationOp<"key_mask",
        [AttrSizedOperandSegments, Block_TileMaps, Block_NoMatrixProduct]> {
  let summary = "the meaning of a mask, one byte to a key";
  let description = [{
    Turns lengths and a boolean mask into what `online_attention` reads: 1 for
    a key that is attended, 0 for one that is not. With `masked_rows = uniform`
    a batch entry whose keys are all masked becomes all 2: each key attends
    with the score -3.4028235e38.

    Example:

    ```mlir
    %m8 = block.key_mask mask(%m : tensor<?x?xi1>) outs(%init : tensor<?x?xi8>)
        {masked_rows = #perceiver.masked_rows<uniform>} -> tensor<?x?xi8>
    ```
  }];
  let arguments = (ins Optional<Block_Shaped>:$lengths,
                       Optional<Block_Shaped>:$mask,
                       Block_Shaped:$init,
                       DefaultValuedAttr<Perceiver_MaskedRowsAttr,
                         "::mlir::perceiver::MaskedRows::zero">:$masked_rows);
  let assemblyFormat = [{
    (`lengths` `(` $lengths^ `:` type($lengths) `)`)?
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    `outs` `(` $init `:` type($init) `)` attr-dict (`->` type($results)^)?
  }];
  let extraClassDeclaration = oneInit;
  let lacks = ["PreparableOpInterface: masks are no parameters"];
}

def Block_OnlineAttentionOp
    : Block_DestinationOp<"online_attention",
        [AttrSizedOperandSegments, Block_ReadsDestination,
         DeclareOpInterfaceMethods<Block_TileMapOpInterface,
                                   ["adjustTile"]>]> {
  let summary = "attention over some of the keys, with its running state";
  let description = [{
    The tile-level form of `attention`: the state of the softmax is in the
    destinations, so keys can be visited a block at a time (Milakov and
    Gimelshein, arXiv 1805.02867; Dao et al., arXiv 2205.14135). With scores in
    units of log2, `t[j] = log2(e) * (scale * q . k[j] + c[j])`, for each query:

    ```
    m'   = max(m, ceil(max_j t[j]))
    sum' = sum * 2^(m - m') + sum_j 2^(t[j] - m')
    acc' = acc * 2^(m - m') + sum_j 2^(t[j] - m') * v[j]
    ```

    The maximum is rounded up to an integer, so that the factors of the sums are
    powers of two and scaling them again and again rounds nothing. The sums over
    `j` begin at 0 and are added to the state once; accumulator and sum may be
    float64, for states that take in many blocks of keys.

    Before the first keys `acc = 0`, `m = -inf`, `sum = 0`; as long as `m` is
    -inf the factors are 0. The accumulator is transposed, `[B, H, dv, N]`, so
    that queries are the vector lanes; maximum and sum are `[B, H, N]`.
    `mask [B, M]` is what `key_mask` makes: a key of 0 takes no part whatever
    it holds, a key of 2 has the score -3.4028235e38. `kv_heads` and
    `score_bias` are those of `attention`.

    Loops: batch, head, query (parallel), key (reduction).

    Example:

    ```mlir
    %acc1, %m1, %sum1 = block.online_attention
        ins(%q, %k, %v : tensor<512x64xf32>, tensor<?x?x64xf32>, tensor<?x?x160xf32>)
        outs(%acc, %m, %sum : tensor<?x2x80x512xf32>, tensor<?x2x512xf32>, tensor<?x2x512xf32>)
        heads = 2 scale = 0.1767767
        -> tensor<?x2x80x512xf32>, tensor<?x2x512xf32>, tensor<?x2x512xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$query, Block_Shaped:$key,
                       Block_Shaped:$value,
                       Optional<Block_Shaped>:$mask,
                       Optional<Block_Shaped>:$score_bias,
                       Block_Shaped:$accumulator,
                       Block_Shaped:$maximum, Block_Shaped:$sum,
                       I64Attr:$heads, F64Attr:$scale,
                       OptionalAttr<I64Attr>:$kv_heads);
  let assemblyFormat = [{
    `ins` `(` $query `,` $key `,` $value `:`
      type($query) `,` type($key) `,` type($value) `)`
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    (`score_bias` `(` $score_bias^ `:` type($score_bias) `)`)?
    `outs` `(` $accumulator `,` $maximum `,` $sum `:`
      type($accumulator) `,` type($maximum) `,` type($sum) `)`
    `heads` `=` $heads `scale` `=` $scale attr-dict (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable();
    ::llvm::StringRef getTileLoopName(unsigned loop) {
      return getAttentionLoopName(loop);
    }
    bool canSplitKeys() { return true; }
    /// Heads of keys and values.
    int64_t getKeyHeads() {
      return static_cast<int64_t>(getKvHeads().value_or(getHeads()));
    }
    /// Head widths of queries and keys, and of values.
    int64_t getQueryHeadSize();
    int64_t getValueHeadSize();
  }];
  let lacks = [
    "PreparableOpInterface: no model attends from parameters to parameters alone"
  ];
}

def Block_MergeAttentionOp
    : Block_DestinationOp<"merge_attention",
        [Block_ReadsDestination, Block_TileMaps, Block_NoMatrixProduct]> {
  let summary = "merge the states of a split key range";
  let description = [{
    The inputs carry a leading dimension of parts, and the destinations a state
    that they are merged into:

    ```
    m'   = max(m, max_s m_s)
    sum' = sum * 2^(m - m') + sum_s sum_s * 2^(m_s - m')
    acc' = acc * 2^(m - m') + sum_s acc_s * 2^(m_s - m')
    ```

    (Milakov and Gimelshein, arXiv 1805.02867, section 3.1, where this is the
    operator of a parallel reduction). A state whose maximum is -inf saw no key
    and counts nothing: `acc = 0`, `m = -inf`, `sum = 0` is where a merge of
    nothing but parts starts. Parts are added in order, so the result does not
    depend on who computed them. The state may have wider sums than its parts.

    Loops: batch, head, query.

    Example:

    ```mlir
    %acc, %m, %sum = block.merge_attention
        ins(%accs, %ms, %sums : tensor<4x?x1x64x256xf32>, tensor<4x?x1x256xf32>, tensor<4x?x1x256xf32>)
        outs(%a, %b, %c : tensor<?x1x64x256xf32>, tensor<?x1x256xf32>, tensor<?x1x256xf32>)
        -> tensor<?x1x64x256xf32>, tensor<?x1x256xf32>, tensor<?x1x256xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$accumulators,
                       Block_Shaped:$maxima, Block_Shaped:$sums,
                       Block_Shaped:$accumulator,
                       Block_Shaped:$maximum, Block_Shaped:$sum);
  let assemblyFormat = [{
    `ins` `(` $accumulators `,` $maxima `,` $sums `:`
      type($accumulators) `,` type($maxima) `,` type($sums) `)`
    `outs` `(` $accumulator `,` $maximum `,` $sum `:`
      type($accumulator) `,` type($maximum) `,` type($sum) `)`
    attr-dict (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable();
    ::llvm::StringRef getTileLoopName(unsigned loop) {
      return getAttentionLoopName(loop);
    }
  }];
  let lacks = [
    "PreparableOpInterface: no model attends from parameters to parameters alone"
  ];
}

def Block_FinishAttentionOp
    : Block_DestinationOp<"finish_attention",
                          [Block_TileMaps, Block_NoMatrixProduct]> {
  let summary = "from the running state of an attention to its result";
  let description = [{
    ```
    o[b, i, h*dv + c] = acc[b, h, c, i] / sum[b, h, i]     (0 where sum is 0)
    lse[b, h, i]      = ln(2) * m[b, h, i] + ln(sum[b, h, i])
    ```

    (Dao et al., arXiv 2205.14135, section 3.1). The log-sum-exp is the optional
    second destination. A row that attends to
    every key with the score -3.4028235e38 (see `key_mask`) has that number,
    not its product with ln(2), plus `ln(sum)`.

    Loops: batch, head, query.

    Example:

    ```mlir
    %o = block.finish_attention
        ins(%acc, %m, %sum : tensor<?x2x80x512xf32>, tensor<?x2x512xf32>, tensor<?x2x512xf32>)
        outs(%init : tensor<?x512x160xf32>) -> tensor<?x512x160xf32>
    ```
  }];
  let arguments = (ins Block_Shaped:$accumulator,
                       Block_Shaped:$maximum, Block_Shaped:$sum,
                       Variadic<Block_Shaped>:$inits);
  let assemblyFormat = [{
    `ins` `(` $accumulator `,` $maximum `,` $sum `:`
      type($accumulator) `,` type($maximum) `,` type($sum) `)`
    `outs` `(` $inits `:` type($inits) `)` attr-dict (`->` type($results)^)?
  }];
  let extraClassDeclaration = [{
    ::mlir::MutableOperandRange getDpsInitsMutable() {
      return getInitsMutable();
    }
    ::llvm::StringRef getTileLoopName(unsigned loop) {
      return getAttentionLoopName(loop);
    }
  }];
  let lacks = [
    "PreparableOpInterface: no model attends from parameters to parameters alone"
  ];
}

#endif // PERCEIVER_DIALECT_BLOCK_ATTENTIONOPS_TD
