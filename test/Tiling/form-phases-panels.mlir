// RUN: perceiver-opt %s --pass-pipeline='builtin.module(func.func(perceiver-form-phases))' | FileCheck %s

// Columns from 32 on begin in the middle of the only panel, so no tile of the
// layer computes them alone: it is a phase of its own.

// CHECK-LABEL: func.func @inside_panel
// CHECK: scf.forall
// CHECK: block.linear {{.*}} -> tensor<1x4x64xf32>
// CHECK: scf.forall
// CHECK-NOT: block.linear
// CHECK: block.layer_norm
func.func @inside_panel(%x: tensor<2x8x32xf32>, %w: tensor<1x32x64xf32>, %y: tensor<2x8x32xf32>) -> tensor<2x8x32xf32> {
  %e = tensor.empty() : tensor<2x8x64xf32>
  %0 = block.linear ins(%x, %w : tensor<2x8x32xf32>, tensor<1x32x64xf32>) outs(%e : tensor<2x8x64xf32>)
      {layout = #block.panels<columns = 64, lanes = 64>, perceiver.tiling = #perceiver.tiling<task = [1, 4]>}
      -> tensor<2x8x64xf32>
  %1 = tensor.extract_slice %0[0, 0, 32] [2, 8, 32] [1, 1, 1] : tensor<2x8x64xf32> to tensor<2x8x32xf32>
  %2 = block.layer_norm ins(%1 : tensor<2x8x32xf32>) outs(%y : tensor<2x8x32xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [1, 4]>} -> tensor<2x8x32xf32>
  return %2 : tensor<2x8x32xf32>
}

// They begin at a panel of 32 columns.

// CHECK-LABEL: func.func @at_panel
// CHECK: scf.forall
// CHECK: block.linear {{.*}} -> tensor<1x4x32xf32>
// CHECK: block.layer_norm
func.func @at_panel(%x: tensor<2x8x32xf32>, %w: tensor<2x32x32xf32>, %y: tensor<2x8x32xf32>) -> tensor<2x8x32xf32> {
  %e = tensor.empty() : tensor<2x8x64xf32>
  %0 = block.linear ins(%x, %w : tensor<2x8x32xf32>, tensor<2x32x32xf32>) outs(%e : tensor<2x8x64xf32>)
      {layout = #block.panels<columns = 32, lanes = 32>, perceiver.tiling = #perceiver.tiling<task = [1, 4]>}
      -> tensor<2x8x64xf32>
  %1 = tensor.extract_slice %0[0, 0, 32] [2, 8, 32] [1, 1, 1] : tensor<2x8x64xf32> to tensor<2x8x32xf32>
  %2 = block.layer_norm ins(%1 : tensor<2x8x32xf32>) outs(%y : tensor<2x8x32xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [1, 4]>} -> tensor<2x8x32xf32>
  return %2 : tensor<2x8x32xf32>
}
