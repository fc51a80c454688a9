// RUN: perceiver-test-runner %s --from=rewrite

// Keys that a length or a mask leaves out are as good as absent: what is left has
// the same bits as without them. With one head tasks are parts of the keys, which
// are projected inside; with eight heads a task is a head, with all its keys. (On a
// GPU the parts are those of all keys, and the last bits may differ.)

perceiver.parameter @key.weight : tensor<5x8xf32> key "key.weight"
perceiver.parameter @value.weight : tensor<5x16xf32> key "value.weight"
perceiver.parameter @value.bias : tensor<16xf32> key "value.bias"

check.checkpoint {
  %kw = check.generate "key.weight" : tensor<5x8xf32>
  check.tensor "key.weight", %kw : tensor<5x8xf32>
  %vw = check.generate "value.weight" : tensor<5x16xf32>
  check.tensor "value.weight", %vw : tensor<5x16xf32>
  %vb = check.generate "value.bias" : tensor<16xf32>
  check.tensor "value.bias", %vb : tensor<16xf32>
}

func.func @one_head(%q: tensor<9x8xf32> {perceiver.name = "q"},
               %x: tensor<?x?x5xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]},
               %n: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["batch"]},
               %m: tensor<?x?xi1> {perceiver.name = "mask", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x9x16xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x1x9xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %batch = tensor.dim %x, %c0 : tensor<?x?x5xf32>
  %rows = tensor.dim %x, %c1 : tensor<?x?x5xf32>
  %kw = perceiver.get_parameter @key.weight : tensor<5x8xf32>
  %vw = perceiver.get_parameter @value.weight : tensor<5x16xf32>
  %vb = perceiver.get_parameter @value.bias : tensor<16xf32>
  %init_k = tensor.empty(%batch, %rows) : tensor<?x?x8xf32>
  %k = block.linear ins(%x, %kw : tensor<?x?x5xf32>, tensor<5x8xf32>) outs(%init_k : tensor<?x?x8xf32>)
      -> tensor<?x?x8xf32>
  %init_v = tensor.empty(%batch, %rows) : tensor<?x?x16xf32>
  %v = block.linear ins(%x, %vw : tensor<?x?x5xf32>, tensor<5x16xf32>) bias(%vb : tensor<16xf32>)
      outs(%init_v : tensor<?x?x16xf32>) -> tensor<?x?x16xf32>
  %init_o = tensor.empty(%batch) : tensor<?x9x16xf32>
  %init_lse = tensor.empty(%batch) : tensor<?x1x9xf32>
  %o, %lse = block.attention ins(%q, %k, %v : tensor<9x8xf32>, tensor<?x?x8xf32>, tensor<?x?x16xf32>)
      lengths(%n : tensor<?xi64>) mask(%m : tensor<?x?xi1>)
      outs(%init_o, %init_lse : tensor<?x9x16xf32>, tensor<?x1x9xf32>) heads = 1
      -> tensor<?x9x16xf32>, tensor<?x1x9xf32>
  return %o, %lse : tensor<?x9x16xf32>, tensor<?x1x9xf32>
}

func.func @heads(%q: tensor<9x8xf32> {perceiver.name = "q"},
               %x: tensor<?x?x5xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]},
               %n: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["batch"]},
               %m: tensor<?x?xi1> {perceiver.name = "mask", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x9x16xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x8x9xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %batch = tensor.dim %x, %c0 : tensor<?x?x5xf32>
  %rows = tensor.dim %x, %c1 : tensor<?x?x5xf32>
  %kw = perceiver.get_parameter @key.weight : tensor<5x8xf32>
  %vw = perceiver.get_parameter @value.weight : tensor<5x16xf32>
  %vb = perceiver.get_parameter @value.bias : tensor<16xf32>
  %init_k = tensor.empty(%batch, %rows) : tensor<?x?x8xf32>
  %k = block.linear ins(%x, %kw : tensor<?x?x5xf32>, tensor<5x8xf32>) outs(%init_k : tensor<?x?x8xf32>)
      -> tensor<?x?x8xf32>
  %init_v = tensor.empty(%batch, %rows) : tensor<?x?x16xf32>
  %v = block.linear ins(%x, %vw : tensor<?x?x5xf32>, tensor<5x16xf32>) bias(%vb : tensor<16xf32>)
      outs(%init_v : tensor<?x?x16xf32>) -> tensor<?x?x16xf32>
  %init_o = tensor.empty(%batch) : tensor<?x9x16xf32>
  %init_lse = tensor.empty(%batch) : tensor<?x8x9xf32>
  %o, %lse = block.attention ins(%q, %k, %v : tensor<9x8xf32>, tensor<?x?x8xf32>, tensor<?x?x16xf32>)
      lengths(%n : tensor<?xi64>) mask(%m : tensor<?x?xi1>)
      outs(%init_o, %init_lse : tensor<?x9x16xf32>, tensor<?x8x9xf32>) heads = 8
      -> tensor<?x9x16xf32>, tensor<?x8x9xf32>
  return %o, %lse : tensor<?x9x16xf32>, tensor<?x8x9xf32>
}

