// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// Attention of a description, with all that it can have: queries without
// batch, heads, values wider than queries, a scale, lengths and a mask, both
// rules for rows whose keys are all masked, the log-sum-exp.

func.func @plain(%q: tensor<7x4xf32> {perceiver.name = "q"},
                 %k: tensor<?x?x4xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
                 %v: tensor<?x?x6xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x7x6xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %o = perceiver.attend %q, %k, %v heads = 2
      : tensor<7x4xf32>, tensor<?x?x4xf32>, tensor<?x?x6xf32> -> tensor<?x7x6xf32>
  return %o : tensor<?x7x6xf32>
}

func.func @zero(%q: tensor<?x?x4xf32> {perceiver.name = "q", perceiver.sizes = ["batch", "queries"]},
                %k: tensor<?x?x4xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
                %v: tensor<?x?x6xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]},
                %n: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["batch"]},
                %m: tensor<?x?xi1> {perceiver.name = "mask", perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x?x6xf32> {perceiver.name = "o", perceiver.sizes = ["batch", "queries"]},
        tensor<?x2x?xf32> {perceiver.name = "lse", perceiver.sizes = ["batch", "queries"]})
    attributes {perceiver.entry} {
  %o, %lse = perceiver.attend %q, %k, %v lengths(%n : tensor<?xi64>) mask(%m : tensor<?x?xi1>) heads = 2
      {scale = 0.75 : f64}
      : tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x6xf32> -> tensor<?x?x6xf32>, tensor<?x2x?xf32>
  return %o, %lse : tensor<?x?x6xf32>, tensor<?x2x?xf32>
}

func.func @uniform(%q: tensor<?x?x4xf32> {perceiver.name = "q", perceiver.sizes = ["batch", "queries"]},
                   %k: tensor<?x?x4xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
                   %v: tensor<?x?x6xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]},
                   %m: tensor<?x?xi1> {perceiver.name = "mask", perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x?x6xf32> {perceiver.name = "o", perceiver.sizes = ["batch", "queries"]})
    attributes {perceiver.entry} {
  %o = perceiver.attend %q, %k, %v mask(%m : tensor<?x?xi1>) heads = 1
      {masked_rows = #perceiver.masked_rows<uniform>}
      : tensor<?x?x4xf32>, tensor<?x?x4xf32>, tensor<?x?x6xf32> -> tensor<?x?x6xf32>
  return %o : tensor<?x?x6xf32>
}

check.test "queries without batch" {
  %q = check.generate "q" scale = 2.0 : tensor<7x4xf32>
  %k = check.generate "k" scale = 2.0 : tensor<2x5x4xf32>
  %v = check.generate "v" : tensor<2x5x6xf32>
  %o = check.run @plain(%q, %k, %v) : (tensor<7x4xf32>, tensor<2x5x4xf32>, tensor<2x5x6xf32>) -> tensor<2x7x6xf32>
  // %e = attention(q[None], k, v, heads=2)[0][:, ::3]
  %e = arith.constant dense<[[[0.0730934814, -0.358450353, 0.179487675, -0.370537192, 0.217484444, -0.5660007], [-0.10910973, -0.593802929, 0.217372283, -0.344777256, 0.172255561, -0.478337765], [0.25183478, -0.220274702, 0.130407572, 0.0964784846, -0.0706314966, 0.271360278]], [[-0.242277458, 0.0103590721, -0.129991204, -0.72869283, 0.394405246, -0.751183271], [-0.373969316, 0.264284641, -0.462046504, -0.662299752, 0.370548546, -0.700771153], [-0.224171117, -0.0919810608, -0.0157051086, 0.476530969, -0.430660814, 0.405268192]]]> : tensor<2x3x6xf32>
  %rows = tensor.extract_slice %o[0, 0, 0] [2, 3, 6] [1, 3, 1] : tensor<2x7x6xf32> to tensor<2x3x6xf32>
  check.expect_close %rows, %e tolerance = 2.0e-6 : tensor<2x3x6xf32>
}

check.test "lengths, a mask and the log-sum-exp" {
  %q = check.generate "q" scale = 2.0 : tensor<3x2x4xf32>
  %k = check.generate "k" scale = 2.0 : tensor<3x9x4xf32>
  %v = check.generate "v" : tensor<3x9x6xf32>
  %n = arith.constant dense<[9, 4, 0]> : tensor<3xi64>
  %m = check.generate "mask" : tensor<3x9xi1>
  %o, %lse = check.run @zero(%q, %k, %v, %n, %m)
      : (tensor<3x2x4xf32>, tensor<3x9x4xf32>, tensor<3x9x6xf32>, tensor<3xi64>, tensor<3x9xi1>) -> (tensor<3x2x6xf32>, tensor<3x2x2xf32>)
  // >>> o, lse = attention(q, k, v, heads=2, scale=0.75, key_lengths=n, key_mask=m)
  // %e = o
  %e = arith.constant dense<[[[0.290507644, -0.131604984, -0.179223701, -0.745927513, 0.417669237, -0.753816009], [0.388343215, -0.341796279, 0.12044365, 0.0391225703, -0.00159556966, 0.162004068]], [[0.224158943, 0.23924306, -0.476938605, -0.421568125, 0.0483298711, -0.034638878], [-0.0513309166, 0.1902778, -0.332182199, -0.486013323, -0.00362172164, -0.3422122]], [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]]> : tensor<3x2x6xf32>
  check.expect_close %o, %e tolerance = 2.0e-6 : tensor<3x2x6xf32>
  // %f = lse
  %f = arith.constant dense<[[[0.308462858, 2.89915705], [4.60489893, 3.23084116]], [[-0.732693553, 2.09233332], [2.03590512, 2.10859394]], [[0xFF800000, 0xFF800000], [0xFF800000, 0xFF800000]]]> : tensor<3x2x2xf32>
  check.expect_close %lse, %f tolerance = 2.0e-6 : tensor<3x2x2xf32>
}

check.test "no key at all, uniform" {
  %q = check.generate "q" : tensor<1x3x4xf32>
  %k = check.generate "k" : tensor<1x5x4xf32>
  %v = check.generate "v" : tensor<1x5x6xf32>
  %m = arith.constant dense<false> : tensor<1x5xi1>
  %o = check.run @uniform(%q, %k, %v, %m)
      : (tensor<1x3x4xf32>, tensor<1x5x4xf32>, tensor<1x5x6xf32>, tensor<1x5xi1>) -> tensor<1x3x6xf32>
  // %e = attention(q, k, v, key_mask=np.zeros((1, 5), bool), masked_rows="uniform")[0]
  %e = arith.constant dense<[[[0.384269446, -0.299994051, 0.075212948, -0.366745234, -0.115105338, -0.144765243], [0.384269446, -0.299994051, 0.075212948, -0.366745234, -0.115105338, -0.144765243], [0.384269446, -0.299994051, 0.075212948, -0.366745234, -0.115105338, -0.144765243]]]> : tensor<1x3x6xf32>
  check.expect_close %o, %e tolerance = 2.0e-6 : tensor<1x3x6xf32>
}
