// Perceiver of DeepMind. Written by perceiver-import for the weights of
// model.safetensors, under the names that they have there.
//
//   inputs [batch, 2, 8, 12, 3]
//     -> rows of 322 channels
//     encode   8 latents of 32 channels attend to the rows, 1 head
//     process  2 layers of self-attention with 4 heads
//     decode   each row attends to the latents, 1 head; linear layer
//     -> output [batch, 8, 12, 2]

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// The rows of both images.
func.func private @rows(%images: tensor<?x2x8x12x3xf32> {perceiver.sizes = ["batch"]})
    -> (tensor<?x96x322xf32> {perceiver.sizes = ["batch"]}) {
  %0 = tensor.collapse_shape %images [[0, 1], [2], [3], [4]]
      : tensor<?x2x8x12x3xf32> into tensor<?x8x12x3xf32>
  %1 = perceiver.windows %0 size = [3, 3] stride = [1, 1] padding = [[1, 1], [1, 1]]
      : tensor<?x8x12x3xf32> -> tensor<?x8x12x27xf32>
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %images, %c0 : tensor<?x2x8x12x3xf32>
  %patches = tensor.expand_shape %1 [[0, 1], [2], [3], [4]] output_shape [%batch, 2, 8, 12, 27]
      : tensor<?x8x12x27xf32> into tensor<?x2x8x12x27xf32>
  %2 = tensor.expand_shape %patches [[0], [1, 2], [3, 4], [5, 6], [7]] output_shape [%batch, 1, 2, 8, 1, 12, 1, 27]
      : tensor<?x2x8x12x27xf32> into tensor<?x1x2x8x1x12x1x27xf32>
  %3 = perceiver.transpose %2 permutation = [0, 1, 3, 5, 2, 4, 6, 7]
      : tensor<?x1x2x8x1x12x1x27xf32> -> tensor<?x1x8x12x2x1x1x27xf32>
  %4 = tensor.collapse_shape %3 [[0], [1, 2, 3], [4, 5, 6, 7]]
      : tensor<?x1x8x12x2x1x1x27xf32> into tensor<?x96x54xf32>
  %features = perceiver.project %4 weight @inputs_patches.weight bias @inputs_patches.bias
      : tensor<?x96x54xf32> -> tensor<?x96x64xf32>
  %positions = perceiver.fourier_positions grid = [8, 12] bands = 64 max_resolution = [8, 12] layout = dm {recipe = #perceiver.fourier_recipe<jax_f32>}
      : tensor<96x258xf32>
  %x = perceiver.concat %features, %positions
      : (tensor<?x96x64xf32>, tensor<96x258xf32>) -> tensor<?x96x322xf32>
  return %x : tensor<?x96x322xf32>
}

// From the inputs to the latents.
func.func @encode(
    %inputs: tensor<?x2x8x12x3xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]})
    -> (tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %x = call @rows(%inputs) : (tensor<?x2x8x12x3xf32>) -> tensor<?x96x322xf32>
  %latents = perceiver.get_parameter @latents : tensor<8x32xf32>
  %z = perceiver.encode %latents, %x heads = 1 qk_channels = 322 v_channels = 322 mlp = gelu_tanh
      weights @encoder
      : tensor<8x32xf32>, tensor<?x96x322xf32> -> tensor<?x8x32xf32>
  return %z : tensor<?x8x32xf32>
}

// From latents to latents.
func.func @process(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %z = perceiver.process iterations = 1 (%0 = %latents : tensor<?x8x32xf32>) -> tensor<?x8x32xf32> {
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

// The flow of a range of pixels, row by row.
func.func @decode(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %inputs: tensor<?x2x8x12x3xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]},
    %first: index {perceiver.name = "first"},
    %count: index {perceiver.name = "count"})
    -> (tensor<?x?x2xf32> {perceiver.name = "output", perceiver.sizes = ["batch", "count"]})
    attributes {perceiver.entry} {
  %c1 = arith.constant 1 : index
  perceiver.require %c1 <= %count, "expected a count of at least 1"
  %0 = arith.addi %first, %count : index
  %c96 = arith.constant 96 : index
  perceiver.require %0 <= %c96, "expected first + count of at most 96 pixels"
  %x = call @rows(%inputs) : (tensor<?x2x8x12x3xf32>) -> tensor<?x96x322xf32>
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %latents, %c0 : tensor<?x8x32xf32>
  %query = tensor.extract_slice %x[0, %first, 0] [%batch, %count, 322] [1, 1, 1]
      : tensor<?x96x322xf32> to tensor<?x?x322xf32>
  %decoded = perceiver.decode %query, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_tanh
      weights @decoder {residual = false}
      : tensor<?x?x322xf32>, tensor<?x8x32xf32> -> tensor<?x?x322xf32>
  %1 = perceiver.project %decoded weight @final.weight bias @final.bias
      : tensor<?x?x322xf32> -> tensor<?x?x2xf32>
  %flow = perceiver.scale %1 by 0.01 : tensor<?x?x2xf32>
  return %flow : tensor<?x?x2xf32>
}

