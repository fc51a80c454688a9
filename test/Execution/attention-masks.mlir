// RUN: perceiver-test-runner %s --from=strategy
// RUN: perceiver-test-runner %s --from=strategy --device=emulated

// Key lengths and masks, with both rules for rows whose keys are all masked.
// What stands in a masked key or value reaches no result.

func.func @lengths(%q: tensor<?x7x5xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                   %k: tensor<?x?x5xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
                   %v: tensor<?x?x3xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]},
                   %n: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["batch"]})
    -> (tensor<?x7x3xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x1x7xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %q, %c0 : tensor<?x7x5xf32>
  %init = tensor.empty(%batch) : tensor<?x7x3xf32>
  %init_lse = tensor.empty(%batch) : tensor<?x1x7xf32>
  %o, %lse = block.attention ins(%q, %k, %v : tensor<?x7x5xf32>, tensor<?x?x5xf32>, tensor<?x?x3xf32>)
      lengths(%n : tensor<?xi64>) outs(%init, %init_lse : tensor<?x7x3xf32>, tensor<?x1x7xf32>) heads = 1
      -> tensor<?x7x3xf32>, tensor<?x1x7xf32>
  return %o, %lse : tensor<?x7x3xf32>, tensor<?x1x7xf32>
}

check.test "lengths from none to all" {
  %q = check.generate "q" scale = 2.0 : tensor<4x7x5xf32>
  %k0 = check.generate "k" scale = 2.0 : tensor<4x13x5xf32>
  %v0 = check.generate "v" : tensor<4x13x3xf32>
  %n = arith.constant dense<[0, 1, 12, 13]> : tensor<4xi64>
  %nan_k = arith.constant dense<0x7FC00000> : tensor<12x5xf32>
  %nan_v = arith.constant dense<0x7FC00000> : tensor<12x3xf32>
  %k1 = tensor.insert_slice %nan_k into %k0[1, 1, 0] [1, 12, 5] [1, 1, 1] : tensor<12x5xf32> into tensor<4x13x5xf32>
  %v1 = tensor.insert_slice %nan_v into %v0[1, 1, 0] [1, 12, 3] [1, 1, 1] : tensor<12x3xf32> into tensor<4x13x3xf32>
  %inf = arith.constant dense<[0x7F800000, 0xFF800000, 0x7FC00000]> : tensor<3xf32>
  %v2 = tensor.insert_slice %inf into %v1[2, 12, 0] [1, 1, 3] [1, 1, 1] : tensor<3xf32> into tensor<4x13x3xf32>
  %k2 = tensor.insert_slice %inf into %k1[2, 12, 0] [1, 1, 3] [1, 1, 1] : tensor<3xf32> into tensor<4x13x5xf32>
  %v3 = tensor.insert_slice %inf into %v2[0, 5, 0] [1, 1, 3] [1, 1, 1] : tensor<3xf32> into tensor<4x13x3xf32>
  %k3 = tensor.insert_slice %inf into %k2[0, 0, 0] [1, 1, 3] [1, 1, 1] : tensor<3xf32> into tensor<4x13x5xf32>
  %o, %lse = check.run @lengths(%q, %k3, %v3, %n)
      : (tensor<4x7x5xf32>, tensor<4x13x5xf32>, tensor<4x13x3xf32>, tensor<4xi64>) -> (tensor<4x7x3xf32>, tensor<4x1x7xf32>)
  // >>> o, lse = attention(q, k0, v0, key_lengths=n)
  // %e = o[:, ::3]
  %e = arith.constant dense<[[[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]], [[0.64103341, 0.52548403, 0.24970205], [0.64103341, 0.52548403, 0.24970205], [0.64103341, 0.52548403, 0.24970205]], [[-0.1591955, -0.079341099, 0.37338403], [-0.21800831, 0.017265281, 0.21820979], [-0.091301255, -0.26888129, 0.30499208]], [[0.21247683, -0.24085526, -0.081360556], [-0.095285311, -0.5300312, 0.55737841], [-0.10220928, -0.43753025, 0.38983989]]]> : tensor<4x3x3xf32>
  %rows = tensor.extract_slice %o[0, 0, 0] [4, 3, 3] [1, 3, 1] : tensor<4x7x3xf32> to tensor<4x3x3xf32>
  check.expect_close %rows, %e tolerance = 2.0e-6 : tensor<4x3x3xf32>
  // %f = lse
  %f = arith.constant dense<[[[0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000]], [[-0.69139534, -1.0165449, 0.62556344, -0.91835535, -0.15157975, 0.73432177, 1.1759773]], [[2.9871621, 2.7190909, 3.3731833, 3.7305489, 3.7003267, 2.9209869, 2.716274]], [[3.0533519, 3.5246458, 2.8907006, 4.779408, 3.0740445, 2.5838809, 3.0618529]]]> : tensor<4x1x7xf32>
  check.expect_close %lse, %f tolerance = 2.0e-6 : tensor<4x1x7xf32>
}

