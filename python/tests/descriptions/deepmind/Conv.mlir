// Perceiver of DeepMind. Written by perceiver-import for the weights of
// model.safetensors, under the names that they have there.
//
//   inputs [batch, 25, 18, 3]
//     -> rows of 322 channels
//     encode   8 latents of 32 channels attend to the rows, 1 head
//     process  2 layers of self-attention with 4 heads, applied 2 times in turn
//     decode   1 query attends to the latents, 1 head; linear layer
//     -> output [batch, 10]

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// From the inputs to the latents.
func.func @encode(
    %inputs: tensor<?x25x18x3xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]})
    -> (tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = perceiver.windows %inputs size = [7, 7] stride = [2, 2] padding = same
      : tensor<?x25x18x3xf32> -> tensor<?x13x9x147xf32>
  %1 = tensor.collapse_shape %0 [[0], [1, 2], [3]]
      : tensor<?x13x9x147xf32> into tensor<?x117x147xf32>
  %2 = perceiver.project %1 weight @inputs_stem0.weight
      : tensor<?x117x147xf32> -> tensor<?x117x64xf32>
  %3 = perceiver.batch_norm %2 weight @inputs_stem0_norm.weight bias @inputs_stem0_norm.bias mean @inputs_stem0_norm.mean variance @inputs_stem0_norm.variance
      : tensor<?x117x64xf32>
  %4 = perceiver.activate %3 with relu : tensor<?x117x64xf32> -> tensor<?x117x64xf32>
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %inputs, %c0 : tensor<?x25x18x3xf32>
  %5 = tensor.expand_shape %4 [[0], [1, 2], [3]] output_shape [%batch, 13, 9, 64]
      : tensor<?x117x64xf32> into tensor<?x13x9x64xf32>
  %6 = perceiver.max_pool %5 size = [3, 3] stride = [2, 2] padding = same
      : tensor<?x13x9x64xf32> -> tensor<?x7x5x64xf32>
  %features = tensor.collapse_shape %6 [[0], [1, 2], [3]]
      : tensor<?x7x5x64xf32> into tensor<?x35x64xf32>
  %positions = perceiver.fourier_positions grid = [7, 5] bands = 64 max_resolution = [56, 56] layout = dm {recipe = #perceiver.fourier_recipe<jax_f32>}
      : tensor<35x258xf32>
  %x = perceiver.concat %features, %positions
      : (tensor<?x35x64xf32>, tensor<35x258xf32>) -> tensor<?x35x322xf32>
  %latents = perceiver.get_parameter @latents : tensor<8x32xf32>
  %z = perceiver.encode %latents, %x heads = 1 qk_channels = 322 v_channels = 322 mlp = gelu_tanh
      weights @encoder
      : tensor<8x32xf32>, tensor<?x35x322xf32> -> tensor<?x8x32xf32>
  return %z : tensor<?x8x32xf32>
}

// From latents to latents.
func.func @process(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %z = perceiver.process iterations = 2 (%0 = %latents : tensor<?x8x32xf32>) -> tensor<?x8x32xf32> {
    %1 = perceiver.self_block %0 heads = 4 qk_channels = 32 v_channels = 32 mlp = gelu_tanh
        weights @first_self : tensor<?x8x32xf32>
    %2 = perceiver.process iterations = 1 (%3 = %1 : tensor<?x8x32xf32>) -> tensor<?x8x32xf32> {
      %4 = perceiver.self_block %3 heads = 4 qk_channels = 32 v_channels = 32 mlp = gelu_tanh
          weights @self : tensor<?x8x32xf32>
      perceiver.yield %4 : tensor<?x8x32xf32>
    }
    perceiver.yield %2 : tensor<?x8x32xf32>
  }
  return %z : tensor<?x8x32xf32>
}

// From the latents to results.
func.func @decode(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x10xf32> {perceiver.name = "output", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %query = perceiver.get_parameter @queries.table : tensor<1x32xf32>
  %decoded = perceiver.decode %query, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_tanh
      weights @decoder
      : tensor<1x32xf32>, tensor<?x8x32xf32> -> tensor<?x1x32xf32>
  %0 = perceiver.project %decoded weight @final.weight bias @final.bias
      : tensor<?x1x32xf32> -> tensor<?x1x10xf32>
  %output = tensor.collapse_shape %0 [[0, 1], [2]] : tensor<?x1x10xf32> into tensor<?x10xf32>
  return %output : tensor<?x10xf32>
}

// All of it.
func.func @run(
    %inputs: tensor<?x25x18x3xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]})
    -> (tensor<?x10xf32> {perceiver.name = "output", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%inputs) : (tensor<?x25x18x3xf32>) -> tensor<?x8x32xf32>
  %1 = call @process(%0) : (tensor<?x8x32xf32>) -> tensor<?x8x32xf32>
  %output = call @decode(%1) : (tensor<?x8x32xf32>) -> tensor<?x10xf32>
  return %output : tensor<?x10xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

// A convolution of the image.
perceiver.parameter @inputs_stem0.weight : tensor<147x64xf32>
    key "image_preprocessor/~/conv2_d_downsample/~/conv:w" of [7, 7, 3, 64]
perceiver.parameter @inputs_stem0_norm.weight : tensor<64xf32>
    key "image_preprocessor/~/conv2_d_downsample/~/batchnorm:scale" of [1, 1, 1, 64]
perceiver.parameter @inputs_stem0_norm.bias : tensor<64xf32>
    key "image_preprocessor/~/conv2_d_downsample/~/batchnorm:offset" of [1, 1, 1, 64]
perceiver.parameter @inputs_stem0_norm.mean : tensor<64xf32>
    key "image_preprocessor/~/conv2_d_downsample/~/batchnorm/~/mean_ema:average" of [1, 1, 1, 64]
perceiver.parameter @inputs_stem0_norm.variance : tensor<64xf32>
    key "image_preprocessor/~/conv2_d_downsample/~/batchnorm/~/var_ema:average" of [1, 1, 1, 64]

// The latents.
perceiver.parameter @latents : tensor<8x32xf32>
    key "perceiver_encoder/~/trainable_position_encoding:pos_embs"

// The cross-attention of the encoder.
perceiver.parameter @encoder.q_norm.weight : tensor<32xf32>
    key "perceiver_encoder/~/cross_attention/layer_norm:scale"
perceiver.parameter @encoder.q_norm.bias : tensor<32xf32>
    key "perceiver_encoder/~/cross_attention/layer_norm:offset"
perceiver.parameter @encoder.kv_norm.weight : tensor<322xf32>
    key "perceiver_encoder/~/cross_attention/layer_norm_1:scale"
perceiver.parameter @encoder.kv_norm.bias : tensor<322xf32>
    key "perceiver_encoder/~/cross_attention/layer_norm_1:offset"
perceiver.parameter @encoder.mlp_norm.weight : tensor<32xf32>
    key "perceiver_encoder/~/cross_attention/layer_norm_2:scale"
perceiver.parameter @encoder.mlp_norm.bias : tensor<32xf32>
    key "perceiver_encoder/~/cross_attention/layer_norm_2:offset"
perceiver.parameter @encoder.query.weight : tensor<32x322xf32>
    key "perceiver_encoder/~/cross_attention/attention/linear:w"
perceiver.parameter @encoder.query.bias : tensor<322xf32>
    key "perceiver_encoder/~/cross_attention/attention/linear:b"
perceiver.parameter @encoder.key.weight : tensor<322x322xf32>
    key "perceiver_encoder/~/cross_attention/attention/linear_1:w"
perceiver.parameter @encoder.key.bias : tensor<322xf32>
    key "perceiver_encoder/~/cross_attention/attention/linear_1:b"
perceiver.parameter @encoder.value.weight : tensor<322x322xf32>
    key "perceiver_encoder/~/cross_attention/attention/linear_2:w"
perceiver.parameter @encoder.value.bias : tensor<322xf32>
    key "perceiver_encoder/~/cross_attention/attention/linear_2:b"
perceiver.parameter @encoder.output.weight : tensor<322x32xf32>
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
perceiver.parameter @first_self.query.weight : tensor<32x32xf32>
    key "perceiver_encoder/~/self_attention/attention/linear:w"
perceiver.parameter @first_self.query.bias : tensor<32xf32>
    key "perceiver_encoder/~/self_attention/attention/linear:b"
perceiver.parameter @first_self.key.weight : tensor<32x32xf32>
    key "perceiver_encoder/~/self_attention/attention/linear_1:w"
perceiver.parameter @first_self.key.bias : tensor<32xf32>
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
perceiver.parameter @self.query.weight : tensor<32x32xf32>
    key "perceiver_encoder/~/self_attention_{}/attention/linear:w" count 1 first 1
perceiver.parameter @self.query.bias : tensor<32xf32>
    key "perceiver_encoder/~/self_attention_{}/attention/linear:b" count 1 first 1
perceiver.parameter @self.key.weight : tensor<32x32xf32>
    key "perceiver_encoder/~/self_attention_{}/attention/linear_1:w" count 1 first 1
perceiver.parameter @self.key.bias : tensor<32xf32>
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
perceiver.parameter @queries.table : tensor<1x32xf32>
    key "classification_decoder/~/basic_decoder/~/trainable_position_encoding:pos_embs"

// The cross-attention of the decoder.
perceiver.parameter @decoder.q_norm.weight : tensor<32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/layer_norm:scale"
perceiver.parameter @decoder.q_norm.bias : tensor<32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/layer_norm:offset"
perceiver.parameter @decoder.kv_norm.weight : tensor<32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/layer_norm_1:scale"
perceiver.parameter @decoder.kv_norm.bias : tensor<32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/layer_norm_1:offset"
perceiver.parameter @decoder.mlp_norm.weight : tensor<32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/layer_norm_2:scale"
perceiver.parameter @decoder.mlp_norm.bias : tensor<32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/layer_norm_2:offset"
perceiver.parameter @decoder.query.weight : tensor<32x32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/attention/linear:w"
perceiver.parameter @decoder.query.bias : tensor<32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/attention/linear:b"
perceiver.parameter @decoder.key.weight : tensor<32x32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/attention/linear_1:w"
perceiver.parameter @decoder.key.bias : tensor<32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/attention/linear_1:b"
perceiver.parameter @decoder.value.weight : tensor<32x32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/attention/linear_2:w"
perceiver.parameter @decoder.value.bias : tensor<32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/attention/linear_2:b"
perceiver.parameter @decoder.output.weight : tensor<32x32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/attention/linear_3:w"
perceiver.parameter @decoder.output.bias : tensor<32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/attention/linear_3:b"
perceiver.parameter @decoder.mlp_in.weight : tensor<32x32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/mlp/linear:w"
perceiver.parameter @decoder.mlp_in.bias : tensor<32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/mlp/linear:b"
perceiver.parameter @decoder.mlp_out.weight : tensor<32x32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/mlp/linear_1:w"
perceiver.parameter @decoder.mlp_out.bias : tensor<32xf32>
    key "classification_decoder/~/basic_decoder/cross_attention/mlp/linear_1:b"
perceiver.parameter @final.weight : tensor<32x10xf32>
    key "classification_decoder/~/basic_decoder/output:w"
perceiver.parameter @final.bias : tensor<10xf32>
    key "classification_decoder/~/basic_decoder/output:b"
