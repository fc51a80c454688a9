// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%x: tensor<?x7x7x3xf32>) {
  // expected-error @+1 {{expected sizes of two axes, but got 1}}
  %0 = perceiver.windows %x size = [3] stride = [2, 2] padding = same : tensor<?x7x7x3xf32> -> tensor<?x4x4x27xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x7x3xf32>) {
  // expected-error @+1 {{expected strides from 1 to 32768, but got 0}}
  %0 = perceiver.windows %x size = [3, 3] stride = [2, 0] padding = same : tensor<?x7x7x3xf32> -> tensor<?x4x4x27xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x7x3xf32>) {
  // expected-error @+1 {{expected padding of two axes, low and high, but got 2 numbers}}
  %0 = perceiver.windows %x size = [3, 3] stride = [2, 2] padding = [[1, 1]] : tensor<?x7x7x3xf32> -> tensor<?x4x4x27xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x7x3xf32>) {
  // expected-error @+1 {{expected padding from 0 to below the size of a window, but got 3}}
  %0 = perceiver.max_pool %x size = [3, 3] stride = [2, 2] padding = [[1, 1], [1, 3]] : tensor<?x7x7x3xf32> -> tensor<?x4x4x3xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x3xf32>) {
  // expected-error @+1 {{expected an image [B, H, W, C] with static channels of floating-point elements, but got 'tensor<?x7x3xf32>'}}
  %0 = perceiver.max_pool %x size = [3, 3] stride = [2, 2] padding = same : tensor<?x7x3xf32> -> tensor<?x4x3xf32>
  return
}

// -----

func.func @f(%x: tensor<?x2x7x3xf32>) {
  // expected-error @+1 {{expected an image that has a window, but got 'tensor<?x2x7x3xf32>'}}
  %0 = perceiver.max_pool %x size = [3, 3] stride = [1, 1] padding = [[0, 0], [0, 0]] : tensor<?x2x7x3xf32> -> tensor<?x1x5x3xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x?x3xf32>) {
  // expected-error @+1 {{expected a result of type 'tensor<?x4x?x27xf32>', but got 'tensor<?x3x?x27xf32>'}}
  %0 = perceiver.windows %x size = [3, 3] stride = [2, 2] padding = [[1, 1], [0, 0]] : tensor<?x7x?x3xf32> -> tensor<?x3x?x27xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x?x3xf32>) {
  // expected-error @+1 {{expected a result of type 'tensor<?x4x?x3xf32>', but got 'tensor<?x4x?x27xf32>'}}
  %0 = perceiver.max_pool %x size = [3, 3] stride = [2, 2] padding = same : tensor<?x7x?x3xf32> -> tensor<?x4x?x27xf32>
  return
}

// -----

func.func @f(%x: tensor<7xf32>) {
  // expected-error @+1 {{expected an input of rank 2 or 3 with static channels of floating-point elements, but got 'tensor<7xf32>'}}
  %0 = perceiver.batch_norm %x weight @w bias @w mean @w variance @w : tensor<7xf32>
  return
}

// -----

func.func @f(%x: tensor<5x7xf32>) {
  // expected-error @+1 {{expected an epsilon that is positive and finite in f32, but got}}
  %0 = perceiver.batch_norm %x weight @w bias @w mean @w variance @w {epsilon = 0.0 : f64} : tensor<5x7xf32>
  return
}

// -----

perceiver.parameter @w : tensor<7xf32> key "w"
perceiver.parameter @v : tensor<6xf32> key "v"

func.func @f(%x: tensor<5x7xf32>) {
  // expected-error @+1 {{expected a parameter of shape 7 for the variance, but got @v of type 'tensor<6xf32>'}}
  %0 = perceiver.batch_norm %x weight @w bias @w mean @w variance @v : tensor<5x7xf32>
  return
}

// -----

func.func @f(%t: tensor<6x3xf32>) {
  // expected-error @+1 {{expected grids of two axes, but got 3}}
  %0 = perceiver.resize_grid %t from [2, 3] to [5, 1, 1] bicubic : tensor<6x3xf32> -> tensor<5x3xf32>
  return
}

// -----

func.func @f(%t: tensor<6x3xf32>) {
  // expected-error @+1 {{expected axes of 1 to 1048576 points, but got 0}}
  %0 = perceiver.resize_grid %t from [2, 3] to [5, 0] bicubic : tensor<6x3xf32> -> tensor<5x3xf32>
  return
}

// -----

func.func @f(%t: tensor<?x3xf32>) {
  // expected-error @+1 {{expected a static table of 6 rows of floating-point elements, but got 'tensor<?x3xf32>'}}
  %0 = perceiver.resize_grid %t from [2, 3] to [5, 1] bicubic : tensor<?x3xf32> -> tensor<5x3xf32>
  return
}

// -----

func.func @f(%t: tensor<6x3xf32>) {
  // expected-error @+1 {{expected a result of 5 rows of 3 channels, but got 'tensor<6x3xf32>'}}
  %0 = perceiver.resize_grid %t from [2, 3] to [5, 1] bicubic : tensor<6x3xf32> -> tensor<6x3xf32>
  return
}
