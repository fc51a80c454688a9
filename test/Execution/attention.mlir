// RUN: perceiver-test-runner %s --from=strategy
// RUN: perceiver-test-runner %s --from=strategy --device=emulated

// Softmax attention of one and many heads, with widths that no vector divides
// and keys from one to more than a block.

func.func @one_head(%q: tensor<?x7x5xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                    %k: tensor<?x?x5xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
                    %v: tensor<?x?x3xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x7x3xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %q, %c0 : tensor<?x7x5xf32>
  %init = tensor.empty(%batch) : tensor<?x7x3xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x7x5xf32>, tensor<?x?x5xf32>, tensor<?x?x3xf32>)
      outs(%init : tensor<?x7x3xf32>) heads = 1 -> tensor<?x7x3xf32>
  return %o : tensor<?x7x3xf32>
}

check.test "one key" {
  %q = check.generate "q" scale = 2.0 : tensor<2x7x5xf32>
  %k = check.generate "k" scale = 2.0 : tensor<2x1x5xf32>
  %v = check.generate "v" : tensor<2x1x3xf32>
  %o = check.run @one_head(%q, %k, %v) : (tensor<2x7x5xf32>, tensor<2x1x5xf32>, tensor<2x1x3xf32>) -> tensor<2x7x3xf32>
  %row = tensor.extract_slice %o[1, 6, 0] [1, 1, 3] [1, 1, 1] : tensor<2x7x3xf32> to tensor<1x3xf32>
  %value = tensor.extract_slice %v[1, 0, 0] [1, 1, 3] [1, 1, 1] : tensor<2x1x3xf32> to tensor<1x3xf32>
  check.expect_close %row, %value tolerance = 1.0e-6 : tensor<1x3xf32>
}

check.test "seven keys" {
  %q = check.generate "q" scale = 2.0 : tensor<2x7x5xf32>
  %k = check.generate "k" scale = 2.0 : tensor<2x7x5xf32>
  %v = check.generate "v" : tensor<2x7x3xf32>
  %o = check.run @one_head(%q, %k, %v) : (tensor<2x7x5xf32>, tensor<2x7x5xf32>, tensor<2x7x3xf32>) -> tensor<2x7x3xf32>
  // %e = attention(q, k, v)[0]
  %e = arith.constant dense<[[[0.60930079, -0.78395563, 0.75338686], [0.19599642, -0.15802532, 0.058538299], [-0.24347977, -0.39197248, 0.44861367], [-0.08644823, -0.40272549, 0.26274368], [0.032142326, -0.43577871, 0.070220478], [0.49959624, 0.70096707, 0.034298636], [0.2495753, -0.12897305, 0.064821921]], [[0.13655184, -0.41132113, -0.1465378], [-0.028461285, 0.13121192, -0.11972408], [0.061337292, -0.18446581, -0.18083225], [-0.14601894, -0.030730383, -0.2845163], [-0.0092358114, 0.0062248595, -0.16644889], [-0.18993804, 0.30610237, -0.26063156], [0.37903821, -0.3089453, -0.10026364]]]> : tensor<2x7x3xf32>
  check.expect_close %o, %e tolerance = 2.0e-6 : tensor<2x7x3xf32>
}

check.test "255 keys" {
  %q = check.generate "q" scale = 2.0 : tensor<1x7x5xf32>
  %k = check.generate "k" scale = 2.0 : tensor<1x255x5xf32>
  %v = check.generate "v" : tensor<1x255x3xf32>
  %o = check.run @one_head(%q, %k, %v) : (tensor<1x7x5xf32>, tensor<1x255x5xf32>, tensor<1x255x3xf32>) -> tensor<1x7x3xf32>
  // %e = attention(q, k, v)[0]
  %e = arith.constant dense<[[[-0.054624312, -0.14342716, 0.046238627], [0.12182366, -0.063220307, 0.084735446], [0.049999412, 0.005553836, 0.02592211], [-0.013879781, -0.018353293, 0.075971499], [0.0011953762, -0.035435937, 0.025888082], [-0.16260432, -0.072283357, -0.11995193], [-0.046700839, -0.072011888, 0.017931035]]]> : tensor<1x7x3xf32>
  check.expect_close %o, %e tolerance = 2.0e-6 : tensor<1x7x3xf32>
}

