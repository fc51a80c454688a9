// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// CHECK-LABEL: func.func @tensors
func.func @tensors(%m: tensor<?x5x7xi1>, %n: tensor<7x?x5xi1>, %x: tensor<?x5x6xf32>, %y: tensor<2x6xf32>,
                   %z: tensor<?x7x6xf32>, %o: index, %t: tensor<?x3x6xf32>) {
  // CHECK: block.transpose ins(%{{.*}} : tensor<?x5x7xi1>) outs(%{{.*}} : tensor<7x?x5xi1>) permutation = [2, 0, 1] -> tensor<7x?x5xi1>
  %0 = block.transpose ins(%m : tensor<?x5x7xi1>) outs(%n : tensor<7x?x5xi1>) permutation = [2, 0, 1] -> tensor<7x?x5xi1>
  // CHECK: block.concat_rows ins(%{{.*}}, %{{.*}} : tensor<?x5x6xf32>, tensor<2x6xf32>) outs(%{{.*}} : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  %1 = block.concat_rows ins(%x, %y : tensor<?x5x6xf32>, tensor<2x6xf32>) outs(%z : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  // CHECK: block.concat_rows ins(%{{.*}}, %{{.*}} : tensor<?x5x6xf32>, tensor<2x6xf32>) offset(%{{.*}}) outs(%{{.*}} : tensor<?x3x6xf32>)
  %2 = block.concat_rows ins(%x, %y : tensor<?x5x6xf32>, tensor<2x6xf32>) offset(%o) outs(%t : tensor<?x3x6xf32>) -> tensor<?x3x6xf32>
  return
}

// CHECK-LABEL: func.func @memrefs
func.func @memrefs(%x: memref<5x6xf32>, %y: memref<6x5xf32>, %z: memref<?x6xf32>) {
  // CHECK: block.transpose ins(%{{.*}} : memref<5x6xf32>) outs(%{{.*}} : memref<6x5xf32>) permutation = [1, 0]{{$}}
  block.transpose ins(%x : memref<5x6xf32>) outs(%y : memref<6x5xf32>) permutation = [1, 0]
  // CHECK: block.concat_rows ins(%{{.*}}, %{{.*}} : memref<5x6xf32>, memref<5x6xf32>) outs(%{{.*}} : memref<?x6xf32>){{$}}
  block.concat_rows ins(%x, %x : memref<5x6xf32>, memref<5x6xf32>) outs(%z : memref<?x6xf32>)
  return
}
