// RUN: perceiver-opt %s --transform-interpreter --canonicalize --cse | FileCheck %s

// Tiles of heads, where heads share keys and where each has a layer.

// One head of keys is whole in each tile.

// CHECK-LABEL: func.func @one_head_of_keys(
// CHECK-SAME: %[[Q:.*]]: tensor<5x12xf32>, %[[K:.*]]: tensor<2x7x3xf32>
// CHECK: scf.for %[[H:.*]] = %c0 to %c4 step %c2
// CHECK: tensor.extract_slice %[[Q]][0, %{{.*}}] [5, 6]
// CHECK-NOT: tensor.extract_slice %[[K]]
// CHECK: block.attention ins(%{{.*}}, %[[K]], %[[K]] : tensor<5x6xf32>, tensor<2x7x3xf32>, tensor<2x7x3xf32>)
// CHECK-SAME: heads = 2 {kv_heads = 1 : i64
func.func @one_head_of_keys(%q: tensor<5x12xf32>, %k: tensor<2x7x3xf32>, %y: tensor<2x5x12xf32>) -> tensor<2x5x12xf32> {
  %0 = block.attention ins(%q, %k, %k : tensor<5x12xf32>, tensor<2x7x3xf32>, tensor<2x7x3xf32>)
      outs(%y : tensor<2x5x12xf32>) heads = 4 {kv_heads = 1 : i64, test.heads} -> tensor<2x5x12xf32>
  return %0 : tensor<2x5x12xf32>
}

// Two heads of queries read one of keys: a tile of both has just that.

// CHECK-LABEL: func.func @shared_keys(
// CHECK-SAME: %[[Q:.*]]: tensor<5x12xf32>, %[[K:.*]]: tensor<2x7x6xf32>, %[[V:.*]]: tensor<2x7x8xf32>
// CHECK: scf.for %[[H:.*]] = %c0 to %c4 step %c2
// CHECK: tensor.extract_slice %[[K]][0, 0, %{{.*}}] [2, 7, 3]
// CHECK: tensor.extract_slice %[[V]][0, 0, %{{.*}}] [2, 7, 4]
// CHECK: tensor.extract_slice %{{.*}} [2, 2, 4, 5]
// CHECK: block.online_attention ins({{.*}} : tensor<5x6xf32>, tensor<2x7x3xf32>, tensor<2x7x4xf32>)
// CHECK-SAME: heads = 2 scale = 1.000000e+00 {kv_heads = 1 : i64
func.func @shared_keys(%q: tensor<5x12xf32>, %k: tensor<2x7x6xf32>, %v: tensor<2x7x8xf32>, %a: tensor<2x4x4x5xf32>,
                       %m: tensor<2x4x5xf32>) -> tensor<2x4x4x5xf32> {
  %0:3 = block.online_attention ins(%q, %k, %v : tensor<5x12xf32>, tensor<2x7x6xf32>, tensor<2x7x8xf32>)
      outs(%a, %m, %m : tensor<2x4x4x5xf32>, tensor<2x4x5xf32>, tensor<2x4x5xf32>) heads = 4 scale = 1.0
      {kv_heads = 2 : i64, test.heads} -> tensor<2x4x4x5xf32>, tensor<2x4x5xf32>, tensor<2x4x5xf32>
  return %0#0 : tensor<2x4x4x5xf32>
}

// What keys add to their scores belongs to heads of queries.

