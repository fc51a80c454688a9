// RUN: perceiver-opt %s --pass-pipeline='builtin.module(perceiver-set-target{cpu=x86-64-v4},func.func(perceiver-pack-weights))' | FileCheck %s

// Tasks compute keys and values apart from each other, so panels must not hold
// columns of both, although one head is never cut: 32 columns, where 64 would do.

// CHECK-LABEL: func.func @key_and_value
// CHECK: block.linear {{.*}}layout = #block.panels<columns = 32, lanes = 32>
func.func @key_and_value(%x: tensor<1x8x32xf32>, %q: tensor<4x32xf32>, %acc: tensor<1x1x32x4xf32>,
                         %max: tensor<1x1x4xf32>, %sum: tensor<1x1x4xf32>) -> tensor<1x1x32x4xf32> {
  %w = perceiver.get_parameter @w : tensor<32x64xf32>
  %e = tensor.empty() : tensor<1x8x64xf32>
  %kv = block.linear ins(%x, %w : tensor<1x8x32xf32>, tensor<32x64xf32>) outs(%e : tensor<1x8x64xf32>) -> tensor<1x8x64xf32>
  %k = tensor.extract_slice %kv[0, 0, 0] [1, 8, 32] [1, 1, 1] : tensor<1x8x64xf32> to tensor<1x8x32xf32>
  %v = tensor.extract_slice %kv[0, 0, 32] [1, 8, 32] [1, 1, 1] : tensor<1x8x64xf32> to tensor<1x8x32xf32>
  %a, %m, %s = block.online_attention ins(%q, %k, %v : tensor<4x32xf32>, tensor<1x8x32xf32>, tensor<1x8x32xf32>)
      outs(%acc, %max, %sum : tensor<1x1x32x4xf32>, tensor<1x1x4xf32>, tensor<1x1x4xf32>) heads = 1 scale = 0.5
      {perceiver.tiling = #perceiver.tiling<task = [1, 1]>}
      -> tensor<1x1x32x4xf32>, tensor<1x1x4xf32>, tensor<1x1x4xf32>
  return %a : tensor<1x1x32x4xf32>
}
perceiver.parameter @w : tensor<32x64xf32> key "w"

// What nobody takes apart has the panels that cost least.

// CHECK-LABEL: func.func @whole
// CHECK: block.linear {{.*}}layout = #block.panels<columns = 64, lanes = 64>
func.func @whole(%x: tensor<1x8x32xf32>) -> tensor<1x8x64xf32> {
  %w = perceiver.get_parameter @w : tensor<32x64xf32>
  %e = tensor.empty() : tensor<1x8x64xf32>
  %y = block.linear ins(%x, %w : tensor<1x8x32xf32>, tensor<32x64xf32>) outs(%e : tensor<1x8x64xf32>) -> tensor<1x8x64xf32>
  return %y : tensor<1x8x64xf32>
}
