// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// Masks made of numbers, masked queries and masked means. What stands in a row
// that takes no part reaches no result.

perceiver.parameter @query.weight : tensor<5x6xf32> key "query.weight"
perceiver.parameter @key.weight : tensor<7x6xf32> key "key.weight"
perceiver.parameter @value.weight : tensor<7x10xf32> key "value.weight"
perceiver.parameter @output.weight : tensor<10x9xf32> key "output.weight"
perceiver.parameter @output.bias : tensor<9xf32> key "output.bias"

check.checkpoint {
  %0 = check.generate "query.weight" : tensor<5x6xf32>
  check.tensor "query.weight", %0 : tensor<5x6xf32>
  %1 = check.generate "key.weight" : tensor<7x6xf32>
  check.tensor "key.weight", %1 : tensor<7x6xf32>
  %2 = check.generate "value.weight" : tensor<7x10xf32>
  check.tensor "value.weight", %2 : tensor<7x10xf32>
  %3 = check.generate "output.weight" : tensor<10x9xf32>
  check.tensor "output.weight", %3 : tensor<10x9xf32>
  %4 = check.generate "output.bias" : tensor<9xf32>
  check.tensor "output.bias", %4 : tensor<9xf32>
}

func.func @to_mask(%f: tensor<?x?xf32> {perceiver.name = "f", perceiver.sizes = ["batch", "rows"]},
                   %i: tensor<?x?xi64> {perceiver.name = "i", perceiver.sizes = ["batch", "rows"]},
                   %b: tensor<?x?xi1> {perceiver.name = "b", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x?xi1> {perceiver.name = "of_f", perceiver.sizes = ["batch", "rows"]},
        tensor<?x?xi1> {perceiver.name = "not_f", perceiver.sizes = ["batch", "rows"]},
        tensor<?x?xi1> {perceiver.name = "of_i", perceiver.sizes = ["batch", "rows"]},
        tensor<?x?xi1> {perceiver.name = "not_b", perceiver.sizes = ["batch", "rows"]}) attributes {perceiver.entry} {
  %0 = perceiver.to_mask %f : tensor<?x?xf32> -> tensor<?x?xi1>
  %1 = perceiver.to_mask %f {inverted} : tensor<?x?xf32> -> tensor<?x?xi1>
  %2 = perceiver.to_mask %i : tensor<?x?xi64> -> tensor<?x?xi1>
  %3 = perceiver.to_mask %b {inverted} : tensor<?x?xi1> -> tensor<?x?xi1>
  return %0, %1, %2, %3 : tensor<?x?xi1>, tensor<?x?xi1>, tensor<?x?xi1>, tensor<?x?xi1>
}

check.test "what is not 0 is true" {
  %f = arith.constant dense<[[0.0, -0.0, 1.0], [0x7FC00000, 1.0e-40, 0xFF800000]]> : tensor<2x3xf32>
  %i = arith.constant dense<[[0, 1, -1], [4294967296, 0, 256]]> : tensor<2x3xi64>
  %b = arith.constant dense<[[true, false, true], [false, false, true]]> : tensor<2x3xi1>
  %0, %1, %2, %3 = check.run @to_mask(%f, %i, %b)
      : (tensor<2x3xf32>, tensor<2x3xi64>, tensor<2x3xi1>) -> (tensor<2x3xi1>, tensor<2x3xi1>, tensor<2x3xi1>, tensor<2x3xi1>)
  %of_f = arith.constant dense<[[false, false, true], [true, true, true]]> : tensor<2x3xi1>
  check.expect_equal %0, %of_f : tensor<2x3xi1>
  %not_f = arith.constant dense<[[true, true, false], [false, false, false]]> : tensor<2x3xi1>
  check.expect_equal %1, %not_f : tensor<2x3xi1>
  %of_i = arith.constant dense<[[false, true, true], [true, false, true]]> : tensor<2x3xi1>
  check.expect_equal %2, %of_i : tensor<2x3xi1>
  %not_b = arith.constant dense<[[false, true, false], [true, true, false]]> : tensor<2x3xi1>
  check.expect_equal %3, %not_b : tensor<2x3xi1>
}

func.func @of_any_type(
    %f64: tensor<?x?xf64> {perceiver.name = "f64", perceiver.sizes = ["batch", "rows"]},
    %f16: tensor<?x?xf16> {perceiver.name = "f16", perceiver.sizes = ["batch", "rows"]},
    %bf16: tensor<?x?xbf16> {perceiver.name = "bf16", perceiver.sizes = ["batch", "rows"]},
    %i32: tensor<?x?xi32> {perceiver.name = "i32", perceiver.sizes = ["batch", "rows"]},
    %i16: tensor<?x?xi16> {perceiver.name = "i16", perceiver.sizes = ["batch", "rows"]},
    %i8: tensor<?x?xi8> {perceiver.name = "i8", perceiver.sizes = ["batch", "rows"]},
    %ui8: tensor<?x?xui8> {perceiver.name = "ui8", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x?xi1> {perceiver.name = "of_f64", perceiver.sizes = ["batch", "rows"]},
        tensor<?x?xi1> {perceiver.name = "of_f16", perceiver.sizes = ["batch", "rows"]},
        tensor<?x?xi1> {perceiver.name = "of_bf16", perceiver.sizes = ["batch", "rows"]},
        tensor<?x?xi1> {perceiver.name = "of_i32", perceiver.sizes = ["batch", "rows"]},
        tensor<?x?xi1> {perceiver.name = "of_i16", perceiver.sizes = ["batch", "rows"]},
        tensor<?x?xi1> {perceiver.name = "of_i8", perceiver.sizes = ["batch", "rows"]},
        tensor<?x?xi1> {perceiver.name = "of_ui8", perceiver.sizes = ["batch", "rows"]}) attributes {perceiver.entry} {
  %0 = perceiver.to_mask %f64 : tensor<?x?xf64> -> tensor<?x?xi1>
  %1 = perceiver.to_mask %f16 : tensor<?x?xf16> -> tensor<?x?xi1>
  %2 = perceiver.to_mask %bf16 : tensor<?x?xbf16> -> tensor<?x?xi1>
  %3 = perceiver.to_mask %i32 : tensor<?x?xi32> -> tensor<?x?xi1>
  %4 = perceiver.to_mask %i16 : tensor<?x?xi16> -> tensor<?x?xi1>
  %5 = perceiver.to_mask %i8 : tensor<?x?xi8> -> tensor<?x?xi1>
  %6 = perceiver.to_mask %ui8 : tensor<?x?xui8> -> tensor<?x?xi1>
  return %0, %1, %2, %3, %4, %5, %6 : tensor<?x?xi1>, tensor<?x?xi1>, tensor<?x?xi1>, tensor<?x?xi1>, tensor<?x?xi1>, tensor<?x?xi1>, tensor<?x?xi1>
}

check.test "numbers of any type" {
  %f64 = arith.constant dense<[[0.0, -0.0, 5.0e-324, -2.0, 0x7FF8000000000000]]> : tensor<1x5xf64>
  %f16 = arith.constant dense<[[0.0, -0.0, 0x0001, -2.0, 0x7E00]]> : tensor<1x5xf16>
  %bf16 = arith.constant dense<[[0.0, -0.0, 0x0001, -2.0, 0x7FC0]]> : tensor<1x5xbf16>
  %i32 = arith.constant dense<[[0, 0, 1, -2, 65536]]> : tensor<1x5xi32>
  %i16 = arith.constant dense<[[0, 0, 1, -2, 256]]> : tensor<1x5xi16>
  %i8 = arith.constant dense<[[0, 0, 1, -2, 127]]> : tensor<1x5xi8>
  %ui8 = arith.constant dense<[[0, 0, 1, 255, 128]]> : tensor<1x5xui8>
  %0, %1, %2, %3, %4, %5, %6 = check.run @of_any_type(%f64, %f16, %bf16, %i32, %i16, %i8, %ui8)
      : (tensor<1x5xf64>, tensor<1x5xf16>, tensor<1x5xbf16>, tensor<1x5xi32>, tensor<1x5xi16>, tensor<1x5xi8>, tensor<1x5xui8>)
      -> (tensor<1x5xi1>, tensor<1x5xi1>, tensor<1x5xi1>, tensor<1x5xi1>, tensor<1x5xi1>, tensor<1x5xi1>, tensor<1x5xi1>)
  %e = arith.constant dense<[[false, false, true, true, true]]> : tensor<1x5xi1>
  check.expect_equal %0, %e : tensor<1x5xi1>
  check.expect_equal %1, %e : tensor<1x5xi1>
  check.expect_equal %2, %e : tensor<1x5xi1>
  check.expect_equal %3, %e : tensor<1x5xi1>
  check.expect_equal %4, %e : tensor<1x5xi1>
  check.expect_equal %5, %e : tensor<1x5xi1>
  check.expect_equal %6, %e : tensor<1x5xi1>
}

func.func @mean(%x: tensor<?x?x17xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]},
                %m: tensor<?x?xi64> {perceiver.name = "m", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x17xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %mask = perceiver.to_mask %m : tensor<?x?xi64> -> tensor<?x?xi1>
  %y = perceiver.mean_pool %x mask(%mask : tensor<?x?xi1>) : tensor<?x?x17xf32> -> tensor<?x17xf32>
  return %y : tensor<?x17xf32>
}

// Of 129 rows every third counts in the first entry, one in the second, none in
// the last.
check.test "masked means" {
  %x0 = check.generate "x" : tensor<3x129x17xf32>
  %nan = arith.constant dense<0x7FC00000> : tensor<128x17xf32>
  %x1 = tensor.insert_slice %nan into %x0[1, 1, 0] [1, 128, 17] [1, 1, 1] : tensor<128x17xf32> into tensor<3x129x17xf32>
  %x = tensor.insert_slice %nan into %x1[2, 0, 0] [1, 128, 17] [1, 1, 1] : tensor<128x17xf32> into tensor<3x129x17xf32>
  %none = arith.constant dense<0> : tensor<3x129xi64>
  %ones = arith.constant dense<1> : tensor<43xi64>
  %m0 = tensor.insert_slice %ones into %none[0, 0] [1, 43] [1, 3] : tensor<43xi64> into tensor<3x129xi64>
  %one = arith.constant dense<7> : tensor<1xi64>
  %m = tensor.insert_slice %one into %m0[1, 0] [1, 1] [1, 1] : tensor<1xi64> into tensor<3x129xi64>
  %y = check.run @mean(%x, %m) : (tensor<3x129x17xf32>, tensor<3x129xi64>) -> tensor<3x17xf32>
  // %e = np.stack([x0[0, ::3].mean(0), x0[1, 0], 0 * x0[2, 0]])
  %e = arith.constant dense<[[0.0533572249, -0.0351155922, -0.20579958, -0.0529527962, 0.0587629378, 0.0534875318, 0.0343059003, 0.142212033, 0.159495696, 0.0352622196, -0.0512990318, 0.0088034384, -0.0875642896, 0.0823010951, -0.165204853, -0.0554586463, 0.0144419204], [-0.226678774, -0.410589159, -0.46075967, 0.00690575596, -0.946526289, 0.336109549, -0.596917689, 0.0927861482, -0.708266318, 0.133993998, -0.989015877, 0.842092931, 0.362636358, 0.426629841, -0.965015471, -0.994659603, 0.901043057], [0.0, 0.0, -0.0, -0.0, 0.0, -0.0, -0.0, -0.0, 0.0, -0.0, 0.0, -0.0, -0.0, -0.0, 0.0, -0.0, 0.0]]> : tensor<3x17xf32>
  check.expect_close %y, %e tolerance = 2.0e-7 : tensor<3x17xf32>
}

func.func @attend(%q: tensor<?x?x6xf32> {perceiver.name = "q", perceiver.sizes = ["batch", "queries"]},
                  %k: tensor<?x?x6xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
                  %m: tensor<?x?xi1> {perceiver.name = "m", perceiver.sizes = ["batch", "queries"]})
    -> (tensor<?x?x6xf32> {perceiver.name = "o", perceiver.sizes = ["batch", "queries"]},
        tensor<?x2x?xf32> {perceiver.name = "lse", perceiver.sizes = ["batch", "queries"]}) attributes {perceiver.entry} {
  %o, %lse = perceiver.attend %q, %k, %k query_mask(%m : tensor<?x?xi1>) heads = 2
      : tensor<?x?x6xf32>, tensor<?x?x6xf32>, tensor<?x?x6xf32> -> tensor<?x?x6xf32>, tensor<?x2x?xf32>
  return %o, %lse : tensor<?x?x6xf32>, tensor<?x2x?xf32>
}

check.test "masked queries" {
  %q0 = check.generate "q" scale = 2.0 : tensor<2x5x6xf32>
  %nan = arith.constant dense<0x7FC00000> : tensor<2x6xf32>
  %q = tensor.insert_slice %nan into %q0[1, 3, 0] [1, 2, 6] [1, 1, 1] : tensor<2x6xf32> into tensor<2x5x6xf32>
  %k = check.generate "k" : tensor<2x9x6xf32>
  %m = arith.constant dense<[[true, false, true, true, true], [true, true, true, false, false]]> : tensor<2x5xi1>
  %o, %lse = check.run @attend(%q, %k, %m)
      : (tensor<2x5x6xf32>, tensor<2x9x6xf32>, tensor<2x5xi1>) -> (tensor<2x5x6xf32>, tensor<2x2x5xf32>)
  // >>> o, lse = attention(q0, k, k, heads=2, query_mask=m)
  // %e = o
  %e = arith.constant dense<[[[-0.159777358, -0.213645354, -0.24985376, -0.284830958, 0.357718378, 0.201785117], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [-0.0400185548, -0.33132565, -0.102458604, -0.285980374, 0.309203953, 0.0482076928], [0.00425319606, -0.349078119, 0.136928946, -0.240672737, 0.221820369, 0.226516053], [-0.118177153, -0.0963846669, 0.507682025, -0.272639453, 0.444371492, 0.304971218]], [[-0.282658577, -0.554505944, -0.423321724, 0.0945243835, 0.0135112619, 0.071229443], [-0.13894105, -0.466979742, -0.37595576, 0.228547364, -0.0772488043, -0.48837778], [-0.0351531059, -0.499119461, -0.349216431, 0.183968246, 0.156440482, -0.206311405], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]]> : tensor<2x5x6xf32>
  check.expect_close %o, %e tolerance = 2.0e-6 : tensor<2x5x6xf32>
  // %f = lse
  %f = arith.constant dense<[[[2.25065994, 0xFF800000, 2.24727178, 2.33304787, 2.55646181], [2.62048912, 0xFF800000, 2.3615334, 2.28021312, 2.98187375]], [[2.85062957, 2.08662605, 2.70270467, 0xFF800000, 0xFF800000], [2.2337985, 2.65121007, 2.44028807, 0xFF800000, 0xFF800000]]]> : tensor<2x2x5xf32>
  check.expect_close %lse, %f tolerance = 2.0e-6 : tensor<2x2x5xf32>
}

func.func @decode(%q: tensor<?x5xf32> {perceiver.name = "q", perceiver.sizes = ["queries"]},
                  %z: tensor<?x13x7xf32> {perceiver.name = "z", perceiver.sizes = ["batch"]},
                  %m: tensor<?x?xf32> {perceiver.name = "m", perceiver.sizes = ["batch", "queries"]})
    -> (tensor<?x?x9xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "queries"]}) attributes {perceiver.entry} {
  %padding = perceiver.to_mask %m {inverted} : tensor<?x?xf32> -> tensor<?x?xi1>
  %y = perceiver.decode %q, %z query_mask(%padding : tensor<?x?xi1>) heads = 2 qk_channels = 6 v_channels = 10 mlp = none
      weights {query = [@query.weight], key = [@key.weight], value = [@value.weight], output = [@output.weight, @output.bias]}
      {residual = false} : tensor<?x5xf32>, tensor<?x13x7xf32> -> tensor<?x?x9xf32>
  return %y : tensor<?x?x9xf32>
}

