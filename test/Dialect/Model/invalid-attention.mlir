// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

// The blocks that follow are legal but for one thing each.

func.func @f(%q: tensor<?x5x12xf32>, %x: tensor<?x?x7xf32>) -> tensor<?x5x12xf32> {
  // expected-error @+1 {{expected at least one head, but got 0}}
  %0 = perceiver.cross_block %q, %x heads = 0 qk_channels = 6 v_channels = 6 mlp = none weights @s
      : tensor<?x5x12xf32>, tensor<?x?x7xf32> -> tensor<?x5x12xf32>
  return %0 : tensor<?x5x12xf32>
}

// -----

func.func @f(%q: tensor<?x5x12xf32>, %x: tensor<?x?x7xf32>) -> tensor<?x5x12xf32> {
  // expected-error @+1 {{expected qk_channels to be a positive multiple of 2 heads, but got 5}}
  %0 = perceiver.cross_block %q, %x heads = 2 qk_channels = 5 v_channels = 6 mlp = none weights @s
      : tensor<?x5x12xf32>, tensor<?x?x7xf32> -> tensor<?x5x12xf32>
  return %0 : tensor<?x5x12xf32>
}

// -----

func.func @f(%q: tensor<?x5x12xf32>, %x: tensor<?x?x7xf32>) -> tensor<?x5x12xf32> {
  // expected-error @+1 {{expected v_channels to be a positive multiple of 2 heads, but got 0}}
  %0 = perceiver.cross_block %q, %x heads = 2 qk_channels = 6 v_channels = 0 mlp = none weights @s
      : tensor<?x5x12xf32>, tensor<?x?x7xf32> -> tensor<?x5x12xf32>
  return %0 : tensor<?x5x12xf32>
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
  // expected-error @+1 {{expected an epsilon that is positive and finite in f32, but got -1.0}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      {epsilon = -1.0 : f64} : tensor<?x5x12xf32>
  return %0 : tensor<?x5x12xf32>
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
  // expected-error @+1 {{expected a scale that is finite in f32, times log2(e), but got INF}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      {scale = 0x7FF0000000000000 : f64} : tensor<?x5x12xf32>
  return %0 : tensor<?x5x12xf32>
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
  // expected-error @+1 {{expected none or gelu_erf or gelu_tanh or quick_gelu or relu or relu_squared or silu or sigmoid or tanh or leaky_relu or mish or gated, but got 'geglu'}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = geglu weights @s : tensor<?x5x12xf32>
  return %0 : tensor<?x5x12xf32>
}

// -----

func.func @f(%z: tensor<5x12xf32>) -> tensor<5x12xf32> {
  // expected-error @+1 {{expected latents of rank 3, but got 'tensor<5x12xf32>'}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s : tensor<5x12xf32>
  return %0 : tensor<5x12xf32>
}

// -----

func.func @f(%z: tensor<?x5x?xf32>) -> tensor<?x5x?xf32> {
  // expected-error @+1 {{expected latents with static channels, but got 'tensor<?x5x?xf32>'}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s : tensor<?x5x?xf32>
  return %0 : tensor<?x5x?xf32>
}

// -----

func.func @f(%q: tensor<12xf32>, %x: tensor<?x?x7xf32>) {
  // expected-error @+1 {{expected a query of rank 2 or 3, but got 'tensor<12xf32>'}}
  %0 = perceiver.cross_block %q, %x heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      : tensor<12xf32>, tensor<?x?x7xf32> -> tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%q: tensor<5x12xf32>, %x: tensor<?x7xf32>) {
  // expected-error @+1 {{expected a source of rank 3, but got 'tensor<?x7xf32>'}}
  %0 = perceiver.encode %q, %x heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      : tensor<5x12xf32>, tensor<?x7xf32> -> tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%q: tensor<5x12xf32>, %x: tensor<?x?x?xf32>) {
  // expected-error @+1 {{expected a source with static channels, but got 'tensor<?x?x?xf32>'}}
  %0 = perceiver.encode %q, %x heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      : tensor<5x12xf32>, tensor<?x?x?xf32> -> tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%q: tensor<5x12xi32>, %x: tensor<?x?x7xf32>) {
  // expected-error @+1 {{expected a query of floating-point elements, but got 'tensor<5x12xi32>'}}
  %0 = perceiver.encode %q, %x heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      : tensor<5x12xi32>, tensor<?x?x7xf32> -> tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%q: tensor<4x5x12xf32>, %x: tensor<?x?x7xf32>) {
  // expected-error @+1 {{expected a query and a source of the same batch, but got 'tensor<4x5x12xf32>' and 'tensor<?x?x7xf32>'}}
  %0 = perceiver.encode %q, %x heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      : tensor<4x5x12xf32>, tensor<?x?x7xf32> -> tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%q: tensor<5x12xf64>, %x: tensor<?x?x7xf32>) {
  // expected-error @+1 {{expected a query and a source of the same elements, but got 'tensor<5x12xf64>' and 'tensor<?x?x7xf32>'}}
  %0 = perceiver.encode %q, %x heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      : tensor<5x12xf64>, tensor<?x?x7xf32> -> tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%q: tensor<5x12xf32>, %x: tensor<?x?x7xf32>) {
  // expected-error @+1 {{expected a result of type 'tensor<?x5x12xf32>', but got 'tensor<?x5x10xf32>'}}
  %0 = perceiver.decode %q, %x heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      : tensor<5x12xf32>, tensor<?x?x7xf32> -> tensor<?x5x10xf32>
  return
}

// -----

func.func @f(%q: tensor<5x12xf32>, %x: tensor<?x?x7xf32>, %l: tensor<4xi64>) {
  // expected-error @+1 {{expected lengths of type 'tensor<?xi64>', but got 'tensor<4xi64>'}}
  %0 = perceiver.decode %q, %x lengths(%l : tensor<4xi64>) heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      : tensor<5x12xf32>, tensor<?x?x7xf32> -> tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%q: tensor<5x12xf32>, %x: tensor<?x?x7xf32>, %m: tensor<?x?xi8>) {
  // expected-error @+1 {{expected a mask of type 'tensor<?x?xi1>', but got 'tensor<?x?xi8>'}}
  %0 = perceiver.decode %q, %x mask(%m : tensor<?x?xi8>) heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      : tensor<5x12xf32>, tensor<?x?x7xf32> -> tensor<?x5x12xf32>
  return
}
