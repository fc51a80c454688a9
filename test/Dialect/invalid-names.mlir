// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

// Operations that the dialect does not have.

func.func @f(%x: tensor<?x5x12xf32>) {
  // expected-error @+1 {{custom op 'perceiver.meanpool' is unknown; did you mean 'perceiver.mean_pool'?}}
  %0 = perceiver.meanpool %x : tensor<?x5x12xf32> -> tensor<?x12xf32>
  return
}

// -----

func.func @f(%x: tensor<?x5x12xf32>) {
  // expected-error @+1 {{custom op 'perceiver.selfblock' is unknown; did you mean 'perceiver.self_block'?}}
  %0 = perceiver.selfblock %x : tensor<?x5x12xf32>
  return
}

// -----

// expected-error @+1 {{custom op 'perceiver.parametr' is unknown; did you mean 'perceiver.parameter'?}}
perceiver.parametr @a : tensor<7xf32> key "a"