// A masked query leaves the block as the bias of its output.
check.test "a block with masked queries" {
  %q0 = check.generate "q" scale = 2.0 : tensor<66x5xf32>
  %nan = arith.constant dense<0x7FC00000> : tensor<1x5xf32>
  %q = tensor.insert_slice %nan into %q0[65, 0] [1, 5] [1, 1] : tensor<1x5xf32> into tensor<66x5xf32>
  %z = check.generate "z" : tensor<2x13x7xf32>
  %none = arith.constant dense<0.0> : tensor<2x66xf32>
  %last = arith.constant dense<1.0> : tensor<2x1xf32>
  %m0 = tensor.insert_slice %last into %none[0, 65] [2, 1] [1, 1] : tensor<2x1xf32> into tensor<2x66xf32>
  %first = arith.constant dense<-2.0> : tensor<1x3xf32>
  %m = tensor.insert_slice %first into %m0[1, 0] [1, 3] [1, 1] : tensor<1x3xf32> into tensor<2x66xf32>
  %y = check.run @decode(%q, %z, %m) : (tensor<66x5xf32>, tensor<2x13x7xf32>, tensor<2x66xf32>) -> tensor<2x66x9xf32>
  // >>> kept = np.ones((2, 66), bool); kept[:, 65] = False; kept[1, :3] = False
  // >>> a, _ = attention((q0 @ tensor("query.weight"))[None], z @ tensor("key.weight"), z @ tensor("value.weight"), heads=2, query_mask=kept)
  // %e = (a @ tensor("output.weight") + tensor("output.bias"))[:, ::13]
  %e = arith.constant dense<[[[0.0729003698, -0.599980116, 0.82317704, -0.236635417, 0.950836778, 0.92220974, 1.21403897, -0.095652312, 1.33155382], [-0.178202361, -0.870395422, 1.28560829, -0.0383651778, -0.266427368, 0.384553045, 2.08557177, -0.464687437, 0.426702142], [-0.581567943, -0.749483228, 0.708932519, 0.219397604, 0.0291752424, 1.05594432, 0.313338339, 0.203495353, -0.476372182], [-0.313755512, -0.741454661, 0.661791027, -0.100937217, -0.507241666, 1.34993267, -0.167124733, 0.35782364, -1.15371597], [0.405403137, -0.700657547, 0.846326768, -0.576015949, 0.589208961, 0.80238682, 1.46776807, -0.143492207, 1.28716135], [0.196891218, -0.742457807, 0.710810244, -0.632343948, -0.0293383859, 0.96026814, 0.886914849, 0.22871767, 0.857994318]], [[0.196891218, -0.742457807, 0.710810244, -0.632343948, -0.0293383859, 0.96026814, 0.886914849, 0.22871767, 0.857994318], [0.137501195, -0.19417201, 1.25686765, -1.06000817, -1.32920957, 1.82563734, -0.491491348, 0.814149141, 0.955720007], [-0.464747131, -1.16103351, -0.0198900588, -0.10613431, -0.086298801, 1.42306995, -0.815119326, 1.08589649, -1.05994368], [-0.300687611, -1.74699748, -0.498316169, -0.329023987, -0.108835652, 1.33439088, -1.07427287, 1.53192842, -1.60376823], [0.906645536, 0.221889421, 0.734255314, -1.26175702, 0.124530055, 1.88732624, -0.493889421, 0.575046957, 2.02627945], [0.196891218, -0.742457807, 0.710810244, -0.632343948, -0.0293383859, 0.96026814, 0.886914849, 0.22871767, 0.857994318]]]> : tensor<2x6x9xf32>
  %part = tensor.extract_slice %y[0, 0, 0] [2, 6, 9] [1, 13, 1] : tensor<2x66x9xf32> to tensor<2x6x9xf32>
  check.expect_close %part, %e tolerance = 2.0e-6 : tensor<2x6x9xf32>
}
