// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// CHECK-LABEL: func.func @layouts
func.func @layouts(%x: tensor<?x3x?x7xi16>, %a: tensor<?x?x6xf32>, %b: tensor<2x6xf32>, %v: tensor<3xf32>) {
  // CHECK: perceiver.transpose %{{.*}} permutation = [0, 2, 3, 1] : tensor<?x3x?x7xi16> -> tensor<?x?x7x3xi16>
  %0 = perceiver.transpose %x permutation = [0, 2, 3, 1] : tensor<?x3x?x7xi16> -> tensor<?x?x7x3xi16>
  // CHECK: perceiver.concat_rows %{{.*}}, %{{.*}} : (tensor<2x6xf32>, tensor<?x?x6xf32>) -> tensor<?x?x6xf32>
  %1 = perceiver.concat_rows %b, %a : (tensor<2x6xf32>, tensor<?x?x6xf32>) -> tensor<?x?x6xf32>
  // CHECK: perceiver.concat %{{.*}}, %{{.*}} : (tensor<3xf32>, tensor<?x?x6xf32>) -> tensor<?x?x9xf32>
  %2 = perceiver.concat %v, %a : (tensor<3xf32>, tensor<?x?x6xf32>) -> tensor<?x?x9xf32>
  return
}
