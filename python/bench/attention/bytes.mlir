// Attention alone, without its projections: 8 heads, 256 latents and 2,048 bytes, queries and keys narrower than
// values, as in the encoder of Perceiver IO's language model.
// Rows of tokens in, rows of tokens out: heads lie side by side in the channels.

func.func @run(%query: tensor<1x256x256xf32> {perceiver.name = "query"},
               %key: tensor<1x2048x256xf32> {perceiver.name = "key"},
               %value: tensor<1x2048x1280xf32> {perceiver.name = "value"})
    -> (tensor<1x256x1280xf32> {perceiver.name = "attended"}) attributes {perceiver.entry} {
  %attended = perceiver.attend %query, %key, %value heads = 8
      : tensor<1x256x256xf32>, tensor<1x2048x256xf32>, tensor<1x2048x1280xf32> -> tensor<1x256x1280xf32>
  return %attended : tensor<1x256x1280xf32>
}
