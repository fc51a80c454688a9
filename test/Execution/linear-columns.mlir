// RUN: perceiver-test-runner %s --from=strategy

// Tasks with a part of the columns: whole panels, of which the last task has
// fewer, one of them not full. Rows are no multiple of those of a task either,
// and there may be any number of them. Each task reads whole rows, adds its part
// of the bias and the residual, and of the gates. A last layer makes few numbers
// of all columns.

perceiver.parameter @w : tensor<9x75xf32> key "w"
perceiver.parameter @b : tensor<75xf32> key "b"
perceiver.parameter @g : tensor<75x70xf32> key "g"
perceiver.parameter @u : tensor<35x2xf32> key "u"
perceiver.parameter @v : tensor<75x2xf32> key "v"

check.checkpoint {
  %w = check.generate "w" : tensor<9x75xf32>
  check.tensor "w", %w : tensor<9x75xf32>
  %b = check.generate "b" : tensor<75xf32>
  check.tensor "b", %b : tensor<75xf32>
  %g = check.generate "g" scale = 0.25 : tensor<75x70xf32>
  check.tensor "g", %g : tensor<75x70xf32>
  %u = check.generate "u" scale = 0.25 : tensor<35x2xf32>
  check.tensor "u", %u : tensor<35x2xf32>
  %v = check.generate "v" scale = 0.25 : tensor<75x2xf32>
  check.tensor "v", %v : tensor<75x2xf32>
}

func.func @static(%x: tensor<?x13x9xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
                  %r: tensor<?x13x75xf32> {perceiver.name = "r", perceiver.sizes = ["batch"]})
    -> (tensor<?x13x2xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x13x9xf32>
  %w = perceiver.get_parameter @w : tensor<9x75xf32>
  %b = perceiver.get_parameter @b : tensor<75xf32>
  %g = perceiver.get_parameter @g : tensor<75x70xf32>
  %h = tensor.empty(%n) : tensor<?x13x75xf32>
  %0 = block.linear ins(%x, %w : tensor<?x13x9xf32>, tensor<9x75xf32>) bias(%b : tensor<75xf32>)
      residual(%r : tensor<?x13x75xf32>) outs(%h : tensor<?x13x75xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [1, 5, 32], root = true>} -> tensor<?x13x75xf32>
  %i = tensor.empty(%n) : tensor<?x13x35xf32>
  %1 = block.linear ins(%0, %g : tensor<?x13x75xf32>, tensor<75x70xf32>) outs(%i : tensor<?x13x35xf32>)
      {activation = #perceiver.activation<gated(gelu_erf)>, perceiver.tiling = #perceiver.tiling<task = [1, 8, 16], root = true>}
      -> tensor<?x13x35xf32>
  %u = perceiver.get_parameter @u : tensor<35x2xf32>
  %o = tensor.empty(%n) : tensor<?x13x2xf32>
  %2 = block.linear ins(%1, %u : tensor<?x13x35xf32>, tensor<35x2xf32>) outs(%o : tensor<?x13x2xf32>) -> tensor<?x13x2xf32>
  return %2 : tensor<?x13x2xf32>
}

func.func @rows(%x: tensor<?x9xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]})
    -> (tensor<?x2xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x9xf32>
  %w = perceiver.get_parameter @w : tensor<9x75xf32>
  %h = tensor.empty(%n) : tensor<?x75xf32>
  %0 = block.linear ins(%x, %w : tensor<?x9xf32>, tensor<9x75xf32>) outs(%h : tensor<?x75xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [20, 32], root = true>} -> tensor<?x75xf32>
  %v = perceiver.get_parameter @v : tensor<75x2xf32>
  %o = tensor.empty(%n) : tensor<?x2xf32>
  %1 = block.linear ins(%0, %v : tensor<?x75xf32>, tensor<75x2xf32>) outs(%o : tensor<?x2xf32>) -> tensor<?x2xf32>
  return %1 : tensor<?x2xf32>
}

check.test "rows and columns of a static size" {
  %x = check.generate "x" : tensor<2x13x9xf32>
  %r = check.generate "r" : tensor<2x13x75xf32>
  %y = check.run @static(%x, %r) : (tensor<2x13x9xf32>, tensor<2x13x75xf32>) -> tensor<2x13x2xf32>
  // >>> h = (x @ tensor("w") + tensor("b") + r) @ tensor("g")
  // %e = (h[..., :35] * gelu_erf(h[..., 35:])) @ tensor("u")
  %e = arith.constant dense<[[[-1.31808507, -2.08355045], [1.35804892, 0.674821496], [0.0318593495, 0.872480333], [1.05624735, -1.24457037], [1.36942196, 0.979616404], [-2.38269663, -2.15814018], [-0.362856776, -0.676245153], [-1.9016614, -2.66526532], [1.23744082, -0.103538133], [-1.46582234, -0.576769412], [-1.8341279, -0.271575034], [0.55091697, -0.990554452], [0.2316778, 0.0444160067]], [[-3.47606587, -3.09902263], [-0.191550642, -0.350472778], [-0.375859886, 3.52821589], [0.168449178, -1.40823364], [-0.828922391, 0.303812832], [-0.226116061, 0.135773897], [-1.09937215, -1.64137757], [-0.483607292, -0.204958066], [1.57865286, 1.23074389], [-2.24054885, -2.1666131], [-3.15669823, -3.76758981], [-0.495375961, -0.857330382], [-0.633356214, 0.530242145]]]> : tensor<2x13x2xf32>
  check.expect_close %y, %e tolerance = 3.0e-6 : tensor<2x13x2xf32>
}

