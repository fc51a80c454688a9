// Attention alone, without its projections: 1 head, 512 latents and 50,176 pixels, as in the encoder of
// perceiver_io_imagenet_fourier.
// Rows of tokens in, rows of tokens out: heads lie side by side in the channels.

func.func @run(%query: tensor<1x512x261xf32> {perceiver.name = "query"},
               %key: tensor<1x50176x261xf32> {perceiver.name = "key"},
               %value: tensor<1x50176x261xf32> {perceiver.name = "value"})
    -> (tensor<1x512x261xf32> {perceiver.name = "attended"}) attributes {perceiver.entry} {
  %attended = perceiver.attend %query, %key, %value heads = 1
      : tensor<1x512x261xf32>, tensor<1x50176x261xf32>, tensor<1x50176x261xf32> -> tensor<1x512x261xf32>
  return %attended : tensor<1x512x261xf32>
}
