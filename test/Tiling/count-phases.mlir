// RUN: perceiver-opt %s --pass-pipeline='builtin.module(func.func(perceiver-form-phases,perceiver-count-phases))' | FileCheck %s
// RUN: perceiver-opt %s --pass-pipeline='builtin.module(func.func(perceiver-count-phases))' | FileCheck %s --check-prefix=NONE

// A program pushes constants (0) and sizes (1), and multiplies (3). Twice a
// phase of batch x 2 tasks of 4 rows, 2 * 4 * 32 * 32 FLOPs each; then a norm,
// which multiplies no matrices. Seven rows in tasks of 4 count as eight.

// CHECK-LABEL: func.func @run
// CHECK-SAME: perceiver.phases = [{flop = array<i64: 1, 0, 0, 32768, 3, 0>, times = array<i64: 0, 2>},
// CHECK-SAME: {flop = array<i64: 0, 0>, times = array<i64: 0, 1>}]
// NONE: perceiver.phases = []
func.func @run(%x: tensor<?x7x32xf32> {perceiver.name = "x", perceiver.sizes = ["batch"]},
               %w: tensor<32x32xf32> {perceiver.name = "w"})
    -> (tensor<?x7x32xf32> {perceiver.name = "y", perceiver.sizes = ["batch"]}) attributes {perceiver.entry} {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %0 = scf.for %i = %c0 to %c2 step %c1 iter_args(%a = %x) -> (tensor<?x7x32xf32>) {
    %2 = block.linear ins(%a, %w : tensor<?x7x32xf32>, tensor<32x32xf32>) outs(%x : tensor<?x7x32xf32>)
        {perceiver.tiling = #perceiver.tiling<task = [1, 4]>} -> tensor<?x7x32xf32>
    scf.yield %2 : tensor<?x7x32xf32>
  }
  %1 = block.layer_norm ins(%0 : tensor<?x7x32xf32>) outs(%x : tensor<?x7x32xf32>)
      {perceiver.tiling = #perceiver.tiling<task = [1, 4]>} -> tensor<?x7x32xf32>
  return %1 : tensor<?x7x32xf32>
}

// What computes nothing for callers is left alone.

// CHECK-LABEL: func.func @other
// CHECK-NOT: perceiver.phases
// CHECK: return
func.func @other() {
  return
}
