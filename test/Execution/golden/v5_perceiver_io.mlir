// A tiny lucidrains PerceiverIO with `decoder_ff = True`: inputs of 6 channels, 4
// latents of 16, queries of 10 without residual. Lengths are dynamic.

perceiver.parameter @latents : tensor<4x16xf32> key "latents"

perceiver.parameter @encoder.q_norm.weight : tensor<16xf32>
    key "cross_attend_blocks.0.norm.weight"
perceiver.parameter @encoder.q_norm.bias : tensor<16xf32>
    key "cross_attend_blocks.0.norm.bias"
perceiver.parameter @encoder.kv_norm.weight : tensor<6xf32>
    key "cross_attend_blocks.0.norm_context.weight"
perceiver.parameter @encoder.kv_norm.bias : tensor<6xf32>
    key "cross_attend_blocks.0.norm_context.bias"
perceiver.parameter @encoder.query.weight : tensor<16x8xf32>
    key "cross_attend_blocks.0.fn.to_q.weight" transpose
perceiver.parameter @encoder.key.weight : tensor<6x8xf32>
    key "cross_attend_blocks.0.fn.to_kv.weight" slice [0:8, 0:6] of [16, 6] transpose
perceiver.parameter @encoder.value.weight : tensor<6x8xf32>
    key "cross_attend_blocks.0.fn.to_kv.weight" slice [8:16, 0:6] of [16, 6] transpose
perceiver.parameter @encoder.output.weight : tensor<8x16xf32>
    key "cross_attend_blocks.0.fn.to_out.weight" transpose
perceiver.parameter @encoder.output.bias : tensor<16xf32>
    key "cross_attend_blocks.0.fn.to_out.bias"
perceiver.parameter @encoder.mlp_norm.weight : tensor<16xf32>
    key "cross_attend_blocks.1.norm.weight"
perceiver.parameter @encoder.mlp_norm.bias : tensor<16xf32>
    key "cross_attend_blocks.1.norm.bias"
perceiver.parameter @encoder.mlp_in.weight : tensor<16x128xf32>
    key "cross_attend_blocks.1.fn.net.0.weight" transpose
perceiver.parameter @encoder.mlp_in.bias : tensor<128xf32>
    key "cross_attend_blocks.1.fn.net.0.bias"
perceiver.parameter @encoder.mlp_out.weight : tensor<64x16xf32>
    key "cross_attend_blocks.1.fn.net.2.weight" transpose
perceiver.parameter @encoder.mlp_out.bias : tensor<16xf32>
    key "cross_attend_blocks.1.fn.net.2.bias"

perceiver.parameter @self.q_norm.weight : tensor<16xf32>
    key "layers.{}.0.norm.weight" count 2
perceiver.parameter @self.q_norm.bias : tensor<16xf32>
    key "layers.{}.0.norm.bias" count 2
perceiver.parameter @self.query.weight : tensor<16x16xf32>
    key "layers.{}.0.fn.to_q.weight" count 2 transpose
perceiver.parameter @self.key.weight : tensor<16x16xf32>
    key "layers.{}.0.fn.to_kv.weight" count 2 slice [0:16, 0:16] of [32, 16] transpose
perceiver.parameter @self.value.weight : tensor<16x16xf32>
    key "layers.{}.0.fn.to_kv.weight" count 2 slice [16:32, 0:16] of [32, 16] transpose
perceiver.parameter @self.output.weight : tensor<16x16xf32>
    key "layers.{}.0.fn.to_out.weight" count 2 transpose
perceiver.parameter @self.output.bias : tensor<16xf32>
    key "layers.{}.0.fn.to_out.bias" count 2
perceiver.parameter @self.mlp_norm.weight : tensor<16xf32>
    key "layers.{}.1.norm.weight" count 2
perceiver.parameter @self.mlp_norm.bias : tensor<16xf32>
    key "layers.{}.1.norm.bias" count 2
perceiver.parameter @self.mlp_in.weight : tensor<16x128xf32>
    key "layers.{}.1.fn.net.0.weight" count 2 transpose
perceiver.parameter @self.mlp_in.bias : tensor<128xf32>
    key "layers.{}.1.fn.net.0.bias" count 2
perceiver.parameter @self.mlp_out.weight : tensor<64x16xf32>
    key "layers.{}.1.fn.net.2.weight" count 2 transpose
perceiver.parameter @self.mlp_out.bias : tensor<16xf32>
    key "layers.{}.1.fn.net.2.bias" count 2

perceiver.parameter @decoder.q_norm.weight : tensor<10xf32>
    key "decoder_cross_attn.norm.weight"
perceiver.parameter @decoder.q_norm.bias : tensor<10xf32>
    key "decoder_cross_attn.norm.bias"
