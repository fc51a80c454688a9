// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%y: tensor<4x1xf32>) {
  // expected-error @+1 {{expected a number of bands that is not negative, but got -1}}
  %0 = block.axis_table outs(%y : tensor<4x1xf32>)
      {bands = -1 : i64, max_frequency = 2.0 : f64} -> tensor<4x1xf32>
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
  %0 = "block.grid_positions"(%y) <{layout = #perceiver.fourier_layout<dm>, operandSegmentSizes = array<i32: 0, 0, 0, 1>}> : (tensor<28x10xf32>) -> tensor<28x10xf32>
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
  // expected-error @+1 {{expected tables with columns for each of #perceiver.terms<raw, sin, cos>, but got 'tensor<4x6xf32>'}}
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

func.func @f(%t: tensor<4x5xf32>, %p: tensor<3xi64>, %y: tensor<4x5xf32>) {
  // expected-error @+1 {{expected integers for each row of the destination 'tensor<4x5xf32>', but got 'tensor<3xi64>'}}
  %0 = block.grid_positions tables(%t : tensor<4x5xf32>) points(%p : tensor<3xi64>)
      outs(%y : tensor<4x5xf32>) {layout = #perceiver.fourier_layout<dm>} -> tensor<4x5xf32>
  return
}

// -----

func.func @f(%t: tensor<4x5xf32>, %p: tensor<4xi64>, %i: index, %y: tensor<4x5xf32>) {
  // expected-error @+1 {{expected points or an offset, but got both}}
  %0 = block.grid_positions tables(%t : tensor<4x5xf32>) points(%p : tensor<4xi64>) offset(%i)
      outs(%y : tensor<4x5xf32>) {layout = #perceiver.fourier_layout<dm>} -> tensor<4x5xf32>
  return
}

// -----

func.func @f(%y: tensor<?x9xf32>) {
  // expected-error @+1 {{expected 1 to 8 axes, but got 9}}
  %0 = block.grid_coordinates outs(%y : tensor<?x9xf32>) {lengths = array<i64: 1, 1, 1, 1, 1, 1, 1, 1, 1>} -> tensor<?x9xf32>
  return
}

// -----

func.func @f(%y: tensor<?x2xf32>) {
  // expected-error @+1 {{expected a size for each of 1 dynamic axes, but got 0}}
  %0 = block.grid_coordinates outs(%y : tensor<?x2xf32>) {lengths = array<i64: -9223372036854775808, 3>} -> tensor<?x2xf32>
  return
}

// -----

func.func @f(%y: tensor<?x2xf32>) {
  // expected-error @+1 {{expected lengths of at least 1, but got 0}}
  %0 = block.grid_coordinates outs(%y : tensor<?x2xf32>) {lengths = array<i64: 3, 0>} -> tensor<?x2xf32>
  return
}

// -----

func.func @f(%y: tensor<?x1xf32>) {
  // expected-error @+1 {{expected a recipe in float32, but got exact}}
  %0 = block.grid_coordinates outs(%y : tensor<?x1xf32>)
      {lengths = array<i64: 3>, recipe = #perceiver.fourier_recipe<exact>} -> tensor<?x1xf32>
  return
}

// -----

func.func @f(%y: tensor<?x2xf32>) {
  // expected-error @+1 {{expected a destination with a last dimension of 1, but got 2}}
  %0 = block.grid_coordinates outs(%y : tensor<?x2xf32>) {lengths = array<i64: 3>} -> tensor<?x2xf32>
  return
}

// -----

func.func @f(%x: tensor<?x1xf32>) {
  // expected-error @+1 {{expected 1 to 8 axes, but got 0}}
  %0 = block.fourier_features ins(%x : tensor<?x1xf32>) outs(%x : tensor<?x1xf32>)
      {bands = 2 : i64, max_frequencies = array<f64>, layout = #perceiver.fourier_layout<dm>} -> tensor<?x1xf32>
  return
}

// -----

func.func @f(%x: tensor<?x1xf32>, %y: tensor<?x5xf32>) {
  // expected-error @+1 {{expected a number of bands that is not negative, but got -2}}
  %0 = block.fourier_features ins(%x : tensor<?x1xf32>) outs(%y : tensor<?x5xf32>)
      {bands = -2 : i64, max_frequencies = array<f64: 2.0>, layout = #perceiver.fourier_layout<dm>} -> tensor<?x5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x1xf32>, %y: tensor<?x5xf32>) {
  // expected-error @+1 {{expected a maximal frequency that is positive and finite in f32, but got 0}}
  %0 = block.fourier_features ins(%x : tensor<?x1xf32>) outs(%y : tensor<?x5xf32>)
      {bands = 2 : i64, max_frequencies = array<f64: 0.0>, layout = #perceiver.fourier_layout<dm>} -> tensor<?x5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x1xf32>, %y: tensor<?x5xf32>) {
  // expected-error @+1 {{expected a recipe in float32, but got exact}}
  %0 = block.fourier_features ins(%x : tensor<?x1xf32>) outs(%y : tensor<?x5xf32>) {bands = 2 : i64,
      max_frequencies = array<f64: 2.0>, layout = #perceiver.fourier_layout<dm>, recipe = #perceiver.fourier_recipe<exact>} -> tensor<?x5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x2xf32>, %y: tensor<?x5xf32>) {
  // expected-error @+1 {{expected an input with a last dimension of 1, but got 2}}
  %0 = block.fourier_features ins(%x : tensor<?x2xf32>) outs(%y : tensor<?x5xf32>)
      {bands = 2 : i64, max_frequencies = array<f64: 2.0>, layout = #perceiver.fourier_layout<dm>} -> tensor<?x5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x1xf32>, %y: tensor<?x6xf32>) {
  // expected-error @+1 {{expected a destination with a last dimension of 5, but got 6}}
  %0 = block.fourier_features ins(%x : tensor<?x1xf32>) outs(%y : tensor<?x6xf32>)
      {bands = 2 : i64, max_frequencies = array<f64: 2.0>, layout = #perceiver.fourier_layout<dm>} -> tensor<?x6xf32>
  return
}
