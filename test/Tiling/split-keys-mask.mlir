// RUN: perceiver-opt %s --perceiver-split-keys | FileCheck %s

// A mask is computed for all keys of a batch entry at once, since whether any
// key is left decides what the others mean. So it stays in front of the parts,
// which take their keys of it.

// CHECK-DAG: #[[COUNT:.*]] = affine_map<()[s0] -> (s0 ceildiv 2048, 16)>
// CHECK-DAG: #[[KEYS:.*]] = affine_map<()[s0] -> ((s0 ceildiv 32768) * 2048)>
// CHECK-LABEL: func.func @static_keys
// CHECK: %[[MASK:.*]] = block.key_mask
// CHECK: scf.forall (%[[K:.*]]) = (0) to (4200) step (700)
// CHECK-NOT: block.key_mask
// CHECK: %[[PART:.*]] = tensor.extract_slice %[[MASK]][%{{.*}}, %[[K]]] [1, 700]
// CHECK: block.online_attention
// CHECK-SAME: mask(%[[PART]] : tensor<1x700xi8>)
func.func @static_keys(%q: tensor<9x16xf32>, %k: tensor<?x4200x16xf32>, %v: tensor<?x4200x16xf32>,
                       %m: tensor<?x4200xi1>, %e: tensor<?x4200xi8>, %a: tensor<?x1x16x9xf32>,
                       %s: tensor<?x1x9xf32>) -> tensor<?x1x16x9xf32> {
  %m8 = block.key_mask mask(%m : tensor<?x4200xi1>) outs(%e : tensor<?x4200xi8>)
      {masked_rows = #perceiver.masked_rows<uniform>, perceiver.tiling = #perceiver.tiling<task = [1]>} -> tensor<?x4200xi8>
  %r:3 = block.online_attention
      ins(%q, %k, %v : tensor<9x16xf32>, tensor<?x4200x16xf32>, tensor<?x4200x16xf32>) mask(%m8 : tensor<?x4200xi8>)
      outs(%a, %s, %s : tensor<?x1x16x9xf32>, tensor<?x1x9xf32>, tensor<?x1x9xf32>) heads = 1 scale = 0.25
      {perceiver.tiling = #perceiver.tiling<task = [1], key_split = 700>}
      -> tensor<?x1x16x9xf32>, tensor<?x1x9xf32>, tensor<?x1x9xf32>
  return %r#0 : tensor<?x1x16x9xf32>
}

// Parts of a dynamic number of keys are those of the keys up to the last one that
// the mask of the batch entry keeps. There may be 16 where these are few.

// CHECK-LABEL: func.func @dynamic_keys
// CHECK: %[[MASK:.*]] = block.key_mask
// CHECK: %[[PARTS:.*]] = affine.min #[[COUNT]]()
// CHECK: scf.for %[[FIRST:[a-z0-9]*]] =
// CHECK: %[[ENTRIES:.*]] = tensor.extract_slice %[[MASK]][%[[FIRST]], 0]
// CHECK: scf.forall (%[[P:.*]], %[[B:.*]]) in (%[[PARTS]], %{{.*}})
// CHECK-NOT: block.key_mask
// CHECK: %[[LAST:.*]] = scf.for %[[J:[a-z0-9]*]] = {{.*}} -> (index)
// CHECK: tensor.extract %[[ENTRIES]][%[[B]], %[[J]]]
// CHECK: %[[USED:.*]] = affine.min {{.*}}%[[LAST]]
// CHECK: %[[EACH:.*]] = affine.apply #[[KEYS]]()[%[[USED]]]
// CHECK: %[[BEFORE:.*]] = arith.muli %[[P]], %[[EACH]]
// CHECK: %[[AT:.*]] = arith.minui %[[BEFORE]], %[[USED]]
// CHECK: %[[REST:.*]] = arith.subi %[[USED]], %[[AT]]
// CHECK: %[[N:.*]] = arith.minui %[[EACH]], %[[REST]]
// CHECK: %[[PART:.*]] = tensor.extract_slice %[[MASK]][%{{.*}}, %[[AT]]] [1, %[[N]]]
// CHECK: block.online_attention
// CHECK-SAME: mask(%[[PART]] : tensor<1x?xi8>)
func.func @dynamic_keys(%q: tensor<9x16xf32>, %k: tensor<?x?x16xf32>, %v: tensor<?x?x16xf32>,
                        %m: tensor<?x?xi1>, %e: tensor<?x?xi8>, %a: tensor<?x1x16x9xf32>,
                        %s: tensor<?x1x9xf32>) -> tensor<?x1x16x9xf32> {
  %m8 = block.key_mask mask(%m : tensor<?x?xi1>) outs(%e : tensor<?x?xi8>)
      {perceiver.tiling = #perceiver.tiling<task = [1]>} -> tensor<?x?xi8>
  %r:3 = block.online_attention
      ins(%q, %k, %v : tensor<9x16xf32>, tensor<?x?x16xf32>, tensor<?x?x16xf32>) mask(%m8 : tensor<?x?xi8>)
      outs(%a, %s, %s : tensor<?x1x16x9xf32>, tensor<?x1x9xf32>, tensor<?x1x9xf32>) heads = 1 scale = 0.25
      {perceiver.tiling = #perceiver.tiling<task = [1], key_split = 2048>}
      -> tensor<?x1x16x9xf32>, tensor<?x1x9xf32>, tensor<?x1x9xf32>
  return %r#0 : tensor<?x1x16x9xf32>
}
