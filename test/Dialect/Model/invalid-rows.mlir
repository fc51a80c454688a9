// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%x: tensor<5x12xf32>) {
  // expected-error @+1 {{expected an input of rank 3, but got 'tensor<5x12xf32>'}}
  %0 = perceiver.mean_pool %x : tensor<5x12xf32> -> tensor<1x12xf32>
  return
}

// -----

func.func @f(%x: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a result of type 'tensor<?x1x12xf32>', but got 'tensor<?x5x12xf32>'}}
  %0 = perceiver.mean_pool %x : tensor<?x5x12xf32> -> tensor<?x5x12xf32>
  return
}

// -----

func.func @f(%x: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected an epsilon that is positive and finite in f32, but got -1.0}}
  %0 = perceiver.norm %x weight @w bias @b {epsilon = -1.0 : f64} : tensor<?x5x12xf32>
  return
}

// -----

perceiver.parameter @w : tensor<11xf32> key "w"

func.func @f(%x: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a parameter of shape 12 for the weight, but got @w of type 'tensor<11xf32>'}}
  %0 = perceiver.norm %x weight @w bias @w : tensor<?x5x12xf32>
  return
}

// -----

perceiver.parameter @w : tensor<12x9xf32> key "w"
perceiver.parameter @b : tensor<10xf32> key "b"

func.func @f(%x: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a parameter of shape 12x10 for the weight, but got @w of type 'tensor<12x9xf32>'}}
  %0 = perceiver.project %x weight @w bias @b : tensor<?x5x12xf32> -> tensor<?x5x10xf32>
  return
}

// -----

// As PyTorch stores it.

perceiver.parameter @w : tensor<10x12xf32> key "w"

func.func @f(%x: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a parameter of shape 12x10 for the weight, but got @w of type 'tensor<10x12xf32>'; weights are [inputs, outputs], bind others with 'transpose'}}
  %0 = perceiver.project %x weight @w : tensor<?x5x12xf32> -> tensor<?x5x10xf32>
  return
}

// -----

perceiver.parameter @head.weight : tensor<12x10xf32> key "w"

func.func @f(%x: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected the symbol of a parameter for the weight, but got @head.weigth; did you mean @head.weight?}}
  %0 = perceiver.project %x weight @head.weigth : tensor<?x5x12xf32> -> tensor<?x5x10xf32>
  return
}

// -----

perceiver.parameter @w : tensor<12x9xf32> key "w"
perceiver.parameter @b : tensor<10xf32> key "b"

func.func @f(%x: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a parameter of shape 9 for the bias, but got @b of type 'tensor<10xf32>'}}
  %0 = perceiver.project %x weight @w bias @b : tensor<?x5x12xf32> -> tensor<?x5x9xf32>
  return
}

// -----

func.func @f(%x: tensor<?x5x12xf32>) {
  // expected-error @+1 {{expected a result of type 'tensor<?x5x9xf32>', but got 'tensor<?x6x9xf32>'}}
  %0 = perceiver.project %x weight @w : tensor<?x5x12xf32> -> tensor<?x6x9xf32>
  return
}

// -----

perceiver.parameter @w : tensor<12xbf16> key "w"

func.func @f(%x: tensor<?x12xf32>) {
  // expected-error @+1 {{expected a parameter of 'f32' for the weight, but got @w of type 'tensor<12xbf16>'}}
  %0 = perceiver.norm %x weight @w bias @w : tensor<?x12xf32>
  return
}

// -----

perceiver.parameter @w : tensor<12x10xf64> key "w"

func.func @f(%x: tensor<?x12xf32>) {
  // expected-error @+1 {{expected a parameter of 'f32' for the weight, but got @w of type 'tensor<12x10xf64>'}}
  %0 = perceiver.project %x weight @w : tensor<?x12xf32> -> tensor<?x10xf32>
  return
}
