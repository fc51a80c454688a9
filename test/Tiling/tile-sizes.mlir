// RUN: perceiver-opt %s --split-input-file --perceiver-form-phases --perceiver-tile-tasks -verify-diagnostics

func.func @cuts_heads(%acc: tensor<?x3x11x7xf32>, %max: tensor<?x3x7xf32>, %sum: tensor<?x3x7xf32>, %o: tensor<?x7x33xf32>) -> tensor<?x7x33xf32> {
  // expected-error @+1 {{'block.finish_attention' op expected tiles of loop 1 (heads) that divide its 3 iterations, but got tiles of 2}}
  %y = block.finish_attention ins(%acc, %max, %sum : tensor<?x3x11x7xf32>, tensor<?x3x7xf32>, tensor<?x3x7xf32>)
      outs(%o : tensor<?x7x33xf32>) {perceiver.tiling = #perceiver.tiling<task = [1, 2]>} -> tensor<?x7x33xf32>
  return %y : tensor<?x7x33xf32>
}

// -----

func.func @cuts_panels(%x: tensor<7x33xf32>, %w: tensor<2x33x16xf32>, %o: tensor<7x32xf32>) -> tensor<7x32xf32> {
  // expected-error @+1 {{'block.linear' op expected tiles of loop 1 of whole panels of 16 columns, but got tiles of 24}}
  %y = block.linear ins(%x, %w : tensor<7x33xf32>, tensor<2x33x16xf32>) outs(%o : tensor<7x32xf32>)
      {layout = #block.panels<columns = 16, lanes = 16>, perceiver.tiling = #perceiver.tiling<task = [7, 24]>} -> tensor<7x32xf32>
  return %y : tensor<7x32xf32>
}

// -----

func.func @too_many(%x: tensor<7x33xf32>, %o: tensor<7x33xf32>) -> tensor<7x33xf32> {
  // expected-error @+1 {{'block.layer_norm' op expected at most 1 sizes in its tiling, but got 2}}
  %y = block.layer_norm ins(%x : tensor<7x33xf32>) outs(%o : tensor<7x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [1, 2]>} -> tensor<7x33xf32>
  return %y : tensor<7x33xf32>
}

// -----

func.func @inner(%x: tensor<7x33xf32>, %w: tensor<2x33x16xf32>, %o: tensor<7x32xf32>) -> tensor<7x32xf32> {
  // expected-error @+1 {{'block.linear' op expected tiles of loop 1 of whole panels of 16 columns, but got tiles of 8}}
  %y = block.linear ins(%x, %w : tensor<7x33xf32>, tensor<2x33x16xf32>) outs(%o : tensor<7x32xf32>)
      {layout = #block.panels<columns = 16, lanes = 16>, perceiver.tiling = #perceiver.tiling<task = [4], inner = [array<i64: 0, 8>]>} -> tensor<7x32xf32>
  return %y : tensor<7x32xf32>
}
