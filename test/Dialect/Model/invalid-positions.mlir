// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f() {
  // expected-error @+1 {{expected 1 to 8 axes, but got 0}}
  %0 = perceiver.fourier_positions grid = [] bands = 2 max_resolution = [] layout = dm : tensor<1x5xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{expected a grid of positive sizes, but got 0}}
  %0 = perceiver.fourier_positions grid = [0] bands = 2 max_resolution = [4] layout = dm : tensor<1x5xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{expected a grid and maximal resolutions of the same axes, but got 2 and 1}}
  %0 = perceiver.fourier_positions grid = [4, 7] bands = 2 max_resolution = [4] layout = dm : tensor<28x10xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{expected a maximal resolution that is positive and finite in f32, but got 0}}
  %0 = perceiver.fourier_positions grid = [4] bands = 2 max_resolution = [0] layout = dm : tensor<4x5xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{expected 0 to 1048576 bands, but got -1}}
  %0 = perceiver.fourier_positions grid = [4] bands = -1 max_resolution = [4] layout = dm : tensor<4x1xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{expected terms with at least one column, but got #perceiver.terms<sin> of 0 bands}}
  %0 = perceiver.fourier_positions grid = [4] bands = 0 max_resolution = [4] layout = dm
      {terms = #perceiver.terms<sin>} : tensor<4x1xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{expected a grid whose points fit 64 bits}}
  %0 = perceiver.fourier_positions grid = [4611686018427387904, 4] bands = 1 max_resolution = [4, 4] layout = dm : tensor<4x6xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{expected a result of rank 2 or 3 with static channels of floating-point elements, but got 'tensor<4x5xi32>'}}
  %0 = perceiver.fourier_positions grid = [4] bands = 2 max_resolution = [4] layout = dm : tensor<4x5xi32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{expected a result of type 'tensor<28x10xf32>', but got 'tensor<28x8xf32>'}}
  %0 = perceiver.fourier_positions grid = [4, 7] bands = 2 max_resolution = [4, 7] layout = dm : tensor<28x8xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{expected dm or axis_major, but got 'hf'}}
  %0 = perceiver.fourier_positions grid = [4, 7] bands = 2 max_resolution = [4, 7] layout = hf : tensor<28x10xf32>
  return
}

// -----

func.func @f(%i: index) {
  // expected-error @+1 {{expected a range of a first point and a count}}
  %0 = "perceiver.fourier_positions"(%i) <{bands = 2 : i64, grid = array<i64: 4>, max_resolution = array<f64: 4.0>,
      layout = #perceiver.fourier_layout<dm>, operandSegmentSizes = array<i32: 0, 1, 0, 0, 0>}> : (index) -> tensor<?x5xf32>
  return
}

// -----

func.func @f(%i: index, %p: tensor<?xi64>) {
  // expected-error @+1 {{expected points, a range or coordinates, but got 2 of them}}
  %0 = perceiver.fourier_positions points(%p : tensor<?xi64>) range(%i, %i) grid = [4] bands = 2 max_resolution = [4]
      layout = dm : tensor<?x5xf32>
  return
}

// -----

func.func @f(%p: tensor<?xf32>) {
  // expected-error @+1 {{expected points of rank 1 and elements of i32 or i64, but got 'tensor<?xf32>'}}
  %0 = perceiver.fourier_positions points(%p : tensor<?xf32>) grid = [4] bands = 2 max_resolution = [4] layout = dm : tensor<?x5xf32>
  return
}

// -----

func.func @f(%p: tensor<7xi64>) {
  // expected-error @+1 {{expected a result of type 'tensor<7x5xf32>', but got 'tensor<4x5xf32>'}}
  %0 = perceiver.fourier_positions points(%p : tensor<7xi64>) grid = [4] bands = 2 max_resolution = [4] layout = dm : tensor<4x5xf32>
  return
}

// -----

func.func @f(%i: index) {
  // expected-error @+1 {{expected a result of type 'tensor<?x5xf32>', but got 'tensor<3x5xf32>'}}
  %0 = perceiver.fourier_positions range(%i, %i) grid = [4] bands = 2 max_resolution = [4] layout = dm : tensor<3x5xf32>
  return
}

// -----

func.func @f(%i: index) {
  // expected-error @+1 {{expected a size for each of 2 dynamic axes, but got 1}}
  %0 = perceiver.fourier_positions sizes(%i) grid = [?, 3, ?] bands = 2 max_resolution = [4, 4, 4] layout = dm : tensor<?x15xf32>
  return
}

// -----

func.func @f(%i: index) {
  // expected-error @+1 {{expected a recipe in float32 for positions that are computed in a run, but got exact}}
  %0 = perceiver.fourier_positions sizes(%i) grid = [?] bands = 2 max_resolution = [4] layout = dm
      {recipe = #perceiver.fourier_recipe<exact>} : tensor<?x5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x2xf32>) {
  // expected-error @+1 {{expected no grid with coordinates}}
  %0 = perceiver.fourier_positions coordinates(%x : tensor<?x7x2xf32>) grid = [4, 4] bands = 2 max_resolution = [4, 4]
      layout = dm : tensor<?x7x10xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x2xi32>) {
  // expected-error @+1 {{expected coordinates of rank 2 or 3 with static channels of floating-point elements, but got 'tensor<?x7x2xi32>'}}
  %0 = perceiver.fourier_positions coordinates(%x : tensor<?x7x2xi32>) bands = 2 max_resolution = [4, 4] layout = dm : tensor<?x7x10xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x2xf32>) {
  // expected-error @+1 {{expected coordinates on each of 3 axes, but got 'tensor<?x7x2xf32>'}}
  %0 = perceiver.fourier_positions coordinates(%x : tensor<?x7x2xf32>) bands = 2 max_resolution = [4, 4, 4] layout = dm : tensor<?x7x15xf32>
  return
}
