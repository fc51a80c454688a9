// RUN: perceiver-test-runner %s --from=strategy
// RUN: perceiver-test-runner %s --from=strategy --device=emulated

// Rows that take no part get a value, in the dimension that rows are in.

func.func @rows(%x: tensor<?x?x35xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]},
                %n: tensor<?x?xi32> {perceiver.name = "n", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x?x35xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "rows"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %batch = tensor.dim %x, %c0 : tensor<?x?x35xf32>
  %rows = tensor.dim %x, %c1 : tensor<?x?x35xf32>
  %init = tensor.empty(%batch, %rows) : tensor<?x?xi1>
  %m = block.to_mask ins(%n : tensor<?x?xi32>) outs(%init : tensor<?x?xi1>) {inverted} -> tensor<?x?xi1>
  %empty = tensor.empty(%batch, %rows) : tensor<?x?x35xf32>
  %y = block.mask_rows ins(%x : tensor<?x?x35xf32>) mask(%m : tensor<?x?xi1>) outs(%empty : tensor<?x?x35xf32>)
      {value = 0.5 : f64} -> tensor<?x?x35xf32>
  return %y : tensor<?x?x35xf32>
}

check.test "rows" {
  %x = check.generate "x" : tensor<2x67x35xf32>
  %n = check.generate "n" : tensor<2x67xi32>
  %y = check.run @rows(%x, %n) : (tensor<2x67x35xf32>, tensor<2x67xi32>) -> tensor<2x67x35xf32>
  // %e = mask_rows(x, to_mask(n, inverted=True), 0.5)[:, ::11, ::9]
  %e = arith.constant dense<[[[0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5], [-0.774852633, 0.169477493, -0.270359099, 0.840456367], [0.484356552, 0.72635603, 0.945830047, -0.283673763], [0.0863865465, -0.951830983, -0.315261811, -0.171204671], [0.394359767, -0.892876327, -0.0853963941, -0.927032351]], [[0.337873936, -0.950222015, -0.502476096, 0.919596374], [0.5, 0.5, 0.5, 0.5], [0.18433699, -0.71280688, 0.767026901, 0.178926557], [0.5, 0.5, 0.5, 0.5], [0.5, 0.5, 0.5, 0.5], [-0.588790953, 0.553617418, -0.71611613, 0.747383535], [0.5, 0.5, 0.5, 0.5]]]> : tensor<2x7x4xf32>
  %part = tensor.extract_slice %y[0, 0, 0] [2, 7, 4] [1, 11, 9] : tensor<2x67x35xf32> to tensor<2x7x4xf32>
  check.expect_close %part, %e tolerance = 1.0e-7 : tensor<2x7x4xf32>
}

func.func @columns(%x: tensor<?x3x?xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]},
                   %m: tensor<?x?xi1> {perceiver.name = "m", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x3x?xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "rows"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %batch = tensor.dim %x, %c0 : tensor<?x3x?xf32>
  %rows = tensor.dim %x, %c2 : tensor<?x3x?xf32>
  %empty = tensor.empty(%batch, %rows) : tensor<?x3x?xf32>
  %y = block.mask_rows ins(%x : tensor<?x3x?xf32>) mask(%m : tensor<?x?xi1>) outs(%empty : tensor<?x3x?xf32>)
      {value = 0xFFF0000000000000 : f64, dimension = 2 : i64} -> tensor<?x3x?xf32>
  return %y : tensor<?x3x?xf32>
}

check.test "columns" {
  %x = check.generate "x" : tensor<2x3x300xf32>
  %m = check.generate "m" : tensor<2x300xi1>
  %y = check.run @columns(%x, %m) : (tensor<2x3x300xf32>, tensor<2x300xi1>) -> tensor<2x3x300xf32>
  // %e = mask_rows(x, m, -np.inf, dimension=2)[:, :, ::37]
  %e = arith.constant dense<[[[-0.650265515, 0xFF800000, -0.153784186, -0.027660992, 0xFF800000, 0xFF800000, 0xFF800000, -0.452024549, 0.979490042], [-0.804653823, 0xFF800000, -0.417677343, -0.965037465, 0xFF800000, 0xFF800000, 0xFF800000, 0.342521161, -0.425645322], [0.803297937, 0xFF800000, -0.51890415, 0.436830193, 0xFF800000, 0xFF800000, 0xFF800000, -0.150773093, 0.677477896]], [[0xFF800000, 0.948135018, -0.897638738, 0xFF800000, 0.971425474, 0.821101248, 0xFF800000, 0xFF800000, 0.857178152], [0xFF800000, 0.0791439489, -0.841228366, 0xFF800000, -0.13061063, 0.840650201, 0xFF800000, 0xFF800000, 0.0322724804], [0xFF800000, -0.0829198882, 0.0979401916, 0xFF800000, 0.603189349, 0.743196189, 0xFF800000, 0xFF800000, -0.706692398]]]> : tensor<2x3x9xf32>
  %part = tensor.extract_slice %y[0, 0, 0] [2, 3, 9] [1, 1, 37] : tensor<2x3x300xf32> to tensor<2x3x9xf32>
  check.expect_close %part, %e tolerance = 1.0e-7 : tensor<2x3x9xf32>
}
