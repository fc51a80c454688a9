// Perceiver IO for ImageNet with Fourier positions (arXiv 2107.14795, appendix A):
// images of 224 x 224 pixels to the logits of 1,000 classes, 48.4 million
// parameters. Weights are those of Hugging Face's
// PerceiverForImageClassificationFourier ("deepmind/vision-perceiver-fourier"),
// under the names that transformers gives them, and so are input and output.
//
//   inputs [B, 3, 224, 224]
//     -> 50,176 rows of 261 channels: 3 colours, 258 position features
//     encode   512 latents of 1,024 channels attend to them, 1 head
//     process  6 self-attention layers with 8 heads, applied 8 times in turn
//     decode   1 query attends to the latents, 1 head; linear layer
//     -> logits [B, 1000]

//===----------------------------------------------------------------------===//
// Parameters
//===----------------------------------------------------------------------===//
//
// `key` is the name of the tensor in the checkpoint. PyTorch stores the weight
// of a linear layer as [outputs, inputs], the compiler wants [inputs, outputs]:
// `transpose`.

perceiver.parameter @latents : tensor<512x1024xf32> key "perceiver.embeddings.latents"

// The cross-attention of the encoder. Its symbols are what `weights @encoder`
// below stands for. Queries, keys and values are as wide as the inputs, 261.
perceiver.parameter @encoder.q_norm.weight : tensor<1024xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm1.weight"
perceiver.parameter @encoder.q_norm.bias : tensor<1024xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm1.bias"
perceiver.parameter @encoder.kv_norm.weight : tensor<261xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm2.weight"
perceiver.parameter @encoder.kv_norm.bias : tensor<261xf32>
    key "perceiver.encoder.cross_attention.attention.self.layernorm2.bias"
perceiver.parameter @encoder.query.weight : tensor<1024x261xf32>
    key "perceiver.encoder.cross_attention.attention.self.query.weight" transpose
perceiver.parameter @encoder.query.bias : tensor<261xf32>
    key "perceiver.encoder.cross_attention.attention.self.query.bias"
perceiver.parameter @encoder.key.weight : tensor<261x261xf32>
    key "perceiver.encoder.cross_attention.attention.self.key.weight" transpose
perceiver.parameter @encoder.key.bias : tensor<261xf32>
    key "perceiver.encoder.cross_attention.attention.self.key.bias"
perceiver.parameter @encoder.value.weight : tensor<261x261xf32>
    key "perceiver.encoder.cross_attention.attention.self.value.weight" transpose
perceiver.parameter @encoder.value.bias : tensor<261xf32>
    key "perceiver.encoder.cross_attention.attention.self.value.bias"
perceiver.parameter @encoder.output.weight : tensor<261x1024xf32>
    key "perceiver.encoder.cross_attention.attention.output.dense.weight" transpose
perceiver.parameter @encoder.output.bias : tensor<1024xf32>
    key "perceiver.encoder.cross_attention.attention.output.dense.bias"
perceiver.parameter @encoder.mlp_norm.weight : tensor<1024xf32>
    key "perceiver.encoder.cross_attention.layernorm.weight"
perceiver.parameter @encoder.mlp_norm.bias : tensor<1024xf32>
    key "perceiver.encoder.cross_attention.layernorm.bias"
perceiver.parameter @encoder.mlp_in.weight : tensor<1024x1024xf32>
    key "perceiver.encoder.cross_attention.mlp.dense1.weight" transpose
perceiver.parameter @encoder.mlp_in.bias : tensor<1024xf32>
    key "perceiver.encoder.cross_attention.mlp.dense1.bias"
perceiver.parameter @encoder.mlp_out.weight : tensor<1024x1024xf32>
    key "perceiver.encoder.cross_attention.mlp.dense2.weight" transpose
perceiver.parameter @encoder.mlp_out.bias : tensor<1024xf32>
    key "perceiver.encoder.cross_attention.mlp.dense2.bias"