// 700 of 1,100 keys, all of them, none and one. Parts of 700 keys have 64 keys,
// those of 1,100 have 128.

check.test "lengths, one_head" {
  %q = check.generate "q" scale = 2.0 : tensor<9x8xf32>
  %x0 = check.generate "x" : tensor<4x1100x5xf32>
  %n = arith.constant dense<[700, 1100, 0, 1]> : tensor<4xi64>
  %all = arith.constant dense<true> : tensor<4x1100xi1>
  %nan = arith.constant dense<0x7FC00000> : tensor<400x5xf32>
  %x = tensor.insert_slice %nan into %x0[0, 700, 0] [1, 400, 5] [1, 1, 1] : tensor<400x5xf32> into tensor<4x1100x5xf32>
  %o, %lse = check.run @one_head(%q, %x, %n, %all)
      : (tensor<9x8xf32>, tensor<4x1100x5xf32>, tensor<4xi64>, tensor<4x1100xi1>) -> (tensor<4x9x16xf32>, tensor<4x1x9xf32>)
  // >>> k, v = (linear(x0, linear_of(role)) for role in ("key", "value"))
  // >>> o, lse = attention(np.stack([q] * 4), k, v, heads=1, key_lengths=n)
  // %e = o[:, 3, ::5]
  %e = arith.constant dense<[[0.767203748, 1.47949278, 0.640441716, -0.514328122], [0.774779439, 1.41241884, 0.677846551, -0.59978807], [0.0, 0.0, 0.0, 0.0], [-1.53381979, 0.731038094, 0.592730105, 0.452168882]]> : tensor<4x4xf32>
  %rows = tensor.extract_slice %o[0, 3, 0] [4, 1, 4] [1, 1, 5] : tensor<4x9x16xf32> to tensor<4x4xf32>
  check.expect_close %rows, %e tolerance = 2.0e-6 : tensor<4x4xf32>
  // %f = lse[:, 0, ::4]
  %f = arith.constant dense<[[6.77528858, 6.88382626, 6.66533327], [7.23676491, 7.33453369, 7.12276602], [0xFF800000, 0xFF800000, 0xFF800000], [0.68306011, -0.879363894, -0.768430531]]> : tensor<4x3xf32>
  %lses = tensor.extract_slice %lse[0, 0, 0] [4, 1, 3] [1, 1, 4] : tensor<4x1x9xf32> to tensor<4x3xf32>
  check.expect_close %lses, %f tolerance = 2.0e-6 : tensor<4x3xf32>

  %x700 = tensor.extract_slice %x0[0, 0, 0] [1, 700, 5] [1, 1, 1] : tensor<4x1100x5xf32> to tensor<1x700x5xf32>
  %n700 = arith.constant dense<700> : tensor<1xi64>
  %all700 = arith.constant dense<true> : tensor<1x700xi1>
  %o700, %lse700 = check.run @one_head(%q, %x700, %n700, %all700)
      : (tensor<9x8xf32>, tensor<1x700x5xf32>, tensor<1xi64>, tensor<1x700xi1>) -> (tensor<1x9x16xf32>, tensor<1x1x9xf32>)
  %first = tensor.extract_slice %o[0, 0, 0] [1, 9, 16] [1, 1, 1] : tensor<4x9x16xf32> to tensor<1x9x16xf32>
  check.expect_equal %first, %o700 : tensor<1x9x16xf32>

  %x1 = tensor.extract_slice %x0[3, 0, 0] [1, 1, 5] [1, 1, 1] : tensor<4x1100x5xf32> to tensor<1x1x5xf32>
  %n1 = arith.constant dense<1> : tensor<1xi64>
  %all1 = arith.constant dense<true> : tensor<1x1xi1>
  %o1, %lse1 = check.run @one_head(%q, %x1, %n1, %all1)
      : (tensor<9x8xf32>, tensor<1x1x5xf32>, tensor<1xi64>, tensor<1x1xi1>) -> (tensor<1x9x16xf32>, tensor<1x1x9xf32>)
  %last = tensor.extract_slice %o[3, 0, 0] [1, 9, 16] [1, 1, 1] : tensor<4x9x16xf32> to tensor<1x9x16xf32>
  check.expect_equal %last, %o1 : tensor<1x9x16xf32>

  // The same keys by a mask.
  %n_all = arith.constant dense<[1100, 1100, 0, 1]> : tensor<4xi64>
  %none = arith.constant dense<false> : tensor<400xi1>
  %padded = tensor.insert_slice %none into %all[0, 700] [1, 400] [1, 1] : tensor<400xi1> into tensor<4x1100xi1>
  %o_mask, %lse_mask = check.run @one_head(%q, %x, %n_all, %padded)
      : (tensor<9x8xf32>, tensor<4x1100x5xf32>, tensor<4xi64>, tensor<4x1100xi1>) -> (tensor<4x9x16xf32>, tensor<4x1x9xf32>)
  check.expect_equal %o_mask, %o : tensor<4x9x16xf32>
  check.expect_equal %lse_mask, %lse : tensor<4x1x9xf32>
}

