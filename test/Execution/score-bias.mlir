// RUN: perceiver-test-runner %s --from=rewrite
// RUN: perceiver-test-runner %s --from=rewrite --device=emulated

// Keys add numbers of their own to their scores. One head, whose keys are cut into
// parts, of any number; a length hides NaN.

func.func @one(%q: tensor<?x9x7xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
               %k: tensor<?x?x7xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
               %v: tensor<?x?x5xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]},
               %c: tensor<?x1x?xf32> {perceiver.name = "c", perceiver.sizes = ["batch", "keys"]},
               %n: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["batch"]})
    -> (tensor<?x9x5xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x1x9xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %q, %c0 : tensor<?x9x7xf32>
  %io = tensor.empty(%batch) : tensor<?x9x5xf32>
  %il = tensor.empty(%batch) : tensor<?x1x9xf32>
  %o, %lse = block.attention ins(%q, %k, %v : tensor<?x9x7xf32>, tensor<?x?x7xf32>, tensor<?x?x5xf32>)
      lengths(%n : tensor<?xi64>) score_bias(%c : tensor<?x1x?xf32>)
      outs(%io, %il : tensor<?x9x5xf32>, tensor<?x1x9xf32>) heads = 1 -> tensor<?x9x5xf32>, tensor<?x1x9xf32>
  return %o, %lse : tensor<?x9x5xf32>, tensor<?x1x9xf32>
}

check.test "one" {
  %q = check.generate "q" scale = 2.0 : tensor<3x9x7xf32>
  %k = check.generate "k" scale = 2.0 : tensor<3x700x7xf32>
  %v = check.generate "v" : tensor<3x700x5xf32>
  %g = check.generate "c" scale = 5.0 : tensor<3x1x700xf32>
  %nan = arith.constant dense<0x7FC00000> : tensor<1x1x4xf32>
  %c = tensor.insert_slice %nan into %g[2, 0, 71] [1, 1, 4] [1, 1, 1] : tensor<1x1x4xf32> into tensor<3x1x700xf32>
  %n = arith.constant dense<[700, 0, 71]> : tensor<3xi64>
  %o, %lse = check.run @one(%q, %k, %v, %c, %n)
      : (tensor<3x9x7xf32>, tensor<3x700x7xf32>, tensor<3x700x5xf32>, tensor<3x1x700xf32>, tensor<3xi64>)
      -> (tensor<3x9x5xf32>, tensor<3x1x9xf32>)
  // >>> o, lse = attention(q, k, v, score_bias=g, key_lengths=n)
  // %e = o[:, 7]
  %e = arith.constant dense<[[-0.0213595666, 0.0519565456, -0.0376956575, 0.0838180929, -0.0538014174], [0.0, 0.0, 0.0, 0.0, 0.0], [0.149555147, 0.0686369315, -0.0354793482, -0.349914163, 0.0578826554]]> : tensor<3x5xf32>
  %rows = tensor.extract_slice %o[0, 7, 0] [3, 1, 5] [1, 1, 1] : tensor<3x9x5xf32> to tensor<3x5xf32>
  check.expect_close %rows, %e tolerance = 2.0e-6 : tensor<3x5xf32>
  // %f = lse[:, :, 7]
  %f = arith.constant dense<[[9.88407516], [0xFF800000], [7.11749268]]> : tensor<3x1xf32>
  %lses = tensor.extract_slice %lse[0, 0, 7] [3, 1, 1] [1, 1, 1] : tensor<3x1x9xf32> to tensor<3x1xf32>
  check.expect_close %lses, %f tolerance = 2.0e-6 : tensor<3x1xf32>
}

// Many queries of four heads, which share one of keys. In the first entry what keys
// add decides alone, in the second all keys are masked and count the same, in the
// third some are masked, with NaN.

