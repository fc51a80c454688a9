// RUN: perceiver-test-runner %s --from=rewrite
// RUN: perceiver-test-runner %s --from=rewrite --device=emulated

// Attention between projections with biases. The bias of the keys adds the same
// to all scores of a query, so only the LSE shows it.

perceiver.parameter @query.weight : tensor<7x12xf32> key "query.weight"
perceiver.parameter @query.bias : tensor<12xf32> key "query.bias"
perceiver.parameter @key.weight : tensor<5x12xf32> key "key.weight"
perceiver.parameter @key.bias : tensor<12xf32> key "key.bias"
perceiver.parameter @value.weight : tensor<5x6xf32> key "value.weight"
perceiver.parameter @value.bias : tensor<6xf32> key "value.bias"

check.checkpoint {
  %qw = check.generate "query.weight" : tensor<7x12xf32>
  check.tensor "query.weight", %qw : tensor<7x12xf32>
  %qb = check.generate "query.bias" : tensor<12xf32>
  check.tensor "query.bias", %qb : tensor<12xf32>
  %kw = check.generate "key.weight" : tensor<5x12xf32>
  check.tensor "key.weight", %kw : tensor<5x12xf32>
  %kb = check.generate "key.bias" : tensor<12xf32>
  check.tensor "key.bias", %kb : tensor<12xf32>
  %vw = check.generate "value.weight" : tensor<5x6xf32>
  check.tensor "value.weight", %vw : tensor<5x6xf32>
  %vb = check.generate "value.bias" : tensor<6xf32>
  check.tensor "value.bias", %vb : tensor<6xf32>
}

func.func @run(%z: tensor<?x9x7xf32> {perceiver.name = "z", perceiver.sizes = ["batch"]},
               %x: tensor<?x?x5xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x9x6xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x2x9xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %batch = tensor.dim %x, %c0 : tensor<?x?x5xf32>
  %rows = tensor.dim %x, %c1 : tensor<?x?x5xf32>
  %qw = perceiver.get_parameter @query.weight : tensor<7x12xf32>
  %qb = perceiver.get_parameter @query.bias : tensor<12xf32>
  %kw = perceiver.get_parameter @key.weight : tensor<5x12xf32>
  %kb = perceiver.get_parameter @key.bias : tensor<12xf32>
  %vw = perceiver.get_parameter @value.weight : tensor<5x6xf32>
  %vb = perceiver.get_parameter @value.bias : tensor<6xf32>
  %init_q = tensor.empty(%batch) : tensor<?x9x12xf32>
  %q = block.linear ins(%z, %qw : tensor<?x9x7xf32>, tensor<7x12xf32>) bias(%qb : tensor<12xf32>)
      outs(%init_q : tensor<?x9x12xf32>) -> tensor<?x9x12xf32>
  %init_k = tensor.empty(%batch, %rows) : tensor<?x?x12xf32>
  %k = block.linear ins(%x, %kw : tensor<?x?x5xf32>, tensor<5x12xf32>) bias(%kb : tensor<12xf32>)
      outs(%init_k : tensor<?x?x12xf32>) -> tensor<?x?x12xf32>
  %init_v = tensor.empty(%batch, %rows) : tensor<?x?x6xf32>
  %v = block.linear ins(%x, %vw : tensor<?x?x5xf32>, tensor<5x6xf32>) bias(%vb : tensor<6xf32>)
      outs(%init_v : tensor<?x?x6xf32>) -> tensor<?x?x6xf32>
  %init_o = tensor.empty(%batch) : tensor<?x9x6xf32>
  %init_lse = tensor.empty(%batch) : tensor<?x2x9xf32>
  %o, %lse = block.attention ins(%q, %k, %v : tensor<?x9x12xf32>, tensor<?x?x12xf32>, tensor<?x?x6xf32>)
      outs(%init_o, %init_lse : tensor<?x9x6xf32>, tensor<?x2x9xf32>) heads = 2
      -> tensor<?x9x6xf32>, tensor<?x2x9xf32>
  return %o, %lse : tensor<?x9x6xf32>, tensor<?x2x9xf32>
}

check.test "two heads" {
  %z = check.generate "z" : tensor<2x9x7xf32>
  %x = check.generate "x" : tensor<2x21x5xf32>
  %o, %lse = check.run @run(%z, %x) : (tensor<2x9x7xf32>, tensor<2x21x5xf32>) -> (tensor<2x9x6xf32>, tensor<2x2x9xf32>)
  // >>> q, k, v = (linear(rows, linear_of(role)) for rows, role in ((z, "query"), (x, "key"), (x, "value")))
  // >>> o, lse = attention(q, k, v, heads=2)
  // %e = o[:, ::4]
  %e = arith.constant dense<[[[-0.346325755, -0.305529594, 1.17313731, 0.497790098, 0.00756132789, 0.648761034], [0.385055155, -0.276613086, 0.659311414, 0.4106538, 0.573214114, 0.826667726], [0.0961263552, -0.170950711, 0.856812298, 0.535607457, 0.574949801, 0.974399984]], [[0.646059513, -0.115495242, 0.450354159, 0.337520659, 0.633170843, 0.733588994], [0.191788465, -0.378294021, 0.918765426, 0.0500819311, 0.843967617, 0.307769388], [0.898825705, 0.143774554, 1.46050441, 0.481433243, 0.471646279, 0.791291237]]]> : tensor<2x3x6xf32>
  %rows = tensor.extract_slice %o[0, 0, 0] [2, 3, 6] [1, 4, 1] : tensor<2x9x6xf32> to tensor<2x3x6xf32>
  check.expect_close %rows, %e tolerance = 2.0e-6 : tensor<2x3x6xf32>
  // %f = lse
  %f = arith.constant dense<[[[5.05656672, 2.46989036, 2.00524449, 3.14646626, 3.0860014, 2.51679873, 2.59914398, 2.85193944, 3.72203135], [3.57084394, 2.89625692, 2.69122124, 2.83080268, 2.48835731, 2.43511057, 2.39850664, 2.72112322, 2.75296664]], [[3.12643838, 2.32596612, 3.33802271, 3.95037842, 2.12289476, 3.43089437, 3.43270493, 2.99354172, 4.00952673], [2.82863474, 2.46534705, 2.79794216, 2.92897606, 2.55441546, 2.71815991, 2.88176131, 2.37201095, 2.78419232]]]> : tensor<2x2x9xf32>
  check.expect_close %lse, %f tolerance = 2.0e-6 : tensor<2x2x9xf32>
}
