// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// Elements that only move: transpositions of arrays of any rank and elements,
// small and wide dimensions, and rows one behind the other.

perceiver.parameter @table : tensor<4x6xf32> key "table"
perceiver.parameter @vector : tensor<3xf32> key "vector"

check.checkpoint {
  %0 = check.generate "table" : tensor<4x6xf32>
  check.tensor "table", %0 : tensor<4x6xf32>
  %1 = check.generate "vector" : tensor<3xf32>
  check.tensor "vector", %1 : tensor<3xf32>
}

func.func @images(%x: tensor<?x3x?x?xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "height", "width"]})
    -> (tensor<?x?x?x3xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "height", "width"]})
    attributes {perceiver.entry} {
  %y = perceiver.transpose %x permutation = [0, 2, 3, 1] : tensor<?x3x?x?xf32> -> tensor<?x?x?x3xf32>
  return %y : tensor<?x?x?x3xf32>
}

check.test "channels last, any size" {
  %x = check.generate "x" : tensor<2x3x5x7xf32>
  %y = check.run @images(%x) : (tensor<2x3x5x7xf32>) -> tensor<2x5x7x3xf32>
  // %e = x.transpose(0, 2, 3, 1)[1, ::2, 3]
  %e = arith.constant dense<[[0.820541084, -0.877512932, -0.558681607], [0.0234587211, 0.705985188, 0.16661787], [-0.305930555, 0.380013555, 0.504487634]]> : tensor<3x3xf32>
  %part = tensor.extract_slice %y[1, 0, 3, 0] [1, 3, 1, 3] [1, 2, 1, 1] : tensor<2x5x7x3xf32> to tensor<3x3xf32>
  check.expect_close %part, %e tolerance = 0.0 : tensor<3x3xf32>
}

// Squares of registers, and what is left of them; the batch moves, too.

func.func @tokens(%x: tensor<?x33x?xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "channels"]})
    -> (tensor<?x?x33xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "channels"]},
        tensor<?x?x33xf32> {perceiver.name = "z", perceiver.sizes = ["channels", "batch"]},
        tensor<33x?x?xf32> {perceiver.name = "w", perceiver.sizes = ["batch", "channels"]})
    attributes {perceiver.entry} {
  %y = perceiver.transpose %x permutation = [0, 2, 1] : tensor<?x33x?xf32> -> tensor<?x?x33xf32>
  %z = perceiver.transpose %x permutation = [2, 0, 1] : tensor<?x33x?xf32> -> tensor<?x?x33xf32>
  %w = perceiver.transpose %x permutation = [1, 0, 2] : tensor<?x33x?xf32> -> tensor<33x?x?xf32>
  return %y, %z, %w : tensor<?x?x33xf32>, tensor<?x?x33xf32>, tensor<33x?x?xf32>
}

