// RUN: perceiver-opt %s -split-input-file -verify-diagnostics

func.func @f(%x: tensor<5x6xf32>, %w: tensor<2x12xi8>, %y: tensor<5x12xf32>) {
  // expected-error @+1 {{expected a weight of floating-point elements, but got 'tensor<2x12xi8>'}}
  %0 = block.grouped_linear ins(%x, %w : tensor<5x6xf32>, tensor<2x12xi8>)
      outs(%y : tensor<5x12xf32>) groups = 3 -> tensor<5x12xf32>
  return
}

// -----

func.func @f(%x: tensor<6xf32>, %w: tensor<2x12xf32>, %y: tensor<12xf32>) {
  // expected-error @+1 {{expected a destination of rank 2 or 3, but got 'tensor<12xf32>'}}
  %0 = block.grouped_linear ins(%x, %w : tensor<6xf32>, tensor<2x12xf32>)
      outs(%y : tensor<12xf32>) groups = 3 -> tensor<12xf32>
  return
}

// -----

func.func @f(%x: tensor<4x6xf32>, %w: tensor<2x12xf32>, %y: tensor<5x12xf32>) {
  // expected-error @+1 {{expected an input}}
  %0 = block.grouped_linear ins(%x, %w : tensor<4x6xf32>, tensor<2x12xf32>)
      outs(%y : tensor<5x12xf32>) groups = 3 -> tensor<5x12xf32>
  return
}

// -----

func.func @f(%x: tensor<5x6xf32>, %w: tensor<2x12xf32>, %y: tensor<5x12xf32>) {
  // expected-error @+1 {{expected at least one group, but got 0}}
  %0 = block.grouped_linear ins(%x, %w : tensor<5x6xf32>, tensor<2x12xf32>)
      outs(%y : tensor<5x12xf32>) groups = 0 -> tensor<5x12xf32>
  return
}

// -----

func.func @f(%x: tensor<5x?xf32>, %w: tensor<2x12xf32>, %y: tensor<5x12xf32>) {
  // expected-error @+1 {{expected static channels, but got 'tensor<5x?xf32>'}}
  %0 = block.grouped_linear ins(%x, %w : tensor<5x?xf32>, tensor<2x12xf32>)
      outs(%y : tensor<5x12xf32>) groups = 3 -> tensor<5x12xf32>
  return
}

// -----

func.func @f(%x: tensor<5x7xf32>, %w: tensor<2x12xf32>, %y: tensor<5x12xf32>) {
  // expected-error @+1 {{expected channels that are a positive multiple of 3 groups, but got 7}}
  %0 = block.grouped_linear ins(%x, %w : tensor<5x7xf32>, tensor<2x12xf32>)
      outs(%y : tensor<5x12xf32>) groups = 3 -> tensor<5x12xf32>
  return
}

// -----

func.func @f(%x: tensor<5x6xf32>, %w: tensor<3x12xf32>, %y: tensor<5x12xf32>) {
  // expected-error @+1 {{expected a weight [2, 12], but got 'tensor<3x12xf32>'}}
  %0 = block.grouped_linear ins(%x, %w : tensor<5x6xf32>, tensor<3x12xf32>)
      outs(%y : tensor<5x12xf32>) groups = 3 -> tensor<5x12xf32>
  return
}

// -----

func.func @f(%x: tensor<5x6xf32>, %w: tensor<2x12xf32>, %b: tensor<4xf32>, %y: tensor<5x12xf32>) {
  // expected-error @+1 {{expected a bias [12], but got 'tensor<4xf32>'}}
  %0 = block.grouped_linear ins(%x, %w : tensor<5x6xf32>, tensor<2x12xf32>) bias(%b : tensor<4xf32>)
      outs(%y : tensor<5x12xf32>) groups = 3 -> tensor<5x12xf32>
  return
}

// -----

func.func @f(%x: tensor<5x6xf32>, %w: tensor<2x12xf32>, %y: tensor<5x12xf32>) {
  // expected-error @+1 {{expected a weight of shape 3x2x8 in #block.panels<columns = 4, lanes = 8>, but got 'tensor<2x12xf32>'}}
  %0 = block.grouped_linear ins(%x, %w : tensor<5x6xf32>, tensor<2x12xf32>)
      outs(%y : tensor<5x12xf32>) groups = 3 {layout = #block.panels<columns = 4, lanes = 8>} -> tensor<5x12xf32>
  return
}

// -----

func.func @f(%x: tensor<5x6xf32>, %w: tensor<3x2x8xf32>, %b: tensor<12xf32>, %y: tensor<5x12xf32>) {
  // expected-error @+1 {{expected a bias of shape}}
  %0 = block.grouped_linear ins(%x, %w : tensor<5x6xf32>, tensor<3x2x8xf32>) bias(%b : tensor<12xf32>)
      outs(%y : tensor<5x12xf32>) groups = 3 {layout = #block.panels<columns = 4, lanes = 8>} -> tensor<5x12xf32>
  return
}

// -----

// A panel with columns of two groups.

func.func @f(%x: tensor<5x6xf32>, %w: tensor<2x2x8xf32>, %y: tensor<5x12xf32>) {
  // expected-error @+1 {{expected a layout in which the 4 columns of a group are apart from the next, but got #block.panels<columns = 6, lanes = 8>}}
  %0 = block.grouped_linear ins(%x, %w : tensor<5x6xf32>, tensor<2x2x8xf32>)
      outs(%y : tensor<5x12xf32>) groups = 3 {layout = #block.panels<columns = 6, lanes = 8>} -> tensor<5x12xf32>
  return
}
