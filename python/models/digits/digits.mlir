// A small Perceiver IO that reads handwritten digits: scans of 8 x 8 pixels with
// values in [0, 1] to the logits of 10 classes. train.py made the weights,
// reference.py computes the same in NumPy.
//
//   inputs [B, 8, 8, 1]
//     -> 64 rows of 35 channels: the pixel, 34 position features
//     encode   16 latents of 48 channels attend to them, 1 head
//     process  4 self-attention layers with 3 heads, applied twice in turn
//     decode   1 query attends to the latents, 1 head; linear layer
//     -> logits [B, 10]

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//
//
// `key` is the name of the tensor in the checkpoint. PyTorch stores the weight
// of a linear layer as [outputs, inputs], the compiler wants [inputs, outputs]:
// `transpose`.

perceiver.parameter @latents : tensor<16x48xf32> key "embeddings.latents"

// The cross-attention of the encoder. Its symbols are what `weights @encoder`
// below stands for. Queries, keys and values are as wide as the inputs, 35.
perceiver.parameter @encoder.q_norm.weight : tensor<48xf32>
    key "encoder.cross_attention.attention.self.layernorm1.weight"
perceiver.parameter @encoder.q_norm.bias : tensor<48xf32>
    key "encoder.cross_attention.attention.self.layernorm1.bias"
perceiver.parameter @encoder.kv_norm.weight : tensor<35xf32>
    key "encoder.cross_attention.attention.self.layernorm2.weight"
perceiver.parameter @encoder.kv_norm.bias : tensor<35xf32>
    key "encoder.cross_attention.attention.self.layernorm2.bias"
perceiver.parameter @encoder.query.weight : tensor<48x35xf32>
    key "encoder.cross_attention.attention.self.query.weight" transpose
perceiver.parameter @encoder.query.bias : tensor<35xf32>
    key "encoder.cross_attention.attention.self.query.bias"
perceiver.parameter @encoder.key.weight : tensor<35x35xf32>
    key "encoder.cross_attention.attention.self.key.weight" transpose
perceiver.parameter @encoder.key.bias : tensor<35xf32>
    key "encoder.cross_attention.attention.self.key.bias"
perceiver.parameter @encoder.value.weight : tensor<35x35xf32>
    key "encoder.cross_attention.attention.self.value.weight" transpose
perceiver.parameter @encoder.value.bias : tensor<35xf32>
    key "encoder.cross_attention.attention.self.value.bias"
perceiver.parameter @encoder.output.weight : tensor<35x48xf32>
    key "encoder.cross_attention.attention.output.dense.weight" transpose
perceiver.parameter @encoder.output.bias : tensor<48xf32>
    key "encoder.cross_attention.attention.output.dense.bias"
perceiver.parameter @encoder.mlp_norm.weight : tensor<48xf32>
    key "encoder.cross_attention.layernorm.weight"
perceiver.parameter @encoder.mlp_norm.bias : tensor<48xf32>
    key "encoder.cross_attention.layernorm.bias"
perceiver.parameter @encoder.mlp_in.weight : tensor<48x48xf32>
    key "encoder.cross_attention.mlp.dense1.weight" transpose
perceiver.parameter @encoder.mlp_in.bias : tensor<48xf32>
    key "encoder.cross_attention.mlp.dense1.bias"
perceiver.parameter @encoder.mlp_out.weight : tensor<48x48xf32>
    key "encoder.cross_attention.mlp.dense2.weight" transpose
perceiver.parameter @encoder.mlp_out.bias : tensor<48xf32>
    key "encoder.cross_attention.mlp.dense2.bias"

// The 4 layers of the latent transformer: `{}` in a key is the number of the
// layer, each symbol is a family of 4 tensors.
perceiver.parameter @self.q_norm.weight : tensor<48xf32>
    key "encoder.self_attends.{}.attention.self.layernorm1.weight" count 4
perceiver.parameter @self.q_norm.bias : tensor<48xf32>
    key "encoder.self_attends.{}.attention.self.layernorm1.bias" count 4
perceiver.parameter @self.query.weight : tensor<48x48xf32>
    key "encoder.self_attends.{}.attention.self.query.weight" count 4 transpose
