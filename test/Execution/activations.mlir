// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// What follows a linear layer, with and without gates: every function, at the
// ends of its range, too.

perceiver.parameter @w : tensor<1x9xf32> key "w"
perceiver.parameter @gates : tensor<1x18xf32> key "gates"
perceiver.parameter @bias : tensor<18xf32> key "bias"

check.checkpoint {
  %0 = arith.constant dense<1.0> : tensor<1x9xf32>
  check.tensor "w", %0 : tensor<1x9xf32>
  %1 = arith.constant dense<1.0> : tensor<1x18xf32>
  check.tensor "gates", %1 : tensor<1x18xf32>
  %2 = check.generate "bias" : tensor<18xf32>
  check.tensor "bias", %2 : tensor<18xf32>
}

func.func @plain(%x: tensor<?x1xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]})
    -> (tensor<?x9xf32> {perceiver.name = "none", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "gelu_erf", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "gelu_tanh", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "quick_gelu", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "relu", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "relu_squared", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "silu", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "sigmoid", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "tanh", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "leaky_relu", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "mish", perceiver.sizes = ["rows"]})
    attributes {perceiver.entry} {
  %none = perceiver.project %x weight @w activation = none : tensor<?x1xf32> -> tensor<?x9xf32>
  %gelu_erf = perceiver.project %x weight @w activation = gelu_erf : tensor<?x1xf32> -> tensor<?x9xf32>
  %gelu_tanh = perceiver.project %x weight @w activation = gelu_tanh : tensor<?x1xf32> -> tensor<?x9xf32>
  %quick_gelu = perceiver.project %x weight @w activation = quick_gelu : tensor<?x1xf32> -> tensor<?x9xf32>
  %relu = perceiver.project %x weight @w activation = relu : tensor<?x1xf32> -> tensor<?x9xf32>
  %relu_squared = perceiver.project %x weight @w activation = relu_squared : tensor<?x1xf32> -> tensor<?x9xf32>
  %silu = perceiver.project %x weight @w activation = silu : tensor<?x1xf32> -> tensor<?x9xf32>
  %sigmoid = perceiver.project %x weight @w activation = sigmoid : tensor<?x1xf32> -> tensor<?x9xf32>
  %tanh = perceiver.project %x weight @w activation = tanh : tensor<?x1xf32> -> tensor<?x9xf32>
  %leaky_relu = perceiver.project %x weight @w activation = leaky_relu : tensor<?x1xf32> -> tensor<?x9xf32>
  %mish = perceiver.project %x weight @w activation = mish : tensor<?x1xf32> -> tensor<?x9xf32>
  return %none, %gelu_erf, %gelu_tanh, %quick_gelu, %relu, %relu_squared, %silu, %sigmoid, %tanh, %leaky_relu, %mish
      : tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>
}

