// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// CHECK-LABEL: func.func @grids
func.func @grids(%h: index) {
  // CHECK: perceiver.fourier_positions grid = [4, 7] bands = 2 max_resolution = [4, 1.050000e+01] layout = dm : tensor<28x10xf32>
  %0 = perceiver.fourier_positions grid = [4, 7] bands = 2 max_resolution = [4, 10.5] layout = dm : tensor<28x10xf32>
  // CHECK: perceiver.fourier_positions grid = [4] bands = 1 max_resolution = [4] layout = axis_major
  // CHECK-SAME: {recipe = #perceiver.fourier_recipe<exact>, spacing = #perceiver.spacing<fraction>, terms = #perceiver.terms<raw, sin>} : tensor<4x2xf32>
  %1 = perceiver.fourier_positions grid = [4] bands = 1 max_resolution = [4] layout = axis_major
      {recipe = #perceiver.fourier_recipe<exact>, terms = #perceiver.terms<raw, sin>, spacing = #perceiver.spacing<fraction>} : tensor<4x2xf32>
  // CHECK: perceiver.fourier_positions grid = [4, 2] bands = 0 max_resolution = [4, 4] layout = dm : tensor<8x2xf32>
  %2 = perceiver.fourier_positions grid = [4, 2] bands = 0 max_resolution = [4, 4] layout = dm : tensor<8x2xf32>
  // CHECK: perceiver.fourier_positions sizes(%{{.*}}, %{{.*}}) grid = [?, 3, ?] bands = 1 max_resolution = [4, 4, 4] layout = dm : tensor<?x9xf32>
  %3 = perceiver.fourier_positions sizes(%h, %h) grid = [?, 3, ?] bands = 1 max_resolution = [4, 4, 4] layout = dm : tensor<?x9xf32>
  return
}

// CHECK-LABEL: func.func @points
func.func @points(%p: tensor<?xi64>, %i: index, %x: tensor<?x?x2xf32>) {
  // CHECK: perceiver.fourier_positions points(%{{.*}} : tensor<?xi64>) grid = [4, 7] bands = 2 max_resolution = [4, 7] layout = dm : tensor<?x10xf32>
  %0 = perceiver.fourier_positions points(%p : tensor<?xi64>) grid = [4, 7] bands = 2 max_resolution = [4, 7] layout = dm : tensor<?x10xf32>
  // CHECK: perceiver.fourier_positions range(%{{.*}}, %{{.*}}) sizes(%{{.*}}) grid = [?] bands = 2 max_resolution = [4] layout = dm : tensor<?x5xf32>
  %1 = perceiver.fourier_positions range(%i, %i) sizes(%i) grid = [?] bands = 2 max_resolution = [4] layout = dm : tensor<?x5xf32>
  %c3 = arith.constant 3 : index
  // CHECK: perceiver.fourier_positions range({{.*}}) grid = [4] bands = 2 max_resolution = [4] layout = dm : tensor<3x5xf32>
  %2 = perceiver.fourier_positions range(%i, %c3) grid = [4] bands = 2 max_resolution = [4] layout = dm : tensor<3x5xf32>
  // CHECK: perceiver.fourier_positions coordinates(%{{.*}} : tensor<?x?x2xf32>) bands = 2 max_resolution = [4, 7] layout = axis_major : tensor<?x?x10xf32>
  %3 = perceiver.fourier_positions coordinates(%x : tensor<?x?x2xf32>) bands = 2 max_resolution = [4, 7] layout = axis_major : tensor<?x?x10xf32>
  return
}
