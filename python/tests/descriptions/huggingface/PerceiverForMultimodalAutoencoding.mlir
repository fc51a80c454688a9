// PerceiverForMultimodalAutoencoding of Hugging Face's transformers (Perceiver
// IO, arXiv 2107.14795), autoencoding of video, audio and a label. Written by
// perceiver-import for the weights in model.safetensors, under the names that
// they have there.
//
//   inputs.image [batch, frames, 3, height, width],
//     inputs.audio [batch, samples, 1], inputs.label [batch, 7]
//     -> rows of 393 channels: patches of 4 samples, of 4 x 4 pixels, one
//        that stands for the label, which is never looked at
//     encode   8 latents of 32 channels attend to them, 1 head
//     process  2 self-attention layers with 4 heads, applied 2 times in turn
//     decode   a query for each point, one for the label, 1 head; linear layers
//     -> logits.image [batch, image_points, 3], logits.audio [batch, audio_points * 4],
//        logits.label [batch, 7]

// What the checkpoint has besides, and the model ignores.
module attributes {perceiver.ignored_tensors = [
    "perceiver.input_preprocessor.mask.audio",
    "perceiver.input_preprocessor.mask.image",
    "perceiver.input_preprocessor.padding.label"]} {

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// Patches of samples as rows.
func.func private @audio_rows(%audio: tensor<?x?x1xf32> {perceiver.sizes = ["batch", "samples"]})
    -> (tensor<?x?x393xf32> {perceiver.sizes = ["batch", "samples / 4"]}) {
  %c1 = arith.constant 1 : index
  %samples = tensor.dim %audio, %c1 : tensor<?x?x1xf32>
  %c4 = arith.constant 4 : index
  perceiver.require %samples multiple_of %c4, "expected samples in patches of 4"
  %0 = tensor.collapse_shape %audio [[0], [1, 2]] : tensor<?x?x1xf32> into tensor<?x?xf32>
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %audio, %c0 : tensor<?x?x1xf32>
  %1 = arith.floordivsi %samples, %c4 : index
  %2 = tensor.expand_shape %0 [[0], [1, 2]] output_shape [%batch, %1, 4]
      : tensor<?x?xf32> into tensor<?x?x4xf32>
  %positions = perceiver.fourier_positions sizes(%1) grid = [?] bands = 192 max_resolution = [72] layout = dm
      : tensor<?x385xf32>
  %padding = perceiver.get_parameter @row_padding.audio : tensor<4xf32>
  %3 = perceiver.concat %2, %positions, %padding
      : (tensor<?x?x4xf32>, tensor<?x385xf32>, tensor<4xf32>) -> tensor<?x?x393xf32>
  return %3 : tensor<?x?x393xf32>
}

// Blocks of pixels as rows.
func.func private @image_rows(
    %image: tensor<?x?x3x?x?xf32> {perceiver.sizes = ["batch", "frames", "height", "width"]})
    -> (tensor<?x?x393xf32> {perceiver.sizes = ["batch", "frames * (height / 4) * (width / 4)"]}) {
  %c2 = arith.constant 2 : index
  %c1 = arith.constant 1 : index
  %frames = tensor.dim %image, %c1 : tensor<?x?x3x?x?xf32>
  perceiver.require %c2 <= %frames, "expected at least 2 frames"
  %c3 = arith.constant 3 : index
  %height = tensor.dim %image, %c3 : tensor<?x?x3x?x?xf32>
  %c4 = arith.constant 4 : index
  perceiver.require %height multiple_of %c4, "expected a height in patches of 4"
  %width = tensor.dim %image, %c4 : tensor<?x?x3x?x?xf32>
  perceiver.require %width multiple_of %c4, "expected a width in patches of 4"
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %image, %c0 : tensor<?x?x3x?x?xf32>
  %0 = arith.floordivsi %height, %c4 : index
  %1 = arith.floordivsi %width, %c4 : index
  %2 = tensor.expand_shape %image [[0], [1], [2], [3, 4], [5, 6]] output_shape [%batch, %frames, 3, %0, 4, %1, 4]
      : tensor<?x?x3x?x?xf32> into tensor<?x?x3x?x4x?x4xf32>
  %3 = perceiver.transpose %2 permutation = [0, 1, 3, 5, 4, 6, 2]
      : tensor<?x?x3x?x4x?x4xf32> -> tensor<?x?x?x?x4x4x3xf32>
  %4 = tensor.collapse_shape %3 [[0], [1, 2, 3], [4, 5, 6]]
      : tensor<?x?x?x?x4x4x3xf32> into tensor<?x?x48xf32>
  %positions = perceiver.fourier_positions sizes(%frames, %0, %1) grid = [?, ?, ?] bands = 32 max_resolution = [3, 16, 16] layout = dm
      : tensor<?x195xf32>
  %padding = perceiver.get_parameter @row_padding.image : tensor<150xf32>
  %5 = perceiver.concat %4, %positions, %padding
      : (tensor<?x?x48xf32>, tensor<?x195xf32>, tensor<150xf32>) -> tensor<?x?x393xf32>
  return %5 : tensor<?x?x393xf32>
}

// From the inputs to the latents.
func.func @encode(
    %inputs.image: tensor<?x?x3x?x?xf32> {perceiver.name = "inputs.image", perceiver.sizes = ["batch", "frames", "height", "width"]},
    %inputs.audio: tensor<?x?x1xf32> {perceiver.name = "inputs.audio", perceiver.sizes = ["batch", "samples"]},
    %inputs.label: tensor<?x7xf32> {perceiver.name = "inputs.label", perceiver.sizes = ["batch"]})
    -> (tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %audio_rows = call @audio_rows(%inputs.audio) : (tensor<?x?x1xf32>) -> tensor<?x?x393xf32>
  %image_rows = call @image_rows(%inputs.image) : (tensor<?x?x3x?x?xf32>) -> tensor<?x?x393xf32>
  %label_row = perceiver.get_parameter @label_row : tensor<1x393xf32>
  %x = perceiver.concat_rows %audio_rows, %image_rows, %label_row
      : (tensor<?x?x393xf32>, tensor<?x?x393xf32>, tensor<1x393xf32>) -> tensor<?x?x393xf32>
  %latents = perceiver.get_parameter @latents : tensor<8x32xf32>
  %z = perceiver.encode %latents, %x heads = 1 qk_channels = 393 v_channels = 393 mlp = gelu_erf
      weights @encoder
      : tensor<8x32xf32>, tensor<?x?x393xf32> -> tensor<?x8x32xf32>
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

// A range of the audio's points.
func.func @decode_audio(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %first: index {perceiver.name = "first"},
    %count: index {perceiver.name = "count"})
    -> (tensor<?x?xf32> {perceiver.name = "logits.audio", perceiver.sizes = ["batch", "count * 4"]})
    attributes {perceiver.entry} {
  %c1 = arith.constant 1 : index
  perceiver.require %c1 <= %count, "expected a count of at least 1"
  %0 = arith.addi %first, %count : index
  %c18 = arith.constant 18 : index
  perceiver.require %0 <= %c18, "expected first + count of at most 18 points"
  %1 = perceiver.fourier_positions range(%first, %count) grid = [18] bands = 192 max_resolution = [72] layout = dm {spacing = #perceiver.spacing<fraction>}
      : tensor<?x385xf32>
  %2 = perceiver.get_parameter @query_padding.audio : tensor<641xf32>
  %query = perceiver.concat %1, %2 : (tensor<?x385xf32>, tensor<641xf32>) -> tensor<?x1026xf32>
  %3 = perceiver.decode %query, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_erf
      weights @decoder {residual = false}
      : tensor<?x1026xf32>, tensor<?x8x32xf32> -> tensor<?x?x1026xf32>
  %4 = perceiver.project %3 weight @final.weight bias @final.bias
      : tensor<?x?x1026xf32> -> tensor<?x?x32xf32>
  %5 = perceiver.project %4 weight @audio_head.weight bias @audio_head.bias
      : tensor<?x?x32xf32> -> tensor<?x?x4xf32>
  %6 = tensor.collapse_shape %5 [[0], [1, 2]] : tensor<?x?x4xf32> into tensor<?x?xf32>
  return %6 : tensor<?x?xf32>
}

// A list of the audio's points.
func.func @decode_audio_points(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %points: tensor<?xi64> {perceiver.name = "points", perceiver.sizes = ["audio_points"], perceiver.bounds = [0, 18]})
    -> (tensor<?x?xf32> {perceiver.name = "logits.audio", perceiver.sizes = ["batch", "audio_points * 4"]})
    attributes {perceiver.entry} {
  %0 = perceiver.fourier_positions points(%points : tensor<?xi64>) grid = [18] bands = 192 max_resolution = [72] layout = dm {spacing = #perceiver.spacing<fraction>}
      : tensor<?x385xf32>
  %1 = perceiver.get_parameter @query_padding.audio : tensor<641xf32>
  %query = perceiver.concat %0, %1 : (tensor<?x385xf32>, tensor<641xf32>) -> tensor<?x1026xf32>
  %2 = perceiver.decode %query, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_erf
      weights @decoder {residual = false}
      : tensor<?x1026xf32>, tensor<?x8x32xf32> -> tensor<?x?x1026xf32>
  %3 = perceiver.project %2 weight @final.weight bias @final.bias
      : tensor<?x?x1026xf32> -> tensor<?x?x32xf32>
  %4 = perceiver.project %3 weight @audio_head.weight bias @audio_head.bias
      : tensor<?x?x32xf32> -> tensor<?x?x4xf32>
  %5 = tensor.collapse_shape %4 [[0], [1, 2]] : tensor<?x?x4xf32> into tensor<?x?xf32>
  return %5 : tensor<?x?xf32>
}

// A range of the image's points.
func.func @decode_image(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %first: index {perceiver.name = "first"},
    %count: index {perceiver.name = "count"})
    -> (tensor<?x?x3xf32> {perceiver.name = "logits.image", perceiver.sizes = ["batch", "count"]})
    attributes {perceiver.entry} {
  %c1 = arith.constant 1 : index
  perceiver.require %c1 <= %count, "expected a count of at least 1"
  %0 = arith.addi %first, %count : index
  %c420 = arith.constant 420 : index
  perceiver.require %0 <= %c420, "expected first + count of at most 420 points"
  %1 = perceiver.fourier_positions range(%first, %count) grid = [3, 10, 14] bands = 32 max_resolution = [3, 16, 16] layout = dm {spacing = #perceiver.spacing<fraction>}
      : tensor<?x195xf32>
  %2 = perceiver.get_parameter @query_padding.image : tensor<831xf32>
  %query = perceiver.concat %1, %2 : (tensor<?x195xf32>, tensor<831xf32>) -> tensor<?x1026xf32>
  %3 = perceiver.decode %query, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_erf
      weights @decoder {residual = false}
      : tensor<?x1026xf32>, tensor<?x8x32xf32> -> tensor<?x?x1026xf32>
  %4 = perceiver.project %3 weight @final.weight bias @final.bias
      : tensor<?x?x1026xf32> -> tensor<?x?x32xf32>
  %5 = perceiver.project %4 weight @image_head.weight bias @image_head.bias
      : tensor<?x?x32xf32> -> tensor<?x?x3xf32>
  return %5 : tensor<?x?x3xf32>
}

// A list of the image's points.
func.func @decode_image_points(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %points: tensor<?xi64> {perceiver.name = "points", perceiver.sizes = ["image_points"], perceiver.bounds = [0, 420]})
    -> (tensor<?x?x3xf32> {perceiver.name = "logits.image", perceiver.sizes = ["batch", "image_points"]})
    attributes {perceiver.entry} {
  %0 = perceiver.fourier_positions points(%points : tensor<?xi64>) grid = [3, 10, 14] bands = 32 max_resolution = [3, 16, 16] layout = dm {spacing = #perceiver.spacing<fraction>}
      : tensor<?x195xf32>
  %1 = perceiver.get_parameter @query_padding.image : tensor<831xf32>
  %query = perceiver.concat %0, %1 : (tensor<?x195xf32>, tensor<831xf32>) -> tensor<?x1026xf32>
  %2 = perceiver.decode %query, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_erf
      weights @decoder {residual = false}
      : tensor<?x1026xf32>, tensor<?x8x32xf32> -> tensor<?x?x1026xf32>
  %3 = perceiver.project %2 weight @final.weight bias @final.bias
      : tensor<?x?x1026xf32> -> tensor<?x?x32xf32>
  %4 = perceiver.project %3 weight @image_head.weight bias @image_head.bias
      : tensor<?x?x32xf32> -> tensor<?x?x3xf32>
  return %4 : tensor<?x?x3xf32>
}

// The label.
func.func @decode_label(
    %latents: tensor<?x8x32xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x7xf32> {perceiver.name = "logits.label", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = perceiver.get_parameter @label_query : tensor<1x1024xf32>
  %1 = perceiver.get_parameter @query_padding.label : tensor<2xf32>
  %query = perceiver.concat %0, %1 : (tensor<1x1024xf32>, tensor<2xf32>) -> tensor<1x1026xf32>
  %2 = perceiver.decode %query, %latents heads = 1 qk_channels = 32 v_channels = 32 mlp = gelu_erf
      weights @decoder {residual = false}
      : tensor<1x1026xf32>, tensor<?x8x32xf32> -> tensor<?x1x1026xf32>
  %3 = perceiver.project %2 weight @final.weight bias @final.bias
      : tensor<?x1x1026xf32> -> tensor<?x1x32xf32>
  %4 = perceiver.project %3 weight @label_head.weight bias @label_head.bias
      : tensor<?x1x32xf32> -> tensor<?x1x7xf32>
  %5 = tensor.collapse_shape %4 [[0, 1], [2]] : tensor<?x1x7xf32> into tensor<?x7xf32>
  return %5 : tensor<?x7xf32>
}

// All of it.
func.func @run(
    %inputs.image: tensor<?x?x3x?x?xf32> {perceiver.name = "inputs.image", perceiver.sizes = ["batch", "frames", "height", "width"]},
    %inputs.audio: tensor<?x?x1xf32> {perceiver.name = "inputs.audio", perceiver.sizes = ["batch", "samples"]},
    %inputs.label: tensor<?x7xf32> {perceiver.name = "inputs.label", perceiver.sizes = ["batch"]},
    %subsampled_output_points.image: tensor<?xi64> {perceiver.name = "subsampled_output_points.image", perceiver.sizes = ["image_points"], perceiver.bounds = [0, 420]},
    %subsampled_output_points.audio: tensor<?xi64> {perceiver.name = "subsampled_output_points.audio", perceiver.sizes = ["audio_points"], perceiver.bounds = [0, 18]})
    -> (tensor<?x?x3xf32> {perceiver.name = "logits.image", perceiver.sizes = ["batch", "image_points"]}, tensor<?x?xf32> {perceiver.name = "logits.audio", perceiver.sizes = ["batch", "audio_points * 4"]}, tensor<?x7xf32> {perceiver.name = "logits.label", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%inputs.image, %inputs.audio, %inputs.label)
      : (tensor<?x?x3x?x?xf32>, tensor<?x?x1xf32>, tensor<?x7xf32>) -> tensor<?x8x32xf32>
  %latents = call @process(%0) : (tensor<?x8x32xf32>) -> tensor<?x8x32xf32>
  %1 = call @decode_image_points(%latents, %subsampled_output_points.image)
      : (tensor<?x8x32xf32>, tensor<?xi64>) -> tensor<?x?x3xf32>
  %2 = call @decode_audio_points(%latents, %subsampled_output_points.audio)
      : (tensor<?x8x32xf32>, tensor<?xi64>) -> tensor<?x?xf32>
  %3 = call @decode_label(%latents) : (tensor<?x8x32xf32>) -> tensor<?x7xf32>
  return %1, %2, %3 : tensor<?x?x3xf32>, tensor<?x?xf32>, tensor<?x7xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

// What fills the rows of a modality up, and the row of the unknown label.
perceiver.parameter @row_padding.audio : tensor<4xf32>
    key "perceiver.input_preprocessor.padding.audio" of [1, 4]
perceiver.parameter @row_padding.image : tensor<150xf32>
    key "perceiver.input_preprocessor.padding.image" of [1, 150]
perceiver.parameter @label_row : tensor<1x393xf32>
    key "perceiver.input_preprocessor.mask.label"
perceiver.parameter @latents : tensor<8x32xf32>
    key "perceiver.embeddings.latents"

// The cross-attention of the encoder.
perceiver.parameter @encoder.q_norm.weight : tensor<32xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm1.weight"
perceiver.parameter @encoder.q_norm.bias : tensor<32xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm1.bias"
perceiver.parameter @encoder.kv_norm.weight : tensor<393xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm2.weight"
perceiver.parameter @encoder.kv_norm.bias : tensor<393xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm2.bias"
perceiver.parameter @encoder.query.weight : tensor<32x393xf32>
    key "perceiver.encoder.cross_attention.attention.self.query.weight" transpose
perceiver.parameter @encoder.query.bias : tensor<393xf32>
    key "perceiver.encoder.cross_attention.attention.self.query.bias"
perceiver.parameter @encoder.key.weight : tensor<393x393xf32>
    key "perceiver.encoder.cross_attention.attention.self.key.weight" transpose
perceiver.parameter @encoder.key.bias : tensor<393xf32>
    key "perceiver.encoder.cross_attention.attention.self.key.bias"
perceiver.parameter @encoder.value.weight : tensor<393x393xf32>
    key "perceiver.encoder.cross_attention.attention.self.value.weight" transpose
perceiver.parameter @encoder.value.bias : tensor<393xf32>
    key "perceiver.encoder.cross_attention.attention.self.value.bias"
perceiver.parameter @encoder.output.weight : tensor<393x32xf32>
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

// What fills the queries of a modality up, and the query of the label.
perceiver.parameter @query_padding.audio : tensor<641xf32>
    key "perceiver.decoder.padding.audio" of [1, 641]
perceiver.parameter @query_padding.image : tensor<831xf32>
    key "perceiver.decoder.padding.image" of [1, 831]
perceiver.parameter @query_padding.label : tensor<2xf32>
    key "perceiver.decoder.padding.label" of [1, 2]
perceiver.parameter @label_query : tensor<1x1024xf32>
    key "perceiver.decoder.modalities.label.decoder.output_position_encodings.position_embeddings"

// The cross-attention of the decoder.
perceiver.parameter @decoder.q_norm.weight : tensor<1026xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm1.weight"
perceiver.parameter @decoder.q_norm.bias : tensor<1026xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm1.bias"
perceiver.parameter @decoder.kv_norm.weight : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm2.weight"
perceiver.parameter @decoder.kv_norm.bias : tensor<32xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm2.bias"
perceiver.parameter @decoder.query.weight : tensor<1026x32xf32>
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
perceiver.parameter @decoder.output.weight : tensor<32x1026xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.output.dense.weight" transpose
perceiver.parameter @decoder.output.bias : tensor<1026xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.output.dense.bias"
perceiver.parameter @decoder.mlp_norm.weight : tensor<1026xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.layernorm.weight"
perceiver.parameter @decoder.mlp_norm.bias : tensor<1026xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.layernorm.bias"
perceiver.parameter @decoder.mlp_in.weight : tensor<1026x1026xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense1.weight" transpose
perceiver.parameter @decoder.mlp_in.bias : tensor<1026xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense1.bias"
perceiver.parameter @decoder.mlp_out.weight : tensor<1026x1026xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense2.weight" transpose
perceiver.parameter @decoder.mlp_out.bias : tensor<1026xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense2.bias"
perceiver.parameter @final.weight : tensor<1026x32xf32>
    key "perceiver.decoder.decoder.final_layer.weight" transpose
perceiver.parameter @final.bias : tensor<32xf32>
    key "perceiver.decoder.decoder.final_layer.bias"
perceiver.parameter @audio_head.weight : tensor<32x4xf32>
    key "perceiver.output_postprocessor.modalities.audio.classifier.weight" transpose
perceiver.parameter @audio_head.bias : tensor<4xf32>
    key "perceiver.output_postprocessor.modalities.audio.classifier.bias"
perceiver.parameter @image_head.weight : tensor<32x3xf32>
    key "perceiver.output_postprocessor.modalities.image.classifier.weight" transpose
perceiver.parameter @image_head.bias : tensor<3xf32>
    key "perceiver.output_postprocessor.modalities.image.classifier.bias"
perceiver.parameter @label_head.weight : tensor<32x7xf32>
    key "perceiver.output_postprocessor.modalities.label.classifier.weight" transpose
perceiver.parameter @label_head.bias : tensor<7xf32>
    key "perceiver.output_postprocessor.modalities.label.classifier.bias"
}
