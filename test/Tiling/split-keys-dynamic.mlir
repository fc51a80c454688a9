// RUN: perceiver-opt %s --pass-pipeline='builtin.module(perceiver-convert-to-online-attention,func.func(perceiver-split-keys,canonicalize,cse))' | FileCheck %s

// At most 16 parts of a dynamic number of keys, whole multiples of 64: keys and
// values are projected inside. As many batch entries are taken together as have no
// more parts altogether. The sums of parts, which may be long, are float64.

// CHECK-DAG: #[[PART:.*]] = affine_map<()[s0] -> ((s0 ceildiv 1024) * 64)>
// CHECK-DAG: #[[FROM:.*]] = affine_map<(d0)[s0] -> (d0 * ((s0 ceildiv 1024) * 64))>
// CHECK-DAG: #[[COUNT:.*]] = affine_map<(d0)[s0, s1] -> ((s0 ceildiv 1024) * 64, -(d0 * ((s0 ceildiv 1024) * 64)) + s1)>
// CHECK-LABEL: func.func @entries(
// CHECK-SAME:    %[[Q:.*]]: tensor<512x24xf32>, %[[X:.*]]: tensor<?x?x7xf32>
// CHECK-DAG:   %[[C16:.*]] = arith.constant 16 : index
// CHECK:       %[[KEYS:.*]] = affine.apply #[[PART]]()
// CHECK:       %[[PARTS:.*]] = arith.divui %{{.*}}, %[[KEYS]] : index
// CHECK:       %[[ENTRIES:.*]] = arith.divui %[[C16]], %[[PARTS]] : index
// CHECK:       scf.for %{{.*}} step %[[ENTRIES]]
// CHECK:         %[[TOGETHER:.*]] = affine.min {{.*}}%[[ENTRIES]]
// CHECK:         tensor.empty(%[[PARTS]], %[[TOGETHER]]) : tensor<?x?x1x24x512xf64>
// CHECK:         scf.forall (%[[P:.*]], %[[B:.*]]) in (%[[PARTS]], %[[TOGETHER]])
// CHECK-DAG:       %[[AT:.*]] = affine.apply #[[FROM]](%[[P]])
// CHECK-DAG:       %[[N:.*]] = affine.min #[[COUNT]](%[[P]])
// CHECK:           tensor.extract_slice %[[X]][%{{.*}}, %[[AT]], 0] [1, %[[N]], 7]
// CHECK:           block.linear
// CHECK:           block.online_attention
// CHECK:         block.merge_attention
func.func @entries(%q: tensor<512x24xf32>, %x: tensor<?x?x7xf32>, %w: tensor<7x24xf32>, %e: tensor<?x?x24xf32>,
                   %init: tensor<?x512x24xf32>) -> tensor<?x512x24xf32> {
  %k = block.linear ins(%x, %w : tensor<?x?x7xf32>, tensor<7x24xf32>) outs(%e : tensor<?x?x24xf32>)
      -> tensor<?x?x24xf32>
  %o = block.attention ins(%q, %k, %k : tensor<512x24xf32>, tensor<?x?x24xf32>, tensor<?x?x24xf32>)
      outs(%init : tensor<?x512x24xf32>) heads = 1
      {perceiver.tiling = #perceiver.tiling<task = [1], key_split = 64>}
      -> tensor<?x512x24xf32>
  return %o : tensor<?x512x24xf32>
}

// One batch entry needs no loop.

// CHECK-LABEL: func.func @one_entry(
// CHECK-NOT:   scf.for %
// CHECK:       scf.forall (%{{[a-z0-9]*}}) in (%{{.*}})
func.func @one_entry(%q: tensor<512x24xf32>, %k: tensor<1x?x24xf32>, %init: tensor<1x512x24xf32>)
    -> tensor<1x512x24xf32> {
  %o = block.attention ins(%q, %k, %k : tensor<512x24xf32>, tensor<1x?x24xf32>, tensor<1x?x24xf32>)
      outs(%init : tensor<1x512x24xf32>) heads = 1
      {perceiver.tiling = #perceiver.tiling<task = [1], key_split = 64>}
      -> tensor<1x512x24xf32>
  return %o : tensor<1x512x24xf32>
}

// Tasks of tiles of queries: parts are as many for each.

// CHECK-LABEL: func.func @tiles(
// CHECK-NOT:   scf.for %
// CHECK:       scf.forall (%{{.*}}, %{{.*}}, %{{.*}}, %{{.*}}) = (0, 0, 0, 0) to (%{{.*}}, %{{.*}}, 2, 512) step (1, 1, 1, 32)
func.func @tiles(%q: tensor<512x24xf32>, %k: tensor<?x?x24xf32>, %init: tensor<?x512x24xf32>)
    -> tensor<?x512x24xf32> {
  %o = block.attention ins(%q, %k, %k : tensor<512x24xf32>, tensor<?x?x24xf32>, tensor<?x?x24xf32>)
      outs(%init : tensor<?x512x24xf32>) heads = 2
      {perceiver.tiling = #perceiver.tiling<task = [1, 1, 32], key_split = 64>}
      -> tensor<?x512x24xf32>
  return %o : tensor<?x512x24xf32>
}
