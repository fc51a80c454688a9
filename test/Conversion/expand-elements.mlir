// RUN: perceiver-opt %s --perceiver-expand-blocks | FileCheck %s

perceiver.parameter @w : tensor<12x10xf32> key "w"

// CHECK-LABEL: func.func @elements
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x5x12xf32>, %[[P:[a-z0-9]+]]: tensor<5x12xf32>, %[[G:[a-z0-9]+]]: tensor<12xf32>
// CHECK: %[[SUM:.*]] = block.add ins(%[[P]], %[[X]] : tensor<5x12xf32>, tensor<?x5x12xf32>)
// CHECK: %[[PRODUCT:.*]] = block.multiply ins(%[[SUM]], %[[G]] : tensor<?x5x12xf32>, tensor<12xf32>)
// CHECK: %[[SCALED:.*]] = block.scale ins(%[[PRODUCT]] : {{.*}} {factor = -3.000000e+00 : f64}
// CHECK: block.activate ins(%[[SCALED]] : tensor<?x5x12xf32>) outs(%{{.*}} : tensor<?x5x6xf32>) {activation = #perceiver.activation<gated(mish)>}
// CHECK: block.linear ins(%[[SCALED]], %{{.*}}) outs({{.*}}) {activation = #perceiver.activation<gated(tanh)>} -> tensor<?x5x5xf32>
func.func @elements(%x: tensor<?x5x12xf32>, %p: tensor<5x12xf32>, %g: tensor<12xf32>)
    -> (tensor<?x5x6xf32>, tensor<?x5x5xf32>) {
  %0 = perceiver.add %p, %x : tensor<5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  %1 = perceiver.multiply %0, %g : tensor<?x5x12xf32>, tensor<12xf32> -> tensor<?x5x12xf32>
  %2 = perceiver.scale %1 by -3.0 : tensor<?x5x12xf32>
  %3 = perceiver.activate %2 with gated(mish) : tensor<?x5x12xf32> -> tensor<?x5x6xf32>
  %4 = perceiver.project %2 weight @w activation = gated(tanh) : tensor<?x5x12xf32> -> tensor<?x5x5xf32>
  return %3, %4 : tensor<?x5x6xf32>, tensor<?x5x5xf32>
}
