// RUN: perceiver-test-runner %s --from=strategy

// Attention whose queries are the points of a grid.

// Three axes, two heads, five features: lines of 17 points, which no vector
// divides, so most vectors have points of two lines. Some keys are masked, in
// the last batch entry all.

func.func @cube(%r: tensor<?x255xf32> {perceiver.name = "r", perceiver.sizes = ["batch"]},
                %f: tensor<?x255x5xf32> {perceiver.name = "f", perceiver.sizes = ["batch"]},
                %k: tensor<?x37x60xf32> {perceiver.name = "k", perceiver.sizes = ["batch"]},
                %v: tensor<?x37x22xf32> {perceiver.name = "v", perceiver.sizes = ["batch"]},
                %mask: tensor<?x37xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"]},
                %c: tensor<?x2x37xf32> {perceiver.name = "c", perceiver.sizes = ["batch"]})
    -> (tensor<?x255x22xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x2x255xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %batch = tensor.dim %k, %c0 : tensor<?x37x60xf32>
  %i8 = tensor.empty(%batch) : tensor<?x37xi8>
  %m8 = block.key_mask mask(%mask : tensor<?x37xi1>) outs(%i8 : tensor<?x37xi8>)
      {masked_rows = #perceiver.masked_rows<uniform>} -> tensor<?x37xi8>
  %ia = tensor.empty(%batch) : tensor<?x2x11x255xf32>
  %im = tensor.empty(%batch) : tensor<?x2x255xf32>
  %is = tensor.empty(%batch) : tensor<?x2x255xf32>
  %a0 = linalg.fill ins(%zero : f32) outs(%ia : tensor<?x2x11x255xf32>) -> tensor<?x2x11x255xf32>
  %m0 = linalg.fill ins(%low : f32) outs(%im : tensor<?x2x255xf32>) -> tensor<?x2x255xf32>
  %s0 = linalg.fill ins(%zero : f32) outs(%is : tensor<?x2x255xf32>) -> tensor<?x2x255xf32>
  %a, %m, %s = block.grid_query_attention ins(%r, %k, %v : tensor<?x255xf32>, tensor<?x37x60xf32>, tensor<?x37x22xf32>)
      features(%f : tensor<?x255x5xf32>) mask(%m8 : tensor<?x37xi8>) score_bias(%c : tensor<?x2x37xf32>)
      outs(%a0, %m0, %s0 : tensor<?x2x11x255xf32>, tensor<?x2x255xf32>, tensor<?x2x255xf32>)
      grid = [3, 5, 17] heads = 2 scale = 0.3
      -> tensor<?x2x11x255xf32>, tensor<?x2x255xf32>, tensor<?x2x255xf32>
  %io = tensor.empty(%batch) : tensor<?x255x22xf32>
  %il = tensor.empty(%batch) : tensor<?x2x255xf32>
  %o, %lse = block.finish_attention ins(%a, %m, %s : tensor<?x2x11x255xf32>, tensor<?x2x255xf32>, tensor<?x2x255xf32>)
      outs(%io, %il : tensor<?x255x22xf32>, tensor<?x2x255xf32>) -> tensor<?x255x22xf32>, tensor<?x2x255xf32>
  return %o, %lse : tensor<?x255x22xf32>, tensor<?x2x255xf32>
}

check.test "three axes, two heads, a mask, a bias" {
  %r = check.generate "r" offset = 1.5 : tensor<3x255xf32>
  %f = check.generate "f" : tensor<3x255x5xf32>
  %k = check.generate "k" scale = 2.0 : tensor<3x37x60xf32>
  %v = check.generate "v" : tensor<3x37x22xf32>
  %some = check.generate "mask" : tensor<3x37xi1>
  %none = arith.constant dense<false> : tensor<1x37xi1>
  %mask = tensor.insert_slice %none into %some[2, 0] [1, 37] [1, 1] : tensor<1x37xi1> into tensor<3x37xi1>
  %c = check.generate "c" scale = 2.0 : tensor<3x2x37xf32>
  %o, %lse = check.run @cube(%r, %f, %k, %v, %mask, %c)
      : (tensor<3x255xf32>, tensor<3x255x5xf32>, tensor<3x37x60xf32>, tensor<3x37x22xf32>, tensor<3x37xi1>, tensor<3x2x37xf32>)
      -> (tensor<3x255x22xf32>, tensor<3x2x255xf32>)
  // >>> valid = some.copy(); valid[2] = False
  // >>> o, lse = finish_attention(grid_query_attention(r, k, v, grid=[3, 5, 17], heads=2, scale=0.3, features=f, mask=key_mask(37, mask=valid, masked_rows="uniform"), score_bias=c))
  // %e = o[:, ::50, ::7]
  %e = arith.constant dense<[[[0.268702298, 0.0489971302, 0.15108487, -0.361043423], [0.367346704, 0.18754299, 0.0925696194, -0.283280075], [0.29731971, 0.129339844, 0.0679897368, -0.495508343], [0.403436542, 0.347794861, -0.204206169, -0.164751664], [0.325811833, -0.010831207, -0.0401041023, -0.241166979], [0.00480964547, 0.452432781, 0.182779059, -0.303498983]], [[0.179197326, -0.0596297868, 0.162232712, -0.605693877], [-0.0780033618, -0.174143001, 0.0186073706, -0.110445313], [0.0591799319, 0.0911517739, -0.116055198, -0.348489285], [0.0955750942, 0.0265635327, -0.0997695699, 0.269522518], [0.121425405, -0.183564141, 0.053920757, 0.310376167], [0.353298008, -0.289638191, -0.0372651368, -0.21455203]], [[0.239383668, 0.0790365115, -0.014229509, 0.138357729], [0.239383668, 0.0790365115, -0.014229509, 0.138357729], [0.239383668, 0.0790365115, -0.014229509, 0.138357729], [0.239383668, 0.0790365115, -0.014229509, 0.138357729], [0.239383668, 0.0790365115, -0.014229509, 0.138357729], [0.239383668, 0.0790365115, -0.014229509, 0.138357729]]]> : tensor<3x6x4xf32>
  %part = tensor.extract_slice %o[0, 0, 0] [3, 6, 4] [1, 50, 7] : tensor<3x255x22xf32> to tensor<3x6x4xf32>
  check.expect_close %part, %e tolerance = 3.0e-6 : tensor<3x6x4xf32>
  // %e_lse = lse[:, :, ::50]
  %e_lse = arith.constant dense<[[[4.14910555, 4.43667841, 4.94442701, 4.11359262, 5.34978008, 5.00923538], [3.95441675, 4.97247982, 4.56676626, 4.53099823, 4.53039217, 5.21250772]], [[3.91146326, 3.45491719, 3.80005336, 4.58862543, 3.53120446, 3.38270593], [3.95263362, 4.05159378, 4.08716106, 4.26872683, 3.93991899, 3.64989758]], [[-3.40282347e+38, -3.40282347e+38, -3.40282347e+38, -3.40282347e+38, -3.40282347e+38, -3.40282347e+38], [-3.40282347e+38, -3.40282347e+38, -3.40282347e+38, -3.40282347e+38, -3.40282347e+38, -3.40282347e+38]]]> : tensor<3x2x6xf32>
  %some_lse = tensor.extract_slice %lse[0, 0, 0] [3, 2, 6] [1, 1, 50] : tensor<3x2x255xf32> to tensor<3x2x6xf32>
  check.expect_close %some_lse, %e_lse tolerance = 2.0e-6 : tensor<3x2x6xf32>
}

// One axis, any number of keys, which are two blocks and a bit, sums in float64.

func.func @line(%r: tensor<?x131xf32> {perceiver.name = "r", perceiver.sizes = ["batch"]},
                %f: tensor<?x131x2xf32> {perceiver.name = "f", perceiver.sizes = ["batch"]},
                %k: tensor<?x?x133xf32> {perceiver.name = "k", perceiver.sizes = ["batch", "keys"]},
                %v: tensor<?x?x5xf32> {perceiver.name = "v", perceiver.sizes = ["batch", "keys"]},
                %mask: tensor<?x?xi1> {perceiver.name = "mask", perceiver.sizes = ["batch", "keys"]})
    -> (tensor<?x131x5xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x1x131xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f64
  %low = arith.constant 0xFF800000 : f32
  %batch = tensor.dim %k, %c0 : tensor<?x?x133xf32>
  %c1 = arith.constant 1 : index
  %keys = tensor.dim %k, %c1 : tensor<?x?x133xf32>
  %i8 = tensor.empty(%batch, %keys) : tensor<?x?xi8>
  %m8 = block.key_mask mask(%mask : tensor<?x?xi1>) outs(%i8 : tensor<?x?xi8>)
      {masked_rows = #perceiver.masked_rows<zero>} -> tensor<?x?xi8>
  %ia = tensor.empty(%batch) : tensor<?x1x5x131xf64>
  %im = tensor.empty(%batch) : tensor<?x1x131xf32>
  %is = tensor.empty(%batch) : tensor<?x1x131xf64>
  %a0 = linalg.fill ins(%zero : f64) outs(%ia : tensor<?x1x5x131xf64>) -> tensor<?x1x5x131xf64>
  %m0 = linalg.fill ins(%low : f32) outs(%im : tensor<?x1x131xf32>) -> tensor<?x1x131xf32>
  %s0 = linalg.fill ins(%zero : f64) outs(%is : tensor<?x1x131xf64>) -> tensor<?x1x131xf64>
  %a, %m, %s = block.grid_query_attention ins(%r, %k, %v : tensor<?x131xf32>, tensor<?x?x133xf32>, tensor<?x?x5xf32>)
      features(%f : tensor<?x131x2xf32>) mask(%m8 : tensor<?x?xi8>)
      outs(%a0, %m0, %s0 : tensor<?x1x5x131xf64>, tensor<?x1x131xf32>, tensor<?x1x131xf64>)
      grid = [131] heads = 1 scale = 0.7
      -> tensor<?x1x5x131xf64>, tensor<?x1x131xf32>, tensor<?x1x131xf64>
  %io = tensor.empty(%batch) : tensor<?x131x5xf32>
  %il = tensor.empty(%batch) : tensor<?x1x131xf32>
  %o, %lse = block.finish_attention ins(%a, %m, %s : tensor<?x1x5x131xf64>, tensor<?x1x131xf32>, tensor<?x1x131xf64>)
      outs(%io, %il : tensor<?x131x5xf32>, tensor<?x1x131xf32>) -> tensor<?x131x5xf32>, tensor<?x1x131xf32>
  return %o, %lse : tensor<?x131x5xf32>, tensor<?x1x131xf32>
}

check.test "one axis, any keys" {
  %r = check.generate "r" offset = 1.5 : tensor<2x131xf32>
  %f = check.generate "f" : tensor<2x131x2xf32>
  %k = check.generate "k" scale = 3.0 : tensor<2x601x133xf32>
  %v = check.generate "v" : tensor<2x601x5xf32>
  %some = check.generate "mask" : tensor<2x601xi1>
  %none = arith.constant dense<false> : tensor<1x601xi1>
  %mask = tensor.insert_slice %none into %some[1, 0] [1, 601] [1, 1] : tensor<1x601xi1> into tensor<2x601xi1>
  %o, %lse = check.run @line(%r, %f, %k, %v, %mask)
      : (tensor<2x131xf32>, tensor<2x131x2xf32>, tensor<2x601x133xf32>, tensor<2x601x5xf32>, tensor<2x601xi1>)
      -> (tensor<2x131x5xf32>, tensor<2x1x131xf32>)
  // >>> valid = some.copy(); valid[1] = False
  // >>> o, lse = finish_attention(grid_query_attention(r, k, v, grid=[131], heads=1, scale=0.7, features=f, mask=key_mask(601, mask=valid, masked_rows="zero")))
  // %e = o[:, ::26, ::2]
  %e = arith.constant dense<[[[0.0137383575, -0.0893984064, 0.0133546693], [0.017021304, -0.0287584774, -0.0161919352], [0.133153901, 0.0251699239, -0.0547594503], [0.0697346032, -0.122122593, -0.0980752707], [-0.0166074298, -0.0271769203, -0.0416864194], [0.0405585803, -0.30057165, 0.0107334675]], [[0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]]]> : tensor<2x6x3xf32>
  %part = tensor.extract_slice %o[0, 0, 0] [2, 6, 3] [1, 26, 2] : tensor<2x131x5xf32> to tensor<2x6x3xf32>
  check.expect_close %part, %e tolerance = 3.0e-6 : tensor<2x6x3xf32>
  // %e_lse = lse[:, :, ::26]
  %e_lse = arith.constant dense<[[[6.08554411, 6.74285889, 10.47155, 7.18860483, 9.11291599, 7.45865107]], [[0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000, 0xFF800000]]]> : tensor<2x1x6xf32>
  %some_lse = tensor.extract_slice %lse[0, 0, 0] [2, 1, 6] [1, 1, 26] : tensor<2x1x131xf32> to tensor<2x1x6xf32>
  check.expect_close %some_lse, %e_lse tolerance = 2.0e-6 : tensor<2x1x6xf32>
}

check.test "one axis, one key" {
  %r = check.generate "r" : tensor<1x131xf32>
  %f = check.generate "f" : tensor<1x131x2xf32>
  %k = check.generate "k" : tensor<1x1x133xf32>
  %v = check.generate "v" : tensor<1x1x5xf32>
  %mask = arith.constant dense<true> : tensor<1x1xi1>
  %o, %lse = check.run @line(%r, %f, %k, %v, %mask)
      : (tensor<1x131xf32>, tensor<1x131x2xf32>, tensor<1x1x133xf32>, tensor<1x1x5xf32>, tensor<1x1xi1>)
      -> (tensor<1x131x5xf32>, tensor<1x1x131xf32>)
  // >>> o, lse = finish_attention(grid_query_attention(r, k, v, grid=[131], heads=1, scale=0.7, features=f))
  // %e = o[:, ::26, ::2]
  %e = arith.constant dense<[[[0.736901343, -0.841632009, -0.0879850984], [0.736901343, -0.841632009, -0.0879850984], [0.736901343, -0.841632009, -0.0879850984], [0.736901343, -0.841632009, -0.0879850984], [0.736901343, -0.841632009, -0.0879850984], [0.736901343, -0.841632009, -0.0879850984]]]> : tensor<1x6x3xf32>
  %part = tensor.extract_slice %o[0, 0, 0] [1, 6, 3] [1, 26, 2] : tensor<1x131x5xf32> to tensor<1x6x3xf32>
  check.expect_close %part, %e tolerance = 3.0e-6 : tensor<1x6x3xf32>
  // %e_lse = lse[:, :, ::26]
  %e_lse = arith.constant dense<[[[-0.339320123, -0.42491895, 0.171682253, 0.0370769128, 0.218736768, -0.547083378]]]> : tensor<1x1x6xf32>
  %some_lse = tensor.extract_slice %lse[0, 0, 0] [1, 1, 6] [1, 1, 26] : tensor<1x1x131xf32> to tensor<1x1x6xf32>
  check.expect_close %some_lse, %e_lse tolerance = 2.0e-6 : tensor<1x1x6xf32>
}

// No features, factors of all batch entries; lines of 3 points, so a vector has
// several; the last axis has one point, the points that all share.

func.func @positions(%r: tensor<135xf32> {perceiver.name = "r"},
                     %k: tensor<?x70x18xf32> {perceiver.name = "k", perceiver.sizes = ["batch"]},
                     %v: tensor<?x70x33xf32> {perceiver.name = "v", perceiver.sizes = ["batch"]},
                     %c: tensor<?x1x70xf32> {perceiver.name = "c", perceiver.sizes = ["batch"]})
    -> (tensor<?x135x33xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x1x135xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %batch = tensor.dim %k, %c0 : tensor<?x70x18xf32>
  %ia = tensor.empty(%batch) : tensor<?x1x33x135xf32>
  %im = tensor.empty(%batch) : tensor<?x1x135xf32>
  %is = tensor.empty(%batch) : tensor<?x1x135xf32>
  %a0 = linalg.fill ins(%zero : f32) outs(%ia : tensor<?x1x33x135xf32>) -> tensor<?x1x33x135xf32>
  %m0 = linalg.fill ins(%low : f32) outs(%im : tensor<?x1x135xf32>) -> tensor<?x1x135xf32>
  %s0 = linalg.fill ins(%zero : f32) outs(%is : tensor<?x1x135xf32>) -> tensor<?x1x135xf32>
  %a, %m, %s = block.grid_query_attention ins(%r, %k, %v : tensor<135xf32>, tensor<?x70x18xf32>, tensor<?x70x33xf32>)
      score_bias(%c : tensor<?x1x70xf32>)
      outs(%a0, %m0, %s0 : tensor<?x1x33x135xf32>, tensor<?x1x135xf32>, tensor<?x1x135xf32>)
      grid = [9, 5, 3, 1] heads = 1 scale = 0.5
      -> tensor<?x1x33x135xf32>, tensor<?x1x135xf32>, tensor<?x1x135xf32>
  %io = tensor.empty(%batch) : tensor<?x135x33xf32>
  %il = tensor.empty(%batch) : tensor<?x1x135xf32>
  %o, %lse = block.finish_attention ins(%a, %m, %s : tensor<?x1x33x135xf32>, tensor<?x1x135xf32>, tensor<?x1x135xf32>)
      outs(%io, %il : tensor<?x135x33xf32>, tensor<?x1x135xf32>) -> tensor<?x135x33xf32>, tensor<?x1x135xf32>
  return %o, %lse : tensor<?x135x33xf32>, tensor<?x1x135xf32>
}

check.test "no features" {
  %r = check.generate "r" offset = 1.5 : tensor<135xf32>
  %k = check.generate "k" scale = 3.0 : tensor<2x70x18xf32>
  %v = check.generate "v" : tensor<2x70x33xf32>
  %c = check.generate "c" : tensor<2x1x70xf32>
  %o, %lse = check.run @positions(%r, %k, %v, %c)
      : (tensor<135xf32>, tensor<2x70x18xf32>, tensor<2x70x33xf32>, tensor<2x1x70xf32>)
      -> (tensor<2x135x33xf32>, tensor<2x1x135xf32>)
  // >>> o, lse = finish_attention(grid_query_attention(r, k, v, grid=[9, 5, 3, 1], heads=1, scale=0.5, score_bias=c))
  // %e = o[:, ::20, ::5]
  %e = arith.constant dense<[[[0.269694507, 0.0332221314, 0.0811660215, -0.262658834, 0.0969858468, -0.140396744, 0.084431842], [0.148013294, 0.448079586, 0.431713492, -0.00691064447, 0.372857749, -0.163017899, 0.329983443], [0.46023035, -0.220645636, 0.418800861, 0.149569526, 0.046399802, -0.139006376, -0.310836315], [0.536804736, -0.201039732, 0.39528507, -0.0153831877, 0.178802207, -0.000204315744, -0.274712116], [0.235882133, 0.0267608054, 0.209419817, -0.290266186, 0.439607769, -0.382382989, -0.0111708706], [0.39365375, -0.322279274, 0.514303207, -0.040210627, 0.0668848082, -0.260462999, -0.181356877], [0.478915542, -0.188649014, 0.264101744, -0.126055121, 0.205998614, 0.48186332, 0.141357526]], [[0.161531523, 0.0458486453, 0.133555233, -0.0591292344, 0.300788909, -0.16745989, 0.0922163799], [0.121130295, 0.0581205003, 0.153505012, 0.0881482065, 0.0532410145, -0.269180715, -0.341825873], [0.725113809, -0.492881119, 0.345744818, -0.0698726177, 0.717813611, 0.548212349, -0.128821254], [-0.0167541727, -0.0507071428, -0.0814161524, 0.108248435, 0.472229749, -0.423877269, -0.0571908131], [0.131305978, 0.319258273, 0.0696460828, 0.130259484, 0.180422857, -0.194838881, 0.0819269568], [0.106967963, -0.466112882, 0.229502603, -0.503886878, 0.444261461, 0.375481904, 0.139953956], [-0.147498816, 0.405177951, 0.291961342, 0.0382493772, 0.483651489, -0.538074553, 0.403544903]]]> : tensor<2x7x7xf32>
  %part = tensor.extract_slice %o[0, 0, 0] [2, 7, 7] [1, 20, 5] : tensor<2x135x33xf32> to tensor<2x7x7xf32>
  check.expect_close %part, %e tolerance = 3.0e-6 : tensor<2x7x7xf32>
  // %e_lse = lse[:, :, ::20]
  %e_lse = arith.constant dense<[[[5.43217421, 7.1448431, 8.70583153, 8.16938114, 6.18339539, 8.42729187, 8.60968971]], [[5.07498312, 8.03940487, 9.22279644, 7.2789979, 6.25163555, 9.36861992, 7.79514694]]]> : tensor<2x1x7xf32>
  %some_lse = tensor.extract_slice %lse[0, 0, 0] [2, 1, 7] [1, 1, 20] : tensor<2x1x135xf32> to tensor<2x1x7xf32>
  check.expect_close %some_lse, %e_lse tolerance = 2.0e-6 : tensor<2x1x7xf32>
}

// Two axes in tasks of 55 points, which begin and end within lines, and features
// far from 0, whose factors make up for that.

func.func @plane(%r: tensor<?x217xf32> {perceiver.name = "r", perceiver.sizes = ["batch"]},
                 %f: tensor<?x217x67xf32> {perceiver.name = "f", perceiver.sizes = ["batch"]},
                 %k: tensor<?x300x105xf32> {perceiver.name = "k", perceiver.sizes = ["batch"]},
                 %v: tensor<?x300x19xf32> {perceiver.name = "v", perceiver.sizes = ["batch"]},
                 %c: tensor<?x1x300xf32> {perceiver.name = "c", perceiver.sizes = ["batch"]})
    -> (tensor<?x217x19xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x1x217xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %batch = tensor.dim %k, %c0 : tensor<?x300x105xf32>
  %ia = tensor.empty(%batch) : tensor<?x1x19x217xf32>
  %im = tensor.empty(%batch) : tensor<?x1x217xf32>
  %is = tensor.empty(%batch) : tensor<?x1x217xf32>
  %a0 = linalg.fill ins(%zero : f32) outs(%ia : tensor<?x1x19x217xf32>) -> tensor<?x1x19x217xf32>
  %m0 = linalg.fill ins(%low : f32) outs(%im : tensor<?x1x217xf32>) -> tensor<?x1x217xf32>
  %s0 = linalg.fill ins(%zero : f32) outs(%is : tensor<?x1x217xf32>) -> tensor<?x1x217xf32>
  %a, %m, %s = block.grid_query_attention ins(%r, %k, %v : tensor<?x217xf32>, tensor<?x300x105xf32>, tensor<?x300x19xf32>)
      features(%f : tensor<?x217x67xf32>) score_bias(%c : tensor<?x1x300xf32>)
      outs(%a0, %m0, %s0 : tensor<?x1x19x217xf32>, tensor<?x1x217xf32>, tensor<?x1x217xf32>)
      grid = [7, 31] heads = 1 scale = 0.125 {perceiver.tiling = #perceiver.tiling<task = [1, 0, 55]>}
      -> tensor<?x1x19x217xf32>, tensor<?x1x217xf32>, tensor<?x1x217xf32>
  %io = tensor.empty(%batch) : tensor<?x217x19xf32>
  %il = tensor.empty(%batch) : tensor<?x1x217xf32>
  %o, %lse = block.finish_attention ins(%a, %m, %s : tensor<?x1x19x217xf32>, tensor<?x1x217xf32>, tensor<?x1x217xf32>)
      outs(%io, %il : tensor<?x217x19xf32>, tensor<?x1x217xf32>) {perceiver.tiling = #perceiver.tiling<task = [1, 0, 55]>} -> tensor<?x217x19xf32>, tensor<?x1x217xf32>
  return %o, %lse : tensor<?x217x19xf32>, tensor<?x1x217xf32>
}

check.test "two axes, tasks that begin within lines" {
  %r = check.generate "r" offset = 1.5 : tensor<2x217xf32>
  %f = check.generate "f" : tensor<2x217x67xf32>
  %k = check.generate "k" scale = 0.5 : tensor<2x300x105xf32>
  %v = check.generate "v" : tensor<2x300x19xf32>
  %c = check.generate "c" : tensor<2x1x300xf32>
  %o, %lse = check.run @plane(%r, %f, %k, %v, %c)
      : (tensor<2x217xf32>, tensor<2x217x67xf32>, tensor<2x300x105xf32>, tensor<2x300x19xf32>, tensor<2x1x300xf32>)
      -> (tensor<2x217x19xf32>, tensor<2x1x217xf32>)
  // >>> o, lse = finish_attention(grid_query_attention(r, k, v, grid=[7, 31], heads=1, scale=0.125, features=f, score_bias=c))
  // %e = o[:, ::27, ::3]
  %e = arith.constant dense<[[[0.0133436043, 0.0100629777, -0.0391332954, -0.0222619083, -0.0384563133, 0.0293272212, 0.0328355618], [0.0202144831, 0.0176675655, -0.0381671675, -0.0251933206, -0.0173784196, 0.00813906454, 0.0423154086], [0.0263478365, 0.0082949549, -0.0414009988, -0.0153196761, -0.0384911485, 0.0303641278, 0.0438721403], [0.0237794556, 0.00742158899, -0.033718273, -0.00624706736, -0.044881437, 0.0358685069, 0.0410525799], [0.0357209481, -0.00945534091, -0.042822551, -0.0209834296, -0.0476317257, 0.0249914899, 0.0639599562], [0.0261223782, 0.0229419228, -0.047922641, -0.0315516926, -0.0376975797, 0.0202461742, 0.0227114111], [0.0260618422, 0.000525102194, -0.0400359742, -0.0183555558, -0.0448816195, 0.0331634879, 0.0299676489], [0.0126803452, 0.0202341974, -0.0590154789, -0.0255141035, -0.0258305222, 0.0113790231, 0.0491759963], [0.010012826, 0.000288366893, -0.0552223511, -0.0308402125, -0.0363327488, 0.0296464525, 0.0434164479]], [[-0.00235169055, -0.0649061948, 0.0140775116, -0.0671963543, 0.0196727421, -0.0183550101, -0.0205405075], [-0.0217373725, -0.0568349287, 0.00450925715, -0.0747477189, 0.0118964203, -0.0112808784, -0.0125208423], [-0.0184351411, -0.0743193179, 0.0212783031, -0.0543686002, 0.00818605255, -0.0276742913, -0.0191170406], [-0.011821812, -0.0607700273, 0.0330283828, -0.0892265216, 0.00788887683, -0.019766748, -0.0106576728], [-0.00024918007, -0.0467694923, 0.00841301493, -0.0811891481, -0.00671822811, -0.0167747661, -0.00988067221], [-0.0179456063, -0.0533505715, 0.00609653722, -0.0825223178, 0.0100594526, -0.0148721039, -0.0299542807], [-0.0110006481, -0.0553211905, 0.0102084083, -0.0786535889, 0.00632802583, -0.00106453244, -0.0250524431], [-0.0119632268, -0.0585426278, -0.00739972759, -0.072535269, 0.000786352786, -0.011229774, -0.0236193575], [-0.00168047461, -0.0674071163, -0.0174428429, -0.0781345069, 0.00865201652, -0.0132205151, -0.0186593104]]]> : tensor<2x9x7xf32>
  %part = tensor.extract_slice %o[0, 0, 0] [2, 9, 7] [1, 27, 3] : tensor<2x217x19xf32> to tensor<2x9x7xf32>
  check.expect_close %part, %e tolerance = 3.0e-6 : tensor<2x9x7xf32>
  // %e_lse = lse[:, :, ::27]
  %e_lse = arith.constant dense<[[[5.8934226, 6.03780985, 5.91096306, 5.89167643, 5.93745232, 5.91955853, 5.90666676, 5.95134497, 5.94505215]], [[6.00585175, 5.93663836, 5.97131157, 5.95552444, 5.93061876, 5.92719221, 5.88786411, 5.89503908, 5.91688251]]]> : tensor<2x1x9xf32>
  %some_lse = tensor.extract_slice %lse[0, 0, 0] [2, 1, 9] [1, 1, 27] : tensor<2x1x217xf32> to tensor<2x1x9xf32>
  check.expect_close %some_lse, %e_lse tolerance = 2.0e-6 : tensor<2x1x9xf32>
}

check.test "two axes, far features" {
  %r = check.generate "r" scale = 1.0e-31 offset = 2.0e-30 : tensor<2x217xf32>
  %f = check.generate "f" scale = 1.0e30 offset = 1.0e30 : tensor<2x217x67xf32>
  %k = check.generate "k" scale = 0.5 : tensor<2x300x105xf32>
  %v = check.generate "v" : tensor<2x300x19xf32>
  %c = check.generate "c" : tensor<2x1x300xf32>
  %o, %lse = check.run @plane(%r, %f, %k, %v, %c)
      : (tensor<2x217xf32>, tensor<2x217x67xf32>, tensor<2x300x105xf32>, tensor<2x300x19xf32>, tensor<2x1x300xf32>)
      -> (tensor<2x217x19xf32>, tensor<2x1x217xf32>)
  // >>> o, lse = finish_attention(grid_query_attention(r, k, v, grid=[7, 31], heads=1, scale=0.125, features=f, score_bias=c))
  // %e = o[:, ::27, ::3]
  %e = arith.constant dense<[[[0.00228352984, -0.0147978161, -0.0602780953, -0.076252915, -0.063844189, 0.0275756177, -0.00417281222], [0.0270536393, -0.0182808954, -0.057223063, -0.058654353, -0.0561993308, 0.0282155853, 0.0024424789], [0.0382902287, -0.028417835, -0.0573891252, -0.0627106801, -0.0566921942, 0.0219846182, 0.0354950689], [0.0245184172, -0.0209742691, -0.0408912525, -0.0403047986, -0.0781844035, 0.0478777066, 0.0152975144], [0.0414599814, -0.0347009897, -0.0690276772, -0.0717602149, -0.0624404065, 0.0216992628, 0.029453719], [0.0224176534, 0.0248221625, -0.101648033, -0.0982832164, -0.0499923751, 0.00301473797, -0.0379343666], [0.024049297, -0.0399570987, -0.0555793233, -0.0559016913, -0.0744440705, 0.028450409, 0.00754815154], [0.002598383, -0.0125754522, -0.0793638378, -0.0610804968, -0.0572448336, 0.0063821217, 0.0192474537], [0.0382352881, -0.0388909578, -0.073984772, -0.0914591923, -0.0678664446, 0.0223321859, 0.0277180243]], [[0.0302555114, -0.0295466743, 0.0358289443, -0.0758582577, 0.0291575808, -0.00451242505, -0.0137982918], [0.0012883757, -0.00620053988, 0.0185968578, -0.0720275417, 0.0201928616, 0.0113990214, 0.0035250315], [0.00955304224, -0.00795639493, 0.038138058, -0.0671051368, 0.0098509714, 0.00560420705, -0.018844476], [0.0124376714, -0.00261446531, 0.0531350113, -0.111798011, 0.0168506447, 0.0136629678, -0.0224610008], [0.0412870571, -0.00127145357, 0.0103123458, -0.0751778409, 0.0121713188, 0.00029622615, 0.00462487806], [0.00591704296, 0.00343107409, 0.0295856372, -0.0780092925, 0.0356417447, -0.00324473251, -0.0252911188], [0.0415339023, -0.000246024429, 0.0485401079, -0.0832784548, 0.0275389813, 0.0296651721, -0.0261222515], [0.030533785, -0.00618426129, -0.0173343942, -0.0477986895, -0.011887664, 0.0307991318, 0.00904217083], [0.0234079342, -0.0249764509, -0.0200289655, -0.0823844299, 0.00959654059, 0.00912565738, 0.00373323774]]]> : tensor<2x9x7xf32>
  %part = tensor.extract_slice %o[0, 0, 0] [2, 9, 7] [1, 27, 3] : tensor<2x217x19xf32> to tensor<2x9x7xf32>
  check.expect_close %part, %e tolerance = 3.0e-6 : tensor<2x9x7xf32>
  // %e_lse = lse[:, :, ::27]
  %e_lse = arith.constant dense<[[[6.13099241, 6.27145958, 6.19644928, 6.16792917, 6.22305155, 6.2128911, 6.19597483, 6.15978622, 6.27404976]], [[6.13955021, 6.12191248, 6.14062452, 6.11990356, 6.13022327, 6.11845732, 6.10079384, 6.13847303, 6.03888035]]]> : tensor<2x1x9xf32>
  %some_lse = tensor.extract_slice %lse[0, 0, 0] [2, 1, 9] [1, 1, 27] : tensor<2x1x217xf32> to tensor<2x1x9xf32>
  check.expect_close %some_lse, %e_lse tolerance = 2.0e-6 : tensor<2x1x9xf32>
}

// A NaN among the features of a point reaches no other.

check.test "a point that is no number" {
  %r0 = check.generate "r" : tensor<1x217xf32>
  %f0 = check.generate "f" : tensor<1x217x67xf32>
  %k = check.generate "k" : tensor<1x300x105xf32>
  %v = check.generate "v" : tensor<1x300x19xf32>
  %c = check.generate "c" : tensor<1x1x300xf32>
  %nan_f = arith.constant dense<0x7FC00000> : tensor<1x1x67xf32>
  %nan_r = arith.constant dense<0x7FC00000> : tensor<1x1xf32>
  %f = tensor.insert_slice %nan_f into %f0[0, 100, 0] [1, 1, 67] [1, 1, 1] : tensor<1x1x67xf32> into tensor<1x217x67xf32>
  %r = tensor.insert_slice %nan_r into %r0[0, 100] [1, 1] [1, 1] : tensor<1x1xf32> into tensor<1x217xf32>
  %o0, %lse0 = check.run @plane(%r0, %f0, %k, %v, %c)
      : (tensor<1x217xf32>, tensor<1x217x67xf32>, tensor<1x300x105xf32>, tensor<1x300x19xf32>, tensor<1x1x300xf32>)
      -> (tensor<1x217x19xf32>, tensor<1x1x217xf32>)
  %o, %lse = check.run @plane(%r, %f, %k, %v, %c)
      : (tensor<1x217xf32>, tensor<1x217x67xf32>, tensor<1x300x105xf32>, tensor<1x300x19xf32>, tensor<1x1x300xf32>)
      -> (tensor<1x217x19xf32>, tensor<1x1x217xf32>)
  %before0 = tensor.extract_slice %o0[0, 0, 0] [1, 100, 19] [1, 1, 1] : tensor<1x217x19xf32> to tensor<1x100x19xf32>
  %before = tensor.extract_slice %o[0, 0, 0] [1, 100, 19] [1, 1, 1] : tensor<1x217x19xf32> to tensor<1x100x19xf32>
  check.expect_equal %before, %before0 : tensor<1x100x19xf32>
  %after0 = tensor.extract_slice %o0[0, 101, 0] [1, 116, 19] [1, 1, 1] : tensor<1x217x19xf32> to tensor<1x116x19xf32>
  %after = tensor.extract_slice %o[0, 101, 0] [1, 116, 19] [1, 1, 1] : tensor<1x217x19xf32> to tensor<1x116x19xf32>
  check.expect_equal %after, %after0 : tensor<1x116x19xf32>
  %it = tensor.extract_slice %o[0, 100, 0] [1, 1, 19] [1, 1, 1] : tensor<1x217x19xf32> to tensor<1x1x19xf32>
  // %e = np.full((1, 1, 19), np.nan)
  %e = arith.constant dense<[[[0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000, 0x7FC00000]]]> : tensor<1x1x19xf32>
  check.expect_close %it, %e tolerance = 1.0e-6 : tensor<1x1x19xf32>
}
