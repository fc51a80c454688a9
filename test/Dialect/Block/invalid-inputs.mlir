// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%x: tensor<7x?xf32>, %y: tensor<7x5xf32>) {
  // expected-error @+1 {{expected inputs with static channels, but got 'tensor<7x?xf32>'}}
  %0 = block.concat_channels ins(%x : tensor<7x?xf32>) outs(%y : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x5xf32>, %p: tensor<8x4xf32>, %y: tensor<?x7x9xf32>) {
  // expected-error @+1 {{expected an input with the rows of the destination 'tensor<?x7x9xf32>', but got 'tensor<8x4xf32>'}}
  %0 = block.concat_channels ins(%x, %p : tensor<?x7x5xf32>, tensor<8x4xf32>)
      outs(%y : tensor<?x7x9xf32>) -> tensor<?x7x9xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x5xf32>, %p: tensor<7x4xf32>, %y: tensor<?x7x8xf32>) {
  // expected-error @+1 {{expected a destination of at least 9 channels, but got 8}}
  %0 = block.concat_channels ins(%x, %p : tensor<?x7x5xf32>, tensor<7x4xf32>)
      outs(%y : tensor<?x7x8xf32>) -> tensor<?x7x8xf32>
  return
}

// -----

func.func @f(%i: tensor<7xf32>, %t: tensor<33x5xf32>, %y: tensor<7x5xf32>) {
  // expected-error @+1 {{expected integer ids, but got 'tensor<7xf32>'}}
  %0 = block.embed ins(%i, %t : tensor<7xf32>, tensor<33x5xf32>)
      outs(%y : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%i: tensor<1x7xi64>, %t: tensor<33x5xf32>, %y: tensor<7x5xf32>) {
  // expected-error @+1 {{expected ids of rank 1, but got 'tensor<1x7xi64>'}}
  %0 = block.embed ins(%i, %t : tensor<1x7xi64>, tensor<33x5xf32>)
      outs(%y : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%i: tensor<8xi64>, %t: tensor<33x5xf32>, %y: tensor<7x5xf32>) {
  // expected-error @+1 {{expected ids with the rows of the destination 'tensor<7x5xf32>', but got 'tensor<8xi64>'}}
  %0 = block.embed ins(%i, %t : tensor<8xi64>, tensor<33x5xf32>)
      outs(%y : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%i: tensor<7xi64>, %t: tensor<?x5xf32>, %y: tensor<7x5xf32>) {
  // expected-error @+1 {{expected a table of rank 2 with static rows, but got 'tensor<?x5xf32>'}}
  %0 = block.embed ins(%i, %t : tensor<7xi64>, tensor<?x5xf32>)
      outs(%y : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%i: tensor<7xi64>, %t: tensor<33x6xf32>, %y: tensor<7x5xf32>) {
  // expected-error @+1 {{expected a table with a last dimension of 5, but got 6}}
  %0 = block.embed ins(%i, %t : tensor<7xi64>, tensor<33x6xf32>)
      outs(%y : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %p: tensor<3xi64>, %y: tensor<5xf32>) {
  // expected-error @+1 {{expected a destination of rank 2 or 3, but got 'tensor<5xf32>'}}
  %0 = block.take_rows ins(%x, %p : tensor<7x5xf32>, tensor<3xi64>) outs(%y : tensor<5xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %p: tensor<3xi64>, %y: tensor<?x3x5xf32>) {
  // expected-error @+1 {{expected an input with the batch of the destination 'tensor<?x3x5xf32>', but got 'tensor<7x5xf32>'}}
  %0 = block.take_rows ins(%x, %p : tensor<7x5xf32>, tensor<3xi64>) outs(%y : tensor<?x3x5xf32>) -> tensor<?x3x5xf32>
  return
}

// -----

func.func @f(%x: tensor<2x7x5xf32>, %p: tensor<3xi64>, %y: tensor<4x3x5xf32>) {
  // expected-error @+1 {{expected an input with the batch of the destination 'tensor<4x3x5xf32>', but got 'tensor<2x7x5xf32>'}}
  %0 = block.take_rows ins(%x, %p : tensor<2x7x5xf32>, tensor<3xi64>) outs(%y : tensor<4x3x5xf32>) -> tensor<4x3x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %p: tensor<3xf32>, %y: tensor<3x5xf32>) {
  // expected-error @+1 {{expected integer points of rank 1, but got 'tensor<3xf32>'}}
  %0 = block.take_rows ins(%x, %p : tensor<7x5xf32>, tensor<3xf32>) outs(%y : tensor<3x5xf32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %p: tensor<4xi64>, %y: tensor<3x5xf32>) {
  // expected-error @+1 {{expected points for the rows of the destination 'tensor<3x5xf32>', but got 'tensor<4xi64>'}}
  %0 = block.take_rows ins(%x, %p : tensor<7x5xf32>, tensor<4xi64>) outs(%y : tensor<3x5xf32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x6xf32>, %p: tensor<3xi64>, %y: tensor<3x5xf32>) {
  // expected-error @+1 {{expected an input with the channels of the destination 'tensor<3x5xf32>', but got 'tensor<7x6xf32>'}}
  %0 = block.take_rows ins(%x, %p : tensor<7x6xf32>, tensor<3xi64>) outs(%y : tensor<3x5xf32>) -> tensor<3x5xf32>
  return
}

// -----

func.func @f(%x: tensor<2x7x5xf32>, %p: tensor<3xi64>, %y: tensor<2x3x5xf32>) {
  // expected-error @+1 {{expected an input with the channels of the destination 'tensor<2x3x5xf32>', but got 'tensor<2x7x5xf32>'}}
  %0 = block.take_rows ins(%x, %p : tensor<2x7x5xf32>, tensor<3xi64>) outs(%y : tensor<2x3x5xf32>) {channels_first} -> tensor<2x3x5xf32>
  return
}
