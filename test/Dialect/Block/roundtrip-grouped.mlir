// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// CHECK-LABEL: func.func @grouped_linear
func.func @grouped_linear(%x: tensor<?x5x6xf32>, %w: tensor<2x12xf32>, %b: tensor<12xf32>, %y: tensor<?x5x12xf32>,
                          %wp: tensor<3x2x8xf32>, %bp: tensor<3x8xf32>) {
  // CHECK: block.grouped_linear ins(%{{.*}}, %{{.*}} : tensor<?x5x6xf32>, tensor<2x12xf32>)
  // CHECK-SAME: bias(%{{.*}} : tensor<12xf32>) outs(%{{.*}} : tensor<?x5x12xf32>) groups = 3 -> tensor<?x5x12xf32>
  %0 = block.grouped_linear ins(%x, %w : tensor<?x5x6xf32>, tensor<2x12xf32>) bias(%b : tensor<12xf32>)
      outs(%y : tensor<?x5x12xf32>) groups = 3 -> tensor<?x5x12xf32>
  // CHECK: block.grouped_linear {{.*}} groups = 3 {layout = #block.panels<columns = 4, lanes = 8>}
  %1 = block.grouped_linear ins(%x, %wp : tensor<?x5x6xf32>, tensor<3x2x8xf32>) bias(%bp : tensor<3x8xf32>)
      outs(%y : tensor<?x5x12xf32>) groups = 3 {layout = #block.panels<columns = 4, lanes = 8>} -> tensor<?x5x12xf32>
  return
}

// CHECK-LABEL: func.func @on_memrefs
func.func @on_memrefs(%x: memref<5x6xf32>, %w: memref<2x12xf32>, %y: memref<5x12xf32>) {
  // CHECK: block.grouped_linear ins({{.*}}) outs(%{{.*}} : memref<5x12xf32>) groups = 3{{$}}
  block.grouped_linear ins(%x, %w : memref<5x6xf32>, memref<2x12xf32>) outs(%y : memref<5x12xf32>) groups = 3
  return
}
