// The tiny lucidrains Perceiver of v6_perceiver.mlir with `weight_tie_layers =
// True`. The values of the golden vector's shared tensors are those of the names
// layers.2.*.

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

perceiver.parameter @latents : tensor<5x12xf32> key "latents"

// The first cross-attention and self-attentions: layer 0 has weights of its own.
perceiver.parameter @first_cross.q_norm.weight : tensor<12xf32>
    key "layers.0.0.norm.weight"
perceiver.parameter @first_cross.q_norm.bias : tensor<12xf32>
    key "layers.0.0.norm.bias"
perceiver.parameter @first_cross.kv_norm.weight : tensor<21xf32>
    key "layers.0.0.norm_context.weight"
perceiver.parameter @first_cross.kv_norm.bias : tensor<21xf32>
    key "layers.0.0.norm_context.bias"
perceiver.parameter @first_cross.query.weight : tensor<12x6xf32>
    key "layers.0.0.fn.to_q.weight" transpose
perceiver.parameter @first_cross.key.weight : tensor<21x6xf32>
    key "layers.0.0.fn.to_kv.weight" slice [0:6, 0:21] of [12, 21] transpose
perceiver.parameter @first_cross.value.weight : tensor<21x6xf32>
    key "layers.0.0.fn.to_kv.weight" slice [6:12, 0:21] of [12, 21] transpose
perceiver.parameter @first_cross.output.weight : tensor<6x12xf32>
    key "layers.0.0.fn.to_out.weight" transpose
perceiver.parameter @first_cross.output.bias : tensor<12xf32>
    key "layers.0.0.fn.to_out.bias"
perceiver.parameter @first_cross.mlp_norm.weight : tensor<12xf32>
    key "layers.0.1.norm.weight"
perceiver.parameter @first_cross.mlp_norm.bias : tensor<12xf32>
    key "layers.0.1.norm.bias"
perceiver.parameter @first_cross.mlp_in.weight : tensor<12x96xf32>
    key "layers.0.1.fn.net.0.weight" transpose
perceiver.parameter @first_cross.mlp_in.bias : tensor<96xf32>
    key "layers.0.1.fn.net.0.bias"
perceiver.parameter @first_cross.mlp_out.weight : tensor<48x12xf32>
    key "layers.0.1.fn.net.2.weight" transpose
perceiver.parameter @first_cross.mlp_out.bias : tensor<12xf32>
    key "layers.0.1.fn.net.2.bias"

perceiver.parameter @first_self_0.q_norm.weight : tensor<12xf32>
    key "layers.0.2.0.0.norm.weight"
perceiver.parameter @first_self_0.q_norm.bias : tensor<12xf32>
    key "layers.0.2.0.0.norm.bias"
perceiver.parameter @first_self_0.query.weight : tensor<12x12xf32>
    key "layers.0.2.0.0.fn.to_q.weight" transpose
perceiver.parameter @first_self_0.key.weight : tensor<12x12xf32>
    key "layers.0.2.0.0.fn.to_kv.weight" slice [0:12, 0:12] of [24, 12] transpose
perceiver.parameter @first_self_0.value.weight : tensor<12x12xf32>
    key "layers.0.2.0.0.fn.to_kv.weight" slice [12:24, 0:12] of [24, 12] transpose
perceiver.parameter @first_self_0.output.weight : tensor<12x12xf32>
    key "layers.0.2.0.0.fn.to_out.weight" transpose
perceiver.parameter @first_self_0.output.bias : tensor<12xf32>
    key "layers.0.2.0.0.fn.to_out.bias"
perceiver.parameter @first_self_0.mlp_norm.weight : tensor<12xf32>
    key "layers.0.2.0.1.norm.weight"
perceiver.parameter @first_self_0.mlp_norm.bias : tensor<12xf32>
    key "layers.0.2.0.1.norm.bias"
perceiver.parameter @first_self_0.mlp_in.weight : tensor<12x96xf32>
    key "layers.0.2.0.1.fn.net.0.weight" transpose
