// RUN: perceiver-opt %s --perceiver-absorb-projections -allow-unregistered-dialect -split-input-file -verify-diagnostics

// What stands in the way of an attribute.

perceiver.parameter @w : tensor<5x6xf32> key "weight" transpose
perceiver.parameter @b : tensor<6xf32> key "bias"

func.func @f(%q: tensor<?x4x6xf32>, %n: tensor<?x7x5xf32>, %k0: tensor<?x7x6xf32>, %o0: tensor<?x4x6xf32>, %l0: tensor<?x1x4xf32>, %len: tensor<?xi64>) -> tensor<?x4x6xf32> {
  %w = perceiver.get_parameter @w : tensor<5x6xf32>
  %b = perceiver.get_parameter @b : tensor<6xf32>
  %k = block.linear ins(%n, %w : tensor<?x7x5xf32>, tensor<5x6xf32>) outs(%k0 : tensor<?x7x6xf32>) {activation = #perceiver.activation<relu>} -> tensor<?x7x6xf32>
  %v = block.linear ins(%n, %w : tensor<?x7x5xf32>, tensor<5x6xf32>) outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  // expected-error @+1 {{expected projections that it can absorb, but its keys are no linear layer of parameters}}
  %o = block.attention ins(%q, %k, %v : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>)
      outs(%o0 : tensor<?x4x6xf32>) heads = 1 {perceiver.algebra = #perceiver.algebra<absorb>} -> tensor<?x4x6xf32>
  return %o : tensor<?x4x6xf32>
}

// -----

perceiver.parameter @w : tensor<5x6xf32> key "weight" transpose
perceiver.parameter @b : tensor<6xf32> key "bias"

func.func @f(%q: tensor<?x4x6xf32>, %n: tensor<?x7x5xf32>, %k0: tensor<?x7x6xf32>, %o0: tensor<?x4x6xf32>, %l0: tensor<?x1x4xf32>, %len: tensor<?xi64>) -> tensor<?x4x6xf32> {
  %w = perceiver.get_parameter @w : tensor<5x6xf32>
  %b = perceiver.get_parameter @b : tensor<6xf32>
  %k = block.linear ins(%n, %w : tensor<?x7x5xf32>, tensor<5x6xf32>) outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  %v = block.linear ins(%n, %w : tensor<?x7x5xf32>, tensor<5x6xf32>) outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  // expected-error @+1 {{expected projections that it can absorb, but its values are no linear layer of parameters}}
  %o = block.attention ins(%q, %k, %k0 : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>)
      outs(%o0 : tensor<?x4x6xf32>) heads = 1 {perceiver.algebra = #perceiver.algebra<absorb>} -> tensor<?x4x6xf32>
  return %o : tensor<?x4x6xf32>
}

// -----

perceiver.parameter @w : tensor<5x6xf32> key "weight" transpose
perceiver.parameter @b : tensor<6xf32> key "bias"

func.func @f(%q: tensor<?x4x6xf32>, %n: tensor<?x7x5xf32>, %k0: tensor<?x7x6xf32>, %o0: tensor<?x4x6xf32>, %l0: tensor<?x1x4xf32>, %len: tensor<?xi64>) -> tensor<?x4x6xf32> {
  %w = perceiver.get_parameter @w : tensor<5x6xf32>
  %b = perceiver.get_parameter @b : tensor<6xf32>
  %k = block.linear ins(%n, %w : tensor<?x7x5xf32>, tensor<5x6xf32>) outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  %v = block.linear ins(%n, %w : tensor<?x7x5xf32>, tensor<5x6xf32>) outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  // expected-error @+1 {{expected projections that it can absorb, but something else reads its keys, or what is made with them}}
  %o = block.attention ins(%q, %k, %v : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>)
      outs(%o0 : tensor<?x4x6xf32>) heads = 1 {perceiver.algebra = #perceiver.algebra<absorb>} -> tensor<?x4x6xf32>
  "test.use"(%k) : (tensor<?x7x6xf32>) -> ()
  return %o : tensor<?x4x6xf32>
}

// -----

perceiver.parameter @w : tensor<5x6xf32> key "weight" transpose
perceiver.parameter @b : tensor<6xf32> key "bias"

func.func @f(%q: tensor<?x4x6xf32>, %n: tensor<?x7x5xf32>, %k0: tensor<?x7x6xf32>, %o0: tensor<?x4x6xf32>, %l0: tensor<?x2x4xf32>, %len: tensor<?xi64>) -> tensor<?x4x6xf32> {
  %w = perceiver.get_parameter @w : tensor<5x6xf32>
  %b = perceiver.get_parameter @b : tensor<6xf32>
  %k = block.linear ins(%n, %w : tensor<?x7x5xf32>, tensor<5x6xf32>) outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  %v = block.linear ins(%n, %w : tensor<?x7x5xf32>, tensor<5x6xf32>) outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  // expected-error @+1 {{expected projections that it can absorb, but several heads absorb both keys and values, or neither}}
  %o = block.attention ins(%q, %k, %v : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>)
      outs(%o0 : tensor<?x4x6xf32>) heads = 2 {perceiver.algebra = #perceiver.algebra<absorb_keys>} -> tensor<?x4x6xf32>
  return %o : tensor<?x4x6xf32>
}

// -----

perceiver.parameter @w : tensor<5x6xf32> key "weight" transpose
perceiver.parameter @b : tensor<6xf32> key "bias"

func.func @f(%q: tensor<?x4x6xf32>, %n: tensor<?x7x5xf32>, %k0: tensor<?x7x6xf32>, %o0: tensor<?x4x6xf32>, %l0: tensor<?x1x4xf32>, %len: tensor<?xi64>) -> tensor<?x4x6xf32> {
  %w = perceiver.get_parameter @w : tensor<5x6xf32>
  %b = perceiver.get_parameter @b : tensor<6xf32>
  %k = block.linear ins(%n, %w : tensor<?x7x5xf32>, tensor<5x6xf32>) bias(%b : tensor<6xf32>) outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  %v = block.linear ins(%n, %w : tensor<?x7x5xf32>, tensor<5x6xf32>) outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  // expected-error @+1 {{expected projections that it can absorb, but its log-sum-exp depends on the bias of the keys}}
  %o:2 = block.attention ins(%q, %k, %v : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>)
      outs(%o0, %l0 : tensor<?x4x6xf32>, tensor<?x1x4xf32>) heads = 1 {perceiver.algebra = #perceiver.algebra<absorb>} -> tensor<?x4x6xf32>, tensor<?x1x4xf32>
  return %o#0 : tensor<?x4x6xf32>
}

// -----

perceiver.parameter @w : tensor<5x6xf32> key "weight" transpose
perceiver.parameter @b : tensor<6xf32> key "bias"

func.func @f(%q: tensor<?x4x6xf32>, %n: tensor<?x7x5xf32>, %k0: tensor<?x7x6xf32>, %o0: tensor<?x4x6xf32>, %l0: tensor<?x1x4xf32>, %len: tensor<?xi64>) -> tensor<?x4x6xf32> {
  %w = perceiver.get_parameter @w : tensor<5x6xf32>
  %b = perceiver.get_parameter @b : tensor<6xf32>
  %k = block.linear ins(%n, %w : tensor<?x7x5xf32>, tensor<5x6xf32>) outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  %v = block.linear ins(%n, %w : tensor<?x7x5xf32>, tensor<5x6xf32>) bias(%b : tensor<6xf32>) outs(%k0 : tensor<?x7x6xf32>) -> tensor<?x7x6xf32>
  // expected-error @+1 {{expected projections that it can absorb, but a row without keys has to stay 0, and the values have a bias}}
  %o = block.attention ins(%q, %k, %v : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>) lengths(%len : tensor<?xi64>)
      outs(%o0 : tensor<?x4x6xf32>) heads = 1 {perceiver.algebra = #perceiver.algebra<absorb_values>} -> tensor<?x4x6xf32>
  return %o : tensor<?x4x6xf32>
}

// -----

func.func @f(%q: tensor<?x4x6xf32>, %k: tensor<?x7x3xf32>, %o0: tensor<?x4x6xf32>) -> tensor<?x4x6xf32> {
  // expected-error @+1 {{expected projections that it can absorb, but its heads share keys already}}
  %o = block.attention ins(%q, %k, %k : tensor<?x4x6xf32>, tensor<?x7x3xf32>, tensor<?x7x3xf32>)
      outs(%o0 : tensor<?x4x6xf32>) heads = 2 {kv_heads = 1 : i64, perceiver.algebra = #perceiver.algebra<absorb>} -> tensor<?x4x6xf32>
  return %o : tensor<?x4x6xf32>
}
