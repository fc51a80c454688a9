// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// Any number of ids, with as many of the learned positions.

perceiver.parameter @table : tensor<11x9xf32> key "table"
perceiver.parameter @places : tensor<130x9xf32> key "places"

check.checkpoint {
  %table = check.generate "table" : tensor<11x9xf32>
  check.tensor "table", %table : tensor<11x9xf32>
  %places = check.generate "places" : tensor<130x9xf32>
  check.tensor "places", %places : tensor<130x9xf32>
}

func.func @embed(%ids: tensor<?x?xi64> {perceiver.name = "ids", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x?x9xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "rows"]}) attributes {perceiver.entry} {
  %c1 = arith.constant 1 : index
  %c130 = arith.constant 130 : index
  %rows = tensor.dim %ids, %c1 : tensor<?x?xi64>
  perceiver.require %rows <= %c130, "at most 130 ids"
  %y = perceiver.embedding %ids table @table positions @places : tensor<?x?xi64> -> tensor<?x?x9xf32>
  return %y : tensor<?x?x9xf32>
}

check.test "all positions" {
  %ids = check.generate "ids" scale = 5.0 offset = 5.0 : tensor<2x130xi64>
  %y = check.run @embed(%ids) : (tensor<2x130xi64>) -> tensor<2x130x9xf32>
  // %e = (embedding(tensor("table"), ids) + tensor("places"))[:, ::43]
  %e = arith.constant dense<[[[0.101502359, -0.0718706846, -1.17138505, 0.675572872, 0.093824923, 0.914580107, 0.114905655, 0.216691375, 1.05826199], [-0.2094962, -1.45621347, -1.39012671, -1.1284591, -0.0819492787, -1.17232084, -0.848942161, 1.64755845, 0.357552886], [0.019289732, -1.2224822, 0.534993649, -1.81256461, 0.94207406, -0.641312242, 0.798734426, -0.190496355, 0.599672079], [0.460440904, 1.02931678, 0.351635098, 0.725862563, -0.0321515203, 0.250392795, 0.616387963, 0.000330865383, -0.292875856]], [[0.0938307047, -1.00386608, -0.79126215, 0.294839412, -0.799529314, 1.47795749, 0.235647082, -0.647267878, 0.193720698], [1.26979983, -0.181571007, -0.0467222929, 0.434786469, 0.332312822, 0.101983175, -0.408926964, 0.520292878, -0.737931311], [-1.22928286, -1.19136286, -0.261470467, -1.79344857, -0.104985595, -1.6758157, 0.730406642, 0.433347493, 0.398064405], [-0.956190526, -0.218405873, -0.565434992, 0.234547079, -0.735192358, 0.355743229, 0.807847798, -0.00796639919, 0.202760145]]]> : tensor<2x4x9xf32>
  %part = tensor.extract_slice %y[0, 0, 0] [2, 4, 9] [1, 43, 1] : tensor<2x130x9xf32> to tensor<2x4x9xf32>
  check.expect_close %part, %e tolerance = 2.0e-7 : tensor<2x4x9xf32>
}

check.test "the first ones" {
  %ids = check.generate "ids" scale = 5.0 offset = 5.0 : tensor<1x3xi64>
  %y = check.run @embed(%ids) : (tensor<1x3xi64>) -> tensor<1x3x9xf32>
  // %e = embedding(tensor("table"), ids) + tensor("places")[:3]
  %e = arith.constant dense<[[[0.101502359, -0.0718706846, -1.17138505, 0.675572872, 0.093824923, 0.914580107, 0.114905655, 0.216691375, 1.05826199], [-0.174961925, -1.33675861, 0.518810332, -1.0204283, 0.0138294697, -0.837224185, -0.519834399, -0.621678948, 0.0964042544], [-0.0116564035, 1.37619019, 0.284456968, 0.440770447, 1.00732756, 0.0628124475, 0.141795754, 1.64195943, 0.250211537]]]> : tensor<1x3x9xf32>
  check.expect_close %y, %e tolerance = 2.0e-7 : tensor<1x3x9xf32>
}
