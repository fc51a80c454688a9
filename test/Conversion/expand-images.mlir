// RUN: perceiver-opt %s --perceiver-expand-blocks --canonicalize | FileCheck %s

perceiver.parameter @w : tensor<18x8xf32> key "w"
perceiver.parameter @g : tensor<8xf32> key "g"
perceiver.parameter @v : tensor<8xf32> key "v"

// The grid of the windows is gone where a layer reads them as rows.

// CHECK-LABEL: func.func @convolution
// CHECK: %[[ROWS:.*]] = block.windows ins(%{{.*}} : tensor<?x8x8x2xf32>) outs(%{{.*}} : tensor<?x16x18xf32>) size = [3, 3] stride = [2, 2] padding = same
// CHECK: %[[X:.*]] = block.linear ins(%[[ROWS]], %{{.*}} : tensor<?x16x18xf32>, tensor<18x8xf32>)
// CHECK: %[[INVERSE:.*]] = block.inverse_deviation ins(%{{.*}} : tensor<1x8xf32>)
// CHECK: %[[FACTOR:.*]] = block.multiply ins(%[[INVERSE]], %{{.*}} : tensor<1x8xf32>, tensor<8xf32>)
// CHECK: %[[MEAN:.*]] = block.multiply ins(%[[FACTOR]],
// CHECK: %[[MINUS:.*]] = block.scale ins(%[[MEAN]] {{.*}} {factor = -1.000000e+00 : f64}
// CHECK: %[[SHIFT:.*]] = block.add ins(%[[MINUS]],
// CHECK: %[[F:.*]] = tensor.collapse_shape %[[FACTOR]]
// CHECK: %[[SCALED:.*]] = block.multiply ins(%[[X]], %[[F]] : tensor<?x16x8xf32>, tensor<8xf32>)
// CHECK: %[[S:.*]] = tensor.collapse_shape %[[SHIFT]]
// CHECK: block.add ins(%[[SCALED]], %[[S]] : tensor<?x16x8xf32>, tensor<8xf32>)
func.func @convolution(%x: tensor<?x8x8x2xf32>) -> tensor<?x16x8xf32> {
  %0 = perceiver.windows %x size = [3, 3] stride = [2, 2] padding = same : tensor<?x8x8x2xf32> -> tensor<?x4x4x18xf32>
  %1 = tensor.collapse_shape %0 [[0], [1, 2], [3]] : tensor<?x4x4x18xf32> into tensor<?x16x18xf32>
  %2 = perceiver.project %1 weight @w : tensor<?x16x18xf32> -> tensor<?x16x8xf32>
  %3 = perceiver.batch_norm %2 weight @g bias @g mean @v variance @v : tensor<?x16x8xf32>
  return %3 : tensor<?x16x8xf32>
}

// CHECK-LABEL: func.func @pool
// CHECK: %[[ROWS:.*]] = block.max_pool ins(%{{.*}} : tensor<?x?x8x2xf32>) outs(%{{.*}} : tensor<?x?x2xf32>) size = [3, 2] stride = [2, 2] padding = {{\[\[}}0, 1], [0, 0]]
// CHECK: tensor.expand_shape %[[ROWS]] {{\[\[}}0], [1, 2], [3]] output_shape [%{{.*}}, %{{.*}}, 4, 2]
func.func @pool(%x: tensor<?x?x8x2xf32>) -> tensor<?x?x4x2xf32> {
  %0 = perceiver.max_pool %x size = [3, 2] stride = [2, 2] padding = [[0, 1], [0, 0]] : tensor<?x?x8x2xf32> -> tensor<?x?x4x2xf32>
  return %0 : tensor<?x?x4x2xf32>
}

// CHECK-LABEL: func.func @table
// CHECK: block.resize_grid ins(%{{.*}} : tensor<6x3xf32>) outs(%{{.*}} : tensor<5x3xf32>) from [2, 3] to [5, 1]
func.func @table(%t: tensor<6x3xf32>) -> tensor<5x3xf32> {
  %0 = perceiver.resize_grid %t from [2, 3] to [5, 1] bicubic : tensor<6x3xf32> -> tensor<5x3xf32>
  return %0 : tensor<5x3xf32>
}
