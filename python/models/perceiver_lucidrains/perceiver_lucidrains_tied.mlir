// The Perceiver (arXiv 2103.03206) as in the first example of lucidrains'
// perceiver-pytorch, but with `weight_tie_layers = True`: the first iteration has
// weights of its own, the other five share theirs. 15.5 million parameters.
//
//   data [B, 224, 224, 3]
//     -> 50,176 rows of 29 channels: 3 colours, 2 x 13 position features
//     256 latents of 512 channels, six times:
//       cross-attention to the rows, 1 head of 64 channels, GEGLU
//       self-attention, 8 heads of 64 channels, GEGLU
//     -> average over the latents, layer norm, linear layer
//     -> logits [B, 1000]
//
// Queries, keys and values have no biases. The bands are linear, as in
// perceiver-pytorch since 0.7.4, and so are the names of the parameters.

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//

perceiver.parameter @latents : tensor<256x512xf32> key "latents"

// The first cross-attention and self-attention: layer 0 has weights of its own.
perceiver.parameter @first_cross.q_norm.weight : tensor<512xf32>
    key "layers.0.0.norm.weight"
perceiver.parameter @first_cross.q_norm.bias : tensor<512xf32>
    key "layers.0.0.norm.bias"
perceiver.parameter @first_cross.kv_norm.weight : tensor<29xf32>
    key "layers.0.0.norm_context.weight"
perceiver.parameter @first_cross.kv_norm.bias : tensor<29xf32>
    key "layers.0.0.norm_context.bias"
perceiver.parameter @first_cross.query.weight : tensor<512x64xf32>
    key "layers.0.0.fn.to_q.weight" transpose
perceiver.parameter @first_cross.key.weight : tensor<29x64xf32>
    key "layers.0.0.fn.to_kv.weight" slice [0:64, 0:29] of [128, 29] transpose
perceiver.parameter @first_cross.value.weight : tensor<29x64xf32>
    key "layers.0.0.fn.to_kv.weight" slice [64:128, 0:29] of [128, 29] transpose
perceiver.parameter @first_cross.output.weight : tensor<64x512xf32>
    key "layers.0.0.fn.to_out.weight" transpose
perceiver.parameter @first_cross.output.bias : tensor<512xf32>
    key "layers.0.0.fn.to_out.bias"
perceiver.parameter @first_cross.mlp_norm.weight : tensor<512xf32>
    key "layers.0.1.norm.weight"
perceiver.parameter @first_cross.mlp_norm.bias : tensor<512xf32>
    key "layers.0.1.norm.bias"
perceiver.parameter @first_cross.mlp_in.weight : tensor<512x4096xf32>
    key "layers.0.1.fn.net.0.weight" transpose
perceiver.parameter @first_cross.mlp_in.bias : tensor<4096xf32>
    key "layers.0.1.fn.net.0.bias"
perceiver.parameter @first_cross.mlp_out.weight : tensor<2048x512xf32>
    key "layers.0.1.fn.net.2.weight" transpose
perceiver.parameter @first_cross.mlp_out.bias : tensor<512xf32>
    key "layers.0.1.fn.net.2.bias"

perceiver.parameter @first_self.q_norm.weight : tensor<512xf32>
    key "layers.0.2.0.0.norm.weight"
perceiver.parameter @first_self.q_norm.bias : tensor<512xf32>
    key "layers.0.2.0.0.norm.bias"
perceiver.parameter @first_self.query.weight : tensor<512x512xf32>
    key "layers.0.2.0.0.fn.to_q.weight" transpose
perceiver.parameter @first_self.key.weight : tensor<512x512xf32>
    key "layers.0.2.0.0.fn.to_kv.weight" slice [0:512, 0:512] of [1024, 512] transpose
perceiver.parameter @first_self.value.weight : tensor<512x512xf32>
    key "layers.0.2.0.0.fn.to_kv.weight" slice [512:1024, 0:512] of [1024, 512] transpose
perceiver.parameter @first_self.output.weight : tensor<512x512xf32>
    key "layers.0.2.0.0.fn.to_out.weight" transpose
perceiver.parameter @first_self.output.bias : tensor<512xf32>
    key "layers.0.2.0.0.fn.to_out.bias"
perceiver.parameter @first_self.mlp_norm.weight : tensor<512xf32>
    key "layers.0.2.0.1.norm.weight"
perceiver.parameter @first_self.mlp_norm.bias : tensor<512xf32>
    key "layers.0.2.0.1.norm.bias"
perceiver.parameter @first_self.mlp_in.weight : tensor<512x4096xf32>
    key "layers.0.2.0.1.fn.net.0.weight" transpose