perceiver.parameter @decoder.kv_norm.weight : tensor<16xf32>
    key "decoder_cross_attn.norm_context.weight"
perceiver.parameter @decoder.kv_norm.bias : tensor<16xf32>
    key "decoder_cross_attn.norm_context.bias"
perceiver.parameter @decoder.query.weight : tensor<10x8xf32>
    key "decoder_cross_attn.fn.to_q.weight" transpose
perceiver.parameter @decoder.key.weight : tensor<16x8xf32>
    key "decoder_cross_attn.fn.to_kv.weight" slice [0:8, 0:16] of [16, 16] transpose
perceiver.parameter @decoder.value.weight : tensor<16x8xf32>
    key "decoder_cross_attn.fn.to_kv.weight" slice [8:16, 0:16] of [16, 16] transpose
perceiver.parameter @decoder.output.weight : tensor<8x10xf32>
    key "decoder_cross_attn.fn.to_out.weight" transpose
perceiver.parameter @decoder.output.bias : tensor<10xf32>
    key "decoder_cross_attn.fn.to_out.bias"
perceiver.parameter @decoder.mlp_norm.weight : tensor<10xf32>
    key "decoder_ff.norm.weight"
perceiver.parameter @decoder.mlp_norm.bias : tensor<10xf32>
    key "decoder_ff.norm.bias"
perceiver.parameter @decoder.mlp_in.weight : tensor<10x80xf32>
    key "decoder_ff.fn.net.0.weight" transpose
perceiver.parameter @decoder.mlp_in.bias : tensor<80xf32>
    key "decoder_ff.fn.net.0.bias"
perceiver.parameter @decoder.mlp_out.weight : tensor<40x10xf32>
    key "decoder_ff.fn.net.2.weight" transpose
perceiver.parameter @decoder.mlp_out.bias : tensor<10xf32>
    key "decoder_ff.fn.net.2.bias"
perceiver.parameter @logits.weight : tensor<10x7xf32> key "to_logits.weight" transpose
perceiver.parameter @logits.bias : tensor<7xf32> key "to_logits.bias"

func.func @encode(%data: tensor<?x?x6xf32> {perceiver.name = "data", perceiver.sizes = ["batch", "length"]})
    -> (tensor<?x4x16xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %latents = perceiver.get_parameter @latents : tensor<4x16xf32>
  %0 = perceiver.encode %latents, %data
      heads = 1 qk_channels = 8 v_channels = 8 mlp = gated(gelu_erf)
      weights @encoder without_bias [query, key, value]
      : tensor<4x16xf32>, tensor<?x?x6xf32> -> tensor<?x4x16xf32>
  %z = perceiver.process iterations = 2 (%state = %0 : tensor<?x4x16xf32>) -> tensor<?x4x16xf32> {
    %1 = perceiver.self_block %state heads = 2 qk_channels = 16 v_channels = 16 mlp = gated(gelu_erf)
        weights @self without_bias [query, key, value] : tensor<?x4x16xf32>
    perceiver.yield %1 : tensor<?x4x16xf32>
  }
  return %z : tensor<?x4x16xf32>
}

func.func @decode(%queries: tensor<?x10xf32> {perceiver.name = "queries", perceiver.sizes = ["outputs"]},
                  %latents: tensor<?x4x16xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x?x7xf32> {perceiver.name = "logits", perceiver.sizes = ["batch", "outputs"]})
    attributes {perceiver.entry} {
  %y = perceiver.decode %queries, %latents heads = 1 qk_channels = 8 v_channels = 8 mlp = gated(gelu_erf)
      weights @decoder without_bias [query, key, value] {residual = false}
      : tensor<?x10xf32>, tensor<?x4x16xf32> -> tensor<?x?x10xf32>
  %logits = perceiver.project %y weight @logits.weight bias @logits.bias
      : tensor<?x?x10xf32> -> tensor<?x?x7xf32>
  return %logits : tensor<?x?x7xf32>
}

func.func @run(%data: tensor<?x?x6xf32> {perceiver.name = "data", perceiver.sizes = ["batch", "length"]},
               %queries: tensor<?x10xf32> {perceiver.name = "queries", perceiver.sizes = ["outputs"]})
    -> (tensor<?x?x7xf32> {perceiver.name = "logits", perceiver.sizes = ["batch", "outputs"]})
    attributes {perceiver.entry} {
  %latents = call @encode(%data) : (tensor<?x?x6xf32>) -> tensor<?x4x16xf32>
  %logits = call @decode(%queries, %latents) : (tensor<?x10xf32>, tensor<?x4x16xf32>) -> tensor<?x?x7xf32>
  return %logits : tensor<?x?x7xf32>
}
