// RUN: perceiver-test-runner %s

// Attentions that absorb the layers of their queries and their output, by the
// attribute: many queries of few keys, whose weights are merged and where merging
// would cost more. The results are those of the model.

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

func.func @both(%q: tensor<?x270x12xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
               %x: tensor<?x33x7xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
               %m: tensor<?x33xi1> {perceiver.name = "m", perceiver.sizes = ["batch"]})
    -> (tensor<?x270x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %y = perceiver.cross_block %q, %x mask(%m : tensor<?x33xi1>) heads = 1 qk_channels = 6 v_channels = 6 mlp = none
      weights @a {perceiver.algebra = #perceiver.algebra<absorb_queries_and_output>}
      : tensor<?x270x12xf32>, tensor<?x33x7xf32> -> tensor<?x270x12xf32>
  return %y : tensor<?x270x12xf32>
}

func.func @uniform(%q: tensor<?x9x12xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
               %x: tensor<?x33x7xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
               %m: tensor<?x33xi1> {perceiver.name = "m", perceiver.sizes = ["batch"]})
    -> (tensor<?x9x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %y = perceiver.cross_block %q, %x mask(%m : tensor<?x33xi1>) heads = 1 qk_channels = 6 v_channels = 6 mlp = none
      weights @a {masked_rows = #perceiver.masked_rows<uniform>, perceiver.algebra = #perceiver.algebra<absorb_queries_and_output>}
      : tensor<?x9x12xf32>, tensor<?x33x7xf32> -> tensor<?x9x12xf32>
  return %y : tensor<?x9x12xf32>
}

func.func @queries(%q: tensor<?x9x12xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
               %x: tensor<?x?x7xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "keys"]},
               %m: tensor<?x?xi1> {perceiver.name = "m", perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x9x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %y = perceiver.cross_block %q, %x mask(%m : tensor<?x?xi1>) heads = 1 qk_channels = 6 v_channels = 6 mlp = none
      weights @a {perceiver.algebra = #perceiver.algebra<absorb_queries>}
      : tensor<?x9x12xf32>, tensor<?x?x7xf32> -> tensor<?x9x12xf32>
  return %y : tensor<?x9x12xf32>
}

func.func @output(%q: tensor<?x9x12xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
               %x: tensor<?x33x7xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x9x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %y = perceiver.cross_block %q, %x heads = 1 qk_channels = 6 v_channels = 6 mlp = none
      weights @a {perceiver.algebra = #perceiver.algebra<absorb_output>}
      : tensor<?x9x12xf32>, tensor<?x33x7xf32> -> tensor<?x9x12xf32>
  return %y : tensor<?x9x12xf32>
}

// Keys of 40 channels: what absorbs the weights are layers of their own.

func.func @wide(%q: tensor<?x9x12xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
               %x: tensor<?x33x40xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x9x12xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %y = perceiver.cross_block %q, %x heads = 1 qk_channels = 6 v_channels = 6 mlp = none
      weights @b {perceiver.algebra = #perceiver.algebra<absorb_queries_and_output>}
      : tensor<?x9x12xf32>, tensor<?x33x40xf32> -> tensor<?x9x12xf32>
  return %y : tensor<?x9x12xf32>
}

// Queries far from 0 for their deviation, in tasks of their own; no key of the
// second batch entry takes part, and its result is the bias and the residual.

check.test "both" {
  %q = check.generate "q" offset = 100.0 : tensor<2x270x12xf32>
  %x = check.generate "x" : tensor<2x33x7xf32>
  %m0 = check.generate "m" offset = 0.3 : tensor<2x33xi1>
  %none = arith.constant dense<false> : tensor<33xi1>
  %m = tensor.insert_slice %none into %m0[1, 0] [1, 33] [1, 1] : tensor<33xi1> into tensor<2x33xi1>
  %y = check.run @both(%q, %x, %m) : (tensor<2x270x12xf32>, tensor<2x33x7xf32>, tensor<2x33xi1>) -> tensor<2x270x12xf32>
  // >>> m = m0 & np.array([[True], [False]])
  // %e = decode(q, x, block("a", 1), residual=True, key_mask=m)[:, 267]
  %e = arith.constant dense<[[98.653595, 100.4188, 97.7691193, 102.000748, 96.2390976, 100.526115, 101.593903, 98.3458939, 100.072968, 97.117485, 97.7147141, 102.1642], [100.516182, 100.076279, 101.168053, 99.4747925, 100.516289, 100.746223, 98.8733368, 100.03981, 100.651695, 98.7557297, 100.917366, 100.17968]]> : tensor<2x12xf32>
  %row = tensor.extract_slice %y[0, 267, 0] [2, 1, 12] [1, 1, 1] : tensor<2x270x12xf32> to tensor<2x12xf32>
  check.expect_close %row, %e tolerance = 2.0e-5 : tensor<2x12xf32>
  %q1 = tensor.extract_slice %q[0, 0, 0] [1, 270, 12] [1, 1, 1] : tensor<2x270x12xf32> to tensor<1x270x12xf32>
  %x1 = tensor.extract_slice %x[0, 0, 0] [1, 33, 7] [1, 1, 1] : tensor<2x33x7xf32> to tensor<1x33x7xf32>
  %m1 = tensor.extract_slice %m[0, 0] [1, 33] [1, 1] : tensor<2x33xi1> to tensor<1x33xi1>
  %alone = check.run @both(%q1, %x1, %m1) : (tensor<1x270x12xf32>, tensor<1x33x7xf32>, tensor<1x33xi1>) -> tensor<1x270x12xf32>
  %first = tensor.extract_slice %y[0, 0, 0] [1, 270, 12] [1, 1, 1] : tensor<2x270x12xf32> to tensor<1x270x12xf32>
  check.expect_equal %alone, %first : tensor<1x270x12xf32>
}

check.test "halves" {
  %q = check.generate "q" : tensor<2x9x12xf32>
  %x = check.generate "x" : tensor<2x33x7xf32>
  %long = check.generate "x" offset = 100.0 : tensor<2x700x7xf32>
  %m0 = check.generate "m" offset = 0.3 : tensor<2x33xi1>
  %none = arith.constant dense<false> : tensor<33xi1>
  %m = tensor.insert_slice %none into %m0[1, 0] [1, 33] [1, 1] : tensor<33xi1> into tensor<2x33xi1>
  %n = check.generate "n" : tensor<2x700xi1>
  %u = check.run @uniform(%q, %x, %m) : (tensor<2x9x12xf32>, tensor<2x33x7xf32>, tensor<2x33xi1>) -> tensor<2x9x12xf32>
  %k = check.run @queries(%q, %long, %n) : (tensor<2x9x12xf32>, tensor<2x700x7xf32>, tensor<2x700xi1>) -> tensor<2x9x12xf32>
  %v = check.run @output(%q, %x) : (tensor<2x9x12xf32>, tensor<2x33x7xf32>) -> tensor<2x9x12xf32>
  // >>> m = m0 & np.array([[True], [False]])
  // %e = decode(q, x, block("a", 1), residual=True, key_mask=m, masked_rows="uniform")[:, 7]
  %e = arith.constant dense<[[-0.464028448, 0.92509824, 2.98353767, -0.119676784, 1.16622996, -1.62410247, -1.31026602, 0.00192765845, 0.828460634, 0.636228681, 0.813419521, -0.19628647], [-1.16439557, 0.279861212, 0.5888623, -0.0642470494, -2.7211113, 0.867348909, -0.152120605, -0.864565015, 0.704959035, -0.338965744, -1.3170495, 1.23460078]]> : tensor<2x12xf32>
  %ru = tensor.extract_slice %u[0, 7, 0] [2, 1, 12] [1, 1, 1] : tensor<2x9x12xf32> to tensor<2x12xf32>
  check.expect_close %ru, %e tolerance = 3.0e-6 : tensor<2x12xf32>
  // %f = decode(q, long, block("a", 1), residual=True, key_mask=n)[:, 7]
  %f = arith.constant dense<[[-0.535184205, 0.560520709, 2.20315075, 0.0208130609, 0.397327662, -1.34674788, -0.700267673, -0.674948931, 0.744140208, 0.328007579, 0.343263954, 0.0908367783], [-0.746911407, 0.491290838, 0.808343291, 0.234894693, -2.44858289, 1.04196608, 0.234568447, -0.617058039, 1.00154543, -0.112711169, -1.07891297, 1.60816276]]> : tensor<2x12xf32>
  %rk = tensor.extract_slice %k[0, 7, 0] [2, 1, 12] [1, 1, 1] : tensor<2x9x12xf32> to tensor<2x12xf32>
  check.expect_close %rk, %f tolerance = 2.0e-5 : tensor<2x12xf32>
  // %g = decode(q, x, block("a", 1), residual=True)[:, 7]
  %g = arith.constant dense<[[-0.518106341, 0.845139563, 2.79114723, -0.0689373985, 0.981075108, -1.59012628, -1.28610659, -0.12971127, 0.795412779, 0.478014499, 0.715445101, -0.154590473], [-1.04453146, 0.333302855, 0.485517383, 0.405806571, -3.35720611, 1.13704705, 0.44653666, -1.15088093, 0.862614989, -0.494791687, -1.62968516, 1.82419372]]> : tensor<2x12xf32>
  %rv = tensor.extract_slice %v[0, 7, 0] [2, 1, 12] [1, 1, 1] : tensor<2x9x12xf32> to tensor<2x12xf32>
  check.expect_close %rv, %g tolerance = 3.0e-6 : tensor<2x12xf32>
}

check.test "wide" {
  %q = check.generate "q" : tensor<2x9x12xf32>
  %x = check.generate "x" : tensor<2x33x40xf32>
  %y = check.run @wide(%q, %x) : (tensor<2x9x12xf32>, tensor<2x33x40xf32>) -> tensor<2x9x12xf32>
  // %e = decode(q, x, block("b", 1), residual=True)[:, 7]
  %e = arith.constant dense<[[-0.152861208, -0.112934552, 0.20056811, -2.33929276, -2.19085789, 1.8970499, 6.44310093, 0.336250246, -1.23836076, -2.65312028, -3.67355204, 4.93212938], [0.802326262, -0.553999543, 1.27778888, -1.11463547, -0.0727918223, 1.68629968, 0.581469476, 0.869852364, -0.634869099, 0.810220838, -1.58973217, 0.944299161]]> : tensor<2x12xf32>
  %row = tensor.extract_slice %y[0, 7, 0] [2, 1, 12] [1, 1, 1] : tensor<2x9x12xf32> to tensor<2x12xf32>
  check.expect_close %row, %e tolerance = 5.0e-6 : tensor<2x12xf32>
}
