// RUN: perceiver-test-runner %s --from=strategy
// RUN: perceiver-test-runner %s --from=strategy --device=emulated

// Parts of a mask are copied into the workspace, one beside the other.

func.func @masked(%q: tensor<?x8x16xf32> {perceiver.name = "q", perceiver.sizes = ["batch"]},
                  %k: tensor<?x8x16xf32> {perceiver.name = "k", perceiver.sizes = ["batch"]},
                  %m: tensor<?x4x4xi1> {perceiver.name = "mask", perceiver.sizes = ["batch"]})
    -> (tensor<?x8x16xf32> {perceiver.name = "first", perceiver.sizes = ["batch"]},
        tensor<?x8x16xf32> {perceiver.name = "second", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %batch = tensor.dim %q, %c0 : tensor<?x8x16xf32>
  %left = tensor.extract_slice %m[0, 0, 0] [%batch, 4, 2] [1, 1, 1] : tensor<?x4x4xi1> to tensor<?x4x2xi1>
  %right = tensor.extract_slice %m[0, 0, 2] [%batch, 4, 2] [1, 1, 1] : tensor<?x4x4xi1> to tensor<?x4x2xi1>
  %l = tensor.collapse_shape %left [[0], [1, 2]] : tensor<?x4x2xi1> into tensor<?x8xi1>
  %r = tensor.collapse_shape %right [[0], [1, 2]] : tensor<?x4x2xi1> into tensor<?x8xi1>
  %init = tensor.empty(%batch) : tensor<?x8x16xf32>
  %first = block.attention ins(%q, %k, %k : tensor<?x8x16xf32>, tensor<?x8x16xf32>, tensor<?x8x16xf32>)
      mask(%l : tensor<?x8xi1>) outs(%init : tensor<?x8x16xf32>) heads = 2 -> tensor<?x8x16xf32>
  %second = block.attention ins(%q, %k, %k : tensor<?x8x16xf32>, tensor<?x8x16xf32>, tensor<?x8x16xf32>)
      mask(%r : tensor<?x8xi1>) outs(%init : tensor<?x8x16xf32>) heads = 2 -> tensor<?x8x16xf32>
  return %first, %second : tensor<?x8x16xf32>, tensor<?x8x16xf32>
}

check.test "two parts of a mask" {
  %q = check.generate "q" scale = 2.0 : tensor<33x8x16xf32>
  %k = check.generate "k" scale = 2.0 : tensor<33x8x16xf32>
  %m = check.generate "m" : tensor<33x4x4xi1>
  %first, %second = check.run @masked(%q, %k, %m)
      : (tensor<33x8x16xf32>, tensor<33x8x16xf32>, tensor<33x4x4xi1>) -> (tensor<33x8x16xf32>, tensor<33x8x16xf32>)
  // >>> first, _ = attention(q, k, k, heads=2, key_mask=m[..., :2].reshape(33, 8))
  // %e = first[::4, 5, ::4]
  %e = arith.constant dense<[[0.57786721, -0.366244942, 0.796643257, 0.183617458], [1.21958005, 0.578231335, -1.03839898, -0.0708906949], [-0.325182676, -0.267923653, -1.34004807, 1.32449305], [-0.261844575, -0.432294607, 0.74602735, 0.918361187], [0.134130612, -0.357986122, -0.151793361, -0.720480263], [0.929703534, -0.788931251, -0.465727419, 0.825147867], [0.221373245, -0.778923094, 0.630013227, 1.14324439], [-0.962818086, 0.108782053, 1.08205724, -0.322143883], [0.198445097, -0.879339159, -1.12542236, 1.22687376]]> : tensor<9x4xf32>
  %rows = tensor.extract_slice %first[0, 5, 0] [9, 1, 4] [4, 1, 4] : tensor<33x8x16xf32> to tensor<9x4xf32>
  check.expect_close %rows, %e tolerance = 2.0e-6 : tensor<9x4xf32>
  // >>> second, _ = attention(q, k, k, heads=2, key_mask=m[..., 2:].reshape(33, 8))
  // %f = second[::4, 5, ::4]
  %f = arith.constant dense<[[1.03422225, 0.0153075261, 0.054749649, 0.632029831], [0.864661217, 0.368097216, -0.444503486, 0.562794447], [-0.825983763, -0.181054652, -0.162280545, -1.56180596], [-0.040457096, -0.0782317817, 0.960776508, 1.43504965], [-1.29265726, 0.41797775, -0.383416444, -0.883446217], [1.11890841, -0.15549995, -0.624021053, 0.841489375], [0.355941236, -0.91081655, 0.21995075, 1.48857594], [-0.769354999, -0.16135563, -0.491954148, -0.720001578], [-0.369165033, -1.35657227, -0.18497552, 0.946426034]]> : tensor<9x4xf32>
  %others = tensor.extract_slice %second[0, 5, 0] [9, 1, 4] [4, 1, 4] : tensor<33x8x16xf32> to tensor<9x4xf32>
  check.expect_close %others, %f tolerance = 2.0e-6 : tensor<9x4xf32>
}
