// RUN: perceiver-opt %s --transform-interpreter --canonicalize --cse | FileCheck %s

// A tile of points begins at its offset in the grid and has all keys of its
// heads, a block at a time.

// CHECK-LABEL: func.func @tiles(
// CHECK-SAME: %[[R:.*]]: tensor<2x55xf32>, %[[K:.*]]: tensor<2x7x38xf32>, %[[V:.*]]: tensor<2x7x10xf32>, %[[F:.*]]: tensor<2x55x3xf32>, %[[C:.*]]: tensor<2x2x7xf32>
// CHECK: scf.for %[[H:.*]] = %c0 to %c2 step %c1
// CHECK: scf.for %[[N:.*]] = %c0 to %c55 step %c11
// CHECK: scf.for %[[J:.*]] = %c0 to %c7 step
// CHECK-DAG: tensor.extract_slice %[[R]][0, %[[N]]] [2, 11]
// CHECK-DAG: tensor.extract_slice %[[K]][0, %[[J]], %{{.*}}] [2, %{{.*}}, 19]
// CHECK-DAG: tensor.extract_slice %[[V]][0, %[[J]], %{{.*}}] [2, %{{.*}}, 5]
// CHECK-DAG: tensor.extract_slice %[[F]][0, %[[N]], 0] [2, 11, 3]
// CHECK-DAG: tensor.extract_slice %[[C]][0, %[[H]], %[[J]]] [2, 1, %{{.*}}]
// CHECK: block.grid_query_attention {{.*}} offset(%[[N]]) {{.*}} grid = [5, 11] heads = 1 scale
func.func @tiles(%r: tensor<2x55xf32>, %k: tensor<2x7x38xf32>, %v: tensor<2x7x10xf32>, %f: tensor<2x55x3xf32>,
                 %c: tensor<2x2x7xf32>, %a: tensor<2x2x5x55xf32>, %m: tensor<2x2x55xf32>) -> tensor<2x2x5x55xf32> {
  %0:3 = block.grid_query_attention ins(%r, %k, %v : tensor<2x55xf32>, tensor<2x7x38xf32>, tensor<2x7x10xf32>)
      features(%f : tensor<2x55x3xf32>) score_bias(%c : tensor<2x2x7xf32>)
      outs(%a, %m, %m : tensor<2x2x5x55xf32>, tensor<2x2x55xf32>, tensor<2x2x55xf32>) grid = [5, 11] heads = 2 scale = 0.5
      {test.points} -> tensor<2x2x5x55xf32>, tensor<2x2x55xf32>, tensor<2x2x55xf32>
  return %0#0 : tensor<2x2x5x55xf32>
}

// A tile of a tile begins behind its offset.

// CHECK-LABEL: func.func @offset(
// CHECK-SAME: %[[O:.*]]: index
// CHECK: scf.for %[[N:.*]] = %c0 to %c22 step %c11
// CHECK: %[[SUM:.*]] = affine.apply #{{.*}}(%{{.*}})[%[[O]]]
// CHECK: block.grid_query_attention {{.*}} offset(%[[SUM]])
func.func @offset(%o: index, %r: tensor<22xf32>, %k: tensor<2x7x16xf32>, %v: tensor<2x7x5xf32>, %a: tensor<2x1x5x22xf32>,
                  %m: tensor<2x1x22xf32>) -> tensor<2x1x5x22xf32> {
  %0:3 = block.grid_query_attention ins(%r, %k, %v : tensor<22xf32>, tensor<2x7x16xf32>, tensor<2x7x5xf32>) offset(%o)
      outs(%a, %m, %m : tensor<2x1x5x22xf32>, tensor<2x1x22xf32>, tensor<2x1x22xf32>) grid = [5, 11] heads = 1 scale = 0.5
      {test.points} -> tensor<2x1x5x22xf32>, tensor<2x1x22xf32>, tensor<2x1x22xf32>
  return %0#0 : tensor<2x1x5x22xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %points = transform.structured.match attributes {test.points} in %root : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %points tile_sizes [0, 1, 11, 4] : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    transform.yield
  }
}
