// RUN: perceiver-test-runner %s --from=strategy
// RUN: perceiver-test-runner %s --from=strategy --device=emulated

// Linear layers with each epilogue, for any number of rows; widths that neither
// vectors nor panels divide.

perceiver.parameter @w7x33 : tensor<7x33xf32> key "w7x33"
perceiver.parameter @w33x13 : tensor<33x13xf32> key "w33x13"
perceiver.parameter @w1x65 : tensor<1x65xf32> key "w1x65"
perceiver.parameter @w33x1 : tensor<33x1xf32> key "w33x1"
perceiver.parameter @w13x66 : tensor<13x66xf32> key "w13x66"
perceiver.parameter @b33 : tensor<33xf32> key "b33"
perceiver.parameter @b13 : tensor<13xf32> key "b13"
perceiver.parameter @b66 : tensor<66xf32> key "b66"

check.checkpoint {
  %0 = check.generate "w0" : tensor<7x33xf32>
  check.tensor "w7x33", %0 : tensor<7x33xf32>
  %1 = check.generate "w1" scale = 0.5 : tensor<33x13xf32>
  check.tensor "w33x13", %1 : tensor<33x13xf32>
  %2 = check.generate "w2" : tensor<1x65xf32>
  check.tensor "w1x65", %2 : tensor<1x65xf32>
  %3 = check.generate "w3" : tensor<33x1xf32>
  check.tensor "w33x1", %3 : tensor<33x1xf32>
  %4 = check.generate "w4" : tensor<13x66xf32>
  check.tensor "w13x66", %4 : tensor<13x66xf32>
  %5 = check.generate "b33" : tensor<33xf32>
  check.tensor "b33", %5 : tensor<33xf32>
  %6 = check.generate "b13" : tensor<13xf32>
  check.tensor "b13", %6 : tensor<13xf32>
  %7 = check.generate "b66" : tensor<66xf32>
  check.tensor "b66", %7 : tensor<66xf32>
}

func.func @plain(%x: tensor<?x7xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]},
                 %t: tensor<?x1xf32> {perceiver.name = "t", perceiver.sizes = ["rows"]})
    -> (tensor<?x33xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]},
        tensor<?x65xf32> {perceiver.name = "outer", perceiver.sizes = ["rows"]},
        tensor<?x1xf32> {perceiver.name = "sum", perceiver.sizes = ["rows"]})
    attributes {perceiver.entry} {
  %w = perceiver.get_parameter @w7x33 : tensor<7x33xf32>
  %w1 = perceiver.get_parameter @w1x65 : tensor<1x65xf32>
  %w2 = perceiver.get_parameter @w33x1 : tensor<33x1xf32>
  %c0 = arith.constant 0 : index
  %rows = tensor.dim %x, %c0 : tensor<?x7xf32>
  %i0 = tensor.empty(%rows) : tensor<?x33xf32>
  %y = block.linear ins(%x, %w : tensor<?x7xf32>, tensor<7x33xf32>)
      outs(%i0 : tensor<?x33xf32>) -> tensor<?x33xf32>
  %i1 = tensor.empty(%rows) : tensor<?x65xf32>
  %outer = block.linear ins(%t, %w1 : tensor<?x1xf32>, tensor<1x65xf32>)
      outs(%i1 : tensor<?x65xf32>) -> tensor<?x65xf32>
  %i2 = tensor.empty(%rows) : tensor<?x1xf32>
  %sum = block.linear ins(%y, %w2 : tensor<?x33xf32>, tensor<33x1xf32>)
      outs(%i2 : tensor<?x1xf32>) -> tensor<?x1xf32>
  return %y, %outer, %sum : tensor<?x33xf32>, tensor<?x65xf32>, tensor<?x1xf32>
}

