// RUN: perceiver-test-runner %s --from=strategy
// RUN: perceiver-test-runner %s --from=strategy --device=emulated

perceiver.parameter @gain : tensor<33xf32> key "norm.weight"
perceiver.parameter @bias : tensor<33xf32> key "norm.bias"

check.checkpoint {
  %gain = check.generate "gain" scale = 0.5 offset = 1.0 : tensor<33xf32>
  check.tensor "norm.weight", %gain : tensor<33xf32>
  %bias = check.generate "bias" : tensor<33xf32>
  check.tensor "norm.bias", %bias : tensor<33xf32>
}

// Any number of rows of 33 channels, two vectors and one element.

func.func @affine(%x: tensor<?x?x33xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x?x33xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "rows"]})
    attributes {perceiver.entry} {
  %gain = perceiver.get_parameter @gain : tensor<33xf32>
  %bias = perceiver.get_parameter @bias : tensor<33xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %batch = tensor.dim %x, %c0 : tensor<?x?x33xf32>
  %rows = tensor.dim %x, %c1 : tensor<?x?x33xf32>
  %init = tensor.empty(%batch, %rows) : tensor<?x?x33xf32>
  %y = block.layer_norm ins(%x : tensor<?x?x33xf32>) affine(%gain, %bias : tensor<33xf32>, tensor<33xf32>)
      outs(%init : tensor<?x?x33xf32>) -> tensor<?x?x33xf32>
  return %y : tensor<?x?x33xf32>
}

check.test "one row" {
  %x = check.generate "x" : tensor<1x1x33xf32>
  %y = check.run @affine(%x) : (tensor<1x1x33xf32>) -> tensor<1x1x33xf32>
  // %e = layer_norm(x, tensor("norm.weight"), tensor("norm.bias"))
  %e = arith.constant dense<[[[-2.5442376, 0.82807177, 0.16755487, -1.3185253, -1.4916266, 1.2469347, -2.0408161, 0.42150831, 0.47343037, 0.39014345, -3.110121, 1.8834678, 0.16954623, 1.1836734, 1.1406603, -0.67919028, -2.8840945, 0.024726437, 0.58010936, 1.1091481, -0.75263697, 0.64392358, 0.37271625, -1.4810367, 0.33387104, -0.53281736, 0.25866815, 0.18817136, 2.515964, 0.54848385, -1.4936898, -2.1139076, 0.1278547]]]> : tensor<1x1x33xf32>
  check.expect_close %y, %e tolerance = 2.0e-6 : tensor<1x1x33xf32>
}

// Tasks are blocks of 64 rows.

check.test "63 rows" {
  %x = check.generate "x" scale = 3.0 offset = 1.0 : tensor<2x63x33xf32>
  %y = check.run @affine(%x) : (tensor<2x63x33xf32>) -> tensor<2x63x33xf32>
  // %e = layer_norm(x, tensor("norm.weight"), tensor("norm.bias"))[1, 62, ::4]
  %e = arith.constant dense<[-2.603229, -0.15367565, -0.87953657, -0.47236118, -2.4424865, 0.4244737, -1.0447935, -0.90539277, 0.8518402]> : tensor<9xf32>
  %last = tensor.extract_slice %y[1, 62, 0] [1, 1, 9] [1, 1, 4] : tensor<2x63x33xf32> to tensor<9xf32>
  check.expect_close %last, %e tolerance = 2.0e-6 : tensor<9xf32>
}

check.test "64 rows" {
  %x = check.generate "x" scale = 3.0 offset = 1.0 : tensor<2x64x33xf32>
  %y = check.run @affine(%x) : (tensor<2x64x33xf32>) -> tensor<2x64x33xf32>
  // %e = layer_norm(x, tensor("norm.weight"), tensor("norm.bias"))[1, 63, ::4]
  %e = arith.constant dense<[-2.7375524, -1.0679028, -0.17412692, -1.870838, -0.44607663, -0.83314025, -0.36874124, 2.6773293, 1.0412425]> : tensor<9xf32>
  %last = tensor.extract_slice %y[1, 63, 0] [1, 1, 9] [1, 1, 4] : tensor<2x64x33xf32> to tensor<9xf32>
  check.expect_close %last, %e tolerance = 2.0e-6 : tensor<9xf32>
}

check.test "65 rows" {
  %x = check.generate "x" scale = 3.0 offset = 1.0 : tensor<2x65x33xf32>
  %y = check.run @affine(%x) : (tensor<2x65x33xf32>) -> tensor<2x65x33xf32>
  // %e = layer_norm(x, tensor("norm.weight"), tensor("norm.bias"))[1, ::64, ::4]
  %e = arith.constant dense<[[1.5173329, -0.64914453, 0.53762442, -0.025503863, 0.45052785, -0.54687124, -1.1986779, 0.93899226, 0.77641463], [-0.35045311, -1.199993, -1.2673991, -3.2194672, -1.8160039, -0.072642535, 0.58071464, 0.33832717, 1.3343797]]> : tensor<2x9xf32>
  %ends = tensor.extract_slice %y[1, 0, 0] [1, 2, 9] [1, 64, 4] : tensor<2x65x33xf32> to tensor<2x9xf32>
  check.expect_close %ends, %e tolerance = 2.0e-6 : tensor<2x9xf32>
}

