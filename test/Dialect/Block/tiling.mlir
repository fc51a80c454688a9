// RUN: perceiver-opt %s --transform-interpreter --canonicalize --cse | FileCheck %s

// The operations under upstream's tiling, driven by a transform-dialect script.

// Over heads, queries and keys. The slices of query, key and value are the
// channels of a head; the state of the queries goes through all three loops.

// CHECK-DAG: #[[QUERIES:.*]] = affine_map<(d0) -> (-d0 + 33, 8)>
// CHECK-DAG: #[[KEYS:.*]] = affine_map<(d0)[s0] -> (-d0 + s0, 16)>
// CHECK-DAG: #[[CHANNEL:.*]] = affine_map<(d0) -> (d0 * 7)>
// CHECK-DAG: #[[PARTS:.*]] = affine_map<()[s0] -> (s0 ceildiv 16)>
// CHECK-DAG: #[[PART:.*]] = affine_map<()[s0] -> (s0 floordiv 16)>

// CHECK-LABEL: func.func @tile_dynamic(
// CHECK-SAME: %[[Q:.*]]: tensor<33x21xf32>, %[[K:.*]]: tensor<?x?x21xf32>, %[[A:.*]]: tensor<?x3x7x33xf32>, %[[M:.*]]: tensor<?x3x33xf32>)
// CHECK: %[[BATCH:.*]] = tensor.dim %[[K]], %c0
// CHECK: %[[COUNT:.*]] = tensor.dim %[[K]], %c1
// CHECK: scf.for %[[H:[a-z0-9]+]] = %c0 to %c3 step %c1
// CHECK: scf.for %[[I:[a-z0-9]+]] = %c0 to %c33 step %c8
// CHECK: scf.for %[[J:[a-z0-9]+]] = %c0 to %[[COUNT]] step %c16 iter_args(%[[ACC:[a-z0-9]+]] = %{{.*}}, %[[MAX:[a-z0-9]+]] = %{{.*}}, %[[SUM:[a-z0-9]+]] =
// CHECK-DAG: %[[IS:.*]] = affine.min #[[QUERIES]](%[[I]])
// CHECK-DAG: %[[JS:.*]] = affine.min #[[KEYS]](%[[J]])[%[[COUNT]]]
// CHECK-DAG: %[[C:.*]] = affine.apply #[[CHANNEL]](%[[H]])
// CHECK: %[[QS:.*]] = tensor.extract_slice %[[Q]][%[[I]], %[[C]]] [%[[IS]], 7]
// CHECK: %[[KS:.*]] = tensor.extract_slice %[[K]][0, %[[J]], %[[C]]] [%[[BATCH]], %[[JS]], 7]
// CHECK: %[[AS:.*]] = tensor.extract_slice %[[ACC]][0, %[[H]], 0, %[[I]]] [%[[BATCH]], 1, 7, %[[IS]]]
// CHECK: %[[MS:.*]] = tensor.extract_slice %[[MAX]][0, %[[H]], %[[I]]] [%[[BATCH]], 1, %[[IS]]]
// CHECK: %[[SS:.*]] = tensor.extract_slice %[[SUM]][0, %[[H]], %[[I]]] [%[[BATCH]], 1, %[[IS]]]
// CHECK: %[[T:.*]]:3 = block.online_attention ins(%[[QS]], %[[KS]], %[[KS]] :
// CHECK-SAME: outs(%[[AS]], %[[MS]], %[[SS]] :
// CHECK-SAME: heads = 1
// CHECK: tensor.insert_slice %[[T]]#0 into %[[ACC]][0, %[[H]], 0, %[[I]]]
// CHECK: tensor.insert_slice %[[T]]#1 into %[[MAX]][0, %[[H]], %[[I]]]
// CHECK: tensor.insert_slice %[[T]]#2 into %[[SUM]][0, %[[H]], %[[I]]]
func.func @tile_dynamic(%q: tensor<33x21xf32>, %k: tensor<?x?x21xf32>, %a: tensor<?x3x7x33xf32>, %m: tensor<?x3x33xf32>)
    -> (tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>) {
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<33x21xf32>, tensor<?x?x21xf32>, tensor<?x?x21xf32>)
      outs(%a, %m, %m : tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>) heads = 3 scale = 1.0 {test.tile}
      -> tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>
  return %0#0, %0#1, %0#2 : tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>
}

