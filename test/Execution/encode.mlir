// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// Latents read inputs: any number of rows, lengths and a mask, GEGLU, head
// widths that differ, no bias of the projections.

perceiver.parameter @latents : tensor<5x12xf32> key "latents"
perceiver.parameter @cross.q_norm.weight : tensor<12xf32> key "cross.q_norm.weight"
perceiver.parameter @cross.q_norm.bias : tensor<12xf32> key "cross.q_norm.bias"
perceiver.parameter @cross.kv_norm.weight : tensor<7xf32> key "cross.kv_norm.weight"
perceiver.parameter @cross.kv_norm.bias : tensor<7xf32> key "cross.kv_norm.bias"
perceiver.parameter @cross.query.weight : tensor<12x6xf32> key "cross.query.weight"
perceiver.parameter @cross.key.weight : tensor<7x6xf32> key "cross.key.weight"
perceiver.parameter @cross.value.weight : tensor<7x9xf32> key "cross.value.weight"
perceiver.parameter @cross.output.weight : tensor<9x12xf32> key "cross.output.weight"
perceiver.parameter @cross.output.bias : tensor<12xf32> key "cross.output.bias"
perceiver.parameter @cross.mlp_norm.weight : tensor<12xf32> key "cross.mlp_norm.weight"
perceiver.parameter @cross.mlp_norm.bias : tensor<12xf32> key "cross.mlp_norm.bias"
perceiver.parameter @cross.mlp_in.weight : tensor<12x34xf32> key "cross.mlp_in.weight"
perceiver.parameter @cross.mlp_in.bias : tensor<34xf32> key "cross.mlp_in.bias"
perceiver.parameter @cross.mlp_out.weight : tensor<17x12xf32> key "cross.mlp_out.weight"
perceiver.parameter @cross.mlp_out.bias : tensor<12xf32> key "cross.mlp_out.bias"

check.checkpoint {
  %0 = check.generate "latents" : tensor<5x12xf32>
  check.tensor "latents", %0 : tensor<5x12xf32>
  %1 = check.generate "cross.q_norm.weight" scale = 0.5 offset = 1.0 : tensor<12xf32>
  check.tensor "cross.q_norm.weight", %1 : tensor<12xf32>
  %2 = check.generate "cross.q_norm.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "cross.q_norm.bias", %2 : tensor<12xf32>
  %3 = check.generate "cross.kv_norm.weight" scale = 0.5 offset = 1.0 : tensor<7xf32>
  check.tensor "cross.kv_norm.weight", %3 : tensor<7xf32>
  %4 = check.generate "cross.kv_norm.bias" scale = 0.5 : tensor<7xf32>
  check.tensor "cross.kv_norm.bias", %4 : tensor<7xf32>
  %5 = check.generate "cross.query.weight" : tensor<12x6xf32>
  check.tensor "cross.query.weight", %5 : tensor<12x6xf32>
  %6 = check.generate "cross.key.weight" : tensor<7x6xf32>
  check.tensor "cross.key.weight", %6 : tensor<7x6xf32>
  %7 = check.generate "cross.value.weight" scale = 0.65 : tensor<7x9xf32>
  check.tensor "cross.value.weight", %7 : tensor<7x9xf32>
  %8 = check.generate "cross.output.weight" scale = 0.58 : tensor<9x12xf32>
  check.tensor "cross.output.weight", %8 : tensor<9x12xf32>
  %9 = check.generate "cross.output.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "cross.output.bias", %9 : tensor<12xf32>
  %10 = check.generate "cross.mlp_norm.weight" scale = 0.5 offset = 1.0 : tensor<12xf32>
  check.tensor "cross.mlp_norm.weight", %10 : tensor<12xf32>
  %11 = check.generate "cross.mlp_norm.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "cross.mlp_norm.bias", %11 : tensor<12xf32>
  %12 = check.generate "cross.mlp_in.weight" scale = 0.5 : tensor<12x34xf32>
  check.tensor "cross.mlp_in.weight", %12 : tensor<12x34xf32>
  %13 = check.generate "cross.mlp_in.bias" scale = 0.5 : tensor<34xf32>
  check.tensor "cross.mlp_in.bias", %13 : tensor<34xf32>
  %14 = check.generate "cross.mlp_out.weight" scale = 0.42 : tensor<17x12xf32>
  check.tensor "cross.mlp_out.weight", %14 : tensor<17x12xf32>
  %15 = check.generate "cross.mlp_out.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "cross.mlp_out.bias", %15 : tensor<12xf32>
}