// The 6 layers of the latent transformer: `{}` in a key is the number of the
// layer, each symbol is a family of 6 tensors.
perceiver.parameter @self.q_norm.weight : tensor<1024xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.layernorm1.weight" count 6
perceiver.parameter @self.q_norm.bias : tensor<1024xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.layernorm1.bias" count 6
perceiver.parameter @self.query.weight : tensor<1024x1024xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.query.weight" count 6 transpose
perceiver.parameter @self.query.bias : tensor<1024xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.query.bias" count 6
perceiver.parameter @self.key.weight : tensor<1024x1024xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.key.weight" count 6 transpose
perceiver.parameter @self.key.bias : tensor<1024xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.key.bias" count 6
perceiver.parameter @self.value.weight : tensor<1024x1024xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.value.weight" count 6 transpose
perceiver.parameter @self.value.bias : tensor<1024xf32>
    key "perceiver.encoder.self_attends.{}.attention.self.value.bias" count 6
perceiver.parameter @self.output.weight : tensor<1024x1024xf32>
    key "perceiver.encoder.self_attends.{}.attention.output.dense.weight" count 6 transpose
perceiver.parameter @self.output.bias : tensor<1024xf32>
    key "perceiver.encoder.self_attends.{}.attention.output.dense.bias" count 6
perceiver.parameter @self.mlp_norm.weight : tensor<1024xf32>
    key "perceiver.encoder.self_attends.{}.layernorm.weight" count 6
perceiver.parameter @self.mlp_norm.bias : tensor<1024xf32>
    key "perceiver.encoder.self_attends.{}.layernorm.bias" count 6
perceiver.parameter @self.mlp_in.weight : tensor<1024x1024xf32>
    key "perceiver.encoder.self_attends.{}.mlp.dense1.weight" count 6 transpose
perceiver.parameter @self.mlp_in.bias : tensor<1024xf32>
    key "perceiver.encoder.self_attends.{}.mlp.dense1.bias" count 6
perceiver.parameter @self.mlp_out.weight : tensor<1024x1024xf32>
    key "perceiver.encoder.self_attends.{}.mlp.dense2.weight" count 6 transpose
perceiver.parameter @self.mlp_out.bias : tensor<1024xf32>
    key "perceiver.encoder.self_attends.{}.mlp.dense2.bias" count 6

// The decoder has one learned query, which stands for the class.
perceiver.parameter @class_query : tensor<1x1024xf32>
    key "perceiver.decoder.decoder.output_position_encodings.position_embeddings"
perceiver.parameter @decoder.q_norm.weight : tensor<1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm1.weight"
perceiver.parameter @decoder.q_norm.bias : tensor<1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm1.bias"
perceiver.parameter @decoder.kv_norm.weight : tensor<1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm2.weight"
perceiver.parameter @decoder.kv_norm.bias : tensor<1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.layernorm2.bias"
perceiver.parameter @decoder.query.weight : tensor<1024x1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.query.weight" transpose
perceiver.parameter @decoder.query.bias : tensor<1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.query.bias"
perceiver.parameter @decoder.key.weight : tensor<1024x1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.key.weight" transpose
perceiver.parameter @decoder.key.bias : tensor<1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.key.bias"
perceiver.parameter @decoder.value.weight : tensor<1024x1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.value.weight" transpose
perceiver.parameter @decoder.value.bias : tensor<1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.self.value.bias"
perceiver.parameter @decoder.output.weight : tensor<1024x1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.output.dense.weight" transpose
perceiver.parameter @decoder.output.bias : tensor<1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.attention.output.dense.bias"
perceiver.parameter @decoder.mlp_norm.weight : tensor<1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.layernorm.weight"
perceiver.parameter @decoder.mlp_norm.bias : tensor<1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.layernorm.bias"
perceiver.parameter @decoder.mlp_in.weight : tensor<1024x1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense1.weight" transpose
perceiver.parameter @decoder.mlp_in.bias : tensor<1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense1.bias"
perceiver.parameter @decoder.mlp_out.weight : tensor<1024x1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense2.weight" transpose
perceiver.parameter @decoder.mlp_out.bias : tensor<1024xf32>
    key "perceiver.decoder.decoder.decoding_cross_attention.mlp.dense2.bias"
