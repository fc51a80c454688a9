// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// Fourier positions in both layouts and all recipes, on grids of one to three
// axes; trainable positions through an embedding.

perceiver.parameter @table : tensor<11x9xf32> key "table"
perceiver.parameter @places : tensor<13x9xf32> key "places"

check.checkpoint {
  %table = check.generate "table" : tensor<11x9xf32>
  check.tensor "table", %table : tensor<11x9xf32>
  %places = check.generate "places" : tensor<13x9xf32>
  check.tensor "places", %places : tensor<13x9xf32>
}

// 70 points: two blocks of 64 rows.

func.func @dm(%x: tensor<?x70x3xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x70x17xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %p = perceiver.fourier_positions grid = [7, 10] bands = 3 max_resolution = [7, 12.5] layout = dm : tensor<70x14xf32>
  %y = perceiver.concat %x, %p : (tensor<?x70x3xf32>, tensor<70x14xf32>) -> tensor<?x70x17xf32>
  return %y : tensor<?x70x17xf32>
}

check.test "Hugging Face's layout" {
  %x = check.generate "x" : tensor<2x70x3xf32>
  %y = check.run @dm(%x) : (tensor<2x70x3xf32>) -> tensor<2x70x17xf32>
  %first = tensor.extract_slice %y[0, 0, 0] [2, 70, 3] [1, 1, 1] : tensor<2x70x17xf32> to tensor<2x70x3xf32>
  check.expect_equal %first, %x : tensor<2x70x3xf32>
  // %e = fourier_positions([7, 10], 3, [7, 12.5])[::23]
  %e = arith.constant dense<[[-1.0, -1.0, 8.74227766e-08, -0.707106769, 1.0, 8.74227766e-08, 0.923879564, -0.707107067, -1.0, 0.707106769, 6.6360758e-07, -1.0, 0.382683307, 0.707106531], [-0.333333313, -0.333333313, -0.866025388, -0.707106948, 0.49999997, -0.866025388, 0.60876137, -0.258819163, 0.50000006, -0.70710659, -0.866025388, 0.50000006, -0.793353379, 0.965925813], [0.333333313, 0.333333313, 0.866025388, 0.707106948, -0.49999997, 0.866025388, -0.60876137, 0.258819163, 0.50000006, -0.70710659, -0.866025388, 0.50000006, -0.793353379, 0.965925813], [1.0, 1.0, -8.74227766e-08, 0.707106769, -1.0, -8.74227766e-08, -0.923879564, 0.707107067, -1.0, 0.707106769, 6.6360758e-07, -1.0, 0.382683307, 0.707106531]]> : tensor<4x14xf32>
  %part = tensor.extract_slice %y[1, 0, 3] [1, 4, 14] [1, 23, 1] : tensor<2x70x17xf32> to tensor<4x14xf32>
  check.expect_close %part, %e tolerance = 1.0e-7 : tensor<4x14xf32>
}

