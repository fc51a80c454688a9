// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// Pieces that blocks do not have: sums and products with rows without batch,
// vectors and numbers; a gated unit (arXiv 1406.1078, section 2.3) and FiLM;
// what joins a layer, and what does not.

perceiver.parameter @w : tensor<7x14xf32> key "w"
perceiver.parameter @b : tensor<14xf32> key "b"
perceiver.parameter @square : tensor<7x7xf32> key "square"
perceiver.parameter @v : tensor<7xf32> key "v"
perceiver.parameter @one : tensor<1xf32> key "one"
perceiver.parameter @table : tensor<5x7xf32> key "table"

check.checkpoint {
  %0 = check.generate "w" : tensor<7x14xf32>
  check.tensor "w", %0 : tensor<7x14xf32>
  %1 = check.generate "b" : tensor<14xf32>
  check.tensor "b", %1 : tensor<14xf32>
  %2 = check.generate "square" : tensor<7x7xf32>
  check.tensor "square", %2 : tensor<7x7xf32>
  %3 = check.generate "v" : tensor<7xf32>
  check.tensor "v", %3 : tensor<7xf32>
  %4 = check.generate "one" offset = 1.5 : tensor<1xf32>
  check.tensor "one", %4 : tensor<1xf32>
  %5 = check.generate "table" : tensor<5x7xf32>
  check.tensor "table", %5 : tensor<5x7xf32>
}

func.func @broadcast(%x: tensor<?x5x7xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
                     %p: tensor<5x7xf32> {perceiver.name = "p"})
    -> (tensor<?x5x7xf32> {perceiver.name = "sum", perceiver.sizes = ["batch"]},
        tensor<?x5x7xf32> {perceiver.name = "product", perceiver.sizes = ["batch"]},
        tensor<5x7xf32> {perceiver.name = "stored"}) attributes {perceiver.entry} {
  %v = perceiver.get_parameter @v : tensor<7xf32>
  %one = perceiver.get_parameter @one : tensor<1xf32>
  %table = perceiver.get_parameter @table : tensor<5x7xf32>
  %0 = perceiver.add %p, %x : tensor<5x7xf32>, tensor<?x5x7xf32> -> tensor<?x5x7xf32>
  %1 = perceiver.add %0, %v : tensor<?x5x7xf32>, tensor<7xf32> -> tensor<?x5x7xf32>
  %2 = perceiver.add %one, %1 : tensor<1xf32>, tensor<?x5x7xf32> -> tensor<?x5x7xf32>
  %3 = perceiver.multiply %x, %p : tensor<?x5x7xf32>, tensor<5x7xf32> -> tensor<?x5x7xf32>
  %4 = perceiver.multiply %v, %3 : tensor<7xf32>, tensor<?x5x7xf32> -> tensor<?x5x7xf32>
  %5 = perceiver.multiply %4, %one : tensor<?x5x7xf32>, tensor<1xf32> -> tensor<?x5x7xf32>
  // All of this is computed when the model is compiled.
  %6 = perceiver.multiply %table, %v : tensor<5x7xf32>, tensor<7xf32> -> tensor<5x7xf32>
  %7 = perceiver.scale %6 by -3.0 : tensor<5x7xf32>
  %8 = perceiver.add %one, %7 : tensor<1xf32>, tensor<5x7xf32> -> tensor<5x7xf32>
  %9 = perceiver.activate %8 with mish : tensor<5x7xf32> -> tensor<5x7xf32>
  return %2, %5, %9 : tensor<?x5x7xf32>, tensor<?x5x7xf32>, tensor<5x7xf32>
}

