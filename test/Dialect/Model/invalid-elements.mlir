// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%x: tensor<5xf32>) {
  // expected-error @+1 {{expected a result of rank 2 or 3 with static channels of floating-point elements, but got 'tensor<5xf32>'}}
  %0 = perceiver.add %x, %x : tensor<5xf32>, tensor<5xf32> -> tensor<5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x5x12xf32>, %y: tensor<?x1x12xf32>) {
  // expected-error @+1 {{expected operands that are the rows of the result or broadcast to them, but got 'tensor<?x1x12xf32>' for 'tensor<?x5x12xf32>'}}
  %0 = perceiver.multiply %x, %y : tensor<?x5x12xf32>, tensor<?x1x12xf32> -> tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%x: tensor<5x12xf32>, %y: tensor<12xf64>) {
  // expected-error @+1 {{expected operands that are the rows of the result or broadcast to them, but got 'tensor<12xf64>' for 'tensor<5x12xf32>'}}
  %0 = perceiver.add %x, %y : tensor<5x12xf32>, tensor<12xf64> -> tensor<5x12xf32>
  return
}

// -----

func.func @f(%x: tensor<5x12xf32>, %y: tensor<12xf32>) {
  // expected-error @+1 {{expected an operand of the type of the result, 'tensor<3x5x12xf32>', but got 'tensor<5x12xf32>' and 'tensor<12xf32>'}}
  %0 = perceiver.add %x, %y : tensor<5x12xf32>, tensor<12xf32> -> tensor<3x5x12xf32>
  return
}

// -----

func.func @f(%x: tensor<12xf32>) {
  // expected-error @+1 {{expected an input of rank 2 or 3 with static channels of floating-point elements, but got 'tensor<12xf32>'}}
  %0 = perceiver.scale %x by 2.0 : tensor<12xf32>
  return
}

// -----

func.func @f(%x: tensor<5x12xf32>) {
  // expected-error @+1 {{expected a factor that is finite in f32, but got 1.000000e+39}}
  %0 = perceiver.scale %x by 1.0e39 : tensor<5x12xf32>
  return
}

// -----

func.func @f(%x: tensor<5x?xf32>) {
  // expected-error @+1 {{expected an input of rank 2 or 3 with static channels of floating-point elements, but got 'tensor<5x?xf32>'}}
  %0 = perceiver.activate %x with relu : tensor<5x?xf32> -> tensor<5x?xf32>
  return
}

// -----

func.func @f(%x: tensor<5x7xf32>) {
  // expected-error @+1 {{expected an even number of channels with gates, but got 7}}
  %0 = perceiver.activate %x with gated(relu) : tensor<5x7xf32> -> tensor<5x3xf32>
  return
}

// -----

func.func @f(%x: tensor<5x8xf32>) {
  // expected-error @+1 {{expected a result of type 'tensor<5x4xf32>', but got 'tensor<5x8xf32>'}}
  %0 = perceiver.activate %x with gated(relu) : tensor<5x8xf32> -> tensor<5x8xf32>
  return
}

// -----

perceiver.parameter @w : tensor<12x10xf32> key "w"

func.func @f(%x: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a parameter of shape 12x20 for the weight, but got @w of type 'tensor<12x10xf32>'}}
  %0 = perceiver.project %x weight @w activation = gated(silu) : tensor<?x5x12xf32> -> tensor<?x5x10xf32>
  return
}
