// RUN: perceiver-opt %s --perceiver-hoist-invariants --remarks-filter="perceiver-hoist-invariants" 2>&1 | FileCheck %s

// The keys are the same in each iteration, the queries are not. That weights
// leave the loop is not worth a remark.

perceiver.parameter @wk : tensor<5x6xf32> key "key" transpose
perceiver.parameter @wq : tensor<6x6xf32> key "query" transpose
perceiver.parameter @g : tensor<5xf32> key "gain"

// CHECK: remark: [Passed] HoistedOutOfLoop | Category:perceiver-hoist-invariants | Reason="it is the same in each iteration", Remark=linear
// CHECK-NOT: remark:
// CHECK-LABEL: func.func @tied
// CHECK-SAME: %[[X:[a-z0-9]+]]: tensor<?x11x5xf32>
// CHECK: %[[K:.*]] = block.linear ins(%[[X]],
// CHECK: scf.for
// CHECK: block.linear
// CHECK: block.attention ins(%{{.*}}, %[[K]], %[[K]]
func.func @tied(%x: tensor<?x11x5xf32>, %z: tensor<?x3x6xf32>, %ek: tensor<?x11x6xf32>, %eq: tensor<?x3x6xf32>) -> tensor<?x3x6xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c5 = arith.constant 5 : index
  %r = scf.for %i = %c0 to %c5 step %c1 iter_args(%s = %z) -> (tensor<?x3x6xf32>) {
    %wk = perceiver.get_parameter @wk : tensor<5x6xf32>
    %g = perceiver.get_parameter @g : tensor<5xf32>
    %scaled = block.scale_rows %wk by %g : tensor<5x6xf32>, tensor<5xf32>
    %wq = perceiver.get_parameter @wq : tensor<6x6xf32>
    %k = block.linear ins(%x, %scaled : tensor<?x11x5xf32>, tensor<5x6xf32>) outs(%ek : tensor<?x11x6xf32>) -> tensor<?x11x6xf32>
    %q = block.linear ins(%s, %wq : tensor<?x3x6xf32>, tensor<6x6xf32>) outs(%eq : tensor<?x3x6xf32>) -> tensor<?x3x6xf32>
    %a = block.attention ins(%q, %k, %k : tensor<?x3x6xf32>, tensor<?x11x6xf32>, tensor<?x11x6xf32>) outs(%eq : tensor<?x3x6xf32>) heads = 2 -> tensor<?x3x6xf32>
    scf.yield %a : tensor<?x3x6xf32>
  }
  return %r : tensor<?x3x6xf32>
}