check.test "operands of every kind" {
  %x = check.generate "x" : tensor<3x5x7xf32>
  %p = check.generate "p" : tensor<5x7xf32>
  %sum, %product, %stored = check.run @broadcast(%x, %p) : (tensor<3x5x7xf32>, tensor<5x7xf32>) -> (tensor<3x5x7xf32>, tensor<3x5x7xf32>, tensor<5x7xf32>)
  // %s = (x + p + tensor("v") + tensor("one"))[2]
  %s = arith.constant dense<[[2.14372635, 2.19901109, 0.0750480518, 3.95132899, 2.19366288, 2.40633488, 2.81386495], [2.90745139, 2.05143404, 0.444624245, 2.87106442, 1.15679288, 1.13343024, 2.23947215], [1.67687762, 2.5317843, 1.0715661, 0.965360701, 1.80809951, 2.28788948, 3.45206666], [0.833160698, 2.01445222, 0.344221532, 2.02181816, 3.15373373, 3.74536252, 2.54696989], [2.67172241, 1.97726285, 1.81863213, 3.34602141, 3.26056933, 2.06358004, 2.44964266]]> : tensor<5x7xf32>
  %y0 = tensor.extract_slice %sum[2, 0, 0] [1, 5, 7] [1, 1, 1] : tensor<3x5x7xf32> to tensor<5x7xf32>
  check.expect_close %y0, %s tolerance = 3.0e-7 : tensor<5x7xf32>
  // %m = (x * p * tensor("v") * tensor("one"))[1]
  %m = arith.constant dense<[[0.173058614, -0.0801469833, 0.0107929967, -0.576874077, 0.0158356167, 0.0392162651, -0.280355185], [-0.442449659, -0.0416084677, -0.100436442, -0.0292161759, -0.00617499091, 0.314445645, -0.247311085], [-0.00302687427, 0.0737002566, -0.118683144, 0.17079173, -0.00850205589, 0.465681016, 0.348735571], [-0.979619861, 0.0245334823, 0.304740876, -0.00669722538, 0.0424394906, -0.0515020899, -0.138912007], [0.150293514, 0.0448401794, -0.835882664, 0.421175778, 0.0886828005, -0.340264887, -0.335978538]]> : tensor<5x7xf32>
  %y1 = tensor.extract_slice %product[1, 0, 0] [1, 5, 7] [1, 1, 1] : tensor<3x5x7xf32> to tensor<5x7xf32>
  check.expect_close %y1, %m tolerance = 3.0e-7 : tensor<5x7xf32>
  // %t = mish(-3.0 * tensor("table") * tensor("v") + tensor("one"))
  %t = arith.constant dense<[[0.300107807, 2.39583278, -0.0945919156, 1.97693408, 1.8716954, 3.44850898, 2.99012089], [2.87855887, 2.16046524, 0.262467891, 2.48053908, 1.53884423, 3.37716746, 2.29102182], [3.84088206, 1.6101265, 3.5512948, 1.11058509, 1.91078079, 3.05982208, 1.38148236], [3.75072217, 1.03589392, 1.99867594, 1.50207436, 1.73776627, 0.348159641, 0.131254882], [0.330604225, 1.04616249, 3.53121567, 1.5956682, 1.81383693, 0.630444705, 2.50015211]]> : tensor<5x7xf32>
  check.expect_close %stored, %t tolerance = 3.0e-7 : tensor<5x7xf32>
}

func.func @gated(%x: tensor<?x?x7xf32> {perceiver.name = "x", perceiver.sizes = ["batch", "rows"]},
                 %h: tensor<?x?x7xf32> {perceiver.name = "h", perceiver.sizes = ["batch", "rows"]})
    -> (tensor<?x?x7xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "rows"]},
        tensor<?x?x7xf32> {perceiver.name = "film", perceiver.sizes = ["batch", "rows"]})
    attributes {perceiver.entry} {
  %v = perceiver.get_parameter @v : tensor<7xf32>
  %one = perceiver.get_parameter @one : tensor<1xf32>
  %z = perceiver.project %h weight @square activation = sigmoid : tensor<?x?x7xf32> -> tensor<?x?x7xf32>
  %c = perceiver.project %x weight @square : tensor<?x?x7xf32> -> tensor<?x?x7xf32>
  %n = perceiver.activate %c with tanh : tensor<?x?x7xf32> -> tensor<?x?x7xf32>
  %minus = perceiver.scale %h by -1.0 : tensor<?x?x7xf32>
  %d = perceiver.add %n, %minus : tensor<?x?x7xf32>, tensor<?x?x7xf32> -> tensor<?x?x7xf32>
  %u = perceiver.multiply %z, %d : tensor<?x?x7xf32>, tensor<?x?x7xf32> -> tensor<?x?x7xf32>
  %y = perceiver.add %h, %u : tensor<?x?x7xf32>, tensor<?x?x7xf32> -> tensor<?x?x7xf32>
  // Twice the same rows, so nothing joins the layer.
  %m = perceiver.project %x weight @w bias @b : tensor<?x?x7xf32> -> tensor<?x?x14xf32>
  %g = perceiver.activate %m with gated(none) : tensor<?x?x14xf32> -> tensor<?x?x7xf32>
  %e = perceiver.activate %m with gated(leaky_relu) : tensor<?x?x14xf32> -> tensor<?x?x7xf32>
  %f = perceiver.multiply %g, %v : tensor<?x?x7xf32>, tensor<7xf32> -> tensor<?x?x7xf32>
  %film = perceiver.add %f, %e : tensor<?x?x7xf32>, tensor<?x?x7xf32> -> tensor<?x?x7xf32>
  return %y, %film : tensor<?x?x7xf32>, tensor<?x?x7xf32>
}

