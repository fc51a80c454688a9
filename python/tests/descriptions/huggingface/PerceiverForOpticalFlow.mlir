// PerceiverForOpticalFlow of Hugging Face's transformers (Perceiver IO, arXiv
// 2107.14795), optical flow. Written by perceiver-import for the weights in
// model.safetensors, under the names that they have there.
//
//   inputs [batch, 2, 27, 8, 12]
//     -> 96 rows of 322 channels: features, Fourier position
//     encode   8 latents of 32 channels attend to them, 1 head
//     process  2 self-attention layers with 4 heads, applied 2 times in turn
//     decode   each pixel attends to the latents, 1 head; linear layer; / 100
//     -> logits [batch, 8, 12, 2]; the flow is 20 times that

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// From the inputs to the latents.
func.func @encode(
    %inputs: tensor<?x2x27x8x12xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]})
    -> (tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = tensor.collapse_shape %inputs [[0], [1, 2], [3, 4]]
      : tensor<?x2x27x8x12xf32> into tensor<?x54x96xf32>
  %positions = perceiver.fourier_positions grid = [8, 12] bands = 64 max_resolution = [8, 12] layout = dm
      : tensor<96x258xf32>
  %1 = perceiver.to_channels_last %0 : tensor<?x54x96xf32> -> tensor<?x96x54xf32>
  %features = perceiver.project %1 weight @patches.weight bias @patches.bias
      : tensor<?x96x54xf32> -> tensor<?x96x64xf32>
  %x = perceiver.concat %features, %positions
      : (tensor<?x96x64xf32>, tensor<96x258xf32>) -> tensor<?x96x322xf32>
  %latents = perceiver.get_parameter @latents : tensor<8x32xf32>
  %z = perceiver.encode %latents, %x heads = 1 qk_channels = 322 v_channels = 322 mlp = gelu_erf
      weights @encoder
      : tensor<8x32xf32>, tensor<?x96x322xf32> -> tensor<?x8x32xf32>
  return %z : tensor<?x8x32xf32>
}

// From latents to latents.
func.func @process(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %z = perceiver.process iterations = 4 (%0 = %latents : tensor<?x8x32xf32>) -> tensor<?x8x32xf32> {
    %1 = perceiver.self_block %0 heads = 4 qk_channels = 32 v_channels = 32 mlp = gelu_erf
        weights @self : tensor<?x8x32xf32>
    perceiver.yield %1 : tensor<?x8x32xf32>
  }
  return %z : tensor<?x8x32xf32>
}

// The flow of a range of pixels, row by row.
func.func @decode(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %inputs: tensor<?x2x27x8x12xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]},
    %first: index {perceiver.name = "first"},
    %count: index {perceiver.name = "count"})
    -> (tensor<?x?x2xf32> {perceiver.name = "logits", perceiver.sizes = ["batch", "count"]})
    attributes {perceiver.entry} {
  %0 = tensor.collapse_shape %inputs [[0], [1, 2], [3, 4]]
      : tensor<?x2x27x8x12xf32> into tensor<?x54x96xf32>
  %c1 = arith.constant 1 : index
  perceiver.require %c1 <= %count, "expected a count of at least 1"
  %1 = arith.addi %first, %count : index
  %c96 = arith.constant 96 : index
  perceiver.require %1 <= %c96, "expected first + count of at most 96 pixels"
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %latents, %c0 : tensor<?x8x32xf32>
  %2 = tensor.extract_slice %0[0, 0, %first] [%batch, 54, %count] [1, 1, 1]
      : tensor<?x54x96xf32> to tensor<?x54x?xf32>
  %3 = perceiver.fourier_positions range(%first, %count) grid = [8, 12] bands = 64 max_resolution = [8, 12] layout = dm
      : tensor<?x258xf32>
  %4 = perceiver.to_channels_last %2 : tensor<?x54x?xf32> -> tensor<?x?x54xf32>
  %features = perceiver.project %4 weight @patches.weight bias @patches.bias
      : tensor<?x?x54xf32> -> tensor<?x?x64xf32>
  %x = perceiver.concat %features, %3
      : (tensor<?x?x64xf32>, tensor<?x258xf32>) -> tensor<?x?x322xf32>
  %5 = perceiver.decode %x, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_erf
      weights @decoder {residual = false}
      : tensor<?x?x322xf32>, tensor<?x8x32xf32> -> tensor<?x?x322xf32>
  %6 = perceiver.project %5 weight @final.weight bias @final.bias
      : tensor<?x?x322xf32> -> tensor<?x?x2xf32>
  %logits = perceiver.scale %6 by 0.01 : tensor<?x?x2xf32>
  return %logits : tensor<?x?x2xf32>
}

