// RUN: perceiver-test-runner %s --from=strategy

// What the tiling of an attention says changes how it is computed, not what.

// As the cost model chooses: 41 queries and 100 keys, one task for each head.

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

// Keys a block of 13 at a time; the last block has 9.

func.func @blocks(%q: tensor<?x41x26xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
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
       perceiver.tiling = #perceiver.tiling<task = [1, 1], inner = [array<i64: 0, 0, 0, 13>]>}
      -> tensor<?x41x34xf32>, tensor<?x2x41xf32>
  return %o, %lse : tensor<?x41x34xf32>, tensor<?x2x41xf32>
}

// Split over the keys: parts of 30, 30, 30 and 10, each in blocks of 8 keys and
// 16 queries; a merge follows.

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
       perceiver.tiling = #perceiver.tiling<task = [1],
         inner = [array<i64: 0, 0, 0, 8>, array<i64: 0, 0, 16>], key_split = 30>}
      -> tensor<?x41x34xf32>, tensor<?x2x41xf32>
  return %o, %lse : tensor<?x41x34xf32>, tensor<?x2x41xf32>
}

// Any number of keys in at most 16 parts, of a multiple of 2 keys each: 100 keys in
// parts of 8. 5 keys are 3 parts, so that 5 batch entries are taken together.

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
       perceiver.tiling = #perceiver.tiling<task = [1],
         inner = [array<i64: 0, 0, 0, 4>, array<i64: 0, 0, 16>], key_split = 2>}
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

  %o1, %lse1 = check.run @blocks(%q, %k, %v, %n, %m)
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

// Of 15, 6 and 3 parts each, 1, 2 and 5 entries; the last are fewer.

