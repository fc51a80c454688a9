// RUN: perceiver-test-runner %s
// RUN: perceiver-test-runner %s --device=emulated

// Queries read latents: a learned one and any number of given ones, with and
// without batch, with and without residual; heads of the last kinds.

perceiver.parameter @query : tensor<1x10xf32> key "query"
perceiver.parameter @decoder.q_norm.weight : tensor<10xf32> key "decoder.q_norm.weight"
perceiver.parameter @decoder.q_norm.bias : tensor<10xf32> key "decoder.q_norm.bias"
perceiver.parameter @decoder.kv_norm.weight : tensor<12xf32> key "decoder.kv_norm.weight"
perceiver.parameter @decoder.kv_norm.bias : tensor<12xf32> key "decoder.kv_norm.bias"
perceiver.parameter @decoder.query.weight : tensor<10x8xf32> key "decoder.query.weight"
perceiver.parameter @decoder.query.bias : tensor<8xf32> key "decoder.query.bias"
perceiver.parameter @decoder.key.weight : tensor<12x8xf32> key "decoder.key.weight"
perceiver.parameter @decoder.key.bias : tensor<8xf32> key "decoder.key.bias"
perceiver.parameter @decoder.value.weight : tensor<12x8xf32> key "decoder.value.weight"
perceiver.parameter @decoder.value.bias : tensor<8xf32> key "decoder.value.bias"
perceiver.parameter @decoder.output.weight : tensor<8x10xf32> key "decoder.output.weight"
perceiver.parameter @decoder.output.bias : tensor<10xf32> key "decoder.output.bias"
perceiver.parameter @decoder.mlp_norm.weight : tensor<10xf32> key "decoder.mlp_norm.weight"
perceiver.parameter @decoder.mlp_norm.bias : tensor<10xf32> key "decoder.mlp_norm.bias"
perceiver.parameter @decoder.mlp_in.weight : tensor<10x10xf32> key "decoder.mlp_in.weight"
perceiver.parameter @decoder.mlp_in.bias : tensor<10xf32> key "decoder.mlp_in.bias"
perceiver.parameter @decoder.mlp_out.weight : tensor<10x10xf32> key "decoder.mlp_out.weight"
perceiver.parameter @decoder.mlp_out.bias : tensor<10xf32> key "decoder.mlp_out.bias"
perceiver.parameter @final.weight : tensor<10x7xf32> key "final.weight"
perceiver.parameter @final.bias : tensor<7xf32> key "final.bias"

