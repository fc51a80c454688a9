// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// Linear layers of linear layers, which are folded: through a residual, with
// and without batch, as the end of a decoder that is narrower than its MLP, and
// one whose first layer has large values that cancel in the second.

perceiver.parameter @up : tensor<7x33xf32> key "up"
perceiver.parameter @b : tensor<33xf32> key "b"
perceiver.parameter @down : tensor<33x3xf32> key "down"
perceiver.parameter @c : tensor<3xf32> key "c"
perceiver.parameter @hidden : tensor<33x33xf32> key "hidden"
perceiver.parameter @large : tensor<7x33xf32> key "large"

check.checkpoint {
  %0 = check.generate "up" : tensor<7x33xf32>
  check.tensor "up", %0 : tensor<7x33xf32>
  %1 = check.generate "b" : tensor<33xf32>
  check.tensor "b", %1 : tensor<33xf32>
  %2 = check.generate "down" : tensor<33x3xf32>
  check.tensor "down", %2 : tensor<33x3xf32>
  %3 = check.generate "c" : tensor<3xf32>
  check.tensor "c", %3 : tensor<3xf32>
  %4 = check.generate "hidden" : tensor<33x33xf32>
  check.tensor "hidden", %4 : tensor<33x33xf32>
  %5 = check.generate "large" scale = 1.0e5 : tensor<7x33xf32>
  check.tensor "large", %5 : tensor<7x33xf32>
}

