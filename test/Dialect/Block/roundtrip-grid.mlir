// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// CHECK-LABEL: func.func @tensors
func.func @tensors(%x: tensor<?x55x3xf32>, %t: tensor<2x5xf32>, %u: tensor<2x11xf32>, %c: tensor<2x1xf32>,
                   %e: tensor<?x55xf32>, %m8: tensor<?x55xi8>, %m: tensor<?x2x7xf32>,
                   %p: tensor<7x38xf32>, %b: tensor<?x2x19x7xf32>, %n: tensor<?x2x7xf32>) {
  // CHECK: block.grid_statistics ins(%{{.*}} : tensor<?x55x3xf32>)
  // CHECK-SAME: tables(%{{.*}}, %{{.*}}, %{{.*}} : tensor<2x5xf32>, tensor<2x11xf32>, tensor<2x1xf32>)
  // CHECK-SAME: outs(%{{.*}} : tensor<?x55xf32>) channels = [9, 9, 4] {epsilon = 1.000000e-03 : f64} -> tensor<?x55xf32>
  %r = block.grid_statistics ins(%x : tensor<?x55x3xf32>)
      tables(%t, %u, %c : tensor<2x5xf32>, tensor<2x11xf32>, tensor<2x1xf32>)
      outs(%e : tensor<?x55xf32>) channels = [9, 9, 4] {epsilon = 1.0e-3 : f64} -> tensor<?x55xf32>
  // CHECK: block.grid_attention ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<7x38xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>)
  // CHECK-SAME: mask(%{{.*}} : tensor<?x55xi8>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>)
  // CHECK-SAME: grid = [5, 11] heads = 2 scale = 5.000000e-01 -> tensor<?x2x19x7xf32>
  %0, %1, %2 = block.grid_attention ins(%p, %x, %r : tensor<7x38xf32>, tensor<?x55x3xf32>, tensor<?x55xf32>)
      mask(%m8 : tensor<?x55xi8>) outs(%b, %m, %n : tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>)
      grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x19x7xf32>, tensor<?x2x7xf32>, tensor<?x2x7xf32>
  return
}

// CHECK-LABEL: func.func @memrefs
func.func @memrefs(%x: memref<4x55x3xf32>, %t: memref<2x55xf32>, %r: memref<4x55xf32>,
                   %a: memref<4x1x58x7xf64>, %m: memref<4x1x7xf32>, %s: memref<4x1x7xf64>, %p: memref<4x7x58xf32>) {
  // CHECK: block.grid_statistics ins({{.*}}) tables({{.*}}) outs(%{{.*}} : memref<4x55xf32>) channels = [9]{{$}}
  block.grid_statistics ins(%x : memref<4x55x3xf32>) tables(%t : memref<2x55xf32>) outs(%r : memref<4x55xf32>) channels = [9]
  // CHECK: block.grid_attention ins({{.*}}) outs({{.*}}) grid = [55] heads = 1 scale = 5.000000e-01{{$}}
  block.grid_attention ins(%p, %x, %r : memref<4x7x58xf32>, memref<4x55x3xf32>, memref<4x55xf32>)
      outs(%a, %m, %s : memref<4x1x58x7xf64>, memref<4x1x7xf32>, memref<4x1x7xf64>) grid = [55] heads = 1 scale = 0.5
  return
}
