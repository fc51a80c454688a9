// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// Queries that are large next to the parameters in them: the model projects
// them, from a table of positions that is stored although it is large, too.

perceiver.parameter @query : tensor<129x512xf32> key "query"
perceiver.parameter @key : tensor<5x512xf32> key "key"
perceiver.parameter @value : tensor<5x8xf32> key "value"
perceiver.parameter @output : tensor<8x3xf32> key "output"

check.checkpoint {
  %query = check.generate "query" scale = 0.2 : tensor<129x512xf32>
  check.tensor "query", %query : tensor<129x512xf32>
  %key = check.generate "key" scale = 0.5 : tensor<5x512xf32>
  check.tensor "key", %key : tensor<5x512xf32>
  %value = check.generate "value" : tensor<5x8xf32>
  check.tensor "value", %value : tensor<5x8xf32>
  %output = check.generate "output" : tensor<8x3xf32>
  check.tensor "output", %output : tensor<8x3xf32>
}

func.func @positions(%z: tensor<?x7x5xf32> {perceiver.name = "z", perceiver.sizes = ["batch"]})
    -> (tensor<?x4096x3xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %q = perceiver.fourier_positions grid = [4096] bands = 64 max_resolution = [100] layout = dm : tensor<4096x129xf32>
  %y = perceiver.decode %q, %z heads = 2 qk_channels = 512 v_channels = 8 mlp = none
      weights {query = [@query], key = [@key], value = [@value], output = [@output]} {residual = false}
      : tensor<4096x129xf32>, tensor<?x7x5xf32> -> tensor<?x4096x3xf32>
  return %y : tensor<?x4096x3xf32>
}

check.test "queries of positions" {
  %z = check.generate "z" : tensor<2x7x5xf32>
  %y = check.run @positions(%z) : (tensor<2x7x5xf32>) -> tensor<2x4096x3xf32>
  // >>> q = np.tile(fourier_positions([4096], 64, [100]) @ tensor("query"), (2, 1, 1))
  // >>> o, _ = attention(q, z @ tensor("key"), z @ tensor("value"), heads=2)
  // %e = (o @ tensor("output"))[:, ::1000]
  %e = arith.constant dense<[[[-0.0317166448, -0.403602749, 0.334649652], [0.165836468, -0.527808845, 0.0601093359], [0.185537025, -0.687586606, -0.278437436], [-0.195834488, -0.13239114, 0.603067636], [0.413456798, -0.934262097, -1.13627017]], [[0.58160305, -0.347261161, -0.274636984], [0.564192712, -0.414835334, -0.172877908], [0.650603116, -0.264724314, -0.26011911], [0.643483996, -0.220692679, -0.225377113], [0.63571924, -0.595117867, -0.749414444]]]> : tensor<2x5x3xf32>
  %rows = tensor.extract_slice %y[0, 0, 0] [2, 5, 3] [1, 1000, 1] : tensor<2x4096x3xf32> to tensor<2x5x3xf32>
  check.expect_close %rows, %e tolerance = 2.0e-5 : tensor<2x5x3xf32>
}