check.checkpoint {
  %0 = check.generate "query" : tensor<1x10xf32>
  check.tensor "query", %0 : tensor<1x10xf32>
  %1 = check.generate "decoder.q_norm.weight" scale = 0.5 offset = 1.0 : tensor<10xf32>
  check.tensor "decoder.q_norm.weight", %1 : tensor<10xf32>
  %2 = check.generate "decoder.q_norm.bias" scale = 0.5 : tensor<10xf32>
  check.tensor "decoder.q_norm.bias", %2 : tensor<10xf32>
  %3 = check.generate "decoder.kv_norm.weight" scale = 0.5 offset = 1.0 : tensor<12xf32>
  check.tensor "decoder.kv_norm.weight", %3 : tensor<12xf32>
  %4 = check.generate "decoder.kv_norm.bias" scale = 0.5 : tensor<12xf32>
  check.tensor "decoder.kv_norm.bias", %4 : tensor<12xf32>
  %5 = check.generate "decoder.query.weight" : tensor<10x8xf32>
  check.tensor "decoder.query.weight", %5 : tensor<10x8xf32>
  %6 = check.generate "decoder.query.bias" scale = 0.5 : tensor<8xf32>
  check.tensor "decoder.query.bias", %6 : tensor<8xf32>
  %7 = check.generate "decoder.key.weight" : tensor<12x8xf32>
  check.tensor "decoder.key.weight", %7 : tensor<12x8xf32>
  %8 = check.generate "decoder.key.bias" scale = 0.5 : tensor<8xf32>
  check.tensor "decoder.key.bias", %8 : tensor<8xf32>
  %9 = check.generate "decoder.value.weight" scale = 0.5 : tensor<12x8xf32>
  check.tensor "decoder.value.weight", %9 : tensor<12x8xf32>
  %10 = check.generate "decoder.value.bias" scale = 0.5 : tensor<8xf32>
  check.tensor "decoder.value.bias", %10 : tensor<8xf32>
  %11 = check.generate "decoder.output.weight" scale = 0.61 : tensor<8x10xf32>
  check.tensor "decoder.output.weight", %11 : tensor<8x10xf32>
  %12 = check.generate "decoder.output.bias" scale = 0.5 : tensor<10xf32>
  check.tensor "decoder.output.bias", %12 : tensor<10xf32>
  %13 = check.generate "decoder.mlp_norm.weight" scale = 0.5 offset = 1.0 : tensor<10xf32>
  check.tensor "decoder.mlp_norm.weight", %13 : tensor<10xf32>
  %14 = check.generate "decoder.mlp_norm.bias" scale = 0.5 : tensor<10xf32>
  check.tensor "decoder.mlp_norm.bias", %14 : tensor<10xf32>
  %15 = check.generate "decoder.mlp_in.weight" scale = 0.55 : tensor<10x10xf32>
  check.tensor "decoder.mlp_in.weight", %15 : tensor<10x10xf32>
  %16 = check.generate "decoder.mlp_in.bias" scale = 0.5 : tensor<10xf32>
  check.tensor "decoder.mlp_in.bias", %16 : tensor<10xf32>
  %17 = check.generate "decoder.mlp_out.weight" scale = 0.55 : tensor<10x10xf32>
  check.tensor "decoder.mlp_out.weight", %17 : tensor<10x10xf32>
  %18 = check.generate "decoder.mlp_out.bias" scale = 0.5 : tensor<10xf32>
  check.tensor "decoder.mlp_out.bias", %18 : tensor<10xf32>
  %19 = check.generate "final.weight" scale = 0.55 : tensor<10x7xf32>
  check.tensor "final.weight", %19 : tensor<10x7xf32>
  %20 = check.generate "final.bias" scale = 0.5 : tensor<7xf32>
  check.tensor "final.bias", %20 : tensor<7xf32>
}

func.func @learned(%z: tensor<?x13x12xf32> {perceiver.name = "z", perceiver.sizes = ["batch"]})
    -> (tensor<?x1x7xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %query = perceiver.get_parameter @query : tensor<1x10xf32>
  %d = perceiver.decode %query, %z heads = 1 qk_channels = 8 v_channels = 8 mlp = gelu_erf weights @decoder
      {residual = false} : tensor<1x10xf32>, tensor<?x13x12xf32> -> tensor<?x1x10xf32>
  %y = perceiver.project %d weight @final.weight bias @final.bias : tensor<?x1x10xf32> -> tensor<?x1x7xf32>
  return %y : tensor<?x1x7xf32>
}

check.test "a learned query" {
  %z = check.generate "z" : tensor<3x13x12xf32>
  %y = check.run @learned(%z) : (tensor<3x13x12xf32>) -> tensor<3x1x7xf32>
  // %e = decode(tensor("query"), z, block("decoder", 1, "gelu_erf"), final=linear_of("final"))
  %e = arith.constant dense<[[[0.791431665, 0.14791958, 0.939320505, 0.10531456, -0.172826067, 1.25399852, 0.495412558]], [[1.11111879, -0.695779681, 0.433048517, 0.496170789, 0.293825984, 1.13449383, -0.00887897611]], [[1.03554094, -0.173404709, -0.285886407, 0.392127723, 0.483815283, 0.86255151, 0.15523082]]]> : tensor<3x1x7xf32>
  check.expect_close %y, %e tolerance = 5.0e-6 : tensor<3x1x7xf32>
}

