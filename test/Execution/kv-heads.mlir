// RUN: perceiver-test-runner %s --from=rewrite
// RUN: perceiver-test-runner %s --from=rewrite --device=emulated

// Six heads of queries share one head of keys and values, or have two and
// three; keys are cut into parts, of any number, and masked.

func.func @one(%q: tensor<?x9x18xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
               %k: tensor<?x?x3xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
               %v: tensor<?x?x5xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]},
               %n: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["batch"]})
    -> (tensor<?x9x30xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x6x9xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %q, %c0 : tensor<?x9x18xf32>
  %io = tensor.empty(%batch) : tensor<?x9x30xf32>
  %il = tensor.empty(%batch) : tensor<?x6x9xf32>
  %o, %lse = block.attention ins(%q, %k, %v : tensor<?x9x18xf32>, tensor<?x?x3xf32>, tensor<?x?x5xf32>)
      lengths(%n : tensor<?xi64>) outs(%io, %il : tensor<?x9x30xf32>, tensor<?x6x9xf32>)
      heads = 6 {kv_heads = 1 : i64} -> tensor<?x9x30xf32>, tensor<?x6x9xf32>
  return %o, %lse : tensor<?x9x30xf32>, tensor<?x6x9xf32>
}

check.test "one" {
  %q = check.generate "q" scale = 2.0 : tensor<3x9x18xf32>
  %k = check.generate "k" scale = 2.0 : tensor<3x700x3xf32>
  %v = check.generate "v" : tensor<3x700x5xf32>
  %n = arith.constant dense<[700, 0, 71]> : tensor<3xi64>
  %o, %lse = check.run @one(%q, %k, %v, %n)
      : (tensor<3x9x18xf32>, tensor<3x700x3xf32>, tensor<3x700x5xf32>, tensor<3xi64>) -> (tensor<3x9x30xf32>, tensor<3x6x9xf32>)
  // >>> o, lse = attention(q, k, v, heads=6, kv_heads=1, key_lengths=n)
  // %e = o[:, 7]
  %e = arith.constant dense<[[0.0409327149, -0.0145297693, -0.0212800987, -0.0070846579, 0.0328913443, 0.0581700765, -0.0389775448, -0.0299266092, 0.0243120678, 0.0388740525, 0.0398488715, 0.0540951304, -0.00889286958, -0.0121363271, 0.0102310693, 0.0726395845, -0.0752562061, -0.0264299624, 0.0354209691, 0.0567116104, 0.0129519375, -0.000163469871, 0.000211595616, -0.0329426005, 0.043146465, 0.0201123431, 0.0320418775, 0.00171281502, -0.0108123282, 0.00230280752], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [-0.0711369663, -0.0189941134, 0.0790100843, -0.243564665, -0.0612838604, -0.0416704267, -0.121531837, -0.0276032016, -0.0919715539, -0.174227253, 0.0779423714, 0.0483568721, 0.0645002574, -0.336755455, -0.0195319578, -0.00969793554, -0.00861638784, 0.135782108, -0.055739738, 0.131980672, -0.0308589377, 0.0362470262, -0.0554448068, -0.209503993, -0.0309375655, 0.082373932, -0.144364059, 0.091615662, 0.031037895, -0.145103082]]> : tensor<3x30xf32>
  %rows = tensor.extract_slice %o[0, 7, 0] [3, 1, 30] [1, 1, 1] : tensor<3x9x30xf32> to tensor<3x30xf32>
  check.expect_close %rows, %e tolerance = 2.0e-6 : tensor<3x30xf32>
  // %f = lse[:, :, 7]
  %f = arith.constant dense<[[6.95247889, 7.52398062, 7.33853626, 8.25723076, 7.09876204, 6.96190357], [0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000], [5.12832594, 4.98594952, 5.05928421, 5.4948225, 5.31236839, 4.82323313]]> : tensor<3x6xf32>
  %lses = tensor.extract_slice %lse[0, 0, 7] [3, 6, 1] [1, 1, 1] : tensor<3x6x9xf32> to tensor<3x6xf32>
  check.expect_close %lses, %f tolerance = 2.0e-6 : tensor<3x6xf32>
}
