// RUN: perceiver-test-runner %s --from=strategy
// RUN: perceiver-test-runner %s --from=strategy --device=emulated

// What visits row by row: sums, concatenations, embeddings and means, for any
// number of rows.

func.func @add(%a: tensor<?x?x17xf32> {perceiver.name = "a", perceiver.sizes = ["batch", "rows"]},
               %b: tensor<?x?x17xf32> {perceiver.name = "b", perceiver.sizes = ["batch", "rows"]},
               %c: tensor<?x17xf32> {perceiver.name = "c", perceiver.sizes = ["rows"]})
    -> (tensor<?x?x17xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "rows"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %batch = tensor.dim %a, %c0 : tensor<?x?x17xf32>
  %rows = tensor.dim %a, %c1 : tensor<?x?x17xf32>
  %init = tensor.empty(%batch, %rows) : tensor<?x?x17xf32>
  %s = block.add ins(%a, %b : tensor<?x?x17xf32>, tensor<?x?x17xf32>)
      outs(%init : tensor<?x?x17xf32>) -> tensor<?x?x17xf32>
  %y = block.add ins(%s, %c : tensor<?x?x17xf32>, tensor<?x17xf32>)
      outs(%init : tensor<?x?x17xf32>) -> tensor<?x?x17xf32>
  return %y : tensor<?x?x17xf32>
}

check.test "sums of 13 rows" {
  %a = check.generate "a" : tensor<3x13x17xf32>
  %b = check.generate "b" : tensor<3x13x17xf32>
  %c = check.generate "c" : tensor<13x17xf32>
  %y = check.run @add(%a, %b, %c) : (tensor<3x13x17xf32>, tensor<3x13x17xf32>, tensor<13x17xf32>) -> tensor<3x13x17xf32>
  // %e = (a + b + c)[2, ::6]
  %e = arith.constant dense<[[-0.561577976, 1.10420203, 0.121828839, 0.625044405, -1.75968528, -0.367212325, 0.655920863, 0.614350617, -0.438764334, 0.669359624, -1.28947282, 0.134458855, -0.296250433, 0.752490461, -0.0694387555, 1.34371138, 1.39907277], [0.816379309, -0.692782164, 0.140164971, 0.410452515, -0.469951719, 1.21039593, -0.370876163, 0.420169175, -0.86687541, 0.0173287541, 1.88899744, -0.171474963, -0.836841226, -1.64140952, -0.696068168, 1.04234254, 0.474818379], [-0.0802449286, -1.72980237, 0.465291232, -0.250381172, 0.134176657, -0.107209101, -1.95797968, 0.897228003, -0.600073874, 0.0612354726, 1.59519076, -0.71812439, -0.382394761, -1.10790133, -1.04643559, 1.66890872, 0.0229126662]]> : tensor<3x17xf32>
  %part = tensor.extract_slice %y[2, 0, 0] [1, 3, 17] [1, 6, 1] : tensor<3x13x17xf32> to tensor<3x17xf32>
  check.expect_close %part, %e tolerance = 2.0e-7 : tensor<3x17xf32>
}

