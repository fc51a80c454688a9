// RUN: perceiver-test-runner %s --from=strategy --device=emulated

// What the tiling of an attention says changes how a GPU computes it, not what.

// As the strategy chooses: 41 queries and 100 keys, one task for each head.

func.func @chosen(%q: tensor<?x41x26xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                  %k: tensor<?x100x26xf32> {perceiver.name = "k", perceiver.sizes = ["batch"]},
                  %v: tensor<?x100x34xf32> {perceiver.name = "v", perceiver.sizes = ["batch"]},
                  %n: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["batch"]},
                  %m: tensor<?x100xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"]})
    -> (tensor<?x41x34xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x2x41xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %k, %c0 : tensor<?x100x26xf32>
  %init = tensor.empty(%batch) : tensor<?x41x34xf32>
  %init_lse = tensor.empty(%batch) : tensor<?x2x41xf32>
  %o, %lse = block.attention ins(%q, %k, %v : tensor<?x41x26xf32>, tensor<?x100x26xf32>, tensor<?x100x34xf32>)
      lengths(%n : tensor<?xi64>) mask(%m : tensor<?x100xi1>)
      outs(%init, %init_lse : tensor<?x41x34xf32>, tensor<?x2x41xf32>) heads = 2
      {masked_rows = #perceiver.masked_rows<uniform>}
      -> tensor<?x41x34xf32>, tensor<?x2x41xf32>
  return %o, %lse : tensor<?x41x34xf32>, tensor<?x2x41xf32>
}

// Tasks of both heads and 9 queries; the last have 5.

func.func @tiles(%q: tensor<?x41x26xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                  %k: tensor<?x100x26xf32> {perceiver.name = "k", perceiver.sizes = ["batch"]},
                  %v: tensor<?x100x34xf32> {perceiver.name = "v", perceiver.sizes = ["batch"]},
                  %n: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["batch"]},
                  %m: tensor<?x100xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"]})
    -> (tensor<?x41x34xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x2x41xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %k, %c0 : tensor<?x100x26xf32>
  %init = tensor.empty(%batch) : tensor<?x41x34xf32>
  %init_lse = tensor.empty(%batch) : tensor<?x2x41xf32>
  %o, %lse = block.attention ins(%q, %k, %v : tensor<?x41x26xf32>, tensor<?x100x26xf32>, tensor<?x100x34xf32>)
      lengths(%n : tensor<?xi64>) mask(%m : tensor<?x100xi1>)
      outs(%init, %init_lse : tensor<?x41x34xf32>, tensor<?x2x41xf32>) heads = 2
      {masked_rows = #perceiver.masked_rows<uniform>,
       perceiver.tiling = #perceiver.tiling<task = [1, 2, 9], root = true>}
      -> tensor<?x41x34xf32>, tensor<?x2x41xf32>
  return %o, %lse : tensor<?x41x34xf32>, tensor<?x2x41xf32>
}

// Split over the keys: parts of 30, 30, 30 and 10, for each tile of 16 queries of a
// head; a merge follows.

func.func @split(%q: tensor<?x41x26xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                 %k: tensor<?x100x26xf32> {perceiver.name = "k", perceiver.sizes = ["batch"]},
                 %v: tensor<?x100x34xf32> {perceiver.name = "v", perceiver.sizes = ["batch"]},
                 %n: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["batch"]},
                 %m: tensor<?x100xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"]})
    -> (tensor<?x41x34xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x2x41xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %k, %c0 : tensor<?x100x26xf32>
  %init = tensor.empty(%batch) : tensor<?x41x34xf32>
  %init_lse = tensor.empty(%batch) : tensor<?x2x41xf32>
  %o, %lse = block.attention ins(%q, %k, %v : tensor<?x41x26xf32>, tensor<?x100x26xf32>, tensor<?x100x34xf32>)
      lengths(%n : tensor<?xi64>) mask(%m : tensor<?x100xi1>)
      outs(%init, %init_lse : tensor<?x41x34xf32>, tensor<?x2x41xf32>) heads = 2
      {masked_rows = #perceiver.masked_rows<uniform>,
       perceiver.tiling = #perceiver.tiling<task = [1, 1, 16], key_split = 30, merge = [1, 1, 8], root = true>}
      -> tensor<?x41x34xf32>, tensor<?x2x41xf32>
  return %o, %lse : tensor<?x41x34xf32>, tensor<?x2x41xf32>
}

// Any number of keys in at most 16 parts, of a multiple of 2 keys each: 100 keys in
// parts of 8.

func.func @any_keys(%q: tensor<?x41x26xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                    %k: tensor<?x?x26xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
                    %v: tensor<?x?x34xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]},
                    %n: tensor<?xi64> {perceiver.name = "lengths", perceiver.sizes = ["batch"]},
                    %m: tensor<?x?xi1> {perceiver.name = "mask", perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x41x34xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x2x41xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %k, %c0 : tensor<?x?x26xf32>
  %init = tensor.empty(%batch) : tensor<?x41x34xf32>
  %init_lse = tensor.empty(%batch) : tensor<?x2x41xf32>
  %o, %lse = block.attention ins(%q, %k, %v : tensor<?x41x26xf32>, tensor<?x?x26xf32>, tensor<?x?x34xf32>)
      lengths(%n : tensor<?xi64>) mask(%m : tensor<?x?xi1>)
      outs(%init, %init_lse : tensor<?x41x34xf32>, tensor<?x2x41xf32>) heads = 2
      {masked_rows = #perceiver.masked_rows<uniform>,
       perceiver.tiling = #perceiver.tiling<task = [1, 1, 16], key_split = 2, merge = [1, 1, 8], root = true>}
      -> tensor<?x41x34xf32>, tensor<?x2x41xf32>
  return %o, %lse : tensor<?x41x34xf32>, tensor<?x2x41xf32>
}

// Batch entries: some keys of every part; the first part only; none; one key
// of the last part.

check.test "three ways" {
  %q = check.generate "q" scale = 2.0 : tensor<4x41x26xf32>
  %k = check.generate "k" scale = 2.0 : tensor<4x100x26xf32>
  %v = check.generate "v" : tensor<4x100x34xf32>
  %n = arith.constant dense<[99, 30, 0, 100]> : tensor<4xi64>
  %m0 = check.generate "m" offset = 0.5 : tensor<4x100xi1>
  %none = arith.constant dense<false> : tensor<100xi1>
  %one = arith.constant dense<true> : tensor<1xi1>
  %m1 = tensor.insert_slice %none into %m0[3, 0] [1, 100] [1, 1] : tensor<100xi1> into tensor<4x100xi1>
  %m = tensor.insert_slice %one into %m1[3, 95] [1, 1] [1, 1] : tensor<1xi1> into tensor<4x100xi1>
  // >>> m = m0.copy(); m[3] = np.arange(100) == 95
  // >>> o, lse = attention(q, k, v, heads=2, key_mask=m, key_lengths=n, masked_rows="uniform")
  // %e = o[:, 40, ::11]
  %e = arith.constant dense<[[-0.06310425, -0.050036829, -0.081419401, -0.21397796], [0.085908256, -0.0021869638, 0.031090286, 0.0066324859], [-0.080120161, -0.040227387, -0.044333845, 0.0015379535], [-0.10447108, -0.4940601, 0.69540113, 0.19422506]]> : tensor<4x4xf32>
  // %f = lse[:, 1, ::10]
  %f = arith.constant dense<[[5.0985565, 5.1615901, 4.9411721, 4.7866483, 5.3891087], [3.6862228, 4.0997944, 4.317049, 3.6220696, 4.092917], [-3.4028235e+38, -3.4028235e+38, -3.4028235e+38, -3.4028235e+38, -3.4028235e+38], [-0.37535882, 0.8543278, -0.040708929, -1.0836686, -1.2995356]]> : tensor<4x5xf32>
  %o0, %lse0 = check.run @chosen(%q, %k, %v, %n, %m)
      : (tensor<4x41x26xf32>, tensor<4x100x26xf32>, tensor<4x100x34xf32>, tensor<4xi64>, tensor<4x100xi1>)
      -> (tensor<4x41x34xf32>, tensor<4x2x41xf32>)
  %rows = tensor.extract_slice %o0[0, 40, 0] [4, 1, 4] [1, 1, 11] : tensor<4x41x34xf32> to tensor<4x4xf32>
  check.expect_close %rows, %e tolerance = 2.0e-6 : tensor<4x4xf32>
  %lses = tensor.extract_slice %lse0[0, 1, 0] [4, 1, 5] [1, 1, 10] : tensor<4x2x41xf32> to tensor<4x5xf32>
  check.expect_close %lses, %f tolerance = 2.0e-6 : tensor<4x5xf32>

  %o1, %lse1 = check.run @tiles(%q, %k, %v, %n, %m)
      : (tensor<4x41x26xf32>, tensor<4x100x26xf32>, tensor<4x100x34xf32>, tensor<4xi64>, tensor<4x100xi1>)
      -> (tensor<4x41x34xf32>, tensor<4x2x41xf32>)
  check.expect_close %o1, %o0 tolerance = 2.0e-6 : tensor<4x41x34xf32>
  check.expect_close %lse1, %lse0 tolerance = 2.0e-6 : tensor<4x2x41xf32>

  %o2, %lse2 = check.run @split(%q, %k, %v, %n, %m)
      : (tensor<4x41x26xf32>, tensor<4x100x26xf32>, tensor<4x100x34xf32>, tensor<4xi64>, tensor<4x100xi1>)
      -> (tensor<4x41x34xf32>, tensor<4x2x41xf32>)
  check.expect_close %o2, %o0 tolerance = 2.0e-6 : tensor<4x41x34xf32>
  check.expect_close %lse2, %lse0 tolerance = 2.0e-6 : tensor<4x2x41xf32>

  %o3, %lse3 = check.run @any_keys(%q, %k, %v, %n, %m)
      : (tensor<4x41x26xf32>, tensor<4x100x26xf32>, tensor<4x100x34xf32>, tensor<4xi64>, tensor<4x100xi1>)
      -> (tensor<4x41x34xf32>, tensor<4x2x41xf32>)
  check.expect_close %o3, %o0 tolerance = 2.0e-6 : tensor<4x41x34xf32>
  check.expect_close %lse3, %lse0 tolerance = 2.0e-6 : tensor<4x2x41xf32>
}