check.test "lengths, heads" {
  %q = check.generate "q" scale = 2.0 : tensor<9x8xf32>
  %x0 = check.generate "x" : tensor<4x1100x5xf32>
  %n = arith.constant dense<[700, 1100, 0, 1]> : tensor<4xi64>
  %all = arith.constant dense<true> : tensor<4x1100xi1>
  %nan = arith.constant dense<0x7FC00000> : tensor<400x5xf32>
  %x = tensor.insert_slice %nan into %x0[0, 700, 0] [1, 400, 5] [1, 1, 1] : tensor<400x5xf32> into tensor<4x1100x5xf32>
  %o, %lse = check.run @heads(%q, %x, %n, %all)
      : (tensor<9x8xf32>, tensor<4x1100x5xf32>, tensor<4xi64>, tensor<4x1100xi1>) -> (tensor<4x9x16xf32>, tensor<4x8x9xf32>)
  // >>> k, v = (linear(x0, linear_of(role)) for role in ("key", "value"))
  // >>> o, lse = attention(np.stack([q] * 4), k, v, heads=8, key_lengths=n)
  // %e = o[:, 3, ::5]
  %e = arith.constant dense<[[0.360029012, 1.15825129, 0.511447608, -0.407379985], [0.400787234, 1.14166224, 0.48782137, -0.376578778], [0.0, 0.0, 0.0, 0.0], [-1.53381979, 0.731038094, 0.592730105, 0.452168882]]> : tensor<4x4xf32>
  %rows = tensor.extract_slice %o[0, 3, 0] [4, 1, 4] [1, 1, 5] : tensor<4x9x16xf32> to tensor<4x4xf32>
  check.expect_close %rows, %e tolerance = 2.0e-6 : tensor<4x4xf32>
  // %f = lse[:, 0, ::4]
  %f = arith.constant dense<[[6.75714016, 7.00450754, 6.60534906], [7.19231606, 7.42937183, 7.05080557], [0xFF800000, 0xFF800000, 0xFF800000], [-0.726395071, -1.0960319, -0.366294563]]> : tensor<4x3xf32>
  %lses = tensor.extract_slice %lse[0, 0, 0] [4, 1, 3] [1, 1, 4] : tensor<4x8x9xf32> to tensor<4x3xf32>
  check.expect_close %lses, %f tolerance = 2.0e-6 : tensor<4x3xf32>

  %x700 = tensor.extract_slice %x0[0, 0, 0] [1, 700, 5] [1, 1, 1] : tensor<4x1100x5xf32> to tensor<1x700x5xf32>
  %n700 = arith.constant dense<700> : tensor<1xi64>
  %all700 = arith.constant dense<true> : tensor<1x700xi1>
  %o700, %lse700 = check.run @heads(%q, %x700, %n700, %all700)
      : (tensor<9x8xf32>, tensor<1x700x5xf32>, tensor<1xi64>, tensor<1x700xi1>) -> (tensor<1x9x16xf32>, tensor<1x8x9xf32>)
  %first = tensor.extract_slice %o[0, 0, 0] [1, 9, 16] [1, 1, 1] : tensor<4x9x16xf32> to tensor<1x9x16xf32>
  check.expect_equal %first, %o700 : tensor<1x9x16xf32>

  %x1 = tensor.extract_slice %x0[3, 0, 0] [1, 1, 5] [1, 1, 1] : tensor<4x1100x5xf32> to tensor<1x1x5xf32>
  %n1 = arith.constant dense<1> : tensor<1xi64>
  %all1 = arith.constant dense<true> : tensor<1x1xi1>
  %o1, %lse1 = check.run @heads(%q, %x1, %n1, %all1)
      : (tensor<9x8xf32>, tensor<1x1x5xf32>, tensor<1xi64>, tensor<1x1xi1>) -> (tensor<1x9x16xf32>, tensor<1x8x9xf32>)
  %last = tensor.extract_slice %o[3, 0, 0] [1, 9, 16] [1, 1, 1] : tensor<4x9x16xf32> to tensor<1x9x16xf32>
  check.expect_equal %last, %o1 : tensor<1x9x16xf32>

  // The same keys by a mask.
  %n_all = arith.constant dense<[1100, 1100, 0, 1]> : tensor<4xi64>
  %none = arith.constant dense<false> : tensor<400xi1>
  %padded = tensor.insert_slice %none into %all[0, 700] [1, 400] [1, 1] : tensor<400xi1> into tensor<4x1100xi1>
  %o_mask, %lse_mask = check.run @heads(%q, %x, %n_all, %padded)
      : (tensor<9x8xf32>, tensor<4x1100x5xf32>, tensor<4xi64>, tensor<4x1100xi1>) -> (tensor<4x9x16xf32>, tensor<4x8x9xf32>)
  check.expect_equal %o_mask, %o : tensor<4x9x16xf32>
  check.expect_equal %lse_mask, %lse : tensor<4x8x9xf32>
}