func.func @gated(%x: tensor<?x1xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]})
    -> (tensor<?x9xf32> {perceiver.name = "none", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "gelu_erf", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "gelu_tanh", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "quick_gelu", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "relu", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "relu_squared", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "silu", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "sigmoid", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "tanh", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "leaky_relu", perceiver.sizes = ["rows"]},
        tensor<?x9xf32> {perceiver.name = "mish", perceiver.sizes = ["rows"]})
    attributes {perceiver.entry} {
  %none = perceiver.project %x weight @gates bias @bias activation = gated(none) : tensor<?x1xf32> -> tensor<?x9xf32>
  %gelu_erf = perceiver.project %x weight @gates bias @bias activation = gated(gelu_erf) : tensor<?x1xf32> -> tensor<?x9xf32>
  %gelu_tanh = perceiver.project %x weight @gates bias @bias activation = gated(gelu_tanh) : tensor<?x1xf32> -> tensor<?x9xf32>
  %quick_gelu = perceiver.project %x weight @gates bias @bias activation = gated(quick_gelu) : tensor<?x1xf32> -> tensor<?x9xf32>
  %relu = perceiver.project %x weight @gates bias @bias activation = gated(relu) : tensor<?x1xf32> -> tensor<?x9xf32>
  %relu_squared = perceiver.project %x weight @gates bias @bias activation = gated(relu_squared) : tensor<?x1xf32> -> tensor<?x9xf32>
  %silu = perceiver.project %x weight @gates bias @bias activation = gated(silu) : tensor<?x1xf32> -> tensor<?x9xf32>
  %sigmoid = perceiver.project %x weight @gates bias @bias activation = gated(sigmoid) : tensor<?x1xf32> -> tensor<?x9xf32>
  %tanh = perceiver.project %x weight @gates bias @bias activation = gated(tanh) : tensor<?x1xf32> -> tensor<?x9xf32>
  %leaky_relu = perceiver.project %x weight @gates bias @bias activation = gated(leaky_relu) : tensor<?x1xf32> -> tensor<?x9xf32>
  %mish = perceiver.project %x weight @gates bias @bias activation = gated(mish) : tensor<?x1xf32> -> tensor<?x9xf32>
  return %none, %gelu_erf, %gelu_tanh, %quick_gelu, %relu, %relu_squared, %silu, %sigmoid, %tanh, %leaky_relu, %mish
      : tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>, tensor<?x9xf32>
}