perceiver.parameter @first_self.mlp_in.bias : tensor<4096xf32>
    key "layers.0.2.0.1.fn.net.0.bias"
perceiver.parameter @first_self.mlp_out.weight : tensor<2048x512xf32>
    key "layers.0.2.0.1.fn.net.2.weight" transpose
perceiver.parameter @first_self.mlp_out.bias : tensor<512xf32>
    key "layers.0.2.0.1.fn.net.2.bias"

// All other layers share one set. A checkpoint has it under one of these names, or
// repeats it under several of them; then they must be equal.
perceiver.parameter @cross.q_norm.weight : tensor<512xf32> key "layers.1.0.norm.weight"
    aliases ["layers.2.0.norm.weight", "layers.3.0.norm.weight",
             "layers.4.0.norm.weight", "layers.5.0.norm.weight"]
perceiver.parameter @cross.q_norm.bias : tensor<512xf32> key "layers.1.0.norm.bias"
    aliases ["layers.2.0.norm.bias", "layers.3.0.norm.bias",
             "layers.4.0.norm.bias", "layers.5.0.norm.bias"]
perceiver.parameter @cross.kv_norm.weight : tensor<29xf32> key "layers.1.0.norm_context.weight"
    aliases ["layers.2.0.norm_context.weight", "layers.3.0.norm_context.weight",
             "layers.4.0.norm_context.weight", "layers.5.0.norm_context.weight"]
perceiver.parameter @cross.kv_norm.bias : tensor<29xf32> key "layers.1.0.norm_context.bias"
    aliases ["layers.2.0.norm_context.bias", "layers.3.0.norm_context.bias",
             "layers.4.0.norm_context.bias", "layers.5.0.norm_context.bias"]
perceiver.parameter @cross.query.weight : tensor<512x64xf32> key "layers.1.0.fn.to_q.weight"
    aliases ["layers.2.0.fn.to_q.weight", "layers.3.0.fn.to_q.weight",
             "layers.4.0.fn.to_q.weight", "layers.5.0.fn.to_q.weight"] transpose
perceiver.parameter @cross.key.weight : tensor<29x64xf32> key "layers.1.0.fn.to_kv.weight"
    aliases ["layers.2.0.fn.to_kv.weight", "layers.3.0.fn.to_kv.weight",
             "layers.4.0.fn.to_kv.weight", "layers.5.0.fn.to_kv.weight"] slice [0:64, 0:29] of [128, 29] transpose
perceiver.parameter @cross.value.weight : tensor<29x64xf32> key "layers.1.0.fn.to_kv.weight"
    aliases ["layers.2.0.fn.to_kv.weight", "layers.3.0.fn.to_kv.weight",
             "layers.4.0.fn.to_kv.weight", "layers.5.0.fn.to_kv.weight"] slice [64:128, 0:29] of [128, 29] transpose
perceiver.parameter @cross.output.weight : tensor<64x512xf32> key "layers.1.0.fn.to_out.weight"
    aliases ["layers.2.0.fn.to_out.weight", "layers.3.0.fn.to_out.weight",
             "layers.4.0.fn.to_out.weight", "layers.5.0.fn.to_out.weight"] transpose
perceiver.parameter @cross.output.bias : tensor<512xf32> key "layers.1.0.fn.to_out.bias"
    aliases ["layers.2.0.fn.to_out.bias", "layers.3.0.fn.to_out.bias",
             "layers.4.0.fn.to_out.bias", "layers.5.0.fn.to_out.bias"]
perceiver.parameter @cross.mlp_norm.weight : tensor<512xf32> key "layers.1.1.norm.weight"
    aliases ["layers.2.1.norm.weight", "layers.3.1.norm.weight",
             "layers.4.1.norm.weight", "layers.5.1.norm.weight"]
perceiver.parameter @cross.mlp_norm.bias : tensor<512xf32> key "layers.1.1.norm.bias"
    aliases ["layers.2.1.norm.bias", "layers.3.1.norm.bias",
             "layers.4.1.norm.bias", "layers.5.1.norm.bias"]
perceiver.parameter @cross.mlp_in.weight : tensor<512x4096xf32> key "layers.1.1.fn.net.0.weight"
    aliases ["layers.2.1.fn.net.0.weight", "layers.3.1.fn.net.0.weight",
             "layers.4.1.fn.net.0.weight", "layers.5.1.fn.net.0.weight"] transpose
perceiver.parameter @cross.mlp_in.bias : tensor<4096xf32> key "layers.1.1.fn.net.0.bias"
    aliases ["layers.2.1.fn.net.0.bias", "layers.3.1.fn.net.0.bias",
             "layers.4.1.fn.net.0.bias", "layers.5.1.fn.net.0.bias"]
