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

// -----

// The same name at another level.
func.func private @f(%x: tensor<4x5xf32>) -> tensor<4x5xf32> {
  // expected-error @+1 {{custom op 'perceiver.layer_norm' is unknown; did you mean 'block.layer_norm'?}}
  %0 = perceiver.layer_norm ins(%x : tensor<4x5xf32>) outs(%x : tensor<4x5xf32>) -> tensor<4x5xf32>
  return %0 : tensor<4x5xf32>
}

// -----

func.func private @f(%x: tensor<4x5xf32>) -> tensor<4x5xf32> {
  // expected-error @+1 {{custom op 'block.layernorm' is unknown; did you mean 'block.layer_norm'?}}
  %0 = block.layernorm ins(%x : tensor<4x5xf32>) outs(%x : tensor<4x5xf32>) -> tensor<4x5xf32>
  return %0 : tensor<4x5xf32>
}

// -----

func.func private @f(%frame: !llvm.ptr) -> index {
  // expected-error @+1 {{custom op 'frame.sizes' is unknown; did you mean 'frame.size'?}}
  %0 = frame.sizes %frame[0]
  return %0 : index
}
