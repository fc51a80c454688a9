// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// CHECK-LABEL: func.func @stored
func.func @stored(%t: tensor<4x5xf32>, %u: tensor<7x5xf32>, %p: tensor<28x10xf32>, %i: index, %n: tensor<28xi64>,
                  %v: tensor<4x3xf32>, %q: tensor<4x3xf32>) {
  // CHECK: block.axis_table outs(%{{.*}} : tensor<4x5xf32>) {bands = 2 : i64, max_frequency = 2.000000e+00 : f64, recipe = #perceiver.fourier_recipe<exact>}
  %0 = block.axis_table outs(%t : tensor<4x5xf32>)
      {bands = 2 : i64, max_frequency = 2.0 : f64, recipe = #perceiver.fourier_recipe<exact>} -> tensor<4x5xf32>
  // CHECK: block.axis_table {{.*}} spacing = #perceiver.spacing<fraction>, terms = #perceiver.terms<raw, cos>}
  %1 = block.axis_table outs(%v : tensor<4x3xf32>) {bands = 2 : i64, max_frequency = 2.0 : f64,
      spacing = #perceiver.spacing<fraction>, terms = #perceiver.terms<raw, cos>} -> tensor<4x3xf32>
  // CHECK: block.grid_positions tables(%{{.*}}, %{{.*}} : tensor<4x5xf32>, tensor<7x5xf32>) offset(%{{.*}}) outs(
  // CHECK-SAME: {clamped, layout = #perceiver.fourier_layout<axis_major>}
  %2 = block.grid_positions tables(%0, %u : tensor<4x5xf32>, tensor<7x5xf32>) offset(%i)
      outs(%p : tensor<28x10xf32>) {layout = #perceiver.fourier_layout<axis_major>, clamped} -> tensor<28x10xf32>
  // CHECK: block.grid_positions tables({{.*}}) points(%{{.*}} : tensor<28xi64>) outs(%{{.*}} : tensor<28x10xf32>)
  %3 = block.grid_positions tables(%0, %u : tensor<4x5xf32>, tensor<7x5xf32>) points(%n : tensor<28xi64>)
      outs(%p : tensor<28x10xf32>) {layout = #perceiver.fourier_layout<dm>} -> tensor<28x10xf32>
  // CHECK: block.grid_positions tables({{.*}}) outs({{.*}}) {layout = #perceiver.fourier_layout<dm>, terms = #perceiver.terms<raw, cos>}
  %4 = block.grid_positions tables(%1 : tensor<4x3xf32>) outs(%q : tensor<4x3xf32>)
      {layout = #perceiver.fourier_layout<dm>, terms = #perceiver.terms<raw, cos>} -> tensor<4x3xf32>
  return
}

// CHECK-LABEL: func.func @computed
func.func @computed(%h: index, %x: tensor<?x2xf32>, %n: tensor<?xi64>, %y: tensor<?x10xf32>) {
  // CHECK: block.grid_coordinates sizes(%{{.*}}) offset(%{{.*}}) outs(%{{.*}} : tensor<?x2xf32>)
  // CHECK-SAME: {lengths = array<i64: -9223372036854775808, 3>, recipe = #perceiver.fourier_recipe<jax_f32>}
  %0 = block.grid_coordinates sizes(%h) offset(%h) outs(%x : tensor<?x2xf32>)
      {lengths = array<i64: -9223372036854775808, 3>, recipe = #perceiver.fourier_recipe<jax_f32>} -> tensor<?x2xf32>
  // CHECK: block.grid_coordinates sizes(%{{.*}}, %{{.*}}) points(%{{.*}} : tensor<?xi64>) outs({{.*}}) {lengths = {{.*}}, spacing = #perceiver.spacing<fraction>}
  %1 = block.grid_coordinates sizes(%h, %h) points(%n : tensor<?xi64>) outs(%x : tensor<?x2xf32>)
      {lengths = array<i64: -9223372036854775808, -9223372036854775808>, spacing = #perceiver.spacing<fraction>} -> tensor<?x2xf32>
  // CHECK: block.fourier_features ins(%{{.*}} : tensor<?x2xf32>) outs(%{{.*}} : tensor<?x10xf32>)
  // CHECK-SAME: {bands = 2 : i64, layout = #perceiver.fourier_layout<dm>, max_frequencies = array<f64: 5.000000e+00, 2.500000e+00>}
  %2 = block.fourier_features ins(%1 : tensor<?x2xf32>) outs(%y : tensor<?x10xf32>)
      {bands = 2 : i64, max_frequencies = array<f64: 5.0, 2.5>, layout = #perceiver.fourier_layout<dm>} -> tensor<?x10xf32>
  return
}

// CHECK-LABEL: func.func @on_memrefs
func.func @on_memrefs(%x: memref<?x?x2xf32>, %y: memref<?x?x4xf32>) {
  // CHECK: block.fourier_features ins(%{{.*}} : memref<?x?x2xf32>) outs(%{{.*}} : memref<?x?x4xf32>) {{.*}} terms = #perceiver.terms<sin>}{{$}}
  block.fourier_features ins(%x : memref<?x?x2xf32>) outs(%y : memref<?x?x4xf32>)
      {bands = 2 : i64, max_frequencies = array<f64: 5.0, 2.5>, layout = #perceiver.fourier_layout<dm>, terms = #perceiver.terms<sin>}
  return
}
