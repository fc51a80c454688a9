// RUN: not perceiver-test-runner %s --target-cpu=native 2>&1 | FileCheck %s

// What is not met is reported where it is expected, and all of it is.

perceiver.parameter @w : tensor<8xf32> key "w"
perceiver.parameter @b : tensor<8xf32> key "b"

check.checkpoint {
  %w = arith.constant dense<2.0> : tensor<8xf32>
  check.tensor "w", %w : tensor<8xf32>
  %b = arith.constant dense<0.5> : tensor<8xf32>
  check.tensor "b", %b : tensor<8xf32>
}

func.func @norm(%x: tensor<?x8xf32> {perceiver.name = "x", perceiver.sizes = ["rows"]},
                %z: tensor<?x8xf32> {perceiver.name = "z", perceiver.sizes = ["rows"]})
    -> (tensor<?x8xf32> {perceiver.name = "y", perceiver.sizes = ["rows"]})
    attributes {perceiver.entry} {
  %y = perceiver.norm %x weight @w bias @b : tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

check.test "a wrong number" {
  %x = arith.constant dense<3.0> : tensor<2x8xf32>
  %y = check.run @norm(%x, %x) : (tensor<2x8xf32>, tensor<2x8xf32>) -> tensor<2x8xf32>
  %e0 = arith.constant dense<0.5> : tensor<2x8xf32>
  // This one is met.
  check.expect_close %y, %e0 : tensor<2x8xf32>
  %one = arith.constant dense<0.75> : tensor<1xf32>
  %e = tensor.insert_slice %one into %e0[1, 5] [1, 1] [1, 1] : tensor<1xf32> into tensor<2x8xf32>
  // CHECK: failures.mlir:[[#@LINE+2]]:3: error: 'check.expect_close' op expected elements of output 'y' of @norm within 1e-05, but 1 of 16 are not;
  // CHECK-SAME: the worst is at [1, 5]: expected 0.75, but got 0.5, an error of 0.25
  check.expect_close %y, %e : tensor<2x8xf32>
  %row = tensor.extract_slice %y[1, 0] [1, 8] [1, 1] : tensor<2x8xf32> to tensor<8xf32>
  %nan = arith.constant dense<[0.5, 0.5, 0x7FC00000, 0.5, 0.5, 0.5, 0.5, 0.5]> : tensor<8xf32>
  // CHECK: failures.mlir:[[#@LINE+1]]:3: error: {{.*}}at [2]: expected nan, but got 0.5, an error of inf
  check.expect_close %row, %nan : tensor<8xf32>
  // CHECK: failures.mlir:[[#@LINE+1]]:3: error: 'check.expect_equal' op expected the same bits of output 'y' of @norm, but at [1, 5] expected 0.75 and got 0.5
  check.expect_equal %y, %e : tensor<2x8xf32>
}
// CHECK: failed for native: a wrong number

check.test "bits" {
  %zero = arith.constant dense<0.0> : tensor<2xf32>
  %minus = arith.constant dense<-0.0> : tensor<2xf32>
  check.expect_close %zero, %minus tolerance = 0.0 : tensor<2xf32>
  // CHECK: failures.mlir:[[#@LINE+1]]:3: error: 'check.expect_equal' op expected the same bits, but at [0] expected -0 and got 0
  check.expect_equal %zero, %minus : tensor<2xf32>
}
// CHECK: failed for native: bits

check.test "sizes" {
  %x = arith.constant dense<3.0> : tensor<2x8xf32>
  %z = arith.constant dense<3.0> : tensor<3x8xf32>
  // CHECK: failures.mlir:[[#@LINE+1]]:8: error: 'check.run' op expected one size 'rows', but got 2 and, in 'z', 3
  %y = check.run @norm(%x, %z) : (tensor<2x8xf32>, tensor<3x8xf32>) -> tensor<2x8xf32>
}

check.test "slices" {
  %x = arith.constant dense<3.0> : tensor<2x8xf32>
  // CHECK: failures.mlir:[[#@LINE+1]]:8: error: 'arith.addf' op expected an operation that perceiver-test-runner can evaluate
  %y = arith.addf %x, %x : tensor<2x8xf32>
}
// CHECK-NOT: error
