// RUN: perceiver-opt %s --perceiver-absorb-projections -allow-unregistered-dialect -split-input-file -verify-diagnostics

// What stands in the way of an attribute that is about queries or the output.

perceiver.parameter @wq : tensor<5x6xf32> key "query.weight" transpose
perceiver.parameter @bq : tensor<6xf32> key "query.bias"
perceiver.parameter @wo : tensor<6x3xf32> key "output.weight" transpose

func.func @f(%z: tensor<?x4x5xf32>, %k: tensor<?x7x6xf32>, %q0: tensor<?x4x6xf32>, %y0: tensor<?x4x3xf32>, %l0: tensor<?x1x4xf32>, %c: tensor<?x1x7xf32>) -> tensor<?x4x3xf32> {
  %wq = perceiver.get_parameter @wq : tensor<5x6xf32>
  %bq = perceiver.get_parameter @bq : tensor<6xf32>
  %wo = perceiver.get_parameter @wo : tensor<6x3xf32>
  %q = block.linear ins(%z, %wq : tensor<?x4x5xf32>, tensor<5x6xf32>) bias(%bq : tensor<6xf32>) outs(%q0 : tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  // expected-error @+1 {{expected projections that it can absorb, but its heads would have to read the same queries}}
  %o = block.attention ins(%q, %k, %k : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>) outs(%q0 : tensor<?x4x6xf32>) heads = 2
      {perceiver.algebra = #perceiver.algebra<absorb_queries>} -> tensor<?x4x6xf32>
  %y = block.linear ins(%o, %wo : tensor<?x4x6xf32>, tensor<6x3xf32>) outs(%y0 : tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  return %y : tensor<?x4x3xf32>
}

// -----

perceiver.parameter @wq : tensor<5x6xf32> key "query.weight" transpose
perceiver.parameter @bq : tensor<6xf32> key "query.bias"
perceiver.parameter @wo : tensor<6x3xf32> key "output.weight" transpose

func.func @f(%z: tensor<?x4x5xf32>, %k: tensor<?x7x6xf32>, %q0: tensor<?x4x6xf32>, %y0: tensor<?x4x3xf32>, %l0: tensor<?x1x4xf32>, %c: tensor<?x1x7xf32>) -> tensor<?x4x3xf32> {
  %wq = perceiver.get_parameter @wq : tensor<5x6xf32>
  %bq = perceiver.get_parameter @bq : tensor<6xf32>
  %wo = perceiver.get_parameter @wo : tensor<6x3xf32>
  %q = block.linear ins(%z, %wq : tensor<?x4x5xf32>, tensor<5x6xf32>) bias(%bq : tensor<6xf32>) outs(%q0 : tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  // expected-error @+1 {{expected projections that it can absorb, but its output adds heads up}}
  %o = block.attention ins(%q, %k, %k : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>) outs(%q0 : tensor<?x4x6xf32>) heads = 2
      {perceiver.algebra = #perceiver.algebra<absorb_output>} -> tensor<?x4x6xf32>
  %y = block.linear ins(%o, %wo : tensor<?x4x6xf32>, tensor<6x3xf32>) outs(%y0 : tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  return %y : tensor<?x4x3xf32>
}

// -----

perceiver.parameter @wq : tensor<5x6xf32> key "query.weight" transpose
perceiver.parameter @bq : tensor<6xf32> key "query.bias"
perceiver.parameter @wo : tensor<6x3xf32> key "output.weight" transpose

func.func @f(%z: tensor<?x4x5xf32>, %k: tensor<?x7x6xf32>, %q0: tensor<?x4x6xf32>, %y0: tensor<?x4x3xf32>, %l0: tensor<?x1x4xf32>, %c: tensor<?x1x7xf32>) -> tensor<?x4x3xf32> {
  %wq = perceiver.get_parameter @wq : tensor<5x6xf32>
  %bq = perceiver.get_parameter @bq : tensor<6xf32>
  %wo = perceiver.get_parameter @wo : tensor<6x3xf32>
  %q = block.linear ins(%z, %wq : tensor<?x4x5xf32>, tensor<5x6xf32>) bias(%bq : tensor<6xf32>) outs(%q0 : tensor<?x4x6xf32>) {activation = #perceiver.activation<relu>} -> tensor<?x4x6xf32>
  // expected-error @+1 {{expected projections that it can absorb, but its queries are no linear layer of parameters}}
  %o = block.attention ins(%q, %k, %k : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>) outs(%q0 : tensor<?x4x6xf32>) heads = 1
      {perceiver.algebra = #perceiver.algebra<absorb_queries_and_output>} -> tensor<?x4x6xf32>
  %y = block.linear ins(%o, %wo : tensor<?x4x6xf32>, tensor<6x3xf32>) outs(%y0 : tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  return %y : tensor<?x4x3xf32>
}

// -----

perceiver.parameter @wq : tensor<5x6xf32> key "query.weight" transpose
perceiver.parameter @bq : tensor<6xf32> key "query.bias"
perceiver.parameter @wo : tensor<6x3xf32> key "output.weight" transpose

func.func @f(%z: tensor<?x4x5xf32>, %k: tensor<?x7x6xf32>, %q0: tensor<?x4x6xf32>, %y0: tensor<?x4x3xf32>, %l0: tensor<?x1x4xf32>, %c: tensor<?x1x7xf32>) -> tensor<?x4x3xf32> {
  %wq = perceiver.get_parameter @wq : tensor<5x6xf32>
  %bq = perceiver.get_parameter @bq : tensor<6xf32>
  %wo = perceiver.get_parameter @wo : tensor<6x3xf32>
  %q = block.linear ins(%z, %wq : tensor<?x4x5xf32>, tensor<5x6xf32>) bias(%bq : tensor<6xf32>) outs(%q0 : tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  // expected-error @+1 {{expected projections that it can absorb, but something else reads its queries, or what is made with them}}
  %o = block.attention ins(%q, %k, %k : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>) outs(%q0 : tensor<?x4x6xf32>) heads = 1
      {perceiver.algebra = #perceiver.algebra<absorb_queries>} -> tensor<?x4x6xf32>
  "test.use"(%q) : (tensor<?x4x6xf32>) -> ()
  %y = block.linear ins(%o, %wo : tensor<?x4x6xf32>, tensor<6x3xf32>) outs(%y0 : tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  return %y : tensor<?x4x3xf32>
}

// -----

perceiver.parameter @wq : tensor<5x6xf32> key "query.weight" transpose
perceiver.parameter @bq : tensor<6xf32> key "query.bias"
perceiver.parameter @wo : tensor<6x3xf32> key "output.weight" transpose

func.func @f(%z: tensor<?x4x5xf32>, %k: tensor<?x7x6xf32>, %q0: tensor<?x4x6xf32>, %y0: tensor<?x4x3xf32>, %l0: tensor<?x1x4xf32>, %c: tensor<?x1x7xf32>) -> tensor<?x4x3xf32> {
  %wq = perceiver.get_parameter @wq : tensor<5x6xf32>
  %bq = perceiver.get_parameter @bq : tensor<6xf32>
  %wo = perceiver.get_parameter @wo : tensor<6x3xf32>
  %q = block.linear ins(%z, %wq : tensor<?x4x5xf32>, tensor<5x6xf32>) bias(%bq : tensor<6xf32>) outs(%q0 : tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  // expected-error @+1 {{expected projections that it can absorb, but its keys have a score bias already}}
  %o = block.attention ins(%q, %k, %k : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>) score_bias(%c : tensor<?x1x7xf32>) outs(%q0 : tensor<?x4x6xf32>) heads = 1
      {perceiver.algebra = #perceiver.algebra<absorb_queries>} -> tensor<?x4x6xf32>
  %y = block.linear ins(%o, %wo : tensor<?x4x6xf32>, tensor<6x3xf32>) outs(%y0 : tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  return %y : tensor<?x4x3xf32>
}

// -----

perceiver.parameter @wq : tensor<5x6xf32> key "query.weight" transpose
perceiver.parameter @bq : tensor<6xf32> key "query.bias"
perceiver.parameter @wo : tensor<6x3xf32> key "output.weight" transpose

func.func @f(%z: tensor<?x4x5xf32>, %k: tensor<?x7x6xf32>, %q0: tensor<?x4x6xf32>, %y0: tensor<?x4x3xf32>, %l0: tensor<?x1x4xf32>, %c: tensor<?x1x7xf32>) -> tensor<?x4x3xf32> {
  %wq = perceiver.get_parameter @wq : tensor<5x6xf32>
  %bq = perceiver.get_parameter @bq : tensor<6xf32>
  %wo = perceiver.get_parameter @wo : tensor<6x3xf32>
  %q = block.linear ins(%z, %wq : tensor<?x4x5xf32>, tensor<5x6xf32>) bias(%bq : tensor<6xf32>) outs(%q0 : tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  // expected-error @+1 {{expected projections that it can absorb, but no linear layer beside it alone reads its result}}
  %o = block.attention ins(%q, %k, %k : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>) outs(%q0 : tensor<?x4x6xf32>) heads = 1
      {perceiver.algebra = #perceiver.algebra<absorb_output>} -> tensor<?x4x6xf32>
  "test.use"(%o) : (tensor<?x4x6xf32>) -> ()
  %y = block.linear ins(%o, %wo : tensor<?x4x6xf32>, tensor<6x3xf32>) outs(%y0 : tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  return %y : tensor<?x4x3xf32>
}

// -----

perceiver.parameter @wq : tensor<5x6xf32> key "query.weight" transpose
perceiver.parameter @bq : tensor<6xf32> key "query.bias"
perceiver.parameter @wo : tensor<6x3xf32> key "output.weight" transpose

func.func @f(%z: tensor<?x4x5xf32>, %k: tensor<?x7x6xf32>, %q0: tensor<?x4x6xf32>, %y0: tensor<?x4x3xf32>, %l0: tensor<?x1x4xf32>, %c: tensor<?x1x7xf32>) -> tensor<?x4x3xf32> {
  %wq = perceiver.get_parameter @wq : tensor<5x6xf32>
  %bq = perceiver.get_parameter @bq : tensor<6xf32>
  %wo = perceiver.get_parameter @wo : tensor<6x3xf32>
  %q = block.linear ins(%z, %wq : tensor<?x4x5xf32>, tensor<5x6xf32>) bias(%bq : tensor<6xf32>) outs(%q0 : tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  // expected-error @+1 {{expected projections that it can absorb, but its output has an activation}}
  %o = block.attention ins(%q, %k, %k : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>) outs(%q0 : tensor<?x4x6xf32>) heads = 1
      {perceiver.algebra = #perceiver.algebra<absorb_output>} -> tensor<?x4x6xf32>
  %y = block.linear ins(%o, %wo : tensor<?x4x6xf32>, tensor<6x3xf32>) outs(%y0 : tensor<?x4x3xf32>) {activation = #perceiver.activation<relu>} -> tensor<?x4x3xf32>
  return %y : tensor<?x4x3xf32>
}

// -----

perceiver.parameter @wq : tensor<5x6xf32> key "query.weight" transpose
perceiver.parameter @bq : tensor<6xf32> key "query.bias"
perceiver.parameter @wo : tensor<6x3xf32> key "output.weight" transpose

func.func @f(%z: tensor<?x4x5xf32>, %k: tensor<?x7x6xf32>, %q0: tensor<?x4x6xf32>, %y0: tensor<?x4x3xf32>, %l0: tensor<?x1x4xf32>, %c: tensor<?x1x7xf32>) -> tensor<?x4x3xf32> {
  %wq = perceiver.get_parameter @wq : tensor<5x6xf32>
  %bq = perceiver.get_parameter @bq : tensor<6xf32>
  %wo = perceiver.get_parameter @wo : tensor<6x3xf32>
  %q = block.linear ins(%z, %wq : tensor<?x4x5xf32>, tensor<5x6xf32>) bias(%bq : tensor<6xf32>) outs(%q0 : tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  // expected-error @+1 {{expected projections that it can absorb, but its output has a tiling}}
  %o = block.attention ins(%q, %k, %k : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>) outs(%q0 : tensor<?x4x6xf32>) heads = 1
      {perceiver.algebra = #perceiver.algebra<absorb_output>} -> tensor<?x4x6xf32>
  %y = block.linear ins(%o, %wo : tensor<?x4x6xf32>, tensor<6x3xf32>) outs(%y0 : tensor<?x4x3xf32>) {perceiver.tiling = #perceiver.tiling<task = [1]>} -> tensor<?x4x3xf32>
  return %y : tensor<?x4x3xf32>
}

// -----

perceiver.parameter @wq : tensor<5x6xf32> key "query.weight" transpose
perceiver.parameter @bq : tensor<6xf32> key "query.bias"
perceiver.parameter @wo : tensor<6x3xf32> key "output.weight" transpose

func.func @f(%z: tensor<?x4x5xf32>, %k: tensor<?x7x6xf32>, %q0: tensor<?x4x6xf32>, %y0: tensor<?x4x3xf32>, %l0: tensor<?x1x4xf32>, %c: tensor<?x1x7xf32>) -> tensor<?x4x3xf32> {
  %wq = perceiver.get_parameter @wq : tensor<5x6xf32>
  %bq = perceiver.get_parameter @bq : tensor<6xf32>
  %wo = perceiver.get_parameter @wo : tensor<6x3xf32>
  %q = block.linear ins(%z, %wq : tensor<?x4x5xf32>, tensor<5x6xf32>) bias(%bq : tensor<6xf32>) outs(%q0 : tensor<?x4x6xf32>) -> tensor<?x4x6xf32>
  // expected-error @+1 {{expected projections that it can absorb, but its log-sum-exp may be read before its output}}
  %o:2 = block.attention ins(%q, %k, %k : tensor<?x4x6xf32>, tensor<?x7x6xf32>, tensor<?x7x6xf32>) outs(%q0, %l0 : tensor<?x4x6xf32>, tensor<?x1x4xf32>) heads = 1
      {perceiver.algebra = #perceiver.algebra<absorb_queries_and_output>} -> tensor<?x4x6xf32>, tensor<?x1x4xf32>
  %y = block.linear ins(%o#0, %wo : tensor<?x4x6xf32>, tensor<6x3xf32>) outs(%y0 : tensor<?x4x3xf32>) -> tensor<?x4x3xf32>
  return %y : tensor<?x4x3xf32>
}