// What is no number of keys counts as the nearest one.
check.test "lengths below zero and above the number of keys" {
  %q = check.generate "q" scale = 2.0 : tensor<4x7x5xf32>
  %k = check.generate "k" scale = 2.0 : tensor<4x13x5xf32>
  %v = check.generate "v" : tensor<4x13x3xf32>
  %wild = arith.constant dense<[-1, 14, -9223372036854775808, 9223372036854775807]> : tensor<4xi64>
  %near = arith.constant dense<[0, 13, 0, 13]> : tensor<4xi64>
  %o, %lse = check.run @lengths(%q, %k, %v, %wild)
      : (tensor<4x7x5xf32>, tensor<4x13x5xf32>, tensor<4x13x3xf32>, tensor<4xi64>) -> (tensor<4x7x3xf32>, tensor<4x1x7xf32>)
  %e, %f = check.run @lengths(%q, %k, %v, %near)
      : (tensor<4x7x5xf32>, tensor<4x13x5xf32>, tensor<4x13x3xf32>, tensor<4xi64>) -> (tensor<4x7x3xf32>, tensor<4x1x7xf32>)
  check.expect_equal %o, %e : tensor<4x7x3xf32>
  check.expect_equal %lse, %f : tensor<4x1x7xf32>
}

// A block of keys is 256: the second block holds masked keys only.
check.test "a block beyond the length" {
  %q = check.generate "q" scale = 2.0 : tensor<2x7x5xf32>
  %k = check.generate "k" scale = 2.0 : tensor<2x300x5xf32>
  %v0 = check.generate "v" : tensor<2x300x3xf32>
  %n = arith.constant dense<[200, 257]> : tensor<2xi64>
  %nan = arith.constant dense<0x7FC00000> : tensor<43x3xf32>
  %v = tensor.insert_slice %nan into %v0[0, 257, 0] [1, 43, 3] [1, 1, 1] : tensor<43x3xf32> into tensor<2x300x3xf32>
  %o, %lse = check.run @lengths(%q, %k, %v, %n)
      : (tensor<2x7x5xf32>, tensor<2x300x5xf32>, tensor<2x300x3xf32>, tensor<2xi64>) -> (tensor<2x7x3xf32>, tensor<2x1x7xf32>)
  // >>> o, lse = attention(q, k, v0, key_lengths=n)
  // %e = o[:, 6]
  %e = arith.constant dense<[[-0.035301745, -0.083268248, -0.028592069], [0.10338239, 0.046471056, -0.038243406]]> : tensor<2x3xf32>
  %row = tensor.extract_slice %o[0, 6, 0] [2, 1, 3] [1, 1, 1] : tensor<2x7x3xf32> to tensor<2x3xf32>
  check.expect_close %row, %e tolerance = 2.0e-6 : tensor<2x3xf32>
  // %f = lse
  %f = arith.constant dense<[[[6.2875071, 6.4752707, 6.5745993, 5.9436302, 5.4992161, 6.4005671, 6.1872706]], [[6.4940634, 6.4819059, 6.2555933, 6.1499538, 6.0469604, 6.2914391, 6.0886531]]]> : tensor<2x1x7xf32>
  check.expect_close %lse, %f tolerance = 2.0e-6 : tensor<2x1x7xf32>
}

