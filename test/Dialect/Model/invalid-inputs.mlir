// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%ids: tensor<7xf32>) {
  // expected-error @+1 {{expected ids of rank 1 or 2 and elements of i32 or i64, but got 'tensor<7xf32>'}}
  %0 = perceiver.embedding %ids table @t : tensor<7xf32> -> tensor<7x12xf32>
  return
}

// -----

func.func @f(%ids: tensor<7xi64>) {
  // expected-error @+1 {{expected a result of rank 2 or 3 with static channels of floating-point elements, but got 'tensor<7x?xf32>'}}
  %0 = perceiver.embedding %ids table @t : tensor<7xi64> -> tensor<7x?xf32>
  return
}

// -----

func.func @f(%ids: tensor<?x7xi64>) {
  // expected-error @+1 {{expected a result of type 'tensor<?x7x12xf32>', but got 'tensor<?x8x12xf32>'}}
  %0 = perceiver.embedding %ids table @t positions @p : tensor<?x7xi64> -> tensor<?x8x12xf32>
  return
}

// -----

perceiver.parameter @t : tensor<33x11xf32> key "t"

func.func @f(%ids: tensor<?x7xi64>) {
  // expected-error @+1 {{expected a parameter of shape ?x12 for the table, but got @t of type 'tensor<33x11xf32>'}}
  %0 = perceiver.embedding %ids table @t : tensor<?x7xi64> -> tensor<?x7x12xf32>
  return
}

// -----

perceiver.parameter @t : tensor<33x12xf32> key "t"

func.func @f(%ids: tensor<?x7xi64>) {
  // expected-error @+1 {{expected the symbol of a parameter for positions, but got @p}}
  %0 = perceiver.embedding %ids table @t positions @p : tensor<?x7xi64> -> tensor<?x7x12xf32>
  return
}

// -----

perceiver.parameter @t : tensor<5x12xf32> key "t"

func.func @f(%ids: tensor<?x7xi64>) {
  // expected-error @+1 {{expected positions for 7 ids, but got 5}}
  %0 = perceiver.embedding %ids table @t positions @t : tensor<?x7xi64> -> tensor<?x7x12xf32>
  return
}

// -----

func.func @f() {
  // expected-error @+1 {{expected at least one input}}
  %0 = "perceiver.concat"() : () -> tensor<7x12xf32>
  return
}

// -----

func.func @f(%a: tensor<?x7x3xf32>, %b: tensor<8x4xf32>) {
  // expected-error @+1 {{expected inputs of the same rows and elements, but got 'tensor<?x7x3xf32>' and 'tensor<8x4xf32>'}}
  %0 = perceiver.concat %a, %b : (tensor<?x7x3xf32>, tensor<8x4xf32>) -> tensor<?x7x7xf32>
  return
}

// -----

func.func @f(%a: tensor<?x7x3xf32>, %b: tensor<?xf32>) {
  // expected-error @+1 {{expected an input of rank 2 or 3 with static channels of floating-point elements, but got 'tensor<?xf32>'}}
  %0 = perceiver.concat %a, %b : (tensor<?x7x3xf32>, tensor<?xf32>) -> tensor<?x7x7xf32>
  return
}

// -----

func.func @f(%a: tensor<?x7x3xf32>, %b: tensor<7x4xf32>) {
  // expected-error @+1 {{expected a result of type 'tensor<?x7x7xf32>', but got 'tensor<?x7x8xf32>'}}
  %0 = perceiver.concat %a, %b : (tensor<?x7x3xf32>, tensor<7x4xf32>) -> tensor<?x7x8xf32>
  return
}

// -----

func.func @f(%x: tensor<?x3xf32>) {
  // expected-error @+1 {{expected an input of at least rank 3, but got 'tensor<?x3xf32>'}}
  %0 = perceiver.to_channels_last %x : tensor<?x3xf32> -> tensor<?x1x3xf32>
  return
}