func.func @encode(%data: tensor<?x?x7xf32> {perceiver.name = "data", perceiver.sizes = ["batch", "rows"]},
                  %lengths: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["batch"]},
                  %mask: tensor<?x?xi1> {perceiver.name = "mask", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x5x12xf32> {perceiver.name = "latents", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %latents = perceiver.get_parameter @latents : tensor<5x12xf32>
  %z = perceiver.encode %latents, %data lengths(%lengths : tensor<?xi64>) mask(%mask : tensor<?x?xi1>)
      heads = 3 qk_channels = 6 v_channels = 9 mlp = gated(gelu_erf) weights @cross without_bias [query, key, value]
      {scale = 0.5 : f64, masked_rows = #perceiver.masked_rows<uniform>}
      : tensor<5x12xf32>, tensor<?x?x7xf32> -> tensor<?x5x12xf32>
  return %z : tensor<?x5x12xf32>
}

// The second entry of the batch has no key left: its rows average the values.
// NaN stands where neither length nor mask lets anybody look.

check.test "33 rows" {
  %x0 = check.generate "x" : tensor<3x33x7xf32>
  %n = arith.constant dense<[33, 0, 9]> : tensor<3xi64>
  %m = check.generate "m" offset = 0.3 : tensor<3x33xi1>
  %nan = arith.constant dense<0x7FC00000> : tensor<7xf32>
  %x = tensor.insert_slice %nan into %x0[2, 9, 0] [1, 1, 7] [1, 1, 1] : tensor<7xf32> into tensor<3x33x7xf32>
  %z = check.run @encode(%x, %n, %m) : (tensor<3x33x7xf32>, tensor<3xi64>, tensor<3x33xi1>) -> tensor<3x5x12xf32>
  // %e = encode(tensor("latents"), x0, block("cross", 3, "gated(gelu_erf)"), key_mask=m, key_lengths=n, scale=0.5, masked_rows="uniform")[:, 4]
  %e = arith.constant dense<[[2.32671905, -0.66339463, -0.311852634, 0.786608815, -1.05571556, -1.43935597, 3.38153625, 1.03239799, -1.73481655, -0.819962442, -0.919109166, 0.149033964], [2.36863995, -1.42150807, 0.38473621, 1.17547631, -0.124917813, -1.82161283, 3.75530672, 1.64160919, -1.82419574, -1.68904686, -0.206582606, -0.463752121], [3.90967917, -0.148592964, 0.0193644576, 1.50251245, 2.74536657, -1.94559383, 2.70870948, 1.86476517, -0.474318802, -0.197491154, -0.784593761, -1.67064905]]> : tensor<3x12xf32>
  %part = tensor.extract_slice %z[0, 4, 0] [3, 1, 12] [1, 1, 1] : tensor<3x5x12xf32> to tensor<3x12xf32>
  check.expect_close %part, %e tolerance = 5.0e-6 : tensor<3x12xf32>
}

check.test "one row" {
  %x = check.generate "x" : tensor<1x1x7xf32>
  %n = arith.constant dense<1> : tensor<1xi64>
  %m = arith.constant dense<true> : tensor<1x1xi1>
  %z = check.run @encode(%x, %n, %m) : (tensor<1x1x7xf32>, tensor<1xi64>, tensor<1x1xi1>) -> tensor<1x5x12xf32>
  // %e = encode(tensor("latents"), x, block("cross", 3, "gated(gelu_erf)"), scale=0.5)[:, 0]
  %e = arith.constant dense<[[-1.02568483, -1.55967879, 1.77666342, -1.12056315, 0.830630183, 0.743629873, 0.075606592, 1.52958047, 0.439158618, 0.498135805, 0.515272081, 0.51674211]]> : tensor<1x12xf32>
  %part = tensor.extract_slice %z[0, 0, 0] [1, 1, 12] [1, 1, 1] : tensor<1x5x12xf32> to tensor<1x12xf32>
  check.expect_close %part, %e tolerance = 5.0e-6 : tensor<1x12xf32>
}

// The second block of keys has 45; keys are normed and projected inside.

check.test "301 rows" {
  %x = check.generate "x" : tensor<2x301x7xf32>
  %n = arith.constant dense<[301, 256]> : tensor<2xi64>
  %m = check.generate "m" offset = 0.3 : tensor<2x301xi1>
  %z = check.run @encode(%x, %n, %m) : (tensor<2x301x7xf32>, tensor<2xi64>, tensor<2x301xi1>) -> tensor<2x5x12xf32>
  // %e = encode(tensor("latents"), x, block("cross", 3, "gated(gelu_erf)"), key_mask=m, key_lengths=n, scale=0.5, masked_rows="uniform")[:, 2]
  %e = arith.constant dense<[[2.52200723, -1.73317015, 2.08005214, 1.01364839, 0.536686361, -1.29014111, 1.23411441, -0.182870194, 1.25816011, 0.233616695, -1.55047405, -1.44504642], [2.95928073, -1.39175284, 1.97568464, 1.35563898, 0.517892599, -1.4547441, 2.01428747, -0.907942832, 0.569191754, 0.403976023, -1.23948419, -1.48360956]]> : tensor<2x12xf32>
  %part = tensor.extract_slice %z[0, 2, 0] [2, 1, 12] [1, 1, 1] : tensor<2x5x12xf32> to tensor<2x12xf32>
  check.expect_close %part, %e tolerance = 5.0e-6 : tensor<2x12xf32>
  %x1 = tensor.extract_slice %x[1, 0, 0] [1, 301, 7] [1, 1, 1] : tensor<2x301x7xf32> to tensor<1x301x7xf32>
  %n1 = tensor.extract_slice %n[1] [1] [1] : tensor<2xi64> to tensor<1xi64>
  %m1 = tensor.extract_slice %m[1, 0] [1, 301] [1, 1] : tensor<2x301xi1> to tensor<1x301xi1>
  %alone = check.run @encode(%x1, %n1, %m1) : (tensor<1x301x7xf32>, tensor<1xi64>, tensor<1x301xi1>) -> tensor<1x5x12xf32>
  %row = tensor.extract_slice %z[1, 0, 0] [1, 5, 12] [1, 1, 1] : tensor<2x5x12xf32> to tensor<1x5x12xf32>
  check.expect_equal %alone, %row : tensor<1x5x12xf32>
}