// CHECK-LABEL: func.func @tile_static(
// CHECK: scf.for %{{.*}} = %c0 to %c3 step %c1
// CHECK: scf.for %{{.*}} = %c0 to %c33 step %c8
// CHECK: scf.for %{{.*}} = %c0 to %c32 step %c16
// CHECK: tensor.extract_slice %{{.*}} : tensor<2x32x21xf32> to tensor<2x16x7xf32>
// CHECK: block.online_attention
// CHECK-SAME: heads = 1
func.func @tile_static(%q: tensor<33x21xf32>, %k: tensor<2x32x21xf32>, %a: tensor<2x3x7x33xf32>, %m: tensor<2x3x33xf32>)
    -> (tensor<2x3x7x33xf32>, tensor<2x3x33xf32>, tensor<2x3x33xf32>) {
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<33x21xf32>, tensor<2x32x21xf32>, tensor<2x32x21xf32>)
      outs(%a, %m, %m : tensor<2x3x7x33xf32>, tensor<2x3x33xf32>, tensor<2x3x33xf32>) heads = 3 scale = 1.0 {test.tile}
      -> tensor<2x3x7x33xf32>, tensor<2x3x33xf32>, tensor<2x3x33xf32>
  return %0#0, %0#1, %0#2 : tensor<2x3x7x33xf32>, tensor<2x3x33xf32>, tensor<2x3x33xf32>
}

// Over the keys in parallel: parts start from the neutral state, each in its
// slice of a leading dimension, and are merged.

// CHECK-LABEL: func.func @split_dynamic(
// CHECK-SAME: %[[Q:.*]]: tensor<33x21xf32>, %[[K:.*]]: tensor<?x?x21xf32>, %[[A:.*]]: tensor<?x3x7x33xf32>, %[[M:.*]]: tensor<?x3x33xf32>)
// CHECK-DAG: %[[INF:.*]] = arith.constant 0xFF800000 : f32
// CHECK-DAG: %[[ZERO:.*]] = arith.constant 0.000000e+00 : f32
// CHECK-DAG: %[[COUNT:.*]] = tensor.dim %[[K]], %c1
// CHECK: %[[P:.*]] = affine.apply #[[PARTS]]()[%[[COUNT]]]
// CHECK: %[[ACCS:.*]] = tensor.empty(%[[P]], %{{.*}}) : tensor<?x?x3x7x33xf32>
// CHECK: %[[STATES:.*]] = tensor.empty(%[[P]], %{{.*}}) : tensor<?x?x3x33xf32>
// CHECK: %[[ALL:.*]]:3 = scf.forall (%[[J:.*]]) = (0) to (%[[COUNT]]) step (16) shared_outs(%[[ACC:[a-z0-9]+]] = %[[ACCS]], %[[MAX:[a-z0-9]+]] = %[[STATES]], %[[SUM:[a-z0-9]+]] = %[[STATES]])
// CHECK: %[[NUMBER:.*]] = affine.apply #[[PART]]()[%[[J]]]
// CHECK: %[[KS:.*]] = tensor.extract_slice %[[K]][0, %[[J]], 0]
// CHECK: %[[AS:.*]] = tensor.extract_slice %[[ACC]][%[[NUMBER]], 0, 0, 0, 0]
// CHECK: %[[A0:.*]] = linalg.fill ins(%[[ZERO]] : f32) outs(%[[AS]] :
// CHECK: %[[MS:.*]] = tensor.extract_slice %[[MAX]][%[[NUMBER]], 0, 0, 0]
// CHECK: %[[M0:.*]] = linalg.fill ins(%[[INF]] : f32) outs(%[[MS]] :
// CHECK: %[[SS:.*]] = tensor.extract_slice %[[SUM]][%[[NUMBER]], 0, 0, 0]
// CHECK: %[[S0:.*]] = linalg.fill ins(%[[ZERO]] : f32) outs(%[[SS]] :
// CHECK: %[[T:.*]]:3 = block.online_attention ins(%[[Q]], %[[KS]], %[[KS]] :
// CHECK-SAME: outs(%[[A0]], %[[M0]], %[[S0]] :
// CHECK: tensor.parallel_insert_slice %[[T]]#0 into %[[ACC]][%[[NUMBER]], 0, 0, 0, 0]
// CHECK: %[[MERGED:.*]]:3 = block.merge_attention ins(%[[ALL]]#0, %[[ALL]]#1, %[[ALL]]#2 :
// CHECK-SAME: outs(%[[A]], %[[M]], %[[M]] :
// CHECK: return %[[MERGED]]#0, %[[MERGED]]#1, %[[MERGED]]#2
func.func @split_dynamic(%q: tensor<33x21xf32>, %k: tensor<?x?x21xf32>, %a: tensor<?x3x7x33xf32>, %m: tensor<?x3x33xf32>)
    -> (tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>) {
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<33x21xf32>, tensor<?x?x21xf32>, tensor<?x?x21xf32>)
      outs(%a, %m, %m : tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>) heads = 3 scale = 1.0 {test.split}
      -> tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>
  return %0#0, %0#1, %0#2 : tensor<?x3x7x33xf32>, tensor<?x3x33xf32>, tensor<?x3x33xf32>
}