// -----

func.func @f(%x: tensor<?x?x4x7xf32>) {
  // expected-error @+1 {{expected static channels, but got 'tensor<?x?x4x7xf32>'}}
  %0 = perceiver.to_channels_last %x : tensor<?x?x4x7xf32> -> tensor<?x28x?xf32>
  return
}

// -----

func.func @f(%x: tensor<?x3x4x7xf32>) {
  // expected-error @+1 {{expected a result of type 'tensor<?x28x3xf32>', but got 'tensor<?x3x28xf32>'}}
  %0 = perceiver.to_channels_last %x : tensor<?x3x4x7xf32> -> tensor<?x3x28xf32>
  return
}

// -----

func.func @f(%x: tensor<?x3x4611686018427387904x4xf32>) {
  // expected-error @+1 {{expected a grid whose points fit 64 bits}}
  %0 = perceiver.to_channels_last %x : tensor<?x3x4611686018427387904x4xf32> -> tensor<?x3x28xf32>
  return
}

// -----

perceiver.parameter @t : tensor<33x12xf16> key "t"

func.func @f(%ids: tensor<?x7xi64>) {
  // expected-error @+1 {{expected a parameter of 'f32' for the table, but got @t of type 'tensor<33x12xf16>'}}
  %0 = perceiver.embedding %ids table @t : tensor<?x7xi64> -> tensor<?x7x12xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x?xf32>, %points: tensor<?xi64>) {
  // expected-error @+1 {{expected an input of rank 2 or 3 with static channels of floating-point elements, but got 'tensor<?x7x?xf32>'}}
  %0 = perceiver.take_rows %x at %points : tensor<?x7x?xf32>, tensor<?xi64> -> tensor<?x?x?xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x5xf32>, %points: tensor<?xf32>) {
  // expected-error @+1 {{expected points of rank 1 and elements of i32 or i64, but got 'tensor<?xf32>'}}
  %0 = perceiver.take_rows %x at %points : tensor<?x7x5xf32>, tensor<?xf32> -> tensor<?x?x5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x5xf32>, %points: tensor<3xi32>) {
  // expected-error @+1 {{expected a result of type 'tensor<?x3x5xf32>', but got 'tensor<?x7x5xf32>'}}
  %0 = perceiver.take_rows %x at %points : tensor<?x7x5xf32>, tensor<3xi32> -> tensor<?x7x5xf32>
  return
}

// -----

func.func @f(%v: tensor<7xf32>, %n: index) {
  // expected-error @+1 {{expected an input of rank 2 or 3 with static channels of floating-point elements, but got 'tensor<7xf32>'}}
  %0 = perceiver.broadcast %v batch %n : tensor<7xf32> -> tensor<?x7xf32>
  return
}

// -----

func.func @f(%x: tensor<?x3x7xf32>, %n: index) {
  // expected-error @+1 {{expected an input without batch, but got 'tensor<?x3x7xf32>'}}
  %0 = perceiver.broadcast %x batch %n : tensor<?x3x7xf32> -> tensor<?x3x7xf32>
  return
}

// -----

// A batch that is no constant is dynamic.

func.func @f(%x: tensor<3x7xf32>, %n: index) {
  // expected-error @+1 {{expected a result of type 'tensor<?x3x7xf32>', but got 'tensor<2x3x7xf32>'}}
  %0 = perceiver.broadcast %x batch %n : tensor<3x7xf32> -> tensor<2x3x7xf32>
  return
}

// -----

func.func @f(%x: tensor<3x7xf32>) {
  %c5 = arith.constant 5 : index
  // expected-error @+1 {{expected a result of type 'tensor<5x3x7xf32>', but got 'tensor<2x3x7xf32>'}}
  %0 = perceiver.broadcast %x batch %c5 : tensor<3x7xf32> -> tensor<2x3x7xf32>
  return
}
