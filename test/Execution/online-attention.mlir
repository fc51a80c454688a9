// RUN: perceiver-test-runner %s --from=strategy
// RUN: perceiver-test-runner %s --from=strategy --device=emulated

// The state of a softmax, spelled out: all keys at once, one half after the
// other, and both halves apart and merged.

func.func @at_once(%q: tensor<?x9x6xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                   %k: tensor<?x?x6xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
                   %v: tensor<?x?x10xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]},
                   %m: tensor<?x?xi1> {perceiver.name = "m", perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x9x10xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x2x9xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]},
        tensor<?x2x9xf32> {perceiver.name = "maximum", perceiver.sizes = ["batch"]},
        tensor<?x2x9xf32> {perceiver.name = "sum", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %batch = tensor.dim %q, %c0 : tensor<?x9x6xf32>
  %keys = tensor.dim %k, %c1 : tensor<?x?x6xf32>
  %im = tensor.empty(%batch, %keys) : tensor<?x?xi8>
  %m8 = block.key_mask mask(%m : tensor<?x?xi1>) outs(%im : tensor<?x?xi8>) -> tensor<?x?xi8>
  %ia = tensor.empty(%batch) : tensor<?x2x5x9xf32>
  %is = tensor.empty(%batch) : tensor<?x2x9xf32>
  %a0 = linalg.fill ins(%zero : f32) outs(%ia : tensor<?x2x5x9xf32>) -> tensor<?x2x5x9xf32>
  %m0 = linalg.fill ins(%low : f32) outs(%is : tensor<?x2x9xf32>) -> tensor<?x2x9xf32>
  %s0 = linalg.fill ins(%zero : f32) outs(%is : tensor<?x2x9xf32>) -> tensor<?x2x9xf32>
  %a1, %m1, %s1 = block.online_attention ins(%q, %k, %v : tensor<?x9x6xf32>, tensor<?x?x6xf32>, tensor<?x?x10xf32>)
      mask(%m8 : tensor<?x?xi8>) outs(%a0, %m0, %s0 : tensor<?x2x5x9xf32>, tensor<?x2x9xf32>, tensor<?x2x9xf32>)
      heads = 2 scale = 0.6 -> tensor<?x2x5x9xf32>, tensor<?x2x9xf32>, tensor<?x2x9xf32>
  %io = tensor.empty(%batch) : tensor<?x9x10xf32>
  %o, %lse = block.finish_attention ins(%a1, %m1, %s1 : tensor<?x2x5x9xf32>, tensor<?x2x9xf32>, tensor<?x2x9xf32>)
      outs(%io, %is : tensor<?x9x10xf32>, tensor<?x2x9xf32>) -> tensor<?x9x10xf32>, tensor<?x2x9xf32>
  return %o, %lse, %m1, %s1 : tensor<?x9x10xf32>, tensor<?x2x9xf32>, tensor<?x2x9xf32>, tensor<?x2x9xf32>
}

// Two parts of any number of keys, in a chain and merged.

