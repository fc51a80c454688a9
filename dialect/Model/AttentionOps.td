//===- AttentionOps.td - Attention blocks of a model -------*- tablegen -*-===//
//
// Part of the Perceiver compiler, under the Apache License v2.0 with LLVM
// Exceptions. See LICENSE for license information.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Encode, decode and the blocks that `process` repeats, as the papers draw them:
// attention with its layers. Weights are bound by name.
//
//===----------------------------------------------------------------------===//

#ifndef PERCEIVER_DIALECT_MODEL_ATTENTIONOPS_TD
#define PERCEIVER_DIALECT_MODEL_ATTENTIONOPS_TD

include "dialect/Model/AttentionBlockInterface.td"
include "dialect/Model/PerceiverAttrs.td"
include "mlir/IR/SymbolInterfaces.td"
include "mlir/Interfaces/SideEffectInterfaces.td"


class Perceiver_AttentionBlockOp<string mnemonic, list<Trait> traits = []>
    : Perceiver_Op<mnemonic, traits # [
        Pure, Perceiver_TakesAlgebra, Perceiver_AttentionBlockOpInterface,
        DeclareOpInterfaceMethods<SymbolUserOpInterface>]> {
  let results = (outs AnyRankedTensor:$result);
  let hasVerifier = 1;
  dag blockAttributes = (ins
      I64Attr:$heads, I64Attr:$qk_channels, I64Attr:$v_channels,
      Perceiver_ActivationAttr:$mlp, DictionaryAttr:$weights,
      DefaultValuedAttr<BoolAttr, "true">:$residual,
      DefaultValuedAttr<F64Attr, "1e-5">:$epsilon,
      OptionalAttr<F64Attr>:$scale);
}

class Perceiver_CrossAttentionOp<string mnemonic>
    : Perceiver_AttentionBlockOp<mnemonic, [AttrSizedOperandSegments]> {
  let arguments = !con((ins AnyRankedTensor:$query, AnyRankedTensor:$source,
                            Optional<AnyRankedTensor>:$lengths,
                            Optional<AnyRankedTensor>:$mask,
                            Optional<AnyRankedTensor>:$query_mask),
                       blockAttributes,
                       (ins DefaultValuedAttr<Perceiver_MaskedRowsAttr,
                         "::mlir::perceiver::MaskedRows::zero">:$masked_rows));
  let assemblyFormat = [{
    $query `,` $source
    (`lengths` `(` $lengths^ `:` type($lengths) `)`)?
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    (`query_mask` `(` $query_mask^ `:` type($query_mask) `)`)?
    `heads` `=` $heads `qk_channels` `=` $qk_channels
    `v_channels` `=` $v_channels `mlp` `=` custom<Activation>($mlp)
    `weights` custom<CrossWeights>($weights, ref($mlp)) attr-dict
    `:` type($query) `,` type($source) `->` type($result)
  }];
}