check.test "functions" {
  %x = arith.constant dense<[[-104.0], [-88.5], [-20.0], [-3.0], [-0.75], [0.0], [1.0e-3], [0.75], [3.0], [20.0], [1.0e+19]]> : tensor<11x1xf32>
  %y_none, %y_gelu_erf, %y_gelu_tanh, %y_quick_gelu, %y_relu, %y_relu_squared, %y_silu, %y_sigmoid, %y_tanh, %y_leaky_relu, %y_mish = check.run @plain(%x) : (tensor<11x1xf32>) -> (tensor<11x9xf32>, tensor<11x9xf32>, tensor<11x9xf32>, tensor<11x9xf32>, tensor<11x9xf32>, tensor<11x9xf32>, tensor<11x9xf32>, tensor<11x9xf32>, tensor<11x9xf32>, tensor<11x9xf32>, tensor<11x9xf32>)
  // %e_none = activation("none")(x)[:, 0]
  %e_none = arith.constant dense<[-104.0, -88.5, -20.0, -3.0, -0.75, 0.0, 0.00100000005, 0.75, 3.0, 20.0, 9.99999998e+18]> : tensor<11xf32>
  %none_8 = tensor.extract_slice %y_none[0, 8] [11, 1] [1, 1] : tensor<11x9xf32> to tensor<11xf32>
  check.expect_close %none_8, %e_none tolerance = 3.0e-7 : tensor<11xf32>
  // %e_gelu_erf = activation("gelu_erf")(x)[:, 0]
  %e_gelu_erf = arith.constant dense<[0.0, 0.0, 0.0, -0.00404969417, -0.169970512, 0.0, 0.000500398921, 0.580029488, 2.99595022, 20.0, 9.99999998e+18]> : tensor<11xf32>
  %gelu_erf_8 = tensor.extract_slice %y_gelu_erf[0, 8] [11, 1] [1, 1] : tensor<11x9xf32> to tensor<11xf32>
  check.expect_close %gelu_erf_8, %e_gelu_erf tolerance = 3.0e-7 : tensor<11xf32>
  // %e_gelu_tanh = activation("gelu_tanh")(x)[:, 0]
  %e_gelu_tanh = arith.constant dense<[0.0, 0.0, 0.0, -0.00363739207, -0.170039445, 0.0, 0.000500398921, 0.579960585, 2.99636269, 20.0, 9.99999998e+18]> : tensor<11xf32>
  %gelu_tanh_8 = tensor.extract_slice %y_gelu_tanh[0, 8] [11, 1] [1, 1] : tensor<11x9xf32> to tensor<11xf32>
  check.expect_close %gelu_tanh_8, %e_gelu_tanh tolerance = 3.0e-7 : tensor<11xf32>
  // %e_quick_gelu = activation("quick_gelu")(x)[:, 0]
  %e_quick_gelu = arith.constant dense<[-0.0, -0.0, -3.29341013e-14, -0.0180713106, -0.163609937, 0.0, 0.000500425522, 0.586390078, 2.98192859, 20.0, 9.99999998e+18]> : tensor<11xf32>
  %quick_gelu_8 = tensor.extract_slice %y_quick_gelu[0, 8] [11, 1] [1, 1] : tensor<11x9xf32> to tensor<11xf32>
  check.expect_close %quick_gelu_8, %e_quick_gelu tolerance = 3.0e-7 : tensor<11xf32>
  // %e_relu = activation("relu")(x)[:, 0]
  %e_relu = arith.constant dense<[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.00100000005, 0.75, 3.0, 20.0, 9.99999998e+18]> : tensor<11xf32>
  %relu_8 = tensor.extract_slice %y_relu[0, 8] [11, 1] [1, 1] : tensor<11x9xf32> to tensor<11xf32>
  check.expect_close %relu_8, %e_relu tolerance = 3.0e-7 : tensor<11xf32>
  // %e_relu_squared = activation("relu_squared")(x)[:, 0]
  %e_relu_squared = arith.constant dense<[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 9.99999997e-07, 0.5625, 9.0, 400.0, 9.99999968e+37]> : tensor<11xf32>
  %relu_squared_8 = tensor.extract_slice %y_relu_squared[0, 8] [11, 1] [1, 1] : tensor<11x9xf32> to tensor<11xf32>
  check.expect_close %relu_squared_8, %e_relu_squared tolerance = 3.0e-7 : tensor<11xf32>
  // %e_silu = activation("silu")(x)[:, 0]
  %e_silu = arith.constant dense<[-7.14662217e-44, -3.24998691e-37, -4.12230712e-08, -0.142277613, -0.240615979, 0.0, 0.000500250026, 0.509384036, 2.85772228, 20.0, 9.99999998e+18]> : tensor<11xf32>
  %silu_8 = tensor.extract_slice %y_silu[0, 8] [11, 1] [1, 1] : tensor<11x9xf32> to tensor<11xf32>
  check.expect_close %silu_8, %e_silu tolerance = 3.0e-7 : tensor<11xf32>
  // %e_sigmoid = activation("sigmoid")(x)[:, 0]
  %e_sigmoid = arith.constant dense<[0.0, 3.67230161e-39, 2.06115369e-09, 0.0474258736, 0.320821315, 0.5, 0.500249982, 0.679178715, 0.952574134, 1.0, 1.0]> : tensor<11xf32>
  %sigmoid_8 = tensor.extract_slice %y_sigmoid[0, 8] [11, 1] [1, 1] : tensor<11x9xf32> to tensor<11xf32>
  check.expect_close %sigmoid_8, %e_sigmoid tolerance = 3.0e-7 : tensor<11xf32>
  // %e_tanh = activation("tanh")(x)[:, 0]
  %e_tanh = arith.constant dense<[-1.0, -1.0, -1.0, -0.995054781, -0.635148942, 0.0, 0.000999999698, 0.635148942, 0.995054781, 1.0, 1.0]> : tensor<11xf32>
  %tanh_8 = tensor.extract_slice %y_tanh[0, 8] [11, 1] [1, 1] : tensor<11x9xf32> to tensor<11xf32>
  check.expect_close %tanh_8, %e_tanh tolerance = 3.0e-7 : tensor<11xf32>
  // %e_leaky_relu = activation("leaky_relu")(x)[:, 0]
  %e_leaky_relu = arith.constant dense<[-1.03999996, -0.88499999, -0.200000003, -0.0299999993, -0.00749999983, 0.0, 0.00100000005, 0.75, 3.0, 20.0, 9.99999998e+18]> : tensor<11xf32>
  %leaky_relu_8 = tensor.extract_slice %y_leaky_relu[0, 8] [11, 1] [1, 1] : tensor<11x9xf32> to tensor<11xf32>
  check.expect_close %leaky_relu_8, %e_leaky_relu tolerance = 3.0e-7 : tensor<11xf32>
  // %e_mish = activation("mish")(x)[:, 0]
  %e_mish = arith.constant dense<[-7.14662217e-44, -3.24998691e-37, -4.12230712e-08, -0.145647466, -0.276494712, 0.0, 0.000600319996, 0.610018313, 2.98653507, 20.0, 9.99999998e+18]> : tensor<11xf32>
  %mish_8 = tensor.extract_slice %y_mish[0, 8] [11, 1] [1, 1] : tensor<11x9xf32> to tensor<11xf32>
  check.expect_close %mish_8, %e_mish tolerance = 3.0e-7 : tensor<11xf32>
}