// The mask empties the third part of 64 keys, or the second block of 256.

check.test "holes, one_head" {
  %q = check.generate "q" scale = 2.0 : tensor<9x8xf32>
  %x0 = check.generate "x" : tensor<1x600x5xf32>
  %n = arith.constant dense<600> : tensor<1xi64>
  %all = arith.constant dense<true> : tensor<1x600xi1>
  %none = arith.constant dense<false> : tensor<64xi1>
  %nan = arith.constant dense<0x7FC00000> : tensor<64x5xf32>
  %m = tensor.insert_slice %none into %all[0, 128] [1, 64] [1, 1] : tensor<64xi1> into tensor<1x600xi1>
  %x = tensor.insert_slice %nan into %x0[0, 128, 0] [1, 64, 5] [1, 1, 1] : tensor<64x5xf32> into tensor<1x600x5xf32>
  %o, %lse = check.run @one_head(%q, %x, %n, %m)
      : (tensor<9x8xf32>, tensor<1x600x5xf32>, tensor<1xi64>, tensor<1x600xi1>) -> (tensor<1x9x16xf32>, tensor<1x1x9xf32>)
  // >>> k, v = (linear(x0, linear_of(role)) for role in ("key", "value"))
  // >>> o, lse = attention(q[None], k, v, heads=1, key_mask=np.abs(np.arange(600) - 159.5)[None] > 32.0)
  // %e = o[0, 3, ::5]
  %e = arith.constant dense<[0.790031016, 1.47819614, 0.605091155, -0.492902249]> : tensor<4xf32>
  %row = tensor.extract_slice %o[0, 3, 0] [1, 1, 4] [1, 1, 5] : tensor<1x9x16xf32> to tensor<4xf32>
  check.expect_close %row, %e tolerance = 2.0e-6 : tensor<4xf32>

  %x_rest = tensor.extract_slice %x0[0, 192, 0] [1, 408, 5] [1, 1, 1] : tensor<1x600x5xf32> to tensor<1x408x5xf32>
  %x_first = tensor.extract_slice %x0[0, 0, 0] [1, 536, 5] [1, 1, 1] : tensor<1x600x5xf32> to tensor<1x536x5xf32>
  %x_left = tensor.insert_slice %x_rest into %x_first[0, 128, 0] [1, 408, 5] [1, 1, 1] : tensor<1x408x5xf32> into tensor<1x536x5xf32>
  %n_left = arith.constant dense<536> : tensor<1xi64>
  %all_left = arith.constant dense<true> : tensor<1x536xi1>
  %o_left, %lse_left = check.run @one_head(%q, %x_left, %n_left, %all_left)
      : (tensor<9x8xf32>, tensor<1x536x5xf32>, tensor<1xi64>, tensor<1x536xi1>) -> (tensor<1x9x16xf32>, tensor<1x1x9xf32>)
  check.expect_equal %o, %o_left : tensor<1x9x16xf32>
  check.expect_equal %lse, %lse_left : tensor<1x1x9xf32>
}

