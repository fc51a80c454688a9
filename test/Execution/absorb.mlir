// RUN: perceiver-test-runner %s

// Attentions that absorb the layers of their keys and values, by the attribute:
// of learned latents, of given queries with masks, where weights are merged and
// where merging would cost more. The results are those of the model.

perceiver.parameter @latents : tensor<5x12xf32> key "latents"
perceiver.parameter @a.q_norm.weight : tensor<12xf32> key "a.q_norm.weight"
perceiver.parameter @a.q_norm.bias : tensor<12xf32> key "a.q_norm.bias"
perceiver.parameter @a.kv_norm.weight : tensor<7xf32> key "a.kv_norm.weight"
perceiver.parameter @a.kv_norm.bias : tensor<7xf32> key "a.kv_norm.bias"
perceiver.parameter @a.query.weight : tensor<12x6xf32> key "a.query.weight"
perceiver.parameter @a.query.bias : tensor<6xf32> key "a.query.bias"
perceiver.parameter @a.key.weight : tensor<7x6xf32> key "a.key.weight"
perceiver.parameter @a.key.bias : tensor<6xf32> key "a.key.bias"
perceiver.parameter @a.value.weight : tensor<7x6xf32> key "a.value.weight"
perceiver.parameter @a.value.bias : tensor<6xf32> key "a.value.bias"
perceiver.parameter @a.output.weight : tensor<6x12xf32> key "a.output.weight"
perceiver.parameter @a.output.bias : tensor<12xf32> key "a.output.bias"
perceiver.parameter @b.q_norm.weight : tensor<12xf32> key "b.q_norm.weight"
perceiver.parameter @b.q_norm.bias : tensor<12xf32> key "b.q_norm.bias"
perceiver.parameter @b.kv_norm.weight : tensor<40xf32> key "b.kv_norm.weight"
perceiver.parameter @b.kv_norm.bias : tensor<40xf32> key "b.kv_norm.bias"
perceiver.parameter @b.query.weight : tensor<12x6xf32> key "b.query.weight"
perceiver.parameter @b.query.bias : tensor<6xf32> key "b.query.bias"
perceiver.parameter @b.key.weight : tensor<40x6xf32> key "b.key.weight"
perceiver.parameter @b.key.bias : tensor<6xf32> key "b.key.bias"
perceiver.parameter @b.value.weight : tensor<40x6xf32> key "b.value.weight"
perceiver.parameter @b.value.bias : tensor<6xf32> key "b.value.bias"
perceiver.parameter @b.output.weight : tensor<6x12xf32> key "b.output.weight"
perceiver.parameter @b.output.bias : tensor<12xf32> key "b.output.bias"