// Means of 10,000 deviations, where a float32 mean would leave a thousandth of
// the result. A constant row has no variance, also where its sum is rounded.
// NaN stays in its row.

check.test "rows that are hard" {
  %x0 = check.generate "x" scale = 1.0 offset = 10000.0 : tensor<1x4x33xf32>
  %constant = arith.constant dense<2.5> : tensor<33xf32>
  %x1 = tensor.insert_slice %constant into %x0[0, 1, 0] [1, 1, 33] [1, 1, 1] : tensor<33xf32> into tensor<1x4x33xf32>
  %nan = arith.constant dense<0x7FC00000> : tensor<1xf32>
  %x2 = tensor.insert_slice %nan into %x1[0, 2, 32] [1, 1, 1] [1, 1, 1] : tensor<1xf32> into tensor<1x4x33xf32>
  %y = check.run @affine(%x2) : (tensor<1x4x33xf32>) -> tensor<1x4x33xf32>
  // >>> x0[0, 1] = 2.5; x0[0, 2, 32] = np.nan
  // %e = layer_norm(x0, tensor("norm.weight"), tensor("norm.bias"))[0, :, ::4]
  %e = arith.constant dense<[[-2.54418635, -1.49138844, 0.472829461, 0.170244649, -2.88305116, -0.752015173, 0.333491027, 2.51644826, 0.127713978], [-0.584080815, -0.819013774, -0.838115692, -0.989401221, -0.954901338, -0.235934466, -0.598322392, 0.749472857, 0.522172391], [0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000], [-0.315525919, -1.96141469, 0.319993705, -1.14142251, -0.994039059, -0.103686176, -1.22717118, 1.00269783, -0.501772344]]> : tensor<4x9xf32>
  %parts = tensor.extract_slice %y[0, 0, 0] [1, 4, 9] [1, 1, 4] : tensor<1x4x33xf32> to tensor<4x9xf32>
  check.expect_close %parts, %e tolerance = 2.0e-6 : tensor<4x9xf32>
}

check.test "constant rows far from zero" {
  %x0 = check.generate "x" : tensor<1x2x33xf32>
  %million = arith.constant dense<1234567.0> : tensor<33xf32>
  %x1 = tensor.insert_slice %million into %x0[0, 0, 0] [1, 1, 33] [1, 1, 1] : tensor<33xf32> into tensor<1x2x33xf32>
  %huge = arith.constant dense<-1.23456e+16> : tensor<33xf32>
  %x2 = tensor.insert_slice %huge into %x1[0, 1, 0] [1, 1, 33] [1, 1, 1] : tensor<33xf32> into tensor<1x2x33xf32>
  %y = check.run @affine(%x2) : (tensor<1x2x33xf32>) -> tensor<1x2x33xf32>
  // %e = tensor("norm.bias")
  %e = arith.constant dense<[-0.584080815, 0.224019185, -0.0350669175, -0.984737396, -0.819013774, 0.768342674, -0.256049514, -0.618066728, -0.838115692, 0.867896497, -0.715604842, 0.978615344, -0.989401221, 0.102456979, 0.387625337, -0.22291027, -0.954901338, -0.129372165, -0.871045291, 0.519514263, -0.235934466, -0.244200438, 0.309620231, -0.522705734, -0.598322392, -0.30937165, -0.219931826, -0.221622527, 0.749472857, 0.878957033, -0.687901378, -0.884224892, 0.522172391]> : tensor<33xf32>
  %first = tensor.extract_slice %y[0, 0, 0] [1, 1, 33] [1, 1, 1] : tensor<1x2x33xf32> to tensor<33xf32>
  check.expect_close %first, %e tolerance = 1.0e-5 : tensor<33xf32>
  // Rounding errors of the sum are all there is to normalise; they give numbers.
  %last = tensor.extract_slice %y[0, 1, 0] [1, 1, 33] [1, 1, 1] : tensor<1x2x33xf32> to tensor<33xf32>
  check.expect_close %last, %e tolerance = 1.0e+6 : tensor<33xf32>
}

// Without gain and bias; widths below, at and above a vector; rank 2.