// The flow of a list of pixels.
func.func @decode_points(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %inputs: tensor<?x2x27x8x12xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]},
    %points: tensor<?xi64> {perceiver.name = "points", perceiver.sizes = ["queries"], perceiver.bounds = [0, 96]})
    -> (tensor<?x?x2xf32> {perceiver.name = "logits", perceiver.sizes = ["batch", "queries"]})
    attributes {perceiver.entry} {
  %0 = tensor.collapse_shape %inputs [[0], [1, 2], [3, 4]]
      : tensor<?x2x27x8x12xf32> into tensor<?x54x96xf32>
  %1 = perceiver.to_channels_last %0 : tensor<?x54x96xf32> -> tensor<?x96x54xf32>
  %2 = perceiver.take_rows %1 at %points : tensor<?x96x54xf32>, tensor<?xi64> -> tensor<?x?x54xf32>
  %3 = perceiver.project %2 weight @patches.weight bias @patches.bias
      : tensor<?x?x54xf32> -> tensor<?x?x64xf32>
  %4 = perceiver.fourier_positions points(%points : tensor<?xi64>) grid = [8, 12] bands = 64 max_resolution = [8, 12] layout = dm
      : tensor<?x258xf32>
  %5 = perceiver.concat %3, %4 : (tensor<?x?x64xf32>, tensor<?x258xf32>) -> tensor<?x?x322xf32>
  %6 = perceiver.decode %5, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_erf
      weights @decoder {residual = false}
      : tensor<?x?x322xf32>, tensor<?x8x32xf32> -> tensor<?x?x322xf32>
  %7 = perceiver.project %6 weight @final.weight bias @final.bias
      : tensor<?x?x322xf32> -> tensor<?x?x2xf32>
  %logits = perceiver.scale %7 by 0.01 : tensor<?x?x2xf32>
  return %logits : tensor<?x?x2xf32>
}

// All of it.
func.func @run(
    %inputs: tensor<?x2x27x8x12xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]})
    -> (tensor<?x8x12x2xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%inputs) : (tensor<?x2x27x8x12xf32>) -> tensor<?x8x32xf32>
  %latents = call @process(%0) : (tensor<?x8x32xf32>) -> tensor<?x8x32xf32>
  %1 = tensor.collapse_shape %inputs [[0], [1, 2], [3, 4]]
      : tensor<?x2x27x8x12xf32> into tensor<?x54x96xf32>
  %2 = perceiver.fourier_positions grid = [8, 12] bands = 64 max_resolution = [8, 12] layout = dm
      : tensor<96x258xf32>
  %3 = perceiver.to_channels_last %1 : tensor<?x54x96xf32> -> tensor<?x96x54xf32>
  %features = perceiver.project %3 weight @patches.weight bias @patches.bias
      : tensor<?x96x54xf32> -> tensor<?x96x64xf32>
  %x = perceiver.concat %features, %2
      : (tensor<?x96x64xf32>, tensor<96x258xf32>) -> tensor<?x96x322xf32>
  %4 = perceiver.decode %x, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_erf
      weights @decoder {residual = false}
      : tensor<?x96x322xf32>, tensor<?x8x32xf32> -> tensor<?x96x322xf32>
  %5 = perceiver.project %4 weight @final.weight bias @final.bias
      : tensor<?x96x322xf32> -> tensor<?x96x2xf32>
  %logits = perceiver.scale %5 by 0.01 : tensor<?x96x2xf32>
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %inputs, %c0 : tensor<?x2x27x8x12xf32>
  %6 = tensor.expand_shape %logits [[0], [1, 2], [3]] output_shape [%batch, 8, 12, 2]
      : tensor<?x96x2xf32> into tensor<?x8x12x2xf32>
  return %6 : tensor<?x8x12x2xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

// What is known of a pixel, both frames side by side.
perceiver.parameter @patches.weight : tensor<54x64xf32>
    key "perceiver.input_preprocessor.conv_after_patches.weight" transpose
perceiver.parameter @patches.bias : tensor<64xf32>
    key "perceiver.input_preprocessor.conv_after_patches.bias"
perceiver.parameter @latents : tensor<8x32xf32>
    key "perceiver.embeddings.latents"

// The cross-attention of the encoder.
perceiver.parameter @encoder.q_norm.weight : tensor<32xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm1.weight"
perceiver.parameter @encoder.q_norm.bias : tensor<32xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm1.bias"
perceiver.parameter @encoder.kv_norm.weight : tensor<322xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm2.weight"
perceiver.parameter @encoder.kv_norm.bias : tensor<322xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm2.bias"
perceiver.parameter @encoder.query.weight : tensor<32x322xf32>
    key "perceiver.encoder.cross_attention.attention.self.query.weight" transpose
perceiver.parameter @encoder.query.bias : tensor<322xf32>
    key "perceiver.encoder.cross_attention.attention.self.query.bias"
perceiver.parameter @encoder.key.weight : tensor<322x322xf32>
    key "perceiver.encoder.cross_attention.attention.self.key.weight" transpose
perceiver.parameter @encoder.key.bias : tensor<322xf32>
    key "perceiver.encoder.cross_attention.attention.self.key.bias"
perceiver.parameter @encoder.value.weight : tensor<322x322xf32>
    key "perceiver.encoder.cross_attention.attention.self.value.weight" transpose
perceiver.parameter @encoder.value.bias : tensor<322xf32>
    key "perceiver.encoder.cross_attention.attention.self.value.bias"
perceiver.parameter @encoder.output.weight : tensor<322x32xf32>
    key "perceiver.encoder.cross_attention.attention.output.dense.weight" transpose