func.func @axis_major(%x: tensor<?x20x1xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x20x16xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %p = perceiver.fourier_positions grid = [2, 5, 2] bands = 2 max_resolution = [10, 10, 10] layout = axis_major
      {recipe = #perceiver.fourier_recipe<exact>} : tensor<20x15xf32>
  %y = perceiver.concat %x, %p : (tensor<?x20x1xf32>, tensor<20x15xf32>) -> tensor<?x20x16xf32>
  return %y : tensor<?x20x16xf32>
}

check.test "lucidrains' layout" {
  %x = check.generate "x" : tensor<1x20x1xf32>
  %y = check.run @axis_major(%x) : (tensor<1x20x1xf32>) -> tensor<1x20x16xf32>
  // %e = fourier_positions([2, 5, 2], 2, [10, 10, 10], layout="axis_major", recipe="exact")[::6]
  %e = arith.constant dense<[[-1.22464685e-16, -6.123234e-16, -1.0, -1.0, -1.0, -1.22464685e-16, -6.123234e-16, -1.0, -1.0, -1.0, -1.22464685e-16, -6.123234e-16, -1.0, -1.0, -1.0], [-1.22464685e-16, -6.123234e-16, -1.0, -1.0, -1.0, 1.0, 1.0, 6.12323426e-17, 3.061617e-16, 0.5, -1.22464685e-16, -6.123234e-16, -1.0, -1.0, -1.0], [1.22464685e-16, 6.123234e-16, -1.0, -1.0, 1.0, -1.0, -1.0, 6.12323426e-17, 3.061617e-16, -0.5, -1.22464685e-16, -6.123234e-16, -1.0, -1.0, -1.0], [1.22464685e-16, 6.123234e-16, -1.0, -1.0, 1.0, 1.22464685e-16, 6.123234e-16, -1.0, -1.0, 1.0, -1.22464685e-16, -6.123234e-16, -1.0, -1.0, -1.0]]> : tensor<4x15xf32>
  %part = tensor.extract_slice %y[0, 0, 1] [1, 4, 15] [1, 6, 1] : tensor<1x20x16xf32> to tensor<4x15xf32>
  check.expect_close %part, %e tolerance = 1.0e-7 : tensor<4x15xf32>
}

func.func @jax(%x: tensor<?x33x1xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x33x8xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %p = perceiver.fourier_positions grid = [33] bands = 3 max_resolution = [1000] layout = dm
      {recipe = #perceiver.fourier_recipe<jax_f32>} : tensor<33x7xf32>
  %y = perceiver.concat %x, %p : (tensor<?x33x1xf32>, tensor<33x7xf32>) -> tensor<?x33x8xf32>
  return %y : tensor<?x33x8xf32>
}

check.test "DeepMind's recipe" {
  %x = check.generate "x" : tensor<1x33x1xf32>
  %y = check.run @jax(%x) : (tensor<1x33x1xf32>) -> tensor<1x33x8xf32>
  // %e = fourier_positions([33], 3, [1000], recipe="jax_f32")[::8]
  %e = arith.constant dense<[[-1.0, 8.74227766e-08, -1.0, -5.99238519e-05, -1.0, -3.44163818e-05, 1.0], [-0.5, -1.0, 0.707118928, -2.9961926e-05, -4.37113883e-08, -0.70709461, 1.0], [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0], [0.5, 1.0, -0.707118928, 2.9961926e-05, -4.37113883e-08, -0.70709461, 1.0], [1.0, -8.74227766e-08, 1.0, 5.99238519e-05, -1.0, -3.44163818e-05, 1.0]]> : tensor<5x7xf32>
  %part = tensor.extract_slice %y[0, 0, 1] [1, 5, 7] [1, 8, 1] : tensor<1x33x8xf32> to tensor<5x7xf32>
  check.expect_close %part, %e tolerance = 1.0e-7 : tensor<5x7xf32>
}

func.func @embedding(%ids: tensor<?x13xi64> {perceiver.name = "ids", perceiver.sizes = ["batch"]})
    -> (tensor<?x13x9xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %y = perceiver.embedding %ids table @table positions @places : tensor<?x13xi64> -> tensor<?x13x9xf32>
  return %y : tensor<?x13x9xf32>
}

check.test "trainable positions" {
  %ids = check.generate "ids" scale = 5.5 offset = 5.5 : tensor<2x13xi64>
  %y = check.run @embedding(%ids) : (tensor<2x13xi64>) -> tensor<2x13x9xf32>
  // %e = (embedding(tensor("table"), ids) + trainable_positions(tensor("places"), 2))[:, ::4, ::4]
  %e = arith.constant dense<[[[0.0938307047, -0.799529314, 0.193720698], [0.209304422, -0.786804438, 0.197614089], [0.92100805, 1.06765199, -0.110849172], [1.15449941, 0.184796512, -1.23048878]], [[0.0297225714, -0.809115589, 0.86250639], [0.861658752, -0.727299154, 0.790941536], [0.641572952, 1.18443549, -0.122560531], [-0.540881276, -0.061669372, -0.609400868]]]> : tensor<2x4x3xf32>
  %part = tensor.extract_slice %y[0, 0, 0] [2, 4, 3] [1, 4, 4] : tensor<2x13x9xf32> to tensor<2x4x3xf32>
  check.expect_close %part, %e tolerance = 2.0e-7 : tensor<2x4x3xf32>
}

// Images and videos, channels first.

func.func @grids(%image: tensor<?x3x4x7xf32> {perceiver.name = "image", perceiver.sizes = ["batch"]},
                 %video: tensor<?x2x3x5x2xf32> {perceiver.name = "video", perceiver.sizes = ["batch"]})
    -> (tensor<?x28x3xf32> {perceiver.name = "pixels", perceiver.sizes = ["batch"]},
        tensor<?x30x2xf32> {perceiver.name = "voxels", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %pixels = perceiver.to_channels_last %image : tensor<?x3x4x7xf32> -> tensor<?x28x3xf32>
  %voxels = perceiver.to_channels_last %video : tensor<?x2x3x5x2xf32> -> tensor<?x30x2xf32>
  return %pixels, %voxels : tensor<?x28x3xf32>, tensor<?x30x2xf32>
}

check.test "grids" {
  %image = check.generate "image" : tensor<2x3x4x7xf32>
  %video = check.generate "video" : tensor<2x2x3x5x2xf32>
  %pixels, %voxels = check.run @grids(%image, %video)
      : (tensor<2x3x4x7xf32>, tensor<2x2x3x5x2xf32>) -> (tensor<2x28x3xf32>, tensor<2x30x2xf32>)
  // %e = channels_last(image)[1, ::9]
  %e = arith.constant dense<[[-0.551174521, 0.455822289, 0.862944841], [0.252872646, -0.818707824, 0.990604162], [-0.214167252, -0.747536957, 0.545707762], [0.929071069, 0.674937546, 0.694503248]]> : tensor<4x3xf32>
  %p = tensor.extract_slice %pixels[1, 0, 0] [1, 4, 3] [1, 9, 1] : tensor<2x28x3xf32> to tensor<4x3xf32>
  check.expect_equal %p, %e : tensor<4x3xf32>
  // %f = channels_last(video)[1, ::7]
  %f = arith.constant dense<[[0.91025424, 0.425661951], [-0.533465505, 0.4453201], [0.939866662, 0.171218365], [0.645772159, 0.510979414], [-0.187449113, 0.860622406]]> : tensor<5x2xf32>
  %v = tensor.extract_slice %voxels[1, 0, 0] [1, 5, 2] [1, 7, 1] : tensor<2x30x2xf32> to tensor<5x2xf32>
  check.expect_equal %v, %f : tensor<5x2xf32>
}