check.checkpoint {
  %0 = check.generate "latents" : tensor<5x12xf32>
  check.tensor "latents", %0 : tensor<5x12xf32>
  %1 = check.generate "a.q_norm.weight" scale = 0.5 offset = 1.0 : tensor<12xf32>
  check.tensor "a.q_norm.weight", %1 : tensor<12xf32>
  %2 = check.generate "a.q_norm.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "a.q_norm.bias", %2 : tensor<12xf32>
  %3 = check.generate "a.kv_norm.weight" scale = 0.5 offset = 1.0 : tensor<7xf32>
  check.tensor "a.kv_norm.weight", %3 : tensor<7xf32>
  %4 = check.generate "a.kv_norm.bias" scale = 0.5 : tensor<7xf32>
  check.tensor "a.kv_norm.bias", %4 : tensor<7xf32>
  %5 = check.generate "a.query.weight" : tensor<12x6xf32>
  check.tensor "a.query.weight", %5 : tensor<12x6xf32>
  %6 = check.generate "a.query.bias" scale = 0.5 : tensor<6xf32>
  check.tensor "a.query.bias", %6 : tensor<6xf32>
  %7 = check.generate "a.key.weight" : tensor<7x6xf32>
  check.tensor "a.key.weight", %7 : tensor<7x6xf32>
  %8 = check.generate "a.key.bias" scale = 0.5 : tensor<6xf32>
  check.tensor "a.key.bias", %8 : tensor<6xf32>
  %9 = check.generate "a.value.weight" scale = 0.65 : tensor<7x6xf32>
  check.tensor "a.value.weight", %9 : tensor<7x6xf32>
  %10 = check.generate "a.value.bias" scale = 0.5 : tensor<6xf32>
  check.tensor "a.value.bias", %10 : tensor<6xf32>
  %11 = check.generate "a.output.weight" scale = 0.58 : tensor<6x12xf32>
  check.tensor "a.output.weight", %11 : tensor<6x12xf32>
  %12 = check.generate "a.output.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "a.output.bias", %12 : tensor<12xf32>
  %13 = check.generate "b.q_norm.weight" scale = 0.5 offset = 1.0 : tensor<12xf32>
  check.tensor "b.q_norm.weight", %13 : tensor<12xf32>
  %14 = check.generate "b.q_norm.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "b.q_norm.bias", %14 : tensor<12xf32>
  %15 = check.generate "b.kv_norm.weight" scale = 0.5 offset = 1.0 : tensor<40xf32>
  check.tensor "b.kv_norm.weight", %15 : tensor<40xf32>
  %16 = check.generate "b.kv_norm.bias" scale = 0.5 : tensor<40xf32>
  check.tensor "b.kv_norm.bias", %16 : tensor<40xf32>
  %17 = check.generate "b.query.weight" : tensor<12x6xf32>
  check.tensor "b.query.weight", %17 : tensor<12x6xf32>
  %18 = check.generate "b.query.bias" scale = 0.5 : tensor<6xf32>
  check.tensor "b.query.bias", %18 : tensor<6xf32>
  %19 = check.generate "b.key.weight" : tensor<40x6xf32>
  check.tensor "b.key.weight", %19 : tensor<40x6xf32>
  %20 = check.generate "b.key.bias" scale = 0.5 : tensor<6xf32>
  check.tensor "b.key.bias", %20 : tensor<6xf32>
  %21 = check.generate "b.value.weight" scale = 0.65 : tensor<40x6xf32>
  check.tensor "b.value.weight", %21 : tensor<40x6xf32>
  %22 = check.generate "b.value.bias" scale = 0.5 : tensor<6xf32>
  check.tensor "b.value.bias", %22 : tensor<6xf32>
  %23 = check.generate "b.output.weight" scale = 0.58 : tensor<6x12xf32>
  check.tensor "b.output.weight", %23 : tensor<6x12xf32>
  %24 = check.generate "b.output.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "b.output.bias", %24 : tensor<12xf32>
}

