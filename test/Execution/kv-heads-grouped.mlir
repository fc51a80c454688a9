// RUN: perceiver-test-runner %s --from=rewrite

// Heads of queries in groups that share a head of keys, which are tasks of their
// own: eight in two groups, and twelve in three with parts of the keys.

func.func @groups(%q: tensor<?x70x16xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                  %k: tensor<?x33x4xf32> {perceiver.name = "k", perceiver.sizes = ["batch"]},
                  %v: tensor<?x33x6xf32> {perceiver.name = "v", perceiver.sizes = ["batch"]},
                  %p: tensor<?x5x6xf32> {perceiver.name = "p", perceiver.sizes = ["batch"]},
                  %j: tensor<?x?x3xf32> {perceiver.name = "j", perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x70x24xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x5x6xf32> {perceiver.name = "u", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %q, %c0 : tensor<?x70x16xf32>
  %io = tensor.empty(%batch) : tensor<?x70x24xf32>
  %o = block.attention ins(%q, %k, %v : tensor<?x70x16xf32>, tensor<?x33x4xf32>, tensor<?x33x6xf32>)
      outs(%io : tensor<?x70x24xf32>) heads = 8 {kv_heads = 2 : i64} -> tensor<?x70x24xf32>
  %iu = tensor.empty(%batch) : tensor<?x5x6xf32>
  %u = block.attention ins(%p, %j, %j : tensor<?x5x6xf32>, tensor<?x?x3xf32>, tensor<?x?x3xf32>)
      outs(%iu : tensor<?x5x6xf32>) heads = 6 {kv_heads = 3 : i64} -> tensor<?x5x6xf32>
  return %o, %u : tensor<?x70x24xf32>, tensor<?x5x6xf32>
}

check.test "groups" {
  %q = check.generate "q" scale = 2.0 : tensor<2x70x16xf32>
  %k = check.generate "k" scale = 2.0 : tensor<2x33x4xf32>
  %v = check.generate "v" : tensor<2x33x6xf32>
  %p = check.generate "p" scale = 2.0 : tensor<2x5x6xf32>
  %j = check.generate "j" scale = 2.0 : tensor<2x700x3xf32>
  %o, %u = check.run @groups(%q, %k, %v, %p, %j)
      : (tensor<2x70x16xf32>, tensor<2x33x4xf32>, tensor<2x33x6xf32>, tensor<2x5x6xf32>, tensor<2x700x3xf32>)
      -> (tensor<2x70x24xf32>, tensor<2x5x6xf32>)
  // %e = attention(q, k, v, heads=8, kv_heads=2)[0][:, 68]
  %e = arith.constant dense<[[-0.264716238, -0.110950448, 0.137338713, -0.190914512, -0.0414741524, -0.112348475, 0.0756903291, -0.335966766, -0.371104985, 0.0704939067, 0.0524475947, -0.0599080622, -0.110006668, 0.039528057, 0.325480878, -0.00435068272, 0.0253912713, -0.285637856, 0.0377710573, -0.146858096, -0.252009243, 0.146673888, -0.224458948, -0.180652887], [0.0990111604, 0.0437157974, 0.221837237, -0.10779456, 0.0233822856, 0.230189696, 0.388410658, 0.0482772291, 0.339503378, -0.240845278, 0.0210653972, 0.347883582, 0.241236299, 0.0324034505, -0.058290273, -0.0099165123, -0.306764334, 0.247368678, 0.136252105, -0.0427786671, 0.0478037447, -0.0853591934, -0.356536776, 0.255746841]]> : tensor<2x24xf32>
  %rows = tensor.extract_slice %o[0, 68, 0] [2, 1, 24] [1, 1, 1] : tensor<2x70x24xf32> to tensor<2x24xf32>
  check.expect_close %rows, %e tolerance = 2.0e-6 : tensor<2x24xf32>
  // %f = attention(p, j, j, heads=6, kv_heads=3)[0]
  %f = arith.constant dense<[[[0.879468441, 1.4294101, -0.0445356853, 1.43617344, 1.16611326, 0.0875215307], [0.719915271, -0.781045496, -0.268145502, 0.29045096, 0.81936425, -1.43034172], [-1.27102721, 0.771480978, -0.0019545895, -0.409997821, 0.109301783, -1.03958905], [1.10524714, -1.42293739, 1.33778, -1.37301242, 0.435572535, -0.676932812], [1.21851313, 1.4220041, 0.832842529, -0.501415849, -1.3971175, -0.645629942]], [[1.45981729, 1.29556668, 1.17429292, 0.915744603, -1.4339819, -1.23265278], [-1.12425983, -1.10460579, -1.19705105, 0.45237577, -1.44438243, -0.366746515], [-1.46901357, -0.283228159, -1.32920599, 0.669034004, 1.48470378, 1.46585071], [0.995747447, -0.96819061, -1.4408375, -0.288288355, -0.214598745, -1.44336998], [0.98539573, 0.409769624, 1.3239795, 1.4466238, -0.111458763, 1.22720826]]]> : tensor<2x5x6xf32>
  check.expect_close %u, %f tolerance = 2.0e-6 : tensor<2x5x6xf32>
}
