// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-select-strategy | FileCheck %s

// Tasks are rows of points, as with any number of queries, and keys are taken a
// block at a time.

// CHECK-LABEL: func.func @one_head
// CHECK: block.grid_query_attention {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 0, 128], inner = [array<i64: 0, 0, 0, 256>]>}
// CHECK: block.finish_attention {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 0, 128], inner = [array<i64: 0, 1, 64>]>}
func.func @one_head(%r: tensor<?x11408xf32>, %k: tensor<?x2048x280xf32>, %v: tensor<?x2048x5xf32>, %f: tensor<?x11408x64xf32>,
                    %a: tensor<?x1x5x11408xf32>, %m: tensor<?x1x11408xf32>, %o: tensor<?x11408x5xf32>) -> tensor<?x11408x5xf32> {
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x11408xf32>, tensor<?x2048x280xf32>, tensor<?x2048x5xf32>)
      features(%f : tensor<?x11408x64xf32>)
      outs(%a, %m, %m : tensor<?x1x5x11408xf32>, tensor<?x1x11408xf32>, tensor<?x1x11408xf32>)
      grid = [92, 124] heads = 1 scale = 0.5 -> tensor<?x1x5x11408xf32>, tensor<?x1x11408xf32>, tensor<?x1x11408xf32>
  %y = block.finish_attention ins(%0, %1, %2 : tensor<?x1x5x11408xf32>, tensor<?x1x11408xf32>, tensor<?x1x11408xf32>)
      outs(%o : tensor<?x11408x5xf32>) -> tensor<?x11408x5xf32>
  return %y : tensor<?x11408x5xf32>
}

// Points of one block are a task.

// CHECK-LABEL: func.func @few
// CHECK: block.grid_query_attention {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 1]>}
func.func @few(%r: tensor<?x55xf32>, %k: tensor<?x7x16xf32>, %v: tensor<?x7x5xf32>, %a: tensor<?x1x5x55xf32>, %m: tensor<?x1x55xf32>) {
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<?x55xf32>, tensor<?x7x16xf32>, tensor<?x7x5xf32>)
      outs(%a, %m, %m : tensor<?x1x5x55xf32>, tensor<?x1x55xf32>, tensor<?x1x55xf32>)
      grid = [5, 11] heads = 1 scale = 0.5 -> tensor<?x1x5x55xf32>, tensor<?x1x55xf32>, tensor<?x1x55xf32>
  return
}

// With eight heads each is a task, and blocks of points where all is in memory.

// CHECK-LABEL: func.func @heads
// CHECK: block.grid_query_attention {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 1, 256], inner = [array<i64: 0, 0, 0, 256>]>}
func.func @heads(%r: tensor<1984xf32>, %k: tensor<?x?x760xf32>, %v: tensor<?x?x16xf32>, %a: tensor<?x8x2x1984xf32>, %m: tensor<?x8x1984xf32>) {
  %0, %1, %2 = block.grid_query_attention ins(%r, %k, %v : tensor<1984xf32>, tensor<?x?x760xf32>, tensor<?x?x16xf32>)
      outs(%a, %m, %m : tensor<?x8x2x1984xf32>, tensor<?x8x1984xf32>, tensor<?x8x1984xf32>)
      grid = [64, 31] heads = 8 scale = 0.5 -> tensor<?x8x2x1984xf32>, tensor<?x8x1984xf32>, tensor<?x8x1984xf32>
  return
}
