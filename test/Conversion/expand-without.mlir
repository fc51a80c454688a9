// RUN: perceiver-opt %s --perceiver-expand-blocks | FileCheck %s

// What a person forbids for an operation is forbidden for its blocks.

perceiver.parameter @w : tensor<7x6xf32> key "w"
perceiver.parameter @v : tensor<6x2xf32> key "v"

// CHECK-LABEL: func.func @run
// CHECK: block.linear {{.*}} {perceiver.without = ["fold-linears"]} -> tensor<5x6xf32>
// CHECK: block.linear
// CHECK-NOT: perceiver.without
// CHECK: return
func.func @run(%x: tensor<5x7xf32>) -> tensor<5x2xf32> {
  %0 = perceiver.project %x weight @w {perceiver.without = ["fold-linears"]} : tensor<5x7xf32> -> tensor<5x6xf32>
  %1 = perceiver.project %0 weight @v : tensor<5x6xf32> -> tensor<5x2xf32>
  return %1 : tensor<5x2xf32>
}
