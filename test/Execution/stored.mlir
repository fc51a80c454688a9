// RUN: perceiver-test-runner %s --from=strategy
// RUN: perceiver-test-runner %s --from=strategy --device=emulated

// What depends on weights alone is computed when the model is compiled; here it
// is the result. The positions are picked from such tables at run time.

perceiver.parameter @matrix : tensor<7x10xf32> key "matrix"
perceiver.parameter @factors : tensor<7xf32> key "factors"

check.checkpoint {
  %matrix = check.generate "matrix" : tensor<7x10xf32>
  check.tensor "matrix", %matrix : tensor<7x10xf32>
  %factors = check.generate "factors" offset = 1.0 : tensor<7xf32>
  check.tensor "factors", %factors : tensor<7xf32>
}

func.func @panels() -> (tensor<4x7x4xf32> {perceiver.name = "plain"}, tensor<2x7x8xf32> {perceiver.name = "gated"})
    attributes {perceiver.entry} {
  %w = perceiver.get_parameter @matrix : tensor<7x10xf32>
  %f = perceiver.get_parameter @factors : tensor<7xf32>
  %s = block.scale_rows %w by %f : tensor<7x10xf32>, tensor<7xf32>
  %i = tensor.empty() : tensor<4x7x4xf32>
  %p = block.pack_weight ins(%s : tensor<7x10xf32>) outs(%i : tensor<4x7x4xf32>)
      layout = #block.panels<columns = 3, lanes = 4> -> tensor<4x7x4xf32>
  %j = tensor.empty() : tensor<2x7x8xf32>
  %g = block.pack_weight ins(%s : tensor<7x10xf32>) outs(%j : tensor<2x7x8xf32>)
      layout = #block.panels<columns = 3, lanes = 8, gated = true> -> tensor<2x7x8xf32>
  return %p, %g : tensor<4x7x4xf32>, tensor<2x7x8xf32>
}

check.test "panels of a scaled matrix" {
  %p, %g = check.run @panels() : () -> (tensor<4x7x4xf32>, tensor<2x7x8xf32>)
  // >>> w = scale_rows(tensor("matrix"), tensor("factors"))
  // %e = pack_panels(w, 3, 4)[:, ::3]
  %e = arith.constant dense<[[[0.00365801365, 0.892549515, -0.382128328, 0.0], [0.155136496, 0.293863147, 0.503847718, 0.0], [-0.739592254, -0.214251399, 0.839425445, 0.0]], [[0.995556176, -0.760081708, 0.00142207684, 0.0], [0.565260231, 0.156437531, 0.702260315, 0.0], [-0.0614003502, -0.690487623, -0.493338346, 0.0]], [[0.536203921, -0.579846203, 0.417967767, 0.0], [-0.102266461, -0.499778926, 0.599010408, 0.0], [-0.0213253424, 1.24697733, 0.480636269, 0.0]], [[0.876504719, 0.0, 0.0, 0.0], [0.367061943, 0.0, 0.0, 0.0], [0.40642789, 0.0, 0.0, 0.0]]]> : tensor<4x3x4xf32>
  %rows = tensor.extract_slice %p[0, 0, 0] [4, 3, 4] [1, 3, 1] : tensor<4x7x4xf32> to tensor<4x3x4xf32>
  check.expect_close %rows, %e tolerance = 1.0e-7 : tensor<4x3x4xf32>
  // %f = pack_panels(w, 3, 8, gated=True)[:, 6]
  %f = arith.constant dense<[[-0.739592254, -0.214251399, 0.839425445, 0.0, -0.493338346, -0.0213253424, 1.24697733, 0.0], [-0.0614003502, -0.690487623, 0.0, 0.0, 0.480636269, 0.40642789, 0.0, 0.0]]> : tensor<2x8xf32>
  %row = tensor.extract_slice %g[0, 6, 0] [2, 1, 8] [1, 1, 1] : tensor<2x7x8xf32> to tensor<2x8xf32>
  check.expect_close %row, %f tolerance = 1.0e-7 : tensor<2x8xf32>
}

func.func @padded() -> (tensor<8x16xf32> {perceiver.name = "padded"}) attributes {perceiver.entry} {
  %w = perceiver.get_parameter @matrix : tensor<7x10xf32>
  %p = block.pad_weight %w groups = [1, 2] : tensor<7x10xf32> -> tensor<8x16xf32>
  return %p : tensor<8x16xf32>
}

check.test "a matrix of two groups of columns, padded" {
  %p = check.run @padded() : () -> tensor<8x16xf32>
  // %e = pad_weight(tensor("matrix"), [1, 2], [8, 16])[6:]
  %e = arith.constant dense<[[-0.433721185, -0.125644058, 0.492266655, -0.0360071808, -0.404924631, 0.0, 0.0, 0.0, -0.2893098, -0.0125058815, 0.731268466, 0.281860888, 0.238342658, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0]]> : tensor<2x16xf32>
  %rows = tensor.extract_slice %p[6, 0] [2, 16] [1, 1] : tensor<8x16xf32> to tensor<2x16xf32>
  check.expect_close %rows, %e tolerance = 1.0e-7 : tensor<2x16xf32>
}

