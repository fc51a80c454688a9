// RUN: perceiver-opt %s --perceiver-form-phases -split-input-file -verify-diagnostics

func.func @too_many(%x: tensor<7x33xf32>) -> tensor<7x33xf32> {
  // expected-error @+1 {{expected at most 1 sizes in its tiling, but got 2}}
  %n = block.layer_norm ins(%x : tensor<7x33xf32>) outs(%x : tensor<7x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [1, 8]>} -> tensor<7x33xf32>
  return %n : tensor<7x33xf32>
}

// -----

func.func @half_a_panel(%x: tensor<7x33xf32>, %p: tensor<3x33x16xf32>, %e: tensor<7x40xf32>) -> tensor<7x40xf32> {
  // expected-error @+1 {{expected tiles of loop 1 of whole panels of 16 columns, but got tiles of 8}}
  %n = block.linear ins(%x, %p : tensor<7x33xf32>, tensor<3x33x16xf32>) outs(%e : tensor<7x40xf32>)
      {layout = #block.panels<columns = 16, lanes = 16>,
       perceiver.tiling = #perceiver.tiling<task = [0, 8]>} -> tensor<7x40xf32>
  return %n : tensor<7x40xf32>
}

// -----

// The two halves of a weight that is not packed are no single slice.
func.func @gated(%x: tensor<?x33xf32>, %w: tensor<33x80xf32>, %e: tensor<?x40xf32>) -> tensor<?x40xf32> {
  // expected-error @+1 {{expected at most 1 sizes in its tiling, but got 2}}
  %n = block.linear ins(%x, %w : tensor<?x33xf32>, tensor<33x80xf32>) outs(%e : tensor<?x40xf32>)
      {activation = #perceiver.activation<gated(gelu_erf)>, perceiver.tiling = #perceiver.tiling<task = [0, 8]>}
      -> tensor<?x40xf32>
  return %n : tensor<?x40xf32>
}

// -----

func.func @heads_left_over(%a: tensor<?x3x7x33xf32>, %m: tensor<?x3x33xf32>, %o: tensor<?x33x21xf32>)
    -> tensor<?x33x21xf32> {
  // expected-error @+1 {{expected tiles of loop 1 (heads) that divide its 3 iterations, but got tiles of 2}}
  %0 = block.finish_attention ins(%a, %m, %m : tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>)
      outs(%o : tensor<?x33x21xf32>) {perceiver.tiling = #perceiver.tiling<task = [1, 2]>} -> tensor<?x33x21xf32>
  return %0 : tensor<?x33x21xf32>
}

// -----

func.func @too_early(%q: tensor<2x7x8xf32>, %k: tensor<2x90x8xf32>, %a: tensor<2x2x4x7xf32>, %m: tensor<2x2x7xf32>)
    -> tensor<2x2x4x7xf32> {
  // expected-error @+1 {{expected keys to be split already; run perceiver-split-keys first}}
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<2x7x8xf32>, tensor<2x90x8xf32>, tensor<2x90x8xf32>)
      outs(%a, %m, %m : tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>) heads = 2 scale = 1.0
      {perceiver.tiling = #perceiver.tiling<task = [1], key_split = 30>}
      -> tensor<2x2x4x7xf32>, tensor<2x2x7xf32>, tensor<2x2x7xf32>
  return %0#0 : tensor<2x2x4x7xf32>
}

// -----

// A head of one channel is a head, too.
func.func @narrow_heads(%q: tensor<1x4x3xf32>, %k: tensor<1x8x3xf32>, %a: tensor<1x3x1x4xf32>, %m: tensor<1x3x4xf32>)
    -> tensor<1x3x1x4xf32> {
  // expected-error @+1 {{expected tiles of loop 1 (heads) that divide its 3 iterations, but got tiles of 2}}
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<1x4x3xf32>, tensor<1x8x3xf32>, tensor<1x8x3xf32>)
      outs(%a, %m, %m : tensor<1x3x1x4xf32>, tensor<1x3x4xf32>, tensor<1x3x4xf32>) heads = 3 scale = 1.0
      {perceiver.tiling = #perceiver.tiling<task = [1, 2]>}
      -> tensor<1x3x1x4xf32>, tensor<1x3x4xf32>, tensor<1x3x4xf32>
  return %0#0 : tensor<1x3x1x4xf32>
}