check.test "entries taken together" {
  %q = check.generate "q" scale = 2.0 : tensor<7x41x26xf32>
  %n30 = arith.constant dense<[30, 5, 0, 2, 20, 9, 1]> : tensor<7xi64>
  %k30 = check.generate "k" scale = 2.0 : tensor<7x30x26xf32>
  %v30 = check.generate "v" : tensor<7x30x34xf32>
  %m30 = check.generate "m" offset = 0.8 : tensor<7x30xi1>
  // >>> o30, lse30 = attention(q, k30, v30, heads=2, key_mask=m30, key_lengths=n30, masked_rows="uniform")
  // %e30 = o30[:, 40, ::11]
  %e30 = arith.constant dense<[[0.0956750885, 0.183712825, -0.138082489, 0.342925489], [0.736591637, -0.886785746, -0.723963082, -0.076975666], [0.124174796, 0.0666133612, 0.0756224096, -0.125033259], [0.673323333, -0.889521956, 0.592092633, 0.498989224], [0.266863525, -0.285312086, 0.115709171, -0.0133400643], [-0.401426822, -0.612701774, -0.268139035, -0.260103643], [0.346368551, 0.1863451, -0.708786368, 0.415912569]]> : tensor<7x4xf32>
  // %f30 = lse30[:, 1, ::20]
  %f30 = arith.constant dense<[[3.43635154, 4.27203083, 3.9904213], [1.11556244, 2.55015087, 1.18621075], [-3.40282347e+38, -3.40282347e+38, -3.40282347e+38], [2.0369873, 2.5006125, 2.35057068], [3.52762008, 3.69359899, 2.96034002], [2.93563294, 2.80049253, 2.55645013], [1.84065688, 2.55964041, 3.88843656]]> : tensor<7x3xf32>
  %r30, %lse30 = check.run @any_keys(%q, %k30, %v30, %n30, %m30)
      : (tensor<7x41x26xf32>, tensor<7x30x26xf32>, tensor<7x30x34xf32>, tensor<7xi64>, tensor<7x30xi1>)
      -> (tensor<7x41x34xf32>, tensor<7x2x41xf32>)
  %rows30 = tensor.extract_slice %r30[0, 40, 0] [7, 1, 4] [1, 1, 11] : tensor<7x41x34xf32> to tensor<7x4xf32>
  check.expect_close %rows30, %e30 tolerance = 2.0e-6 : tensor<7x4xf32>
  %lses30 = tensor.extract_slice %lse30[0, 1, 0] [7, 1, 3] [1, 1, 20] : tensor<7x2x41xf32> to tensor<7x3xf32>
  check.expect_close %lses30, %f30 tolerance = 2.0e-6 : tensor<7x3xf32>

  %n12 = arith.constant dense<[12, 5, 0, 2, 8, 9, 1]> : tensor<7xi64>
  %k12 = check.generate "k" scale = 2.0 : tensor<7x12x26xf32>
  %v12 = check.generate "v" : tensor<7x12x34xf32>
  %m12 = check.generate "m" offset = 0.8 : tensor<7x12xi1>
  // >>> o12, lse12 = attention(q, k12, v12, heads=2, key_mask=m12, key_lengths=n12, masked_rows="uniform")
  // %e12 = o12[:, 40, ::11]
  %e12 = arith.constant dense<[[0.221302658, 0.308850229, -0.243053734, 0.42654565], [0.195372194, -0.619161665, -0.510198534, -0.246326283], [0.098955512, -0.0773250759, -0.188995928, 0.0317161717], [0.0384342298, -0.0785511062, -0.0450896695, -0.221250549], [-0.00284663145, -0.471803516, -0.191411406, 0.265781105], [0.365502775, 0.108540148, 0.485720932, -0.67375201], [0.173797086, 0.114773273, -0.7472651, 0.44260931]]> : tensor<7x4xf32>
  // %f12 = lse12[:, 1, ::20]
  %f12 = arith.constant dense<[[2.65046668, 3.3716805, 3.57194448], [2.64424276, 2.81282616, 2.12823987], [-3.40282347e+38, -3.40282347e+38, -3.40282347e+38], [0.340267628, 1.43203855, 1.28237116], [2.78514767, 2.75693822, 2.35406423], [1.97889173, 1.9870156, 4.29075193], [-1.27098024, -0.588136852, -0.00497137709]]> : tensor<7x3xf32>
  %r12, %lse12 = check.run @any_keys(%q, %k12, %v12, %n12, %m12)
      : (tensor<7x41x26xf32>, tensor<7x12x26xf32>, tensor<7x12x34xf32>, tensor<7xi64>, tensor<7x12xi1>)
      -> (tensor<7x41x34xf32>, tensor<7x2x41xf32>)
  %rows12 = tensor.extract_slice %r12[0, 40, 0] [7, 1, 4] [1, 1, 11] : tensor<7x41x34xf32> to tensor<7x4xf32>
  check.expect_close %rows12, %e12 tolerance = 2.0e-6 : tensor<7x4xf32>
  %lses12 = tensor.extract_slice %lse12[0, 1, 0] [7, 1, 3] [1, 1, 20] : tensor<7x2x41xf32> to tensor<7x3xf32>
  check.expect_close %lses12, %f12 tolerance = 2.0e-6 : tensor<7x3xf32>

  %n5 = arith.constant dense<[4, 5, 0, 2, 3, 5, 1]> : tensor<7xi64>
  %k5 = check.generate "k" scale = 2.0 : tensor<7x5x26xf32>
  %v5 = check.generate "v" : tensor<7x5x34xf32>
  %m5 = check.generate "m" offset = 0.8 : tensor<7x5xi1>
  // >>> o5, lse5 = attention(q, k5, v5, heads=2, key_mask=m5, key_lengths=n5, masked_rows="uniform")
  // %e5 = o5[:, 40, ::11]
  %e5 = arith.constant dense<[[0.3227337, 0.601713121, -0.353226244, 0.327642024], [0.680152297, 0.415686846, -0.118683398, -0.111473635], [0.0822517723, -0.237534344, -0.129896089, 0.567123294], [-0.401258796, -0.244792745, -0.566069841, -0.764545202], [0.242594808, 0.790685475, -0.113143295, 0.147625685], [-0.116904579, -0.079150483, 0.298971325, -0.0875890777], [-0.435732007, 0.200053766, -0.0842838734, 0.658335209]]> : tensor<7x4xf32>
  // %f5 = lse5[:, 1, ::20]
  %f5 = arith.constant dense<[[1.33332729, 2.47726202, 3.17678809], [1.86273217, 2.481637, 2.62442279], [-3.40282347e+38, -3.40282347e+38, -3.40282347e+38], [1.67950964, -1.20991135, -1.68663728], [1.129951, 1.14137244, 0.914996326], [2.3981266, 1.44602954, 3.67964101], [0.654046476, 0.234031379, -3.22320104]]> : tensor<7x3xf32>
  %r5, %lse5 = check.run @any_keys(%q, %k5, %v5, %n5, %m5)
      : (tensor<7x41x26xf32>, tensor<7x5x26xf32>, tensor<7x5x34xf32>, tensor<7xi64>, tensor<7x5xi1>)
      -> (tensor<7x41x34xf32>, tensor<7x2x41xf32>)
  %rows5 = tensor.extract_slice %r5[0, 40, 0] [7, 1, 4] [1, 1, 11] : tensor<7x41x34xf32> to tensor<7x4xf32>
  check.expect_close %rows5, %e5 tolerance = 2.0e-6 : tensor<7x4xf32>
  %lses5 = tensor.extract_slice %lse5[0, 1, 0] [7, 1, 3] [1, 1, 20] : tensor<7x2x41xf32> to tensor<7x3xf32>
  check.expect_close %lses5, %f5 tolerance = 2.0e-6 : tensor<7x3xf32>
}