perceiver.parameter @first_self_0.mlp_in.bias : tensor<96xf32>
    key "layers.0.2.0.1.fn.net.0.bias"
perceiver.parameter @first_self_0.mlp_out.weight : tensor<48x12xf32>
    key "layers.0.2.0.1.fn.net.2.weight" transpose
perceiver.parameter @first_self_0.mlp_out.bias : tensor<12xf32>
    key "layers.0.2.0.1.fn.net.2.bias"

perceiver.parameter @first_self_1.q_norm.weight : tensor<12xf32>
    key "layers.0.2.1.0.norm.weight"
perceiver.parameter @first_self_1.q_norm.bias : tensor<12xf32>
    key "layers.0.2.1.0.norm.bias"
perceiver.parameter @first_self_1.query.weight : tensor<12x12xf32>
    key "layers.0.2.1.0.fn.to_q.weight" transpose
perceiver.parameter @first_self_1.key.weight : tensor<12x12xf32>
    key "layers.0.2.1.0.fn.to_kv.weight" slice [0:12, 0:12] of [24, 12] transpose
perceiver.parameter @first_self_1.value.weight : tensor<12x12xf32>
    key "layers.0.2.1.0.fn.to_kv.weight" slice [12:24, 0:12] of [24, 12] transpose
perceiver.parameter @first_self_1.output.weight : tensor<12x12xf32>
    key "layers.0.2.1.0.fn.to_out.weight" transpose
perceiver.parameter @first_self_1.output.bias : tensor<12xf32>
    key "layers.0.2.1.0.fn.to_out.bias"
perceiver.parameter @first_self_1.mlp_norm.weight : tensor<12xf32>
    key "layers.0.2.1.1.norm.weight"
perceiver.parameter @first_self_1.mlp_norm.bias : tensor<12xf32>
    key "layers.0.2.1.1.norm.bias"
perceiver.parameter @first_self_1.mlp_in.weight : tensor<12x96xf32>
    key "layers.0.2.1.1.fn.net.0.weight" transpose
perceiver.parameter @first_self_1.mlp_in.bias : tensor<96xf32>
    key "layers.0.2.1.1.fn.net.0.bias"
perceiver.parameter @first_self_1.mlp_out.weight : tensor<48x12xf32>
    key "layers.0.2.1.1.fn.net.2.weight" transpose
perceiver.parameter @first_self_1.mlp_out.bias : tensor<12xf32>
    key "layers.0.2.1.1.fn.net.2.bias"

// All other layers share one set. A checkpoint has it under one of these names, or
// repeats it under several of them; then they must be equal.
perceiver.parameter @cross.q_norm.weight : tensor<12xf32> key "layers.1.0.norm.weight"
    aliases ["layers.2.0.norm.weight"]
perceiver.parameter @cross.q_norm.bias : tensor<12xf32> key "layers.1.0.norm.bias"
    aliases ["layers.2.0.norm.bias"]
perceiver.parameter @cross.kv_norm.weight : tensor<21xf32> key "layers.1.0.norm_context.weight"
    aliases ["layers.2.0.norm_context.weight"]
perceiver.parameter @cross.kv_norm.bias : tensor<21xf32> key "layers.1.0.norm_context.bias"
    aliases ["layers.2.0.norm_context.bias"]
perceiver.parameter @cross.query.weight : tensor<12x6xf32> key "layers.1.0.fn.to_q.weight"
    aliases ["layers.2.0.fn.to_q.weight"] transpose
perceiver.parameter @cross.key.weight : tensor<21x6xf32> key "layers.1.0.fn.to_kv.weight"
    aliases ["layers.2.0.fn.to_kv.weight"] slice [0:6, 0:21] of [12, 21] transpose
perceiver.parameter @cross.value.weight : tensor<21x6xf32> key "layers.1.0.fn.to_kv.weight"
    aliases ["layers.2.0.fn.to_kv.weight"] slice [6:12, 0:21] of [12, 21] transpose
