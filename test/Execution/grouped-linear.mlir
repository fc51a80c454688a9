// RUN: perceiver-test-runner %s --from=strategy

// Layers of groups of channels: widths that vectors do not divide, for any
// number of rows, and of rows without batch, whose results are computed when the
// model is compiled.

perceiver.parameter @w5x99 : tensor<5x99xf32> key "w5x99"
perceiver.parameter @b99 : tensor<99xf32> key "b99"
perceiver.parameter @w33x68 : tensor<33x68xf32> key "w33x68"
perceiver.parameter @x6x10 : tensor<6x10xf32> key "x6x10"
perceiver.parameter @w5x6 : tensor<5x6xf32> key "w5x6"

check.checkpoint {
  %0 = check.generate "w0" : tensor<5x99xf32>
  check.tensor "w5x99", %0 : tensor<5x99xf32>
  %1 = check.generate "b99" : tensor<99xf32>
  check.tensor "b99", %1 : tensor<99xf32>
  %2 = check.generate "w1" : tensor<33x68xf32>
  check.tensor "w33x68", %2 : tensor<33x68xf32>
  %3 = check.generate "x2" : tensor<6x10xf32>
  check.tensor "x6x10", %3 : tensor<6x10xf32>
  %4 = check.generate "w2" : tensor<5x6xf32>
  check.tensor "w5x6", %4 : tensor<5x6xf32>
}

func.func @layers(%x: tensor<?x?x15xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]},
                  %z: tensor<7x132xf32> {perceiver.name = "z"})
    -> (tensor<?x?x99xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "rows"]},
        tensor<7x68xf32> {perceiver.name = "u"}, tensor<6x6xf32> {perceiver.name = "p"})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %batch = tensor.dim %x, %c0 : tensor<?x?x15xf32>
  %rows = tensor.dim %x, %c1 : tensor<?x?x15xf32>
  %w0 = perceiver.get_parameter @w5x99 : tensor<5x99xf32>
  %b0 = perceiver.get_parameter @b99 : tensor<99xf32>
  %iy = tensor.empty(%batch, %rows) : tensor<?x?x99xf32>
  %y = block.grouped_linear ins(%x, %w0 : tensor<?x?x15xf32>, tensor<5x99xf32>) bias(%b0 : tensor<99xf32>)
      outs(%iy : tensor<?x?x99xf32>) groups = 3 -> tensor<?x?x99xf32>
  %w1 = perceiver.get_parameter @w33x68 : tensor<33x68xf32>
  %iu = tensor.empty() : tensor<7x68xf32>
  %u = block.grouped_linear ins(%z, %w1 : tensor<7x132xf32>, tensor<33x68xf32>) outs(%iu : tensor<7x68xf32>)
      groups = 4 -> tensor<7x68xf32>
  %x2 = perceiver.get_parameter @x6x10 : tensor<6x10xf32>
  %w2 = perceiver.get_parameter @w5x6 : tensor<5x6xf32>
  %ip = tensor.empty() : tensor<6x6xf32>
  %p = block.grouped_linear ins(%x2, %w2 : tensor<6x10xf32>, tensor<5x6xf32>) outs(%ip : tensor<6x6xf32>)
      groups = 2 -> tensor<6x6xf32>
  return %y, %u, %p : tensor<?x?x99xf32>, tensor<7x68xf32>, tensor<6x6xf32>
}

