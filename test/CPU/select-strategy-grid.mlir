// RUN: perceiver-opt %s --perceiver-set-target=cpu=x86-64-v4 --perceiver-select-strategy | FileCheck %s

// Tasks are blocks of queries: whole vectors, as few as give 64 tasks. Statistics
// are cut along the first axis that has several places, into equal parts.

// CHECK-LABEL: func.func @static
// CHECK: block.grid_statistics {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 4]>}
// CHECK: block.grid_attention {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 1, 16]>}
// CHECK: block.finish_attention {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 1, 16], root = true>}
func.func @static(%q: tensor<512x452xf32>, %x: tensor<?x50176x3xf32>, %c: tensor<2x1xf32>, %t: tensor<2x224xf32>,
                  %e: tensor<?x50176xf32>, %a: tensor<?x1x452x512xf64>, %m: tensor<?x1x512xf32>, %s: tensor<?x1x512xf64>,
                  %o: tensor<?x512x452xf32>) -> tensor<?x512x452xf32> {
  %r = block.grid_statistics ins(%x : tensor<?x50176x3xf32>) tables(%c, %t, %t : tensor<2x1xf32>, tensor<2x224xf32>, tensor<2x224xf32>)
      outs(%e : tensor<?x50176xf32>) channels = [2, 129, 129] -> tensor<?x50176xf32>
  %0, %1, %2 = block.grid_attention ins(%q, %x, %r : tensor<512x452xf32>, tensor<?x50176x3xf32>, tensor<?x50176xf32>)
      outs(%a, %m, %s : tensor<?x1x452x512xf64>, tensor<?x1x512xf32>, tensor<?x1x512xf64>)
      grid = [1, 224, 224] heads = 1 scale = 0.5 -> tensor<?x1x452x512xf64>, tensor<?x1x512xf32>, tensor<?x1x512xf64>
  %y = block.finish_attention ins(%0, %1, %2 : tensor<?x1x452x512xf64>, tensor<?x1x512xf32>, tensor<?x1x512xf64>)
      outs(%o : tensor<?x512x452xf32>) -> tensor<?x512x452xf32>
  return %y : tensor<?x512x452xf32>
}

// Any number of queries; each of 37 places of an axis is a task.

// CHECK-LABEL: func.func @dynamic
// CHECK: block.grid_statistics {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 1]>}
// CHECK: block.grid_attention {{.*}} {perceiver.tiling = #perceiver.tiling<task = [1, 1, 64]>}
func.func @dynamic(%q: tensor<?x42xf32>, %x: tensor<?x37x5xf32>, %e: tensor<?x37xf32>, %t: tensor<2x37xf32>, %a: tensor<?x1x42x?xf32>,
                   %m: tensor<?x1x?xf32>) {
  %r = block.grid_statistics ins(%x : tensor<?x37x5xf32>) tables(%t : tensor<2x37xf32>) outs(%e : tensor<?x37xf32>)
      channels = [9] -> tensor<?x37xf32>
  %0, %1, %2 = block.grid_attention ins(%q, %x, %r : tensor<?x42xf32>, tensor<?x37x5xf32>, tensor<?x37xf32>)
      outs(%a, %m, %m : tensor<?x1x42x?xf32>, tensor<?x1x?xf32>, tensor<?x1x?xf32>)
      grid = [37] heads = 1 scale = 0.5 -> tensor<?x1x42x?xf32>, tensor<?x1x?xf32>, tensor<?x1x?xf32>
  return
}