perceiver.parameter @cross.output.weight : tensor<6x12xf32> key "layers.1.0.fn.to_out.weight"
    aliases ["layers.2.0.fn.to_out.weight"] transpose
perceiver.parameter @cross.output.bias : tensor<12xf32> key "layers.1.0.fn.to_out.bias"
    aliases ["layers.2.0.fn.to_out.bias"]
perceiver.parameter @cross.mlp_norm.weight : tensor<12xf32> key "layers.1.1.norm.weight"
    aliases ["layers.2.1.norm.weight"]
perceiver.parameter @cross.mlp_norm.bias : tensor<12xf32> key "layers.1.1.norm.bias"
    aliases ["layers.2.1.norm.bias"]
perceiver.parameter @cross.mlp_in.weight : tensor<12x96xf32> key "layers.1.1.fn.net.0.weight"
    aliases ["layers.2.1.fn.net.0.weight"] transpose
perceiver.parameter @cross.mlp_in.bias : tensor<96xf32> key "layers.1.1.fn.net.0.bias"
    aliases ["layers.2.1.fn.net.0.bias"]
perceiver.parameter @cross.mlp_out.weight : tensor<48x12xf32> key "layers.1.1.fn.net.2.weight"
    aliases ["layers.2.1.fn.net.2.weight"] transpose
perceiver.parameter @cross.mlp_out.bias : tensor<12xf32> key "layers.1.1.fn.net.2.bias"
    aliases ["layers.2.1.fn.net.2.bias"]

perceiver.parameter @self_0.q_norm.weight : tensor<12xf32> key "layers.1.2.0.0.norm.weight"
    aliases ["layers.2.2.0.0.norm.weight"]
perceiver.parameter @self_0.q_norm.bias : tensor<12xf32> key "layers.1.2.0.0.norm.bias"
    aliases ["layers.2.2.0.0.norm.bias"]
perceiver.parameter @self_0.query.weight : tensor<12x12xf32> key "layers.1.2.0.0.fn.to_q.weight"
    aliases ["layers.2.2.0.0.fn.to_q.weight"] transpose
perceiver.parameter @self_0.key.weight : tensor<12x12xf32> key "layers.1.2.0.0.fn.to_kv.weight"
    aliases ["layers.2.2.0.0.fn.to_kv.weight"] slice [0:12, 0:12] of [24, 12] transpose
perceiver.parameter @self_0.value.weight : tensor<12x12xf32> key "layers.1.2.0.0.fn.to_kv.weight"
    aliases ["layers.2.2.0.0.fn.to_kv.weight"] slice [12:24, 0:12] of [24, 12] transpose
perceiver.parameter @self_0.output.weight : tensor<12x12xf32> key "layers.1.2.0.0.fn.to_out.weight"
    aliases ["layers.2.2.0.0.fn.to_out.weight"] transpose
perceiver.parameter @self_0.output.bias : tensor<12xf32> key "layers.1.2.0.0.fn.to_out.bias"
    aliases ["layers.2.2.0.0.fn.to_out.bias"]
perceiver.parameter @self_0.mlp_norm.weight : tensor<12xf32> key "layers.1.2.0.1.norm.weight"
    aliases ["layers.2.2.0.1.norm.weight"]
perceiver.parameter @self_0.mlp_norm.bias : tensor<12xf32> key "layers.1.2.0.1.norm.bias"
    aliases ["layers.2.2.0.1.norm.bias"]
perceiver.parameter @self_0.mlp_in.weight : tensor<12x96xf32> key "layers.1.2.0.1.fn.net.0.weight"
    aliases ["layers.2.2.0.1.fn.net.0.weight"] transpose
perceiver.parameter @self_0.mlp_in.bias : tensor<96xf32> key "layers.1.2.0.1.fn.net.0.bias"
    aliases ["layers.2.2.0.1.fn.net.0.bias"]
perceiver.parameter @self_0.mlp_out.weight : tensor<48x12xf32> key "layers.1.2.0.1.fn.net.2.weight"
    aliases ["layers.2.2.0.1.fn.net.2.weight"] transpose
