// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// CHECK-LABEL: func.func @tensors
func.func @tensors(%r: tensor<?x55xf32>, %k: tensor<?x?x38xf32>, %v: tensor<?x?x10xf32>, %f: tensor<?x55x3xf32>,
                   %m8: tensor<?x?xi8>, %c: tensor<?x2x?xf32>, %a: tensor<?x2x5x55xf64>, %m: tensor<?x2x55xf32>,
                   %s: tensor<?x2x55xf64>) {
  // CHECK: block.grid_query_attention ins(%{{.*}}, %{{.*}}, %{{.*}} : tensor<?x55xf32>, tensor<?x?x38xf32>, tensor<?x?x10xf32>)
  // CHECK-SAME: features(%{{.*}} : tensor<?x55x3xf32>) mask(%{{.*}} : tensor<?x?xi8>) score_bias(%{{.*}} : tensor<?x2x?xf32>)
  // CHECK-SAME: outs(%{{.*}}, %{{.*}}, %{{.*}} : tensor<?x2x5x55xf64>, tensor<?x2x55xf32>, tensor<?x2x55xf64>)
  // CHECK-SAME: grid = [5, 11] heads = 2 scale = 5.000000e-01 -> tensor<?x2x5x55xf64>
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x?x38xf32>, tensor<?x?x10xf32>)
      features(%f : tensor<?x55x3xf32>) mask(%m8 : tensor<?x?xi8>) score_bias(%c : tensor<?x2x?xf32>)
      outs(%a, %m, %s : tensor<?x2x5x55xf64>, tensor<?x2x55xf32>, tensor<?x2x55xf64>)
      grid = [5, 11] heads = 2 scale = 0.5 -> tensor<?x2x5x55xf64>, tensor<?x2x55xf32>, tensor<?x2x55xf64>
  return
}

// CHECK-LABEL: func.func @memrefs
func.func @memrefs(%r: memref<7xf32>, %k: memref<4x9x56xf32>, %v: memref<4x9x3xf32>, %o: index,
                   %a: memref<4x1x3x7xf32>, %m: memref<4x1x7xf32>) {
  // CHECK: block.grid_query_attention ins(%{{.*}} : memref<7xf32>, memref<4x9x56xf32>, memref<4x9x3xf32>)
  // CHECK-SAME: offset(%{{.*}}) outs({{.*}}) grid = [1, 55] heads = 1 scale = 5.000000e-01{{$}}
  block.grid_query_attention ins(%r, %k, %v : memref<7xf32>, memref<4x9x56xf32>, memref<4x9x3xf32>) offset(%o)
      outs(%a, %m, %m : memref<4x1x3x7xf32>, memref<4x1x7xf32>, memref<4x1x7xf32>) grid = [1, 55] heads = 1 scale = 0.5
  return
}