perceiver.parameter @cross.mlp_out.weight : tensor<2048x512xf32> key "layers.1.1.fn.net.2.weight"
    aliases ["layers.2.1.fn.net.2.weight", "layers.3.1.fn.net.2.weight",
             "layers.4.1.fn.net.2.weight", "layers.5.1.fn.net.2.weight"] transpose
perceiver.parameter @cross.mlp_out.bias : tensor<512xf32> key "layers.1.1.fn.net.2.bias"
    aliases ["layers.2.1.fn.net.2.bias", "layers.3.1.fn.net.2.bias",
             "layers.4.1.fn.net.2.bias", "layers.5.1.fn.net.2.bias"]

perceiver.parameter @self.q_norm.weight : tensor<512xf32> key "layers.1.2.0.0.norm.weight"
    aliases ["layers.2.2.0.0.norm.weight", "layers.3.2.0.0.norm.weight",
             "layers.4.2.0.0.norm.weight", "layers.5.2.0.0.norm.weight"]
perceiver.parameter @self.q_norm.bias : tensor<512xf32> key "layers.1.2.0.0.norm.bias"
    aliases ["layers.2.2.0.0.norm.bias", "layers.3.2.0.0.norm.bias",
             "layers.4.2.0.0.norm.bias", "layers.5.2.0.0.norm.bias"]
perceiver.parameter @self.query.weight : tensor<512x512xf32> key "layers.1.2.0.0.fn.to_q.weight"
    aliases ["layers.2.2.0.0.fn.to_q.weight", "layers.3.2.0.0.fn.to_q.weight",
             "layers.4.2.0.0.fn.to_q.weight", "layers.5.2.0.0.fn.to_q.weight"] transpose
perceiver.parameter @self.key.weight : tensor<512x512xf32> key "layers.1.2.0.0.fn.to_kv.weight"
    aliases ["layers.2.2.0.0.fn.to_kv.weight", "layers.3.2.0.0.fn.to_kv.weight",
             "layers.4.2.0.0.fn.to_kv.weight", "layers.5.2.0.0.fn.to_kv.weight"] slice [0:512, 0:512] of [1024, 512] transpose
perceiver.parameter @self.value.weight : tensor<512x512xf32> key "layers.1.2.0.0.fn.to_kv.weight"
    aliases ["layers.2.2.0.0.fn.to_kv.weight", "layers.3.2.0.0.fn.to_kv.weight",
             "layers.4.2.0.0.fn.to_kv.weight", "layers.5.2.0.0.fn.to_kv.weight"] slice [512:1024, 0:512] of [1024, 512] transpose
perceiver.parameter @self.output.weight : tensor<512x512xf32> key "layers.1.2.0.0.fn.to_out.weight"
    aliases ["layers.2.2.0.0.fn.to_out.weight", "layers.3.2.0.0.fn.to_out.weight",
             "layers.4.2.0.0.fn.to_out.weight", "layers.5.2.0.0.fn.to_out.weight"] transpose
perceiver.parameter @self.output.bias : tensor<512xf32> key "layers.1.2.0.0.fn.to_out.bias"
    aliases ["layers.2.2.0.0.fn.to_out.bias", "layers.3.2.0.0.fn.to_out.bias",
             "layers.4.2.0.0.fn.to_out.bias", "layers.5.2.0.0.fn.to_out.bias"]
perceiver.parameter @self.mlp_norm.weight : tensor<512xf32> key "layers.1.2.0.1.norm.weight"
    aliases ["layers.2.2.0.1.norm.weight", "layers.3.2.0.1.norm.weight",
             "layers.4.2.0.1.norm.weight", "layers.5.2.0.1.norm.weight"]
perceiver.parameter @self.mlp_norm.bias : tensor<512xf32> key "layers.1.2.0.1.norm.bias"
    aliases ["layers.2.2.0.1.norm.bias", "layers.3.2.0.1.norm.bias",
             "layers.4.2.0.1.norm.bias", "layers.5.2.0.1.norm.bias"]
perceiver.parameter @self.mlp_in.weight : tensor<512x4096xf32> key "layers.1.2.0.1.fn.net.0.weight"
    aliases ["layers.2.2.0.1.fn.net.0.weight", "layers.3.2.0.1.fn.net.0.weight",
             "layers.4.2.0.1.fn.net.0.weight", "layers.5.2.0.1.fn.net.0.weight"] transpose
perceiver.parameter @self.mlp_in.bias : tensor<4096xf32> key "layers.1.2.0.1.fn.net.0.bias"
    aliases ["layers.2.2.0.1.fn.net.0.bias", "layers.3.2.0.1.fn.net.0.bias",
             "layers.4.2.0.1.fn.net.0.bias", "layers.5.2.0.1.fn.net.0.bias"]