func.func @learned(%x: tensor<?x?x7xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x5x12xf32> {perceiver.name = "z", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  %z = perceiver.encode %latents, %x heads = 1 qk_channels = 6 v_channels = 6 mlp = none weights @a
      {perceiver.algebra = #perceiver.algebra<absorb>} : tensor<5x12xf32>, tensor<?x?x7xf32> -> tensor<?x5x12xf32>
  return %z : tensor<?x5x12xf32>
}

func.func @given(%q: tensor<?x9x12xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                 %x: tensor<?x?x7xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]},
                 %m: tensor<?x?xi1> {perceiver.name = "m", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x9x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %y = perceiver.cross_block %q, %x mask(%m : tensor<?x?xi1>) heads = 3 qk_channels = 6 v_channels = 6 mlp = none
      weights @a {masked_rows = #perceiver.masked_rows<uniform>, perceiver.algebra = #perceiver.algebra<absorb>}
      : tensor<?x9x12xf32>, tensor<?x?x7xf32> -> tensor<?x9x12xf32>
  return %y : tensor<?x9x12xf32>
}

func.func @keys(%q: tensor<?x9x12xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                 %x: tensor<?x?x7xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]},
                 %m: tensor<?x?xi1> {perceiver.name = "m", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x9x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %y = perceiver.cross_block %q, %x mask(%m : tensor<?x?xi1>) heads = 1 qk_channels = 6 v_channels = 6 mlp = none
      weights @a {perceiver.algebra = #perceiver.algebra<absorb_keys>}
      : tensor<?x9x12xf32>, tensor<?x?x7xf32> -> tensor<?x9x12xf32>
  return %y : tensor<?x9x12xf32>
}

func.func @values(%q: tensor<?x9x12xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                 %x: tensor<?x?x7xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x9x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %y = perceiver.cross_block %q, %x heads = 1 qk_channels = 6 v_channels = 6 mlp = none
      weights @a {perceiver.algebra = #perceiver.algebra<absorb_values>}
      : tensor<?x9x12xf32>, tensor<?x?x7xf32> -> tensor<?x9x12xf32>
  return %y : tensor<?x9x12xf32>
}

// Keys of 40 channels: what absorbs their weights is a layer of its own.

func.func @wide(%q: tensor<?x9x12xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                %x: tensor<?x33x40xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x9x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %y = perceiver.cross_block %q, %x heads = 2 qk_channels = 6 v_channels = 6 mlp = none
      weights @b {perceiver.algebra = #perceiver.algebra<absorb>}
      : tensor<?x9x12xf32>, tensor<?x33x40xf32> -> tensor<?x9x12xf32>
  return %y : tensor<?x9x12xf32>
}

// Of 700 keys several parts; inputs far from 0 for their deviation, too.

check.test "learned" {
  %x = check.generate "x" offset = 100.0 : tensor<2x700x7xf32>
  %z = check.run @learned(%x) : (tensor<2x700x7xf32>) -> tensor<2x5x12xf32>
  // %e = encode(tensor("latents"), x, block("a", 1))[:, 3]
  %e = arith.constant dense<[[-0.810396731, 0.569188833, -0.859212995, 1.53732622, -2.1630404, 0.868963897, 1.75094962, -2.15282774, -0.313806921, -1.73163676, -1.52062035, 1.2855705], [-0.757119954, 0.537279308, -0.932926834, 1.67048979, -2.31944036, 0.940415204, 1.94076359, -2.22279048, -0.255977958, -1.73071063, -1.53651869, 1.39937294]]> : tensor<2x12xf32>
  %part = tensor.extract_slice %z[0, 3, 0] [2, 1, 12] [1, 1, 1] : tensor<2x5x12xf32> to tensor<2x12xf32>
  check.expect_close %part, %e tolerance = 2.0e-5 : tensor<2x12xf32>
  %x1 = tensor.extract_slice %x[1, 0, 0] [1, 700, 7] [1, 1, 1] : tensor<2x700x7xf32> to tensor<1x700x7xf32>
  %alone = check.run @learned(%x1) : (tensor<1x700x7xf32>) -> tensor<1x5x12xf32>
  %row = tensor.extract_slice %z[1, 0, 0] [1, 5, 12] [1, 1, 1] : tensor<2x5x12xf32> to tensor<1x5x12xf32>
  check.expect_equal %alone, %row : tensor<1x5x12xf32>
}

// No key of the second batch entry takes part.

check.test "given" {
  %q = check.generate "q" : tensor<2x9x12xf32>
  %x = check.generate "x" : tensor<2x33x7xf32>
  %m0 = check.generate "m" offset = 0.3 : tensor<2x33xi1>
  %none = arith.constant dense<false> : tensor<33xi1>
  %m = tensor.insert_slice %none into %m0[1, 0] [1, 33] [1, 1] : tensor<33xi1> into tensor<2x33xi1>
  %y = check.run @given(%q, %x, %m) : (tensor<2x9x12xf32>, tensor<2x33x7xf32>, tensor<2x33xi1>) -> tensor<2x9x12xf32>
  %k = check.run @keys(%q, %x, %m) : (tensor<2x9x12xf32>, tensor<2x33x7xf32>, tensor<2x33xi1>) -> tensor<2x9x12xf32>
  %v = check.run @values(%q, %x) : (tensor<2x9x12xf32>, tensor<2x33x7xf32>) -> tensor<2x9x12xf32>
  // >>> m = m0 & np.array([[True], [False]])
  // %e = decode(q, x, block("a", 3), residual=True, key_mask=m, masked_rows="uniform")[:, 7]
  %e = arith.constant dense<[[0.37374413, 0.5691517, 2.16609311, 0.306809485, 1.07361031, -0.876240551, 0.239933208, -0.481496781, 1.16506255, 1.0163908, 0.910998404, 0.635198772], [-1.16439557, 0.279861212, 0.5888623, -0.0642470494, -2.7211113, 0.867348909, -0.152120605, -0.864565015, 0.704959035, -0.338965744, -1.3170495, 1.23460078]]> : tensor<2x12xf32>
  %row = tensor.extract_slice %y[0, 7, 0] [2, 1, 12] [1, 1, 1] : tensor<2x9x12xf32> to tensor<2x12xf32>
  check.expect_close %row, %e tolerance = 3.0e-6 : tensor<2x12xf32>
  // %f = decode(q, x, block("a", 1), residual=True, key_mask=m)[:, 7]
  %f = arith.constant dense<[[-0.464028448, 0.92509824, 2.98353767, -0.119676784, 1.16622996, -1.62410247, -1.31026602, 0.00192765845, 0.828460634, 0.636228681, 0.813419521, -0.19628647], [-0.763629377, 0.435864896, 1.14795578, -0.616399884, -1.02201128, 0.585735798, -0.682094574, 0.0612075627, 0.829881549, 0.479726225, -0.281240851, 0.53699404]]> : tensor<2x12xf32>
  %rk = tensor.extract_slice %k[0, 7, 0] [2, 1, 12] [1, 1, 1] : tensor<2x9x12xf32> to tensor<2x12xf32>
  check.expect_close %rk, %f tolerance = 3.0e-6 : tensor<2x12xf32>
  // %g = decode(q, x, block("a", 1), residual=True)[:, 7]
  %g = arith.constant dense<[[-0.518106341, 0.845139563, 2.79114723, -0.0689373985, 0.981075108, -1.59012628, -1.28610659, -0.12971127, 0.795412779, 0.478014499, 0.715445101, -0.154590473], [-1.04453146, 0.333302855, 0.485517383, 0.405806571, -3.35720611, 1.13704705, 0.44653666, -1.15088093, 0.862614989, -0.494791687, -1.62968516, 1.82419372]]> : tensor<2x12xf32>
  %rv = tensor.extract_slice %v[0, 7, 0] [2, 1, 12] [1, 1, 1] : tensor<2x9x12xf32> to tensor<2x12xf32>
  check.expect_close %rv, %g tolerance = 3.0e-6 : tensor<2x12xf32>
}

check.test "wide" {
  %q = check.generate "q" : tensor<2x9x12xf32>
  %x = check.generate "x" : tensor<2x33x40xf32>
  %y = check.run @wide(%q, %x) : (tensor<2x9x12xf32>, tensor<2x33x40xf32>) -> tensor<2x9x12xf32>
  // %e = decode(q, x, block("b", 2), residual=True)[:, 7]
  %e = arith.constant dense<[[1.00304651, 0.519421577, 0.513615429, -0.662273467, 0.512140334, 1.81581533, 1.39224494, -1.46917248, 1.14396036, 0.204307199, -0.749743104, 1.67924559], [-0.430543333, -2.01503015, 1.16929591, -0.435867012, -1.75421393, 2.55245852, -0.564112902, 0.68805778, -1.25429296, 1.82271791, -2.32131839, -0.61935842]]> : tensor<2x12xf32>
  %row = tensor.extract_slice %y[0, 7, 0] [2, 1, 12] [1, 1, 1] : tensor<2x9x12xf32> to tensor<2x12xf32>
  check.expect_close %row, %e tolerance = 5.0e-6 : tensor<2x12xf32>
}
