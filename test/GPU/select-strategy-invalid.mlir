// RUN: perceiver-opt %s --pass-pipeline='builtin.module(perceiver-set-target{backend=cuda},func.func(perceiver-gpu-select-strategy))' -verify-diagnostics

// This form of attention is for parts of the keys.

func.func @online(%q: tensor<2x7x8xf32>, %a: tensor<2x2x4x7xf32>, %m: tensor<2x2x7xf32>) -> tensor<2x2x4x7xf32> {
  // expected-error @+1 {{'block.online_attention' op expected a strategy of the GPU for an operation with loops, but it has none}}
  %0:3 = block.online_attention ins(%q, %q, %q : tensor<2x7x8xf32>, tensor<2x7x8xf32>, tensor<2x7x8xf32>)
      outs(%a, %m, %m : tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>) heads = 2 scale = 1.0
      -> tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>
  return %0#0 : tensor<2x2x4x7xf32>
}