func.func @concat(%a: tensor<?x?x1xf32> {perceiver.name = "a", perceiver.sizes = ["batch", "rows"]},
                  %b: tensor<?x17xf32> {perceiver.name = "b", perceiver.sizes = ["rows"]},
                  %c: tensor<?x?x7xf32> {perceiver.name = "c", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x?x25xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "rows"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %batch = tensor.dim %a, %c0 : tensor<?x?x1xf32>
  %rows = tensor.dim %a, %c1 : tensor<?x?x1xf32>
  %init = tensor.empty(%batch, %rows) : tensor<?x?x25xf32>
  %y = block.concat_channels ins(%a, %b, %c : tensor<?x?x1xf32>, tensor<?x17xf32>, tensor<?x?x7xf32>)
      outs(%init : tensor<?x?x25xf32>) -> tensor<?x?x25xf32>
  return %y : tensor<?x?x25xf32>
}

check.test "concatenation of 65 rows" {
  %a = check.generate "a" : tensor<2x65x1xf32>
  %b = check.generate "b" : tensor<65x17xf32>
  %c = check.generate "c" : tensor<2x65x7xf32>
  %y = check.run @concat(%a, %b, %c) : (tensor<2x65x1xf32>, tensor<65x17xf32>, tensor<2x65x7xf32>) -> tensor<2x65x25xf32>
  %ya = tensor.extract_slice %y[0, 0, 0] [2, 65, 1] [1, 1, 1] : tensor<2x65x25xf32> to tensor<2x65x1xf32>
  check.expect_equal %ya, %a : tensor<2x65x1xf32>
  %yb0 = tensor.extract_slice %y[0, 0, 1] [1, 65, 17] [1, 1, 1] : tensor<2x65x25xf32> to tensor<65x17xf32>
  check.expect_equal %yb0, %b : tensor<65x17xf32>
  %yb1 = tensor.extract_slice %y[1, 0, 1] [1, 65, 17] [1, 1, 1] : tensor<2x65x25xf32> to tensor<65x17xf32>
  check.expect_equal %yb1, %b : tensor<65x17xf32>
  %yc = tensor.extract_slice %y[0, 0, 18] [2, 65, 7] [1, 1, 1] : tensor<2x65x25xf32> to tensor<2x65x7xf32>
  check.expect_equal %yc, %c : tensor<2x65x7xf32>
}

// Ids outside of the table are clamped: nothing outside of it is read.

func.func @embed(%i: tensor<?x?xi64> {perceiver.name = "i", perceiver.sizes = ["batch", "rows"]},
                 %j: tensor<?x?xi32> {perceiver.name = "j", perceiver.sizes = ["batch", "rows"]},
                 %t: tensor<11x19xf32> {perceiver.name = "t"})
    -> (tensor<?x?x19xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "rows"]},
        tensor<?x?x19xf32> {perceiver.name = "z", perceiver.sizes = ["batch", "rows"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %batch = tensor.dim %i, %c0 : tensor<?x?xi64>
  %rows = tensor.dim %i, %c1 : tensor<?x?xi64>
  %init = tensor.empty(%batch, %rows) : tensor<?x?x19xf32>
  %y = block.embed ins(%i, %t : tensor<?x?xi64>, tensor<11x19xf32>)
      outs(%init : tensor<?x?x19xf32>) -> tensor<?x?x19xf32>
  %z = block.embed ins(%j, %t : tensor<?x?xi32>, tensor<11x19xf32>)
      outs(%init : tensor<?x?x19xf32>) -> tensor<?x?x19xf32>
  return %y, %z : tensor<?x?x19xf32>, tensor<?x?x19xf32>
}

check.test "embedding" {
  %i = check.generate "i" scale = 5.5 offset = 5.5 : tensor<2x7xi64>
  %j = arith.constant dense<[[0, 10, 3, 10, 0, 1, 2], [9, 8, 7, 6, 5, 4, 3]]> : tensor<2x7xi32>
  %t = check.generate "t" : tensor<11x19xf32>
  %y, %z = check.run @embed(%i, %j, %t)
      : (tensor<2x7xi64>, tensor<2x7xi32>, tensor<11x19xf32>) -> (tensor<2x7x19xf32>, tensor<2x7x19xf32>)
  // %e = embedding(t, i)[:, :, 18]
  %e = arith.constant dense<[[-0.537669599, 0.0998978168, 0.149921998, -0.559220016, 0.149921998, 0.688985348, -0.42513299], [-0.537669599, 0.792272866, 0.0998978168, -0.537669599, 0.792272866, -0.559220016, 0.149921998]]> : tensor<2x7xf32>
  %part = tensor.extract_slice %y[0, 0, 18] [2, 7, 1] [1, 1, 1] : tensor<2x7x19xf32> to tensor<2x7xf32>
  check.expect_equal %part, %e : tensor<2x7xf32>
  // %f = embedding(t, j)[:, :, 5]
  %f = arith.constant dense<[[0.0169560499, -0.734574139, -0.251819819, -0.734574139, 0.0169560499, 0.0428810157, 0.615277946], [0.616663873, 0.814444661, 0.0128419865, -0.331095397, 0.112903573, -0.508304715, -0.251819819]]> : tensor<2x7xf32>
  %column = tensor.extract_slice %z[0, 0, 5] [2, 7, 1] [1, 1, 1] : tensor<2x7x19xf32> to tensor<2x7xf32>
  check.expect_equal %column, %f : tensor<2x7xf32>
}

check.test "ids outside of the table" {
  %i = arith.constant dense<[[-1, 11, 9223372036854775807]]> : tensor<1x3xi64>
  %j = arith.constant dense<[[-2147483648, 2147483647, 10]]> : tensor<1x3xi32>
  %t = check.generate "t" : tensor<11x19xf32>
  %y, %z = check.run @embed(%i, %j, %t)
      : (tensor<1x3xi64>, tensor<1x3xi32>, tensor<11x19xf32>) -> (tensor<1x3x19xf32>, tensor<1x3x19xf32>)
  // %e = t[[0, 10, 10], 0]
  %e = arith.constant dense<[0.941319346, -0.892273366, -0.892273366]> : tensor<3xf32>
  %part = tensor.extract_slice %y[0, 0, 0] [1, 3, 1] [1, 1, 1] : tensor<1x3x19xf32> to tensor<3xf32>
  check.expect_equal %part, %e : tensor<3xf32>
  check.expect_equal %y, %z : tensor<1x3x19xf32>
}

func.func @mean(%x: tensor<?x?x17xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x1x17xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x?x17xf32>
  %init = tensor.empty(%batch) : tensor<?x1x17xf32>
  %y = block.mean_rows ins(%x : tensor<?x?x17xf32>)
      outs(%init : tensor<?x1x17xf32>) -> tensor<?x1x17xf32>
  return %y : tensor<?x1x17xf32>
}

check.test "mean of one row" {
  %x = check.generate "x" : tensor<3x1x17xf32>
  %y = check.run @mean(%x) : (tensor<3x1x17xf32>) -> tensor<3x1x17xf32>
  check.expect_equal %y, %x : tensor<3x1x17xf32>
}

check.test "mean of 100 rows" {
  %x = check.generate "x" offset = 1.0 : tensor<2x100x17xf32>
  %y = check.run @mean(%x) : (tensor<2x100x17xf32>) -> tensor<2x1x17xf32>
  // %e = mean_rows(x)
  %e = arith.constant dense<[[[0.967020869, 0.960065782, 0.940503061, 0.960371554, 1.00289166, 1.00911772, 1.07491314, 1.07762361, 1.05806994, 1.02858388, 0.999952495, 1.04485893, 0.955061793, 1.0598439, 0.94116497, 0.964891255, 1.0257889]], [[0.889643133, 1.00199366, 1.04406738, 0.962375343, 1.03947437, 1.01877594, 1.08267498, 1.00022912, 1.00601661, 1.05884814, 1.04166853, 0.983806789, 0.910901368, 0.957135201, 1.01744545, 1.01157856, 1.03765035]]]> : tensor<2x1x17xf32>
  check.expect_close %y, %e tolerance = 1.0e-6 : tensor<2x1x17xf32>
}

// Rows with more channels than there are: zeros, which a norm does not count.

func.func @padded(%a: tensor<?x7xf32> {perceiver.name = "a", perceiver.sizes = ["rows"]},
                  %b: tensor<?x12xf32> {perceiver.name = "b", perceiver.sizes = ["rows"]})
    -> (tensor<?x24xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]},
        tensor<?x21xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %rows = tensor.dim %a, %c0 : tensor<?x7xf32>
  %e = tensor.empty(%rows) : tensor<?x24xf32>
  %f = tensor.empty(%rows) : tensor<?x21xf32>
  %x = block.concat_channels ins(%a, %b : tensor<?x7xf32>, tensor<?x12xf32>)
      outs(%e : tensor<?x24xf32>) -> tensor<?x24xf32>
  %y = block.layer_norm ins(%x : tensor<?x24xf32>) outs(%f : tensor<?x21xf32>)
      {channels = 19 : i64} -> tensor<?x21xf32>
  return %x, %y : tensor<?x24xf32>, tensor<?x21xf32>
}