check.test "limits" {
  %x = arith.constant dense<[[0xFF800000], [0x7F800000], [0x7FC00000]]> : tensor<3x1xf32>
  %y_none, %y_gelu_erf, %y_gelu_tanh, %y_quick_gelu, %y_relu, %y_relu_squared, %y_silu, %y_sigmoid, %y_tanh, %y_leaky_relu, %y_mish = check.run @plain(%x) : (tensor<3x1xf32>) -> (tensor<3x9xf32>, tensor<3x9xf32>, tensor<3x9xf32>, tensor<3x9xf32>, tensor<3x9xf32>, tensor<3x9xf32>, tensor<3x9xf32>, tensor<3x9xf32>, tensor<3x9xf32>, tensor<3x9xf32>, tensor<3x9xf32>)
  // %e_none = np.repeat([[-np.inf], [np.inf], [np.nan]], 9, 1)
  %e_none = arith.constant dense<[[0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000], [0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000], [0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000]]> : tensor<3x9xf32>
  check.expect_close %y_none, %e_none tolerance = 0.0 : tensor<3x9xf32>
  // %e_gelu_erf = np.repeat([[0], [np.inf], [np.nan]], 9, 1)
  %e_gelu_erf = arith.constant dense<[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000], [0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000]]> : tensor<3x9xf32>
  check.expect_close %y_gelu_erf, %e_gelu_erf tolerance = 0.0 : tensor<3x9xf32>
  // %e_gelu_tanh = np.repeat([[0], [np.inf], [np.nan]], 9, 1)
  %e_gelu_tanh = arith.constant dense<[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000], [0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000]]> : tensor<3x9xf32>
  check.expect_close %y_gelu_tanh, %e_gelu_tanh tolerance = 0.0 : tensor<3x9xf32>
  // %e_quick_gelu = np.repeat([[0], [np.inf], [np.nan]], 9, 1)
  %e_quick_gelu = arith.constant dense<[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000], [0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000]]> : tensor<3x9xf32>
  check.expect_close %y_quick_gelu, %e_quick_gelu tolerance = 0.0 : tensor<3x9xf32>
  // %e_relu = np.repeat([[0], [np.inf], [np.nan]], 9, 1)
  %e_relu = arith.constant dense<[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000], [0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000]]> : tensor<3x9xf32>
  check.expect_close %y_relu, %e_relu tolerance = 0.0 : tensor<3x9xf32>
  // %e_relu_squared = np.repeat([[0], [np.inf], [np.nan]], 9, 1)
  %e_relu_squared = arith.constant dense<[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000], [0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000]]> : tensor<3x9xf32>
  check.expect_close %y_relu_squared, %e_relu_squared tolerance = 0.0 : tensor<3x9xf32>
  // %e_silu = np.repeat([[0], [np.inf], [np.nan]], 9, 1)
  %e_silu = arith.constant dense<[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000], [0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000]]> : tensor<3x9xf32>
  check.expect_close %y_silu, %e_silu tolerance = 0.0 : tensor<3x9xf32>
  // %e_sigmoid = np.repeat([[0], [1], [np.nan]], 9, 1)
  %e_sigmoid = arith.constant dense<[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], [0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000]]> : tensor<3x9xf32>
  check.expect_close %y_sigmoid, %e_sigmoid tolerance = 0.0 : tensor<3x9xf32>
  // %e_tanh = np.repeat([[-1], [1], [np.nan]], 9, 1)
  %e_tanh = arith.constant dense<[[-1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0], [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0], [0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000]]> : tensor<3x9xf32>
  check.expect_close %y_tanh, %e_tanh tolerance = 0.0 : tensor<3x9xf32>
  // %e_leaky_relu = np.repeat([[-np.inf], [np.inf], [np.nan]], 9, 1)
  %e_leaky_relu = arith.constant dense<[[0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000], [0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000], [0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000]]> : tensor<3x9xf32>
  check.expect_close %y_leaky_relu, %e_leaky_relu tolerance = 0.0 : tensor<3x9xf32>
  // %e_mish = np.repeat([[0], [np.inf], [np.nan]], 9, 1)
  %e_mish = arith.constant dense<[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000, 0x7F800000], [0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000]]> : tensor<3x9xf32>
  check.expect_close %y_mish, %e_mish tolerance = 0.0 : tensor<3x9xf32>
}

