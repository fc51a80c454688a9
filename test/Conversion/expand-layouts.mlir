// RUN: perceiver-opt %s --perceiver-expand-blocks --canonicalize | FileCheck %s

// Dimensions that stay side by side are one.

// CHECK-LABEL: func.func @channels_last
// CHECK: %[[FLAT:.*]] = tensor.collapse_shape %{{.*}} {{\[\[}}0], [1], [2, 3]] : tensor<?x3x4x7xf32> into tensor<?x3x28xf32>
// CHECK: %[[ROWS:.*]] = block.transpose ins(%[[FLAT]] : tensor<?x3x28xf32>) outs(%{{.*}} : tensor<?x28x3xf32>) permutation = [0, 2, 1]
// CHECK: tensor.expand_shape %[[ROWS]] {{\[\[}}0], [1, 2], [3]] output_shape [%{{.*}}, 4, 7, 3]
func.func @channels_last(%x: tensor<?x3x4x7xf32>) -> tensor<?x4x7x3xf32> {
  %0 = perceiver.transpose %x permutation = [0, 2, 3, 1] : tensor<?x3x4x7xf32> -> tensor<?x4x7x3xf32>
  return %0 : tensor<?x4x7x3xf32>
}

// Whatever their sizes.

// CHECK-LABEL: func.func @dynamic
// CHECK: %[[FLAT:.*]] = tensor.collapse_shape %{{.*}} {{\[\[}}0], [1], [2, 3, 4, 5]]
// CHECK: %[[ROWS:.*]] = block.transpose ins(%[[FLAT]] : tensor<?x3x?xi8>) outs(%{{.*}} : tensor<?x?x3xi8>) permutation = [0, 2, 1]
// CHECK: tensor.expand_shape %[[ROWS]] {{\[\[}}0], [1, 2, 3, 4], [5]] output_shape [%{{.*}}, %{{.*}}, %{{.*}}, 5, 1, 3]
func.func @dynamic(%x: tensor<?x3x?x?x5x1xi8>) -> tensor<?x?x?x5x1x3xi8> {
  %0 = perceiver.transpose %x permutation = [0, 2, 3, 4, 5, 1] : tensor<?x3x?x?x5x1xi8> -> tensor<?x?x?x5x1x3xi8>
  return %0 : tensor<?x?x?x5x1x3xi8>
}

// CHECK-LABEL: func.func @same
// CHECK-SAME: %[[X:.*]]: tensor<?x3xi1>
// CHECK-NEXT: return %[[X]]
func.func @same(%x: tensor<?x3xi1>) -> tensor<?x3xi1> {
  %0 = perceiver.transpose %x permutation = [0, 1] : tensor<?x3xi1> -> tensor<?x3xi1>
  return %0 : tensor<?x3xi1>
}

// CHECK-LABEL: func.func @rows
// CHECK-SAME: %[[A:[a-z0-9]+]]: tensor<?x?x6xf32>, %[[B:[a-z0-9]+]]: tensor<2x6xf32>, %[[V:[a-z0-9]+]]: tensor<3xf32>
// CHECK: %[[COUNT:.*]] = affine.apply
// CHECK: %[[INIT:.*]] = tensor.empty(%{{.*}}, %[[COUNT]]) : tensor<?x?x6xf32>
// CHECK: %[[ROWS:.*]] = block.concat_rows ins(%[[B]], %[[A]] : tensor<2x6xf32>, tensor<?x?x6xf32>) outs(%[[INIT]] : tensor<?x?x6xf32>)
// CHECK: block.concat_channels ins(%[[V]], %[[ROWS]] : tensor<3xf32>, tensor<?x?x6xf32>)
func.func @rows(%a: tensor<?x?x6xf32>, %b: tensor<2x6xf32>, %v: tensor<3xf32>) -> tensor<?x?x9xf32> {
  %0 = perceiver.concat_rows %b, %a : (tensor<2x6xf32>, tensor<?x?x6xf32>) -> tensor<?x?x6xf32>
  %1 = perceiver.concat %v, %0 : (tensor<3xf32>, tensor<?x?x6xf32>) -> tensor<?x?x9xf32>
  return %1 : tensor<?x?x9xf32>
}
