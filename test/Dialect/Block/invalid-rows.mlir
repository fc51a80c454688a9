// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%x: tensor<7x5xf32>, %y: memref<7x5xf32>) {
  // expected-error @+1 {{expected all tensors or all memrefs, but got both}}
  block.layer_norm ins(%x : tensor<7x5xf32>) outs(%y : memref<7x5xf32>)
  return
}

// -----

func.func @f(%x: memref<7x5xf32>, %y: memref<7x5xf32>) {
  // expected-error @+1 {{expected 0 results, but got 1}}
  %0 = block.layer_norm ins(%x : memref<7x5xf32>) outs(%y : memref<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>) {
  // expected-error @+1 {{expected 1 results, but got 0}}
  block.layer_norm ins(%x : tensor<7x5xf32>) outs(%x : tensor<7x5xf32>)
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>) {
  // expected-error @+1 {{expected the result type 'tensor<7x5xf32>' of its destination, but got 'tensor<7x6xf32>'}}
  %0 = block.layer_norm ins(%x : tensor<7x5xf32>) outs(%x : tensor<7x5xf32>) -> tensor<7x6xf32>
  return
}

// -----

func.func @f(%x: tensor<5xf32>) {
  // expected-error @+1 {{expected a destination of rank 2 or 3, but got 'tensor<5xf32>'}}
  %0 = block.layer_norm ins(%x : tensor<5xf32>) outs(%x : tensor<5xf32>) -> tensor<5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %y: tensor<?x7x5xf32>) {
  // expected-error @+1 {{expected an input of rank 3, but got 'tensor<7x5xf32>'}}
  %0 = block.layer_norm ins(%x : tensor<7x5xf32>) outs(%y : tensor<?x7x5xf32>) -> tensor<?x7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<6x5xf32>, %y: tensor<7x5xf32>) {
  // expected-error @+1 {{expected an input with the rows of the destination 'tensor<7x5xf32>', but got 'tensor<6x5xf32>'}}
  %0 = block.layer_norm ins(%x : tensor<6x5xf32>) outs(%y : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x4xf32>, %y: tensor<7x5xf32>) {
  // expected-error @+1 {{expected an input with a last dimension of 5, but got 4}}
  %0 = block.layer_norm ins(%x : tensor<7x4xf32>) outs(%y : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>) {
  // expected-error @+1 {{expected at least one channel to normalise, but got 0}}
  %0 = block.layer_norm ins(%x : tensor<7x5xf32>) outs(%x : tensor<7x5xf32>) {channels = 0 : i64} -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x4xf32>, %y: tensor<7x8xf32>) {
  // expected-error @+1 {{expected rows of at least 5 channels, but got 'tensor<7x4xf32>'}}
  %0 = block.layer_norm ins(%x : tensor<7x4xf32>) outs(%y : tensor<7x8xf32>) {channels = 5 : i64} -> tensor<7x8xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %g: tensor<1x5xf32>, %b: tensor<5xf32>) {
  // expected-error @+1 {{expected a gain and a bias of rank 1, but got 'tensor<1x5xf32>'}}
  %0 = block.layer_norm ins(%x : tensor<7x5xf32>) affine(%g, %b : tensor<1x5xf32>, tensor<5xf32>)
      outs(%x : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %g: tensor<5xf32>, %b: tensor<6xf32>) {
  // expected-error @+1 {{expected a gain and a bias with a last dimension of 5, but got 6}}
  %0 = block.layer_norm ins(%x : tensor<7x5xf32>) affine(%g, %b : tensor<5xf32>, tensor<6xf32>)
      outs(%x : tensor<7x5xf32>) -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>) {
  // expected-error @+1 {{expected an epsilon that is positive and finite in f32, but got -1.0}}
  %0 = block.layer_norm ins(%x : tensor<7x5xf32>)
      outs(%x : tensor<7x5xf32>) {epsilon = -1.0 : f64} -> tensor<7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %w: tensor<3x5x16xf32>, %y: tensor<7x33xf32>) {
  // expected-error @+1 {{expected a weight of rank 2, but got 'tensor<3x5x16xf32>'}}
  %0 = block.linear ins(%x, %w : tensor<7x5xf32>, tensor<3x5x16xf32>)
      outs(%y : tensor<7x33xf32>) -> tensor<7x33xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %w: tensor<6x33xf32>, %y: tensor<7x33xf32>) {
  // expected-error @+1 {{expected as many input channels as weight rows, 6, but got 5}}
  %0 = block.linear ins(%x, %w : tensor<7x5xf32>, tensor<6x33xf32>)
      outs(%y : tensor<7x33xf32>) -> tensor<7x33xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %w: tensor<5x33xf32>, %y: tensor<7x33xf32>) {
  // expected-error @+1 {{expected a weight with a last dimension of 66, but got 33}}
  %0 = block.linear ins(%x, %w : tensor<7x5xf32>, tensor<5x33xf32>)
      outs(%y : tensor<7x33xf32>) {activation = #perceiver.activation<gated(gelu_erf)>} -> tensor<7x33xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %w: tensor<3x5x32xf32>, %y: tensor<7x33xf32>) {
  // expected-error @+1 {{expected a layout with gates for a gated activation, and only for one, but got #block.panels<columns = 16, lanes = 32, gated = true>}}
  %0 = block.linear ins(%x, %w : tensor<7x5xf32>, tensor<3x5x32xf32>)
      outs(%y : tensor<7x33xf32>) {layout = #block.panels<columns = 16, lanes = 32, gated = true>}
      -> tensor<7x33xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %w: tensor<3x5x32xf32>, %y: tensor<7x33xf32>) {
  // expected-error @+1 {{expected a weight of shape 3x5x16 in #block.panels<columns = 16, lanes = 16>, but got 'tensor<3x5x32xf32>'}}
  %0 = block.linear ins(%x, %w : tensor<7x5xf32>, tensor<3x5x32xf32>)
      outs(%y : tensor<7x33xf32>) {layout = #block.panels<columns = 16, lanes = 16>} -> tensor<7x33xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %w: tensor<2x5x16xf32>, %y: tensor<7x33xf32>) {
  // expected-error @+1 {{expected a weight of shape 3x5x16 in #block.panels<columns = 16, lanes = 16>, but got 'tensor<2x5x16xf32>'}}
  %0 = block.linear ins(%x, %w : tensor<7x5xf32>, tensor<2x5x16xf32>)
      outs(%y : tensor<7x33xf32>) {layout = #block.panels<columns = 16, lanes = 16>} -> tensor<7x33xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %w: tensor<3x5x16xf32>, %b: tensor<33xf32>, %y: tensor<7x33xf32>) {
  // expected-error @+1 {{expected a bias of shape 3x16 in #block.panels<columns = 16, lanes = 16>, but got 'tensor<33xf32>'}}
  %0 = block.linear ins(%x, %w : tensor<7x5xf32>, tensor<3x5x16xf32>) bias(%b : tensor<33xf32>)
      outs(%y : tensor<7x33xf32>) {layout = #block.panels<columns = 16, lanes = 16>} -> tensor<7x33xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %w: tensor<5x33xf32>, %y: tensor<7x?xf32>) {
  // expected-error @+1 {{expected as many gates as columns in a weight, but got 'tensor<5x33xf32>'}}
  %0 = block.linear ins(%x, %w : tensor<7x5xf32>, tensor<5x33xf32>) outs(%y : tensor<7x?xf32>)
      {activation = #perceiver.activation<gated(gelu_erf)>} -> tensor<7x?xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %w: tensor<5x33xf32>, %b: tensor<1x33xf32>, %y: tensor<7x33xf32>) {
  // expected-error @+1 {{expected a bias of rank 1, but got 'tensor<1x33xf32>'}}
  %0 = block.linear ins(%x, %w : tensor<7x5xf32>, tensor<5x33xf32>) bias(%b : tensor<1x33xf32>)
      outs(%y : tensor<7x33xf32>) -> tensor<7x33xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %w: tensor<5x33xf32>, %b: tensor<32xf32>, %y: tensor<7x33xf32>) {
  // expected-error @+1 {{expected a bias with a last dimension of 33, but got 32}}
  %0 = block.linear ins(%x, %w : tensor<7x5xf32>, tensor<5x33xf32>) bias(%b : tensor<32xf32>)
      outs(%y : tensor<7x33xf32>) -> tensor<7x33xf32>
  return
}

// -----

func.func @f(%x: tensor<7x5xf32>, %w: tensor<5x33xf32>, %r: tensor<7x32xf32>, %y: tensor<7x33xf32>) {
  // expected-error @+1 {{expected a residual with a last dimension of 33, but got 32}}
  %0 = block.linear ins(%x, %w : tensor<7x5xf32>, tensor<5x33xf32>) residual(%r : tensor<7x32xf32>)
      outs(%y : tensor<7x33xf32>) -> tensor<7x33xf32>
  return
}

// -----

func.func @f(%x: memref<4x8xf32>, %g: memref<8xf32>) {
  // expected-error @+1 {{expected a gain and a bias or neither, but got no bias}}
  "block.layer_norm"(%x, %g, %x) <{operandSegmentSizes = array<i32: 1, 1, 0, 1>}> : (memref<4x8xf32>, memref<8xf32>, memref<4x8xf32>) -> ()
  return
}

// -----

func.func @f(%x: memref<4x8xf32>, %b: memref<8xf32>) {
  // expected-error @+1 {{expected a gain and a bias or neither, but got no gain}}
  "block.layer_norm"(%x, %b, %x) <{operandSegmentSizes = array<i32: 1, 0, 1, 1>}> : (memref<4x8xf32>, memref<8xf32>, memref<4x8xf32>) -> ()
  return
}

// -----

func.func @f(%x: tensor<?x7x5xf32>, %p: tensor<7x6xf32>) {
  // expected-error @+1 {{expected an operand with a last dimension of 5, but got 6}}
  %0 = block.add ins(%x, %p : tensor<?x7x5xf32>, tensor<7x6xf32>)
      outs(%x : tensor<?x7x5xf32>) -> tensor<?x7x5xf32>
  return
}

// -----

func.func @f(%x: tensor<?x7x5xf32>, %y: tensor<?x5xf32>) {
  // expected-error @+1 {{expected an input [B, N, C] and a destination [B, 1, C], but got 'tensor<?x7x5xf32>' and 'tensor<?x5xf32>'}}
  %0 = block.mean_rows ins(%x : tensor<?x7x5xf32>) outs(%y : tensor<?x5xf32>) -> tensor<?x5xf32>
  return
}

// -----

func.func @f(%x: tensor<2x7x5xf32>, %y: tensor<3x1x5xf32>) {
  // expected-error @+1 {{expected the batch of the input, but got 'tensor<3x1x5xf32>'}}
  %0 = block.mean_rows ins(%x : tensor<2x7x5xf32>) outs(%y : tensor<3x1x5xf32>) -> tensor<3x1x5xf32>
  return
}

// -----

func.func @f(%x: tensor<2x7x5xf32>, %y: tensor<2x1x6xf32>) {
  // expected-error @+1 {{expected a destination with a last dimension of 5, but got 6}}
  %0 = block.mean_rows ins(%x : tensor<2x7x5xf32>) outs(%y : tensor<2x1x6xf32>) -> tensor<2x1x6xf32>
  return
}
