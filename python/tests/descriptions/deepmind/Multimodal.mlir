// Perceiver of DeepMind. Written by perceiver-import for the weights of
// model.safetensors, under the names that they have there.
//
//   inputs.audio [batch, samples, 1]
//     inputs.image [batch, frames, height, width, 3]
//     inputs.label [batch, 7]
//     -> rows of 393 channels
//     encode   8 latents of 32 channels attend to the rows, 1 head
//     process  2 layers of self-attention with 4 heads, applied 2 times in turn
//     decode   a query for each point attends to the latents, 1 head; linear layer
//     -> output.audio ['batch', 'audio_points * 4'], output.image ['batch', 'image_points', 3], output.label ['batch', 7]

// What the checkpoint has besides, and the model ignores.
module attributes {perceiver.ignored_tensors = [
    "multimodal_preprocessor/audio_mask_token:pos_embs",
    "multimodal_preprocessor/image_mask_token:pos_embs",
    "multimodal_preprocessor/label_padding:pos_embs"]} {

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// Rows of 'audio'.
func.func private @audio_rows(%audio: tensor<?x?x1xf32> {perceiver.sizes = ["batch", "samples"]})
    -> (tensor<?x?x393xf32> {perceiver.sizes = ["batch", "samples / 4"]}) {
  %c1 = arith.constant 1 : index
  %samples = tensor.dim %audio, %c1 : tensor<?x?x1xf32>
  %c4 = arith.constant 4 : index
  perceiver.require %samples multiple_of %c4, "expected inputs.audio in patches of 4"
  %0 = tensor.collapse_shape %audio [[0], [1, 2]] : tensor<?x?x1xf32> into tensor<?x?xf32>
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %audio, %c0 : tensor<?x?x1xf32>
  %1 = arith.floordivsi %samples, %c4 : index
  %features = tensor.expand_shape %0 [[0], [1, 2]] output_shape [%batch, %1, 4]
      : tensor<?x?xf32> into tensor<?x?x4xf32>
  %positions = perceiver.fourier_positions sizes(%1) grid = [?] bands = 192 max_resolution = [72] layout = dm {recipe = #perceiver.fourier_recipe<jax_f32>}
      : tensor<?x385xf32>
  %rows = perceiver.concat %features, %positions
      : (tensor<?x?x4xf32>, tensor<?x385xf32>) -> tensor<?x?x389xf32>
  %2 = perceiver.get_parameter @row_padding.audio : tensor<4xf32>
  %padded = perceiver.concat %rows, %2 : (tensor<?x?x389xf32>, tensor<4xf32>) -> tensor<?x?x393xf32>
  return %padded : tensor<?x?x393xf32>
}

// Rows of 'image'.
func.func private @image_rows(
    %image: tensor<?x?x?x?x3xf32> {perceiver.sizes = ["batch", "frames", "height", "width"]})
    -> (tensor<?x?x393xf32> {perceiver.sizes = ["batch", "frames * (height / 4) * (width / 4)"]}) {
  %c2 = arith.constant 2 : index
  %height = tensor.dim %image, %c2 : tensor<?x?x?x?x3xf32>
  %c4 = arith.constant 4 : index
  perceiver.require %height multiple_of %c4, "expected inputs.image in patches of 4"
  %c3 = arith.constant 3 : index
  %width = tensor.dim %image, %c3 : tensor<?x?x?x?x3xf32>
  perceiver.require %width multiple_of %c4, "expected inputs.image in patches of 4"
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %image, %c0 : tensor<?x?x?x?x3xf32>
  %c1 = arith.constant 1 : index
  %frames = tensor.dim %image, %c1 : tensor<?x?x?x?x3xf32>
  %0 = arith.floordivsi %height, %c4 : index
  %1 = arith.floordivsi %width, %c4 : index
  %2 = tensor.expand_shape %image [[0], [1, 2], [3, 4], [5, 6], [7]] output_shape [%batch, %frames, 1, %0, 4, %1, 4, 3]
      : tensor<?x?x?x?x3xf32> into tensor<?x?x1x?x4x?x4x3xf32>
  %3 = perceiver.transpose %2 permutation = [0, 1, 3, 5, 2, 4, 6, 7]
      : tensor<?x?x1x?x4x?x4x3xf32> -> tensor<?x?x?x?x1x4x4x3xf32>
  %features = tensor.collapse_shape %3 [[0], [1, 2, 3], [4, 5, 6, 7]]
      : tensor<?x?x?x?x1x4x4x3xf32> into tensor<?x?x48xf32>
  %positions = perceiver.fourier_positions sizes(%frames, %0, %1) grid = [?, ?, ?] bands = 32 max_resolution = [3, 16, 16] layout = dm {recipe = #perceiver.fourier_recipe<jax_f32>}
      : tensor<?x195xf32>
  %rows = perceiver.concat %features, %positions
      : (tensor<?x?x48xf32>, tensor<?x195xf32>) -> tensor<?x?x243xf32>
  %4 = perceiver.get_parameter @row_padding.image : tensor<150xf32>
  %padded = perceiver.concat %rows, %4
      : (tensor<?x?x243xf32>, tensor<150xf32>) -> tensor<?x?x393xf32>
  return %padded : tensor<?x?x393xf32>
}

// From the inputs to the latents.
func.func @encode(
    %inputs.audio: tensor<?x?x1xf32> {perceiver.name = "inputs.audio", perceiver.sizes = ["batch", "samples"]},
    %inputs.image: tensor<?x?x?x?x3xf32> {perceiver.name = "inputs.image", perceiver.sizes = ["batch", "frames", "height", "width"]},
    %inputs.label: tensor<?x7xf32> {perceiver.name = "inputs.label", perceiver.sizes = ["batch"]})
    -> (tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %audio_rows = call @audio_rows(%inputs.audio) : (tensor<?x?x1xf32>) -> tensor<?x?x393xf32>
  %image_rows = call @image_rows(%inputs.image) : (tensor<?x?x?x?x3xf32>) -> tensor<?x?x393xf32>
  %label_row = perceiver.get_parameter @masked.label : tensor<1x393xf32>
  %x = perceiver.concat_rows %audio_rows, %image_rows, %label_row
      : (tensor<?x?x393xf32>, tensor<?x?x393xf32>, tensor<1x393xf32>) -> tensor<?x?x393xf32>
  %latents = perceiver.get_parameter @latents : tensor<8x32xf32>
  %z = perceiver.encode %latents, %x heads = 1 qk_channels = 393 v_channels = 393 mlp = gelu_tanh
      weights @encoder
      : tensor<8x32xf32>, tensor<?x?x393xf32> -> tensor<?x8x32xf32>
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

// A range of the points of 'audio'.
func.func @decode_audio(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %first: index {perceiver.name = "first"},
    %count: index {perceiver.name = "count"})
    -> (tensor<?x?xf32> {perceiver.name = "output.audio", perceiver.sizes = ["batch", "count * 4"]})
    attributes {perceiver.entry} {
  %c1 = arith.constant 1 : index
  perceiver.require %c1 <= %count, "expected a count of at least 1"
  %0 = arith.addi %first, %count : index
  %c18 = arith.constant 18 : index
  perceiver.require %0 <= %c18, "expected first + count of at most 18 points"
  %positions = perceiver.fourier_positions range(%first, %count) grid = [18] bands = 192 max_resolution = [72] layout = dm {recipe = #perceiver.fourier_recipe<jax_f32>, spacing = #perceiver.spacing<fraction>}
      : tensor<?x385xf32>
  %1 = perceiver.get_parameter @query_padding.audio : tensor<641xf32>
  %padded = perceiver.concat %positions, %1
      : (tensor<?x385xf32>, tensor<641xf32>) -> tensor<?x1026xf32>
  %decoded = perceiver.decode %padded, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_tanh
      weights @decoder {residual = false}
      : tensor<?x1026xf32>, tensor<?x8x32xf32> -> tensor<?x?x1026xf32>
  %2 = perceiver.project %decoded weight @final.weight bias @final.bias
      : tensor<?x?x1026xf32> -> tensor<?x?x32xf32>
  %3 = perceiver.project %2 weight @head_audio.weight bias @head_audio.bias
      : tensor<?x?x32xf32> -> tensor<?x?x4xf32>
  %result = tensor.collapse_shape %3 [[0], [1, 2]] : tensor<?x?x4xf32> into tensor<?x?xf32>
  return %result : tensor<?x?xf32>
}

// A list of the points of 'audio'.
func.func @decode_audio_points(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %points: tensor<?xi64> {perceiver.name = "points", perceiver.sizes = ["audio_points"], perceiver.bounds = [0, 18]})
    -> (tensor<?x?xf32> {perceiver.name = "output.audio", perceiver.sizes = ["batch", "audio_points * 4"]})
    attributes {perceiver.entry} {
  %query = perceiver.fourier_positions points(%points : tensor<?xi64>) grid = [18] bands = 192 max_resolution = [72] layout = dm {recipe = #perceiver.fourier_recipe<jax_f32>, spacing = #perceiver.spacing<fraction>}
      : tensor<?x385xf32>
  %0 = perceiver.get_parameter @query_padding.audio : tensor<641xf32>
  %padded = perceiver.concat %query, %0 : (tensor<?x385xf32>, tensor<641xf32>) -> tensor<?x1026xf32>
  %decoded = perceiver.decode %padded, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_tanh
      weights @decoder {residual = false}
      : tensor<?x1026xf32>, tensor<?x8x32xf32> -> tensor<?x?x1026xf32>
  %1 = perceiver.project %decoded weight @final.weight bias @final.bias
      : tensor<?x?x1026xf32> -> tensor<?x?x32xf32>
  %2 = perceiver.project %1 weight @head_audio.weight bias @head_audio.bias
      : tensor<?x?x32xf32> -> tensor<?x?x4xf32>
  %result = tensor.collapse_shape %2 [[0], [1, 2]] : tensor<?x?x4xf32> into tensor<?x?xf32>
  return %result : tensor<?x?xf32>
}

// A range of the points of 'image'.
func.func @decode_image(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %first: index {perceiver.name = "first"},
    %count: index {perceiver.name = "count"})
    -> (tensor<?x?x3xf32> {perceiver.name = "output.image", perceiver.sizes = ["batch", "count"]})
    attributes {perceiver.entry} {
  %c1 = arith.constant 1 : index
  perceiver.require %c1 <= %count, "expected a count of at least 1"
  %0 = arith.addi %first, %count : index
  %c420 = arith.constant 420 : index
  perceiver.require %0 <= %c420, "expected first + count of at most 420 points"
  %positions = perceiver.fourier_positions range(%first, %count) grid = [3, 10, 14] bands = 32 max_resolution = [3, 16, 16] layout = dm {recipe = #perceiver.fourier_recipe<jax_f32>, spacing = #perceiver.spacing<fraction>}
      : tensor<?x195xf32>
  %1 = perceiver.get_parameter @query_padding.image : tensor<831xf32>
  %padded = perceiver.concat %positions, %1
      : (tensor<?x195xf32>, tensor<831xf32>) -> tensor<?x1026xf32>
  %decoded = perceiver.decode %padded, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_tanh
      weights @decoder {residual = false}
      : tensor<?x1026xf32>, tensor<?x8x32xf32> -> tensor<?x?x1026xf32>
  %2 = perceiver.project %decoded weight @final.weight bias @final.bias
      : tensor<?x?x1026xf32> -> tensor<?x?x32xf32>
  %result = perceiver.project %2 weight @head_image.weight bias @head_image.bias
      : tensor<?x?x32xf32> -> tensor<?x?x3xf32>
  return %result : tensor<?x?x3xf32>
}

// A list of the points of 'image'.
func.func @decode_image_points(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %points: tensor<?xi64> {perceiver.name = "points", perceiver.sizes = ["image_points"], perceiver.bounds = [0, 420]})
    -> (tensor<?x?x3xf32> {perceiver.name = "output.image", perceiver.sizes = ["batch", "image_points"]})
    attributes {perceiver.entry} {
  %query = perceiver.fourier_positions points(%points : tensor<?xi64>) grid = [3, 10, 14] bands = 32 max_resolution = [3, 16, 16] layout = dm {recipe = #perceiver.fourier_recipe<jax_f32>, spacing = #perceiver.spacing<fraction>}
      : tensor<?x195xf32>
  %0 = perceiver.get_parameter @query_padding.image : tensor<831xf32>
  %padded = perceiver.concat %query, %0 : (tensor<?x195xf32>, tensor<831xf32>) -> tensor<?x1026xf32>
  %decoded = perceiver.decode %padded, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_tanh
      weights @decoder {residual = false}
      : tensor<?x1026xf32>, tensor<?x8x32xf32> -> tensor<?x?x1026xf32>
  %1 = perceiver.project %decoded weight @final.weight bias @final.bias
      : tensor<?x?x1026xf32> -> tensor<?x?x32xf32>
  %result = perceiver.project %1 weight @head_image.weight bias @head_image.bias
      : tensor<?x?x32xf32> -> tensor<?x?x3xf32>
  return %result : tensor<?x?x3xf32>
}

// All of 'label'.
func.func @decode_label(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x7xf32> {perceiver.name = "output.label", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %query = perceiver.get_parameter @queries_label.table : tensor<1x1024xf32>
  %0 = perceiver.get_parameter @query_padding.label : tensor<2xf32>
  %padded = perceiver.concat %query, %0 : (tensor<1x1024xf32>, tensor<2xf32>) -> tensor<1x1026xf32>
  %decoded = perceiver.decode %padded, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_tanh
      weights @decoder {residual = false}
      : tensor<1x1026xf32>, tensor<?x8x32xf32> -> tensor<?x1x1026xf32>
  %1 = perceiver.project %decoded weight @final.weight bias @final.bias
      : tensor<?x1x1026xf32> -> tensor<?x1x32xf32>
  %2 = perceiver.project %1 weight @head_label.weight bias @head_label.bias
      : tensor<?x1x32xf32> -> tensor<?x1x7xf32>
  %result = tensor.collapse_shape %2 [[0, 1], [2]] : tensor<?x1x7xf32> into tensor<?x7xf32>
  return %result : tensor<?x7xf32>
}

// All of it.
func.func @run(
    %inputs.audio: tensor<?x?x1xf32> {perceiver.name = "inputs.audio", perceiver.sizes = ["batch", "samples"]},
    %inputs.image: tensor<?x?x?x?x3xf32> {perceiver.name = "inputs.image", perceiver.sizes = ["batch", "frames", "height", "width"]},
    %inputs.label: tensor<?x7xf32> {perceiver.name = "inputs.label", perceiver.sizes = ["batch"]},
    %subsampled.audio: tensor<?xi64> {perceiver.name = "subsampled.audio", perceiver.sizes = ["audio_points"], perceiver.aliases = ["subsampled_output_points.audio"], perceiver.bounds = [0, 18]},
    %subsampled.image: tensor<?xi64> {perceiver.name = "subsampled.image", perceiver.sizes = ["image_points"], perceiver.aliases = ["subsampled_output_points.image"], perceiver.bounds = [0, 420]})
    -> (tensor<?x?xf32> {perceiver.name = "output.audio", perceiver.sizes = ["batch", "audio_points * 4"]}, tensor<?x?x3xf32> {perceiver.name = "output.image", perceiver.sizes = ["batch", "image_points"]}, tensor<?x7xf32> {perceiver.name = "output.label", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%inputs.audio, %inputs.image, %inputs.label)
      : (tensor<?x?x1xf32>, tensor<?x?x?x?x3xf32>, tensor<?x7xf32>) -> tensor<?x8x32xf32>
  %1 = call @process(%0) : (tensor<?x8x32xf32>) -> tensor<?x8x32xf32>
  %2 = call @decode_audio_points(%1, %subsampled.audio)
      : (tensor<?x8x32xf32>, tensor<?xi64>) -> tensor<?x?xf32>
  %3 = call @decode_image_points(%1, %subsampled.image)
      : (tensor<?x8x32xf32>, tensor<?xi64>) -> tensor<?x?x3xf32>
  %4 = call @decode_label(%1) : (tensor<?x8x32xf32>) -> tensor<?x7xf32>
  return %2, %3, %4 : tensor<?x?xf32>, tensor<?x?x3xf32>, tensor<?x7xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

// What fills up the rows of 'audio'.
perceiver.parameter @row_padding.audio : tensor<4xf32>
    key "multimodal_preprocessor/audio_padding:pos_embs" of [1, 4]

// What fills up the rows of 'image'.
perceiver.parameter @row_padding.image : tensor<150xf32>
    key "multimodal_preprocessor/image_padding:pos_embs" of [1, 150]

// The row that stands for 'label', which is masked.
perceiver.parameter @masked.label : tensor<1x393xf32>
    key "multimodal_preprocessor/label_mask_token:pos_embs"

// The latents.
perceiver.parameter @latents : tensor<8x32xf32>
    key "encoder/~/trainable_position_encoding:pos_embs"

// The cross-attention of the encoder.
perceiver.parameter @encoder.q_norm.weight : tensor<32xf32>
    key "encoder/~/cross_attention/layer_norm:scale"
perceiver.parameter @encoder.q_norm.bias : tensor<32xf32>
    key "encoder/~/cross_attention/layer_norm:offset"
perceiver.parameter @encoder.kv_norm.weight : tensor<393xf32>
    key "encoder/~/cross_attention/layer_norm_1:scale"
perceiver.parameter @encoder.kv_norm.bias : tensor<393xf32>
    key "encoder/~/cross_attention/layer_norm_1:offset"
perceiver.parameter @encoder.mlp_norm.weight : tensor<32xf32>
    key "encoder/~/cross_attention/layer_norm_2:scale"
perceiver.parameter @encoder.mlp_norm.bias : tensor<32xf32>
    key "encoder/~/cross_attention/layer_norm_2:offset"
perceiver.parameter @encoder.query.weight : tensor<32x393xf32>
    key "encoder/~/cross_attention/attention/linear:w"
perceiver.parameter @encoder.query.bias : tensor<393xf32>
    key "encoder/~/cross_attention/attention/linear:b"
perceiver.parameter @encoder.key.weight : tensor<393x393xf32>
    key "encoder/~/cross_attention/attention/linear_1:w"
perceiver.parameter @encoder.key.bias : tensor<393xf32>
    key "encoder/~/cross_attention/attention/linear_1:b"
perceiver.parameter @encoder.value.weight : tensor<393x393xf32>
    key "encoder/~/cross_attention/attention/linear_2:w"
perceiver.parameter @encoder.value.bias : tensor<393xf32>
    key "encoder/~/cross_attention/attention/linear_2:b"
perceiver.parameter @encoder.output.weight : tensor<393x32xf32>
    key "encoder/~/cross_attention/attention/linear_3:w"
perceiver.parameter @encoder.output.bias : tensor<32xf32>
    key "encoder/~/cross_attention/attention/linear_3:b"
perceiver.parameter @encoder.mlp_in.weight : tensor<32x32xf32>
    key "encoder/~/cross_attention/mlp/linear:w"
perceiver.parameter @encoder.mlp_in.bias : tensor<32xf32>
    key "encoder/~/cross_attention/mlp/linear:b"
perceiver.parameter @encoder.mlp_out.weight : tensor<32x32xf32>
    key "encoder/~/cross_attention/mlp/linear_1:w"
perceiver.parameter @encoder.mlp_out.bias : tensor<32xf32>
    key "encoder/~/cross_attention/mlp/linear_1:b"

// The first layer of self-attention.
perceiver.parameter @first_self.q_norm.weight : tensor<32xf32>
    key "encoder/~/self_attention/layer_norm:scale"
perceiver.parameter @first_self.q_norm.bias : tensor<32xf32>
    key "encoder/~/self_attention/layer_norm:offset"
perceiver.parameter @first_self.mlp_norm.weight : tensor<32xf32>
    key "encoder/~/self_attention/layer_norm_1:scale"
perceiver.parameter @first_self.mlp_norm.bias : tensor<32xf32>
    key "encoder/~/self_attention/layer_norm_1:offset"
perceiver.parameter @first_self.query.weight : tensor<32x32xf32>
    key "encoder/~/self_attention/attention/linear:w"
perceiver.parameter @first_self.query.bias : tensor<32xf32>
    key "encoder/~/self_attention/attention/linear:b"
perceiver.parameter @first_self.key.weight : tensor<32x32xf32>
    key "encoder/~/self_attention/attention/linear_1:w"
perceiver.parameter @first_self.key.bias : tensor<32xf32>
    key "encoder/~/self_attention/attention/linear_1:b"
perceiver.parameter @first_self.value.weight : tensor<32x32xf32>
    key "encoder/~/self_attention/attention/linear_2:w"
perceiver.parameter @first_self.value.bias : tensor<32xf32>
    key "encoder/~/self_attention/attention/linear_2:b"
perceiver.parameter @first_self.output.weight : tensor<32x32xf32>
    key "encoder/~/self_attention/attention/linear_3:w"
perceiver.parameter @first_self.output.bias : tensor<32xf32>
    key "encoder/~/self_attention/attention/linear_3:b"
perceiver.parameter @first_self.mlp_in.weight : tensor<32x32xf32>
    key "encoder/~/self_attention/mlp/linear:w"
perceiver.parameter @first_self.mlp_in.bias : tensor<32xf32>
    key "encoder/~/self_attention/mlp/linear:b"
perceiver.parameter @first_self.mlp_out.weight : tensor<32x32xf32>
    key "encoder/~/self_attention/mlp/linear_1:w"
perceiver.parameter @first_self.mlp_out.bias : tensor<32xf32>
    key "encoder/~/self_attention/mlp/linear_1:b"

// The other layers of self-attention.
perceiver.parameter @self.q_norm.weight : tensor<32xf32>
    key "encoder/~/self_attention_{}/layer_norm:scale" count 1 first 1
perceiver.parameter @self.q_norm.bias : tensor<32xf32>
    key "encoder/~/self_attention_{}/layer_norm:offset" count 1 first 1
perceiver.parameter @self.mlp_norm.weight : tensor<32xf32>
    key "encoder/~/self_attention_{}/layer_norm_1:scale" count 1 first 1
perceiver.parameter @self.mlp_norm.bias : tensor<32xf32>
    key "encoder/~/self_attention_{}/layer_norm_1:offset" count 1 first 1
perceiver.parameter @self.query.weight : tensor<32x32xf32>
    key "encoder/~/self_attention_{}/attention/linear:w" count 1 first 1
perceiver.parameter @self.query.bias : tensor<32xf32>
    key "encoder/~/self_attention_{}/attention/linear:b" count 1 first 1
perceiver.parameter @self.key.weight : tensor<32x32xf32>
    key "encoder/~/self_attention_{}/attention/linear_1:w" count 1 first 1
perceiver.parameter @self.key.bias : tensor<32xf32>
    key "encoder/~/self_attention_{}/attention/linear_1:b" count 1 first 1
perceiver.parameter @self.value.weight : tensor<32x32xf32>
    key "encoder/~/self_attention_{}/attention/linear_2:w" count 1 first 1
perceiver.parameter @self.value.bias : tensor<32xf32>
    key "encoder/~/self_attention_{}/attention/linear_2:b" count 1 first 1
perceiver.parameter @self.output.weight : tensor<32x32xf32>
    key "encoder/~/self_attention_{}/attention/linear_3:w" count 1 first 1
perceiver.parameter @self.output.bias : tensor<32xf32>
    key "encoder/~/self_attention_{}/attention/linear_3:b" count 1 first 1
perceiver.parameter @self.mlp_in.weight : tensor<32x32xf32>
    key "encoder/~/self_attention_{}/mlp/linear:w" count 1 first 1
perceiver.parameter @self.mlp_in.bias : tensor<32xf32>
    key "encoder/~/self_attention_{}/mlp/linear:b" count 1 first 1
perceiver.parameter @self.mlp_out.weight : tensor<32x32xf32>
    key "encoder/~/self_attention_{}/mlp/linear_1:w" count 1 first 1
perceiver.parameter @self.mlp_out.bias : tensor<32xf32>
    key "encoder/~/self_attention_{}/mlp/linear_1:b" count 1 first 1

// The queries of the decoder.
perceiver.parameter @queries_label.table : tensor<1x1024xf32>
    key "classification_decoder/~/basic_decoder/~/trainable_position_encoding:pos_embs"

// What fills up the queries.
perceiver.parameter @query_padding.audio : tensor<641xf32>
    key "multimodal_decoder/~decoder_query/audio_padding:pos_embs" of [1, 641]
perceiver.parameter @query_padding.image : tensor<831xf32>
    key "multimodal_decoder/~decoder_query/image_padding:pos_embs" of [1, 831]
perceiver.parameter @query_padding.label : tensor<2xf32>
    key "multimodal_decoder/~decoder_query/label_padding:pos_embs" of [1, 2]

// The cross-attention of the decoder.
perceiver.parameter @decoder.q_norm.weight : tensor<1026xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/layer_norm:scale"
perceiver.parameter @decoder.q_norm.bias : tensor<1026xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/layer_norm:offset"
perceiver.parameter @decoder.kv_norm.weight : tensor<32xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/layer_norm_1:scale"
perceiver.parameter @decoder.kv_norm.bias : tensor<32xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/layer_norm_1:offset"
perceiver.parameter @decoder.mlp_norm.weight : tensor<1026xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/layer_norm_2:scale"
perceiver.parameter @decoder.mlp_norm.bias : tensor<1026xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/layer_norm_2:offset"
perceiver.parameter @decoder.query.weight : tensor<1026x32xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/attention/linear:w"
perceiver.parameter @decoder.query.bias : tensor<32xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/attention/linear:b"
perceiver.parameter @decoder.key.weight : tensor<32x32xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/attention/linear_1:w"
perceiver.parameter @decoder.key.bias : tensor<32xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/attention/linear_1:b"
perceiver.parameter @decoder.value.weight : tensor<32x32xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/attention/linear_2:w"
perceiver.parameter @decoder.value.bias : tensor<32xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/attention/linear_2:b"
perceiver.parameter @decoder.output.weight : tensor<32x1026xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/attention/linear_3:w"
perceiver.parameter @decoder.output.bias : tensor<1026xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/attention/linear_3:b"
perceiver.parameter @decoder.mlp_in.weight : tensor<1026x1026xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/mlp/linear:w"
perceiver.parameter @decoder.mlp_in.bias : tensor<1026xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/mlp/linear:b"
perceiver.parameter @decoder.mlp_out.weight : tensor<1026x1026xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/mlp/linear_1:w"
perceiver.parameter @decoder.mlp_out.bias : tensor<1026xf32>
    key "multimodal_decoder/~/basic_decoder/cross_attention/mlp/linear_1:b"
perceiver.parameter @final.weight : tensor<1026x32xf32>
    key "multimodal_decoder/~/basic_decoder/output:w"
perceiver.parameter @final.bias : tensor<32xf32>
    key "multimodal_decoder/~/basic_decoder/output:b"

// The postprocessor.
perceiver.parameter @head_audio.weight : tensor<32x4xf32>
    key "audio_postprocessor/linear:w"
perceiver.parameter @head_audio.bias : tensor<4xf32>
    key "audio_postprocessor/linear:b"

// The postprocessor.
perceiver.parameter @head_image.weight : tensor<32x3xf32>
    key "projection_postprocessor/linear:w"
perceiver.parameter @head_image.bias : tensor<3xf32>
    key "projection_postprocessor/linear:b"

// The postprocessor.
perceiver.parameter @head_label.weight : tensor<32x7xf32>
    key "classification_postprocessor/linear:w"
perceiver.parameter @head_label.bias : tensor<7xf32>
    key "classification_postprocessor/linear:b"
}