func.func @given(%q: tensor<?x?x10xf32> {perceiver.name = "q", perceiver.sizes = ["batch", "outputs"]},
                 %shared: tensor<?x10xf32> {perceiver.name = "shared", perceiver.sizes = ["outputs"]},
                 %z: tensor<?x13x12xf32> {perceiver.name = "z", perceiver.sizes = ["batch"]})
    -> (tensor<?x?x10xf32> {perceiver.name = "y", perceiver.sizes = ["batch", "outputs"]},
        tensor<?x?x10xf32> {perceiver.name = "w", perceiver.sizes = ["batch", "outputs"]})
    attributes {perceiver.entry} {
  %y = perceiver.decode %q, %z heads = 4 qk_channels = 8 v_channels = 8 mlp = gelu_tanh weights @decoder
      {residual = true} : tensor<?x?x10xf32>, tensor<?x13x12xf32> -> tensor<?x?x10xf32>
  %w = perceiver.decode %shared, %z heads = 1 qk_channels = 8 v_channels = 8 mlp = gelu_erf weights @decoder
      {residual = false} : tensor<?x10xf32>, tensor<?x13x12xf32> -> tensor<?x?x10xf32>
  return %y, %w : tensor<?x?x10xf32>, tensor<?x?x10xf32>
}

check.test "one given query" {
  %q = check.generate "q" : tensor<2x1x10xf32>
  %s = check.generate "s" : tensor<1x10xf32>
  %z = check.generate "z" : tensor<2x13x12xf32>
  %y, %w = check.run @given(%q, %s, %z)
      : (tensor<2x1x10xf32>, tensor<1x10xf32>, tensor<2x13x12xf32>) -> (tensor<2x1x10xf32>, tensor<2x1x10xf32>)
  // %e = decode(q, z, block("decoder", 4, "gelu_tanh"), residual=True)
  %e = arith.constant dense<[[[0.282301426, -0.713188767, -0.565375686, -1.58758843, -0.256329298, -0.141920492, 0.497090131, 0.233331919, -0.44623369, -0.565452695]], [[-2.61444354, -1.3032223, 0.235005662, 1.1277957, 0.183310464, -3.58860421, -1.18991268, 0.663255632, 0.373935431, -2.61699271]]]> : tensor<2x1x10xf32>
  check.expect_close %y, %e tolerance = 5.0e-6 : tensor<2x1x10xf32>
  // %f = decode(s, z, block("decoder", 1, "gelu_erf"))
  %f = arith.constant dense<[[[-0.556821227, -0.695385098, 0.624267876, 1.11956441, 1.04340982, -3.02913475, -0.545720875, -0.277810395, 0.20282048, -1.41187]], [[1.93543136, 0.792688906, -0.79015553, -1.23921394, -0.557566643, 0.466519892, 0.230231673, 0.395040929, -0.287322402, 0.429476231]]]> : tensor<2x1x10xf32>
  check.expect_close %w, %f tolerance = 5.0e-6 : tensor<2x1x10xf32>
}

