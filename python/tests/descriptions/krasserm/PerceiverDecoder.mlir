// PerceiverDecoder of krasserm's perceiver-io. Written by perceiver-import for the
// weights of model.safetensors, under the names that they have there.
//
//   decode   1 query attends to the latents, 4 heads; linear layer
//     -> output [batch, 7]

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// From latents to logits.
func.func @run(
    %x_latent: tensor<?x?x12xf32> {perceiver.name = "x_latent", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x7xf32> {perceiver.name = "output", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %query = perceiver.get_parameter @queries : tensor<1x8xf32>
  %0 = perceiver.decode %query, %x_latent heads = 4 qk_channels = 8 v_channels = 8 mlp = gelu_erf
      weights @decoder
      : tensor<1x8xf32>, tensor<?x?x12xf32> -> tensor<?x1x8xf32>
  %decoded = tensor.collapse_shape %0 [[0, 1], [2]] : tensor<?x1x8xf32> into tensor<?x8xf32>
  %logits = perceiver.project %decoded weight @logits.weight bias @logits.bias
      : tensor<?x8xf32> -> tensor<?x7xf32>
  return %logits : tensor<?x7xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

// The queries of the decoder.
perceiver.parameter @queries : tensor<1x8xf32>
    key "output_query_provider._query"

// The cross-attention of the decoder.
perceiver.parameter @decoder.q_norm.weight : tensor<8xf32>
    key "cross_attn.0.module.q_norm.weight"
perceiver.parameter @decoder.q_norm.bias : tensor<8xf32>
    key "cross_attn.0.module.q_norm.bias"
perceiver.parameter @decoder.kv_norm.weight : tensor<12xf32>
    key "cross_attn.0.module.kv_norm.weight"
perceiver.parameter @decoder.kv_norm.bias : tensor<12xf32>
    key "cross_attn.0.module.kv_norm.bias"
perceiver.parameter @decoder.query.weight : tensor<8x8xf32>
    key "cross_attn.0.module.attention.q_proj.weight" transpose
perceiver.parameter @decoder.query.bias : tensor<8xf32>
    key "cross_attn.0.module.attention.q_proj.bias"
perceiver.parameter @decoder.key.weight : tensor<12x8xf32>
    key "cross_attn.0.module.attention.k_proj.weight" transpose
perceiver.parameter @decoder.key.bias : tensor<8xf32>
    key "cross_attn.0.module.attention.k_proj.bias"
perceiver.parameter @decoder.value.weight : tensor<12x8xf32>
    key "cross_attn.0.module.attention.v_proj.weight" transpose
perceiver.parameter @decoder.value.bias : tensor<8xf32>
    key "cross_attn.0.module.attention.v_proj.bias"
perceiver.parameter @decoder.output.weight : tensor<8x8xf32>
    key "cross_attn.0.module.attention.o_proj.weight" transpose
perceiver.parameter @decoder.output.bias : tensor<8xf32>
    key "cross_attn.0.module.attention.o_proj.bias"
perceiver.parameter @decoder.mlp_norm.weight : tensor<8xf32>
    key "cross_attn.1.module.0.weight"
perceiver.parameter @decoder.mlp_norm.bias : tensor<8xf32>
    key "cross_attn.1.module.0.bias"
perceiver.parameter @decoder.mlp_in.weight : tensor<8x8xf32>
    key "cross_attn.1.module.1.weight" transpose
perceiver.parameter @decoder.mlp_in.bias : tensor<8xf32>
    key "cross_attn.1.module.1.bias"
perceiver.parameter @decoder.mlp_out.weight : tensor<8x8xf32>
    key "cross_attn.1.module.3.weight" transpose
perceiver.parameter @decoder.mlp_out.bias : tensor<8xf32>
    key "cross_attn.1.module.3.bias"
perceiver.parameter @logits.weight : tensor<8x7xf32>
    key "output_adapter.linear.weight" transpose
perceiver.parameter @logits.bias : tensor<7xf32>
    key "output_adapter.linear.bias"