def Perceiver_AttendOp : Perceiver_Op<"attend", [AttrSizedOperandSegments, Perceiver_TakesAlgebra,
                              Pure]> {
  let summary = "multi-head softmax attention";
  let description = [{
    For batch entry `b`, head `h`, query `i` and the keys `j` of that entry:

    ```
    s[j] = scale * sum_c q[b, i, h*dqk + c] * k[b, j, h*dqk + c]
    p    = softmax(s)
    o[b, i, h*dv + c] = sum_j p[j] * v[b, j, h*dv + c]
    lse[b, h, i]      = ln(sum_j exp(s[j]))
    ```

    (Vaswani et al., arXiv 1706.03762, section 3.2; head widths of queries and
    values may differ). The scale defaults to `1 / sqrt(dqk)`. A query without
    batch, `[N, H dqk]`, is broadcast over it.

    `lengths [B]` keeps the first `lengths[b]` keys: none of them if it is
    negative, all if it is above their number. `mask [B, M]` keeps the keys
    where it is true. NaN or infinity in a masked key or value reaches no
    result. `masked_rows` says what a row becomes whose keys are all masked.
    The second result, if there is one, is the log-sum-exp.

    `query_mask [B, N]` keeps the queries where it is true; another one becomes
    0 and has the log-sum-exp -inf, whatever it holds. It goes with `masked_rows
    = zero` alone.

    Queries, keys and values are what a description computes them from, or
    arguments; the blocks, such as `cross_block`, have linear layers around
    their attention.

    Example:

    ```mlir
    func.func @f(%q: tensor<512x64xf32>, %k: tensor<?x?x64xf32>, %v: tensor<?x?x160xf32>,
                 %m: tensor<?x?xi1>) -> (tensor<?x512x160xf32>, tensor<?x2x512xf32>) {
      %o, %lse = perceiver.attend %q, %k, %v mask(%m : tensor<?x?xi1>) heads = 2
          : tensor<512x64xf32>, tensor<?x?x64xf32>, tensor<?x?x160xf32>
          -> tensor<?x512x160xf32>, tensor<?x2x512xf32>
      return %o, %lse : tensor<?x512x160xf32>, tensor<?x2x512xf32>
    }
    ```
  }];
  let arguments = (ins AnyRankedTensor:$query, AnyRankedTensor:$key,
                       AnyRankedTensor:$value,
                       Optional<AnyRankedTensor>:$lengths,
                       Optional<AnyRankedTensor>:$mask,
                       Optional<AnyRankedTensor>:$query_mask, I64Attr:$heads,
                       OptionalAttr<F64Attr>:$scale,
                       DefaultValuedAttr<Perceiver_MaskedRowsAttr,
                         "::mlir::perceiver::MaskedRows::zero">:$masked_rows);
  let results = (outs AnyRankedTensor:$result,
                      Optional<AnyRankedTensor>:$log_sum_exp);
  let assemblyFormat = [{
    $query `,` $key `,` $value
    (`lengths` `(` $lengths^ `:` type($lengths) `)`)?
    (`mask` `(` $mask^ `:` type($mask) `)`)?
    (`query_mask` `(` $query_mask^ `:` type($query_mask) `)`)?
    `heads` `=` $heads attr-dict
    `:` type($query) `,` type($key) `,` type($value)
    `->` type($result) (`,` type($log_sum_exp)^)?
  }];
  let hasVerifier = 1;
}

