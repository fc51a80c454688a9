// RUN: perceiver-opt %s --pass-pipeline='builtin.module(func.func(perceiver-split-keys))' -split-input-file -verify-diagnostics

func.func @heads(%q: tensor<2x7x8xf32>, %k: tensor<2x90x8xf32>, %a: tensor<2x2x4x7xf32>, %m: tensor<2x2x7xf32>)
    -> tensor<2x2x4x7xf32> {
  // expected-error @+1 {{expected task = [1], or sizes of tiles of batch, head and query, with key_split, but got #perceiver.tiling<task = [1, 1], key_split = 30>}}
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<2x7x8xf32>, tensor<2x90x8xf32>, tensor<2x90x8xf32>)
      outs(%a, %m, %m : tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>) heads = 2 scale = 1.0
      {perceiver.tiling = #perceiver.tiling<task = [1, 1], key_split = 30>}
      -> tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>
  return %0#0 : tensor<2x2x4x7xf32>
}

// -----

func.func @queries(%q: tensor<2x7x8xf32>, %k: tensor<2x90x8xf32>, %a: tensor<2x2x4x7xf32>, %m: tensor<2x2x7xf32>)
    -> tensor<2x2x4x7xf32> {
  // expected-error @+1 {{expected task = [1], or sizes of tiles of batch, head and query, with key_split, but got #perceiver.tiling<task = [1, 0, 4], key_split = 30>}}
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<2x7x8xf32>, tensor<2x90x8xf32>, tensor<2x90x8xf32>)
      outs(%a, %m, %m : tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>) heads = 2 scale = 1.0
      {perceiver.tiling = #perceiver.tiling<task = [1, 0, 4], key_split = 30>}
      -> tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>
  return %0#0 : tensor<2x2x4x7xf32>
}

// -----

func.func @whole_batch(%q: tensor<2x7x8xf32>, %k: tensor<2x90x8xf32>, %a: tensor<2x2x4x7xf32>, %m: tensor<2x2x7xf32>)
    -> tensor<2x2x4x7xf32> {
  // expected-error @+1 {{expected task = [1], or sizes of tiles of batch, head and query, with key_split, but got #perceiver.tiling<task = [0], key_split = 30>}}
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<2x7x8xf32>, tensor<2x90x8xf32>, tensor<2x90x8xf32>)
      outs(%a, %m, %m : tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>) heads = 2 scale = 1.0
      {perceiver.tiling = #perceiver.tiling<task = [0], key_split = 30>}
      -> tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>
  return %0#0 : tensor<2x2x4x7xf32>
}

// -----

func.func @nothing(%q: tensor<2x7x8xf32>, %k: tensor<2x90x8xf32>, %a: tensor<2x2x4x7xf32>, %m: tensor<2x2x7xf32>)
    -> tensor<2x2x4x7xf32> {
  // expected-error @+1 {{expected task = [1], or sizes of tiles of batch, head and query, with key_split, but got #perceiver.tiling<task = [], key_split = 30>}}
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<2x7x8xf32>, tensor<2x90x8xf32>, tensor<2x90x8xf32>)
      outs(%a, %m, %m : tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>) heads = 2 scale = 1.0
      {perceiver.tiling = #perceiver.tiling<task = [], key_split = 30>}
      -> tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>
  return %0#0 : tensor<2x2x4x7xf32>
}

// -----

func.func private @prepare(%x: tensor<7x33xf32>) -> tensor<7x33xf32> attributes {perceiver.prepare} {
  // expected-error @+1 {{'block.layer_norm' op expected no 'perceiver.tiling' where weights are computed}}
  %0 = block.layer_norm ins(%x : tensor<7x33xf32>) outs(%x : tensor<7x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [4]>} -> tensor<7x33xf32>
  return %0 : tensor<7x33xf32>
}
