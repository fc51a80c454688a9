// RUN: perceiver-opt %s --pass-pipeline='builtin.module(perceiver-convert-to-online-attention{split-only=true},func.func(perceiver-split-keys,canonicalize,cse))' | FileCheck %s

// Tasks are parts of the keys for tiles of the other loops; the last part may have
// fewer keys. What is not split stays as it is.

// CHECK-DAG: #[[START:.*]] = affine_map<(d0) -> (d0 * 128)>
// CHECK-DAG: #[[COUNT:.*]] = affine_map<(d0) -> (d0 * -128 + 1000, 128)>
// CHECK-LABEL: func.func @split(
// CHECK-SAME:    %[[Q:.*]]: tensor<?x64x24xf32>, %[[K:.*]]: tensor<?x1000x24xf32>
// CHECK-DAG:   %[[PARTS:.*]] = tensor.empty(%{{.*}}) : tensor<8x?x2x10x64xf32>
// CHECK:       %[[STATES:.*]]:3 = scf.forall (%[[P:.*]], %[[B:.*]], %[[H:.*]], %[[I:.*]]) = (0, 0, 0, 0) to (8, %{{.*}}, 2, 64) step (1, 1, 1, 32) shared_outs(%[[A:.*]] = %[[PARTS]]
// CHECK-DAG:     %[[FROM:.*]] = affine.apply #[[START]](%[[P]])
// CHECK-DAG:     %[[KEYS:.*]] = affine.min #[[COUNT]](%[[P]])
// CHECK-DAG:     tensor.extract_slice %[[Q]][%[[B]], %[[I]], %{{.*}}] [1, 32, 12]
// CHECK-DAG:     tensor.extract_slice %[[K]][%[[B]], %[[FROM]], %{{.*}}] [1, %[[KEYS]], 12]
// CHECK-DAG:     %[[PART:.*]] = tensor.extract_slice %[[A]][%[[P]], %[[B]], %[[H]], 0, %[[I]]] [1, 1, 1, 10, 32]
// CHECK:         linalg.fill {{.*}} outs(%[[PART]]
// CHECK:         block.online_attention
// CHECK-NOT:     perceiver.tiling
// CHECK:         tensor.parallel_insert_slice {{.*}} into %[[A]][%[[P]], %[[B]], %[[H]], 0, %[[I]]]
// CHECK:       block.merge_attention ins(%[[STATES]]#0
// CHECK-SAME:    perceiver.tiling = #perceiver.tiling<task = [1, 1, 8], root = true>
// CHECK:       block.finish_attention
// CHECK:       block.attention
func.func @split(%q: tensor<?x64x24xf32>, %k: tensor<?x1000x24xf32>, %v: tensor<?x1000x20xf32>, %init: tensor<?x64x20xf32>)
    -> (tensor<?x64x20xf32>, tensor<?x64x20xf32>) {
  %o = block.attention ins(%q, %k, %v : tensor<?x64x24xf32>, tensor<?x1000x24xf32>, tensor<?x1000x20xf32>)
      outs(%init : tensor<?x64x20xf32>) heads = 2
      {perceiver.tiling = #perceiver.tiling<task = [1, 1, 32], key_split = 128, merge = [1, 1, 8], root = true>}
      -> tensor<?x64x20xf32>
  %p = block.attention ins(%q, %k, %v : tensor<?x64x24xf32>, tensor<?x1000x24xf32>, tensor<?x1000x20xf32>)
      outs(%init : tensor<?x64x20xf32>) heads = 2 -> tensor<?x64x20xf32>
  return %o, %p : tensor<?x64x20xf32>, tensor<?x64x20xf32>
}
