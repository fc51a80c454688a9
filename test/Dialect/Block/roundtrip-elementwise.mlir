// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// CHECK-LABEL: func.func @tensors
func.func @tensors(%x: tensor<?x7x6xf32>, %r: tensor<7x6xf32>, %v: tensor<6xf32>, %n: tensor<1xf32>,
                   %y: tensor<?x7x6xf32>, %z: tensor<?x7x3xf32>) {
  // CHECK: block.add ins(%{{.*}}, %{{.*}} : tensor<?x7x6xf32>, tensor<7x6xf32>) outs(%{{.*}} : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  %0 = block.add ins(%x, %r : tensor<?x7x6xf32>, tensor<7x6xf32>) outs(%y : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  // CHECK: block.add ins(%{{.*}}, %{{.*}} : tensor<1xf32>, tensor<?x7x6xf32>)
  %1 = block.add ins(%n, %0 : tensor<1xf32>, tensor<?x7x6xf32>) outs(%y : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  // CHECK: block.multiply ins(%{{.*}}, %{{.*}} : tensor<?x7x6xf32>, tensor<6xf32>) outs(%{{.*}} : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  %2 = block.multiply ins(%1, %v : tensor<?x7x6xf32>, tensor<6xf32>) outs(%y : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  // CHECK: block.scale ins(%{{.*}} : tensor<?x7x6xf32>) outs(%{{.*}} : tensor<?x7x6xf32>) {factor = 2.500000e-01 : f64} -> tensor<?x7x6xf32>
  %3 = block.scale ins(%2 : tensor<?x7x6xf32>) outs(%y : tensor<?x7x6xf32>) {factor = 0.25 : f64} -> tensor<?x7x6xf32>
  // CHECK: block.activate ins(%{{.*}} : tensor<?x7x6xf32>) outs(%{{.*}} : tensor<?x7x3xf32>) {activation = #perceiver.activation<gated(silu)>} -> tensor<?x7x3xf32>
  %4 = block.activate ins(%3 : tensor<?x7x6xf32>) outs(%z : tensor<?x7x3xf32>)
      {activation = #perceiver.activation<gated(silu)>} -> tensor<?x7x3xf32>
  return
}

// CHECK-LABEL: func.func @memrefs
func.func @memrefs(%x: memref<?x6xf32>, %v: memref<6xf32>) {
  // CHECK: block.multiply ins(%{{.*}}, %{{.*}} : memref<?x6xf32>, memref<6xf32>) outs(%{{.*}} : memref<?x6xf32>){{$}}
  block.multiply ins(%x, %v : memref<?x6xf32>, memref<6xf32>) outs(%x : memref<?x6xf32>)
  // CHECK: block.activate ins(%{{.*}} : memref<?x6xf32>) outs(%{{.*}} : memref<?x6xf32>) {activation = #perceiver.activation<tanh>}
  block.activate ins(%x : memref<?x6xf32>) outs(%x : memref<?x6xf32>) {activation = #perceiver.activation<tanh>}
  return
}