// The flow of a list of pixels.
func.func @decode_points(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %inputs: tensor<?x2x8x12x3xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]},
    %points: tensor<?xi64> {perceiver.name = "points", perceiver.sizes = ["queries"], perceiver.bounds = [0, 96]})
    -> (tensor<?x?x2xf32> {perceiver.name = "output", perceiver.sizes = ["batch", "queries"]})
    attributes {perceiver.entry} {
  %x = call @rows(%inputs) : (tensor<?x2x8x12x3xf32>) -> tensor<?x96x322xf32>
  %query = perceiver.take_rows %x at %points
      : tensor<?x96x322xf32>, tensor<?xi64> -> tensor<?x?x322xf32>
  %decoded = perceiver.decode %query, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_tanh
      weights @decoder {residual = false}
      : tensor<?x?x322xf32>, tensor<?x8x32xf32> -> tensor<?x?x322xf32>
  %0 = perceiver.project %decoded weight @final.weight bias @final.bias
      : tensor<?x?x322xf32> -> tensor<?x?x2xf32>
  %flow = perceiver.scale %0 by 0.01 : tensor<?x?x2xf32>
  return %flow : tensor<?x?x2xf32>
}

// All of it.
func.func @run(
    %inputs: tensor<?x2x8x12x3xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]})
    -> (tensor<?x8x12x2xf32> {perceiver.name = "output", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%inputs) : (tensor<?x2x8x12x3xf32>) -> tensor<?x8x32xf32>
  %1 = call @process(%0) : (tensor<?x8x32xf32>) -> tensor<?x8x32xf32>
  %x = call @rows(%inputs) : (tensor<?x2x8x12x3xf32>) -> tensor<?x96x322xf32>
  %decoded = perceiver.decode %x, %1 heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_tanh
      weights @decoder {residual = false}
      : tensor<?x96x322xf32>, tensor<?x8x32xf32> -> tensor<?x96x322xf32>
  %2 = perceiver.project %decoded weight @final.weight bias @final.bias
      : tensor<?x96x322xf32> -> tensor<?x96x2xf32>
  %flow = perceiver.scale %2 by 0.01 : tensor<?x96x2xf32>
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %inputs, %c0 : tensor<?x2x8x12x3xf32>
  %output = tensor.expand_shape %flow [[0], [1, 2], [3]] output_shape [%batch, 8, 12, 2]
      : tensor<?x96x2xf32> into tensor<?x8x12x2xf32>
  return %output : tensor<?x8x12x2xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

// A linear layer of the patches.
perceiver.parameter @inputs_patches.weight : tensor<54x64xf32>
    key "image_preprocessor/patches_linear:w"
perceiver.parameter @inputs_patches.bias : tensor<64xf32>
    key "image_preprocessor/patches_linear:b"

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

// The cross-attention of the decoder.
perceiver.parameter @decoder.q_norm.weight : tensor<322xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/layer_norm:scale"
perceiver.parameter @decoder.q_norm.bias : tensor<322xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/layer_norm:offset"
perceiver.parameter @decoder.kv_norm.weight : tensor<32xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/layer_norm_1:scale"
perceiver.parameter @decoder.kv_norm.bias : tensor<32xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/layer_norm_1:offset"
perceiver.parameter @decoder.mlp_norm.weight : tensor<322xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/layer_norm_2:scale"
perceiver.parameter @decoder.mlp_norm.bias : tensor<322xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/layer_norm_2:offset"
perceiver.parameter @decoder.query.weight : tensor<322x32xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/attention/linear:w"
perceiver.parameter @decoder.query.bias : tensor<32xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/attention/linear:b"
perceiver.parameter @decoder.key.weight : tensor<32x32xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/attention/linear_1:w"
perceiver.parameter @decoder.key.bias : tensor<32xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/attention/linear_1:b"
perceiver.parameter @decoder.value.weight : tensor<32x32xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/attention/linear_2:w"
perceiver.parameter @decoder.value.bias : tensor<32xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/attention/linear_2:b"
perceiver.parameter @decoder.output.weight : tensor<32x322xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/attention/linear_3:w"
perceiver.parameter @decoder.output.bias : tensor<322xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/attention/linear_3:b"
perceiver.parameter @decoder.mlp_in.weight : tensor<322x322xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/mlp/linear:w"
perceiver.parameter @decoder.mlp_in.bias : tensor<322xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/mlp/linear:b"
perceiver.parameter @decoder.mlp_out.weight : tensor<322x322xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/mlp/linear_1:w"
perceiver.parameter @decoder.mlp_out.bias : tensor<322xf32>
    key "flow_decoder/~/basic_decoder/cross_attention/mlp/linear_1:b"
perceiver.parameter @final.weight : tensor<322x2xf32>
    key "flow_decoder/~/basic_decoder/output:w"
perceiver.parameter @final.bias : tensor<2xf32>
    key "flow_decoder/~/basic_decoder/output:b"