func.func @heads(%q: tensor<?x270x12xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                 %k: tensor<?x37x3xf32> {perceiver.name = "k", perceiver.sizes = ["batch"]},
                 %v: tensor<?x37x5xf32> {perceiver.name = "v", perceiver.sizes = ["batch"]},
                 %c: tensor<?x4x37xf32> {perceiver.name = "c", perceiver.sizes = ["batch"]},
                 %m: tensor<?x37xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"]})
    -> (tensor<?x270x20xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %q, %c0 : tensor<?x270x12xf32>
  %io = tensor.empty(%batch) : tensor<?x270x20xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x270x12xf32>, tensor<?x37x3xf32>, tensor<?x37x5xf32>)
      mask(%m : tensor<?x37xi1>) score_bias(%c : tensor<?x4x37xf32>) outs(%io : tensor<?x270x20xf32>) heads = 4
      {scale = 0.3 : f64, kv_heads = 1 : i64, masked_rows = #perceiver.masked_rows<uniform>} -> tensor<?x270x20xf32>
  return %o : tensor<?x270x20xf32>
}

check.test "heads" {
  %q = check.generate "q" scale = 2.0 : tensor<3x270x12xf32>
  %k = check.generate "k" scale = 2.0 : tensor<3x37x3xf32>
  %v = check.generate "v" : tensor<3x37x5xf32>
  %small = check.generate "c" : tensor<3x4x37xf32>
  %large = check.generate "d" scale = 1.0e4 : tensor<1x4x37xf32>
  %g = tensor.insert_slice %large into %small[0, 0, 0] [1, 4, 37] [1, 1, 1] : tensor<1x4x37xf32> into tensor<3x4x37xf32>
  // >>> g = small.copy(); g[:1] = large
  // >>> kept = np.ones((3, 37), bool); kept[1] = False; kept[2, 20:30] = False
  %nan = arith.constant dense<0x7FC00000> : tensor<1x4x10xf32>
  %c = tensor.insert_slice %nan into %g[2, 0, 20] [1, 4, 10] [1, 1, 1] : tensor<1x4x10xf32> into tensor<3x4x37xf32>
  %true = arith.constant dense<true> : tensor<3x37xi1>
  %none = arith.constant dense<false> : tensor<1x37xi1>
  %some = arith.constant dense<false> : tensor<1x10xi1>
  %a = tensor.insert_slice %none into %true[1, 0] [1, 37] [1, 1] : tensor<1x37xi1> into tensor<3x37xi1>
  %m = tensor.insert_slice %some into %a[2, 20] [1, 10] [1, 1] : tensor<1x10xi1> into tensor<3x37xi1>
  %o = check.run @heads(%q, %k, %v, %c, %m)
      : (tensor<3x270x12xf32>, tensor<3x37x3xf32>, tensor<3x37x5xf32>, tensor<3x4x37xf32>, tensor<3x37xi1>)
      -> tensor<3x270x20xf32>
  // %e = attention(q, k, v, heads=4, kv_heads=1, scale=0.3, score_bias=g, key_mask=kept, masked_rows="uniform")[0][:, 267]
  %e = arith.constant dense<[[-0.318975508, -0.906357169, 0.877773881, 0.473434389, 0.547412574, 0.736901343, 0.284044206, -0.841632009, 0.359209687, -0.0879850984, 0.525484025, 0.249702051, -0.080462262, 0.800538778, 0.718583047, 0.122678757, 0.717440963, -0.229948908, -0.484718859, -0.494327068], [0.139750704, 0.0278612915, -0.0810421407, 0.0873531103, 0.0290235747, 0.139750704, 0.0278612915, -0.0810421407, 0.0873531103, 0.0290235747, 0.139750704, 0.0278612915, -0.0810421407, 0.0873531103, 0.0290235747, 0.139750704, 0.0278612915, -0.0810421407, 0.0873531103, 0.0290235747], [0.0621536076, 0.234316826, -0.00643499754, -0.142416418, -0.173252538, 0.16892463, 0.114042461, -0.05803781, 0.0418434069, 0.0363777988, -0.107835568, 0.138813213, -0.0154804951, 0.0826386809, 0.116270714, 0.0544754155, 0.13871406, -0.00258443388, 0.30855304, 0.0780295134]]> : tensor<3x20xf32>
  %rows = tensor.extract_slice %o[0, 267, 0] [3, 1, 20] [1, 1, 1] : tensor<3x270x20xf32> to tensor<3x20xf32>
  check.expect_close %rows, %e tolerance = 2.0e-6 : tensor<3x20xf32>
}
