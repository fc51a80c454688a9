// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%m: tensor<?xi64>) {
  // expected-error @+1 {{expected numbers of rank 2, but got 'tensor<?xi64>'}}
  %0 = perceiver.to_mask %m : tensor<?xi64> -> tensor<?xi1>
  return
}

// -----

func.func @f(%m: tensor<?x7xi64>) {
  // expected-error @+1 {{expected a result of type 'tensor<?x7xi1>', but got 'tensor<?x7xi8>'}}
  %0 = perceiver.to_mask %m : tensor<?x7xi64> -> tensor<?x7xi8>
  return
}

// -----

func.func @f(%x: tensor<?x5x12xf32>, %m: tensor<?x4xi1>) {
  // expected-error @+1 {{expected a mask of type 'tensor<?x5xi1>', but got 'tensor<?x4xi1>'}}
  %0 = perceiver.mean_pool %x mask(%m : tensor<?x4xi1>) : tensor<?x5x12xf32> -> tensor<?x12xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %m: tensor<?x7xi1>) {
  // expected-error @+1 {{expected a query mask of type 'tensor<?x5xi1>', but got 'tensor<?x7xi1>'}}
  %0 = perceiver.attend %q, %k, %v query_mask(%m : tensor<?x7xi1>) heads = 3
      : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32> -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%q: tensor<5x6xf32>, %k: tensor<?x7x6xf32>, %v: tensor<?x7x9xf32>, %m: tensor<?x5xi1>) {
  // expected-error @+1 {{expected masked_rows = zero with a query mask, but got uniform}}
  %0 = perceiver.attend %q, %k, %v query_mask(%m : tensor<?x5xi1>) heads = 3
      {masked_rows = #perceiver.masked_rows<uniform>}
      : tensor<5x6xf32>, tensor<?x7x6xf32>, tensor<?x7x9xf32> -> tensor<?x5x9xf32>
  return
}

// -----

perceiver.parameter @w : tensor<6x6xf32> key "w"

func.func @f(%q: tensor<5x6xf32>, %x: tensor<?x7x6xf32>, %m: tensor<?x7xi1>) {
  // expected-error @+1 {{expected a query mask of type 'tensor<?x5xi1>', but got 'tensor<?x7xi1>'}}
  %0 = perceiver.decode %q, %x query_mask(%m : tensor<?x7xi1>) heads = 2 qk_channels = 6 v_channels = 6 mlp = none
      weights {query = [@w], key = [@w], value = [@w], output = [@w]} : tensor<5x6xf32>, tensor<?x7x6xf32> -> tensor<?x5x6xf32>
  return
}
