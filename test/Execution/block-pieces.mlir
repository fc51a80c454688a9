// RUN: perceiver-test-runner %s --from=strategy
// RUN: perceiver-test-runner %s --from=strategy --device=emulated

// Pieces, layouts and windows of the block level, one operation each.

perceiver.parameter @variance : tensor<1x7xf32> key "variance"
perceiver.parameter @table : tensor<12x7xf32> key "table"

check.checkpoint {
  %variance = check.generate "variance" offset = 1.5 : tensor<1x7xf32>
  check.tensor "variance", %variance : tensor<1x7xf32>
  %table = check.generate "table" : tensor<12x7xf32>
  check.tensor "table", %table : tensor<12x7xf32>
}

func.func @elements(%x: tensor<?x5x14xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
                    %f: tensor<14xf32> {perceiver.name = "f"})
    -> (tensor<?x5x14xf32> {perceiver.name = "product", perceiver.sizes = ["batch"]},
        tensor<?x5x14xf32> {perceiver.name = "scaled", perceiver.sizes = ["batch"]},
        tensor<?x5x7xf32> {perceiver.name = "gated", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x5x14xf32>
  %wide = tensor.empty(%batch) : tensor<?x5x14xf32>
  %narrow = tensor.empty(%batch) : tensor<?x5x7xf32>
  %0 = block.multiply ins(%x, %f : tensor<?x5x14xf32>, tensor<14xf32>)
      outs(%wide : tensor<?x5x14xf32>) -> tensor<?x5x14xf32>
  %1 = block.scale ins(%x : tensor<?x5x14xf32>) outs(%wide : tensor<?x5x14xf32>)
      {factor = 0.75 : f64} -> tensor<?x5x14xf32>
  %2 = block.activate ins(%x : tensor<?x5x14xf32>) outs(%narrow : tensor<?x5x7xf32>)
      {activation = #perceiver.activation<gated(silu)>} -> tensor<?x5x7xf32>
  return %0, %1, %2 : tensor<?x5x14xf32>, tensor<?x5x14xf32>, tensor<?x5x7xf32>
}

check.test "products, multiples and gates" {
  %x = check.generate "x" : tensor<3x5x14xf32>
  %f = check.generate "f" : tensor<14xf32>
  %p, %s, %g = check.run @elements(%x, %f) : (tensor<3x5x14xf32>, tensor<14xf32>) -> (tensor<3x5x14xf32>, tensor<3x5x14xf32>, tensor<3x5x7xf32>)
  // %e0 = (x * f)[2]
  %e0 = arith.constant dense<[[-0.0928725824, 0.157332718, -0.0964102894, 0.130468011, -0.744700015, 0.132496938, 0.0849346519, -0.12119481, -0.60665971, 0.815962136, 0.00455845753, -0.136640117, -0.608732104, 0.293472648], [-0.0439387187, -0.00938070472, -0.130343229, -0.104965381, 0.110572711, -0.474677205, -0.134070918, -0.226416901, -0.5531587, -0.607024074, -0.00488620391, 0.224547207, 0.0180050954, 0.00988776516], [-0.00353491004, -0.0328334905, -0.0791135803, -0.056500148, 0.501807094, 0.0749439672, -0.323802978, 0.287064701, 0.792955875, -0.300832987, -0.0317606628, -0.739943922, -0.246198714, -0.283150852], [0.0664778426, 0.167884663, 0.0619454645, 0.0240889005, 0.161837414, -0.245317191, -0.319101036, 0.300455093, -0.314388722, -0.762201488, 0.00947211031, 0.719787717, -0.227258295, 0.506173134], [-0.00675553968, 0.0941882581, -0.0119776735, 0.0652471408, 0.360528558, 0.297269046, -0.337389916, -0.32837984, 0.132520288, 0.576474488, 0.0286797732, 0.618075609, 0.199152336, -0.500133455]]> : tensor<5x14xf32>
  %p2 = tensor.extract_slice %p[2, 0, 0] [1, 5, 14] [1, 1, 1] : tensor<3x5x14xf32> to tensor<5x14xf32>
  check.expect_close %p2, %e0 tolerance = 1.0e-7 : tensor<5x14xf32>
  // %e1 = 0.75 * x[2]
  %e1 = arith.constant dense<[[0.704277515, -0.511693835, 0.414676309, -0.658134699, -0.674405098, -0.156707793, 0.184831858, 0.206618279, -0.495631367, -0.746688843, 0.0601386949, -0.136903822, 0.749626517, -0.417072505], [0.333198994, 0.0305089038, 0.560627401, 0.529488921, 0.100135341, 0.561413884, -0.291760504, 0.386005551, -0.45192191, 0.555489182, -0.0644625798, 0.224980563, -0.0221724752, -0.0140521284], [0.0268061645, 0.106784493, 0.340280354, 0.285010159, 0.4544397, -0.0886383057, -0.704648852, -0.489400595, 0.647832394, 0.275292963, -0.419011205, -0.74137193, 0.303182781, 0.402403533], [-0.504119158, -0.546012044, -0.266437501, -0.121514395, 0.146560982, 0.29014343, -0.694416642, -0.512229085, -0.2568506, 0.697492361, 0.124963403, 0.721176863, 0.2798585, -0.71935463], [0.0512290597, -0.306328863, 0.0515179187, -0.3291336, 0.326496959, -0.351588339, -0.734216332, 0.559836507, 0.108266979, -0.527533174, 0.378365725, 0.619268477, -0.245247245, 0.710771203]]> : tensor<5x14xf32>
  %s2 = tensor.extract_slice %s[2, 0, 0] [1, 5, 14] [1, 1, 1] : tensor<3x5x14xf32> to tensor<5x14xf32>
  check.expect_close %s2, %e1 tolerance = 1.0e-7 : tensor<5x14xf32>
  // %e2 = (x[2, :, :7] * silu(x[2, :, 7:]))
  %e2 = arith.constant dense<[[0.147053376, 0.153542295, -0.148519993, -0.0365914218, 0.0746001676, -0.15265359, -0.0499465056], [0.143113539, -0.00867108256, 0.374890864, -0.0290367007, 0.0230065584, -0.0109012872, 0.0036101772], [-0.00798608828, 0.0865129232, 0.0983810648, -0.0772482976, -0.162440524, -0.0286511742, -0.318087071], [0.15406169, 0.10352096, -0.236905843, -0.0146195265, 0.13593699, 0.0854891017, 0.246036544], [0.0345894508, -0.0316044055, -0.0159954801, -0.138040736, 0.249975339, 0.0642244965, -0.668584883]]> : tensor<5x7xf32>
  %g2 = tensor.extract_slice %g[2, 0, 0] [1, 5, 7] [1, 1, 1] : tensor<3x5x7xf32> to tensor<5x7xf32>
  check.expect_close %g2, %e2 tolerance = 3.0e-7 : tensor<5x7xf32>
}

func.func @layouts(%x: tensor<?x5x7xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
                   %p: tensor<2x7xf32> {perceiver.name = "p"})
    -> (tensor<?x7x5xf32> {perceiver.name = "transposed", perceiver.sizes = ["batch"]},
        tensor<?x7x7xf32> {perceiver.name = "joined", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x5x7xf32>
  %i = tensor.empty(%batch) : tensor<?x7x5xf32>
  %j = tensor.empty(%batch) : tensor<?x7x7xf32>
  %0 = block.transpose ins(%x : tensor<?x5x7xf32>) outs(%i : tensor<?x7x5xf32>)
      permutation = [0, 2, 1] -> tensor<?x7x5xf32>
  %1 = block.concat_rows ins(%x, %p : tensor<?x5x7xf32>, tensor<2x7xf32>)
      outs(%j : tensor<?x7x7xf32>) -> tensor<?x7x7xf32>
  return %0, %1 : tensor<?x7x5xf32>, tensor<?x7x7xf32>
}

check.test "transposes and rows behind rows" {
  %x = check.generate "x" : tensor<3x5x7xf32>
  %p = check.generate "p" : tensor<2x7xf32>
  %t, %j = check.run @layouts(%x, %p) : (tensor<3x5x7xf32>, tensor<2x7xf32>) -> (tensor<3x7x5xf32>, tensor<3x7x7xf32>)
  // %e0 = x[2].T
  %e0 = arith.constant dense<[[-0.754065096, 0.733952761, -0.852628946, -0.937448204, 0.951146007], [-0.764977574, 0.0776339769, 0.61448586, -0.270688176, 0.137421608], [-0.859539449, -0.621438622, 0.046121534, -0.355020761, -0.103723563], [0.825863242, 0.322791249, -0.728198826, -0.748255789, 0.47155863], [-0.153784186, 0.311886311, -0.416110426, 0.574278533, 0.914823294], [-0.0634699911, -0.557978451, 0.794743121, 0.969047487, -0.783720553], [0.160767928, -0.439980358, 0.267843753, 0.373551726, 0.930206776]]> : tensor<7x5xf32>
  %t2 = tensor.extract_slice %t[2, 0, 0] [1, 7, 5] [1, 1, 1] : tensor<3x7x5xf32> to tensor<7x5xf32>
  check.expect_equal %t2, %e0 : tensor<7x5xf32>
  // %e1 = concat_rows([x, p])[2]
  %e1 = arith.constant dense<[[-0.754065096, -0.764977574, -0.859539449, 0.825863242, -0.153784186, -0.0634699911, 0.160767928], [0.733952761, 0.0776339769, -0.621438622, 0.322791249, 0.311886311, -0.557978451, -0.439980358], [-0.852628946, 0.61448586, 0.046121534, -0.728198826, -0.416110426, 0.794743121, 0.267843753], [-0.937448204, -0.270688176, -0.355020761, -0.748255789, 0.574278533, 0.969047487, 0.373551726], [0.951146007, 0.137421608, -0.103723563, 0.47155863, 0.914823294, -0.783720553, 0.930206776], [0.373018265, 0.892072558, -0.0116523271, 0.978384256, 0.647560239, 0.0706057549, 0.287305087], [-0.35127449, -0.0981158614, 0.119823024, 0.401191711, -0.854980171, -0.707790434, 0.313660502]]> : tensor<7x7xf32>
  %j2 = tensor.extract_slice %j[2, 0, 0] [1, 7, 7] [1, 1, 1] : tensor<3x7x7xf32> to tensor<7x7xf32>
  check.expect_equal %j2, %e1 : tensor<7x7xf32>
}

func.func @images(%x: tensor<2x5x4x3xf32> {perceiver.name = "x"})
    -> (tensor<2x6x18xf32> {perceiver.name = "windows"}, tensor<2x6x3xf32> {perceiver.name = "largest"})
    attributes {perceiver.entry} {
  %i = tensor.empty() : tensor<2x6x18xf32>
  %j = tensor.empty() : tensor<2x6x3xf32>
  %0 = block.windows ins(%x : tensor<2x5x4x3xf32>) outs(%i : tensor<2x6x18xf32>)
      size = [3, 2] stride = [2, 2] padding = [[1, 1], [0, 0]] -> tensor<2x6x18xf32>
  %1 = block.max_pool ins(%x : tensor<2x5x4x3xf32>) outs(%j : tensor<2x6x3xf32>)
      size = [3, 2] stride = [2, 2] padding = [[1, 1], [0, 0]] -> tensor<2x6x3xf32>
  return %0, %1 : tensor<2x6x18xf32>, tensor<2x6x3xf32>
}

check.test "windows of images" {
  %x = check.generate "x" : tensor<2x5x4x3xf32>
  %w, %m = check.run @images(%x) : (tensor<2x5x4x3xf32>) -> (tensor<2x6x18xf32>, tensor<2x6x3xf32>)
  // %e0 = image_windows(x, [3, 2], [2, 2], [[1, 1], [0, 0]])[1].reshape(6, 18)
  %e0 = arith.constant dense<[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -0.306729138, -0.12495105, 0.698859334, -0.141850904, -0.380467087, 0.569095731, -0.859539449, 0.825863242, -0.153784186, -0.0634699911, 0.160767928, 0.733952761], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.901606023, -0.872882843, -0.69475311, 0.384197265, -0.754065096, -0.764977574, 0.0776339769, -0.621438622, 0.322791249, 0.311886311, -0.557978451, -0.439980358], [-0.859539449, 0.825863242, -0.153784186, -0.0634699911, 0.160767928, 0.733952761, -0.852628946, 0.61448586, 0.046121534, -0.728198826, -0.416110426, 0.794743121, 0.969047487, 0.373551726, 0.951146007, 0.137421608, -0.103723563, 0.47155863], [0.0776339769, -0.621438622, 0.322791249, 0.311886311, -0.557978451, -0.439980358, 0.267843753, -0.937448204, -0.270688176, -0.355020761, -0.748255789, 0.574278533, 0.914823294, -0.783720553, 0.930206776, -0.841857791, 0.693195701, 0.773238957], [0.969047487, 0.373551726, 0.951146007, 0.137421608, -0.103723563, 0.47155863, 0.820541084, 0.413986683, -0.267573953, -0.027660992, -0.0237946212, 0.732715547, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.914823294, -0.783720553, 0.930206776, -0.841857791, 0.693195701, 0.773238957, -0.55444473, 0.0216128193, 0.343505532, -0.185198188, -0.576922297, 0.120474771, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]> : tensor<6x18xf32>
  %w1 = tensor.extract_slice %w[1, 0, 0] [1, 6, 18] [1, 1, 1] : tensor<2x6x18xf32> to tensor<6x18xf32>
  check.expect_equal %w1, %e0 : tensor<6x18xf32>
  // %e1 = max_pool2d(x, [3, 2], [2, 2], [[1, 1], [0, 0]])[1].reshape(6, 3)
  %e1 = arith.constant dense<[[-0.0634699911, 0.825863242, 0.733952761], [0.901606023, -0.557978451, 0.322791249], [0.969047487, 0.825863242, 0.951146007], [0.914823294, 0.693195701, 0.930206776], [0.969047487, 0.413986683, 0.951146007], [0.914823294, 0.693195701, 0.930206776]]> : tensor<6x3xf32>
  %m1 = tensor.extract_slice %m[1, 0, 0] [1, 6, 3] [1, 1, 1] : tensor<2x6x3xf32> to tensor<6x3xf32>
  check.expect_equal %m1, %e1 : tensor<6x3xf32>
}

func.func @stored() -> (tensor<1x7xf32> {perceiver.name = "deviations"}, tensor<10x7xf32> {perceiver.name = "resized"})
    attributes {perceiver.entry} {
  %v = perceiver.get_parameter @variance : tensor<1x7xf32>
  %t = perceiver.get_parameter @table : tensor<12x7xf32>
  %i = tensor.empty() : tensor<1x7xf32>
  %j = tensor.empty() : tensor<10x7xf32>
  %0 = block.inverse_deviation ins(%v : tensor<1x7xf32>) outs(%i : tensor<1x7xf32>)
      {epsilon = 1.0e-3 : f64} -> tensor<1x7xf32>
  %1 = block.resize_grid ins(%t : tensor<12x7xf32>) outs(%j : tensor<10x7xf32>)
      from [3, 4] to [5, 2] -> tensor<10x7xf32>
  return %0, %1 : tensor<1x7xf32>, tensor<10x7xf32>
}

check.test "what is computed when the model is compiled" {
  %d, %r = check.run @stored() : () -> (tensor<1x7xf32>, tensor<10x7xf32>)
  // %e0 = 1 / np.sqrt(tensor("variance") + 1e-3)
  %e0 = arith.constant dense<[[0.678714156, 0.68807441, 0.866085529, 0.954250097, 0.99304539, 0.737804532, 0.810145915]]> : tensor<1x7xf32>
  check.expect_close %d, %e0 tolerance = 1.0e-7 : tensor<1x7xf32>
  // %e1 = resize_grid(tensor("table"), [3, 4], [5, 2])
  %e1 = arith.constant dense<[[0.122128785, -0.791579604, -0.841996849, -0.664168358, -0.221310914, -0.979867458, -0.56714648], [-1.136989, 0.621617734, 0.503780723, 0.513755143, 0.624434948, 0.00211894535, 0.619487166], [0.0465921834, -0.189462081, -0.622606218, -0.107063182, 0.156737342, -0.678322673, -0.517416239], [-0.147418112, -0.154485762, 0.678015471, 0.27509737, -0.00253072428, 0.135033086, 0.558439136], [-0.119954839, 0.530632019, -0.226233274, 0.542666793, 0.504756987, -0.133773297, -0.394631058], [0.995434523, -0.9756639, 0.698613882, -0.0837809443, -0.752641857, 0.268380105, 0.318421334], [-0.402494133, 0.462612867, 0.260758489, 0.416590422, 0.0644491091, 0.534619868, -0.158442795], [0.72853899, -0.479350775, -0.0382467993, -0.337385178, -0.682962418, 0.155552626, -0.312544167], [-0.597459853, 0.253265619, 0.573453009, 0.17490235, -0.369187981, 0.963677883, 0.00805069972], [0.26659137, 0.101073787, -0.643914402, -0.467649668, -0.465847373, 0.0349982046, -0.776123524]]> : tensor<10x7xf32>
  check.expect_close %r, %e1 tolerance = 1.0e-7 : tensor<10x7xf32>
}