func.func @mask(%q: tensor<7x5xf32> {perceiver.name = "q"},
                %k: tensor<?x?x5xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
                %v: tensor<?x?x3xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]},
                %m: tensor<?x?xi1> {perceiver.name = "mask", perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x7x3xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x1x7xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %k, %c0 : tensor<?x?x5xf32>
  %init = tensor.empty(%batch) : tensor<?x7x3xf32>
  %init_lse = tensor.empty(%batch) : tensor<?x1x7xf32>
  %o, %lse = block.attention ins(%q, %k, %v : tensor<7x5xf32>, tensor<?x?x5xf32>, tensor<?x?x3xf32>)
      mask(%m : tensor<?x?xi1>) outs(%init, %init_lse : tensor<?x7x3xf32>, tensor<?x1x7xf32>) heads = 1
      -> tensor<?x7x3xf32>, tensor<?x1x7xf32>
  return %o, %lse : tensor<?x7x3xf32>, tensor<?x1x7xf32>
}

func.func @uniform(%q: tensor<7x5xf32> {perceiver.name = "q"},
                   %k: tensor<?x?x5xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
                   %v: tensor<?x?x3xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]},
                   %m: tensor<?x?xi1> {perceiver.name = "mask", perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x7x3xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x1x7xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %k, %c0 : tensor<?x?x5xf32>
  %init = tensor.empty(%batch) : tensor<?x7x3xf32>
  %init_lse = tensor.empty(%batch) : tensor<?x1x7xf32>
  %o, %lse = block.attention ins(%q, %k, %v : tensor<7x5xf32>, tensor<?x?x5xf32>, tensor<?x?x3xf32>)
      mask(%m : tensor<?x?xi1>) outs(%init, %init_lse : tensor<?x7x3xf32>, tensor<?x1x7xf32>) heads = 1
      {masked_rows = #perceiver.masked_rows<uniform>}
      -> tensor<?x7x3xf32>, tensor<?x1x7xf32>
  return %o, %lse : tensor<?x7x3xf32>, tensor<?x1x7xf32>
}

check.test "a mask, whole rows masked" {
  %q = check.generate "q" scale = 2.0 : tensor<7x5xf32>
  %k0 = check.generate "k" scale = 2.0 : tensor<3x7x5xf32>
  %v0 = check.generate "v" : tensor<3x7x3xf32>
  %m = arith.constant dense<[[true, false, true, true, false, false, true],
                             [false, false, false, false, false, false, false],
                             [false, false, false, false, false, false, true]]> : tensor<3x7xi1>
  // >>> m = np.array([[1, 0, 1, 1, 0, 0, 1], [0] * 7, [0] * 6 + [1]], bool)
  %nan = arith.constant dense<0x7FC00000> : tensor<3xf32>
  %k1 = tensor.insert_slice %nan into %k0[0, 4, 1] [1, 1, 3] [1, 1, 1] : tensor<3xf32> into tensor<3x7x5xf32>
  %v1 = tensor.insert_slice %nan into %v0[0, 4, 0] [1, 1, 3] [1, 1, 1] : tensor<3xf32> into tensor<3x7x3xf32>
  %k2 = tensor.insert_slice %nan into %k1[2, 0, 1] [1, 1, 3] [1, 1, 1] : tensor<3xf32> into tensor<3x7x5xf32>
  %v2 = tensor.insert_slice %nan into %v1[2, 5, 0] [1, 1, 3] [1, 1, 1] : tensor<3xf32> into tensor<3x7x3xf32>
  %o, %lse = check.run @mask(%q, %k2, %v2, %m)
      : (tensor<7x5xf32>, tensor<3x7x5xf32>, tensor<3x7x3xf32>, tensor<3x7xi1>) -> (tensor<3x7x3xf32>, tensor<3x1x7xf32>)
  // >>> o, lse = attention(q[None], k0, v0, key_mask=m)
  // %e = o[:, ::3]
  %e = arith.constant dense<[[[0.62751412, -0.79053003, 0.77610439], [0.038567647, -0.070937127, 0.26723555], [0.5083527, 0.30752438, 0.25142553]], [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]], [[0.91328526, 0.48085627, -0.95678455], [0.91328526, 0.48085627, -0.95678455], [0.91328526, 0.48085627, -0.95678455]]]> : tensor<3x3x3xf32>
  %rows = tensor.extract_slice %o[0, 0, 0] [3, 3, 3] [1, 3, 1] : tensor<3x7x3xf32> to tensor<3x3x3xf32>
  check.expect_close %rows, %e tolerance = 2.0e-6 : tensor<3x3x3xf32>
  // %f = lse
  %f = arith.constant dense<[[[1.9230357, 1.2486446, 2.2156167, 1.2015278, 0.84132481, 2.3026986, 1.0301832]], [[0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000]], [[1.6786132, 0.026444938, 1.5469795, 1.8177425, 0.88188732, -2.5392036, 1.9060031]]]> : tensor<3x1x7xf32>
  check.expect_close %lse, %f tolerance = 2.0e-6 : tensor<3x1x7xf32>

  %p, %lse_uniform = check.run @uniform(%q, %k2, %v2, %m)
      : (tensor<7x5xf32>, tensor<3x7x5xf32>, tensor<3x7x3xf32>, tensor<3x7xi1>) -> (tensor<3x7x3xf32>, tensor<3x1x7xf32>)
  // >>> o, lse = attention(q[None], k0, v0, key_mask=m, masked_rows="uniform")
  // %g = o[:, ::3]
  %g = arith.constant dense<[[[0.62751412, -0.79053003, 0.77610439], [0.038567647, -0.070937127, 0.26723555], [0.5083527, 0.30752438, 0.25142553]], [[-0.02535883, 0.034341265, -0.1832065], [-0.02535883, 0.034341265, -0.1832065], [-0.02535883, 0.034341265, -0.1832065]], [[0.91328526, 0.48085627, -0.95678455], [0.91328526, 0.48085627, -0.95678455], [0.91328526, 0.48085627, -0.95678455]]]> : tensor<3x3x3xf32>
  %uniform = tensor.extract_slice %p[0, 0, 0] [3, 3, 3] [1, 3, 1] : tensor<3x7x3xf32> to tensor<3x3x3xf32>
  check.expect_close %uniform, %g tolerance = 2.0e-6 : tensor<3x3x3xf32>
  // %h = lse
  %h = arith.constant dense<[[[1.9230357, 1.2486446, 2.2156167, 1.2015278, 0.84132481, 2.3026986, 1.0301832]], [[-3.4028235e+38, -3.4028235e+38, -3.4028235e+38, -3.4028235e+38, -3.4028235e+38, -3.4028235e+38, -3.4028235e+38]], [[1.6786132, 0.026444938, 1.5469795, 1.8177425, 0.88188732, -2.5392036, 1.9060031]]]> : tensor<3x1x7xf32>
  check.expect_close %lse_uniform, %h tolerance = 2.0e-6 : tensor<3x1x7xf32>
}

