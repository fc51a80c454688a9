// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%x: tensor<2x7x7x3xf32>, %y: tensor<2x49x3xf32>) {
  // expected-error @+1 {{expected sizes of two axes, but got 3}}
  %0 = block.windows ins(%x : tensor<2x7x7x3xf32>) outs(%y : tensor<2x49x3xf32>) size = [1, 1, 1] stride = [1, 1] padding = same
      -> tensor<2x49x3xf32>
  return
}

// -----

func.func @f(%x: tensor<2x7x7x3xf32>, %y: tensor<3x49x3xf32>) {
  // expected-error @+1 {{expected a destination [B, M, C] with the batch of the image, but got 'tensor<3x49x3xf32>'}}
  %0 = block.max_pool ins(%x : tensor<2x7x7x3xf32>) outs(%y : tensor<3x49x3xf32>) size = [1, 1] stride = [1, 1] padding = same
      -> tensor<3x49x3xf32>
  return
}

// -----

func.func @f(%x: tensor<2x7x7x3xf32>, %y: tensor<2x48x3xf32>) {
  // expected-error @+1 {{expected a destination of 49 rows, but got 'tensor<2x48x3xf32>'}}
  %0 = block.max_pool ins(%x : tensor<2x7x7x3xf32>) outs(%y : tensor<2x48x3xf32>) size = [1, 1] stride = [1, 1] padding = same
      -> tensor<2x48x3xf32>
  return
}

// -----

func.func @f(%x: tensor<2x7x7x3xf32>, %y: tensor<2x49x3xf32>) {
  // expected-error @+1 {{expected a destination with a last dimension of 12, but got 3}}
  %0 = block.windows ins(%x : tensor<2x7x7x3xf32>) outs(%y : tensor<2x49x3xf32>) size = [2, 2] stride = [1, 1] padding = same
      -> tensor<2x49x3xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3xf32>, %y: tensor<1x4xf32>) {
  // expected-error @+1 {{expected a destination of the shape of the variance, but got 'tensor<1x3xf32>' and 'tensor<1x4xf32>'}}
  %0 = block.inverse_deviation ins(%x : tensor<1x3xf32>) outs(%y : tensor<1x4xf32>) -> tensor<1x4xf32>
  return
}

// -----

func.func @f(%x: tensor<1x3xf32>) {
  // expected-error @+1 {{expected an epsilon that is positive and finite in f32, but got}}
  %0 = block.inverse_deviation ins(%x : tensor<1x3xf32>) outs(%x : tensor<1x3xf32>) {epsilon = -1.0 : f64} -> tensor<1x3xf32>
  return
}

// -----

func.func @f(%t: tensor<6x3xf32>, %u: tensor<5x4xf32>) {
  // expected-error @+1 {{expected a result of 5 rows of 3 channels, but got 'tensor<5x4xf32>'}}
  %0 = block.resize_grid ins(%t : tensor<6x3xf32>) outs(%u : tensor<5x4xf32>) from [2, 3] to [5, 1] -> tensor<5x4xf32>
  return
}
