// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

perceiver.parameter @w : tensor<6x6xf32> key "w"

// CHECK-LABEL: func.func @to_mask
func.func @to_mask(%x: tensor<?x?xi64>, %y: tensor<2x7xf32>) {
  // CHECK: perceiver.to_mask %{{.*}} : tensor<?x?xi64> -> tensor<?x?xi1>
  %0 = perceiver.to_mask %x : tensor<?x?xi64> -> tensor<?x?xi1>
  // CHECK: perceiver.to_mask %{{.*}} {inverted} : tensor<2x7xf32> -> tensor<2x7xi1>
  %1 = perceiver.to_mask %y {inverted} : tensor<2x7xf32> -> tensor<2x7xi1>
  return
}

// CHECK-LABEL: func.func @queries
func.func @queries(%q: tensor<?x6xf32>, %x: tensor<?x?x6xf32>, %m: tensor<?x?xi1>, %n: tensor<?x?xi1>) {
  // CHECK: perceiver.attend %{{.*}}, %{{.*}}, %{{.*}} mask(%{{.*}} : tensor<?x?xi1>) query_mask(%{{.*}} : tensor<?x?xi1>) heads = 2 :
  %0, %lse = perceiver.attend %q, %x, %x mask(%m : tensor<?x?xi1>) query_mask(%n : tensor<?x?xi1>) heads = 2
      : tensor<?x6xf32>, tensor<?x?x6xf32>, tensor<?x?x6xf32> -> tensor<?x?x6xf32>, tensor<?x2x?xf32>
  // CHECK: perceiver.decode %{{.*}}, %{{.*}} query_mask(%{{.*}} : tensor<?x?xi1>) heads = 2
  %1 = perceiver.decode %q, %x query_mask(%n : tensor<?x?xi1>) heads = 2 qk_channels = 6 v_channels = 6 mlp = none
      weights {query = [@w], key = [@w], value = [@w], output = [@w]} : tensor<?x6xf32>, tensor<?x?x6xf32> -> tensor<?x?x6xf32>
  return
}

// CHECK-LABEL: func.func @mean
func.func @mean(%x: tensor<?x?x6xf32>, %m: tensor<?x?xi1>) {
  // CHECK: perceiver.mean_pool %{{.*}} mask(%{{.*}} : tensor<?x?xi1>) : tensor<?x?x6xf32> -> tensor<?x1x6xf32>
  %0 = perceiver.mean_pool %x mask(%m : tensor<?x?xi1>) : tensor<?x?x6xf32> -> tensor<?x1x6xf32>
  return
}
