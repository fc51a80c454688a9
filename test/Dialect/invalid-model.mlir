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
  // expected-error @+1 {{expected an epsilon that is finite and not negative, but got -1.0}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      {epsilon = -1.0 : f64} : tensor<?x5x12xf32>
  return %0 : tensor<?x5x12xf32>
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
  // expected-error @+1 {{expected a finite scale, but got 0x7FF0000000000000 : f64}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      {scale = 0x7FF0000000000000 : f64} : tensor<?x5x12xf32>
  return %0 : tensor<?x5x12xf32>
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
  // expected-error @+1 {{expected the activation of an MLP or none, but got 'relu'}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = relu weights @s : tensor<?x5x12xf32>
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

// -----

func.func @f(%q: tensor<5x12xf32>, %x: tensor<?x0x7xf32>) {
  // expected-error @+1 {{expected at least one key with masked_rows uniform}}
  %0 = perceiver.decode %q, %x heads = 2 qk_channels = 6 v_channels = 6 mlp = none weights @s
      {masked_rows = #perceiver.masked_rows<uniform>} : tensor<5x12xf32>, tensor<?x0x7xf32> -> tensor<?x5x12xf32>
  return
}

// -----

// The weights of a block.

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected weights of layers that the block has, but got 'kv_norm'}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none
      weights {kv_norm = [@a, @b]} : tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected weights of layers that the block has, but got 'mlp_in'}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none
      weights {mlp_in = [@a, @b]} : tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected one or two symbols for 'query', but got []}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none
      weights {query = []} : tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a weight and a bias for 'q_norm', but got [@a]}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none
      weights {q_norm = [@a]} : tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected weights of 'mlp_in'}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = gelu_erf
      weights {query = [@a], key = [@a], value = [@a], output = [@a]} : tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) {
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none
      // expected-error @+1 {{expected a linear layer of the block, but got 'q_norm'}}
      weights @s without_bias [query, q_norm] : tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) {
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none
      // expected-error @+1 {{expected each layer once, but got 'key' twice}}
      weights {key = [@a], key = [@b]} : tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected the symbol of a parameter for the weight of query, but got @f}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none
      weights {query = [@f], key = [@a], value = [@a], output = [@a]} : tensor<?x5x12xf32>
  return
}

// -----

perceiver.parameter @a : tensor<12x8xf32> key "a"

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a parameter of shape 12x6 for the weight of query, but got @a of type 'tensor<12x8xf32>'}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none
      weights {query = [@a], key = [@a], value = [@a], output = [@a]} : tensor<?x5x12xf32>
  return
}

// -----

perceiver.parameter @a : tensor<12x12xf32> key "a"
perceiver.parameter @b : tensor<6xf32> key "b"

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a parameter of shape 12 for the bias of output, but got @b of type 'tensor<6xf32>'}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 12 v_channels = 12 mlp = none
      weights {query = [@a], key = [@a], value = [@a], output = [@a, @b]} : tensor<?x5x12xf32>
  return
}

// -----

perceiver.parameter @a : tensor<12x12xf32> key "a"
perceiver.parameter @b : tensor<11x6xf32> key "b"

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a parameter of shape 12x? for the weight of mlp_in, but got @b of type 'tensor<11x6xf32>'}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 12 v_channels = 12 mlp = geglu
      weights {query = [@a], key = [@a], value = [@a], output = [@a], mlp_in = [@b], mlp_out = [@a]} : tensor<?x5x12xf32>
  return
}

// -----

perceiver.parameter @a : tensor<12x12xf32> key "a"
perceiver.parameter @b : tensor<12x7xf32> key "b"

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected an even number of columns of mlp_in with geglu, but got 7}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 12 v_channels = 12 mlp = geglu
      weights {query = [@a], key = [@a], value = [@a], output = [@a], mlp_in = [@b], mlp_out = [@a]} : tensor<?x5x12xf32>
  return
}

// -----

perceiver.parameter @a : tensor<12x12xf32> key "a"

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a parameter of shape 6x12 for the weight of mlp_out, but got @a of type 'tensor<12x12xf32>'}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 12 v_channels = 12 mlp = geglu
      weights {query = [@a], key = [@a], value = [@a], output = [@a], mlp_in = [@a], mlp_out = [@a]} : tensor<?x5x12xf32>
  return
}

// -----

perceiver.parameter @a : tensor<12x12xf32> key "layers.{}.a" count 2

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a single parameter outside of process for the weight of query, but got the family @a}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 12 v_channels = 12 mlp = none
      weights {query = [@a], key = [@a], value = [@a], output = [@a]} : tensor<?x5x12xf32>
  return
}

// -----

// process

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected at least one iteration, but got 0}}
  %0 = perceiver.process iterations = 0 (%s = %z : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    perceiver.yield %s : tensor<?x5x12xf32>
  }
  return
}

// -----

func.func @f(%z: tensor<5x12xf32>) {
  // expected-error @+1 {{expected a state of rank 3, but got 'tensor<5x12xf32>'}}
  %0 = perceiver.process iterations = 2 (%s = %z : tensor<5x12xf32>) -> tensor<5x12xf32> {
    perceiver.yield %s : tensor<5x12xf32>
  }
  return
}

// -----

func.func @f(%z: tensor<4x12xf32>) {
  // expected-error @+1 {{expected the first state to have the type 'tensor<?x5x12xf32>', with or without batch, but got 'tensor<4x12xf32>'}}
  %0 = perceiver.process iterations = 2 (%s = %z : tensor<4x12xf32>) -> tensor<?x5x12xf32> {
    perceiver.yield %s : tensor<?x5x12xf32>
  }
  return
}

// -----

func.func @f(%z: tensor<5x12xf32>) {
  // expected-error @+1 {{expected only queries of cross_block to use a state that starts without batch}}
  %0 = perceiver.process iterations = 2 (%s = %z : tensor<5x12xf32>) -> tensor<?x5x12xf32> {
    // expected-note @+1 {{another use is here}}
    perceiver.yield %s : tensor<?x5x12xf32>
  }
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>, %y: tensor<4x5x12xf32>) {
  // expected-error @+1 {{expected to yield 'tensor<?x5x12xf32>', but got 'tensor<4x5x12xf32>'}}
  %0 = perceiver.process iterations = 2 (%s = %z : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    perceiver.yield %y : tensor<4x5x12xf32>
  }
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected one argument of the region, of type 'tensor<?x5x12xf32>'}}
  %0 = "perceiver.process"(%z) <{iterations = 2 : i64}> ({
    perceiver.yield %z : tensor<?x5x12xf32>
  }) : (tensor<?x5x12xf32>) -> tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a region that ends in perceiver.yield}}
  %0 = perceiver.process iterations = 2 (%s = %z : tensor<?x5x12xf32>) -> tensor<?x5x12xf32> {
    llvm.unreachable
  }
  return
}