func.func @folded(%x: tensor<?x5x7xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
                  %r: tensor<?x5x33xf32> {perceiver.name = "r", perceiver.sizes = ["batch"]},
                  %q: tensor<5x33xf32> {perceiver.name = "q"})
    -> (tensor<?x5x3xf32> {perceiver.name = "plain", perceiver.sizes = ["batch"]},
        tensor<?x5x3xf32> {perceiver.name = "residual", perceiver.sizes = ["batch"]},
        tensor<?x5x3xf32> {perceiver.name = "query", perceiver.sizes = ["batch"]},
        tensor<?x5x3xf32> {perceiver.name = "large", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %0 = perceiver.project %x weight @up bias @b : tensor<?x5x7xf32> -> tensor<?x5x33xf32>
  %1 = perceiver.project %0 weight @down bias @c activation = gelu_erf : tensor<?x5x33xf32> -> tensor<?x5x3xf32>
  // A decoder: what the MLP adds to goes to the end by itself.
  %2 = perceiver.project %r weight @hidden bias @b activation = gelu_erf : tensor<?x5x33xf32> -> tensor<?x5x33xf32>
  %3 = perceiver.project %2 weight @hidden bias @b : tensor<?x5x33xf32> -> tensor<?x5x33xf32>
  %4 = perceiver.add %r, %3 : tensor<?x5x33xf32>, tensor<?x5x33xf32> -> tensor<?x5x33xf32>
  %5 = perceiver.project %4 weight @down bias @c : tensor<?x5x33xf32> -> tensor<?x5x3xf32>
  %6 = perceiver.project %x weight @up : tensor<?x5x7xf32> -> tensor<?x5x33xf32>
  %7 = perceiver.add %q, %6 : tensor<5x33xf32>, tensor<?x5x33xf32> -> tensor<?x5x33xf32>
  %8 = perceiver.project %7 weight @down : tensor<?x5x33xf32> -> tensor<?x5x3xf32>
  %9 = perceiver.project %x weight @large : tensor<?x5x7xf32> -> tensor<?x5x33xf32>
  %10 = perceiver.project %9 weight @down : tensor<?x5x33xf32> -> tensor<?x5x3xf32>
  return %1, %5, %8, %10 : tensor<?x5x3xf32>, tensor<?x5x3xf32>, tensor<?x5x3xf32>, tensor<?x5x3xf32>
}

check.test "folded layers" {
  %x = check.generate "x" : tensor<3x5x7xf32>
  %r = check.generate "r" : tensor<3x5x33xf32>
  %q = check.generate "q" : tensor<5x33xf32>
  %plain, %residual, %query, %large = check.run @folded(%x, %r, %q) : (tensor<3x5x7xf32>, tensor<3x5x33xf32>, tensor<5x33xf32>) -> (tensor<3x5x3xf32>, tensor<3x5x3xf32>, tensor<3x5x3xf32>, tensor<3x5x3xf32>)
  // %e = activation("gelu_erf")((x @ tensor("up") + tensor("b")) @ tensor("down") + tensor("c"))
  %e = arith.constant dense<[[[4.85661173, -0.0535638295, 2.55545807], [5.90624809, -0.0260444209, 2.83467031], [-0.02204898, 0.307915658, 0.619777203], [1.20729661, -0.167399675, -0.0397016667], [1.5340637, -0.162172586, 3.57740641]], [[3.39790082, 2.38174343, 1.66037071], [7.30947304, -0.0269812774, 1.13513827], [4.35780954, -0.0552544855, 0.191392154], [7.0978179, -0.0395511538, -0.0126001881], [3.92409134, -0.00581654022, -0.0104363142]], [[-0.00601407001, -0.134776309, 0.734220564], [0.852918088, -0.0254301634, 2.62849164], [5.38358259, 0.112896264, 2.36485744], [0.681398869, 0.200554803, 2.80471349], [4.40728188, -9.47754852e-09, -0.106043272]]]> : tensor<3x5x3xf32>
  check.expect_close %plain, %e tolerance = 5.0e-7 : tensor<3x5x3xf32>
  // >>> h = activation("gelu_erf")(r @ tensor("hidden") + tensor("b"))
  // %f = (r + h @ tensor("hidden") + tensor("b")) @ tensor("down") + tensor("c")
  %f = arith.constant dense<[[[16.865181, -4.57462263, 11.8126736], [-9.39625454, 3.2474792, 1.93893731], [14.1684847, -6.60793638, 4.42104483], [-2.46718454, 6.89304876, 1.34292591], [4.23353434, -2.92946553, -17.2932587]], [[7.11274529, 5.19099903, 10.2107792], [-23.605114, 19.3528614, -3.74236274], [13.9818506, -10.4572992, 12.7718639], [-11.149704, -0.39656505, 4.72994184], [18.4000416, -2.82013917, -2.3316133]], [[29.1576862, 8.95037651, 21.5713463], [-22.9973526, 16.6618347, -0.492400467], [2.97461128, -5.42174578, -0.767681301], [0.791879177, 6.57011986, 13.431881], [14.3683825, 11.2809038, 18.3202457]]]> : tensor<3x5x3xf32>
  check.expect_close %residual, %f tolerance = 3.0e-6 : tensor<3x5x3xf32>
  // %g = (q + x @ tensor("up")) @ tensor("down")
  %g = arith.constant dense<[[[3.37150145, -1.06318784, -0.814881384], [4.89289665, -1.34112811, 1.56638134], [-6.29105902, 1.6335839, -0.970340133], [-5.093297, -1.50829458, -3.77374315], [-0.936194181, 0.250120521, 4.6796813]], [[1.91393697, 1.45642865, -1.65101779], [6.2961216, -1.32484746, -0.00936310086], [0.416975498, -0.714922607, -1.45160413], [0.675109267, -2.93557191, -4.28705931], [1.36869037, -2.0532558, -1.55672896]], [[-4.34771156, -2.17263031, -2.48357296], [-0.002681087, -1.35204887, 1.36477458], [1.44272006, 1.37337601, 0.625424802], [-5.57327461, -0.541863859, 1.10914266], [1.85173321, -5.0997076, 0.832425952]]]> : tensor<3x5x3xf32>
  check.expect_close %query, %g tolerance = 2.0e-6 : tensor<3x5x3xf32>
  // %h = x @ tensor("large") @ tensor("down")
  %h = arith.constant dense<[[[207382.234, -286947.406, 158749.75], [-23019.8555, 201059.938, 432523.438], [-504714.406, 43750.5977, -249917.812], [205863.969, 79998.3516, -107376.672], [181109.109, -252739.125, 300031.281]], [[-204223.359, -402485.5, 226326.719], [903142.0, -184799.109, 536733.375], [-595226.75, 183968.984, -164882.281], [547667.125, 114862.125, 275524.969], [439356.375, 99484.1172, -226614.188]], [[-461598.375, 73082.0078, -578000.312], [336492.219, -85756.0781, 115908.875], [-162677.203, -139570.625, 146170.641], [-1053380.62, 118754.727, -229266.0], [333683.438, 521618.188, 95793.1172]]]> : tensor<3x5x3xf32>
  check.expect_close %large, %h tolerance = 5.0e-6 : tensor<3x5x3xf32>
}
