// The Perceiver (arXiv 2103.03206) as in the first example of lucidrains'
// perceiver-pytorch: depth 6, 45.2 million parameters, weights of their own for
// each iteration (`weight_tie_layers = False`).
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

// The cross-attentions: `{}` in a key is the number of the layer, each symbol is a
// family of 6 tensors. `to_kv` holds keys and values in one matrix of 128 rows;
// a slice takes one half of it. Its input layer `net.0` holds the values first,
// then the gates, as GEGLU wants them.
perceiver.parameter @cross.q_norm.weight : tensor<512xf32>
    key "layers.{}.0.norm.weight" count 6
perceiver.parameter @cross.q_norm.bias : tensor<512xf32>
    key "layers.{}.0.norm.bias" count 6
perceiver.parameter @cross.kv_norm.weight : tensor<29xf32>
    key "layers.{}.0.norm_context.weight" count 6
perceiver.parameter @cross.kv_norm.bias : tensor<29xf32>
    key "layers.{}.0.norm_context.bias" count 6
perceiver.parameter @cross.query.weight : tensor<512x64xf32>
    key "layers.{}.0.fn.to_q.weight" count 6 transpose
perceiver.parameter @cross.key.weight : tensor<29x64xf32>
    key "layers.{}.0.fn.to_kv.weight" count 6 slice [0:64, 0:29] of [128, 29] transpose
perceiver.parameter @cross.value.weight : tensor<29x64xf32>
    key "layers.{}.0.fn.to_kv.weight" count 6 slice [64:128, 0:29] of [128, 29] transpose
perceiver.parameter @cross.output.weight : tensor<64x512xf32>
    key "layers.{}.0.fn.to_out.weight" count 6 transpose
perceiver.parameter @cross.output.bias : tensor<512xf32>
    key "layers.{}.0.fn.to_out.bias" count 6
perceiver.parameter @cross.mlp_norm.weight : tensor<512xf32>
    key "layers.{}.1.norm.weight" count 6
perceiver.parameter @cross.mlp_norm.bias : tensor<512xf32>
    key "layers.{}.1.norm.bias" count 6
perceiver.parameter @cross.mlp_in.weight : tensor<512x4096xf32>
    key "layers.{}.1.fn.net.0.weight" count 6 transpose
perceiver.parameter @cross.mlp_in.bias : tensor<4096xf32>
    key "layers.{}.1.fn.net.0.bias" count 6
perceiver.parameter @cross.mlp_out.weight : tensor<2048x512xf32>
    key "layers.{}.1.fn.net.2.weight" count 6 transpose
perceiver.parameter @cross.mlp_out.bias : tensor<512xf32>
    key "layers.{}.1.fn.net.2.bias" count 6

// The self-attention that follows each of them.
perceiver.parameter @self.q_norm.weight : tensor<512xf32>
    key "layers.{}.2.0.0.norm.weight" count 6
perceiver.parameter @self.q_norm.bias : tensor<512xf32>
    key "layers.{}.2.0.0.norm.bias" count 6
perceiver.parameter @self.query.weight : tensor<512x512xf32>
    key "layers.{}.2.0.0.fn.to_q.weight" count 6 transpose
perceiver.parameter @self.key.weight : tensor<512x512xf32>
    key "layers.{}.2.0.0.fn.to_kv.weight" count 6 slice [0:512, 0:512] of [1024, 512] transpose
perceiver.parameter @self.value.weight : tensor<512x512xf32>
    key "layers.{}.2.0.0.fn.to_kv.weight" count 6 slice [512:1024, 0:512] of [1024, 512] transpose
perceiver.parameter @self.output.weight : tensor<512x512xf32>
    key "layers.{}.2.0.0.fn.to_out.weight" count 6 transpose
perceiver.parameter @self.output.bias : tensor<512xf32>
    key "layers.{}.2.0.0.fn.to_out.bias" count 6
perceiver.parameter @self.mlp_norm.weight : tensor<512xf32>
    key "layers.{}.2.0.1.norm.weight" count 6
perceiver.parameter @self.mlp_norm.bias : tensor<512xf32>
    key "layers.{}.2.0.1.norm.bias" count 6
perceiver.parameter @self.mlp_in.weight : tensor<512x4096xf32>
    key "layers.{}.2.0.1.fn.net.0.weight" count 6 transpose
perceiver.parameter @self.mlp_in.bias : tensor<4096xf32>
    key "layers.{}.2.0.1.fn.net.0.bias" count 6
perceiver.parameter @self.mlp_out.weight : tensor<2048x512xf32>
    key "layers.{}.2.0.1.fn.net.2.weight" count 6 transpose
perceiver.parameter @self.mlp_out.bias : tensor<512xf32>
    key "layers.{}.2.0.1.fn.net.2.bias" count 6

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
  // In each iteration the latents attend to all inputs and then to themselves.
  // Iteration t reads member t of each family. The latents have no batch yet.
  %z = perceiver.process iterations = 6 (%state = %latents : tensor<256x512xf32>) -> tensor<?x256x512xf32> {
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