func.func @parts(%q: tensor<?x9x6xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                 %k0: tensor<?x?x6xf32> {perceiver.name = "k0", perceiver.sizes = ["batch", "first"]},
                 %v0: tensor<?x?x10xf32> {perceiver.name = "v0", perceiver.sizes = ["batch", "first"]},
                 %k1: tensor<?x?x6xf32> {perceiver.name = "k1", perceiver.sizes = ["batch", "second"]},
                 %v1: tensor<?x?x10xf32> {perceiver.name = "v1", perceiver.sizes = ["batch", "second"]},
                 %n: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["batch"]})
    -> (tensor<?x9x10xf32> {perceiver.name = "chained", perceiver.sizes = ["batch"]},
        tensor<?x9x10xf32> {perceiver.name = "merged", perceiver.sizes = ["batch"]},
        tensor<?x2x9xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %batch = tensor.dim %q, %c0 : tensor<?x9x6xf32>
  %keys = tensor.dim %k0, %c1 : tensor<?x?x6xf32>
  %im = tensor.empty(%batch, %keys) : tensor<?x?xi8>
  %m8 = block.key_mask lengths(%n : tensor<?xi64>) outs(%im : tensor<?x?xi8>) -> tensor<?x?xi8>
  %ia = tensor.empty(%batch) : tensor<?x2x5x9xf32>
  %is = tensor.empty(%batch) : tensor<?x2x9xf32>
  %a0 = linalg.fill ins(%zero : f32) outs(%ia : tensor<?x2x5x9xf32>) -> tensor<?x2x5x9xf32>
  %m0 = linalg.fill ins(%low : f32) outs(%is : tensor<?x2x9xf32>) -> tensor<?x2x9xf32>
  %s0 = linalg.fill ins(%zero : f32) outs(%is : tensor<?x2x9xf32>) -> tensor<?x2x9xf32>
  %a1, %m1, %s1 = block.online_attention ins(%q, %k0, %v0 : tensor<?x9x6xf32>, tensor<?x?x6xf32>, tensor<?x?x10xf32>)
      mask(%m8 : tensor<?x?xi8>) outs(%a0, %m0, %s0 : tensor<?x2x5x9xf32>, tensor<?x2x9xf32>, tensor<?x2x9xf32>)
      heads = 2 scale = 0.6 -> tensor<?x2x5x9xf32>, tensor<?x2x9xf32>, tensor<?x2x9xf32>
  %a2, %m2, %s2 = block.online_attention ins(%q, %k1, %v1 : tensor<?x9x6xf32>, tensor<?x?x6xf32>, tensor<?x?x10xf32>)
      outs(%a0, %m0, %s0 : tensor<?x2x5x9xf32>, tensor<?x2x9xf32>, tensor<?x2x9xf32>)
      heads = 2 scale = 0.6 -> tensor<?x2x5x9xf32>, tensor<?x2x9xf32>, tensor<?x2x9xf32>
  %ia2 = tensor.empty(%batch) : tensor<2x?x2x5x9xf32>
  %is2 = tensor.empty(%batch) : tensor<2x?x2x9xf32>
  %as0 = tensor.insert_slice %a1 into %ia2[0, 0, 0, 0, 0] [1, %batch, 2, 5, 9] [1, 1, 1, 1, 1]
      : tensor<?x2x5x9xf32> into tensor<2x?x2x5x9xf32>
  %as = tensor.insert_slice %a2 into %as0[1, 0, 0, 0, 0] [1, %batch, 2, 5, 9] [1, 1, 1, 1, 1]
      : tensor<?x2x5x9xf32> into tensor<2x?x2x5x9xf32>
  %ms0 = tensor.insert_slice %m1 into %is2[0, 0, 0, 0] [1, %batch, 2, 9] [1, 1, 1, 1]
      : tensor<?x2x9xf32> into tensor<2x?x2x9xf32>
  %ms = tensor.insert_slice %m2 into %ms0[1, 0, 0, 0] [1, %batch, 2, 9] [1, 1, 1, 1]
      : tensor<?x2x9xf32> into tensor<2x?x2x9xf32>
  %ss0 = tensor.insert_slice %s1 into %is2[0, 0, 0, 0] [1, %batch, 2, 9] [1, 1, 1, 1]
      : tensor<?x2x9xf32> into tensor<2x?x2x9xf32>
  %ss = tensor.insert_slice %s2 into %ss0[1, 0, 0, 0] [1, %batch, 2, 9] [1, 1, 1, 1]
      : tensor<?x2x9xf32> into tensor<2x?x2x9xf32>
  %a3, %m3, %s3 = block.merge_attention ins(%as, %ms, %ss : tensor<2x?x2x5x9xf32>, tensor<2x?x2x9xf32>, tensor<2x?x2x9xf32>)
      outs(%a0, %m0, %s0 : tensor<?x2x5x9xf32>, tensor<?x2x9xf32>, tensor<?x2x9xf32>)
      -> tensor<?x2x5x9xf32>, tensor<?x2x9xf32>, tensor<?x2x9xf32>
  %io = tensor.empty(%batch) : tensor<?x9x10xf32>
  %merged, %lse = block.finish_attention ins(%a3, %m3, %s3 : tensor<?x2x5x9xf32>, tensor<?x2x9xf32>, tensor<?x2x9xf32>)
      outs(%io, %is : tensor<?x9x10xf32>, tensor<?x2x9xf32>) -> tensor<?x9x10xf32>, tensor<?x2x9xf32>
  %a4, %m4, %s4 = block.online_attention ins(%q, %k1, %v1 : tensor<?x9x6xf32>, tensor<?x?x6xf32>, tensor<?x?x10xf32>)
      outs(%a1, %m1, %s1 : tensor<?x2x5x9xf32>, tensor<?x2x9xf32>, tensor<?x2x9xf32>)
      heads = 2 scale = 0.6 -> tensor<?x2x5x9xf32>, tensor<?x2x9xf32>, tensor<?x2x9xf32>
  %chained = block.finish_attention ins(%a4, %m4, %s4 : tensor<?x2x5x9xf32>, tensor<?x2x9xf32>, tensor<?x2x9xf32>)
      outs(%io : tensor<?x9x10xf32>) -> tensor<?x9x10xf32>
  return %chained, %merged, %lse : tensor<?x9x10xf32>, tensor<?x9x10xf32>, tensor<?x2x9xf32>
}