check.test "layers" {
  %x = check.generate "x" : tensor<2x131x15xf32>
  %z = check.generate "z" : tensor<7x132xf32>
  %y, %u, %p = check.run @layers(%x, %z) : (tensor<2x131x15xf32>, tensor<7x132xf32>)
      -> (tensor<2x131x99xf32>, tensor<7x68xf32>, tensor<6x6xf32>)
  // %e = grouped_linear(x, LinearParameters(tensor("w5x99"), tensor("b99")), 3)[1, 130]
  %e = arith.constant dense<[-0.650720954, -0.0443548039, -0.0681285486, -0.166897774, 0.183765769, -0.416494161, -2.30327892, -2.31687403, 0.247986704, 0.645098031, -1.46517503, -0.0165855344, 2.06637812, -0.67800349, -1.1027441, -0.295655221, 1.49236846, 0.796657085, -0.916661561, -0.0144865848, 0.673559785, -0.372963727, -0.741766751, 1.35474265, 0.887886345, 1.81150544, -0.767385721, -0.202484325, 0.298450798, -1.42477334, 0.728161633, -0.528738081, -1.12345421, 1.00802004, -0.00457654521, 0.688202083, -0.675170124, 0.834636331, -0.466297537, 0.472225189, -0.0756371394, -0.484890699, -0.141723156, -0.106298067, 0.043787986, -0.0104092574, -0.210503533, -0.813677311, 0.0366469771, -1.37252593, -0.203469634, 0.514204562, -0.0617904589, 0.291931391, -0.947629988, -0.0348164737, 1.50615275, 0.657589197, 0.443866342, 1.06954443, 0.115598373, -0.233800247, -1.03712475, 0.113165654, 0.0459707975, 0.197887033, 1.62758374, -1.15165067, 0.809906423, 1.52724802, 0.46129337, -0.443690956, 0.485857248, -1.79560089, -0.282317758, 1.03217936, -0.646341264, -0.896767735, -0.434205949, 0.980280399, -0.0894336775, -0.446935028, 0.278886348, 1.4710983, 0.190682992, 0.166825488, 1.61551607, 0.410293996, -1.74559021, -1.80299115, -1.91269922, -2.22460485, 0.426462501, 1.40110779, 0.0553846806, -0.0865427703, 0.595320344, -0.970173836, -0.44117853]> : tensor<99xf32>
  %row = tensor.extract_slice %y[1, 130, 0] [1, 1, 99] [1, 1, 1] : tensor<2x131x99xf32> to tensor<99xf32>
  check.expect_close %row, %e tolerance = 2.0e-6 : tensor<99xf32>
  // %f = grouped_linear(z, LinearParameters(tensor("w33x68")), 4)[6]
  %f = arith.constant dense<[-2.05912256, 0.989380002, -1.67976391, 5.02967882, 0.390196919, -1.01457655, -4.48781776, 1.19092858, -0.858537078, -4.85326862, 1.75535464, 2.22739625, 0.456333041, 2.61335182, 0.418430597, -1.37722576, -0.844541967, 1.67641604, -1.59191823, -1.90790927, -1.05645263, 1.23006713, -3.8385601, -0.0330928601, -2.39489174, -0.659016669, 2.34617448, 0.44197309, -0.321527034, 2.36788201, -3.7846303, 2.88425446, 1.13826847, -2.04138613, -1.40457618, 1.4862771, -1.65257895, 1.71621072, -1.24765825, -0.596151054, -2.3600781, -0.149775192, -0.874462426, -0.423206478, -2.1298759, 0.0167449564, -0.951896906, 0.917071044, 2.18906569, 3.31551909, 1.66300726, 0.968470156, 0.236957043, 0.362955958, -2.1971035, 0.408902854, 2.79755712, 1.5747664, -0.88730818, 3.22641492, -0.10536208, -1.70631552, -0.28140977, 1.1921761, 2.68342018, 0.847296894, 0.824801922, 2.49672771]> : tensor<68xf32>
  %last = tensor.extract_slice %u[6, 0] [1, 68] [1, 1] : tensor<7x68xf32> to tensor<68xf32>
  check.expect_close %last, %f tolerance = 2.0e-6 : tensor<68xf32>
  // %g = grouped_linear(tensor("x6x10"), LinearParameters(tensor("w5x6")), 2)
  %g = arith.constant dense<[[0.362148404, -0.245470777, -0.411551505, 0.241450191, -0.120418988, -0.414778948], [-0.00832820684, -0.135009766, 0.135281369, -0.414821118, -0.265990973, 0.496049106], [0.393442601, -0.284528673, 0.49267903, 0.159009993, 0.79197675, 0.519290686], [-0.323261648, 0.313203692, 0.0910533443, -0.760221541, 1.23526073, -0.00283499924], [-1.05407035, -0.600109875, -1.21464062, 0.995304763, -1.8518585, -1.86088765], [-0.804505348, 0.01890615, -0.872812986, -0.633814692, -0.118917078, -0.640780807]]> : tensor<6x6xf32>
  check.expect_close %p, %g tolerance = 2.0e-7 : tensor<6x6xf32>
}