perceiver.parameter @self.query.bias : tensor<48xf32>
    key "encoder.self_attends.{}.attention.self.query.bias" count 4
perceiver.parameter @self.key.weight : tensor<48x48xf32>
    key "encoder.self_attends.{}.attention.self.key.weight" count 4 transpose
perceiver.parameter @self.key.bias : tensor<48xf32>
    key "encoder.self_attends.{}.attention.self.key.bias" count 4
perceiver.parameter @self.value.weight : tensor<48x48xf32>
    key "encoder.self_attends.{}.attention.self.value.weight" count 4 transpose
perceiver.parameter @self.value.bias : tensor<48xf32>
    key "encoder.self_attends.{}.attention.self.value.bias" count 4
perceiver.parameter @self.output.weight : tensor<48x48xf32>
    key "encoder.self_attends.{}.attention.output.dense.weight" count 4 transpose
perceiver.parameter @self.output.bias : tensor<48xf32>
    key "encoder.self_attends.{}.attention.output.dense.bias" count 4
perceiver.parameter @self.mlp_norm.weight : tensor<48xf32>
    key "encoder.self_attends.{}.layernorm.weight" count 4
perceiver.parameter @self.mlp_norm.bias : tensor<48xf32>
    key "encoder.self_attends.{}.layernorm.bias" count 4
perceiver.parameter @self.mlp_in.weight : tensor<48x48xf32>
    key "encoder.self_attends.{}.mlp.dense1.weight" count 4 transpose
perceiver.parameter @self.mlp_in.bias : tensor<48xf32>
    key "encoder.self_attends.{}.mlp.dense1.bias" count 4
perceiver.parameter @self.mlp_out.weight : tensor<48x48xf32>
    key "encoder.self_attends.{}.mlp.dense2.weight" count 4 transpose
perceiver.parameter @self.mlp_out.bias : tensor<48xf32>
    key "encoder.self_attends.{}.mlp.dense2.bias" count 4

// The decoder has one learned query, which stands for the class.
perceiver.parameter @class_query : tensor<1x48xf32>
    key "decoder.output_position_encodings.position_embeddings"
perceiver.parameter @decoder.q_norm.weight : tensor<48xf32>
    key "decoder.decoding_cross_attention.attention.self.layernorm1.weight"
perceiver.parameter @decoder.q_norm.bias : tensor<48xf32>
    key "decoder.decoding_cross_attention.attention.self.layernorm1.bias"
perceiver.parameter @decoder.kv_norm.weight : tensor<48xf32>
    key "decoder.decoding_cross_attention.attention.self.layernorm2.weight"
perceiver.parameter @decoder.kv_norm.bias : tensor<48xf32>
    key "decoder.decoding_cross_attention.attention.self.layernorm2.bias"
perceiver.parameter @decoder.query.weight : tensor<48x48xf32>
    key "decoder.decoding_cross_attention.attention.self.query.weight" transpose
perceiver.parameter @decoder.query.bias : tensor<48xf32>
    key "decoder.decoding_cross_attention.attention.self.query.bias"
perceiver.parameter @decoder.key.weight : tensor<48x48xf32>
    key "decoder.decoding_cross_attention.attention.self.key.weight" transpose
perceiver.parameter @decoder.key.bias : tensor<48xf32>
    key "decoder.decoding_cross_attention.attention.self.key.bias"
perceiver.parameter @decoder.value.weight : tensor<48x48xf32>
    key "decoder.decoding_cross_attention.attention.self.value.weight" transpose
perceiver.parameter @decoder.value.bias : tensor<48xf32>
    key "decoder.decoding_cross_attention.attention.self.value.bias"
perceiver.parameter @decoder.output.weight : tensor<48x48xf32>
    key "decoder.decoding_cross_attention.attention.output.dense.weight" transpose
perceiver.parameter @decoder.output.bias : tensor<48xf32>
    key "decoder.decoding_cross_attention.attention.output.dense.bias"
perceiver.parameter @decoder.mlp_norm.weight : tensor<48xf32>
    key "decoder.decoding_cross_attention.layernorm.weight"