check.test "one row" {
  %x = check.generate "x" : tensor<1x7xf32>
  %t = check.generate "t" : tensor<1x1xf32>
  %y, %outer, %sum = check.run @plain(%x, %t) : (tensor<1x7xf32>, tensor<1x1xf32>) -> (tensor<1x33xf32>, tensor<1x65xf32>, tensor<1x1xf32>)
  // %e = x @ tensor("w7x33")
  %e = arith.constant dense<[[-1.121866, -0.072019659, -0.40192467, -0.89611596, 0.49560201, -0.372982, -0.24406375, -1.8853077, 0.24333118, -0.79428196, -0.43260691, 0.59970587, 0.9811058, -0.97146338, -0.17793845, -0.35080865, 0.99714911, -0.10329777, -0.5497964, 0.3767553, -0.010568899, -1.1812474, 0.16004525, 0.20047377, 0.55878705, 0.70032382, -1.3094389, -0.56804943, 0.056109145, -0.44823831, -0.043754935, -1.3111846, 0.2720553]]> : tensor<1x33xf32>
  check.expect_close %y, %e tolerance = 1.0e-6 : tensor<1x33xf32>
  // %f = (t @ tensor("w1x65"))[:, ::8]
  %f = arith.constant dense<[[-0.046657104, 0.86025977, -0.22899722, -0.89481872, -0.33530805, 0.21621445, 0.36967689, 0.92542732, -0.2621693]]> : tensor<1x9xf32>
  %part = tensor.extract_slice %outer[0, 0] [1, 9] [1, 8] : tensor<1x65xf32> to tensor<1x9xf32>
  check.expect_close %part, %f tolerance = 1.0e-6 : tensor<1x9xf32>
  // %g = x @ tensor("w7x33") @ tensor("w33x1")
  %g = arith.constant dense<[[-1.0709199]]> : tensor<1x1xf32>
  check.expect_close %sum, %g tolerance = 3.0e-6 : tensor<1x1xf32>
}

check.test "65 rows" {
  %x = check.generate "x" : tensor<65x7xf32>
  %t = check.generate "t" : tensor<65x1xf32>
  %y, %outer, %sum = check.run @plain(%x, %t) : (tensor<65x7xf32>, tensor<65x1xf32>) -> (tensor<65x33xf32>, tensor<65x65xf32>, tensor<65x1xf32>)
  // %e = (x @ tensor("w7x33"))[::32, ::8]
  %e = arith.constant dense<[[-1.121866, 0.24333118, 0.99714911, 0.55878705, 0.2720553], [1.3031449, -0.43530363, -1.3337466, 0.38367447, 0.15987186], [0.36449707, 0.30111694, -0.15679073, -0.042218115, 2.168735]]> : tensor<3x5xf32>
  %corner = tensor.extract_slice %y[0, 0] [3, 5] [32, 8] : tensor<65x33xf32> to tensor<3x5xf32>
  check.expect_close %corner, %e tolerance = 1.0e-6 : tensor<3x5xf32>
  // %f = (t @ tensor("w1x65"))[64, ::8]
  %f = arith.constant dense<[0.020916542, -0.38565743, 0.10266025, 0.40115032, 0.15031976, -0.096929684, -0.16572742, -0.41487226, 0.1175314]> : tensor<9xf32>
  %part = tensor.extract_slice %outer[64, 0] [1, 9] [1, 8] : tensor<65x65xf32> to tensor<9xf32>
  check.expect_close %part, %f tolerance = 1.0e-6 : tensor<9xf32>
  // %g = (x @ tensor("w7x33") @ tensor("w33x1"))[::13, 0]
  %g = arith.constant dense<[-1.0709199, 1.5349668, 0.90387756, -1.0015073, 0.21024658]> : tensor<5xf32>
  %sums = tensor.extract_slice %sum[0, 0] [5, 1] [13, 1] : tensor<65x1xf32> to tensor<5xf32>
  check.expect_close %sums, %g tolerance = 3.0e-6 : tensor<5xf32>
}

// Bias, activations and residual: an MLP of each kind, and a residual that has
// no batch.