check.test "holes, heads" {
  %q = check.generate "q" scale = 2.0 : tensor<9x8xf32>
  %x0 = check.generate "x" : tensor<1x600x5xf32>
  %n = arith.constant dense<600> : tensor<1xi64>
  %all = arith.constant dense<true> : tensor<1x600xi1>
  %none = arith.constant dense<false> : tensor<256xi1>
  %nan = arith.constant dense<0x7FC00000> : tensor<256x5xf32>
  %m = tensor.insert_slice %none into %all[0, 256] [1, 256] [1, 1] : tensor<256xi1> into tensor<1x600xi1>
  %x = tensor.insert_slice %nan into %x0[0, 256, 0] [1, 256, 5] [1, 1, 1] : tensor<256x5xf32> into tensor<1x600x5xf32>
  %o, %lse = check.run @heads(%q, %x, %n, %m)
      : (tensor<9x8xf32>, tensor<1x600x5xf32>, tensor<1xi64>, tensor<1x600xi1>) -> (tensor<1x9x16xf32>, tensor<1x8x9xf32>)
  // >>> k, v = (linear(x0, linear_of(role)) for role in ("key", "value"))
  // >>> o, lse = attention(q[None], k, v, heads=8, key_mask=np.abs(np.arange(600) - 383.5)[None] > 128.0)
  // %e = o[0, 3, ::5]
  %e = arith.constant dense<[0.363051146, 1.18448746, 0.531208396, -0.438614756]> : tensor<4xf32>
  %row = tensor.extract_slice %o[0, 3, 0] [1, 1, 4] [1, 1, 5] : tensor<1x9x16xf32> to tensor<4xf32>
  check.expect_close %row, %e tolerance = 2.0e-6 : tensor<4xf32>

  %x_rest = tensor.extract_slice %x0[0, 512, 0] [1, 88, 5] [1, 1, 1] : tensor<1x600x5xf32> to tensor<1x88x5xf32>
  %x_first = tensor.extract_slice %x0[0, 0, 0] [1, 344, 5] [1, 1, 1] : tensor<1x600x5xf32> to tensor<1x344x5xf32>
  %x_left = tensor.insert_slice %x_rest into %x_first[0, 256, 0] [1, 88, 5] [1, 1, 1] : tensor<1x88x5xf32> into tensor<1x344x5xf32>
  %n_left = arith.constant dense<344> : tensor<1xi64>
  %all_left = arith.constant dense<true> : tensor<1x344xi1>
  %o_left, %lse_left = check.run @heads(%q, %x_left, %n_left, %all_left)
      : (tensor<9x8xf32>, tensor<1x344x5xf32>, tensor<1xi64>, tensor<1x344xi1>) -> (tensor<1x9x16xf32>, tensor<1x8x9xf32>)
  check.expect_equal %o, %o_left : tensor<1x9x16xf32>
  check.expect_equal %lse, %lse_left : tensor<1x8x9xf32>
}

// Of a static number of keys in blocks of 150. Keys and values beyond the last key
// in use are not even written.