check.test "mixing 33 tokens of 70 channels" {
  %x = check.generate "x" : tensor<2x33x70xf32>
  %y, %z, %w = check.run @tokens(%x) : (tensor<2x33x70xf32>) -> (tensor<2x70x33xf32>, tensor<70x2x33xf32>, tensor<33x2x70xf32>)
  // %e = x.transpose(0, 2, 1)[1, ::23, ::4]
  %e = arith.constant dense<[[0.394359767, -0.706534445, -0.0967284292, -0.885554016, 0.512454867, -0.792964458, -0.451985538, -0.588790953, 0.964291394], [0.957639217, -0.703026891, -0.620238841, -0.921811759, 0.972395599, -0.0133092292, -0.595459938, 0.884328961, -0.880718231], [0.74388814, -0.838520885, -0.647090793, 0.36004585, -0.00926532596, -0.769473255, 0.000674139708, 0.409465998, 0.856174588], [0.293531477, -0.642867684, 0.578209698, 0.406570524, 0.210037604, 0.56088686, 0.898770392, 0.354008526, 0.479714185]]> : tensor<4x9xf32>
  %y0 = tensor.extract_slice %y[1, 0, 0] [1, 4, 9] [1, 23, 4] : tensor<2x70x33xf32> to tensor<4x9xf32>
  check.expect_close %y0, %e tolerance = 0.0 : tensor<4x9xf32>
  // %f = x.transpose(2, 0, 1)[::23, 1, ::4]
  %f = arith.constant dense<[[0.394359767, -0.706534445, -0.0967284292, -0.885554016, 0.512454867, -0.792964458, -0.451985538, -0.588790953, 0.964291394], [0.957639217, -0.703026891, -0.620238841, -0.921811759, 0.972395599, -0.0133092292, -0.595459938, 0.884328961, -0.880718231], [0.74388814, -0.838520885, -0.647090793, 0.36004585, -0.00926532596, -0.769473255, 0.000674139708, 0.409465998, 0.856174588], [0.293531477, -0.642867684, 0.578209698, 0.406570524, 0.210037604, 0.56088686, 0.898770392, 0.354008526, 0.479714185]]> : tensor<4x9xf32>
  %z0 = tensor.extract_slice %z[0, 1, 0] [4, 1, 9] [23, 1, 4] : tensor<70x2x33xf32> to tensor<4x9xf32>
  check.expect_close %z0, %f tolerance = 0.0 : tensor<4x9xf32>
  // %g = x.transpose(1, 0, 2)[::8, 1, ::23]
  %g = arith.constant dense<[[0.394359767, 0.957639217, 0.74388814, 0.293531477], [-0.0967284292, -0.620238841, -0.647090793, 0.578209698], [0.512454867, 0.972395599, -0.00926532596, 0.210037604], [-0.451985538, -0.595459938, 0.000674139708, 0.898770392], [0.964291394, -0.880718231, 0.856174588, 0.479714185]]> : tensor<5x4xf32>
  %w0 = tensor.extract_slice %w[0, 1, 0] [5, 1, 4] [8, 1, 23] : tensor<33x2x70xf32> to tensor<5x4xf32>
  check.expect_close %w0, %g tolerance = 0.0 : tensor<5x4xf32>
}

// A patch of 2 x 2 pixels becomes channels; ids and truth values move, too.

func.func @patches(%x: tensor<?x4x6x5xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
                   %ids: tensor<?x3x2x4xi64> {perceiver.name = "ids", perceiver.sizes = ["batch"]},
                   %mask: tensor<?x9xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"]})
    -> (tensor<?x6x20xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]},
        tensor<4x?x3x2xi64> {perceiver.name = "moved", perceiver.sizes = ["batch"]},
        tensor<9x?xi1> {perceiver.name = "flipped", perceiver.sizes = ["batch"]},
        tensor<2x1x3x2x1x2x1x?xf32> {perceiver.name = "deep", perceiver.sizes = ["batch"]},
        tensor<6x4xf32> {perceiver.name = "stored"}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x4x6x5xf32>
  %0 = tensor.expand_shape %x [[0], [1, 2], [3, 4], [5]] output_shape [%batch, 2, 2, 3, 2, 5]
      : tensor<?x4x6x5xf32> into tensor<?x2x2x3x2x5xf32>
  %1 = perceiver.transpose %0 permutation = [0, 1, 3, 2, 4, 5] : tensor<?x2x2x3x2x5xf32> -> tensor<?x2x3x2x2x5xf32>
  %2 = tensor.collapse_shape %1 [[0], [1, 2], [3, 4, 5]] : tensor<?x2x3x2x2x5xf32> into tensor<?x6x20xf32>
  %3 = perceiver.transpose %ids permutation = [3, 0, 1, 2] : tensor<?x3x2x4xi64> -> tensor<4x?x3x2xi64>
  %4 = perceiver.transpose %mask permutation = [1, 0] : tensor<?x9xi1> -> tensor<9x?xi1>
  %5 = tensor.extract_slice %x[0, 0, 0, 0] [%batch, 4, 6, 1] [1, 1, 1, 1] : tensor<?x4x6x5xf32> to tensor<?x4x6x1xf32>
  %6 = tensor.expand_shape %5 [[0], [1, 2, 3], [4, 5], [6, 7]] output_shape [%batch, 2, 1, 2, 3, 2, 1, 1]
      : tensor<?x4x6x1xf32> into tensor<?x2x1x2x3x2x1x1xf32>
  %7 = perceiver.transpose %6 permutation = [5, 6, 4, 3, 7, 1, 2, 0]
      : tensor<?x2x1x2x3x2x1x1xf32> -> tensor<2x1x3x2x1x2x1x?xf32>
  %table = perceiver.get_parameter @table : tensor<4x6xf32>
  %8 = perceiver.transpose %table permutation = [1, 0] : tensor<4x6xf32> -> tensor<6x4xf32>
  return %2, %3, %4, %7, %8
      : tensor<?x6x20xf32>, tensor<4x?x3x2xi64>, tensor<9x?xi1>, tensor<2x1x3x2x1x2x1x?xf32>, tensor<6x4xf32>
}

