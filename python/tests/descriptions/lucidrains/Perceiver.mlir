// perceiver_pytorch.Perceiver of lucidrains' perceiver-pytorch. Written by
// perceiver-import for the weights of model.safetensors, under the names that they have there.
//
//   data [batch, 5, 7, 3]
//       -> rows of 21 channels
//     encode   5 latents of 12 channels; 3 times:
//       cross-attention to the rows, 2 heads of 6 channels
//       2 times self-attention, 3 heads of 4 channels
//     decode   average over the latents, layer norm, linear layer
//     -> output [batch, 7]

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// From the inputs, which are read in each layer, to the latents.
func.func @encode(
    %data: tensor<?x5x7x3xf32> {perceiver.name = "data", perceiver.sizes = ["batch"]},
    %mask: tensor<?x35xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"], perceiver.default = true})
    -> (tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %elements = tensor.collapse_shape %data [[0], [1, 2], [3]]
      : tensor<?x5x7x3xf32> into tensor<?x35x3xf32>
  %positions = perceiver.fourier_positions grid = [5, 7] bands = 4 max_resolution = [10, 10] layout = axis_major
      : tensor<35x18xf32>
  %x = perceiver.concat %elements, %positions
      : (tensor<?x35x3xf32>, tensor<35x18xf32>) -> tensor<?x35x21xf32>
  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  %z = perceiver.process iterations = 3 (%0 = %latents : tensor<5x12xf32>) -> tensor<?x5x12xf32> {
    %1 = perceiver.cross_block %0, %x mask(%mask : tensor<?x35xi1>) heads = 2 qk_channels = 12 v_channels = 12 mlp = gated(gelu_erf)
        weights @cross without_bias [query, key, value] {masked_rows = #perceiver.masked_rows<uniform>}
        : tensor<?x5x12xf32>, tensor<?x35x21xf32> -> tensor<?x5x12xf32>
    %2 = perceiver.self_block %1 heads = 3 qk_channels = 12 v_channels = 12 mlp = gated(gelu_erf)
        weights @self0 without_bias [query, key, value] : tensor<?x5x12xf32>
    %3 = perceiver.self_block %2 heads = 3 qk_channels = 12 v_channels = 12 mlp = gated(gelu_erf)
        weights @self1 without_bias [query, key, value] : tensor<?x5x12xf32>
    perceiver.yield %3 : tensor<?x5x12xf32>
  }
  return %z : tensor<?x5x12xf32>
}

// From the latents to logits.
func.func @decode(
    %latents: tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x7xf32> {perceiver.name = "output", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %mean = perceiver.mean_pool %latents : tensor<?x5x12xf32> -> tensor<?x12xf32>
  %normed = perceiver.norm %mean weight @head_norm.weight bias @head_norm.bias : tensor<?x12xf32>
  %logits = perceiver.project %normed weight @classes.weight bias @classes.bias
      : tensor<?x12xf32> -> tensor<?x7xf32>
  return %logits : tensor<?x7xf32>
}

// All of it.
func.func @run(
    %data: tensor<?x5x7x3xf32> {perceiver.name = "data", perceiver.sizes = ["batch"]},
    %mask: tensor<?x35xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"], perceiver.default = true})
    -> (tensor<?x7xf32> {perceiver.name = "output", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%data, %mask) : (tensor<?x5x7x3xf32>, tensor<?x35xi1>) -> tensor<?x5x12xf32>
  %output = call @decode(%0) : (tensor<?x5x12xf32>) -> tensor<?x7xf32>
  return %output : tensor<?x7xf32>
}

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

perceiver.parameter @latents : tensor<5x12xf32> key "latents"

// The cross-attention to the inputs.
perceiver.parameter @cross.q_norm.weight : tensor<12xf32>
    key "layers.{}.0.norm.weight" count 3
perceiver.parameter @cross.q_norm.bias : tensor<12xf32>
    key "layers.{}.0.norm.bias" count 3
perceiver.parameter @cross.kv_norm.weight : tensor<21xf32>
    key "layers.{}.0.norm_context.weight" count 3
perceiver.parameter @cross.kv_norm.bias : tensor<21xf32>
    key "layers.{}.0.norm_context.bias" count 3
perceiver.parameter @cross.query.weight : tensor<12x12xf32>
    key "layers.{}.0.fn.to_q.weight" count 3 transpose
perceiver.parameter @cross.key.weight : tensor<21x12xf32>
    key "layers.{}.0.fn.to_kv.weight" count 3 slice [0:12, 0:21] of [24, 21] transpose
perceiver.parameter @cross.value.weight : tensor<21x12xf32>
    key "layers.{}.0.fn.to_kv.weight" count 3 slice [12:24, 0:21] of [24, 21] transpose
perceiver.parameter @cross.output.weight : tensor<12x12xf32>
    key "layers.{}.0.fn.to_out.weight" count 3 transpose
perceiver.parameter @cross.output.bias : tensor<12xf32>
    key "layers.{}.0.fn.to_out.bias" count 3
perceiver.parameter @cross.mlp_norm.weight : tensor<12xf32>
    key "layers.{}.1.norm.weight" count 3
perceiver.parameter @cross.mlp_norm.bias : tensor<12xf32>
    key "layers.{}.1.norm.bias" count 3
perceiver.parameter @cross.mlp_in.weight : tensor<12x96xf32>
    key "layers.{}.1.fn.net.0.weight" count 3 transpose
perceiver.parameter @cross.mlp_in.bias : tensor<96xf32>
    key "layers.{}.1.fn.net.0.bias" count 3
perceiver.parameter @cross.mlp_out.weight : tensor<48x12xf32>
    key "layers.{}.1.fn.net.2.weight" count 3 transpose
perceiver.parameter @cross.mlp_out.bias : tensor<12xf32>
    key "layers.{}.1.fn.net.2.bias" count 3

// The self-attention of the latents behind it.
perceiver.parameter @self0.q_norm.weight : tensor<12xf32>
    key "layers.{}.2.0.0.norm.weight" count 3
perceiver.parameter @self0.q_norm.bias : tensor<12xf32>
    key "layers.{}.2.0.0.norm.bias" count 3
perceiver.parameter @self0.query.weight : tensor<12x12xf32>
    key "layers.{}.2.0.0.fn.to_q.weight" count 3 transpose
perceiver.parameter @self0.key.weight : tensor<12x12xf32>
    key "layers.{}.2.0.0.fn.to_kv.weight" count 3 slice [0:12, 0:12] of [24, 12] transpose
perceiver.parameter @self0.value.weight : tensor<12x12xf32>
    key "layers.{}.2.0.0.fn.to_kv.weight" count 3 slice [12:24, 0:12] of [24, 12] transpose
perceiver.parameter @self0.output.weight : tensor<12x12xf32>
    key "layers.{}.2.0.0.fn.to_out.weight" count 3 transpose
perceiver.parameter @self0.output.bias : tensor<12xf32>
    key "layers.{}.2.0.0.fn.to_out.bias" count 3
perceiver.parameter @self0.mlp_norm.weight : tensor<12xf32>
    key "layers.{}.2.0.1.norm.weight" count 3
perceiver.parameter @self0.mlp_norm.bias : tensor<12xf32>
    key "layers.{}.2.0.1.norm.bias" count 3
perceiver.parameter @self0.mlp_in.weight : tensor<12x96xf32>
    key "layers.{}.2.0.1.fn.net.0.weight" count 3 transpose
perceiver.parameter @self0.mlp_in.bias : tensor<96xf32>
    key "layers.{}.2.0.1.fn.net.0.bias" count 3
perceiver.parameter @self0.mlp_out.weight : tensor<48x12xf32>
    key "layers.{}.2.0.1.fn.net.2.weight" count 3 transpose
perceiver.parameter @self0.mlp_out.bias : tensor<12xf32>
    key "layers.{}.2.0.1.fn.net.2.bias" count 3

// The self-attention of the latents behind it.
perceiver.parameter @self1.q_norm.weight : tensor<12xf32>
    key "layers.{}.2.1.0.norm.weight" count 3
perceiver.parameter @self1.q_norm.bias : tensor<12xf32>
    key "layers.{}.2.1.0.norm.bias" count 3
perceiver.parameter @self1.query.weight : tensor<12x12xf32>
    key "layers.{}.2.1.0.fn.to_q.weight" count 3 transpose
perceiver.parameter @self1.key.weight : tensor<12x12xf32>
    key "layers.{}.2.1.0.fn.to_kv.weight" count 3 slice [0:12, 0:12] of [24, 12] transpose
perceiver.parameter @self1.value.weight : tensor<12x12xf32>
    key "layers.{}.2.1.0.fn.to_kv.weight" count 3 slice [12:24, 0:12] of [24, 12] transpose
perceiver.parameter @self1.output.weight : tensor<12x12xf32>
    key "layers.{}.2.1.0.fn.to_out.weight" count 3 transpose
perceiver.parameter @self1.output.bias : tensor<12xf32>
    key "layers.{}.2.1.0.fn.to_out.bias" count 3
perceiver.parameter @self1.mlp_norm.weight : tensor<12xf32>
    key "layers.{}.2.1.1.norm.weight" count 3
perceiver.parameter @self1.mlp_norm.bias : tensor<12xf32>
    key "layers.{}.2.1.1.norm.bias" count 3
perceiver.parameter @self1.mlp_in.weight : tensor<12x96xf32>
    key "layers.{}.2.1.1.fn.net.0.weight" count 3 transpose
perceiver.parameter @self1.mlp_in.bias : tensor<96xf32>
    key "layers.{}.2.1.1.fn.net.0.bias" count 3
perceiver.parameter @self1.mlp_out.weight : tensor<48x12xf32>
    key "layers.{}.2.1.1.fn.net.2.weight" count 3 transpose
perceiver.parameter @self1.mlp_out.bias : tensor<12xf32>
    key "layers.{}.2.1.1.fn.net.2.bias" count 3

// The head.
perceiver.parameter @head_norm.weight : tensor<12xf32> key "to_logits.1.weight"
perceiver.parameter @head_norm.bias : tensor<12xf32> key "to_logits.1.bias"
perceiver.parameter @classes.weight : tensor<12x7xf32>
    key "to_logits.2.weight" transpose
perceiver.parameter @classes.bias : tensor<7xf32> key "to_logits.2.bias"