check.test "256 keys" {
  %q = check.generate "q" scale = 2.0 : tensor<1x7x5xf32>
  %k = check.generate "k" scale = 2.0 : tensor<1x256x5xf32>
  %v = check.generate "v" : tensor<1x256x3xf32>
  %o = check.run @one_head(%q, %k, %v) : (tensor<1x7x5xf32>, tensor<1x256x5xf32>, tensor<1x256x3xf32>) -> tensor<1x7x3xf32>
  // %e = attention(q, k, v)[0]
  %e = arith.constant dense<[[[-0.053600594, -0.14211303, 0.044942442], [0.12228817, -0.062509857, 0.083942913], [0.050653137, 0.0063786274, 0.024984475], [-0.01066319, -0.014544454, 0.0715409], [0.0050131744, -0.030728884, 0.020785734], [-0.16245662, -0.072128974, -0.12008808], [-0.044719882, -0.069627821, 0.015470229]]]> : tensor<1x7x3xf32>
  check.expect_close %o, %e tolerance = 2.0e-6 : tensor<1x7x3xf32>
}

check.test "257 keys" {
  %q = check.generate "q" scale = 2.0 : tensor<1x7x5xf32>
  %k = check.generate "k" scale = 2.0 : tensor<1x257x5xf32>
  %v = check.generate "v" : tensor<1x257x3xf32>
  %o = check.run @one_head(%q, %k, %v) : (tensor<1x7x5xf32>, tensor<1x257x5xf32>, tensor<1x257x3xf32>) -> tensor<1x7x3xf32>
  // %e = attention(q, k, v)[0]
  %e = arith.constant dense<[[[-0.051130243, -0.14070946, 0.043793328], [0.12274077, -0.062212691, 0.083494596], [0.050682403, 0.0063865944, 0.024968093], [-0.010573244, -0.01451892, 0.071487524], [0.0057439795, -0.030477995, 0.02043925], [-0.16204247, -0.071999744, -0.1201072], [-0.044499278, -0.069539957, 0.015381696]]]> : tensor<1x7x3xf32>
  check.expect_close %o, %e tolerance = 2.0e-6 : tensor<1x7x3xf32>
}

// Keys are split at 2048: two parts and the rest.
check.test "2061 keys" {
  %q = check.generate "q" scale = 2.0 : tensor<1x7x5xf32>
  %k = check.generate "k" scale = 2.0 : tensor<1x2061x5xf32>
  %v = check.generate "v" : tensor<1x2061x3xf32>
  %o = check.run @one_head(%q, %k, %v) : (tensor<1x7x5xf32>, tensor<1x2061x5xf32>, tensor<1x2061x3xf32>) -> tensor<1x7x3xf32>
  // %e = attention(q, k, v)[0]
  %e = arith.constant dense<[[[0.047805931, -0.00970947, 0.02011672], [0.047002044, -0.0011162586, 0.024276838], [0.0068110377, 0.021673607, 0.037348881], [-0.0034293775, -0.018065736, 0.026619082], [0.0022181198, -0.013746763, 0.015919691], [-0.01343148, 0.022478662, 0.035299312], [-0.0086302245, -0.02390659, 0.037876986]]]> : tensor<1x7x3xf32>
  check.expect_close %o, %e tolerance = 2.0e-6 : tensor<1x7x3xf32>
}

check.test "a row in another batch" {
  %q = check.generate "q" scale = 2.0 : tensor<3x7x5xf32>
  %k = check.generate "k" scale = 2.0 : tensor<3x33x5xf32>
  %v = check.generate "v" : tensor<3x33x3xf32>
  %all = check.run @one_head(%q, %k, %v) : (tensor<3x7x5xf32>, tensor<3x33x5xf32>, tensor<3x33x3xf32>) -> tensor<3x7x3xf32>
  %q2 = tensor.extract_slice %q[2, 0, 0] [1, 7, 5] [1, 1, 1] : tensor<3x7x5xf32> to tensor<1x7x5xf32>
  %k2 = tensor.extract_slice %k[2, 0, 0] [1, 33, 5] [1, 1, 1] : tensor<3x33x5xf32> to tensor<1x33x5xf32>
  %v2 = tensor.extract_slice %v[2, 0, 0] [1, 33, 3] [1, 1, 1] : tensor<3x33x3xf32> to tensor<1x33x3xf32>
  %alone = check.run @one_head(%q2, %k2, %v2) : (tensor<1x7x5xf32>, tensor<1x33x5xf32>, tensor<1x33x3xf32>) -> tensor<1x7x3xf32>
  %row = tensor.extract_slice %all[2, 0, 0] [1, 7, 3] [1, 1, 1] : tensor<3x7x3xf32> to tensor<1x7x3xf32>
  check.expect_equal %alone, %row : tensor<1x7x3xf32>
}

