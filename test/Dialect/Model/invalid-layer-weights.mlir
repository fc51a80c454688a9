// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected weights of layers that the block has, but got 'kv_norm'; did you mean 'q_norm'?}}
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
  %0 = perceiver.self_block %z heads = 2 qk_channels = 12 v_channels = 12 mlp = gated(gelu_erf)
      weights {query = [@a], key = [@a], value = [@a], output = [@a], mlp_in = [@b], mlp_out = [@a]} : tensor<?x5x12xf32>
  return
}

// -----

perceiver.parameter @a : tensor<12x12xf32> key "a"
perceiver.parameter @b : tensor<12x7xf32> key "b"

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected an even number of columns of mlp_in with gates, but got 7}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 12 v_channels = 12 mlp = gated(gelu_erf)
      weights {query = [@a], key = [@a], value = [@a], output = [@a], mlp_in = [@b], mlp_out = [@a]} : tensor<?x5x12xf32>
  return
}

// -----

perceiver.parameter @a : tensor<12x12xf32> key "a"

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a parameter of shape 6x12 for the weight of mlp_out, but got @a of type 'tensor<12x12xf32>'}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 12 v_channels = 12 mlp = gated(gelu_erf)
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

perceiver.parameter @a : tensor<12x6xf32> key "a"
perceiver.parameter @h : tensor<6xf16> key "h"

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a parameter of 'f32' for the bias of query, but got @h of type 'tensor<6xf16>'}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none
      weights {query = [@a, @h], key = [@a], value = [@a], output = [@a]} : tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected weights of layers that the block has, but got 'qery'; did you mean 'query'?}}
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none
      weights {qery = [@a, @b]} : tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%z: tensor<?x5x12xf32>) {
  %0 = perceiver.self_block %z heads = 2 qk_channels = 6 v_channels = 6 mlp = none
      // expected-error @+1 {{expected a linear layer of the block, but got 'valeu'; did you mean 'value'?}}
      weights @s without_bias [query, valeu] : tensor<?x5x12xf32>
  return
}