func.func @mlps(%x: tensor<?x?x7xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]},
                %r: tensor<?x?x13xf32> {perceiver.name = "r", perceiver.sizes = ["batch", "rows"]},
                %shared: tensor<?x13xf32> {perceiver.name = "shared", perceiver.sizes = ["rows"]})
    -> (tensor<?x?x13xf32> {perceiver.name = "erf", perceiver.sizes = ["batch", "rows"]},
        tensor<?x?x13xf32> {perceiver.name = "tanh", perceiver.sizes = ["batch", "rows"]},
        tensor<?x?x33xf32> {perceiver.name = "gated", perceiver.sizes = ["batch", "rows"]})
    attributes {perceiver.entry} {
  %up = perceiver.get_parameter @w7x33 : tensor<7x33xf32>
  %up_bias = perceiver.get_parameter @b33 : tensor<33xf32>
  %down = perceiver.get_parameter @w33x13 : tensor<33x13xf32>
  %down_bias = perceiver.get_parameter @b13 : tensor<13xf32>
  %gate = perceiver.get_parameter @w13x66 : tensor<13x66xf32>
  %gate_bias = perceiver.get_parameter @b66 : tensor<66xf32>
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %batch = tensor.dim %x, %c0 : tensor<?x?x7xf32>
  %rows = tensor.dim %x, %c1 : tensor<?x?x7xf32>
  %i33 = tensor.empty(%batch, %rows) : tensor<?x?x33xf32>
  %i13 = tensor.empty(%batch, %rows) : tensor<?x?x13xf32>
  %h0 = block.linear ins(%x, %up : tensor<?x?x7xf32>, tensor<7x33xf32>) bias(%up_bias : tensor<33xf32>)
      outs(%i33 : tensor<?x?x33xf32>) {activation = #perceiver.activation<gelu_erf>} -> tensor<?x?x33xf32>
  %erf = block.linear ins(%h0, %down : tensor<?x?x33xf32>, tensor<33x13xf32>) bias(%down_bias : tensor<13xf32>)
      residual(%r : tensor<?x?x13xf32>) outs(%i13 : tensor<?x?x13xf32>) -> tensor<?x?x13xf32>
  %h1 = block.linear ins(%x, %up : tensor<?x?x7xf32>, tensor<7x33xf32>)
      outs(%i33 : tensor<?x?x33xf32>) {activation = #perceiver.activation<gelu_tanh>} -> tensor<?x?x33xf32>
  %tanh = block.linear ins(%h1, %down : tensor<?x?x33xf32>, tensor<33x13xf32>)
      residual(%shared : tensor<?x13xf32>) outs(%i13 : tensor<?x?x13xf32>) -> tensor<?x?x13xf32>
  %gated = block.linear ins(%tanh, %gate : tensor<?x?x13xf32>, tensor<13x66xf32>) bias(%gate_bias : tensor<66xf32>)
      outs(%i33 : tensor<?x?x33xf32>) {activation = #perceiver.activation<gated(gelu_erf)>} -> tensor<?x?x33xf32>
  return %erf, %tanh, %gated : tensor<?x?x13xf32>, tensor<?x?x13xf32>, tensor<?x?x33xf32>
}

check.test "seven rows" {
  %x = check.generate "x" scale = 2.0 : tensor<3x7x7xf32>
  %r = check.generate "r" : tensor<3x7x13xf32>
  %shared = check.generate "shared" : tensor<7x13xf32>
  %erf, %tanh, %gated = check.run @mlps(%x, %r, %shared)
      : (tensor<3x7x7xf32>, tensor<3x7x13xf32>, tensor<7x13xf32>) -> (tensor<3x7x13xf32>, tensor<3x7x13xf32>, tensor<3x7x33xf32>)
  // >>> erf = gelu_erf(x @ tensor("w7x33") + tensor("b33")) @ tensor("w33x13") + tensor("b13") + r
  // >>> tanh = gelu_tanh(x @ tensor("w7x33")) @ tensor("w33x13") + shared
  // >>> gated = activation("gated(gelu_erf)")(tanh @ tensor("w13x66") + tensor("b66"))
  // %e = erf[2, ::3]
  %e = arith.constant dense<[[2.5496752, -0.026856517, -4.4189692, 4.1819229, -3.8798347, -2.276762, 1.7959094, -6.0127125, 5.7022686, -5.7161131, 3.4298689, 7.9668274, 6.4752402], [0.96210384, 3.2096338, -0.9283691, 1.5638001, -1.5972557, 2.7660072, -0.02246565, -3.0382857, 1.7915709, 0.26122025, 2.1819234, 6.1565681, 2.1683049], [0.075261176, 0.080172554, 0.67203623, 1.0022671, 0.74880153, 1.846053, 1.678189, -2.3945436, 0.64552903, 2.5462358, 2.1047022, 5.5085964, 1.1365089]]> : tensor<3x13xf32>
  %s0 = tensor.extract_slice %erf[2, 0, 0] [1, 3, 13] [1, 3, 1] : tensor<3x7x13xf32> to tensor<3x13xf32>
  check.expect_close %s0, %e tolerance = 3.0e-6 : tensor<3x13xf32>
  // %f = tanh[1, ::3]
  %f = arith.constant dense<[[0.97584218, 1.8524815, -3.0705037, 1.2307814, 0.50440919, -0.31756854, -1.8657031, 0.062771894, 2.3813252, 2.0898309, -0.96057218, 3.1208475, 1.1516179], [-1.0237144, 2.3696368, -2.5370605, 3.5620856, 0.034117796, 1.0795544, -2.9654298, -3.358706, -0.47700575, 1.6278964, -0.39819559, 1.2518435, 4.9981232], [-0.14154567, -0.48181906, -1.641395, 0.55360866, 4.7358665, 3.379019, 0.27308896, 0.53359479, -0.74512839, 0.46881363, -1.2794094, 2.6126311, 1.3353723]]> : tensor<3x13xf32>
  %s1 = tensor.extract_slice %tanh[1, 0, 0] [1, 3, 13] [1, 3, 1] : tensor<3x7x13xf32> to tensor<3x13xf32>
  check.expect_close %s1, %f tolerance = 3.0e-6 : tensor<3x13xf32>
  // %g = gated[2, 6]
  %g = arith.constant dense<[-16.402666, 3.4995162e-13, 5.0832338, 12.405395, 8.5620527, 7.4637156, -6.161853e-06, 0.00066033425, -1.1209586, -0.3337428, 2.3788557, -16.226425, -9.8513545e-11, -0.00090327964, -0.89549845, 11.927711, -1.6580216e-08, 0.025279589, 6.4571238, 0.13755268, -3.6221495, 0.0019111374, 0.68630099, -0.5711059, 0.99030113, 0.92447144, 17.988516, 8.6123161, 4.4141765e-05, 11.078728, -2.5242662, -13.179543, -3.044208]> : tensor<33xf32>
  %s2 = tensor.extract_slice %gated[2, 6, 0] [1, 1, 33] [1, 1, 1] : tensor<3x7x33xf32> to tensor<33xf32>
  check.expect_close %s2, %g tolerance = 5.0e-6 : tensor<33xf32>
}

check.test "a row in another batch" {
  %x = check.generate "x" scale = 2.0 : tensor<2x64x7xf32>
  %r = check.generate "r" : tensor<2x64x13xf32>
  %shared = check.generate "shared" : tensor<64x13xf32>
  %erf, %tanh, %gated = check.run @mlps(%x, %r, %shared)
      : (tensor<2x64x7xf32>, tensor<2x64x13xf32>, tensor<64x13xf32>) -> (tensor<2x64x13xf32>, tensor<2x64x13xf32>, tensor<2x64x33xf32>)
  %x1 = tensor.extract_slice %x[1, 0, 0] [1, 64, 7] [1, 1, 1] : tensor<2x64x7xf32> to tensor<1x64x7xf32>
  %r1 = tensor.extract_slice %r[1, 0, 0] [1, 64, 13] [1, 1, 1] : tensor<2x64x13xf32> to tensor<1x64x13xf32>
  %erf1, %tanh1, %gated1 = check.run @mlps(%x1, %r1, %shared)
      : (tensor<1x64x7xf32>, tensor<1x64x13xf32>, tensor<64x13xf32>) -> (tensor<1x64x13xf32>, tensor<1x64x13xf32>, tensor<1x64x33xf32>)
  %e0 = tensor.extract_slice %erf[1, 0, 0] [1, 64, 13] [1, 1, 1] : tensor<2x64x13xf32> to tensor<1x64x13xf32>
  check.expect_equal %erf1, %e0 : tensor<1x64x13xf32>
  %e1 = tensor.extract_slice %gated[1, 0, 0] [1, 64, 33] [1, 1, 1] : tensor<2x64x33xf32> to tensor<1x64x33xf32>
  check.expect_equal %gated1, %e1 : tensor<1x64x33xf32>
}
