// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%x: tensor<7xf32>) {
  // expected-error @+1 {{expected a destination of rank 2 or 3, but got 'tensor<7xf32>'}}
  %0 = block.multiply ins(%x, %x : tensor<7xf32>, tensor<7xf32>) outs(%x : tensor<7xf32>) -> tensor<7xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %y: tensor<8x5xf32>) {
  // expected-error @+1 {{expected an operand with the rows of the destination 'tensor<7x5xf32>', but got 'tensor<8x5xf32>'}}
  %0 = block.multiply ins(%x, %y : tensor<7x5xf32>, tensor<8x5xf32>) outs(%x : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %v: tensor<6xf32>) {
  // expected-error @+1 {{expected an operand with a last dimension of 5, but got 6}}
  %0 = block.add ins(%x, %v : tensor<7x5xf32>, tensor<6xf32>) outs(%x : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %y: tensor<7x6xf32>) {
  // expected-error @+1 {{expected an input with a last dimension of 6, but got 5}}
  %0 = block.scale ins(%x : tensor<7x5xf32>) outs(%y : tensor<7x6xf32>) {factor = 2.0 : f64} -> tensor<7x6xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>) {
  // expected-error @+1 {{expected a factor that is finite in f32, but got 1.000000e+39}}
  %0 = block.scale ins(%x : tensor<7x5xf32>) outs(%x : tensor<7x5xf32>) {factor = 1.0e39 : f64} -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x6xf32>, %y: tensor<7x6xf32>) {
  // expected-error @+1 {{expected an input with a last dimension of 12, but got 6}}
  %0 = block.activate ins(%x : tensor<7x6xf32>) outs(%y : tensor<7x6xf32>)
      {activation = #perceiver.activation<gated(none)>} -> tensor<7x6xf32>
  return
}

// -----

func.func @f(%x: tensor<7x6xf32>, %y: tensor<8x6xf32>) {
  // expected-error @+1 {{expected an input with the rows of the destination 'tensor<8x6xf32>', but got 'tensor<7x6xf32>'}}
  %0 = block.activate ins(%x : tensor<7x6xf32>) outs(%y : tensor<8x6xf32>)
      {activation = #perceiver.activation<relu>} -> tensor<8x6xf32>
  return
}