// What a masked key holds is no matter when all are masked, and a uniform row
// averages the values as they are.
check.test "uniform rows" {
  %q = check.generate "q" scale = 2.0 : tensor<7x5xf32>
  %k0 = check.generate "k" scale = 2.0 : tensor<1x300x5xf32>
  %v = check.generate "v" : tensor<1x300x3xf32>
  %m = arith.constant dense<false> : tensor<1x300xi1>
  %nan = arith.constant dense<0x7FC00000> : tensor<5xf32>
  %k = tensor.insert_slice %nan into %k0[0, 256, 0] [1, 1, 5] [1, 1, 1] : tensor<5xf32> into tensor<1x300x5xf32>
  %o, %lse = check.run @uniform(%q, %k, %v, %m)
      : (tensor<7x5xf32>, tensor<1x300x5xf32>, tensor<1x300x3xf32>, tensor<1x300xi1>) -> (tensor<1x7x3xf32>, tensor<1x1x7xf32>)
  // >>> o, lse = attention(q[None], k0, v, key_mask=np.zeros((1, 300), bool), masked_rows="uniform")
  // %e = o[0, 5]
  %e = arith.constant dense<[-0.00049975328, -0.0057317549, 0.029930335]> : tensor<3xf32>
  %row = tensor.extract_slice %o[0, 5, 0] [1, 1, 3] [1, 1, 1] : tensor<1x7x3xf32> to tensor<3xf32>
  check.expect_close %row, %e tolerance = 2.0e-6 : tensor<3xf32>
  // %f = lse
  %f = arith.constant dense<[[[-3.4028235e+38, -3.4028235e+38, -3.4028235e+38, -3.4028235e+38, -3.4028235e+38, -3.4028235e+38, -3.4028235e+38]]]> : tensor<1x1x7xf32>
  check.expect_close %lse, %f tolerance = 1.0e-7 : tensor<1x1x7xf32>
}

