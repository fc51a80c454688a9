// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

perceiver.parameter @g : tensor<3xf32> key "g"

// CHECK-LABEL: func.func @images
func.func @images(%x: tensor<?x7x?x3xf32>, %r: tensor<?x4x3xf32>, %t: tensor<6x3xf32>) {
  // CHECK: perceiver.windows %{{.*}} size = [3, 2] stride = [2, 1] padding = same : tensor<?x7x?x3xf32> -> tensor<?x4x?x18xf32>
  %0 = perceiver.windows %x size = [3, 2] stride = [2, 1] padding = same : tensor<?x7x?x3xf32> -> tensor<?x4x?x18xf32>
  // CHECK: perceiver.max_pool %{{.*}} size = [3, 3] stride = [2, 2] padding = {{\[\[}}0, 1], [2, 0]] : tensor<?x7x?x3xf32> -> tensor<?x3x?x3xf32>
  %1 = perceiver.max_pool %x size = [3, 3] stride = [2, 2] padding = [[0, 1], [2, 0]] : tensor<?x7x?x3xf32> -> tensor<?x3x?x3xf32>
  // CHECK: perceiver.batch_norm %{{.*}} weight @g bias @g mean @g variance @g {epsilon = 1.000000e-03 : f64} : tensor<?x4x3xf32>
  %2 = perceiver.batch_norm %r weight @g bias @g mean @g variance @g {epsilon = 1.0e-3 : f64} : tensor<?x4x3xf32>
  // CHECK: perceiver.resize_grid %{{.*}} from [2, 3] to [5, 1] bicubic : tensor<6x3xf32> -> tensor<5x3xf32>
  %3 = perceiver.resize_grid %t from [2, 3] to [5, 1] bicubic : tensor<6x3xf32> -> tensor<5x3xf32>
  return
}