check.test "rows with more channels" {
  %a = check.generate "a" : tensor<13x7xf32>
  %b = check.generate "b" : tensor<13x12xf32>
  %x, %y = check.run @padded(%a, %b) : (tensor<13x7xf32>, tensor<13x12xf32>) -> (tensor<13x24xf32>, tensor<13x21xf32>)
  // >>> wide = concat_channels([a, b])[::12]
  // %e = np.pad(wide, [(0, 0), (0, 5)])
  %e = arith.constant dense<[[-0.153862968, 0.275442779, 0.146081895, 0.733025432, 0.123642839, 0.398754239, -0.244361952, 0.811029553, -0.583977103, 0.0318873376, -0.562469423, 0.0174146984, -0.403445452, 0.861658454, 0.000678554643, 0.558541834, -0.316457182, 0.532794535, -0.775448143, 0.0, 0.0, 0.0, 0.0, 0.0], [-0.155487493, 0.325097948, 0.775703847, -0.419218183, -0.41354394, 0.0635318831, -0.0104980133, 0.805345058, -0.225901723, 0.824283063, -0.374281973, -0.59347254, -0.362389863, -0.554944515, 0.572669685, -0.529303491, -0.188718528, -0.842397034, 0.235376179, 0.0, 0.0, 0.0, 0.0, 0.0]]> : tensor<2x24xf32>
  %xs = tensor.extract_slice %x[0, 0] [2, 24] [12, 1] : tensor<13x24xf32> to tensor<2x24xf32>
  check.expect_equal %xs, %e : tensor<2x24xf32>
  // %f = np.pad(layer_norm(wide), [(0, 0), (0, 2)])
  %f = arith.constant dense<[[-0.483914614, 0.418441296, 0.146538198, 1.38023233, 0.0993736461, 0.677629113, -0.674134016, 1.54418886, -1.38796961, -0.0934868455, -1.34276271, -0.123906821, -1.00851095, 1.65060544, -0.159084454, 1.01348591, -0.82567066, 0.959367812, -1.79042184, 0.0, 0.0], [-0.198704869, 0.763273001, 1.66524136, -0.726609051, -0.715251088, 0.239701644, 0.0915175453, 1.72457361, -0.339651555, 1.76248133, -0.636661232, -1.07541037, -0.612857044, -0.998289645, 1.2588321, -0.946964562, -0.265222728, -1.5736773, 0.583678782, 0.0, 0.0]]> : tensor<2x21xf32>
  %ys = tensor.extract_slice %y[0, 0] [2, 21] [12, 1] : tensor<13x21xf32> to tensor<2x21xf32>
  check.expect_close %ys, %f tolerance = 2.0e-6 : tensor<2x21xf32>
}