check.test "65 given queries" {
  %q = check.generate "q" : tensor<2x65x10xf32>
  %s = check.generate "s" : tensor<65x10xf32>
  %z = check.generate "z" : tensor<2x13x12xf32>
  %y, %w = check.run @given(%q, %s, %z)
      : (tensor<2x65x10xf32>, tensor<65x10xf32>, tensor<2x13x12xf32>) -> (tensor<2x65x10xf32>, tensor<2x65x10xf32>)
  // %e = decode(q, z, block("decoder", 4, "gelu_tanh"), residual=True)[1, ::32]
  %e = arith.constant dense<[[2.06919551, 0.315896541, -1.00229418, 0.0893996805, 0.397101313, -2.79650664, -0.130598724, 0.0686645582, -0.270420343, -0.839555085], [2.076195, -0.881811261, -0.282099962, -1.29547679, -0.572851658, 0.961517453, -1.26744246, 0.601516426, -1.09356225, 0.0413411595], [1.32803535, -0.554645181, 0.114519849, 1.34166539, 0.23162955, -3.16429162, -0.779747427, -0.670040429, -0.00857631397, -1.62381685]]> : tensor<3x10xf32>
  %yp = tensor.extract_slice %y[1, 0, 0] [1, 3, 10] [1, 32, 1] : tensor<2x65x10xf32> to tensor<3x10xf32>
  check.expect_close %yp, %e tolerance = 5.0e-6 : tensor<3x10xf32>
  // %f = decode(s, z, block("decoder", 1, "gelu_erf"))[1, ::32]
  %f = arith.constant dense<[[1.93543136, 0.792688906, -0.79015553, -1.23921394, -0.557566643, 0.466519892, 0.230231673, 0.395040929, -0.287322402, 0.429476231], [1.34785235, -0.056663435, 0.0430559032, -0.599883556, 0.357927859, -0.0318381451, -0.822861493, -0.702126801, -0.58291477, 0.10020633], [1.48192549, 0.465521306, -1.1266712, 0.219765052, -0.0564642102, -1.11715269, 0.119182199, 0.0934712961, -0.717514813, 0.135868147]]> : tensor<3x10xf32>
  %wp = tensor.extract_slice %w[1, 0, 0] [1, 3, 10] [1, 32, 1] : tensor<2x65x10xf32> to tensor<3x10xf32>
  check.expect_close %wp, %f tolerance = 5.0e-6 : tensor<3x10xf32>
}

func.func @pool(%z: tensor<?x13x12xf32> {perceiver.name = "z", perceiver.sizes = ["batch"]})
    -> (tensor<?x12xf32> {perceiver.name = "mean", perceiver.sizes = ["batch"]},
        tensor<?x12xf32> {perceiver.name = "normed", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %mean = perceiver.mean_pool %z : tensor<?x13x12xf32> -> tensor<?x12xf32>
  %normed = perceiver.norm %mean weight @decoder.kv_norm.weight bias @decoder.kv_norm.bias : tensor<?x12xf32>
  return %mean, %normed : tensor<?x12xf32>, tensor<?x12xf32>
}

check.test "mean of the latents" {
  %z = check.generate "z" : tensor<3x13x12xf32>
  %mean, %normed = check.run @pool(%z) : (tensor<3x13x12xf32>) -> (tensor<3x12xf32>, tensor<3x12xf32>)
  // %e = z.mean(axis=1)
  %e = arith.constant dense<[[-0.00963344239, 0.0835896656, 0.346259236, -0.331900835, 0.0947839543, -0.0245565269, 0.125498623, -0.024240626, 0.156819493, -0.0528428629, 0.277120471, -0.0941200107], [0.088609755, 0.152869686, 0.0145176882, -0.0904017612, -0.102397494, 0.0390219949, -0.0245497394, 0.19220002, 0.0832132101, 0.023517115, -0.159649968, -0.298420697], [0.225978225, 0.179060489, 0.187557206, 0.111557782, -0.0557181314, -0.03463405, -0.114533454, 0.113403693, 0.214702904, 0.114221781, 0.0784010813, -0.0836478546]]> : tensor<3x12xf32>
  check.expect_close %mean, %e tolerance = 1.0e-6 : tensor<3x12xf32>
  // %f = layer_norm(z.mean(axis=1), tensor("decoder.kv_norm.weight"), tensor("decoder.kv_norm.bias"))
  %f = arith.constant dense<[[-0.221028432, 0.249490455, 1.93055677, -1.40198255, 0.546369612, -0.406560659, 0.652085781, -1.02246916, 0.441089153, -0.600608587, 0.713777423, -0.449572295], [0.97055608, 0.743687391, -0.216173813, -0.420398504, -0.0504535846, 0.353730649, -0.21051015, 1.44361174, 0.457513601, 0.109516054, -1.32275689, -1.43335426], [1.61051941, 0.577274024, 0.841487706, 0.153506875, -0.307997674, -0.974843144, -2.40811968, -0.100411959, 0.743199229, 0.184056327, -0.383056402, -0.863281846]]> : tensor<3x12xf32>
  check.expect_close %normed, %f tolerance = 5.0e-6 : tensor<3x12xf32>
}