perceiver.parameter @encoder.output.bias : tensor<32xf32>
    key "perceiver.encoder.cross_attention.attention.output.dense.bias"
perceiver.parameter @encoder.mlp_norm.weight : tensor<32xf32>
    key "perceiver.encoder.cross_attention.layernorm.weight"
perceiver.parameter @encoder.mlp_norm.bias : tensor<32xf32>
    key "perceiver.encoder.cross_attention.layernorm.bias"
perceiver.parameter @encoder.mlp_in.weight : tensor<32x32xf32>
    key "perceiver.encoder.cross_attention.mlp.dense1.weight" transpose
perceiver.parameter @encoder.mlp_in.bias : tensor<32xf32>
    key "perceiver.encoder.cross_attention.mlp.dense1.bias"
perceiver.parameter @encoder.mlp_out.weight : tensor<32x32xf32>
    key "perceiver.encoder.cross_attention.mlp.dense2.weight" transpose
perceiver.parameter @encoder.mlp_out.bias : tensor<32xf32>
    key "perceiver.encoder.cross_attention.mlp.dense2.bias"

// The 2 layers of the latent transformer.
perceiver.parameter @self.q_norm.weight : tensor<32xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.layernorm1.weight" count 2
perceiver.parameter @self.q_norm.bias : tensor<32xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.layernorm1.bias" count 2
perceiver.parameter @self.query.weight : tensor<32x32xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.query.weight" count 2 transpose
perceiver.parameter @self.query.bias : tensor<32xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.query.bias" count 2
perceiver.parameter @self.key.weight : tensor<32x32xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.key.weight" count 2 transpose
perceiver.parameter @self.key.bias : tensor<32xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.key.bias" count 2
perceiver.parameter @self.value.weight : tensor<32x32xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.value.weight" count 2 transpose
perceiver.parameter @self.value.bias : tensor<32xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.value.bias" count 2
perceiver.parameter @self.output.weight : tensor<32x32xf32>
    key "perceiver.encoder.self_attends.{}.attention.output.dense.weight" count 2 transpose
perceiver.parameter @self.output.bias : tensor<32xf32>
    key "perceiver.encoder.self_attends.{}.attention.output.dense.bias" count 2
perceiver.parameter @self.mlp_norm.weight : tensor<32xf32>
    key "perceiver.encoder.self_attends.{}.layernorm.weight" count 2
perceiver.parameter @self.mlp_norm.bias : tensor<32xf32>
    key "perceiver.encoder.self_attends.{}.layernorm.bias" count 2
perceiver.parameter @self.mlp_in.weight : tensor<32x32xf32>
    key "perceiver.encoder.self_attends.{}.mlp.dense1.weight" count 2 transpose
perceiver.parameter @self.mlp_in.bias : tensor<32xf32>
    key "perceiver.encoder.self_attends.{}.mlp.dense1.bias" count 2
perceiver.parameter @self.mlp_out.weight : tensor<32x32xf32>
    key "perceiver.encoder.self_attends.{}.mlp.dense2.weight" count 2 transpose
perceiver.parameter @self.mlp_out.bias : tensor<32xf32>
    key "perceiver.encoder.self_attends.{}.mlp.dense2.bias" count 2

// The cross-attention of the decoder.
perceiver.parameter @decoder.q_norm.weight : tensor<322xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm1.weight"
perceiver.parameter @decoder.q_norm.bias : tensor<322xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm1.bias"
perceiver.parameter @decoder.kv_norm.weight : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm2.weight"
perceiver.parameter @decoder.kv_norm.bias : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm2.bias"
perceiver.parameter @decoder.query.weight : tensor<322x32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.query.weight" transpose
perceiver.parameter @decoder.query.bias : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.query.bias"
perceiver.parameter @decoder.key.weight : tensor<32x32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.key.weight" transpose
perceiver.parameter @decoder.key.bias : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.key.bias"
perceiver.parameter @decoder.value.weight : tensor<32x32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.value.weight" transpose
perceiver.parameter @decoder.value.bias : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.value.bias"
perceiver.parameter @decoder.output.weight : tensor<32x322xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.output.dense.weight" transpose
perceiver.parameter @decoder.output.bias : tensor<322xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.output.dense.bias"
perceiver.parameter @decoder.mlp_norm.weight : tensor<322xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.layernorm.weight"
perceiver.parameter @decoder.mlp_norm.bias : tensor<322xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.layernorm.bias"
perceiver.parameter @decoder.mlp_in.weight : tensor<322x322xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense1.weight" transpose
perceiver.parameter @decoder.mlp_in.bias : tensor<322xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense1.bias"
perceiver.parameter @decoder.mlp_out.weight : tensor<322x322xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense2.weight" transpose
perceiver.parameter @decoder.mlp_out.bias : tensor<322xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense2.bias"
perceiver.parameter @final.weight : tensor<322x2xf32>
    key "perceiver.decoder.decoder.final_layer.weight" transpose
perceiver.parameter @final.bias : tensor<2xf32>
    key "perceiver.decoder.decoder.final_layer.bias"
