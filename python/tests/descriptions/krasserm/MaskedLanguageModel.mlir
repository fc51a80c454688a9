// MaskedLanguageModel of krasserm's perceiver-io. Written by perceiver-import for the
// weights of model.safetensors, under the names that they have there.
//
//   x_masked [batch, rows], ids of 23 tokens
//     encode   5 latents of 12 channels attend to the rows, 3 heads
//     process  2 layers of self-attention with 4 heads, 2 times
//     decode   a query for each place, 2 heads
//     -> output [batch, rows, 23]

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// From ids to the latents.
func.func @encode(
    %x_masked: tensor<?x?xi64> {perceiver.name = "x_masked", perceiver.sizes = ["batch", "rows"], perceiver.bounds = [0, 23]},
    %pad_mask: tensor<?x?xi1> {perceiver.name = "pad_mask", perceiver.sizes = ["batch", "rows"], perceiver.default = false})
    -> (tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c1 = arith.constant 1 : index
  %rows = tensor.dim %x_masked, %c1 : tensor<?x?xi64>
  %c16 = arith.constant 16 : index
  perceiver.require %rows <= %c16, "expected at most 16 tokens"
  %x = perceiver.embedding %x_masked table @tokens positions @places
      : tensor<?x?xi64> -> tensor<?x?x6xf32>
  %keys = perceiver.to_mask %pad_mask {inverted} : tensor<?x?xi1> -> tensor<?x?xi1>
  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  %z = perceiver.encode %latents, %x mask(%keys : tensor<?x?xi1>) heads = 3 qk_channels = 9 v_channels = 15 mlp = gelu_erf
      weights @cross {masked_rows = #perceiver.masked_rows<uniform>}
      : tensor<5x12xf32>, tensor<?x?x6xf32> -> tensor<?x5x12xf32>
  return %z : tensor<?x5x12xf32>
}

// From latents to latents.
func.func @process(
    %latents: tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %z = perceiver.process iterations = 4 (%0 = %latents : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    %1 = perceiver.self_block %0 heads = 4 qk_channels = 12 v_channels = 12 mlp = gelu_erf
        weights @self : tensor<?x5x12xf32>
    perceiver.yield %1 : tensor<?x5x12xf32>
  }
  return %z : tensor<?x5x12xf32>
}

// From the latents to logits of some places.
func.func @decode(
    %latents: tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %positions: tensor<?xi64> {perceiver.name = "positions", perceiver.sizes = ["queries"], perceiver.bounds = [0, 14]})
    -> (tensor<?x?x23xf32> {perceiver.name = "output", perceiver.sizes = ["batch", "queries"]})
    attributes {perceiver.entry} {
  %query = perceiver.embedding %positions table @queries : tensor<?xi64> -> tensor<?x6xf32>
  %decoded = perceiver.decode %query, %latents heads = 2 qk_channels = 6 v_channels = 6 mlp = gelu_erf
      weights @decoder
      : tensor<?x6xf32>, tensor<?x5x12xf32> -> tensor<?x?x6xf32>
  %logits = perceiver.project %decoded weight @logits.weight bias @logits.bias
      : tensor<?x?x6xf32> -> tensor<?x?x23xf32>
  return %logits : tensor<?x?x23xf32>
}

// All of it.
func.func @run(
    %x_masked: tensor<?x?xi64> {perceiver.name = "x_masked", perceiver.sizes = ["batch", "rows"], perceiver.bounds = [0, 23]},
    %pad_mask: tensor<?x?xi1> {perceiver.name = "pad_mask", perceiver.sizes = ["batch", "rows"], perceiver.default = false})
    -> (tensor<?x?x23xf32> {perceiver.name = "output", perceiver.sizes = ["batch", "rows"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%x_masked, %pad_mask) : (tensor<?x?xi64>, tensor<?x?xi1>) -> tensor<?x5x12xf32>
  %1 = call @process(%0) : (tensor<?x5x12xf32>) -> tensor<?x5x12xf32>
  %c1 = arith.constant 1 : index
  %rows = tensor.dim %x_masked, %c1 : tensor<?x?xi64>
  %c14 = arith.constant 14 : index
  perceiver.require %rows <= %c14, "expected at most 14 tokens"
  %queries = perceiver.get_parameter @queries : tensor<14x6xf32>
  %query = tensor.extract_slice %queries[0, 0] [%rows, 6] [1, 1]
      : tensor<14x6xf32> to tensor<?x6xf32>
  %decoded = perceiver.decode %query, %1 heads = 2 qk_channels = 6 v_channels = 6 mlp = gelu_erf
      weights @decoder
      : tensor<?x6xf32>, tensor<?x5x12xf32> -> tensor<?x?x6xf32>
  %logits = perceiver.project %decoded weight @logits.weight bias @logits.bias
      : tensor<?x?x6xf32> -> tensor<?x?x23xf32>
  return %logits : tensor<?x?x23xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

// Tokens and their places in the text.
perceiver.parameter @tokens : tensor<23x6xf32>
    key "0.input_adapter.txt_embedding.weight"
perceiver.parameter @places : tensor<16x6xf32>
    key "0.input_adapter.pos_embedding.weight"
perceiver.parameter @latents : tensor<5x12xf32> key "0.latent_provider._query"

// The cross-attention to the rows.
perceiver.parameter @cross.q_norm.weight : tensor<12xf32>
    key "0.cross_attn_1.0.module.q_norm.weight"
perceiver.parameter @cross.q_norm.bias : tensor<12xf32>
    key "0.cross_attn_1.0.module.q_norm.bias"
perceiver.parameter @cross.kv_norm.weight : tensor<6xf32>
    key "0.cross_attn_1.0.module.kv_norm.weight"
perceiver.parameter @cross.kv_norm.bias : tensor<6xf32>
    key "0.cross_attn_1.0.module.kv_norm.bias"
perceiver.parameter @cross.query.weight : tensor<12x9xf32>
    key "0.cross_attn_1.0.module.attention.q_proj.weight" transpose
perceiver.parameter @cross.query.bias : tensor<9xf32>
    key "0.cross_attn_1.0.module.attention.q_proj.bias"
perceiver.parameter @cross.key.weight : tensor<6x9xf32>
    key "0.cross_attn_1.0.module.attention.k_proj.weight" transpose
perceiver.parameter @cross.key.bias : tensor<9xf32>
    key "0.cross_attn_1.0.module.attention.k_proj.bias"
perceiver.parameter @cross.value.weight : tensor<6x15xf32>
    key "0.cross_attn_1.0.module.attention.v_proj.weight" transpose
perceiver.parameter @cross.value.bias : tensor<15xf32>
    key "0.cross_attn_1.0.module.attention.v_proj.bias"
perceiver.parameter @cross.output.weight : tensor<15x12xf32>
    key "0.cross_attn_1.0.module.attention.o_proj.weight" transpose
perceiver.parameter @cross.output.bias : tensor<12xf32>
    key "0.cross_attn_1.0.module.attention.o_proj.bias"
perceiver.parameter @cross.mlp_norm.weight : tensor<12xf32>
    key "0.cross_attn_1.1.module.0.weight"
perceiver.parameter @cross.mlp_norm.bias : tensor<12xf32>
    key "0.cross_attn_1.1.module.0.bias"
perceiver.parameter @cross.mlp_in.weight : tensor<12x12xf32>
    key "0.cross_attn_1.1.module.1.weight" transpose
perceiver.parameter @cross.mlp_in.bias : tensor<12xf32>
    key "0.cross_attn_1.1.module.1.bias"
perceiver.parameter @cross.mlp_out.weight : tensor<12x12xf32>
    key "0.cross_attn_1.1.module.3.weight" transpose
perceiver.parameter @cross.mlp_out.bias : tensor<12xf32>
    key "0.cross_attn_1.1.module.3.bias"

// The self-attention of the latents.
perceiver.parameter @self.q_norm.weight : tensor<12xf32>
    key "0.self_attn_1.{}.0.module.norm.weight" count 2
perceiver.parameter @self.q_norm.bias : tensor<12xf32>
    key "0.self_attn_1.{}.0.module.norm.bias" count 2
perceiver.parameter @self.query.weight : tensor<12x12xf32>
    key "0.self_attn_1.{}.0.module.attention.q_proj.weight" count 2 transpose
perceiver.parameter @self.query.bias : tensor<12xf32>
    key "0.self_attn_1.{}.0.module.attention.q_proj.bias" count 2
perceiver.parameter @self.key.weight : tensor<12x12xf32>
    key "0.self_attn_1.{}.0.module.attention.k_proj.weight" count 2 transpose
perceiver.parameter @self.key.bias : tensor<12xf32>
    key "0.self_attn_1.{}.0.module.attention.k_proj.bias" count 2
perceiver.parameter @self.value.weight : tensor<12x12xf32>
    key "0.self_attn_1.{}.0.module.attention.v_proj.weight" count 2 transpose
perceiver.parameter @self.value.bias : tensor<12xf32>
    key "0.self_attn_1.{}.0.module.attention.v_proj.bias" count 2
perceiver.parameter @self.output.weight : tensor<12x12xf32>
    key "0.self_attn_1.{}.0.module.attention.o_proj.weight" count 2 transpose
perceiver.parameter @self.output.bias : tensor<12xf32>
    key "0.self_attn_1.{}.0.module.attention.o_proj.bias" count 2
perceiver.parameter @self.mlp_norm.weight : tensor<12xf32>
    key "0.self_attn_1.{}.1.module.0.weight" count 2
perceiver.parameter @self.mlp_norm.bias : tensor<12xf32>
    key "0.self_attn_1.{}.1.module.0.bias" count 2
perceiver.parameter @self.mlp_in.weight : tensor<12x12xf32>
    key "0.self_attn_1.{}.1.module.1.weight" count 2 transpose
perceiver.parameter @self.mlp_in.bias : tensor<12xf32>
    key "0.self_attn_1.{}.1.module.1.bias" count 2
perceiver.parameter @self.mlp_out.weight : tensor<12x12xf32>
    key "0.self_attn_1.{}.1.module.3.weight" count 2 transpose
perceiver.parameter @self.mlp_out.bias : tensor<12xf32>
    key "0.self_attn_1.{}.1.module.3.bias" count 2

// The queries of the decoder.
perceiver.parameter @queries : tensor<14x6xf32>
    key "1.output_query_provider._query"

// The cross-attention of the decoder.
perceiver.parameter @decoder.q_norm.weight : tensor<6xf32>
    key "1.cross_attn.0.module.q_norm.weight"
perceiver.parameter @decoder.q_norm.bias : tensor<6xf32>
    key "1.cross_attn.0.module.q_norm.bias"
perceiver.parameter @decoder.kv_norm.weight : tensor<12xf32>
    key "1.cross_attn.0.module.kv_norm.weight"
perceiver.parameter @decoder.kv_norm.bias : tensor<12xf32>
    key "1.cross_attn.0.module.kv_norm.bias"
perceiver.parameter @decoder.query.weight : tensor<6x6xf32>
    key "1.cross_attn.0.module.attention.q_proj.weight" transpose
perceiver.parameter @decoder.query.bias : tensor<6xf32>
    key "1.cross_attn.0.module.attention.q_proj.bias"
perceiver.parameter @decoder.key.weight : tensor<12x6xf32>
    key "1.cross_attn.0.module.attention.k_proj.weight" transpose
perceiver.parameter @decoder.key.bias : tensor<6xf32>
    key "1.cross_attn.0.module.attention.k_proj.bias"
perceiver.parameter @decoder.value.weight : tensor<12x6xf32>
    key "1.cross_attn.0.module.attention.v_proj.weight" transpose
perceiver.parameter @decoder.value.bias : tensor<6xf32>
    key "1.cross_attn.0.module.attention.v_proj.bias"
perceiver.parameter @decoder.output.weight : tensor<6x6xf32>
    key "1.cross_attn.0.module.attention.o_proj.weight" transpose
perceiver.parameter @decoder.output.bias : tensor<6xf32>
    key "1.cross_attn.0.module.attention.o_proj.bias"
perceiver.parameter @decoder.mlp_norm.weight : tensor<6xf32>
    key "1.cross_attn.1.module.0.weight"
perceiver.parameter @decoder.mlp_norm.bias : tensor<6xf32>
    key "1.cross_attn.1.module.0.bias"
perceiver.parameter @decoder.mlp_in.weight : tensor<6x6xf32>
    key "1.cross_attn.1.module.1.weight" transpose
perceiver.parameter @decoder.mlp_in.bias : tensor<6xf32>
    key "1.cross_attn.1.module.1.bias"
perceiver.parameter @decoder.mlp_out.weight : tensor<6x6xf32>
    key "1.cross_attn.1.module.3.weight" transpose
perceiver.parameter @decoder.mlp_out.bias : tensor<6xf32>
    key "1.cross_attn.1.module.3.bias"

// Logits share the table of tokens.
perceiver.parameter @logits.weight : tensor<6x23xf32>
    key "0.input_adapter.txt_embedding.weight" transpose
perceiver.parameter @logits.bias : tensor<23xf32> key "1.output_adapter.bias"