perceiver.parameter @self_0.mlp_out.bias : tensor<12xf32> key "layers.1.2.0.1.fn.net.2.bias"
    aliases ["layers.2.2.0.1.fn.net.2.bias"]

perceiver.parameter @self_1.q_norm.weight : tensor<12xf32> key "layers.1.2.1.0.norm.weight"
    aliases ["layers.2.2.1.0.norm.weight"]
perceiver.parameter @self_1.q_norm.bias : tensor<12xf32> key "layers.1.2.1.0.norm.bias"
    aliases ["layers.2.2.1.0.norm.bias"]
perceiver.parameter @self_1.query.weight : tensor<12x12xf32> key "layers.1.2.1.0.fn.to_q.weight"
    aliases ["layers.2.2.1.0.fn.to_q.weight"] transpose
perceiver.parameter @self_1.key.weight : tensor<12x12xf32> key "layers.1.2.1.0.fn.to_kv.weight"
    aliases ["layers.2.2.1.0.fn.to_kv.weight"] slice [0:12, 0:12] of [24, 12] transpose
perceiver.parameter @self_1.value.weight : tensor<12x12xf32> key "layers.1.2.1.0.fn.to_kv.weight"
    aliases ["layers.2.2.1.0.fn.to_kv.weight"] slice [12:24, 0:12] of [24, 12] transpose
perceiver.parameter @self_1.output.weight : tensor<12x12xf32> key "layers.1.2.1.0.fn.to_out.weight"
    aliases ["layers.2.2.1.0.fn.to_out.weight"] transpose
perceiver.parameter @self_1.output.bias : tensor<12xf32> key "layers.1.2.1.0.fn.to_out.bias"
    aliases ["layers.2.2.1.0.fn.to_out.bias"]
perceiver.parameter @self_1.mlp_norm.weight : tensor<12xf32> key "layers.1.2.1.1.norm.weight"
    aliases ["layers.2.2.1.1.norm.weight"]
perceiver.parameter @self_1.mlp_norm.bias : tensor<12xf32> key "layers.1.2.1.1.norm.bias"
    aliases ["layers.2.2.1.1.norm.bias"]
perceiver.parameter @self_1.mlp_in.weight : tensor<12x96xf32> key "layers.1.2.1.1.fn.net.0.weight"
    aliases ["layers.2.2.1.1.fn.net.0.weight"] transpose
perceiver.parameter @self_1.mlp_in.bias : tensor<96xf32> key "layers.1.2.1.1.fn.net.0.bias"
    aliases ["layers.2.2.1.1.fn.net.0.bias"]
perceiver.parameter @self_1.mlp_out.weight : tensor<48x12xf32> key "layers.1.2.1.1.fn.net.2.weight"
    aliases ["layers.2.2.1.1.fn.net.2.weight"] transpose
perceiver.parameter @self_1.mlp_out.bias : tensor<12xf32> key "layers.1.2.1.1.fn.net.2.bias"
    aliases ["layers.2.2.1.1.fn.net.2.bias"]

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
  // The first iteration, with its own weights.
  %first = perceiver.encode %latents, %x heads = 1 qk_channels = 6 v_channels = 6 mlp = gated(gelu_erf)
      weights @first_cross without_bias [query, key, value]
      : tensor<5x12xf32>, tensor<?x35x21xf32> -> tensor<?x5x12xf32>
  %second = perceiver.self_block %first heads = 3 qk_channels = 12 v_channels = 12 mlp = gated(gelu_erf)
      weights @first_self_0 without_bias [query, key, value] : tensor<?x5x12xf32>
  %third = perceiver.self_block %second heads = 3 qk_channels = 12 v_channels = 12 mlp = gated(gelu_erf)
      weights @first_self_1 without_bias [query, key, value] : tensor<?x5x12xf32>
  // The other iterations share theirs: none of these symbols is a family.
  %z = perceiver.process iterations = 2 (%state = %third : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
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