check.test "a gated unit and FiLM, for 33 rows" {
  %x = check.generate "x" : tensor<2x33x7xf32>
  %h = check.generate "h" : tensor<2x33x7xf32>
  %y, %film = check.run @gated(%x, %h) : (tensor<2x33x7xf32>, tensor<2x33x7xf32>) -> (tensor<2x33x7xf32>, tensor<2x33x7xf32>)
  // >>> z = sigmoid(h @ tensor("square"))
  // %e = (h + z * (np.tanh(x @ tensor("square")) - h))[1, ::8]
  %e = arith.constant dense<[[0.0260284189, -0.567517161, -0.496246278, -0.383399755, -0.0972167104, 0.0497802198, -0.535747826], [0.590060711, 0.266755491, -0.00596961286, 0.512734056, 0.92017132, -0.390690625, 0.491903871], [0.734969437, 0.666604578, -0.199973047, 0.452888221, 0.624098361, 0.342296302, -0.242013752], [-0.313226253, 0.314402997, 0.265435189, 0.235496119, -0.336801261, -0.416865975, -0.23986645], [-0.369412243, -0.560237348, -0.146301329, 0.0212173723, -0.022246642, 0.265018642, 0.293486625]]> : tensor<5x7xf32>
  %part = tensor.extract_slice %y[1, 0, 0] [1, 5, 7] [1, 8, 1] : tensor<2x33x7xf32> to tensor<5x7xf32>
  check.expect_close %part, %e tolerance = 6.0e-7 : tensor<5x7xf32>
  // >>> m = x @ tensor("w") + tensor("b")
  // %f = (activation("gated(none)")(m) * tensor("v") + activation("gated(leaky_relu)")(m))[0, ::8]
  %f = arith.constant dense<[[-1.23040617, -2.83034563, -0.0111214947, 0.381536424, 0.0754184425, 1.0278089, -0.171076581], [-0.924167931, -0.0119762653, -0.0335556492, -0.260598689, -0.0371360667, -0.02798599, 0.750573218], [0.0973979905, -0.403944343, -0.719132304, 0.050236918, -0.0571115203, 0.531302273, -0.452797204], [0.00102996232, -1.33017111, -0.108321816, -0.089612022, -0.0983545333, -0.0958262831, -0.0299703293], [-1.28934503, -0.567334175, -0.0707245991, 0.488257319, 0.0143695017, -0.00259075384, 1.63749635]]> : tensor<5x7xf32>
  %other = tensor.extract_slice %film[0, 0, 0] [1, 5, 7] [1, 8, 1] : tensor<2x33x7xf32> to tensor<5x7xf32>
  check.expect_close %other, %f tolerance = 2.0e-6 : tensor<5x7xf32>
}

func.func @joined(%x: tensor<?x5x7xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
                  %r: tensor<5x7xf32> {perceiver.name = "r"})
    -> (tensor<?x5x7xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %v = perceiver.get_parameter @v : tensor<7xf32>
  %0 = perceiver.project %x weight @w bias @b : tensor<?x5x7xf32> -> tensor<?x5x14xf32>
  %1 = perceiver.scale %0 by 0.3 : tensor<?x5x14xf32>
  %2 = perceiver.activate %1 with gated(silu) : tensor<?x5x14xf32> -> tensor<?x5x7xf32>
  %3 = perceiver.add %r, %2 : tensor<5x7xf32>, tensor<?x5x7xf32> -> tensor<?x5x7xf32>
  %4 = perceiver.project %3 weight @square : tensor<?x5x7xf32> -> tensor<?x5x7xf32>
  %5 = perceiver.add %4, %v : tensor<?x5x7xf32>, tensor<7xf32> -> tensor<?x5x7xf32>
  %6 = perceiver.add %x, %5 : tensor<?x5x7xf32>, tensor<?x5x7xf32> -> tensor<?x5x7xf32>
  return %6 : tensor<?x5x7xf32>
}

check.test "what joins a layer" {
  %x = check.generate "x" : tensor<3x5x7xf32>
  %r = check.generate "r" : tensor<5x7xf32>
  %y = check.run @joined(%x, %r) : (tensor<3x5x7xf32>, tensor<5x7xf32>) -> tensor<3x5x7xf32>
  // >>> inner = r + activation("gated(silu)")(0.3 * (x @ tensor("w") + tensor("b")))
  // %e = (x + inner @ tensor("square") + tensor("v"))[2]
  %e = arith.constant dense<[[0.289684296, -1.81837726, -2.61430907, 0.126621678, -0.113934003, -0.011776315, -0.100727499], [1.83243847, -0.436469257, -1.79953074, 0.561779141, 0.828477681, -0.24959892, 0.350909114], [1.10661209, 0.0308781024, -0.905786216, -0.555719733, 0.160007477, 0.735428572, 1.01018059], [-1.20948434, 0.266135633, -0.335270703, 0.673945308, 0.46717155, 1.27840388, 2.50425935], [2.6365931, -0.0155365113, -1.19821179, 0.231047407, 0.622228265, -0.350268513, 0.352512181]]> : tensor<5x7xf32>
  %part = tensor.extract_slice %y[2, 0, 0] [1, 5, 7] [1, 1, 1] : tensor<3x5x7xf32> to tensor<5x7xf32>
  check.expect_close %part, %e tolerance = 1.0e-6 : tensor<5x7xf32>
}
