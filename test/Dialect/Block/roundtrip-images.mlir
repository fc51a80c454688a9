// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// CHECK-LABEL: func.func @tensors
func.func @tensors(%x: tensor<?x7x?x3xf32>, %y: tensor<?x?x18xf32>, %o: index, %z: tensor<?x5x3xf32>, %v: tensor<1x3xf32>,
                   %t: tensor<6x3xf32>, %u: tensor<5x3xf32>) {
  // CHECK: block.windows ins(%{{.*}} : tensor<?x7x?x3xf32>) outs(%{{.*}} : tensor<?x?x18xf32>) size = [3, 2] stride = [2, 1] padding = same -> tensor<?x?x18xf32>
  %0 = block.windows ins(%x : tensor<?x7x?x3xf32>) outs(%y : tensor<?x?x18xf32>) size = [3, 2] stride = [2, 1] padding = same
      -> tensor<?x?x18xf32>
  // CHECK: block.max_pool ins(%{{.*}} : tensor<?x7x?x3xf32>) offset(%{{.*}}) outs(%{{.*}} : tensor<?x5x3xf32>) size = [3, 3] stride = [2, 2] padding = {{\[\[}}0, 1], [0, 0]] -> tensor<?x5x3xf32>
  %1 = block.max_pool ins(%x : tensor<?x7x?x3xf32>) offset(%o) outs(%z : tensor<?x5x3xf32>) size = [3, 3] stride = [2, 2]
      padding = [[0, 1], [0, 0]] -> tensor<?x5x3xf32>
  // CHECK: block.inverse_deviation ins(%{{.*}} : tensor<1x3xf32>) outs(%{{.*}} : tensor<1x3xf32>) {epsilon = 1.000000e-03 : f64} -> tensor<1x3xf32>
  %2 = block.inverse_deviation ins(%v : tensor<1x3xf32>) outs(%v : tensor<1x3xf32>) {epsilon = 1.0e-3 : f64} -> tensor<1x3xf32>
  // CHECK: block.resize_grid ins(%{{.*}} : tensor<6x3xf32>) outs(%{{.*}} : tensor<5x3xf32>) from [2, 3] to [5, 1] -> tensor<5x3xf32>
  %3 = block.resize_grid ins(%t : tensor<6x3xf32>) outs(%u : tensor<5x3xf32>) from [2, 3] to [5, 1] -> tensor<5x3xf32>
  return
}
