// perceiver_io.PerceiverIO of lucidrains' perceiver-pytorch. Written by
// perceiver-import for the weights of model.safetensors, under the names that they have there.
//
//   data [batch, rows, 6]
//     encode   5 latents of 12 channels attend to the rows, 2 heads of 6 channels
//     process  3 times self-attention, 3 heads of 4 channels
//     decode   queries of 10 channels attend to the latents
//     -> output [batch, queries, 7]

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// From the inputs to the latents.
func.func @encode(
    %data: tensor<?x?x6xf32> {perceiver.name = "data", perceiver.sizes = ["batch", "rows"]},
    %mask: tensor<?x?xi1> {perceiver.name = "mask", perceiver.sizes = ["batch", "rows"], perceiver.default = true})
    -> (tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  %z = perceiver.encode %latents, %data mask(%mask : tensor<?x?xi1>) heads = 2 qk_channels = 12 v_channels = 12 mlp = gated(gelu_erf)
      weights @encoder without_bias [query, key, value] {masked_rows = #perceiver.masked_rows<uniform>}
      : tensor<5x12xf32>, tensor<?x?x6xf32> -> tensor<?x5x12xf32>
  return %z : tensor<?x5x12xf32>
}

// From latents to latents.
func.func @process(
    %latents: tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %z = perceiver.process iterations = 3 (%0 = %latents : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    %1 = perceiver.self_block %0 heads = 3 qk_channels = 12 v_channels = 12 mlp = gated(gelu_erf)
        weights @self without_bias [query, key, value] : tensor<?x5x12xf32>
    perceiver.yield %1 : tensor<?x5x12xf32>
  }
  return %z : tensor<?x5x12xf32>
}

// From the latents to an output for each query.
func.func @decode(
    %latents: tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %queries: tensor<?x10xf32> {perceiver.name = "queries", perceiver.sizes = ["queries"]})
    -> (tensor<?x?x7xf32> {perceiver.name = "output", perceiver.sizes = ["batch", "queries"]})
    attributes {perceiver.entry} {
  %decoded = perceiver.decode %queries, %latents heads = 2 qk_channels = 12 v_channels = 12 mlp = none
      weights @decoder without_bias [query, key, value] {residual = false}
      : tensor<?x10xf32>, tensor<?x5x12xf32> -> tensor<?x?x10xf32>
  %output = perceiver.project %decoded weight @logits.weight bias @logits.bias
      : tensor<?x?x10xf32> -> tensor<?x?x7xf32>
  return %output : tensor<?x?x7xf32>
}

// All of it.
func.func @run(
    %data: tensor<?x?x6xf32> {perceiver.name = "data", perceiver.sizes = ["batch", "rows"]},
    %mask: tensor<?x?xi1> {perceiver.name = "mask", perceiver.sizes = ["batch", "rows"], perceiver.default = true},
    %queries: tensor<?x10xf32> {perceiver.name = "queries", perceiver.sizes = ["queries"]})
    -> (tensor<?x?x7xf32> {perceiver.name = "output", perceiver.sizes = ["batch", "queries"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%data, %mask) : (tensor<?x?x6xf32>, tensor<?x?xi1>) -> tensor<?x5x12xf32>
  %1 = call @process(%0) : (tensor<?x5x12xf32>) -> tensor<?x5x12xf32>
  %output = call @decode(%1, %queries) : (tensor<?x5x12xf32>, tensor<?x10xf32>) -> tensor<?x?x7xf32>
  return %output : tensor<?x?x7xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

perceiver.parameter @latents : tensor<5x12xf32> key "latents"

// The cross-attention of the encoder.
perceiver.parameter @encoder.q_norm.weight : tensor<12xf32>
    key "cross_attend_blocks.0.norm.weight"
perceiver.parameter @encoder.q_norm.bias : tensor<12xf32>
    key "cross_attend_blocks.0.norm.bias"
perceiver.parameter @encoder.kv_norm.weight : tensor<6xf32>
    key "cross_attend_blocks.0.norm_context.weight"
perceiver.parameter @encoder.kv_norm.bias : tensor<6xf32>
    key "cross_attend_blocks.0.norm_context.bias"
perceiver.parameter @encoder.query.weight : tensor<12x12xf32>
    key "cross_attend_blocks.0.fn.to_q.weight" transpose
perceiver.parameter @encoder.key.weight : tensor<6x12xf32>
    key "cross_attend_blocks.0.fn.to_kv.weight" slice [0:12, 0:6] of [24, 6] transpose
perceiver.parameter @encoder.value.weight : tensor<6x12xf32>
    key "cross_attend_blocks.0.fn.to_kv.weight" slice [12:24, 0:6] of [24, 6] transpose
perceiver.parameter @encoder.output.weight : tensor<12x12xf32>
    key "cross_attend_blocks.0.fn.to_out.weight" transpose
perceiver.parameter @encoder.output.bias : tensor<12xf32>
    key "cross_attend_blocks.0.fn.to_out.bias"
perceiver.parameter @encoder.mlp_norm.weight : tensor<12xf32>
    key "cross_attend_blocks.1.norm.weight"
perceiver.parameter @encoder.mlp_norm.bias : tensor<12xf32>
    key "cross_attend_blocks.1.norm.bias"
perceiver.parameter @encoder.mlp_in.weight : tensor<12x96xf32>
    key "cross_attend_blocks.1.fn.net.0.weight" transpose
perceiver.parameter @encoder.mlp_in.bias : tensor<96xf32>
    key "cross_attend_blocks.1.fn.net.0.bias"
perceiver.parameter @encoder.mlp_out.weight : tensor<48x12xf32>
    key "cross_attend_blocks.1.fn.net.2.weight" transpose
perceiver.parameter @encoder.mlp_out.bias : tensor<12xf32>
    key "cross_attend_blocks.1.fn.net.2.bias"

// The self-attention of the latents.
perceiver.parameter @self.q_norm.weight : tensor<12xf32>
    key "layers.{}.0.norm.weight" count 3
perceiver.parameter @self.q_norm.bias : tensor<12xf32>
    key "layers.{}.0.norm.bias" count 3
perceiver.parameter @self.query.weight : tensor<12x12xf32>
    key "layers.{}.0.fn.to_q.weight" count 3 transpose
perceiver.parameter @self.key.weight : tensor<12x12xf32>
    key "layers.{}.0.fn.to_kv.weight" count 3 slice [0:12, 0:12] of [24, 12] transpose
perceiver.parameter @self.value.weight : tensor<12x12xf32>
    key "layers.{}.0.fn.to_kv.weight" count 3 slice [12:24, 0:12] of [24, 12] transpose
perceiver.parameter @self.output.weight : tensor<12x12xf32>
    key "layers.{}.0.fn.to_out.weight" count 3 transpose
perceiver.parameter @self.output.bias : tensor<12xf32>
    key "layers.{}.0.fn.to_out.bias" count 3
perceiver.parameter @self.mlp_norm.weight : tensor<12xf32>
    key "layers.{}.1.norm.weight" count 3
perceiver.parameter @self.mlp_norm.bias : tensor<12xf32>
    key "layers.{}.1.norm.bias" count 3
perceiver.parameter @self.mlp_in.weight : tensor<12x96xf32>
    key "layers.{}.1.fn.net.0.weight" count 3 transpose
perceiver.parameter @self.mlp_in.bias : tensor<96xf32>
    key "layers.{}.1.fn.net.0.bias" count 3
perceiver.parameter @self.mlp_out.weight : tensor<48x12xf32>
    key "layers.{}.1.fn.net.2.weight" count 3 transpose
perceiver.parameter @self.mlp_out.bias : tensor<12xf32>
    key "layers.{}.1.fn.net.2.bias" count 3

// The cross-attention of the decoder.
perceiver.parameter @decoder.q_norm.weight : tensor<10xf32>
    key "decoder_cross_attn.norm.weight"
perceiver.parameter @decoder.q_norm.bias : tensor<10xf32>
    key "decoder_cross_attn.norm.bias"
perceiver.parameter @decoder.kv_norm.weight : tensor<12xf32>
    key "decoder_cross_attn.norm_context.weight"
perceiver.parameter @decoder.kv_norm.bias : tensor<12xf32>
    key "decoder_cross_attn.norm_context.bias"
perceiver.parameter @decoder.query.weight : tensor<10x12xf32>
    key "decoder_cross_attn.fn.to_q.weight" transpose
perceiver.parameter @decoder.key.weight : tensor<12x12xf32>
    key "decoder_cross_attn.fn.to_kv.weight" slice [0:12, 0:12] of [24, 12] transpose
perceiver.parameter @decoder.value.weight : tensor<12x12xf32>
    key "decoder_cross_attn.fn.to_kv.weight" slice [12:24, 0:12] of [24, 12] transpose
perceiver.parameter @decoder.output.weight : tensor<12x10xf32>
    key "decoder_cross_attn.fn.to_out.weight" transpose
perceiver.parameter @decoder.output.bias : tensor<10xf32>
    key "decoder_cross_attn.fn.to_out.bias"
perceiver.parameter @logits.weight : tensor<10x7xf32>
    key "to_logits.weight" transpose
perceiver.parameter @logits.bias : tensor<7xf32> key "to_logits.bias"
