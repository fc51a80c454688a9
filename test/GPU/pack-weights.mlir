// RUN: perceiver-opt %s --pass-pipeline='builtin.module(perceiver-set-target{backend=cuda},func.func(perceiver-gpu-pack-weights,perceiver-gpu-select-strategy))' | FileCheck %s

// The columns of a result and their gates are a slice of two planes, so that a
// layer with gates has a loop over columns. Other layers read plain weights.

// CHECK-LABEL: func.func @gated
// CHECK: %[[P:.*]] = block.pack_weight ins(%{{.*}} : tensor<33x256xf32>) outs(%{{.*}} : tensor<33x2x128xf32>) layout = #block.planes
// CHECK: %[[Q:.*]] = block.pack_weight ins(%{{.*}} : tensor<256xf32>) outs(%{{.*}} : tensor<2x128xf32>) layout = #block.planes
// CHECK: block.linear ins(%{{.*}}, %[[P]] : {{.*}} bias(%[[Q]] : {{.*}}layout = #block.planes
// CHECK-SAME: #perceiver.tiling<task = [1, 32, 32], root = true>
// CHECK-NOT: pack_weight
// CHECK: block.linear
func.func @gated(%x: tensor<?x100x33xf32>, %w: tensor<33x256xf32>, %b: tensor<256xf32>, %y: tensor<?x100x128xf32>)
    -> tensor<?x100x128xf32> {
  %0 = block.linear ins(%x, %w : tensor<?x100x33xf32>, tensor<33x256xf32>) bias(%b : tensor<256xf32>)
      outs(%y : tensor<?x100x128xf32>) {activation = #perceiver.activation<gated(gelu_erf)>} -> tensor<?x100x128xf32>
  return %0 : tensor<?x100x128xf32>
}

func.func @plain(%x: tensor<?x100x33xf32>, %w: tensor<33x128xf32>, %y: tensor<?x100x128xf32>) -> tensor<?x100x128xf32> {
  %0 = block.linear ins(%x, %w : tensor<?x100x33xf32>, tensor<33x128xf32>) outs(%y : tensor<?x100x128xf32>)
      -> tensor<?x100x128xf32>
  return %0 : tensor<?x100x128xf32>
}
