// A tiny lucidrains Perceiver: 5 x 7 pixels, 5 latents of 12 channels, three
// iterations of one cross-attention and two self-attentions. Its golden vector is
// computed with exact position features.

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

perceiver.parameter @latents : tensor<5x12xf32> key "latents"

// The cross-attentions: `{}` in a key is the number of the layer, each symbol is a
// family of 3 tensors. `to_kv` holds keys and values in one matrix of 12 rows;
// a slice takes one half of it. Its input layer `net.0` holds the values first,
// then the gates, as GEGLU wants them.
perceiver.parameter @cross.q_norm.weight : tensor<12xf32>
    key "layers.{}.0.norm.weight" count 3
perceiver.parameter @cross.q_norm.bias : tensor<12xf32>
    key "layers.{}.0.norm.bias" count 3
perceiver.parameter @cross.kv_norm.weight : tensor<21xf32>
    key "layers.{}.0.norm_context.weight" count 3
perceiver.parameter @cross.kv_norm.bias : tensor<21xf32>
    key "layers.{}.0.norm_context.bias" count 3
perceiver.parameter @cross.query.weight : tensor<12x6xf32>
    key "layers.{}.0.fn.to_q.weight" count 3 transpose
perceiver.parameter @cross.key.weight : tensor<21x6xf32>
    key "layers.{}.0.fn.to_kv.weight" count 3 slice [0:6, 0:21] of [12, 21] transpose
perceiver.parameter @cross.value.weight : tensor<21x6xf32>
    key "layers.{}.0.fn.to_kv.weight" count 3 slice [6:12, 0:21] of [12, 21] transpose
perceiver.parameter @cross.output.weight : tensor<6x12xf32>
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

// The self-attention number 0 that follows each of them.
perceiver.parameter @self_0.q_norm.weight : tensor<12xf32>
    key "layers.{}.2.0.0.norm.weight" count 3
perceiver.parameter @self_0.q_norm.bias : tensor<12xf32>
    key "layers.{}.2.0.0.norm.bias" count 3
perceiver.parameter @self_0.query.weight : tensor<12x12xf32>
    key "layers.{}.2.0.0.fn.to_q.weight" count 3 transpose
perceiver.parameter @self_0.key.weight : tensor<12x12xf32>
    key "layers.{}.2.0.0.fn.to_kv.weight" count 3 slice [0:12, 0:12] of [24, 12] transpose
perceiver.parameter @self_0.value.weight : tensor<12x12xf32>
    key "layers.{}.2.0.0.fn.to_kv.weight" count 3 slice [12:24, 0:12] of [24, 12] transpose
perceiver.parameter @self_0.output.weight : tensor<12x12xf32>
    key "layers.{}.2.0.0.fn.to_out.weight" count 3 transpose
perceiver.parameter @self_0.output.bias : tensor<12xf32>
    key "layers.{}.2.0.0.fn.to_out.bias" count 3
perceiver.parameter @self_0.mlp_norm.weight : tensor<12xf32>
    key "layers.{}.2.0.1.norm.weight" count 3
perceiver.parameter @self_0.mlp_norm.bias : tensor<12xf32>
    key "layers.{}.2.0.1.norm.bias" count 3
perceiver.parameter @self_0.mlp_in.weight : tensor<12x96xf32>
    key "layers.{}.2.0.1.fn.net.0.weight" count 3 transpose
perceiver.parameter @self_0.mlp_in.bias : tensor<96xf32>
    key "layers.{}.2.0.1.fn.net.0.bias" count 3
perceiver.parameter @self_0.mlp_out.weight : tensor<48x12xf32>
    key "layers.{}.2.0.1.fn.net.2.weight" count 3 transpose
perceiver.parameter @self_0.mlp_out.bias : tensor<12xf32>
    key "layers.{}.2.0.1.fn.net.2.bias" count 3

// The self-attention number 1 that follows each of them.
perceiver.parameter @self_1.q_norm.weight : tensor<12xf32>
    key "layers.{}.2.1.0.norm.weight" count 3
perceiver.parameter @self_1.q_norm.bias : tensor<12xf32>
    key "layers.{}.2.1.0.norm.bias" count 3
perceiver.parameter @self_1.query.weight : tensor<12x12xf32>
    key "layers.{}.2.1.0.fn.to_q.weight" count 3 transpose
perceiver.parameter @self_1.key.weight : tensor<12x12xf32>
    key "layers.{}.2.1.0.fn.to_kv.weight" count 3 slice [0:12, 0:12] of [24, 12] transpose
perceiver.parameter @self_1.value.weight : tensor<12x12xf32>
    key "layers.{}.2.1.0.fn.to_kv.weight" count 3 slice [12:24, 0:12] of [24, 12] transpose
