// ImageClassifier of krasserm's perceiver-io. Written by perceiver-import for the
// weights of model.safetensors, under the names that they have there.
//
//   x [batch, 5, 4, 3]
//       -> 20 rows of 21 channels: values and positions
//     encode   5 latents of 12 channels attend to the rows, 1 head
//     process  2 layers of self-attention with 4 heads
//     decode   1 query attends to the latents, 2 heads; linear layer
//     -> output [batch, 7]

// What the checkpoint has besides, and the model ignores.
module attributes {perceiver.ignored_tensors = [
    "0.input_adapter.position_encoding.position_encoding"]} {

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// From the image to the latents.
func.func @encode(
    %x: tensor<?x5x4x3xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
    %pad_mask: tensor<?x20xi1> {perceiver.name = "pad_mask", perceiver.sizes = ["batch"], perceiver.default = false})
    -> (tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %points = tensor.collapse_shape %x [[0], [1, 2], [3]]
      : tensor<?x5x4x3xf32> into tensor<?x20x3xf32>
  %positions = perceiver.fourier_positions grid = [5, 4] bands = 4 max_resolution = [5, 4] layout = dm
      : tensor<20x18xf32>
  %0 = perceiver.concat %points, %positions
      : (tensor<?x20x3xf32>, tensor<20x18xf32>) -> tensor<?x20x21xf32>
  %keys = perceiver.to_mask %pad_mask {inverted} : tensor<?x20xi1> -> tensor<?x20xi1>
  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  %z = perceiver.encode %latents, %0 mask(%keys : tensor<?x20xi1>) heads = 1 qk_channels = 21 v_channels = 21 mlp = gelu_erf
      weights @cross {masked_rows = #perceiver.masked_rows<uniform>}
      : tensor<5x12xf32>, tensor<?x20x21xf32> -> tensor<?x5x12xf32>
  return %z : tensor<?x5x12xf32>
}

// From latents to latents.
func.func @process(
    %latents: tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %z = perceiver.process iterations = 2 (%0 = %latents : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    %1 = perceiver.self_block %0 heads = 4 qk_channels = 12 v_channels = 12 mlp = gelu_erf
        weights @self : tensor<?x5x12xf32>
    perceiver.yield %1 : tensor<?x5x12xf32>
  }
  return %z : tensor<?x5x12xf32>
}

// From the latents to logits.
func.func @decode(
    %latents: tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x7xf32> {perceiver.name = "output", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %query = perceiver.get_parameter @queries : tensor<1x10xf32>
  %0 = perceiver.decode %query, %latents heads = 2 qk_channels = 10 v_channels = 10 mlp = gelu_erf
      weights @decoder
      : tensor<1x10xf32>, tensor<?x5x12xf32> -> tensor<?x1x10xf32>
  %decoded = tensor.collapse_shape %0 [[0, 1], [2]] : tensor<?x1x10xf32> into tensor<?x10xf32>
  %logits = perceiver.project %decoded weight @logits.weight bias @logits.bias
      : tensor<?x10xf32> -> tensor<?x7xf32>
  return %logits : tensor<?x7xf32>
}

// All of it.
func.func @run(
    %x: tensor<?x5x4x3xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
    %pad_mask: tensor<?x20xi1> {perceiver.name = "pad_mask", perceiver.sizes = ["batch"], perceiver.default = false})
    -> (tensor<?x7xf32> {perceiver.name = "output", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%x, %pad_mask) : (tensor<?x5x4x3xf32>, tensor<?x20xi1>) -> tensor<?x5x12xf32>
  %1 = call @process(%0) : (tensor<?x5x12xf32>) -> tensor<?x5x12xf32>
  %output = call @decode(%1) : (tensor<?x5x12xf32>) -> tensor<?x7xf32>
  return %output : tensor<?x7xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

perceiver.parameter @latents : tensor<5x12xf32> key "0.latent_provider._query"

// The cross-attention to the rows.
perceiver.parameter @cross.q_norm.weight : tensor<12xf32>
    key "0.cross_attn_1.0.module.q_norm.weight"
perceiver.parameter @cross.q_norm.bias : tensor<12xf32>
    key "0.cross_attn_1.0.module.q_norm.bias"
perceiver.parameter @cross.kv_norm.weight : tensor<21xf32>
    key "0.cross_attn_1.0.module.kv_norm.weight"
perceiver.parameter @cross.kv_norm.bias : tensor<21xf32>
    key "0.cross_attn_1.0.module.kv_norm.bias"
perceiver.parameter @cross.query.weight : tensor<12x21xf32>
    key "0.cross_attn_1.0.module.attention.q_proj.weight" transpose
perceiver.parameter @cross.query.bias : tensor<21xf32>
    key "0.cross_attn_1.0.module.attention.q_proj.bias"
perceiver.parameter @cross.key.weight : tensor<21x21xf32>
    key "0.cross_attn_1.0.module.attention.k_proj.weight" transpose
perceiver.parameter @cross.key.bias : tensor<21xf32>
    key "0.cross_attn_1.0.module.attention.k_proj.bias"
perceiver.parameter @cross.value.weight : tensor<21x21xf32>
    key "0.cross_attn_1.0.module.attention.v_proj.weight" transpose
perceiver.parameter @cross.value.bias : tensor<21xf32>
    key "0.cross_attn_1.0.module.attention.v_proj.bias"
perceiver.parameter @cross.output.weight : tensor<21x12xf32>
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
perceiver.parameter @queries : tensor<1x10xf32>
    key "1.output_query_provider._query"

// The cross-attention of the decoder.
perceiver.parameter @decoder.q_norm.weight : tensor<10xf32>
    key "1.cross_attn.0.module.q_norm.weight"
perceiver.parameter @decoder.q_norm.bias : tensor<10xf32>
    key "1.cross_attn.0.module.q_norm.bias"
perceiver.parameter @decoder.kv_norm.weight : tensor<12xf32>
    key "1.cross_attn.0.module.kv_norm.weight"
perceiver.parameter @decoder.kv_norm.bias : tensor<12xf32>
    key "1.cross_attn.0.module.kv_norm.bias"
perceiver.parameter @decoder.query.weight : tensor<10x10xf32>
    key "1.cross_attn.0.module.attention.q_proj.weight" transpose
perceiver.parameter @decoder.query.bias : tensor<10xf32>
    key "1.cross_attn.0.module.attention.q_proj.bias"
perceiver.parameter @decoder.key.weight : tensor<12x10xf32>
    key "1.cross_attn.0.module.attention.k_proj.weight" transpose
perceiver.parameter @decoder.key.bias : tensor<10xf32>
    key "1.cross_attn.0.module.attention.k_proj.bias"
perceiver.parameter @decoder.value.weight : tensor<12x10xf32>
    key "1.cross_attn.0.module.attention.v_proj.weight" transpose
perceiver.parameter @decoder.value.bias : tensor<10xf32>
    key "1.cross_attn.0.module.attention.v_proj.bias"
perceiver.parameter @decoder.output.weight : tensor<10x10xf32>
    key "1.cross_attn.0.module.attention.o_proj.weight" transpose
perceiver.parameter @decoder.output.bias : tensor<10xf32>
    key "1.cross_attn.0.module.attention.o_proj.bias"
perceiver.parameter @decoder.mlp_norm.weight : tensor<10xf32>
    key "1.cross_attn.1.module.0.weight"
perceiver.parameter @decoder.mlp_norm.bias : tensor<10xf32>
    key "1.cross_attn.1.module.0.bias"
perceiver.parameter @decoder.mlp_in.weight : tensor<10x10xf32>
    key "1.cross_attn.1.module.1.weight" transpose
perceiver.parameter @decoder.mlp_in.bias : tensor<10xf32>
    key "1.cross_attn.1.module.1.bias"
perceiver.parameter @decoder.mlp_out.weight : tensor<10x10xf32>
    key "1.cross_attn.1.module.3.weight" transpose
perceiver.parameter @decoder.mlp_out.bias : tensor<10xf32>
    key "1.cross_attn.1.module.3.bias"
perceiver.parameter @logits.weight : tensor<10x7xf32>
    key "1.output_adapter.linear.weight" transpose
perceiver.parameter @logits.bias : tensor<7xf32>
    key "1.output_adapter.linear.bias"
}
