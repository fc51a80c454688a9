// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// Operations of the block level, on tensors and on memrefs.

// CHECK-LABEL: func.func @rows_on_tensors
func.func @rows_on_tensors(%x: tensor<?x7x5xf32>, %g: tensor<5xf32>, %w: tensor<5x66xf32>, %b: tensor<66xf32>,
                           %r: tensor<7x33xf32>, %y: tensor<?x7x33xf32>, %z: tensor<?x7x5xf32>) {
  // CHECK: block.layer_norm ins(%{{.*}} : tensor<?x7x5xf32>) outs(%{{.*}} : tensor<?x7x5xf32>) -> tensor<?x7x5xf32>
  %0 = block.layer_norm ins(%x : tensor<?x7x5xf32>) outs(%z : tensor<?x7x5xf32>) -> tensor<?x7x5xf32>
  // CHECK: block.layer_norm {{.*}} affine(%{{.*}}, %{{.*}} : tensor<5xf32>, tensor<5xf32>) outs({{.*}}) {epsilon = 5.000000e-01 : f64}
  %1 = block.layer_norm ins(%0 : tensor<?x7x5xf32>) affine(%g, %g : tensor<5xf32>, tensor<5xf32>)
      outs(%z : tensor<?x7x5xf32>) {epsilon = 0.5 : f64} -> tensor<?x7x5xf32>
  // CHECK: block.linear ins(%{{.*}}, %{{.*}} : tensor<?x7x5xf32>, tensor<5x66xf32>) bias(%{{.*}} : tensor<66xf32>)
  // CHECK-SAME: residual(%{{.*}} : tensor<7x33xf32>) outs(%{{.*}} : tensor<?x7x33xf32>) {activation = #perceiver.activation<gated(gelu_erf)>}
  %2 = block.linear ins(%1, %w : tensor<?x7x5xf32>, tensor<5x66xf32>) bias(%b : tensor<66xf32>)
      residual(%r : tensor<7x33xf32>) outs(%y : tensor<?x7x33xf32>)
      {activation = #perceiver.activation<gated(gelu_erf)>} -> tensor<?x7x33xf32>
  return
}

// CHECK-LABEL: func.func @rows_on_memrefs
func.func @rows_on_memrefs(%x: memref<?x7x5xf32, strided<[35, 5, 1], offset: ?>>, %w: memref<3x5x16xbf16>,
                           %b: memref<3x16xf32>, %y: memref<?x7x33xf32>) {
  // CHECK: block.linear ins({{.*}}) bias({{.*}}) outs(%{{.*}} : memref<?x7x33xf32>) {layout = #block.panels<columns = 16, lanes = 16>}{{$}}
  block.linear ins(%x, %w : memref<?x7x5xf32, strided<[35, 5, 1], offset: ?>>, memref<3x5x16xbf16>)
      bias(%b : memref<3x16xf32>) outs(%y : memref<?x7x33xf32>) {layout = #block.panels<columns = 16, lanes = 16>}
  return
}

// CHECK-LABEL: func.func @pack
func.func @pack(%w: tensor<5x66xf32>, %b: tensor<66xf32>, %p: tensor<3x5x32xf32>, %q: tensor<3x32xf32>) {
  // CHECK: block.pack_weight ins(%{{.*}} : tensor<5x66xf32>) {{.*}} layout = #block.panels<columns = 16, lanes = 32, gated = true> -> tensor<3x5x32xf32>
  %0 = block.pack_weight ins(%w : tensor<5x66xf32>) outs(%p : tensor<3x5x32xf32>)
      layout = #block.panels<columns = 16, lanes = 32, gated = true> -> tensor<3x5x32xf32>
  // CHECK: block.pack_weight ins(%{{.*}} : tensor<66xf32>)
  %1 = block.pack_weight ins(%b : tensor<66xf32>) outs(%q : tensor<3x32xf32>)
      layout = #block.panels<columns = 16, lanes = 32, gated = true> -> tensor<3x32xf32>
  return
}

// CHECK-LABEL: func.func @scale
func.func @scale(%w: tensor<5x66xf32>, %f: tensor<5xf32>) -> tensor<5x66xf32> {
  // CHECK: block.scale_rows %{{.*}} by %{{.*}} : tensor<5x66xf32>, tensor<5xf32>
  %0 = block.scale_rows %w by %f : tensor<5x66xf32>, tensor<5xf32>
  return %0 : tensor<5x66xf32>
}

// Rows with more channels than count, and weights for them.

// CHECK-LABEL: func.func @pad
func.func @pad(%w: tensor<5x66xf32>, %x: tensor<7x5xf32>, %y: tensor<7x8xf32>) {
  // CHECK: block.pad_weight %{{.*}} groups = [1, 2] : tensor<5x66xf32> -> tensor<8x80xf32>
  %0 = block.pad_weight %w groups = [1, 2] : tensor<5x66xf32> -> tensor<8x80xf32>
  // CHECK: block.concat_channels ins(%{{.*}} : tensor<7x5xf32>) outs(%{{.*}} : tensor<7x8xf32>)
  %1 = block.concat_channels ins(%x : tensor<7x5xf32>) outs(%y : tensor<7x8xf32>) -> tensor<7x8xf32>
  // CHECK: block.layer_norm ins(%{{.*}} : tensor<7x8xf32>) outs(%{{.*}} : tensor<7x8xf32>) {channels = 5 : i64}
  %2 = block.layer_norm ins(%1 : tensor<7x8xf32>) outs(%y : tensor<7x8xf32>) {channels = 5 : i64} -> tensor<7x8xf32>
  return
}

// CHECK-LABEL: func.func @inputs
func.func @inputs(%t: tensor<4x5xf32>, %u: tensor<7x5xf32>, %p: tensor<28x10xf32>, %i: index, %x: tensor<?x3x28xf32>,
                  %r: tensor<?x28x3xf32>, %c: tensor<?x28x13xf32>, %ids: tensor<?x28xi32>, %e: tensor<33x13xf32>,
                  %m: tensor<?x1x13xf32>, %points: tensor<28xi8>, %s: tensor<28x4xf32>) {
  // CHECK: block.axis_table outs(%{{.*}} : tensor<4x5xf32>) {bands = 2 : i64, max_frequency = 2.000000e+00 : f64, recipe = #perceiver.fourier_recipe<exact>}
  %0 = block.axis_table outs(%t : tensor<4x5xf32>)
      {bands = 2 : i64, max_frequency = 2.0 : f64, recipe = #perceiver.fourier_recipe<exact>} -> tensor<4x5xf32>
  // CHECK: block.grid_positions tables(%{{.*}}, %{{.*}} : tensor<4x5xf32>, tensor<7x5xf32>) offset(%{{.*}}) outs(
  %1 = block.grid_positions tables(%0, %u : tensor<4x5xf32>, tensor<7x5xf32>) offset(%i)
      outs(%p : tensor<28x10xf32>) {layout = #perceiver.fourier_layout<axis_major>} -> tensor<28x10xf32>
  // CHECK: block.transpose ins(%{{.*}} : tensor<?x3x28xf32>) outs(%{{.*}} : tensor<?x28x3xf32>) permutation = [0, 2, 1] -> tensor<?x28x3xf32>
  %2 = block.transpose ins(%x : tensor<?x3x28xf32>) outs(%r : tensor<?x28x3xf32>) permutation = [0, 2, 1] -> tensor<?x28x3xf32>
  // CHECK: block.concat_channels ins(%{{.*}}, %{{.*}} : tensor<?x28x3xf32>, tensor<28x10xf32>)
  %3 = block.concat_channels ins(%2, %1 : tensor<?x28x3xf32>, tensor<28x10xf32>)
      outs(%c : tensor<?x28x13xf32>) -> tensor<?x28x13xf32>
  // CHECK: block.embed
  %4 = block.embed ins(%ids, %e : tensor<?x28xi32>, tensor<33x13xf32>)
      outs(%c : tensor<?x28x13xf32>) -> tensor<?x28x13xf32>
  // CHECK: block.add
  %5 = block.add ins(%3, %4 : tensor<?x28x13xf32>, tensor<?x28x13xf32>)
      outs(%c : tensor<?x28x13xf32>) -> tensor<?x28x13xf32>
  // CHECK: block.mean_rows
  %6 = block.mean_rows ins(%5 : tensor<?x28x13xf32>) outs(%m : tensor<?x1x13xf32>) -> tensor<?x1x13xf32>
  // CHECK: block.take_rows ins(%{{.*}}, %{{.*}} : tensor<?x28x13xf32>, tensor<28xi8>) outs(%{{.*}} : tensor<?x28x13xf32>)
  %7 = block.take_rows ins(%5, %points : tensor<?x28x13xf32>, tensor<28xi8>)
      outs(%c : tensor<?x28x13xf32>) -> tensor<?x28x13xf32>
  // CHECK: block.take_rows {{.*}} outs(%{{.*}} : tensor<28x4xf32>) {channels_first} -> tensor<28x4xf32>
  %8 = block.take_rows ins(%t, %points : tensor<4x5xf32>, tensor<28xi8>)
      outs(%s : tensor<28x4xf32>) {channels_first} -> tensor<28x4xf32>
  return
}