// Points outside of the array are the nearest rows.

func.func @take(%x: tensor<?x?x19xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]},
                %p: tensor<?xi32> {perceiver.name = "p", perceiver.sizes = ["points"]})
    -> (tensor<?x?x19xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "points"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %x, %c0 : tensor<?x?x19xf32>
  %points = tensor.dim %p, %c0 : tensor<?xi32>
  %init = tensor.empty(%batch, %points) : tensor<?x?x19xf32>
  %y = block.take_rows ins(%x, %p : tensor<?x?x19xf32>, tensor<?xi32>)
      outs(%init : tensor<?x?x19xf32>) -> tensor<?x?x19xf32>
  return %y : tensor<?x?x19xf32>
}

check.test "rows by their numbers" {
  %x = check.generate "x" : tensor<2x5x19xf32>
  %p = arith.constant dense<[4, 5, -1, 2]> : tensor<4xi32>
  %y = check.run @take(%x, %p) : (tensor<2x5x19xf32>, tensor<4xi32>) -> tensor<2x4x19xf32>
  // %e = take_rows(x, p)[:, :, 18]
  %e = arith.constant dense<[[-0.748255789, -0.748255789, 0.666825056, 0.985929549], [-0.682972133, -0.682972133, 0.732715547, -0.18253842]]> : tensor<2x4xf32>
  %part = tensor.extract_slice %y[0, 0, 18] [2, 4, 1] [1, 1, 1] : tensor<2x4x19xf32> to tensor<2x4xf32>
  check.expect_equal %part, %e : tensor<2x4xf32>
}