check.test "1 rows" {
  %x = check.generate "x" : tensor<1x9xf32>
  %y = check.run @rows(%x) : (tensor<1x9xf32>) -> tensor<1x2xf32>
  // %e = x @ tensor("w") @ tensor("v")
  %e = arith.constant dense<[[-2.39087343, -0.557993293]]> : tensor<1x2xf32>
  check.expect_close %y, %e tolerance = 3.0e-6 : tensor<1x2xf32>
}

check.test "5 rows" {
  %x = check.generate "x" : tensor<5x9xf32>
  %y = check.run @rows(%x) : (tensor<5x9xf32>) -> tensor<5x2xf32>
  // %e = x @ tensor("w") @ tensor("v")
  %e = arith.constant dense<[[-2.39087343, -0.557993293], [-0.430372447, -1.31697822], [1.69442677, 1.70909703], [-1.11216247, 0.425931782], [1.88016689, -0.295019835]]> : tensor<5x2xf32>
  check.expect_close %y, %e tolerance = 3.0e-6 : tensor<5x2xf32>
}

check.test "6 rows" {
  %x = check.generate "x" : tensor<6x9xf32>
  %y = check.run @rows(%x) : (tensor<6x9xf32>) -> tensor<6x2xf32>
  // %e = x @ tensor("w") @ tensor("v")
  %e = arith.constant dense<[[-2.39087343, -0.557993293], [-0.430372447, -1.31697822], [1.69442677, 1.70909703], [-1.11216247, 0.425931782], [1.88016689, -0.295019835], [2.12721372, 0.314640701]]> : tensor<6x2xf32>
  check.expect_close %y, %e tolerance = 3.0e-6 : tensor<6x2xf32>
}

check.test "11 rows" {
  %x = check.generate "x" : tensor<11x9xf32>
  %y = check.run @rows(%x) : (tensor<11x9xf32>) -> tensor<11x2xf32>
  // %e = x @ tensor("w") @ tensor("v")
  %e = arith.constant dense<[[-2.39087343, -0.557993293], [-0.430372447, -1.31697822], [1.69442677, 1.70909703], [-1.11216247, 0.425931782], [1.88016689, -0.295019835], [2.12721372, 0.314640701], [-0.196615353, -2.35240173], [2.17185569, 2.14158869], [-0.164827228, -1.42372942], [-2.56872773, -1.16092777], [0.652973473, 0.93565464]]> : tensor<11x2xf32>
  check.expect_close %y, %e tolerance = 3.0e-6 : tensor<11x2xf32>
}

check.test "19 rows" {
  %x = check.generate "x" : tensor<19x9xf32>
  %y = check.run @rows(%x) : (tensor<19x9xf32>) -> tensor<19x2xf32>
  // %e = x @ tensor("w") @ tensor("v")
  %e = arith.constant dense<[[-2.39087343, -0.557993293], [-0.430372447, -1.31697822], [1.69442677, 1.70909703], [-1.11216247, 0.425931782], [1.88016689, -0.295019835], [2.12721372, 0.314640701], [-0.196615353, -2.35240173], [2.17185569, 2.14158869], [-0.164827228, -1.42372942], [-2.56872773, -1.16092777], [0.652973473, 0.93565464], [-2.17752552, 2.0015583], [-1.81289589, 1.16630924], [-1.33563137, -0.306676745], [-0.056460496, 0.911462486], [-1.98106134, -0.76673466], [0.539367139, 0.551446259], [1.79384279, -1.00920188], [0.18180944, -0.175407335]]> : tensor<19x2xf32>
  check.expect_close %y, %e tolerance = 3.0e-6 : tensor<19x2xf32>
}

check.test "41 rows" {
  %x = check.generate "x" : tensor<41x9xf32>
  %y = check.run @rows(%x) : (tensor<41x9xf32>) -> tensor<41x2xf32>
  // %e = x @ tensor("w") @ tensor("v")
  %e = arith.constant dense<[[-2.39087343, -0.557993293], [-0.430372447, -1.31697822], [1.69442677, 1.70909703], [-1.11216247, 0.425931782], [1.88016689, -0.295019835], [2.12721372, 0.314640701], [-0.196615353, -2.35240173], [2.17185569, 2.14158869], [-0.164827228, -1.42372942], [-2.56872773, -1.16092777], [0.652973473, 0.93565464], [-2.17752552, 2.0015583], [-1.81289589, 1.16630924], [-1.33563137, -0.306676745], [-0.056460496, 0.911462486], [-1.98106134, -0.76673466], [0.539367139, 0.551446259], [1.79384279, -1.00920188], [0.18180944, -0.175407335], [0.454121321, 0.133485049], [0.359908938, 0.702752709], [-1.56563401, -3.12623262], [-0.401109368, 0.542462945], [0.690152705, 0.722839952], [1.59866071, -0.505447626], [0.224060446, -1.28920341], [1.09650552, 2.70109248], [0.775900006, -0.912372172], [-0.075428471, -0.576714575], [-1.75519943, 1.27386439], [-1.58810222, 2.00530577], [0.242467895, 4.55306005], [-0.573029339, -0.848128021], [0.814930737, -0.0488076508], [0.373245239, 0.0677117705], [0.257557482, -1.89364719], [-2.46981287, 1.42794001], [-0.0336159542, 0.317462832], [3.04712129, -0.147856697], [1.2694509, -2.65982199], [-0.873405278, -0.0958397314]]> : tensor<41x2xf32>
  check.expect_close %y, %e tolerance = 3.0e-6 : tensor<41x2xf32>
}