check.test "patches, ids and masks" {
  %x = check.generate "x" : tensor<2x4x6x5xf32>
  %ids = check.generate "ids" scale = 1.0e6 : tensor<2x3x2x4xi64>
  %mask = check.generate "mask" : tensor<2x9xi1>
  %y, %moved, %flipped, %deep, %stored = check.run @patches(%x, %ids, %mask) : (tensor<2x4x6x5xf32>, tensor<2x3x2x4xi64>, tensor<2x9xi1>)
      -> (tensor<2x6x20xf32>, tensor<4x2x3x2xi64>, tensor<9x2xi1>, tensor<2x1x3x2x1x2x1x2xf32>, tensor<6x4xf32>)
  // %e = x.reshape(2, 2, 2, 3, 2, 5).transpose(0, 1, 3, 2, 4, 5).reshape(2, 6, 20)[1]
  %e = arith.constant dense<[[-0.854850471, -0.593783438, 0.0234587211, -0.331508547, -0.666427255, 0.580460846, 0.136520505, 0.141314387, -0.138984963, 0.483845264, 0.0801849291, -0.18253842, 0.999502003, -0.556096673, 0.444265336, 0.0406785384, 0.747503221, 0.705985188, 0.133513793, 0.748551846], [0.195246637, -0.699308455, -0.204051822, 0.192498401, 0.418455124, -0.0208939817, -0.305930555, -0.59835583, 0.0878458694, 0.561235368, -0.389014006, 0.514674067, -0.602562547, 0.740652204, -0.0859501064, 0.299974084, -0.0295633003, -0.0187361706, 0.0357415527, 0.142379329], [0.939036727, -0.682258487, 0.552901745, -0.877512932, -0.899206758, -0.208943725, 0.246442467, 0.275491029, -0.660841823, -0.995585144, 0.453707129, 0.380013555, 0.6059196, -0.118184403, -0.939531803, -0.652534127, 0.863776505, 0.367057294, -0.558681607, -0.988495886], [0.404243708, 0.536538064, -0.672158897, -0.728016019, -0.355250001, -0.162019193, 0.195414647, 0.386857897, -0.925888896, -0.682972133, -0.447482646, -0.469046921, -0.468522072, 0.078291446, -0.932713568, -0.00266783126, 0.232912183, 0.970142961, 0.0452450849, -0.12113224], [-0.342467457, 0.929989815, 0.16661787, 0.96156913, 0.373144656, -0.959139526, 0.0683054104, -0.408438474, 0.0686905608, -0.4388448, 0.478967816, -0.22094202, 0.690199554, -0.544254243, 0.620123148, -0.162686616, 0.988206208, -0.122481935, 0.154951617, 0.651309073], [0.435329258, -0.468784451, -0.97895509, 0.746448636, 0.144355968, -0.703377545, 0.504487634, 0.825691283, -0.326996326, 0.947694957, 0.733112693, 0.0785251334, 0.350765944, -0.533693314, 0.011061023, 0.735581458, -0.616163194, 0.477314353, -0.98818922, -0.00314332545]]> : tensor<6x20xf32>
  %y0 = tensor.extract_slice %y[1, 0, 0] [1, 6, 20] [1, 1, 1] : tensor<2x6x20xf32> to tensor<6x20xf32>
  check.expect_close %y0, %e tolerance = 0.0 : tensor<6x20xf32>
  %moved0 = tensor.extract_slice %moved[3, 1, 0, 0] [1, 1, 3, 2] [1, 1, 1, 1] : tensor<4x2x3x2xi64> to tensor<3x2xi64>
  %ids0 = tensor.extract_slice %ids[1, 0, 0, 3] [1, 3, 2, 1] [1, 1, 1, 1] : tensor<2x3x2x4xi64> to tensor<3x2xi64>
  check.expect_equal %moved0, %ids0 : tensor<3x2xi64>
  %flipped0 = tensor.extract_slice %flipped[0, 1] [9, 1] [1, 1] : tensor<9x2xi1> to tensor<9xi1>
  %mask0 = tensor.extract_slice %mask[1, 0] [1, 9] [1, 1] : tensor<2x9xi1> to tensor<9xi1>
  check.expect_equal %flipped0, %mask0 : tensor<9xi1>
  // %d = x[..., 0].reshape(2, 2, 1, 2, 3, 2, 1, 1).transpose(5, 6, 4, 3, 7, 1, 2, 0).reshape(2, 3, 2, 2, 2)
  %d = arith.constant dense<[[[[[-0.650265515, -0.854850471], [-0.306729138, 0.404243708]], [[-0.779881477, 0.0801849291], [0.267843753, -0.447482646]]], [[[-0.806172013, 0.195246637], [-0.754065096, -0.342467457]], [[0.508178115, -0.389014006], [-0.103723563, 0.478967816]]], [[[-0.222958446, 0.939036727], [0.322791249, 0.435329258]], [[-0.938615143, 0.453707129], [-0.267573953, 0.733112693]]]], [[[[0.425745279, 0.580460846], [0.569095731, -0.162019193]], [[0.352141649, 0.0406785384], [0.574278533, -0.00266783126]]], [[[-0.351390779, -0.0208939817], [-0.0634699911, -0.959139526]], [[-0.113393195, 0.299974084], [-0.841857791, -0.162686616]]], [[[-0.100137025, -0.208943725], [0.61448586, -0.703377545]], [[0.412391722, -0.652534127], [0.0216128193, 0.735581458]]]]]> : tensor<2x3x2x2x2xf32>
  %flat = tensor.extract_slice %deep[0, 0, 0, 0, 0, 0, 0, 0] [2, 1, 3, 2, 1, 2, 1, 2] [1, 1, 1, 1, 1, 1, 1, 1]
      : tensor<2x1x3x2x1x2x1x2xf32> to tensor<2x3x2x2x2xf32>
  check.expect_close %flat, %d tolerance = 0.0 : tensor<2x3x2x2x2xf32>
  // %t = tensor("table").T
  %t = arith.constant dense<[[0.621834159, -0.701158047, -0.87054491, 0.686201572], [-0.750683427, -0.500544727, -0.311246723, -0.70010221], [-0.776948273, -0.487876475, -0.930194438, 0.177641392], [-0.225487143, -0.562371075, 0.114635721, -0.889660954], [0.548087299, -0.668982863, 0.700580359, 0.735812962], [-0.909011126, -0.618822694, 0.517418683, 0.104309022]]> : tensor<6x4xf32>
  check.expect_close %stored, %t tolerance = 0.0 : tensor<6x4xf32>
}

