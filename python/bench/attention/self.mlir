// Attention alone, without its projections: 8 heads among 512 latents, as in the latent layers of
// perceiver_io_imagenet_fourier.
// Rows of tokens in, rows of tokens out: heads lie side by side in the channels.

func.func @run(%query: tensor<1x512x1024xf32> {perceiver.name = "query"},
               %key: tensor<1x512x1024xf32> {perceiver.name = "key"},
               %value: tensor<1x512x1024xf32> {perceiver.name = "value"})
    -> (tensor<1x512x1024xf32> {perceiver.name = "attended"}) attributes {perceiver.entry} {
  %attended = perceiver.attend %query, %key, %value heads = 8
      : tensor<1x512x1024xf32>, tensor<1x512x1024xf32>, tensor<1x512x1024xf32> -> tensor<1x512x1024xf32>
  return %attended : tensor<1x512x1024xf32>
}
