// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%y: tensor<4x1xf32>) {
  // expected-error @+1 {{expected at least one band, but got 0}}
  %0 = block.axis_table outs(%y : tensor<4x1xf32>)
      {bands = 0 : i64, max_frequency = 2.0 : f64} -> tensor<4x1xf32>
  return
}

// -----

func.func @f(%y: tensor<4x4xf32>) {
  // expected-error @+1 {{expected a table of 5 columns, but got 'tensor<4x4xf32>'}}
  %0 = block.axis_table outs(%y : tensor<4x4xf32>)
      {bands = 2 : i64, max_frequency = 2.0 : f64} -> tensor<4x4xf32>
  return
}

// -----

func.func @f(%y: tensor<28x10xf32>) {
  // expected-error @+1 {{expected at least one table}}
  %0 = "block.grid_positions"(%y) <{layout = #perceiver.fourier_layout<dm>, operandSegmentSizes = array<i32: 0, 0, 1>}> : (tensor<28x10xf32>) -> tensor<28x10xf32>
  return
}

// -----

func.func @f(%t: tensor<4x5xf32>, %y: tensor<1x4x5xf32>) {
  // expected-error @+1 {{expected a destination of rank 2, but got 'tensor<1x4x5xf32>'}}
  %0 = block.grid_positions tables(%t : tensor<4x5xf32>)
      outs(%y : tensor<1x4x5xf32>) {layout = #perceiver.fourier_layout<dm>} -> tensor<1x4x5xf32>
  return
}

// -----

func.func @f(%t: tensor<?x5xf32>, %y: tensor<4x5xf32>) {
  // expected-error @+1 {{expected tables of rank 2 and static shape, but got 'tensor<?x5xf32>'}}
  %0 = block.grid_positions tables(%t : tensor<?x5xf32>)
      outs(%y : tensor<4x5xf32>) {layout = #perceiver.fourier_layout<dm>} -> tensor<4x5xf32>
  return
}

// -----

func.func @f(%t: tensor<4x5xf32>, %u: tensor<7x3xf32>, %y: tensor<28x8xf32>) {
  // expected-error @+1 {{expected tables of the same width, but got 'tensor<7x3xf32>'}}
  %0 = block.grid_positions tables(%t, %u : tensor<4x5xf32>, tensor<7x3xf32>)
      outs(%y : tensor<28x8xf32>) {layout = #perceiver.fourier_layout<dm>} -> tensor<28x8xf32>
  return
}

// -----

func.func @f(%t: tensor<4x6xf32>, %y: tensor<4x6xf32>) {
  // expected-error @+1 {{expected tables of odd width, but got 'tensor<4x6xf32>'}}
  %0 = block.grid_positions tables(%t : tensor<4x6xf32>)
      outs(%y : tensor<4x6xf32>) {layout = #perceiver.fourier_layout<dm>} -> tensor<4x6xf32>
  return
}

// -----

func.func @f(%t: tensor<4x5xf32>, %y: tensor<4x6xf32>) {
  // expected-error @+1 {{expected a destination with a last dimension of 5, but got 6}}
  %0 = block.grid_positions tables(%t : tensor<4x5xf32>)
      outs(%y : tensor<4x6xf32>) {layout = #perceiver.fourier_layout<dm>} -> tensor<4x6xf32>
  return
}

// -----

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

func.func @f(%x: tensor<3x7xf32>, %y: tensor<7x3xf32>) {
  // expected-error @+1 {{expected an input and a destination of rank 3, but got 'tensor<3x7xf32>' and 'tensor<7x3xf32>'}}
  %0 = block.channels_last ins(%x : tensor<3x7xf32>) outs(%y : tensor<7x3xf32>) -> tensor<7x3xf32>
  return
}

// -----

func.func @f(%x: tensor<?x3x7xf32>) {
  // expected-error @+1 {{expected a destination with the last two dimensions of the input exchanged, but got 'tensor<?x3x7xf32>' and 'tensor<?x3x7xf32>'}}
  %0 = block.channels_last ins(%x : tensor<?x3x7xf32>)
      outs(%x : tensor<?x3x7xf32>) -> tensor<?x3x7xf32>
  return
}
