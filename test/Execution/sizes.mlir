// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// Sizes that are numbers, that follow from others, and of which something is
// required: rows from an offset on, patches of samples, and a mask of the points
// of a grid.

perceiver.parameter @w : tensor<3x7xf32> key "w"
perceiver.parameter @patch : tensor<4x5xf32> key "patch"

check.checkpoint {
  %w = check.generate "w" : tensor<3x7xf32>
  check.tensor "w", %w : tensor<3x7xf32>
  %patch = check.generate "patch" : tensor<4x5xf32>
  check.tensor "patch", %patch : tensor<4x5xf32>
}

func.func @range(%x: tensor<?x3xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]},
                 %first: index {perceiver.name = "first"}, %count: index {perceiver.name = "count"})
    -> (tensor<?x7xf32> {perceiver.name = "y", perceiver.sizes = ["count"]},
        tensor<?xf32> {perceiver.name = "flat", perceiver.sizes = ["count * 7"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x3xf32>
  %end = arith.addi %first, %count : index
  perceiver.require %end <= %n, "first and count lie within the rows"
  %part = tensor.extract_slice %x[%first, 0] [%count, 3] [1, 1] : tensor<?x3xf32> to tensor<?x3xf32>
  %y = perceiver.project %part weight @w : tensor<?x3xf32> -> tensor<?x7xf32>
  %flat = tensor.collapse_shape %y [[0, 1]] : tensor<?x7xf32> into tensor<?xf32>
  return %y, %flat : tensor<?x7xf32>, tensor<?xf32>
}

check.test "rows from an offset on" {
  %x = check.generate "x" : tensor<70x3xf32>
  %all, %flat = check.run @range(%x) sizes {count = 70, first = 0} : (tensor<70x3xf32>) -> (tensor<70x7xf32>, tensor<490xf32>)
  %y, %z = check.run @range(%x) sizes {count = 2, first = 65} : (tensor<70x3xf32>) -> (tensor<2x7xf32>, tensor<14xf32>)
  // %e = (x @ tensor("w"))[65:67]
  %e = arith.constant dense<[[0.0603426136, -0.170863286, 0.715205371, -0.859365404, 0.703796208, -0.129567638, -0.270014554], [-0.429303676, -0.0573849119, -0.0439305007, -0.0441404246, -0.0490321293, -0.289440185, 0.192742735]]> : tensor<2x7xf32>
  check.expect_close %y, %e tolerance = 1.0e-6 : tensor<2x7xf32>
  // %f = (x @ tensor("w"))[65:67].ravel()
  %f = arith.constant dense<[0.0603426136, -0.170863286, 0.715205371, -0.859365404, 0.703796208, -0.129567638, -0.270014554, -0.429303676, -0.0573849119, -0.0439305007, -0.0441404246, -0.0490321293, -0.289440185, 0.192742735]> : tensor<14xf32>
  check.expect_close %z, %f tolerance = 1.0e-6 : tensor<14xf32>
  %part = tensor.extract_slice %all[65, 0] [2, 7] [1, 1] : tensor<70x7xf32> to tensor<2x7xf32>
  check.expect_close %part, %e tolerance = 1.0e-6 : tensor<2x7xf32>
}

func.func @patches(%x: tensor<?x?xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "samples"]})
    -> (tensor<?x?x5xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "samples floordiv 4"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c4 = arith.constant 4 : index
  %b = tensor.dim %x, %c0 : tensor<?x?xf32>
  %n = tensor.dim %x, %c1 : tensor<?x?xf32>
  perceiver.require %n multiple_of %c4, "the samples fill patches of 4"
  %patches = arith.floordivsi %n, %c4 : index
  %rows = tensor.expand_shape %x [[0], [1, 2]] output_shape [%b, %patches, 4] : tensor<?x?xf32> into tensor<?x?x4xf32>
  %y = perceiver.project %rows weight @patch : tensor<?x?x4xf32> -> tensor<?x?x5xf32>
  return %y : tensor<?x?x5xf32>
}

check.test "patches of samples" {
  %x = check.generate "samples" : tensor<2x12xf32>
  %y = check.run @patches(%x) : (tensor<2x12xf32>) -> tensor<2x3x5xf32>
  // %e = x.reshape(2, 3, 4) @ tensor("patch")
  %e = arith.constant dense<[[[-0.267237216, -0.0982119516, -0.309540868, -0.078505367, 0.073933363], [0.421377838, -0.30766502, -0.59850359, -0.292483419, -0.888181686], [-0.551919281, -0.11725989, 0.610742152, 0.241074398, 0.863875329]], [[0.217357144, 0.179488823, -0.597211063, -0.253783226, -0.503907323], [-0.269071966, -0.0568729974, 0.523810983, 0.256034493, 0.566101909], [-0.542882144, 0.220952898, 0.265428066, -0.430510759, 0.597696006]]]> : tensor<2x3x5xf32>
  check.expect_close %y, %e tolerance = 1.0e-6 : tensor<2x3x5xf32>
}

func.func @pooled(%m: tensor<?x?xf32> {perceiver.name = "m", perceiver.sizes = ["batch", "(height - 1) * width"], perceiver.default = true},
                  %x: tensor<?x?x?x3xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "height", "width"]})
    -> (tensor<?x3xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %b = tensor.dim %x, %c0 : tensor<?x?x?x3xf32>
  %h = tensor.dim %x, %c1 : tensor<?x?x?x3xf32>
  %w = tensor.dim %x, %c2 : tensor<?x?x?x3xf32>
  perceiver.require %c2 <= %h, "two rows or more"
  %n = arith.subi %h, %c1 : index
  %below = tensor.extract_slice %x[0, 1, 0, 0] [%b, %n, %w, 3] [1, 1, 1, 1] : tensor<?x?x?x3xf32> to tensor<?x?x?x3xf32>
  %rows = tensor.collapse_shape %below [[0], [1, 2], [3]] : tensor<?x?x?x3xf32> into tensor<?x?x3xf32>
  %mask = perceiver.to_mask %m : tensor<?x?xf32> -> tensor<?x?xi1>
  %y = perceiver.mean_pool %rows mask(%mask : tensor<?x?xi1>) : tensor<?x?x3xf32> -> tensor<?x3xf32>
  return %y : tensor<?x3xf32>
}

check.test "a mask of the points of a grid" {
  %x = check.generate "grid" : tensor<2x3x2x3xf32>
  %m = arith.constant dense<[[0.0, 0.5, 0.0, -1.0], [0.0, 0.0, 0.0, 0.0]]> : tensor<2x4xf32>
  %y = check.run @pooled(%m, %x) : (tensor<2x4xf32>, tensor<2x3x2x3xf32>) -> tensor<2x3xf32>
  // %e = np.stack([x[0, 1:, 1].mean(0), np.zeros(3)])
  %e = arith.constant dense<[[0.743004918, -0.495043844, -0.18114531], [0.0, 0.0, 0.0]]> : tensor<2x3xf32>
  check.expect_close %y, %e tolerance = 1.0e-6 : tensor<2x3xf32>
}