// Scores of 1e4 and more, and one that is masked and would win.
check.test "large scores" {
  %q = check.generate "q" scale = 200.0 : tensor<7x5xf32>
  %k0 = check.generate "k" scale = 200.0 : tensor<1x13x5xf32>
  %v = check.generate "v" : tensor<1x13x3xf32>
  %m = check.generate "m" : tensor<1x13xi1>
  %big = arith.constant dense<3.0e+38> : tensor<5xf32>
  // >>> assert not m[0, 6]
  %k = tensor.insert_slice %big into %k0[0, 6, 0] [1, 1, 5] [1, 1, 1] : tensor<5xf32> into tensor<1x13x5xf32>
  %o, %lse = check.run @mask(%q, %k, %v, %m)
      : (tensor<7x5xf32>, tensor<1x13x5xf32>, tensor<1x13x3xf32>, tensor<1x13xi1>) -> (tensor<1x7x3xf32>, tensor<1x1x7xf32>)
  // >>> o, lse = attention(q[None], k0, v, key_mask=m)
  // %e = o
  %e = arith.constant dense<[[[-0.67950749, -0.093417734, -0.81826293], [0.73690134, 0.28404421, -0.84163201], [-0.85418081, -0.62346429, 0.79386848], [-0.67884535, -0.097186014, -0.81270725], [-0.67950749, -0.093417734, -0.81826293], [-0.67950749, -0.093417734, -0.81826293], [-0.67950749, -0.093417734, -0.81826293]]]> : tensor<1x7x3xf32>
  check.expect_close %o, %e tolerance = 1.0e-5 : tensor<1x7x3xf32>
  // %f = lse
  %f = arith.constant dense<[[[4364.9736, 5939.5488, 17493.502, 6684.1021, 6659.585, 24142.762, 19917.816]]]> : tensor<1x1x7xf32>
  check.expect_close %lse, %f tolerance = 1.0e-6 : tensor<1x1x7xf32>
}

// Some key of the first block is attended, none of the second: no uniform row.
check.test "masked beyond the first block" {
  %q = check.generate "q" scale = 2.0 : tensor<7x5xf32>
  %k = check.generate "k" scale = 2.0 : tensor<1x300x5xf32>
  %v0 = check.generate "v" : tensor<1x300x3xf32>
  %m0 = arith.constant dense<true> : tensor<1x300xi1>
  %none = arith.constant dense<false> : tensor<1x60xi1>
  %m = tensor.insert_slice %none into %m0[0, 240] [1, 60] [1, 1] : tensor<1x60xi1> into tensor<1x300xi1>
  %inf = arith.constant dense<0x7F800000> : tensor<3xf32>
  %v = tensor.insert_slice %inf into %v0[0, 299, 0] [1, 1, 3] [1, 1, 1] : tensor<3xf32> into tensor<1x300x3xf32>
  %o, %lse = check.run @uniform(%q, %k, %v, %m)
      : (tensor<7x5xf32>, tensor<1x300x5xf32>, tensor<1x300x3xf32>, tensor<1x300xi1>) -> (tensor<1x7x3xf32>, tensor<1x1x7xf32>)
  // >>> m = np.arange(300)[None] < 240
  // >>> o, lse = attention(q[None], k, v0, key_mask=m, masked_rows="uniform")
  // %e = o[0, 5]
  %e = arith.constant dense<[-0.16934401, -0.092356637, -0.091299444]> : tensor<3xf32>
  %row = tensor.extract_slice %o[0, 5, 0] [1, 1, 3] [1, 1, 1] : tensor<1x7x3xf32> to tensor<3xf32>
  check.expect_close %row, %e tolerance = 2.0e-6 : tensor<3xf32>
  // %f = lse
  %f = arith.constant dense<[[[6.5814753, 6.6659293, 6.8087683, 6.1002092, 5.697546, 6.5576296, 6.4202237]]]> : tensor<1x1x7xf32>
  check.expect_close %lse, %f tolerance = 2.0e-6 : tensor<1x1x7xf32>
}