// 33 keys are two parts of 16 and one of 1.

// CHECK-LABEL: func.func @split_static(
// CHECK: tensor.empty() : tensor<3x2x3x7x33xf32>
// CHECK: scf.forall {{.*}} = (0) to (33) step (16)
// CHECK: block.merge_attention ins({{.*}} : tensor<3x2x3x7x33xf32>,
func.func @split_static(%q: tensor<33x21xf32>, %k: tensor<2x33x21xf32>, %a: tensor<2x3x7x33xf32>, %m: tensor<2x3x33xf32>)
    -> (tensor<2x3x7x33xf32>, tensor<2x3x33xf32>, tensor<2x3x33xf32>) {
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<33x21xf32>, tensor<2x33x21xf32>, tensor<2x33x21xf32>)
      outs(%a, %m, %m : tensor<2x3x7x33xf32>, tensor<2x3x33xf32>, tensor<2x3x33xf32>) heads = 3 scale = 1.0 {test.split}
      -> tensor<2x3x7x33xf32>, tensor<2x3x33xf32>, tensor<2x3x33xf32>
  return %0#0, %0#1, %0#2 : tensor<2x3x7x33xf32>, tensor<2x3x33xf32>, tensor<2x3x33xf32>
}

// Rows: an operand without batch is not sliced along it.

// CHECK-LABEL: func.func @rows(
// CHECK-SAME: %[[X:.*]]: tensor<?x33x7xf32>, %[[R:.*]]: tensor<33x7xf32>
// CHECK: scf.for %[[B:[a-z0-9]+]] =
// CHECK: scf.for %[[N:[a-z0-9]+]] = %c0 to %c33 step %c8
// CHECK: tensor.extract_slice %[[X]][%[[B]], %[[N]], 0] [1, %{{.*}}, 7]
// CHECK: tensor.extract_slice %[[R]][%[[N]], 0] [%{{.*}}, 7]
// CHECK: block.add
func.func @rows(%x: tensor<?x33x7xf32>, %r: tensor<33x7xf32>) -> tensor<?x33x7xf32> {
  %0 = block.add ins(%x, %r : tensor<?x33x7xf32>, tensor<33x7xf32>) outs(%x : tensor<?x33x7xf32>) {test.rows}
      -> tensor<?x33x7xf32>
  return %0 : tensor<?x33x7xf32>
}