// Of the second batch entry no key of the first half takes part, of the third
// some.

check.test "halves" {
  %q = check.generate "q" scale = 2.0 : tensor<3x9x6xf32>
  %k = check.generate "k" scale = 2.0 : tensor<3x20x6xf32>
  %v = check.generate "v" : tensor<3x20x10xf32>
  %n = arith.constant dense<[13, 0, 7]> : tensor<3xi64>
  %m0 = arith.constant dense<true> : tensor<3x20xi1>
  %out1 = arith.constant dense<false> : tensor<13xi1>
  %m1 = tensor.insert_slice %out1 into %m0[1, 0] [1, 13] [1, 1] : tensor<13xi1> into tensor<3x20xi1>
  %out2 = arith.constant dense<false> : tensor<6xi1>
  %m = tensor.insert_slice %out2 into %m1[2, 7] [1, 6] [1, 1] : tensor<6xi1> into tensor<3x20xi1>
  %o, %lse, %maximum, %sum = check.run @at_once(%q, %k, %v, %m)
      : (tensor<3x9x6xf32>, tensor<3x20x6xf32>, tensor<3x20x10xf32>, tensor<3x20xi1>)
      -> (tensor<3x9x10xf32>, tensor<3x2x9xf32>, tensor<3x2x9xf32>, tensor<3x2x9xf32>)
  // >>> m = np.arange(20) >= 13; m = np.array([m | True, m, m | (np.arange(20) < 7)])
  // >>> o, lse = attention(q, k, v, heads=2, scale=0.6, key_mask=m)
  // %e = o[:, 8]
  %e = arith.constant dense<[[0.0796301588, 0.0896381214, -0.140766427, -0.0373857655, -0.145629928, -0.286383629, -0.241630733, -0.0191956665, 0.0584711619, -0.00774828298], [-0.164974466, 0.0259890798, 0.161659166, -0.0797194019, -0.0240045991, 0.333640933, -0.0145837171, 0.605634868, -0.45830968, -0.354054809], [0.492891639, 0.328363985, -0.124967575, -0.00882275868, -0.587929666, -0.00403613783, -0.0326523334, 0.196036398, -0.380704612, 0.071702756]]> : tensor<3x10xf32>
  %rows = tensor.extract_slice %o[0, 8, 0] [3, 1, 10] [1, 1, 1] : tensor<3x9x10xf32> to tensor<3x10xf32>
  check.expect_close %rows, %e tolerance = 2.0e-6 : tensor<3x10xf32>
  // %f = lse[:, 1]
  %f = arith.constant dense<[[3.8481493, 3.45183396, 3.40228987, 3.25334668, 4.74186897, 3.00055861, 3.89728355, 3.68529034, 3.60607266], [2.73477602, 2.05874634, 3.1833272, 2.38291812, 3.10723305, 3.51859117, 2.7086978, 2.13037038, 3.39811945], [3.29050303, 3.2898109, 3.48086596, 3.2835443, 3.43974137, 3.10083652, 3.69916105, 3.44071531, 3.62209916]]> : tensor<3x9xf32>
  %lses = tensor.extract_slice %lse[0, 1, 0] [3, 1, 9] [1, 1, 1] : tensor<3x2x9xf32> to tensor<3x9xf32>
  check.expect_close %lses, %f tolerance = 2.0e-6 : tensor<3x9xf32>
  // Scores are in units of log2, the maximum is the next integer.
  // >>> state = online_attention(q, k, v, heads=2, scale=0.6, mask=key_mask(20, mask=m))
  // %g = state.maximum[:, 1]
  %g = arith.constant dense<[[3.0, 3.0, 3.0, 2.0, 5.0, 2.0, 5.0, 4.0, 3.0], [3.0, 3.0, 3.0, 3.0, 5.0, 5.0, 3.0, 2.0, 5.0], [4.0, 4.0, 4.0, 4.0, 4.0, 3.0, 4.0, 3.0, 4.0]]> : tensor<3x9xf32>
  %maxima = tensor.extract_slice %maximum[0, 1, 0] [3, 1, 9] [1, 1, 1] : tensor<3x2x9xf32> to tensor<3x9xf32>
  check.expect_close %maxima, %g tolerance = 1.0e-6 : tensor<3x9xf32>
  // %h = state.sum[:, 1]
  %h = arith.constant dense<[[5.86327219, 3.94477701, 3.75409937, 6.46919966, 3.58275867, 5.02419043, 1.5396384, 2.49104357, 4.60264492], [1.92578661, 0.9795174, 3.01586223, 1.3545599, 0.698721588, 1.05427718, 1.87621474, 2.10449576, 0.93461895], [1.67852294, 1.67736173, 2.0304904, 1.66688335, 1.94868088, 2.77706623, 2.52583647, 3.90115881, 2.33850169]]> : tensor<3x9xf32>
  %sums = tensor.extract_slice %sum[0, 1, 0] [3, 1, 9] [1, 1, 1] : tensor<3x2x9xf32> to tensor<3x9xf32>
  check.expect_close %sums, %h tolerance = 3.0e-6 : tensor<3x9xf32>

  %k0 = tensor.extract_slice %k[0, 0, 0] [3, 13, 6] [1, 1, 1] : tensor<3x20x6xf32> to tensor<3x13x6xf32>
  %v0 = tensor.extract_slice %v[0, 0, 0] [3, 13, 10] [1, 1, 1] : tensor<3x20x10xf32> to tensor<3x13x10xf32>
  %k1 = tensor.extract_slice %k[0, 13, 0] [3, 7, 6] [1, 1, 1] : tensor<3x20x6xf32> to tensor<3x7x6xf32>
  %v1 = tensor.extract_slice %v[0, 13, 0] [3, 7, 10] [1, 1, 1] : tensor<3x20x10xf32> to tensor<3x7x10xf32>
  %chained, %merged, %merged_lse = check.run @parts(%q, %k0, %v0, %k1, %v1, %n)
      : (tensor<3x9x6xf32>, tensor<3x13x6xf32>, tensor<3x13x10xf32>, tensor<3x7x6xf32>, tensor<3x7x10xf32>, tensor<3xi64>)
      -> (tensor<3x9x10xf32>, tensor<3x9x10xf32>, tensor<3x2x9xf32>)
  check.expect_close %chained, %o tolerance = 2.0e-6 : tensor<3x9x10xf32>
  check.expect_close %merged, %o tolerance = 2.0e-6 : tensor<3x9x10xf32>
  check.expect_close %merged_lse, %lse tolerance = 2.0e-6 : tensor<3x2x9xf32>
}
