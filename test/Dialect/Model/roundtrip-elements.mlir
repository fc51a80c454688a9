// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

perceiver.parameter @w : tensor<12x10xf32> key "w"

// CHECK-LABEL: func.func @elements
func.func @elements(%x: tensor<?x5x12xf32>, %p: tensor<5x12xf32>, %g: tensor<12xf32>, %one: tensor<1xf32>) {
  // CHECK: perceiver.add %{{.*}}, %{{.*}} : tensor<?x5x12xf32>, tensor<5x12xf32> -> tensor<?x5x12xf32>
  %0 = perceiver.add %x, %p : tensor<?x5x12xf32>, tensor<5x12xf32> -> tensor<?x5x12xf32>
  // CHECK: perceiver.add %{{.*}}, %{{.*}} : tensor<12xf32>, tensor<5x12xf32> -> tensor<5x12xf32>
  %1 = perceiver.add %g, %p : tensor<12xf32>, tensor<5x12xf32> -> tensor<5x12xf32>
  // CHECK: perceiver.multiply %{{.*}}, %{{.*}} : tensor<?x5x12xf32>, tensor<1xf32> -> tensor<?x5x12xf32>
  %2 = perceiver.multiply %0, %one : tensor<?x5x12xf32>, tensor<1xf32> -> tensor<?x5x12xf32>
  // CHECK: perceiver.scale %{{.*}} by 2.500000e-01 : tensor<?x5x12xf32>
  %3 = perceiver.scale %2 by 2.500000e-01 : tensor<?x5x12xf32>
  // CHECK: perceiver.activate %{{.*}} with quick_gelu : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %4 = perceiver.activate %3 with quick_gelu : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  // CHECK: perceiver.activate %{{.*}} with gated(silu) : tensor<?x5x12xf32> -> tensor<?x5x6xf32>
  %5 = perceiver.activate %4 with gated(silu) : tensor<?x5x12xf32> -> tensor<?x5x6xf32>
  // CHECK: perceiver.project %{{.*}} weight @w activation = mish : tensor<?x5x12xf32> -> tensor<?x5x10xf32>
  %6 = perceiver.project %3 weight @w activation = mish : tensor<?x5x12xf32> -> tensor<?x5x10xf32>
  // CHECK: perceiver.project %{{.*}} weight @w activation = gated(relu) : tensor<?x5x12xf32> -> tensor<?x5x5xf32>
  %7 = perceiver.project %3 weight @w activation = gated(relu) : tensor<?x5x12xf32> -> tensor<?x5x5xf32>
  return
}
