// RUN: perceiver-opt %s --perceiver-expand-blocks | FileCheck %s

// A grid of static sizes has a table for each axis.

// CHECK-LABEL: func.func @grid
// CHECK: %[[T0:.*]] = block.axis_table outs(%{{.*}} : tensor<4x5xf32>) {bands = 2 : i64, max_frequency = 2.000000e+00 : f64}
// CHECK: %[[T1:.*]] = block.axis_table outs(%{{.*}} : tensor<7x5xf32>) {bands = 2 : i64, max_frequency = 5.250000e+00 : f64}
// CHECK: %[[P:.*]] = block.grid_positions tables(%[[T0]], %[[T1]] :
// CHECK-SAME: {layout = #perceiver.fourier_layout<axis_major>} -> tensor<28x10xf32>
// CHECK: block.axis_table {{.*}} recipe = #perceiver.fourier_recipe<jax_f32>}
// CHECK: return %[[P]]
func.func @grid() -> (tensor<28x10xf32>, tensor<4x3xf32>) {
  %0 = perceiver.fourier_positions grid = [4, 7] bands = 2 max_resolution = [4, 10.5] layout = axis_major : tensor<28x10xf32>
  %1 = perceiver.fourier_positions grid = [4] bands = 1 max_resolution = [4] layout = dm
      {recipe = #perceiver.fourier_recipe<jax_f32>} : tensor<4x3xf32>
  return %0, %1 : tensor<28x10xf32>, tensor<4x3xf32>
}

// CHECK-LABEL: func.func @points(
// CHECK-SAME: %[[P:.*]]: tensor<?xi64>
// CHECK: %[[T:.*]] = block.axis_table {{.*}} spacing = #perceiver.spacing<fraction>, terms = #perceiver.terms<raw, sin>} -> tensor<4x3xf32>
// CHECK: block.grid_positions tables(%[[T]] : tensor<4x3xf32>) points(%[[P]] : tensor<?xi64>) outs(%{{.*}} : tensor<?x3xf32>)
// CHECK-SAME: {layout = #perceiver.fourier_layout<dm>, terms = #perceiver.terms<raw, sin>}
func.func @points(%p: tensor<?xi64>) -> tensor<?x3xf32> {
  %0 = perceiver.fourier_positions points(%p : tensor<?xi64>) grid = [4] bands = 2 max_resolution = [4] layout = dm
      {spacing = #perceiver.spacing<fraction>, terms = #perceiver.terms<raw, sin>} : tensor<?x3xf32>
  return %0 : tensor<?x3xf32>
}

// What a caller says is a point may be none.

// CHECK-LABEL: func.func @range(
// CHECK-SAME: %[[FIRST:.*]]: index, %[[COUNT:.*]]: index
// CHECK: %[[INIT:.*]] = tensor.empty(%[[COUNT]]) : tensor<?x5xf32>
// CHECK: block.grid_positions {{.*}} offset(%[[FIRST]]) outs(%[[INIT]] : tensor<?x5xf32>) {clamped,
// CHECK: block.grid_positions {{.*}} offset(%[[FIRST]]) outs(%{{.*}} : tensor<3x5xf32>) {clamped,
func.func @range(%first: index, %count: index) -> (tensor<?x5xf32>, tensor<3x5xf32>) {
  %c3 = arith.constant 3 : index
  %0 = perceiver.fourier_positions range(%first, %count) grid = [4] bands = 2 max_resolution = [4] layout = dm : tensor<?x5xf32>
  %1 = perceiver.fourier_positions range(%first, %c3) grid = [4] bands = 2 max_resolution = [4] layout = dm : tensor<3x5xf32>
  return %0, %1 : tensor<?x5xf32>, tensor<3x5xf32>
}

// CHECK-LABEL: func.func @sizes(
// CHECK-SAME: %[[H:.*]]: index, %[[W:.*]]: index
// CHECK: %[[PLANE:.*]] = arith.muli %[[H]], %c3
// CHECK: %[[POINTS:.*]] = arith.muli %[[PLANE]], %[[W]]
// CHECK: %[[INIT:.*]] = tensor.empty(%[[POINTS]]) : tensor<?x3xf32>
// CHECK: %[[X:.*]] = block.grid_coordinates sizes(%[[H]], %[[W]]) outs(%[[INIT]] : tensor<?x3xf32>)
// CHECK-SAME: {lengths = array<i64: -9223372036854775808, 3, -9223372036854775808>}
// CHECK: block.fourier_features ins(%[[X]] : tensor<?x3xf32>) outs(%{{.*}} : tensor<?x9xf32>)
// CHECK-SAME: {bands = 1 : i64, layout = #perceiver.fourier_layout<dm>, max_frequencies = array<f64: 2.000000e+00, 1.000000e+00, 3.000000e+00>}
func.func @sizes(%h: index, %w: index) -> tensor<?x9xf32> {
  %0 = perceiver.fourier_positions sizes(%h, %w) grid = [?, 3, ?] bands = 1 max_resolution = [4, 2, 6] layout = dm : tensor<?x9xf32>
  return %0 : tensor<?x9xf32>
}

// CHECK-LABEL: func.func @coordinates(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x2xf32>
// CHECK: block.fourier_features ins(%[[X]] : tensor<?x?x2xf32>) outs(%{{.*}} : tensor<?x?x10xf32>)
func.func @coordinates(%x: tensor<?x?x2xf32>) -> tensor<?x?x10xf32> {
  %0 = perceiver.fourier_positions coordinates(%x : tensor<?x?x2xf32>) bands = 2 max_resolution = [4, 7] layout = dm : tensor<?x?x10xf32>
  return %0 : tensor<?x?x10xf32>
}