perceiver.parameter @final.weight : tensor<1024x1000xf32> key "perceiver.decoder.decoder.final_layer.weight" transpose
perceiver.parameter @final.bias : tensor<1000xf32> key "perceiver.decoder.decoder.final_layer.bias"

//===----------------------------------------------------------------------===//
// Entries
//===----------------------------------------------------------------------===//
//
// Functions with `perceiver.entry` can be called from outside, under the names
// that their arguments and results carry. `?` is a size that the caller chooses;
// sizes of the same name are equal.

// Images to latents: the latents attend to all pixels.
func.func @encode(%inputs: tensor<?x3x224x224xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]})
    -> (tensor<?x512x1024xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  // From channels-first pixels to one row per pixel.
  %pixels = perceiver.to_channels_last %inputs : tensor<?x3x224x224xf32> -> tensor<?x50176x3xf32>
  // Where each pixel is: 258 features that depend on nothing and have no batch.
  %positions = perceiver.fourier_positions grid = [224, 224] bands = 64 max_resolution = [224, 224]
      layout = dm : tensor<50176x258xf32>
  %x = perceiver.concat %pixels, %positions
      : (tensor<?x50176x3xf32>, tensor<50176x258xf32>) -> tensor<?x50176x261xf32>
  %latents = perceiver.get_parameter @latents : tensor<512x1024xf32>
  %z = perceiver.encode %latents, %x heads = 1 qk_channels = 261 v_channels = 261 mlp = gelu_erf
      weights @encoder
      : tensor<512x1024xf32>, tensor<?x50176x261xf32> -> tensor<?x512x1024xf32>
  return %z : tensor<?x512x1024xf32>
}

// Latents to latents: 6 layers, one after the other, and all of that 8 times with
// the same weights. Iteration t reads member t mod 6 of each family.
func.func @process(%latents: tensor<?x512x1024xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x512x1024xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %z = perceiver.process iterations = 48 (%state = %latents : tensor<?x512x1024xf32>) -> tensor<?x512x1024xf32> {
    %next = perceiver.self_block %state heads = 8 qk_channels = 1024 v_channels = 1024 mlp = gelu_erf
        weights @self : tensor<?x512x1024xf32>
    perceiver.yield %next : tensor<?x512x1024xf32>
  }
  return %z : tensor<?x512x1024xf32>
}

// Latents to logits: the class query attends to the latents.
func.func @decode(%latents: tensor<?x512x1024xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    -> (tensor<?x1000xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %query = perceiver.get_parameter @class_query : tensor<1x1024xf32>
  %y = perceiver.decode %query, %latents heads = 1 qk_channels = 1024 v_channels = 1024 mlp = gelu_erf
      weights @decoder
      : tensor<1x1024xf32>, tensor<?x512x1024xf32> -> tensor<?x1x1024xf32>
  %row = tensor.collapse_shape %y [[0, 1], [2]] : tensor<?x1x1024xf32> into tensor<?x1024xf32>
  %logits = perceiver.project %row weight @final.weight bias @final.bias
      : tensor<?x1024xf32> -> tensor<?x1000xf32>
  return %logits : tensor<?x1000xf32>
}

// All of it.
func.func @run(%inputs: tensor<?x3x224x224xf32> {perceiver.name = "inputs", perceiver.sizes = ["batch"]})
    -> (tensor<?x1000xf32> {perceiver.name = "logits", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = call @encode(%inputs) : (tensor<?x3x224x224xf32>) -> tensor<?x512x1024xf32>
  %1 = call @process(%0) : (tensor<?x512x1024xf32>) -> tensor<?x512x1024xf32>
  %logits = call @decode(%1) : (tensor<?x512x1024xf32>) -> tensor<?x1000xf32>
  return %logits : tensor<?x1000xf32>
}
