// PerceiverForSequenceClassification of Hugging Face's transformers (Perceiver
// IO, arXiv 2107.14795), classification of texts. Written by perceiver-import
// for the weights in model.safetensors, under the names that they have there.
//
//   inputs [batch, rows], ids of 262 tokens, at most 32
//     -> rows of 64 channels: token + place
//     encode   16 latents of 80 channels attend to them, 8 heads
//     process  2 self-attention layers with 8 heads
//     decode   1 query attends to the latents, 1 head; linear layer
//     -> logits [batch, 2]

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// From the inputs to the latents.
func.func @encode(
    %inputs: tensor<?x?xi64> {perceiver.name = "inputs", perceiver.sizes = ["batch", "rows"], perceiver.aliases = ["input_ids"], perceiver.bounds = [0, 262]},
    %attention_mask: tensor<?x?xi64> {perceiver.name = "attention_mask", perceiver.sizes = ["batch", "rows"], perceiver.default = true})
    -> (tensor<?x16x80xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c1 = arith.constant 1 : index
  %rows = tensor.dim %inputs, %c1 : tensor<?x?xi64>
  %c32 = arith.constant 32 : index
  perceiver.require %rows <= %c32, "expected at most 32 tokens"
  %x = perceiver.embedding %inputs table @tokens positions @places
      : tensor<?x?xi64> -> tensor<?x?x64xf32>
  %keys = perceiver.to_mask %attention_mask : tensor<?x?xi64> -> tensor<?x?xi1>
  %latents = perceiver.get_parameter @latents : tensor<16x80xf32>
  %z = perceiver.encode %latents, %x mask(%keys : tensor<?x?xi1>) heads = 8 qk_channels = 256 v_channels = 80 mlp = gelu_erf
      weights @encoder {masked_rows = #perceiver.masked_rows<uniform>}
      : tensor<16x80xf32>, tensor<?x?x64xf32> -> tensor<?x16x80xf32>
  return %z : tensor<?x16x80xf32>
}

// From latents to latents.
func.func @process(
    %latents: tensor<?x16x80xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x16x80xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %z = perceiver.process iterations = 2 (%0 = %latents : tensor<?x16x80xf32>) -> tensor<?x16x80xf32> {
    %1 = perceiver.self_block %0 heads = 8 qk_channels = 256 v_channels = 80 mlp = gelu_erf
        weights @self : tensor<?x16x80xf32>
    perceiver.yield %1 : tensor<?x16x80xf32>
  }
  return %z : tensor<?x16x80xf32>
}

// From the latents to logits.
func.func @decode(
    %latents: tensor<?x16x80xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x2xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %query = perceiver.get_parameter @class_query : tensor<1x80xf32>
  %0 = perceiver.decode %query, %latents heads = 1 qk_channels = 80 v_channels = 80 mlp = gelu_erf
      weights @decoder
      : tensor<1x80xf32>, tensor<?x16x80xf32> -> tensor<?x1x80xf32>
  %row = tensor.collapse_shape %0 [[0, 1], [2]] : tensor<?x1x80xf32> into tensor<?x80xf32>
  %logits = perceiver.project %row weight @final.weight bias @final.bias
      : tensor<?x80xf32> -> tensor<?x2xf32>
  return %logits : tensor<?x2xf32>
}

// All of it.
func.func @run(
    %inputs: tensor<?x?xi64> {perceiver.name = "inputs", perceiver.sizes = ["batch", "rows"], perceiver.aliases = ["input_ids"], perceiver.bounds = [0, 262]},
    %attention_mask: tensor<?x?xi64> {perceiver.name = "attention_mask", perceiver.sizes = ["batch", "rows"], perceiver.default = true})
    -> (tensor<?x2xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%inputs, %attention_mask)
      : (tensor<?x?xi64>, tensor<?x?xi64>) -> tensor<?x16x80xf32>
  %latents = call @process(%0) : (tensor<?x16x80xf32>) -> tensor<?x16x80xf32>
  %1 = call @decode(%latents) : (tensor<?x16x80xf32>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

// Tokens and their places in the text.
perceiver.parameter @tokens : tensor<262x64xf32>
    key "perceiver.input_preprocessor.embeddings.weight"
perceiver.parameter @places : tensor<32x64xf32>
    key "perceiver.input_preprocessor.position_embeddings.weight"
perceiver.parameter @latents : tensor<16x80xf32>
    key "perceiver.embeddings.latents"

// The cross-attention of the encoder.
perceiver.parameter @encoder.q_norm.weight : tensor<80xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm1.weight"
perceiver.parameter @encoder.q_norm.bias : tensor<80xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm1.bias"
perceiver.parameter @encoder.kv_norm.weight : tensor<64xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm2.weight"
perceiver.parameter @encoder.kv_norm.bias : tensor<64xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm2.bias"
perceiver.parameter @encoder.query.weight : tensor<80x256xf32>
    key "perceiver.encoder.cross_attention.attention.self.query.weight" transpose
perceiver.parameter @encoder.query.bias : tensor<256xf32>
    key "perceiver.encoder.cross_attention.attention.self.query.bias"
perceiver.parameter @encoder.key.weight : tensor<64x256xf32>
    key "perceiver.encoder.cross_attention.attention.self.key.weight" transpose
perceiver.parameter @encoder.key.bias : tensor<256xf32>
    key "perceiver.encoder.cross_attention.attention.self.key.bias"
perceiver.parameter @encoder.value.weight : tensor<64x80xf32>
    key "perceiver.encoder.cross_attention.attention.self.value.weight" transpose
perceiver.parameter @encoder.value.bias : tensor<80xf32>
    key "perceiver.encoder.cross_attention.attention.self.value.bias"
perceiver.parameter @encoder.output.weight : tensor<80x80xf32>
    key "perceiver.encoder.cross_attention.attention.output.dense.weight" transpose
perceiver.parameter @encoder.output.bias : tensor<80xf32>
    key "perceiver.encoder.cross_attention.attention.output.dense.bias"
perceiver.parameter @encoder.mlp_norm.weight : tensor<80xf32>
    key "perceiver.encoder.cross_attention.layernorm.weight"
perceiver.parameter @encoder.mlp_norm.bias : tensor<80xf32>
    key "perceiver.encoder.cross_attention.layernorm.bias"
perceiver.parameter @encoder.mlp_in.weight : tensor<80x80xf32>
    key "perceiver.encoder.cross_attention.mlp.dense1.weight" transpose
perceiver.parameter @encoder.mlp_in.bias : tensor<80xf32>
    key "perceiver.encoder.cross_attention.mlp.dense1.bias"
perceiver.parameter @encoder.mlp_out.weight : tensor<80x80xf32>
    key "perceiver.encoder.cross_attention.mlp.dense2.weight" transpose
perceiver.parameter @encoder.mlp_out.bias : tensor<80xf32>
    key "perceiver.encoder.cross_attention.mlp.dense2.bias"

// The 2 layers of the latent transformer.
perceiver.parameter @self.q_norm.weight : tensor<80xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.layernorm1.weight" count 2
perceiver.parameter @self.q_norm.bias : tensor<80xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.layernorm1.bias" count 2
perceiver.parameter @self.query.weight : tensor<80x256xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.query.weight" count 2 transpose
perceiver.parameter @self.query.bias : tensor<256xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.query.bias" count 2
perceiver.parameter @self.key.weight : tensor<80x256xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.key.weight" count 2 transpose
perceiver.parameter @self.key.bias : tensor<256xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.key.bias" count 2
perceiver.parameter @self.value.weight : tensor<80x80xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.value.weight" count 2 transpose
perceiver.parameter @self.value.bias : tensor<80xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.value.bias" count 2
perceiver.parameter @self.output.weight : tensor<80x80xf32>
    key "perceiver.encoder.self_attends.{}.attention.output.dense.weight" count 2 transpose
perceiver.parameter @self.output.bias : tensor<80xf32>
    key "perceiver.encoder.self_attends.{}.attention.output.dense.bias" count 2
perceiver.parameter @self.mlp_norm.weight : tensor<80xf32>
    key "perceiver.encoder.self_attends.{}.layernorm.weight" count 2
perceiver.parameter @self.mlp_norm.bias : tensor<80xf32>
    key "perceiver.encoder.self_attends.{}.layernorm.bias" count 2
perceiver.parameter @self.mlp_in.weight : tensor<80x80xf32>
    key "perceiver.encoder.self_attends.{}.mlp.dense1.weight" count 2 transpose
perceiver.parameter @self.mlp_in.bias : tensor<80xf32>
    key "perceiver.encoder.self_attends.{}.mlp.dense1.bias" count 2
perceiver.parameter @self.mlp_out.weight : tensor<80x80xf32>
    key "perceiver.encoder.self_attends.{}.mlp.dense2.weight" count 2 transpose
perceiver.parameter @self.mlp_out.bias : tensor<80xf32>
    key "perceiver.encoder.self_attends.{}.mlp.dense2.bias" count 2

// The decoder has one learned query, which stands for the class.
perceiver.parameter @class_query : tensor<1x80xf32>
    key "perceiver.decoder.decoder.output_position_encodings.position_embeddings"

// The cross-attention of the decoder.
perceiver.parameter @decoder.q_norm.weight : tensor<80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm1.weight"
perceiver.parameter @decoder.q_norm.bias : tensor<80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm1.bias"
perceiver.parameter @decoder.kv_norm.weight : tensor<80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm2.weight"
perceiver.parameter @decoder.kv_norm.bias : tensor<80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm2.bias"
perceiver.parameter @decoder.query.weight : tensor<80x80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.query.weight" transpose
perceiver.parameter @decoder.query.bias : tensor<80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.query.bias"
perceiver.parameter @decoder.key.weight : tensor<80x80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.key.weight" transpose
perceiver.parameter @decoder.key.bias : tensor<80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.key.bias"
perceiver.parameter @decoder.value.weight : tensor<80x80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.value.weight" transpose
perceiver.parameter @decoder.value.bias : tensor<80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.value.bias"
perceiver.parameter @decoder.output.weight : tensor<80x80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.output.dense.weight" transpose
perceiver.parameter @decoder.output.bias : tensor<80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.output.dense.bias"
perceiver.parameter @decoder.mlp_norm.weight : tensor<80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.layernorm.weight"
perceiver.parameter @decoder.mlp_norm.bias : tensor<80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.layernorm.bias"
perceiver.parameter @decoder.mlp_in.weight : tensor<80x80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense1.weight" transpose
perceiver.parameter @decoder.mlp_in.bias : tensor<80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense1.bias"
perceiver.parameter @decoder.mlp_out.weight : tensor<80x80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense2.weight" transpose
perceiver.parameter @decoder.mlp_out.bias : tensor<80xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense2.bias"
perceiver.parameter @final.weight : tensor<80x2xf32>
    key "perceiver.decoder.decoder.final_layer.weight" transpose
perceiver.parameter @final.bias : tensor<2xf32>
    key "perceiver.decoder.decoder.final_layer.bias"
