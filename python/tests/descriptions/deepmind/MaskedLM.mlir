// Perceiver of DeepMind. Written by perceiver-import for the weights of
// model.safetensors, under the names that they have there.
//
//   inputs [batch, 12], ids of 23 tokens
//     encode   8 latents of 32 channels attend to the rows, 4 heads
//     process  2 layers of self-attention with 4 heads
//     decode   a query for each place attends to the latents, 8 heads
//     -> output [batch, 12, 23]

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// From the inputs to the latents.
func.func @encode(
    %inputs: tensor<?x12xi64> {perceiver.name = "inputs", perceiver.sizes = ["batch"], perceiver.bounds = [0, 23]},
    %input_mask: tensor<?x12xi32> {perceiver.name = "input_mask", perceiver.sizes = ["batch"], perceiver.default = true})
    -> (tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %x = perceiver.embedding %inputs table @tokens positions @places
      : tensor<?x12xi64> -> tensor<?x12x24xf32>
  %keys = perceiver.to_mask %input_mask : tensor<?x12xi32> -> tensor<?x12xi1>
  %latents = perceiver.get_parameter @latents : tensor<8x32xf32>
  %z = perceiver.encode %latents, %x mask(%keys : tensor<?x12xi1>) heads = 4 qk_channels = 16 v_channels = 32 mlp = gelu_tanh
      weights @encoder
      : tensor<8x32xf32>, tensor<?x12x24xf32> -> tensor<?x8x32xf32>
  return %z : tensor<?x8x32xf32>
}

// From latents to latents.
func.func @process(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %z = perceiver.process iterations = 1 (%0 = %latents : tensor<?x8x32xf32>) -> tensor<?x8x32xf32> {
    %1 = perceiver.self_block %0 heads = 4 qk_channels = 16 v_channels = 32 mlp = gelu_tanh
        weights @first_self : tensor<?x8x32xf32>
    %2 = perceiver.process iterations = 1 (%3 = %1 : tensor<?x8x32xf32>) -> tensor<?x8x32xf32> {
      %4 = perceiver.self_block %3 heads = 4 qk_channels = 16 v_channels = 32 mlp = gelu_tanh
          weights @self : tensor<?x8x32xf32>
      perceiver.yield %4 : tensor<?x8x32xf32>
    }
    perceiver.yield %2 : tensor<?x8x32xf32>
  }
  return %z : tensor<?x8x32xf32>
}

// From the latents to logits of some places.
func.func @decode(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %positions: tensor<?xi64> {perceiver.name = "positions", perceiver.sizes = ["queries"], perceiver.bounds = [0, 12]})
    -> (tensor<?x?x23xf32> {perceiver.name = "output", perceiver.sizes = ["batch", "queries"]})
    attributes {perceiver.entry} {
  %query = perceiver.embedding %positions table @queries.table : tensor<?xi64> -> tensor<?x24xf32>
  %decoded = perceiver.decode %query, %latents heads = 8 qk_channels = 256 v_channels = 24 mlp = gelu_tanh
      weights @decoder {residual = false}
      : tensor<?x24xf32>, tensor<?x8x32xf32> -> tensor<?x?x24xf32>
  %output = perceiver.project %decoded weight @logits.weight bias @logits.bias
      : tensor<?x?x24xf32> -> tensor<?x?x23xf32>
  return %output : tensor<?x?x23xf32>
}