perceiver.parameter @self_1.output.weight : tensor<12x12xf32>
    key "layers.{}.2.1.0.fn.to_out.weight" count 3 transpose
perceiver.parameter @self_1.output.bias : tensor<12xf32>
    key "layers.{}.2.1.0.fn.to_out.bias" count 3
perceiver.parameter @self_1.mlp_norm.weight : tensor<12xf32>
    key "layers.{}.2.1.1.norm.weight" count 3
perceiver.parameter @self_1.mlp_norm.bias : tensor<12xf32>
    key "layers.{}.2.1.1.norm.bias" count 3
perceiver.parameter @self_1.mlp_in.weight : tensor<12x96xf32>
    key "layers.{}.2.1.1.fn.net.0.weight" count 3 transpose
perceiver.parameter @self_1.mlp_in.bias : tensor<96xf32>
    key "layers.{}.2.1.1.fn.net.0.bias" count 3
perceiver.parameter @self_1.mlp_out.weight : tensor<48x12xf32>
    key "layers.{}.2.1.1.fn.net.2.weight" count 3 transpose
perceiver.parameter @self_1.mlp_out.bias : tensor<12xf32>
    key "layers.{}.2.1.1.fn.net.2.bias" count 3

// The head: a layer norm and the classifier.
perceiver.parameter @head_norm.weight : tensor<12xf32> key "to_logits.1.weight"
perceiver.parameter @head_norm.bias : tensor<12xf32> key "to_logits.1.bias"
perceiver.parameter @classes.weight : tensor<12x7xf32> key "to_logits.2.weight" transpose
perceiver.parameter @classes.bias : tensor<7xf32> key "to_logits.2.bias"

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// Images to latents. An iterative Perceiver reads its inputs in every iteration,
// so all of it is here.
func.func @encode(%data: tensor<?x5x7x3xf32> {perceiver.name = "data", perceiver.sizes = ["batch"]})
    -> (tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  // One row per pixel: the colours, then the position on each axis.
  %pixels = tensor.collapse_shape %data [[0], [1, 2], [3]]
      : tensor<?x5x7x3xf32> into tensor<?x35x3xf32>
  %positions = perceiver.fourier_positions grid = [5, 7] bands = 4 max_resolution = [10, 10]
      layout = axis_major {recipe = #perceiver.fourier_recipe<exact>} : tensor<35x18xf32>
  %x = perceiver.concat %pixels, %positions
      : (tensor<?x35x3xf32>, tensor<35x18xf32>) -> tensor<?x35x21xf32>

  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  // In each iteration the latents attend to all inputs and then to themselves.
  // Iteration t reads member t of each family. The latents have no batch yet.
  %z = perceiver.process iterations = 3 (%state = %latents : tensor<5x12xf32>) -> tensor<?x5x12xf32> {
    %0 = perceiver.cross_block %state, %x heads = 1 qk_channels = 6 v_channels = 6 mlp = gated(gelu_erf)
        weights @cross without_bias [query, key, value]
        : tensor<?x5x12xf32>, tensor<?x35x21xf32> -> tensor<?x5x12xf32>
    %1 = perceiver.self_block %0 heads = 3 qk_channels = 12 v_channels = 12 mlp = gated(gelu_erf)
        weights @self_0 without_bias [query, key, value] : tensor<?x5x12xf32>
    %2 = perceiver.self_block %1 heads = 3 qk_channels = 12 v_channels = 12 mlp = gated(gelu_erf)
        weights @self_1 without_bias [query, key, value] : tensor<?x5x12xf32>
    perceiver.yield %2 : tensor<?x5x12xf32>
  }
  return %z : tensor<?x5x12xf32>
}

// Latents to logits: the average over the latents, a layer norm, the classifier.
func.func @decode(%latents: tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x7xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %mean = perceiver.mean_pool %latents : tensor<?x5x12xf32> -> tensor<?x12xf32>
  %norm = perceiver.norm %mean weight @head_norm.weight bias @head_norm.bias : tensor<?x12xf32>
  %logits = perceiver.project %norm weight @classes.weight bias @classes.bias
      : tensor<?x12xf32> -> tensor<?x7xf32>
  return %logits : tensor<?x7xf32>
}

// All of it.
func.func @run(%data: tensor<?x5x7x3xf32> {perceiver.name = "data", perceiver.sizes = ["batch"]})
    -> (tensor<?x7xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %latents = call @encode(%data) : (tensor<?x5x7x3xf32>) -> tensor<?x5x12xf32>
  %logits = call @decode(%latents) : (tensor<?x5x12xf32>) -> tensor<?x7xf32>
  return %logits : tensor<?x7xf32>
}
