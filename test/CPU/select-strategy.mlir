// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-select-strategy | FileCheck %s
// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v3 --perceiver-select-strategy | FileCheck %s

// Tasks of rows: few rows are one task, many are cut into blocks, an unknown
// number too. Arrays without batch have no task size for it.

// CHECK-LABEL: func.func @rows
// CHECK: block.layer_norm {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 7]>}
// CHECK: block.linear {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 64]>}
// CHECK: block.add {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 128]>}
// CHECK: block.add {{.*}} {perceiver.tiling = #perceiver.tiling<task = [64]>}
func.func @rows(%x: tensor<?x7x33xf32>, %l: tensor<?x513x33xf32>, %d: tensor<?x?x33xf32>, %w: tensor<33x33xf32>,
                %y: tensor<2000x33xf32>) {
  %0 = block.layer_norm ins(%x : tensor<?x7x33xf32>) outs(%x : tensor<?x7x33xf32>) -> tensor<?x7x33xf32>
  %1 = block.linear ins(%l, %w : tensor<?x513x33xf32>, tensor<33x33xf32>) outs(%l : tensor<?x513x33xf32>)
      -> tensor<?x513x33xf32>
  %2 = block.add ins(%d, %d : tensor<?x?x33xf32>, tensor<?x?x33xf32>) outs(%d : tensor<?x?x33xf32>)
      -> tensor<?x?x33xf32>
  %3 = block.add ins(%y, %y : tensor<2000x33xf32>, tensor<2000x33xf32>) outs(%y : tensor<2000x33xf32>)
      -> tensor<2000x33xf32>
  return
}

// Small dimensions of a transposition's result are whole in a task.

// CHECK-LABEL: func.func @transposed
// CHECK: block.transpose {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 64]>}
// CHECK: block.transpose {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 16, 4]>}
func.func @transposed(%x: tensor<?x3x513xf32>, %y: tensor<?x513x3xf32>, %z: tensor<?x3x33x4xf32>, %w: tensor<?x33x4x3xf32>) {
  %0 = block.transpose ins(%x : tensor<?x3x513xf32>) outs(%y : tensor<?x513x3xf32>) permutation = [0, 2, 1]
      -> tensor<?x513x3xf32>
  %1 = block.transpose ins(%z : tensor<?x3x33x4xf32>) outs(%w : tensor<?x33x4x3xf32>) permutation = [0, 2, 3, 1]
      -> tensor<?x33x4x3xf32>
  return
}

// A researcher's choice stays; what cannot be tiled gets none.

// CHECK-LABEL: func.func @chosen
// CHECK: block.layer_norm {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 3]>}
// CHECK: block.pack_weight
// CHECK-NOT: perceiver.tiling
// CHECK: return
func.func @chosen(%x: tensor<?x7x33xf32>, %w: tensor<7x33xf32>, %p: tensor<1x7x48xf32>) {
  %0 = block.layer_norm ins(%x : tensor<?x7x33xf32>) outs(%x : tensor<?x7x33xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [1, 3]>} -> tensor<?x7x33xf32>
  %1 = block.pack_weight ins(%w : tensor<7x33xf32>) outs(%p : tensor<1x7x48xf32>)
      layout = #block.panels<columns = 33, lanes = 48> -> tensor<1x7x48xf32>
  return
}

// With many heads a task is a head: keys in blocks that divide their number.
// finish_attention is the root, since one query block's state is kept; the
// block is four vectors of queries.

