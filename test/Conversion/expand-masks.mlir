// RUN: perceiver-opt %s --perceiver-expand-blocks | FileCheck %s

perceiver.parameter @w : tensor<6x6xf32> key "w"
perceiver.parameter @b : tensor<6xf32> key "b"

// Truth values are a mask already, unless they are to be inverted.

// CHECK-LABEL: func.func @to_mask(
// CHECK-SAME: %[[X:.*]]: tensor<?x?xi64>, %[[Y:.*]]: tensor<?x?xi1>
func.func @to_mask(%x: tensor<?x?xi64>, %y: tensor<?x?xi1>) -> (tensor<?x?xi1>, tensor<?x?xi1>, tensor<?x?xi1>) {
  // CHECK: %[[INIT:.*]] = tensor.empty(%{{.*}}, %{{.*}}) : tensor<?x?xi1>
  // CHECK: %[[A:.*]] = block.to_mask ins(%[[X]] : tensor<?x?xi64>) outs(%[[INIT]] : tensor<?x?xi1>) -> tensor<?x?xi1>
  // CHECK: %[[B:.*]] = block.to_mask ins(%[[Y]] : tensor<?x?xi1>) {{.*}} {inverted}
  // CHECK: return %[[A]], %[[Y]], %[[B]]
  %a = perceiver.to_mask %x : tensor<?x?xi64> -> tensor<?x?xi1>
  %b = perceiver.to_mask %y : tensor<?x?xi1> -> tensor<?x?xi1>
  %c = perceiver.to_mask %y {inverted} : tensor<?x?xi1> -> tensor<?x?xi1>
  return %a, %b, %c : tensor<?x?xi1>, tensor<?x?xi1>, tensor<?x?xi1>
}

// CHECK-LABEL: func.func @attend(
// CHECK-SAME: %[[M:[a-z0-9]+]]: tensor<?x5xi1>)
func.func @attend(%q: tensor<5x6xf32>, %k: tensor<?x?x6xf32>, %m: tensor<?x5xi1>) -> (tensor<?x5x6xf32>, tensor<?x2x5xf32>) {
  // CHECK: %[[O:.*]]:2 = block.attention
  // CHECK: %[[A:.*]] = block.mask_rows ins(%[[O]]#0 : tensor<?x5x6xf32>) mask(%[[M]] : tensor<?x5xi1>) {{.*}} {value = 0.000000e+00 : f64}
  // CHECK: %[[B:.*]] = block.mask_rows ins(%[[O]]#1 : tensor<?x2x5xf32>) mask(%[[M]] : tensor<?x5xi1>)
  // CHECK-SAME: {dimension = 2 : i64, value = 0xFFF0000000000000 : f64}
  // CHECK: return %[[A]], %[[B]]
  %o, %lse = perceiver.attend %q, %k, %k query_mask(%m : tensor<?x5xi1>) heads = 2
      : tensor<5x6xf32>, tensor<?x?x6xf32>, tensor<?x?x6xf32> -> tensor<?x5x6xf32>, tensor<?x2x5xf32>
  return %o, %lse : tensor<?x5x6xf32>, tensor<?x2x5xf32>
}

// Before the output layer, whose bias is what remains.

// CHECK-LABEL: func.func @decode(
// CHECK-SAME: %[[M:[a-z0-9]+]]: tensor<?x5xi1>)
func.func @decode(%q: tensor<5x6xf32>, %z: tensor<?x7x6xf32>, %m: tensor<?x5xi1>) -> tensor<?x5x6xf32> {
  // CHECK: %[[O:.*]] = block.attention
  // CHECK: %[[A:.*]] = block.mask_rows ins(%[[O]] : tensor<?x5x6xf32>) mask(%[[M]] : tensor<?x5xi1>)
  // CHECK: block.linear ins(%[[A]],
  %y = perceiver.decode %q, %z query_mask(%m : tensor<?x5xi1>) heads = 2 qk_channels = 6 v_channels = 6 mlp = none
      weights {query = [@w], key = [@w], value = [@w], output = [@w, @b]} : tensor<5x6xf32>, tensor<?x7x6xf32> -> tensor<?x5x6xf32>
  return %y : tensor<?x5x6xf32>
}

// CHECK-LABEL: func.func @mean(
// CHECK-SAME: %[[X:.*]]: tensor<?x?x6xf32>, %[[M:.*]]: tensor<?x?xi1>
func.func @mean(%x: tensor<?x?x6xf32>, %m: tensor<?x?xi1>) -> tensor<?x1x6xf32> {
  // CHECK: block.mean_rows ins(%[[X]] : tensor<?x?x6xf32>) mask(%[[M]] : tensor<?x?xi1>)
  %y = perceiver.mean_pool %x mask(%m : tensor<?x?xi1>) : tensor<?x?x6xf32> -> tensor<?x1x6xf32>
  return %y : tensor<?x1x6xf32>
}