func.func @static_heads(%q: tensor<9x8xf32> {perceiver.name = "q"},
               %x: tensor<?x300x5xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
               %n: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["batch"]},
               %m: tensor<?x300xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"]})
    -> (tensor<?x9x16xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x8x9xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x300x5xf32>
  %kw = perceiver.get_parameter @key.weight : tensor<5x8xf32>
  %vw = perceiver.get_parameter @value.weight : tensor<5x16xf32>
  %vb = perceiver.get_parameter @value.bias : tensor<16xf32>
  %init_k = tensor.empty(%batch) : tensor<?x300x8xf32>
  %k = block.linear ins(%x, %kw : tensor<?x300x5xf32>, tensor<5x8xf32>) outs(%init_k : tensor<?x300x8xf32>)
      -> tensor<?x300x8xf32>
  %init_v = tensor.empty(%batch) : tensor<?x300x16xf32>
  %v = block.linear ins(%x, %vw : tensor<?x300x5xf32>, tensor<5x16xf32>) bias(%vb : tensor<16xf32>)
      outs(%init_v : tensor<?x300x16xf32>) -> tensor<?x300x16xf32>
  %init_o = tensor.empty(%batch) : tensor<?x9x16xf32>
  %init_lse = tensor.empty(%batch) : tensor<?x8x9xf32>
  %o, %lse = block.attention ins(%q, %k, %v : tensor<9x8xf32>, tensor<?x300x8xf32>, tensor<?x300x16xf32>)
      lengths(%n : tensor<?xi64>) mask(%m : tensor<?x300xi1>)
      outs(%init_o, %init_lse : tensor<?x9x16xf32>, tensor<?x8x9xf32>) heads = 8
      -> tensor<?x9x16xf32>, tensor<?x8x9xf32>
  return %o, %lse : tensor<?x9x16xf32>, tensor<?x8x9xf32>
}

check.test "lengths, static_heads" {
  %q = check.generate "q" scale = 2.0 : tensor<9x8xf32>
  %x0 = check.generate "x" : tensor<4x300x5xf32>
  %n = arith.constant dense<[130, 300, 0, 151]> : tensor<4xi64>
  %all = arith.constant dense<true> : tensor<4x300xi1>
  %nan = arith.constant dense<0x7FC00000> : tensor<170x5xf32>
  %x = tensor.insert_slice %nan into %x0[0, 130, 0] [1, 170, 5] [1, 1, 1] : tensor<170x5xf32> into tensor<4x300x5xf32>
  %o, %lse = check.run @static_heads(%q, %x, %n, %all)
      : (tensor<9x8xf32>, tensor<4x300x5xf32>, tensor<4xi64>, tensor<4x300xi1>) -> (tensor<4x9x16xf32>, tensor<4x8x9xf32>)
  // >>> k, v = (linear(x0, linear_of(role)) for role in ("key", "value"))
  // >>> o, lse = attention(np.stack([q] * 4), k, v, heads=8, key_lengths=n)
  // %e = o[:, 3, ::5]
  %e = arith.constant dense<[[0.353480548, 1.13632786, 0.49593854, -0.396522582], [0.380153358, 1.12269163, 0.522070467, -0.411480516], [0.0, 0.0, 0.0, 0.0], [0.220335513, 1.10932767, 0.434174389, -0.253373802]]> : tensor<4x4xf32>
  %rows = tensor.extract_slice %o[0, 3, 0] [4, 1, 4] [1, 1, 5] : tensor<4x9x16xf32> to tensor<4x4xf32>
  check.expect_close %rows, %e tolerance = 2.0e-6 : tensor<4x4xf32>
  // %f = lse[:, 0, ::4]
  %f = arith.constant dense<[[5.09220552, 5.33677578, 4.9352603], [5.86098766, 6.08930111, 5.73184919], [0xFF800000, 0xFF800000, 0xFF800000], [5.19042587, 5.43241787, 5.05294752]]> : tensor<4x3xf32>
  %lses = tensor.extract_slice %lse[0, 0, 0] [4, 1, 3] [1, 1, 4] : tensor<4x8x9xf32> to tensor<4x3xf32>
  check.expect_close %lses, %f tolerance = 2.0e-6 : tensor<4x3xf32>

  // The same keys by a mask: the same bits.
  %n_all = arith.constant dense<[300, 300, 0, 151]> : tensor<4xi64>
  %none = arith.constant dense<false> : tensor<170xi1>
  %padded = tensor.insert_slice %none into %all[0, 130] [1, 170] [1, 1] : tensor<170xi1> into tensor<4x300xi1>
  %o_mask, %lse_mask = check.run @static_heads(%q, %x, %n_all, %padded)
      : (tensor<9x8xf32>, tensor<4x300x5xf32>, tensor<4xi64>, tensor<4x300xi1>) -> (tensor<4x9x16xf32>, tensor<4x8x9xf32>)
  check.expect_equal %o_mask, %o : tensor<4x9x16xf32>
  check.expect_equal %lse_mask, %lse : tensor<4x8x9xf32>
}