func.func @axis() -> (tensor<7x7xf32> {perceiver.name = "table"}) attributes {perceiver.entry} {
  %i = tensor.empty() : tensor<7x7xf32>
  %t = block.axis_table outs(%i : tensor<7x7xf32>) {bands = 3 : i64, max_frequency = 5.0 : f64} -> tensor<7x7xf32>
  return %t : tensor<7x7xf32>
}

check.test "positions on an axis" {
  %t = check.run @axis() : () -> tensor<7x7xf32>
  // %e = fourier_positions([7], 3, [10])[1::2]
  %e = arith.constant dense<[[-0.666666627, -0.866025507, 3.01991605e-07, 0.866024852, -0.499999851, 1.0, -0.500001013], [0.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0], [0.666666627, 0.866025507, -3.01991605e-07, -0.866024852, -0.499999851, 1.0, -0.500001013]]> : tensor<3x7xf32>
  %rows = tensor.extract_slice %t[1, 0] [3, 7] [2, 1] : tensor<7x7xf32> to tensor<3x7xf32>
  check.expect_close %rows, %e tolerance = 1.0e-7 : tensor<3x7xf32>
}

func.func @grid(%a: tensor<5x5xf32> {perceiver.name = "a"}, %b: tensor<7x5xf32> {perceiver.name = "b"})
    -> (tensor<35x10xf32> {perceiver.name = "dm"}, tensor<35x10xf32> {perceiver.name = "axis_major"})
    attributes {perceiver.entry} {
  %i = tensor.empty() : tensor<35x10xf32>
  %x = block.grid_positions tables(%a, %b : tensor<5x5xf32>, tensor<7x5xf32>)
      outs(%i : tensor<35x10xf32>) {layout = #perceiver.fourier_layout<dm>} -> tensor<35x10xf32>
  %y = block.grid_positions tables(%a, %b : tensor<5x5xf32>, tensor<7x5xf32>)
      outs(%i : tensor<35x10xf32>) {layout = #perceiver.fourier_layout<axis_major>} -> tensor<35x10xf32>
  return %x, %y : tensor<35x10xf32>, tensor<35x10xf32>
}

check.test "positions of a grid" {
  %a = check.generate "a" : tensor<5x5xf32>
  %b = check.generate "b" : tensor<7x5xf32>
  %x, %y = check.run @grid(%a, %b) : (tensor<5x5xf32>, tensor<7x5xf32>) -> (tensor<35x10xf32>, tensor<35x10xf32>)
  // %e = join_axis_tables([a, b])[::8]
  %e = arith.constant dense<[[-0.153862968, 0.811029553, 0.275442779, 0.146081895, -0.583977103, 0.0318873376, 0.733025432, 0.123642839, -0.562469423, 0.0174146984], [0.398754239, -0.403445452, -0.244361952, 0.2891168, 0.861658454, 0.000678554643, -0.759323299, -0.0537252203, 0.558541834, -0.316457182], [0.720908105, 0.532794535, 0.00889563933, -0.321220934, -0.775448143, -0.894194841, -0.180989504, -0.686754704, 0.154273778, 0.596156955], [-0.518898308, -0.485002905, -0.19350718, 0.81409359, 0.625174522, -0.870036483, 0.1775897, 0.323606193, -0.880139112, -0.147829384], [-0.488851428, -0.772068739, -0.860971153, 0.209955513, -0.744569719, -0.463126838, -0.103124037, 0.174305737, 0.71159631, -0.806378603]]> : tensor<5x10xf32>
  %rows = tensor.extract_slice %x[0, 0] [5, 10] [8, 1] : tensor<35x10xf32> to tensor<5x10xf32>
  check.expect_equal %rows, %e : tensor<5x10xf32>
  // %f = join_axis_tables([a, b], "axis_major")[::8]
  %f = arith.constant dense<[[0.275442779, 0.146081895, 0.733025432, 0.123642839, -0.153862968, -0.583977103, 0.0318873376, -0.562469423, 0.0174146984, 0.811029553], [-0.244361952, 0.2891168, -0.759323299, -0.0537252203, 0.398754239, 0.861658454, 0.000678554643, 0.558541834, -0.316457182, -0.403445452], [0.00889563933, -0.321220934, -0.180989504, -0.686754704, 0.720908105, -0.775448143, -0.894194841, 0.154273778, 0.596156955, 0.532794535], [-0.19350718, 0.81409359, 0.1775897, 0.323606193, -0.518898308, 0.625174522, -0.870036483, -0.880139112, -0.147829384, -0.485002905], [-0.860971153, 0.209955513, -0.103124037, 0.174305737, -0.488851428, -0.744569719, -0.463126838, 0.71159631, -0.806378603, -0.772068739]]> : tensor<5x10xf32>
  %others = tensor.extract_slice %y[0, 0] [5, 10] [8, 1] : tensor<35x10xf32> to tensor<5x10xf32>
  check.expect_equal %others, %f : tensor<5x10xf32>
}
