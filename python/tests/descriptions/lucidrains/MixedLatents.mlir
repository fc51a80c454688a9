// mixed_latents.Perceiver of lucidrains' perceiver-pytorch. Written by
// perceiver-import for the weights of model.safetensors, under the names that they have there.
//
//   data [batch, 4, 5, 3]
//       -> rows of 21 channels
//     encode   5 latents of 12 channels; 3 times:
//       cross-attention to the rows, 2 heads of 6 channels
//       linear layers across the latents
//     decode   average over the latents, layer norm, linear layer
//     -> output [batch, 7]

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// From the inputs, which are read in each layer, to the latents.
func.func @encode(
    %data: tensor<?x4x5x3xf32> {perceiver.name = "data", perceiver.sizes = ["batch"]},
    %mask: tensor<?x4x5xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"], perceiver.default = true})
    -> (tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %elements = tensor.collapse_shape %data [[0], [1, 2], [3]]
      : tensor<?x4x5x3xf32> into tensor<?x20x3xf32>
  %positions = perceiver.fourier_positions grid = [4, 5] bands = 4 max_resolution = [10, 10] layout = axis_major
      : tensor<20x18xf32>
  %x = perceiver.concat %elements, %positions
      : (tensor<?x20x3xf32>, tensor<20x18xf32>) -> tensor<?x20x21xf32>
  %keys = tensor.collapse_shape %mask [[0], [1, 2]] : tensor<?x4x5xi1> into tensor<?x20xi1>
  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  %z = perceiver.process iterations = 3 (%0 = %latents : tensor<5x12xf32>) -> tensor<?x5x12xf32> {
    %1 = perceiver.cross_block %0, %x mask(%keys : tensor<?x20xi1>) heads = 2 qk_channels = 12 v_channels = 12 mlp = gated(gelu_erf)
        weights @cross without_bias [query, key, value] {masked_rows = #perceiver.masked_rows<uniform>}
        : tensor<?x5x12xf32>, tensor<?x20x21xf32> -> tensor<?x5x12xf32>
    %2 = perceiver.norm %1 weight @mixer.norm.weight bias @mixer.norm.bias : tensor<?x5x12xf32>
    %3 = perceiver.transpose %2 permutation = [0, 2, 1] : tensor<?x5x12xf32> -> tensor<?x12x5xf32>
    %4 = perceiver.project %3 weight @mixer.in.weight bias @mixer.in.bias activation = gelu_erf
        : tensor<?x12x5xf32> -> tensor<?x12x20xf32>
    %5 = perceiver.project %4 weight @mixer.out.weight bias @mixer.out.bias
        : tensor<?x12x20xf32> -> tensor<?x12x5xf32>
    %6 = perceiver.transpose %5 permutation = [0, 2, 1] : tensor<?x12x5xf32> -> tensor<?x5x12xf32>
    %7 = perceiver.add %1, %6 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    %8 = perceiver.norm %7 weight @ff.mlp_norm.weight bias @ff.mlp_norm.bias : tensor<?x5x12xf32>
    %9 = perceiver.project %8 weight @ff.mlp_in.weight bias @ff.mlp_in.bias activation = gated(gelu_erf)
        : tensor<?x5x12xf32> -> tensor<?x5x48xf32>
    %10 = perceiver.project %9 weight @ff.mlp_out.weight bias @ff.mlp_out.bias
        : tensor<?x5x48xf32> -> tensor<?x5x12xf32>
    %11 = perceiver.add %7, %10 : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
    perceiver.yield %11 : tensor<?x5x12xf32>
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
    %data: tensor<?x4x5x3xf32> {perceiver.name = "data", perceiver.sizes = ["batch"]},
    %mask: tensor<?x4x5xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"], perceiver.default = true})
    -> (tensor<?x7xf32> {perceiver.name = "output", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%data, %mask) : (tensor<?x4x5x3xf32>, tensor<?x4x5xi1>) -> tensor<?x5x12xf32>
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

// The layers that mix the latents of a channel.
perceiver.parameter @mixer.norm.weight : tensor<12xf32>
    key "layers.{}.2.norm.weight" count 3
perceiver.parameter @mixer.norm.bias : tensor<12xf32>
    key "layers.{}.2.norm.bias" count 3
perceiver.parameter @mixer.in.weight : tensor<5x20xf32>
    key "layers.{}.2.fn.0.weight" count 3 of [20, 5, 1] permutation [1, 0, 2]
perceiver.parameter @mixer.in.bias : tensor<20xf32>
    key "layers.{}.2.fn.0.bias" count 3
perceiver.parameter @mixer.out.weight : tensor<20x5xf32>
    key "layers.{}.2.fn.3.weight" count 3 of [5, 20, 1] permutation [1, 0, 2]
perceiver.parameter @mixer.out.bias : tensor<5xf32>
    key "layers.{}.2.fn.3.bias" count 3

// The feed-forward behind them.
perceiver.parameter @ff.mlp_norm.weight : tensor<12xf32>
    key "layers.{}.3.norm.weight" count 3
perceiver.parameter @ff.mlp_norm.bias : tensor<12xf32>
    key "layers.{}.3.norm.bias" count 3
perceiver.parameter @ff.mlp_in.weight : tensor<12x96xf32>
    key "layers.{}.3.fn.net.0.weight" count 3 transpose
perceiver.parameter @ff.mlp_in.bias : tensor<96xf32>
    key "layers.{}.3.fn.net.0.bias" count 3
perceiver.parameter @ff.mlp_out.weight : tensor<48x12xf32>
    key "layers.{}.3.fn.net.2.weight" count 3 transpose
perceiver.parameter @ff.mlp_out.bias : tensor<12xf32>
    key "layers.{}.3.fn.net.2.bias" count 3

// The head.
perceiver.parameter @head_norm.weight : tensor<12xf32> key "to_logits.0.weight"
perceiver.parameter @head_norm.bias : tensor<12xf32> key "to_logits.0.bias"
perceiver.parameter @classes.weight : tensor<12x7xf32>
    key "to_logits.1.weight" transpose
perceiver.parameter @classes.bias : tensor<7xf32> key "to_logits.1.bias"