def Perceiver_CrossBlockOp : Perceiver_CrossAttentionOp<"cross_block"> {
  let summary = "cross-attention and an MLP";
  let description = [{
    ```
    n = q_norm(query)                          m = kv_norm(source)
    a = attention(query(n), key(m), value(m))
    x = output(a) + query                      (without the query if residual = false)
    y = x + mlp_out(f(mlp_in(mlp_norm(x))))    (y = x if mlp = none)
    ```

    (Perceiver IO, arXiv 2107.14795, section 3.1 and appendix D). The names
    are layers: `q_norm`, `kv_norm` and `mlp_norm` are layer normalisations
    with `epsilon > 0`, the others linear layers; `attention` is `attend` with
    `heads` and `scale`; `f` is the activation `mlp`. Query and key have `qk_channels`, the value `v_channels`; neither
    depends on the channels of `query` and `source`.

    `query` is `[N, D]`, which is broadcast over the batch, or `[B, N, D]`;
    `source` is `[B, M, C]`. `lengths [B]` keeps the first rows of `source`,
    `mask [B, M]` those where it is true; both, and `masked_rows`, restrict the
    keys as in `attend`, where a length below 0 counts as 0 and one above
    `M` as `M`. Of a query that `query_mask [B, N]` leaves out `a` is 0, so that
    `x` is the bias of `output`, and the query if there is a residual.

    `weights` binds each layer to parameters:

    * `weights @encoder` is short for the symbols `@encoder.q_norm.weight`,
      `@encoder.q_norm.bias`, `@encoder.kv_norm.weight` and so on for all
      layers of the block, `without_bias [query, key, value]` for the same
      less the biases of these layers;
    * `weights {query = [@w, @b], key = [@v], ..}` spells them out: weight
      and, if there is one, bias. A layer normalisation that is not bound
      does not exist.

    Inside of `process` a parameter may be a family: the block then reads the
    member with the number of the iteration.

    Example:

    ```mlir
    perceiver.parameter @cross.q_norm.weight : tensor<512xf32> key "layers.{}.0.norm.weight" count 6
    perceiver.parameter @cross.q_norm.bias : tensor<512xf32> key "layers.{}.0.norm.bias" count 6
    perceiver.parameter @cross.kv_norm.weight : tensor<29xf32> key "layers.{}.0.norm_context.weight" count 6
    perceiver.parameter @cross.kv_norm.bias : tensor<29xf32> key "layers.{}.0.norm_context.bias" count 6
    perceiver.parameter @cross.query.weight : tensor<512x64xf32> key "layers.{}.0.fn.to_q.weight" count 6 transpose
    perceiver.parameter @cross.key.weight : tensor<29x64xf32>
        key "layers.{}.0.fn.to_kv.weight" count 6 slice [0:64, 0:29] of [128, 29] transpose
    perceiver.parameter @cross.value.weight : tensor<29x64xf32>
        key "layers.{}.0.fn.to_kv.weight" count 6 slice [64:128, 0:29] of [128, 29] transpose
    perceiver.parameter @cross.output.weight : tensor<64x512xf32> key "layers.{}.0.fn.to_out.weight" count 6 transpose
    perceiver.parameter @cross.output.bias : tensor<512xf32> key "layers.{}.0.fn.to_out.bias" count 6

    func.func @f(%latents: tensor<?x256x512xf32>, %data: tensor<?x?x29xf32>) -> tensor<?x256x512xf32> {
      %y = perceiver.process iterations = 6 (%z = %latents : tensor<?x256x512xf32>) -> tensor<?x256x512xf32> {
        %0 = perceiver.cross_block %z, %data heads = 1 qk_channels = 64 v_channels = 64
            mlp = none weights @cross without_bias [query, key, value]
            : tensor<?x256x512xf32>, tensor<?x?x29xf32> -> tensor<?x256x512xf32>
        perceiver.yield %0 : tensor<?x256x512xf32>
      }
      return %y : tensor<?x256x512xf32>
    }
    ```
  }];
}

def Perceiver_EncodeOp : Perceiver_CrossAttentionOp<"encode"> {
  let summary = "from the input array to the latents";
  let description = [{
    `z = cross_block(latents, inputs)`: latents are the query, inputs the source
    (Perceiver IO, arXiv 2107.14795, section 3.1). The name says which part of
    the model this is; semantics and bindings are those of `cross_block`.

    Example:

    ```mlir
    perceiver.parameter @latents : tensor<512x1024xf32> key "embeddings.latents"
    perceiver.parameter @encoder.query.weight : tensor<1024x261xf32> key "query.weight" transpose
    perceiver.parameter @encoder.query.bias : tensor<261xf32> key "query.bias"
    perceiver.parameter @encoder.key.weight : tensor<261x261xf32> key "key.weight" transpose
    perceiver.parameter @encoder.value.weight : tensor<261x261xf32> key "value.weight" transpose
    perceiver.parameter @encoder.output.weight : tensor<261x1024xf32> key "dense.weight" transpose

    func.func @encode(%x: tensor<?x50176x261xf32>, %length: tensor<?xi64>) -> tensor<?x512x1024xf32> {
      %latents = perceiver.get_parameter @latents : tensor<512x1024xf32>
      %z = perceiver.encode %latents, %x lengths(%length : tensor<?xi64>)
          heads = 1 qk_channels = 261 v_channels = 261 mlp = none
          weights {query = [@encoder.query.weight, @encoder.query.bias], key = [@encoder.key.weight],
                   value = [@encoder.value.weight], output = [@encoder.output.weight]}
          : tensor<512x1024xf32>, tensor<?x50176x261xf32> -> tensor<?x512x1024xf32>
      return %z : tensor<?x512x1024xf32>
    }
    ```
  }];
}