// All of it.
func.func @run(
    %inputs: tensor<?x12xi64> {perceiver.name = "inputs", perceiver.sizes = ["batch"], perceiver.bounds = [0, 23]},
    %input_mask: tensor<?x12xi32> {perceiver.name = "input_mask", perceiver.sizes = ["batch"], perceiver.default = true},
    %query_mask: tensor<?x12xi32> {perceiver.name = "query_mask", perceiver.sizes = ["batch"], perceiver.default = true})
    -> (tensor<?x12x23xf32> {perceiver.name = "output", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%inputs, %input_mask)
      : (tensor<?x12xi64>, tensor<?x12xi32>) -> tensor<?x8x32xf32>
  %1 = call @process(%0) : (tensor<?x8x32xf32>) -> tensor<?x8x32xf32>
  %query = perceiver.get_parameter @queries.table : tensor<12x24xf32>
  %2 = perceiver.to_mask %query_mask : tensor<?x12xi32> -> tensor<?x12xi1>
  %decoded = perceiver.decode %query, %1 query_mask(%2 : tensor<?x12xi1>) heads = 8 qk_channels = 256 v_channels = 24 mlp = gelu_tanh
      weights @decoder {residual = false}
      : tensor<12x24xf32>, tensor<?x8x32xf32> -> tensor<?x12x24xf32>
  %output = perceiver.project %decoded weight @logits.weight bias @logits.bias
      : tensor<?x12x24xf32> -> tensor<?x12x23xf32>
  return %output : tensor<?x12x23xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

// Tokens and their places in the text.
perceiver.parameter @tokens : tensor<23x24xf32> key "embed:embeddings"
perceiver.parameter @places : tensor<12x24xf32>
    key "trainable_position_encoding:pos_embs"

// The latents.
perceiver.parameter @latents : tensor<8x32xf32>
    key "perceiver_encoder/~/trainable_position_encoding:pos_embs"

// The cross-attention of the encoder.
perceiver.parameter @encoder.q_norm.weight : tensor<32xf32>
    key "perceiver_encoder/~/cross_attention/layer_norm:scale"
perceiver.parameter @encoder.q_norm.bias : tensor<32xf32>
    key "perceiver_encoder/~/cross_attention/layer_norm:offset"
perceiver.parameter @encoder.kv_norm.weight : tensor<24xf32>
    key "perceiver_encoder/~/cross_attention/layer_norm_1:scale"
perceiver.parameter @encoder.kv_norm.bias : tensor<24xf32>
    key "perceiver_encoder/~/cross_attention/layer_norm_1:offset"
perceiver.parameter @encoder.mlp_norm.weight : tensor<32xf32>
    key "perceiver_encoder/~/cross_attention/layer_norm_2:scale"
perceiver.parameter @encoder.mlp_norm.bias : tensor<32xf32>
    key "perceiver_encoder/~/cross_attention/layer_norm_2:offset"
perceiver.parameter @encoder.query.weight : tensor<32x16xf32>
    key "perceiver_encoder/~/cross_attention/attention/linear:w"
perceiver.parameter @encoder.query.bias : tensor<16xf32>
    key "perceiver_encoder/~/cross_attention/attention/linear:b"
perceiver.parameter @encoder.key.weight : tensor<24x16xf32>
    key "perceiver_encoder/~/cross_attention/attention/linear_1:w"
perceiver.parameter @encoder.key.bias : tensor<16xf32>
    key "perceiver_encoder/~/cross_attention/attention/linear_1:b"
perceiver.parameter @encoder.value.weight : tensor<24x32xf32>
    key "perceiver_encoder/~/cross_attention/attention/linear_2:w"
perceiver.parameter @encoder.value.bias : tensor<32xf32>
    key "perceiver_encoder/~/cross_attention/attention/linear_2:b"
perceiver.parameter @encoder.output.weight : tensor<32x32xf32>
    key "perceiver_encoder/~/cross_attention/attention/linear_3:w"
perceiver.parameter @encoder.output.bias : tensor<32xf32>
    key "perceiver_encoder/~/cross_attention/attention/linear_3:b"
perceiver.parameter @encoder.mlp_in.weight : tensor<32x32xf32>
    key "perceiver_encoder/~/cross_attention/mlp/linear:w"
perceiver.parameter @encoder.mlp_in.bias : tensor<32xf32>
    key "perceiver_encoder/~/cross_attention/mlp/linear:b"
perceiver.parameter @encoder.mlp_out.weight : tensor<32x32xf32>
    key "perceiver_encoder/~/cross_attention/mlp/linear_1:w"
perceiver.parameter @encoder.mlp_out.bias : tensor<32xf32>
    key "perceiver_encoder/~/cross_attention/mlp/linear_1:b"

// The first layer of self-attention.
perceiver.parameter @first_self.q_norm.weight : tensor<32xf32>
    key "perceiver_encoder/~/self_attention/layer_norm:scale"
perceiver.parameter @first_self.q_norm.bias : tensor<32xf32>
    key "perceiver_encoder/~/self_attention/layer_norm:offset"
perceiver.parameter @first_self.mlp_norm.weight : tensor<32xf32>
    key "perceiver_encoder/~/self_attention/layer_norm_1:scale"
perceiver.parameter @first_self.mlp_norm.bias : tensor<32xf32>
    key "perceiver_encoder/~/self_attention/layer_norm_1:offset"
perceiver.parameter @first_self.query.weight : tensor<32x16xf32>
    key "perceiver_encoder/~/self_attention/attention/linear:w"
perceiver.parameter @first_self.query.bias : tensor<16xf32>
    key "perceiver_encoder/~/self_attention/attention/linear:b"
perceiver.parameter @first_self.key.weight : tensor<32x16xf32>
    key "perceiver_encoder/~/self_attention/attention/linear_1:w"
perceiver.parameter @first_self.key.bias : tensor<16xf32>
    key "perceiver_encoder/~/self_attention/attention/linear_1:b"
perceiver.parameter @first_self.value.weight : tensor<32x32xf32>
    key "perceiver_encoder/~/self_attention/attention/linear_2:w"
perceiver.parameter @first_self.value.bias : tensor<32xf32>
    key "perceiver_encoder/~/self_attention/attention/linear_2:b"
perceiver.parameter @first_self.output.weight : tensor<32x32xf32>
    key "perceiver_encoder/~/self_attention/attention/linear_3:w"
perceiver.parameter @first_self.output.bias : tensor<32xf32>
    key "perceiver_encoder/~/self_attention/attention/linear_3:b"
perceiver.parameter @first_self.mlp_in.weight : tensor<32x32xf32>
    key "perceiver_encoder/~/self_attention/mlp/linear:w"
perceiver.parameter @first_self.mlp_in.bias : tensor<32xf32>
    key "perceiver_encoder/~/self_attention/mlp/linear:b"
perceiver.parameter @first_self.mlp_out.weight : tensor<32x32xf32>
    key "perceiver_encoder/~/self_attention/mlp/linear_1:w"
perceiver.parameter @first_self.mlp_out.bias : tensor<32xf32>
    key "perceiver_encoder/~/self_attention/mlp/linear_1:b"

// The other layers of self-attention.
perceiver.parameter @self.q_norm.weight : tensor<32xf32>
    key "perceiver_encoder/~/self_attention_{}/layer_norm:scale" count 1 first 1
perceiver.parameter @self.q_norm.bias : tensor<32xf32>
    key "perceiver_encoder/~/self_attention_{}/layer_norm:offset" count 1 first 1
perceiver.parameter @self.mlp_norm.weight : tensor<32xf32>
    key "perceiver_encoder/~/self_attention_{}/layer_norm_1:scale" count 1 first 1
perceiver.parameter @self.mlp_norm.bias : tensor<32xf32>
    key "perceiver_encoder/~/self_attention_{}/layer_norm_1:offset" count 1 first 1
perceiver.parameter @self.query.weight : tensor<32x16xf32>
    key "perceiver_encoder/~/self_attention_{}/attention/linear:w" count 1 first 1
perceiver.parameter @self.query.bias : tensor<16xf32>
    key "perceiver_encoder/~/self_attention_{}/attention/linear:b" count 1 first 1
perceiver.parameter @self.key.weight : tensor<32x16xf32>
    key "perceiver_encoder/~/self_attention_{}/attention/linear_1:w" count 1 first 1
perceiver.parameter @self.key.bias : tensor<16xf32>
    key "perceiver_encoder/~/self_attention_{}/attention/linear_1:b" count 1 first 1
perceiver.parameter @self.value.weight : tensor<32x32xf32>
    key "perceiver_encoder/~/self_attention_{}/attention/linear_2:w" count 1 first 1
perceiver.parameter @self.value.bias : tensor<32xf32>
    key "perceiver_encoder/~/self_attention_{}/attention/linear_2:b" count 1 first 1
perceiver.parameter @self.output.weight : tensor<32x32xf32>
    key "perceiver_encoder/~/self_attention_{}/attention/linear_3:w" count 1 first 1
perceiver.parameter @self.output.bias : tensor<32xf32>
    key "perceiver_encoder/~/self_attention_{}/attention/linear_3:b" count 1 first 1
perceiver.parameter @self.mlp_in.weight : tensor<32x32xf32>
    key "perceiver_encoder/~/self_attention_{}/mlp/linear:w" count 1 first 1
perceiver.parameter @self.mlp_in.bias : tensor<32xf32>
    key "perceiver_encoder/~/self_attention_{}/mlp/linear:b" count 1 first 1
perceiver.parameter @self.mlp_out.weight : tensor<32x32xf32>
    key "perceiver_encoder/~/self_attention_{}/mlp/linear_1:w" count 1 first 1
perceiver.parameter @self.mlp_out.bias : tensor<32xf32>
    key "perceiver_encoder/~/self_attention_{}/mlp/linear_1:b" count 1 first 1

// The queries of the decoder.
perceiver.parameter @queries.table : tensor<12x24xf32>
    key "basic_decoder/~/trainable_position_encoding:pos_embs"

// The cross-attention of the decoder.
perceiver.parameter @decoder.q_norm.weight : tensor<24xf32>
    key "basic_decoder/cross_attention/layer_norm:scale"
perceiver.parameter @decoder.q_norm.bias : tensor<24xf32>
    key "basic_decoder/cross_attention/layer_norm:offset"
perceiver.parameter @decoder.kv_norm.weight : tensor<32xf32>
    key "basic_decoder/cross_attention/layer_norm_1:scale"
perceiver.parameter @decoder.kv_norm.bias : tensor<32xf32>
    key "basic_decoder/cross_attention/layer_norm_1:offset"
perceiver.parameter @decoder.mlp_norm.weight : tensor<24xf32>
    key "basic_decoder/cross_attention/layer_norm_2:scale"
perceiver.parameter @decoder.mlp_norm.bias : tensor<24xf32>
    key "basic_decoder/cross_attention/layer_norm_2:offset"
perceiver.parameter @decoder.query.weight : tensor<24x256xf32>
    key "basic_decoder/cross_attention/attention/linear:w"
perceiver.parameter @decoder.query.bias : tensor<256xf32>
    key "basic_decoder/cross_attention/attention/linear:b"
perceiver.parameter @decoder.key.weight : tensor<32x256xf32>
    key "basic_decoder/cross_attention/attention/linear_1:w"
perceiver.parameter @decoder.key.bias : tensor<256xf32>
    key "basic_decoder/cross_attention/attention/linear_1:b"
perceiver.parameter @decoder.value.weight : tensor<32x24xf32>
    key "basic_decoder/cross_attention/attention/linear_2:w"
perceiver.parameter @decoder.value.bias : tensor<24xf32>
    key "basic_decoder/cross_attention/attention/linear_2:b"
perceiver.parameter @decoder.output.weight : tensor<24x24xf32>
    key "basic_decoder/cross_attention/attention/linear_3:w"
perceiver.parameter @decoder.output.bias : tensor<24xf32>
    key "basic_decoder/cross_attention/attention/linear_3:b"
perceiver.parameter @decoder.mlp_in.weight : tensor<24x24xf32>
    key "basic_decoder/cross_attention/mlp/linear:w"
perceiver.parameter @decoder.mlp_in.bias : tensor<24xf32>
    key "basic_decoder/cross_attention/mlp/linear:b"
perceiver.parameter @decoder.mlp_out.weight : tensor<24x24xf32>
    key "basic_decoder/cross_attention/mlp/linear_1:w"
perceiver.parameter @decoder.mlp_out.bias : tensor<24xf32>
    key "basic_decoder/cross_attention/mlp/linear_1:b"

// Logits share the table of tokens.
perceiver.parameter @logits.weight : tensor<24x23xf32>
    key "embed:embeddings" transpose
perceiver.parameter @logits.bias : tensor<23xf32> key "embedding_decoder:bias"
