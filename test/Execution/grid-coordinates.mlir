// RUN: perceiver-test-runner %s --from=strategy
// RUN: perceiver-test-runner %s --from=strategy --device=emulated

// Coordinates of points of a grid whose size is an argument's, and features of
// coordinates, each alone.

func.func @coordinates(%x: tensor<?xf32> {perceiver.name = "x", perceiver.sizes = ["width"]},
                       %p: tensor<?xi64> {perceiver.name = "points", perceiver.sizes = ["points"]})
    -> (tensor<?x2xf32> {perceiver.name = "inclusive", perceiver.sizes = ["points"]},
        tensor<?x2xf32> {perceiver.name = "fraction", perceiver.sizes = ["points"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %w = tensor.dim %x, %c0 : tensor<?xf32>
  %n = tensor.dim %p, %c0 : tensor<?xi64>
  %init = tensor.empty(%n) : tensor<?x2xf32>
  %0 = block.grid_coordinates sizes(%w) points(%p : tensor<?xi64>) outs(%init : tensor<?x2xf32>)
      {lengths = array<i64: 3, -9223372036854775808>, recipe = #perceiver.fourier_recipe<jax_f32>} -> tensor<?x2xf32>
  %1 = block.grid_coordinates sizes(%w) points(%p : tensor<?xi64>) outs(%init : tensor<?x2xf32>)
      {lengths = array<i64: 3, -9223372036854775808>, spacing = #perceiver.spacing<fraction>} -> tensor<?x2xf32>
  return %0, %1 : tensor<?x2xf32>, tensor<?x2xf32>
}

check.test "3 x 11 points" {
  %x = check.generate "x" : tensor<11xf32>
  %p = arith.constant dense<[32, 0, 11, 17, 5, -7, 33]> : tensor<7xi64>
  %0, %1 = check.run @coordinates(%x, %p) : (tensor<11xf32>, tensor<7xi64>) -> (tensor<7x2xf32>, tensor<7x2xf32>)
  // >>> inside = np.clip(p, 0, 32)
  // %e = point_positions(inside, [3, 11], "jax_f32")
  %e = arith.constant dense<[[1.0, 1.0], [-1.0, -1.0], [0.0, -1.0], [0.0, 0.200000048], [-1.0, 0.0], [-1.0, -1.0], [1.0, 1.0]]> : tensor<7x2xf32>
  check.expect_equal %0, %e : tensor<7x2xf32>
  // %f = point_positions(inside, [3, 11], spacing="fraction")
  %f = arith.constant dense<[[0.333333373, 0.818181872], [-1.0, -1.0], [-0.333333313, -1.0], [-0.333333313, 0.0909091234], [-1.0, -0.0909090638], [-1.0, -1.0], [0.333333373, 0.818181872]]> : tensor<7x2xf32>
  check.expect_equal %1, %f : tensor<7x2xf32>
}

func.func @features(%x: tensor<?x2xf32> {perceiver.name = "x", perceiver.sizes = ["points"]})
    -> (tensor<?x40xf32> {perceiver.name = "y", perceiver.sizes = ["points"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x2xf32>
  %init = tensor.empty(%n) : tensor<?x40xf32>
  %y = block.fourier_features ins(%x : tensor<?x2xf32>) outs(%init : tensor<?x40xf32>)
      {bands = 19 : i64, max_frequencies = array<f64: 5.0, 112.0>, layout = #perceiver.fourier_layout<axis_major>,
       terms = #perceiver.terms<raw, sin>, recipe = #perceiver.fourier_recipe<jax_f32>} -> tensor<?x40xf32>
  return %y : tensor<?x40xf32>
}

check.test "19 bands" {
  %x = check.generate "x" : tensor<67x2xf32>
  %y = check.run @features(%x) : (tensor<67x2xf32>) -> tensor<67x40xf32>
  // %e = fourier_features(x[::33], 19, [10, 224], sine_only=True, recipe="jax_f32", layout="axis_major")
  %e = arith.constant dense<[[-0.890627563, -0.601000547, -0.189626038, 0.260161906, 0.657247484, 0.921191633, 0.998525739, 0.873584151, 0.571676731, 0.15396224, -0.294941068, -0.684096813, -0.934672296, -0.99590677, -0.855395913, -0.541604638, -0.118096642, 0.329333872, 0.710049808, -0.650265515, 0.847250342, 0.423396587, -0.135983407, -0.651836991, -0.959040403, -0.959269047, -0.652438283, -0.136776701, 0.422678798, 0.846822321, 0.999918282, 0.832956433, 0.399343371, -0.162049457, -0.671610773, -0.966171682, -0.95148623, -0.632233381, -0.11062254, 0.678256392], [0.304214418, -0.314876169, -0.813279092, -0.999964654, -0.803378284, -0.298869342, 0.320192486, 0.816528559, 0.999901772, 0.800027728, 0.293514431, -0.325497866, -0.819752395, -0.999807477, -0.796651185, -0.288151652, 0.330794364, 0.822949588, 0.99968183, 0.901606023, -0.388819873, -0.719569802, 0.906905055, 0.0666075349, -0.954859257, 0.620884717, 0.507831395, -0.986518323, 0.202467948, 0.840741515, -0.807792425, -0.259124815, 0.994374454, -0.456808418, -0.665482342, 0.935947239, -0.00838010013, -0.929891586, 0.677932143, -0.872882843], [-0.598035455, -0.705765247, -0.799196839, -0.876437426, -0.935922086, -0.976445735, -0.997187436, -0.997726977, -0.978053451, -0.938565433, -0.880062759, -0.803730845, -0.711115956, -0.604094684, -0.48483476, -0.355752736, -0.219462782, -0.0787276179, 0.0636032075, -0.204051822, 0.568557739, -0.929280579, 0.978161454, -0.69879657, 0.184934214, 0.390986264, -0.835704088, 0.999979973, -0.828689039, 0.379313767, 0.197350249, -0.707786024, 0.980712831, -0.924535811, 0.558107436, -0.00440200325, -0.55079329, 0.921146333, -0.982392013, 0.192498401]]> : tensor<3x40xf32>
  %part = tensor.extract_slice %y[0, 0] [3, 40] [33, 1] : tensor<67x40xf32> to tensor<3x40xf32>
  check.expect_close %part, %e tolerance = 1.2e-7 : tensor<3x40xf32>
}