// CHECK-LABEL: func.func @layer_norm(
// CHECK: scf.for
// CHECK: scf.for
// CHECK: block.layer_norm {{.*}} affine(%{{.*}}, %{{.*}} : tensor<7xf32>, tensor<7xf32>)
func.func @layer_norm(%x: tensor<?x33x7xf32>, %g: tensor<7xf32>) -> tensor<?x33x7xf32> {
  %0 = block.layer_norm ins(%x : tensor<?x33x7xf32>) affine(%g, %g : tensor<7xf32>, tensor<7xf32>)
      outs(%x : tensor<?x33x7xf32>) {test.rows} -> tensor<?x33x7xf32>
  return %0 : tensor<?x33x7xf32>
}

// The two last dimensions of the input are exchanged, and so are its slices.

// CHECK-LABEL: func.func @transpose(
// CHECK-SAME: %[[X:.*]]: tensor<?x3x33xf32>, %[[Y:.*]]: tensor<?x33x3xf32>
// CHECK: scf.for %[[B:[a-z0-9]+]] =
// CHECK: scf.for %[[N:[a-z0-9]+]] =
// CHECK: tensor.extract_slice %[[X]][%[[B]], 0, %[[N]]] [1, 3, %{{.*}}]
func.func @transpose(%x: tensor<?x3x33xf32>, %y: tensor<?x33x3xf32>) -> tensor<?x33x3xf32> {
  %0 = block.transpose ins(%x : tensor<?x3x33xf32>) outs(%y : tensor<?x33x3xf32>) permutation = [0, 2, 1] {test.rows}
      -> tensor<?x33x3xf32>
  return %0 : tensor<?x33x3xf32>
}

// Ids are sliced, the table is not.

// CHECK-LABEL: func.func @embed(
// CHECK-SAME: %[[IDS:.*]]: tensor<?x33xi64>, %[[TABLE:.*]]: tensor<7x5xf32>
// CHECK: %[[S:.*]] = tensor.extract_slice %[[IDS]][
// CHECK: block.embed ins(%[[S]], %[[TABLE]] :
func.func @embed(%ids: tensor<?x33xi64>, %t: tensor<7x5xf32>, %y: tensor<?x33x5xf32>) -> tensor<?x33x5xf32> {
  %0 = block.embed ins(%ids, %t : tensor<?x33xi64>, tensor<7x5xf32>) outs(%y : tensor<?x33x5xf32>) {test.rows}
      -> tensor<?x33x5xf32>
  return %0 : tensor<?x33x5xf32>
}

// Points are sliced, and of the rows that they are of the batch.

// CHECK-LABEL: func.func @take_rows(
// CHECK-SAME: %[[X:.*]]: tensor<?x9x5xf32>, %[[POINTS:.*]]: tensor<33xi64>
// CHECK: scf.for %[[B:[a-z0-9]+]] =
// CHECK: scf.for %[[N:[a-z0-9]+]] =
// CHECK: %[[ROWS:.*]] = tensor.extract_slice %[[X]][%[[B]], 0, 0] [1, 9, 5]
// CHECK: %[[S:.*]] = tensor.extract_slice %[[POINTS]][%[[N]]]
// CHECK: block.take_rows ins(%[[ROWS]], %[[S]] :
func.func @take_rows(%x: tensor<?x9x5xf32>, %p: tensor<33xi64>, %y: tensor<?x33x5xf32>) -> tensor<?x33x5xf32> {
  %0 = block.take_rows ins(%x, %p : tensor<?x9x5xf32>, tensor<33xi64>) outs(%y : tensor<?x33x5xf32>) {test.rows}
      -> tensor<?x33x5xf32>
  return %0 : tensor<?x33x5xf32>
}

// A tile of positions begins at its offset in the grid.