func.func @plain(%a: tensor<?x1xf32> {perceiver.name = "a", perceiver.sizes = ["rows"]},
                 %b: tensor<?x7xf32> {perceiver.name = "b", perceiver.sizes = ["rows"]},
                 %c: tensor<?x16xf32> {perceiver.name = "c", perceiver.sizes = ["rows"]},
                 %d: tensor<?x17xf32> {perceiver.name = "d", perceiver.sizes = ["rows"]})
    -> (tensor<?x1xf32> {perceiver.name = "norm_a", perceiver.sizes = ["rows"]},
        tensor<?x7xf32> {perceiver.name = "norm_b", perceiver.sizes = ["rows"]},
        tensor<?x16xf32> {perceiver.name = "norm_c", perceiver.sizes = ["rows"]},
        tensor<?x17xf32> {perceiver.name = "norm_d", perceiver.sizes = ["rows"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %rows = tensor.dim %a, %c0 : tensor<?x1xf32>
  %ia = tensor.empty(%rows) : tensor<?x1xf32>
  %na = block.layer_norm ins(%a : tensor<?x1xf32>) outs(%ia : tensor<?x1xf32>) -> tensor<?x1xf32>
  %ib = tensor.empty(%rows) : tensor<?x7xf32>
  %nb = block.layer_norm ins(%b : tensor<?x7xf32>) outs(%ib : tensor<?x7xf32>)
      {epsilon = 1.0e-2 : f64} -> tensor<?x7xf32>
  %ic = tensor.empty(%rows) : tensor<?x16xf32>
  %nc = block.layer_norm ins(%c : tensor<?x16xf32>) outs(%ic : tensor<?x16xf32>) -> tensor<?x16xf32>
  %id = tensor.empty(%rows) : tensor<?x17xf32>
  %nd = block.layer_norm ins(%d : tensor<?x17xf32>) outs(%id : tensor<?x17xf32>) -> tensor<?x17xf32>
  return %na, %nb, %nc, %nd : tensor<?x1xf32>, tensor<?x7xf32>, tensor<?x16xf32>, tensor<?x17xf32>
}

check.test "widths" {
  %a = check.generate "a" : tensor<13x1xf32>
  %b = check.generate "b" : tensor<13x7xf32>
  %c = check.generate "c" : tensor<13x16xf32>
  %d = check.generate "d" : tensor<13x17xf32>
  %na, %nb, %nc, %nd = check.run @plain(%a, %b, %c, %d)
      : (tensor<13x1xf32>, tensor<13x7xf32>, tensor<13x16xf32>, tensor<13x17xf32>)
      -> (tensor<13x1xf32>, tensor<13x7xf32>, tensor<13x16xf32>, tensor<13x17xf32>)
  // %ea = layer_norm(a)
  %ea = arith.constant dense<[[0.0], [0.0], [0.0], [0.0], [0.0], [0.0], [0.0], [0.0], [0.0], [0.0], [0.0], [0.0], [0.0]]> : tensor<13x1xf32>
  check.expect_close %na, %ea tolerance = 1.0e-7 : tensor<13x1xf32>
  // %eb = layer_norm(b, eps=1e-2)[::6]
  %eb = arith.constant dense<[[1.3757452, -1.0645727, 0.012773384, -1.0269488, -0.012543943, -0.74876451, 1.4643115], [1.0321785, -1.3874528, -0.89959842, 0.46227226, 1.5486603, -0.62374604, -0.13231386], [0.75775075, -2.1046112, -0.33508208, 0.41981739, 0.093619652, 0.058844075, 1.1096615]]> : tensor<3x7xf32>
  %sb = tensor.extract_slice %nb[0, 0] [3, 7] [6, 1] : tensor<13x7xf32> to tensor<3x7xf32>
  check.expect_close %sb, %eb tolerance = 2.0e-6 : tensor<3x7xf32>
  // %ec = layer_norm(c)[12]
  %ec = arith.constant dense<[1.3919489, 1.7449993, -1.300949, -0.68797022, 0.24068029, -0.43787217, 0.88897431, -0.55545211, -0.19176075, 0.24503072, 1.55375, -0.66758704, 0.0077175214, -0.97367334, 0.5556863, -1.8135226]> : tensor<16xf32>
  %sc = tensor.extract_slice %nc[12, 0] [1, 16] [1, 1] : tensor<13x16xf32> to tensor<16xf32>
  check.expect_close %sc, %ec tolerance = 2.0e-6 : tensor<16xf32>
  // %ed = layer_norm(d)[12]
  %ed = arith.constant dense<[-1.6650214, 0.97581625, -0.3747085, -0.18089819, -0.71497595, -1.5295808, 1.4972278, 1.8573778, -0.050886944, 1.0624533, -0.28556681, -1.3053923, 0.51344556, -0.19327073, -0.79578948, 0.59628159, 0.59348881]> : tensor<17xf32>
  %sd = tensor.extract_slice %nd[12, 0] [1, 17] [1, 1] : tensor<13x17xf32> to tensor<17xf32>
  check.expect_close %sd, %ed tolerance = 2.0e-6 : tensor<17xf32>
}
