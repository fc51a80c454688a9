// PerceiverForImageClassificationConvProcessing of Hugging Face's transformers
// (Perceiver IO, arXiv 2107.14795), classification of images with a
// convolutional stem. Written by perceiver-import for the weights in
// model.safetensors, under the names that they have there.
//
//   inputs [batch, 3, height, width]
//     -> rows of 322 channels: convolved pixels, Fourier position
//     encode   8 latents of 32 channels attend to them, 1 head
//     process  2 self-attention layers with 4 heads, applied 2 times in turn
//     decode   1 query attends to the latents, 1 head; linear layer
//     -> logits [batch, 10]

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// The convolutional stem.
func.func private @stem(
    %pixels: tensor<?x?x?x3xf32> {perceiver.sizes = ["batch", "height", "width"]})
    -> (tensor<?x?x?x64xf32> {perceiver.sizes = ["batch", "((height - 1) / 2 - 2) / 2 + 1", "((width - 1) / 2 - 2) / 2 + 1"]}) {
  %c5 = arith.constant 5 : index
  %c1 = arith.constant 1 : index
  %height = tensor.dim %pixels, %c1 : tensor<?x?x?x3xf32>
  perceiver.require %c5 <= %height, "expected a height of at least 5"
  %c2 = arith.constant 2 : index
  %width = tensor.dim %pixels, %c2 : tensor<?x?x?x3xf32>
  perceiver.require %c5 <= %width, "expected a width of at least 5"
  %0 = perceiver.windows %pixels size = [7, 7] stride = [2, 2] padding = [[3, 3], [3, 3]]
      : tensor<?x?x?x3xf32> -> tensor<?x?x?x147xf32>
  %1 = tensor.collapse_shape %0 [[0], [1, 2], [3]] : tensor<?x?x?x147xf32> into tensor<?x?x147xf32>
  %2 = perceiver.project %1 weight @stem.weight : tensor<?x?x147xf32> -> tensor<?x?x64xf32>
  %3 = perceiver.batch_norm %2 weight @stem_norm.weight bias @stem_norm.bias mean @stem_norm.mean variance @stem_norm.variance
      : tensor<?x?x64xf32>
  %4 = perceiver.activate %3 with relu : tensor<?x?x64xf32> -> tensor<?x?x64xf32>
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %pixels, %c0 : tensor<?x?x?x3xf32>
  %5 = arith.subi %height, %c1 : index
  %6 = arith.floordivsi %5, %c2 : index
  %7 = arith.addi %6, %c1 : index
  %8 = arith.subi %width, %c1 : index
  %9 = arith.floordivsi %8, %c2 : index
  %10 = arith.addi %9, %c1 : index
  %11 = tensor.expand_shape %4 [[0], [1, 2], [3]] output_shape [%batch, %7, %10, 64]
      : tensor<?x?x64xf32> into tensor<?x?x?x64xf32>
  %12 = perceiver.max_pool %11 size = [3, 3] stride = [2, 2] padding = [[0, 0], [0, 0]]
      : tensor<?x?x?x64xf32> -> tensor<?x?x?x64xf32>
  return %12 : tensor<?x?x?x64xf32>
}

