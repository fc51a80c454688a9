// OpticalFlow of krasserm's perceiver-io. Written by perceiver-import for the
// weights of model.safetensors, under the names that they have there.
//
//   x [batch, 2, 3, 5, 4]
//       -> 20 rows of 16 channels: both images and positions
//     encode   5 latents of 12 channels attend to the rows, 2 heads
//     process  1 layer of self-attention with 4 heads
//     decode   each row attends to the latents, 1 head; / 4
//     -> output [batch, 5, 4, 2]

// What the checkpoint has besides, and the model ignores.
module attributes {perceiver.ignored_tensors = [
    "0.input_adapter.position_encoding.position_encoding"]} {

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// Rows of the points of both images.
func.func private @rows(%images: tensor<?x2x3x5x4xf32> {perceiver.sizes = ["batch"]})
    -> (tensor<?x20x16xf32> {perceiver.sizes = ["batch"]}) {
  %0 = tensor.collapse_shape %images [[0], [1, 2], [3], [4]]
      : tensor<?x2x3x5x4xf32> into tensor<?x6x5x4xf32>
  %points = perceiver.to_channels_last %0 : tensor<?x6x5x4xf32> -> tensor<?x20x6xf32>
  %features = perceiver.project %points weight @patches.weight bias @patches.bias
      : tensor<?x20x6xf32> -> tensor<?x20x6xf32>
  %positions = perceiver.fourier_positions grid = [5, 4] bands = 2 max_resolution = [5, 4] layout = dm
      : tensor<20x10xf32>
  %x = perceiver.concat %features, %positions
      : (tensor<?x20x6xf32>, tensor<20x10xf32>) -> tensor<?x20x16xf32>
  return %x : tensor<?x20x16xf32>
}

// From both images to the latents.
func.func @encode(%x: tensor<?x2x3x5x4xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @rows(%x) : (tensor<?x2x3x5x4xf32>) -> tensor<?x20x16xf32>
  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  %z = perceiver.encode %latents, %0 heads = 2 qk_channels = 16 v_channels = 16 mlp = gelu_erf
      weights @cross
      : tensor<5x12xf32>, tensor<?x20x16xf32> -> tensor<?x5x12xf32>
  return %z : tensor<?x5x12xf32>
}

// From latents to latents.
func.func @process(
    %latents: tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %z = perceiver.process iterations = 1 (%0 = %latents : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    %1 = perceiver.self_block %0 heads = 4 qk_channels = 12 v_channels = 12 mlp = gelu_erf
        weights @self : tensor<?x5x12xf32>
    perceiver.yield %1 : tensor<?x5x12xf32>
  }
  return %z : tensor<?x5x12xf32>
}

// From the latents to the flow of `count` points from number `first`.
func.func @decode(
    %latents: tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %x: tensor<?x2x3x5x4xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
    %first: index {perceiver.name = "first"},
    %count: index {perceiver.name = "count"})
    -> (tensor<?x?x2xf32> {perceiver.name = "output", perceiver.sizes = ["batch", "count"]})
    attributes {perceiver.entry} {
  %0 = arith.addi %first, %count : index
  %c20 = arith.constant 20 : index
  perceiver.require %0 <= %c20, "expected at most 20 points"
  %1 = call @rows(%x) : (tensor<?x2x3x5x4xf32>) -> tensor<?x20x16xf32>
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %latents, %c0 : tensor<?x5x12xf32>
  %query = tensor.extract_slice %1[0, %first, 0] [%batch, %count, 16] [1, 1, 1]
      : tensor<?x20x16xf32> to tensor<?x?x16xf32>
  %decoded = perceiver.decode %query, %latents heads = 1 qk_channels = 16 v_channels = 16 mlp = gelu_erf
      weights @decoder {residual = false}
      : tensor<?x?x16xf32>, tensor<?x5x12xf32> -> tensor<?x?x16xf32>
  %2 = perceiver.project %decoded weight @logits.weight bias @logits.bias
      : tensor<?x?x16xf32> -> tensor<?x?x2xf32>
  %flow = perceiver.scale %2 by 0.25 : tensor<?x?x2xf32>
  return %flow : tensor<?x?x2xf32>
}

// From the latents to the flow of the points of these numbers.
func.func @decode_points(
    %latents: tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]},
    %x: tensor<?x2x3x5x4xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
    %points: tensor<?xi64> {perceiver.name = "points", perceiver.sizes = ["queries"], perceiver.bounds = [0, 20]})
    -> (tensor<?x?x2xf32> {perceiver.name = "output", perceiver.sizes = ["batch", "queries"]})
    attributes {perceiver.entry} {
  %0 = call @rows(%x) : (tensor<?x2x3x5x4xf32>) -> tensor<?x20x16xf32>
  %query = perceiver.take_rows %0 at %points
      : tensor<?x20x16xf32>, tensor<?xi64> -> tensor<?x?x16xf32>
  %decoded = perceiver.decode %query, %latents heads = 1 qk_channels = 16 v_channels = 16 mlp = gelu_erf
      weights @decoder {residual = false}
      : tensor<?x?x16xf32>, tensor<?x5x12xf32> -> tensor<?x?x16xf32>
  %1 = perceiver.project %decoded weight @logits.weight bias @logits.bias
      : tensor<?x?x16xf32> -> tensor<?x?x2xf32>
  %flow = perceiver.scale %1 by 0.25 : tensor<?x?x2xf32>
  return %flow : tensor<?x?x2xf32>
}