// CHECK-LABEL: func.func @many_heads
// CHECK: block.online_attention
// CHECK-SAME: {perceiver.tiling = #perceiver.tiling<task = [1, 1], inner = [array<i64: 0, 0, 0, 150>]>}
// CHECK: block.finish_attention
// CHECK-SAME: {perceiver.tiling = #perceiver.tiling<task = [1, 1], root = true>}
func.func @many_heads(%q: tensor<?x33x72xf32>, %k: tensor<?x300x72xf32>, %a: tensor<?x9x8x33xf32>,
                      %m: tensor<?x9x33xf32>, %o: tensor<?x33x72xf32>) -> tensor<?x33x72xf32> {
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<?x33x72xf32>, tensor<?x300x72xf32>, tensor<?x300x72xf32>)
      outs(%a, %m, %m : tensor<?x9x8x33xf32>, tensor<?x9x33xf32>, tensor<?x9x33xf32>) heads = 9 scale = 1.0
      -> tensor<?x9x8x33xf32>, tensor<?x9x33xf32>, tensor<?x9x33xf32>
  %1 = block.finish_attention ins(%0#0, %0#1, %0#2 : tensor<?x9x8x33xf32>, tensor<?x9x33xf32>, tensor<?x9x33xf32>)
      outs(%o : tensor<?x33x72xf32>) -> tensor<?x33x72xf32>
  return %1 : tensor<?x33x72xf32>
}

// With one head and an unknown number of keys the keys are split, whatever the
// threads, into parts that are 16 at most; inside a part, blocks of keys are outside blocks of queries. What
// follows is cut by queries and fuses with its consumers: no root.

// CHECK-LABEL: func.func @one_head
// CHECK: block.key_mask {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1]>}
// CHECK: block.online_attention
// CHECK-SAME: #perceiver.tiling<task = [1, 0], inner = [array<i64: 0, 0, 0, 256>, array<i64: 0, 0, 64>], key_split = 64, merge = [1, 0, 64]>
// CHECK: block.finish_attention {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 0, 64]>}
func.func @one_head(%q: tensor<?x129x7xf32>, %k: tensor<?x?x7xf32>, %n: tensor<?xi64>, %e: tensor<?x?xi8>,
                    %a: tensor<?x1x7x129xf32>, %m: tensor<?x1x129xf32>, %o: tensor<?x129x7xf32>)
    -> tensor<?x129x7xf32> {
  %mask = block.key_mask lengths(%n : tensor<?xi64>) outs(%e : tensor<?x?xi8>) -> tensor<?x?xi8>
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<?x129x7xf32>, tensor<?x?x7xf32>, tensor<?x?x7xf32>)
      mask(%mask : tensor<?x?xi8>) outs(%a, %m, %m : tensor<?x1x7x129xf32>, tensor<?x1x129xf32>, tensor<?x1x129xf32>)
      heads = 1 scale = 1.0 -> tensor<?x1x7x129xf32>, tensor<?x1x129xf32>, tensor<?x1x129xf32>
  %1 = block.finish_attention
      ins(%0#0, %0#1, %0#2 : tensor<?x1x7x129xf32>, tensor<?x1x129xf32>, tensor<?x1x129xf32>)
      outs(%o : tensor<?x129x7xf32>) -> tensor<?x129x7xf32>
  return %1 : tensor<?x129x7xf32>
}

// Few queries and few keys: a task is a batch entry's head.

// CHECK-LABEL: func.func @few_keys
// CHECK: block.online_attention {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 1]>}
func.func @few_keys(%q: tensor<7x5xf32>, %k: tensor<?x33x5xf32>, %a: tensor<?x1x5x7xf32>, %m: tensor<?x1x7xf32>)
    -> tensor<?x1x5x7xf32> {
  %0:3 = block.online_attention ins(%q, %k, %k : tensor<7x5xf32>, tensor<?x33x5xf32>, tensor<?x33x5xf32>)
      outs(%a, %m, %m : tensor<?x1x5x7xf32>, tensor<?x1x7xf32>, tensor<?x1x7xf32>) heads = 1 scale = 1.0
      -> tensor<?x1x5x7xf32>, tensor<?x1x7xf32>, tensor<?x1x7xf32>
  return %0#0 : tensor<?x1x5x7xf32>
}

// CHECK-LABEL: func.func @pool
// CHECK: block.mean_rows {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1]>}
func.func @pool(%x: tensor<?x33x7xf32>, %o: tensor<?x1x7xf32>) -> tensor<?x1x7xf32> {
  %0 = block.mean_rows ins(%x : tensor<?x33x7xf32>) outs(%o : tensor<?x1x7xf32>) -> tensor<?x1x7xf32>
  return %0 : tensor<?x1x7xf32>
}