// CHECK-LABEL: func.func @positions(
// CHECK: scf.for %[[N:[a-z0-9]+]] =
// CHECK: block.grid_positions {{.*}} offset(%[[N]])
func.func @positions(%t: tensor<4x5xf32>, %u: tensor<7x5xf32>, %y: tensor<28x10xf32>) -> tensor<28x10xf32> {
  %0 = block.grid_positions tables(%t, %u : tensor<4x5xf32>, tensor<7x5xf32>) outs(%y : tensor<28x10xf32>)
      {layout = #perceiver.fourier_layout<dm>, test.points} -> tensor<28x10xf32>
  return %0 : tensor<28x10xf32>
}

// Where it has the numbers of its points, they are sliced.

// CHECK-LABEL: func.func @points(
// CHECK-SAME: %[[P:[a-z0-9]+]]: tensor<28xi64>
// CHECK: scf.for %[[N:[a-z0-9]+]] =
// CHECK: %[[S:.*]] = tensor.extract_slice %[[P]][%[[N]]]
// CHECK: block.grid_positions {{.*}} points(%[[S]] : {{.*}}) outs(
func.func @points(%t: tensor<4x5xf32>, %p: tensor<28xi64>, %y: tensor<28x5xf32>) -> tensor<28x5xf32> {
  %0 = block.grid_positions tables(%t : tensor<4x5xf32>) points(%p : tensor<28xi64>) outs(%y : tensor<28x5xf32>)
      {layout = #perceiver.fourier_layout<dm>, test.points} -> tensor<28x5xf32>
  return %0 : tensor<28x5xf32>
}

// Coordinates of a grid begin at an offset, their features are sliced.

// CHECK-LABEL: func.func @coordinates(
// CHECK-SAME: %[[H:[a-z0-9]+]]: index, %[[X:[a-z0-9]+]]: tensor<28x2xf32>
// CHECK: scf.for %[[N:[a-z0-9]+]] =
// CHECK: block.grid_coordinates sizes(%[[H]]) offset(%[[N]])
// CHECK: scf.for %[[M:[a-z0-9]+]] =
// CHECK: %[[S:.*]] = tensor.extract_slice %{{.*}}[%[[M]], 0]
// CHECK: block.fourier_features ins(%[[S]] :
func.func @coordinates(%h: index, %x: tensor<28x2xf32>, %y: tensor<28x10xf32>) -> tensor<28x10xf32> {
  %0 = block.grid_coordinates sizes(%h) outs(%x : tensor<28x2xf32>)
      {lengths = array<i64: -9223372036854775808, 7>, test.points} -> tensor<28x2xf32>
  %1 = block.fourier_features ins(%0 : tensor<28x2xf32>) outs(%y : tensor<28x10xf32>) {bands = 2 : i64,
      max_frequencies = array<f64: 5.0, 2.5>, layout = #perceiver.fourier_layout<dm>, test.points} -> tensor<28x10xf32>
  return %1 : tensor<28x10xf32>
}

// Columns of a packed weight are cut between panels: 16 columns are one panel.

// CHECK-LABEL: func.func @columns(
// CHECK: scf.for %[[C:[a-z0-9]+]] = %c0 to %c48 step %c16
// CHECK: tensor.extract_slice %{{.*}} : tensor<3x33x16xf32> to tensor<1x33x16xf32>
// CHECK: tensor.extract_slice %{{.*}} : tensor<3x16xf32> to tensor<1x16xf32>
// CHECK: block.linear {{.*}} -> tensor<7x16xf32>
func.func @columns(%x: tensor<7x33xf32>, %p: tensor<3x33x16xf32>, %b: tensor<3x16xf32>, %e: tensor<7x48xf32>)
    -> tensor<7x48xf32> {
  %0 = block.linear ins(%x, %p : tensor<7x33xf32>, tensor<3x33x16xf32>) bias(%b : tensor<3x16xf32>)
      outs(%e : tensor<7x48xf32>) {layout = #block.panels<columns = 16, lanes = 16>, test.columns} -> tensor<7x48xf32>
  return %0 : tensor<7x48xf32>
}

// Attention whose keys are whole: a tile has the channels of its heads, and
// their number is in no dimension but those.

// CHECK-LABEL: func.func @attention(
// CHECK-SAME: %[[Q:.*]]: tensor<?x33x21xf32>, %[[K:.*]]: tensor<?x?x21xf32>, %[[L:.*]]: tensor<?xi64>, %[[M:.*]]: tensor<?x?xi1>, %[[Y:.*]]: tensor<?x33x21xf32>, %[[S:.*]]: tensor<?x3x33xf32>
// CHECK: scf.for %[[B:[a-z0-9]+]] = %c0 to %{{.*}} step %c1
// CHECK: scf.for %[[H:[a-z0-9]+]] = %c0 to %c3 step %c1
// CHECK: scf.for %[[I:[a-z0-9]+]] = %c0 to %c33 step %c8
// CHECK: %[[C:.*]] = affine.apply #[[CHANNEL]](%[[H]])
// CHECK: %[[QS:.*]] = tensor.extract_slice %[[Q]][%[[B]], %[[I]], %[[C]]] [1, %{{.*}}, 7]
// CHECK: %[[KS:.*]] = tensor.extract_slice %[[K]][%[[B]], 0, %[[C]]] [1, %{{.*}}, 7]
// CHECK: %[[LS:.*]] = tensor.extract_slice %[[L]][%[[B]]] [1]
// CHECK: %[[MS:.*]] = tensor.extract_slice %[[M]][%[[B]], 0] [1, %{{.*}}]
// CHECK: tensor.extract_slice %{{.*}}[%[[B]], %[[I]], %[[C]]] [1, %{{.*}}, 7]
// CHECK: tensor.extract_slice %{{.*}}[%[[B]], %[[H]], %[[I]]] [1, 1, %{{.*}}]
// CHECK: block.attention ins(%[[QS]], %[[KS]], %[[KS]] :
// CHECK-SAME: lengths(%[[LS]] : tensor<1xi64>)
// CHECK-SAME: mask(%[[MS]] : tensor<1x?xi1>)
// CHECK-SAME: heads = 1
func.func @attention(%q: tensor<?x33x21xf32>, %k: tensor<?x?x21xf32>, %l: tensor<?xi64>, %m: tensor<?x?xi1>,
                     %y: tensor<?x33x21xf32>, %s: tensor<?x3x33xf32>) -> (tensor<?x33x21xf32>, tensor<?x3x33xf32>) {
  %0:2 = block.attention ins(%q, %k, %k : tensor<?x33x21xf32>, tensor<?x?x21xf32>, tensor<?x?x21xf32>)
      lengths(%l : tensor<?xi64>) mask(%m : tensor<?x?xi1>)
      outs(%y, %s : tensor<?x33x21xf32>, tensor<?x3x33xf32>) heads = 3 {test.attention}
      -> tensor<?x33x21xf32>, tensor<?x3x33xf32>
  return %0#0, %0#1 : tensor<?x33x21xf32>, tensor<?x3x33xf32>
}

module attributes {transform.with_named_sequence} {
  transform.named_sequence @__transform_main(%root: !transform.any_op {transform.readonly}) {
    %tile = transform.structured.match attributes {test.tile} in %root : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %tile tile_sizes [0, 1, 8, 16]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    %split = transform.structured.match attributes {test.split} in %root : (!transform.any_op) -> !transform.any_op
    transform.foreach %split : !transform.any_op {
    ^bb0(%one: !transform.any_op):
      transform.structured.tile_reduction_using_forall %one by tile_sizes = [0, 0, 0, 16]
          : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    }
    %rows = transform.structured.match attributes {test.rows} in %root : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %rows tile_sizes [1, 8]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op)
    %attention = transform.structured.match attributes {test.attention} in %root : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %attention tile_sizes [1, 1, 8]
        : (!transform.any_op) -> (!transform.any_op, !transform.any_op, !transform.any_op, !transform.any_op)
    %points = transform.structured.match attributes {test.points} in %root : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %points tile_sizes [8] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    %columns = transform.structured.match attributes {test.columns} in %root : (!transform.any_op) -> !transform.any_op
    transform.structured.tile_using_for %columns tile_sizes [0, 16] : (!transform.any_op) -> (!transform.any_op, !transform.any_op)
    transform.yield
  }
}
