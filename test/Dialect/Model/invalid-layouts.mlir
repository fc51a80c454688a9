// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%x: tensor<1x1x1x1x1x1x1x1x1xf32>) {
  // expected-error @+1 {{expected an input of rank 1 to 8, but got 'tensor<1x1x1x1x1x1x1x1x1xf32>'}}
  %0 = perceiver.transpose %x permutation = [0, 1, 2, 3, 4, 5, 6, 7, 8] : tensor<1x1x1x1x1x1x1x1x1xf32> -> tensor<1x1x1x1x1x1x1x1x1xf32>
  return
}

// -----

func.func @f(%x: tensor<3x7xf32>) {
  // expected-error @+1 {{expected a permutation of 2 dimensions, but got [1, 1]}}
  %0 = perceiver.transpose %x permutation = [1, 1] : tensor<3x7xf32> -> tensor<7x7xf32>
  return
}

// -----

func.func @f(%x: tensor<3x7xf32>) {
  // expected-error @+1 {{expected a result of type 'tensor<7x3xf32>', but got 'tensor<3x7xf32>'}}
  %0 = perceiver.transpose %x permutation = [1, 0] : tensor<3x7xf32> -> tensor<3x7xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{expected at least one input}}
  %0 = perceiver.concat_rows : () -> tensor<3x7xf32>
  return
}

// -----

func.func @f(%x: tensor<7xf32>) {
  // expected-error @+1 {{expected an input of rank 2 or 3 with static channels of floating-point elements, but got 'tensor<7xf32>'}}
  %0 = perceiver.concat_rows %x : (tensor<7xf32>) -> tensor<7xf32>
  return
}

// -----

func.func @f(%x: tensor<?x3x7xf32>, %y: tensor<2x8xf32>) {
  // expected-error @+1 {{expected inputs of the same batch, channels and elements, but got 'tensor<?x3x7xf32>' and 'tensor<2x8xf32>'}}
  %0 = perceiver.concat_rows %x, %y : (tensor<?x3x7xf32>, tensor<2x8xf32>) -> tensor<?x5x7xf32>
  return
}

// -----

func.func @f(%x: tensor<?x3x7xf32>, %y: tensor<2x7xf32>) {
  // expected-error @+1 {{expected a result of type 'tensor<?x5x7xf32>', but got 'tensor<?x3x7xf32>'}}
  %0 = perceiver.concat_rows %x, %y : (tensor<?x3x7xf32>, tensor<2x7xf32>) -> tensor<?x3x7xf32>
  return
}

// -----

func.func @f(%x: tensor<9223372036854775807x7xf32>, %y: tensor<2x7xf32>) {
  // expected-error @+1 {{expected rows whose number fits 64 bits}}
  %0 = perceiver.concat_rows %x, %y : (tensor<9223372036854775807x7xf32>, tensor<2x7xf32>) -> tensor<?x7xf32>
  return
}

// -----

func.func @f(%v: tensor<7xf32>) {
  // expected-error @+1 {{expected a result of rank 2 or 3 with static channels of floating-point elements, but got 'tensor<14xf32>'}}
  %0 = perceiver.concat %v, %v : (tensor<7xf32>, tensor<7xf32>) -> tensor<14xf32>
  return
}
