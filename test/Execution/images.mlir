// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// A convolutional stem, and a table of positions of another size.

perceiver.parameter @w : tensor<27x8xf32> key "w"
perceiver.parameter @g : tensor<8xf32> key "g"
perceiver.parameter @b : tensor<8xf32> key "b"
perceiver.parameter @m : tensor<8xf32> key "m"
perceiver.parameter @v : tensor<8xf32> key "v"
perceiver.parameter @table : tensor<12x5xf32> key "table"

check.checkpoint {
  %0 = check.generate "w" : tensor<27x8xf32>
  check.tensor "w", %0 : tensor<27x8xf32>
  %1 = check.generate "g" : tensor<8xf32>
  check.tensor "g", %1 : tensor<8xf32>
  %2 = check.generate "b" : tensor<8xf32>
  check.tensor "b", %2 : tensor<8xf32>
  %3 = check.generate "m" : tensor<8xf32>
  check.tensor "m", %3 : tensor<8xf32>
  %4 = check.generate "v" offset = 1.5 : tensor<8xf32>
  check.tensor "v", %4 : tensor<8xf32>
  %5 = check.generate "table" : tensor<12x5xf32>
  check.tensor "table", %5 : tensor<12x5xf32>
}

func.func @windows(%x: tensor<?x6x9x3xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]})
    -> (tensor<?x3x9x18xf32> {perceiver.name = "same", perceiver.sizes = ["batch"]},
        tensor<?x4x4x27xf32> {perceiver.name = "padded", perceiver.sizes = ["batch"]},
        tensor<?x2x4x3xf32> {perceiver.name = "pool", perceiver.sizes = ["batch"]},
        tensor<?x3x5x3xf32> {perceiver.name = "pool_same", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = perceiver.windows %x size = [3, 2] stride = [2, 1] padding = same : tensor<?x6x9x3xf32> -> tensor<?x3x9x18xf32>
  %1 = perceiver.windows %x size = [3, 3] stride = [2, 3] padding = [[1, 2], [2, 1]] : tensor<?x6x9x3xf32> -> tensor<?x4x4x27xf32>
  %2 = perceiver.max_pool %x size = [3, 3] stride = [2, 2] padding = [[0, 0], [0, 0]] : tensor<?x6x9x3xf32> -> tensor<?x2x4x3xf32>
  %3 = perceiver.max_pool %x size = [3, 3] stride = [2, 2] padding = same : tensor<?x6x9x3xf32> -> tensor<?x3x5x3xf32>
  return %0, %1, %2, %3 : tensor<?x3x9x18xf32>, tensor<?x4x4x27xf32>, tensor<?x2x4x3xf32>, tensor<?x3x5x3xf32>
}

check.test "windows of an image of 6 x 9" {
  %x = check.generate "x" offset = -2.0 : tensor<2x6x9x3xf32>
  %same, %padded, %pool, %pool_same = check.run @windows(%x) : (tensor<2x6x9x3xf32>)
      -> (tensor<2x3x9x18xf32>, tensor<2x4x4x27xf32>, tensor<2x2x4x3xf32>, tensor<2x3x5x3xf32>)
  // %e = image_windows(x, (3, 2), (2, 1), [same_padding(6, 3, 2), same_padding(9, 2, 1)])[1, 2, ::4]
  %e = arith.constant dense<[[-1.85488188, -2.80272436, -2.9395802, -2.14545608, -2.50150204, -2.73100471, -1.60487962, -1.04388571, -1.76578712, -2.80465388, -2.36299729, -1.96040523, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [-1.16322899, -2.95282936, -1.66376817, -1.85816908, -2.14840698, -2.60134673, -2.69326067, -2.14825988, -1.58278894, -1.32671404, -1.51244652, -1.89174628, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [-2.26386142, -1.50637031, -1.02050996, 0.0, 0.0, 0.0, -2.05272532, -1.21144927, -2.78523135, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]> : tensor<3x18xf32>
  %y0 = tensor.extract_slice %same[1, 2, 0, 0] [1, 1, 3, 18] [1, 1, 4, 1] : tensor<2x3x9x18xf32> to tensor<3x18xf32>
  check.expect_close %y0, %e tolerance = 0.0 : tensor<3x18xf32>
  // %f = image_windows(x, (3, 3), (2, 3), [(1, 2), (2, 1)])[1, ::3, ::3]
  %f = arith.constant dense<[[[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -2.60256243, -1.2593478, -2.08595014, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -2.68297219, -2.34246755, -1.07001019], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -2.7280159, -2.35525012, -2.16201925, -1.80458534, -1.61314213, -2.92588878, 0.0, 0.0, 0.0, -2.44748259, -2.46904683, -2.46852207, -1.92170858, -2.93271351, -2.0026679, 0.0, 0.0, 0.0]], [[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, -1.60487962, -1.04388571, -1.76578712, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [-2.70332122, -2.09331417, -2.52743721, -2.05272532, -1.21144927, -2.78523135, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]]> : tensor<2x2x27xf32>
  %y1 = tensor.extract_slice %padded[1, 0, 0, 0] [1, 2, 2, 27] [1, 3, 3, 1] : tensor<2x4x4x27xf32> to tensor<2x2x27xf32>
  check.expect_close %y1, %f tolerance = 0.0 : tensor<2x2x27xf32>
  // %g = max_pool2d(x, 3, 2)[1, 1]
  %g = arith.constant dense<[[-1.196437, -1.02985704, -1.37987685], [-1.06552219, -1.01179385, -1.26688731], [-1.16322899, -1.11421227, -1.26688731], [-1.45153975, -1.05160177, -1.01496887]]> : tensor<4x3xf32>
  %y3 = tensor.extract_slice %pool[1, 1, 0, 0] [1, 1, 4, 3] [1, 1, 1, 1] : tensor<2x2x4x3xf32> to tensor<4x3xf32>
  check.expect_close %y3, %g tolerance = 0.0 : tensor<4x3xf32>
  // %h = max_pool2d(x, 3, 2, [same_padding(6, 3, 2), same_padding(9, 3, 2)])[0, 2]
  %h = arith.constant dense<[[-1.17945898, -1.43876469, -1.06096327], [-1.91215408, -1.43876469, -1.06096327], [-1.724509, -2.18253851, -1.00049806], [-1.25249684, -1.29401481, -1.00049806], [-1.25144815, -1.29401481, -1.48532593]]> : tensor<5x3xf32>
  %y4 = tensor.extract_slice %pool_same[0, 2, 0, 0] [1, 1, 5, 3] [1, 1, 1, 1] : tensor<2x3x5x3xf32> to tensor<5x3xf32>
  check.expect_close %y4, %h tolerance = 0.0 : tensor<5x3xf32>
}

// The same of any height: windows that are as many as pixels, and means.

func.func @any_height(%x: tensor<?x?x10x3xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "height"]})
    -> (tensor<?x?x10x18xf32> {perceiver.name = "same", perceiver.sizes = ["batch", "height"]},
        tensor<?x27xf32> {perceiver.name = "padded", perceiver.sizes = ["batch"]},
        tensor<?x3xf32> {perceiver.name = "pool", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %0 = perceiver.windows %x size = [3, 2] stride = [1, 1] padding = same : tensor<?x?x10x3xf32> -> tensor<?x?x10x18xf32>
  %1 = perceiver.windows %x size = [3, 3] stride = [2, 3] padding = [[1, 2], [2, 1]] : tensor<?x?x10x3xf32> -> tensor<?x?x4x27xf32>
  %2 = tensor.collapse_shape %1 [[0], [1, 2], [3]] : tensor<?x?x4x27xf32> into tensor<?x?x27xf32>
  %3 = perceiver.mean_pool %2 : tensor<?x?x27xf32> -> tensor<?x27xf32>
  %4 = perceiver.max_pool %x size = [3, 3] stride = [2, 2] padding = same : tensor<?x?x10x3xf32> -> tensor<?x?x5x3xf32>
  %5 = tensor.collapse_shape %4 [[0], [1, 2], [3]] : tensor<?x?x5x3xf32> into tensor<?x?x3xf32>
  %6 = perceiver.mean_pool %5 : tensor<?x?x3xf32> -> tensor<?x3xf32>
  return %0, %3, %6 : tensor<?x?x10x18xf32>, tensor<?x27xf32>, tensor<?x3xf32>
}

check.test "windows of an image of any height" {
  %x = check.generate "x" offset = -2.0 : tensor<2x7x10x3xf32>
  %same, %padded, %pool = check.run @any_height(%x) : (tensor<2x7x10x3xf32>) -> (tensor<2x7x10x18xf32>, tensor<2x27xf32>, tensor<2x3xf32>)
  // %e = image_windows(x, (3, 2), (1, 1), [(1, 1), (0, 1)])[1, 6, ::3]
  %e = arith.constant dense<[[-2.97957945, -2.53906798, -2.74083757, -1.56123936, -2.10486484, -1.28704274, -1.58094239, -2.3828876, -1.09937894, -2.48340726, -1.37480593, -1.50736845, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [-1.10520244, -1.36907566, -2.35152912, -1.624102, -2.66270375, -2.4176774, -1.7719382, -1.19669867, -2.4155724, -2.39495778, -2.45428348, -2.66147327, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [-1.75917685, -2.91069698, -1.04502881, -1.81153679, -1.03453612, -2.04834938, -1.90633333, -2.02017593, -1.53996301, -2.96503758, -2.31159592, -2.85889983, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [-1.41814041, -2.07675195, -1.98137617, 0.0, 0.0, 0.0, -2.29310608, -2.99480629, -2.11294556, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]> : tensor<4x18xf32>
  %y0 = tensor.extract_slice %same[1, 6, 0, 0] [1, 1, 4, 18] [1, 1, 3, 1] : tensor<2x7x10x18xf32> to tensor<4x18xf32>
  check.expect_close %y0, %e tolerance = 0.0 : tensor<4x18xf32>
  // %f = image_windows(x, (3, 3), (2, 3), [(1, 2), (2, 1)]).mean((1, 2))
  %f = arith.constant dense<[[-1.04531741, -1.0669508, -0.932124019, -1.19249153, -0.994107008, -0.955761969, -1.44998264, -1.61598837, -1.56592977, -1.62045705, -1.50828552, -1.40223408, -1.62254, -1.56895781, -1.46133053, -1.99692512, -2.09216428, -1.81821156, -1.04531741, -1.0669508, -0.932124019, -1.19249153, -0.994107008, -0.955761969, -1.44998264, -1.61598837, -1.56592977], [-0.933751941, -1.03250432, -1.20799482, -1.25773692, -1.13210154, -1.12583876, -1.60523832, -1.6357168, -1.57444859, -1.47819483, -1.51259243, -1.5638479, -1.55460227, -1.27904344, -1.51553023, -1.78086126, -2.05478978, -2.09268594, -0.933751941, -1.03250432, -1.20799482, -1.25773692, -1.13210154, -1.12583876, -1.60523832, -1.6357168, -1.57444859]]> : tensor<2x27xf32>
  check.expect_close %padded, %f tolerance = 3.0e-7 : tensor<2x27xf32>
  // %g = max_pool2d(x, 3, 2, [same_padding(7, 3, 2), same_padding(10, 3, 2)]).mean((1, 2))
  %g = arith.constant dense<[[-1.27083361, -1.32844329, -1.08934629], [-1.29824829, -1.21022713, -1.25246203]]> : tensor<2x3xf32>
  check.expect_close %pool, %g tolerance = 3.0e-7 : tensor<2x3xf32>
}

// A convolution whose normalisation is in its weight, and one that is not.

func.func @stem(%x: tensor<?x8x8x3xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
                %r: tensor<?x?x8xf32> {perceiver.name = "r", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x2x2x8xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]},
        tensor<?x?x8xf32> {perceiver.name = "alone", perceiver.sizes = ["batch", "rows"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x8x8x3xf32>
  %0 = perceiver.windows %x size = [3, 3] stride = [2, 2] padding = same : tensor<?x8x8x3xf32> -> tensor<?x4x4x27xf32>
  %1 = tensor.collapse_shape %0 [[0], [1, 2], [3]] : tensor<?x4x4x27xf32> into tensor<?x16x27xf32>
  %2 = perceiver.project %1 weight @w : tensor<?x16x27xf32> -> tensor<?x16x8xf32>
  %3 = perceiver.batch_norm %2 weight @g bias @b mean @m variance @v : tensor<?x16x8xf32>
  %4 = perceiver.activate %3 with relu : tensor<?x16x8xf32> -> tensor<?x16x8xf32>
  %5 = tensor.expand_shape %4 [[0], [1, 2], [3]] output_shape [%batch, 4, 4, 8] : tensor<?x16x8xf32> into tensor<?x4x4x8xf32>
  %6 = perceiver.max_pool %5 size = [3, 3] stride = [2, 2] padding = same : tensor<?x4x4x8xf32> -> tensor<?x2x2x8xf32>
  %7 = perceiver.batch_norm %r weight @g bias @b mean @m variance @v {epsilon = 1.0e-3 : f64} : tensor<?x?x8xf32>
  return %6, %7 : tensor<?x2x2x8xf32>, tensor<?x?x8xf32>
}

check.test "a stem" {
  %x = check.generate "x" : tensor<2x8x8x3xf32>
  %r = check.generate "r" : tensor<2x5x8xf32>
  %y, %alone = check.run @stem(%x, %r) : (tensor<2x8x8x3xf32>, tensor<2x5x8xf32>) -> (tensor<2x2x2x8xf32>, tensor<2x5x8xf32>)
  // >>> pad = [same_padding(8, 3, 2)] * 2
  // >>> z = image_windows(x, (3, 3), (2, 2), pad) @ tensor("w")
  // >>> z = relu(batch_norm(z, tensor("g"), tensor("b"), tensor("m"), tensor("v")))
  // %e = max_pool2d(z, 3, 2, [same_padding(4, 3, 2)] * 2)[1]
  %e = arith.constant dense<[[[0.977462232, 0.0, 2.44708061, 0.321543515, 0.706605077, 0.253956497, 1.64312696, 1.23049378], [1.23041284, 0.0, 0.713237464, 0.321543515, 0.555234849, 0.253956497, 1.16033745, 1.23049378]], [[1.45145285, 0.0, 2.62103534, 0.321543515, 0.937975466, 0.253956497, 1.64327013, 1.23049378], [1.45145285, 0.0, 2.62103534, 0.321543515, 0.937975466, 0.253956497, 0.949071825, 1.23049378]]]> : tensor<2x2x8xf32>
  %y0 = tensor.extract_slice %y[1, 0, 0, 0] [1, 2, 2, 8] [1, 1, 1, 1] : tensor<2x2x2x8xf32> to tensor<2x2x8xf32>
  check.expect_close %y0, %e tolerance = 2.0e-6 : tensor<2x2x8xf32>
  // %f = batch_norm(r, tensor("g"), tensor("b"), tensor("m"), tensor("v"), 1e-3)[1]
  %f = arith.constant dense<[[0.927848756, -0.459920257, 0.839059711, -0.989272118, 0.298488557, -0.541663229, 0.721143842, 0.489150584], [1.01672792, -0.423894018, -0.217126742, -1.41907382, 0.109882198, -0.688335478, 1.0031966, -0.119294405], [0.605419219, -0.34095946, -0.246328741, -0.79037565, 0.102800719, -0.208597362, 0.600591838, 0.121315822], [0.942869067, -0.555063426, 0.583021104, -0.722427309, 0.414445192, -0.694507182, 1.01608312, 0.521852374], [0.674603879, -0.415309757, 0.235371873, -1.44190478, 0.503920674, -0.230715498, 0.778136909, 0.521765172]]> : tensor<5x8xf32>
  %z0 = tensor.extract_slice %alone[1, 0, 0] [1, 5, 8] [1, 1, 1] : tensor<2x5x8xf32> to tensor<5x8xf32>
  check.expect_close %z0, %f tolerance = 4.0e-7 : tensor<5x8xf32>
}

func.func @tables() -> (tensor<10x5xf32> {perceiver.name = "wide"}, tensor<12x5xf32> {perceiver.name = "equal"})
    attributes {perceiver.entry} {
  %table = perceiver.get_parameter @table : tensor<12x5xf32>
  %0 = perceiver.resize_grid %table from [3, 4] to [5, 2] bicubic : tensor<12x5xf32> -> tensor<10x5xf32>
  %1 = perceiver.resize_grid %table from [3, 4] to [3, 4] bicubic : tensor<12x5xf32> -> tensor<12x5xf32>
  return %0, %1 : tensor<10x5xf32>, tensor<12x5xf32>
}

check.test "tables" {
  %wide, %equal = check.run @tables() : () -> (tensor<10x5xf32>, tensor<12x5xf32>)
  // %e = resize_grid(tensor("table"), (3, 4), (5, 2))
  %e = arith.constant dense<[[-0.188702345, -0.801422715, -0.74653542, -0.443609536, -0.0239572302], [-0.290165484, 0.0465354212, -0.200475827, 0.153043941, -0.922994912], [-0.0831446275, -0.420999706, -0.0414580815, -0.0272122398, 0.214559123], [-0.0901518911, 0.0405036844, -0.258461982, 0.466062427, -0.52845341], [0.0694423169, -0.0275662523, 0.880070388, 0.359766424, 0.561703861], [0.115064189, 0.0700805932, -0.323488235, 0.735208631, -0.0854320154], [0.158144727, -0.305538535, 1.09947872, -0.111242272, 0.771155477], [-0.0373402461, 0.211277425, -0.300432444, 0.298038065, -0.240095049], [0.197925046, -0.616414726, 1.08163238, -0.578254163, 0.867898881], [-0.205543324, 0.320172876, -0.267726719, -0.116188094, -0.460947096]]> : tensor<10x5xf32>
  check.expect_close %wide, %e tolerance = 1.0e-7 : tensor<10x5xf32>
  // %f = tensor("table")
  %f = arith.constant dense<[[0.621834159, -0.750683427, -0.776948273, -0.225487143, 0.548087299], [-0.909011126, -0.701158047, -0.500544727, -0.487876475, -0.562371075], [-0.668982863, -0.618822694, -0.87054491, -0.311246723, -0.930194438], [0.114635721, 0.700580359, 0.517418683, 0.686201572, -0.70010221], [0.177641392, -0.889660954, 0.735812962, 0.104309022, 0.182963461], [0.0767365173, 0.719026387, 0.916924953, 0.605659664, 0.724581718], [0.692700624, 0.103015378, 0.344109625, 0.554650903, -0.426685244], [-0.578065515, 0.152647868, -0.883683205, 0.92533052, 0.47168377], [-0.540520191, -0.345742613, 0.848621547, -0.828869522, 0.510897934], [0.621396124, -0.561492503, 0.961758852, -0.255959809, 0.87474364], [-0.938423812, 0.624845862, -0.73197031, -0.750070632, -0.706675947], [0.875968218, -0.250750363, 0.504322648, 0.759490013, 0.147081614]]> : tensor<12x5xf32>
  check.expect_close %equal, %f tolerance = 0.0 : tensor<12x5xf32>
}

// Height and width of any size: windows that are as many as the pixels, and a
// stem, whose rows become a grid of two sizes that a run knows.

func.func @any_size(%x: tensor<?x?x?x3xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "height", "width"]})
    -> (tensor<?x?x?x18xf32> {perceiver.name = "same", perceiver.sizes = ["batch", "height", "width"]},
        tensor<?x?x?x3xf32> {perceiver.name = "largest", perceiver.sizes = ["batch", "height", "width"]},
        tensor<?x8xf32> {perceiver.name = "stem", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %batch = tensor.dim %x, %c0 : tensor<?x?x?x3xf32>
  %height = tensor.dim %x, %c1 : tensor<?x?x?x3xf32>
  %width = tensor.dim %x, %c2 : tensor<?x?x?x3xf32>
  %down = arith.ceildivsi %height, %c2 : index
  %across = arith.ceildivsi %width, %c2 : index
  %same = perceiver.windows %x size = [3, 2] stride = [1, 1] padding = same : tensor<?x?x?x3xf32> -> tensor<?x?x?x18xf32>
  %largest = perceiver.max_pool %x size = [2, 3] stride = [1, 1] padding = same : tensor<?x?x?x3xf32> -> tensor<?x?x?x3xf32>
  %0 = perceiver.windows %x size = [3, 3] stride = [2, 2] padding = same : tensor<?x?x?x3xf32> -> tensor<?x?x?x27xf32>
  %1 = tensor.collapse_shape %0 [[0], [1, 2], [3]] : tensor<?x?x?x27xf32> into tensor<?x?x27xf32>
  %2 = perceiver.project %1 weight @w : tensor<?x?x27xf32> -> tensor<?x?x8xf32>
  %3 = perceiver.batch_norm %2 weight @g bias @b mean @m variance @v : tensor<?x?x8xf32>
  %4 = perceiver.activate %3 with relu : tensor<?x?x8xf32> -> tensor<?x?x8xf32>
  %5 = tensor.expand_shape %4 [[0], [1, 2], [3]] output_shape [%batch, %down, %across, 8]
      : tensor<?x?x8xf32> into tensor<?x?x?x8xf32>
  %6 = perceiver.max_pool %5 size = [3, 3] stride = [2, 2] padding = same : tensor<?x?x?x8xf32> -> tensor<?x?x?x8xf32>
  %7 = tensor.collapse_shape %6 [[0], [1, 2], [3]] : tensor<?x?x?x8xf32> into tensor<?x?x8xf32>
  %stem = perceiver.mean_pool %7 : tensor<?x?x8xf32> -> tensor<?x8xf32>
  return %same, %largest, %stem : tensor<?x?x?x18xf32>, tensor<?x?x?x3xf32>, tensor<?x8xf32>
}

check.test "an image of any size" {
  %x = check.generate "x" : tensor<2x7x10x3xf32>
  %same, %largest, %stem = check.run @any_size(%x)
      : (tensor<2x7x10x3xf32>) -> (tensor<2x7x10x18xf32>, tensor<2x7x10x3xf32>, tensor<2x8xf32>)
  // %e = image_windows(x, (3, 2), (1, 1), [(1, 1), (0, 1)])[1, 6, ::3]
  %e = arith.constant dense<[[-0.979579568, -0.539068103, -0.740837634, 0.438760638, -0.104864776, 0.712957263, 0.419057578, -0.382887542, 0.900620997, -0.483407199, 0.625194073, 0.492631525, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.894797564, 0.630924344, -0.351529092, 0.375897974, -0.662703812, -0.417677343, 0.228061855, 0.803301334, -0.415572315, -0.394957781, -0.454283476, -0.661473215, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.240823194, -0.910697043, 0.954971194, 0.188463211, 0.965463877, -0.0483494774, 0.0936667323, -0.0201759282, 0.460037053, -0.965037465, -0.311596006, -0.858899713, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], [0.581859529, -0.0767519251, 0.0186238121, 0.0, 0.0, 0.0, -0.293106109, -0.99480623, -0.112945557, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]> : tensor<4x18xf32>
  %y0 = tensor.extract_slice %same[1, 6, 0, 0] [1, 1, 4, 18] [1, 1, 3, 1] : tensor<2x7x10x18xf32> to tensor<4x18xf32>
  check.expect_close %y0, %e tolerance = 0.0 : tensor<4x18xf32>
  // %f = x[1, 5:, 3:6].max((0, 1))
  %f = arith.constant dense<[0.894797564, 0.803301334, 0.898838341]> : tensor<3xf32>
  %y1 = tensor.extract_slice %largest[1, 5, 4, 0] [1, 1, 1, 3] [1, 1, 1, 1] : tensor<2x7x10x3xf32> to tensor<3xf32>
  check.expect_close %y1, %f tolerance = 0.0 : tensor<3xf32>
  // >>> z = image_windows(x, (3, 3), (2, 2), [same_padding(7, 3, 2), same_padding(10, 3, 2)]) @ tensor("w")
  // >>> z = relu(batch_norm(z, tensor("g"), tensor("b"), tensor("m"), tensor("v")))
  // %g = max_pool2d(z, 3, 2, [same_padding(4, 3, 2), same_padding(5, 3, 2)]).mean((1, 2))
  %g = arith.constant dense<[[1.18916571, 0.0, 1.99459052, 0.163164034, 0.652740657, 0.209013939, 1.32887709, 1.20398414], [1.02821124, 0.0, 1.29101765, 0.0277341176, 0.552653968, 0.677992046, 1.2745682, 0.691625595]]> : tensor<2x8xf32>
  check.expect_close %stem, %g tolerance = 2.0e-6 : tensor<2x8xf32>
}

check.test "an image of another size" {
  %x = check.generate "x" : tensor<1x12x1x3xf32>
  %same, %largest, %stem = check.run @any_size(%x)
      : (tensor<1x12x1x3xf32>) -> (tensor<1x12x1x18xf32>, tensor<1x12x1x3xf32>, tensor<1x8xf32>)
  // %e = image_windows(x, (3, 2), (1, 1), [(1, 1), (0, 1)])[0, 11]
  %e = arith.constant dense<[[-0.779881477, -0.506591141, -0.188270807, 0.0, 0.0, 0.0, -0.430420667, 0.445043266, 0.352141649, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]> : tensor<1x18xf32>
  %y0 = tensor.extract_slice %same[0, 11, 0, 0] [1, 1, 1, 18] [1, 1, 1, 1] : tensor<1x12x1x18xf32> to tensor<1x18xf32>
  check.expect_close %y0, %e tolerance = 0.0 : tensor<1x18xf32>
  // >>> z = image_windows(x, (3, 3), (2, 2), [same_padding(12, 3, 2), same_padding(1, 3, 2)]) @ tensor("w")
  // >>> z = relu(batch_norm(z, tensor("g"), tensor("b"), tensor("m"), tensor("v")))
  // %g = max_pool2d(z, 3, 2, [same_padding(6, 3, 2), same_padding(1, 3, 2)]).mean((1, 2))
  %g = arith.constant dense<[[1.05149317, 0.0, 1.16732645, 0.0, 0.261742979, 0.392387986, 1.07326996, 0.442766964]]> : tensor<1x8xf32>
  check.expect_close %stem, %g tolerance = 2.0e-6 : tensor<1x8xf32>
}
