// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// Some points of a grid whose tables are stored: those with given numbers, and a
// range. What is outside of the grid counts as the nearest point in it.

func.func @points(%p: tensor<?xi64> {perceiver.name = "points", perceiver.sizes = ["queries"]})
    -> (tensor<?x21xf32> {perceiver.name = "y", perceiver.sizes = ["queries"]}) attributes {perceiver.entry} {
  %y = perceiver.fourier_positions points(%p : tensor<?xi64>) grid = [3, 4, 5] bands = 3 max_resolution = [3, 4, 10]
      layout = dm {spacing = #perceiver.spacing<fraction>} : tensor<?x21xf32>
  return %y : tensor<?x21xf32>
}

check.test "points in any order" {
  %p = arith.constant dense<[59, 0, 7, 7, -3, 60, 4294967296, -9223372036854775808]> : tensor<8xi64>
  %y = check.run @points(%p) : (tensor<8xi64>) -> tensor<8x21xf32>
  // >>> inside = np.clip(p, 0, 59)
  // %e = fourier_features(point_positions(inside, [3, 4, 5], spacing="fraction"), 3, [3, 4, 10])
  %e = arith.constant dense<[[0.333333373, 0.5, 0.600000024, 0.866025507, 0.965925872, 1.0, 1.0, 0.707106769, -8.74227766e-08, 0.95105648, -0.587784946, -2.38497613e-08, 0.499999881, 0.258818835, -2.82129974e-07, -4.37113883e-08, -0.707106769, -1.0, -0.309017152, 0.809017241, -1.0], [-1.0, -1.0, -1.0, 8.74227766e-08, 0.707106888, 1.0, 8.74227766e-08, 1.0, -1.74845553e-07, 8.74227766e-08, 2.38497613e-08, 6.75532476e-07, -1.0, -0.70710665, 1.19248806e-08, -1.0, 1.19248806e-08, 1.0, -1.0, -1.0, -1.0], [-1.0, -0.5, -0.199999988, 8.74227766e-08, 0.707106888, 1.0, -1.0, -0.707106769, 8.74227766e-08, -0.587785244, -0.95105654, -1.50995803e-07, -1.0, -0.70710665, 1.19248806e-08, -4.37113883e-08, -0.707106769, -1.0, 0.809017003, -0.309016943, -1.0], [-1.0, -0.5, -0.199999988, 8.74227766e-08, 0.707106888, 1.0, -1.0, -0.707106769, 8.74227766e-08, -0.587785244, -0.95105654, -1.50995803e-07, -1.0, -0.70710665, 1.19248806e-08, -4.37113883e-08, -0.707106769, -1.0, 0.809017003, -0.309016943, -1.0], [-1.0, -1.0, -1.0, 8.74227766e-08, 0.707106888, 1.0, 8.74227766e-08, 1.0, -1.74845553e-07, 8.74227766e-08, 2.38497613e-08, 6.75532476e-07, -1.0, -0.70710665, 1.19248806e-08, -1.0, 1.19248806e-08, 1.0, -1.0, -1.0, -1.0], [0.333333373, 0.5, 0.600000024, 0.866025507, 0.965925872, 1.0, 1.0, 0.707106769, -8.74227766e-08, 0.95105648, -0.587784946, -2.38497613e-08, 0.499999881, 0.258818835, -2.82129974e-07, -4.37113883e-08, -0.707106769, -1.0, -0.309017152, 0.809017241, -1.0], [0.333333373, 0.5, 0.600000024, 0.866025507, 0.965925872, 1.0, 1.0, 0.707106769, -8.74227766e-08, 0.95105648, -0.587784946, -2.38497613e-08, 0.499999881, 0.258818835, -2.82129974e-07, -4.37113883e-08, -0.707106769, -1.0, -0.309017152, 0.809017241, -1.0], [-1.0, -1.0, -1.0, 8.74227766e-08, 0.707106888, 1.0, 8.74227766e-08, 1.0, -1.74845553e-07, 8.74227766e-08, 2.38497613e-08, 6.75532476e-07, -1.0, -0.70710665, 1.19248806e-08, -1.0, 1.19248806e-08, 1.0, -1.0, -1.0, -1.0]]> : tensor<8x21xf32>
  check.expect_close %y, %e tolerance = 1.0e-7 : tensor<8x21xf32>
}

func.func @narrow_points(%p: tensor<?xi32> {perceiver.name = "points", perceiver.sizes = ["queries"]})
    -> (tensor<?x6xf32> {perceiver.name = "y", perceiver.sizes = ["queries"]}) attributes {perceiver.entry} {
  %y = perceiver.fourier_positions points(%p : tensor<?xi32>) grid = [7] bands = 3 max_resolution = [9]
      layout = axis_major {terms = #perceiver.terms<sin, cos>, recipe = #perceiver.fourier_recipe<jax_f32>} : tensor<?x6xf32>
  return %y : tensor<?x6xf32>
}

check.test "points of one axis" {
  %p = arith.constant dense<[6, -1, 3, 2147483647]> : tensor<4xi32>
  %y = check.run @narrow_points(%p) : (tensor<4xi32>) -> tensor<4x6xf32>
  // >>> inside = np.clip(p, 0, 6)
  // %e = fourier_features(point_positions(inside, [7], "jax_f32"), 3, [9], recipe="jax_f32", layout="axis_major", concat_pos=False)
  %e = arith.constant dense<[[-8.74227766e-08, 0.707106292, 1.0, -1.0, -0.707107246, -3.57746401e-08], [8.74227766e-08, -0.707106292, -1.0, -1.0, -0.707107246, -3.57746401e-08], [0.0, 0.0, 0.0, 1.0, 1.0, 1.0], [-8.74227766e-08, 0.707106292, 1.0, -1.0, -0.707107246, -3.57746401e-08]]> : tensor<4x6xf32>
  check.expect_close %y, %e tolerance = 1.0e-7 : tensor<4x6xf32>
}

// The numbers that a range has are sizes here: of rows that are skipped, and of
// rows that are decoded.
func.func @range(%skipped: tensor<?xf32> {perceiver.name = "skipped", perceiver.sizes = ["first"]},
                 %x: tensor<?x?x3xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "count"]})
    -> (tensor<?x?x13xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "count"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %first = tensor.dim %skipped, %c0 : tensor<?xf32>
  %count = tensor.dim %x, %c1 : tensor<?x?x3xf32>
  %p = perceiver.fourier_positions range(%first, %count) grid = [20, 10] bands = 4 max_resolution = [20, 10] layout = dm
      {terms = #perceiver.terms<raw, sin>} : tensor<?x10xf32>
  %y = perceiver.concat %x, %p : (tensor<?x?x3xf32>, tensor<?x10xf32>) -> tensor<?x?x13xf32>
  return %y : tensor<?x?x13xf32>
}

// More rows than a task has.
check.test "a range" {
  %skipped = check.generate "skipped" : tensor<37xf32>
  %x = check.generate "x" : tensor<2x130x3xf32>
  %y = check.run @range(%skipped, %x) : (tensor<37xf32>, tensor<2x130x3xf32>) -> tensor<2x130x13xf32>
  %xs = tensor.extract_slice %y[0, 0, 0] [2, 130, 3] [1, 1, 1] : tensor<2x130x13xf32> to tensor<2x130x3xf32>
  check.expect_equal %xs, %x : tensor<2x130x3xf32>
  // %e = fourier_positions([20, 10], 4, sine_only=True)[37:167:43]
  %e = arith.constant dense<[[-0.684210539, 0.555555582, -0.837166429, -0.735723674, -0.614212573, -0.475945711, 0.98480773, -0.802123487, 0.116093226, 0.642786741], [-0.157894731, -1.0, -0.47594738, -0.915773332, 0.324699312, 0.969400346, 8.74227766e-08, -0.866025865, 0.866025627, 6.75532476e-07], [0.263157904, -0.333333313, 0.735723972, -0.164594799, -0.475946724, 0.915773273, -0.866025388, -0.642787457, 0.642787397, 0.866025686], [0.684210539, 0.333333313, 0.837166429, 0.735723674, 0.614212573, 0.475945711, 0.866025388, 0.642787457, -0.642787397, -0.866025686]]> : tensor<4x10xf32>
  %p = tensor.extract_slice %y[1, 0, 3] [1, 4, 10] [1, 43, 1] : tensor<2x130x13xf32> to tensor<4x10xf32>
  check.expect_close %p, %e tolerance = 1.0e-7 : tensor<4x10xf32>
}

// It ends beyond the grid.
check.test "a range to the end" {
  %skipped = check.generate "skipped" : tensor<198xf32>
  %x = check.generate "x" : tensor<1x70x3xf32>
  %y = check.run @range(%skipped, %x) : (tensor<198xf32>, tensor<1x70x3xf32>) -> tensor<1x70x13xf32>
  // %e = fourier_positions([20, 10], 4, sine_only=True)[[198, 199, 199]]
  %e = arith.constant dense<[[1.0, 0.777777791, -8.74227766e-08, 3.49691106e-07, -1.32721516e-06, 1.35106495e-06, 0.642787457, -0.549508631, 0.44879964, -0.342019737], [1.0, 1.0, -8.74227766e-08, 3.49691106e-07, -1.32721516e-06, 1.35106495e-06, -8.74227766e-08, 0.866025865, -0.866025627, -6.75532476e-07], [1.0, 1.0, -8.74227766e-08, 3.49691106e-07, -1.32721516e-06, 1.35106495e-06, -8.74227766e-08, 0.866025865, -0.866025627, -6.75532476e-07]]> : tensor<3x10xf32>
  %p = tensor.extract_slice %y[0, 0, 3] [1, 3, 10] [1, 1, 1] : tensor<1x70x13xf32> to tensor<3x10xf32>
  check.expect_close %p, %e tolerance = 1.0e-7 : tensor<3x10xf32>
  // %f = fourier_positions([20, 10], 4, sine_only=True)[[199, 199]]
  %f = arith.constant dense<[[1.0, 1.0, -8.74227766e-08, 3.49691106e-07, -1.32721516e-06, 1.35106495e-06, -8.74227766e-08, 0.866025865, -0.866025627, -6.75532476e-07], [1.0, 1.0, -8.74227766e-08, 3.49691106e-07, -1.32721516e-06, 1.35106495e-06, -8.74227766e-08, 0.866025865, -0.866025627, -6.75532476e-07]]> : tensor<2x10xf32>
  %last = tensor.extract_slice %y[0, 2, 3] [1, 2, 10] [1, 67, 1] : tensor<1x70x13xf32> to tensor<2x10xf32>
  check.expect_close %last, %f tolerance = 1.0e-7 : tensor<2x10xf32>
}

func.func @raw(%x: tensor<?x6x1xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x6x3xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %p = perceiver.fourier_positions grid = [2, 3] bands = 0 max_resolution = [2, 3] layout = dm : tensor<6x2xf32>
  %y = perceiver.concat %x, %p : (tensor<?x6x1xf32>, tensor<6x2xf32>) -> tensor<?x6x3xf32>
  return %y : tensor<?x6x3xf32>
}

check.test "positions alone" {
  %x = arith.constant dense<0.5> : tensor<1x6x1xf32>
  %y = check.run @raw(%x) : (tensor<1x6x1xf32>) -> tensor<1x6x3xf32>
  %e = arith.constant dense<[[[0.5, -1.0, -1.0], [0.5, -1.0, 0.0], [0.5, -1.0, 1.0],
                              [0.5, 1.0, -1.0], [0.5, 1.0, 0.0], [0.5, 1.0, 1.0]]]> : tensor<1x6x3xf32>
  check.expect_close %y, %e tolerance = 1.0e-7 : tensor<1x6x3xf32>
}

// Numbers of a caller; the first may be 0.
func.func @some(%first: index {perceiver.name = "first"}, %count: index {perceiver.name = "count"},
                %z: tensor<?x7x4xf32> {perceiver.name = "z", perceiver.sizes = ["batch"]})
    -> (tensor<?x?x4xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "count"]}) attributes {perceiver.entry} {
  %q = perceiver.fourier_positions range(%first, %count) grid = [20, 10] bands = 1 max_resolution = [20, 10] layout = dm
      {terms = #perceiver.terms<raw, sin>} : tensor<?x4xf32>
  %y = perceiver.attend %q, %z, %z heads = 2 : tensor<?x4xf32>, tensor<?x7x4xf32>, tensor<?x7x4xf32> -> tensor<?x?x4xf32>
  return %y : tensor<?x?x4xf32>
}

check.test "a range of queries" {
  %z = check.generate "z" : tensor<2x7x4xf32>
  %y = check.run @some(%z) sizes {first = 0, count = 3} : (tensor<2x7x4xf32>) -> tensor<2x3x4xf32>
  // >>> points = fourier_positions([20, 10], 1, sine_only=True)
  // %e = attention(points[None, :3], z, z, heads=2)[0]
  %e = arith.constant dense<[[[-0.140416548, -0.211621583, 0.178852066, -0.25674507], [-0.142276078, -0.177247584, 0.154540166, -0.399903148], [-0.142380342, -0.141889036, 0.150632828, -0.466993004]], [[0.648410678, -0.0301351734, 0.353039265, 0.112530507], [0.646071792, 0.0116527127, 0.384174526, 0.0215927754], [0.643361568, 0.054481864, 0.402154148, -0.0289038029]]]> : tensor<2x3x4xf32>
  check.expect_close %y, %e tolerance = 1.0e-6 : tensor<2x3x4xf32>
  %w = check.run @some(%z) sizes {first = 71, count = 129} : (tensor<2x7x4xf32>) -> tensor<2x129x4xf32>
  // %f = attention(points[None, 71:200], z, z, heads=2)[0][:, ::32]
  %f = arith.constant dense<[[[0.0957100391, -0.185708091, -0.103023946, -0.413799047], [0.194662586, -0.0999573991, 0.20792143, -0.442953527], [0.296123058, 0.00368382363, 0.478286237, -0.114561617], [0.397965252, 0.123594165, 0.498731732, 0.061388921], [0.496408284, 0.253656536, 0.178852007, -0.25674513]], [[0.657057881, 0.00433473615, 0.257884532, 0.066144608], [0.657669246, 0.0847357363, 0.418572098, -0.0196161363], [0.657766104, 0.165145963, 0.471910089, 0.127368435], [0.657404721, 0.243127748, 0.44646436, 0.210105523], [0.656693101, 0.316624939, 0.353039265, 0.112530492]]]> : tensor<2x5x4xf32>
  %part = tensor.extract_slice %w[0, 0, 0] [2, 5, 4] [1, 32, 1] : tensor<2x129x4xf32> to tensor<2x5x4xf32>
  check.expect_close %part, %f tolerance = 1.0e-6 : tensor<2x5x4xf32>
}