// A class token before rows, tables behind them, and a vector beside all rows;
// rows of any number, of which the mean is known.

func.func @rows(%a: tensor<?x65x6xf32> {perceiver.name = "a", perceiver.sizes = ["batch"]},
                %b: tensor<?x?x6xf32> {perceiver.name = "b", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x73x9xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]},
        tensor<?x6xf32> {perceiver.name = "mean", perceiver.sizes = ["batch"]},
        tensor<8x6xf32> {perceiver.name = "stored"}) attributes {perceiver.entry} {
  %table = perceiver.get_parameter @table : tensor<4x6xf32>
  %v = perceiver.get_parameter @vector : tensor<3xf32>
  %0 = perceiver.concat_rows %table, %a, %table
      : (tensor<4x6xf32>, tensor<?x65x6xf32>, tensor<4x6xf32>) -> tensor<?x73x6xf32>
  %1 = perceiver.concat %0, %v : (tensor<?x73x6xf32>, tensor<3xf32>) -> tensor<?x73x9xf32>
  %2 = perceiver.concat_rows %b, %table, %b : (tensor<?x?x6xf32>, tensor<4x6xf32>, tensor<?x?x6xf32>) -> tensor<?x?x6xf32>
  %3 = perceiver.mean_pool %2 : tensor<?x?x6xf32> -> tensor<?x6xf32>
  %4 = perceiver.concat_rows %table, %table : (tensor<4x6xf32>, tensor<4x6xf32>) -> tensor<8x6xf32>
  return %1, %3, %4 : tensor<?x73x9xf32>, tensor<?x6xf32>, tensor<8x6xf32>
}