check.test "gates" {
  %x = check.generate "x" scale = 4.0 : tensor<13x1xf32>
  %y_none, %y_gelu_erf, %y_gelu_tanh, %y_quick_gelu, %y_relu, %y_relu_squared, %y_silu, %y_sigmoid, %y_tanh, %y_leaky_relu, %y_mish = check.run @gated(%x) : (tensor<13x1xf32>) -> (tensor<13x9xf32>, tensor<13x9xf32>, tensor<13x9xf32>, tensor<13x9xf32>, tensor<13x9xf32>, tensor<13x9xf32>, tensor<13x9xf32>, tensor<13x9xf32>, tensor<13x9xf32>, tensor<13x9xf32>, tensor<13x9xf32>)
  // %e_none = activation("gated(none)")(x + tensor("bias"))[::3]
  %e_none = arith.constant dense<[[5.52038002, 7.88385963, 4.27697897, 12.8746815, 8.54541874, 4.0566082, 8.0684042, 11.4471045, 9.39044857], [0.0851190239, 1.14845526, -0.052084595, 3.6534276, 1.43279755, 0.0837165192, 1.3541702, 2.89850736, 1.85708225], [11.0311861, 14.1239986, 9.16724873, 20.5092907, 14.9971628, 8.7470789, 14.2966671, 18.7043781, 16.0782146], [0.463908613, 1.69244838, 0.186145365, 4.51328659, 2.02472186, 0.276689321, 1.89547324, 3.67289495, 2.50246882], [6.95000362, 5.28637695, 9.13297462, 2.57744741, 4.77953196, 10.0158215, 5.53649521, 3.23338008, 4.32133198]]> : tensor<5x9xf32>
  %part_none = tensor.extract_slice %y_none[0, 0] [5, 9] [3, 1] : tensor<13x9xf32> to tensor<5x9xf32>
  check.expect_close %part_none, %e_none tolerance = 2.0e-6 : tensor<5x9xf32>
  // %e_gelu_erf = activation("gated(gelu_erf)")(x + tensor("bias"))[::3]
  %e_gelu_erf = arith.constant dense<[[0.229278624, 0.00359102525, 0.223916382, 0.00212490652, 0.0532734953, 0.0544955656, 0.01913522, 0.00215546973, 0.0296977423], [0.0406443104, 0.0580081902, -0.0271698032, 0.101665735, 0.294548303, 0.0247580819, 0.170140564, 0.0872645304, 0.271153539], [0.0413711406, 0.00014614989, 0.0475604832, 6.01854954e-05, 0.00437505823, 0.00704295421, 0.00119264622, 6.45904875e-05, 0.00194210827], [0.18267709, 0.0540604331, 0.0813318416, 0.0754579231, 0.304421067, 0.0627256706, 0.164657444, 0.0668709427, 0.256807506], [6.94812918, 5.1263833, 9.13135147, 2.43709278, 4.76270914, 10.0013924, 5.48720074, 3.06928182, 4.291574]]> : tensor<5x9xf32>
  %part_gelu_erf = tensor.extract_slice %y_gelu_erf[0, 0] [5, 9] [3, 1] : tensor<13x9xf32> to tensor<5x9xf32>
  check.expect_close %part_gelu_erf, %e_gelu_erf tolerance = 2.0e-6 : tensor<5x9xf32>
  // %e_gelu_tanh = activation("gated(gelu_tanh)")(x + tensor("bias"))[::3]
  %e_gelu_tanh = arith.constant dense<[[0.229635954, 0.00293362304, 0.224375457, 0.0015381882, 0.0517706461, 0.0539888553, 0.0178166647, 0.00158789265, 0.0280728806], [0.0406443141, 0.0581242442, -0.0271697994, 0.101619668, 0.294706881, 0.0247615501, 0.170376942, 0.0872712508, 0.271455348], [0.0394208021, 6.43341409e-05, 0.0459228083, 1.94556505e-05, 0.00340278307, 0.00607310049, 0.000781536277, 2.17919478e-05, 0.00134575577], [0.182679936, 0.0540836416, 0.0813320801, 0.0750189275, 0.304743677, 0.0627510846, 0.164983019, 0.0665589646, 0.257254422], [6.94855928, 5.12636614, 9.13178825, 2.43679881, 4.76354837, 10.0028019, 5.48809052, 3.06895232, 4.29232168]]> : tensor<5x9xf32>
  %part_gelu_tanh = tensor.extract_slice %y_gelu_tanh[0, 0] [5, 9] [3, 1] : tensor<13x9xf32> to tensor<5x9xf32>
  check.expect_close %part_gelu_tanh, %e_gelu_tanh tolerance = 2.0e-6 : tensor<5x9xf32>
  // %e_quick_gelu = activation("gated(quick_gelu)")(x + tensor("bias"))[::3]
  %e_quick_gelu = arith.constant dense<[[0.274604172, 0.0277733449, 0.25424841, 0.0284979884, 0.119868845, 0.0916503891, 0.0654421225, 0.0268668327, 0.0891844407], [0.0405173004, 0.0663848519, -0.0272445958, 0.135433674, 0.283698499, 0.0239673145, 0.168283418, 0.113691837, 0.264925838], [0.115266785, 0.0100650629, 0.11540401, 0.00917366613, 0.042915985, 0.040596161, 0.0235435609, 0.00887207221, 0.0310378931], [0.179673135, 0.0692930222, 0.0805735812, 0.117749617, 0.296844184, 0.0603784062, 0.170347169, 0.10145925, 0.259682387], [6.93081856, 5.07823515, 9.11208439, 2.41941738, 4.73134327, 9.95342731, 5.44009686, 3.0457828, 4.25700045]]> : tensor<5x9xf32>
  %part_quick_gelu = tensor.extract_slice %y_quick_gelu[0, 0] [5, 9] [3, 1] : tensor<13x9xf32> to tensor<5x9xf32>
  check.expect_close %part_quick_gelu, %e_quick_gelu tolerance = 2.0e-6 : tensor<5x9xf32>
  // %e_relu = activation("gated(relu)")(x + tensor("bias"))[::3]
  %e_relu = arith.constant dense<[[-0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0], [-0.0, -0.0, -0.052084595, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0], [-0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0], [-0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0], [6.95000362, 5.28637695, 9.13297462, 2.57744741, 4.77953196, 10.0158215, 5.53649521, 3.23338008, 4.32133198]]> : tensor<5x9xf32>
  %part_relu = tensor.extract_slice %y_relu[0, 0] [5, 9] [3, 1] : tensor<13x9xf32> to tensor<5x9xf32>
  check.expect_close %part_relu, %e_relu tolerance = 2.0e-6 : tensor<5x9xf32>
  // %e_relu_squared = activation("gated(relu_squared)")(x + tensor("bias"))[::3]
  %e_relu_squared = arith.constant dense<[[-0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0], [-0.0, -0.0, -0.00282762595, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0], [-0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0], [-0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0, -0.0], [24.0498657, 9.92204952, 32.6150322, 4.13193893, 12.8807001, 29.8485432, 13.1192999, 5.29502392, 10.6440535]]> : tensor<5x9xf32>
  %part_relu_squared = tensor.extract_slice %y_relu_squared[0, 0] [5, 9] [3, 1] : tensor<13x9xf32> to tensor<5x9xf32>
  check.expect_close %part_relu_squared, %e_relu_squared tolerance = 2.0e-6 : tensor<5x9xf32>
  // %e_silu = activation("gated(silu)")(x + tensor("bias"))[::3]
  %e_silu = arith.constant dense<[[0.829067886, 0.275965214, 0.705135703, 0.34562099, 0.649076045, 0.399780124, 0.452172875, 0.317784935, 0.574706793], [0.0413590185, 0.186594635, -0.0267490298, 0.469694406, 0.437529117, 0.0308876596, 0.326347172, 0.383987367, 0.480084628], [0.711952686, 0.19721888, 0.655968726, 0.218518466, 0.466303676, 0.358044118, 0.323859036, 0.206206083, 0.399041981], [0.200887963, 0.229365051, 0.0856997594, 0.480758846, 0.530741334, 0.0887825191, 0.387042105, 0.403464347, 0.550076306], [6.738307, 4.5846405, 8.88314438, 2.14560366, 4.47712708, 9.53174496, 5.06301355, 2.70701742, 3.98218179]]> : tensor<5x9xf32>
  %part_silu = tensor.extract_slice %y_silu[0, 0] [5, 9] [3, 1] : tensor<13x9xf32> to tensor<5x9xf32>
  check.expect_close %part_silu, %e_silu tolerance = 2.0e-6 : tensor<5x9xf32>
  // %e_sigmoid = activation("gated(sigmoid)")(x + tensor("bias"))[::3]
  %e_sigmoid = arith.constant dense<[[-0.478354692, -0.0832055807, -0.434612572, -0.0962608308, -0.25977537, -0.180615112, -0.160119444, -0.0893667638, -0.210481837], [-0.732929409, -0.113781996, -0.492714524, -0.245434314, -0.532358527, -0.0575509742, -0.284463733, -0.204332545, -0.45561862], [-0.266274631, -0.0463253669, -0.255934417, -0.0482268818, -0.135585204, -0.113519765, -0.0860283896, -0.0458587185, -0.108700514], [-0.745450914, -0.123781286, -0.539785445, -0.226049796, -0.512830853, -0.118415169, -0.284528702, -0.192834496, -0.434240878], [1.94725657, 2.44265461, 2.48748875, 1.33839846, 1.66128957, 3.19842243, 2.13664985, 1.6530267, 1.61670828]]> : tensor<5x9xf32>
  %part_sigmoid = tensor.extract_slice %y_sigmoid[0, 0] [5, 9] [3, 1] : tensor<13x9xf32> to tensor<5x9xf32>
  check.expect_close %part_sigmoid, %e_sigmoid tolerance = 2.0e-6 : tensor<5x9xf32>
  // %e_tanh = activation("gated(tanh)")(x + tensor("bias"))[::3]
  %e_tanh = arith.constant dense<[[2.99221539, 2.37079573, 2.43836236, 3.58034635, 3.37416863, 1.78942823, 2.83704114, 3.21388388, 3.41006947], [0.0850287899, 0.649508834, -0.052033484, 1.82773244, 1.17864776, 0.0765078515, 0.964174032, 1.47209585, 1.38041508], [4.08663988, 3.31630039, 3.53447723, 4.52533722, 4.35169172, 2.76322198, 3.7936213, 4.15868282, 4.37409544], [0.452995509, 0.869545221, 0.184596926, 2.06263924, 1.51792014, 0.234341085, 1.22128773, 1.70278358, 1.68493211], [2.00447249, 2.68758225, 2.55340457, 1.48258841, 1.75739145, 3.34356475, 2.29595137, 1.83058536, 1.72913086]]> : tensor<5x9xf32>
  %part_tanh = tensor.extract_slice %y_tanh[0, 0] [5, 9] [3, 1] : tensor<13x9xf32> to tensor<5x9xf32>
  check.expect_close %part_tanh, %e_tanh tolerance = 2.0e-6 : tensor<5x9xf32>
  // %e_leaky_relu = activation("gated(leaky_relu)")(x + tensor("bias"))[::3]
  %e_leaky_relu = arith.constant dense<[[0.0552037992, 0.0788385943, 0.0427697897, 0.128746808, 0.0854541883, 0.040566083, 0.0806840435, 0.114471041, 0.0939044878], [0.000851190242, 0.0114845531, -0.052084595, 0.0365342759, 0.0143279759, 0.000837165222, 0.0135417012, 0.0289850738, 0.0185708217], [0.110311858, 0.141239986, 0.0916724801, 0.205092922, 0.149971634, 0.0874707848, 0.142966673, 0.187043786, 0.160782158], [0.00463908631, 0.0169244837, 0.00186145364, 0.0451328643, 0.0202472191, 0.00276689325, 0.0189547315, 0.0367289484, 0.0250246879], [6.95000362, 5.28637695, 9.13297462, 2.57744741, 4.77953196, 10.0158215, 5.53649521, 3.23338008, 4.32133198]]> : tensor<5x9xf32>
  %part_leaky_relu = tensor.extract_slice %y_leaky_relu[0, 0] [5, 9] [3, 1] : tensor<13x9xf32> to tensor<5x9xf32>
  check.expect_close %part_leaky_relu, %e_leaky_relu tolerance = 2.0e-6 : tensor<5x9xf32>
  // %e_mish = activation("gated(mish)")(x + tensor("bias"))[::3]
  %e_mish = arith.constant dense<[[0.890508533, 0.280792058, 0.762331963, 0.35025838, 0.673649967, 0.41937381, 0.464822263, 0.322194248, 0.592258155], [0.0495307408, 0.20151788, -0.032152757, 0.499603331, 0.500130713, 0.0360309891, 0.36422199, 0.409167528, 0.539463341], [0.734876335, 0.198595673, 0.679373324, 0.2196825, 0.473549396, 0.365365624, 0.327526242, 0.207342669, 0.403992265], [0.238211408, 0.244743764, 0.102188967, 0.506202698, 0.597208261, 0.102022871, 0.425548971, 0.42547524, 0.608717561], [6.93711901, 5.10330009, 9.11931705, 2.43669057, 4.74141788, 9.96913815, 5.45609856, 3.06643105, 4.26842308]]> : tensor<5x9xf32>
  %part_mish = tensor.extract_slice %y_mish[0, 0] [5, 9] [3, 1] : tensor<13x9xf32> to tensor<5x9xf32>
  check.expect_close %part_mish, %e_mish tolerance = 2.0e-6 : tensor<5x9xf32>
}
