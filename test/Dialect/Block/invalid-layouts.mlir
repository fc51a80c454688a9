// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%x: tensor<3x7xf32>, %y: tensor<7x3xf64>) {
  // expected-error @+1 {{expected arrays of the same elements, but got 'tensor<3x7xf32>' and 'tensor<7x3xf64>'}}
  %0 = block.transpose ins(%x : tensor<3x7xf32>) outs(%y : tensor<7x3xf64>) permutation = [1, 0] -> tensor<7x3xf64>
  return
}

// -----

func.func @f(%x: tensor<3x7xf32>) {
  // expected-error @+1 {{expected a permutation of 2 dimensions, but got [0, 2, 1]}}
  %0 = block.transpose ins(%x : tensor<3x7xf32>) outs(%x : tensor<3x7xf32>) permutation = [0, 2, 1] -> tensor<3x7xf32>
  return
}

// -----

func.func @f(%x: tensor<7xf32>) {
  // expected-error @+1 {{expected an input of at least rank 2, but got 'tensor<7xf32>'}}
  %0 = block.transpose ins(%x : tensor<7xf32>) outs(%x : tensor<7xf32>) permutation = [0] -> tensor<7xf32>
  return
}

// -----

func.func @f(%x: tensor<?x3x7xf32>, %y: tensor<?x3x7xf32>) {
  // expected-error @+1 {{expected a destination with the permuted dimensions of the input, but got 'tensor<?x3x7xf32>' and 'tensor<?x3x7xf32>'}}
  %0 = block.transpose ins(%x : tensor<?x3x7xf32>) outs(%y : tensor<?x3x7xf32>) permutation = [0, 2, 1] -> tensor<?x3x7xf32>
  return
}

// -----

func.func @f(%y: tensor<7x3xf32>) {
  // expected-error @+1 {{expected at least one input}}
  %0 = "block.concat_rows"(%y) {operandSegmentSizes = array<i32: 0, 0, 1>} : (tensor<7x3xf32>) -> tensor<7x3xf32>
  return
}

// -----

func.func @f(%x: tensor<7x3xf32>, %y: tensor<7xf32>) {
  // expected-error @+1 {{expected a destination of rank 2 or 3, but got 'tensor<7xf32>'}}
  %0 = block.concat_rows ins(%x : tensor<7x3xf32>) outs(%y : tensor<7xf32>) -> tensor<7xf32>
  return
}

// -----

func.func @f(%x: tensor<2x7x3xf32>, %y: tensor<7x3xf32>) {
  // expected-error @+1 {{expected an input of rank 2, but got 'tensor<2x7x3xf32>'}}
  %0 = block.concat_rows ins(%x : tensor<2x7x3xf32>) outs(%y : tensor<7x3xf32>) -> tensor<7x3xf32>
  return
}

// -----

func.func @f(%x: tensor<2x7x3xf32>, %y: tensor<4x7x3xf32>) {
  // expected-error @+1 {{expected an input with the batch of the destination 'tensor<4x7x3xf32>', but got 'tensor<2x7x3xf32>'}}
  %0 = block.concat_rows ins(%x : tensor<2x7x3xf32>) outs(%y : tensor<4x7x3xf32>) -> tensor<4x7x3xf32>
  return
}

// -----

func.func @f(%x: tensor<7x3xf32>, %y: tensor<7x4xf32>) {
  // expected-error @+1 {{expected an input with a last dimension of 4, but got 3}}
  %0 = block.concat_rows ins(%x : tensor<7x3xf32>) outs(%y : tensor<7x4xf32>) -> tensor<7x4xf32>
  return
}

// -----

func.func @f(%x: tensor<7x3xf32>, %y: tensor<13x3xf32>) {
  // expected-error @+1 {{expected a destination of 14 rows, but got 'tensor<13x3xf32>'}}
  %0 = block.concat_rows ins(%x, %x : tensor<7x3xf32>, tensor<7x3xf32>) outs(%y : tensor<13x3xf32>) -> tensor<13x3xf32>
  return
}
