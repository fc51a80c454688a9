// RUN: perceiver-opt %s --perceiver-split-keys | FileCheck %s

// The attention says how its parts are merged; otherwise a task merges those of
// a batch entry.

// CHECK-LABEL: func.func @blocks_of_queries
// CHECK: block.merge_attention
// CHECK-SAME: perceiver.tiling = #perceiver.tiling<task = [1, 0, 4]>
func.func @blocks_of_queries(%q: tensor<9x16xf32>, %k: tensor<2x60x16xf32>, %a: tensor<2x1x16x9xf32>,
                             %s: tensor<2x1x9xf32>) -> tensor<2x1x16x9xf32> {
  %r:3 = block.online_attention ins(%q, %k, %k : tensor<9x16xf32>, tensor<2x60x16xf32>, tensor<2x60x16xf32>)
      outs(%a, %s, %s : tensor<2x1x16x9xf32>, tensor<2x1x9xf32>, tensor<2x1x9xf32>) heads = 1 scale = 0.25
      {perceiver.tiling = #perceiver.tiling<task = [1], key_split = 20, merge = [1, 0, 4]>}
      -> tensor<2x1x16x9xf32>, tensor<2x1x9xf32>, tensor<2x1x9xf32>
  return %r#0 : tensor<2x1x16x9xf32>
}

// CHECK-LABEL: func.func @batch_entries
// CHECK: block.merge_attention
// CHECK-SAME: perceiver.tiling = #perceiver.tiling<task = [1]>
func.func @batch_entries(%q: tensor<9x16xf32>, %k: tensor<2x60x16xf32>, %a: tensor<2x1x16x9xf32>,
                         %s: tensor<2x1x9xf32>) -> tensor<2x1x16x9xf32> {
  %r:3 = block.online_attention ins(%q, %k, %k : tensor<9x16xf32>, tensor<2x60x16xf32>, tensor<2x60x16xf32>)
      outs(%a, %s, %s : tensor<2x1x16x9xf32>, tensor<2x1x9xf32>, tensor<2x1x9xf32>) heads = 1 scale = 0.25
      {perceiver.tiling = #perceiver.tiling<task = [1], key_split = 20>}
      -> tensor<2x1x16x9xf32>, tensor<2x1x9xf32>, tensor<2x1x9xf32>
  return %r#0 : tensor<2x1x16x9xf32>
}