// CHECK-LABEL: func.func @score_bias(
// CHECK-SAME: %[[C:.*]]: tensor<2x4x7xf32>, %[[Q:.*]]: tensor<5x12xf32>
// CHECK: scf.for %[[H:.*]] = %c0 to %c4 step %c2
// CHECK: %[[CH:.*]] = tensor.extract_slice %[[C]][0, %[[H]], 0] [2, 2, 7]
// CHECK: block.attention ins({{.*}}) score_bias(%[[CH]] : tensor<2x2x7xf32>)
// CHECK-SAME: heads = 2
// CHECK: scf.for %[[H:.*]] = %c0 to %c4 step %c2
// CHECK: %[[CH:.*]] = tensor.extract_slice %[[C]][0, %[[H]], 0] [2, 2, 7]
// CHECK: block.online_attention ins({{.*}}) score_bias(%[[CH]] : tensor<2x2x7xf32>)
func.func @score_bias(%c: tensor<2x4x7xf32>, %q: tensor<5x12xf32>, %k: tensor<2x7x12xf32>, %y: tensor<2x5x12xf32>,
                      %a: tensor<2x4x3x5xf32>, %m: tensor<2x4x5xf32>) -> (tensor<2x5x12xf32>, tensor<2x4x3x5xf32>) {
  %0 = block.attention ins(%q, %k, %k : tensor<5x12xf32>, tensor<2x7x12xf32>, tensor<2x7x12xf32>)
      score_bias(%c : tensor<2x4x7xf32>) outs(%y : tensor<2x5x12xf32>) heads = 4 {test.heads} -> tensor<2x5x12xf32>
  %1:3 = block.online_attention ins(%q, %k, %k : tensor<5x12xf32>, tensor<2x7x12xf32>, tensor<2x7x12xf32>)
      score_bias(%c : tensor<2x4x7xf32>) outs(%a, %m, %m : tensor<2x4x3x5xf32>, tensor<2x4x5xf32>, tensor<2x4x5xf32>)
      heads = 4 scale = 1.0 {test.heads} -> tensor<2x4x3x5xf32>, tensor<2x4x5xf32>, tensor<2x4x5xf32>
  return %0, %1#0 : tensor<2x5x12xf32>, tensor<2x4x3x5xf32>
}

// A group has its channels and the columns or panels of its matrix.

// CHECK-LABEL: func.func @grouped(
// CHECK-SAME: %[[X:.*]]: tensor<2x5x12xf32>, %[[W:.*]]: tensor<3x32xf32>, %[[B:.*]]: tensor<32xf32>, %[[P:.*]]: tensor<8x3x4xf32>
// CHECK: scf.for %[[G:.*]] = %c0 to %c4 step %c2
// CHECK: tensor.extract_slice %[[X]][0, 0, %{{.*}}] [2, 5, 6]
// CHECK: tensor.extract_slice %[[W]][0, %{{.*}}] [3, 16]
// CHECK: tensor.extract_slice %[[B]][%{{.*}}] [16]
// CHECK: block.grouped_linear {{.*}} groups = 2
// CHECK: scf.for %[[G:.*]] = %c0 to %c4 step %c2
// CHECK: tensor.extract_slice %[[X]][0, 0, %{{.*}}] [2, 5, 6]
// CHECK: tensor.extract_slice %[[P]][%{{.*}}, 0, 0] [4, 3, 4]
// CHECK: block.grouped_linear {{.*}} groups = 2 {layout = #block.panels<columns = 4, lanes = 4>
func.func @grouped(%x: tensor<2x5x12xf32>, %w: tensor<3x32xf32>, %b: tensor<32xf32>, %p: tensor<8x3x4xf32>,
                   %y: tensor<2x5x32xf32>) -> (tensor<2x5x32xf32>, tensor<2x5x32xf32>) {
  %0 = block.grouped_linear ins(%x, %w : tensor<2x5x12xf32>, tensor<3x32xf32>) bias(%b : tensor<32xf32>)
      outs(%y : tensor<2x5x32xf32>) groups = 4 {test.groups} -> tensor<2x5x32xf32>
  %1 = block.grouped_linear ins(%x, %p : tensor<2x5x12xf32>, tensor<8x3x4xf32>) outs(%y : tensor<2x5x32xf32>)
      groups = 4 {layout = #block.panels<columns = 4, lanes = 4>, test.groups} -> tensor<2x5x32xf32>
  return %0, %1 : tensor<2x5x32xf32>, tensor<2x5x32xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %heads = transform.structured.match attributes {test.heads} in %root : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %heads tile_sizes [0, 2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %groups = transform.structured.match attributes {test.groups} in %root : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %groups tile_sizes [0, 0, 2] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