// From the inputs to the latents.
func.func @encode(
    %inputs: tensor<?x3x?x?xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch", "height", "width"], perceiver.aliases = ["pixel_values"]})
    -> (tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c5 = arith.constant 5 : index
  %c2 = arith.constant 2 : index
  %height = tensor.dim %inputs, %c2 : tensor<?x3x?x?xf32>
  perceiver.require %c5 <= %height, "expected a height of at least 5"
  %c3 = arith.constant 3 : index
  %width = tensor.dim %inputs, %c3 : tensor<?x3x?x?xf32>
  perceiver.require %c5 <= %width, "expected a width of at least 5"
  %0 = perceiver.to_channels_last %inputs : tensor<?x3x?x?xf32> -> tensor<?x?x3xf32>
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %inputs, %c0 : tensor<?x3x?x?xf32>
  %1 = tensor.expand_shape %0 [[0], [1, 2], [3]] output_shape [%batch, %height, %width, 3]
      : tensor<?x?x3xf32> into tensor<?x?x?x3xf32>
  %2 = call @stem(%1) : (tensor<?x?x?x3xf32>) -> tensor<?x?x?x64xf32>
  %features = tensor.collapse_shape %2 [[0], [1, 2], [3]]
      : tensor<?x?x?x64xf32> into tensor<?x?x64xf32>
  %c1 = arith.constant 1 : index
  %3 = arith.subi %height, %c1 : index
  %4 = arith.floordivsi %3, %c2 : index
  %5 = arith.subi %4, %c2 : index
  %6 = arith.floordivsi %5, %c2 : index
  %7 = arith.addi %6, %c1 : index
  %8 = arith.subi %width, %c1 : index
  %9 = arith.floordivsi %8, %c2 : index
  %10 = arith.subi %9, %c2 : index
  %11 = arith.floordivsi %10, %c2 : index
  %12 = arith.addi %11, %c1 : index
  %positions = perceiver.fourier_positions sizes(%7, %12) grid = [?, ?] bands = 64 max_resolution = [56, 56] layout = dm
      : tensor<?x258xf32>
  %x = perceiver.concat %features, %positions
      : (tensor<?x?x64xf32>, tensor<?x258xf32>) -> tensor<?x?x322xf32>
  %latents = perceiver.get_parameter @latents : tensor<8x32xf32>
  %z = perceiver.encode %latents, %x heads = 1 qk_channels = 322 v_channels = 322 mlp = gelu_erf
      weights @encoder
      : tensor<8x32xf32>, tensor<?x?x322xf32> -> tensor<?x8x32xf32>
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

// From the latents to logits.
func.func @decode(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x10xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %query = perceiver.get_parameter @class_query : tensor<1x32xf32>
  %0 = perceiver.decode %query, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_erf
      weights @decoder
      : tensor<1x32xf32>, tensor<?x8x32xf32> -> tensor<?x1x32xf32>
  %row = tensor.collapse_shape %0 [[0, 1], [2]] : tensor<?x1x32xf32> into tensor<?x32xf32>
  %logits = perceiver.project %row weight @final.weight bias @final.bias
      : tensor<?x32xf32> -> tensor<?x10xf32>
  return %logits : tensor<?x10xf32>
}

// All of it.
func.func @run(
    %inputs: tensor<?x3x?x?xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch", "height", "width"], perceiver.aliases = ["pixel_values"]})
    -> (tensor<?x10xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%inputs) : (tensor<?x3x?x?xf32>) -> tensor<?x8x32xf32>
  %latents = call @process(%0) : (tensor<?x8x32xf32>) -> tensor<?x8x32xf32>
  %1 = call @decode(%latents) : (tensor<?x8x32xf32>) -> tensor<?x10xf32>
  return %1 : tensor<?x10xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

// The convolutional stem.
perceiver.parameter @stem.weight : tensor<147x64xf32>
    key "perceiver.input_preprocessor.convnet.conv.weight" of [64, 3, 7, 7] permutation [2, 3, 1, 0]
perceiver.parameter @stem_norm.weight : tensor<64xf32>
    key "perceiver.input_preprocessor.convnet.batchnorm.weight"
perceiver.parameter @stem_norm.bias : tensor<64xf32>
    key "perceiver.input_preprocessor.convnet.batchnorm.bias"
perceiver.parameter @stem_norm.mean : tensor<64xf32>
    key "perceiver.input_preprocessor.convnet.batchnorm.running_mean"
perceiver.parameter @stem_norm.variance : tensor<64xf32>
    key "perceiver.input_preprocessor.convnet.batchnorm.running_var"
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

// The decoder has one learned query, which stands for the class.
perceiver.parameter @class_query : tensor<1x32xf32>
    key "perceiver.decoder.decoder.output_position_encodings.position_embeddings"

// The cross-attention of the decoder.
perceiver.parameter @decoder.q_norm.weight : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm1.weight"
perceiver.parameter @decoder.q_norm.bias : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm1.bias"
perceiver.parameter @decoder.kv_norm.weight : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm2.weight"
perceiver.parameter @decoder.kv_norm.bias : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm2.bias"
perceiver.parameter @decoder.query.weight : tensor<32x32xf32>
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
perceiver.parameter @decoder.output.weight : tensor<32x32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.output.dense.weight" transpose
perceiver.parameter @decoder.output.bias : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.output.dense.bias"
perceiver.parameter @decoder.mlp_norm.weight : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.layernorm.weight"
perceiver.parameter @decoder.mlp_norm.bias : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.layernorm.bias"
perceiver.parameter @decoder.mlp_in.weight : tensor<32x32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense1.weight" transpose
perceiver.parameter @decoder.mlp_in.bias : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense1.bias"
perceiver.parameter @decoder.mlp_out.weight : tensor<32x32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense2.weight" transpose
perceiver.parameter @decoder.mlp_out.bias : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense2.bias"
perceiver.parameter @final.weight : tensor<32x10xf32>
    key "perceiver.decoder.decoder.final_layer.weight" transpose
perceiver.parameter @final.bias : tensor<10xf32>
    key "perceiver.decoder.decoder.final_layer.bias"
