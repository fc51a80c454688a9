// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

// Attributes hold float64, kernels compute in float32.

func.func @self(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a scale that is finite in f32, times log2(e), but got}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      {scale = 1.0e300 : f64} : tensor<?x5x12xf32>
  return
}

// -----

// Finite, but not in units of log2.

func.func @cross(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a scale that is finite in f32, times log2(e), but got}}
  %0 = perceiver.decode %z, %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      {scale = -3.0e38 : f64} : tensor<?x5x12xf32>, tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  return
}

// -----

func.func @attention(%x: tensor<2x5x6xf32>) {
  // expected-error @+1 {{expected a scale that is finite in f32, times log2(e), but got}}
  %0 = block.attention ins(%x, %x, %x : tensor<2x5x6xf32>, tensor<2x5x6xf32>, tensor<2x5x6xf32>)
      outs(%x : tensor<2x5x6xf32>) heads = 3 {scale = 1.0e39 : f64} -> tensor<2x5x6xf32>
  return
}

// -----

func.func @online(%q: tensor<5x6xf32>, %k: tensor<2x7x6xf32>, %a: tensor<2x3x2x5xf32>, %m: tensor<2x3x5xf32>) {
  // expected-error @+1 {{expected a scale that is finite in f32, times log2(e), but got}}
  %0, %1, %2 = block.online_attention ins(%q, %k, %k : tensor<5x6xf32>, tensor<2x7x6xf32>, tensor<2x7x6xf32>)
      outs(%a, %m, %m : tensor<2x3x2x5xf32>, tensor<2x3x5xf32>, tensor<2x3x5xf32>) heads = 3 scale = 1.0e300
      -> tensor<2x3x2x5xf32>, tensor<2x3x5xf32>, tensor<2x3x5xf32>
  return
}

// -----

func.func @self(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected an epsilon that is positive and finite in f32, but got}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      {epsilon = 0.0 : f64} : tensor<?x5x12xf32>
  return
}

// -----

// Positive, but 0 in f32.

func.func @norm(%x: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected an epsilon that is positive and finite in f32, but got}}
  %0 = perceiver.norm %x weight @w bias @b {epsilon = 1.0e-60 : f64} : tensor<?x5x12xf32>
  return
}

// -----

func.func @layer_norm(%x: tensor<7x5xf32>) {
  // expected-error @+1 {{expected an epsilon that is positive and finite in f32, but got}}
  %0 = block.layer_norm ins(%x : tensor<7x5xf32>)
      outs(%x : tensor<7x5xf32>) {epsilon = 1.0e300 : f64} -> tensor<7x5xf32>
  return
}

// -----

func.func @positions() {
  // expected-error @+1 {{expected a maximal resolution that is positive and finite in f32, but got}}
  %0 = perceiver.fourier_positions grid = [4] bands = 2 max_resolution = [1.0e300] layout = dm : tensor<4x5xf32>
  return
}

// -----

func.func @table(%y: tensor<4x5xf32>) {
  // expected-error @+1 {{expected a maximal frequency that is positive and finite in f32, but got}}
  %0 = block.axis_table outs(%y : tensor<4x5xf32>)
      {bands = 2 : i64, max_frequency = 1.0e300 : f64} -> tensor<4x5xf32>
  return
}

// -----

// What is negative or 0 has a meaning as a scale.

func.func @zero(%x: tensor<2x5x6xf32>) {
  %0 = block.attention ins(%x, %x, %x : tensor<2x5x6xf32>, tensor<2x5x6xf32>, tensor<2x5x6xf32>)
      outs(%x : tensor<2x5x6xf32>) heads = 3 {scale = 0.0 : f64} -> tensor<2x5x6xf32>
  %1 = block.attention ins(%x, %x, %x : tensor<2x5x6xf32>, tensor<2x5x6xf32>, tensor<2x5x6xf32>)
      outs(%x : tensor<2x5x6xf32>) heads = 3 {scale = -1.0e38 : f64} -> tensor<2x5x6xf32>
  return
}