check.test "rows one behind the other" {
  %a = check.generate "a" : tensor<2x65x6xf32>
  %b = check.generate "b" : tensor<2x70x6xf32>
  %y, %mean, %stored = check.run @rows(%a, %b) : (tensor<2x65x6xf32>, tensor<2x70x6xf32>) -> (tensor<2x73x9xf32>, tensor<2x6xf32>, tensor<8x6xf32>)
  // >>> rows = concat_channels([concat_rows([tensor("table"), a, tensor("table")]), tensor("vector")])
  // %e = rows[1, ::9]
  %e = arith.constant dense<[[0.621834159, -0.750683427, -0.776948273, -0.225487143, 0.548087299, -0.909011126, -0.24187766, 0.917724848, -0.151427642], [-0.743800819, 0.0193081591, -0.802791953, 0.75650847, -0.386806399, -0.584981799, -0.24187766, 0.917724848, -0.151427642], [-0.89591974, -0.929536164, 0.531680524, 0.582063794, -0.195573121, -0.306837559, -0.24187766, 0.917724848, -0.151427642], [-0.933350444, 0.0891139507, -0.704024136, 0.00553256785, -0.882709682, 0.670853853, -0.24187766, 0.917724848, -0.151427642], [0.325932771, 0.781049073, -0.848286867, 0.773989081, 0.585452676, 0.431215614, -0.24187766, 0.917724848, -0.151427642], [0.16726315, -0.479218155, -0.217287004, -0.492527366, 0.00557090947, 0.0524597391, -0.24187766, 0.917724848, -0.151427642], [0.182839945, 0.498410583, -0.751988113, 0.530897081, 0.594029129, 0.309590191, -0.24187766, 0.917724848, -0.151427642], [0.0259681791, 0.194732264, 0.245114848, 0.924671054, 0.778264523, -0.774798214, -0.24187766, 0.917724848, -0.151427642], [0.686201572, -0.70010221, 0.177641392, -0.889660954, 0.735812962, 0.104309022, -0.24187766, 0.917724848, -0.151427642]]> : tensor<9x9xf32>
  %part = tensor.extract_slice %y[1, 0, 0] [1, 9, 9] [1, 9, 1] : tensor<2x73x9xf32> to tensor<9x9xf32>
  check.expect_close %part, %e tolerance = 0.0 : tensor<9x9xf32>
  // %f = rows[0, 3:5]
  %f = arith.constant dense<[[0.686201572, -0.70010221, 0.177641392, -0.889660954, 0.735812962, 0.104309022, -0.24187766, 0.917724848, -0.151427642], [-0.153862968, 0.275442779, 0.146081895, 0.733025432, 0.123642839, 0.398754239, -0.24187766, 0.917724848, -0.151427642]]> : tensor<2x9xf32>
  %first = tensor.extract_slice %y[0, 3, 0] [1, 2, 9] [1, 1, 1] : tensor<2x73x9xf32> to tensor<2x9xf32>
  check.expect_close %first, %f tolerance = 0.0 : tensor<2x9xf32>
  // %g = rows[0, 63:70]
  %g = arith.constant dense<[[0.268377274, -0.282850146, -0.53509289, -0.709019125, -0.756738484, 0.501094043, -0.24187766, 0.917724848, -0.151427642], [0.0231678262, -0.25720799, -0.332312584, 0.297419399, 0.48955065, -0.417450279, -0.24187766, 0.917724848, -0.151427642], [-0.685226142, 0.836609244, 0.240162015, -0.133691639, 0.660144687, 0.617851019, -0.24187766, 0.917724848, -0.151427642], [0.167748436, 0.365730286, -0.902973294, -0.664226949, 0.261771709, 0.161859438, -0.24187766, 0.917724848, -0.151427642], [-0.328429043, -0.599632144, 0.443890184, -0.983566225, 0.462721139, -0.994837344, -0.24187766, 0.917724848, -0.151427642], [-0.984801233, -0.404407471, -0.35075891, 0.0315335952, -0.189727902, 0.637854159, -0.24187766, 0.917724848, -0.151427642], [0.621834159, -0.750683427, -0.776948273, -0.225487143, 0.548087299, -0.909011126, -0.24187766, 0.917724848, -0.151427642]]> : tensor<7x9xf32>
  %last = tensor.extract_slice %y[0, 63, 0] [1, 7, 9] [1, 1, 1] : tensor<2x73x9xf32> to tensor<7x9xf32>
  check.expect_close %last, %g tolerance = 0.0 : tensor<7x9xf32>
  // %m = concat_rows([b, tensor("table"), b]).mean(1)
  %m = arith.constant dense<[[0.0832030922, 0.0255532172, 0.0270314775, -0.0449539423, -0.00423291745, -0.0229535922], [-0.103010282, 0.107680634, 0.0938692912, 0.152120173, 0.0237972103, -0.0119934082]]> : tensor<2x6xf32>
  check.expect_close %mean, %m tolerance = 3.0e-7 : tensor<2x6xf32>
  // %s = np.concatenate([tensor("table"), tensor("table")])
  %s = arith.constant dense<[[0.621834159, -0.750683427, -0.776948273, -0.225487143, 0.548087299, -0.909011126], [-0.701158047, -0.500544727, -0.487876475, -0.562371075, -0.668982863, -0.618822694], [-0.87054491, -0.311246723, -0.930194438, 0.114635721, 0.700580359, 0.517418683], [0.686201572, -0.70010221, 0.177641392, -0.889660954, 0.735812962, 0.104309022], [0.621834159, -0.750683427, -0.776948273, -0.225487143, 0.548087299, -0.909011126], [-0.701158047, -0.500544727, -0.487876475, -0.562371075, -0.668982863, -0.618822694], [-0.87054491, -0.311246723, -0.930194438, 0.114635721, 0.700580359, 0.517418683], [0.686201572, -0.70010221, 0.177641392, -0.889660954, 0.735812962, 0.104309022]]> : tensor<8x6xf32>
  check.expect_close %stored, %s tolerance = 0.0 : tensor<8x6xf32>
}