// Weights are 1 and 0: 2^(t - m) must not overflow on the way.
check.test "large scores" {
  %q = check.generate "q" scale = 200.0 : tensor<1x7x5xf32>
  %k = check.generate "k" scale = 200.0 : tensor<1x13x5xf32>
  %v = check.generate "v" : tensor<1x13x3xf32>
  %o = check.run @one_head(%q, %k, %v) : (tensor<1x7x5xf32>, tensor<1x13x5xf32>, tensor<1x13x3xf32>) -> tensor<1x7x3xf32>
  // %e = attention(q, k, v)[0]
  %e = arith.constant dense<[[[-0.19900559, -0.80809915, 0.57781059], [0.73690134, 0.28404421, -0.84163201], [-0.85418081, -0.62346429, 0.79386848], [-0.73597282, 0.93389523, -0.54581964], [-0.73597282, 0.93389523, -0.54581964], [-0.67950749, -0.093417734, -0.81826293], [-0.73597282, 0.93389523, -0.54581964]]]> : tensor<1x7x3xf32>
  check.expect_close %o, %e tolerance = 1.0e-5 : tensor<1x7x3xf32>
}

// Queries without batch; 8 heads of 6 and of 10 channels; a tile of queries
// and one more.

func.func @heads(%q: tensor<33x48xf32> {perceiver.name = "q"},
                 %k: tensor<?x?x48xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
                 %v: tensor<?x?x80xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x33x80xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %k, %c0 : tensor<?x?x48xf32>
  %init = tensor.empty(%batch) : tensor<?x33x80xf32>
  %o = block.attention ins(%q, %k, %v : tensor<33x48xf32>, tensor<?x?x48xf32>, tensor<?x?x80xf32>)
      outs(%init : tensor<?x33x80xf32>) heads = 8 {scale = 0.75 : f64} -> tensor<?x33x80xf32>
  return %o : tensor<?x33x80xf32>
}

check.test "eight heads" {
  %q = check.generate "q" scale = 2.0 : tensor<33x48xf32>
  %k = check.generate "k" : tensor<2x13x48xf32>
  %v = check.generate "v" : tensor<2x13x80xf32>
  %o = check.run @heads(%q, %k, %v) : (tensor<33x48xf32>, tensor<2x13x48xf32>, tensor<2x13x80xf32>) -> tensor<2x33x80xf32>
  // >>> o = attention(q[None], k, v, heads=8, scale=0.75)[0]
  // %e = o[1, 32, ::7]
  %e = arith.constant dense<[0.1691958, -0.16563706, 0.14872664, -0.072198212, 0.36249301, -0.35374877, -0.071615718, 0.28081253, -0.098877251, 0.042310093, 0.34871781, 0.41801137]> : tensor<12xf32>
  %last = tensor.extract_slice %o[1, 32, 0] [1, 1, 12] [1, 1, 7] : tensor<2x33x80xf32> to tensor<12xf32>
  check.expect_close %last, %e tolerance = 2.0e-6 : tensor<12xf32>
  // %f = o[0, ::8, 39]
  %f = arith.constant dense<[0.017820783, -0.030115828, -0.091932349, -0.071267992, 0.27137738]> : tensor<5xf32>
  %column = tensor.extract_slice %o[0, 0, 39] [1, 5, 1] [1, 8, 1] : tensor<2x33x80xf32> to tensor<5xf32>
  check.expect_close %column, %f tolerance = 2.0e-6 : tensor<5xf32>
}