// All of it.
func.func @run(%x: tensor<?x2x3x5x4xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x5x4x2xf32> {perceiver.name = "output", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%x) : (tensor<?x2x3x5x4xf32>) -> tensor<?x5x12xf32>
  %1 = call @process(%0) : (tensor<?x5x12xf32>) -> tensor<?x5x12xf32>
  %query = call @rows(%x) : (tensor<?x2x3x5x4xf32>) -> tensor<?x20x16xf32>
  %decoded = perceiver.decode %query, %1 heads = 1 qk_channels = 16 v_channels = 16 mlp = gelu_erf
      weights @decoder {residual = false}
      : tensor<?x20x16xf32>, tensor<?x5x12xf32> -> tensor<?x20x16xf32>
  %2 = perceiver.project %decoded weight @logits.weight bias @logits.bias
      : tensor<?x20x16xf32> -> tensor<?x20x2xf32>
  %flow = perceiver.scale %2 by 0.25 : tensor<?x20x2xf32>
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x2x3x5x4xf32>
  %output = tensor.expand_shape %flow [[0], [1, 2], [3]] output_shape [%batch, 5, 4, 2]
      : tensor<?x20x2xf32> into tensor<?x5x4x2xf32>
  return %output : tensor<?x5x4x2xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

// Both patches of a point become its features.
perceiver.parameter @patches.weight : tensor<6x6xf32>
    key "0.input_adapter.linear.weight" transpose
perceiver.parameter @patches.bias : tensor<6xf32>
    key "0.input_adapter.linear.bias"
perceiver.parameter @latents : tensor<5x12xf32> key "0.latent_provider._query"

// The cross-attention to the rows.
perceiver.parameter @cross.q_norm.weight : tensor<12xf32>
    key "0.cross_attn_1.0.module.q_norm.weight"
perceiver.parameter @cross.q_norm.bias : tensor<12xf32>
    key "0.cross_attn_1.0.module.q_norm.bias"
perceiver.parameter @cross.kv_norm.weight : tensor<16xf32>
    key "0.cross_attn_1.0.module.kv_norm.weight"
perceiver.parameter @cross.kv_norm.bias : tensor<16xf32>
    key "0.cross_attn_1.0.module.kv_norm.bias"
perceiver.parameter @cross.query.weight : tensor<12x16xf32>
    key "0.cross_attn_1.0.module.attention.q_proj.weight" transpose
perceiver.parameter @cross.query.bias : tensor<16xf32>
    key "0.cross_attn_1.0.module.attention.q_proj.bias"
perceiver.parameter @cross.key.weight : tensor<16x16xf32>
    key "0.cross_attn_1.0.module.attention.k_proj.weight" transpose
perceiver.parameter @cross.key.bias : tensor<16xf32>
    key "0.cross_attn_1.0.module.attention.k_proj.bias"
perceiver.parameter @cross.value.weight : tensor<16x16xf32>
    key "0.cross_attn_1.0.module.attention.v_proj.weight" transpose
perceiver.parameter @cross.value.bias : tensor<16xf32>
    key "0.cross_attn_1.0.module.attention.v_proj.bias"
perceiver.parameter @cross.output.weight : tensor<16x12xf32>
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
    key "0.self_attn_1.{}.0.module.norm.weight" count 1
perceiver.parameter @self.q_norm.bias : tensor<12xf32>
    key "0.self_attn_1.{}.0.module.norm.bias" count 1
perceiver.parameter @self.query.weight : tensor<12x12xf32>
    key "0.self_attn_1.{}.0.module.attention.q_proj.weight" count 1 transpose
perceiver.parameter @self.query.bias : tensor<12xf32>
    key "0.self_attn_1.{}.0.module.attention.q_proj.bias" count 1
perceiver.parameter @self.key.weight : tensor<12x12xf32>
    key "0.self_attn_1.{}.0.module.attention.k_proj.weight" count 1 transpose
perceiver.parameter @self.key.bias : tensor<12xf32>
    key "0.self_attn_1.{}.0.module.attention.k_proj.bias" count 1
perceiver.parameter @self.value.weight : tensor<12x12xf32>
    key "0.self_attn_1.{}.0.module.attention.v_proj.weight" count 1 transpose
perceiver.parameter @self.value.bias : tensor<12xf32>
    key "0.self_attn_1.{}.0.module.attention.v_proj.bias" count 1
perceiver.parameter @self.output.weight : tensor<12x12xf32>
    key "0.self_attn_1.{}.0.module.attention.o_proj.weight" count 1 transpose
perceiver.parameter @self.output.bias : tensor<12xf32>
    key "0.self_attn_1.{}.0.module.attention.o_proj.bias" count 1
perceiver.parameter @self.mlp_norm.weight : tensor<12xf32>
    key "0.self_attn_1.{}.1.module.0.weight" count 1
perceiver.parameter @self.mlp_norm.bias : tensor<12xf32>
    key "0.self_attn_1.{}.1.module.0.bias" count 1
perceiver.parameter @self.mlp_in.weight : tensor<12x12xf32>
    key "0.self_attn_1.{}.1.module.1.weight" count 1 transpose
perceiver.parameter @self.mlp_in.bias : tensor<12xf32>
    key "0.self_attn_1.{}.1.module.1.bias" count 1
perceiver.parameter @self.mlp_out.weight : tensor<12x12xf32>
    key "0.self_attn_1.{}.1.module.3.weight" count 1 transpose
perceiver.parameter @self.mlp_out.bias : tensor<12xf32>
    key "0.self_attn_1.{}.1.module.3.bias" count 1

// The cross-attention of the decoder.
perceiver.parameter @decoder.q_norm.weight : tensor<16xf32>
    key "1.cross_attn.0.q_norm.weight"
perceiver.parameter @decoder.q_norm.bias : tensor<16xf32>
    key "1.cross_attn.0.q_norm.bias"
perceiver.parameter @decoder.kv_norm.weight : tensor<12xf32>
    key "1.cross_attn.0.kv_norm.weight"
perceiver.parameter @decoder.kv_norm.bias : tensor<12xf32>
    key "1.cross_attn.0.kv_norm.bias"
perceiver.parameter @decoder.query.weight : tensor<16x16xf32>
    key "1.cross_attn.0.attention.q_proj.weight" transpose
perceiver.parameter @decoder.query.bias : tensor<16xf32>
    key "1.cross_attn.0.attention.q_proj.bias"
perceiver.parameter @decoder.key.weight : tensor<12x16xf32>
    key "1.cross_attn.0.attention.k_proj.weight" transpose
perceiver.parameter @decoder.key.bias : tensor<16xf32>
    key "1.cross_attn.0.attention.k_proj.bias"
perceiver.parameter @decoder.value.weight : tensor<12x16xf32>
    key "1.cross_attn.0.attention.v_proj.weight" transpose
perceiver.parameter @decoder.value.bias : tensor<16xf32>
    key "1.cross_attn.0.attention.v_proj.bias"
perceiver.parameter @decoder.output.weight : tensor<16x16xf32>
    key "1.cross_attn.0.attention.o_proj.weight" transpose
perceiver.parameter @decoder.output.bias : tensor<16xf32>
    key "1.cross_attn.0.attention.o_proj.bias"
perceiver.parameter @decoder.mlp_norm.weight : tensor<16xf32>
    key "1.cross_attn.1.module.0.weight"
perceiver.parameter @decoder.mlp_norm.bias : tensor<16xf32>
    key "1.cross_attn.1.module.0.bias"
perceiver.parameter @decoder.mlp_in.weight : tensor<16x16xf32>
    key "1.cross_attn.1.module.1.weight" transpose
perceiver.parameter @decoder.mlp_in.bias : tensor<16xf32>
    key "1.cross_attn.1.module.1.bias"
perceiver.parameter @decoder.mlp_out.weight : tensor<16x16xf32>
    key "1.cross_attn.1.module.3.weight" transpose
perceiver.parameter @decoder.mlp_out.bias : tensor<16xf32>
    key "1.cross_attn.1.module.3.bias"
perceiver.parameter @logits.weight : tensor<16x2xf32>
    key "1.output_adapter.linear.weight" transpose
perceiver.parameter @logits.bias : tensor<2xf32>
    key "1.output_adapter.linear.bias"
}