perceiver.parameter @self.mlp_out.weight : tensor<2048x512xf32> key "layers.1.2.0.1.fn.net.2.weight"
    aliases ["layers.2.2.0.1.fn.net.2.weight", "layers.3.2.0.1.fn.net.2.weight",
             "layers.4.2.0.1.fn.net.2.weight", "layers.5.2.0.1.fn.net.2.weight"] transpose
perceiver.parameter @self.mlp_out.bias : tensor<512xf32> key "layers.1.2.0.1.fn.net.2.bias"
    aliases ["layers.2.2.0.1.fn.net.2.bias", "layers.3.2.0.1.fn.net.2.bias",
             "layers.4.2.0.1.fn.net.2.bias", "layers.5.2.0.1.fn.net.2.bias"]

// The head: a layer norm and the classifier.
perceiver.parameter @head_norm.weight : tensor<512xf32> key "to_logits.1.weight"
perceiver.parameter @head_norm.bias : tensor<512xf32> key "to_logits.1.bias"
perceiver.parameter @classes.weight : tensor<512x1000xf32> key "to_logits.2.weight" transpose
perceiver.parameter @classes.bias : tensor<1000xf32> key "to_logits.2.bias"

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//

// Images to latents. An iterative Perceiver reads its inputs in every iteration,
// so all of it is here.
func.func @encode(%data: tensor<?x224x224x3xf32> {perceiver.name = "data", perceiver.sizes = ["batch"]})
    -> (tensor<?x256x512xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  // One row per pixel: the colours, then the position on each axis.
  %pixels = tensor.collapse_shape %data [[0], [1, 2], [3]]
      : tensor<?x224x224x3xf32> into tensor<?x50176x3xf32>
  %positions = perceiver.fourier_positions grid = [224, 224] bands = 6 max_resolution = [10, 10]
      layout = axis_major : tensor<50176x26xf32>
  %x = perceiver.concat %pixels, %positions
      : (tensor<?x50176x3xf32>, tensor<50176x26xf32>) -> tensor<?x50176x29xf32>

  %latents = perceiver.get_parameter @latents : tensor<256x512xf32>
  // The first iteration, with its own weights.
  %first = perceiver.encode %latents, %x heads = 1 qk_channels = 64 v_channels = 64 mlp = gated(gelu_erf)
      weights @first_cross without_bias [query, key, value]
      : tensor<256x512xf32>, tensor<?x50176x29xf32> -> tensor<?x256x512xf32>
  %second = perceiver.self_block %first heads = 8 qk_channels = 512 v_channels = 512 mlp = gated(gelu_erf)
      weights @first_self without_bias [query, key, value] : tensor<?x256x512xf32>
  // The other iterations share theirs: none of these symbols is a family.
  %z = perceiver.process iterations = 5 (%state = %second : tensor<?x256x512xf32>) -> tensor<?x256x512xf32> {
    %0 = perceiver.cross_block %state, %x heads = 1 qk_channels = 64 v_channels = 64 mlp = gated(gelu_erf)
        weights @cross without_bias [query, key, value]
        : tensor<?x256x512xf32>, tensor<?x50176x29xf32> -> tensor<?x256x512xf32>
    %1 = perceiver.self_block %0 heads = 8 qk_channels = 512 v_channels = 512 mlp = gated(gelu_erf)
        weights @self without_bias [query, key, value] : tensor<?x256x512xf32>
    perceiver.yield %1 : tensor<?x256x512xf32>
  }
  return %z : tensor<?x256x512xf32>
}

// Latents to logits: the average over the latents, a layer norm, the classifier.
func.func @decode(%latents: tensor<?x256x512xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x1000xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %mean = perceiver.mean_pool %latents : tensor<?x256x512xf32> -> tensor<?x512xf32>
  %norm = perceiver.norm %mean weight @head_norm.weight bias @head_norm.bias : tensor<?x512xf32>
  %logits = perceiver.project %norm weight @classes.weight bias @classes.bias
      : tensor<?x512xf32> -> tensor<?x1000xf32>
  return %logits : tensor<?x1000xf32>
}

// All of it.
func.func @run(%data: tensor<?x224x224x3xf32> {perceiver.name = "data", perceiver.sizes = ["batch"]})
    -> (tensor<?x1000xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %latents = call @encode(%data) : (tensor<?x224x224x3xf32>) -> tensor<?x256x512xf32>
  %logits = call @decode(%latents) : (tensor<?x256x512xf32>) -> tensor<?x1000xf32>
  return %logits : tensor<?x1000xf32>
}