def Perceiver_DecodeOp : Perceiver_CrossAttentionOp<"decode"> {
  let summary = "from the latents to the outputs";
  let description = [{
    `y = cross_block(query, latents)`: the query has a row for each output
    (Perceiver IO, arXiv 2107.14795, section 3.2). Semantics and bindings are
    those of `cross_block`; queries that share nothing with their result set
    `residual = false`. A projection to the classes follows as `project`.

    Example:

    ```mlir
    perceiver.parameter @classes : tensor<1x10xf32> key "output_query"
    perceiver.parameter @w : tensor<10x32xf32> key "decoder.query.weight" transpose
    perceiver.parameter @k : tensor<32x32xf32> key "decoder.key.weight" transpose
    perceiver.parameter @v : tensor<32x32xf32> key "decoder.value.weight" transpose
    perceiver.parameter @o : tensor<32x10xf32> key "decoder.output.weight" transpose

    func.func @decode(%z: tensor<?x8x32xf32>) -> tensor<?x1x10xf32> {
      %query = perceiver.get_parameter @classes : tensor<1x10xf32>
      %y = perceiver.decode %query, %z heads = 4 qk_channels = 32 v_channels = 32 mlp = none
          weights {query = [@w], key = [@k], value = [@v], output = [@o]} {residual = false}
          : tensor<1x10xf32>, tensor<?x8x32xf32> -> tensor<?x1x10xf32>
      return %y : tensor<?x1x10xf32>
    }
    ```
  }];
}

def Perceiver_SelfBlockOp
    : Perceiver_AttentionBlockOp<"self_block", [AllTypesMatch<["latents", "result"]>]> {
  let summary = "self-attention and an MLP";
  let description = [{
    ```
    n = q_norm(z)
    x = output(attention(query(n), key(n), value(n))) + z
    y = x + mlp_out(f(mlp_in(mlp_norm(x))))
    ```

    A layer of the latent transformer (Perceiver, arXiv 2103.03206, section
    3.1). Attributes and bindings are those of `cross_block`, without
    `kv_norm`.

    Example:

    ```mlir
    perceiver.parameter @q : tensor<32x32xf32> key "layers.{}.q" count 2 transpose
    perceiver.parameter @k : tensor<32x32xf32> key "layers.{}.k" count 2 transpose
    perceiver.parameter @v : tensor<32x32xf32> key "layers.{}.v" count 2 transpose
    perceiver.parameter @o : tensor<32x32xf32> key "layers.{}.o" count 2 transpose
    perceiver.parameter @up : tensor<32x128xf32> key "layers.{}.up" count 2 transpose
    perceiver.parameter @down : tensor<64x32xf32> key "layers.{}.down" count 2 transpose

    // Two layers, applied eight times in turn.
    func.func @process(%z: tensor<?x8x32xf32>) -> tensor<?x8x32xf32> {
      %y = perceiver.process iterations = 16 (%state = %z : tensor<?x8x32xf32>) -> tensor<?x8x32xf32> {
        %0 = perceiver.self_block %state heads = 4 qk_channels = 32 v_channels = 32 mlp = gated(gelu_erf)
            weights {query = [@q], key = [@k], value = [@v], output = [@o], mlp_in = [@up], mlp_out = [@down]}
            : tensor<?x8x32xf32>
        perceiver.yield %0 : tensor<?x8x32xf32>
      }
      return %y : tensor<?x8x32xf32>
    }
    ```
  }];
  let arguments = !con((ins AnyRankedTensor:$latents), blockAttributes);
  let assemblyFormat = [{
    $latents `heads` `=` $heads `qk_channels` `=` $qk_channels
    `v_channels` `=` $v_channels `mlp` `=` custom<Activation>($mlp)
    `weights` custom<SelfWeights>($weights, ref($mlp)) attr-dict
    `:` type($latents)
  }];
  let extraClassDeclaration = [{
    // What a cross-attention has in addition.
    ::mlir::Value getQuery() { return getLatents(); }
    ::mlir::Value getSource() { return {}; }
    ::mlir::Value getLengths() { return {}; }
    ::mlir::Value getMask() { return {}; }
    ::mlir::Value getQueryMask() { return {}; }
    ::mlir::perceiver::MaskedRows getMaskedRows() { return MaskedRows::zero; }
  }];
}

#endif // PERCEIVER_DIALECT_MODEL_ATTENTIONOPS_TD