perceiver.parameter @decoder.mlp_norm.bias : tensor<48xf32>
    key "decoder.decoding_cross_attention.layernorm.bias"
perceiver.parameter @decoder.mlp_in.weight : tensor<48x48xf32>
    key "decoder.decoding_cross_attention.mlp.dense1.weight" transpose
perceiver.parameter @decoder.mlp_in.bias : tensor<48xf32>
    key "decoder.decoding_cross_attention.mlp.dense1.bias"
perceiver.parameter @decoder.mlp_out.weight : tensor<48x48xf32>
    key "decoder.decoding_cross_attention.mlp.dense2.weight" transpose
perceiver.parameter @decoder.mlp_out.bias : tensor<48xf32>
    key "decoder.decoding_cross_attention.mlp.dense2.bias"
perceiver.parameter @final.weight : tensor<48x10xf32> key "decoder.final_layer.weight" transpose
perceiver.parameter @final.bias : tensor<10xf32> key "decoder.final_layer.bias"

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//
//
// Functions with `perceiver.entry` can be called from outside, under the names
// that their arguments and results carry. `?` is a size that the caller chooses;
// sizes of the same name are equal.

// Images to latents: the latents attend to all pixels.
func.func @encode(%inputs: tensor<?x8x8x1xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]})
    -> (tensor<?x16x48xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  // One row per pixel.
  %pixels = tensor.collapse_shape %inputs [[0], [1, 2], [3]] : tensor<?x8x8x1xf32> into tensor<?x64x1xf32>
  // Where each pixel is: 34 features that depend on nothing and have no batch.
  %positions = perceiver.fourier_positions grid = [8, 8] bands = 8 max_resolution = [8, 8]
      layout = dm : tensor<64x34xf32>
  %x = perceiver.concat %pixels, %positions
      : (tensor<?x64x1xf32>, tensor<64x34xf32>) -> tensor<?x64x35xf32>
  %latents = perceiver.get_parameter @latents : tensor<16x48xf32>
  %z = perceiver.encode %latents, %x heads = 1 qk_channels = 35 v_channels = 35 mlp = gelu_erf
      weights @encoder
      : tensor<16x48xf32>, tensor<?x64x35xf32> -> tensor<?x16x48xf32>
  return %z : tensor<?x16x48xf32>
}

// Latents to latents: 4 layers, one after the other, and all of that 2 times with
// the same weights. Iteration t reads member t mod 4 of each family.
func.func @process(%latents: tensor<?x16x48xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x16x48xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %z = perceiver.process iterations = 8 (%state = %latents : tensor<?x16x48xf32>) -> tensor<?x16x48xf32> {
    %next = perceiver.self_block %state heads = 3 qk_channels = 48 v_channels = 48 mlp = gelu_erf
        weights @self : tensor<?x16x48xf32>
    perceiver.yield %next : tensor<?x16x48xf32>
  }
  return %z : tensor<?x16x48xf32>
}

// Latents to logits: the class query attends to the latents.
func.func @decode(%latents: tensor<?x16x48xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x10xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %query = perceiver.get_parameter @class_query : tensor<1x48xf32>
  %y = perceiver.decode %query, %latents heads = 1 qk_channels = 48 v_channels = 48 mlp = gelu_erf
      weights @decoder
      : tensor<1x48xf32>, tensor<?x16x48xf32> -> tensor<?x1x48xf32>
  %row = tensor.collapse_shape %y [[0, 1], [2]] : tensor<?x1x48xf32> into tensor<?x48xf32>
  %logits = perceiver.project %row weight @final.weight bias @final.bias
      : tensor<?x48xf32> -> tensor<?x10xf32>
  return %logits : tensor<?x10xf32>
}

// All of it.
func.func @run(%inputs: tensor<?x8x8x1xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]})
    -> (tensor<?x10xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%inputs) : (tensor<?x8x8x1xf32>) -> tensor<?x16x48xf32>
  %1 = call @process(%0) : (tensor<?x16x48xf32>) -> tensor<?x16x48xf32>
  %logits = call @decode(%1) : (tensor<?x16x48xf32>) -> tensor<?x10xf32>
  return %logits : tensor<?x10xf32>
}
