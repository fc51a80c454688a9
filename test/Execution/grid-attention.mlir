// RUN: perceiver-test-runner %s --from=strategy

// Attention to the points of a grid, and their deviations. Strips of the last
// axis are of at most 64 points.

// Three axes, two heads, five features: a register tile. Lanes are left over.
// Some points are masked, in the last batch entry all.

func.func @cube(%q: tensor<21x60xf32> {perceiver.name = "q"},
                %x: tensor<?x255x5xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
                %t0: tensor<2x3xf32> {perceiver.name = "t0"},
                %t1: tensor<2x5xf32> {perceiver.name = "t1"},
                %t2: tensor<2x17xf32> {perceiver.name = "t2"},
                %mask: tensor<?x255xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"]})
    -> (tensor<?x21x60xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x2x21xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]},
        tensor<?x255xf32> {perceiver.name = "r", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %batch = tensor.dim %x, %c0 : tensor<?x255x5xf32>
  %ir = tensor.empty(%batch) : tensor<?x255xf32>
  %r = block.grid_statistics ins(%x : tensor<?x255x5xf32>)
      tables(%t0, %t1, %t2 : tensor<2x3xf32>, tensor<2x5xf32>, tensor<2x17xf32>) outs(%ir : tensor<?x255xf32>)
      channels = [9, 7, 5] -> tensor<?x255xf32>
  %ik = tensor.empty(%batch) : tensor<?x255xi8>
  %k = block.key_mask mask(%mask : tensor<?x255xi1>) outs(%ik : tensor<?x255xi8>)
      {masked_rows = #perceiver.masked_rows<uniform>} -> tensor<?x255xi8>
  %ia = tensor.empty(%batch) : tensor<?x2x30x21xf32>
  %im = tensor.empty(%batch) : tensor<?x2x21xf32>
  %is = tensor.empty(%batch) : tensor<?x2x21xf32>
  %a0 = linalg.fill ins(%zero : f32) outs(%ia : tensor<?x2x30x21xf32>) -> tensor<?x2x30x21xf32>
  %m0 = linalg.fill ins(%low : f32) outs(%im : tensor<?x2x21xf32>) -> tensor<?x2x21xf32>
  %s0 = linalg.fill ins(%zero : f32) outs(%is : tensor<?x2x21xf32>) -> tensor<?x2x21xf32>
  %a, %m, %s = block.grid_attention ins(%q, %x, %r : tensor<21x60xf32>, tensor<?x255x5xf32>, tensor<?x255xf32>) mask(%k : tensor<?x255xi8>)
      outs(%a0, %m0, %s0 : tensor<?x2x30x21xf32>, tensor<?x2x21xf32>, tensor<?x2x21xf32>)
      grid = [3, 5, 17] heads = 2 scale = 0.3
      -> tensor<?x2x30x21xf32>, tensor<?x2x21xf32>, tensor<?x2x21xf32>
  %io = tensor.empty(%batch) : tensor<?x21x60xf32>
  %il = tensor.empty(%batch) : tensor<?x2x21xf32>
  %o, %lse = block.finish_attention ins(%a, %m, %s : tensor<?x2x30x21xf32>, tensor<?x2x21xf32>, tensor<?x2x21xf32>)
      outs(%io, %il : tensor<?x21x60xf32>, tensor<?x2x21xf32>) -> tensor<?x21x60xf32>, tensor<?x2x21xf32>
  return %o, %lse, %r : tensor<?x21x60xf32>, tensor<?x2x21xf32>, tensor<?x255xf32>
}

check.test "three axes, two heads, a mask" {
  %q = check.generate "q" scale = 2.0 : tensor<21x60xf32>
  %x = check.generate "x" : tensor<3x255x5xf32>
  %t0 = check.generate "t0" offset = 1.5 : tensor<2x3xf32>
  %t1 = check.generate "t1" offset = 1.5 : tensor<2x5xf32>
  %t2 = check.generate "t2" offset = 1.5 : tensor<2x17xf32>
  %some = check.generate "mask" : tensor<3x255xi1>
  %none = arith.constant dense<false> : tensor<1x255xi1>
  %mask = tensor.insert_slice %none into %some[2, 0] [1, 255] [1, 1] : tensor<1x255xi1> into tensor<3x255xi1>
  %o, %lse, %r = check.run @cube(%q, %x, %t0, %t1, %t2, %mask)
      : (tensor<21x60xf32>, tensor<3x255x5xf32>, tensor<2x3xf32>, tensor<2x5xf32>, tensor<2x17xf32>, tensor<3x255xi1>)
      -> (tensor<3x21x60xf32>, tensor<3x2x21xf32>, tensor<3x255xf32>)
  // >>> factors = grid_statistics(x, [t0, t1, t2], channels=[9, 7, 5])
  // >>> valid = some.copy(); valid[2] = False
  // >>> o, lse = finish_attention(grid_attention(np.broadcast_to(q, (3, *q.shape)), x, factors, grid=[3, 5, 17], heads=2, scale=0.3, mask=key_mask(255, mask=valid, masked_rows="uniform")))
  // %e = o[:, ::10, ::9]
  %e = arith.constant dense<[[[-0.0551431254, 0.21669364, 0.0391327664, 0.0561879277, 0.163893357, 0.0584689863, 0.0742491335], [0.0557087846, 0.16218172, 0.0366860703, 0.0649034455, 0.36252588, 0.0238906462, 0.222368225], [0.26507616, 0.142067805, 0.0722668469, 0.0829383358, 0.300388634, 0.0198366381, 0.0535296686]], [[-0.12440069, 0.204128191, 0.0612470731, 0.0326698273, 0.164078474, 0.0698806569, 0.0621202067], [-0.0156310406, 0.146282837, 0.0254663061, 0.0440814123, 0.362698168, 0.0819476247, 0.110339291], [0.188275814, 0.113226317, 0.0608022101, 0.039031364, 0.353067011, 0.0273786355, 0.044815056]], [[0.0263603218, 0.224398479, 0.0626166612, 0.0656233355, 0.381726027, 0.066065222, 0.0663910061], [0.0263603218, 0.224398479, 0.0626166612, 0.0656233355, 0.381726027, 0.066065222, 0.0663910061], [0.0263603218, 0.224398479, 0.0626166612, 0.0656233355, 0.381726027, 0.066065222, 0.0663910061]]]> : tensor<3x3x7xf32>
  %part = tensor.extract_slice %o[0, 0, 0] [3, 3, 7] [1, 10, 9] : tensor<3x21x60xf32> to tensor<3x3x7xf32>
  check.expect_close %part, %e tolerance = 3.0e-6 : tensor<3x3x7xf32>
  // %f = lse[:, :, ::10]
  %f = arith.constant dense<[[[5.10017443, 4.57103443, 5.34163332], [5.12007523, 5.42539454, 5.34532499]], [[5.11914778, 4.50849819, 5.36726284], [5.14072752, 5.27479267, 5.26814461]], [[-3.40282347e+38, -3.40282347e+38, -3.40282347e+38], [-3.40282347e+38, -3.40282347e+38, -3.40282347e+38]]]> : tensor<3x2x3xf32>
  %some_lse = tensor.extract_slice %lse[0, 0, 0] [3, 2, 3] [1, 1, 10] : tensor<3x2x21xf32> to tensor<3x2x3xf32>
  check.expect_close %some_lse, %f tolerance = 2.0e-6 : tensor<3x2x3xf32>
  // %g = factors[:, ::36]
  %g = arith.constant dense<[[1.26302481, 1.1589514, 1.13886881, 1.30215704, 1.27089942, 1.01269472, 0.915370643, 0.895313382], [1.03713286, 1.32641518, 1.60572112, 1.10619509, 1.32399642, 1.0053277, 0.965811551, 0.945591629], [1.22124743, 1.11564744, 1.47200418, 0.93995893, 1.21704674, 1.29662907, 1.02719653, 1.05347466]]> : tensor<3x8xf32>
  %some_r = tensor.extract_slice %r[0, 0] [3, 8] [1, 36] : tensor<3x255xf32> to tensor<3x8xf32>
  check.expect_close %some_r, %g tolerance = 1.0e-6 : tensor<3x8xf32>
}

// One axis, which is two strips and a bit, any number of queries of a batch, sums
// in float64.

func.func @line(%q: tensor<?x?x133xf32> {perceiver.name = "q", perceiver.sizes = ["batch", "queries"]},
                %x: tensor<?x131x2xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
                %t0: tensor<2x131xf32> {perceiver.name = "t0"})
    -> (tensor<?x?x133xf32> {perceiver.name = "o", perceiver.sizes = ["batch", "queries"]},
        tensor<?x1x?xf32> {perceiver.name = "lse", perceiver.sizes = ["batch", "queries"]},
        tensor<?x131xf32> {perceiver.name = "r", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %wide = arith.constant 0.0 : f64
  %low = arith.constant 0xFF800000 : f32
  %batch = tensor.dim %x, %c0 : tensor<?x131x2xf32>
  %n = tensor.dim %q, %c1 : tensor<?x?x133xf32>
  %ir = tensor.empty(%batch) : tensor<?x131xf32>
  %r = block.grid_statistics ins(%x : tensor<?x131x2xf32>)
      tables(%t0 : tensor<2x131xf32>) outs(%ir : tensor<?x131xf32>)
      channels = [33] -> tensor<?x131xf32>
  %ia = tensor.empty(%batch, %n) : tensor<?x1x133x?xf64>
  %im = tensor.empty(%batch, %n) : tensor<?x1x?xf32>
  %is = tensor.empty(%batch, %n) : tensor<?x1x?xf64>
  %a0 = linalg.fill ins(%wide : f64) outs(%ia : tensor<?x1x133x?xf64>) -> tensor<?x1x133x?xf64>
  %m0 = linalg.fill ins(%low : f32) outs(%im : tensor<?x1x?xf32>) -> tensor<?x1x?xf32>
  %s0 = linalg.fill ins(%wide : f64) outs(%is : tensor<?x1x?xf64>) -> tensor<?x1x?xf64>
  %a, %m, %s = block.grid_attention ins(%q, %x, %r : tensor<?x?x133xf32>, tensor<?x131x2xf32>, tensor<?x131xf32>)
      outs(%a0, %m0, %s0 : tensor<?x1x133x?xf64>, tensor<?x1x?xf32>, tensor<?x1x?xf64>)
      grid = [131] heads = 1 scale = 0.7
      -> tensor<?x1x133x?xf64>, tensor<?x1x?xf32>, tensor<?x1x?xf64>
  %io = tensor.empty(%batch, %n) : tensor<?x?x133xf32>
  %il = tensor.empty(%batch, %n) : tensor<?x1x?xf32>
  %o, %lse = block.finish_attention ins(%a, %m, %s : tensor<?x1x133x?xf64>, tensor<?x1x?xf32>, tensor<?x1x?xf64>)
      outs(%io, %il : tensor<?x?x133xf32>, tensor<?x1x?xf32>) -> tensor<?x?x133xf32>, tensor<?x1x?xf32>
  return %o, %lse, %r : tensor<?x?x133xf32>, tensor<?x1x?xf32>, tensor<?x131xf32>
}

check.test "one axis" {
  %q = check.generate "q" scale = 4.0 : tensor<2x37x133xf32>
  %x = check.generate "x" : tensor<2x131x2xf32>
  %t0 = check.generate "t0" offset = 1.5 : tensor<2x131xf32>
  %o, %lse, %r = check.run @line(%q, %x, %t0)
      : (tensor<2x37x133xf32>, tensor<2x131x2xf32>, tensor<2x131xf32>)
      -> (tensor<2x37x133xf32>, tensor<2x1x37xf32>, tensor<2x131xf32>)
  // >>> factors = grid_statistics(x, [t0], channels=[33])
  // >>> o, lse = finish_attention(grid_attention(q, x, factors, grid=[131], heads=1, scale=0.7))
  // %e = o[:, ::18, ::22]
  %e = arith.constant dense<[[[-1.7749573, 4.00099489e-05, 2.85425222e-06, 0.000167116727, 0.00134157191, 0.00111207587, 0.00482424535], [2.80998468, 8.30120754e-08, 1.05089475e-06, 4.93329253e-07, 1.42072976e-08, 2.58151364, 2.18832088e-11], [-1.85309279, 0.00112747517, 0.0059015844, 4.38959141e-05, 1.33652711e-05, 3.14016081e-20, 2.42105193e-06]], [[3.32040954, 6.82230748e-12, 1.62940399e-08, 2.22169852e-11, 7.34105754e-07, 1.88031972e-05, 3.77149348e-07], [-1.43414617, 6.77240678e-05, 0.0295535773, 0.000280549022, 2.64956143e-05, 0.0280402191, 0.181575418], [2.37639904, 6.07598583e-10, 1.55459787e-07, 1.32618538e-09, 9.01905969e-06, 0.00304457662, 3.94921817e-10]]]> : tensor<2x3x7xf32>
  %part = tensor.extract_slice %o[0, 0, 0] [2, 3, 7] [1, 18, 22] : tensor<2x37x133xf32> to tensor<2x3x7xf32>
  check.expect_close %part, %e tolerance = 3.0e-6 : tensor<2x3x7xf32>
  // %f = lse[:, :, ::18]
  %f = arith.constant dense<[[[10.8668633, 16.0178261, 12.7092428]], [[21.4627743, 11.0961552, 17.2648067]]]> : tensor<2x1x3xf32>
  %some_lse = tensor.extract_slice %lse[0, 0, 0] [2, 1, 3] [1, 1, 18] : tensor<2x1x37xf32> to tensor<2x1x3xf32>
  check.expect_close %some_lse, %f tolerance = 2.0e-6 : tensor<2x1x3xf32>
  // %g = factors[:, ::18]
  %g = arith.constant dense<[[2.10795379, 2.27856803, 1.82261515, 4.73115683, 1.99975038, 4.40924692, 6.17361498, 2.64922047], [2.40752125, 2.79852486, 1.97592247, 3.16493535, 2.0849936, 3.40035129, 4.24075413, 3.60718679]]> : tensor<2x8xf32>
  %some_r = tensor.extract_slice %r[0, 0] [2, 8] [1, 18] : tensor<2x131xf32> to tensor<2x8xf32>
  check.expect_close %some_r, %g tolerance = 1.0e-6 : tensor<2x8xf32>
}

check.test "one axis, one query" {
  %q = check.generate "q" : tensor<1x1x133xf32>
  %x = check.generate "x" : tensor<1x131x2xf32>
  %t0 = check.generate "t0" offset = 1.5 : tensor<2x131xf32>
  %o, %lse, %r = check.run @line(%q, %x, %t0)
      : (tensor<1x1x133xf32>, tensor<1x131x2xf32>, tensor<2x131xf32>)
      -> (tensor<1x1x133xf32>, tensor<1x1x1xf32>, tensor<1x131xf32>)
  // >>> factors = grid_statistics(x, [t0], channels=[33])
  // >>> o, lse = finish_attention(grid_attention(q, x, factors, grid=[131], heads=1, scale=0.7))
  // %e = o[:, ::1, ::22]
  %e = arith.constant dense<[[[-0.631474733, 0.0118851289, 0.00469793053, 0.0141501771, 0.0259318482, 0.0492693447, 0.0428126939]]]> : tensor<1x1x7xf32>
  %part = tensor.extract_slice %o[0, 0, 0] [1, 1, 7] [1, 1, 22] : tensor<1x1x133xf32> to tensor<1x1x7xf32>
  check.expect_close %part, %e tolerance = 3.0e-6 : tensor<1x1x7xf32>
  // %f = lse[:, :, ::1]
  %f = arith.constant dense<[[[5.39200068]]]> : tensor<1x1x1xf32>
  %some_lse = tensor.extract_slice %lse[0, 0, 0] [1, 1, 1] [1, 1, 1] : tensor<1x1x1xf32> to tensor<1x1x1xf32>
  check.expect_close %some_lse, %f tolerance = 2.0e-6 : tensor<1x1x1xf32>
  // %g = factors[:, ::18]
  %g = arith.constant dense<[[2.10795379, 2.27856803, 1.82261515, 4.73115683, 1.99975038, 4.40924692, 6.17361498, 2.64922047]]> : tensor<1x8xf32>
  %some_r = tensor.extract_slice %r[0, 0] [1, 8] [1, 18] : tensor<1x131xf32> to tensor<1x8xf32>
  check.expect_close %some_r, %g tolerance = 1.0e-6 : tensor<1x8xf32>
}

// More lines than a sum is long, channels that all points share, and features far
// from zero.

func.func @plane(%q: tensor<?x33x37xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                 %x: tensor<?x1287x3xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
                 %t0: tensor<2x9xf32> {perceiver.name = "t0"},
                 %t1: tensor<2x13xf32> {perceiver.name = "t1"},
                 %t2: tensor<2x11xf32> {perceiver.name = "t2"},
                 %t3: tensor<2x1xf32> {perceiver.name = "t3"})
    -> (tensor<?x33x37xf32> {perceiver.name = "o", perceiver.sizes = ["batch"]},
        tensor<?x1x33xf32> {perceiver.name = "lse", perceiver.sizes = ["batch"]},
        tensor<?x1287xf32> {perceiver.name = "r", perceiver.sizes = ["batch"]})
    attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %low = arith.constant 0xFF800000 : f32
  %batch = tensor.dim %x, %c0 : tensor<?x1287x3xf32>
  %ir = tensor.empty(%batch) : tensor<?x1287xf32>
  %r = block.grid_statistics ins(%x : tensor<?x1287x3xf32>)
      tables(%t0, %t1, %t2, %t3 : tensor<2x9xf32>, tensor<2x13xf32>, tensor<2x11xf32>, tensor<2x1xf32>) outs(%ir : tensor<?x1287xf32>)
      channels = [4, 5, 6, 2] -> tensor<?x1287xf32>
  %ia = tensor.empty(%batch) : tensor<?x1x37x33xf32>
  %im = tensor.empty(%batch) : tensor<?x1x33xf32>
  %is = tensor.empty(%batch) : tensor<?x1x33xf32>
  %a0 = linalg.fill ins(%zero : f32) outs(%ia : tensor<?x1x37x33xf32>) -> tensor<?x1x37x33xf32>
  %m0 = linalg.fill ins(%low : f32) outs(%im : tensor<?x1x33xf32>) -> tensor<?x1x33xf32>
  %s0 = linalg.fill ins(%zero : f32) outs(%is : tensor<?x1x33xf32>) -> tensor<?x1x33xf32>
  %a, %m, %s = block.grid_attention ins(%q, %x, %r : tensor<?x33x37xf32>, tensor<?x1287x3xf32>, tensor<?x1287xf32>)
      outs(%a0, %m0, %s0 : tensor<?x1x37x33xf32>, tensor<?x1x33xf32>, tensor<?x1x33xf32>)
      grid = [9, 13, 11, 1] heads = 1 scale = 0.5
      -> tensor<?x1x37x33xf32>, tensor<?x1x33xf32>, tensor<?x1x33xf32>
  %io = tensor.empty(%batch) : tensor<?x33x37xf32>
  %il = tensor.empty(%batch) : tensor<?x1x33xf32>
  %o, %lse = block.finish_attention ins(%a, %m, %s : tensor<?x1x37x33xf32>, tensor<?x1x33xf32>, tensor<?x1x33xf32>)
      outs(%io, %il : tensor<?x33x37xf32>, tensor<?x1x33xf32>) -> tensor<?x33x37xf32>, tensor<?x1x33xf32>
  return %o, %lse, %r : tensor<?x33x37xf32>, tensor<?x1x33xf32>, tensor<?x1287xf32>
}

check.test "a constant, far features" {
  %q = check.generate "q" : tensor<2x33x37xf32>
  %x = check.generate "x" scale = 300.0 offset = 10000.0 : tensor<2x1287x3xf32>
  %t0 = check.generate "t0" offset = 1.5 : tensor<2x9xf32>
  %t1 = check.generate "t1" offset = 1.5 : tensor<2x13xf32>
  %t2 = check.generate "t2" offset = 1.5 : tensor<2x11xf32>
  %t3 = check.generate "t3" offset = 1.5 : tensor<2x1xf32>
  %o, %lse, %r = check.run @plane(%q, %x, %t0, %t1, %t2, %t3)
      : (tensor<2x33x37xf32>, tensor<2x1287x3xf32>, tensor<2x9xf32>, tensor<2x13xf32>, tensor<2x11xf32>, tensor<2x1xf32>)
      -> (tensor<2x33x37xf32>, tensor<2x1x33xf32>, tensor<2x1287xf32>)
  // >>> factors = grid_statistics(x, [t0, t1, t2, t3], channels=[4, 5, 6, 2])
  // >>> o, lse = finish_attention(grid_attention(q, x, factors, grid=[9, 13, 11, 1], heads=1, scale=0.5))
  // %e = o[:, ::16, ::6]
  %e = arith.constant dense<[[[2.80104518, 3.11323784e-05, 2.15069686e-05, 2.15343935e-05, 2.15677719e-05, 2.54756833e-05, 0.000280063978], [2.80164194, 3.1110776e-05, 2.15030577e-05, 2.15320215e-05, 2.15428172e-05, 2.54443003e-05, 0.000280065695], [2.80095077, 3.11112963e-05, 2.15560485e-05, 2.15672371e-05, 2.15566888e-05, 2.55349205e-05, 0.000280061562]], [[2.80131435, 3.11346666e-05, 2.15505552e-05, 2.16238132e-05, 2.15887885e-05, 2.55401246e-05, 0.000280193228], [2.80108786, 3.11329277e-05, 2.15530436e-05, 2.16021363e-05, 2.15735672e-05, 2.55096438e-05, 0.000280193897], [2.80069923, 3.11131225e-05, 2.15370383e-05, 2.1568605e-05, 2.1552527e-05, 2.54909883e-05, 0.000280193781]]]> : tensor<2x3x7xf32>
  %part = tensor.extract_slice %o[0, 0, 0] [2, 3, 7] [1, 16, 6] : tensor<2x33x37xf32> to tensor<2x3x7xf32>
  check.expect_close %part, %e tolerance = 3.0e-6 : tensor<2x3x7xf32>
  // %f = lse[:, :, ::16]
  %f = arith.constant dense<[[[4.52626276, 8.38942337, 8.62832069]], [[7.04834461, 4.41904688, 6.69372797]]]> : tensor<2x1x3xf32>
  %some_lse = tensor.extract_slice %lse[0, 0, 0] [2, 1, 3] [1, 1, 16] : tensor<2x1x33xf32> to tensor<2x1x3xf32>
  check.expect_close %some_lse, %f tolerance = 2.0e-6 : tensor<2x1x3xf32>
  // %g = factors[:, ::183]
  %g = arith.constant dense<[[0.000279435335, 0.000275372237, 0.00028244697, 0.000277325133, 0.00028176143, 0.000276549574, 0.000274875812, 0.000282835332], [0.00028125674, 0.000284300011, 0.00027727845, 0.000282221823, 0.0002807891, 0.000280716311, 0.000280775945, 0.000277052022]]> : tensor<2x8xf32>
  %some_r = tensor.extract_slice %r[0, 0] [2, 8] [1, 183] : tensor<2x1287xf32> to tensor<2x8xf32>
  check.expect_close %some_r, %g tolerance = 1.0e-6 : tensor<2x8xf32>
}
