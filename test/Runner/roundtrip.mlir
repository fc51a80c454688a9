// RUN: perceiver-opt %s | perceiver-opt | FileCheck %s

// CHECK-LABEL: check.checkpoint {
check.checkpoint {
  // CHECK: %[[G:.*]] = check.generate "gain" scale = 5.000000e-01 offset = 1.000000e+00 : tensor<8xf32>
  %gain = check.generate "gain" scale = 0.5 offset = 1.0 : tensor<8xf32>
  // CHECK: check.tensor "norm.weight", %[[G]] : tensor<8xf32>
  check.tensor "norm.weight", %gain : tensor<8xf32>
}

func.func @twice(%x: tensor<?x8xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]},
                 %i: tensor<?xi64> {perceiver.name = "i", perceiver.sizes = ["rows"]})
    -> (tensor<?x8xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]},
        tensor<?xi64> {perceiver.name = "j", perceiver.sizes = ["rows"]})
    attributes {perceiver.entry} {
  return %x, %i : tensor<?x8xf32>, tensor<?xi64>
}

// CHECK-LABEL: check.test "two of each" {
check.test "two of each" {
  // CHECK: %[[X:.*]] = check.generate "x" : tensor<3x8xf32>
  %x = check.generate "x" : tensor<3x8xf32>
  // CHECK: %[[I:.*]] = check.generate "i" offset = 2.000000e+00 : tensor<3xi64>
  %i = check.generate "i" offset = 2.0 : tensor<3xi64>
  // CHECK: %[[Y:.*]]:2 = check.run @twice(%[[X]], %[[I]]) : (tensor<3x8xf32>, tensor<3xi64>) -> (tensor<3x8xf32>, tensor<3xi64>)
  %y, %j = check.run @twice(%x, %i) : (tensor<3x8xf32>, tensor<3xi64>) -> (tensor<3x8xf32>, tensor<3xi64>)
  // CHECK: check.expect_close %[[Y]]#0, %[[X]] tolerance = 2.500000e-01 : tensor<3x8xf32>
  check.expect_close %y, %x tolerance = 0.25 : tensor<3x8xf32>
  // CHECK: check.expect_close %[[Y]]#0, %[[X]] : tensor<3x8xf32>
  check.expect_close %y, %x : tensor<3x8xf32>
  // CHECK: check.expect_equal %[[Y]]#1, %[[I]] : tensor<3xi64>
  check.expect_equal %j, %i : tensor<3xi64>
}
