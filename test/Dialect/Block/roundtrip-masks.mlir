// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// CHECK-LABEL: func.func @on_tensors
func.func @on_tensors(%x: tensor<?x7xi64>, %n: tensor<?x7xi1>, %y: tensor<?x7x5xf32>, %lse: tensor<?x3x7xf32>,
                      %z: tensor<?x1x5xf32>) {
  // CHECK: block.to_mask ins(%{{.*}} : tensor<?x7xi64>) outs(%{{.*}} : tensor<?x7xi1>) -> tensor<?x7xi1>
  %0 = block.to_mask ins(%x : tensor<?x7xi64>) outs(%n : tensor<?x7xi1>) -> tensor<?x7xi1>
  // CHECK: block.mask_rows ins(%{{.*}} : tensor<?x7x5xf32>) mask(%{{.*}} : tensor<?x7xi1>) outs(%{{.*}} : tensor<?x7x5xf32>)
  // CHECK-SAME: {value = 0.000000e+00 : f64} -> tensor<?x7x5xf32>
  %1 = block.mask_rows ins(%y : tensor<?x7x5xf32>) mask(%0 : tensor<?x7xi1>) outs(%y : tensor<?x7x5xf32>)
      {value = 0.0 : f64, dimension = 1 : i64} -> tensor<?x7x5xf32>
  // CHECK: block.mask_rows {{.*}} {dimension = 2 : i64, value = 0xFFF0000000000000 : f64} -> tensor<?x3x7xf32>
  %2 = block.mask_rows ins(%lse : tensor<?x3x7xf32>) mask(%0 : tensor<?x7xi1>) outs(%lse : tensor<?x3x7xf32>)
      {value = 0xFFF0000000000000 : f64, dimension = 2 : i64} -> tensor<?x3x7xf32>
  // CHECK: block.mean_rows ins(%{{.*}} : tensor<?x7x5xf32>) mask(%{{.*}} : tensor<?x7xi1>) outs(%{{.*}} : tensor<?x1x5xf32>)
  %3 = block.mean_rows ins(%1 : tensor<?x7x5xf32>) mask(%0 : tensor<?x7xi1>) outs(%z : tensor<?x1x5xf32>) -> tensor<?x1x5xf32>
  return
}

// CHECK-LABEL: func.func @on_memrefs
func.func @on_memrefs(%x: memref<?x7xf32>, %n: memref<?x7xi1>) {
  // CHECK: block.to_mask ins(%{{.*}} : memref<?x7xf32>) outs(%{{.*}} : memref<?x7xi1>) {inverted}{{$}}
  block.to_mask ins(%x : memref<?x7xf32>) outs(%n : memref<?x7xi1>) {inverted}
  return
}
